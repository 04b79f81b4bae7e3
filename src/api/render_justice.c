/* The entities AccountWarning, Appeal and RelationshipSeveranceEvent
 * (docs.joinmastodon.org/entities/AccountWarning, /Appeal, /RelationshipSeveranceEvent). Pure. */
#include "core/must.h"
#include "told_int.h"

static void render_appeal(struct jw *w, const struct strike *strike)
{
	static const char *const states[] = { [APPEAL_PENDING] = "pending",
					      [APPEAL_APPROVED] = "approved",
					      [APPEAL_REJECTED] = "rejected" };
	if (strike->appeal == APPEAL_NONE) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_str(w, "text", strike->appeal_text);
	jw_member_str(w, "state", str_of(states[strike->appeal]));
	jw_end(w);
}

/* Apps that know no communities say by their own words what the node's moderators do: the text says that
 * it is a community, and what it has done. */
static void member_text(struct jw *w, const struct warning_view *view)
{
	static const char *const done[MODERATIONS] = {
		[MODERATE_NONE] = "you were warned",
		[MODERATE_REMOVE] = "what you have posted was taken out",
		[MODERATE_LOCK] = "what you have posted takes no more comments",
		[MODERATE_BAN] = "you may not take part any more",
	};
	const struct strike *strike = view->strike;
	struct buf text CLEANUP(buf_free) = BUF_INIT(STRIKE_TEXT_MAX + 4096);
	if (view->group != NULL && done[strike->action] != NULL) {
		const struct account *group = view->group->account;
		struct str name =
			group->display_name.len != 0 ? group->display_name : group->username;
		buf_addf(&text, "%.*s: %s.%s", STR_ARG(name), done[strike->action],
			 strike->text.len != 0 ? "\n\n" : "");
	}
	buf_add(&text, strike->text);
	jw_member_str(w, "text", buf_str(&text));
}

static void member_community(struct jw *w, const struct warning_view *view)
{
	if (view->group == NULL)
		return;
	jw_name(w, "community");
	jw_object(w);
	jw_member_id(w, "id", view->strike->community);
	jw_member_str(w, "action",
		      str_of(view->strike->action == MODERATE_NONE
				     ? "warn"
				     : moderation_name(view->strike->action)));
	jw_name(w, "until");
	if (view->strike->until_ms != 0)
		jw_date(w, view->strike->until_ms);
	else
		jw_null(w);
	jw_end(w);
}

void render_warning(struct jw *w, const struct site *site, const struct warning_view *view)
{
	const struct strike *strike = view->strike;
	jw_object(w);
	jw_member_id(w, "id", strike->id);
	jw_member_str(w, "action", str_of(moderation_plain_name(strike->action)));
	member_text(w, view);
	jw_name(w, "status_ids");
	if (strike->status_count != 0) {
		jw_array(w);
		for (unsigned i = 0; i < strike->status_count; i++)
			jw_u64_str(w, strike->statuses[i]);
		jw_end(w);
	} else {
		jw_null(w);
	}
	jw_name(w, "target_account");
	render_account(w, site, view->target);
	jw_name(w, "appeal");
	render_appeal(w, strike);
	jw_member_date(w, "created_at", strike->created_ms);
	member_community(w, view);
	jw_end(w);
}

void render_severance(struct jw *w, const struct severance *s)
{
	static const char *const types[] = {
		[SEVERANCE_DOMAIN_BLOCK] = "domain_block",
		[SEVERANCE_USER_DOMAIN_BLOCK] = "user_domain_block",
		[SEVERANCE_ACCOUNT] = "account_suspension",
	};
	must((size_t)s->kind < ARRAY_LEN(types) && types[s->kind] != NULL);
	jw_object(w);
	jw_member_id(w, "id", s->event);
	jw_member_str(w, "type", str_of(types[s->kind]));
	jw_member_bool(w, "purged", s->purged);
	jw_member_str(w, "target_name", s->target);
	jw_member_u64(w, "followers_count", s->followers);
	jw_member_u64(w, "following_count", s->following);
	jw_member_date(w, "created_at", s->created_ms);
	jw_end(w);
}
