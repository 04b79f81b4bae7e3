/*
 * Host and port (S-034, S-036): lower case, A-labels, no trailing dot, no port that the scheme has
 * anyway. Pure ASCII names, nearly all, never reach libidn2. Stateless, any thread.
 */
#include "host_int.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <unicase.h>

#include "core/utf8.h"
#include "text/iri.h"

/* RFC 1035 section 2.3.4 */
#define LABEL_MAX 63
#define NAME_MAX_BYTES 253
/* As U-labels: no code point takes more than four bytes. */
#define UNICODE_NAME_MAX (4 * NAME_MAX_BYTES)
#define IDNA_FLAGS (IDN2_NO_TR46 | IDN2_NFC_INPUT | IDN2_USE_STD3_ASCII_RULES)

static enum rc refuse(struct ctx *ctx, const char *why)
{
	return ctx_fail(ctx, RC_INVALID, "host: %s", why);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* In lower case; whether another character may stand in a name is for libidn2 to say. */
static bool is_name_byte(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
	       (unsigned char)c >= 0x80;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

/* STD3 (RFC 1123 section 2.1): letters, digits and inner hyphens. */
static bool label_right(struct str label, unsigned flags)
{
	if (label.len == 0 || label.len > LABEL_MAX)
		return false;
	if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		/* a dot ends a label, and libidn2 has left nothing but ASCII */
		char c = label.ptr[i];
		if (c == '_' && (flags & HOST_UNDERSCORE) != 0)
			continue;
		if (!is_name_byte(c) || (unsigned char)c >= 0x80)
			return false;
	}
	return true;
}

/*
 * Would something take the name for a number? The URL Standard's "ends in a number": 127.1, 0x7f.1
 * and 2130706433 are addresses to inet_aton() and browsers.
 */
static bool ends_in_number(struct str name)
{
	size_t dot = str_rindex(name, '.');
	struct str last = dot < name.len ? str_skip(name, dot + 1) : name;
	if (str_has_prefix(last, STR("0x")))
		return true;
	for (size_t i = 0; i < last.len; i++) {
		if (!is_digit(last.ptr[i]))
			return false;
	}
	return true;
}

/* A-labels must be what their U-labels become, and those what IDNA2008 allows (RFC 5891
 * section 5.4). */
static bool a_labels_right(const char *name)
{
	char *unicode = NULL;
	char *again = NULL;
	bool right = idn2_to_unicode_8z8z(name, &unicode, 0) == IDN2_OK &&
		     idn2_lookup_u8((const uint8_t *)unicode, (uint8_t **)&again, IDNA_FLAGS) ==
			     IDN2_OK &&
		     strcmp(name, again) == 0;
	idn2_free(unicode);
	idn2_free(again);
	return right;
}

/* Takes a name in lower-case ASCII that ends in NUL. */
static enum rc check_name(struct ctx *ctx, struct str name, unsigned flags)
{
	struct str rest = name, label;
	size_t labels = 0;
	bool encoded = false;
	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return refuse(ctx, "empty or longer than 253 bytes");
	while (str_next(&rest, '.', &label)) {
		if (!label_right(label, flags))
			return refuse(ctx, "not a host name");
		encoded = encoded || str_has_prefix(label, STR("xn--"));
		labels++;
	}
	if (ends_in_number(name)) {
		struct in_addr address;
		if ((flags & IRI_LITERAL) == 0 || inet_pton(AF_INET, name.ptr, &address) != 1)
			return refuse(ctx, "an address, not a name");
	} else if (labels < 2 && (flags & IRI_LITERAL) == 0) {
		return refuse(ctx, "a name without a dot");
	}
	if (encoded && !a_labels_right(name.ptr))
		return refuse(ctx, "an A-label that IDNA2008 refuses");
	return RC_OK;
}

/*
 * Lower case as people write it. Nothing beyond (UTS 46 would map width, ligatures and "a/c" too,
 * and libidn2 drops what STD3 forbids from its result), and no character becomes an ASCII one:
 * U+212A is not "k".
 */
static bool name_lower(struct str name, struct buf *out)
{
	uint32_t code;
	while (utf8_next(&name, &code)) {
		uint32_t small = uc_tolower(code);
		if (code >= 0x80 ? small < 0x80 : !is_name_byte((char)small))
			return false;
		utf8_add(out, small);
	}
	return name.len == 0 && !out->failed;
}

/* The name in lower-case ASCII, perhaps with a trailing dot. */
static enum rc name_to_ascii(struct ctx *ctx, struct str name, struct buf *out)
{
	char *ascii = NULL;
	if (!name_lower(name, out))
		return refuse(ctx, "not a host name");
	if (is_ascii(buf_str(out)))
		return RC_OK;
	if (idn2_lookup_u8((const uint8_t *)out->ptr, (uint8_t **)&ascii, IDNA_FLAGS) != IDN2_OK)
		return refuse(ctx, "a name that IDNA2008 refuses");
	buf_reset(out);
	buf_add(out, str_of(ascii));
	idn2_free(ascii);
	return RC_OK;
}

/* Nearly every name: ASCII, copied in lower case without a look at Unicode. False when it is not.
 */
static bool name_lower_ascii(struct str name, struct buf *out)
{
	char room[NAME_MAX_BYTES + 1];
	if (name.len > sizeof(room) || !is_ascii(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		room[i] = lower(name.ptr[i]);
	buf_add_bytes(out, room, name.len);
	return true;
}

static enum rc write_name(struct ctx *ctx, struct str name, unsigned flags, struct buf *out)
{
	CLEANUP(buf_free) struct buf lowered = BUF_INIT(UNICODE_NAME_MAX);
	size_t start = out->len;
	if (!name_lower_ascii(name, out)) {
		enum rc rc = name_to_ascii(ctx, name, &lowered);
		if (rc != RC_OK)
			return rc;
		buf_add(out, buf_str(&lowered));
	}
	if (out->len > start && !out->failed && out->ptr[out->len - 1] == '.')
		buf_cut(out, out->len - 1);
	return out->failed ? RC_OK : check_name(ctx, str_skip(buf_str(out), start), flags);
}

/* RFC 3986 section 3.2.2: "[" IPv6address "]"; no zone, no IPvFuture. */
static enum rc write_literal(struct ctx *ctx, struct str inner, unsigned flags, struct buf *out)
{
	char room[INET6_ADDRSTRLEN];
	struct in6_addr address;
	if ((flags & IRI_LITERAL) == 0)
		return refuse(ctx, "an address, not a name");
	if (inner.len >= sizeof(room) || str_index(inner, '\0') != inner.len)
		return refuse(ctx, "not an IPv6 address");
	memcpy(room, inner.ptr, inner.len);
	room[inner.len] = '\0';
	if (inet_pton(AF_INET6, room, &address) != 1)
		return refuse(ctx, "not an IPv6 address");
	buf_addf(out, "[%s]", inet_ntop(AF_INET6, &address, room, sizeof(room)));
	return RC_OK;
}

static bool port_read(struct str text, uint64_t *port)
{
	return text.len >= 1 && text.len <= 5 && text.ptr[0] != '0' && str_to_u64(text, port) &&
	       *port <= UINT16_MAX;
}

/* Takes the host off; *port is what stands behind its ":", absent without one. */
static bool split_authority(struct str authority, struct str *host, struct str *port)
{
	size_t end = authority.len != 0 && authority.ptr[0] == '[' ? str_index(authority, ']') : 0;
	if (end == 0) {
		str_split(authority, ':', host, port);
		return true;
	}
	struct str rest = str_skip(authority, end + 1);
	*host = str_take(authority, end + 1);
	*port = rest.len != 0 ? str_skip(rest, 1) : STR_NONE;
	return end < authority.len && (rest.len == 0 || rest.ptr[0] == ':');
}

enum rc host_write(struct ctx *ctx, struct str authority, uint16_t default_port, unsigned flags,
		   struct buf *out, size_t *host_end)
{
	struct str host, port_text;
	uint64_t port = default_port;
	*host_end = 0;
	if (str_index(authority, '@') != authority.len)
		return refuse(ctx, "userinfo is not allowed");
	if (str_index(authority, '%') != authority.len)
		return refuse(ctx, "percent sign");
	if (!split_authority(authority, &host, &port_text))
		return refuse(ctx, "not an IPv6 address");
	if (port_text.ptr != NULL && !port_read(port_text, &port))
		return refuse(ctx, "port is not within 1 and 65535");
	enum rc rc = host.len >= 2 && host.ptr[0] == '['
			     ? write_literal(ctx, str_n(host.ptr + 1, host.len - 2), flags, out)
			     : write_name(ctx, host, flags, out);
	*host_end = out->len;
	if (rc == RC_OK && port != default_port)
		buf_addf(out, ":%u", (unsigned)port);
	return rc;
}
