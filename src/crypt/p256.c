/* The curve P-256. A key owns its scalar, its point and OpenSSL's object. Any thread. */
#include "crypt/p256.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <stdlib.h>

#include "core/must.h"
#include "der_int.h"
#include "digest_int.h"

#define GROUP "prime256v1"
#define HALF (P256_SIGNATURE_SIZE / 2)
#define DER_SIGNATURE_MAX 80

struct p256 {
	EVP_PKEY *pkey;
	unsigned char scalar[P256_SCALAR_SIZE];
	unsigned char point[P256_POINT_SIZE];
};

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)s.ptr;
}

/* --- OpenSSL's objects --- */

static EVP_PKEY *pkey_from_params(OSSL_PARAM *params, int selection)
{
	EVP_PKEY *pkey = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* A public key without a scalar. NULL when the point is not on the curve. */
static EVP_PKEY *pkey_make(struct str point, const BIGNUM *scalar)
{
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM *params = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	if (build != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, GROUP, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.ptr,
					     point.len) == 1 &&
	    (scalar == NULL ||
	     OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params != NULL)
		pkey = pkey_from_params(params,
					scalar != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	if (pkey == NULL)
		ERR_clear_error();
	return pkey;
}

static EVP_PKEY *pkey_of_point(struct str point)
{
	/* RFC 8291 section 3.1 and RFC 9053 section 7.1.1 as we take it: uncompressed alone */
	if (point.len != P256_POINT_SIZE || point.ptr[0] != 4)
		return NULL;
	return pkey_make(point, NULL);
}

/* The point of a scalar that is greater than 0 and less than the group's order. */
static bool point_of(const BIGNUM *scalar, unsigned char out[P256_POINT_SIZE])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = group != NULL ? EC_POINT_new(group) : NULL;
	bool ok = point != NULL && !BN_is_zero(scalar) &&
		  BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0 &&
		  EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) == 1 &&
		  EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out,
				     P256_POINT_SIZE, NULL) == P256_POINT_SIZE;
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return ok;
}

/* --- the life of a key --- */

static enum rc wrap(const BIGNUM *scalar, struct p256 **out)
{
	struct p256 *key = calloc(1, sizeof(*key));
	if (key == NULL)
		return RC_NO_MEMORY;
	if (!point_of(scalar, key->point) ||
	    BN_bn2binpad(scalar, key->scalar, P256_SCALAR_SIZE) != P256_SCALAR_SIZE ||
	    (key->pkey = pkey_make(str_n(key->point, P256_POINT_SIZE), scalar)) == NULL) {
		p256_free(&key);
		return RC_CORRUPT;
	}
	*out = key;
	return RC_OK;
}

enum rc p256_generate(struct p256 **out)
{
	BIGNUM *scalar = NULL;
	enum rc rc = RC_IO;
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", GROUP);
	if (pkey != NULL && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1)
		rc = wrap(scalar, out);
	BN_clear_free(scalar);
	EVP_PKEY_free(pkey);
	return rc;
}

enum rc p256_from_private(struct str scalar, struct p256 **out)
{
	if (scalar.len != P256_SCALAR_SIZE)
		return RC_CORRUPT;
	BIGNUM *bn = BN_secure_new();
	enum rc rc = RC_NO_MEMORY;
	if (bn != NULL && BN_bin2bn(bytes_of(scalar), (int)scalar.len, bn) != NULL)
		rc = wrap(bn, out);
	BN_clear_free(bn);
	return rc;
}

void p256_free(struct p256 **key)
{
	struct p256 *k = *key;
	*key = NULL;
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey);
	explicit_bzero(k->scalar, sizeof(k->scalar));
	free(k);
}

struct str p256_private(const struct p256 *key)
{
	return str_n(key->scalar, sizeof(key->scalar));
}

struct str p256_public(const struct p256 *key)
{
	return str_n(key->point, sizeof(key->point));
}

bool p256_point_valid(struct str point)
{
	EVP_PKEY *pkey = pkey_of_point(point);
	EVP_PKEY_free(pkey);
	return pkey != NULL;
}

/* --- agreeing --- */

enum rc p256_agree(const struct p256 *key, struct str point, unsigned char shared[P256_SHARED_SIZE])
{
	size_t size = P256_SHARED_SIZE;
	EVP_PKEY *peer = pkey_of_point(point);
	if (peer == NULL)
		return RC_INVALID;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	bool ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
		  EVP_PKEY_derive(ctx, shared, &size) == 1 && size == P256_SHARED_SIZE;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	return ok ? RC_OK : RC_IO;
}

/* --- signing --- */

/* One of the two numbers, with zeros in front (RFC 7518 section 3.4). */
static void add_padded(struct buf *out, struct str number)
{
	must(number.len <= HALF);
	for (size_t i = number.len; i < HALF; i++)
		buf_add_chr(out, '\0');
	buf_add(out, number);
}

static bool der_read(struct str der, struct str *r, struct str *s)
{
	struct str body;
	return der_take(&der, DER_SEQUENCE, &body) && der.len == 0 && der_take_number(&body, r) &&
	       der_take_number(&body, s) && body.len == 0 && r->len <= HALF && s->len <= HALF;
}

enum rc p256_sign(const struct p256 *key, struct str message, struct buf *signature)
{
	unsigned char der[DER_SIGNATURE_MAX];
	size_t size = sizeof(der);
	struct str r = STR_NONE, s = STR_NONE;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = md != NULL && EVP_DigestSignInit(md, NULL, digest_md(), NULL, key->pkey) == 1 &&
		  EVP_DigestSign(md, der, &size, bytes_of(message), message.len) == 1 &&
		  der_read(str_n(der, size), &r, &s);
	EVP_MD_CTX_free(md);
	if (!ok)
		return RC_IO;
	add_padded(signature, r);
	add_padded(signature, s);
	return signature->failed ? RC_NO_MEMORY : RC_OK;
}

bool p256_verify_der(struct str point, struct str message, struct str signature)
{
	struct str r, s;
	if (!der_read(signature, &r, &s))
		return false;
	EVP_PKEY *pkey = pkey_of_point(point);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = pkey != NULL && md != NULL &&
		  EVP_DigestVerifyInit(md, NULL, digest_md(), NULL, pkey) == 1 &&
		  EVP_DigestVerify(md, bytes_of(signature), signature.len, bytes_of(message),
				   message.len) == 1;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(pkey);
	if (!ok)
		ERR_clear_error();
	return ok;
}

static struct str without_zeros(struct str number)
{
	while (number.len != 0 && number.ptr[0] == '\0')
		number = str_skip(number, 1);
	return number;
}

bool p256_verify(struct str point, struct str message, struct str signature)
{
	struct buf der CLEANUP(buf_free) = BUF_INIT(DER_SIGNATURE_MAX);
	if (signature.len != P256_SIGNATURE_SIZE)
		return false;
	der_add_number(&der, without_zeros(str_take(signature, HALF)));
	der_add_number(&der, without_zeros(str_skip(signature, HALF)));
	der_wrap(&der, 0, DER_SEQUENCE);
	return !der.failed && p256_verify_der(point, message, buf_str(&der));
}
