/*
 * Which attributes an element keeps, and in which form (S-081, S-082). What is written has quotes
 * and is escaped. Owned by its caller.
 */
#include "html_int.h"

#define CLASSES_MAX 8
#define CLASS_BYTES_MAX 64

void html_attributes_init(struct html_attributes *a)
{
	buf_init(&a->text, HTML_INPUT_MAX);
	buf_init(&a->classes, HTML_INPUT_MAX);
	buf_init(&a->href, HTML_INPUT_MAX);
}

void html_attributes_free(struct html_attributes *a)
{
	buf_free(&a->text);
	buf_free(&a->classes);
	buf_free(&a->href);
}

struct str html_attribute(const unsigned char **list, const char *name)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i += 2) {
		if (strcmp((const char *)list[i], name) == 0)
			return list[i + 1] != NULL ? str_of((const char *)list[i + 1]) : STR("");
	}
	return STR_NONE;
}

static bool is_class_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* What posts of the fediverse mean something by: microformats and Mastodon's own. */
static bool class_allowed(struct str name)
{
	static const struct str prefixes[] = { STR_INIT("h-"), STR_INIT("p-"), STR_INIT("u-"),
					       STR_INIT("dt-"), STR_INIT("e-") };
	static const struct str whole[] = { STR_INIT("mention"), STR_INIT("hashtag"),
					    STR_INIT("ellipsis"), STR_INIT("invisible"),
					    STR_INIT("quote-inline") };
	for (size_t i = 0; i < name.len; i++) {
		if (!is_class_byte(name.ptr[i]))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		if (str_eq(name, whole[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (name.len <= CLASS_BYTES_MAX && str_has_prefix(name, prefixes[i]))
			return true;
	}
	return false;
}

/* Takes the next word, parted by white space, off *rest. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t end = 0;
	*rest = str_trim(*rest);
	while (end < rest->len && strchr(" \t\n\r\f", rest->ptr[end]) == NULL)
		end++;
	*word = str_take(*rest, end);
	*rest = str_skip(*rest, end);
	return end != 0;
}

static struct str allowed_classes(struct html_attributes *a, struct str value)
{
	struct str word;
	size_t count = 0;
	buf_reset(&a->classes);
	while (count < CLASSES_MAX && next_word(&value, &word)) {
		if (!class_allowed(word))
			continue;
		if (count++ != 0)
			buf_add_chr(&a->classes, ' ');
		buf_add(&a->classes, word);
	}
	return buf_str(&a->classes);
}

static bool has_word(struct str value, struct str wanted)
{
	struct str word;
	while (next_word(&value, &word)) {
		if (str_eq_nocase(word, wanted))
			return true;
	}
	return false;
}

/* The relations that mean something here: a verified link, a hashtag. */
static struct str allowed_rel(struct str value)
{
	bool me = has_word(value, STR("me")), tag = has_word(value, STR("tag"));
	if (me && tag)
		return STR("me tag");
	if (me)
		return STR("me");
	return tag ? STR("tag") : STR("");
}

static void add_attribute(struct buf *out, struct str name, struct str value)
{
	buf_add_chr(out, ' ');
	buf_add(out, name);
	buf_add(out, STR("=\""));
	html_add_text(out, value);
	buf_add_chr(out, '"');
}

static void add_number(struct buf *out, struct str name, struct str value)
{
	struct str digits = str_trim(value);
	int64_t number;
	if (digits.len <= 6 && str_to_i64(digits, &number)) {
		buf_add_chr(out, ' ');
		buf_add(out, name);
		buf_add(out, STR("=\""));
		buf_add_i64(out, number);
		buf_add_chr(out, '"');
	}
}

/* False for a link that leads nowhere we know: its text stands alone. */
static bool add_link(struct html_attributes *a, const unsigned char **list)
{
	buf_reset(&a->href);
	if (!href_write(&a->href, html_attribute(list, "href"), HREF_HOST_FLAGS))
		return false;
	html_add_link(&a->text, buf_str(&a->href),
		      allowed_classes(a, html_attribute(list, "class")),
		      allowed_rel(html_attribute(list, "rel")));
	return true;
}

static void add_list_attributes(struct buf *out, const unsigned char **list)
{
	add_number(out, STR("start"), html_attribute(list, "start"));
	if (html_attribute(list, "reversed").ptr != NULL)
		add_attribute(out, STR("reversed"), STR(""));
}

static bool translate_allowed(enum html_tag tag)
{
	return tag == TAG_A || tag == TAG_SPAN;
}

static bool class_wanted(enum html_tag tag)
{
	return tag == TAG_SPAN || tag == TAG_P;
}

bool html_attributes_collect(struct html_attributes *a, enum html_tag tag,
			     const unsigned char **list)
{
	buf_reset(&a->text);
	if (tag == TAG_A && !add_link(a, list))
		return false;
	if (list == NULL)
		return true;
	if (class_wanted(tag)) {
		struct str classes = allowed_classes(a, html_attribute(list, "class"));
		if (classes.len != 0)
			add_attribute(&a->text, STR("class"), classes);
	}
	if (translate_allowed(tag) && str_eq_nocase(html_attribute(list, "translate"), STR("no")))
		add_attribute(&a->text, STR("translate"), STR("no"));
	if (tag == TAG_OL)
		add_list_attributes(&a->text, list);
	if (tag == TAG_LI)
		add_number(&a->text, STR("value"), html_attribute(list, "value"));
	struct str language = html_attribute(list, "lang");
	if (text_language_valid(language))
		add_attribute(&a->text, STR("lang"), language);
	return true;
}
