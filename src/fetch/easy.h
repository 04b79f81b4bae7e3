/* curl handles as every request needs them: what never differs is set once, and handles are used
 * again. */
#ifndef FF_FETCH_EASY_H
#define FF_FETCH_EASY_H

#include <curl/curl.h>
#include <stdbool.h>

#include "poller.h"

/* What all requests of a client share. */
struct easy_settings {
	char *ca_file;	  /* NULL: the system's */
	char *user_agent; /* NULL: none */
	long connect_ms;
	bool allow_http;
	struct poller *poller;
};

/* A handle with everything set that does not depend on the request. NULL when curl refuses. */
CURL *easy_new(const struct easy_settings *settings) NODISCARD;

#endif
