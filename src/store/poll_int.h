/* The codecs of polls and votes, shared with their check. Pure. */
#ifndef FF_STORE_POLL_INT_H
#define FF_STORE_POLL_INT_H

#include "check_int.h"
#include "core/buf.h"
#include "store/poll.h"

#define POLL_MAX_BYTES (64 * 1024)
#define POLL_VOTE_MAX_BYTES (64 * 1024)

void poll_encode(struct buf *out, const struct poll *p);
/* The list comes from arena; strings point into value. False when value is damaged or the arena has
 * failed. */
bool poll_decode(struct arena *arena, struct str value, struct poll *out);
void poll_vote_encode(struct buf *out, const struct poll_vote *v);
bool poll_vote_decode(struct str value, struct poll_vote *out);

/* Polls to statuses, votes to polls, counts to votes. */
void poll_check(const struct check *c);

#endif
