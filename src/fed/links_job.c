/*
 * The job that looks whether a page links back to the profile that links there (S-087): politely, within
 * limits of size and time, never at an address that is not public.
 */
#include "core/must.h"
#include "fed_int.h"
#include "social/links.h"
#include "text/page.h"

#define PAGE_BYTES_MAX ((size_t)1 << 20)

struct looking {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	struct links_task task;
	struct account account;
	enum links_found found;
	bool enqueued;
};

static void after(void *arg, enum rc rc)
{
	struct looking *l = arg;
	struct arena *arena = l->ctx.arena;
	fed_wake(l->fed, rc == RC_OK && l->enqueued);
	arena_free(&arena);
}

static enum rc settle(struct db_txn *txn, void *arg)
{
	struct looking *l = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = l->fed->site };
	enum rc rc = links_settle(&s, &l->task, l->found);
	l->enqueued = s.enqueued;
	arena_free(&arena);
	return rc;
}

static void finish(struct looking *l, enum queue_verdict verdict,
		   enum rc (*write)(struct db_txn *txn, void *arg))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = l->job->payload,
				 .write = write,
				 .after = after,
				 .arg = l };
	queue_finish(l->job, &end);
}

static enum links_found found_in(struct looking *l, const struct fetch_result *result)
{
	const struct str mine[] = { l->account.url, l->account.uri };
	bool found = false;
	if (result->rc == RC_OK && (result->status == 404 || result->status == 410))
		return LINKS_NOT;
	if (!page_is_there(result) ||
	    page_says_me(&l->ctx, result->body, result->url, l->fed->site->iri_flags, mine,
			 ARRAY_LEN(mine), &found) != RC_OK)
		return LINKS_UNKNOWN;
	return found ? LINKS_BACK : LINKS_NOT;
}

static void page_came(void *arg, const struct fetch_result *result)
{
	struct looking *l = arg;
	l->found = found_in(l, result);
	finish(l, QUEUE_DELIVERED, settle);
}

static enum rc permit(void *arg, struct str url)
{
	const struct looking *l = arg;
	return page_is_permitted(l->fed, url) ? RC_OK : RC_BLOCKED;
}

/* RC_NOT_FOUND when there is nothing to look for any more. */
static enum rc look(struct looking *l)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(l->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool open = links_task_is_open(txn, &l->ctx, l->fed->site, &l->task, &l->account);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && !open ? RC_NOT_FOUND : rc;
}

void links_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct looking *l = ARENA_NEW(arena, struct looking);
	must(l != NULL);
	*l = (struct looking){ .job = job, .fed = fed_of(app), .ctx = { .arena = arena } };
	bool sound = links_task_decode(arena_str(arena, job->payload), &l->task);
	enum rc rc = sound ? look(l) : RC_NOT_FOUND;
	if (rc == RC_NOT_FOUND)
		finish(l, QUEUE_DELIVERED, NULL);
	else if (rc != RC_OK)
		finish(l, QUEUE_DEFER, NULL);
	else if (!page_is_permitted(l->fed, l->task.href))
		finish(l, QUEUE_DELIVERED, settle);
	else
		page_ask(l->fed, l->task.href, PAGE_BYTES_MAX, permit, page_came, l);
}
