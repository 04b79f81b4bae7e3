/* Rolling back a wave: posts are hidden in steps, can be shown again for some days, and are deleted
 * then. Only what came from elsewhere: what was federated from here cannot be taken back unseen. */
#include "core/must.h"
#include "sift_int.h"
#include "sift_job_int.h"
#include "social/audit.h"

#define STEP 100
#define LOOK_CHUNK 100
#define SPAN_MAX_MS (31 * MS_PER_DAY)
#define LIKENESS_DEFAULT 80
#define TEACHERS 20 /* posts of a wave that are learnt from: the others say the same */
#define CHUNK_ARENA ((size_t)32 << 20)

/* --- which posts --- */

struct choice {
	struct db_txn *txn;
	const struct site *site;
	const struct wave_wish *wish;
	uint64_t print;	    /* 0: the text does not matter */
	struct str program; /* of the rule; absent: it is of none */
};

static bool host_fits(struct str host, struct str wanted)
{
	return str_eq(host, wanted) ||
	       (host.len > wanted.len && host.ptr[host.len - wanted.len - 1] == '.' &&
		str_has_suffix(host, wanted));
}

/* What it fitted while it said something else, or was tried, is as innocent as any; and so is what a moderator
 * has looked at. */
static bool fits_rule(const struct choice *c, struct ctx *ctx, const struct status *status,
		      const struct account *author)
{
	const struct sift_post post = { .author = author,
					.status = status,
					.edit = status->edited_ms != 0 };
	struct sieve_mark mark;
	bool marked = sieve_mark_get(c->txn, ctx->arena, status->id, &mark);
	bool released = marked && mark.state == SIEVE_RELEASED && mark.decided_ms != 0;
	return !released && sift_try(c->txn, ctx, c->site, &post, c->program);
}

/* Beside its being local or not, and in time. */
static bool fits(const struct choice *c, struct ctx *ctx, const struct status *status,
		 const struct account *author)
{
	if ((status->flags & STATUS_BOOST) != 0 ||
	    (c->wish->host.len != 0 && !host_fits(author->domain, c->wish->host)))
		return false;
	if (c->wish->rule != 0 && !fits_rule(c, ctx, status, author))
		return false;
	return c->print == 0 ||
	       sift_likeness(sift_print(ctx, status), c->print) >= c->wish->likeness;
}

/* The ids that come next, newest first, below cursor; those from before the time are left out. */
static size_t next_ids(const struct choice *c, uint64_t cursor, uint64_t *out, size_t count,
		       bool *end)
{
	size_t n = c->wish->rule != 0 ? sieve_fits(c->txn, c->wish->rule, cursor, out, count)
				      : status_before(c->txn, cursor, out, count);
	*end = n < count;
	while (n != 0 && db_id_ms(out[n - 1]) < c->wish->from_ms) {
		n--;
		*end = true;
	}
	return n;
}

static uint64_t first_cursor(const struct wave_wish *wish)
{
	return wish->to_ms < UINT64_MAX >> DB_ID_TIME_SHIFT ? (wish->to_ms + 1) << DB_ID_TIME_SHIFT
							    : 0;
}

/* False when there is none any more. */
static bool program_get(struct choice *c, struct arena *arena)
{
	struct sieve_row row;
	if (c->wish->rule == 0)
		return true;
	if (!sieve_row_get(c->txn, arena, c->wish->rule, &row))
		return false;
	c->program = row.program;
	return true;
}

static enum rc no_rule(struct ctx *ctx)
{
	return ctx_fail(ctx, RC_NOT_FOUND, "there is no such rule");
}

/* What is left open gets its default. */
static enum rc wish_check(struct db_txn *txn, struct ctx *ctx, struct wave_wish *wish,
			  uint64_t *print)
{
	struct status status;
	uint64_t now_ms = db_txn_now(txn);
	*print = 0;
	if (wish->rule == 0 && wish->host.len == 0 && wish->like == 0)
		return ctx_fail(ctx, RC_INVALID, "a wave is of a rule, of a host or like a post");
	if (wish->to_ms == 0 || wish->to_ms > now_ms)
		wish->to_ms = now_ms;
	if (wish->from_ms == 0)
		wish->from_ms = wish->to_ms > MS_PER_DAY ? wish->to_ms - MS_PER_DAY : 0;
	if (wish->from_ms > wish->to_ms || wish->to_ms - wish->from_ms > SPAN_MAX_MS)
		return ctx_fail(ctx, RC_INVALID, "a wave lasts for 31 days at most");
	if (wish->likeness == 0)
		wish->likeness = LIKENESS_DEFAULT;
	if (wish->likeness > 100)
		return ctx_fail(ctx, RC_INVALID, "likeness is a number from 1 to 100");
	if (wish->like == 0)
		return RC_OK;
	if (!status_get(txn, ctx->arena, wish->like, &status))
		return ctx_fail(ctx, RC_NOT_FOUND, "there is no such post");
	*print = sift_print(ctx, &status);
	return *print != 0
		       ? RC_OK
		       : ctx_fail(ctx, RC_INVALID, "the post has too few words to be like others");
}

/* --- looking --- */

static void preview_host(struct ctx *ctx, struct wave_preview *p, struct str host)
{
	for (unsigned i = 0; i < p->host_count; i++) {
		if (str_eq(p->hosts[i].host, host)) {
			p->hosts[i].posts++;
			return;
		}
	}
	if (p->host_count < ARRAY_LEN(p->hosts)) {
		p->hosts[p->host_count].host = arena_str(ctx->arena, host);
		p->hosts[p->host_count++].posts = 1;
	}
}

static void preview_one(const struct choice *c, struct ctx *ctx, struct ctx *scratch, uint64_t id,
			struct wave_preview *p)
{
	struct status status;
	struct account author;
	p->looked_at++;
	if (!status_get(c->txn, scratch->arena, id, &status) ||
	    !account_get(c->txn, scratch->arena, status.account, &author) ||
	    !fits(c, scratch, &status, &author))
		return;
	if (account_is_local(&author)) {
		p->local++;
		return;
	}
	p->posts++;
	preview_host(ctx, p, author.domain);
	if (p->sample_count < ARRAY_LEN(p->sample))
		p->sample[p->sample_count++] = id;
}

enum rc wave_look(struct db_txn *txn, struct ctx *ctx, const struct site *site,
		  const struct wave_wish *wished, struct wave_preview *out)
{
	struct wave_wish wish = *wished;
	struct choice c = { .txn = txn, .site = site, .wish = &wish };
	struct ctx scratch = { .arena = NULL };
	uint64_t cursor, ids[LOOK_CHUNK];
	*out = (struct wave_preview){ .posts = 0 };
	enum rc rc = wish_check(txn, ctx, &wish, &c.print);
	if (rc == RC_OK && !program_get(&c, ctx->arena))
		rc = no_rule(ctx);
	if (rc != RC_OK)
		return rc;
	cursor = first_cursor(&wish);
	scratch.arena = arena_new(CHUNK_ARENA);
	if (scratch.arena == NULL)
		return RC_NO_MEMORY;
	while (!out->complete && out->looked_at < WAVE_LOOK_MAX) {
		size_t n = next_ids(&c, cursor, ids, LOOK_CHUNK, &out->complete);
		for (size_t i = 0; i < n; i++) {
			arena_reset(scratch.arena);
			preview_one(&c, ctx, &scratch, ids[i], out);
		}
		if (n != 0)
			cursor = ids[n - 1];
	}
	arena_free(&scratch.arena);
	return db_txn_rc(txn);
}

/* --- hiding --- */

static bool may(struct social *s, const struct account *moderator)
{
	return moderator == NULL ||
	       role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_REPORTS);
}

enum rc wave_begin(struct social *s, const struct account *moderator, const struct wave_wish *wish,
		   uint64_t *id)
{
	struct wave w = { .state = WAVE_ROLLING,
			  .wish = *wish,
			  .by = moderator != NULL ? moderator->id : 0,
			  .created_ms = db_txn_now(s->txn),
			  .until_ms = db_txn_now(s->txn) + s->site->wave_undo_ms };
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	struct choice c = { .txn = s->txn, .wish = &w.wish };
	enum rc rc = wish_check(s->txn, s->ctx, &w.wish, &w.print);
	if (rc == RC_OK && !program_get(&c, s->ctx->arena))
		rc = no_rule(s->ctx);
	if (rc != RC_OK)
		return act_end(s, rc);
	w.cursor = first_cursor(&w.wish);
	*id = wave_put(s->txn, &w);
	audit(s, moderator, AUDIT_WAVE_ROLL_BACK, AUDIT_ABOUT(*id));
	sift_job_add(s, SIFT_JOB_WAVE, *id, 0);
	return act_end(s, RC_OK);
}

enum rc wave_undo(struct social *s, const struct account *moderator, uint64_t id)
{
	struct wave w;
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (!wave_get(s->txn, s->ctx->arena, id, &w))
		return act_end(s, RC_NOT_FOUND);
	if (w.state == WAVE_UNDOING || w.state == WAVE_UNDONE)
		return act_end(s, RC_OK);
	if (w.state != WAVE_HIDDEN || w.until_ms <= db_txn_now(s->txn))
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT, "the wave is %s",
					   wave_state_name(w.state)));
	w.state = WAVE_UNDOING;
	w.cursor = 0;
	wave_put(s->txn, &w);
	audit(s, moderator, AUDIT_WAVE_UNDO, AUDIT_ABOUT(id));
	sift_job_add(s, SIFT_JOB_WAVE, id, 0);
	return act_end(s, RC_OK);
}

static void hide(struct social *s, struct wave *w, struct status *status)
{
	struct sieve_mark mark;
	if (!wave_item_add(s->txn, w->id, status->id))
		return;
	if (!sieve_mark_get(s->txn, s->ctx->arena, status->id, &mark))
		mark = (struct sieve_mark){ .status = status->id,
					    .at_ms = db_txn_now(s->txn),
					    .spam = SIEVE_UNASKED,
					    .similar = SIEVE_UNASKED };
	mark.waited = mark.state == SIEVE_WAITING;
	mark.taught = w->posts++ < TEACHERS;
	mark.state = SIEVE_ROLLED;
	mark.decided_ms = db_txn_now(s->txn);
	mark.decided_by = w->by;
	sieve_mark_put(s->txn, &mark);
	/* while it can still be seen */
	live_tell_status(s->txn, LIVE_STATUS_REMOVED, status, false);
	status->flags |= STATUS_HELD;
	status_edit(s->txn, status);
	if (mark.taught)
		sift_learn(s, status, true, 1);
}

static bool is_rolled(struct social *s, uint64_t id)
{
	struct sieve_mark mark;
	return sieve_mark_get(s->txn, s->ctx->arena, id, &mark) && mark.state == SIEVE_ROLLED;
}

static enum rc step_roll(struct social *s, struct wave *w)
{
	struct choice c = { s->txn, s->site, &w->wish, w->print, STR_NONE };
	uint64_t ids[STEP];
	bool end;
	size_t n = next_ids(&c, w->cursor, ids, STEP, &end);
	/* a rule that was taken away meanwhile hides nothing more */
	if (!program_get(&c, s->ctx->arena)) {
		n = 0;
		end = true;
	}
	for (size_t i = 0; i < n; i++) {
		struct status status;
		struct account author;
		if (act_load(s, ids[i], &status, &author) == RC_OK && !account_is_local(&author) &&
		    !is_rolled(s, ids[i]) && fits(&c, s->ctx, &status, &author))
			hide(s, w, &status);
	}
	if (n != 0)
		w->cursor = ids[n - 1];
	if (end)
		w->state = WAVE_HIDDEN;
	wave_put(s->txn, w);
	return act_end(s, end ? RC_OK : RC_BUSY);
}

/* --- and what comes of it --- */

/* As it was: nobody is notified again, and what waited for a moderator waits again. */
static void show(struct social *s, const struct wave *w, uint64_t id)
{
	struct sieve_mark mark;
	struct status status;
	struct account author;
	wave_item_del(s->txn, w->id, id);
	if (act_load(s, id, &status, &author) != RC_OK ||
	    !sieve_mark_get(s->txn, s->ctx->arena, id, &mark) || mark.state != SIEVE_ROLLED)
		return;
	if (mark.taught)
		sift_learn(s, &status, true, -1);
	mark.state = mark.waited ? SIEVE_WAITING : SIEVE_MARKED;
	mark.decided_ms = mark.waited ? 0 : db_txn_now(s->txn);
	mark.taught = false;
	sieve_mark_put(s->txn, &mark);
	if (mark.waited)
		return;
	status.flags &= ~(unsigned)STATUS_HELD;
	status_edit(s->txn, &status);
	live_tell_status(s->txn, LIVE_STATUS_ADDED, &status, true);
}

static void drop(struct social *s, const struct wave *w, uint64_t id)
{
	wave_item_del(s->txn, w->id, id);
	if (is_rolled(s, id))
		act_remove(s, id);
}

static enum rc step_items(struct social *s, struct wave *w, enum wave_state after)
{
	uint64_t ids[STEP];
	size_t n = wave_items(s->txn, w->id, 0, ids, STEP);
	for (size_t i = 0; i < n; i++) {
		if (after == WAVE_REMOVED)
			drop(s, w, ids[i]);
		else
			show(s, w, ids[i]);
	}
	if (n < STEP)
		w->state = after;
	wave_put(s->txn, w);
	return act_end(s, n < STEP ? RC_OK : RC_BUSY);
}

enum rc wave_step(struct social *s, uint64_t id, uint64_t *due_ms)
{
	struct wave w;
	*due_ms = 0;
	if (!wave_get(s->txn, s->ctx->arena, id, &w))
		return act_end(s, RC_OK);
	if (w.state == WAVE_HIDDEN && w.until_ms <= db_txn_now(s->txn)) {
		w.state = WAVE_REMOVING;
		wave_put(s->txn, &w);
	}
	enum rc rc = RC_OK;
	if (w.state == WAVE_ROLLING)
		rc = step_roll(s, &w);
	else if (w.state == WAVE_UNDOING)
		rc = step_items(s, &w, WAVE_UNDONE);
	else if (w.state == WAVE_REMOVING)
		rc = step_items(s, &w, WAVE_REMOVED);
	if (rc == RC_OK && w.state == WAVE_HIDDEN)
		*due_ms = w.until_ms;
	return rc;
}
