/* The codec of push subscriptions, for their file, their check and their tests. */
#ifndef FF_STORE_SUBSCRIPTION_INT_H
#define FF_STORE_SUBSCRIPTION_INT_H

#include "store/subscription.h"
#include "store_int.h"

void push_encode(struct buf *out, const struct push_subscription *subscription);
/* All but account and token, which are the key. */
bool push_decode(struct str value, struct push_subscription *out);

#endif
