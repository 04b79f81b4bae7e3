/* Filters as they are since 4.0: groups of keywords and posts. */
#include "filter_int.h"

/* --- looking --- */

static void get_filters(struct call *call)
{
	struct filter *filters = NULL;
	struct gather g;
	size_t n = 0;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		n = filter_all(g.txn, g.arena, call->viewer.account, &filters);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_filter(w, &filters[i]);
	jw_end(w);
	reply_end(call, 200);
}

static void reply_filter(struct call *call, enum rc rc, const struct filter *f)
{
	if (rc != RC_OK) {
		reply_filter_invalid(call, rc);
		return;
	}
	render_filter(reply_begin(call), f);
	reply_end(call, 200);
}

static void get_filter(struct call *call)
{
	struct filter f;
	enum rc rc = filter_read(call, call_id(call, 0), &f);
	reply_filter(call, rc, &f);
}

/* --- making and changing --- */

static const char *const action_words[] = { "warn", "hide", "blur", "blur_media", NULL };

static const struct param filter_rows[] = {
	PARAM_STR(struct filter_params, title, "title", 4096),
	PARAM_CHOICE(struct filter_params, action, "filter_action", action_words),
	PARAM_STRS(struct filter_params, contexts, "context", 40),
	PARAM_STR(struct filter_params, expires_in, "expires_in", 20),
	PARAM_INNER("keywords_attributes[][id]", 20),
	PARAM_INNER("keywords_attributes[][keyword]", 0),
	PARAM_INNER("keywords_attributes[][whole_word]", 5),
	PARAM_INNER("keywords_attributes[][_destroy]", 5),
};
PARAM_TABLE(filter_params, struct filter_params, filter_rows);

/* One of keywords_attributes[]. */
struct change {
	bool has_id, has_text, has_whole;
	uint64_t id;
	struct str text;
	bool whole, destroy;
};

#define ATTRIBUTES "keywords_attributes["

/* "keywords_attributes[][keyword]" is index "" and member "keyword". */
static bool attribute_name(struct str name, struct str *index, struct str *member)
{
	if (!str_has_prefix(name, STR(ATTRIBUTES)) || !str_has_suffix(name, STR("]")))
		return false;
	struct str rest = str_skip(name, sizeof(ATTRIBUTES) - 1);
	rest = str_take(rest, rest.len - 1);
	size_t at = str_find(rest, STR("]["));
	if (at == rest.len)
		return false;
	*index = str_take(rest, at);
	*member = str_skip(rest, at + 2);
	return true;
}

static bool is_yes(struct str value)
{
	return str_eq(value, STR("true")) || str_eq(value, STR("1"));
}

static bool is_said(const struct change *c, struct str member)
{
	return (str_eq(member, STR("id")) && c->has_id) ||
	       (str_eq(member, STR("keyword")) && c->has_text) ||
	       (str_eq(member, STR("whole_word")) && c->has_whole);
}

static void say(struct change *c, struct str member, struct str value)
{
	if (str_eq(member, STR("id"))) {
		c->has_id = value.ptr != NULL;
		if (!str_to_u64(value, &c->id))
			c->id = 0;
	} else if (str_eq(member, STR("keyword"))) {
		c->has_text = true;
		c->text = value.ptr != NULL ? value : STR("");
	} else if (str_eq(member, STR("whole_word"))) {
		c->has_whole = true;
		c->whole = is_yes(value);
	} else if (str_eq(member, STR("_destroy"))) {
		c->destroy = is_yes(value);
	}
}

/* In the manner of Rails: what names no index begins a new one when it says something again. */
static size_t changes_read(struct call *call, struct change *out, size_t max)
{
	struct str last = STR_NONE;
	size_t n = 0;
	for (size_t i = 0; i < call->fields.count; i++) {
		const struct field *f = &call->fields.list[i];
		struct str index, member;
		if (!attribute_name(f->name, &index, &member))
			continue;
		bool next = n == 0 || !str_eq(index, last) ||
			    (index.len == 0 && is_said(&out[n - 1], member));
		if (next && n == max)
			break;
		if (next)
			out[n++] = (struct change){ .text = STR("") };
		say(&out[n - 1], member, f->value);
		last = index;
	}
	return n;
}

static struct filter_keyword *keyword_find(struct filter *f, uint64_t id)
{
	for (unsigned i = 0; i < f->keyword_count; i++) {
		if (f->keywords[i].id == id)
			return &f->keywords[i];
	}
	return NULL;
}

static enum rc change_apply(struct filter *f, const struct change *c)
{
	struct filter_keyword *k = c->has_id ? keyword_find(f, c->id) : NULL;
	if (c->has_id && k == NULL)
		return RC_NOT_FOUND;
	if (c->destroy && k != NULL) {
		size_t at = (size_t)(k - f->keywords);
		f->keyword_count--;
		memmove(k, k + 1, (f->keyword_count - at) * sizeof(*k));
	}
	if (c->destroy)
		return RC_OK;
	if (k == NULL) {
		k = &f->keywords[f->keyword_count++];
		*k = (struct filter_keyword){ .text = STR("") };
	}
	if (c->has_text)
		k->text = c->text;
	if (c->has_whole)
		k->whole_word = c->whole;
	return RC_OK;
}

static enum rc keywords_apply(struct call *call, struct filter *f)
{
	struct change *changes = ARENA_ARRAY(call->ctx->arena, FILTER_KEYWORDS_MAX, struct change);
	struct filter_keyword *room =
		ARENA_ARRAY(call->ctx->arena, 2 * FILTER_KEYWORDS_MAX, struct filter_keyword);
	if (changes == NULL || room == NULL)
		return RC_NO_MEMORY;
	if (f->keyword_count != 0)
		memcpy(room, f->keywords, f->keyword_count * sizeof(room[0]));
	f->keywords = room;
	size_t n = changes_read(call, changes, FILTER_KEYWORDS_MAX);
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = change_apply(f, &changes[i]);
	return rc;
}

static void save_filter(struct call *call, struct filter *f)
{
	enum rc rc = filter_params_apply(call, call->params, f);
	if (rc == RC_OK)
		rc = keywords_apply(call, f);
	if (rc == RC_OK)
		rc = filter_save(call, f);
	reply_filter(call, rc, f);
}

static void post_filter(struct call *call)
{
	struct filter f = { .title = STR("") };
	save_filter(call, &f);
}

static void put_filter(struct call *call)
{
	struct filter f;
	enum rc rc = filter_read(call, call_id(call, 0), &f);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		save_filter(call, &f);
}

static enum rc drop_filter(struct social *s, const struct account *actor,
			   const struct account *target UNUSED, void *arg)
{
	return act_filter_drop(s, actor, *(const uint64_t *)arg);
}

static void delete_filter(struct call *call)
{
	uint64_t id = call_id(call, 0);
	enum rc rc = own_do(call, OWN_MAKE, 0, drop_filter, &id);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

#define FILTERS "/api/v2/filters"
#define READ SCOPE(READ_FILTERS)
#define WRITE SCOPE(WRITE_FILTERS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, FILTERS, USER, READ, COMMON, NULL, get_filters },
	{ HTTP_GET, FILTERS "/:id", USER, READ, COMMON, NULL, get_filter },
	{ HTTP_POST, FILTERS, USER, WRITE, COMMON, &filter_params, post_filter },
	{ HTTP_PUT, FILTERS "/:id", USER, WRITE, COMMON, &filter_params, put_filter },
	{ HTTP_DELETE, FILTERS "/:id", USER, WRITE, COMMON, NULL, delete_filter },
};
API_ROWS_END
const struct api_route_table filters_api = { routes, ARRAY_LEN(routes) };
