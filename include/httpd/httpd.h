/*
 * httpd: the HTTP server. It owns sockets, framing rules, limits, routing and negotiation; handlers
 * see a request that passed all of them and answer with one reply.
 *
 *   struct httpd          one listener with its threads
 *   struct httpd_route    a row of a route table; tables are their modules', daemon hands them in
 *   struct httpd_request  one request and its reply, living in an arena of its own
 *   form.h                queries and form bodies
 *   stream.h              answers that do not end: server-sent events, WebSockets
 *   multipart.h           form bodies with files
 *   file.h                replies from files, with ranges
 *
 * A handler runs on a listener thread and must not block. Those of a
 * table that waits run on worker threads; they reply before they return, or leave, and go on later. What
 * waits for the network calls httpd_suspend(), and later, from any thread, sets the reply and calls
 * httpd_resume().
 */
#ifndef FF_HTTPD_HTTPD_H
#define FF_HTTPD_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"

enum http_method {
	HTTP_GET, /* a route for GET also answers HEAD */
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
};

/* What a GET route offers; among rows of one path Accept chooses (RFC 9110 section 12.5.1). */
enum http_offer {
	HTTP_ANY,      /* the only form there is */
	HTTP_ACTIVITY, /* application/activity+json, application/ld+json with the AS profile,
			  application/json */
	HTTP_HTML,     /* text/html; also what a missing or wild Accept gets */
};

struct httpd_request;
typedef void httpd_handler(struct httpd_request *req, void *app);

struct httpd_route {
	enum http_method method;
	/*
	 * "/users/:name/inbox": a parameter is one whole segment and not empty; "/@:name": text may
	 * stand before the colon. Literal segments go before parameters.
	 */
	const char *path;
	enum http_offer offer;
	size_t body_max; /* bytes; 0 when no body is taken */
	httpd_handler *handle;
};

struct httpd_route_table {
	const struct httpd_route *routes;
	size_t count;
	void *app;  /* what the handlers of this table get */
	bool waits; /* for the disk, or for a slow digest: they run on worker threads */
	/*
	 * Answers on the listener thread what brings more than its route takes: a page for people, whose
	 * browsers have to send all of it before they read one. It is not kept. NULL: there is no page.
	 */
	httpd_handler *too_large;
};

struct httpd_header {
	struct str name;
	struct str value;
};

#define HTTPD_PARAMS_MAX 4

struct httpd_request {
	struct ctx ctx; /* the arena holds all strings below */
	const struct httpd_route *route;
	enum http_method method;
	bool head;
	struct str method_text;
	struct str target;		     /* undecoded, origin form */
	struct str path;		     /* of the target, undecoded */
	struct str query;		     /* without "?"; absent when there is none */
	struct str params[HTTPD_PARAMS_MAX]; /* decoded, in the order of the pattern */
	const struct httpd_header *headers;
	size_t header_count;
	struct str body;
	struct str client; /* the address, after trusted proxies */
	void *user;	   /* the handler's own, between suspend and resume */
	/*
	 * What the handler wants released when the request is over: called once, before the arena
	 * is, usually on the listener thread that the handler ran on. May be NULL.
	 */
	void (*ended)(void *arg);
	void *ended_arg;
};

/*
 * Asked on the listener thread before a body of more than HTTPD_LARGE_BODY is read, with the app of
 * its route; false when it has replied instead: strangers do not fill the memory.
 */
#define HTTPD_LARGE_BODY ((size_t)4 << 20)
typedef bool httpd_admit(struct httpd_request *req, void *app);

/*
 * Asked on the listener thread for each request, as soon as its client is known; false, and it is
 * answered 403 whatever it wants.
 */
typedef bool httpd_door(void *arg, struct str client);

struct httpd_settings {
	struct str listen; /* "127.0.0.1:8080", "[::1]:8080" */
	uint64_t threads;
	uint64_t workers; /* threads for handlers that wait, at most; 0: no route may wait */
	uint64_t connections_max;
	uint64_t connections_per_client; /* of an IPv4 address or IPv6 /64; proxies are exempt */
	uint64_t idle_seconds;		 /* a connection that sends nothing */
	/*
	 * From first byte to last, whatever it drips; a route gets a second more for each 128 KiB
	 * of its body_max. After ten seconds a body must also come at 1 KiB/s.
	 */
	uint64_t request_seconds;
	uint64_t streams_max;	     /* open streams (httpd/stream.h), besides connections */
	uint64_t streams_per_client; /* behind trusted proxies, too */
	uint64_t heartbeat_seconds;  /* how often an idle stream says that it is there */
	struct str trusted_proxies;  /* addresses or prefixes, separated by spaces, whose
				       X-Forwarded-For is believed */
	httpd_admit *admit;	     /* NULL: nobody is asked */
	httpd_door *door;	     /* NULL: whoever comes may come in */
	void *door_arg;
};

struct httpd;

/* Binds and starts its threads. RC_IO (address in use, ...), RC_INVALID, with the reason in err. */
enum rc httpd_start(struct err *err, const struct httpd_settings *settings,
		    const struct httpd_route_table *tables, size_t table_count,
		    const struct clock *clock, struct httpd **out) NODISCARD;
/*
 * Takes no new connections and waits, at most wait_ms, until the requests in hand are answered.
 * What is still suspended then is answered with a 503, and all connections and streams are closed. So owners of
 * suspended requests keep working while this waits, and are stopped after it. An owner that comes
 * later still finds its request whole: its reply goes nowhere, and httpd_resume frees it.
 */
void httpd_stop(struct httpd **httpd, uint64_t wait_ms);
/* The port that was bound; for port 0 in tests. */
uint16_t httpd_port(const struct httpd *httpd);

/*
 * The value of the only header of that name (any case); absent when there is none or several. Those
 * that frame, sign or authenticate a request are never several.
 */
struct str httpd_header(const struct httpd_request *req, const char *name);
/* The decoded value of a query parameter; absent when there is none or it is malformed. */
struct str httpd_query(struct httpd_request *req, const char *name);

/* --- replies: each handler calls exactly one httpd_reply... --- */

/* Adds a response header; before the reply. Values with control bytes are our bug. */
void httpd_add_header(struct httpd_request *req, const char *name, struct str value);
/*
 * Answers with body, whose bytes are taken over; it is empty afterwards. A failed one becomes a 503.
 * content_type is NULL where there is no content.
 */
void httpd_reply(struct httpd_request *req, unsigned status, const char *content_type,
		 struct buf *body);
/* Answers with a copy of a short text. */
void httpd_reply_str(struct httpd_request *req, unsigned status, const char *content_type,
		     struct str body);
/* Answers {"error": text} (and Retry-After, in seconds, when not 0). */
void httpd_reply_error(struct httpd_request *req, unsigned status, struct str text,
		       uint64_t retry_after);
void httpd_redirect(struct httpd_request *req, unsigned status, struct str location);

/*
 * Called by the handler, which hands req to somebody else and returns without a reply; from this
 * call on, req belongs to whom it is handed to. The connection waits.
 */
void httpd_suspend(struct httpd_request *req);
/* After the reply was set, from any thread; req is gone when this returns. */
void httpd_resume(struct httpd_request *req);

/*
 * Called by a handler of a table that waits, which then returns without a reply and keeps no thread: when
 * it has returned, hand(arg) gives req to somebody else, who calls httpd_go_on().
 */
void httpd_leave(struct httpd_request *req, void (*hand)(void *arg), void *arg);
/*
 * From any thread: rest(arg) is called on a worker thread, and ends as a handler does, with a reply or by
 * leaving again. Where the listener was stopped meanwhile nobody wants its answer, and it is not called.
 * req may be gone when this returns.
 */
void httpd_go_on(struct httpd_request *req, void (*rest)(void *arg), void *arg);

/* The version of libmicrohttpd that runs, which may be newer than the one it was built with. */
const char *httpd_library_version(void);

#endif
