/* Communities on the wire (FEP-1b12), both ways: what the files about them share. */
#ifndef FF_FED_COMMUNITY_FED_INT_H
#define FF_FED_COMMUNITY_FED_INT_H

#include "incoming_int.h"
#include "social/community.h"

struct community_update;

#define COMMUNITY_MODERATORS "moderators"
#define COMMUNITY_FEATURED "collections/featured"

/* --- community_in.c: what moderators elsewhere do in a community of this node --- */

enum deed {
	DEED_ACT,
	DEED_BAN,
	DEED_UNBAN,
	DEED_APPOINT,
	DEED_DISMISS,
	DEED_REPORT, /* it is handled */
	DEED_UPDATE, /* of what the community says of itself, and how it is run */
};

struct moderating {
	enum deed deed;
	enum community_act act;
	uint64_t community, status;
	struct str person; /* who is banned, appointed, ... */
	struct str reason;
	uint64_t until_ms;
	bool removes; /* all that they posted */
	struct community_update *update;
};

/* What is done, told or taken back: the activity, or the one inside it. */
struct deed_view {
	enum ap_activity_type type;
	bool undo;
	struct jr root;
	struct str object, target;
};

/* --- community_update.c: Lemmy's Update of a Group by one of its moderators --- */

/* Is it one of a community of this node? Sets m->community and m->update. */
bool community_update_read(struct incoming *in, struct db_txn *txn, struct moderating *m);
enum rc community_update_do(struct social *s, const struct account *actor, uint64_t community,
			    const struct community_update *u) NODISCARD;
/* May it be passed on as it came? What says something else of the group's keys or addresses may not:
 * whoever hears it from the group would believe it. */
bool community_update_passes(const struct community_update *u);

/* --- build_community.c: our rows become documents --- */

/* The id of a group; empty when there is none. */
struct str build_group_uri(struct db_txn *txn, struct ctx *ctx, uint64_t group);
/* The group that hears of an act, or whose post it is about; empty when there is none. */
struct str build_group_of(struct db_txn *txn, struct ctx *ctx, const struct federate *f);
/* What the actor's document says of a community of this node; nothing of other accounts. */
enum rc build_community(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			const struct account *a, struct ap_actor_view *view) NODISCARD;
/* What moderators do. RC_UNSUPPORTED when f is of another kind. */
enum rc build_moderation(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			 const struct federate *f, const struct account *actor,
			 const struct account *target, struct jw *w) NODISCARD;
/* Are it stored bytes that are passed on? They are held until they are composed. */
bool community_passes_bytes(const struct federate *f);
/* FEDERATE_COMMUNITY_PASS: the group's Announce with the whole of what it passes on, and both proofs.
 * Opens transactions of its own. RC_NOT_FOUND when what it is about is gone. */
enum rc community_compose(struct fed *fed, struct ctx *ctx, const struct federate *f,
			  struct buf *out) NODISCARD;
/* The same head for what stands in its outbox: the Announce, open at its object. */
void build_group_announce(struct jw *w, struct str id, const struct account *group,
			  uint64_t published_ms, bool inner);

#endif
