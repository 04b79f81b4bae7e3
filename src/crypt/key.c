/*
 * The life of a key: made, shared by reference, compared. Keys are immutable but for their idle
 * contexts (key_sign.c), so any thread may use any key.
 */
#include "crypt/key.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "core/must.h"
#include "key_int.h"

#define RSA_NEW_BITS 2048

static bool push_numbers(OSSL_PARAM_BLD *build, BIGNUM **bn, const struct str *numbers,
			 size_t count)
{
	static const char *const names[RSA_NUMBERS] = {
		[RSA_N] = OSSL_PKEY_PARAM_RSA_N,
		[RSA_E] = OSSL_PKEY_PARAM_RSA_E,
		[RSA_D] = OSSL_PKEY_PARAM_RSA_D,
		[RSA_P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
		[RSA_Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
		[RSA_DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
		[RSA_DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
		[RSA_QI] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	for (size_t i = 0; i < count; i++) {
		/* secure numbers are wiped when they are freed, in the builder too */
		bn[i] = i < RSA_PUBLIC_NUMBERS ? BN_new() : BN_secure_new();
		if (bn[i] == NULL ||
		    BN_bin2bn((const unsigned char *)numbers[i].ptr, (int)numbers[i].len, bn[i]) ==
			    NULL ||
		    OSSL_PARAM_BLD_push_BN(build, names[i], bn[i]) != 1)
			return false;
	}
	return true;
}

static EVP_PKEY *pkey_from_params(OSSL_PARAM *params, int selection)
{
	EVP_PKEY *pkey = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

EVP_PKEY *key_build_rsa(const struct str *numbers, size_t count)
{
	BIGNUM *bn[RSA_NUMBERS] = { NULL };
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	must(count <= RSA_NUMBERS);
	if (build != NULL && push_numbers(build, bn, numbers, count))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = pkey_from_params(params, count == RSA_NUMBERS ? EVP_PKEY_KEYPAIR
								     : EVP_PKEY_PUBLIC_KEY);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	for (size_t i = 0; i < count; i++)
		BN_clear_free(bn[i]);
	return pkey;
}

static void add_number(struct buf *out, const EVP_PKEY *pkey, const char *name)
{
	BIGNUM *bn = NULL;
	must(EVP_PKEY_get_bn_param(pkey, name, &bn) == 1);
	size_t size = (size_t)BN_num_bytes(bn);
	if (buf_reserve(out, size)) {
		BN_bn2bin(bn, (unsigned char *)out->ptr + out->len);
		out->len += size;
	}
	BN_free(bn);
}

static void add_spki(struct buf *out, const EVP_PKEY *pkey, enum key_kind kind)
{
	if (kind == KEY_ED25519) {
		unsigned char point[ED25519_SIZE];
		size_t size = sizeof(point);
		must(EVP_PKEY_get_raw_public_key(pkey, point, &size) == 1);
		spki_add_ed25519(out, str_n(point, size));
		return;
	}
	struct buf n = BUF_INIT(KEY_MAX_DER), e = BUF_INIT(KEY_MAX_DER);
	add_number(&n, pkey, OSSL_PKEY_PARAM_RSA_N);
	add_number(&e, pkey, OSSL_PKEY_PARAM_RSA_E);
	if (n.failed || e.failed)
		buf_fail(out);
	else
		spki_add_rsa(out, buf_str(&n), buf_str(&e));
	buf_free(&n);
	buf_free(&e);
}

enum rc key_wrap(EVP_PKEY *pkey, enum key_kind kind, bool is_private, struct key **out)
{
	if (pkey == NULL)
		return RC_IO;
	struct buf spki = BUF_INIT(KEY_MAX_DER);
	struct key *key = calloc(1, sizeof(*key));
	if (key != NULL)
		key->idle = calloc(1, sizeof(*key->idle));
	add_spki(&spki, pkey, kind);
	if (key == NULL || key->idle == NULL || spki.failed) {
		if (key != NULL)
			free(key->idle);
		free(key);
		buf_free(&spki);
		EVP_PKEY_free(pkey);
		return RC_NO_MEMORY;
	}
	atomic_init(&key->refs, 1);
	key->kind = kind;
	key->is_private = is_private;
	key->bits = (unsigned)EVP_PKEY_get_bits(pkey);
	key->pkey = pkey;
	key->spki.ptr = buf_detach(&spki, &key->spki.len);
	*out = key;
	return RC_OK;
}

enum rc key_generate(enum key_kind kind, struct key **out)
{
	EVP_PKEY *pkey = kind == KEY_RSA ? EVP_RSA_gen(RSA_NEW_BITS)
					 : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return key_wrap(pkey, kind, true, out);
}

struct key *key_ref(struct key *key)
{
	atomic_fetch_add_explicit(&key->refs, 1, memory_order_relaxed);
	return key;
}

void key_unref(struct key **key)
{
	struct key *k = *key;
	*key = NULL;
	if (k == NULL || atomic_fetch_sub_explicit(&k->refs, 1, memory_order_acq_rel) != 1)
		return;
	key_idle_free(k);
	EVP_PKEY_free(k->pkey);
	free((void *)(uintptr_t)k->spki.ptr);
	free(k);
}

enum key_kind key_kind(const struct key *key)
{
	return key->kind;
}

bool key_is_private(const struct key *key)
{
	return key->is_private;
}

unsigned key_bits(const struct key *key)
{
	return key->bits;
}

bool key_same_public(const struct key *a, const struct key *b)
{
	return str_eq(a->spki, b->spki);
}
