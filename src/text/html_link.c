/* The links of our own HTML: takes what the writer wrote, whose attributes come in one form.
 * Stateless, any thread. */
#include "html_int.h"

/* The value of ` name="..."` in a start tag. */
static struct str value_of(struct str tag, struct str name)
{
	size_t at = str_find(tag, name);
	if (at == tag.len)
		return STR("");
	struct str rest = str_skip(tag, at + name.len);
	return str_take(rest, str_index(rest, '"'));
}

static bool has_word(struct str words, struct str wanted)
{
	struct str word;
	while (str_next(&words, ' ', &word)) {
		if (str_eq(word, wanted))
			return true;
	}
	return false;
}

static struct str plain(struct ctx *ctx, struct str markup)
{
	struct str text;
	return html_to_text(ctx, html_trusted(markup), &text) == RC_OK ? text : STR("");
}

bool html_link_next(struct ctx *ctx, struct str *rest, struct html_link *out)
{
	const struct str begin = STR("<a href=\""), end = STR("</a>");
	size_t at = str_find(*rest, begin);
	if (at == rest->len)
		return false;
	*rest = str_skip(*rest, at);
	struct str tag = str_take(*rest, str_index(*rest, '>'));
	*rest = str_skip(*rest, tag.len + 1);
	struct str inner = str_take(*rest, str_find(*rest, end));
	*rest = str_skip(*rest, inner.len);
	struct str classes = value_of(tag, STR(" class=\"")), rel = value_of(tag, STR(" rel=\""));
	*out = (struct html_link){
		.href = plain(ctx, value_of(tag, STR(" href=\""))),
		.text = plain(ctx, inner),
		.me = has_word(rel, STR("me")),
		.hashtag = has_word(classes, STR("hashtag")) || has_word(rel, STR("tag")),
	};
	out->mention = !out->hashtag && has_word(classes, STR("mention"));
	return true;
}
