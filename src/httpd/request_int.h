/*
 * struct request: one request from its first line to its last byte sent. Everything of it lives in
 * its arena, the struct itself too.
 *
 * Its phases, and who may touch it:
 *   RUNNING    its listener thread only
 *   SUSPENDED  its owner, whoever that is; the listener thread does not
 *   RETURNING  whoever puts it among those that wait for a worker, and is SUSPENDED then
 *   RESUMED    its listener thread again
 *   DETACHED   the listener was stopped while it was suspended: the client has its 503, the owner
 *              may still set a reply that goes nowhere; the last of the two frees it
 */
#ifndef FF_HTTPD_REQUEST_INT_H
#define FF_HTTPD_REQUEST_INT_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "conn_int.h"
#include "core/must.h"
#include "httpd/httpd.h"
#include "route_int.h"

#define REQUEST_MAGIC 0x72657175u
/* what one request's work may take from its arena */
#define REQUEST_ARENA_MAX ((size_t)16 << 20)
#define REPLY_HEADERS_MAX 24

enum phase { PHASE_RUNNING, PHASE_SUSPENDED, PHASE_RETURNING, PHASE_RESUMED, PHASE_DETACHED };

struct reply_header {
	const char *name;
	const char *value;
};

struct request {
	unsigned magic;
	struct httpd_request pub;
	struct httpd *httpd;
	struct conn *conn;
	struct MHD_Connection *mhd;
	const char *raw_target; /* where it lay, to be compared only */
	void *app;
	uint64_t begun_ms;

	_Atomic int phase;
	_Atomic int holders; /* of a detached request */
	bool begun;	     /* the head was read */
	bool called;	     /* the handler was called */
	bool on_worker;	     /* its handler waits */
	bool large;	     /* it is counted among those with large bodies */
	bool waits;	     /* it is suspended */
	bool too_late;	     /* it did so when the listener was closing */
	bool taken;	     /* it has become a stream: the connection ends without a reply */
	struct request *prev, *next; /* among the suspended */
	struct request *queued;	     /* the next one that waits for a worker */
	void (*rest)(void *arg);     /* what it waits for one with; NULL: its handler */
	void *rest_arg;
	void (*hand)(void *arg); /* gives it away after the handler; NULL: it has replied */
	void *hand_arg;

	bool chunked;
	struct buf body;
	bool larger;	/* than its route takes */
	size_t surplus; /* bytes of the body past its limit, thrown away */
	httpd_handler *too_large;

	struct reply_header out[REPLY_HEADERS_MAX];
	size_t out_count;
	bool vary;  /* the path has several forms */
	bool close; /* the connection ends with the reply */
	unsigned status;
	struct MHD_Response *response; /* set by the reply, until it is queued */
};

static inline struct request *request_of(struct httpd_request *pub)
{
	struct request *req = CONTAINER_OF(pub, struct request, pub);
	must(req->magic == REQUEST_MAGIC);
	return req;
}

/* --- called by libmicrohttpd --- */

/* The first line has come; the request is born here. NULL ends the connection. */
void *request_on_target(void *httpd, const char *target, struct MHD_Connection *mhd);
/* The head, pieces of the body, the end of the body, and once more after a resume. */
enum MHD_Result request_on_call(void *httpd, struct MHD_Connection *mhd, const char *url,
				const char *method, const char *version, const char *upload,
				size_t *upload_size, void **request);
void request_on_completed(void *httpd, struct MHD_Connection *mhd, void **request,
			  enum MHD_RequestTerminationCode code);

/* One of the two holders of a detached request lets go. */
void request_drop(struct request *req);

#endif
