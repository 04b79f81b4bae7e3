/*
 * Keys of actors: RSA and Ed25519, private or public. A struct key is immutable after it was made
 * and may be used by several threads at once; it is reference counted.
 */
#ifndef FF_CRYPT_KEY_H
#define FF_CRYPT_KEY_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"

struct key;

enum key_kind {
	KEY_RSA,
	KEY_ED25519,
};

/* A new private key (RSA: 2048 bits, e = 65537). RC_IO when OpenSSL fails. */
enum rc key_generate(enum key_kind kind, struct key **out) NODISCARD;

/*
 * A public key from a peer: one SubjectPublicKeyInfo PEM of at most 8 KiB (RFC 7468 section 13;
 * "BEGIN RSA PUBLIC KEY" too), RSA 2048 to 8192 bits with odd 3 <= e < 2^32, or Ed25519. RC_INVALID
 * or RC_UNSUPPORTED with the reason in ctx.
 */
enum rc key_from_public_pem(struct ctx *ctx, struct str pem, struct key **out) NODISCARD;
/* A Multikey's publicKeyMultibase (FEP-521a): Ed25519 or RSA, with the same limits. */
enum rc key_from_multibase(struct ctx *ctx, struct str multibase, struct key **out) NODISCARD;
/* Our own stored form: the bytes that key_add_private() wrote. */
enum rc key_from_private(struct str bytes, struct key **out) NODISCARD;
/* The compact public form that key_add_public() wrote. */
enum rc key_from_public(struct str bytes, struct key **out) NODISCARD;

struct key *key_ref(struct key *key);
void key_unref(struct key **key);

enum key_kind key_kind(const struct key *key);
bool key_is_private(const struct key *key);
unsigned key_bits(const struct key *key);

/* PKCS#8 DER of a private key. */
void key_add_private(struct buf *out, const struct key *key);
/* SubjectPublicKeyInfo DER. */
void key_add_public(struct buf *out, const struct key *key);
/* SubjectPublicKeyInfo PEM. */
void key_add_public_pem(struct buf *out, const struct key *key);
/* FEP-521a. */
void key_add_multibase(struct buf *out, const struct key *key);
/*
 * The same texts from the bytes that key_add_public() wrote, without making a key of them: many
 * times cheaper. RC_CORRUPT when they are no such key.
 */
enum rc key_pem_of_public(struct str bytes, struct buf *out) NODISCARD;
enum rc key_multibase_of_public(struct str bytes, struct buf *out) NODISCARD;
bool key_same_public(const struct key *a, const struct key *b);

/* RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), or Ed25519 (RFC 8032), over message. */
enum rc key_sign(const struct key *key, struct str message, struct buf *signature) NODISCARD;
/* False for every signature that is not right. */
bool key_verify(const struct key *key, struct str message, struct str signature) NODISCARD;
/* RSASSA-PSS with SHA-512 (RFC 9421 section 3.3.1), verification only; RSA keys. */
bool key_verify_pss_sha512(const struct key *key, struct str message,
			   struct str signature) NODISCARD;

/* The version of OpenSSL that runs, which may be newer than the one it was built with. */
const char *crypt_library_version(void);

#endif
