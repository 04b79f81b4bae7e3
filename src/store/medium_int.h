/* The stored form of a medium, for its tests. */
#ifndef FF_STORE_MEDIUM_INT_H
#define FF_STORE_MEDIUM_INT_H

#include "check_int.h"
#include "core/buf.h"
#include "db/rec.h"
#include "store/medium.h"

#define MEDIUM_MAX_BYTES ((size_t)16 << 10)

void medium_encode(struct buf *out, const struct medium *m);
/* Points into value. */
bool medium_decode(struct str value, uint64_t id, struct medium *out);
/* The key of one file of a medium. */
struct reckey medium_file_key(const struct digest *digest, uint64_t id);

#endif
