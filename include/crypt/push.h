/*
 * Web push, as pure functions: a message that only the browser or app can read (RFC 8291 and, for
 * subscriptions that have not learnt it, draft-ietf-webpush-encryption-04), and a token that tells
 * the push service who sends it (RFC 8292).
 */
#ifndef FF_CRYPT_PUSH_H
#define FF_CRYPT_PUSH_H

#include <stdint.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"
#include "crypt/p256.h"

enum push_encoding {
	PUSH_AES128GCM, /* RFC 8291: everything is in the body */
	PUSH_AESGCM,	/* the draft: salt and key are in headers of their own */
};

#define PUSH_SALT_SIZE 16
#define PUSH_AUTH_SIZE 16
/* RFC 8291 section 4: what every push service takes, less what the encoding adds. */
#define PUSH_PLAIN_MAX 3993

/* Whom it is for, as they said when they subscribed. */
struct push_recipient {
	struct str point; /* "p256dh", decoded: P256_POINT_SIZE bytes */
	struct str auth;  /* decoded: PUSH_AUTH_SIZE bytes */
};

/* Is it one that can be written to? */
bool push_recipient_valid(const struct push_recipient *to);

struct push_message {
	struct str body; /* in ctx's arena */
	/* PUSH_AESGCM: the values of Encryption, and of Crypto-Key without the sender's p256ecdsa */
	struct str encryption;
	struct str crypto_key;
};

/*
 * Encrypts plain with a key pair and a salt that are used for nothing else. RC_INVALID: the
 * recipient's point; RC_TOO_LARGE; RC_IO, RC_NO_MEMORY.
 */
enum rc push_encrypt(struct ctx *ctx, enum push_encoding encoding, const struct push_recipient *to,
		     const struct p256 *once, const unsigned char salt[PUSH_SALT_SIZE],
		     struct str plain, struct push_message *out) NODISCARD;

/*
 * The signed token of RFC 8292 section 2: audience is the push service's origin, subject how to
 * reach us (mailto: or https:), expires_s at most a day ahead. RC_INVALID when they have bytes that
 * JSON would escape.
 */
enum rc push_token(struct ctx *ctx, const struct p256 *key, struct str audience, struct str subject,
		   uint64_t expires_s, struct str *out) NODISCARD;

/* The headers that say who sends, in ctx's arena: Authorization, and for PUSH_AESGCM the whole
 * Crypto-Key (absent otherwise). */
struct push_sender {
	struct str authorization;
	struct str crypto_key;
};
enum rc push_sign(struct ctx *ctx, enum push_encoding encoding, const struct p256 *key,
		  struct str token, const struct push_message *message,
		  struct push_sender *out) NODISCARD;

#endif
