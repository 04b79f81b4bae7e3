/*
 * Bodies of forms with files. Pure but for the arena; any thread. The name of a file is never used
 * for anything, so its oddities are let through as long as they cannot move its end.
 */
#include "httpd/multipart.h"

#include "core/utf8.h"

#define HEAD_MAX 8192
#define HEADERS_MAX 16
#define NAME_MAX_BYTES 256
#define BOUNDARY_MAX 70 /* RFC 2046 section 5.1.1 */

struct reader {
	struct ctx *ctx;
	char delimiter[4 + BOUNDARY_MAX]; /* CRLF, two hyphens, the boundary */
	size_t delimiter_len;
	struct str rest;
};

struct part_head {
	struct multipart_part *part;
	bool disposition;
	bool encoding;
	struct str length;
};

static enum rc malformed(struct ctx *ctx, const char *why)
{
	return ctx_fail(ctx, RC_INVALID, "multipart: %s", why);
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool all_of(struct str s, const char *others)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_alnum(s.ptr[i]) && (s.ptr[i] == '\0' || strchr(others, s.ptr[i]) == NULL))
			return false;
	}
	return s.len != 0;
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct str s)
{
	return all_of(s, "!#$%&'*+-.^_`|~");
}

static struct str skip_blanks(struct str s)
{
	while (s.len != 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = str_skip(s, 1);
	return s;
}

/*
 * A quoted value: up to the next quote. A backslash before a quote is refused: browsers write %22,
 * and who knows backslashes sees another end than who does not.
 */
static bool take_quoted(struct str *rest, struct str *value)
{
	struct str inner = str_skip(*rest, 1);
	size_t end = str_index(inner, '"');
	if (end == inner.len || (end != 0 && inner.ptr[end - 1] == '\\'))
		return false;
	*value = str_take(inner, end);
	*rest = str_skip(inner, end + 1);
	return true;
}

/* Takes "; name=value" off *rest. False when it is malformed; the caller looks for an empty rest.
 */
static bool take_parameter(struct str *rest, struct str *name, struct str *value)
{
	struct str s = skip_blanks(*rest);
	if (s.len == 0 || s.ptr[0] != ';')
		return false;
	s = skip_blanks(str_skip(s, 1));
	if (!str_split(s, '=', name, &s) || !is_token(*name))
		return false;
	if (s.len != 0 && s.ptr[0] == '"') {
		if (!take_quoted(&s, value))
			return false;
	} else {
		size_t end = str_index(s, ';');
		*value = str_trim(str_take(s, end));
		if (!is_token(*value))
			return false;
		s = str_skip(s, end);
	}
	*rest = skip_blanks(s);
	return true;
}

/* Parts "type; parameters" into the type and what follows, which is empty or begins with ";". */
static struct str take_type(struct str value, struct str *rest)
{
	size_t end = str_index(value, ';');
	*rest = str_skip(value, end);
	return str_trim(str_take(value, end));
}

bool multipart_is(struct str content_type)
{
	struct str rest;
	return str_eq_nocase(take_type(content_type, &rest), STR("multipart/form-data"));
}

static enum rc read_boundary(struct reader *r, struct str content_type)
{
	struct str rest, name, value, boundary = STR_NONE;
	if (!str_eq_nocase(take_type(content_type, &rest), STR("multipart/form-data")))
		return malformed(r->ctx, "another content type");
	while (rest.len != 0) {
		if (!take_parameter(&rest, &name, &value))
			return malformed(r->ctx, "a parameter of the content type is malformed");
		if (!str_eq_nocase(name, STR("boundary")))
			continue;
		if (boundary.ptr != NULL)
			return malformed(r->ctx, "two boundaries");
		boundary = value;
	}
	/* RFC 2046 section 5.1.1, without the space, which mailers used to lose */
	if (boundary.len > BOUNDARY_MAX || !all_of(boundary, "'()+_,-./:=?"))
		return malformed(r->ctx, "no boundary, or an odd one");
	memcpy(r->delimiter, "\r\n--", 4);
	memcpy(r->delimiter + 4, boundary.ptr, boundary.len);
	r->delimiter_len = 4 + boundary.len;
	return RC_OK;
}

static enum rc read_disposition_parameter(struct ctx *ctx, struct multipart_part *part,
					  struct str name, struct str text)
{
	bool is_name = str_eq_nocase(name, STR("name"));
	if (str_eq_nocase(name, STR("name*")))
		return malformed(ctx, "an encoded name");
	/* RFC 7578 section 4.2 forbids it; old libraries send it all the same */
	if (str_eq_nocase(name, STR("filename*")))
		part->file = true;
	if (!is_name && !str_eq_nocase(name, STR("filename")))
		return RC_OK;
	struct str *slot = is_name ? &part->name : &part->filename;
	if (slot->ptr != NULL)
		return malformed(ctx, "a name twice");
	*slot = text;
	part->file = part->file || !is_name;
	return RC_OK;
}

static enum rc read_disposition(struct ctx *ctx, struct part_head *head, struct str value)
{
	struct str rest, name, text;
	if (head->disposition)
		return malformed(ctx, "a part with two dispositions");
	head->disposition = true;
	if (!str_eq_nocase(take_type(value, &rest), STR("form-data")))
		return malformed(ctx, "a part that is not form-data");
	enum rc rc = RC_OK;
	while (rc == RC_OK && rest.len != 0) {
		if (!take_parameter(&rest, &name, &text))
			return malformed(ctx, "a malformed disposition");
		rc = read_disposition_parameter(ctx, head->part, name, text);
	}
	return rc;
}

/* RFC 7578 section 4.7 deprecates the header; only the values that change nothing are taken. */
static enum rc read_encoding(struct ctx *ctx, struct part_head *head, struct str value)
{
	if (head->encoding)
		return malformed(ctx, "a part with two encodings");
	head->encoding = true;
	if (!str_eq_nocase(value, STR("binary")) && !str_eq_nocase(value, STR("8bit")) &&
	    !str_eq_nocase(value, STR("7bit")))
		return malformed(ctx, "an encoded part");
	return RC_OK;
}

static enum rc read_header(struct ctx *ctx, struct part_head *head, struct str line)
{
	struct str name, value;
	if (!str_split(line, ':', &name, &value) || !is_token(name))
		return malformed(ctx, "a malformed header of a part");
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return malformed(ctx, "a control byte in a header of a part");
	}
	value = str_trim(value);
	if (str_eq_nocase(name, STR("Content-Disposition")))
		return read_disposition(ctx, head, value);
	if (str_eq_nocase(name, STR("Content-Transfer-Encoding")))
		return read_encoding(ctx, head, value);
	bool is_type = str_eq_nocase(name, STR("Content-Type"));
	if (!is_type && !str_eq_nocase(name, STR("Content-Length")))
		return RC_OK; /* RFC 7578 section 4.8: others are ignored */
	struct str *slot = is_type ? &head->part->type : &head->length;
	if (slot->ptr != NULL)
		return malformed(ctx, "a header of a part twice");
	*slot = value;
	return RC_OK;
}

static bool name_ok(struct str name)
{
	return name.len != 0 && name.len <= NAME_MAX_BYTES && utf8_valid(name) &&
	       str_index(name, '\\') == name.len;
}

/* Takes the headers of a part and the empty line behind them off r->rest. */
static enum rc read_head(struct reader *r, struct part_head *head)
{
	struct str window = str_take(r->rest, HEAD_MAX);
	for (size_t count = 0;; count++) {
		size_t end = str_find(window, STR("\r\n"));
		if (end == window.len)
			return r->rest.len > HEAD_MAX
				       ? ctx_fail(r->ctx, RC_TOO_LARGE, "multipart: a large head")
				       : malformed(r->ctx, "a head without an end");
		struct str line = str_take(window, end);
		window = str_skip(window, end + 2);
		if (line.len == 0)
			break;
		if (count == HEADERS_MAX)
			return ctx_fail(r->ctx, RC_TOO_LARGE, "multipart: too many headers");
		enum rc rc = read_header(r->ctx, head, line);
		if (rc != RC_OK)
			return rc;
	}
	r->rest = str_skip(r->rest, (size_t)(window.ptr - r->rest.ptr));
	if (!head->disposition || !name_ok(head->part->name))
		return malformed(r->ctx, "a part without a name, or with an odd one");
	return RC_OK;
}

/* Takes what ends a delimiter off r->rest: a new line before a part, two hyphens at the end. */
static enum rc read_delimiter_end(struct reader *r, bool *last)
{
	*last = str_has_prefix(r->rest, STR("--"));
	if (!*last && !str_has_prefix(r->rest, STR("\r\n")))
		return malformed(r->ctx, "text behind a boundary");
	r->rest = str_skip(r->rest, 2);
	if (*last && r->rest.len != 0 && !str_eq(r->rest, STR("\r\n")))
		return malformed(r->ctx, "text behind the end");
	return RC_OK;
}

static enum rc read_part(struct reader *r, struct multipart_part *part, bool *last)
{
	struct part_head head = { .part = part };
	enum rc rc = read_head(r, &head);
	if (rc != RC_OK)
		return rc;
	size_t end = str_find(r->rest, str_n(r->delimiter, r->delimiter_len));
	if (end == r->rest.len)
		return malformed(r->ctx, "a part without an end");
	part->bytes = str_take(r->rest, end);
	uint64_t length;
	if (head.length.ptr != NULL && (!str_to_u64(head.length, &length) || length != end))
		return malformed(r->ctx, "a part of another length than it says");
	r->rest = str_skip(r->rest, end + r->delimiter_len);
	return read_delimiter_end(r, last);
}

enum rc multipart_parse(struct ctx *ctx, struct str content_type, struct str body,
			struct multipart *out)
{
	struct reader r = { .ctx = ctx, .rest = body };
	bool last;
	*out = (struct multipart){ 0 };
	enum rc rc = read_boundary(&r, content_type);
	if (rc != RC_OK)
		return rc;
	struct str first = str_n(r.delimiter + 2, r.delimiter_len - 2);
	if (!str_has_prefix(r.rest, first))
		return malformed(ctx, "it does not begin with the boundary");
	r.rest = str_skip(r.rest, first.len);
	rc = read_delimiter_end(&r, &last);
	struct multipart_part *parts =
		ARENA_ARRAY(ctx->arena, MULTIPART_PARTS_MAX, struct multipart_part);
	if (rc == RC_OK && parts == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "multipart: no memory");
	size_t count = 0;
	for (; rc == RC_OK && !last; count++) {
		if (count == MULTIPART_PARTS_MAX)
			return ctx_fail(ctx, RC_TOO_LARGE, "multipart: more than %d parts",
					MULTIPART_PARTS_MAX);
		rc = read_part(&r, &parts[count], &last);
	}
	if (rc == RC_OK)
		*out = (struct multipart){ .parts = parts, .count = count };
	return rc;
}

const struct multipart_part *multipart_find(const struct multipart *form, struct str name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (str_eq(form->parts[i].name, name))
			return &form->parts[i];
	}
	return NULL;
}
