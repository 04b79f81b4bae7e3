/*
 * Checks one after the other, each over the whole head, so that the verdict does not depend on the
 * order of headers. Pure; any thread.
 */
#include "gate_int.h"

#include "core/enc.h"
#include "core/utf8.h"

enum known {
	KNOWN_HOST,
	KNOWN_CONTENT_LENGTH,
	KNOWN_TRANSFER_ENCODING,
	KNOWN_EXPECT,
	KNOWN_CONTENT_ENCODING,
	KNOWN_CONTENT_TYPE,
	KNOWN_SIGNATURE,
	KNOWN_SIGNATURE_INPUT,
	KNOWN_DIGEST,
	KNOWN_CONTENT_DIGEST,
	KNOWN_DATE,
	KNOWN_AUTHORIZATION,
	KNOWN_COUNT,
};

/* Headers of which a second one would let two readers disagree. */
static const struct known_row {
	struct str name;
	const char *doubled;
} knowns[KNOWN_COUNT] = {
	[KNOWN_HOST] = { STR_INIT("host"), "two Host headers" },
	[KNOWN_CONTENT_LENGTH] = { STR_INIT("content-length"), "two Content-Length headers" },
	[KNOWN_TRANSFER_ENCODING] = { STR_INIT("transfer-encoding"),
				      "two Transfer-Encoding headers" },
	[KNOWN_EXPECT] = { STR_INIT("expect"), "two Expect headers" },
	[KNOWN_CONTENT_ENCODING] = { STR_INIT("content-encoding"), "two Content-Encoding headers" },
	[KNOWN_CONTENT_TYPE] = { STR_INIT("content-type"), "two Content-Type headers" },
	[KNOWN_SIGNATURE] = { STR_INIT("signature"), "two Signature headers" },
	[KNOWN_SIGNATURE_INPUT] = { STR_INIT("signature-input"), "two Signature-Input headers" },
	[KNOWN_DIGEST] = { STR_INIT("digest"), "two Digest headers" },
	[KNOWN_CONTENT_DIGEST] = { STR_INIT("content-digest"), "two Content-Digest headers" },
	[KNOWN_DATE] = { STR_INIT("date"), "two Date headers" },
	[KNOWN_AUTHORIZATION] = { STR_INIT("authorization"), "two Authorization headers" },
};

static const struct method_row {
	struct str name;
	enum http_method method;
} methods[] = {
	{ STR_INIT("GET"), HTTP_GET },	       { STR_INIT("HEAD"), HTTP_GET },
	{ STR_INIT("POST"), HTTP_POST },       { STR_INIT("PUT"), HTTP_PUT },
	{ STR_INIT("PATCH"), HTTP_PATCH },     { STR_INIT("DELETE"), HTTP_DELETE },
	{ STR_INIT("OPTIONS"), HTTP_OPTIONS },
};

struct head {
	const struct gate_input *in;
	struct str value[KNOWN_COUNT]; /* absent when the header is */
	bool doubled[KNOWN_COUNT];
	struct gate_verdict verdict;
};

/* Classes of bytes: TOKEN of RFC 9110 section 5.6.2, PATH and QUERY of RFC 3986 sections 3.3, 3.4.
 */
enum { CLASS_TOKEN = 1, CLASS_PATH = 2, CLASS_QUERY = 4 };

static unsigned char_class(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return CLASS_TOKEN | CLASS_PATH | CLASS_QUERY;
	switch (c) {
	case '-':
	case '.':
	case '_':
	case '~':
	case '!':
	case '$':
	case '&':
	case '\'':
	case '*':
	case '+':
	case '%':
		return CLASS_TOKEN | CLASS_PATH | CLASS_QUERY;
	case '(':
	case ')':
	case ',':
	case ';':
	case '=':
	case ':':
	case '@':
	case '/':
		return CLASS_PATH | CLASS_QUERY;
	case '?':
	case '[': /* clients write lists as ids[]=1 and do not encode the brackets */
	case ']':
		return CLASS_QUERY;
	case '#':
	case '^':
	case '`':
	case '|':
		return CLASS_TOKEN;
	default:
		return 0;
	}
}

static bool all_of(struct str s, unsigned class)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((char_class((unsigned char)s.ptr[i]) & class) == 0)
			return false;
	}
	return true;
}

static bool refuse(struct head *h, unsigned status, const char *reason)
{
	h->verdict.status = status;
	h->verdict.reason = reason;
	return false;
}

static bool check_sizes(struct head *h)
{
	size_t bytes = 0;
	if (h->in->target.len > GATE_TARGET_MAX)
		return refuse(h, 414, "the target is too long");
	if (h->in->header_count > GATE_HEADERS_MAX)
		return refuse(h, 431, "too many headers");
	for (size_t i = 0; i < h->in->header_count; i++)
		bytes += h->in->headers[i].name.len + h->in->headers[i].value.len + 4;
	if (bytes > GATE_HEADER_BYTES_MAX)
		return refuse(h, 431, "the headers are too large");
	return true;
}

static bool check_method(struct head *h)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (str_eq(h->in->method, methods[i].name)) {
			h->verdict.method = methods[i].method;
			h->verdict.head = str_eq(h->in->method, STR("HEAD"));
			return true;
		}
	}
	return refuse(h, 400, "unknown method");
}

static bool check_version(struct head *h)
{
	if (str_eq(h->in->version, STR("HTTP/1.1")) || str_eq(h->in->version, STR("HTTP/1.0")))
		return true;
	return refuse(h, 400, "unknown protocol version");
}

/* RFC 9112 section 2.2 and 5.2: a bare LF, a NUL, a folded line. */
static bool check_lines(struct head *h)
{
	return h->in->exact || refuse(h, 400, "malformed lines in the head");
}

static bool check_names(struct head *h)
{
	for (size_t i = 0; i < h->in->header_count; i++) {
		struct str name = h->in->headers[i].name;
		if (name.len == 0 || !all_of(name, CLASS_TOKEN))
			return refuse(h, 400, "malformed header name");
	}
	return true;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}

static bool check_values(struct head *h)
{
	for (size_t i = 0; i < h->in->header_count; i++) {
		if (has_control(h->in->headers[i].value))
			return refuse(h, 400, "control byte in a header");
	}
	return true;
}

static void find_knowns(struct head *h)
{
	for (size_t i = 0; i < h->in->header_count; i++) {
		for (size_t k = 0; k < KNOWN_COUNT; k++) {
			if (!str_eq_nocase(h->in->headers[i].name, knowns[k].name))
				continue;
			h->doubled[k] = h->value[k].ptr != NULL;
			h->value[k] = h->in->headers[i].value;
			break;
		}
	}
}

static bool check_doubled(struct head *h)
{
	find_knowns(h);
	for (size_t k = 0; k < KNOWN_COUNT; k++) {
		if (h->doubled[k])
			return refuse(h, 400, knowns[k].doubled);
	}
	return true;
}

/* RFC 9112 section 3.2; the name itself is compared with the node's domain further up. */
static bool check_host(struct head *h)
{
	struct str host = h->value[KNOWN_HOST];
	if (host.ptr == NULL)
		return str_eq(h->in->version, STR("HTTP/1.0")) || refuse(h, 400, "no Host header");
	if (host.len == 0 || host.len > 261)
		return refuse(h, 400, "malformed Host header");
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || memchr("-._:[]", c, 6) != NULL;
		if (!fits)
			return refuse(h, 400, "malformed Host header");
	}
	return true;
}

/* RFC 9112 section 6: one way only to tell where the body ends. */
static bool check_framing(struct head *h)
{
	struct str length = h->value[KNOWN_CONTENT_LENGTH];
	struct str coding = h->value[KNOWN_TRANSFER_ENCODING];
	if (length.ptr != NULL && coding.ptr != NULL)
		return refuse(h, 400, "both Content-Length and Transfer-Encoding");
	if (length.ptr != NULL && !str_to_u64(length, &h->verdict.length))
		return refuse(h, 400, "malformed Content-Length");
	if (coding.ptr == NULL)
		return true;
	if (str_eq(h->in->version, STR("HTTP/1.0")))
		return refuse(h, 400, "Transfer-Encoding in HTTP/1.0");
	if (!str_eq_nocase(coding, STR("chunked")))
		return refuse(h, 400, "unknown Transfer-Encoding");
	h->verdict.chunked = true;
	return true;
}

static bool check_expectations(struct head *h)
{
	struct str expect = h->value[KNOWN_EXPECT];
	struct str encoding = h->value[KNOWN_CONTENT_ENCODING];
	if (expect.ptr != NULL && !str_eq_nocase(expect, STR("100-continue")))
		return refuse(h, 417, "unknown expectation");
	if (encoding.ptr != NULL && !str_eq_nocase(encoding, STR("identity")))
		return refuse(h, 415, "compressed bodies are not taken");
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Every % begins a triplet; none of them stands for what `forbidden` names. */
static bool triplets_fit(struct str s, bool (*forbidden)(unsigned char c))
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '%')
			continue;
		if (s.len - i < 3 || hex_value(s.ptr[i + 1]) < 0 || hex_value(s.ptr[i + 2]) < 0)
			return false;
		int c = hex_value(s.ptr[i + 1]) * 16 + hex_value(s.ptr[i + 2]);
		if (forbidden((unsigned char)c))
			return false;
		i += 2;
	}
	return true;
}

static bool forbidden_in_path(unsigned char c)
{
	return c < 0x20 || c == 0x7f || c == '/' || c == '\\';
}

static bool forbidden_in_query(unsigned char c)
{
	return c == '\0';
}

/* "." and "..", however their dots are written. */
static bool is_dot_segment(struct str segment)
{
	size_t dots = 0;
	while (segment.len != 0) {
		if (segment.ptr[0] == '.')
			segment = str_skip(segment, 1);
		else if (str_has_prefix_nocase(segment, STR("%2e")))
			segment = str_skip(segment, 3);
		else
			return false;
		dots++;
	}
	return dots == 1 || dots == 2;
}

static bool decodes_to_utf8(struct str path)
{
	if (str_index(path, '%') == path.len)
		return true;
	struct buf decoded CLEANUP(buf_free) = BUF_INIT(GATE_TARGET_MAX);
	return enc_unpercent(&decoded, path) && utf8_valid(buf_str(&decoded));
}

/* RFC 9112 section 3.2.1: origin form only. */
static bool check_target(struct head *h)
{
	struct str path, query, segment;
	if (!str_has_prefix(h->in->target, STR("/")))
		return refuse(h, 400, "the target is not in origin form");
	str_split(h->in->target, '?', &path, &query);
	if (!all_of(path, CLASS_PATH) || !all_of(query, CLASS_QUERY))
		return refuse(h, 400, "forbidden byte in the target");
	if (!triplets_fit(path, forbidden_in_path) || !triplets_fit(query, forbidden_in_query))
		return refuse(h, 400, "forbidden percent-encoding in the target");
	for (struct str rest = path; str_next(&rest, '/', &segment);) {
		if (is_dot_segment(segment))
			return refuse(h, 400, "dot segment in the target");
	}
	if (!decodes_to_utf8(path))
		return refuse(h, 400, "the target is not UTF-8");
	return true;
}

struct gate_verdict gate_check(const struct gate_input *in)
{
	static bool (*const checks[])(struct head *) = {
		check_sizes,   check_method,	   check_version, check_lines,
		check_names,   check_values,	   check_doubled, check_host,
		check_framing, check_expectations, check_target,
	};
	struct head h = { .in = in };
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		if (!checks[i](&h))
			break;
	}
	return h.verdict;
}
