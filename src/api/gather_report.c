/* Reading a report as it is told of. In the transaction of the gather. */
#include "discover_int.h"

#include "store/collection.h"

/* What it names is told as ids, as far as it is known here. */
static void add_objects(struct gather *g, const struct report *report, struct report_view *view)
{
	uint64_t *statuses = ARENA_ARRAY(g->arena, report->object_count, uint64_t);
	uint64_t *collections = ARENA_ARRAY(g->arena, report->object_count, uint64_t);
	if (statuses == NULL || collections == NULL)
		return;
	for (unsigned i = 0; i < report->object_count; i++) {
		struct status s;
		struct collection c;
		if (status_find_uri(g->txn, g->arena, report->objects[i], &s) &&
		    s.account == report->target)
			statuses[view->status_count++] = s.id;
		else if (collection_find_uri(g->txn, g->arena, report->objects[i], &c) &&
			 c.account == report->target)
			collections[view->collection_count++] = c.id;
	}
	view->statuses = statuses;
	view->collections = collections;
}

const struct report_view *gather_report_view(struct gather *g, uint64_t id)
{
	struct report *report = ARENA_NEW(g->arena, struct report);
	struct report_view *view = ARENA_NEW(g->arena, struct report_view);
	if (report == NULL || view == NULL || !report_get(g->txn, g->arena, id, report))
		return NULL;
	view->report = report;
	view->target = gather_person(g, report->target);
	if (view->target == NULL)
		return NULL;
	add_objects(g, report, view);
	return view;
}
