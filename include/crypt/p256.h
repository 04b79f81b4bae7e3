/*
 * Keys on the curve P-256 (FIPS 186-4 section D.1.2.3), which web push and passkeys are made of. A
 * struct p256 is a private key with its point; it is immutable, and any thread may use it.
 */
#ifndef FF_CRYPT_P256_H
#define FF_CRYPT_P256_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/rc.h"
#include "core/str.h"

#define P256_SCALAR_SIZE 32
#define P256_POINT_SIZE 65 /* uncompressed: 4, x, y (SEC 1 section 2.3.3) */
#define P256_SHARED_SIZE 32
#define P256_SIGNATURE_SIZE 64

struct p256;

/* RC_IO when OpenSSL fails, RC_NO_MEMORY. */
enum rc p256_generate(struct p256 **out) NODISCARD;
/* From what p256_private() gave. RC_CORRUPT when it is no key. */
enum rc p256_from_private(struct str scalar, struct p256 **out) NODISCARD;
void p256_free(struct p256 **key);

/* The scalar, big-endian, P256_SCALAR_SIZE bytes: to be sealed. Lives as long as the key. */
struct str p256_private(const struct p256 *key);
/* The point, P256_POINT_SIZE bytes. Lives as long as the key. */
struct str p256_public(const struct p256 *key);

/* Is it an uncompressed point of the curve? */
bool p256_point_valid(struct str point);

/* The x of what the key and somebody's point agree on (ECDH). RC_INVALID when it is no point. */
enum rc p256_agree(const struct p256 *key, struct str point,
		   unsigned char shared[P256_SHARED_SIZE]) NODISCARD;

/* ECDSA with SHA-256; the signature is r and s, P256_SIGNATURE_SIZE bytes (RFC 7518 section 3.4).
 * RC_IO, RC_NO_MEMORY. */
enum rc p256_sign(const struct p256 *key, struct str message, struct buf *signature) NODISCARD;
/* False for every signature that is not right. */
bool p256_verify(struct str point, struct str message, struct str signature);
/* The same for a signature in DER (RFC 3279 section 2.2.3). */
bool p256_verify_der(struct str point, struct str message, struct str signature);

#endif
