/*
 * Replies from files, sent by the kernel without a copy: conditional requests and ranges (RFC 9110
 * sections 13 and 14). One range is answered; a list of several gets the whole, as section 14.2
 * allows.
 */
#ifndef FF_HTTPD_FILE_H
#define FF_HTTPD_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "httpd/httpd.h"

struct httpd_file {
	int fd; /* taken over; its offset does not matter */
	uint64_t size;
	const char *content_type;
	struct str etag; /* strong, with its quotes */
};

/* The reply of a GET: 200, 206, 304 or 416. Headers that say how it may be kept come before. */
void httpd_reply_file(struct httpd_request *req, const struct httpd_file *file);

enum range_verdict {
	RANGE_WHOLE, /* there is none, or none that is understood */
	RANGE_PART,
	RANGE_NONE, /* it is behind the end */
};

/* The bytes first to last of size that a Range header asks for. Pure. */
enum range_verdict range_parse(struct str header, uint64_t size, uint64_t *first, uint64_t *last);
/* Is etag among those of an If-None-Match header (weak comparison)? Pure. */
bool etag_listed(struct str header, struct str etag);

#endif
