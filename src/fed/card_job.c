/*
 * The job that reads a page that a post links to (S-041, S-087, S-088): politely, once for all who link
 * there, within limits of size and time, never at an address that is not public. What cannot be read is
 * left alone for a day.
 */
#include <stdio.h>

#include "core/must.h"
#include "fed_int.h"
#include "social/card.h"
#include "text/page.h"

#define PAGE_BYTES_MAX ((size_t)2 << 20)

struct reading {
	struct queue_job *job;
	struct fed *fed;
	struct ctx ctx;
	struct card card;
};

static void after(void *arg, enum rc rc UNUSED)
{
	struct reading *r = arg;
	struct arena *arena = r->ctx.arena;
	arena_free(&arena);
}

static enum rc write_card(struct db_txn *txn, void *arg)
{
	const struct reading *r = arg;
	card_put(txn, &r->card);
	return db_txn_rc(txn);
}

static void finish(struct reading *r, enum queue_verdict verdict, const char *reason,
		   enum rc (*write)(struct db_txn *txn, void *arg))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = r->job->payload,
				 .write = write,
				 .after = after,
				 .arg = r };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	queue_finish(r->job, &end);
}

static void fill(struct reading *r, const struct page_meta *m)
{
	struct card *c = &r->card;
	c->shown = true;
	c->title = m->title;
	c->description = m->description;
	c->site_name = m->site_name;
	c->author = m->author;
	c->creator = m->creator;
	c->image = m->image;
	c->image_alt = m->image_alt;
	c->width = m->width;
	c->height = m->height;
	c->language = m->language;
	c->published_ms = m->published_ms;
}

static void page_came(void *arg, const struct fetch_result *result)
{
	struct reading *r = arg;
	struct page_meta meta;
	if (page_is_there(result) && page_meta_read(&r->ctx, result->body, result->url,
						    r->fed->site->iri_flags, &meta) == RC_OK)
		fill(r, &meta);
	/* that there is nothing to show is an answer, too */
	finish(r, QUEUE_DELIVERED, "", write_card);
}

static enum rc permit(void *arg, struct str url)
{
	const struct reading *r = arg;
	return page_is_permitted(r->fed, url) ? RC_OK : RC_BLOCKED;
}

/* RC_EXISTS when somebody else's link was read meanwhile. */
static enum rc look(struct reading *r)
{
	struct db_txn *txn;
	struct card known;
	enum rc rc = db_read_begin(r->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = card_get(txn, r->ctx.arena, card_id(r->card.url), &known);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && card_is_fresh(found ? &known : NULL, r->card.fetched_ms))
		rc = RC_EXISTS;
	return rc;
}

void card_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct reading *r = ARENA_NEW(arena, struct reading);
	must(r != NULL);
	*r = (struct reading){ .job = job, .fed = fed_of(app), .ctx = { .arena = arena } };
	r->card = (struct card){ .url = arena_str(arena, job->payload),
				 .fetched_ms = clock_wall_ms(r->fed->clock),
				 .title = STR(""),
				 .description = STR(""),
				 .site_name = STR(""),
				 .author = STR(""),
				 .creator = STR(""),
				 .image = STR(""),
				 .image_alt = STR(""),
				 .language = STR("") };
	enum rc rc = look(r);
	if (rc == RC_EXISTS)
		finish(r, QUEUE_DELIVERED, "", NULL);
	else if (rc != RC_OK)
		finish(r, QUEUE_DEFER, "the database cannot be read", NULL);
	else if (!page_is_permitted(r->fed, r->card.url))
		finish(r, QUEUE_DELIVERED, "", write_card);
	else
		page_ask(r->fed, r->card.url, PAGE_BYTES_MAX, permit, page_came, r);
}
