/* Reading what the room of a community shows its members. */
#include "media/media.h"
#include "room_int.h"
#include "social/attribute.h"
#include "social/community_view.h"
#include "social/event.h"
#include "social/resource.h"
#include "store/medium.h"

#define COUNTING_BYTES ((size_t)16 << 20)

static struct str handle_of(struct asking *a, struct db_txn *txn, uint64_t group)
{
	struct account g;
	return group != 0 && account_get(txn, a->req->ctx.arena, group, &g)
		       ? arena_printf(a->req->ctx.arena, "!%.*s@%.*s", STR_ARG(g.username),
				      STR_ARG(g.domain))
		       : STR("");
}

/* --- consultations --- */

/* With memory of its own: where there are too many papers for that, the page has no result. */
static const struct consultation_result *count_papers(struct ctx *ctx, struct db_txn *txn,
						      const struct consultation *c)
{
	struct consultation_result *out = ARENA_NEW(ctx->arena, struct consultation_result);
	struct ctx own = { .arena = arena_new(COUNTING_BYTES) };
	bool counted = out != NULL && own.arena != NULL &&
		       consultation_result(&own, txn, db_txn_now(txn), c, out) == RC_OK;
	arena_free(&own.arena);
	if (!counted)
		return NULL;
	out->papers = NULL;
	out->nodes = NULL;
	out->paper_count = out->node_count = 0;
	return out;
}

static void read_consultation(struct asking *a, struct db_txn *txn, uint64_t id, struct room *room)
{
	struct ctx *ctx = &a->req->ctx;
	struct social s = { .txn = txn, .ctx = ctx, .site = a->web->site };
	struct room_consultation *c = &room->consultations[room->consultation_count];
	if (!consultation_get(txn, ctx->arena, id, &c->consultation))
		return;
	c->state = consultation_state_at(&c->consultation, db_txn_now(txn));
	c->turnout = consultation_turnout(txn, id);
	c->partner = handle_of(a, txn, c->consultation.origin);
	c->voted = consultation_has_voted(txn, id, a->account.id);
	c->may_vote = consultation_may_vote(&s, &a->account, &c->consultation) == RC_OK;
	/* counting reads all papers: the older ones are a link away */
	if (c->state == CONSULTATION_CLOSED && room->results < ROOM_RESULTS) {
		c->result = count_papers(ctx, txn, &c->consultation);
		room->results++;
	}
	room->consultation_count++;
}

/* --- what is shared --- */

static struct str file_url(struct asking *a, struct db_txn *txn, uint64_t id)
{
	struct arena *arena = a->req->ctx.arena;
	struct medium m;
	if (!medium_get(txn, arena, id, &m) || m.state != MEDIUM_READY)
		return STR("");
	struct str path = media_file_path(arena, &m.file);
	return path.ptr != NULL ? arena_join(arena, a->web->site->base, path) : STR("");
}

static void read_resource(struct asking *a, struct db_txn *txn, uint64_t id, struct room *room)
{
	struct room_resource *r = &room->resources[room->resource_count];
	if (!resource_get(txn, id, &r->resource) ||
	    !resource_version_get(txn, a->req->ctx.arena, id, r->resource.versions, &r->version))
		return;
	r->url = r->version.medium != 0 ? file_url(a, txn, r->version.medium) : r->version.url;
	r->partner = handle_of(a, txn, r->version.origin);
	r->may_drop = resource_may_drop(txn, &r->resource, a->account.id);
	room->resource_count++;
}

void room_read(struct asking *a, struct db_txn *txn, uint64_t community, struct room *room)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t ids[ROOM_SHOWN];
	room->events = ARENA_ARRAY(arena, ROOM_SHOWN + 1, struct event_card);
	room->consultations = ARENA_ARRAY(arena, ROOM_SHOWN, struct room_consultation);
	room->resources = ARENA_ARRAY(arena, ROOM_SHOWN, struct room_resource);
	if (room->events == NULL || room->consultations == NULL || room->resources == NULL)
		return;
	room->ends_ms = attribute_ends_ms(txn, community, a->account.id);
	room->event_count = event_cards_of(a, txn, community, room->events, 0, ROOM_SHOWN);
	size_t n = consultations_of(txn, community, &PAGE_ALL, ids, ROOM_SHOWN);
	for (size_t i = 0; i < n; i++)
		read_consultation(a, txn, ids[i], room);
	room->may_share = resource_may_add(txn, community, a->account.id);
	if (!resource_may_see(txn, community, a->account.id))
		return;
	n = resources_of(txn, community, &PAGE_ALL, ids, ROOM_SHOWN);
	for (size_t i = 0; i < n; i++)
		read_resource(a, txn, ids[i], room);
}
