/*
 * Finds links, mentions and hashtags in text (S-052: no regular expressions, no byte looked at more than a few times).
 * Stateless, any thread.
 */
#include "compose_int.h"
#include "core/utf8.h"
#include "word_int.h"

#define USER_MAX 64

/* The code point that ends before i; 0 at the start. */
static uint32_t code_before(struct str text, size_t i)
{
	size_t start = i;
	uint32_t code = 0;
	while (start > 0 && i - start < 4) {
		start--;
		if (((unsigned char)text.ptr[start] & 0xc0) != 0x80)
			break;
	}
	struct str last = str_n(text.ptr + start, i - start);
	return utf8_next(&last, &code) ? code : 0;
}

static uint32_t code_at(struct str text)
{
	uint32_t code;
	return utf8_next(&text, &code) ? code : 0;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* How often each bracket stands in a link that may end with one. */
struct brackets {
	size_t round, square, curly; /* closing ones minus opening ones; wraps around below zero */
};

static size_t *bracket_count(struct brackets *b, char c)
{
	switch (c) {
	case '(':
	case ')':
		return &b->round;
	case '[':
	case ']':
		return &b->square;
	default:
		return &b->curly;
	}
}

static struct brackets count_brackets(struct str link)
{
	struct brackets b = { 0 };
	for (size_t i = 0; i < link.len; i++) {
		char c = link.ptr[i];
		if (c == ')' || c == ']' || c == '}')
			++*bracket_count(&b, c);
		else if (c == '(' || c == '[' || c == '{')
			--*bracket_count(&b, c);
	}
	return b;
}

/* Without the punctuation of the sentence around it: "(see https://example.org/a_(b))." */
static struct str trim_link(struct str link)
{
	struct brackets b = count_brackets(link);
	while (link.len != 0) {
		char c = link.ptr[link.len - 1];
		if (c == ')' || c == ']' || c == '}') {
			size_t *surplus = bracket_count(&b, c);
			/* as many were opened within the link */
			if (*surplus == 0 || *surplus > link.len)
				break;
			--*surplus;
		} else if (strchr(".,:;!?'*`", c) == NULL) {
			break;
		}
		link.len--;
	}
	return link;
}

static bool link_at(struct str text, struct token *token)
{
	static const struct str schemes[] = { STR_INIT("https://"), STR_INIT("http://") };
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct str rest = text;
		uint32_t code;
		if (!str_has_prefix_nocase(text, schemes[i]))
			continue;
		size_t end = 0;
		while (utf8_next(&rest, &code) && !word_ends_link(code))
			end = text.len - rest.len;
		token->kind = TOKEN_LINK;
		token->text = trim_link(str_take(text, end));
		return token->text.len > schemes[i].len;
	}
	return false;
}

/* A host as people write it, perhaps with a port; what it may be is iri_authority()'s to say. */
static size_t host_length(struct str text)
{
	struct str rest = text;
	size_t end = 0;
	uint32_t code;
	while (utf8_next(&rest, &code)) {
		if (word_is_part(code) && code != '_')
			end = text.len - rest.len;
		else if (code != '.' && code != '-')
			break;
	}
	size_t port = end;
	if (port < text.len && text.ptr[port] == ':') {
		do
			port++;
		while (port < text.len && text.ptr[port] >= '0' && text.ptr[port] <= '9');
	}
	return port > end + 1 ? port : end;
}

static size_t user_length(struct str text)
{
	size_t n = 0, end = 0;
	for (; n < text.len; n++) {
		char c = text.ptr[n];
		if (is_alnum(c) || c == '_')
			end = n + 1;
		else if (c != '.' && c != '-')
			break;
	}
	return end <= USER_MAX && text.len != 0 && text.ptr[0] != '.' && text.ptr[0] != '-' ? end
											    : 0;
}

/* text begins with "@". */
static bool mention_at(struct str text, struct token *token)
{
	struct str rest = str_skip(text, 1);
	size_t user = user_length(rest);
	if (user == 0)
		return false;
	token->kind = TOKEN_MENTION;
	token->name = str_take(rest, user);
	token->host = STR_NONE;
	rest = str_skip(rest, user);
	if (str_has_prefix(rest, STR("@"))) {
		size_t host = host_length(str_skip(rest, 1));
		if (host != 0) {
			token->host = str_take(str_skip(rest, 1), host);
			rest = str_skip(rest, 1 + host);
		}
	}
	token->text = str_take(text, text.len - rest.len);
	return !word_is_part(code_at(rest));
}

/* text begins with a sharp of sharp_len bytes. */
static bool tag_at(struct str text, size_t sharp_len, struct token *token)
{
	size_t len = tag_length(str_skip(text, sharp_len));
	token->kind = TOKEN_TAG;
	token->name = str_take(str_skip(text, sharp_len), len);
	token->text = str_take(text, sharp_len + len);
	return len != 0;
}

static bool is_one_of(uint32_t code, const char *set)
{
	return code != 0 && code < 0x80 && strchr(set, (int)code) != NULL;
}

/* A token that begins at i. False with text set: a link that is none, to be passed over as a whole. */
static bool token_at(struct str text, size_t i, struct token *token)
{
	static const struct str wide_sharp = STR_INIT("\xef\xbc\x83");
	struct str rest = str_skip(text, i);
	char c = rest.ptr[0];
	bool wide = c == wide_sharp.ptr[0] && str_has_prefix(rest, wide_sharp);
	if (c != 'h' && c != 'H' && c != '@' && c != '#' && !wide)
		return false;
	uint32_t before = code_before(text, i);
	if (word_is_part(before))
		return false;
	if (c == '@')
		return !is_one_of(before, "/@=") && mention_at(rest, token);
	if (c == '#' || wide)
		return !is_one_of(before, "/&=#") && tag_at(rest, wide ? wide_sharp.len : 1, token);
	return link_at(rest, token);
}

bool scanner_next(struct scanner *s, struct token *token)
{
	if (s->has_next) {
		*token = s->next;
		s->has_next = false;
		return true;
	}
	size_t start = s->at;
	for (size_t i = start; i < s->text.len; i++) {
		struct token found = { .kind = TOKEN_TEXT };
		bool right = token_at(s->text, i, &found);
		if (!right) {
			/* what was read in vain is not read again */
			i += found.text.len > 1 ? found.text.len - 1 : 0;
			continue;
		}
		s->at = i + found.text.len;
		*token = found;
		if (i != start) {
			s->next = found;
			s->has_next = true;
			*token = (struct token){ .text = str_n(s->text.ptr + start, i - start) };
		}
		return true;
	}
	s->at = s->text.len;
	*token = (struct token){ .text = str_skip(s->text, start) };
	return start < s->text.len;
}
