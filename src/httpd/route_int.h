/* Route tables, compiled once into a tree of path segments. */
#ifndef FF_HTTPD_ROUTE_INT_H
#define FF_HTTPD_ROUTE_INT_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"
#include "httpd/httpd.h"

struct routes;

/* RC_INVALID when a row is malformed or two rows claim the same requests. */
enum rc routes_new(struct err *err, const struct httpd_route_table *tables, size_t table_count,
		   struct routes **out) NODISCARD;
void routes_free(struct routes **routes);

struct route_match {
	unsigned status; /* 0: found; else 404, 405 or 406 */
	const struct httpd_route *route;
	void *app;
	bool waits;			     /* of its table */
	httpd_handler *too_large;	     /* the same */
	struct str params[HTTPD_PARAMS_MAX]; /* as they stand in the path, not decoded */
	size_t param_count;
	bool negotiated;  /* the reply depends on Accept */
	unsigned methods; /* what the path takes: bits of 1 << enum http_method */
};

/* path is the undecoded path of a target that passed the gate. */
struct route_match routes_match(const struct routes *routes, enum http_method method,
				struct str path, const struct httpd_header *headers,
				size_t header_count);

/* "GET, HEAD, POST" of a set of methods. */
struct str route_allow(struct arena *arena, unsigned methods);

#endif
