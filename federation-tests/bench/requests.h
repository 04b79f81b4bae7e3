/* Requests that were made before, in a file: each behind its length (32 bits, little-endian). */
#ifndef FF_BENCH_REQUESTS_H
#define FF_BENCH_REQUESTS_H

#include <stddef.h>

struct request {
	const char *ptr;
	size_t len;
};

struct requests {
	struct request *all;
	size_t count;
};

/* Maps it and lists what is behind the first `from`. Ends the process when there is nothing. */
void requests_read(struct requests *r, const char *path, size_t from);

#endif
