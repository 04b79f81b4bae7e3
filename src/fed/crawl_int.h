/*
 * A crawl: what is missing of a thread, or an account's newest posts, fetched in the background.
 *
 *   struct crawl        what is known and what is still to be asked for; the job's payload, so that
 *                       a crash goes on where it was
 *   struct crawl_entry  one thing to ask for: a post, a page of a collection
 *   errand              an entry under way (crawl_run.c)
 *
 * Nothing here is recursive: what is found is put on the list, once (S-055). What bounds it is a
 * table (S-054, S-061). All of it is pure but crawl_seed.c, which reads the store.
 */
#ifndef FF_FED_CRAWL_INT_H
#define FF_FED_CRAWL_INT_H

#include "ap/collection.h"
#include "fed_int.h"
#include "social/thread.h"

#define CRAWL_ENTRIES_MAX 2000
#define CRAWL_SEEN_MAX 8192
#define CRAWL_SLOW_MAX 32
#define CRAWL_LATER_MAX 8
#define CRAWL_PAYLOAD_MAX LOOK_STATE_MAX

enum crawl_kind {
	CRAWL_PARENT = 1, /* a post because something known replies to it */
	CRAWL_POST = 2,	  /* a post because a collection lists it */
	CRAWL_PAGE = 3,	  /* a collection or a page of one */
	CRAWL_FRESH = 4,  /* a post that is known: what its server counts by now */
};

enum crawl_source {
	CRAWL_OF_REPLIES = 1,
	CRAWL_OF_CONTEXT = 2,
	CRAWL_OF_OUTBOX = 3,
};

struct crawl_entry {
	enum crawl_kind kind;
	enum crawl_source source; /* of pages and what they list */
	unsigned depth;		  /* of replies, from the post that is looked at */
	unsigned page;		  /* pages of this collection that came before */
	unsigned items;		  /* and what they listed */
	unsigned tries;
	uint64_t owner; /* the status whose replies, the account whose outbox it is */
	struct str uri;
};

/* What a crawl of each mode may cost: SECURITY section 13, S-054, S-055, S-061. */
struct crawl_limits {
	uint64_t requests;
	uint64_t bytes;
	uint64_t ms;
	unsigned climbs; /* ancestors */
	unsigned pages;	 /* of one collection */
};
const struct crawl_limits *crawl_limits(enum crawl_mode mode);
#define CRAWL_DEPTH_MAX 10

enum crawl_context {
	CRAWL_CONTEXT_NONE,  /* there is none that can be read: replies are walked */
	CRAWL_CONTEXT_ASKED, /* its collection has been asked for */
	CRAWL_CONTEXT_READ,  /* it tells the whole thread */
};

struct crawl {
	enum crawl_mode mode;
	uint64_t id;   /* the status that is looked at or that waits, or the account */
	uint64_t root; /* of a thread */
	struct str context;
	enum crawl_context context_state;
	struct str author; /* of an outbox */
	uint64_t requests, bytes, spent_ms;
	unsigned climbed;
	unsigned found;
	uint64_t slow[CRAWL_SLOW_MAX]; /* hosts that did not answer */
	unsigned slow_count;
	uint64_t seen[CRAWL_SEEN_MAX];
	unsigned seen_count;
	struct crawl_entry entries[CRAWL_ENTRIES_MAX];
	unsigned count;
	/* pages of the thread's own collections that were too long for one crawl */
	struct crawl_entry later[CRAWL_LATER_MAX];
	unsigned later_count;
};

/* --- crawl.c --- */

void crawl_init(struct crawl *c, enum crawl_mode mode, uint64_t root);
void crawl_encode(struct buf *out, const struct crawl *c);
/* Strings are copied into arena. False when payload is damaged or not of this kind. */
bool crawl_decode(struct arena *arena, struct str payload, struct crawl *out) NODISCARD;
/* The payload that crawl_add() makes. */
bool crawl_start_decode(struct str payload, struct crawl *out) NODISCARD;

/* Puts it on the list unless there is no room or, but for posts, it was there before: what is known
 * costs nothing, and its replies are one page, once. Copies the uri. */
void crawl_push(struct crawl *c, struct arena *arena, const struct crawl_entry *entry);
/* The same for what is to be tried once more, behind all else: what comes last is taken first, so
 * that the list stays as short as the thread is deep. */
void crawl_push_again(struct crawl *c, struct arena *arena, const struct crawl_entry *entry);
/* Takes the entry at index off the list. */
struct crawl_entry crawl_take(struct crawl *c, unsigned index);
/* May it go on, when it has cost so much more? */
bool crawl_may_go_on(const struct crawl *c, uint64_t requests, uint64_t bytes, uint64_t ms);
bool crawl_is_slow(const struct crawl *c, struct str host);
void crawl_note_slow(struct crawl *c, struct str host);
/* What a crawl that was too long leaves to the next look: its list, with a new allowance. */
void crawl_put_off(struct crawl *c, struct arena *arena);
/* What a page lists, and where it goes on. base is the collection that it belongs to. */
void crawl_read_page(struct crawl *c, struct arena *arena, const struct crawl_entry *entry,
		     const struct ap_collection *page);

/* --- crawl_seed.c: in a read transaction --- */

/* Where a crawl begins. False when there is nothing to look for. */
bool crawl_seed(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c);
/* The replies to a known post: its collection, or what is known of them. */
void crawl_descend(struct db_txn *txn, struct arena *arena, struct crawl *c,
		   const struct status *status, unsigned depth);
/* A parent was found: what it replies to in turn, or that it is the first. */
void crawl_climb_on(struct fed *fed, struct db_txn *txn, struct arena *arena, struct crawl *c,
		    uint64_t id);
/* The conversation's collection cannot be read: the replies are walked instead. */
void crawl_without_context(struct db_txn *txn, struct arena *arena, struct crawl *c);

/* --- crawl_page.c --- */

/* What came of fetching a page or a fresh post. */
struct crawl_answer {
	struct ap_collection *page; /* NULL: none */
	struct status_hints hints;  /* of the entry's owner */
	struct str replies;	    /* of a fresh post: the id of its collection */
};
typedef void crawl_answered(void *arg, enum rc rc);
/* ctx and answer live until done, whose reason is in ctx. */
void crawl_fetch(struct fed *fed, struct ctx *ctx, const struct crawl_entry *entry,
		 struct crawl_cost *cost, struct crawl_answer *answer, crawl_answered *done,
		 void *arg);

#endif
