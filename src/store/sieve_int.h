/* The codecs of the sieve's rows. Strings point into value. */
#ifndef FF_STORE_SIEVE_INT_H
#define FF_STORE_SIEVE_INT_H

#include "core/buf.h"
#include "store/sieve.h"

void sieve_row_encode(struct buf *out, const struct sieve_row *row);
bool sieve_row_decode(struct str value, struct sieve_row *out);
void sieve_mark_encode(struct buf *out, const struct sieve_mark *mark);
bool sieve_mark_decode(struct str value, struct sieve_mark *out);

#endif
