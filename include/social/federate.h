/*
 * The job that tells peers. social writes one in the same write as the act; fed's handler builds
 * the activity, expands its audience in chunks and adds the deliveries.
 */
#ifndef FF_SOCIAL_FEDERATE_H
#define FF_SOCIAL_FEDERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "social/social.h"
#include "store/status.h"

/* The kinds of jobs of the whole program; the numbers are stored. */
enum job_kind {
	JOB_FEDERATE = 1,    /* expand an act of ours into deliveries */
	JOB_DELIVER = 2,     /* one activity to one inbox */
	JOB_INBOX = 3,	     /* a received activity that needs something fetched first */
	JOB_SWEEP = 4,	     /* forget what is too old */
	JOB_THREAD = 5,	     /* replies that waited join their parent, step by step */
	JOB_CRAWL = 6,	     /* what is missing of a thread, or an account's newest posts */
	JOB_VERIFY = 17,     /* fetch what proves that a quote or another interaction is allowed */
	JOB_POLL = 15,	     /* tell the counts of a poll, or end it */
	JOB_MOVE = 18,	     /* take the followers of an account that moved along */
	JOB_SCHEDULED = 24,  /* a post whose time has come */
	JOB_SYNC = 10,	     /* compare followers with their host (FEP-8fcf) */
	JOB_COMMUNITY = 52,  /* keep the communities of this node */
	JOB_TAKEN = 40,	     /* ask where an account that moved away has its posts now */
	JOB_PUSH = 41,	     /* one notification to one push service */
	JOB_CARD = 43,	     /* read a page that a post links to */
	JOB_MAIL = 42,	     /* one letter */
	JOB_STATEMENT = 60,  /* a letter about what a moderator has decided */
	JOB_SEVER = 61,	     /* end the follows of a host that was blocked */
	JOB_YEAR = 71,	     /* count what somebody did in a year, step by step */
	JOB_LINKS = 70,	     /* look whether a page links back to the profile that links there */
	JOB_SIFT = 62,	     /* posts that were held long, waves, lists of blocks */
	JOB_EVENT = 50,	     /* tell how many take part in an event */
	JOB_ATTRIBUTE = 87,  /* look after memberships that follow from attributes */
	JOB_EVENT_WAKE = 88, /* remind somebody of an event; tell of the next date of a series */
	JOB_JOINT = 80,	     /* have what partners of a community have */
	JOB_LEDGER_WRITE = 82, /* write what is shared and decided in a joint community */
	JOB_LEDGER_READ = 83,  /* read what a partner has written */
};

/* constant, its Undo or what else it is called on the wire */
enum federate_what {
	FEDERATE_CREATE = 1,
	FEDERATE_UPDATE = 2,
	FEDERATE_DELETE = 3,
	FEDERATE_BOOST = 4,
	FEDERATE_UNBOOST = 5,
	FEDERATE_LIKE = 6,
	FEDERATE_UNLIKE = 7,
	FEDERATE_FOLLOW = 8,
	FEDERATE_UNFOLLOW = 9,
	FEDERATE_ACCEPT = 10,
	FEDERATE_REJECT = 11,
	FEDERATE_BLOCK = 12,
	FEDERATE_UNBLOCK = 13,
	FEDERATE_FLAG = 14,
	FEDERATE_ACTOR = 15,	      /* the account's own profile or keys changed */
	FEDERATE_ACTOR_DELETE = 16,   /* the account is gone */
	FEDERATE_CONTEXT_ADD = 25,    /* a reply has joined a conversation of ours */
	FEDERATE_CONTEXT_REMOVE = 26, /* it was taken out of it */
	/* what others wrote: body is there from the start, object is the host it came from */
	FEDERATE_FORWARD = 30,
	/* a follow of the Public collection and its end: object is the relay's inbox */
	FEDERATE_RELAY_FOLLOW = 31,
	FEDERATE_RELAY_UNFOLLOW = 32,
	/* answers to such a follow of ours */
	FEDERATE_RELAY_ACCEPT = 33,
	FEDERATE_RELAY_REJECT = 34,
	/* to target, or without one to the subscribers of the styles that status names as bits;
	 * object is the host that is left out, a blank, and what is announced */
	FEDERATE_RELAY_ANNOUNCE = 35,
	/* the same with bytes that are there from the start; object is the host alone */
	FEDERATE_RELAY_PASS = 36,
	FEDERATE_REACT = 50, /* text is the emoji */
	FEDERATE_UNREACT = 51,
	FEDERATE_PIN = 52,
	FEDERATE_UNPIN = 53,
	FEDERATE_FEATURE_TAG = 54, /* text is the hashtag */
	FEDERATE_UNFEATURE_TAG = 55,
	FEDERATE_DISLIKE = 56,
	FEDERATE_UNDISLIKE = 57,
	FEDERATE_REQUEST = 60, /* asks for consent; status is the interaction */
	FEDERATE_APPROVE = 61, /* gives it */
	FEDERATE_DENY = 62,
	FEDERATE_QUOTE_REVOKE = 63, /* takes it back; object is the authorization */
	FEDERATE_VOTE = 40,	    /* a choice in somebody's poll; object is the option */
	FEDERATE_POLL = 41,	    /* the counts of a poll */
	FEDERATE_POLL_VOTERS = 42,  /* the same, once followers have it: for those who voted */
	FEDERATE_MOVE = 70,	    /* the account has moved to target */
	/* of collections of accounts: status is the collection, text its id, object what it is about,
	 * target the account */
	FEDERATE_COLLECTION_ADD = 80,
	FEDERATE_COLLECTION_UPDATE = 81,
	FEDERATE_COLLECTION_REMOVE = 82,
	FEDERATE_COLLECTION_ITEM_ADD = 83,
	FEDERATE_COLLECTION_ITEM_REMOVE = 84,
	FEDERATE_FEATURE_REQUEST = 85, /* between the two */
	FEDERATE_FEATURE_ACCEPT = 86,
	FEDERATE_FEATURE_REJECT = 87,
	FEDERATE_FEATURE_REVOKE = 88,
	/*
	 * A community passes on what was done in it (FEP-1b12): text is the act of a local account as
	 * another federate; without one, status is the stored bytes of what came, and object the host
	 * that it came from.
	 */
	FEDERATE_COMMUNITY_PASS = 90,
	/* What moderators do: extra[0] is the community, which hears of it where it is elsewhere; text
	 * is the reason; target is whose post it is, or who is banned or appointed; of a ban, object is
	 * its end in ms, or empty. */
	FEDERATE_COMMUNITY_LOCK = 91,
	FEDERATE_COMMUNITY_UNLOCK = 92,
	FEDERATE_COMMUNITY_REMOVE = 93,
	FEDERATE_COMMUNITY_RESTORE = 94,
	FEDERATE_COMMUNITY_PIN = 95,
	FEDERATE_COMMUNITY_UNPIN = 96,
	FEDERATE_COMMUNITY_BAN = 97,
	FEDERATE_COMMUNITY_UNBAN = 98,
	FEDERATE_COMMUNITY_APPOINT = 99,
	FEDERATE_COMMUNITY_DISMISS = 100,
	/* to target, who reported something in it: that is handled; status is the report */
	FEDERATE_COMMUNITY_RESOLVE = 101,
	FEDERATE_JOIN = 120, /* asks to take part in somebody's event; text is a note */
	FEDERATE_LEAVE = 121,
	FEDERATE_JOIN_ACCEPT = 122, /* answers; object is the id of the Join, target whose it is */
	FEDERATE_JOIN_REJECT = 123,
	FEDERATE_EVENT = 124,		   /* how many take part in an event of ours */
	FEDERATE_EVENT_PARTICIPANTS = 125, /* the same, once followers have it: for those who do */
	/* of invitations to events: status is the event, target the other side, uri or (of answers and
	 * of what is taken back) object the id of the Invite */
	FEDERATE_INVITE = 180,
	FEDERATE_UNINVITE = 181,
	FEDERATE_INVITE_ACCEPT = 182,
	FEDERATE_INVITE_REJECT = 183,
	/* of joint communities: actor is the community, target the group elsewhere, object the id of the
	 * Offer, whoever made it */
	FEDERATE_JOINT_OFFER = 190,
	FEDERATE_JOINT_ACCEPT = 191,
	FEDERATE_JOINT_REJECT = 192,
	FEDERATE_JOINT_UNDO = 193,
	FEDERATE_LEDGER = 194, /* target is told that there is something in the ledger */
};

#define FEDERATE_EXTRA_MAX 104

struct federate {
	enum federate_what what;
	uint64_t actor;	 /* whose act it is: a local account */
	uint64_t status; /* the post, boost or liked post; 0 when it is about none */
	uint64_t target; /* the account that is followed, accepted, blocked, reported, boosted,
			    liked; 0 when none */
	enum visibility visibility; /* of the status */
	struct str uri;		    /* id of the activity that is done or undone */
	struct str object; /* id of what it is about, where it cannot be looked up any more; comment
			      of a Flag */
	struct str text;   /* what the kind says; mostly empty, and stored only when it is not */
	uint64_t at_ms;
	uint64_t extra[FEDERATE_EXTRA_MAX]; /* accounts that hear of it besides followers: the
					       mentioned, a parent's author */
	unsigned extra_count;
	struct str cursor; /* where the expansion goes on; empty at first */
	uint64_t body;	   /* the activity's stored bytes; 0 at first */
};

void federate_encode(struct buf *out, const struct federate *f);
/* Strings are copied into arena. False when payload is damaged. */
bool federate_decode(struct arena *arena, struct str payload, struct federate *out);
/* Adds the job. */
void federate_add(struct social *s, const struct federate *f);
/*
 * Adds one of which there may be many a second, each for everybody: the votes that a community passes
 * on. It is begun after FEDERATE_HOLD_MS, so that the post that it is about goes before it, and waits
 * while the node has too much to deliver; nothing else waits for it.
 */
void federate_add_patient(struct social *s, const struct federate *f);
#define FEDERATE_HOLD_MS 1000
/* The mark of those in the order of their jobs. */
#define FEDERATE_PATIENT (UINT64_C(1) << 63)

#endif
