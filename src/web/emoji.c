/*
 * Custom emoji on pages. Pictures of this node are shown, where its people wrote; those of other
 * hosts stay their shortcodes, since nothing is loaded from there for our visitors. Pure.
 */
#include "text/emoji.h"

#include "page.h"

struct pictures {
	const struct emoji *list;
	unsigned count;
};

static struct str find(void *arg, struct str shortcode)
{
	const struct pictures *p = arg;
	for (unsigned i = 0; i < p->count; i++) {
		if (str_eq(p->list[i].shortcode, shortcode) && page_is_link(p->list[i].url))
			return p->list[i].url;
	}
	return STR_NONE;
}

static struct pictures pictures_of(const struct account *author, const struct emoji *list,
				   unsigned count)
{
	return (struct pictures){ list, account_is_local(author) ? count : 0 };
}

void page_add_text_of(struct buf *out, const struct account *author, const struct emoji *list,
		      unsigned count, struct str text)
{
	struct pictures p = pictures_of(author, list, count);
	emoji_add_text(out, text, find, &p);
}

void page_add_html_of(struct buf *out, const struct account *author, const struct emoji *list,
		      unsigned count, struct html html)
{
	struct pictures p = pictures_of(author, list, count);
	emoji_add_html(out, html, find, &p);
}

#define REACTIONS_SHOWN 12

static void add_reaction(struct buf *out, const struct reaction_count *r)
{
	struct str shortcode = emoji_shortcode_of(r->text);
	bool ours = shortcode.ptr != NULL && r->host.len == 0 && page_is_link(r->url);
	tag(out, "<li><span class=\"reaction\"><bdi>");
	if (ours)
		emoji_add_picture(out, shortcode, r->url);
	else
		html_add_text(out, r->text);
	tag(out, "</bdi> ");
	buf_add_u64(out, r->count);
	tag(out, "</span></li>");
}

void page_add_reactions(struct buf *out, const struct post *post)
{
	size_t n = post->reaction_count < REACTIONS_SHOWN ? post->reaction_count : REACTIONS_SHOWN;
	if (n == 0)
		return;
	tag(out, "<ul class=\"facts reactions\"");
	page_attribute(out, "aria-label", word(W_REACTIONS));
	tag(out, ">");
	for (size_t i = 0; i < n; i++)
		add_reaction(out, &post->reactions[i]);
	tag(out, "</ul>\n");
}
