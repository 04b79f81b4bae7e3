/* Codecs of factors, for their file, their checks and their tests. */
#ifndef FF_STORE_FACTOR_INT_H
#define FF_STORE_FACTOR_INT_H

#include "store/factor.h"
#include "store_int.h"

#define CHALLENGE_VALUE_SIZE 10

void factor_encode(struct buf *out, const struct factor *factor);
bool factor_decode(struct str value, struct factor *out);
void passkey_encode(struct buf *out, const struct passkey *passkey);
/* All but id and account, which are the key. */
bool passkey_decode(struct str value, struct passkey *out);
bool challenge_decode(struct str value, enum challenge_use *use, uint64_t *account);

#endif
