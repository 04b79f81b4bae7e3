/*
 * Signing and verifying. OpenSSL's contexts are expensive to make and cheap to use again, so every
 * key keeps one idle context per operation from its second use on; a thread that finds it taken makes
 * its own. Any thread.
 */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "core/must.h"
#include "digest_int.h"
#include "key_int.h"

#define MAX_SIGNATURE 1024

static bool init(EVP_MD_CTX *md, enum key_op op, const EVP_MD *digest, EVP_PKEY *pkey)
{
	if (op == KEY_OP_SIGN)
		return EVP_DigestSignInit(md, NULL, digest, NULL, pkey) == 1;
	return EVP_DigestVerifyInit(md, NULL, digest, NULL, pkey) == 1;
}

/* RSA: PKCS#1 v1.5, OpenSSL's default, with SHA-256. Ed25519 hashes by itself. */
static EVP_MD_CTX *make(const struct key *key, enum key_op op)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	if (md == NULL)
		return NULL;
	if (!init(md, op, key->kind == KEY_RSA ? digest_md() : NULL, key->pkey)) {
		EVP_MD_CTX_free(md);
		return NULL;
	}
	/* a context that is not kept after its final step need not be copied for it */
	EVP_MD_CTX_set_flags(md, EVP_MD_CTX_FLAG_FINALISE);
	return md;
}

static EVP_MD_CTX *take(const struct key *key, enum key_op op)
{
	EVP_MD_CTX *md = atomic_exchange(&key->idle->md[op], NULL);
	if (md == NULL)
		return make(key, op);
	/* without digest and key: start again with those it has */
	if (init(md, op, NULL, NULL))
		return md;
	EVP_MD_CTX_free(md);
	return make(key, op);
}

static void give(const struct key *key, enum key_op op, EVP_MD_CTX *md)
{
	bool again = atomic_exchange_explicit(&key->idle->used[op], true, memory_order_relaxed);
	EVP_MD_CTX_free(again ? atomic_exchange(&key->idle->md[op], md) : md);
}

void key_idle_free(struct key *key)
{
	for (size_t op = 0; op < KEY_OPS; op++)
		EVP_MD_CTX_free(atomic_load(&key->idle->md[op]));
	free(key->idle);
}

enum rc key_sign(const struct key *key, struct str message, struct buf *signature)
{
	unsigned char bytes[MAX_SIGNATURE];
	size_t size = sizeof(bytes);
	must(key->is_private);
	EVP_MD_CTX *md = take(key, KEY_OP_SIGN);
	if (md == NULL)
		return RC_IO;
	bool ok = EVP_DigestSign(md, bytes, &size, (const unsigned char *)message.ptr,
				 message.len) == 1;
	give(key, KEY_OP_SIGN, md);
	if (!ok)
		return RC_IO;
	buf_add_bytes(signature, bytes, size);
	return signature->failed ? RC_NO_MEMORY : RC_OK;
}

bool key_verify(const struct key *key, struct str message, struct str signature)
{
	EVP_MD_CTX *md = take(key, KEY_OP_VERIFY);
	if (md == NULL)
		return false;
	bool ok = EVP_DigestVerify(md, (const unsigned char *)signature.ptr, signature.len,
				   (const unsigned char *)message.ptr, message.len) == 1;
	give(key, KEY_OP_VERIFY, md);
	if (!ok)
		ERR_clear_error();
	return ok;
}

/* RFC 9421 section 3.3.1: SHA-512, MGF1 with SHA-512, a salt of 64 bytes. */
static bool set_pss(EVP_PKEY_CTX *ctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha512()) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool key_verify_pss_sha512(const struct key *key, struct str message, struct str signature)
{
	EVP_PKEY_CTX *ctx; /* belongs to md */
	if (key->kind != KEY_RSA)
		return false;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md != NULL &&
		  EVP_DigestVerifyInit(md, &ctx, EVP_sha512(), NULL, key->pkey) == 1 &&
		  set_pss(ctx) &&
		  EVP_DigestVerify(md, (const unsigned char *)signature.ptr, signature.len,
				   (const unsigned char *)message.ptr, message.len) == 1;
	EVP_MD_CTX_free(md);
	if (!ok)
		ERR_clear_error();
	return ok;
}
