/* Hashtags: what the caller follows, and what stands on profiles. */
#include "own_int.h"

#include "social/keep.h"
#include "social/react.h"
#include "social/tags.h"
#include "text/html.h"

#define TAGS_DEFAULT 100
#define TAGS_MOST 200
#define SUGGESTED_MAX 10

static struct str without_sign(struct str name)
{
	return str_has_prefix(name, STR("#")) ? str_skip(name, 1) : name;
}

static bool is_featured(struct ctx *ctx, const struct account *a, uint64_t id)
{
	for (unsigned i = 0; i < a->tag_count; i++) {
		if (tag_id(ctx, a->tags[i]) == id)
			return true;
	}
	return false;
}

static void add_history(struct call *call, struct gather *g, struct str folded,
			struct tag_view *view)
{
	struct trend_item item = { .today = 0 };
	uint64_t now_ms = clock_wall_ms(call->api->parts.clock);
	view->today = day_of_ms(now_ms);
	if (!trends_item(call->ctx, g->txn, RANK_TAG, folded, now_ms, &item))
		return;
	for (unsigned i = 0; i < TREND_HISTORY_DAYS; i++)
		view->history[i] = item.history[i];
}

/* RC_NOT_FOUND for what is no hashtag. */
static enum rc tag_gather(struct call *call, struct gather *g, struct str name,
			  struct tag_view *out)
{
	struct ctx quiet = { .arena = g->arena };
	struct str folded;
	if (text_tag_fold(&quiet, name, &folded) != RC_OK)
		return RC_NOT_FOUND;
	*out = (struct tag_view){ .id = tag_id(call->ctx, name),
				  .name = name,
				  .known_viewer = call->viewer.account != 0 };
	add_history(call, g, folded, out);
	if (!out->known_viewer)
		return RC_OK;
	struct account viewer;
	out->following = shelf_has_text(g->txn, SHELF_TAGS, call->viewer.account, folded);
	out->featuring = account_get(g->txn, g->arena, call->viewer.account, &viewer) &&
			 is_featured(call->ctx, &viewer, out->id);
	return RC_OK;
}

static void reply_tag(struct call *call, struct str name)
{
	struct tag_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, tag_gather(call, &g, name, &view));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_tag(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

static struct str name_of(const struct call *call)
{
	return without_sign(call->req->params[0]);
}

static void get_tag(struct call *call)
{
	reply_tag(call, name_of(call));
}

/* --- acts upon one --- */

static void act_on_tag(struct call *call, enum own_kind kind, own_act *act)
{
	struct str name = name_of(call);
	enum rc rc = own_do(call, kind, 0, act, &name);
	if (rc == RC_INVALID)
		reply_rc(call, RC_NOT_FOUND);
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_tag(call, name);
}

static enum rc follow(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	return act_follow_tag(s, actor, *(const struct str *)arg);
}

static void post_follow(struct call *call)
{
	act_on_tag(call, OWN_DO, follow);
}

static enum rc unfollow(struct social *s, const struct account *actor,
			const struct account *target UNUSED, void *arg)
{
	return act_unfollow_tag(s, actor, *(const struct str *)arg);
}

static void post_unfollow(struct call *call)
{
	act_on_tag(call, OWN_UNDO, unfollow);
}

static enum rc feature(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, void *arg)
{
	return act_feature_tag(s, actor, *(const struct str *)arg);
}

static void post_feature(struct call *call)
{
	act_on_tag(call, OWN_DO, feature);
}

static enum rc unfeature(struct social *s, const struct account *actor,
			 const struct account *target UNUSED, void *arg)
{
	return act_unfeature_tag(s, actor, *(const struct str *)arg);
}

static void post_unfeature(struct call *call)
{
	act_on_tag(call, OWN_UNDO, unfeature);
}

/* --- those that are followed --- */

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, TAGS_DEFAULT, TAGS_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

static void get_followed(struct call *call)
{
	const struct page_params *p = call->params;
	struct page page = page_of(&p->page);
	struct shelved items[TAGS_MOST];
	struct tag_view *views = ARENA_ARRAY(call->ctx->arena, TAGS_MOST, struct tag_view);
	size_t n = 0, seen = 0;
	struct gather g;
	enum rc rc = views != NULL ? gather_begin(&g, call) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = shelf_list(g.txn, g.arena, SHELF_TAGS, call->viewer.account, &page, items,
			       p->page.limit);
		for (size_t i = 0; i < n; i++)
			seen += tag_gather(call, &g, items[i].text, &views[seen]) == RC_OK;
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? items[0].order : 0, n != 0 ? items[n - 1].order : 0,
		    n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < seen; i++)
		render_tag(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

/* --- those on profiles --- */

struct profile {
	const struct account *account;
	struct tag_use *uses;
	size_t use_count;
};

static enum rc profile_gather(struct call *call, struct gather *g, uint64_t id, struct profile *out)
{
	const struct account_view *view = gather_account(g, id);
	out->uses = ARENA_ARRAY(g->arena, TAGS_USED_MAX, struct tag_use);
	if (view == NULL || out->uses == NULL)
		return RC_NOT_FOUND;
	out->account = view->account;
	out->use_count = tags_used(g->txn, call->ctx, id, out->uses);
	return RC_OK;
}

static struct featured_tag_view featured_view(struct call *call, const struct profile *profile,
					      struct str name)
{
	const struct account *a = profile->account;
	struct featured_tag_view view = { .id = tag_id(call->ctx, name),
					  .name = name,
					  .profile = a->url.len != 0 ? a->url : a->uri };
	for (size_t i = 0; i < profile->use_count; i++) {
		if (tag_id(call->ctx, profile->uses[i].folded) != view.id)
			continue;
		view.count = profile->uses[i].count;
		view.last_ms = profile->uses[i].last_ms;
	}
	return view;
}

unsigned gather_featured_tags(struct gather *g, struct call *call, uint64_t account,
			      struct featured_tag_view out[ACCOUNT_TAGS_MAX])
{
	struct profile profile;
	if (profile_gather(call, g, account, &profile) != RC_OK)
		return 0;
	for (unsigned i = 0; i < profile.account->tag_count; i++)
		out[i] = featured_view(call, &profile, profile.account->tags[i]);
	return profile.account->tag_count;
}

static void reply_featured(struct call *call, uint64_t account)
{
	struct profile profile;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, profile_gather(call, &g, account, &profile));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (unsigned i = 0; i < profile.account->tag_count; i++) {
		struct featured_tag_view view =
			featured_view(call, &profile, profile.account->tags[i]);
		render_featured_tag(w, &view);
	}
	jw_end(w);
	reply_end(call, 200);
}

static void get_featured(struct call *call)
{
	reply_featured(call, call->viewer.account);
}

static void get_account_featured(struct call *call)
{
	reply_featured(call, call_id(call, 0));
}

struct name_params {
	struct str name;
};

static const struct param name_rows[] = { PARAM_STR(struct name_params, name, "name", 1000) };
PARAM_TABLE(name_params, struct name_params, name_rows);

static void post_featured(struct call *call)
{
	struct str name = without_sign(((const struct name_params *)call->params)->name);
	struct profile profile;
	struct gather g;
	enum rc rc = own_do(call, OWN_DO, 0, feature, &name);
	if (rc == RC_INVALID) {
		reply_invalid(call, "tag", "ERR_INVALID", "Tag is invalid");
		return;
	}
	if (rc == RC_OK)
		rc = gather_begin(&g, call);
	if (rc == RC_OK)
		rc = gather_end(&g, profile_gather(call, &g, call->viewer.account, &profile));
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct featured_tag_view view = featured_view(call, &profile, name);
	render_featured_tag(reply_begin(call), &view);
	reply_end(call, 200);
}

static enum rc unfeature_id(struct social *s, const struct account *actor,
			    const struct account *target UNUSED, void *arg)
{
	uint64_t id = *(const uint64_t *)arg;
	for (unsigned i = 0; i < actor->tag_count; i++) {
		if (tag_id(s->ctx, actor->tags[i]) == id)
			return act_unfeature_tag(s, actor, actor->tags[i]);
	}
	return RC_NOT_FOUND;
}

static void delete_featured(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = own_do(call, OWN_MAKE, 0, unfeature_id, &id);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

/* What the caller uses most and does not show yet. */
static void get_suggestions(struct call *call)
{
	struct tag_view views[SUGGESTED_MAX];
	struct profile profile;
	size_t n = 0;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = profile_gather(call, &g, call->viewer.account, &profile);
		for (size_t i = 0; rc == RC_OK && i < profile.use_count && n < SUGGESTED_MAX; i++) {
			uint64_t id = tag_id(call->ctx, profile.uses[i].folded);
			if (!is_featured(call->ctx, profile.account, id))
				n += tag_gather(call, &g, profile.uses[i].name, &views[n]) == RC_OK;
		}
		rc = gather_end(&g, rc);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_tag(w, call->api->parts.site, &views[i]);
	jw_end(w);
	reply_end(call, 200);
}

#define TAG "/api/v1/tags/:name"
#define FEATURED "/api/v1/featured_tags"
#define USER AUTH_USER
#define COMMON RATE_COMMON
#define READ SCOPE(READ_ACCOUNTS)
#define WRITE SCOPE(WRITE_ACCOUNTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, TAG, AUTH_OPTIONAL, 0, COMMON, NULL, get_tag },
	{ HTTP_POST, TAG "/follow", USER, SCOPE(WRITE_FOLLOWS), COMMON, NULL, post_follow },
	{ HTTP_POST, TAG "/unfollow", USER, SCOPE(WRITE_FOLLOWS), COMMON, NULL, post_unfollow },
	{ HTTP_POST, TAG "/feature", USER, WRITE, COMMON, NULL, post_feature },
	{ HTTP_POST, TAG "/unfeature", USER, WRITE, COMMON, NULL, post_unfeature },
	{ HTTP_GET, "/api/v1/followed_tags", USER, SCOPE(READ_FOLLOWS), COMMON, &page_params,
	  get_followed },
	{ HTTP_GET, FEATURED, USER, READ, COMMON, NULL, get_featured },
	{ HTTP_POST, FEATURED, USER, WRITE, COMMON, &name_params, post_featured },
	{ HTTP_DELETE, FEATURED "/:id", USER, WRITE, COMMON, NULL, delete_featured },
	{ HTTP_GET, FEATURED "/suggestions", USER, READ, COMMON, NULL, get_suggestions },
	{ HTTP_GET, "/api/v1/accounts/:id/featured_tags", AUTH_OPTIONAL, READ, COMMON, NULL,
	  get_account_featured },
};
API_ROWS_END
const struct api_route_table tags_api = { routes, ARRAY_LEN(routes) };
