/*
 * An activity on its way in: verified, decoded, prepared outside any write, applied inside one. The
 * same steps serve the inbox and the job that finishes what needed a fetch.
 */
#ifndef FF_FED_INCOMING_INT_H
#define FF_FED_INCOMING_INT_H

#include "fed_int.h"
#include "social/poll.h"

/* Who may do it: the column of the activity table that is checked before a handler runs. */
enum rule {
	RULE_OWN_NAME,	 /* anybody, in their own name: the actor is the verified signer */
	RULE_OWN_OBJECT, /* the stored owner of the object, or when it is unknown, an object on the
			    actor's own host */
	RULE_SELF,	 /* the object is the actor itself, to the letter */
	RULE_FOLLOWEE,	 /* the object of a follow that one of ours has sent */
	RULE_OWN_ACTIVITY, /* whose activity it was that is undone */
};

struct incoming;

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
	bool fetched;	 /* what was needed has been fetched, or cannot be had */
	struct str need; /* id of the object to fetch first; absent when nothing is needed */
	/* what prepare() made */
	struct ap_object *object;
	struct status status;
	struct ap_actor profile;
	struct str poll_uri; /* of votes */
	struct ballot *ballots;
	unsigned ballot_count;
	struct str inner_id; /* of an activity that is accepted, rejected or undone */
	struct str inner_actor;
	struct str inner_object;
	/* what apply() found */
	enum rc result; /* RC_OK: there was an effect */
	bool enqueued;
	uint64_t purge; /* an account whose rows are to be removed in further steps */
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
/* What a repetition is known by: the activity's id, or else the digest of its bytes (S-124). */
struct str incoming_name(struct incoming *in);
/* A write job's body: rule, repetition, effect; the verdict is in in->result. */
enum rc incoming_write(struct db_txn *txn, struct incoming *in) NODISCARD;

incoming_prepare prepare_post, prepare_vote, prepare_profile, prepare_inner, prepare_boost;
incoming_apply apply_create, apply_vote, apply_update, apply_delete, apply_profile, apply_like,
	apply_boost, apply_follow, apply_accept, apply_reject, apply_undo_follow, apply_undo_like,
	apply_undo_boost, apply_undo_block, apply_undo_unknown, apply_block, apply_flag, apply_move;

/* True when an Update was for the counts of a poll alone, and *rc is what came of it. */
bool apply_counts(struct incoming *in, struct social *s, const struct status *stored, enum rc *rc);

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

/* --- the job that finishes what needed a fetch --- */

enum inbox_mode {
	INBOX_ACTIVITY = 1, /* the stored activity, after fetching what it needs */
	INBOX_FETCH =
		2, /* a post by its id: what was forwarded is read at its origin (S-004, S-020) */
	INBOX_PURGE = 3, /* the rows of a deleted remote account, step by step */
	INBOX_MOVE = 4,	 /* an account says that it moved to need: is it so? */
};
/* need: what is to be fetched; actor and bytes: of INBOX_ACTIVITY. */
void inbox_job_add(struct social *s, enum inbox_mode mode, struct str lane, struct str need,
		   struct str actor, uint64_t account, struct str bytes);

/* The new account's document was just read, or it is ours. */
enum rc move_confirmed(struct social *s, uint64_t old, struct str target) NODISCARD;

#endif
