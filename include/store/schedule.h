/* Posts that are to be written later, and what clients called the requests they made. */
#ifndef FF_STORE_SCHEDULE_H
#define FF_STORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

#define SCHEDULED_MAX 300 /* of an account */
#define SCHEDULED_FORMER_MAX 8
#define SCHEDULED_DAY_MAX 25 /* of an account, for one day */

/* What becomes of it. All but the first and the last are of teams. */
enum scheduled_state {
	SCHEDULED_DUE,	    /* it is posted at its time */
	SCHEDULED_DRAFT,    /* its author goes on writing */
	SCHEDULED_WAITING,  /* for somebody to review it */
	SCHEDULED_RETURNED, /* by who has reviewed it, with a note */
	SCHEDULED_REFUSED,  /* at its time: the note says why; it gets another, or is deleted */
	SCHEDULED_STATES,
};

struct scheduled {
	uint64_t id;
	uint64_t account;
	uint64_t due_ms;   /* not before that; 0: as soon as it may */
	struct str params; /* JSON of module social */
	/* for a team */
	enum scheduled_state state;
	uint64_t writer, owner; /* who wrote it, and whose it is now; 0: it is no team's */
	uint64_t former[SCHEDULED_FORMER_MAX]; /* who wrote what the writer has changed, in order */
	unsigned former_count;
	uint64_t reviewer; /* who has approved or returned it; 0: nobody */
	uint64_t edits;	   /* the status that it is to change; 0: it is a new one */
	uint64_t changed_ms;
	struct str note; /* of the reviewer, or why it was refused */
};

/* Only the account's; params and note are copied into arena. */
bool scheduled_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		   struct scheduled *out);
/* Sets s->id. RC_TOO_LARGE when there are SCHEDULED_MAX, or SCHEDULED_DAY_MAX on its day. */
enum rc scheduled_add(struct db_txn *txn, struct scheduled *s) NODISCARD;
/* Another time. RC_NOT_FOUND, RC_TOO_LARGE. */
enum rc scheduled_move(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		       uint64_t due_ms) NODISCARD;
/* Replaces one that is there; all but its time, for which there is scheduled_move(). */
void scheduled_put(struct db_txn *txn, const struct scheduled *s);
/* Media that it holds is open again. */
bool scheduled_del(struct db_txn *txn, uint64_t account, uint64_t id);
size_t scheduled_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		      const struct page *page, struct scheduled *out, size_t count);
/* All of an account that is going. */
void scheduled_clear(struct db_txn *txn, uint64_t account);

/* --- requests that are made once --- */

#define IDEMPOTENCY_MS (3600 * (uint64_t)1000)

/* What came of a request. */
struct idempotent {
	bool scheduled; /* id is a scheduled post's, else a status' */
	uint64_t id;
	uint64_t at_ms;
};

/* What this account has made with this key within the last hour. */
bool idempotency_get(struct db_txn *txn, uint64_t account, struct str key, struct idempotent *out);
void idempotency_put(struct db_txn *txn, uint64_t account, struct str key, bool scheduled,
		     uint64_t id);

#endif
