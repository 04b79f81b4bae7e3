/*
 * Running a crawl. A step is one attempt of its job: it asks for some of what is on the list, several
 * things at once, and ends with a write that keeps what is left. Answers come on any thread; what
 * follows from them is decided by hand (hand.c), one at a time. No transaction is open meanwhile.
 */
#include <stdlib.h>

#include "core/log.h"
#include "core/must.h"
#include "crawl_int.h"
#include "social/community.h"
#include "store/uri.h"

#define AT_ONCE 16
#define AT_ONCE_PER_HOST 4 /* SECURITY section 13 */
#define STEP_ERRANDS 96
#define STEP_MS 10000
#define ERRAND_ARENA_MAX ((size_t)8 << 20)
#define SCRATCH_MAX ((size_t)4 << 20)
#define TOLD_MAX 256

struct errand {
	struct errand *next;
	struct crawl_run *run;
	struct crawl_entry entry;
	struct str host;
	struct ctx ctx; /* an arena of its own: answers come while others do */
	struct resolve_terms terms;
	struct crawl_answer answer;
	enum rc rc;
	uint64_t id; /* of a post */
};

/* What is to be written about a status at the step's end. */
struct told {
	uint64_t status;
	struct status_hints hints;
};

struct crawl_run {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	struct crawl *c;
	struct crawl_cost cost;
	uint64_t begun_ms;
	unsigned errands; /* of this step */
	struct told told[TOLD_MAX];
	unsigned told_count;
	uint64_t posts[TOLD_MAX]; /* of a group's outbox */
	unsigned post_count;
	struct buf payload;
	struct buf put_off;    /* what is left to the next look; empty when all is done */
	struct arena *scratch; /* of the write */
	/* guarded by lock */
	pthread_mutex_t lock;
	struct errand *came;
	struct errand *under_way;
	bool called;
	struct hand_task task;
};

/* --- the end of a step --- */

/* What stands in a group's outbox, and is for it, is its (FEP-1b12). */
static void posts_write(struct crawl_run *run, struct db_txn *txn)
{
	for (unsigned i = 0; i < run->post_count; i++) {
		struct ctx ctx = { .arena = run->scratch };
		struct social s = { .txn = txn, .ctx = &ctx, .site = run->fed->site };
		struct account group;
		struct status status;
		arena_reset(run->scratch);
		if (account_get(txn, run->scratch, run->c->id, &group) &&
		    status_get(txn, run->scratch, run->posts[i], &status) &&
		    community_belongs(&s, &group, &status))
			community_tells(&s, group.id, &status);
	}
}

static enum rc end_write(struct db_txn *txn, void *arg)
{
	struct crawl_run *run = arg;
	const struct crawl *c = run->c;
	struct status s;
	/* what was deleted meanwhile has no hints */
	for (unsigned i = 0; i < run->told_count; i++) {
		arena_reset(run->scratch);
		if (status_get(txn, run->scratch, run->told[i].status, &s))
			hint_tell(txn, run->told[i].status, &run->told[i].hints);
	}
	posts_write(run, txn);
	arena_reset(run->scratch);
	if (run->payload.len == 0 && c->mode == CRAWL_LOOK &&
	    status_get(txn, run->scratch, c->root, &s)) {
		struct thread_look look = look_get(txn, run->scratch, c->root);
		look.state = buf_str(&run->put_off);
		look.ended_ms = db_txn_now(txn);
		look_put(txn, c->root, &look);
	}
	return db_txn_rc(txn);
}

static void end_after(void *arg, enum rc rc UNUSED)
{
	struct crawl_run *run = arg;
	struct arena *arena = run->ctx.arena;
	pthread_mutex_destroy(&run->lock);
	arena_free(&run->scratch);
	buf_free(&run->payload);
	buf_free(&run->put_off);
	free(run->c);
	arena_free(&arena);
}

static uint64_t elapsed(const struct crawl_run *run)
{
	return clock_steady_ms(run->fed->clock) - run->begun_ms;
}

static bool may_go_on(const struct crawl_run *run)
{
	return crawl_may_go_on(run->c, run->cost.requests, run->cost.bytes, elapsed(run));
}

static void finish(struct crawl_run *run)
{
	queue_finish(run->job, &(struct queue_end){ .outcome = { .verdict = QUEUE_AGAIN },
						    .write = end_write,
						    .next = &run->payload,
						    .after = end_after,
						    .arg = run });
}

static void end_step(struct crawl_run *run)
{
	struct crawl *c = run->c;
	bool more = c->count != 0 && may_go_on(run);
	c->requests += run->cost.requests;
	c->bytes += run->cost.bytes;
	c->spent_ms += elapsed(run);
	if (more) {
		crawl_encode(&run->payload, c);
		return finish(run);
	}
	LOG(CRAWL_DONE, F_U64("mode", c->mode), F_U64("of", c->id), F_U64("requests", c->requests),
	    F_U64("bytes", c->bytes), F_U64("ms", c->spent_ms), F_U64("found", c->found),
	    F_U64("climbed", c->climbed), F_U64("left", c->count + c->later_count));
	if (c->count + c->later_count != 0) {
		crawl_put_off(c, run->ctx.arena);
		crawl_encode(&run->put_off, c);
	}
	finish(run);
}

/* --- what follows from an answer --- */

static void tell(struct crawl_run *run, uint64_t status, const struct status_hints *hints)
{
	if (run->told_count < TOLD_MAX)
		run->told[run->told_count++] = (struct told){ status, *hints };
}

static void settle_post(struct crawl_run *run, struct db_txn *txn, const struct errand *e)
{
	struct status s;
	run->c->found++;
	if (run->c->mode == CRAWL_OUTBOX && run->c->author.len == 0 && run->post_count < TOLD_MAX)
		run->posts[run->post_count++] = e->id;
	if (run->c->mode == CRAWL_LOOK && e->entry.source == CRAWL_OF_REPLIES &&
	    status_get(txn, run->ctx.arena, e->id, &s))
		crawl_descend(txn, run->ctx.arena, run->c, &s, e->entry.depth);
}

static void settle_page(struct crawl_run *run, const struct errand *e)
{
	struct crawl *c = run->c;
	if (e->entry.source == CRAWL_OF_CONTEXT && c->context_state == CRAWL_CONTEXT_ASKED)
		c->context_state = CRAWL_CONTEXT_READ;
	if (e->entry.source != CRAWL_OF_OUTBOX)
		tell(run, e->entry.owner, &e->answer.hints);
	crawl_read_page(c, run->ctx.arena, &e->entry, e->answer.page);
}

static void settle_fresh(struct crawl_run *run, const struct errand *e)
{
	struct crawl *c = run->c;
	tell(run, e->entry.owner, &e->answer.hints);
	if (c->context_state != CRAWL_CONTEXT_NONE || e->answer.replies.len == 0)
		return;
	struct crawl_entry page = e->entry;
	page.kind = CRAWL_PAGE;
	page.source = CRAWL_OF_REPLIES;
	page.uri = e->answer.replies;
	if (e->answer.page != NULL)
		crawl_read_page(c, run->ctx.arena, &page, e->answer.page);
	else
		crawl_push(c, run->ctx.arena, &page);
}

static bool is_silence(enum rc rc)
{
	return rc == RC_TIMEOUT || rc == RC_UNREACHABLE;
}

static void settle_failure(struct crawl_run *run, struct db_txn *txn, const struct errand *e)
{
	struct crawl *c = run->c;
	if (is_silence(e->rc))
		crawl_note_slow(c, e->host);
	if (e->entry.kind == CRAWL_PAGE && e->entry.source == CRAWL_OF_CONTEXT &&
	    c->context_state == CRAWL_CONTEXT_ASKED)
		crawl_without_context(txn, run->ctx.arena, c);
	/* what it replies to may have come meanwhile */
	struct crawl_entry again = e->entry;
	if (e->rc == RC_CONFLICT && e->entry.source == CRAWL_OF_CONTEXT && again.tries++ == 0)
		crawl_push_again(c, run->ctx.arena, &again);
}

static void settle(struct crawl_run *run, struct db_txn *txn, const struct errand *e)
{
	if (e->rc != RC_OK)
		return settle_failure(run, txn, e);
	switch (e->entry.kind) {
	case CRAWL_PARENT:
		return crawl_climb_on(run->fed, txn, run->ctx.arena, run->c, e->id);
	case CRAWL_POST:
		return settle_post(run, txn, e);
	case CRAWL_PAGE:
		return settle_page(run, e);
	case CRAWL_FRESH:
		return settle_fresh(run, e);
	}
}

static void errand_free(struct errand *e)
{
	struct arena *arena = e->ctx.arena;
	arena_free(&arena);
}

static void settle_all(struct crawl_run *run, struct errand *came)
{
	struct db_txn *txn = NULL;
	enum rc rc = came != NULL ? db_read_begin(run->fed->db, &txn) : RC_BUSY;
	for (struct errand *e = came, *next; e != NULL; e = next) {
		next = e->next;
		if (rc == RC_OK)
			settle(run, txn, e);
		errand_free(e);
	}
	if (rc == RC_OK)
		db_read_end(&txn);
}

/* --- errands --- */

static void call_hand(struct crawl_run *run)
{
	if (run->called)
		return;
	run->called = true;
	hand_do(run->fed->hand, &run->task);
}

static void errand_came(struct errand *e, enum rc rc)
{
	struct crawl_run *run = e->run;
	pthread_mutex_lock(&run->lock);
	e->rc = rc;
	for (struct errand **at = &run->under_way; *at != NULL; at = &(*at)->next) {
		if (*at == e) {
			*at = e->next;
			break;
		}
	}
	e->next = run->came;
	run->came = e;
	call_hand(run);
	pthread_mutex_unlock(&run->lock);
}

static void post_came(void *arg, enum rc rc, uint64_t id, struct str reason UNUSED)
{
	struct errand *e = arg;
	e->id = id;
	errand_came(e, rc);
}

static void page_came(void *arg, enum rc rc)
{
	errand_came(arg, rc);
}

/* What a post must be, by where it was listed. */
static void terms_fill(struct crawl_run *run, struct errand *e)
{
	struct status owner;
	struct db_txn *txn;
	e->terms = (struct resolve_terms){ .cost = &run->cost };
	if (e->entry.kind != CRAWL_POST)
		return;
	if (e->entry.source == CRAWL_OF_CONTEXT)
		e->terms.context = run->c->context;
	if (e->entry.source == CRAWL_OF_OUTBOX) {
		e->terms.author = run->c->author;
		/* what came after the follow is delivered, in its order */
		e->terms.until_ms = run->job->created_ms;
	}
	if (e->entry.source != CRAWL_OF_REPLIES || db_read_begin(run->fed->db, &txn) != RC_OK)
		return;
	if (status_get(txn, e->ctx.arena, e->entry.owner, &owner))
		e->terms.parent = owner.uri;
	db_read_end(&txn);
}

static struct errand *errand_new(struct crawl_run *run, unsigned index)
{
	struct arena *arena = arena_new(ERRAND_ARENA_MAX);
	struct errand *e = arena != NULL ? ARENA_NEW(arena, struct errand) : NULL;
	must(e != NULL);
	*e = (struct errand){ .run = run, .entry = crawl_take(run->c, index) };
	e->ctx.arena = arena;
	e->entry.uri = arena_str(arena, e->entry.uri);
	e->host = arena_str(arena, uri_authority(e->entry.uri));
	must(e->entry.uri.ptr != NULL && e->host.ptr != NULL);
	return e;
}

static void errand_begin(struct crawl_run *run, unsigned index)
{
	struct errand *e = errand_new(run, index);
	terms_fill(run, e);
	run->errands++;
	pthread_mutex_lock(&run->lock);
	e->next = run->under_way;
	run->under_way = e;
	pthread_mutex_unlock(&run->lock);
	/* it may be answered, and gone, before these return */
	if (e->entry.kind == CRAWL_PARENT || e->entry.kind == CRAWL_POST)
		resolve_object_for(run->fed, e->entry.uri, &e->terms, post_came, e);
	else
		crawl_fetch(run->fed, &e->ctx, &e->entry, &run->cost, &e->answer, page_came, e);
}

/* How many are under way in all, and at the host. */
static unsigned count_under_way(struct crawl_run *run, struct str host, unsigned *there)
{
	unsigned n = 0;
	*there = 0;
	pthread_mutex_lock(&run->lock);
	for (const struct errand *e = run->under_way; e != NULL; e = e->next, n++)
		*there += str_eq(e->host, host);
	pthread_mutex_unlock(&run->lock);
	return n;
}

/* The last entry whose host is free; entries of hosts that are silent are dropped on the way. */
static bool find_next(struct crawl_run *run, unsigned *index)
{
	struct crawl *c = run->c;
	unsigned there;
	for (*index = c->count; (*index)-- != 0;) {
		struct str host = uri_authority(c->entries[*index].uri);
		if (crawl_is_slow(c, host)) {
			crawl_take(c, *index);
			continue;
		}
		if (count_under_way(run, host, &there) >= AT_ONCE)
			return false;
		if (there < AT_ONCE_PER_HOST)
			return true;
	}
	return false;
}

static bool step_is_full(const struct crawl_run *run)
{
	return run->errands >= STEP_ERRANDS || elapsed(run) >= STEP_MS || !may_go_on(run) ||
	       run->fed->ending || arena_used(run->ctx.arena) > WORK_ARENA_MAX / 2;
}

static void pump(void *arg)
{
	struct crawl_run *run = arg;
	unsigned index;
	pthread_mutex_lock(&run->lock);
	struct errand *came = run->came;
	run->came = NULL;
	run->called = false;
	pthread_mutex_unlock(&run->lock);
	settle_all(run, came);
	while (!step_is_full(run) && find_next(run, &index))
		errand_begin(run, index);
	pthread_mutex_lock(&run->lock);
	bool over = run->under_way == NULL && run->came == NULL && !run->called;
	pthread_mutex_unlock(&run->lock);
	if (over)
		end_step(run);
}

/* --- beginning --- */

static bool begin(struct crawl_run *run, struct str payload)
{
	struct db_txn *txn;
	if (crawl_decode(run->ctx.arena, payload, run->c))
		return true;
	if (!crawl_start_decode(payload, run->c) || db_read_begin(run->fed->db, &txn) != RC_OK)
		return false;
	/* what it is about may be gone: then there is nothing to do */
	crawl_seed(run->fed, txn, run->ctx.arena, run->c);
	db_read_end(&txn);
	return true;
}

void crawl_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct crawl_run *run = ARENA_NEW(arena, struct crawl_run);
	must(run != NULL);
	run->job = job;
	run->fed = fed_of(app);
	run->ctx.arena = arena;
	run->c = calloc(1, sizeof(*run->c));
	run->scratch = arena_new(SCRATCH_MAX);
	must(run->c != NULL && run->scratch != NULL);
	run->begun_ms = clock_steady_ms(run->fed->clock);
	run->task = (struct hand_task){ .run = pump, .arg = run };
	buf_init(&run->payload, CRAWL_PAYLOAD_MAX);
	buf_init(&run->put_off, CRAWL_PAYLOAD_MAX);
	must(pthread_mutex_init(&run->lock, NULL) == 0);
	run->fed->handed = true;
	if (!begin(run, job->payload))
		return queue_finish(
			job,
			&(struct queue_end){ .outcome = { .verdict = QUEUE_REJECT,
							  .reason = "the job cannot be decoded" },
					     .after = end_after,
					     .arg = run });
	pthread_mutex_lock(&run->lock);
	call_hand(run);
	pthread_mutex_unlock(&run->lock);
}
