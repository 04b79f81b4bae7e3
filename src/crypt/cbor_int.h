/*
 * As much of CBOR (RFC 8949) as authenticators speak, in the canonical form that they must use
 * (CTAP 2.1 section 8): definite lengths, integers in their shortest form, no tags, no floats.
 * Reading is sticky: after the first byte that does not fit, everything is zero, and cbor_ok() says
 * so at the end.
 */
#ifndef FF_CRYPT_CBOR_INT_H
#define FF_CRYPT_CBOR_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

struct cbor {
	struct str rest;
	bool bad;
};

struct cbor cbor_open(struct str bytes);
/* Nothing was malformed so far, and nothing is left. */
bool cbor_ok(const struct cbor *c);

/* An integer of either sign. */
int64_t cbor_int(struct cbor *c);
struct str cbor_bytes(struct cbor *c);
struct str cbor_text(struct cbor *c);
/* How many pairs follow. */
size_t cbor_map(struct cbor *c);
/* Any one item, with all that is in it. */
void cbor_skip(struct cbor *c);

#endif
