/* Web push in the API: what the endpoints, the entity and its test share. */
#ifndef FF_API_PUSH_INT_H
#define FF_API_PUSH_INT_H

#include "api_int.h"
#include "social/push.h"

void render_push(struct jw *w, const struct push_subscription *subscription, struct str server_key);

#endif
