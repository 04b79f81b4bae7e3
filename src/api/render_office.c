/* The entities Rule, Role and Report. Pure. */
#include "discover_int.h"

#include "store/collection.h"
#include <stdio.h>

void render_rule(struct jw *w, const struct rule *rule)
{
	jw_object(w);
	jw_member_id(w, "id", rule->id);
	jw_member_str(w, "text", rule->text);
	jw_member_str(w, "hint", rule->hint.ptr != NULL ? rule->hint : STR(""));
	jw_name(w, "translations");
	jw_object(w);
	jw_end(w);
	jw_end(w);
}

/* Everybody's role is -99 where clients know it. */
void render_role(struct jw *w, const struct role *role)
{
	char number[24];
	jw_object(w);
	if (role->id == ROLE_EVERYBODY)
		jw_member_str(w, "id", STR("-99"));
	else
		jw_member_id(w, "id", role->id);
	jw_member_str(w, "name", role->name);
	snprintf(number, sizeof(number), "%u", role->permissions);
	jw_member_str(w, "permissions", str_of(number));
	jw_member_str(w, "color", role->color);
	jw_member_bool(w, "highlighted", role->highlighted);
	jw_member_u64(w, "collection_limit", COLLECTIONS_MAX);
	jw_end(w);
}

static void render_ids(struct jw *w, const char *name, const uint64_t *ids, size_t count)
{
	jw_name(w, name);
	jw_array(w);
	for (size_t i = 0; i < count; i++) {
		char text[24];
		snprintf(text, sizeof(text), "%llu", (unsigned long long)ids[i]);
		jw_str(w, str_of(text));
	}
	jw_end(w);
}

void render_report(struct jw *w, const struct site *site, const struct report_view *view)
{
	const struct report *r = view->report;
	jw_object(w);
	jw_member_id(w, "id", r->id);
	jw_member_bool(w, "action_taken", r->resolved_ms != 0);
	jw_name(w, "action_taken_at");
	if (r->resolved_ms != 0)
		jw_date(w, r->resolved_ms);
	else
		jw_null(w);
	jw_member_str(w, "category", str_of(report_category_name(r->category)));
	jw_member_str(w, "comment", r->comment);
	jw_member_bool(w, "forwarded", r->forwarded);
	jw_member_date(w, "created_at", r->created_ms);
	render_ids(w, "status_ids", view->statuses, view->status_count);
	render_ids(w, "collection_ids", view->collections, view->collection_count);
	render_ids(w, "rule_ids", r->rules, r->rule_count);
	jw_name(w, "target_account");
	render_account(w, site, view->target);
	jw_end(w);
}
