/* The entities Resource and ResourceVersion, which are ours. Pure. */
#include "resource_int.h"

void render_resource_version(struct jw *w, const struct version_view *view)
{
	const struct resource_version *v = &view->version;
	jw_object(w);
	jw_member_u64(w, "number", v->number);
	jw_member_id(w, "account_id", v->by);
	jw_member_id_opt(w, "partner_id", v->origin);
	jw_member_date(w, "created_at", v->at_ms);
	jw_member_str(w, "title", v->title);
	jw_member_str(w, "description", v->description);
	jw_member_str(w, "note", v->note);
	jw_member_nullable(w, "url", v->url);
	jw_name(w, "media");
	if (view->has_medium)
		render_medium(w, &view->medium);
	else
		jw_null(w);
	jw_end(w);
}

void render_resource(struct jw *w, const struct resource_view *view)
{
	const struct resource *r = &view->resource;
	jw_object(w);
	jw_member_id(w, "id", r->id);
	jw_member_id(w, "community_id", r->community);
	jw_member_id(w, "account_id", r->by);
	jw_member_id_opt(w, "partner_id", r->origin);
	jw_member_date(w, "created_at", r->created_ms);
	jw_member_u64(w, "versions_count", r->versions);
	jw_member_bool(w, "may_change", view->may_change);
	jw_member_bool(w, "may_delete", view->may_drop);
	jw_name(w, "version");
	render_resource_version(w, &view->newest);
	jw_end(w);
}
