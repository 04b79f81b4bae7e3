/* Writes the poll of a post: each option with its share as a bar and in words. Pure. */
#include "page.h"

#include "store/poll.h"

/* Of all votes, or of all who voted where they may choose several. */
static uint64_t whole_of(const struct poll *p)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < p->option_count; i++)
		sum += p->options[i].votes;
	return (p->flags & POLL_MULTIPLE) != 0 && p->voters != 0 ? p->voters : sum;
}

static uint64_t share_of(uint64_t votes, uint64_t whole)
{
	uint64_t percent = whole != 0 ? (votes * 100 + whole / 2) / whole : 0;
	/* what its server tells need not add up */
	return percent < 100 ? percent : 100;
}

/* What was chosen is not told yet. */
static void add_secret_option(struct buf *out, const struct poll_option *o)
{
	tag(out, "<li><span class=\"option\" dir=\"auto\">");
	html_add_text(out, o->name);
	tag(out, "</span></li>\n");
}

/* The bar says nothing that the words beside it do not. */
static void add_option(struct buf *out, const struct poll_option *o, uint64_t whole)
{
	uint64_t share = share_of(o->votes, whole);
	tag(out, "<li><span class=\"option\" dir=\"auto\">");
	html_add_text(out, o->name);
	tag(out, "</span> <span class=\"share\">");
	buf_add_u64(out, share);
	tag(out, " % <span class=\"votes\">(");
	word_count(out, W_VOTES_ONE, W_VOTES_MANY, o->votes);
	tag(out, ")</span></span><meter min=\"0\" max=\"100\" value=\"");
	buf_add_u64(out, share);
	tag(out, "\" aria-hidden=\"true\"></meter></li>\n");
}

static void add_end(struct buf *out, const struct web *web, const struct poll *p)
{
	bool over = poll_is_over(p, clock_wall_ms(web->clock));
	uint64_t when = p->ends_ms != 0 ? p->ends_ms : p->closed_ms;
	if (when == 0)
		return;
	tag(out, "<li>");
	struct str behind = word_begin(out, over ? W_POLL_ENDED : W_POLL_ENDS);
	page_moment(out, web, "", when);
	html_add_text(out, behind);
	tag(out, "</li>");
}

void render_post_poll(struct buf *out, const struct web *web, const struct poll *p)
{
	uint64_t whole = whole_of(p);
	tag(out, "<section class=\"poll\"");
	page_attribute(out, "aria-label", word(W_POLL));
	tag(out, ">\n<ul class=\"options\">\n");
	bool secret = (p->flags & POLL_SECRET) != 0 && !poll_is_over(p, clock_wall_ms(web->clock));
	for (unsigned i = 0; i < p->option_count; i++) {
		if (secret)
			add_secret_option(out, &p->options[i]);
		else
			add_option(out, &p->options[i], whole);
	}
	tag(out, "</ul>\n<ul class=\"facts\">");
	tag(out, "<li>");
	word_count(out, W_VOTERS_ONE, W_VOTERS_MANY, p->voters);
	tag(out, "</li>");
	if ((p->flags & POLL_MULTIPLE) != 0) {
		tag(out, "<li>");
		html_add_text(out, word(W_POLL_MULTIPLE));
		tag(out, "</li>");
	}
	add_end(out, web, p);
	tag(out, "</ul>\n</section>\n");
}
