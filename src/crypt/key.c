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

static bool push_numbers(OSSL_PARAM_BLD *build, BIGNUM **bn, const struct str *numbers)
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
	for (size_t i = 0; i < RSA_NUMBERS; i++) {
		/* secure numbers are wiped when they are freed, in the builder too */
		bn[i] = i < RSA_D ? BN_new() : BN_secure_new();
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

EVP_PKEY *key_build_rsa(const struct str numbers[RSA_NUMBERS])
{
	BIGNUM *bn[RSA_NUMBERS] = { NULL };
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	if (build != NULL && push_numbers(build, bn, numbers))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = pkey_from_params(params, EVP_PKEY_KEYPAIR);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	for (size_t i = 0; i < RSA_NUMBERS; i++)
		BN_clear_free(bn[i]);
	return pkey;
}

/* A number as OpenSSL's parameters have it: in the machine's order of bytes. */
static OSSL_PARAM number_param(const char *name, struct str number, unsigned char *native)
{
	for (size_t i = 0; i < number.len; i++) {
		bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
		native[little ? number.len - 1 - i : i] = (unsigned char)number.ptr[i];
	}
	return OSSL_PARAM_construct_BN(name, native, number.len);
}

EVP_PKEY *key_build_rsa_public(struct str n, struct str e)
{
	unsigned char native[2][RSA_MAX_BITS / 8];
	must(n.len <= sizeof(native[0]) && e.len <= sizeof(native[1]));
	OSSL_PARAM params[] = { number_param(OSSL_PKEY_PARAM_RSA_N, n, native[0]),
				number_param(OSSL_PKEY_PARAM_RSA_E, e, native[1]),
				OSSL_PARAM_construct_end() };
	return pkey_from_params(params, EVP_PKEY_PUBLIC_KEY);
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

static enum rc wrap(EVP_PKEY *pkey, enum key_kind kind, bool is_private, const struct buf *spki,
		    struct key **out)
{
	struct key *key = spki->failed ? NULL : calloc(1, sizeof(*key) + spki->len);
	if (key != NULL)
		key->idle = calloc(1, sizeof(*key->idle));
	if (key == NULL || key->idle == NULL) {
		free(key);
		EVP_PKEY_free(pkey);
		return RC_NO_MEMORY;
	}
	atomic_init(&key->refs, 1);
	key->kind = kind;
	key->is_private = is_private;
	key->bits = (unsigned)EVP_PKEY_get_bits(pkey);
	key->pkey = pkey;
	memcpy(key->bytes, spki->ptr, spki->len);
	key->spki = str_n(key->bytes, spki->len);
	*out = key;
	return RC_OK;
}

enum rc key_wrap(EVP_PKEY *pkey, enum key_kind kind, bool is_private, struct key **out)
{
	struct buf spki CLEANUP(buf_free) = BUF_INIT(KEY_MAX_DER);
	if (pkey == NULL)
		return RC_IO;
	add_spki(&spki, pkey, kind);
	return wrap(pkey, kind, is_private, &spki, out);
}

enum rc key_wrap_public(EVP_PKEY *pkey, const struct spki *spki, struct key **out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(KEY_MAX_DER);
	if (pkey == NULL)
		return RC_IO;
	if (spki->kind == KEY_RSA)
		spki_add_rsa(&bytes, spki->n, spki->e);
	else
		spki_add_ed25519(&bytes, spki->point);
	return wrap(pkey, spki->kind, false, &bytes, out);
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
