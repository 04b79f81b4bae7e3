/* What those who run the node tell its people; who has read it, and what they think of it. */
#ifndef FF_STORE_ANNOUNCEMENT_H
#define FF_STORE_ANNOUNCEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "text/html.h"

#define ANNOUNCEMENTS_MAX 100
#define ANNOUNCEMENT_REACTIONS_MAX 8 /* kinds of one announcement */

struct announcement {
	uint64_t id;
	struct str text; /* as it was typed */
	struct html content;
	uint64_t starts_ms, ends_ms; /* of what it is about; 0: not said */
	bool all_day;
	uint64_t published_ms;
	uint64_t updated_ms;
};

/* Everything is copied into arena. */
bool announcement_get(struct db_txn *txn, struct arena *arena, uint64_t id,
		      struct announcement *out);
/* Sets id. RC_TOO_LARGE when there are ANNOUNCEMENTS_MAX. */
enum rc announcement_add(struct db_txn *txn, struct announcement *a) NODISCARD;
/* What people made of it is swept later. */
bool announcement_del(struct db_txn *txn, uint64_t id);
/* Oldest first. *out is an array of arena; how many. */
size_t announcement_all(struct db_txn *txn, struct arena *arena, struct announcement **out);

/* What one person made of one. */
struct announcement_mark {
	bool read;
	struct str names[ANNOUNCEMENT_REACTIONS_MAX]; /* an emoji, or a shortcode without colons */
	unsigned name_count;
};

/* Nothing when there is none; copied into arena. */
void announcement_mark_get(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t account,
			   struct announcement_mark *out);
void announcement_read(struct db_txn *txn, uint64_t id, uint64_t account);
/* RC_EXISTS when it was there, RC_TOO_LARGE when there are as many kinds as there may be. */
enum rc announcement_react(struct db_txn *txn, uint64_t id, uint64_t account,
			   struct str name) NODISCARD;
/* False when it was not there. */
bool announcement_unreact(struct db_txn *txn, uint64_t id, uint64_t account, struct str name);

struct announcement_count {
	struct str name;
	uint32_t count;
};
/* In the order in which each was first used; how many. */
size_t announcement_counts(struct db_txn *txn, struct arena *arena, uint64_t id,
			   struct announcement_count out[ANNOUNCEMENT_REACTIONS_MAX]);

/* Integrity: counts are what the marks say. */
void announcement_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
