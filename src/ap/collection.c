/* Decoding and encoding of collections. Pure. */
#include "ap/collection.h"

#include "ap/vocab.h"
#include "ap/write.h"
#include "field_int.h"

#define WRAPPINGS_MAX 3 /* Add or Announce of a Create of a post (FEP-171b, FEP-1b12) */

uint32_t ap_total(struct jr collection)
{
	int64_t n;
	return jr_i64(jr_get(collection, "totalItems"), &n) && n >= 0 && n <= AP_TOTAL_MAX
		       ? (uint32_t)n
		       : AP_TOTAL_NONE;
}

/* FEP-f228: a conversation may hold posts, or the activities that made them. What else was done
 * with them is no post. */
static struct str item_id(const struct ap_reader *reader, struct jr item)
{
	for (unsigned i = 0; i < WRAPPINGS_MAX; i++) {
		struct jr type = jr_get(item, "type");
		if (ap_type_class(type) != AP_CLASS_ACTIVITY)
			break;
		enum ap_activity_type act = ap_type_activity(type);
		struct jr object = jr_one_at(jr_get(item, "object"), 0);
		/* FEP-1b12: a group's outbox holds its members' activities; a boost is no post */
		bool passed = act == AP_ANNOUNCE &&
			      ap_type_class(jr_get(object, "type")) == AP_CLASS_ACTIVITY;
		if (act != AP_CREATE && act != AP_ADD && !passed)
			return STR_NONE;
		item = object;
	}
	return ap_id(reader, item);
}

static void items_add(const struct ap_reader *reader, struct jr list, struct ap_collection *out)
{
	size_t count = jr_one_count(list);
	for (size_t i = 0; i < count && out->item_count < AP_ITEMS_MAX; i++) {
		struct str id = item_id(reader, jr_one_at(list, i));
		if (id.ptr != NULL && !str_eq(id, STR(AP_PUBLIC)))
			out->items[out->item_count++] = id;
	}
}

static void page_add(const struct ap_reader *reader, struct jr page, struct ap_collection *out)
{
	items_add(reader, jr_get(page, "orderedItems"), out);
	items_add(reader, jr_get(page, "items"), out);
	out->next = ap_id(reader, jr_get(page, "next"));
}

enum rc ap_collection_decode(const struct ap_reader *reader, struct jr object,
			     struct ap_collection **result)
{
	struct ap_collection *out = ARENA_NEW(reader->ctx->arena, struct ap_collection);
	if (out == NULL)
		return ctx_fail(reader->ctx, RC_NO_MEMORY, "the collection is too large to decode");
	*result = out;
	if (ap_type_class(jr_get(object, "type")) != AP_CLASS_COLLECTION)
		return ctx_fail(reader->ctx, RC_INVALID, "not a collection");
	out->id = ap_id(reader, jr_get(object, "id"));
	if (out->id.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "a collection without an id");
	out->total = ap_total(object);
	out->attributed_to = ap_id(reader, jr_get(object, "attributedTo"));
	page_add(reader, object, out);
	struct jr first = jr_get(object, "first");
	if (jr_type(jr_get(first, "type")) != JR_ABSENT)
		page_add(reader, first, out);
	else if (out->next.ptr == NULL)
		out->next = ap_id(reader, first);
	/* S-054 */
	if (out->next.ptr != NULL && !ap_same_origin(reader, out->next, out->id))
		out->next = STR_NONE;
	return ap_complete(reader);
}

/* --- writing --- */

void ap_write_list(struct jw *w, const struct ap_list_view *view)
{
	jw_object(w);
	if (!view->inner)
		ap_write_context(w, view->context);
	jw_member_str(w, "id", view->id);
	if (view->ordered)
		jw_member_str(w, "type",
			      view->page ? STR("OrderedCollectionPage") : STR("OrderedCollection"));
	else
		jw_member_str(w, "type", view->page ? STR("CollectionPage") : STR("Collection"));
	jw_member_opt(w, "attributedTo", view->attributed_to);
	jw_member_opt(w, "partOf", view->part_of);
	if (!view->no_total)
		jw_member_u64(w, "totalItems", view->total);
	jw_member_opt(w, "first", view->first);
	jw_member_opt(w, "next", view->next);
}

void ap_write_list_items(struct jw *w, const struct ap_list_view *view)
{
	jw_name(w, view->ordered ? "orderedItems" : "items");
	jw_array(w);
}
