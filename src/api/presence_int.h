/* Who uses the node. */
#ifndef FF_API_PRESENCE_INT_H
#define FF_API_PRESENCE_INT_H

#include <stdint.h>

#include "core/clock.h"
#include "db/db.h"

struct presence;

/* NULL when memory is exhausted. */
struct presence *presence_new(struct db *db, const struct clock *clock);
/* Waits for what is being written. */
void presence_free(struct presence **presence);
/* An account has asked for something. */
void presence_note(struct presence *presence, uint64_t account);

#endif
