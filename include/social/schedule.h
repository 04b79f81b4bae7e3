/* Posts that are written later: what a client asked for is kept, and becomes a post at its time. */
#ifndef FF_SOCIAL_SCHEDULE_H
#define FF_SOCIAL_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "social/act.h"
#include "social/interact.h"
#include "social/media.h"
#include "social/social.h"
#include "store/schedule.h"

#define SCHEDULE_LEAD_MS (5 * MS_PER_MINUTE) /* not sooner than that */

/* What a client says of a post to be. Absent strings and has_... say what it left out. */
struct post_params {
	struct str text;
	struct str spoiler;
	struct str language;
	struct str idempotency;
	bool has_visibility;
	enum visibility visibility;
	bool has_sensitive, sensitive;
	uint64_t parent, quote; /* 0: none */
	uint64_t community;	/* that it is posted in; 0: none, or that of what it answers */
	uint64_t application;
	bool has_quotes;
	enum policy_who quotes; /* who may quote it */
	uint64_t media[POST_MEDIA_MAX];
	unsigned media_count;
	bool keeps_media; /* of a change: nothing was said of them */
	bool has_poll;
	struct poll_draft poll;
};

/* The parameters as clients are shown them: one JSON object, in arena. Absent when arena has failed. */
struct str post_params_write(struct arena *arena, const struct post_params *params);
/* Reads what the above wrote. RC_CORRUPT, RC_NO_MEMORY. */
enum rc post_params_read(struct ctx *ctx, struct str json, struct post_params *out) NODISCARD;
/* "public", "unlisted", "private", "direct", "local": as clients call them. */
const char *post_visibility_name(enum visibility v);
/* "public", "followers", "ask", "nobody". */
const char *post_quotes_name(enum policy_who who);
bool post_visibility_parse(struct str name, enum visibility *out) NODISCARD;

/* draft->author is filled in; params must live as long as draft. */
enum rc post_params_draft(struct ctx *ctx, const struct post_params *params,
			  struct draft *draft) NODISCARD;

/* Puts what the params say, and what their owner prefers where they say nothing, into a draft that is
 * composed. Outside any write. */
enum rc schedule_load(struct ctx *ctx, struct db_txn *txn, const struct scheduled *row,
		      struct post_params *params, struct draft *draft) NODISCARD;
enum rc schedule_finish(struct ctx *ctx, const struct site *site, struct db *db,
			const struct mention_finder *finder, struct post_params *params,
			struct draft *draft) NODISCARD;
/* Posts, or changes, what such a draft says; the row is gone, and what it held is free. */
enum rc act_post_draft(struct social *s, struct draft *draft) NODISCARD;

/* RC_INVALID: too soon, or (out->id is not 0) media that cannot be attached; RC_TOO_LARGE: too many, in all or on that day. */
enum rc act_schedule(struct social *s, const struct account *actor,
		     const struct post_params *params, uint64_t due_ms,
		     struct scheduled *out) NODISCARD;
/* RC_NOT_FOUND besides. What was refused is tried anew. */
enum rc act_reschedule(struct social *s, const struct account *actor, uint64_t id,
		       uint64_t due_ms) NODISCARD;
enum rc act_unschedule(struct social *s, const struct account *actor, uint64_t id) NODISCARD;

/* --- the job that makes the post --- */

struct schedule_job {
	uint64_t account, id;
};
void schedule_job_encode(struct buf *out, const struct schedule_job *job);
/* False when payload is damaged. */
bool schedule_job_decode(struct str payload, struct schedule_job *out) NODISCARD;

/*
 * Outside any write. RC_OK: draft is composed of params, which must live as long. RC_NOT_FOUND: it was taken back, or put off: there is nothing to do.
 */
enum rc schedule_compose(struct ctx *ctx, const struct site *site, struct db *db,
			 const struct mention_finder *finder, const struct schedule_job *job,
			 uint64_t now_ms, struct post_params *params,
			 struct draft *draft) NODISCARD;
/* Writes the post and forgets that it was to be written; neither when it fails. RC_NOT_FOUND: it was
 * taken back. */
enum rc act_post_scheduled(struct social *s, const struct schedule_job *job,
			   struct draft *draft) NODISCARD;

/*
 * What was due at now_ms becomes no post, whatever is tried: it stays among what is scheduled, with the reason, and its
 * author is told. What was taken back, or put off, is none of that.
 */
enum rc schedule_refuse(struct social *s, const struct schedule_job *job, uint64_t now_ms,
			struct str reason) NODISCARD;

/* All of an account that is going, with their media. */
void schedule_forget(struct social *s, uint64_t account);

#endif
