/*
 * The head of a request as it lies in libmicrohttpd's memory. Releases before 1.0 read a bare LF as
 * an end of line, cut values at a NUL and glue a folded line to the name before it (SECURITY F-01,
 * F-02), and tell nobody. But they parse in place and overwrite each separator with one NUL, so
 * what lies between the pieces tells what stood there: CR LF leaves exactly two NULs.
 * What stays hidden is a NUL right before a bare LF, which no front server lets through.
 */
#ifndef FF_HTTPD_WIRE_INT_H
#define FF_HTTPD_WIRE_INT_H

#include <stdbool.h>

#include "core/str.h"
#include "httpd/httpd.h"

struct wire_head {
	const char *method;
	const char *target;
	size_t target_len;
	const char *version;
	const struct httpd_header
		*headers; /* in the order received, values as the library cut them */
	size_t header_count;
	size_t size; /* from the method's first byte to the end of the empty line */
};

/*
 * A header's value without the optional whitespace around it: spaces and tabs only, RFC 9110
 * section 5.6.3. A CR, a VT or a FF beside it is part of it, and the library takes it for that.
 */
struct str wire_value(struct str raw);

/* True when every piece begins exactly where the line before it must have ended. */
bool wire_is_exact(const struct wire_head *head);

#endif
