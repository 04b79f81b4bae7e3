/* Digests, and the two header fields that carry a body's digest. */
#ifndef FF_CRYPT_DIGEST_H
#define FF_CRYPT_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"

#define DIGEST_SIZE 32

struct digest {
	unsigned char bytes[DIGEST_SIZE];
};

/* SHA-256 of s. */
struct digest digest_sha256(struct str s);
/* The same of what comes in parts. Freed by its end, or by digest_run_free(). */
struct digest_run;
struct digest_run *digest_run_new(void);
void digest_run_add(struct digest_run *run, struct str part);
struct digest digest_run_end(struct digest_run **run);
void digest_run_free(struct digest_run **run);
/* SHA-1, which proves nothing any more: for the handshake of WebSockets, which only asks whether the
 * other side speaks them (RFC 6455 section 10.8). */
#define DIGEST_SHA1_SIZE 20
void digest_sha1(struct str s, unsigned char out[DIGEST_SHA1_SIZE]);
/* HMAC-SHA-256. */
struct digest digest_hmac(struct str key, struct str s);

/* The value of a Digest header, "SHA-256=..." (RFC 3230), and of Content-Digest, "sha-256=:...:"
 * (RFC 9530). */
struct str digest_header(struct arena *arena, const struct digest *d);
struct str digest_content_header(struct arena *arena, const struct digest *d);

/*
 * Does the header value state d? Every SHA-256 entry must agree; unknown algorithms are passed
 * over; a value without any SHA-256 entry, or malformed, is a no. Compared in constant time.
 */
bool digest_header_matches(struct str value, const struct digest *d);
bool digest_content_header_matches(struct str value, const struct digest *d);

#endif
