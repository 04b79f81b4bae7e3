/* The entities Account and CredentialAccount. Pure. */
#include "discover_int.h"

#include "social/act.h"
#include "social/schedule.h"
#include "store/personal.h"

/* What stands for a picture that nobody has chosen. */
static void member_picture(struct jw *w, const char *name, const char *still, struct str url,
			   const struct site *site, const char *missing)
{
	struct buf own CLEANUP(buf_free) = BUF_INIT(4096);
	if (url.len == 0) {
		buf_add(&own, site->base);
		buf_add(&own, str_of(missing));
		url = buf_str(&own);
	}
	jw_member_str(w, name, url);
	jw_member_str(w, still, url);
}

static void add_acct(struct buf *out, const struct account *a)
{
	buf_add(out, a->username);
	if (account_is_local(a))
		return;
	buf_add_chr(out, '@');
	buf_add(out, a->domain);
}

static void render_names(struct jw *w, const struct account *a)
{
	struct buf acct CLEANUP(buf_free) = BUF_INIT(2048);
	add_acct(&acct, a);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "username", a->username);
	jw_member_str(w, "acct", buf_str(&acct));
	jw_member_str(w, "display_name", a->display_name);
	jw_member_str(w, "uri", a->uri);
	jw_member_nullable(w, "url", a->url.len != 0 ? a->url : a->uri);
}

static void render_kind(struct jw *w, const struct account *a)
{
	jw_member_bool(w, "locked", (a->flags & ACCOUNT_LOCKED) != 0);
	jw_member_bool(w, "bot", a->kind == ACCOUNT_SERVICE || a->kind == ACCOUNT_APPLICATION);
	jw_member_bool(w, "group", a->kind == ACCOUNT_GROUP);
	jw_member_bool(w, "discoverable", (a->flags & ACCOUNT_DISCOVERABLE) != 0);
	jw_member_bool(w, "indexable", (a->flags & ACCOUNT_INDEXABLE) != 0);
	jw_member_bool(w, "noindex", (a->flags & ACCOUNT_INDEXABLE) == 0);
	jw_member_bool(w, "hide_collections", (a->flags & ACCOUNT_HIDE_NETWORK) != 0);
}

static void render_fields(struct jw *w, const struct account *a)
{
	jw_name(w, "fields");
	jw_array(w);
	for (unsigned i = 0; i < a->field_count; i++) {
		jw_object(w);
		jw_member_str(w, "name", a->fields[i].name);
		jw_member_str(w, "value", a->fields[i].value.markup);
		jw_name(w, "verified_at");
		if (a->fields[i].verified_ms != 0)
			jw_date(w, a->fields[i].verified_ms);
		else
			jw_null(w);
		jw_end(w);
	}
	jw_end(w);
}

static void render_counts(struct jw *w, const struct account_view *view)
{
	jw_member_u64(w, "statuses_count", view->counts.statuses);
	jw_member_u64(w, "followers_count", view->counts.followers);
	jw_member_u64(w, "following_count", view->counts.following);
	jw_member_day(w, "last_status_at", view->counts.last_status_ms);
}

/* Those that are meant to be seen, without what they permit. */
static void render_roles(struct jw *w, const struct role *role)
{
	jw_array(w);
	if (role != NULL && role->highlighted) {
		jw_object(w);
		jw_member_id(w, "id", role->id);
		jw_member_str(w, "name", role->name);
		jw_member_str(w, "color", role->color);
		jw_end(w);
	}
	jw_end(w);
}

/* Without the braces. An account that moved shows where to, once. */
static void render_members(struct jw *w, const struct site *site, const struct account_view *view,
			   bool with_moved)
{
	const struct account *a = view->account;
	render_names(w, a);
	render_kind(w, a);
	jw_member_date(w, "created_at", a->created_ms);
	jw_member_str(w, "note", a->note.markup);
	member_picture(w, "avatar", "avatar_static", view->avatar, site,
		       "/avatars/original/missing.png");
	member_picture(w, "header", "header_static", view->header, site,
		       "/headers/original/missing.png");
	render_counts(w, view);
	jw_name(w, "emojis");
	render_emojis(w, a->emojis, a->emoji_count);
	render_fields(w, a);
	if (account_is_local(a)) {
		jw_name(w, "roles");
		render_roles(w, view->role);
	}
	if (with_moved && view->moved != NULL) {
		jw_name(w, "moved");
		jw_object(w);
		render_members(w, site, view->moved, false);
		jw_end(w);
	}
}

void render_account(struct jw *w, const struct site *site, const struct account_view *view)
{
	jw_object(w);
	render_members(w, site, view, true);
	jw_end(w);
}

void render_partial_account(struct jw *w, const struct site *site, const struct account_view *view)
{
	const struct account *a = view->account;
	struct buf acct CLEANUP(buf_free) = BUF_INIT(2048);
	add_acct(&acct, a);
	jw_object(w);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "acct", buf_str(&acct));
	jw_member_bool(w, "locked", (a->flags & ACCOUNT_LOCKED) != 0);
	jw_member_bool(w, "bot", a->kind == ACCOUNT_SERVICE || a->kind == ACCOUNT_APPLICATION);
	jw_member_str(w, "url", a->url.len != 0 ? a->url : a->uri);
	member_picture(w, "avatar", "avatar_static", a->avatar, site,
		       "/avatars/original/missing.png");
	jw_end(w);
}

void render_muted_account(struct jw *w, const struct site *site, const struct account_view *view,
			  uint64_t ends_ms)
{
	jw_object(w);
	render_members(w, site, view, true);
	jw_name(w, "mute_expires_at");
	if (ends_ms != 0)
		jw_date(w, ends_ms);
	else
		jw_null(w);
	jw_end(w);
}

/* What was typed; HTML that stands for it where it was not kept. */
static void render_source(struct jw *w, const struct account_view *view, uint64_t follow_requests)
{
	const struct account *a = view->account;
	static const struct preference unsaid = { .language = STR_INIT("") };
	const struct preference *p = view->preference != NULL ? view->preference : &unsaid;
	jw_name(w, "source");
	jw_object(w);
	jw_member_str(w, "note", a->note.markup);
	jw_member_str(w, "privacy", str_of(post_visibility_name(p->visibility)));
	jw_member_bool(w, "sensitive", p->sensitive);
	jw_member_str(w, "language", p->language);
	jw_member_u64(w, "follow_requests_count", follow_requests);
	jw_member_bool(w, "hide_collections", (a->flags & ACCOUNT_HIDE_NETWORK) != 0);
	jw_member_bool(w, "discoverable", (a->flags & ACCOUNT_DISCOVERABLE) != 0);
	jw_member_bool(w, "indexable", (a->flags & ACCOUNT_INDEXABLE) != 0);
	jw_name(w, "attribution_domains");
	jw_array(w);
	jw_end(w);
	jw_member_str(w, "quote_policy", str_of(post_quotes_name((enum policy_who)p->quotes)));
	render_fields(w, a);
	jw_end(w);
}

void render_credential_account(struct jw *w, const struct site *site,
			       const struct account_view *view, uint64_t follow_requests)
{
	const struct role nobody = { .id = ROLE_EVERYBODY, .name = STR(""), .color = STR("") };
	jw_object(w);
	render_members(w, site, view, true);
	render_source(w, view, follow_requests);
	jw_name(w, "role");
	render_role(w, view->role != NULL ? view->role : &nobody);
	jw_end(w);
}
