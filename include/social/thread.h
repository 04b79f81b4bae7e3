/*
 * Conversations: replies that come before their parents, the conversation's id that posts carry
 * (FEP-7888), and asking for what is missing. All but thread_context() run inside a write.
 */
#ifndef FF_SOCIAL_THREAD_H
#define FF_SOCIAL_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/status.h"

/* --- threads that grow together --- */

/* A status has just been added: what has waited for it joins, what it waits for is noted. The rest
 * of what is long is left to JOB_THREAD. */
void thread_welcome(struct social *s, const struct status *status);

/* The payload of JOB_THREAD. */
struct thread_task {
	enum thread_step {
		THREAD_JOIN = 1, /* those that wait for status id join it */
		THREAD_MOVE = 2, /* what stands under status id goes to its root */
	} step;
	uint64_t id;
	uint64_t after; /* of THREAD_JOIN: where it goes on */
};
void thread_task_encode(struct buf *out, const struct thread_task *task);
bool thread_task_decode(struct str payload, struct thread_task *out) NODISCARD;
/* One bounded step; true when there is more to do, and *task says where. */
bool thread_task_step(struct social *s, struct thread_task *task);

/* --- the conversation --- */

/* The id that a stored post carries: what it was told, or that of our own first post. Empty when
 * there is none. */
struct str thread_context(struct arena *arena, const struct status *status);
/* The id for a new reply of ours to parent; a peer's is remembered, so that its Add counts. */
struct str thread_context_of_reply(struct social *s, const struct status *parent);
/* A reply has joined a thread that began here: those who take part and may not hear of it otherwise
 * are told (FEP-7888, "Receiving an interaction with your context"). */
void thread_tell_added(struct social *s, const struct status *reply);

/* --- asking for what is missing: a job for fed --- */

enum crawl_mode {
	CRAWL_CLIMB = 1,  /* what a reply replies to, upwards */
	CRAWL_LOOK = 2,	  /* somebody looks at a thread: all of it */
	CRAWL_OUTBOX = 3, /* the newest posts of an account */
};

/* The first payload of JOB_CRAWL; what fed adds later begins with another byte. */
#define CRAWL_START_VERSION 1
void crawl_add(struct social *s, enum crawl_mode mode, uint64_t id, uint64_t spread_ms);
/* A post that was just received: is its parent to be fetched? */
void thread_climb(struct social *s, const struct status *status);
/* Somebody looks at a post: at most one crawl of its thread in refresh_ms. True when there is one
 * now. */
bool thread_look_for(struct social *s, uint64_t status, uint64_t now_ms, uint64_t refresh_ms);
/* The same question without a write; it may be asked for every page. */
bool thread_is_due(struct db_txn *txn, struct arena *arena, uint64_t status, uint64_t now_ms,
		   uint64_t refresh_ms);

/* What becomes of the missing posts of a thread that is being looked at. */
enum thread_refresh {
	REFRESH_NONE,	 /* there is nobody to be asked */
	REFRESH_DUE,	 /* a look at it asks for them */
	REFRESH_RUNNING, /* they were asked for */
	REFRESH_FINISHED,
};
enum thread_refresh thread_refresh(struct db_txn *txn, struct arena *arena, uint64_t status,
				   uint64_t now_ms, uint64_t refresh_ms);

/* How pages and commands say that somebody looks at a thread, or at a poll, without knowing who asks
 * other hosts. May be called for every page, by any thread, outside of transactions. */
struct look_port {
	void (*look)(void *arg, uint64_t status); /* NULL: nobody cares */
	void *arg;
};

/* Whoever owns a conversation takes a reply out of it (FEP-7888): it stands alone from now on. Of a
 * remote owner the conversation's id has been found to be on its host; a local one is who began it.
 * RC_DENIED when the reply is in no such conversation, RC_NOT_FOUND when it is in none. */
enum rc thread_remove(struct social *s, const struct account *actor, struct str context,
		      uint64_t status) NODISCARD;

#endif
