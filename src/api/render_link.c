/* The entity Trends::Link. Pure. */
#include "discover_int.h"

static struct str host_of(struct str url)
{
	struct str rest = str_skip(url, str_find(url, STR("://")) + 3);
	return str_take(rest, str_index(rest, '/'));
}

static void member_empty(struct jw *w, const char *name)
{
	jw_member_str(w, name, STR(""));
}

void render_trends_link(struct jw *w, const struct trend_item *item)
{
	struct str url = item->rank.item, host = host_of(url);
	jw_object(w);
	jw_member_id(w, "id", rank_number(url));
	jw_member_str(w, "url", url);
	jw_member_str(w, "title", url);
	member_empty(w, "description");
	jw_member_str(w, "type", STR("link"));
	member_empty(w, "author_name");
	member_empty(w, "author_url");
	jw_name(w, "authors");
	jw_array(w);
	jw_end(w);
	jw_member_str(w, "provider_name", host);
	member_empty(w, "provider_url");
	member_empty(w, "html");
	jw_member_u64(w, "width", 0);
	jw_member_u64(w, "height", 0);
	jw_member_null(w, "image");
	member_empty(w, "embed_url");
	jw_member_null(w, "blurhash");
	jw_member_null(w, "published_at");
	render_history(w, item->history, item->today);
	jw_end(w);
}
