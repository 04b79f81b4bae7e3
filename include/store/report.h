/* Reports about accounts, from peers (Flag) and from people, and what moderators made of them. */
#ifndef FF_STORE_REPORT_H
#define FF_STORE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* The numbers are stored. */
enum report_category {
	REPORT_OTHER,
	REPORT_SPAM,
	REPORT_LEGAL,
	REPORT_VIOLATION, /* of the rules that it names */
};
/* "other", "spam", "legal", "violation". */
const char *report_category_name(enum report_category category);
bool report_category_parse(struct str name, enum report_category *out) NODISCARD;

#define REPORT_OBJECTS_MAX 100
#define REPORT_RULES_MAX 32

struct report {
	uint64_t id;
	uint64_t reporter; /* an account; of a peer usually its instance actor */
	uint64_t target;
	struct str comment;
	struct str uri;	     /* of the Flag */
	struct str *objects; /* what it names, as ids */
	unsigned object_count;
	enum report_category category;
	uint64_t rules[REPORT_RULES_MAX];
	unsigned rule_count;
	bool forwarded;	     /* the target's server was told */
	uint64_t created_ms; /* set by report_add() */
	uint64_t updated_ms;
	uint64_t assigned;    /* who looks after it; 0: nobody */
	uint64_t resolved_ms; /* 0: it is open */
	uint64_t resolved_by;
};

uint64_t report_add(struct db_txn *txn, const struct report *report);
/* Replaces what is stored under report->id; false when there is none. */
bool report_put(struct db_txn *txn, const struct report *report);
bool report_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct report *out);
/* Newest first; strings are copied into arena. */
size_t report_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct report *out,
		   size_t count);

#endif
