/*
 * S-081 as a grammar, written apart from the sanitiser: shares no table and no code with it, so
 * that one mistake is not made twice.
 */
#include "html_check.h"

#include <stdbool.h>

#define STACK_MAX 200

struct rule {
	const char *tag;
	const char *attributes; /* each between spaces */
};

static const struct rule rules[] = {
	{ "a", " href class rel target translate lang " },
	{ "b", " lang " },
	{ "blockquote", " lang " },
	{ "code", " lang " },
	{ "del", " lang " },
	{ "em", " lang " },
	{ "i", " lang " },
	{ "li", " value lang " },
	{ "ol", " start reversed lang " },
	{ "p", " class lang " },
	{ "pre", " lang " },
	{ "rp", " lang " },
	{ "rt", " lang " },
	{ "ruby", " lang " },
	{ "s", " lang " },
	{ "span", " class translate lang " },
	{ "strong", " lang " },
	{ "u", " lang " },
	{ "ul", " lang " },
};

static const char *const schemes[] = {
	"https://", "http://", "dat:",	"dweb:",   "ipfs:",   "ipns:",
	"ssb:",	    "gopher:", "xmpp:", "magnet:", "gemini:",
};

struct reader {
	const char *at;
	const char *end;
	const struct rule *stack[STACK_MAX];
	size_t depth;
};

static size_t name_length(const struct reader *r)
{
	size_t n = 0;
	while (r->at + n < r->end &&
	       ((r->at[n] >= 'a' && r->at[n] <= 'z') || (r->at[n] >= '0' && r->at[n] <= '9')))
		n++;
	return n;
}

static const struct rule *find_rule(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (strlen(rules[i].tag) == len && memcmp(rules[i].tag, name, len) == 0)
			return &rules[i];
	}
	return NULL;
}

static bool take(struct reader *r, const char *text)
{
	size_t len = strlen(text);
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	return true;
}

/* One character of text or of an attribute's value. */
static bool take_character(struct reader *r)
{
	static const char *const references[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	unsigned char c = (unsigned char)*r->at;
	if (c == '&') {
		for (size_t i = 0; i < ARRAY_LEN(references); i++) {
			if (take(r, references[i]))
				return true;
		}
		return false;
	}
	if (strchr("<>\"'", c) != NULL || (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
		return false;
	r->at++;
	return true;
}

static bool attribute_known(const struct rule *rule, const char *name, size_t len)
{
	char wanted[32];
	if (len == 0 || len > sizeof(wanted) - 3)
		return false;
	wanted[0] = ' ';
	memcpy(wanted + 1, name, len);
	memcpy(wanted + 1 + len, " ", 2);
	return strstr(rule->attributes, wanted) != NULL;
}

static bool scheme_known(const struct reader *r)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct reader ahead = { .at = r->at, .end = r->end };
		if (take(&ahead, schemes[i]))
			return true;
	}
	return false;
}

static const char *take_attribute(struct reader *r, const struct rule *rule)
{
	const char *name = r->at;
	size_t len = name_length(r);
	if (!attribute_known(rule, name, len))
		return "an attribute that is not allowed";
	r->at += len;
	if (!take(r, "=\""))
		return "an attribute without quotes";
	if (len == 4 && memcmp(name, "href", 4) == 0 && !scheme_known(r))
		return "a link with another scheme";
	while (r->at < r->end && *r->at != '"') {
		if (!take_character(r))
			return "a byte in an attribute that is not escaped";
	}
	return take(r, "\"") ? NULL : "an attribute without end";
}

static const char *take_start(struct reader *r)
{
	if (take(r, "br>"))
		return NULL;
	size_t len = name_length(r);
	const struct rule *rule = find_rule(r->at, len);
	if (rule == NULL)
		return "a tag that is not allowed";
	r->at += len;
	while (take(r, " ")) {
		const char *wrong = take_attribute(r, rule);
		if (wrong != NULL)
			return wrong;
	}
	if (r->depth == STACK_MAX)
		return "too deep";
	r->stack[r->depth++] = rule;
	return take(r, ">") ? NULL : "a tag without end";
}

static const char *take_end(struct reader *r)
{
	if (r->depth == 0 || !take(r, r->stack[--r->depth]->tag) || !take(r, ">"))
		return "an end tag that does not match";
	return NULL;
}

const char *html_check(struct str markup)
{
	struct reader r = { .at = markup.ptr, .end = markup.ptr + markup.len };
	while (r.at < r.end) {
		const char *wrong = NULL;
		if (take(&r, "</"))
			wrong = take_end(&r);
		else if (take(&r, "<"))
			wrong = take_start(&r);
		else if (!take_character(&r))
			wrong = "a byte that is not escaped";
		if (wrong != NULL)
			return wrong;
	}
	return r.depth == 0 ? NULL : "a tag that stays open";
}
