/* The entities Account and CredentialAccount. Pure. */
#include "discover_int.h"

#include "core/clock.h"
#include "social/act.h"
#include "social/collection.h"
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

/* Nothing but names is shown of what was suspended. */
static bool is_shell(const struct account *a)
{
	return account_is_gone(a);
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
	jw_member_str(w, "display_name", is_shell(a) ? STR("") : a->display_name);
	jw_member_str(w, "uri", a->uri);
	jw_member_nullable(w, "url", a->url.len != 0 ? a->url : a->uri);
}

static void render_kind(struct jw *w, const struct account *a)
{
	if (is_shell(a)) {
		static const char *const names[] = { "locked",		"bot",	     "group",
						     "discoverable",	"indexable", "noindex",
						     "hide_collections" };
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			jw_member_bool(w, names[i], false);
		return;
	}
	jw_member_bool(w, "locked", (a->flags & ACCOUNT_LOCKED) != 0);
	jw_member_bool(w, "bot", a->kind == ACCOUNT_SERVICE || a->kind == ACCOUNT_APPLICATION);
	jw_member_bool(w, "group", a->kind == ACCOUNT_GROUP);
	jw_member_bool(w, "discoverable", (a->flags & ACCOUNT_DISCOVERABLE) != 0);
	jw_member_bool(w, "indexable", (a->flags & ACCOUNT_INDEXABLE) != 0);
	jw_member_bool(w, "noindex", (a->flags & ACCOUNT_INDEXABLE) == 0);
	jw_member_bool(w, "hide_collections", (a->flags & ACCOUNT_HIDE_NETWORK) != 0);
}

void render_fields(struct jw *w, const struct account *a, const struct str *sources)
{
	jw_name(w, "fields");
	jw_array(w);
	for (unsigned i = 0; i < a->field_count; i++) {
		jw_object(w);
		jw_member_str(w, "name", a->fields[i].name);
		jw_member_str(w, "value", sources != NULL ? sources[i] : a->fields[i].value.markup);
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

static void render_profile_tabs(struct jw *w, const struct account *a)
{
	jw_member_bool(w, "show_media", (a->flags & ACCOUNT_NO_MEDIA) == 0);
	jw_member_bool(w, "show_media_replies", (a->flags & ACCOUNT_NO_MEDIA_REPLIES) == 0);
	jw_member_bool(w, "show_featured", (a->flags & ACCOUNT_NO_FEATURED) == 0);
}

/* These are there only where they are so (entities/Account). */
static void render_states(struct jw *w, const struct account *a)
{
	if (is_shell(a))
		jw_member_bool(w, "suspended", true);
	if ((a->flags & ACCOUNT_SILENCED) != 0)
		jw_member_bool(w, "limited", true);
	if ((a->flags & ACCOUNT_MEMORIAL) != 0)
		jw_member_bool(w, "memorial", true);
}

static void feature_group(struct jw *w, const char *name, unsigned bits)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {
		{ FEATURE_ANYBODY, "public" },
		{ FEATURE_FOLLOWERS, "followers" },
		{ FEATURE_FOLLOWING, "following" },
	};
	jw_name(w, name);
	jw_array(w);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if ((bits & words[i].bit) != 0)
			jw_str(w, str_of(words[i].word));
	}
	jw_end(w);
}

static void render_feature_approval(struct jw *w, const struct account_view *view)
{
	struct feature_bits bits = collection_policy(view->account);
	jw_name(w, "feature_approval");
	if (view->feature_current == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	feature_group(w, "automatic", bits.automatic);
	feature_group(w, "manual", bits.manual);
	jw_member_str(w, "current_user", str_of(view->feature_current));
	jw_end(w);
}

static void render_words(struct jw *w, const struct site *site, const struct account_view *view)
{
	static const struct account nothing = { .avatar_description = STR_INIT(""),
						.header_description = STR_INIT("") };
	const struct account *a = is_shell(view->account) ? &nothing : view->account;
	bool shell = a == &nothing;
	jw_member_str(w, "note", shell ? STR("") : a->note.markup);
	member_picture(w, "avatar", "avatar_static", shell ? STR("") : view->avatar, site,
		       "/avatars/original/missing.png");
	jw_member_str(w, "avatar_description",
		      a->avatar_description.ptr != NULL ? a->avatar_description : STR(""));
	member_picture(w, "header", "header_static", shell ? STR("") : view->header, site,
		       "/headers/original/missing.png");
	jw_member_str(w, "header_description",
		      a->header_description.ptr != NULL ? a->header_description : STR(""));
	render_counts(w, view);
	jw_name(w, "emojis");
	render_emojis(w, a->emojis, a->emoji_count);
	render_fields(w, a, NULL);
}

/* Without the braces. An account that moved shows where to, once. */
static void render_members(struct jw *w, const struct site *site, const struct account_view *view,
			   bool with_moved)
{
	const struct account *a = view->account;
	render_names(w, a);
	render_kind(w, a);
	/* the day alone, since 3.4 */
	jw_member_date(w, "created_at", a->created_ms - a->created_ms % MS_PER_DAY);
	render_words(w, site, view);
	render_profile_tabs(w, a);
	render_states(w, a);
	render_feature_approval(w, view);
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

void render_asking_account(struct jw *w, const struct site *site, const struct account_view *view,
			   const struct account_view *group)
{
	jw_object(w);
	render_members(w, site, view, true);
	jw_name(w, "requested_group");
	if (group != NULL)
		render_account(w, site, group);
	else
		jw_null(w);
	jw_end(w);
}

/* What was typed. */
static void render_source(struct jw *w, const struct account_view *view, uint64_t follow_requests)
{
	const struct account *a = view->account;
	static const struct preference unsaid = { .language = STR_INIT("") };
	const struct preference *p = view->preference != NULL ? view->preference : &unsaid;
	jw_name(w, "source");
	jw_object(w);
	jw_member_str(w, "note", view->note_source);
	jw_member_str(w, "privacy", str_of(post_visibility_name(p->visibility)));
	jw_member_bool(w, "sensitive", p->sensitive);
	jw_member_str(w, "language", p->language);
	jw_member_u64(w, "follow_requests_count", follow_requests);
	jw_member_bool(w, "hide_collections", (a->flags & ACCOUNT_HIDE_NETWORK) != 0);
	jw_member_bool(w, "discoverable", (a->flags & ACCOUNT_DISCOVERABLE) != 0);
	jw_member_bool(w, "indexable", (a->flags & ACCOUNT_INDEXABLE) != 0);
	jw_member_strs(w, "attribution_domains", a->attribution, a->attribution_count);
	jw_member_str(w, "quote_policy", str_of(post_quotes_name((enum policy_who)p->quotes)));
	render_fields(w, a, view->field_sources);
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
