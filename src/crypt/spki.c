/*
 * Public keys as DER: SubjectPublicKeyInfo (RFC 5280 section 4.1) of RSA (RFC 3279 section 2.3.1)
 * and Ed25519 (RFC 8410). A peer's key is checked here, number by number, before OpenSSL sees it:
 * an exponent of 2000 bits or a modulus of 16384 would make every verification slow.
 */
#include "core/must.h"
#include "der_int.h"
#include "key_int.h"

const struct str spki_oid_rsa = STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
const struct str spki_oid_ed25519 = STR_INIT("\x2b\x65\x70");

unsigned spki_rsa_bits(const struct spki *spki)
{
	must(spki->n.len != 0 && spki->n.len <= RSA_MAX_BITS / 8);
	unsigned top = (unsigned char)spki->n.ptr[0];
	unsigned bits = (unsigned)(spki->n.len - 1) * 8;
	for (; top != 0; top >>= 1)
		bits++;
	return bits;
}

static bool is_odd(struct str number)
{
	return number.len != 0 && (number.ptr[number.len - 1] & 1) != 0;
}

/* SECURITY S-014. */
static enum rc check_rsa(struct err *err, const struct spki *spki)
{
	if (spki->n.len > RSA_MAX_BITS / 8 || spki->n.len < RSA_MIN_BITS / 8 ||
	    spki_rsa_bits(spki) < RSA_MIN_BITS)
		return err_set(err, RC_UNSUPPORTED, "an RSA key must have %d to %d bits",
			       RSA_MIN_BITS, RSA_MAX_BITS);
	if (!is_odd(spki->n))
		return err_set(err, RC_INVALID, "the RSA modulus is even");
	bool is_one = spki->e.len == 1 && spki->e.ptr[0] == 1;
	if (!is_odd(spki->e) || is_one)
		return err_set(err, RC_INVALID, "the RSA exponent is not an odd number from 3");
	if (spki->e.len > 4)
		return err_set(err, RC_UNSUPPORTED, "the RSA exponent has more than 32 bits");
	return RC_OK;
}

enum rc spki_parse_rsa(struct err *err, struct str der, struct spki *out)
{
	struct str body;
	*out = (struct spki){ .kind = KEY_RSA };
	if (!der_take(&der, DER_SEQUENCE, &body) || der.len != 0 ||
	    !der_take_number(&body, &out->n) || !der_take_number(&body, &out->e) || body.len != 0)
		return err_set(err, RC_INVALID, "the RSA key is malformed");
	return check_rsa(err, out);
}

/* RFC 3279 section 2.3.1 demands NULL for RSA; keys without it are seen. */
static bool rsa_parameters_right(struct str parameters)
{
	struct str content;
	return parameters.len == 0 || (der_take(&parameters, DER_NULL, &content) &&
				       content.len == 0 && parameters.len == 0);
}

enum rc spki_parse(struct err *err, struct str der, struct spki *out)
{
	struct str body, algorithm, oid, bits;
	if (!der_take(&der, DER_SEQUENCE, &body) || der.len != 0 ||
	    !der_take(&body, DER_SEQUENCE, &algorithm) || !der_take(&algorithm, DER_OID, &oid) ||
	    !der_take(&body, DER_BIT_STRING, &bits) || body.len != 0 || bits.len == 0 ||
	    bits.ptr[0] != '\0')
		return err_set(err, RC_INVALID, "the key is no SubjectPublicKeyInfo");
	bits = str_skip(bits, 1);
	if (str_eq(oid, spki_oid_rsa) && rsa_parameters_right(algorithm))
		return spki_parse_rsa(err, bits, out);
	if (!str_eq(oid, spki_oid_ed25519))
		return err_set(err, RC_UNSUPPORTED, "only RSA and Ed25519 keys are supported");
	/* RFC 8410 section 3: the parameters must be absent */
	if (algorithm.len != 0 || bits.len != ED25519_SIZE)
		return err_set(err, RC_INVALID, "the Ed25519 key is malformed");
	*out = (struct spki){ .kind = KEY_ED25519, .point = bits };
	return RC_OK;
}

void spki_add_rsa_numbers(struct buf *out, struct str n, struct str e)
{
	size_t start = out->len;
	der_add_number(out, n);
	der_add_number(out, e);
	der_wrap(out, start, DER_SEQUENCE);
}

void spki_add_rsa(struct buf *out, struct str n, struct str e)
{
	/* SEQUENCE { rsaEncryption, NULL } */
	static const struct str algorithm =
		STR_INIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
	size_t start = out->len;
	spki_add_rsa_numbers(out, n, e);
	der_insert(out, start, STR("\0")); /* a BIT STRING begins with the number of unused bits */
	der_wrap(out, start, DER_BIT_STRING);
	der_insert(out, start, algorithm);
	der_wrap(out, start, DER_SEQUENCE);
}

void spki_add_ed25519(struct buf *out, struct str point)
{
	static const struct str head = STR_INIT("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00");
	must(point.len == ED25519_SIZE);
	buf_add(out, head);
	buf_add(out, point);
}
