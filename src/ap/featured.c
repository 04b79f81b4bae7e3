/* Collections of accounts and consent to them (FEP-7aa9). Pure. */
#include "ap/featured.h"

#include "ap/emoji.h"
#include "ap/vocab.h"
#include "ap/write.h"
#include "field_int.h"

#define NAME_MAX_BYTES 1000
#define SUMMARY_MAX_BYTES 16384

static bool has_type(struct jr object, struct str type)
{
	struct jr types = jr_get(object, "type");
	for (size_t i = 0; i < jr_one_count(types); i++) {
		if (str_eq(jr_str(jr_one_at(types, i)), type))
			return true;
	}
	return false;
}

bool ap_is_featured(struct jr object)
{
	return has_type(object, STR("FeaturedCollection"));
}

/* --- reading --- */

bool ap_featured_item_decode(const struct ap_reader *reader, struct jr item,
			     struct ap_featured_item *out)
{
	*out = (struct ap_featured_item){
		.id = ap_id(reader, jr_get(item, "id")),
		.object = ap_id(reader, jr_get(item, "featuredObject")),
		.authorization = ap_id(reader, jr_get(item, "featureAuthorization")),
		.published_ms = ap_time(jr_get(item, "published")),
	};
	return has_type(item, STR("FeaturedItem")) && out->object.ptr != NULL;
}

static void items_decode(const struct ap_reader *reader, struct jr object, struct ap_featured *out)
{
	struct jr items = jr_get(object, "orderedItems");
	if (jr_type(items) == JR_ABSENT)
		items = jr_get(object, "items");
	if (jr_type(items) == JR_ABSENT && jr_type(jr_get(object, "first")) == JR_OBJECT)
		return items_decode(reader, jr_get(object, "first"), out);
	for (size_t i = 0; i < jr_one_count(items) && out->item_count < AP_FEATURED_ITEMS_MAX;
	     i++) {
		struct ap_featured_item *item = &out->items[out->item_count];
		/* an item is the collection's own: on its host */
		if (ap_featured_item_decode(reader, jr_one_at(items, i), item) &&
		    (item->id.ptr == NULL || ap_same_origin(reader, item->id, out->id)))
			out->item_count++;
	}
}

enum rc ap_featured_decode(const struct ap_reader *reader, struct jr object,
			   struct ap_featured **out)
{
	struct ap_featured *c = ARENA_NEW(reader->ctx->arena, struct ap_featured);
	if (c == NULL)
		return RC_NO_MEMORY;
	*c = (struct ap_featured){
		.id = ap_id(reader, jr_get(object, "id")),
		.attributed_to = ap_id(reader, jr_get(object, "attributedTo")),
		.url = ap_id(reader, jr_get(object, "url")),
		.topic = ap_hashtag(jr_one_at(jr_get(object, "topic"), 0)),
		.sensitive = jr_bool(jr_get(object, "sensitive"), false),
		.discoverable = jr_bool(jr_get(object, "discoverable"), true),
		.published_ms = ap_time(jr_get(object, "published")),
		.updated_ms = ap_time(jr_get(object, "updated")),
	};
	c->name = ap_text(object, "name", "nameMap", NULL);
	c->summary = ap_text(object, "summary", "summaryMap", &c->language);
	if (!ap_is_featured(object) || c->id.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "not a collection of accounts");
	if (c->name.len == 0 || c->name.len > NAME_MAX_BYTES || c->summary.len > SUMMARY_MAX_BYTES)
		return ctx_fail(reader->ctx, RC_INVALID, "a collection without a usable name");
	if (!ap_same_origin(reader, c->id, c->attributed_to))
		return ctx_fail(reader->ctx, RC_INVALID, "a collection of somebody elsewhere");
	items_decode(reader, object, c);
	*out = c;
	return ap_complete(reader);
}

static unsigned approved(const struct ap_reader *reader, struct jr list, struct str followers,
			 struct str following)
{
	unsigned bits = 0;
	for (size_t i = 0; i < jr_one_count(list); i++) {
		struct str id = ap_id(reader, jr_one_at(list, i));
		if (id.ptr == NULL)
			continue;
		if (str_eq(id, STR(AP_PUBLIC)))
			bits |= AP_FEATURE_ANYBODY;
		else if (str_eq(id, followers))
			bits |= AP_FEATURE_FOLLOWERS;
		else if (str_eq(id, following))
			bits |= AP_FEATURE_FOLLOWING;
	}
	return bits;
}

struct ap_feature_policy ap_feature_policy_decode(const struct ap_reader *reader, struct jr actor,
						  struct str followers, struct str following)
{
	struct jr policy = jr_get(jr_get(actor, "interactionPolicy"), "canFeature");
	return (struct ap_feature_policy){
		.said = jr_type(policy) == JR_OBJECT,
		.automatic =
			approved(reader, jr_get(policy, "automaticApproval"), followers, following),
		.manual = approved(reader, jr_get(policy, "manualApproval"), followers, following),
	};
}

enum rc ap_feature_authorization_decode(const struct ap_reader *reader, struct jr document,
					struct ap_feature_authorization *out)
{
	*out = (struct ap_feature_authorization){
		.id = ap_id(reader, jr_get(document, "id")),
		.collection = ap_id(reader, jr_get(document, "interactingObject")),
		.account = ap_id(reader, jr_get(document, "interactionTarget")),
	};
	if (!has_type(document, STR("FeatureAuthorization")))
		return ctx_fail(reader->ctx, RC_INVALID, "not a FeatureAuthorization");
	if (out->id.ptr == NULL || out->collection.ptr == NULL || out->account.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "an authorization that lacks something");
	if (!ap_same_origin(reader, out->id, out->account))
		return ctx_fail(reader->ctx, RC_INVALID,
				"the authorization is not on the account's host");
	return RC_OK;
}

/* --- writing --- */

void ap_write_featured_item(struct jw *w, const struct ap_featured_item *item)
{
	jw_object(w);
	jw_member_str(w, "id", item->id);
	jw_member_str(w, "type", STR("FeaturedItem"));
	jw_member_str(w, "featuredObject", item->object);
	jw_member_opt(w, "featuredObjectType", item->object_type);
	jw_member_opt(w, "featureAuthorization", item->authorization);
	if (item->published_ms != 0)
		jw_member_date(w, "published", item->published_ms);
	jw_end(w);
}

static void write_summary(struct jw *w, const struct ap_featured *c)
{
	if (c->summary.len == 0)
		return;
	jw_member_str(w, "summary", c->summary);
	if (c->language.len == 0)
		return;
	jw_name(w, "summaryMap");
	jw_object(w);
	jw_name_str(w, c->language);
	jw_str(w, c->summary);
	jw_end(w);
}

void ap_write_featured(struct jw *w, const struct ap_featured *c, bool with_context)
{
	jw_object(w);
	if (with_context)
		ap_write_context(w, AP_CONTEXT_FEATURE | AP_CONTEXT_POST);
	jw_member_str(w, "id", c->id);
	jw_member_str(w, "type", STR("FeaturedCollection"));
	jw_member_str(w, "attributedTo", c->attributed_to);
	jw_member_opt(w, "url", c->url);
	jw_member_str(w, "name", c->name);
	write_summary(w, c);
	jw_member_bool(w, "sensitive", c->sensitive);
	jw_member_bool(w, "discoverable", c->discoverable);
	if (c->topic.len != 0) {
		const struct ap_write_tag tag = { c->topic_href, c->topic };
		jw_name(w, "topic");
		ap_write_hashtag(w, &tag);
	}
	jw_member_date(w, "published", c->published_ms);
	if (c->updated_ms != 0)
		jw_member_date(w, "updated", c->updated_ms);
	jw_member_u64(w, "totalItems", c->item_count);
	jw_name(w, "orderedItems");
	jw_array(w);
	for (unsigned i = 0; i < c->item_count; i++)
		ap_write_featured_item(w, &c->items[i]);
	jw_end(w);
	jw_end(w);
}

static void write_approval(struct jw *w, const char *name, unsigned bits, struct str actor,
			   struct str followers, struct str following)
{
	jw_name(w, name);
	jw_array(w);
	if ((bits & AP_FEATURE_ANYBODY) != 0)
		jw_str(w, STR(AP_PUBLIC));
	if ((bits & AP_FEATURE_FOLLOWERS) != 0)
		jw_str(w, followers);
	if ((bits & AP_FEATURE_FOLLOWING) != 0)
		jw_str(w, following);
	if (actor.ptr != NULL)
		jw_str(w, actor);
	jw_end(w);
}

void ap_write_feature_policy(struct jw *w, const struct ap_feature_policy *p, struct str actor,
			     struct str followers, struct str following)
{
	bool nobody = p->automatic == 0 && p->manual == 0;
	jw_name(w, "interactionPolicy");
	jw_object(w);
	jw_name(w, "canFeature");
	jw_object(w);
	if (nobody || p->automatic != 0)
		write_approval(w, "automaticApproval", p->automatic, nobody ? actor : STR_NONE,
			       followers, following);
	if (p->manual != 0)
		write_approval(w, "manualApproval", p->manual, STR_NONE, followers, following);
	jw_end(w);
	jw_end(w);
}

void ap_write_feature_authorization(struct jw *w, const struct ap_feature_authorization *a,
				    bool with_context)
{
	jw_object(w);
	if (with_context)
		ap_write_context(w, AP_CONTEXT_FEATURE | AP_CONTEXT_CONSENT);
	jw_member_str(w, "id", a->id);
	jw_member_str(w, "type", STR("FeatureAuthorization"));
	jw_member_str(w, "interactingObject", a->collection);
	jw_member_str(w, "interactionTarget", a->account);
	jw_end(w);
}
