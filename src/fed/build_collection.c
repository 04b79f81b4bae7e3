/* Collections of accounts (FEP-7aa9) as documents, and what is told of them. Reads in the caller's
 * transaction. */
#include "collection_int.h"

#include "ap/write.h"

struct str build_actor_type(enum account_kind kind)
{
	static const char *const names[] = {
		[ACCOUNT_PERSON] = "Person",
		[ACCOUNT_GROUP] = "Group",
		[ACCOUNT_ORGANIZATION] = "Organization",
		[ACCOUNT_SERVICE] = "Service",
		[ACCOUNT_APPLICATION] = "Application",
	};
	return str_of(names[kind]);
}

/* False when nobody may see it. */
static bool item_view(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
		      const struct collection *c, const struct collection_item *item,
		      struct ap_featured_item *out)
{
	struct account a;
	if (!collection_shows(txn, item) || !account_get(txn, ctx->arena, item->account, &a) ||
	    account_is_gone(&a))
		return false;
	*out = (struct ap_featured_item){
		.id = collection_item_uri(ctx->arena, c, item),
		.object = a.uri,
		.object_type = build_actor_type(a.kind),
		.authorization = collection_authorization_uri(ctx->arena, fed->site, &a, item),
		.published_ms = item->created_ms,
	};
	return true;
}

struct ap_featured *build_featured_collection(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
					      const struct collection *c,
					      const struct account *owner)
{
	struct ap_featured *view = ARENA_NEW(ctx->arena, struct ap_featured);
	struct collection_item *items =
		ARENA_ARRAY(ctx->arena, COLLECTION_ITEMS_MAX, struct collection_item);
	if (view == NULL || items == NULL)
		return NULL;
	*view = (struct ap_featured){
		.id = c->uri,
		.attributed_to = owner->uri,
		.url = c->url,
		.name = c->name,
		.summary = c->description.markup,
		.language = c->language,
		.topic = c->tag,
		.topic_href = c->tag.len != 0 ? build_tag_href(fed, ctx, c->tag) : STR(""),
		.sensitive = (c->flags & COLLECTION_SENSITIVE) != 0,
		.discoverable = (c->flags & COLLECTION_DISCOVERABLE) != 0,
		.published_ms = c->created_ms,
		.updated_ms = c->updated_ms > c->created_ms ? c->updated_ms : 0,
	};
	size_t n = collection_items(txn, ctx->arena, c->id, items);
	for (size_t i = 0; i < n; i++)
		view->item_count +=
			item_view(fed, txn, ctx, c, &items[i], &view->items[view->item_count]);
	return view;
}

void build_actor_collections(struct fed *fed, struct ctx *ctx, const struct account *a,
			     struct ap_actor_view *view)
{
	struct feature_bits bits = collection_policy(a);
	view->featured_collections =
		site_actor_part(ctx->arena, fed->site, a->username, COLLECTIONS_PART);
	view->feature = (struct ap_feature_policy){ true, bits.automatic, bits.manual };
}

/* --- activities --- */

/* To followers, and to those who are in it. */
static void head(const struct federate *f, const char *type, const struct account *actor,
		 struct jw *w)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { actor->followers };
	ap_write_activity(
		w, &(struct ap_activity_view){ .id = f->uri,
					       .type = str_of(type),
					       .actor = actor->uri,
					       .published_ms = f->at_ms,
					       .to = to,
					       .to_count = 1,
					       .cc = cc,
					       .cc_count = 1,
					       .context = AP_CONTEXT_POST | AP_CONTEXT_FEATURE });
}

static enum rc whole_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			      const struct federate *f, const struct account *actor, struct jw *w)
{
	bool add = f->what == FEDERATE_COLLECTION_ADD;
	struct collection c;
	if (!collection_get(txn, ctx->arena, f->status, &c))
		return RC_NOT_FOUND;
	struct ap_featured *view = build_featured_collection(fed, txn, ctx, &c, actor);
	if (view == NULL)
		return RC_NO_MEMORY;
	head(f, add ? "Add" : "Update", actor, w);
	jw_name(w, "object");
	ap_write_featured(w, view, false);
	if (add)
		jw_member_str(
			w, "target",
			site_actor_part(ctx->arena, fed->site, actor->username, COLLECTIONS_PART));
	jw_end(w);
	return RC_OK;
}

static enum rc item_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			     const struct federate *f, const struct account *actor, struct jw *w)
{
	struct collection c;
	struct collection_item item;
	struct ap_featured_item view;
	if (!collection_get(txn, ctx->arena, f->status, &c) ||
	    !collection_item_of(txn, ctx->arena, f->status, f->target, &item) ||
	    !item_view(fed, txn, ctx, &c, &item, &view))
		return RC_NOT_FOUND;
	head(f, "Add", actor, w);
	jw_name(w, "object");
	ap_write_featured_item(w, &view);
	jw_member_str(w, "target", c.uri);
	jw_end(w);
	return RC_OK;
}

static void remove_activity(struct fed *fed, struct ctx *ctx, const struct federate *f,
			    const struct account *actor, struct jw *w)
{
	bool item = f->what == FEDERATE_COLLECTION_ITEM_REMOVE;
	head(f, "Remove", actor, w);
	jw_member_str(w, "object", f->object);
	jw_member_str(
		w, "target",
		item ? f->text
		     : site_actor_part(ctx->arena, fed->site, actor->username, COLLECTIONS_PART));
	jw_end(w);
}

/* --- between the two --- */

static void head_to(const struct federate *f, const char *type, const struct account *actor,
		    const struct account *target, struct jw *w)
{
	const struct str to[] = { target->uri };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = str_of(type),
							 .actor = actor->uri,
							 .to = to,
							 .to_count = 1,
							 .context = AP_CONTEXT_CONSENT |
								    AP_CONTEXT_FEATURE });
}

static void request_activity(const struct federate *f, const struct account *actor,
			     const struct account *target, struct jw *w)
{
	head_to(f, "FeatureRequest", actor, target, w);
	jw_member_str(w, "object", target->uri);
	jw_member_str(w, "instrument", f->text);
	jw_end(w);
}

/* FEP-7aa9, "Obtaining consent": the request is named by its id. */
static enum rc answer_activity(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			       const struct federate *f, const struct account *actor,
			       const struct account *target, struct jw *w)
{
	struct collection_item item;
	bool yes = f->what == FEDERATE_FEATURE_ACCEPT;
	if (yes && !collection_item_of(txn, ctx->arena, f->status, actor->id, &item))
		return RC_NOT_FOUND;
	head_to(f, yes ? "Accept" : "Reject", actor, target, w);
	jw_member_str(w, "object", f->object);
	if (yes)
		jw_member_str(w, "result",
			      collection_authorization_uri(ctx->arena, fed->site, actor, &item));
	jw_end(w);
	return RC_OK;
}

static void revoke_activity(const struct federate *f, const struct account *actor,
			    const struct account *target, struct jw *w)
{
	const struct ap_feature_authorization a = { f->object, f->text, actor->uri };
	head_to(f, "Delete", actor, target, w);
	jw_name(w, "object");
	ap_write_feature_authorization(w, &a, false);
	jw_end(w);
}

enum rc build_collection(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			 const struct federate *f, const struct account *actor,
			 const struct account *target, struct jw *w)
{
	if (f->what < FEDERATE_COLLECTION_ADD || f->what > FEDERATE_FEATURE_REVOKE)
		return RC_UNSUPPORTED;
	if (f->what <= FEDERATE_COLLECTION_UPDATE)
		return whole_activity(fed, txn, ctx, f, actor, w);
	if (f->what == FEDERATE_COLLECTION_ITEM_ADD)
		return item_activity(fed, txn, ctx, f, actor, w);
	if (f->what == FEDERATE_FEATURE_ACCEPT || f->what == FEDERATE_FEATURE_REJECT)
		return answer_activity(fed, txn, ctx, f, actor, target, w);
	if (f->what == FEDERATE_FEATURE_REQUEST)
		request_activity(f, actor, target, w);
	else if (f->what == FEDERATE_FEATURE_REVOKE)
		revoke_activity(f, actor, target, w);
	else
		remove_activity(fed, ctx, f, actor, w);
	return RC_OK;
}
