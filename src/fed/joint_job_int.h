/* Comparing with partners: what the files of its job share. */
#ifndef FF_FED_JOINT_JOB_INT_H
#define FF_FED_JOINT_JOB_INT_H

#include "joint_fed_int.h"

#define JOINT_PAGES_MAX \
	20000 /* that one comparison reads; a partner that never ends is left until the next */
#define JOINT_TAKEN_MAX 50000 /* that one comparison asks for elsewhere; the next goes on */

/* A post as a partner tells of it. */
struct joint_their {
	struct str uri;
	unsigned char name[JOINT_NAME_SIZE];
	unsigned state;
	uint64_t state_ms, edited_ms;
	struct str reason; /* of the state */
};

/* A word as a partner tells of it: how somebody has voted; with what they have reacted, and whose picture that
 * is; or who is banned, with the id and why. */
struct joint_told_word {
	struct joint_word word;
	struct str person, reason;
	struct ap_reaction reaction;
	struct str host;
};

struct joint_copying; /* what joint_copy_job.c has of one post */

/* A job that runs. */
struct joint_work {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	struct joint_task task, next;
	struct account group;
	struct joint joint;
	unsigned bucket;
	struct joint_their *items;
	struct joint_told_word *words;
	size_t count;
	bool last; /* no page of the bucket comes behind */
	struct buf payload;
	bool enqueued;
	struct resolve_terms terms;
	bool silent; /* the host of task.uri gives no answer at all */
	void (*probed)(struct joint_work *w);
	const char *reason; /* why asking has failed */
	struct joint_copying *copying;
	struct jr_doc *doc;  /* what copying points into */
	struct str uri;	     /* RETURN: of the post that is asked for */
	bool answers;	     /* its host does: what waits for it waits no longer */
	struct incoming *in; /* the same as its origin has it */
	void (*step)(struct joint_work *w, struct social *s); /* its write */
};

/* Ends with a write, step, which has memory of its own and may be run again. The job goes on with what it
 * leaves in work->payload, or is over. */
void joint_work_write(struct joint_work *w, void (*step)(struct joint_work *w, struct social *s));
/* The same, of which the lane learns nothing: its host was not asked; the job is over. */
void joint_work_write_unasked(struct joint_work *w,
			      void (*step)(struct joint_work *w, struct social *s));
/* The same for an end with a verdict. */
void joint_work_end_write(struct joint_work *w, enum queue_verdict verdict, const char *reason,
			  void (*step)(struct joint_work *w, struct social *s));
/* The work is arg: the same with work->step when what was asked for elsewhere has come. */
void joint_came(void *arg, enum rc rc, uint64_t id, struct str reason);
void joint_work_end(struct joint_work *w, enum queue_verdict verdict, const char *reason);
/* What may pass waits for the host; what never will is over. */
void joint_work_failed(struct joint_work *w, enum rc rc);
/* Where the partner tells what it has. */
struct str joint_items_url(struct joint_work *w);
/* Is it of this type, and of the partner's host? */
bool joint_is_theirs(struct joint_work *w, const struct document *doc, const char *type);
/* Reads relation and group anew, inside the write. */
bool joint_still_agreed(struct joint_work *w, struct social *s, struct joint *out);
/* After the page of a bucket: the next page, the next bucket, or the end. name: of the last on it. */
void joint_page_done(struct joint_work *w, struct social *s, const unsigned char *name,
		     size_t size);

/* When it is looked at again: each time later. */
uint64_t joint_later(struct social *s, unsigned tries);

/* Is what lacks asked for elsewhere with this look? What was asked for is on its way, or cannot be had: it is
 * not asked for with each look again. */
static inline bool joint_asks(const struct joint_work *w)
{
	return w->task.tries == 0 || w->task.before > JOINT_TAKEN_MAX;
}

/* A number of a document; 0: none, or below. */
uint64_t joint_number(struct jr object, const char *name);

/* Why it is so, as an item says; copied, and empty when it is too long. */
struct str joint_reason(struct joint_work *w, struct jr item);

/* joint_word_job.c: a page of votes, reactions or bans. False when it is not in order: then nothing of it counts. */
bool joint_words_read(struct joint_work *w, struct jr root);
void joint_words_step(struct joint_work *w, struct social *s);
/* All bans are compared. True when they are once more, with those who are on their way. */
bool joint_bans_again(struct joint_work *w, struct social *s);
/* JOINT_STEP_VOTES, JOINT_STEP_BAN. */
void joint_index_words_step(struct joint_work *w, struct social *s);
void joint_ban_run(struct joint_work *w);

/* joint_take_job.c: a post that is not here is asked for, at its origin or, where that is gone, at the partner. */
void joint_ask_for(struct joint_work *w, struct social *s, const struct joint_their *t);
/* JOINT_STEP_TAKE. */
void joint_take_run(struct joint_work *w);
/* In its write: the post called task.uri, which is stored now, is in the community. False when it is not. */
bool joint_taken(struct joint_work *w, struct social *s, struct status *status);

/* joint_silence.c: does the host of task.uri answer anything at all? Then then() with w->silent. */
void joint_probe(struct joint_work *w, void (*then)(struct joint_work *w));
/* In a write: what came of it. */
void joint_silence_step(struct joint_work *w, struct social *s);
/* In a write: the host of an id has answered. */
void joint_host_answered(struct social *s, struct str uri);
/* Has the host of an id kept silent for so long that it counts as gone? asked_ms: when it was asked last; may
 * be NULL. */
bool joint_origin_is_gone(struct joint_work *w, struct db_txn *txn, struct str uri,
			  uint64_t *asked_ms);

/* joint_copy_job.c: JOINT_STEP_COPY. */
void joint_copy_run(struct joint_work *w);
/* joint_return_job.c: JOINT_STEP_RETURN. */
void joint_return_run(struct joint_work *w);

#endif
