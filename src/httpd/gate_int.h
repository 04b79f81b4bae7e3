/*
 * The gate: what every request must be before anything else looks at it (SECURITY S-045, S-046). It
 * reads the bytes as they came; libmicrohttpd's own reading of them is never trusted.
 */
#ifndef FF_HTTPD_GATE_INT_H
#define FF_HTTPD_GATE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "httpd/httpd.h"

#define GATE_TARGET_MAX 8192
#define GATE_HEADERS_MAX 100
#define GATE_HEADER_BYTES_MAX 32768

struct gate_input {
	struct str method;
	struct str version;
	struct str target;
	const struct httpd_header *headers; /* values without white space at their ends */
	size_t header_count;
	bool exact; /* the head lay in memory as it must: wire_int.h */
};

struct gate_verdict {
	unsigned status; /* 0 when the request may pass */
	const char *reason;
	enum http_method method;
	bool head;
	bool chunked;
	uint64_t length; /* of the body; 0 when there is none or it is chunked */
};

/* Pure. Neither the order of the headers nor the case of their names changes the verdict. */
struct gate_verdict gate_check(const struct gate_input *in);

#endif
