/*
 * multipart/form-data (RFC 7578) in memory. Strict: what two readers could read differently is
 * malformed as a whole (no preamble or epilogue, CRLF only, one Content-Disposition per part, no
 * escapes in names), so that no proxy or filter has seen another form than we do.
 */
#ifndef FF_HTTPD_MULTIPART_H
#define FF_HTTPD_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "core/ctx.h"
#include "core/str.h"

#define MULTIPART_PARTS_MAX 100

/* Views of the body. */
struct multipart_part {
	struct str name;
	struct str
		filename; /* as it was sent; for nothing but showing. Absent when it is a field */
	bool file;	  /* it has a file name, be it an empty one */
	struct str type;  /* what the sender claims, unchecked; absent when nothing */
	struct str bytes;
};

struct multipart {
	const struct multipart_part *parts;
	size_t count;
};

/* Is it the content type of such a body? Of malformed parameters, multipart_parse tells. */
bool multipart_is(struct str content_type);
/*
 * The parts of body, in their order; out points into body and the arena. RC_INVALID with the reason
 * in ctx when the type or the body is malformed, RC_TOO_LARGE when there are more than
 * MULTIPART_PARTS_MAX parts or a part's head is too large, RC_NO_MEMORY.
 */
enum rc multipart_parse(struct ctx *ctx, struct str content_type, struct str body,
			struct multipart *out) NODISCARD;
/* The first part of that name; NULL when there is none. */
const struct multipart_part *multipart_find(const struct multipart *form, struct str name);

#endif
