/* Reports about accounts, from peers (Flag) and from people, and what moderators made of them. */
#ifndef FF_STORE_REPORT_H
#define FF_STORE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

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
	bool forwarded; /* the target's server was told */
	bool told;	/* who reported has heard what came of it */
	uint64_t lane;	/* the community whose staff handles it; 0: the node's moderators */
	uint64_t
		community; /* of this node, that it is about: where it may be handed down; 0: none */
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
/* The same of those in a community's lane. */
size_t report_list_lane(struct db_txn *txn, struct arena *arena, uint64_t lane, uint64_t max_id,
			struct report *out, size_t count);

/* The numbers are stored. */
enum report_state {
	REPORT_IS_OPEN,
	REPORT_IS_RESOLVED,
};
#define REPORT_LANE_NODE 0
#define REPORT_LANE_ANY UINT64_MAX
#define REPORT_SCANNED_MAX 50000 /* rows, where some are left out (S-117) */

struct report_ask {
	uint64_t lane; /* a community, REPORT_LANE_NODE or REPORT_LANE_ANY */
	enum report_state state;
	struct page page;
	/* Leaves reports out, whose strings live until it returns; NULL: none. */
	bool (*fits)(void *arg, const struct report *report);
	void *arg;
	size_t scanned_max; /* rows that are looked at; 0: REPORT_SCANNED_MAX */
};
/* A page of the reports of a lane that are open, or of those that are not; found by an index. Strings are copied
 * into arena. */
size_t report_page(struct db_txn *txn, struct arena *arena, const struct report_ask *ask,
		   struct report *out, size_t count);
/* A write job: the rows of that index, where the database is older than it is. */
enum rc report_state_ensure(struct db_txn *txn, void *arg);

/* Those in a community's lane become the node's, at most count. Returns how many. */
size_t report_lane_clear(struct db_txn *txn, struct arena *arena, uint64_t lane, size_t count);

/* --- what was done with one, and what those who handle it have noted --- */

/* The numbers are stored. */
enum report_event_kind {
	REPORT_NOTED = 1,
	REPORT_ASSIGNED = 2,
	REPORT_UNASSIGNED = 3,
	REPORT_RESOLVED = 4,
	REPORT_REOPENED = 5,
	REPORT_SORTED = 6,
	REPORT_ESCALATED = 7,	/* to the node */
	REPORT_HANDED_DOWN = 8, /* to a community */
};
/* "note", "assign", "unassign", "resolve", "reopen", "sort", "escalate", "hand_down". */
const char *report_event_name(enum report_event_kind kind);

#define REPORT_NOTE_CHARS 2000
#define REPORT_NOTES_MAX 100  /* of a report */
#define REPORT_EVENTS_MAX 400 /* with them: the oldest others go */

struct report_event {
	uint64_t id;
	enum report_event_kind kind;
	uint64_t who;	 /* 0: the operator at the command line */
	uint64_t at_ms;	 /* set by report_event_add() */
	uint64_t about;	 /* whom it was assigned to; the community whose lane it left or came to */
	struct str text; /* a note; why it was escalated or handed down */
};

/* Returns the id; 0 for a note too many. */
uint64_t report_event_add(struct db_txn *txn, uint64_t report, const struct report_event *event);
/* Strings are copied into arena. */
bool report_event_get(struct db_txn *txn, struct arena *arena, uint64_t report, uint64_t id,
		      struct report_event *out);
bool report_event_del(struct db_txn *txn, uint64_t report, uint64_t id);
/* The oldest first. */
size_t report_events(struct db_txn *txn, struct arena *arena, uint64_t report,
		     struct report_event out[REPORT_EVENTS_MAX]);

/* Integrity: reports are found by their lane and state, what was done is of reports. */
void report_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
