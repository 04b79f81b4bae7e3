/* Communities: found, made, shown, changed, deleted. */
#include "community_int.h"

#include "social/community_keep.h"
#include "social/community_profile.h"
#include "social/community_words.h"
#include "social/sign_up.h"
#include "text/acct.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 80
#define SCAN_MAX 5000

/* --- lists --- */

struct list_params {
	uint64_t after, limit;
	struct str query, kind, tag;
	enum tri joined, tended;
};

static const struct param list_rows[] = {
	PARAM_NUMBER(struct list_params, after, "after_id", 0, UINT64_MAX, 0),
	PARAM_LIMIT(struct list_params, limit, PAGE_DEFAULT, PAGE_MOST),
	PARAM_STR(struct list_params, query, "q", 200),
	PARAM_STR(struct list_params, kind, "kind", 64),
	PARAM_STR(struct list_params, tag, "tag", 402),
	PARAM_BOOL(struct list_params, joined, "joined"),
	PARAM_BOOL(struct list_params, tended, "moderated"),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

struct finding {
	uint64_t ids[SCAN_MAX];
	size_t count;
};

static bool has_words(struct str text, struct str query)
{
	for (size_t at = 0; query.len <= text.len && at <= text.len - query.len; at++) {
		if (str_eq_nocase(str_take(str_skip(text, at), query.len), query))
			return true;
	}
	return false;
}

/* One of its hashtags, with "#" or without. */
static bool is_about(const struct community_view *view, struct str tag)
{
	return view->local && community_has_tag(&view->settings, tag);
}

/* One that is not listed is found by who knows its name. */
static bool is_found(const struct list_params *p, const struct community_view *view)
{
	const struct account *group = view->group->account;
	bool mine = view->own.standing.member || p->joined == TRI_YES || p->tended == TRI_YES;
	bool named = str_eq_nocase(str_trim(p->query), group->username);
	if (!mine && !named && view->local && view->settings.sight != COMMUNITY_PUBLIC &&
	    view->settings.sight != COMMUNITY_LOCAL)
		return false;
	if (p->kind.len != 0 && !str_eq_nocase(p->kind, view->settings.kind))
		return false;
	if (p->tag.len != 0 && !is_about(view, p->tag))
		return false;
	return p->query.len == 0 || has_words(group->username, str_trim(p->query)) ||
	       has_words(group->display_name, str_trim(p->query)) ||
	       is_about(view, str_trim(p->query));
}

static void find_all(struct gather *g, const struct list_params *p, struct finding *f)
{
	if (p->joined == TRI_YES)
		f->count = communities_joined(g->txn, g->arena, g->viewer.account, f->ids,
					      COMMUNITIES_JOINED_MAX);
	else if (p->tended == TRI_YES)
		f->count = communities_tended(g->txn, g->viewer.account, COMMUNITY_MAY_REMOVE,
					      f->ids, COMMUNITIES_JOINED_MAX);
	else
		f->count = communities(g->txn, p->after, f->ids, SCAN_MAX);
}

/* In the order of ids, up to a page; where the next one begins, 0: nowhere. */
static uint64_t render_found(struct call *call, struct gather *g, const struct finding *f,
			     const struct list_params *p)
{
	struct jw *w = reply_begin(call);
	uint64_t last = 0;
	size_t n = 0;
	jw_array(w);
	for (size_t i = 0; i < f->count; i++) {
		struct community_view view;
		if (f->ids[i] <= p->after || gather_community_view(g, f->ids[i], &view) != RC_OK ||
		    !is_found(p, &view))
			continue;
		if (n++ == p->limit)
			break;
		last = f->ids[i];
		render_community(w, call->api->parts.site, &view);
	}
	jw_end(w);
	return n > p->limit ? last : 0;
}

static void get_communities(struct call *call)
{
	const struct list_params *p = call->params;
	struct finding *f = ARENA_NEW(call->ctx->arena, struct finding);
	struct gather g;
	enum rc rc = f != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	find_all(&g, p, f);
	uint64_t next = render_found(call, &g, f, p);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (next != 0)
		reply_next_number(call, "after_id", next);
	reply_end(call, 200);
}

static void get_community(struct call *call)
{
	reply_community(call, call_id(call, 0));
}

static void get_children(struct call *call)
{
	const struct list_params *p = call->params;
	struct finding *f = ARENA_NEW(call->ctx->arena, struct finding);
	struct community_view view;
	struct gather g;
	uint64_t next = 0;
	enum rc rc = f != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		rc = gather_community_view(&g, call_id(call, 0), &view);
		if (rc == RC_OK) {
			f->count = community_children(g.txn, call_id(call, 0), p->after, f->ids,
						      SCAN_MAX);
			next = render_found(call, &g, f, p);
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (next != 0)
		reply_next_number(call, "after_id", next);
	reply_end(call, 200);
}

/* --- making and changing --- */

struct save_params {
	struct str name, title, description, avatar_description, header_description;
	uint64_t parent;
	struct str kind, join, sight, posting, premoderated, slow, retention;
	struct str_list languages, rules, flairs, tags;
	struct str_list conditions;
	struct str match, others, grace;
};

#define PARENT_UNSAID UINT64_MAX

#define SETTINGS_ROWS                                                                          \
	PARAM_STR(struct save_params, title, "title", 1000),                                   \
		PARAM_STR(struct save_params, description, "description", 16384),              \
		PARAM_FILE("avatar"),                                                          \
		PARAM_STR(struct save_params, avatar_description, "avatar_description", 8000), \
		PARAM_FILE("header"),                                                          \
		PARAM_STR(struct save_params, header_description, "header_description", 8000), \
		PARAM_NUMBER(struct save_params, parent, "parent_id", 0, UINT64_MAX,           \
			     PARENT_UNSAID),                                                   \
		PARAM_STR(struct save_params, kind, "kind", 64),                               \
		PARAM_STR(struct save_params, join, "join", 32),                               \
		PARAM_STR(struct save_params, sight, "sight", 32),                             \
		PARAM_STR(struct save_params, posting, "posting", 32),                         \
		PARAM_STR(struct save_params, premoderated, "premoderated", 8),                \
		PARAM_STR(struct save_params, slow, "slow_seconds", 20),                       \
		PARAM_STR(struct save_params, retention, "retention_days", 20),                \
		PARAM_STRS(struct save_params, languages, "languages", 35),                    \
		PARAM_STRS(struct save_params, rules, "rules", 1000),                          \
		PARAM_STRS(struct save_params, flairs, "flairs", 110),                         \
		PARAM_STRS(struct save_params, tags, "tags", 402),                             \
		PARAM_STRS(struct save_params, conditions, "conditions", 330),                 \
		PARAM_STR(struct save_params, match, "match", 8),                              \
		PARAM_STR(struct save_params, others, "others", 8),                            \
		PARAM_STR(struct save_params, grace, "grace_days", 20)

static const struct param create_rows[] = {
	PARAM_STR(struct save_params, name, "name", 100),
	SETTINGS_ROWS,
};
PARAM_TABLE_FILES(create_params, struct save_params, create_rows);

static const struct param change_rows[] = { SETTINGS_ROWS };
PARAM_TABLE_FILES(change_params, struct save_params, change_rows);

static struct community_words words_of(const struct save_params *p)
{
	return (struct community_words){
		.kind = p->kind,
		.join = p->join,
		.sight = p->sight,
		.posting = p->posting,
		.premoderated = p->premoderated,
		.slow = p->slow,
		.retention = p->retention,
		.languages = { p->languages.list, p->languages.count, p->languages.given },
		.rules = { p->rules.list, p->rules.count, p->rules.given },
		.flairs = { p->flairs.list, p->flairs.count, p->flairs.given },
		.tags = { p->tags.list, p->tags.count, p->tags.given },
		.conditions = { p->conditions.list, p->conditions.count, p->conditions.given },
		.match = p->match,
		.others = p->others,
		.grace = p->grace,
	};
}

struct saving {
	const struct save_params *params;
	struct new_account account;
	struct account_secrets secrets;
	struct community_profile profile;
	uint64_t id;
};

static enum rc create(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	struct saving *save = arg;
	struct community_words words = words_of(save->params);
	struct community c = { .kind = STR("") };
	struct account made;
	if (save->params->parent != PARENT_UNSAID)
		c.parent = save->params->parent;
	enum rc rc = community_may_found(s, actor->id);
	if (rc == RC_OK)
		rc = community_words_apply(s->ctx, &words, &c);
	if (rc == RC_OK)
		rc = community_create(s, actor, &save->account, &save->secrets, &c, &made);
	if (rc == RC_OK)
		rc = community_profile_change(s, actor, c.id, &save->profile);
	save->id = c.id;
	return rc;
}

/* What is said of the pictures, before anything is uploaded. The title and the description of a new one are its
 * account's: STR_NONE. */
static enum rc read_profile(struct call *call, struct str title, struct str description,
			    struct community_profile *out)
{
	const struct save_params *p = call->params;
	enum rc rc =
		community_profile_make(call->ctx, call->api->parts.site, title, description, out);
	out->uploader = call_account(call)->id;
	if (rc == RC_OK)
		rc = community_picture_describe(call->ctx, p->avatar_description, &out->avatar);
	if (rc == RC_OK)
		rc = community_picture_describe(call->ctx, p->header_description, &out->header);
	return rc;
}

/* False when the answer was given: why not. */
static bool read_pictures(struct call *call, struct community_profile *out)
{
	return upload_picture(call, "avatar", MEDIUM_AVATAR, &out->avatar.medium) &&
	       upload_picture(call, "header", MEDIUM_HEADER, &out->header.medium);
}

static void post_community(struct call *call)
{
	const struct save_params *p = call->params;
	const struct site *site = call->api->parts.site;
	struct saving save = {
		.params = p,
		.account = { .username = p->name, .display_name = p->title, .note = p->description }
	};
	if (!acct_local_user_valid(p->name)) {
		reply_invalid(call, "name", "ERR_INVALID",
			      "Name is made of a-z, 0-9 and _, at most 30");
		return;
	}
	if (sign_up_is_reserved(call->api->parts.reception, p->name)) {
		reply_invalid(call, "name", "ERR_RESERVED", "Name is reserved");
		return;
	}
	struct str uri = site_actor_uri(call->ctx->arena, site, p->name);
	enum rc rc = community_found_check(call->ctx, call->api->parts.reception,
					   call->api->parts.db, call_account(call)->id, p->name);
	if (rc == RC_OK)
		rc = read_profile(call, STR_NONE, STR_NONE, &save.profile);
	if (rc == RC_OK && !read_pictures(call, &save.profile))
		return;
	if (rc == RC_OK)
		rc = account_keys_make(call->ctx, call->api->parts.seal, uri,
				       clock_wall_ms(call->api->parts.clock), &save.secrets);
	if (rc == RC_OK)
		rc = own_do(call, OWN_MAKE, 0, create, &save);
	if (rc == RC_EXISTS)
		reply_invalid(call, "name", "ERR_TAKEN", "Name has already been taken");
	else if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, save.id);
}

static enum rc change(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	struct saving *save = arg;
	struct community_words words = words_of(save->params);
	struct community c;
	if (!community_get(s->txn, s->ctx->arena, save->id, &c))
		return RC_NOT_FOUND;
	enum rc rc = community_words_apply(s->ctx, &words, &c);
	if (save->params->parent != PARENT_UNSAID)
		c.parent = save->params->parent;
	if (rc == RC_OK)
		rc = community_change_all(s, actor, &c, &save->profile);
	return rc;
}

static void patch_community(struct call *call)
{
	const struct save_params *p = call->params;
	struct saving save = { .params = p, .id = call_id(call, 0) };
	enum rc rc = read_profile(call, p->title, p->description, &save.profile);
	if (rc == RC_OK && !read_pictures(call, &save.profile))
		return;
	if (rc == RC_OK)
		rc = own_do(call, OWN_DO, 0, change, &save);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, save.id);
}

static enum rc undress(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	const struct saving *save = arg;
	return community_profile_change(s, actor, save->id, &save->profile);
}

static void take_picture(struct call *call, const struct community_profile *without)
{
	struct saving save = { .id = call_id(call, 0), .profile = *without };
	enum rc rc = own_do(call, OWN_DO, 0, undress, &save);
	if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_community(call, save.id);
}

static void delete_avatar(struct call *call)
{
	take_picture(call, &(struct community_profile){ .avatar = { .gone = true } });
}

static void delete_header(struct call *call)
{
	take_picture(call, &(struct community_profile){ .header = { .gone = true } });
}

static enum rc close_it(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	return community_close(s, actor, *(const uint64_t *)arg);
}

static void delete_community(struct call *call)
{
	uint64_t id = call_id(call, 0);
	reply_done(call, own_do(call, OWN_MAKE, 0, close_it, &id));
}

#define BASE "/api/fediflow/v1/communities"
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define ANYBODY AUTH_OPTIONAL
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, BASE, ANYBODY, READ, COMMON, &list_params, get_communities,
	  "[Community] Link" },
	{ HTTP_POST, BASE, USER, WRITE, RATE_SIGN_UP, &create_params, post_community, "Community",
	  "name" },
	{ HTTP_GET, BASE "/:id", ANYBODY, READ, COMMON, NULL, get_community, "Community" },
	{ HTTP_PATCH, BASE "/:id", USER, WRITE, COMMON, &change_params, patch_community,
	  "Community" },
	{ HTTP_DELETE, BASE "/:id", USER, WRITE, COMMON, NULL, delete_community, "Nothing" },
	{ HTTP_DELETE, BASE "/:id/avatar", USER, WRITE, COMMON, NULL, delete_avatar, "Community" },
	{ HTTP_DELETE, BASE "/:id/header", USER, WRITE, COMMON, NULL, delete_header, "Community" },
	{ HTTP_GET, BASE "/:id/children", ANYBODY, READ, COMMON, &list_params, get_children,
	  "[Community] Link" },
};
API_ROWS_END
const struct api_route_table communities_api = { routes, ARRAY_LEN(routes) };
