/* The end of a process whose own promise was broken. */
#include "core/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "fediflow: broken promise: %s (%s:%d)\n", cond, file, line);
	abort();
}
