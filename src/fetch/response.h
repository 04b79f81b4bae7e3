/* What is kept of an answer while it comes in, within its limits (S-044). */
#ifndef FF_FETCH_RESPONSE_H
#define FF_FETCH_RESPONSE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"

#define RESPONSE_HEADER_BYTES_MAX ((size_t)32 * 1024)
#define RESPONSE_HEADER_LINES_MAX 100

struct response {
	struct arena *arena; /* of the fields' values */
	const struct clock *clock;
	struct buf body;
	size_t header_bytes;
	unsigned header_lines;
	bool headers_ended;    /* what comes behind them is trailers, which count but say nothing */
	const char *too_large; /* which limit was passed; NULL when none */
	unsigned status;
	struct str content_type;
	struct str location;
	struct str etag;
	struct str accept_signature;
	uint64_t retry_after_s;
};

/* The body may have bytes_max bytes. response_free() releases it. */
void response_init(struct response *response, struct arena *arena, const struct clock *clock,
		   size_t bytes_max);
void response_free(struct response *response);

/* One line of the head, with its line end; false when a limit is passed. */
bool response_header(struct response *response, struct str line);
/* More bytes of the body; false when the limit is passed or memory is exhausted. */
bool response_body(struct response *response, struct str bytes);

#endif
