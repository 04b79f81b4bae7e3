/*
 * IRIs of the fediverse: strict on the way in, canonical inside. The canonical string is the only
 * one that is compared, stored, signed and fetched (S-034, S-036).
 */
#ifndef FF_TEXT_IRI_H
#define FF_TEXT_IRI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"

#define IRI_MAX 2048

/* A canonical IRI. Only iri_parse() makes one; all parts are views into text. */
struct iri {
	struct str text;   /* "https://example.org/users/a?x#main-key" */
	struct str scheme; /* "https" or "http" */
	struct str
		host; /* A-labels, lower case, no trailing dot; an IPv6 address in its brackets */
	struct str authority; /* host, and ":port" when it is not the scheme's own */
	struct str target;    /* path and query, at least "/" */
	struct str fragment;  /* absent when there is none */
};

/* What is taken beyond https with a dotted host name. */
enum iri_flags {
	IRI_STRICT = 0,
	IRI_HTTP = 1,	 /* plain http, for tests */
	IRI_LITERAL = 2, /* addresses and hosts without a dot, for tests */
};

/*
 * RC_INVALID with the reason in ctx: another scheme, userinfo, backslash, control bytes or spaces,
 * percent in the host, a host that IDNA2008 refuses, port 0, over 2048 bytes, an address where a
 * name must stand, "." or ".." as a segment of the path, a byte that RFC 3986 does not allow,
 * "%00". Path, query and fragment are kept byte for byte, with what is not ASCII percent-encoded.
 * The result is in the arena.
 */
enum rc iri_parse(struct ctx *ctx, struct str text, unsigned flags, struct iri *out) NODISCARD;

/* The canonical form of "host" or "host:port" as people and peers write it: lower case, A-labels,
 * no trailing dot, no :443. */
enum rc iri_authority(struct ctx *ctx, struct str text, unsigned flags, struct str *out) NODISCARD;

/* Same scheme, host and port (RFC 6454 section 5). */
bool iri_same_origin(const struct iri *a, const struct iri *b);
/* text without its fragment. */
struct str iri_document(const struct iri *iri);

#endif
