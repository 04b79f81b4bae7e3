/* What stands within a block of Markdown (CommonMark section 6, as far as posts use it). Stateless. */
#include "core/attr.h"
#include "markdown_int.h"
#include "text/html.h"

#define DEPTH_MAX 6
#define LABEL_MAX ((size_t)2000) /* of a link, from bracket to bracket */
#define FAILED_MAX 64		 /* brackets of a block that were no links: others are not tried */

static void inline_at_depth(struct buf *out, struct str text, unsigned depth);

static bool is_punctuation(char c)
{
	return c != '\0' && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) != NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool is_wordy(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c & 0x80) != 0;
}

/* --- delimiters --- */

struct delimiter {
	struct str mark;
	const char *open, *close;
	bool at_words; /* not within a word: snake_case */
};

/* The longer one first. */
static const struct delimiter delimiters[] = {
	{ STR_INIT("**"), "<strong>", "</strong>", false },
	{ STR_INIT("__"), "<strong>", "</strong>", true },
	{ STR_INIT("~~"), "<del>", "</del>", false },
	{ STR_INIT("*"), "<em>", "</em>", false },
	{ STR_INIT("_"), "<em>", "</em>", true },
};

/* Where the run closes in text, which stands behind the opening mark; text.len when nowhere. */
static size_t delimiter_close(const struct delimiter *d, struct str text)
{
	for (size_t i = 1; i + d->mark.len <= text.len; i++) {
		if (text.ptr[i] == '\\') {
			i++;
			continue;
		}
		if (!str_has_prefix(str_skip(text, i), d->mark) || is_blank(text.ptr[i - 1]))
			continue;
		size_t behind = i + d->mark.len;
		/* a lone star does not close at two */
		if (d->mark.len == 1 && behind < text.len && text.ptr[behind] == d->mark.ptr[0]) {
			i++;
			continue;
		}
		if (!d->at_words || behind == text.len || !is_wordy(text.ptr[behind]))
			return i;
	}
	return text.len;
}

/* How much of text an emphasis at its start takes; 0 when it is none. dead has a bit for each mark
 * that closes nowhere further on, so that it is searched for once. */
static size_t take_emphasis(struct buf *out, struct str text, char before, unsigned depth,
			    unsigned *dead)
{
	for (size_t k = 0; k < ARRAY_LEN(delimiters); k++) {
		const struct delimiter *d = &delimiters[k];
		struct str rest = str_skip(text, d->mark.len);
		if ((*dead & 1U << k) != 0 || !str_has_prefix(text, d->mark) || rest.len == 0 ||
		    is_blank(rest.ptr[0]) || (d->at_words && is_wordy(before)))
			continue;
		size_t end = delimiter_close(d, rest);
		if (end == rest.len) {
			*dead |= 1U << k;
			continue;
		}
		buf_add(out, str_of(d->open));
		inline_at_depth(out, str_take(rest, end), depth + 1);
		buf_add(out, str_of(d->close));
		return 2 * d->mark.len + end;
	}
	return 0;
}

/* --- code --- */

static size_t run_length(struct str text, char c)
{
	size_t n = 0;
	while (n < text.len && text.ptr[n] == c)
		n++;
	return n;
}

static size_t take_code(struct buf *out, struct str text, size_t *shortest_dead)
{
	size_t ticks = run_length(text, '`');
	struct str mark = str_take(text, ticks), rest = str_skip(text, ticks);
	size_t end = ticks < *shortest_dead ? str_find(rest, mark) : rest.len;
	if (end == rest.len) {
		*shortest_dead = ticks < *shortest_dead ? ticks : *shortest_dead;
		buf_add(out, mark);
		return ticks;
	}
	buf_add(out, STR("<code>"));
	html_add_text(out, str_trim(str_take(rest, end)));
	buf_add(out, STR("</code>"));
	return 2 * ticks + end;
}

/* --- links --- */

static void add_link(struct buf *out, struct str href, struct str label, unsigned depth)
{
	buf_add(out, STR("<a href=\""));
	html_add_text(out, href);
	buf_add(out, STR("\">"));
	if (depth != 0)
		inline_at_depth(out, label, depth + 1);
	else
		html_add_text(out, label);
	buf_add(out, STR("</a>"));
}

/* The bracket that closes the one before text, others within counted. */
static size_t bracket_close(struct str text, char open, char close)
{
	unsigned nested = 0;
	for (size_t i = 0; i < text.len && i < LABEL_MAX; i++) {
		char c = text.ptr[i];
		if (c == '\\')
			i++;
		else if (c == open)
			nested++;
		else if (c == close && nested-- == 0)
			return i;
	}
	return text.len;
}

/* [label](address "title"), and with "!" before it a picture; 0 when it is none. */
static size_t take_link(struct buf *out, struct str text, bool picture, unsigned depth)
{
	struct str rest = str_skip(text, 1);
	size_t label_len = bracket_close(rest, '[', ']');
	struct str label = str_take(rest, label_len);
	rest = str_skip(rest, label_len + 1);
	if (label_len == str_skip(text, 1).len || !str_has_prefix(rest, STR("(")))
		return 0;
	rest = str_skip(rest, 1);
	size_t len = bracket_close(rest, '(', ')');
	if (len == rest.len)
		return 0;
	struct str href = str_trim(str_take(rest, len));
	href = str_take(href, str_index(href, ' '));
	if (str_has_prefix(href, STR("<")) && str_has_suffix(href, STR(">")))
		href = str_take(str_skip(href, 1), href.len - 2);
	if (picture && label.len == 0)
		label = href;
	add_link(out, href, label, picture ? 0 : depth + 1);
	return label_len + len + 4;
}

/* An address that stands for itself, with or without angle brackets. */
static size_t take_address(struct buf *out, struct str text)
{
	size_t n = 0, open = 0;
	while (n < text.len && !is_blank(text.ptr[n]) && strchr("<>\"`", text.ptr[n]) == NULL) {
		open += text.ptr[n] == '(';
		n++;
	}
	/* punctuation behind it is the sentence's; a bracket only when it was not opened within */
	while (n != 0 && strchr(".,;:!?'*_~)", text.ptr[n - 1]) != NULL &&
	       (text.ptr[n - 1] != ')' || open == 0))
		n--;
	add_link(out, str_take(text, n), str_take(text, n), 0);
	return n;
}

static bool is_address(struct str text)
{
	return str_has_prefix_nocase(text, STR("https://")) ||
	       str_has_prefix_nocase(text, STR("http://"));
}

/* --- one after another --- */

struct state {
	unsigned dead; /* marks of emphasis that close nowhere further on */
	size_t dead_ticks;
	unsigned failed;
	char before;
};

/* [label](address), ![picture](address), <address>; 0 when it is none. */
static size_t take_bracket(struct buf *out, struct str text, unsigned depth, struct state *s)
{
	struct str near = str_take(text, LABEL_MAX);
	bool picture = text.ptr[0] == '!';
	size_t n = 0, end;
	if (s->failed == FAILED_MAX || depth >= DEPTH_MAX)
		return 0;
	if (text.ptr[0] == '<') {
		end = str_index(near, '>');
		if (is_address(str_skip(text, 1)) && end != near.len) {
			struct str address = str_take(str_skip(text, 1), end - 1);
			add_link(out, address, address, 0);
			n = end + 1;
		}
	} else {
		n = take_link(out, picture ? str_skip(text, 1) : text, picture, depth);
		n += n != 0 && picture;
	}
	s->failed += n == 0;
	return n;
}

static size_t take_special(struct buf *out, struct str text, unsigned depth, struct state *s)
{
	char c = text.ptr[0];
	if (c == '\\' && text.len > 1 && is_punctuation(text.ptr[1])) {
		html_add_text(out, str_take(str_skip(text, 1), 1));
		return 2;
	}
	if (c == '`')
		return take_code(out, text, &s->dead_ticks);
	if (c == '*' || c == '_' || c == '~')
		return depth < DEPTH_MAX ? take_emphasis(out, text, s->before, depth, &s->dead) : 0;
	if (c == '[' || c == '<' || str_has_prefix(text, STR("![")))
		return take_bracket(out, text, depth, s);
	if ((c == 'h' || c == 'H') && !is_wordy(s->before) && is_address(text))
		return take_address(out, text);
	if (c == '\n') {
		buf_add(out, STR("<br>"));
		return 1;
	}
	return 0;
}

static void inline_at_depth(struct buf *out, struct str text, unsigned depth)
{
	struct state s = { .dead_ticks = SIZE_MAX, .before = ' ' };
	while (text.len != 0) {
		size_t n = take_special(out, text, depth, &s);
		if (n == 0) {
			n = 1;
			html_add_text(out, str_take(text, 1));
		}
		s.before = text.ptr[n - 1];
		text = str_skip(text, n);
	}
}

void markdown_inline(struct buf *out, struct str text)
{
	inline_at_depth(out, text, 0);
}
