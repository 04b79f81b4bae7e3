/*
 * Secrets at rest: a version byte, a random nonce of 12 bytes, AES-256-GCM ciphertext, a tag of 16
 * bytes (NIST SP 800-38D). What the secret belongs to goes in as additional data, so that a sealed
 * key cannot be moved to another account. Any thread.
 */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>

#include "core/must.h"
#include "core/random.h"
#include "crypt/secret.h"

#define VERSION 1
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define HEAD_SIZE (1 + NONCE_SIZE)
_Static_assert(HEAD_SIZE + TAG_SIZE == SEAL_OVERHEAD, "as the header says");

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_CIPHER *cipher;

static void setup(void)
{
	cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	must(cipher != NULL);
}

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)s.ptr;
}

/* Sets the key and takes the context in. The version is authenticated too. */
static bool begin(EVP_CIPHER_CTX *ctx, const struct seal_key *key, struct str head,
		  struct str context, int encrypt)
{
	int n;
	return EVP_CipherInit_ex2(ctx, cipher, key->bytes, bytes_of(head) + 1, encrypt, NULL) ==
		       1 &&
	       EVP_CipherUpdate(ctx, NULL, &n, bytes_of(head), 1) == 1 &&
	       (context.len == 0 ||
		EVP_CipherUpdate(ctx, NULL, &n, bytes_of(context), (int)context.len) == 1);
}

static bool run(EVP_CIPHER_CTX *ctx, unsigned char *out, struct str in)
{
	int n = 0, rest = 0;
	if (in.len != 0 && EVP_CipherUpdate(ctx, out, &n, bytes_of(in), (int)in.len) != 1)
		return false;
	return EVP_CipherFinal_ex(ctx, out + n, &rest) == 1 && (size_t)n + (size_t)rest == in.len;
}

static bool fits(struct str context, struct str text)
{
	return context.len <= INT_MAX && text.len <= INT_MAX - SEAL_OVERHEAD;
}

enum rc seal(const struct seal_key *key, struct str context, struct str plain, struct buf *out)
{
	if (!fits(context, plain))
		return RC_TOO_LARGE;
	if (!buf_reserve(out, plain.len + SEAL_OVERHEAD))
		return RC_NO_MEMORY;
	unsigned char *at = (unsigned char *)out->ptr + out->len;
	at[0] = VERSION;
	random_bytes(at + 1, NONCE_SIZE);
	pthread_once(&once, setup);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = ctx != NULL && begin(ctx, key, str_n(at, HEAD_SIZE), context, 1) &&
		  run(ctx, at + HEAD_SIZE, plain) &&
		  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE,
				      at + HEAD_SIZE + plain.len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (ok)
		out->len += plain.len + SEAL_OVERHEAD;
	out->ptr[out->len] = '\0';
	return ok ? RC_OK : RC_IO;
}

enum rc unseal(const struct seal_key *key, struct str context, struct str sealed, struct buf *out)
{
	if (!fits(context, sealed) || sealed.len < SEAL_OVERHEAD || sealed.ptr[0] != VERSION)
		return RC_CORRUPT;
	struct str head = str_take(sealed, HEAD_SIZE);
	struct str text = str_skip(sealed, HEAD_SIZE);
	unsigned char tag[TAG_SIZE];
	text.len -= TAG_SIZE;
	memcpy(tag, text.ptr + text.len, TAG_SIZE);
	if (!buf_reserve(out, text.len))
		return RC_NO_MEMORY;
	unsigned char *at = (unsigned char *)out->ptr + out->len;
	pthread_once(&once, setup);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = ctx != NULL && begin(ctx, key, head, context, 0) &&
		  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1 &&
		  run(ctx, at, text);
	EVP_CIPHER_CTX_free(ctx);
	if (ok) {
		out->len += text.len;
	} else {
		/* what did not verify is not left behind */
		OPENSSL_cleanse(at, text.len);
		ERR_clear_error();
	}
	out->ptr[out->len] = '\0';
	return ok ? RC_OK : RC_CORRUPT;
}
