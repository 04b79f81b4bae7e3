/*
 * Communities: what a group is beyond its account, who has which part in it, and the posts that are
 * in it. The account of a community is a Group, here or elsewhere; settings and members are those of
 * communities of this node, posts and threads those of any.
 *
 * Whoever follows a community is its member: a row of members is kept only for those who are more
 * than that, or less.
 */
#ifndef FF_STORE_COMMUNITY_H
#define FF_STORE_COMMUNITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

/* --- settings --- */

/* The numbers of all sets here are part of the stored format. */
enum community_join {
	COMMUNITY_JOIN_OPEN,
	COMMUNITY_JOIN_ON_REQUEST,
	COMMUNITY_JOIN_BY_INVITATION,
	COMMUNITY_JOIN_BY_ATTRIBUTE, /* whoever has what its terms ask for */
};

/* Who may see what is said in it. */
enum community_sight {
	COMMUNITY_PUBLIC,
	COMMUNITY_UNLISTED,
	COMMUNITY_LOCAL,   /* people of this node */
	COMMUNITY_MEMBERS, /* members, who are of this node: it never leaves */
};

/* Who may begin a thread. */
enum community_posting {
	COMMUNITY_POST_ANYBODY,
	COMMUNITY_POST_MEMBERS,
	COMMUNITY_POST_APPOINTED, /* whose role permits it */
};

/* "open", "request", "invitation", "attribute"; "public", "unlisted", "local", "members"; "anybody", "members",
 * "appointed". */
const char *community_join_name(enum community_join join);
bool community_join_parse(struct str name, enum community_join *out) NODISCARD;
const char *community_sight_name(enum community_sight sight);
bool community_sight_parse(struct str name, enum community_sight *out) NODISCARD;
const char *community_posting_name(enum community_posting posting);
bool community_posting_parse(struct str name, enum community_posting *out) NODISCARD;

/* Which settings a community makes itself; the others are those of its parent. */
enum community_given {
	COMMUNITY_GIVES_KIND = 1,
	COMMUNITY_GIVES_JOIN = 2,
	COMMUNITY_GIVES_SIGHT = 4,
	COMMUNITY_GIVES_POSTING = 8,
	COMMUNITY_GIVES_PREMODERATION = 16,
	COMMUNITY_GIVES_SLOW = 32,
	COMMUNITY_GIVES_RETENTION = 64,
	COMMUNITY_GIVES_LANGUAGES = 128,
	COMMUNITY_GIVES_RULES = 256,
	COMMUNITY_GIVES_FLAIRS = 512,
	COMMUNITY_GIVES_TAGS = 1024,
	COMMUNITY_GIVES_ALL = 2047,
};

/* "kind", "join", ...: of one of them alone. */
const char *community_given_name(unsigned bit);

struct community_flair {
	uint32_t id; /* what threads say; the same as long as there is one of that name; never 0 */
	struct str name;
	struct str colour; /* "#rrggbb", or empty */
};

/* Who joins by attribute: any of the conditions, or all of them, are what the institution says of somebody
 * (store/attribute.h). They come and go with the setting of how one joins. */
struct community_condition {
	struct str name, value;
};
#define COMMUNITY_CONDITIONS_MAX 20
#define COMMUNITY_GRACE_DEFAULT_DAYS 14
#define COMMUNITY_GRACE_MAX_DAYS 365

struct community_terms {
	struct community_condition *conditions;
	unsigned condition_count;
	bool all;	     /* of the conditions, not just any */
	bool others_ask;     /* who does not meet them may ask to join; else not */
	uint32_t grace_days; /* that members have who do not meet them any more */
};

#define COMMUNITY_RULES_MAX 50
#define COMMUNITY_FLAIRS_MAX 50
#define COMMUNITY_LANGUAGES_MAX 20
#define COMMUNITY_TAGS_MAX 20
#define COMMUNITY_DEPTH_MAX 8 /* faculty, department, course: parents above it */

struct community {
	uint64_t id;	 /* its account's */
	uint64_t parent; /* the community that it belongs to; 0: none */
	uint64_t created_ms;
	unsigned given; /* enum community_given */
	enum community_join join;
	enum community_sight sight;
	enum community_posting posting;
	bool premoderated;	 /* what members post waits for a moderator */
	uint32_t slow_s;	 /* seconds between two posts of one member; 0: none */
	uint32_t retention_days; /* what is older goes; 0: never */
	struct str kind;	 /* "course", "ward": a word of the institution's */
	struct str *languages;
	unsigned language_count;
	struct str *rules;
	unsigned rule_count;
	struct community_flair *flairs;
	unsigned flair_count;
	struct str *tags; /* what it is about: hashtags as they were typed, without "#" */
	unsigned tag_count;
	struct community_terms terms; /* of COMMUNITY_JOIN_BY_ATTRIBUTE, in a row of its own */
};

/* As it is stored; everything is copied into arena. False when there is none, or the transaction has
 * failed. */
bool community_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct community *out);
/* The same with what it does not give itself taken from its parents; what nobody gives is open,
 * public, for members. */
bool community_effective(struct db_txn *txn, struct arena *arena, uint64_t id,
			 struct community *out);
/* NULL: it has none of that id. */
const struct community_flair *community_flair_find(const struct community *community, uint32_t id);
/* Are these the same for those who inherit them, as community_effective() has read them? */
bool community_says_the_same(const struct community *a, const struct community *b);
/* The account of a community of this node? */
bool community_exists(struct db_txn *txn, uint64_t id);
/* Adds or replaces. RC_INVALID when its parent is none, or itself, or more than COMMUNITY_DEPTH_MAX
 * would stand above one of them. */
enum rc community_put(struct db_txn *txn, struct arena *arena,
		      const struct community *community) NODISCARD;
/* Its children keep what they inherited from above it: they go to its parent. Its members, roles,
 * invitations and posts are removed by the caller. False when there is none. */
bool community_del(struct db_txn *txn, struct arena *arena, uint64_t id);
/* Those of this node in order of their ids, after `after`. Returns how many. */
size_t communities(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);
/* Those that belong to one, in order of their ids, after `after`. */
size_t community_children(struct db_txn *txn, uint64_t parent, uint64_t after, uint64_t *out,
			  size_t count);

/* --- roles --- */

enum community_permission {
	COMMUNITY_MAY_POST = 1, /* begin threads */
	COMMUNITY_MAY_COMMENT = 2,
	COMMUNITY_MAY_VOTE = 4,
	COMMUNITY_MAY_SKIP_QUEUE = 8, /* what it posts waits for nobody */
	COMMUNITY_MAY_INVITE = 16,
	COMMUNITY_MAY_ADMIT = 32,   /* requests of joining */
	COMMUNITY_MAY_APPROVE = 64, /* posts that wait */
	COMMUNITY_MAY_REMOVE = 128, /* posts of others */
	COMMUNITY_MAY_LOCK = 256,   /* threads */
	COMMUNITY_MAY_PIN = 512,
	COMMUNITY_MAY_BAN = 1024,
	COMMUNITY_MAY_REPORTS = 2048, /* sees and handles reports */
	COMMUNITY_MAY_STRIKES = 4096, /* sees strikes on members' cards */
	COMMUNITY_MAY_EDIT = 8192,    /* profile and settings */
	COMMUNITY_MAY_ROLES = 16384,  /* gives and takes roles below its own */
	COMMUNITY_MAY_EVENTS = 32768, /* holds events */
	COMMUNITY_MAY_RESOURCES = 65536,
	COMMUNITY_MAY_BALLOTS = 131072, /* calls them */
	COMMUNITY_MAY_BADGES = 262144,
	COMMUNITY_MAY_ANNOUNCE = 524288,
	COMMUNITY_MAY_ALL = 1048575,
};
/* "post", "comment", ...; NULL for what is no single permission. */
const char *community_permission_name(unsigned permission);
bool community_permission_parse(struct str name, unsigned *out) NODISCARD;

/* Those that every community has; roles of its own have greater ids. */
enum community_role_id {
	COMMUNITY_GUEST = 1,
	COMMUNITY_MEMBER = 2,
	COMMUNITY_MODERATOR = 3,
	COMMUNITY_OWNER = 4,
	COMMUNITY_ROLE_OWN = 16,
};
#define COMMUNITY_ROLES_MAX 40

struct community_role {
	uint64_t id;
	uint32_t position; /* nobody touches who stands as high */
	unsigned permissions;
	struct str name;
};

/* The name is copied into arena. One of the four is as it is by default until it is put. */
bool community_role_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t role,
			struct community_role *out);
/* All, the four first; how many. */
size_t community_roles(struct db_txn *txn, struct arena *arena, uint64_t community,
		       struct community_role out[COMMUNITY_ROLES_MAX]);
/* Adds (id 0: gets one) or replaces. False when there are COMMUNITY_ROLES_MAX. */
bool community_role_put(struct db_txn *txn, struct arena *arena, uint64_t community,
			struct community_role *role);
/* With the invitations that give it; its id is given to no other. False when there is none, or it is one of
 * the four: they become what they are by default. */
bool community_role_del(struct db_txn *txn, uint64_t community, uint64_t role);

/* --- members --- */

enum community_member_flags {
	COMMUNITY_BANNED = 1,
	/* has the role from a partner of the community, which `by` names, and keeps it as long as it is
	 * one (store/joint.h) */
	COMMUNITY_OF_PARTNER = 2,
};

struct community_member {
	uint64_t community;
	uint64_t account;
	uint64_t role;
	unsigned flags;
	uint64_t since_ms; /* of the role, or the ban */
	uint64_t until_ms; /* of a ban; 0: for good */
	uint64_t by;	   /* who gave it; 0: the node */
	uint32_t strikes;
	struct str reason; /* of a ban */
	struct str note;   /* for moderators */
};

/* Only rows: whoever merely follows has none. Strings are copied into arena. */
bool community_member_get(struct db_txn *txn, struct arena *arena, uint64_t community,
			  uint64_t account, struct community_member *out);
void community_member_put(struct db_txn *txn, const struct community_member *member);
bool community_member_del(struct db_txn *txn, uint64_t community, uint64_t account);
/* Is there a ban, over or not? Without a copy of the row. */
bool community_ban_peek(struct db_txn *txn, uint64_t community, uint64_t account,
			uint64_t *until_ms);
/* The rows of a community in order of accounts, after `after`; strings are copied into arena. */
size_t community_members(struct db_txn *txn, struct arena *arena, uint64_t community,
			 uint64_t after, struct community_member *out, size_t count);
/* Of these, those whose role stands above a member's, and those that are banned or were until their
 * time was over: both are found without a look at the other rows. */
size_t community_staff_rows(struct db_txn *txn, struct arena *arena, uint64_t community,
			    uint64_t after, struct community_member *out, size_t count);
size_t community_banned_rows(struct db_txn *txn, struct arena *arena, uint64_t community,
			     uint64_t after, struct community_member *out, size_t count);
/* The accounts that are banned, a page of them, newest account first. */
size_t community_banned_page(struct db_txn *txn, uint64_t community, const struct page *page,
			     uint64_t *out, size_t count);
/* Writes both indexes when there is none of them, for databases that are older. A write job. */
enum rc community_standing_ensure(struct db_txn *txn, void *arg);
/* The communities in which an account has a row, in order, after `after`. */
size_t community_rows_of(struct db_txn *txn, uint64_t account, uint64_t after, uint64_t *out,
			 size_t count);

/* --- invitations --- */

struct community_invite {
	uint64_t community;
	uint64_t id;
	uint64_t by;
	uint64_t role;	   /* that who comes gets */
	uint64_t until_ms; /* 0: no end */
	uint32_t limit;	   /* uses; 0: as many as come */
	uint32_t uses;
};
#define COMMUNITY_INVITES_MAX 200

/* secret is what stands in the link: only its digest is kept. Sets invite->id. RC_TOO_LARGE,
 * RC_EXISTS. */
enum rc community_invite_add(struct db_txn *txn, struct str secret,
			     struct community_invite *invite) NODISCARD;
/* False when there is none. It may have ended: see until_ms and limit. */
bool community_invite_find(struct db_txn *txn, struct str secret, struct community_invite *out);
/* One use more. */
void community_invite_use(struct db_txn *txn, struct str secret);
/* The last first; how many. */
size_t community_invites(struct db_txn *txn, uint64_t community,
			 struct community_invite out[COMMUNITY_INVITES_MAX]);
bool community_invite_del(struct db_txn *txn, uint64_t community, uint64_t id);

/* --- posts --- */

enum community_post_flags {
	COMMUNITY_POST_COMMENT = 1, /* it answers another */
	COMMUNITY_POST_HELD = 2,    /* waits for a moderator */
	COMMUNITY_POST_REMOVED = 4, /* a moderator has taken it out */
	COMMUNITY_POST_LOCKED = 8,  /* of a thread: no more comments */
	COMMUNITY_POST_PINNED = 16, /* of a thread: it stands first */
	/* it was shown, and changed since it was taken from sight: those elsewhere know what it was */
	COMMUNITY_POST_CHANGED = 32,
};
/* What is done with a post for a reason that is kept. */
#define COMMUNITY_POST_REASONED \
	(COMMUNITY_POST_REMOVED | COMMUNITY_POST_LOCKED | COMMUNITY_POST_PINNED)

struct community_post {
	uint64_t community;
	uint64_t status;
	uint64_t root; /* the thread's first; the status itself when it is that */
	unsigned flags;
	uint64_t last_ms;  /* of a thread: when it was answered last, or began */
	uint32_t comments; /* of a thread */
	uint32_t flair;	   /* of a thread: its id, which the community may have no more; 0: none */
	uint64_t pin_until_ms; /* of one that is pinned: not any more from then on; 0: for good */
};

/* Does it stand first now? */
static inline bool community_post_is_pinned(const struct community_post *p, uint64_t now_ms)
{
	return (p->flags & COMMUNITY_POST_PINNED) != 0 &&
	       (p->pin_until_ms == 0 || p->pin_until_ms > now_ms);
}

bool community_post_get(struct db_txn *txn, uint64_t community, uint64_t status,
			struct community_post *out);
/* Many at once; out[i].status is 0 where there is none. False when the transaction has failed. */
bool community_post_get_many(struct db_txn *txn, struct arena *arena, uint64_t community,
			     const uint64_t *ids, size_t count, struct community_post *out);
/* Adds one; a comment counts for its thread, unless it is held. */
void community_post_add(struct db_txn *txn, const struct community_post *post);
/* What it answers has come, or belongs to another thread by now: its place follows. Nothing where there
 * is none. */
void community_post_join(struct db_txn *txn, uint64_t community, uint64_t status, uint64_t root);
/* A thread that came after comments on it: they count for it, at most count of them. */
void community_post_recount(struct db_txn *txn, uint64_t community, uint64_t thread, size_t count);
/* Other flags or another flair of one that is there; the count of its thread follows. False when there
 * is none. */
bool community_post_mark(struct db_txn *txn, uint64_t community, uint64_t status, unsigned set,
			 unsigned clear);
bool community_post_flair(struct db_txn *txn, uint64_t community, uint64_t status, uint32_t flair);
bool community_post_pin_until(struct db_txn *txn, uint64_t community, uint64_t status,
			      uint64_t until_ms);
/* False when there is none. */
bool community_post_del(struct db_txn *txn, uint64_t community, uint64_t status);

enum community_posts_kind {
	COMMUNITY_POSTS_ALL,
	COMMUNITY_POSTS_THREADS,
	COMMUNITY_POSTS_HELD,
	COMMUNITY_POSTS_PINNED,
};
/* What is in a community, newest first; what is held or removed only when it is asked for. */
size_t community_posts(struct db_txn *txn, uint64_t community, enum community_posts_kind kind,
		       const struct page *page, uint64_t *out, size_t count);
/* The newest threads with what is kept of each, for ranking. */
size_t community_threads(struct db_txn *txn, uint64_t community, uint64_t max_id,
			 struct community_post *out, size_t count);
/* How many threads and comments it has, none of them held or removed. */
struct community_totals {
	uint64_t threads;
	uint64_t comments;
};
struct community_totals community_totals(struct db_txn *txn, uint64_t community);

/* Why a moderator has last done what was done with a post: kept as long as it is removed, locked or pinned.
 * A text that is empty says nothing new; one that is too long is cut. */
void community_reason_put(struct db_txn *txn, uint64_t community, uint64_t status, struct str text);
/* Copied into arena; empty when there is none. */
struct str community_reason_get(struct db_txn *txn, struct arena *arena, uint64_t community,
				uint64_t status);

/* What a remote author sent of what is held or removed, as it came: followers get it when it is shown. */
void community_held_put(struct db_txn *txn, uint64_t status, struct str bytes);
/* Absent when there is nothing. Points into the transaction. */
struct str community_held_get(struct db_txn *txn, uint64_t status);
bool community_held_del(struct db_txn *txn, uint64_t status);

/* At most count rows of all that a community has beside its settings. Returns how many went. */
size_t community_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: settings to accounts, children to parents, members and posts both ways, counts. */
void community_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg);

#endif
