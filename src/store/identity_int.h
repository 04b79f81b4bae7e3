/* The stored form of an account's identity statements. */
#ifndef FF_STORE_IDENTITY_INT_H
#define FF_STORE_IDENTITY_INT_H

#include "core/arena.h"
#include "core/buf.h"
#include "db/rec.h"
#include "store/identity.h"

void identities_encode(struct buf *out, const struct identity *identities, unsigned count);
/* The list comes from arena; strings point into the value. */
bool identities_decode(struct arena *arena, struct rec *r, struct identity **identities,
		       unsigned *count);

#endif
