/* Says what other servers have counted and is not known here: told as such, never as ours. Pure. */
#include "page.h"

static void add_of(struct buf *out, uint64_t known, enum word one, enum word many, uint64_t told)
{
	word_count(out, W_KNOWN_OF, W_KNOWN_OF, known);
	word_count(out, one, many, told);
}

static void open_note(struct buf *out)
{
	tag(out, "<p class=\"cut\">");
}

static void close_note(struct buf *out)
{
	tag(out, "</p>\n");
}

static bool is_more(uint32_t told, uint32_t known)
{
	return told != HINT_NONE && told > known;
}

/* "Its own server counts 30 boosts, 120 likes." */
static void add_counted(struct buf *out, const struct post *post)
{
	bool boosts = is_more(post->hints.boosts, post->counts.boosts);
	bool likes = is_more(post->hints.likes, post->counts.likes);
	if (!boosts && !likes)
		return;
	open_note(out);
	struct str behind = word_begin(out, W_COUNTED);
	if (boosts)
		word_count(out, W_BOOSTS_ONE, W_BOOSTS_MANY, post->hints.boosts);
	if (boosts && likes)
		html_add_text(out, word(W_TITLE_BETWEEN));
	if (likes)
		word_count(out, W_LIKES_ONE, W_LIKES_MANY, post->hints.likes);
	html_add_text(out, behind);
	close_note(out);
}

void render_hints(struct buf *out, const struct post *post)
{
	if (is_more(post->hints.replies, post->counts.replies)) {
		open_note(out);
		add_of(out, post->counts.replies, W_REPLIES_KNOWN_ONE, W_REPLIES_KNOWN_MANY,
		       post->hints.replies);
		close_note(out);
	}
	add_counted(out, post);
}

void render_known(struct buf *out, const struct thread_view *view)
{
	if (view->told == 0 || view->told <= view->known)
		return;
	open_note(out);
	add_of(out, view->known, W_THREAD_KNOWN_ONE, W_THREAD_KNOWN_MANY, view->told);
	close_note(out);
}
