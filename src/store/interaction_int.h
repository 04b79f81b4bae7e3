/* The codec and keys of interactions, shared with their check. */
#ifndef FF_STORE_INTERACTION_INT_H
#define FF_STORE_INTERACTION_INT_H

#include "db/rec.h"
#include "store/interaction.h"

/* Strings point into value. False when it is damaged. */
bool interaction_decode(struct str value, uint64_t id, struct interaction *out);
struct reckey interaction_of_key(const struct interaction *i);
struct reckey interaction_with_key(const struct interaction *i);
/* Is a state listed among what is open? */
bool interaction_is_open(enum interaction_state state);

#endif
