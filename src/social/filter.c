/* Making and changing filters. Inside transactions only. */
#include "social/filter.h"

#include "act_int.h"
#include "core/must.h"

static const struct {
	enum filter_context context;
	const char *name;
} contexts[] = {
	{ FILTER_HOME, "home" },       { FILTER_NOTIFICATIONS, "notifications" },
	{ FILTER_PUBLIC, "public" },   { FILTER_THREAD, "thread" },
	{ FILTER_ACCOUNT, "account" },
};

static const char *const actions[] = {
	[FILTER_WARN] = "warn",
	[FILTER_HIDE] = "hide",
	[FILTER_BLUR] = "blur",
};

bool filter_context_parse(struct str name, enum filter_context *out)
{
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
		if (str_eq(name, str_of(contexts[i].name))) {
			*out = contexts[i].context;
			return true;
		}
	}
	return false;
}

const char *filter_context_name(enum filter_context context)
{
	size_t i = 0;
	while (i < ARRAY_LEN(contexts) && contexts[i].context != context)
		i++;
	must(i < ARRAY_LEN(contexts));
	return contexts[i].name;
}

bool filter_action_parse(struct str name, enum filter_action *out)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (str_eq(name, str_of(actions[i]))) {
			*out = (enum filter_action)i;
			return true;
		}
	}
	return false;
}

const char *filter_action_name(enum filter_action action)
{
	must((size_t)action < ARRAY_LEN(actions));
	return actions[action];
}

/* --- checking --- */

static enum rc text_check(struct social *s, struct str *text, size_t max, const char *what)
{
	enum rc rc = text_clean(s->ctx, *text, max, max * 4, text);
	if (rc == RC_OK && str_trim(*text).len == 0)
		rc = ctx_fail(s->ctx, RC_INVALID, "%s can't be blank", what);
	return rc == RC_TOO_LARGE ? RC_INVALID : rc;
}

static enum rc filter_check(struct social *s, struct filter *f)
{
	enum rc rc = text_check(s, &f->title, FILTER_TITLE_MAX, "Title");
	if (rc == RC_OK && f->contexts == 0)
		rc = ctx_fail(s->ctx, RC_INVALID, "Context can't be blank");
	if (rc == RC_OK &&
	    (f->keyword_count > FILTER_KEYWORDS_MAX || f->status_count > FILTER_STATUSES_MAX))
		rc = ctx_fail(s->ctx, RC_TOO_LARGE, "a filter has at most %d keywords and %d posts",
			      FILTER_KEYWORDS_MAX, FILTER_STATUSES_MAX);
	for (unsigned i = 0; rc == RC_OK && i < f->keyword_count; i++)
		rc = text_check(s, &f->keywords[i].text, FILTER_KEYWORD_MAX, "Keyword");
	return rc;
}

enum rc act_filter_save(struct social *s, const struct account *owner, struct filter *f)
{
	struct filter now;
	enum rc rc = filter_check(s, f);
	if (rc != RC_OK)
		return rc;
	f->owner = owner->id;
	if (f->id == 0) {
		rc = filter_add(s->txn, f);
		if (rc == RC_TOO_LARGE)
			rc = ctx_fail(s->ctx, rc, "there are %d filters already", FILTERS_MAX);
		else
			live_tell(s->txn, LIVE_FILTERS, owner->id, 0, 0);
		return act_end(s, rc);
	}
	if (!filter_get(s->txn, s->ctx->arena, owner->id, f->id, &now))
		return act_end(s, RC_NOT_FOUND);
	filter_put(s->txn, f);
	live_tell(s->txn, LIVE_FILTERS, owner->id, 0, 0);
	return act_end(s, RC_OK);
}

enum rc act_filter_drop(struct social *s, const struct account *owner, uint64_t id)
{
	if (!filter_del(s->txn, owner->id, id))
		return act_end(s, RC_NOT_FOUND);
	live_tell(s->txn, LIVE_FILTERS, owner->id, 0, 0);
	return act_end(s, RC_OK);
}

/* --- parts --- */

static bool part_find(struct filter_place *place, uint64_t id)
{
	struct filter *f = &place->filter;
	for (unsigned i = 0; i < f->keyword_count; i++) {
		if (f->keywords[i].id == id)
			place->keyword = &f->keywords[i];
	}
	for (unsigned i = 0; i < f->status_count; i++) {
		if (f->statuses[i].id == id)
			place->status = &f->statuses[i];
	}
	return place->keyword != NULL || place->status != NULL;
}

bool filter_find_part(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		      struct filter_place *out)
{
	struct filter *filters;
	size_t n = filter_all(txn, arena, owner, &filters);
	for (size_t i = 0; i < n; i++) {
		*out = (struct filter_place){ .filter = filters[i] };
		if (part_find(out, id))
			return true;
	}
	return false;
}

enum rc act_filter_drop_part(struct social *s, const struct account *owner,
			     struct filter_place *place)
{
	struct filter *f = &place->filter;
	if (place->keyword != NULL) {
		size_t at = (size_t)(place->keyword - f->keywords);
		f->keyword_count--;
		memmove(&f->keywords[at], &f->keywords[at + 1],
			(f->keyword_count - at) * sizeof(f->keywords[0]));
	} else {
		size_t at = (size_t)(place->status - f->statuses);
		f->status_count--;
		memmove(&f->statuses[at], &f->statuses[at + 1],
			(f->status_count - at) * sizeof(f->statuses[0]));
	}
	return act_filter_save(s, owner, f);
}

enum rc act_filter_add_keyword(struct social *s, const struct account *owner, uint64_t id,
			       struct filter_keyword *keyword)
{
	struct filter f;
	if (!filter_get(s->txn, s->ctx->arena, owner->id, id, &f))
		return act_end(s, RC_NOT_FOUND);
	struct filter_keyword *more =
		ARENA_ARRAY(s->ctx->arena, f.keyword_count + 1U, struct filter_keyword);
	if (more == NULL)
		return RC_NO_MEMORY;
	if (f.keyword_count != 0)
		memcpy(more, f.keywords, f.keyword_count * sizeof(more[0]));
	keyword->id = 0;
	more[f.keyword_count++] = *keyword;
	f.keywords = more;
	enum rc rc = act_filter_save(s, owner, &f);
	*keyword = more[f.keyword_count - 1];
	return rc;
}

enum rc act_filter_add_status(struct social *s, const struct account *owner, uint64_t id,
			      struct filter_status *status)
{
	struct filter f;
	struct status post;
	struct account author;
	if (!filter_get(s->txn, s->ctx->arena, owner->id, id, &f))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = act_load_seen(s, owner, status->status, &post, &author);
	if (rc != RC_OK)
		return rc;
	for (unsigned i = 0; i < f.status_count; i++) {
		if (f.statuses[i].status == status->status)
			return act_end(s, RC_EXISTS);
	}
	struct filter_status *more =
		ARENA_ARRAY(s->ctx->arena, f.status_count + 1U, struct filter_status);
	if (more == NULL)
		return RC_NO_MEMORY;
	if (f.status_count != 0)
		memcpy(more, f.statuses, f.status_count * sizeof(more[0]));
	status->id = 0;
	more[f.status_count++] = *status;
	f.statuses = more;
	rc = act_filter_save(s, owner, &f);
	*status = more[f.status_count - 1];
	return rc;
}
