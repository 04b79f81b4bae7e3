/*
 * Links in HTML (S-082): the scheme is looked at after what browsers strip is stripped, a host must
 * be one, the rest is written in the bytes of RFC 3986. More lenient than iri_parse(), since people
 * link to anything. Stateless.
 */
#include "core/buf.h"
#include "host_int.h"
#include "html_int.h"
#include "text/iri.h"

struct scheme_row {
	struct str name;
	uint16_t port; /* 0: no "//host" behind it, as far as we know */
};

static const struct scheme_row schemes[] = {
	{ STR_INIT("https"), 443 }, { STR_INIT("http"), 80 },  { STR_INIT("dat"), 0 },
	{ STR_INIT("dweb"), 0 },    { STR_INIT("ipfs"), 0 },   { STR_INIT("ipns"), 0 },
	{ STR_INIT("ssb"), 0 },	    { STR_INIT("gopher"), 0 }, { STR_INIT("xmpp"), 0 },
	{ STR_INIT("magnet"), 0 },  { STR_INIT("gemini"), 0 },
};

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Reserved and unreserved characters of RFC 3986 section 2; the backslash is not among them. */
static bool is_url_byte(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return c != '\0' && strchr("-._~:/?#[]@!$&'()*+,;=", c) != NULL;
}

static void add_encoded(struct buf *out, struct str text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool escape = c == '%' && text.len - i > 2 && is_hex(text.ptr[i + 1]) &&
			      is_hex(text.ptr[i + 2]);
		if (escape || is_url_byte(c)) {
			buf_add_chr(out, c);
			continue;
		}
		unsigned char byte = (unsigned char)c;
		char encoded[3] = { '%', hex[byte >> 4], hex[byte & 15] };
		buf_add_bytes(out, encoded, sizeof(encoded));
	}
}

/* The URL Standard section 4.4: C0 controls and spaces at both ends, tabs and line ends anywhere.
 */
static struct str strip(struct str value, char *room)
{
	size_t len = 0;
	while (value.len != 0 && (unsigned char)value.ptr[0] <= ' ')
		value = str_skip(value, 1);
	while (value.len != 0 && (unsigned char)value.ptr[value.len - 1] <= ' ')
		value.len--;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (c != '\t' && c != '\n' && c != '\r')
			room[len++] = c;
	}
	return str_n(room, len);
}

static const struct scheme_row *find_scheme(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (str_eq_nocase(schemes[i].name, name))
			return &schemes[i];
	}
	return NULL;
}

/* "//host:port", and the rest as it is. */
static bool add_hierarchy(struct buf *out, struct str rest, uint16_t port, unsigned host_flags)
{
	struct ctx scratch = { .arena = NULL };
	size_t end = 0, host_end;
	if (!str_has_prefix(rest, STR("//")))
		return false;
	rest = str_skip(rest, 2);
	while (end < rest.len && strchr("/?#", rest.ptr[end]) == NULL)
		end++;
	buf_add(out, STR("//"));
	if (host_write(&scratch, str_take(rest, end), port, host_flags, out, &host_end) != RC_OK)
		return false;
	add_encoded(out, str_skip(rest, end));
	return true;
}

bool href_write(struct buf *out, struct str value, unsigned host_flags)
{
	char room[IRI_MAX];
	size_t start = out->len;
	struct str scheme, rest;
	if (value.len > sizeof(room) || !str_split(strip(value, room), ':', &scheme, &rest))
		return false;
	const struct scheme_row *row = find_scheme(scheme);
	if (row == NULL || rest.len == 0)
		return false;
	buf_add(out, row->name);
	buf_add_chr(out, ':');
	bool right = true;
	if (row->port != 0)
		right = add_hierarchy(out, rest, row->port, host_flags);
	else
		add_encoded(out, rest);
	if (right && !out->failed && out->len - start <= IRI_MAX)
		return true;
	buf_cut(out, start);
	return false;
}
