/* What the caller prefers for new posts: kept with their account, applied where a request says nothing. */
#include "own_int.h"

#include "social/schedule.h"
#include "store/personal.h"
#include "text/html.h"

static enum rc refuse(struct social *s, const char *what)
{
	return ctx_fail(s->ctx, RC_INVALID, "%s is not included in the list", what);
}

static enum rc privacy_apply(struct social *s, struct str value, struct preference *p)
{
	return post_visibility_parse(value, &p->visibility) && p->visibility != VISIBILITY_DIRECT
		       ? RC_OK
		       : refuse(s, "Privacy");
}

static enum rc sensitive_apply(struct social *s UNUSED, struct str value, struct preference *p)
{
	p->sensitive = str_eq(value, STR("true")) || str_eq(value, STR("1"));
	return RC_OK;
}

static enum rc language_apply(struct social *s, struct str value, struct preference *p)
{
	if (value.len != 0 && !text_language_valid(value))
		return refuse(s, "Language");
	p->language = value;
	return RC_OK;
}

static enum rc quotes_apply(struct social *s, struct str value, struct preference *p)
{
	enum policy_who who;
	if (!policy_who_parse(value, &who) || who == POLICY_ASK)
		return refuse(s, "Quote policy");
	p->quotes = (uint8_t)who;
	return RC_OK;
}

static const struct {
	const char *name;
	enum rc (*apply)(struct social *s, struct str value, struct preference *p);
} rows[] = {
	{ "source[privacy]", privacy_apply },
	{ "source[sensitive]", sensitive_apply },
	{ "source[language]", language_apply },
	{ "source[quote_policy]", quotes_apply },
};

enum rc source_apply(struct social *s, uint64_t account, const struct fields *fields)
{
	struct preference p;
	bool any = false;
	enum rc rc = RC_OK;
	preference_get(s->txn, s->ctx->arena, account, &p);
	for (size_t i = 0; rc == RC_OK && i < ARRAY_LEN(rows); i++) {
		const struct field *f = fields_find(fields, str_of(rows[i].name));
		if (f == NULL)
			continue;
		any = true;
		rc = rows[i].apply(s, f->value.ptr != NULL ? f->value : STR(""), &p);
	}
	if (rc == RC_OK && any)
		preference_put(s->txn, account, &p);
	return rc;
}

enum rc source_default(struct call *call, const struct post_said *said, struct draft *draft)
{
	struct preference p;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	preference_get(g.txn, g.arena, call->viewer.account, &p);
	rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		return rc;
	return draft_prefer(call->ctx->arena, &p, said, draft);
}
