/* What of a request goes into a signature base. Stateless, any thread. */
#include "message_int.h"

static bool is_ctl(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

static bool has_ctl(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_ctl(s.ptr[i]))
			return true;
	}
	return false;
}

/* Fields of which a second one would let two readers verify two different requests. */
static const struct str unique_fields[] = {
	STR_INIT("signature"), STR_INIT("signature-input"),
	STR_INIT("digest"),    STR_INIT("content-digest"),
	STR_INIT("date"),      STR_INIT("host"),
};

static enum rc check_unique(struct ctx *ctx, const struct httpsig_request *req)
{
	unsigned seen = 0;
	for (size_t i = 0; i < req->header_count; i++) {
		for (size_t k = 0; k < ARRAY_LEN(unique_fields); k++) {
			if (!str_eq_nocase(req->headers[i].name, unique_fields[k]))
				continue;
			if ((seen & 1U << k) != 0)
				return ctx_fail(ctx, RC_INVALID, "two %s headers",
						unique_fields[k].ptr);
			seen |= 1U << k;
		}
	}
	return RC_OK;
}

enum rc message_check(struct ctx *ctx, const struct httpsig_request *req)
{
	if (!str_has_prefix(req->target, STR("/")) || has_ctl(req->target) ||
	    str_index(req->target, ' ') != req->target.len ||
	    str_index(req->target, '#') != req->target.len)
		return ctx_fail(ctx, RC_INVALID, "the target is not in origin form");
	if (str_empty(req->method) || str_empty(req->authority) || has_ctl(req->authority))
		return ctx_fail(ctx, RC_INVALID, "the request has no method or no authority");
	return check_unique(ctx, req);
}

struct str message_field(const struct httpsig_request *req, struct str name)
{
	for (size_t i = 0; i < req->header_count; i++) {
		if (str_eq_nocase(req->headers[i].name, name))
			return str_trim(req->headers[i].value);
	}
	return STR_NONE;
}

/* Behind a proxy the Host header may be another than the one that was signed. */
static struct str signed_host(const struct httpsig_request *req)
{
	struct str host = message_field(req, STR("host"));
	return str_eq_nocase(host, req->authority) ? host : req->authority;
}

bool message_add_field(struct buf *out, const struct httpsig_request *req, struct str name)
{
	size_t found = 0;
	if (str_eq(name, STR("host"))) {
		buf_add(out, signed_host(req));
		return true;
	}
	for (size_t i = 0; i < req->header_count; i++) {
		if (!str_eq_nocase(req->headers[i].name, name))
			continue;
		struct str value = str_trim(req->headers[i].value);
		if (has_ctl(value))
			return false;
		if (found++ != 0)
			buf_add(out, STR(", "));
		buf_add(out, value);
	}
	return found != 0;
}

void message_add_lower(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		buf_add_chr(out, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
}

void message_add_authority(struct buf *out, const struct httpsig_request *req)
{
	struct str authority = req->authority;
	struct str port = str_eq_nocase(req->scheme, STR("http")) ? STR(":80") : STR(":443");
	if (str_has_suffix(authority, port))
		authority.len -= port.len;
	message_add_lower(out, authority);
}

void message_add_target_uri(struct buf *out, const struct httpsig_request *req)
{
	message_add_lower(out, req->scheme);
	buf_add(out, STR("://"));
	message_add_authority(out, req);
	buf_add(out, req->target);
}

struct str message_path(const struct httpsig_request *req)
{
	return str_take(req->target, str_index(req->target, '?'));
}

struct str message_query(const struct httpsig_request *req)
{
	struct str query = str_skip(req->target, str_index(req->target, '?'));
	return query.len != 0 ? query : STR("?");
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The next byte of form-encoded text (URL standard, section 5.1). */
static unsigned char take_form_byte(struct str *text)
{
	char c = text->ptr[0];
	int high = text->len > 2 ? hex_value(text->ptr[1]) : -1;
	int low = text->len > 2 ? hex_value(text->ptr[2]) : -1;
	if (c == '%' && high >= 0 && low >= 0) {
		*text = str_skip(*text, 3);
		return (unsigned char)(high << 4 | low);
	}
	*text = str_skip(*text, 1);
	return (unsigned char)(c == '+' ? ' ' : c);
}

/* RFC 9421 section 2.2.8: what stays itself; everything else is escaped. */
static bool form_stays(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '*' || c == '-' || c == '.' || c == '_';
}

/* The next byte of form-encoded text, encoded as the RFC does it. */
static struct str take_form_chr(struct str *text, char encoded[3])
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char c = take_form_byte(text);
	if (form_stays(c)) {
		encoded[0] = (char)c;
		return str_n(encoded, 1);
	}
	encoded[0] = '%';
	encoded[1] = digits[c >> 4];
	encoded[2] = digits[c & 15];
	return str_n(encoded, 3);
}

static void add_form_text(struct buf *out, struct str text)
{
	char encoded[3];
	while (text.len != 0)
		buf_add(out, take_form_chr(&text, encoded));
}

/* Stops at the first difference: a stranger may send thousands of names to compare. */
static bool form_name_is(struct str text, struct str name)
{
	char encoded[3];
	while (text.len != 0) {
		struct str next = take_form_chr(&text, encoded);
		if (!str_has_prefix(name, next))
			return false;
		name = str_skip(name, next.len);
	}
	return name.len == 0;
}

bool message_add_query_param(struct buf *out, const struct httpsig_request *req, struct str name)
{
	size_t found = 0;
	struct str rest = str_skip(message_query(req), 1), pair;
	while (str_next(&rest, '&', &pair)) {
		struct str key, value;
		str_split(pair, '=', &key, &value);
		if (!form_name_is(key, name))
			continue;
		if (found++ == 0)
			add_form_text(out, value);
	}
	return found == 1;
}

void message_cover_field(struct httpsig *sig, struct str name)
{
	const struct {
		struct str name;
		bool *covers;
	} rows[] = {
		{ STR("host"), &sig->covers_host },
		{ STR("date"), &sig->covers_date },
		{ STR("digest"), &sig->covers_digest },
		{ STR("content-digest"), &sig->covers_content_digest },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq(name, rows[i].name))
			*rows[i].covers = true;
	}
}
