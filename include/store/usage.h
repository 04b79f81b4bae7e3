/*
 * How much something is used: hashtags with what is known of them, uses of a day with how many people
 * they were by, counts of a day, and who was here. Small counters, written off the hot path.
 */
#ifndef FF_STORE_USAGE_H
#define FF_STORE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/str.h"
#include "db/db.h"

static inline uint32_t day_of_ms(uint64_t ms)
{
	return (uint32_t)(ms / MS_PER_DAY);
}

/* --- hashtags --- */

struct hashtag {
	struct str name;    /* folded */
	struct str display; /* as it was written last */
	uint64_t first_ms, last_ms;
	uint64_t uses;
};
/* Copies into arena. False when it was never used. */
bool hashtag_get(struct db_txn *txn, struct arena *arena, struct str name, struct hashtag *out);
/* One more use; name is folded. */
void hashtag_use(struct db_txn *txn, struct str name, struct str display, uint64_t at_ms);
/* Those that begin with prefix (folded), at most count in their order. */
size_t hashtag_list(struct db_txn *txn, struct arena *arena, struct str prefix, struct hashtag *out,
		    size_t count);

/* --- uses of a day --- */

enum usage_kind {
	USAGE_TAG = 1,	/* by folded name */
	USAGE_LINK = 2, /* by address */
};
struct usage {
	uint32_t uses;
	uint32_t accounts; /* about: exact for few */
};
#define USAGE_KEPT_DAYS 31

void usage_add(struct db_txn *txn, enum usage_kind kind, struct str item, uint32_t day,
	       uint64_t account);
struct usage usage_get(struct db_txn *txn, enum usage_kind kind, struct str item, uint32_t day);

/* --- counts of a day --- */

/* The numbers are stored. */
enum measure {
	MEASURE_STATUSES = 1,	   /* written here */
	MEASURE_REGISTRATIONS = 2, /* accounts made here */
	MEASURE_INTERACTIONS = 3,  /* likes, boosts and replies that ours were given */
	MEASURE_REPORTS = 4,
	MEASURE_RESOLVED = 5,
	/* accounts that were here; of these the "day" is the number of the period */
	MEASURE_PRESENT_DAY = 6,
	MEASURE_PRESENT_WEEK = 7,
	MEASURE_PRESENT_MONTH = 8,
};
void measure_add(struct db_txn *txn, enum measure what, uint32_t day, uint64_t n);
/* The sum over days from first to last, both included; at most 400 of them. */
uint64_t measure_sum(struct db_txn *txn, enum measure what, uint32_t first, uint32_t last);

/* --- who was here --- */

enum period {
	PERIOD_DAY = 1,
	PERIOD_MONTH = 2, /* numbered from year 0: 12 * year + month */
	PERIOD_WEEK = 3,  /* from Monday; numbered by its Monday, as a day */
};
#define PERIODS 3
uint32_t period_of_ms(enum period period, uint64_t ms);
/* Its first moment, UTC. */
uint64_t period_start_ms(enum period period, uint32_t number);
/* A local account has used the node, and is counted. False when that was known: nothing is written. */
bool presence_add(struct db_txn *txn, uint64_t account, uint64_t at_ms);
bool presence_has(struct db_txn *txn, enum period period, uint32_t number, uint64_t account);
/* How many accounts were here. */
uint64_t presence_count(struct db_txn *txn, enum period period, uint32_t number);
/* Accounts that were here, in order of their ids after `after`. */
size_t presence_list(struct db_txn *txn, enum period period, uint32_t number, uint64_t after,
		     uint64_t *out, size_t count);

#endif
