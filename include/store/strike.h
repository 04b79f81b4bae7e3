/*
 * Strikes: what moderators have done about a person, with the reasons that the person was told, and what
 * the person says against it. And presets, the reasons that are given often.
 */
#ifndef FF_STORE_STRIKE_H
#define FF_STORE_STRIKE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/report.h"

/* What a moderator does about a person. The numbers are stored. */
enum moderation {
	MODERATE_NONE, /* a word was enough */
	MODERATE_SENSITIVE,
	MODERATE_DISABLE,
	MODERATE_SILENCE,
	MODERATE_SUSPEND,
	MODERATE_MARK_STATUSES, /* posts are covered */
	MODERATE_DELETE_STATUSES,
	/* in a community alone */
	MODERATE_REMOVE, /* posts are taken out of it */
	MODERATE_LOCK,	 /* they take no more comments */
	MODERATE_BAN,
};
#define MODERATIONS 10

/* The numbers are stored. */
enum appeal_state {
	APPEAL_NONE,
	APPEAL_PENDING,
	APPEAL_APPROVED,
	APPEAL_REJECTED,
};

#define STRIKE_STATUSES_MAX REPORT_OBJECTS_MAX
#define STRIKE_TEXT_CHARS 4000
#define STRIKE_TEXT_MAX ((size_t)32 * 1024)
#define APPEAL_CHARS 2000

struct strike {
	uint64_t id;
	uint64_t account;   /* against whom */
	uint64_t moderator; /* by whom; 0: the operator at the command line */
	uint64_t report;    /* that it follows from; 0: none */
	uint64_t community; /* of this node, in which it was done, by its staff; 0: by the node */
	uint64_t until_ms;  /* of a ban; 0: for good */
	bool escalated;	    /* the appeal is for the node to decide, and no longer the community */
	enum moderation action;
	bool automated; /* it was found, or decided, by a program */
	struct str text;
	uint64_t statuses[STRIKE_STATUSES_MAX]; /* which it is about; they may be gone */
	unsigned status_count;
	uint64_t rules[REPORT_RULES_MAX]; /* that were broken */
	unsigned rule_count;
	uint64_t created_ms;	  /* set by strike_add() */
	uint64_t appeal_until_ms; /* 0: nobody can appeal */
	bool undone;		  /* it was taken back */
	enum appeal_state appeal;
	struct str appeal_text;
	uint64_t appealed_ms, decided_ms;
	uint64_t decided_by; /* 0: the operator, or nobody yet */
};

/* Returns the id. */
uint64_t strike_add(struct db_txn *txn, const struct strike *strike);
/* Replaces what is stored under strike->id; false when there is none. */
bool strike_put(struct db_txn *txn, const struct strike *strike);
/* Strings are copied into arena. */
bool strike_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct strike *out);
/* Those against an account, newest first, below max_id (0: from the newest). */
size_t strikes_of(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t max_id,
		  struct strike *out, size_t count);
/* All of them, likewise; open: only those whose appeal waits. */
size_t strike_list(struct db_txn *txn, struct arena *arena, bool open, uint64_t max_id,
		   struct strike *out, size_t count);
/* Those in a community, likewise. */
size_t strikes_in(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t max_id,
		  struct strike *out, size_t count);
/* All against an account, at most count. Returns how many. */
size_t strikes_del(struct db_txn *txn, uint64_t account, size_t count);

/* --- presets --- */

struct preset {
	uint64_t id;
	struct str title;
	struct str text;
};
#define PRESETS_MAX 100
#define PRESET_TITLE_CHARS 100
#define PRESET_TEXT_CHARS 2000

bool preset_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct preset *out);
/* Adds (id 0) or replaces; returns the id. */
uint64_t preset_put(struct db_txn *txn, const struct preset *preset);
bool preset_del(struct db_txn *txn, uint64_t id);
/* In the order in which they were made. */
size_t preset_list(struct db_txn *txn, struct arena *arena, struct preset out[PRESETS_MAX]);
/* The same of a community. */
bool community_preset_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t id,
			  struct preset *out);
uint64_t community_preset_put(struct db_txn *txn, uint64_t community, const struct preset *preset);
bool community_preset_del(struct db_txn *txn, uint64_t community, uint64_t id);
size_t community_preset_list(struct db_txn *txn, struct arena *arena, uint64_t community,
			     struct preset out[PRESETS_MAX]);
/* A community is gone: its presets go, and strikes are found by whom they are against alone. At most
 * count rows; returns how many went. */
size_t community_strikes_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: strikes are found by whom they are against, open appeals are those that wait. */
void strike_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
