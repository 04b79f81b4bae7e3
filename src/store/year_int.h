/* The codec of years in review. */
#ifndef FF_STORE_YEAR_INT_H
#define FF_STORE_YEAR_INT_H

#include "store/year.h"

#define YEAR_MAX_BYTES ((size_t)256 << 10)

void year_encode(struct buf *out, const struct year_report *report);
/* Strings are copied into arena. */
bool year_decode(struct arena *arena, struct str value, struct year_report *out);

#endif
