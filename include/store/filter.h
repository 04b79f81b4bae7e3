/* Filters: what somebody does not want to read, by words or by posts. A filter is one row with all
 * that belongs to it, since it is always read as a whole. */
#ifndef FF_STORE_FILTER_H
#define FF_STORE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"

#define FILTERS_MAX 100		/* of an account (S-057) */
#define FILTER_KEYWORDS_MAX 200 /* of a filter */
#define FILTER_STATUSES_MAX 200

enum filter_context {
	FILTER_HOME = 1,
	FILTER_NOTIFICATIONS = 2,
	FILTER_PUBLIC = 4,
	FILTER_THREAD = 8,
	FILTER_ACCOUNT = 16,
	FILTER_CONTEXTS = 31,
};

/* The numbers are stored. */
enum filter_action {
	FILTER_WARN,
	FILTER_HIDE,
	FILTER_BLUR, /* only the pictures */
};

struct filter_keyword {
	uint64_t id;
	bool whole_word;
	struct str text;
};

struct filter_status {
	uint64_t id;
	uint64_t status;
};

struct filter {
	uint64_t id;
	uint64_t owner;
	unsigned contexts;
	enum filter_action action;
	uint64_t expires_ms; /* 0: never */
	struct str title;
	struct filter_keyword *keywords;
	unsigned keyword_count;
	struct filter_status *statuses;
	unsigned status_count;
};

/* Only the owner's; everything is copied into arena. */
bool filter_get(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		struct filter *out);
/* Sets filter->id, and the ids of keywords that are 0. RC_TOO_LARGE when there are FILTERS_MAX. */
enum rc filter_add(struct db_txn *txn, struct filter *filter) NODISCARD;
/* Replaces it; keywords and statuses whose id is 0 are new ones. */
void filter_put(struct db_txn *txn, struct filter *filter);
bool filter_del(struct db_txn *txn, uint64_t owner, uint64_t id);
/* All of an account's in the order of their making. *out is an array of arena; how many. */
size_t filter_all(struct db_txn *txn, struct arena *arena, uint64_t owner, struct filter **out);
/* All of an account that is going. */
void filters_del(struct db_txn *txn, uint64_t owner);

#endif
