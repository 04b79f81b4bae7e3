/* What somebody did in a year: counted once, step by step, and kept. */
#ifndef FF_STORE_YEAR_H
#define FF_STORE_YEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

#define YEAR_MONTHS 12
#define YEAR_TAGS_MAX 200
#define YEARS_MAX 100 /* of an account */

/* The numbers are stored. */
enum year_phase {
	YEAR_POSTS = 1,	    /* posts are being counted */
	YEAR_FOLLOWERS = 2, /* then followers */
	YEAR_READY = 3,
};

struct year_tag {
	struct str name;    /* folded */
	struct str display; /* as it was written last */
	uint32_t uses;
};

struct year_report {
	uint64_t account;
	uint16_t year;
	enum year_phase phase;
	uint64_t cursor; /* of the phase: where it goes on */
	bool read;
	uint32_t posts; /* own ones; among them: */
	uint32_t replies, polls;
	uint32_t boosts;
	uint32_t month_posts[YEAR_MONTHS], month_followers[YEAR_MONTHS];
	uint64_t top_boosted; /* the post that was boosted most; 0: none */
	uint32_t top_boosts;
	struct year_tag *tags; /* the most used ones; when it is ready one, or none */
	unsigned tag_count;
};

/* Copied into arena. False when there is none. */
bool year_get(struct db_txn *txn, struct arena *arena, uint64_t account, uint16_t year,
	      struct year_report *out);
/* Oldest first. How many. */
size_t year_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		 struct year_report out[YEARS_MAX]);
/* Adds or replaces. */
void year_put(struct db_txn *txn, const struct year_report *report);
/* All of an account's, at most count. How many. */
size_t years_del(struct db_txn *txn, uint64_t account, size_t count);

/* Integrity: each is readable and of an account that is there. */
void year_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

#endif
