/* Bookmarks, followed hashtags, lists; and the end of all that a person keeps. Inside transactions
 * only. */
#include "social/keep.h"

#include "act_int.h"
#include "social/schedule.h"
#include "store/filter.h"
#include "store/graph.h"
#include "store/personal.h"
#include "store/shelf.h"
#include "text/html.h"

#define CHUNK 200

enum rc act_bookmark(struct social *s, const struct account *actor, uint64_t id)
{
	struct shelved item = { .id = id };
	struct status status;
	struct account author;
	enum rc rc = act_load_seen(s, actor, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	return act_end(s, shelf_put(s->txn, SHELF_BOOKMARKS, actor->id, &item));
}

enum rc act_unbookmark(struct social *s, const struct account *actor, uint64_t id)
{
	const struct shelved item = { .id = id };
	bool was = shelf_del(s->txn, SHELF_BOOKMARKS, actor->id, &item);
	return act_end(s, was ? RC_OK : RC_NOT_FOUND);
}

enum rc act_follow_tag(struct social *s, const struct account *actor, struct str tag)
{
	struct shelved item = { .id = 0 };
	enum rc rc = text_tag_fold(s->ctx, tag, &item.text);
	if (rc != RC_OK)
		return rc;
	rc = shelf_put(s->txn, SHELF_TAGS, actor->id, &item);
	if (rc == RC_TOO_LARGE)
		rc = ctx_fail(s->ctx, rc, "there are enough followed hashtags");
	return act_end(s, rc);
}

enum rc act_unfollow_tag(struct social *s, const struct account *actor, struct str tag)
{
	struct shelved item = { .id = 0 };
	enum rc rc = text_tag_fold(s->ctx, tag, &item.text);
	if (rc != RC_OK)
		return rc;
	bool was = shelf_del(s->txn, SHELF_TAGS, actor->id, &item);
	return act_end(s, was ? RC_OK : RC_NOT_FOUND);
}

/* --- lists --- */

static enum rc title_check(struct social *s, struct list *list)
{
	struct str clean;
	enum rc rc = text_clean(s->ctx, str_trim(list->title), LIST_TITLE_MAX, LIST_TITLE_MAX * 4,
				&clean);
	if (rc == RC_OK && clean.len == 0)
		rc = ctx_fail(s->ctx, RC_INVALID, "a list needs a title");
	if (rc == RC_OK)
		list->title = clean;
	return rc;
}

enum rc act_list_make(struct social *s, const struct account *owner, struct list *list)
{
	enum rc rc = title_check(s, list);
	if (rc != RC_OK)
		return rc;
	list->owner = owner->id;
	rc = list_add(s->txn, list);
	if (rc == RC_TOO_LARGE)
		rc = ctx_fail(s->ctx, rc, "there are %d lists already", LISTS_MAX);
	return act_end(s, rc);
}

enum rc act_list_change(struct social *s, const struct account *owner, struct list *list)
{
	struct list now;
	if (!list_get(s->txn, s->ctx->arena, owner->id, list->id, &now))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = title_check(s, list);
	if (rc != RC_OK)
		return rc;
	list->owner = owner->id;
	list_put(s->txn, list);
	interest_touch(s->txn, owner->id);
	return act_end(s, RC_OK);
}

enum rc act_list_drop(struct social *s, const struct account *owner, uint64_t list)
{
	interest_touch(s->txn, owner->id);
	return act_end(s, list_del(s->txn, owner->id, list, CHUNK));
}

static bool may_be_member(struct social *s, const struct account *owner, uint64_t account)
{
	return account == owner->id || follow_get(s->txn, owner->id, account).state != FOLLOW_NONE;
}

enum rc act_list_add(struct social *s, const struct account *owner, uint64_t id,
		     const uint64_t *accounts, size_t count)
{
	struct list list;
	if (!list_get(s->txn, s->ctx->arena, owner->id, id, &list))
		return act_end(s, RC_NOT_FOUND);
	for (size_t i = 0; i < count; i++) {
		if (!may_be_member(s, owner, accounts[i]))
			return act_end(s, RC_NOT_FOUND);
		if (shelf_has(s->txn, SHELF_LISTED, id, accounts[i]))
			return act_end(s, RC_EXISTS);
	}
	for (size_t i = 0; i < count; i++) {
		struct shelved item = { .id = accounts[i] };
		enum rc rc = shelf_put(s->txn, SHELF_LISTED, id, &item);
		/* somebody was named twice */
		if (rc != RC_OK && rc != RC_EXISTS)
			return act_end(s, rc);
	}
	interest_touch(s->txn, owner->id);
	return act_end(s, RC_OK);
}

enum rc act_list_remove(struct social *s, const struct account *owner, uint64_t id,
			const uint64_t *accounts, size_t count)
{
	struct list list;
	if (!list_get(s->txn, s->ctx->arena, owner->id, id, &list))
		return act_end(s, RC_NOT_FOUND);
	for (size_t i = 0; i < count; i++) {
		const struct shelved item = { .id = accounts[i] };
		shelf_del(s->txn, SHELF_LISTED, id, &item);
	}
	interest_touch(s->txn, owner->id);
	return act_end(s, RC_OK);
}

size_t lists_with(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t account,
		  struct list out[LISTS_MAX])
{
	size_t all = list_all(txn, arena, owner, out), n = 0;
	for (size_t i = 0; i < all; i++) {
		if (shelf_has(txn, SHELF_LISTED, out[i].id, account))
			out[n++] = out[i];
	}
	return n;
}

/* --- the end --- */

static bool lists_forget(struct social *s, uint64_t owner)
{
	struct list lists[LISTS_MAX];
	size_t n = list_all(s->txn, s->ctx->arena, owner, lists);
	for (size_t i = 0; i < n; i++) {
		if (list_del(s->txn, owner, lists[i].id, CHUNK) == RC_BUSY)
			return false;
	}
	return true;
}

/* What is liked and who is watched are ended by those who own likes and follows. */
static bool shelf_is_own(enum shelf shelf)
{
	return shelf != SHELF_LIKED && shelf != SHELF_WATCHERS && shelf != SHELF_LISTED;
}

bool keep_forget(struct social *s, const struct account *account)
{
	if (!account_is_local(account))
		return true;
	for (unsigned shelf = SHELF_BOOKMARKS; shelf <= SHELF_LAST; shelf++) {
		if (shelf_is_own((enum shelf)shelf) &&
		    shelf_clear(s->txn, (enum shelf)shelf, account->id, CHUNK) == CHUNK)
			return false;
	}
	if (!lists_forget(s, account->id) || account_notes_del(s->txn, account->id, CHUNK) == CHUNK)
		return false;
	filters_del(s->txn, account->id);
	schedule_forget(s, account->id);
	personal_del(s->txn, account->id);
	return true;
}
