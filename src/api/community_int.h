/* Communities as the client API shows them. */
#ifndef FF_API_COMMUNITY_INT_H
#define FF_API_COMMUNITY_INT_H

#include "own_int.h"
#include "social/community.h"
#include "social/community_view.h"
#include "store/badge.h"

/*
 * A community that the account has joined, as a list of its own: its id is the community's, it shows the
 * threads, and it is exclusive as long as they are kept out of the home timeline. False when there is
 * none. The title is in arena.
 */
bool community_as_list(struct db_txn *txn, struct arena *arena, uint64_t account, uint64_t id,
		       struct list *out);
/* All of them, at most max. */
size_t communities_as_lists(struct db_txn *txn, struct arena *arena, uint64_t account,
			    struct list *out, size_t max);

/* A page of the threads of a community, as a timeline. 404 when it is none, or not to be seen. */
void reply_community_timeline(struct call *call, uint64_t community, const struct paging *page);

/* What a post's community says of it, for the viewer. NULL: it is in none, or in one not to be seen. */
struct status_community {
	const struct account_view *group;
	struct str group_text;	     /* the same as an entity */
	struct community_post place; /* status 0: it has none */
	bool pinned;		     /* now */
	struct str flair;
	struct str reason; /* why it was marked; empty: nothing was said */
};
const struct status_community *gather_status_community(struct gather *g, const struct status *s);
/* S-027: by whose word alone a post is known, which stands below its text, where everybody sees it. NULL: it is known
 * from its origin. */
struct attested {
	uint64_t by;	 /* a group elsewhere */
	struct str note; /* HTML */
};
const struct attested *gather_attested(struct gather *g, const struct status *s);
/* "group" as Mitra has it, and "community" with what is ours. */
void render_status_community(struct jw *w, const struct status_community *c,
			     const struct attested *attested);

/* --- the API of communities itself --- */

/* How the caller stands in one. */
struct community_card {
	const struct account_view *account;
	struct community_standing standing;
	struct community_role role;
	struct community_member row; /* account 0: there is none */
	uint64_t joined_ms;	     /* 0: not a member, or unknown */
	const struct badge_award *awards;
	const struct badge *badges; /* of each award */
	size_t award_count;
	uint64_t
		ends_ms; /* of the viewer's own: their membership by attribute; 0: it does not end */
	bool full;	 /* with what is for moderators */
};

struct community_view {
	const struct account_view *group;
	bool local;
	struct community settings; /* as they are with those of parents; of one elsewhere empty */
	unsigned given;
	struct community_totals totals;
	bool known_viewer, requested;
	struct community_card own; /* of the viewer */
};

/* RC_NOT_FOUND: there is none that the viewer may know of. */
enum rc gather_community_view(struct gather *g, uint64_t id, struct community_view *out) NODISCARD;
/* What is said in it is for the viewer: gather_community_view() alone shows also one that may be joined. */
bool community_is_open_to(struct gather *g, uint64_t id);
void gather_card_of(struct gather *g, uint64_t community, uint64_t account, bool full,
		    struct community_card *out);
void render_community(struct jw *w, const struct site *site, const struct community_view *view);
void render_card_of(struct jw *w, const struct site *site, const struct community_card *card);
void render_community_role(struct jw *w, const struct community_role *role);
void render_badge(struct jw *w, const struct badge *badge);
/* What the card shows as given. */
void render_awards(struct jw *w, const struct community_card *card);

/* The community, or why not. */
void reply_community(struct call *call, uint64_t id);
/* {} or why not. */
void reply_done(struct call *call, enum rc rc);

/* Begins a reading for those who have the permissions in a community of this node. False when it was
 * answered. */
bool community_begin(struct call *call, struct gather *g, uint64_t community,
		     unsigned permissions) NODISCARD;

#endif
