/* What peers tell of collections of accounts. Inside transactions only. */
#include "collection_int.h"
#include "interact_int.h"
#include "store/uri.h"

#define PLACES 64

static struct collection_item asked(uint64_t collection, uint64_t account, struct str request,
				    uint64_t now_ms)
{
	return (struct collection_item){ .collection = collection,
					 .account = account,
					 .state = COLLECTION_PENDING,
					 .uri = STR(""),
					 .request = request,
					 .authorization = STR(""),
					 .created_ms = now_ms };
}

/* One of which only the id is known so far. */
static bool stub_add(struct social *s, const struct account *owner, struct str uri,
		     struct collection *out)
{
	*out = (struct collection){ .account = owner->id,
				    .uri = uri,
				    .url = STR(""),
				    .name = STR(""),
				    .description = html_trusted(STR("")),
				    .language = STR(""),
				    .tag = STR(""),
				    .created_ms = db_txn_now(s->txn) };
	return collection_add(s->txn, out);
}

static enum rc answer(struct social *s, const struct account *owner, const struct account *account,
		      struct collection *c, struct collection_item *item)
{
	if (item->state == COLLECTION_PENDING)
		act_notify_about(s, account, NOTICE_COLLECTION_REQUEST, owner->id, c->id);
	else
		collection_tell_one(s,
				    item->state == COLLECTION_ACCEPTED ? FEDERATE_FEATURE_ACCEPT
								       : FEDERATE_FEATURE_REJECT,
				    account, owner, c, item);
	return act_end(s, RC_OK);
}

enum rc act_collection_requested(struct social *s, const struct account *owner,
				 const struct account *account, struct str uri, struct str request)
{
	static const enum collection_state states[] = { [ALLOWED_NOT] = COLLECTION_REJECTED,
							[ALLOWED_ASKING] = COLLECTION_PENDING,
							[ALLOWED] = COLLECTION_ACCEPTED };
	struct collection c;
	struct collection_item item;
	if (!interact_same_origin(s, uri, owner->uri) || !account_is_local(account))
		return RC_DENIED;
	if (collection_find_uri(s->txn, s->ctx->arena, uri, &c)) {
		if (c.account != owner->id)
			return RC_DENIED;
	} else if (!stub_add(s, owner, uri, &c)) {
		return act_end(s, RC_TOO_LARGE);
	}
	if (collection_item_of(s->txn, s->ctx->arena, c.id, account->id, &item)) {
		/* asked again: the same answer, to the new question */
		item.request = request;
		collection_item_put(s->txn, &item);
		return answer(s, owner, account, &c, &item);
	}
	item = asked(c.id, account->id, request, db_txn_now(s->txn));
	item.state = states[collection_allows(s->txn, account, owner)];
	if (!collection_item_add(s->txn, s->ctx->arena, &item))
		return act_end(s, RC_TOO_LARGE);
	if (item.state == COLLECTION_ACCEPTED)
		act_notify_about(s, account, NOTICE_COLLECTION, owner->id, c.id);
	return answer(s, owner, account, &c, &item);
}

/* The place of an account of which matches() is true. */
static bool place_find(struct social *s, const struct account *account,
		       bool (*matches)(const struct collection_item *item, struct str wanted),
		       struct str wanted, struct collection *c, struct collection_item *item,
		       struct account *owner)
{
	struct collection_place places[PLACES];
	uint64_t after = 0;
	size_t n;
	do {
		n = collections_with(s->txn, account->id, after, places, PLACES);
		for (size_t i = 0; i < n; i++) {
			after = places[i].collection;
			if (collection_item_get(s->txn, s->ctx->arena, places[i], item) &&
			    matches(item, wanted))
				return collection_get(s->txn, s->ctx->arena, after, c) &&
				       account_get(s->txn, s->ctx->arena, c->account, owner);
		}
	} while (n == PLACES);
	return false;
}

static bool is_request(const struct collection_item *item, struct str wanted)
{
	return item->request.len != 0 && str_eq(item->request, wanted);
}

static bool is_authorization(const struct collection_item *item, struct str wanted)
{
	return item->authorization.len != 0 && str_eq(item->authorization, wanted);
}

enum rc act_collection_answered(struct social *s, const struct account *account, struct str request,
				bool yes, struct str authorization)
{
	struct collection c;
	struct collection_item item;
	struct account owner;
	if (!place_find(s, account, is_request, request, &c, &item, &owner) ||
	    !account_is_local(&owner))
		return act_end(s, RC_NOT_FOUND);
	if (yes && !interact_same_origin(s, authorization, account->uri))
		return RC_DENIED;
	if (!yes) {
		/* taken back, when it was given before */
		if (item.state == COLLECTION_ACCEPTED)
			collection_tell(s, FEDERATE_COLLECTION_ITEM_REMOVE, &owner, &c, account,
					collection_item_uri(s->ctx->arena, &c, &item));
		item.state = COLLECTION_REJECTED;
		collection_item_put(s->txn, &item);
		return act_end(s, RC_OK);
	}
	if (item.state != COLLECTION_PENDING)
		return RC_EXISTS;
	item.authorization = authorization;
	collection_accept(s, &owner, &c, &item, account);
	return act_end(s, RC_OK);
}

enum rc act_collection_withdrawn(struct social *s, const struct account *account,
				 struct str authorization)
{
	struct collection c;
	struct collection_item item;
	struct account owner;
	if (!place_find(s, account, is_authorization, authorization, &c, &item, &owner))
		return act_end(s, RC_NOT_FOUND);
	if (account_is_local(&owner) && item.state == COLLECTION_ACCEPTED)
		collection_tell(s, FEDERATE_COLLECTION_ITEM_REMOVE, &owner, &c, account,
				collection_item_uri(s->ctx->arena, &c, &item));
	item.state = COLLECTION_REVOKED;
	collection_item_put(s->txn, &item);
	return act_end(s, RC_OK);
}

/* --- remote collections --- */

static bool is_told(const struct collection_item *items, size_t count, uint64_t account)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].account == account)
			return true;
	}
	return false;
}

/* What was read may be older than the consent to an item of ours. */
#define READ_LATE_MS MS_PER_DAY

/* What is not told any more goes; what waits for an answer of ours, or was refused, stays. */
static void items_prune(struct social *s, const struct collection *c,
			const struct collection_item *items, size_t count)
{
	struct collection_item *now =
		ARENA_ARRAY(s->ctx->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	struct account account;
	if (now == NULL)
		return;
	size_t n = collection_items(s->txn, s->ctx->arena, c->id, now);
	for (size_t i = 0; i < n; i++) {
		bool ours = account_get(s->txn, s->ctx->arena, now[i].account, &account) &&
			    account_is_local(&account);
		bool stays = ours && (now[i].state != COLLECTION_ACCEPTED || now[i].uri.len == 0 ||
				      now[i].created_ms + READ_LATE_MS > db_txn_now(s->txn));
		if (!stays && !is_told(items, count, now[i].account))
			collection_item_del(s->txn, &now[i]);
	}
}

/* Whether somebody here is in it, they say themselves; how the item is called there, its owner does. */
static void item_name(struct social *s, const struct collection *c, uint64_t account,
		      struct str uri)
{
	struct collection_item item;
	if (!collection_item_of(s->txn, s->ctx->arena, c->id, account, &item) ||
	    item.state != COLLECTION_ACCEPTED)
		return;
	item.uri = uri;
	collection_item_put(s->txn, &item);
}

static void item_take(struct social *s, const struct collection *c,
		      const struct collection_item *told)
{
	struct collection_item item;
	struct account account;
	if (!account_get(s->txn, s->ctx->arena, told->account, &account))
		return;
	if (account_is_local(&account)) {
		item_name(s, c, told->account, told->uri);
		return;
	}
	if (!collection_item_of(s->txn, s->ctx->arena, c->id, told->account, &item)) {
		item = asked(c->id, told->account, STR(""), told->created_ms);
		item.state = COLLECTION_ACCEPTED;
		item.uri = told->uri;
		item.authorization = told->authorization;
		(void)!collection_item_add(s->txn, s->ctx->arena, &item);
		return;
	}
	item.state = COLLECTION_ACCEPTED;
	item.uri = told->uri;
	item.authorization = told->authorization;
	collection_item_put(s->txn, &item);
}

/* What it says of itself has changed, not who is in it. */
static bool says_otherwise(const struct collection *then, const struct collection *now)
{
	return !str_eq(then->name, now->name) ||
	       !str_eq(then->description.markup, now->description.markup) ||
	       !str_eq(then->tag, now->tag);
}

enum rc act_collection_received(struct social *s, const struct account *owner, struct collection *c,
				const struct collection_item *items, size_t count)
{
	struct collection now;
	if (account_is_gone(owner) || account_is_local(owner) ||
	    !interact_same_origin(s, c->uri, owner->uri))
		return RC_DENIED;
	c->account = owner->id;
	c->fetched_ms = db_txn_now(s->txn);
	if (collection_find_uri(s->txn, s->ctx->arena, c->uri, &now)) {
		if (now.account != owner->id)
			return RC_DENIED;
		c->id = now.id;
		collection_put(s->txn, c);
		if (now.fetched_ms != 0 && says_otherwise(&now, c))
			collection_told_edit(s, owner, c);
	} else if (!collection_add(s->txn, c)) {
		return act_end(s, RC_TOO_LARGE);
	}
	items_prune(s, c, items, count);
	for (size_t i = 0; i < count; i++)
		item_take(s, c, &items[i]);
	return act_end(s, arena_failed(s->ctx->arena) ? RC_NO_MEMORY : RC_OK);
}

enum rc act_collection_dropped(struct social *s, const struct account *owner, struct str uri)
{
	struct collection c;
	if (!collection_find_uri(s->txn, s->ctx->arena, uri, &c))
		return act_end(s, RC_NOT_FOUND);
	if (c.account != owner->id || account_is_local(owner))
		return RC_DENIED;
	collection_del(s->txn, s->ctx->arena, c.id);
	return act_end(s, RC_OK);
}

void act_collection_item_named(struct social *s, const struct account *owner, struct str collection,
			       struct str account, struct str item)
{
	struct collection c;
	struct account a;
	if (collection_find_uri(s->txn, s->ctx->arena, collection, &c) && c.account == owner->id &&
	    !account_is_local(owner) && account_find_uri(s->txn, s->ctx->arena, account, &a) &&
	    account_is_local(&a))
		item_name(s, &c, a.id, item);
}

enum rc act_collection_item_dropped(struct social *s, const struct account *owner,
				    struct str collection, struct str item)
{
	struct collection c;
	struct collection_item *items =
		ARENA_ARRAY(s->ctx->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	if (items == NULL || !collection_find_uri(s->txn, s->ctx->arena, collection, &c))
		return items == NULL ? RC_NO_MEMORY : act_end(s, RC_NOT_FOUND);
	if (c.account != owner->id || account_is_local(owner))
		return RC_DENIED;
	uint64_t account = account_id_of_uri(s->txn, item);
	size_t n = collection_items(s->txn, s->ctx->arena, c.id, items);
	for (size_t i = 0; i < n; i++) {
		if ((items[i].uri.len != 0 && str_eq(items[i].uri, item)) ||
		    (account != 0 && items[i].account == account)) {
			collection_item_del(s->txn, &items[i]);
			return act_end(s, RC_OK);
		}
	}
	return act_end(s, RC_NOT_FOUND);
}

void collections_end(struct social *s, const struct account *account)
{
	struct collection_place places[PLACES];
	uint64_t ids[COLLECTIONS_MAX];
	size_t n = collections_of(s->txn, account->id, ids);
	for (size_t i = 0; i < n; i++)
		collection_del(s->txn, s->ctx->arena, ids[i]);
	while ((n = collections_with(s->txn, account->id, 0, places, PLACES)) != 0) {
		for (size_t i = 0; i < n; i++) {
			struct collection_item item;
			/* an index without its item would be found for ever */
			if (!collection_item_get(s->txn, s->ctx->arena, places[i], &item))
				return;
			collection_item_del(s->txn, &item);
		}
	}
}
