/*
 * The strict parser of IRIs: splits at the delimiters of RFC 3986, makes the authority canonical
 * (host.c) and keeps path, query and fragment byte for byte. Stateless, any thread.
 */
#include "text/iri.h"

#include "core/buf.h"
#include "core/utf8.h"
#include "host_int.h"

/* RFC 3986 sections 3.3 to 3.5: what may stand in a component as it is. */
enum {
	IN_PATH = 1,
	IN_QUERY = 2, /* and in a fragment */
};

static const unsigned char byte_class[128] = {
	['!'] = 3, ['$'] = 3, ['&'] = 3, ['\''] = 3, ['('] = 3, [')'] = 3, ['*'] = 3, ['+'] = 3,
	[','] = 3, ['-'] = 3, ['.'] = 3, ['/'] = 3,  ['0'] = 3, ['1'] = 3, ['2'] = 3, ['3'] = 3,
	['4'] = 3, ['5'] = 3, ['6'] = 3, ['7'] = 3,  ['8'] = 3, ['9'] = 3, [':'] = 3, [';'] = 3,
	['='] = 3, ['?'] = 2, ['@'] = 3, ['A'] = 3,  ['B'] = 3, ['C'] = 3, ['D'] = 3, ['E'] = 3,
	['F'] = 3, ['G'] = 3, ['H'] = 3, ['I'] = 3,  ['J'] = 3, ['K'] = 3, ['L'] = 3, ['M'] = 3,
	['N'] = 3, ['O'] = 3, ['P'] = 3, ['Q'] = 3,  ['R'] = 3, ['S'] = 3, ['T'] = 3, ['U'] = 3,
	['V'] = 3, ['W'] = 3, ['X'] = 3, ['Y'] = 3,  ['Z'] = 3, ['_'] = 3, ['a'] = 3, ['b'] = 3,
	['c'] = 3, ['d'] = 3, ['e'] = 3, ['f'] = 3,  ['g'] = 3, ['h'] = 3, ['i'] = 3, ['j'] = 3,
	['k'] = 3, ['l'] = 3, ['m'] = 3, ['n'] = 3,  ['o'] = 3, ['p'] = 3, ['q'] = 3, ['r'] = 3,
	['s'] = 3, ['t'] = 3, ['u'] = 3, ['v'] = 3,  ['w'] = 3, ['x'] = 3, ['y'] = 3, ['z'] = 3,
	['~'] = 3,
};

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* A "%XX" at i that does not stand for NUL. */
static bool percent_right(struct str text, size_t i)
{
	return text.len - i > 2 && is_hex(text.ptr[i + 1]) && is_hex(text.ptr[i + 2]) &&
	       (text.ptr[i + 1] != '0' || text.ptr[i + 2] != '0');
}

/* How many bytes from i on stay as they are. */
static size_t plain_run(struct str text, size_t i, unsigned class)
{
	size_t end = i;
	while (end < text.len) {
		unsigned char byte = (unsigned char)text.ptr[end];
		if (byte >= 0x80 ||
		    ((byte_class[byte] & class) == 0 && (byte != '%' || !percent_right(text, end))))
			break;
		end++;
	}
	return end - i;
}

static bool component_add(struct buf *out, struct str text, unsigned class)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		size_t run = plain_run(text, i, class);
		buf_add_bytes(out, text.ptr + i, run);
		i += run;
		if (i == text.len)
			break;
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte < 0x80)
			return false;
		/* RFC 3987 section 3.1: an IRI's other characters as the octets of their UTF-8 */
		char encoded[3] = { '%', hex[byte >> 4], hex[byte & 15] };
		buf_add_bytes(out, encoded, sizeof(encoded));
	}
	return true;
}

/* "." and "..", also with their dots percent-encoded. */
static bool is_dot_segment(struct str segment)
{
	size_t dots = 0;
	while (segment.len != 0 && dots < 3) {
		if (str_has_prefix_nocase(segment, STR("%2e")))
			segment = str_skip(segment, 3);
		else if (segment.ptr[0] == '.')
			segment = str_skip(segment, 1);
		else
			return false;
		dots++;
	}
	return dots == 1 || dots == 2;
}

static bool has_dot_segment(struct str path)
{
	struct str segment;
	while (str_next(&path, '/', &segment)) {
		if (is_dot_segment(segment))
			return true;
	}
	return false;
}

/* An IRI at its delimiters, as written. */
struct pieces {
	struct str authority;
	struct str path;
	struct str query;    /* behind the "?"; absent without one */
	struct str fragment; /* behind the "#"; absent without one */
	bool plain;	     /* http, not https */
};

static enum rc split_iri(struct ctx *ctx, struct str text, unsigned flags, struct pieces *out)
{
	struct str scheme, rest;
	if (text.len > IRI_MAX)
		return ctx_fail(ctx, RC_INVALID, "IRI: longer than %d bytes", IRI_MAX);
	if (!str_split(text, ':', &scheme, &rest))
		return ctx_fail(ctx, RC_INVALID, "IRI: no scheme");
	out->plain = str_eq_nocase(scheme, STR("http"));
	if (out->plain ? (flags & IRI_HTTP) == 0 : !str_eq_nocase(scheme, STR("https")))
		return ctx_fail(ctx, RC_INVALID, "IRI: not https");
	if (!str_has_prefix(rest, STR("//")))
		return ctx_fail(ctx, RC_INVALID, "IRI: no authority");
	rest = str_skip(rest, 2);
	str_split(rest, '#', &rest, &out->fragment);
	str_split(rest, '?', &rest, &out->query);
	size_t slash = str_index(rest, '/');
	out->authority = str_take(rest, slash);
	out->path = str_skip(rest, slash);
	if (has_dot_segment(out->path))
		return ctx_fail(ctx, RC_INVALID, "IRI: dot segment in the path");
	/* the other components refuse their own bytes; UTF-8 is asked of the whole */
	return utf8_valid(text) ? RC_OK : ctx_fail(ctx, RC_INVALID, "IRI: not UTF-8");
}

/* Where the parts of the canonical text end. */
struct marks {
	size_t scheme, host, authority, target;
};

static enum rc write_iri(struct ctx *ctx, const struct pieces *in, unsigned flags, struct buf *out,
			 struct marks *marks)
{
	buf_add(out, in->plain ? STR("http") : STR("https"));
	marks->scheme = out->len;
	buf_add(out, STR("://"));
	enum rc rc = host_write(ctx, in->authority, in->plain ? 80 : 443, flags, out, &marks->host);
	if (rc != RC_OK)
		return rc;
	marks->authority = out->len;
	/* RFC 3986 section 6.2.3: an empty path is "/" */
	if (in->path.len == 0)
		buf_add_chr(out, '/');
	bool right = component_add(out, in->path, IN_PATH);
	if (in->query.ptr != NULL) {
		buf_add_chr(out, '?');
		right = right && component_add(out, in->query, IN_QUERY);
	}
	marks->target = out->len;
	if (in->fragment.ptr != NULL) {
		buf_add_chr(out, '#');
		right = right && component_add(out, in->fragment, IN_QUERY);
	}
	return right ? RC_OK : ctx_fail(ctx, RC_INVALID, "IRI: byte that RFC 3986 does not allow");
}

enum rc iri_parse(struct ctx *ctx, struct str text, unsigned flags, struct iri *out)
{
	CLEANUP(buf_free) struct buf canonical = BUF_INIT(IRI_MAX);
	struct pieces pieces;
	struct marks marks = { 0 };
	*out = (struct iri){ .text = STR_NONE };
	enum rc rc = split_iri(ctx, text, flags, &pieces);
	if (rc != RC_OK)
		return rc;
	buf_reserve(&canonical, text.len + 2 <= IRI_MAX ? text.len + 2 : IRI_MAX);
	rc = write_iri(ctx, &pieces, flags, &canonical, &marks);
	if (rc != RC_OK)
		return rc;
	if (canonical.failed)
		return ctx_fail(ctx, RC_INVALID, "IRI: longer than %d bytes", IRI_MAX);
	struct str whole = arena_take_buf(ctx->arena, &canonical);
	if (whole.ptr == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "IRI: no memory");
	size_t start = marks.scheme + strlen("://");
	out->text = whole;
	out->scheme = str_take(whole, marks.scheme);
	out->host = str_n(whole.ptr + start, marks.host - start);
	out->authority = str_n(whole.ptr + start, marks.authority - start);
	out->target = str_n(whole.ptr + marks.authority, marks.target - marks.authority);
	if (pieces.fragment.ptr != NULL)
		out->fragment = str_skip(whole, marks.target + 1);
	return RC_OK;
}

enum rc iri_authority(struct ctx *ctx, struct str text, unsigned flags, struct str *out)
{
	CLEANUP(buf_free) struct buf canonical = BUF_INIT(IRI_MAX);
	size_t host_end;
	*out = STR_NONE;
	if (text.len > IRI_MAX || !utf8_valid(text))
		return ctx_fail(ctx, RC_INVALID, "host: too long or not UTF-8");
	enum rc rc = host_write(ctx, text, 443, flags, &canonical, &host_end);
	if (rc != RC_OK)
		return rc;
	*out = arena_take_buf(ctx->arena, &canonical);
	return out->ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "host: no memory");
}

bool iri_same_origin(const struct iri *a, const struct iri *b)
{
	return str_eq(a->scheme, b->scheme) && str_eq(a->authority, b->authority);
}

struct str iri_document(const struct iri *iri)
{
	return iri->fragment.ptr != NULL
		       ? str_take(iri->text, iri->text.len - iri->fragment.len - 1)
		       : iri->text;
}
