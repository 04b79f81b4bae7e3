/* What an account shows first: its pinned posts and its hashtags. Inside transactions only. */
#include "act_int.h"
#include "social/react.h"
#include "store/pin.h"
#include "text/html.h"

static void tell(struct social *s, const struct account *account, enum federate_what what,
		 struct str object, struct str text)
{
	struct federate f = { .what = what,
			      .actor = account->id,
			      .visibility = VISIBILITY_PUBLIC,
			      .object = object,
			      .text = text,
			      .at_ms = db_txn_now(s->txn) };
	if (!account_is_local(account))
		return;
	f.uri = site_activity_uri(s->ctx->arena, account->uri, "featured", db_next_id(s->txn));
	federate_add(s, &f);
}

static enum rc may_pin(struct social *s, const struct account *account, const struct status *status)
{
	uint64_t pinned[PINS_MAX];
	bool local = account_is_local(account);
	if (status->account != account->id || (status->flags & STATUS_BOOST) != 0)
		return ctx_fail(s->ctx, RC_DENIED, "only a post of one's own can be pinned");
	if (is_held_back(status) || (local ? !visibility_is_open(status->visibility)
					   : status->visibility == VISIBILITY_DIRECT))
		return ctx_fail(s->ctx, RC_DENIED, "only what everybody may see can be pinned");
	if (pin_has(s->txn, account->id, status->id))
		return RC_EXISTS;
	size_t max = local ? PINS_LOCAL_MAX : PINS_MAX;
	if (pins_of(s->txn, account->id, pinned) >= max)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "there are %zu pinned posts already", max);
	return RC_OK;
}

enum rc act_pin(struct social *s, const struct account *account, uint64_t id)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc == RC_OK && account_is_gone(account))
		rc = RC_GONE;
	if (rc == RC_OK)
		rc = may_pin(s, account, &status);
	if (rc != RC_OK)
		return act_end(s, rc);
	pin_add(s->txn, account->id, id);
	tell(s, account, FEDERATE_PIN, status.uri, STR_NONE);
	return act_end(s, RC_OK);
}

enum rc act_unpin(struct social *s, const struct account *account, uint64_t id)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (!pin_del(s->txn, account->id, id))
		return act_end(s, RC_NOT_FOUND);
	tell(s, account, FEDERATE_UNPIN, status.uri, STR_NONE);
	return act_end(s, RC_OK);
}

/* --- hashtags --- */

/* The index of the tag in whatever case; tag_count when it is not there. */
static unsigned tag_find(struct social *s, const struct account *account, struct str folded)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct str one;
	unsigned i = 0;
	for (; i < account->tag_count; i++) {
		if (text_tag_fold(&quiet, account->tags[i], &one) == RC_OK && str_eq(one, folded))
			break;
	}
	return i;
}

enum rc act_feature_tag(struct social *s, const struct account *account, struct str tag)
{
	struct account next = *account;
	struct str folded;
	enum rc rc = text_tag_fold(s->ctx, tag, &folded);
	if (rc == RC_OK && account_is_gone(account))
		rc = RC_GONE;
	if (rc != RC_OK)
		return rc;
	if (tag_find(s, account, folded) != account->tag_count)
		return RC_EXISTS;
	if (account->tag_count == ACCOUNT_TAGS_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d featured hashtags already",
				ACCOUNT_TAGS_MAX);
	next.tags = ARENA_ARRAY(s->ctx->arena, ACCOUNT_TAGS_MAX, struct str);
	if (next.tags == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < account->tag_count; i++)
		next.tags[i] = account->tags[i];
	next.tags[next.tag_count++] = tag;
	if (!account_put(s->txn, s->ctx->arena, &next))
		return act_end(s, RC_NOT_FOUND);
	tell(s, account, FEDERATE_FEATURE_TAG, STR(""), tag);
	return act_end(s, RC_OK);
}

enum rc act_unfeature_tag(struct social *s, const struct account *account, struct str tag)
{
	struct account next = *account;
	struct str folded;
	enum rc rc = text_tag_fold(s->ctx, tag, &folded);
	if (rc != RC_OK)
		return rc;
	unsigned at = tag_find(s, account, folded);
	if (at == account->tag_count)
		return RC_NOT_FOUND;
	struct str was = account->tags[at];
	next.tags = ARENA_ARRAY(s->ctx->arena, ACCOUNT_TAGS_MAX, struct str);
	if (next.tags == NULL)
		return RC_NO_MEMORY;
	next.tag_count = 0;
	for (unsigned i = 0; i < account->tag_count; i++) {
		if (i != at)
			next.tags[next.tag_count++] = account->tags[i];
	}
	if (!account_put(s->txn, s->ctx->arena, &next))
		return act_end(s, RC_NOT_FOUND);
	tell(s, account, FEDERATE_UNFEATURE_TAG, STR(""), was);
	return act_end(s, RC_OK);
}
