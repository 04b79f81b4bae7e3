/*
 * What an authenticator hands back: the bytes of an attestation, and of its own data. Whatever they
 * are: a credential that is taken has a key and an id that lie within them, and what CBOR skips it
 * can walk again.
 */
#include <stdint.h>

#include "../cbor_int.h"
#include "core/must.h"
#include "crypt/webauthn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct webauthn_party party = {
	.id = STR_INIT("social.example.org"),
	.origin = STR_INIT("https://social.example.org"),
	.challenge = STR_INIT("\0"),
};

static void register_any(struct str bytes)
{
	const struct webauthn_client client = { .json = STR("{}"),
						.type = STR("webauthn.create"),
						.challenge = STR("AA"),
						.origin = party.origin };
	struct webauthn_credential out;
	struct err err = { .rc = RC_OK };
	if (webauthn_register(&err, &party, &client, bytes, &out) != RC_OK)
		return;
	must(out.id.len != 0 && out.id.ptr >= bytes.ptr);
	must(out.key.len != 0 && out.key.ptr + out.key.len <= bytes.ptr + bytes.len);
}

static void assert_any(struct str bytes)
{
	const struct webauthn_credential known = { .id = STR("x"), .key = bytes };
	const struct webauthn_assertion assertion = { .client = { .json = STR("{}"),
								  .type = STR("webauthn.get"),
								  .challenge = STR("AA"),
								  .origin = party.origin },
						      .authenticator = bytes,
						      .signature = bytes };
	struct err err = { .rc = RC_OK };
	uint32_t counter;
	/* nobody can sign themselves */
	must(webauthn_assert(&err, &party, &known, &assertion, &counter) != RC_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_n(data, size);
	struct cbor c = cbor_open(bytes);
	cbor_skip(&c);
	if (!c.bad) {
		struct cbor again = cbor_open(str_take(bytes, bytes.len - c.rest.len));
		cbor_skip(&again);
		must(cbor_ok(&again));
	}
	register_any(bytes);
	assert_any(bytes);
	return 0;
}
