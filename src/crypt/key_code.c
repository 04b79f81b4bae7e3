/*
 * Keys as bytes and text: what peers publish and what we store. The private form is PKCS#8
 * (RFC 5958); it is read by our own few lines, because we wrote it and OpenSSL's decoders take a
 * hundred times longer. Any thread.
 */
#include <openssl/x509.h>

#include "core/must.h"
#include "der_int.h"
#include "key_int.h"
#include "multibase_int.h"

static enum rc from_spki(const struct spki *spki, struct key **out)
{
	EVP_PKEY *pkey;
	if (spki->kind == KEY_RSA)
		pkey = key_build_rsa_public(spki->n, spki->e);
	else
		pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						   (const unsigned char *)spki->point.ptr,
						   spki->point.len);
	return key_wrap_public(pkey, spki, out);
}

/* RFC 7468 section 13 for the first; the second is PKCS#1, which some old servers publish. */
static enum rc parse_labelled(struct err *err, struct str label, struct str der, struct spki *out)
{
	if (str_eq(label, STR("PUBLIC KEY")))
		return spki_parse(err, der, out);
	if (str_eq(label, STR("RSA PUBLIC KEY")))
		return spki_parse_rsa(err, der, out);
	if (str_has_suffix(label, STR("PRIVATE KEY")))
		return err_set(err, RC_INVALID, "the PEM holds a private key");
	return err_set(err, RC_UNSUPPORTED, "the PEM holds no public key");
}

enum rc key_from_public_pem(struct ctx *ctx, struct str pem, struct key **out)
{
	struct buf der = BUF_INIT(KEY_MAX_DER);
	struct str label;
	struct spki spki;
	enum rc rc = pem_read(&ctx->err, pem, &label, &der);
	if (rc == RC_OK)
		rc = parse_labelled(&ctx->err, label, buf_str(&der), &spki);
	if (rc == RC_OK) {
		rc = from_spki(&spki, out);
		if (rc != RC_OK)
			ctx_fail(ctx, rc, "OpenSSL does not take the key");
	}
	buf_free(&der);
	return rc;
}

static enum rc parse_multikey(struct err *err, enum key_kind kind, struct str bytes,
			      struct spki *out)
{
	if (kind == KEY_RSA)
		return spki_parse_rsa(err, bytes, out);
	if (bytes.len != ED25519_SIZE)
		return err_set(err, RC_INVALID, "the Ed25519 key is malformed");
	*out = (struct spki){ .kind = KEY_ED25519, .point = bytes };
	return RC_OK;
}

enum rc key_from_multibase(struct ctx *ctx, struct str multibase, struct key **out)
{
	struct buf bytes = BUF_INIT(BASE58_MAX_BYTES);
	enum key_kind kind;
	struct spki spki;
	enum rc rc = multibase_decode(&ctx->err, multibase, &kind, &bytes);
	if (rc == RC_OK)
		rc = parse_multikey(&ctx->err, kind, buf_str(&bytes), &spki);
	if (rc == RC_OK) {
		rc = from_spki(&spki, out);
		if (rc != RC_OK)
			ctx_fail(ctx, rc, "OpenSSL does not take the key");
	}
	buf_free(&bytes);
	return rc;
}

enum rc key_from_public(struct str bytes, struct key **out)
{
	struct spki spki;
	if (spki_parse(NULL, bytes, &spki) != RC_OK)
		return RC_CORRUPT;
	return from_spki(&spki, out);
}

/* RFC 8410 section 7: an OCTET STRING in the OCTET STRING. */
static EVP_PKEY *read_ed25519(struct str inner)
{
	struct str seed;
	if (!der_take(&inner, DER_OCTET_STRING, &seed) || inner.len != 0 ||
	    seed.len != ED25519_SIZE)
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)seed.ptr,
					    seed.len);
}

/* RFC 8017 section A.1.2. */
static EVP_PKEY *read_rsa(struct str inner)
{
	struct str body, version, numbers[RSA_NUMBERS];
	if (!der_take(&inner, DER_SEQUENCE, &body) || inner.len != 0 ||
	    !der_take_number(&body, &version) || version.len != 0)
		return NULL;
	for (size_t i = 0; i < RSA_NUMBERS; i++) {
		if (!der_take_number(&body, &numbers[i]))
			return NULL;
	}
	return body.len == 0 ? key_build_rsa(numbers) : NULL;
}

enum rc key_from_private(struct str bytes, struct key **out)
{
	struct str body, version, algorithm, oid, inner;
	if (!der_take(&bytes, DER_SEQUENCE, &body) || bytes.len != 0 ||
	    !der_take_number(&body, &version) || version.len != 0 ||
	    !der_take(&body, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid) ||
	    !der_take(&body, DER_OCTET_STRING, &inner) || body.len != 0)
		return RC_CORRUPT;
	enum key_kind kind = str_eq(oid, spki_oid_ed25519) ? KEY_ED25519 : KEY_RSA;
	if (kind == KEY_RSA && !str_eq(oid, spki_oid_rsa))
		return RC_CORRUPT;
	EVP_PKEY *pkey = kind == KEY_RSA ? read_rsa(inner) : read_ed25519(inner);
	return pkey != NULL ? key_wrap(pkey, kind, true, out) : RC_CORRUPT;
}

void key_add_private(struct buf *out, const struct key *key)
{
	unsigned char *der = NULL;
	must(key->is_private);
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
	int size = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
	if (size > 0)
		buf_add_bytes(out, der, (size_t)size);
	else
		buf_fail(out);
	PKCS8_PRIV_KEY_INFO_free(info);
	OPENSSL_clear_free(der, size > 0 ? (size_t)size : 0);
}

void key_add_public(struct buf *out, const struct key *key)
{
	buf_add(out, key->spki);
}

void key_add_public_pem(struct buf *out, const struct key *key)
{
	pem_add(out, STR("PUBLIC KEY"), key->spki);
}

void key_add_multibase(struct buf *out, const struct key *key)
{
	if (key_multibase_of_public(key->spki, out) != RC_OK)
		buf_fail(out);
}

enum rc key_pem_of_public(struct str bytes, struct buf *out)
{
	struct spki spki;
	if (spki_parse(NULL, bytes, &spki) != RC_OK)
		return RC_CORRUPT;
	pem_add(out, STR("PUBLIC KEY"), bytes);
	return RC_OK;
}

enum rc key_multibase_of_public(struct str bytes, struct buf *out)
{
	struct spki spki;
	if (spki_parse(NULL, bytes, &spki) != RC_OK)
		return RC_CORRUPT;
	if (spki.kind == KEY_ED25519) {
		multibase_add(out, KEY_ED25519, spki.point);
		return RC_OK;
	}
	struct buf der = BUF_INIT(KEY_MAX_DER);
	spki_add_rsa_numbers(&der, spki.n, spki.e);
	if (der.failed)
		buf_fail(out);
	else
		multibase_add(out, KEY_RSA, buf_str(&der));
	buf_free(&der);
	return RC_OK;
}
