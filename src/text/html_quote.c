/* Leaving out the link to a quoted post that stands in a text for readers who know no quotes. Pure. */
#include "text/html.h"

#define CLASS "quote-inline"

/* What stands between "<" and ">"; markup of ours has neither in a value. */
static struct str tag_at(struct str markup)
{
	return str_take(str_skip(markup, 1), str_index(str_skip(markup, 1), '>'));
}

static struct str tag_name(struct str tag)
{
	return str_take(tag, str_index(tag, ' '));
}

static bool has_class(struct str tag)
{
	size_t at = str_find(tag, STR(" class=\""));
	struct str rest, word;
	if (at == tag.len)
		return false;
	rest = str_skip(tag, at + 8);
	rest = str_take(rest, str_index(rest, '"'));
	while (str_next(&rest, ' ', &word)) {
		if (str_eq(word, STR(CLASS)))
			return true;
	}
	return false;
}

static bool is_link(struct str tag)
{
	struct str name = tag_name(tag);
	return (str_eq(name, STR("p")) || str_eq(name, STR("span"))) && has_class(tag);
}

/* Behind the end of the element that markup begins with. */
static struct str behind(struct str markup)
{
	struct str name = tag_name(tag_at(markup));
	size_t depth = 0;
	while (markup.len != 0) {
		struct str tag = tag_at(markup);
		bool end = tag.len != 0 && tag.ptr[0] == '/';
		struct str rest =
			str_skip(markup, tag.len + 2 < markup.len ? tag.len + 2 : markup.len);
		if (!end && str_eq(tag_name(tag), name))
			depth++;
		else if (end && str_eq(str_skip(tag, 1), name) && --depth == 0)
			return rest;
		markup = str_skip(rest, str_index(rest, '<'));
	}
	return markup;
}

void html_add_without_quote(struct buf *out, struct html html)
{
	struct str rest = html.markup;
	while (rest.len != 0) {
		size_t at = str_index(rest, '<');
		buf_add(out, str_take(rest, at));
		rest = str_skip(rest, at);
		if (rest.len == 0)
			return;
		struct str tag = tag_at(rest);
		if (is_link(tag)) {
			rest = behind(rest);
			continue;
		}
		size_t len = tag.len + 2 < rest.len ? tag.len + 2 : rest.len;
		buf_add(out, str_take(rest, len));
		rest = str_skip(rest, len);
	}
}
