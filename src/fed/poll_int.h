/* What the files of polls share. */
#ifndef FF_FED_POLL_INT_H
#define FF_FED_POLL_INT_H

#include "ap/poll.h"
#include "fed_int.h"
#include "social/poll.h"

/* A poll as it was told, cleaned, in ctx's arena; NULL when there is none, or no memory. */
struct poll *remote_poll_make(struct ctx *ctx, const struct ap_poll *told, uint64_t now_ms);
/* A poll of ours or another's as documents show it; NULL when the status has none. */
const struct ap_poll *build_poll(struct db_txn *txn, struct ctx *ctx, const struct status *s);
/* FEDERATE_VOTE. */
enum rc build_vote(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		   const struct account *actor, const struct account *target, struct jw *w);

/*
 * Asks for the counts of a poll at its origin. done as in fed.h; RC_OK at once when there is no
 * reason to ask.
 */
void fed_refresh_poll(struct fed *fed, uint64_t status, fed_done *done, void *arg);

#endif
