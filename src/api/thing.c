/* What a community has, one by one and in pages: consultations, resources. */
#include "thing_int.h"

#include "store/community.h"

void reply_thing(struct call *call, const struct thing_kind *kind, uint64_t id)
{
	void *view = arena_alloc(call->ctx->arena, kind->view_size);
	struct gather g;
	enum rc rc = view != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = gather_end(&g, kind->fill(call, &g, id, view) ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	kind->render(reply_begin(call), view);
	reply_end(call, 200);
}

void get_thing(struct call *call, const struct thing_kind *kind)
{
	reply_thing(call, kind, call_id(call, 0));
}

/* A page of them, gathered. */
struct things {
	uint64_t ids[THING_PAGE_MOST];
	size_t count; /* of ids; not all may be shown */
	char *views;
	size_t shown;
};

static enum rc things_gather(struct call *call, const struct thing_kind *kind,
			     const struct paging *paging, struct things *out)
{
	const uint64_t community = call_id(call, 0);
	const struct page page = page_of(paging);
	struct gather g;
	*out = (struct things){ .views = arena_alloc(call->ctx->arena,
						     THING_PAGE_MOST * kind->view_size) };
	enum rc rc = out->views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	if (!community_exists(g.txn, community) || !kind->is_open(call, &g, community))
		return gather_end(&g, RC_NOT_FOUND);
	out->count = kind->list(g.txn, community, &page, out->ids, paging->limit);
	for (size_t i = 0; i < out->count; i++)
		out->shown += kind->fill(call, &g, out->ids[i],
					 out->views + out->shown * kind->view_size);
	return gather_end(&g, RC_OK);
}

void get_things(struct call *call, const struct thing_kind *kind, const struct paging *paging)
{
	struct things things;
	enum rc rc = things_gather(call, kind, paging, &things);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (things.count != 0)
		reply_links(call, things.ids[0], things.ids[things.count - 1],
			    things.count == paging->limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < things.shown; i++)
		kind->render(w, things.views + i * kind->view_size);
	jw_end(w);
	reply_end(call, 200);
}
