/* The entities Tag and FeaturedTag. Pure. */
#include "own_int.h"

#include <stdio.h>

#include "core/enc.h"
#include "discover_int.h"
#include "text/html.h"

uint64_t tag_id(struct ctx *ctx, struct str name)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str folded;
	return text_tag_fold(&quiet, name, &folded) == RC_OK ? rank_number(folded) : 0;
}

static void member_address(struct jw *w, struct str base, const char *between, struct str name)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(8192);
	buf_addf(&url, "%.*s%s", STR_ARG(base), between);
	enc_percent(&url, name);
	jw_member_str(w, "url", buf_str(&url));
}

void render_tag(struct jw *w, const struct site *site, const struct tag_view *view)
{
	jw_object(w);
	jw_member_id(w, "id", view->id);
	jw_member_str(w, "name", view->name);
	member_address(w, site->base, "/tags/", view->name);
	render_history(w, view->history, view->today);
	if (view->known_viewer) {
		jw_member_bool(w, "following", view->following);
		jw_member_bool(w, "featuring", view->featuring);
	}
	jw_end(w);
}

void render_featured_tag(struct jw *w, const struct featured_tag_view *view)
{
	char count[24];
	snprintf(count, sizeof(count), "%llu", (unsigned long long)view->count);
	jw_object(w);
	jw_member_id(w, "id", view->id);
	jw_member_str(w, "name", view->name);
	member_address(w, view->profile, "/tagged/", view->name);
	jw_member_str(w, "statuses_count", str_of(count));
	jw_member_day(w, "last_status_at", view->last_ms);
	jw_end(w);
}
