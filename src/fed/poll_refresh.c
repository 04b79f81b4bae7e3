/*
 * Asking the origin of a poll for its counts: when it has ended and somebody looks at it, or has
 * voted in it. One at a time for each poll, within the budget of its host; what failed lately is not
 * tried again (flight.c).
 */
#include <stdlib.h>

#include "poll_int.h"

#define PURPOSE 'p' /* none of resolve.c's */

struct refresh {
	struct fed *fed;
	struct ctx ctx;
	struct str uri;
	uint64_t status;
	struct poll *poll;
	bool enqueued;
	struct db_work work;
};

static void land(struct refresh *r, enum rc rc)
{
	struct arena *arena = r->ctx.arena;
	if (rc != RC_OK && arena_failed(arena))
		rc = RC_NO_MEMORY;
	flight_land(r->fed, PURPOSE, r->uri, rc, r->status, str_of(err_text(&r->ctx.err)));
	arena_free(&arena);
}

static enum rc refresh_job(struct db_txn *txn, void *arg)
{
	struct refresh *r = arg;
	struct ctx ctx = { .arena = r->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = r->fed->site };
	struct status status;
	if (!status_get(txn, ctx.arena, r->status, &status) || !status.has_poll)
		return RC_NOT_FOUND;
	enum rc rc = poll_take(&s, &status, r->poll);
	r->enqueued = s.enqueued;
	return rc;
}

static void refresh_done(struct db_work *work)
{
	struct refresh *r = work->arg;
	fed_wake(r->fed, work->rc == RC_OK && r->enqueued);
	land(r, work->rc);
}

/* S-010: what came counts under the id that was asked for, and no other. */
static void refresh_came(void *arg, enum rc rc, struct document *doc)
{
	struct refresh *r = arg;
	struct ap_reader reader = { &r->ctx, r->fed->site->iri_flags };
	struct ap_object *object = NULL;
	if (rc == RC_OK)
		rc = ap_object_decode(&reader, jr_root(doc->doc), &object);
	if (rc != RC_OK)
		return land(r, rc);
	if (!str_eq(object->id, r->uri) || !str_eq(doc->url, r->uri) || object->poll == NULL)
		return land(r, ctx_fail(&r->ctx, RC_INVALID, "what came is not this poll"));
	r->poll = remote_poll_make(&r->ctx, object->poll, clock_wall_ms(r->fed->clock));
	if (r->poll == NULL)
		return land(r, RC_NO_MEMORY);
	/* names point into the document, which ends with this call */
	for (unsigned i = 0; i < r->poll->option_count; i++)
		r->poll->options[i].name = arena_str(r->ctx.arena, r->poll->options[i].name);
	r->work = (struct db_work){ .job = refresh_job, .done = refresh_done, .arg = r };
	db_submit(r->fed->db, &r->work);
}

static void refresh_begin(struct fed *fed, uint64_t status, struct str uri)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct refresh *r = ARENA_NEW(arena, struct refresh);
	must(r != NULL);
	*r = (struct refresh){ .fed = fed,
			       .ctx = { .arena = arena },
			       .uri = arena_str(arena, uri),
			       .status = status };
	document_fetch(fed, &r->ctx, r->uri, refresh_came, r);
}

/* The address of a poll that should be asked for; absent when there is no reason to. */
static struct str stale_uri(struct fed *fed, struct arena *arena, uint64_t id)
{
	struct status status;
	struct poll poll;
	struct db_txn *txn;
	struct str uri = STR_NONE;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return uri;
	if (status_get(txn, arena, id, &status) && status.has_poll &&
	    poll_get(txn, arena, id, &poll) && poll_is_stale(&poll, clock_wall_ms(fed->clock)))
		uri = status.uri;
	db_read_end(&txn);
	return uri;
}

void fed_refresh_poll(struct fed *fed, uint64_t status, fed_done *done, void *arg)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	bool answered;
	must(arena != NULL);
	struct str uri = stale_uri(fed, arena, status);
	if (uri.ptr == NULL || site_owns_text(fed->site, uri))
		done(arg, RC_OK, status, STR(""));
	else if (flight_begin(fed, PURPOSE, BUDGET_DOCUMENTS, uri, uri_authority(uri), done, arg,
			      &answered))
		refresh_begin(fed, status, uri);
	arena_free(&arena);
}

static void looked(void *arg UNUSED, enum rc rc UNUSED, uint64_t id UNUSED,
		   struct str reason UNUSED)
{
}

void fed_look_at_poll(struct fed *fed, uint64_t status)
{
	fed_refresh_poll(fed, status, looked, NULL);
}
