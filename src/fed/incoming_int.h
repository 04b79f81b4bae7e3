/*
 * An activity on its way in: verified, decoded, prepared outside any write, applied inside one. The
 * same steps serve the inbox and the job that finishes what needed a fetch.
 */
#ifndef FF_FED_INCOMING_INT_H
#define FF_FED_INCOMING_INT_H

#include "fed_int.h"
#include "social/poll.h"
#include "store/uri.h"

/* Who may do it: the column of the activity table that is checked before a handler runs. */
enum rule {
	RULE_OWN_NAME,	 /* anybody, in their own name: the actor is the verified signer */
	RULE_OWN_OBJECT, /* the stored owner of the object, or when it is unknown, an object on the
			    actor's own host */
	RULE_SELF,	 /* the object is the actor itself, to the letter */
	RULE_FOLLOWEE,	 /* the object of a follow that one of ours has sent */
	RULE_OWN_FEATURED, /* the target is the actor's own collection of featured things, as stored */
	RULE_OWN_ACTIVITY, /* whose activity it was that is undone */
	RULE_ASKED,	   /* the author of the post that one of ours has asked about */
	RULE_OWN_CONTEXT,  /* the target is a conversation on the actor's own host */
	RULE_MODERATOR,	   /* who may do it in the community of this node that it is about */
	RULE_ORGANIZER,	   /* who holds the event that one of ours has asked to join, as stored */
};

struct incoming;
struct moderating; /* what a moderator does in a community of this node: community_in.c */
struct announced;  /* what a group elsewhere has passed on: announced.c */

/* Outside any write: decode, sanitise; sets in->need when something must be fetched first. */
typedef enum rc incoming_prepare(struct incoming *in);
/* Inside a write: the effect. */
typedef enum rc incoming_apply(struct incoming *in, struct social *s, const struct account *actor);

struct activity_row {
	enum ap_activity_type type;
	enum ap_object_class object; /* AP_CLASS_UNKNOWN: whatever it is */
	enum ap_activity_type
		inner; /* of an activity about an activity; AP_OTHER: whatever it is */
	enum rule rule;
	bool once; /* its id is remembered: the effect itself does not tell a repetition */
	incoming_prepare *prepare; /* may be NULL */
	incoming_apply *apply;
	const char *what; /* for the federation document: what it does here */
};

extern const struct activity_row activity_table[];
extern const size_t activity_table_count;

struct incoming {
	struct fed *fed;
	struct ctx *ctx;
	struct str bytes; /* the whole activity */
	struct jr_doc *doc;
	struct ap_activity activity;
	uint64_t signer;
	const struct activity_row *row;
	bool fetched;	    /* what was needed has been fetched, or cannot be had */
	struct str need;    /* id of the object to fetch first; absent when nothing is needed */
	bool need_actor;    /* it is an account's */
	uint64_t told_by;   /* the group that has passed it on, and is followed here; 0: nobody */
	uint64_t told_in;   /* the community here of which that is a partner; 0: of none */
	bool relay_welcome; /* its host may subscribe to the relay that this node is */
	/* what prepare() made */
	struct ap_object *object;
	struct status status;
	struct ap_actor profile;
	struct str poll_uri; /* of votes */
	struct ballot *ballots;
	unsigned ballot_count;
	struct ap_reaction reaction; /* of a like, or of what is undone; absent: none */
	struct str hashtag;	     /* that is featured, or no longer */
	struct str inner_id;	     /* of an activity that is accepted, rejected or undone */
	struct str inner_actor;
	struct str inner_object;
	uint64_t interaction; /* of an answer: what was asked */
	struct moderating *moderating;
	struct announced *announced;
	/* what apply() found */
	enum rc result; /* RC_OK: there was an effect */
	bool enqueued;
};

/*
 * Parses bytes and finds the table's row. RC_OK, or what the sender should hear: RC_INVALID,
 * RC_UNAUTHENTICATED (actor is not the signer), RC_BLOCKED. row is NULL for what has no meaning
 * here.
 */
enum rc incoming_open(struct incoming *in, struct str signer_uri) NODISCARD;
/* The second half of it, for an activity that was opened and not its signer's, once its actor has
 * proved it. RC_BLOCKED. */
enum rc incoming_admit(struct incoming *in) NODISCARD;
void incoming_close(struct incoming *in);
enum rc incoming_prepare_row(struct incoming *in) NODISCARD;
/* S-061: what is told by its id alone, or by somebody else, is fetched for followers of its sender
 * and for those whom the activity addresses. */
bool incoming_is_worth_a_fetch(struct incoming *in);
/* Is anything stored under this id? */
bool incoming_is_known(struct fed *fed, struct str uri);
/* What a repetition is known by: the activity's id, or else the digest of its bytes (S-124). */
struct str incoming_name(struct incoming *in);
/* A write job's body: rule, repetition, effect; the verdict is in in->result. */
enum rc incoming_write(struct db_txn *txn, struct incoming *in) NODISCARD;

/* Rule, repetition and effect, inside somebody else's write: of what a group has passed on. */
enum rc incoming_effect(struct incoming *in, struct social *s) NODISCARD;

bool rule_own_context(struct incoming *in, struct str actor);

/* --- community_in.c --- */

bool rule_moderator(struct incoming *in, struct db_txn *txn, const struct account *actor);
/* The community of this node that an activity is about, by what it is about; 0: none. Before the effect,
 * which may remove what tells it. */
uint64_t community_about(struct incoming *in, struct social *s);
/* Passes on, in a joint community, what a partner has told of another's act; bytes are the act as it was
 * made. False when that has happened already: so circles of partners end. */
bool community_told_before(struct incoming *inner, struct social *s, uint64_t community);
void community_pass_told(struct incoming *inner, struct social *s, uint64_t community,
			 const struct account *group);
/* After an effect: the community passes on what its member has done. */
void community_pass_on(struct incoming *in, struct social *s, const struct account *actor,
		       uint64_t community);
/* --- announced.c --- */

/* Is somebody here interested in what this account passes on (S-028)? */
bool incoming_is_followed(struct fed *fed, uint64_t account);
/* The community here of which whoever has passed something on is a partner; 0: none. */
uint64_t announced_home(const struct incoming *in);
/* A group that names a post which is for it shows its own, in its community: then true, and *rc. uri is
 * the id of the Announce. */
bool announced_plainly(struct social *s, const struct account *group, uint64_t status,
		       struct str uri, enum rc *rc);

incoming_prepare prepare_moderation, prepare_resolve;
incoming_apply apply_moderation, apply_resolve;

incoming_prepare prepare_follow, prepare_post, prepare_profile, prepare_inner, prepare_boost,
	prepare_announced, prepare_request, prepare_answer, prepare_context_add;
/* Goes on to the next row that the activity fits, for a prepare() that finds that it is not its own.
 * False when there is none; then the row stays. */
bool incoming_next_row(struct incoming *in);
/* RULE_OWN_FEATURED. */
bool incoming_owns_target(const struct incoming *in, const struct account *actor);
/* S-125: what is taken back before it came must have no effect when it comes; rc is what taking it
 * back came to. */
enum rc incoming_forestall(struct incoming *in, struct social *s, const struct account *actor,
			   enum rc rc) NODISCARD;
/* Takes back what a uri of kind URI_REACTION or URI_DISLIKE names, when it is the actor's. */
enum rc undo_reaction_of(struct incoming *in, struct social *s, const struct account *actor,
			 struct uri_entry entry) NODISCARD;

incoming_prepare prepare_vote, prepare_reaction, prepare_undo_reaction, prepare_featured;
/* handle_react.c: a reaction as it is kept, of somebody of that host; without an activity. */
struct reaction reaction_told(struct social *s, const struct ap_reaction *told, struct str host);
incoming_apply apply_emoji_react, apply_dislike, apply_undo_emoji_react, apply_undo_dislike,
	apply_add, apply_remove;
incoming_apply apply_create, apply_vote, apply_update, apply_delete, apply_profile, apply_like,
	apply_boost, apply_follow, apply_accept, apply_reject, apply_undo_follow, apply_undo_like,
	apply_undo_boost, apply_undo_block, apply_undo_unknown, apply_block, apply_flag, apply_move,
	apply_announced, apply_request, apply_approval, apply_denial, apply_revocation,
	apply_context_add, apply_context_remove;
incoming_prepare prepare_ledger;
incoming_apply apply_ledger;
incoming_prepare prepare_collection;
incoming_apply apply_collection_add, apply_collection_remove, apply_collection_update,
	apply_feature_request, apply_feature_accept, apply_feature_reject;

/* True when an Update was for the counts of a poll alone, and *rc is what came of it. */
bool apply_counts(struct incoming *in, struct social *s, const struct account *actor,
		  const struct status *stored, enum rc *rc);

/* --- joint_in.c: partners of communities --- */

/* The Offer of a relation is accepted, refused or taken back by its id alone: the row for it; NULL when it
 * is none of a partner's. */
const struct activity_row *joint_answer_row(struct incoming *in);
incoming_prepare prepare_joint;
incoming_apply apply_joint_offer, apply_joint_accept, apply_joint_reject, apply_joint_undo;

/* --- proof.c: what somebody else brings --- */

/*
 * rc is RC_OK when the actor has made a valid proof over the activity: then account is the actor's.
 * RC_UNAUTHENTICATED: it has not. RC_NOT_FOUND: nobody here cares enough to ask for a stranger's
 * key (S-061). Anything else: the key cannot be had now.
 */
typedef void proof_done(void *arg, enum rc rc, uint64_t account);
/*
 * Verifies an activity that somebody else than its actor has sent; the sender is in->signer. Calls
 * done exactly once: on this thread, or on the hand's after waiting for the key, with req held.
 */
void proof_verify_carried(struct incoming *in, struct httpd_request *req, proof_done *done,
			  void *arg);

/* The account whose proof the activity bears, by a key that is known here; 0: it bears none that could
 * be verified without asking. */
uint64_t proof_of_known(struct incoming *in);

/* --- the job that finishes what needed a fetch --- */

/* May another attempt come to something else? */
bool job_may_pass(enum rc rc);

enum inbox_mode {
	INBOX_ACTIVITY = 1, /* the stored activity, after fetching what it needs */
	INBOX_FETCH =
		2, /* a post by its id: what was forwarded is read at its origin (S-004, S-020) */
	INBOX_PURGE = 3,       /* earlier versions: the rows of a deleted remote account */
	INBOX_MOVE = 4,	       /* an account says that it moved to need: is it so? */
	INBOX_UPDATED = 15,    /* a post that somebody says was edited: its origin is asked */
	INBOX_GONE = 14,       /* a post that somebody says is deleted: its origin is asked */
	INBOX_COLLECTION = 30, /* a collection of accounts is read */
	INBOX_FEATURED = 20,   /* what an account shows first is read */
};
/* need: what is to be fetched; actor and bytes: of INBOX_ACTIVITY. */
void inbox_job_add(struct social *s, enum inbox_mode mode, struct str lane, struct str need,
		   struct str actor, uint64_t account, struct str bytes);
/* The same, not before wait_ms have passed: see jitter_ms(). */
void inbox_job_add_later(struct social *s, enum inbox_mode mode, struct str lane, struct str need,
			 struct str actor, uint64_t account, struct str bytes, uint64_t wait_ms);

/* --- update_job.c --- */

/* Prepares an incoming with a post's document as it is at its origin now, for updated_apply(). RC_INVALID
 * when what came is not that post. */
enum rc updated_open(struct incoming *in, struct str uri, struct document *doc) NODISCARD;
/* In a write: the edit, as an Update by its author would bring it. */
enum rc updated_apply(struct incoming *in, struct social *s) NODISCARD;

/* --- gone_job.c --- */

/* Asks the origin of a post; done tells whether it is gone, or why that cannot be said. */
void gone_ask(struct fed *fed, struct str uri,
	      void (*done)(void *arg, bool gone, enum rc rc, const char *reason), void *arg);
/* Removes a remote post that is gone. In a write. */
enum rc gone_apply(struct social *s, struct str uri) NODISCARD;

/* --- forward.c: ActivityPub section 7.1.2 --- */

/* Is this id known here? Outside any write. */
bool forward_knows(struct fed *fed, struct str uri);
/* What the job that reads the origin does for an activity that was passed on. */
enum inbox_mode forward_mode(const struct incoming *in);

/* Is it what another server wrote and the signer passes on? Only its origin can tell it. */
bool forward_is_one(const struct incoming *in, struct str signer_uri);
/* Passes a new answer to a post of ours on to the followers whom it addresses, where it does. */
void forward_on(struct incoming *in, struct social *s, const struct account *actor);

/* The post of ours that an activity is about has moved away with its author: whose it was, and who
 * has it now. Before the effect, which may remove what tells it. */
struct moved_home {
	uint64_t old, now;
};
bool forward_moved_find(struct incoming *in, struct social *s, struct moved_home *out);
/* Passes the activity on to there. */
void forward_home(struct incoming *in, struct social *s, const struct account *actor,
		  const struct moved_home *home);

/* Reads what a remote account shows first, when somebody here follows it and that was not done
 * lately; sets account->featured_ms, which the caller stores. */
void featured_consider(struct social *s, struct account *account);

/* The new account's document was just read, or it is ours. */
enum rc move_confirmed(struct social *s, uint64_t old, struct str target) NODISCARD;

#endif
