/*
 * Teams: local accounts that several people write for. Who is in one with which role, what the team
 * has agreed on, who wrote what, and the trail of what its members did, to which is only added.
 */
#ifndef FF_STORE_TEAM_H
#define FF_STORE_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

#define TEAM_MEMBERS_MAX 200 /* of a team */
#define TEAMS_OF_MAX 100     /* of a person */

/* --- what it has agreed on --- */

/* Who learns who wrote a post. Members always do. */
enum team_credit {
	TEAM_CREDIT_MEMBERS,
	TEAM_CREDIT_PUBLIC,	/* whoever reads it here */
	TEAM_CREDIT_EVERYWHERE, /* peers, too: its last line says so */
	TEAM_CREDITS,
};

struct team {
	uint64_t id; /* of the account */
	/* a second person reviews what everybody writes, and not only those who may not publish */
	bool four_eyes;
	enum team_credit credit;
	uint64_t created_ms;
};

bool team_get(struct db_txn *txn, uint64_t id, struct team *out);
void team_put(struct db_txn *txn, const struct team *team);
/* In order of their ids, after an id. */
size_t team_ids(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);

/* --- members --- */

enum team_role {
	TEAM_NOBODY,
	TEAM_ADMINISTRATOR,
	TEAM_EDITOR,
	TEAM_AUTHOR,
	TEAM_REVIEWER,
	TEAM_ANALYST,
	TEAM_ROLES,
};

struct team_member {
	uint64_t team, person;
	enum team_role role;
	uint64_t since_ms;
	uint64_t by; /* who gave the role; 0: who runs the node */
};

/* False, with the role TEAM_NOBODY, when the person is no member. */
bool team_member_get(struct db_txn *txn, uint64_t team, uint64_t person, struct team_member *out);
void team_member_put(struct db_txn *txn, const struct team_member *member);
bool team_member_del(struct db_txn *txn, uint64_t team, uint64_t person);
/* A team's members, and a person's teams, in order of their ids, after an id. */
size_t team_members(struct db_txn *txn, uint64_t team, uint64_t after, struct team_member *out,
		    size_t count);
size_t teams_of(struct db_txn *txn, uint64_t person, uint64_t after, struct team_member *out,
		size_t count);

/* --- who wrote a post --- */

struct byline {
	uint64_t writer;
	uint64_t reviewer; /* 0: nobody has reviewed it */
	uint64_t editor;   /* who wrote its last change; 0: it was not changed */
	uint64_t former;   /* who began it, when the writer has changed it since; 0: the writer */
};

bool byline_get(struct db_txn *txn, uint64_t status, struct byline *out);
void byline_put(struct db_txn *txn, uint64_t status, const struct byline *byline);
void byline_del(struct db_txn *txn, uint64_t status);

/* --- the trail --- */

struct team_entry {
	uint64_t id;
	uint64_t at_ms;
	uint64_t person;  /* who did it; 0: who runs the node */
	struct str act;	  /* "post.publish" */
	uint64_t about;	  /* a post, a draft, a person; 0: nothing */
	struct str words; /* what else there is to say; may be empty */
};

/* Adds it under a new id, at the time of the transaction. */
void team_log_add(struct db_txn *txn, uint64_t team, struct team_entry *entry);
/* Copied into arena. */
size_t team_log_page(struct db_txn *txn, struct arena *arena, uint64_t team,
		     const struct page *page, struct team_entry *out, size_t count);

/* Integrity: members are listed with their teams, and the other way round. */
void team_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

#endif
