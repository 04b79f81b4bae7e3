/* Random bytes from getrandom(2). Any thread. */
#include "core/random.h"

#include <errno.h>
#include <sys/random.h>

#include "core/must.h"

void random_bytes(void *out, size_t n)
{
	unsigned char *at = out;
	while (n != 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		must(got > 0);
		at += got;
		n -= (size_t)got;
	}
}

uint64_t random_u64(void)
{
	uint64_t n;
	random_bytes(&n, sizeof(n));
	return n;
}

uint64_t random_below(uint64_t bound)
{
	must(bound != 0);
	/* values above the last whole multiple of bound would favour small remainders */
	uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
	uint64_t n;
	do {
		n = random_u64();
	} while (n >= limit);
	return n % bound;
}
