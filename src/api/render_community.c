/* The entities Community, CommunityMember and CommunityRole. Pure. */
#include "community_int.h"

static void render_permissions(struct jw *w, unsigned permissions)
{
	jw_name(w, "permissions");
	jw_array(w);
	for (unsigned bit = 1; bit <= COMMUNITY_MAY_ALL; bit <<= 1) {
		const char *name = community_permission_name(bit);
		if ((permissions & bit) != 0 && name != NULL)
			jw_str(w, str_of(name));
	}
	jw_end(w);
}

void render_community_role(struct jw *w, const struct community_role *role)
{
	jw_object(w);
	jw_member_id(w, "id", role->id);
	jw_member_str(w, "name", role->name);
	jw_member_u64(w, "position", role->position);
	render_permissions(w, role->permissions);
	jw_end(w);
}

static void render_strs(struct jw *w, const char *name, const struct str *list, unsigned count)
{
	jw_name(w, name);
	jw_array(w);
	for (unsigned i = 0; i < count; i++)
		jw_str(w, list[i]);
	jw_end(w);
}

static void render_flairs(struct jw *w, const struct community *c)
{
	jw_name(w, "flairs");
	jw_array(w);
	for (unsigned i = 0; i < c->flair_count; i++) {
		jw_object(w);
		jw_member_u64(w, "id", c->flairs[i].id);
		jw_member_str(w, "name", c->flairs[i].name);
		jw_member_nullable(w, "colour", c->flairs[i].colour);
		jw_end(w);
	}
	jw_end(w);
}

/* Of joining by attribute; null where one joins in another way. */
static void render_terms(struct jw *w, const struct community *c)
{
	const struct community_terms *t = &c->terms;
	jw_name(w, "terms");
	if (c->join != COMMUNITY_JOIN_BY_ATTRIBUTE) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_name(w, "conditions");
	jw_array(w);
	for (unsigned i = 0; i < t->condition_count; i++) {
		struct buf pair CLEANUP(buf_free) = BUF_INIT(1024);
		buf_addf(&pair, "%.*s=%.*s", STR_ARG(t->conditions[i].name),
			 STR_ARG(t->conditions[i].value));
		jw_str(w, buf_str(&pair));
	}
	jw_end(w);
	jw_member_str(w, "match", t->all ? STR("all") : STR("any"));
	jw_member_str(w, "others", t->others_ask ? STR("request") : STR("no"));
	jw_member_u64(w, "grace_days", t->grace_days);
	jw_end(w);
}

static void render_settings(struct jw *w, const struct community_view *view)
{
	const struct community *c = &view->settings;
	jw_member_id_opt(w, "parent_id", c->parent);
	jw_member_nullable(w, "kind", c->kind);
	jw_member_str(w, "join", str_of(community_join_name(c->join)));
	render_terms(w, c);
	jw_member_str(w, "sight", str_of(community_sight_name(c->sight)));
	jw_member_str(w, "posting", str_of(community_posting_name(c->posting)));
	jw_member_bool(w, "premoderated", c->premoderated);
	jw_member_u64(w, "slow_seconds", c->slow_s);
	jw_member_u64(w, "retention_days", c->retention_days);
	render_strs(w, "languages", c->languages, c->language_count);
	render_strs(w, "rules", c->rules, c->rule_count);
	render_flairs(w, c);
	render_strs(w, "tags", c->tags, c->tag_count);
	jw_name(w, "given");
	jw_array(w);
	for (unsigned bit = 1; bit <= COMMUNITY_GIVES_ALL; bit <<= 1) {
		if ((view->given & bit) != 0)
			jw_str(w, str_of(community_given_name(bit)));
	}
	jw_end(w);
}

static void render_own(struct jw *w, const struct community_view *view)
{
	const struct community_card *own = &view->own;
	if (!view->known_viewer) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_member_bool(w, "member", own->standing.member);
	jw_member_bool(w, "requested", view->requested);
	jw_member_bool(w, "banned", own->standing.banned);
	jw_member_time(w, "membership_ends_at", own->ends_ms);
	jw_member_str(w, "role", own->role.name);
	render_permissions(w, own->standing.permissions);
	jw_end(w);
}

void render_community(struct jw *w, const struct site *site, const struct community_view *view)
{
	const struct account *group = view->group->account;
	jw_object(w);
	jw_member_id(w, "id", group->id);
	jw_member_str(w, "name", group->username);
	jw_member_str(w, "title", group->display_name);
	jw_member_str(w, "url", group->url.len != 0 ? group->url : group->uri);
	jw_member_bool(w, "local", view->local);
	jw_name(w, "account");
	render_account(w, site, view->group);
	if (view->local)
		render_strs(w, "tags", view->settings.tags, view->settings.tag_count);
	else
		render_strs(w, "tags", group->topics, group->topic_count);
	jw_member_u64(w, "members_count", view->group->counts.followers);
	jw_member_u64(w, "threads_count", view->totals.threads);
	jw_member_u64(w, "comments_count", view->totals.comments);
	jw_name(w, "settings");
	if (view->local) {
		jw_object(w);
		render_settings(w, view);
		jw_end(w);
	} else {
		jw_null(w);
	}
	jw_name(w, "own");
	render_own(w, view);
	jw_end(w);
}

static void render_for_moderators(struct jw *w, const struct community_member *row)
{
	bool there = row->account != 0;
	jw_member_u64(w, "strikes", there ? row->strikes : 0);
	jw_member_str(w, "note", there ? row->note : STR(""));
	jw_member_str(w, "ban_reason", there ? row->reason : STR(""));
	jw_member_time(w, "ban_until", there ? row->until_ms : 0);
}

void render_card_of(struct jw *w, const struct site *site, const struct community_card *card)
{
	jw_object(w);
	jw_name(w, "account");
	render_account(w, site, card->account);
	jw_member_bool(w, "member", card->standing.member);
	jw_member_bool(w, "banned", card->standing.banned);
	jw_member_time(w, "joined_at", card->joined_ms);
	jw_member_time(w, "membership_ends_at", card->ends_ms);
	jw_name(w, "role");
	jw_object(w);
	jw_member_id(w, "id", card->role.id);
	jw_member_str(w, "name", card->role.name);
	jw_end(w);
	jw_member_time(w, "role_since",
		       card->row.account != 0 && card->standing.role > COMMUNITY_MEMBER
			       ? card->row.since_ms
			       : 0);
	jw_name(w, "badges");
	render_awards(w, card);
	if (card->full)
		render_for_moderators(w, &card->row);
	jw_end(w);
}
