/*
 * Which addresses may be connected to (S-031). A pure decision on the numeric address, taken when
 * the socket is made, so that neither names nor redirects nor a resolver that changes its mind get
 * past it. Any thread.
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "fetch/fetch.h"

struct prefix {
	unsigned char bytes[16];
	unsigned bits;
};

/* The IANA IPv4 special-purpose registry (RFC 6890 and successors), multicast and the reserved
 * rest. */
static const struct prefix v4_denied[] = {
	{ { 0 }, 8 },		  /* this network, RFC 791 */
	{ { 10 }, 8 },		  /* private, RFC 1918 */
	{ { 100, 64 }, 10 },	  /* carrier-grade NAT, RFC 6598 */
	{ { 127 }, 8 },		  /* loopback, RFC 1122 */
	{ { 169, 254 }, 16 },	  /* link local and cloud metadata, RFC 3927 */
	{ { 172, 16 }, 12 },	  /* private, RFC 1918 */
	{ { 192, 0, 0 }, 24 },	  /* protocol assignments, RFC 6890 */
	{ { 192, 0, 2 }, 24 },	  /* TEST-NET-1, RFC 5737 */
	{ { 192, 31, 196 }, 24 }, /* AS112, RFC 7535 */
	{ { 192, 52, 193 }, 24 }, /* AMT, RFC 7450 */
	{ { 192, 88, 99 }, 24 },  /* 6to4 relays, RFC 7526 */
	{ { 192, 168 }, 16 },	  /* private, RFC 1918 */
	{ { 192, 175, 48 }, 24 }, /* AS112, RFC 7534 */
	{ { 198, 18 }, 15 },	  /* benchmarks, RFC 2544 */
	{ { 198, 51, 100 }, 24 }, /* TEST-NET-2, RFC 5737 */
	{ { 203, 0, 113 }, 24 },  /* TEST-NET-3, RFC 5737 */
	{ { 224 }, 4 },		  /* multicast, RFC 5771 */
	{ { 240 }, 4 },		  /* reserved and broadcast, RFC 1112 */
};

/*
 * IPv6 is refused unless it is global unicast (RFC 4291 section 2.4). So everything that embeds an
 * IPv4 address below ::/96, ::ffff:0:0/96 or 64:ff9b::/96 (RFC 6052) falls out, as do fc00::/7,
 * fe80::/10 and ff00::/8.
 */
static const struct prefix v6_global = { { 0x20 }, 3 };

static const struct prefix v6_denied[] = {
	{ { 0x20, 0x01 }, 23 },		    /* protocol assignments, Teredo, ORCHID, RFC 2928 */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation, RFC 3849 */
	{ { 0x20, 0x02 }, 16 },		    /* 6to4, embeds IPv4, RFC 3056 */
	{ { 0x26, 0x20, 0, 0x4f, 0x80, 0 }, 48 }, /* AS112, RFC 7534 */
	{ { 0x3f, 0xff }, 20 },			  /* documentation, RFC 9637 */
};

static bool prefix_has(const struct prefix *prefix, const unsigned char *bytes)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;
	if (memcmp(prefix->bytes, bytes, whole) != 0)
		return false;
	return rest == 0 || (prefix->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

static bool any_has(const struct prefix *prefixes, size_t count, const unsigned char *bytes)
{
	for (size_t i = 0; i < count; i++) {
		if (prefix_has(&prefixes[i], bytes))
			return true;
	}
	return false;
}

/* "10.1.0.0/16"; without bits it is one address. */
static bool prefix_parse(struct str text, int *family, struct prefix *out)
{
	char name[INET6_ADDRSTRLEN];
	struct str address, bits;
	bool has_bits = str_split(text, '/', &address, &bits);
	if (address.len >= sizeof(name) || str_index(address, '\0') != address.len)
		return false;
	memcpy(name, address.ptr, address.len);
	name[address.len] = '\0';
	*family = str_index(address, ':') != address.len ? AF_INET6 : AF_INET;
	*out = (struct prefix){ .bits = *family == AF_INET6 ? 128 : 32 };
	if (inet_pton(*family, name, out->bytes) != 1)
		return false;
	uint64_t n = out->bits;
	if (has_bits && (!str_to_u64(bits, &n) || n > out->bits))
		return false;
	out->bits = (unsigned)n;
	return true;
}

/* Takes the next entry off; false at the end. */
static bool list_next(struct str *list, struct str *entry)
{
	while (list->len != 0) {
		size_t end = 0;
		while (end < list->len && list->ptr[end] != ',' && list->ptr[end] != ' ')
			end++;
		*entry = str_take(*list, end);
		*list = str_skip(*list, end + 1);
		if (entry->len != 0)
			return true;
	}
	return false;
}

bool address_list_valid(struct str list)
{
	for (struct str entry; list_next(&list, &entry);) {
		struct prefix prefix;
		int family;
		if (!prefix_parse(entry, &family, &prefix))
			return false;
	}
	return true;
}

static bool list_has(struct str list, int family, const unsigned char *bytes)
{
	for (struct str entry; list_next(&list, &entry);) {
		struct prefix prefix;
		int entry_family;
		if (prefix_parse(entry, &entry_family, &prefix) && entry_family == family &&
		    prefix_has(&prefix, bytes))
			return true;
	}
	return false;
}

bool fetch_address_allowed(const struct sockaddr *addr, struct str allow)
{
	unsigned char bytes[16];
	if (addr->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, addr, sizeof(in));
		memcpy(bytes, &in.sin_addr, 4);
		return !any_has(v4_denied, ARRAY_LEN(v4_denied), bytes) ||
		       list_has(allow, AF_INET, bytes);
	}
	if (addr->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, addr, sizeof(in6));
		memcpy(bytes, &in6.sin6_addr, 16);
		return (prefix_has(&v6_global, bytes) &&
			!any_has(v6_denied, ARRAY_LEN(v6_denied), bytes)) ||
		       list_has(allow, AF_INET6, bytes);
	}
	return false;
}
