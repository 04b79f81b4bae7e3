/* Who is asking: addresses, prefixes, and the client behind trusted proxies (SECURITY S-105). */
#ifndef FF_HTTPD_CLIENT_INT_H
#define FF_HTTPD_CLIENT_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/rc.h"
#include "core/str.h"
#include "httpd/httpd.h"

/* An IPv6 address; IPv4 as ::ffff:a.b.c.d. */
struct address {
	uint8_t bytes[16];
};

struct prefix {
	struct address address;
	unsigned bits;
};

#define PREFIXES_MAX 64

struct prefixes {
	struct prefix list[PREFIXES_MAX];
	size_t count;
};

#define ADDRESS_TEXT_MAX 46

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]:443", "192.0.2.1:443"; no names, no zones. */
bool address_parse(struct str text, struct address *out) NODISCARD;
struct address address_of_socket(const struct sockaddr *sa);
/* Writes the canonical text, IPv4 with dots, and returns its length. */
size_t address_text(const struct address *address, char out[ADDRESS_TEXT_MAX]);
bool address_is_v4(const struct address *address);

/* Addresses and prefixes, separated by spaces. RC_INVALID with the culprit in err. */
enum rc prefixes_parse(struct err *err, struct str text, struct prefixes *out) NODISCARD;
bool prefixes_cover(const struct prefixes *prefixes, const struct address *address);

/*
 * The client's address: peer itself, or when peer is trusted the rightmost hop in X-Forwarded-For
 * that is not. A hop that cannot be read ends the search at the one to its right.
 */
struct address client_address(const struct prefixes *trusted, const struct address *peer,
			      const struct httpd_header *headers, size_t header_count);

#endif
