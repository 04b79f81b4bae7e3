/* Passwords (scrypt, RFC 7914) and the sealing of secrets at rest (AES-256-GCM). */
#ifndef FF_CRYPT_SECRET_H
#define FF_CRYPT_SECRET_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/rc.h"
#include "core/str.h"

#define PASSWORD_MIN 8 /* bytes */
#define PASSWORD_MAX 256

/*
 * Is it among the first guesses? A common one, a few characters over and over, rows of the alphabet, of
 * digits or of keys, or one of own: what the service, the account and its address are called, with or
 * without digits and signs around. Letters of ASCII count the same, small or capital.
 */
bool password_is_weak(struct str password, const struct str *own, size_t count) NODISCARD;
/* Appends a self-describing hash: "$scrypt$ln=17,r=8,p=1$salt$hash". RC_INVALID outside 8 to 256
 * bytes. */
enum rc password_hash(struct str password, struct buf *out) NODISCARD;
/*
 * Takes the same time for a wrong password as for a right one. A malformed hash is a no that takes
 * as long as the hash of today's cost: pass STR_NONE for an account that does not exist (S-104).
 */
bool password_verify(struct str password, struct str hash) NODISCARD;
/* Was hash made with another cost than password_hash() uses now? Then make it anew at sign-in. */
bool password_is_outdated(struct str hash) NODISCARD;

#define SEAL_KEY_SIZE 32
#define SEAL_OVERHEAD 29

/* The node's sealing key, from a file that only its owner can read. */
struct seal_key {
	unsigned char bytes[SEAL_KEY_SIZE];
};

/*
 * Encrypts plain under key; context (for example "account-key:17") must be given again to open it.
 * Appends a version byte, nonce, ciphertext and tag to out: SEAL_OVERHEAD bytes more than plain.
 */
enum rc seal(const struct seal_key *key, struct str context, struct str plain,
	     struct buf *out) NODISCARD;
/* RC_CORRUPT when the key, the context or a byte is another one. */
enum rc unseal(const struct seal_key *key, struct str context, struct str sealed,
	       struct buf *out) NODISCARD;

#endif
