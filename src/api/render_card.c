/* The entities PreviewCard and Trends::Link. Pure. */
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

/* Whom the page names, and who says so themselves: attribution goes to a page that both agree on. */
static void render_authors(struct jw *w, const struct site *site, const struct card_view *view)
{
	const struct card *c = view->card;
	jw_name(w, "authors");
	jw_array(w);
	if (view->author != NULL || c->author.len != 0) {
		const struct account *a = view->author != NULL ? view->author->account : NULL;
		jw_object(w);
		jw_member_str(w, "name",
			      c->author.len != 0 || a == NULL ? c->author : a->display_name);
		jw_member_str(w, "url", a != NULL ? (a->url.len != 0 ? a->url : a->uri) : STR(""));
		jw_name(w, "account");
		if (view->author != NULL)
			render_account(w, site, view->author);
		else
			jw_null(w);
		jw_end(w);
	}
	jw_end(w);
}

static void render_page(struct jw *w, const struct site *site, const struct card_view *view)
{
	const struct card *c = view->card;
	bool picture = view->image.len != 0;
	jw_member_str(w, "url", c->url);
	jw_member_str(w, "title", c->title);
	jw_member_str(w, "description", c->description);
	jw_member_nullable(w, "language", c->language);
	/* S-088: nothing of the page's own is ever run: there are links, and no players */
	jw_member_str(w, "type", STR("link"));
	jw_member_str(w, "author_name", c->author);
	member_empty(w, "author_url");
	render_authors(w, site, view);
	jw_member_str(w, "provider_name", c->site_name.len != 0 ? c->site_name : host_of(c->url));
	member_empty(w, "provider_url");
	member_empty(w, "html");
	jw_member_u64(w, "width", picture ? c->width : 0);
	jw_member_u64(w, "height", picture ? c->height : 0);
	jw_member_nullable(w, "image", view->image);
	jw_member_str(w, "image_description", picture ? c->image_alt : STR(""));
	member_empty(w, "embed_url");
	jw_member_bool(w, "missing_attribution", view->missing_attribution);
	jw_member_null(w, "blurhash");
	jw_name(w, "published_at");
	if (c->published_ms != 0)
		jw_date(w, c->published_ms);
	else
		jw_null(w);
}

void render_card(struct jw *w, const struct site *site, const struct card_view *view)
{
	jw_object(w);
	render_page(w, site, view);
	jw_end(w);
}

/* Of a page that nobody has read, its address is all that is known. */
void render_trends_link(struct jw *w, const struct site *site, const struct trend_item *item,
			const struct card_view *card)
{
	const struct card unread = { .url = item->rank.item,
				     .title = item->rank.item,
				     .description = STR(""),
				     .author = STR(""),
				     .image_alt = STR("") };
	const struct card_view address = { .card = &unread };
	jw_object(w);
	jw_member_id(w, "id", rank_number(item->rank.item));
	render_page(w, site, card != NULL ? card : &address);
	render_history(w, item->history, item->today);
	jw_end(w);
}
