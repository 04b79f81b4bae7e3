/* Pure but for inet_pton and inet_ntop. Any thread. */
#include "client_int.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool address_is_v4(const struct address *address)
{
	return memcmp(address->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

static bool parse_plain(struct str text, struct address *out)
{
	char cstr[ADDRESS_TEXT_MAX];
	struct address address;
	if (text.len == 0 || text.len >= sizeof(cstr) || memchr(text.ptr, '\0', text.len) != NULL)
		return false;
	memcpy(cstr, text.ptr, text.len);
	cstr[text.len] = '\0';
	memcpy(address.bytes, v4_prefix, sizeof(v4_prefix));
	if (inet_pton(AF_INET, cstr, address.bytes + 12) != 1 &&
	    inet_pton(AF_INET6, cstr, address.bytes) != 1)
		return false;
	*out = address;
	return true;
}

bool address_parse(struct str text, struct address *out)
{
	struct str host, port;
	if (str_has_prefix(text, STR("["))) {
		str_split(str_skip(text, 1), ']', &host, &port);
		return port.ptr != NULL && (port.len == 0 || port.ptr[0] == ':') &&
		       parse_plain(host, out);
	}
	/* one colon: a port behind an IPv4 address; more: IPv6 */
	if (str_split(text, ':', &host, &port) && str_index(port, ':') == port.len)
		return parse_plain(host, out);
	return parse_plain(text, out);
}

struct address address_of_socket(const struct sockaddr *sa)
{
	struct address address = { { 0 } };
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;
		memcpy(address.bytes, v4_prefix, sizeof(v4_prefix));
		memcpy(address.bytes + 12, &in->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)sa;
		memcpy(address.bytes, &in6->sin6_addr, 16);
	}
	return address;
}

size_t address_text(const struct address *address, char out[ADDRESS_TEXT_MAX])
{
	if (address_is_v4(address))
		inet_ntop(AF_INET, address->bytes + 12, out, ADDRESS_TEXT_MAX);
	else
		inet_ntop(AF_INET6, address->bytes, out, ADDRESS_TEXT_MAX);
	return strlen(out);
}

static bool parse_prefix(struct str text, struct prefix *out)
{
	struct str host, bits_text;
	uint64_t bits = 128;
	bool has_bits = str_split(text, '/', &host, &bits_text);
	if (!parse_plain(host, &out->address))
		return false;
	if (has_bits) {
		if (!str_to_u64(bits_text, &bits) || bits > 128)
			return false;
		if (address_is_v4(&out->address) && str_index(host, ':') == host.len) {
			if (bits > 32)
				return false;
			bits += 96;
		}
	}
	out->bits = (unsigned)bits;
	return true;
}

enum rc prefixes_parse(struct err *err, struct str text, struct prefixes *out)
{
	struct str word;
	out->count = 0;
	while (str_next(&text, ' ', &word)) {
		if (word.len == 0)
			continue;
		if (out->count == PREFIXES_MAX)
			return err_set(err, RC_INVALID, "more than %d trusted proxies",
				       PREFIXES_MAX);
		if (!parse_prefix(word, &out->list[out->count]))
			return err_set(err, RC_INVALID, "\"%.*s\" is not an address or prefix",
				       STR_ARG(word));
		out->count++;
	}
	return RC_OK;
}

static bool prefix_covers(const struct prefix *prefix, const struct address *address)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;
	if (memcmp(prefix->address.bytes, address->bytes, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	unsigned differing = (unsigned)(prefix->address.bytes[whole] ^ address->bytes[whole]);
	return differing >> (8 - rest) == 0;
}

bool prefixes_cover(const struct prefixes *prefixes, const struct address *address)
{
	for (size_t i = 0; i < prefixes->count; i++) {
		if (prefix_covers(&prefixes->list[i], address))
			return true;
	}
	return false;
}

/* Walks one header's hops from the right. True when the search has ended. */
static bool walk_hops(const struct prefixes *trusted, struct str hops, struct address *client)
{
	for (;;) {
		size_t comma = str_rindex(hops, ',');
		bool last = comma == hops.len;
		struct str hop = str_trim(last ? hops : str_skip(hops, comma + 1));
		if (!address_parse(hop, client) || !prefixes_cover(trusted, client))
			return true;
		if (last)
			return false;
		hops = str_take(hops, comma);
	}
}

struct address client_address(const struct prefixes *trusted, const struct address *peer,
			      const struct httpd_header *headers, size_t header_count)
{
	struct address client = *peer;
	if (!prefixes_cover(trusted, peer))
		return client;
	/* several headers are one list, RFC 9110 section 5.3; the last is the nearest hop's */
	for (size_t i = header_count; i-- > 0;) {
		if (str_eq_nocase(headers[i].name, STR("x-forwarded-for")) &&
		    walk_hops(trusted, headers[i].value, &client))
			break;
	}
	return client;
}
