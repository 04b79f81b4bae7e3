/* Collections of accounts, as people here make them and answer for themselves. Inside transactions
 * only, but for making words. */
#include "social/collection.h"

#include "collection_int.h"
#include "core/utf8.h"
#include "social/account.h"
#include "store/graph.h"
#include "text/html.h"
#include "text/text.h"

/* --- words --- */

enum rc collection_words_make(struct ctx *ctx, const struct site *site,
			      const struct collection_words *words, struct collection *out)
{
	struct str tag = words->tag, folded;
	enum rc rc = RC_OK;
	if (words->name.ptr != NULL) {
		rc = text_clean(ctx, words->name, COLLECTION_NAME_CHARS,
				(size_t)COLLECTION_NAME_CHARS * 4, &out->name);
		if (rc == RC_OK && out->name.len == 0)
			rc = ctx_fail(ctx, RC_INVALID, "a collection needs a name");
	}
	if (rc == RC_OK && words->description.ptr != NULL) {
		if (!utf8_valid(words->description) ||
		    utf8_count(words->description) > COLLECTION_DESCRIPTION_CHARS)
			return ctx_fail(ctx, RC_INVALID, "a description has at most %d characters",
					COLLECTION_DESCRIPTION_CHARS);
		rc = account_text_make(ctx, site, words->description, &out->description);
	}
	if (rc == RC_OK && words->language.ptr != NULL) {
		if (words->language.len != 0 && !text_language_valid(words->language))
			return ctx_fail(ctx, RC_INVALID, "this is no language");
		out->language = words->language;
	}
	if (rc != RC_OK || tag.ptr == NULL)
		return rc;
	if (tag.len != 0 && tag.ptr[0] == '#')
		tag = str_skip(tag, 1);
	if (tag.len != 0)
		rc = text_tag_fold(ctx, tag, &folded);
	out->tag = tag;
	return rc;
}

/* --- who may --- */

struct feature_bits collection_policy(const struct account *a)
{
	if (a->feature_said)
		return (struct feature_bits){ a->feature_automatic, a->feature_manual };
	bool open = account_is_local(a) && (a->flags & ACCOUNT_DISCOVERABLE) != 0;
	return (struct feature_bits){ open ? FEATURE_ANYBODY : 0, 0 };
}

static bool is_among(struct db_txn *txn, unsigned bits, const struct account *account,
		     const struct account *owner)
{
	return (bits & FEATURE_ANYBODY) != 0 ||
	       ((bits & FEATURE_FOLLOWERS) != 0 &&
		follow_get(txn, owner->id, account->id).state == FOLLOW_ACCEPTED) ||
	       ((bits & FEATURE_FOLLOWING) != 0 &&
		follow_get(txn, account->id, owner->id).state == FOLLOW_ACCEPTED);
}

enum allowance collection_allows(struct db_txn *txn, const struct account *account,
				 const struct account *owner)
{
	struct feature_bits policy = collection_policy(account);
	if (account_is_gone(account) || block_exists(txn, account->id, owner->id) ||
	    block_exists(txn, owner->id, account->id))
		return ALLOWED_NOT;
	if (account->id == owner->id || is_among(txn, policy.automatic, account, owner))
		return ALLOWED;
	/* who follows and is followed, a peer may know better than we do: it is asked */
	if (!account_is_local(account) &&
	    ((policy.automatic | policy.manual) & ~(unsigned)FEATURE_ANYBODY) != 0)
		return ALLOWED_ASKING;
	return is_among(txn, policy.manual, account, owner) ? ALLOWED_ASKING : ALLOWED_NOT;
}

bool collection_shows(struct db_txn *txn, const struct collection_item *item)
{
	return item->state == COLLECTION_ACCEPTED && item->account != 0 && db_txn_rc(txn) == RC_OK;
}

/* --- addresses --- */

struct str collection_item_uri(struct arena *arena, const struct collection *c,
			       const struct collection_item *item)
{
	if (item->uri.len != 0)
		return item->uri;
	return arena_printf(arena, "%.*s/items/%llu", STR_ARG(c->uri),
			    (unsigned long long)item->id);
}

struct str collection_authorization_uri(struct arena *arena, const struct site *site,
					const struct account *account,
					const struct collection_item *item)
{
	if (!account_is_local(account))
		return item->authorization;
	return arena_printf(
		arena, "%.*s/%llu",
		STR_ARG(site_actor_part(arena, site, account->username, "feature_authorizations")),
		(unsigned long long)item->id);
}

/* --- telling --- */

/* Whom a collection has in it hear what becomes of it, with the owner's followers. */
void collection_tell(struct social *s, enum federate_what what, const struct account *owner,
		     const struct collection *c, const struct account *account, struct str object)
{
	struct collection_item *items =
		ARENA_ARRAY(s->ctx->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	struct federate f = { .what = what,
			      .actor = owner->id,
			      .status = c->id,
			      .target = account != NULL ? account->id : 0,
			      .visibility = VISIBILITY_PUBLIC,
			      .object = object,
			      .text = c->uri,
			      .at_ms = db_txn_now(s->txn) };
	if (!account_is_local(owner) || items == NULL)
		return;
	size_t n = collection_items(s->txn, s->ctx->arena, c->id, items);
	for (size_t i = 0; i < n; i++) {
		struct account one;
		if (items[i].state == COLLECTION_ACCEPTED &&
		    account_get(s->txn, s->ctx->arena, items[i].account, &one))
			act_hears(&f, &one);
	}
	if (account != NULL)
		act_hears(&f, account);
	f.uri = site_activity_uri(s->ctx->arena, owner->uri, "collections", db_next_id(s->txn));
	federate_add(s, &f);
}

/* Between the two: a request, an answer, its end. */
void collection_tell_one(struct social *s, enum federate_what what, const struct account *actor,
			 const struct account *target, const struct collection *c,
			 const struct collection_item *item)
{
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .status = c->id,
			      .target = target->id,
			      .visibility = VISIBILITY_DIRECT,
			      .object = item->request,
			      .text = c->uri,
			      .at_ms = db_txn_now(s->txn) };
	if (!account_is_local(actor) || account_is_local(target))
		return;
	if (what == FEDERATE_FEATURE_REVOKE)
		f.object = collection_authorization_uri(s->ctx->arena, s->site, actor, item);
	f.uri = what == FEDERATE_FEATURE_REQUEST
			? item->request
			: site_activity_uri(s->ctx->arena, actor->uri, "features",
					    db_next_id(s->txn));
	act_hears(&f, target);
	federate_add(s, &f);
}

/* --- collections --- */

enum rc act_collection_create(struct social *s, const struct account *owner, struct collection *c)
{
	enum rc rc = act_refuse_moved(s, owner);
	if (rc != RC_OK || account_is_gone(owner))
		return rc != RC_OK ? rc : RC_GONE;
	c->id = db_next_id(s->txn);
	c->account = owner->id;
	c->created_ms = c->updated_ms = db_txn_now(s->txn);
	c->url = STR("");
	c->uri = arena_printf(s->ctx->arena, "%.*s/%llu",
			      STR_ARG(site_actor_part(s->ctx->arena, s->site, owner->username,
						      "featured_collections")),
			      (unsigned long long)c->id);
	if (!collection_add(s->txn, c))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d collections already",
					   COLLECTIONS_MAX));
	collection_tell(s, FEDERATE_COLLECTION_ADD, owner, c, NULL, c->uri);
	return act_end(s, RC_OK);
}

static enum rc load_own(struct social *s, const struct account *owner, uint64_t id,
			struct collection *out)
{
	if (!collection_get(s->txn, s->ctx->arena, id, out))
		return act_end(s, RC_NOT_FOUND);
	return out->account == owner->id ? RC_OK : RC_DENIED;
}

void collection_told_edit(struct social *s, const struct account *owner, const struct collection *c)
{
	struct collection_item *items =
		ARENA_ARRAY(s->ctx->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	size_t n = items != NULL ? collection_items(s->txn, s->ctx->arena, c->id, items) : 0;
	for (size_t i = 0; i < n; i++) {
		struct account one;
		if (items[i].state == COLLECTION_ACCEPTED &&
		    account_get(s->txn, s->ctx->arena, items[i].account, &one))
			act_notify_about(s, &one, NOTICE_COLLECTION_EDIT, owner->id, c->id);
	}
}

enum rc act_collection_edit(struct social *s, const struct account *owner,
			    const struct collection *next)
{
	struct collection c;
	enum rc rc = load_own(s, owner, next->id, &c);
	if (rc != RC_OK)
		return rc;
	c.name = next->name;
	c.description = next->description;
	c.language = next->language;
	c.tag = next->tag;
	c.flags = next->flags;
	c.updated_ms = db_txn_now(s->txn);
	collection_put(s->txn, &c);
	collection_told_edit(s, owner, &c);
	collection_tell(s, FEDERATE_COLLECTION_UPDATE, owner, &c, NULL, c.uri);
	return act_end(s, RC_OK);
}

enum rc act_collection_delete(struct social *s, const struct account *owner, uint64_t id)
{
	struct collection c;
	enum rc rc = load_own(s, owner, id, &c);
	if (rc != RC_OK)
		return rc;
	collection_tell(s, FEDERATE_COLLECTION_REMOVE, owner, &c, NULL, c.uri);
	collection_del(s->txn, s->ctx->arena, id);
	return act_end(s, RC_OK);
}

/* --- items --- */

/* It is shown from now on. */
void collection_accept(struct social *s, const struct account *owner, struct collection *c,
		       struct collection_item *item, const struct account *account)
{
	item->state = COLLECTION_ACCEPTED;
	collection_item_put(s->txn, item);
	if (!account_is_local(owner))
		return;
	c->updated_ms = db_txn_now(s->txn);
	collection_put(s->txn, c);
	collection_tell(s, FEDERATE_COLLECTION_ITEM_ADD, owner, c, account,
			collection_item_uri(s->ctx->arena, c, item));
}

/* Out of the collection; those who may know of it hear that. */
void collection_drop(struct social *s, const struct account *owner, struct collection *c,
		     const struct collection_item *item, const struct account *account)
{
	bool shown = item->state == COLLECTION_ACCEPTED;
	collection_item_del(s->txn, item);
	if (!account_is_local(owner) || !shown)
		return;
	c->updated_ms = db_txn_now(s->txn);
	collection_put(s->txn, c);
	collection_tell(s, FEDERATE_COLLECTION_ITEM_REMOVE, owner, c, account,
			collection_item_uri(s->ctx->arena, c, item));
}

static enum rc may_add(struct social *s, const struct collection *c, const struct account *owner,
		       const struct account *account, enum allowance *out)
{
	struct collection_item there;
	if (collection_item_of(s->txn, s->ctx->arena, c->id, account->id, &there)) {
		if (there.state == COLLECTION_PENDING || there.state == COLLECTION_ACCEPTED)
			return RC_EXISTS;
		return ctx_fail(s->ctx, RC_DENIED, "%.*s does not want to be in this collection",
				STR_ARG(account->username));
	}
	*out = collection_allows(s->txn, account, owner);
	if (*out == ALLOWED_NOT)
		return ctx_fail(s->ctx, RC_DENIED, "%.*s does not let you recommend them",
				STR_ARG(account->username));
	return RC_OK;
}

enum rc act_collection_add(struct social *s, const struct account *owner, uint64_t id,
			   const struct account *account, struct collection_item *out)
{
	struct collection c;
	enum allowance allowance = ALLOWED_NOT;
	enum rc rc = load_own(s, owner, id, &c);
	if (rc == RC_OK)
		rc = may_add(s, &c, owner, account, &allowance);
	if (rc != RC_OK)
		return act_end(s, rc);
	*out = (struct collection_item){ .collection = id,
					 .account = account->id,
					 .state = COLLECTION_PENDING,
					 .uri = STR(""),
					 .request = STR(""),
					 .authorization = STR(""),
					 .created_ms = db_txn_now(s->txn) };
	if (!account_is_local(account))
		out->request = site_activity_uri(s->ctx->arena, owner->uri, "feature_requests",
						 db_next_id(s->txn));
	if (!collection_item_add(s->txn, s->ctx->arena, out))
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE,
					   "a collection has at most %d accounts",
					   COLLECTION_ITEMS_MAX));
	if (!account_is_local(account))
		collection_tell_one(s, FEDERATE_FEATURE_REQUEST, owner, account, &c, out);
	else if (allowance == ALLOWED)
		collection_accept(s, owner, &c, out, account);
	if (account_is_local(account))
		act_notify_about(s, account,
				 allowance == ALLOWED ? NOTICE_COLLECTION
						      : NOTICE_COLLECTION_REQUEST,
				 owner->id, c.id);
	return act_end(s, RC_OK);
}

enum rc act_collection_remove(struct social *s, const struct account *owner, uint64_t id,
			      uint64_t who)
{
	struct collection c;
	struct collection_item item;
	struct account account;
	enum rc rc = load_own(s, owner, id, &c);
	if (rc != RC_OK)
		return rc;
	if (!collection_item_of(s->txn, s->ctx->arena, id, who, &item) ||
	    !account_get(s->txn, s->ctx->arena, who, &account))
		return act_end(s, RC_NOT_FOUND);
	collection_drop(s, owner, &c, &item, &account);
	return act_end(s, RC_OK);
}

/* --- who is in it --- */

static enum rc load_place(struct social *s, const struct account *account, uint64_t id,
			  struct collection *c, struct collection_item *item, struct account *owner)
{
	bool found = collection_get(s->txn, s->ctx->arena, id, c) &&
		     collection_item_of(s->txn, s->ctx->arena, id, account->id, item) &&
		     account_get(s->txn, s->ctx->arena, c->account, owner);
	return act_end(s, found ? RC_OK : RC_NOT_FOUND);
}

enum rc act_collection_answer(struct social *s, const struct account *account, uint64_t id,
			      bool yes)
{
	struct collection c;
	struct collection_item item;
	struct account owner;
	enum rc rc = load_place(s, account, id, &c, &item, &owner);
	if (rc != RC_OK)
		return rc;
	if (item.state != COLLECTION_PENDING)
		return RC_EXISTS;
	if (yes) {
		collection_accept(s, &owner, &c, &item, account);
	} else {
		item.state = COLLECTION_REJECTED;
		collection_item_put(s->txn, &item);
	}
	collection_tell_one(s, yes ? FEDERATE_FEATURE_ACCEPT : FEDERATE_FEATURE_REJECT, account,
			    &owner, &c, &item);
	return act_end(s, RC_OK);
}

enum rc act_collection_leave(struct social *s, const struct account *account, uint64_t id)
{
	struct collection c;
	struct collection_item item;
	struct account owner;
	enum rc rc = load_place(s, account, id, &c, &item, &owner);
	if (rc != RC_OK)
		return rc;
	if (item.state != COLLECTION_ACCEPTED)
		return RC_NOT_FOUND;
	collection_tell_one(s, FEDERATE_FEATURE_REVOKE, account, &owner, &c, &item);
	if (account_is_local(&owner))
		collection_tell(s, FEDERATE_COLLECTION_ITEM_REMOVE, &owner, &c, account,
				collection_item_uri(s->ctx->arena, &c, &item));
	/* so that it is not asked again */
	item.state = COLLECTION_REVOKED;
	collection_item_put(s->txn, &item);
	return act_end(s, RC_OK);
}

/* Whoever is local says so; a remote one is told by its own server. */
static void part(struct social *s, const struct account *owner, const struct account *member)
{
	uint64_t ids[COLLECTIONS_MAX];
	size_t n = collections_of(s->txn, owner->id, ids);
	for (size_t i = 0; i < n; i++) {
		struct collection c;
		struct collection_item item;
		if (!collection_item_of(s->txn, s->ctx->arena, ids[i], member->id, &item) ||
		    !collection_get(s->txn, s->ctx->arena, ids[i], &c))
			continue;
		if (account_is_local(owner))
			collection_drop(s, owner, &c, &item, member);
		else if (account_is_local(member) && item.state == COLLECTION_ACCEPTED)
			(void)!act_collection_leave(s, member, ids[i]);
	}
}

void collections_block(struct social *s, const struct account *blocker,
		       const struct account *blocked)
{
	part(s, blocked, blocker);
	part(s, blocker, blocked);
}
