/*
 * sifter: what moderation does by itself and in steps: it ends what was held for too long, rolls waves
 * back, and reads lists of blocks. It runs JOB_SIFT.
 */
#ifndef FF_SOCIAL_SIFTER_H
#define FF_SOCIAL_SIFTER_H

#include "conf/conf.h"
#include "db/db.h"
#include "fetch/fetch.h"
#include "queue/queue.h"
#include "social/moderate.h"
#include "social/sift.h"
#include "social/site.h"

/* The section of moderation. */
struct sift_settings {
	uint64_t held_ms;     /* after which a post that is held is decided of; 0: never */
	unsigned held_then;   /* enum held_then */
	uint64_t undo_ms;     /* how long a wave that was rolled back can be shown again */
	uint64_t lists_agree; /* so many lists of blocks decide without a moderator; 0: never */
};

extern const struct conf_row sift_conf_rows[];
extern const size_t sift_conf_row_count;

struct sifter {
	struct db *db;
	struct fetch *fetch;
	struct policy_port policies; /* hears when lists have decided of hosts */
	const struct site *site;
	const struct sift_settings *settings;
};

/* Adds the job that looks after what is held, when there is none though something is. */
enum rc sifter_begin(const struct sifter *sifter) NODISCARD;
/* The row of the job-kind table that it runs; returns how many. sifter must live as long. */
size_t sifter_job_kinds(struct sifter *sifter, struct queue_kind *out, size_t max);

/* One step of what looks after held posts: decides of those behind *after (0: from the oldest) that are too
 * old, at most some at a time; RC_BUSY when there may be more behind *after, which is 0 else. */
enum rc sifter_held_step(struct social *s, const struct sift_settings *settings,
			 uint64_t *after) NODISCARD;

#endif
