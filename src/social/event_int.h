/* What the files of events share. */
#ifndef FF_SOCIAL_EVENT_INT_H
#define FF_SOCIAL_EVENT_INT_H

#include "act_int.h"
#include "social/event.h"

/* The number of those who take part has changed: peers hear of it before long, of many at once. */
void event_tell_later(struct social *s, const struct status *status);

#endif
