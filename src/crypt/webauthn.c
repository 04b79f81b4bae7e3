/* Passkeys: registered and used. Stateless, any thread. */
#include "crypt/webauthn.h"

#include "core/enc.h"
#include "cose_int.h"
#include "crypt/digest.h"

#define ID_HASH_SIZE DIGEST_SIZE
#define AAGUID_SIZE 16

/* Section 6.1. */
enum flag {
	FLAG_PRESENT = 1,
	FLAG_VERIFIED = 4,
	FLAG_BACKED_UP_ELIGIBLE = 8,
	FLAG_BACKED_UP = 16,
	FLAG_CREDENTIAL = 64,
	FLAG_EXTENSIONS = 128,
};

struct authenticator {
	struct str id_hash;
	unsigned flags;
	uint32_t counter;
	struct webauthn_credential credential; /* with FLAG_CREDENTIAL */
};

/* --- the client data --- */

static bool challenge_fits(struct str text, struct str challenge)
{
	struct buf own CLEANUP(buf_free) = BUF_INIT(128);
	enc_base64url(&own, challenge);
	return !own.failed && challenge.len != 0 && str_eq_secret(buf_str(&own), text);
}

/* Sections 7.1, steps 7 to 9, and 7.2, steps 11 to 13. */
static const char *client_wrong(const struct webauthn_party *party,
				const struct webauthn_client *client, struct str type)
{
	if (!str_eq(client->type, type))
		return "the client data is of another act";
	if (!challenge_fits(client->challenge, party->challenge))
		return "the client data answers another challenge";
	if (!str_eq(client->origin, party->origin) || client->cross_origin)
		return "the client data is of another page";
	return NULL;
}

/* --- the authenticator's data: section 6.1 --- */

static uint32_t number(const char *bytes, size_t size)
{
	uint32_t n = 0;
	for (size_t i = 0; i < size; i++)
		n = n << 8 | (unsigned char)bytes[i];
	return n;
}

/* Section 6.5.1. */
static bool take_credential(struct str *rest, struct webauthn_credential *out)
{
	struct cose_key key;
	if (rest->len < AAGUID_SIZE + 2)
		return false;
	size_t len = number(rest->ptr + AAGUID_SIZE, 2);
	*rest = str_skip(*rest, AAGUID_SIZE + 2);
	if (len == 0 || len > WEBAUTHN_ID_MAX || len > rest->len)
		return false;
	out->id = str_take(*rest, len);
	*rest = str_skip(*rest, len);
	struct cbor c = cbor_open(*rest);
	/* what kind it is of is decided later */
	if (cose_read(&c, &key) == RC_INVALID)
		return false;
	out->key = str_take(*rest, rest->len - c.rest.len);
	*rest = c.rest;
	return out->key.len <= WEBAUTHN_KEY_MAX;
}

static bool authenticator_read(struct str data, struct authenticator *out)
{
	*out = (struct authenticator){ .flags = 0 };
	if (data.len < ID_HASH_SIZE + 1 + 4)
		return false;
	out->id_hash = str_take(data, ID_HASH_SIZE);
	out->flags = (unsigned char)data.ptr[ID_HASH_SIZE];
	struct str rest = str_skip(data, ID_HASH_SIZE + 1);
	out->counter = number(rest.ptr, 4);
	rest = str_skip(rest, 4);
	if ((out->flags & FLAG_CREDENTIAL) != 0 && !take_credential(&rest, &out->credential))
		return false;
	out->credential.counter = out->counter;
	if ((out->flags & FLAG_EXTENSIONS) == 0)
		return rest.len == 0;
	struct cbor c = cbor_open(rest);
	(void)cbor_map(&c);
	c = cbor_open(c.bad ? STR_NONE : rest);
	cbor_skip(&c);
	return cbor_ok(&c);
}

static const char *authenticator_wrong(const struct webauthn_party *party,
				       const struct authenticator *a)
{
	struct digest own = digest_sha256(party->id);
	if (!str_eq(a->id_hash, str_n(own.bytes, DIGEST_SIZE)))
		return "the authenticator answers for another domain";
	if ((a->flags & FLAG_PRESENT) == 0)
		return "nobody was at the authenticator";
	if (party->need_verified && (a->flags & FLAG_VERIFIED) == 0)
		return "the authenticator did not verify the person";
	/* Level 3 section 6.1: what cannot be backed up is not */
	if ((a->flags & FLAG_BACKED_UP) != 0 && (a->flags & FLAG_BACKED_UP_ELIGIBLE) == 0)
		return "the authenticator contradicts itself";
	return NULL;
}

/* --- the two ceremonies --- */

/* Section 6.5: a map of three. */
static bool attestation_read(struct str attestation, struct str *data)
{
	struct cbor c = cbor_open(attestation);
	unsigned seen = 0;
	for (size_t pairs = cbor_map(&c); pairs > 0 && !c.bad; pairs--) {
		struct str name = cbor_text(&c);
		unsigned bit = 1;
		if (str_eq(name, STR("authData"))) {
			*data = cbor_bytes(&c);
		} else if (str_eq(name, STR("fmt"))) {
			bit = 2;
			(void)cbor_text(&c);
		} else if (str_eq(name, STR("attStmt"))) {
			bit = 4;
			cbor_skip(&c);
		} else {
			return false;
		}
		if ((seen & bit) != 0)
			return false;
		seen |= bit;
	}
	return cbor_ok(&c) && seen == 7;
}

enum rc webauthn_register(struct err *err, const struct webauthn_party *party,
			  const struct webauthn_client *client, struct str attestation,
			  struct webauthn_credential *out)
{
	struct str data = STR_NONE;
	struct authenticator a;
	struct cose_key key;
	*out = (struct webauthn_credential){ .counter = 0 };
	const char *wrong = client_wrong(party, client, STR("webauthn.create"));
	if (wrong == NULL && (!attestation_read(attestation, &data) ||
			      !authenticator_read(data, &a) || (a.flags & FLAG_CREDENTIAL) == 0))
		wrong = "the attestation is malformed";
	if (wrong == NULL)
		wrong = authenticator_wrong(party, &a);
	if (wrong != NULL)
		return err_set(err, RC_INVALID, "%s", wrong);
	struct cbor c = cbor_open(a.credential.key);
	enum rc rc = cose_read(&c, &key);
	if (rc != RC_OK)
		return err_set(err, rc, "the key is of an algorithm that was not asked for");
	*out = a.credential;
	return RC_OK;
}

/* Section 7.2, step 20. */
static bool signature_fits(const struct cose_key *key, const struct webauthn_assertion *assertion)
{
	struct digest hash = digest_sha256(assertion->client.json);
	struct buf signed_bytes CLEANUP(buf_free) =
		BUF_INIT(assertion->authenticator.len + DIGEST_SIZE);
	buf_add(&signed_bytes, assertion->authenticator);
	buf_add_bytes(&signed_bytes, hash.bytes, DIGEST_SIZE);
	return !signed_bytes.failed &&
	       cose_verify(key, buf_str(&signed_bytes), assertion->signature);
}

enum rc webauthn_assert(struct err *err, const struct webauthn_party *party,
			const struct webauthn_credential *known,
			const struct webauthn_assertion *assertion, uint32_t *counter)
{
	struct authenticator a;
	struct cose_key key;
	struct cbor c = cbor_open(known->key);
	const char *wrong = client_wrong(party, &assertion->client, STR("webauthn.get"));
	if (wrong == NULL && !authenticator_read(assertion->authenticator, &a))
		wrong = "the authenticator's data is malformed";
	if (wrong == NULL)
		wrong = authenticator_wrong(party, &a);
	if (wrong == NULL && (cose_read(&c, &key) != RC_OK || !cbor_ok(&c)))
		wrong = "the stored key cannot be used";
	if (wrong == NULL && !signature_fits(&key, assertion))
		wrong = "the signature is not that of the key";
	/* step 21: authenticators that do not count say 0 */
	if (wrong == NULL && (a.counter != 0 || known->counter != 0) && a.counter <= known->counter)
		wrong = "the authenticator's counter did not rise";
	if (wrong != NULL)
		return err_set(err, RC_DENIED, "%s", wrong);
	*counter = a.counter;
	return RC_OK;
}
