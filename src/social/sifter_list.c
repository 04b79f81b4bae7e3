/*
 * Reading a list of blocks: fetched, parsed, taken over some rows at a time, each in a write of its own,
 * so that nobody waits for the whole. Queue's threads, then the fetch client's, then the writer's.
 */
#include <stdio.h>

#include "core/must.h"
#include "sift_int.h"
#include "sift_job_int.h"
#include "sifter_int.h"
#include "social/blocklist.h"

#define LIST_ARENA ((size_t)64 << 20)
#define CHUNK_ARENA ((size_t)16 << 20)
#define CHUNK 100
#define REDIRECTS_MAX 3
#define TIMEOUT_MS (60 * MS_PER_SECOND)
#define EVERY_MS MS_PER_DAY
#define AGAIN_MS MS_PER_HOUR /* after a failure */

struct listing {
	struct queue_job *job;
	struct queue *queue;
	const struct sifter *sifter;
	struct arena *arena;
	struct blocklist list; /* as it was when it was asked for */
	bool ended;	       /* nobody is subscribed any more */
	struct block_rows rows;
	size_t taken;
	struct str after; /* of what is dropped */
	bool more;
	bool decided; /* of some hosts */
	bool fresh;   /* the list has changed */
	struct str etag;
	char error[200]; /* empty: none */
	struct db_work work;
	bool enqueued;
};

static uint32_t generation(const struct listing *l)
{
	return l->list.generation + 1;
}

/* --- the end --- */

static enum rc end_write(struct db_txn *txn, void *arg)
{
	struct listing *l = arg;
	struct arena *arena = arena_new(CHUNK_ARENA);
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = l->sifter->site };
	struct blocklist now;
	if (arena == NULL)
		return RC_NO_MEMORY;
	/* it may have been ended meanwhile: then its own job drops what it said */
	if (blocklist_get(txn, arena, l->list.id, &now)) {
		bool failed = l->error[0] != '\0';
		now.error = str_of(l->error);
		if (!failed)
			now.fetched_ms = db_txn_now(txn);
		if (l->fresh) {
			now.generation = generation(l);
			now.hosts = l->rows.count;
			now.etag = l->etag;
			now.accepted = false;
		}
		blocklist_put(txn, &now);
		sift_job_add(&s, SIFT_JOB_LIST, now.id,
			     db_txn_now(txn) + (failed ? AGAIN_MS : EVERY_MS));
	}
	l->enqueued = s.enqueued;
	arena_free(&arena);
	return db_txn_rc(txn);
}

static void end_after(void *arg, enum rc rc)
{
	struct listing *l = arg;
	struct arena *arena = l->arena;
	if (l->decided && l->sifter->policies.changed != NULL)
		l->sifter->policies.changed(l->sifter->policies.arg);
	if (rc == RC_OK && l->enqueued)
		queue_wake(l->queue);
	arena_free(&arena);
}

static void end(struct listing *l)
{
	const struct queue_end end = { .outcome = { .verdict = QUEUE_DELIVERED },
				       .write = end_write,
				       .after = end_after,
				       .arg = l };
	queue_finish(l->job, &end);
}

static void fail(struct listing *l, struct str why)
{
	snprintf(l->error, sizeof(l->error), "%.*s", STR_ARG(why));
	end(l);
}

/* --- taking over --- */

static void step_submit(struct listing *l);

static enum rc step_job(struct db_txn *txn, void *arg)
{
	struct listing *l = arg;
	struct arena *arena = arena_new(CHUNK_ARENA);
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = l->sifter->site };
	unsigned agree = (unsigned)l->sifter->settings->lists_agree;
	size_t left = l->rows.count - l->taken, n = left < CHUNK ? left : CHUNK;
	if (arena == NULL)
		return RC_NO_MEMORY;
	if (n != 0)
		blocklist_take(&s, &l->list, generation(l), l->rows.list + l->taken, n, agree);
	else {
		struct str after = l->after;
		l->more = blocklist_drop_old(&s, l->list.id, l->ended ? 0 : generation(l), &after,
					     agree);
		l->after = arena_str(l->arena, after);
	}
	l->decided = l->decided || s.decided;
	enum rc rc = act_end(&s, RC_OK);
	arena_free(&arena);
	return rc;
}

static void step_done(struct db_work *work)
{
	struct listing *l = work->arg;
	size_t left = l->rows.count - l->taken;
	if (work->rc != RC_OK) {
		fail(l, str_of(rc_text(work->rc)));
		return;
	}
	bool taking = left != 0;
	l->taken += left < CHUNK ? left : CHUNK;
	if (taking || l->more)
		step_submit(l);
	else
		end(l);
}

static void step_submit(struct listing *l)
{
	l->work = (struct db_work){ .job = step_job, .done = step_done, .arg = l };
	db_submit(l->sifter->db, &l->work);
}

/* --- having it --- */

/* Parsing is of 4 MiB at most, once a day for each list. */
static void came(void *arg, const struct fetch_result *result)
{
	struct listing *l = arg;
	struct ctx ctx = { .arena = l->arena };
	if (result->rc != RC_OK) {
		fail(l, result->reason);
		return;
	}
	/* RFC 9110 section 15.4.5 */
	if (result->status == 304) {
		end(l);
		return;
	}
	if (result->status != 200) {
		snprintf(l->error, sizeof(l->error), "the answer was %u", result->status);
		end(l);
		return;
	}
	if (blocklist_parse(&ctx, result->body, &l->rows) != RC_OK) {
		fail(l, str_of(err_text(&ctx.err)));
		return;
	}
	if (blocklist_is_short(&l->list, &l->rows)) {
		snprintf(l->error, sizeof(l->error),
			 "it names %zu hosts, and named %llu before: what it said stays until this "
			 "is "
			 "accepted",
			 l->rows.count, (unsigned long long)l->list.hosts);
		end(l);
		return;
	}
	l->fresh = true;
	l->etag = arena_str(l->arena, result->etag.len < 500 ? result->etag : STR(""));
	step_submit(l);
}

static void ask(struct listing *l)
{
	const struct fetch_header headers[] = { { STR("Accept"), STR("text/csv, text/plain") },
						{ STR("If-None-Match"), l->list.etag } };
	const struct fetch_request req = { .method = STR("GET"),
					   .url = l->list.url,
					   .headers = headers,
					   .header_count = l->list.etag.len != 0 ? 2 : 1,
					   .bytes_max = BLOCKLIST_BYTES_MAX,
					   .redirects_max = REDIRECTS_MAX,
					   .timeout_ms = TIMEOUT_MS,
					   .done = came,
					   .arg = l };
	fetch_submit(l->sifter->fetch, &req);
}

void sifter_list_run(struct queue_job *job, const struct sifter *sifter, uint64_t id)
{
	struct arena *arena = arena_new(LIST_ARENA);
	struct db_txn *txn;
	must(arena != NULL);
	struct listing *l = ARENA_NEW(arena, struct listing);
	must(l != NULL);
	*l = (struct listing){ .job = job,
			       .queue = job->queue,
			       .sifter = sifter,
			       .arena = arena,
			       .after = STR(""),
			       .etag = STR("") };
	enum rc rc = db_read_begin(sifter->db, &txn);
	if (rc != RC_OK) {
		const struct queue_end again = { .outcome = { .verdict = QUEUE_DEFER,
							      .reason = "the database is busy" },
						 .after = end_after,
						 .arg = l };
		queue_finish(job, &again);
		return;
	}
	l->ended = !blocklist_get(txn, arena, id, &l->list);
	l->list.id = id;
	db_read_end(&txn);
	if (l->ended)
		step_submit(l);
	else
		ask(l);
}
