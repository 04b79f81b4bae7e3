/* Header lines for curl: a list in an arena, which curl only reads. Any thread. */
#include "lines.h"

static bool is_alnum(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 9110 section 5.6.2 */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (!is_alnum(c) && c != '-' && (c == '\0' || strchr("!#$%&'*+.^_`|~", c) == NULL))
			return false;
	}
	return s.len != 0;
}

/* RFC 9110 section 5.5 */
static bool is_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static bool name_is_of(struct str name, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq_nocase(name, names[i]))
			return true;
	}
	return false;
}

static struct str line_name(const char *line)
{
	return str_n(line, strcspn(line, ":;"));
}

/* Adds the line that consists of three pieces. */
static enum rc push(struct ctx *ctx, struct curl_slist **lines, struct str a, struct str b,
		    struct str c)
{
	struct curl_slist *node = ARENA_NEW(ctx->arena, struct curl_slist);
	char *data = arena_alloc(ctx->arena, a.len + b.len + c.len + 1);
	if (node == NULL || data == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "no memory for the headers");
	memcpy(data, a.ptr, a.len);
	memcpy(data + a.len, b.ptr, b.len);
	if (c.len != 0)
		memcpy(data + a.len + b.len, c.ptr, c.len);
	*node = (struct curl_slist){ .data = data, .next = *lines };
	*lines = node;
	return RC_OK;
}

enum rc lines_add(struct ctx *ctx, struct curl_slist **lines, const struct fetch_header *header)
{
	/* curl writes these from the URL and the body, and what was signed must agree with that */
	static const struct str own[] = { STR_INIT("host"), STR_INIT("content-length"),
					  STR_INIT("transfer-encoding"), STR_INIT("connection") };
	if (!is_token(header->name) || !is_value(header->value))
		return ctx_fail(ctx, RC_INVALID, "header with bytes that must not be sent");
	if (name_is_of(header->name, own, ARRAY_LEN(own)))
		return RC_OK;
	/* the semicolon is curl's way to send a header without a value */
	return push(ctx, lines, header->name, header->value.len != 0 ? STR(": ") : STR(";"),
		    header->value);
}

enum rc lines_silence(struct ctx *ctx, struct curl_slist **lines, struct str name)
{
	return push(ctx, lines, name, STR(":"), STR_NONE);
}

enum rc lines_add_travelling(struct ctx *ctx, struct curl_slist **lines,
			     const struct curl_slist *from)
{
	static const struct str travelling[] = { STR_INIT("accept"), STR_INIT("accept-language") };
	enum rc rc = RC_OK;
	for (; from != NULL && rc == RC_OK; from = from->next) {
		struct str line = str_of(from->data);
		if (name_is_of(line_name(from->data), travelling, ARRAY_LEN(travelling)))
			rc = push(ctx, lines, line, STR(""), STR_NONE);
	}
	return rc;
}

bool lines_have(const struct curl_slist *lines, struct str name)
{
	for (; lines != NULL; lines = lines->next) {
		if (str_eq_nocase(line_name(lines->data), name))
			return true;
	}
	return false;
}
