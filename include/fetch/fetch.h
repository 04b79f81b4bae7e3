/*
 * fetch: the HTTP client. One thread drives all transfers over kept-alive connections; results come by callback.
 * It is the one choke point for outgoing traffic: addresses that are not public are refused at the socket (S-031),
 * sizes and times are bounded, redirects are followed by hand (S-033).
 *
 *   struct fetch           the client
 *   struct fetch_request   what to send; copied by fetch_submit()
 *   struct fetch_result    what came of it, valid during the callback
 */
#ifndef FF_FETCH_FETCH_H
#define FF_FETCH_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"

struct fetch_header {
	struct str name;
	struct str value;
};

/* Bytes shared by several requests; the last unref frees them. */
struct fetch_body;
struct fetch_body *fetch_body_new(struct str bytes);
struct fetch_body *fetch_body_ref(struct fetch_body *body);
void fetch_body_unref(struct fetch_body **body);
struct str fetch_body_str(const struct fetch_body *body);

struct fetch_result {
	enum rc rc;     /* RC_OK: there is a status; RC_UNREACHABLE, RC_TIMEOUT, RC_TOO_LARGE, RC_BLOCKED (address), RC_INVALID */
	unsigned status;
	struct str reason; /* why there is no status, for people */
	struct str url;    /* the final one, after redirects */
	struct str content_type;
	struct str location;    /* of a redirect that was not followed */
	uint64_t retry_after_s; /* 0 when not stated; dates are turned into seconds */
	struct str accept_signature; /* RFC 9421 section 5.1; absent when there is none */
	struct str body;
};

struct fetch_request {
	struct str method; /* "GET" or "POST" */
	struct str url;    /* canonical: iri_parse()'s */
	const struct fetch_header *headers;
	size_t header_count;
	struct fetch_body *body; /* NULL without; a reference is taken */
	size_t bytes_max;        /* of the response's body */
	unsigned redirects_max;  /* GET only */
	uint64_t timeout_ms;     /* for all of it */
	/*
	 * Signs: called for each hop of a GET on the client's thread, adds headers for url; NULL when headers are enough.
	 * Returns how many it filled, at most 8; strings live in arena.
	 */
	size_t (*sign)(void *arg, struct arena *arena, struct str method, struct str url,
		       struct fetch_header headers[8]);
	void (*done)(void *arg, const struct fetch_result *result);
	void *arg;
};

struct fetch_settings {
	uint64_t connections_max;  /* kept alive in all */
	uint64_t per_host_max;     /* at once to one host */
	uint64_t connect_ms;
	struct str ca_file;        /* absent: the system's */
	struct str user_agent;
	struct str allow_addresses; /* prefixes that are reached although not public, e.g. "10.1.0.0/16"; empty by default */
	bool allow_http;           /* plain http; only with test hooks */
};

/*
 * A client is a table of operations, so that tests put a scripted one in its place (testkit).
 */
struct fetch {
	const struct fetch_ops *ops;
};

struct fetch_ops {
	/* Takes a copy of req. done is called exactly once, on the client's thread or, for what is refused, on this one. */
	void (*submit)(struct fetch *fetch, const struct fetch_request *req);
	/* Cancels what is on its way (each done is called with RC_UNREACHABLE) and frees the client. */
	void (*free)(struct fetch *fetch);
};

enum rc fetch_new(struct err *err, const struct fetch_settings *settings, const struct clock *clock,
		  struct fetch **out) NODISCARD;

static inline void fetch_submit(struct fetch *fetch, const struct fetch_request *req)
{
	fetch->ops->submit(fetch, req);
}

static inline void fetch_free(struct fetch **fetch)
{
	if (*fetch != NULL)
		(*fetch)->ops->free(*fetch);
	*fetch = NULL;
}

/*
 * May this numeric address be connected to? The rule of S-031, as a pure function: addr is a struct sockaddr of
 * AF_INET or AF_INET6; allow is the settings' list. Anything else is no.
 */
struct sockaddr;
bool fetch_address_allowed(const struct sockaddr *addr, struct str allow);

#endif
