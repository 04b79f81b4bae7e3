/* The codec of sign-ups, for their file, their check and their tests. */
#ifndef FF_STORE_SIGN_UP_INT_H
#define FF_STORE_SIGN_UP_INT_H

#include "core/clock.h"
#include "store/sign_up.h"
#include "store_int.h"

void sign_up_encode(struct buf *out, const struct sign_up *sign_up);
/* All but the account. */
bool sign_up_decode(struct str value, struct sign_up *out);

#endif
