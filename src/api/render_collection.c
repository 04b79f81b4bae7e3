/* The entities Collection and CollectionItem. Pure. */
#include "own_int.h"

#include "core/enc.h"

void render_collection_item(struct jw *w, const struct collection_item *item)
{
	jw_object(w);
	jw_member_id(w, "id", item->id);
	jw_member_id_opt(w, "account_id", item->account);
	jw_member_str(w, "state", str_of(collection_state_name(item->state)));
	jw_member_date(w, "created_at", item->created_ms);
	jw_end(w);
}

static void render_topic(struct jw *w, const struct site *site, struct str tag)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(4096);
	if (tag.len == 0) {
		jw_null(w);
		return;
	}
	buf_add(&url, site->base);
	buf_add(&url, STR("/tags/"));
	enc_percent(&url, tag);
	jw_object(w);
	jw_member_str(w, "name", tag);
	jw_member_str(w, "url", buf_str(&url));
	jw_end(w);
}

void render_collection(struct jw *w, const struct site *site, const struct collection_view *view)
{
	const struct collection *c = &view->collection;
	jw_object(w);
	jw_member_id(w, "id", c->id);
	jw_member_id(w, "account_id", c->account);
	jw_member_str(w, "uri", c->uri);
	jw_member_nullable(w, "url", c->url);
	jw_member_str(w, "name", c->name);
	jw_member_str(w, "description", view->description);
	jw_member_nullable(w, "language", c->language);
	jw_member_bool(w, "local", view->local);
	jw_member_bool(w, "sensitive", (c->flags & COLLECTION_SENSITIVE) != 0);
	jw_member_bool(w, "discoverable", (c->flags & COLLECTION_DISCOVERABLE) != 0);
	jw_name(w, "tag");
	render_topic(w, site, c->tag);
	jw_member_u64(w, "item_count", view->accepted);
	jw_name(w, "items");
	jw_array(w);
	for (size_t i = 0; i < view->count; i++)
		render_collection_item(w, &view->items[i]);
	jw_end(w);
	jw_member_date(w, "created_at", c->created_ms);
	jw_member_date(w, "updated_at", c->updated_ms);
	jw_end(w);
}
