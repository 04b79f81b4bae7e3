/* The entities Quote, ShallowQuote and QuoteApproval. Pure. */
#include "view_int.h"

void render_quote(struct jw *w, const struct site *site, const struct status_view *view)
{
	if (view->quote_state == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_str(w, "state", str_of(view->quote_state));
	/* a quote inside a quote is told by its id alone */
	bool shallow = view->quoted == NULL && str_eq(str_of(view->quote_state), STR("accepted"));
	if (shallow) {
		jw_member_id(w, "quoted_status_id", view->status->quote.status);
	} else {
		jw_name(w, "quoted_status");
		if (view->quoted != NULL)
			render_status(w, site, view->quoted);
		else
			jw_null(w);
	}
	jw_end(w);
}

static void group(struct jw *w, const char *name, bool public, bool followers, bool following,
		  bool unsupported)
{
	jw_name(w, name);
	jw_array(w);
	if (public)
		jw_str(w, STR("public"));
	if (followers)
		jw_str(w, STR("followers"));
	if (following)
		jw_str(w, STR("following"));
	if (unsupported)
		jw_str(w, STR("unsupported_policy"));
	jw_end(w);
}

void render_quote_approval(struct jw *w, const struct quote_approval_view *view)
{
	if (view->current_user == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	group(w, "automatic", view->automatic_public, view->automatic_followers,
	      view->automatic_following, view->unsupported);
	group(w, "manual", view->manual_public, view->manual_followers, view->manual_following,
	      false);
	jw_member_str(w, "current_user", str_of(view->current_user));
	jw_end(w);
}
