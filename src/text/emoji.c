/* What one emoji is. Stateless, any thread. */
#include "text/emoji.h"

#include <unictype.h>

#include "core/utf8.h"

#define JOINER 0x200d
#define PICTURE 0xfe0f /* variation selector 16 */
#define KEYCAP 0x20e3
#define TAG_BASE 0x1f3f4 /* the black flag; tags stand behind nothing else */
#define TAG_FIRST 0xe0020
#define TAG_LAST 0xe007e
#define TAG_END 0xe007f
#define CODES_MAX 24

static bool is_shortcode_chr(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool emoji_shortcode_valid(struct str shortcode)
{
	for (size_t i = 0; i < shortcode.len; i++) {
		if (!is_shortcode_chr(shortcode.ptr[i]))
			return false;
	}
	return shortcode.len >= 2 && shortcode.len <= SHORTCODE_BYTES_MAX;
}

struct str emoji_shortcode_of(struct str text)
{
	if (text.len < 4 || text.ptr[0] != ':' || text.ptr[text.len - 1] != ':')
		return STR_NONE;
	struct str inner = str_n(text.ptr + 1, text.len - 2);
	return emoji_shortcode_valid(inner) ? inner : STR_NONE;
}

/* --- Unicode's --- */

struct codes {
	uint32_t at[CODES_MAX + 1]; /* ends in 0 */
	unsigned next;
	struct buf out;
};

static bool codes_read(struct codes *c, struct str text)
{
	unsigned count = 0;
	uint32_t code;
	while (text.len != 0) {
		if (count == CODES_MAX || !utf8_next(&text, &code) || code == 0)
			return false;
		c->at[count++] = code;
	}
	return count != 0;
}

static uint32_t peek(const struct codes *c)
{
	return c->at[c->next];
}

static void take(struct codes *c)
{
	utf8_add(&c->out, c->at[c->next++]);
}

static bool is_regional(uint32_t code)
{
	return code >= 0x1f1e6 && code <= 0x1f1ff;
}

/*
 * What is an emoji; and what Unicode has set aside for later ones, since peers may know a younger
 * Unicode than our tables (UTS #51 section 1.4: Extended_Pictographic covers both).
 */
static bool is_emoji(uint32_t code)
{
	if (code < 0x80)
		return false;
	return uc_is_property_emoji(code) ||
	       (uc_is_property_extended_pictographic(code) &&
		uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Cn));
}

/* Digits, "#" and "*" are emoji only in their box. */
static bool take_keycap(struct codes *c)
{
	uint32_t code = peek(c);
	if (!(code >= '0' && code <= '9') && code != '#' && code != '*')
		return false;
	take(c);
	if (peek(c) == PICTURE)
		c->next++;
	utf8_add(&c->out, PICTURE);
	if (peek(c) != KEYCAP)
		return false;
	take(c);
	return true;
}

static bool take_flag(struct codes *c)
{
	take(c);
	if (!is_regional(peek(c)))
		return false;
	take(c);
	return true;
}

/* The flags of parts of countries: at least one tag, and an end. */
static bool take_tags(struct codes *c)
{
	while (peek(c) >= TAG_FIRST && peek(c) <= TAG_LAST)
		take(c);
	if (peek(c) != TAG_END)
		return false;
	take(c);
	return true;
}

/* UTS #51 section 1.4.9, emoji_element: a character, and how it is to look. */
static bool take_element(struct codes *c)
{
	uint32_t code = peek(c);
	if (is_regional(code))
		return take_flag(c);
	if (code < 0x80)
		return take_keycap(c);
	if (!is_emoji(code))
		return false;
	take(c);
	if (uc_is_property_emoji_modifier(peek(c))) {
		take(c);
		return true;
	}
	if (peek(c) == PICTURE)
		c->next++;
	/* a character that is a letter by itself is a picture with the sign only; one that is a
	 * picture needs none */
	if (uc_is_property_emoji(code) && !uc_is_property_emoji_presentation(code))
		utf8_add(&c->out, PICTURE);
	if (code == TAG_BASE && peek(c) >= TAG_FIRST && peek(c) <= TAG_LAST)
		return take_tags(c);
	return true;
}

/* UTS #51 section 1.4.9, emoji_zwj_sequence: elements that are joined. */
static bool take_emoji(struct codes *c)
{
	if (!take_element(c))
		return false;
	while (peek(c) == JOINER) {
		take(c);
		if (peek(c) < 0x80 || is_regional(peek(c)) || !take_element(c))
			return false;
	}
	return peek(c) == 0;
}

enum rc emoji_canonical(struct ctx *ctx, struct str text, struct str *out)
{
	struct codes c = { .out = BUF_INIT(2 * EMOJI_BYTES_MAX + 64) };
	*out = STR_NONE;
	bool fits = text.len <= EMOJI_BYTES_MAX && codes_read(&c, text) && take_emoji(&c);
	if (fits)
		*out = arena_take_buf(ctx->arena, &c.out);
	buf_free(&c.out);
	if (!fits)
		return ctx_fail(ctx, RC_INVALID, "not exactly one emoji");
	return out->ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "emoji: no memory");
}

/* --- in texts --- */

bool emoji_next(struct str *rest, struct str *before, struct str *shortcode)
{
	struct str text = *rest;
	for (size_t i = str_index(text, ':'); i < text.len;) {
		size_t end = i + 1;
		while (end < text.len && is_shortcode_chr(text.ptr[end]))
			end++;
		*shortcode = str_n(text.ptr + i + 1, end - i - 1);
		if (end < text.len && text.ptr[end] == ':' && emoji_shortcode_valid(*shortcode)) {
			*before = str_take(text, i);
			*rest = str_skip(text, end + 1);
			return true;
		}
		/* what did not end here may begin here */
		while (end < text.len && text.ptr[end] != ':')
			end++;
		i = end;
	}
	*before = text;
	*rest = str_skip(text, text.len);
	return false;
}

void emoji_add_picture(struct buf *out, struct str shortcode, struct str url)
{
	buf_add(out, STR("<img class=\"emoji\" src=\""));
	html_add_text(out, url);
	buf_add(out, STR("\" alt=\":"));
	html_add_text(out, shortcode);
	buf_add(out, STR(":\" title=\":"));
	html_add_text(out, shortcode);
	buf_add(out,
		STR(":\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\">"));
}

typedef void add_fn(struct buf *out, struct str text);

/* Every colon is looked at once or twice: linear in the length of text. */
static void add_replaced(struct buf *out, struct str text, emoji_find *find, void *arg, add_fn *add)
{
	struct str before, shortcode;
	while (emoji_next(&text, &before, &shortcode)) {
		struct str url = find(arg, shortcode);
		add(out, before);
		if (url.len != 0) {
			emoji_add_picture(out, shortcode, url);
			continue;
		}
		/* its last colon may be the first of another */
		buf_add_chr(out, ':');
		buf_add(out, shortcode);
		text = str_n(text.ptr - 1, text.len + 1);
	}
	add(out, before);
}

void emoji_add_text(struct buf *out, struct str text, emoji_find *find, void *arg)
{
	add_replaced(out, text, find, arg, html_add_text);
}

/* Does the tag begin or end an element whose text stays as it is? */
static int literal_step(struct str tag)
{
	static const struct str names[] = { STR_INIT("code"), STR_INIT("pre") };
	bool closing = tag.len > 1 && tag.ptr[1] == '/';
	struct str name = str_skip(tag, closing ? 2 : 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_has_prefix(name, names[i]) && name.len > names[i].len &&
		    (name.ptr[names[i].len] == '>' || name.ptr[names[i].len] == ' '))
			return closing ? -1 : 1;
	}
	return 0;
}

/* Our own serialiser made it: tags begin with "<" and end with ">", and neither stands anywhere
 * else. */
void emoji_add_html(struct buf *out, struct html html, emoji_find *find, void *arg)
{
	struct str rest = html.markup;
	int literal = 0;
	while (rest.len != 0) {
		struct str text = str_take(rest, str_index(rest, '<'));
		if (literal > 0)
			buf_add(out, text);
		else
			add_replaced(out, text, find, arg, buf_add);
		rest = str_skip(rest, text.len);
		struct str tag = str_take(rest, str_index(rest, '>') + 1);
		buf_add(out, tag);
		literal += literal_step(tag);
		rest = str_skip(rest, tag.len);
	}
}
