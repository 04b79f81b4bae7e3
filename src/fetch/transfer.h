/* One request on its way: its copy, the answer so far, the hops it has made. */
#ifndef FF_FETCH_TRANSFER_H
#define FF_FETCH_TRANSFER_H

#include <curl/curl.h>
#include <pthread.h>

#include "fetch/fetch.h"
#include "poller.h"
#include "redirect.h"
#include "response.h"

/* Transfers that are done, with the first block of their arenas, kept for the next requests. */
struct transfer_spares {
	pthread_mutex_t lock;
	struct transfer *head;
	size_t count;
};

#define TRANSFER_SPARES_INIT                      \
	{                                         \
		.lock = PTHREAD_MUTEX_INITIALIZER \
	}

/* What transfers need to know of their client. */
struct transfer_settings {
	const struct clock *clock;
	char *allow_addresses; /* NULL: none */
	unsigned iri_flags;
	struct poller *poller;
	struct transfer_spares spares;
};

struct lane;

struct transfer {
	struct transfer *next; /* in the client's inbox or in its lane's queue */
	struct transfer *prev; /* with next: among those under way */
	struct lane *lane;     /* while it is under way */
	struct transfer_settings *settings;
	struct arena *arena;
	struct fetch_request req;	/* strings in arena; headers are in lines */
	struct curl_slist *lines;	/* "Name: value", in arena */
	const char *s3_scope, *s3_user; /* as curl takes them; NULL: not signed so */
	struct iri url;			/* of this hop */
	struct redirect_chain chain;
	uint64_t deadline_ms; /* steady */
	CURL *easy;	      /* while it is under way */
	struct response response;
	unsigned addresses_tried;
	unsigned addresses_refused;
	char error[CURL_ERROR_SIZE];
};

/*
 * Copies req. RC_INVALID with the reason when it cannot be sent: method, URL, headers with control
 * bytes; RC_NO_MEMORY. *out is NULL then.
 */
enum rc transfer_new(struct err *err, const struct fetch_request *req,
		     struct transfer_settings *settings, struct transfer **out) NODISCARD;
void transfer_free(struct transfer **transfer);
void transfer_spares_free(struct transfer_spares *spares);

/* Sets on a new handle what all transfers have in common: the callbacks. */
bool transfer_prepare(CURL *easy) NODISCARD;

/* Milliseconds that are left; 0 when time is over. */
uint64_t transfer_time_left(const struct transfer *transfer);

/* Puts this hop on easy, which must be from easy_new(). */
enum rc transfer_start(struct err *err, struct transfer *transfer, CURL *easy) NODISCARD;

/*
 * curl is done with the hop. True when the transfer goes on to another URL: start it again.
 * Otherwise transfer_finish() was called.
 */
bool transfer_end_hop(struct transfer *transfer, CURLcode code);

/* Calls done with what there is; rc and reason say why there is no more. */
void transfer_finish(struct transfer *transfer, enum rc rc, struct str reason);

#endif
