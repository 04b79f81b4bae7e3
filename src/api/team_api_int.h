/* What the routes of teams share, and what those of posts ask of them. */
#ifndef FF_API_TEAM_API_INT_H
#define FF_API_TEAM_API_INT_H

#include "own_int.h"
#include "social/team.h"

/* --- team_posting.c --- */

/*
 * Whoever acts for a team sends a post, or (before is the post as it is) a change of one: true when it
 * was answered, since it waits for review or may not be. words, which may be NULL, are of its media.
 */
bool team_takes(struct call *call, const struct draft *draft, const struct schedule_ask *ask,
		const struct status *before, const struct media_words_list *words) NODISCARD;
/* As reply_rc(); what a role does not permit says why. */
void reply_team_rc(struct call *call, enum rc rc);

/* --- routes_teams.c --- */

/* The team that a request names by its first id, and what the person is in it. */
struct team_asked {
	struct team team;
	uint64_t person;
	enum team_role role;
};
/* RC_NOT_FOUND: there is none, or they are no member, or act for another one. */
enum rc team_asked(struct call *call, struct db_txn *txn, struct team_asked *out) NODISCARD;
/* Begins a reading for it. RC_DENIED besides, with the reason in ctx; g has ended then. */
enum rc team_begin(struct gather *g, struct call *call, team_permissions one_of,
		   struct team_asked *asked) NODISCARD;

/* --- render_pending.c: pure --- */

struct pending_view {
	const struct draft *draft; /* composed */
	const struct account_view *account;
	struct scheduled_view scheduled;
};
void render_pending(struct jw *w, const struct site *site, const struct pending_view *view);

/* "scheduled", "draft", "waiting", "returned". */
const char *scheduled_state_name(enum scheduled_state state);

#endif
