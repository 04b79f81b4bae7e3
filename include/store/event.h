/*
 * Events, which are statuses: who takes part in them, how many, and when they are. Whom an event is of,
 * is its community, or its author where it is in none.
 */
#ifndef FF_STORE_EVENT_H
#define FF_STORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"
#include "store/status.h"

/* Is it an event that is at some time? */
static inline bool status_is_event(const struct status *s)
{
	return s->event.start_ms != 0 && str_eq(s->type, STR("Event"));
}
/* When it is over: its end, or when it began, where no end was told; of a series that of the last date which
 * is not cancelled. */
uint64_t event_end_ms(const struct status_event *e);
/* Of a series, the date that has this original time; NULL: none. */
const struct event_date *event_date_find(const struct status_event *e, uint64_t original_ms);
/* The first date that is not over at a time, nor cancelled; of what is no series itself, whatever the time.
 * False when there is none. */
bool event_next_date(const struct status_event *e, uint64_t now_ms, struct event_date *out);
static inline uint64_t event_owner(const struct status *s)
{
	return s->community != 0 ? s->community : s->account;
}

/* "free", "request", "external", "invitation", "none"; "scheduled", "tentative", "postponed",
 * "cancelled". NULL for what was not said. */
const char *event_join_name(enum event_join join);
const char *event_state_name(enum event_state state);

/* --- when --- */

struct event_entry {
	uint64_t start_ms;
	uint64_t id;
};
/* What an entry of an event is: its only date, or one of a series. False when it is not at that time. */
bool event_date_at(const struct status_event *e, uint64_t start_ms, struct event_date *out);
/* Those of an owner that begin at or after after->start_ms, and in that moment have greater ids, in
 * order. A series is there once for each date, cancelled ones among them. */
size_t events_of(struct db_txn *txn, uint64_t owner, const struct event_entry *after,
		 struct event_entry *out, size_t count);
/* Those of an owner that begin from from_ms and before until_ms, each once, in the order of its first date
 * there; of many dates as far as EVENTS_WALKED of them go. */
#define EVENTS_WALKED 2000
size_t events_between(struct db_txn *txn, uint64_t owner, uint64_t from_ms, uint64_t until_ms,
		      uint64_t *ids, size_t count);

/* --- who --- */

/* The numbers are part of the stored format. */
enum participation {
	PARTICIPATION_NONE,
	PARTICIPATION_WAITING, /* has asked */
	PARTICIPATION_GOING,
	PARTICIPATION_REFUSED,
	PARTICIPATION_INVITED,
	PARTICIPATION_DECLINED, /* was invited, and does not come */
};
/* "waiting", "going", "refused", "invited", "declined"; NULL for none. */
const char *participation_name(enum participation state);

struct participant {
	uint64_t status;
	uint64_t account;
	enum participation state;
	uint64_t since_ms;
	struct str uri;	 /* of the Join, or of the Invite */
	struct str note; /* what they told the organiser */
	bool invited;	 /* uri is that of an Invite */
	/* of one of here, who takes part */
	uint32_t remind_min; /* how long before each date they are reminded; 0: not at all */
	bool by_letter;	     /* and by e-mail, too */
	uint64_t remind_ms;  /* when they are reminded next; 0: nothing is planned */
};

#define EVENT_REMIND_DEFAULT_MIN (24 * 60)
#define EVENT_REMIND_MAX_MIN (28 * 24 * 60)

/* Strings are copied into arena. False when there is none. */
bool participant_get(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t account,
		     struct participant *out);
/* Adds or replaces, and counts. */
void participant_put(struct db_txn *txn, const struct participant *participant);
bool participant_del(struct db_txn *txn, uint64_t status, uint64_t account);
/* In order of accounts, after `after`. */
size_t participants(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t after,
		    struct participant *out, size_t count);
/* Their ids alone, of those who were not refused and have not declined. */
size_t participant_ids(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out,
		       size_t count);
/* The events in which an account takes part, asks to, or was refused. */
size_t participations_of(struct db_txn *txn, uint64_t account, const struct page *page,
			 uint64_t *out, size_t count);

enum attendance_flags {
	ATTENDANCE_TELLING = 1, /* a job is waiting that tells peers the counts */
	ATTENDANCE_TOLD = 2,	/* told is what its own server says */
	ATTENDANCE_ROLLING = 4, /* a job is waiting for the end of a date of a series */
};

struct attendance {
	uint32_t going, waiting; /* as far as known here */
	uint32_t told;
	unsigned flags;
	uint64_t
		roll_ms; /* when that job is due; 0: there is none, or a former version has planned it */
};
/* Zeros where nobody takes part. */
struct attendance attendance_get(struct db_txn *txn, uint64_t status);
void attendance_mark(struct db_txn *txn, uint64_t status, unsigned set, unsigned clear);
/* A job is waiting until then; 0: none any more. */
void attendance_roll(struct db_txn *txn, uint64_t status, uint64_t at_ms);
void attendance_tell(struct db_txn *txn, uint64_t status, uint32_t told);

/* Integrity: participants both ways and to events, counts. */
void event_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
