/* The inside of struct key, shared by the key_*.c files. */
#ifndef FF_CRYPT_KEY_INT_H
#define FF_CRYPT_KEY_INT_H

#include <openssl/evp.h>
#include <stdatomic.h>

#include "crypt/key.h"

#define ED25519_SIZE 32
#define RSA_MIN_BITS 2048 /* S-014 */
#define RSA_MAX_BITS 8192
#define KEY_MAX_DER 8192

enum key_op {
	KEY_OP_SIGN,
	KEY_OP_VERIFY,
};

#define KEY_OPS 2

/*
 * One context per operation that is ready for use, or NULL while somebody uses it. Making one costs
 * as much as half an RSA verification, so that a key which is used again and again keeps its own; it
 * is as large as the key, so that of thousands that are used once none does.
 */
struct key_idle {
	_Atomic(EVP_MD_CTX *) md[KEY_OPS];
	atomic_bool used[KEY_OPS];
};

struct key {
	atomic_uint refs;
	enum key_kind kind;
	bool is_private;
	unsigned bits;
	EVP_PKEY *pkey;
	struct str spki; /* SubjectPublicKeyInfo, in bytes */
	struct key_idle *idle;
	char bytes[];
};

/* The numbers of an RSAPrivateKey in their order (RFC 8017 section A.1.2). */
enum rsa_number { RSA_N, RSA_E, RSA_D, RSA_P, RSA_Q, RSA_DP, RSA_DQ, RSA_QI, RSA_NUMBERS };

/* What a SubjectPublicKeyInfo or an RSAPublicKey says, before OpenSSL sees any of it. */
struct spki {
	enum key_kind kind;
	struct str n, e;  /* RSA */
	struct str point; /* Ed25519 */
};

/* From all numbers a private key. NULL when OpenSSL refuses. */
EVP_PKEY *key_build_rsa(const struct str numbers[RSA_NUMBERS]);
/* From a modulus and an exponent (big-endian, of RSA_MAX_BITS at most) a public one. */
EVP_PKEY *key_build_rsa_public(struct str n, struct str e);
/*
 * A key around pkey, which is taken over also when that fails. RC_IO when pkey is NULL,
 * RC_NO_MEMORY.
 */
enum rc key_wrap(EVP_PKEY *pkey, enum key_kind kind, bool is_private, struct key **out) NODISCARD;
/* The same of what was made from spki: OpenSSL need not be asked what it was told. */
enum rc key_wrap_public(EVP_PKEY *pkey, const struct spki *spki, struct key **out) NODISCARD;

/* Frees the contexts and their place. */
void key_idle_free(struct key *key);

/* The content of the algorithms' OBJECT IDENTIFIER: rsaEncryption, id-Ed25519. */
extern const struct str spki_oid_rsa, spki_oid_ed25519;

/* SubjectPublicKeyInfo from a modulus and an exponent (big-endian, no leading zeros). */
void spki_add_rsa(struct buf *out, struct str n, struct str e);
/* The same as an RSAPublicKey alone (RFC 8017 section A.1.1). */
void spki_add_rsa_numbers(struct buf *out, struct str n, struct str e);
void spki_add_ed25519(struct buf *out, struct str point);

enum rc spki_parse(struct err *err, struct str der, struct spki *out) NODISCARD;
/* RFC 8017 section A.1.1. */
enum rc spki_parse_rsa(struct err *err, struct str der, struct spki *out) NODISCARD;
/* Of a modulus within the limits of S-014. */
unsigned spki_rsa_bits(const struct spki *spki);

/* The DER in a PEM block, with what it is. One block and nothing else. */
enum rc pem_read(struct err *err, struct str pem, struct str *label, struct buf *der) NODISCARD;
void pem_add(struct buf *out, struct str label, struct str der);

#endif
