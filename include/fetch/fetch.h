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

/* Who asks a store of objects, signed as AWS does (Signature Version 4, for its service s3). */
struct fetch_s3 {
	struct str region;
	struct str key_id;
	struct str secret;
};

struct fetch_result {
	/*
	 * RC_OK: there is an answer. RC_UNREACHABLE, RC_TIMEOUT, RC_NO_MEMORY: try again some time. RC_TOO_LARGE: the
	 * body or the header is beyond its limit. RC_BLOCKED: the host's addresses are not public. RC_INVALID: the
	 * request, or the URL that it was redirected to, must not be fetched. Only RC_OK has a body.
	 */
	enum rc rc;
	unsigned status;   /* 0 when none came; with RC_TOO_LARGE and RC_INVALID there may be one */
	struct str reason; /* why it is not RC_OK, for people */
	struct str url;	   /* the final one, after redirects */
	struct str content_type;
	struct str location; /* of a redirect that was not followed */
	uint64_t
		retry_after_s; /* 0 when not stated; dates are turned into seconds; at most a year */
	struct str etag;       /* RFC 9110 section 8.8.3, as it came; absent when there is none */
	struct str accept_signature; /* RFC 9421 section 5.1; absent when there is none */
	struct str body;
};

struct fetch_request {
	struct str method; /* "GET", "POST", "PUT" or "DELETE" */
	struct str url;	   /* is parsed again by iri_parse(); a fragment is not sent */
	/*
	 * Host, Content-Length and User-Agent come from the client; the former two are left out here. Behind a redirect
	 * only Accept and Accept-Language go along.
	 */
	const struct fetch_header *headers;
	size_t header_count;
	struct fetch_body *body;   /* of POST and PUT; NULL without; a reference is taken */
	const struct fetch_s3 *s3; /* signs by curl; copied. NULL: not */
	/*
	 * The operator has named this host, no stranger: its address may be private, and http will do
	 * (S-031 is about others).
	 */
	bool trusted;
	size_t bytes_max; /* of the response's body */
	unsigned
		redirects_max; /* GET of whom is not trusted, at most 10; with 0 a redirect is an answer like others */
	uint64_t timeout_ms; /* for all of it, waiting for its turn included; not 0 */
	/*
	 * Signs: called for each hop on the client's thread, so it must be quick (deliveries are signed before they are
	 * submitted), adds headers for url; NULL when headers are enough. Returns how many it filled, at most 8;
	 * strings live in arena.
	 */
	size_t (*sign)(void *arg, struct arena *arena, struct str method, struct str url,
		       struct fetch_header headers[8]);
	/*
	 * Asked before a redirect to url is followed, on the client's thread; NULL: every one may be. What is not
	 * RC_OK ends the request with it: nobody is asked whom the caller would not have asked (S-030).
	 */
	enum rc (*permit)(void *arg, struct str url);
	/* May submit more, must not block and must not free the client. */
	void (*done)(void *arg, const struct fetch_result *result);
	void *arg;
};

struct fetch_settings {
	uint64_t connections_max; /* at once, and kept alive in all */
	uint64_t per_host_max;	  /* at once to one host */
	uint64_t connect_ms;	  /* name, TCP and TLS together */
	struct str ca_file;	  /* absent: the system's */
	struct str user_agent;
	struct str
		allow_addresses; /* prefixes, parted by commas, that are reached although not public: "10.1.0.0/16" */
	bool allow_http; /* plain http; only with test hooks */
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

/*
 * RC_INVALID: a limit of 0, a list of prefixes that does not parse; RC_DENIED: plain http in a build without test
 * hooks; RC_NO_MEMORY. clock must outlive the client.
 */
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

/* The version of libcurl that runs, which may be newer than the one it was built with. */
const char *fetch_library_version(void);

#endif
