/* Attributes: what somebody has, and changing it. Inside transactions. */
#include "social/attribute.h"

#include <stdlib.h>

#include "act_int.h"
#include "text/text.h"

/* --- what somebody has --- */

static int compare(const void *x, const void *y)
{
	const struct attribute *a = x, *b = y;
	int names = str_cmp(a->name, b->name);
	return names != 0 ? names : str_cmp(a->value, b->value);
}

static struct str lower(struct arena *arena, struct str text)
{
	struct buf out = BUF_INIT(1024);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		buf_add_chr(&out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
	}
	return arena_take_buf(arena, &out);
}

static bool email_domain(struct db_txn *txn, struct arena *arena, uint64_t account,
			 struct attribute *out)
{
	struct account_secrets secrets;
	struct str user, domain;
	if (!account_secrets_get(txn, arena, account, &secrets) || secrets.confirmed_ms == 0 ||
	    !str_split(secrets.email, '@', &user, &domain) || domain.len == 0)
		return false;
	*out = (struct attribute){ .name = STR(ATTRIBUTE_EMAIL_DOMAIN),
				   .value = lower(arena, domain),
				   .source = ATTRIBUTE_BUILT_IN,
				   .since_ms = secrets.confirmed_ms };
	return true;
}

size_t attributes_of(struct db_txn *txn, struct arena *arena, uint64_t account,
		     struct attribute out[ATTRIBUTES_ALL_MAX])
{
	size_t n = attributes_get(txn, arena, account, out);
	n += email_domain(txn, arena, account, &out[n]);
	qsort(out, n, sizeof(*out), compare);
	return n;
}

static bool has(const struct attribute *list, size_t count, const struct community_condition *c)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(list[i].name, c->name) && str_eq(list[i].value, c->value))
			return true;
	}
	return false;
}

bool attributes_meet(struct db_txn *txn, struct arena *arena, const struct community *effective,
		     uint64_t account)
{
	const struct community_terms *t = &effective->terms;
	struct attribute *list = ARENA_ARRAY(arena, ATTRIBUTES_ALL_MAX, struct attribute);
	struct str domain;
	unsigned met = 0;
	/* without a condition nobody is meant */
	if (list == NULL || t->condition_count == 0 || !account_domain(txn, account, &domain) ||
	    domain.len != 0)
		return false;
	size_t n = attributes_of(txn, arena, account, list);
	for (unsigned i = 0; i < t->condition_count; i++)
		met += has(list, n, &t->conditions[i]);
	return t->all ? met == t->condition_count : met != 0;
}

/* --- reading --- */

enum rc attribute_read_part(struct ctx *ctx, struct str name, struct str value,
			    struct attribute *out)
{
	*out = (struct attribute){ .name = lower(ctx->arena, str_trim(name)), .value = STR("") };
	if (!attribute_name_valid(out->name))
		return ctx_fail(
			ctx, RC_INVALID,
			"an attribute's name has 1 to %d of a-z, 0-9, - _ . from a letter on",
			ATTRIBUTE_NAME_MAX);
	return text_clean(ctx, str_trim(value), ATTRIBUTE_VALUE_MAX, ATTRIBUTE_VALUE_MAX,
			  &out->value);
}

enum rc attribute_read(struct ctx *ctx, struct str name, struct str value, struct attribute *out)
{
	enum rc rc = attribute_read_part(ctx, name, value, out);
	if (rc == RC_OK && out->value.len == 0)
		rc = ctx_fail(ctx, RC_INVALID, "an attribute has a value");
	return rc;
}

enum rc attribute_read_pair(struct ctx *ctx, struct str pair, struct attribute *out)
{
	struct str name, value;
	if (!str_split(pair, '=', &name, &value))
		return ctx_fail(ctx, RC_INVALID, "an attribute is said as name=value");
	return attribute_read(ctx, name, value, out);
}

/* --- changing --- */

static enum rc check_account(struct social *s, uint64_t account)
{
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, account, &a) || !account_is_local(&a) ||
	    (a.flags & ACCOUNT_DELETED) != 0 || a.kind == ACCOUNT_GROUP)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "they are nobody of this node"));
	return RC_OK;
}

static enum rc check_name(struct social *s, struct str name)
{
	return str_eq(name, STR(ATTRIBUTE_EMAIL_DOMAIN))
		       ? ctx_fail(s->ctx, RC_INVALID,
				  "\"" ATTRIBUTE_EMAIL_DOMAIN "\" follows from the e-mail address")
		       : RC_OK;
}

static enum rc put(struct social *s, uint64_t account, const struct attribute *a)
{
	struct attribute row = *a;
	enum rc rc = check_name(s, a->name);
	if (rc != RC_OK)
		return rc;
	row.since_ms = db_txn_now(s->txn);
	if (!attribute_put(s->txn, account, &row))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE,
					   "somebody has %d attributes at most", ATTRIBUTES_MAX));
	return RC_OK;
}

enum rc attribute_add(struct social *s, uint64_t account, const struct attribute *a)
{
	struct attribute *list = ARENA_ARRAY(s->ctx->arena, ATTRIBUTES_ALL_MAX, struct attribute);
	enum rc rc = check_account(s, account);
	if (list == NULL)
		return RC_NO_MEMORY;
	const struct community_condition wanted = { a->name, a->value };
	if (rc == RC_OK && has(list, attributes_get(s->txn, s->ctx->arena, account, list), &wanted))
		return act_end(s, RC_EXISTS);
	if (rc == RC_OK)
		rc = put(s, account, a);
	if (rc == RC_OK)
		attributes_changed(s, account);
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}

enum rc attribute_remove(struct social *s, uint64_t account, struct str name, struct str value)
{
	struct attribute *list = ARENA_ARRAY(s->ctx->arena, ATTRIBUTES_ALL_MAX, struct attribute);
	enum rc rc = check_account(s, account);
	bool any = false;
	if (list == NULL)
		return RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	size_t n = attributes_get(s->txn, s->ctx->arena, account, list);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(list[i].name, name) ||
		    (value.len != 0 && !str_eq(list[i].value, value)))
			continue;
		any |= attribute_del(s->txn, account, list[i].name, list[i].value);
	}
	if (!any)
		return act_end(s, RC_NOT_FOUND);
	attributes_changed(s, account);
	return act_end(s, RC_OK);
}

enum rc attributes_replace(struct social *s, uint64_t account, enum attribute_source source,
			   const struct attribute *list, size_t count)
{
	struct attribute *now = ARENA_ARRAY(s->ctx->arena, ATTRIBUTES_ALL_MAX, struct attribute);
	enum rc rc = check_account(s, account);
	if (now == NULL)
		return RC_NO_MEMORY;
	size_t n = rc == RC_OK ? attributes_get(s->txn, s->ctx->arena, account, now) : 0;
	for (size_t i = 0; i < n; i++) {
		const struct community_condition one = { now[i].name, now[i].value };
		if (now[i].source == source && !has(list, count, &one))
			attribute_del(s->txn, account, now[i].name, now[i].value);
	}
	for (size_t i = 0; rc == RC_OK && i < count; i++) {
		struct attribute a = list[i];
		const struct community_condition one = { a.name, a.value };
		a.source = source;
		if (!has(now, n, &one))
			rc = put(s, account, &a);
	}
	if (rc == RC_OK)
		attributes_changed(s, account);
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}
