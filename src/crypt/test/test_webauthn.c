/* Passkeys against what another implementation made of them (webauthn_vectors.py). */
#include "crypt/webauthn.h"

#include "core/ctx.h"
#include "testkit.h"

struct vector {
	const char *name;
	struct str id, attestation, authenticator, signature;
};

#include "webauthn_vectors.h"

#define CHALLENGE "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define ORIGIN "https://social.example.org"
#define CLIENT(act)                                                                           \
	"{\"type\":\"webauthn." act "\",\"challenge\":\"" CHALLENGE "\",\"origin\":\"" ORIGIN \
	"\",\"crossOrigin\":false}"

static const char challenge[] = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
				"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return 0;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static struct webauthn_party party(void)
{
	return (struct webauthn_party){ .id = STR("social.example.org"),
					.origin = STR(ORIGIN),
					.challenge = str_n(challenge, WEBAUTHN_CHALLENGE_SIZE),
					.need_verified = true };
}

static struct webauthn_client made(void)
{
	return (struct webauthn_client){ .json = STR(CLIENT("create")),
					 .type = STR("webauthn.create"),
					 .challenge = STR(CHALLENGE),
					 .origin = STR(ORIGIN) };
}

static struct webauthn_assertion used(const struct vector *v)
{
	return (struct webauthn_assertion){ .client = { .json = STR(CLIENT("get")),
							.type = STR("webauthn.get"),
							.challenge = STR(CHALLENGE),
							.origin = STR(ORIGIN) },
					    .authenticator = v->authenticator,
					    .signature = v->signature };
}

static struct webauthn_credential registered(const struct vector *v)
{
	struct webauthn_credential out;
	struct webauthn_party p = party();
	struct webauthn_client client = made();
	struct err err = { .rc = RC_OK };
	if (webauthn_register(&err, &p, &client, v->attestation, &out) != RC_OK)
		fail_msg("%s: %s", v->name, err_text(&err));
	return out;
}

static enum rc assert_by(const struct webauthn_party *p, const struct webauthn_credential *known,
			 const struct webauthn_assertion *assertion)
{
	struct err err = { .rc = RC_OK };
	uint32_t counter = 0;
	return webauthn_assert(&err, p, known, assertion, &counter);
}

static void keys_of_three_kinds_are_registered_and_used(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct webauthn_party p = party();
		struct webauthn_credential known = registered(&vectors[i]);
		struct webauthn_assertion assertion = used(&vectors[i]);
		struct err err = { .rc = RC_OK };
		uint32_t counter = 0;
		assert_str_eq(known.id, vectors[i].id);
		assert_int_equal(known.counter, 1);
		enum rc rc = webauthn_assert(&err, &p, &known, &assertion, &counter);
		if (rc != RC_OK)
			fail_msg("%s: %s", vectors[i].name, err_text(&err));
		assert_int_equal(counter, 7);
		/* a copy of the authenticator has not counted so far */
		known.counter = counter;
		assert_int_equal(assert_by(&p, &known, &assertion), RC_DENIED);
	}
}

static struct str flipped(struct str s, size_t at)
{
	struct str copy = arena_str(arena, s);
	((char *)(uintptr_t)copy.ptr)[at] ^= 1;
	return copy;
}

static void every_changed_byte_of_an_assertion_is_noticed(void **state UNUSED)
{
	struct webauthn_party p = party();
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct webauthn_credential known = registered(&vectors[i]);
		struct webauthn_assertion a;
		for (size_t at = 0; at < vectors[i].authenticator.len; at++) {
			a = used(&vectors[i]);
			a.authenticator = flipped(a.authenticator, at);
			assert_int_equal(assert_by(&p, &known, &a), RC_DENIED);
			a.authenticator = str_take(a.authenticator, at);
			assert_int_equal(assert_by(&p, &known, &a), RC_DENIED);
		}
		for (size_t at = 0; at < vectors[i].signature.len; at++) {
			a = used(&vectors[i]);
			a.signature = flipped(a.signature, at);
			assert_int_equal(assert_by(&p, &known, &a), RC_DENIED);
		}
		a = used(&vectors[i]);
		a.client.json = flipped(a.client.json, 3);
		assert_int_equal(assert_by(&p, &known, &a), RC_DENIED);
		/* another one's key */
		known = registered(&vectors[(i + 1) % ARRAY_LEN(vectors)]);
		a = used(&vectors[i]);
		assert_int_equal(assert_by(&p, &known, &a), RC_DENIED);
	}
}

static void s110_challenge_origin_and_domain_are_ours(void **state UNUSED)
{
	struct webauthn_credential known = registered(&vectors[0]), out;
	struct webauthn_assertion assertions[5];
	struct webauthn_client clients[5];
	struct webauthn_party p = party(), other = party();
	struct err err = { .rc = RC_OK };
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		struct webauthn_client *c = &clients[i], *d = &assertions[i].client;
		*c = made();
		assertions[i] = used(&vectors[0]);
		switch (i) {
		case 0:
			c->type = STR("webauthn.get");
			d->type = STR("webauthn.create");
			break;
		case 1:
			c->challenge = d->challenge = flipped(STR(CHALLENGE), 5);
			break;
		case 2:
			c->challenge = d->challenge = STR("");
			break;
		case 3:
			c->origin = d->origin = STR(ORIGIN ".evil.test");
			break;
		default:
			c->cross_origin = d->cross_origin = true;
		}
		assert_int_equal(webauthn_register(&err, &p, c, vectors[0].attestation, &out),
				 RC_INVALID);
		assert_int_equal(assert_by(&p, &known, &assertions[i]), RC_DENIED);
	}
	other.id = STR("evil.test");
	assert_int_equal(webauthn_register(&err, &other,
					   &(struct webauthn_client){ .type = made().type,
								      .challenge = made().challenge,
								      .origin = made().origin },
					   vectors[0].attestation, &out),
			 RC_INVALID);
	assertions[0] = used(&vectors[0]);
	assert_int_equal(assert_by(&other, &known, &assertions[0]), RC_DENIED);
	/* no challenge is no challenge to be answered */
	other = party();
	other.challenge = STR("");
	assertions[0].client.challenge = STR("");
	assert_int_equal(assert_by(&other, &known, &assertions[0]), RC_DENIED);
}

static void truncated_and_lengthened_attestations_are_refused(void **state UNUSED)
{
	struct webauthn_party p = party();
	struct webauthn_client client = made();
	struct webauthn_credential out;
	struct err err = { .rc = RC_OK };
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct str whole = vectors[i].attestation;
		for (size_t n = 0; n < whole.len; n++) {
			struct str cut = arena_str(arena, str_take(whole, n));
			assert_int_equal(webauthn_register(&err, &p, &client, cut, &out),
					 RC_INVALID);
		}
		struct str longer = arena_join(arena, whole, STR("x"));
		assert_int_equal(webauthn_register(&err, &p, &client, longer, &out), RC_INVALID);
		arena_reset(arena);
	}
}

static void a_person_is_there_and_verified_when_that_is_asked(void **state UNUSED)
{
	/* the flags stand behind the hash of the domain in the authenticator's data */
	struct webauthn_party p = party();
	struct webauthn_client client = made();
	struct webauthn_credential out;
	struct err err = { .rc = RC_OK };
	struct str attestation = arena_str(arena, vectors[0].attestation);
	size_t at = str_find(attestation, STR("authData")) + 8 + 2 + 32;
	char *flags = (char *)(uintptr_t)attestation.ptr + at;
	assert_int_equal((unsigned char)*flags, 1 | 4 | 64);
	*flags = 1 | 64;
	assert_int_equal(webauthn_register(&err, &p, &client, attestation, &out), RC_INVALID);
	p.need_verified = false;
	assert_int_equal(webauthn_register(&err, &p, &client, attestation, &out), RC_OK);
	*flags = 4 | 64;
	assert_int_equal(webauthn_register(&err, &p, &client, attestation, &out), RC_INVALID);
	/* no credential in it */
	*flags = 1 | 4;
	assert_int_equal(webauthn_register(&err, &p, &client, attestation, &out), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_three_kinds_are_registered_and_used),
		cmocka_unit_test(every_changed_byte_of_an_assertion_is_noticed),
		cmocka_unit_test(s110_challenge_origin_and_domain_are_ours),
		cmocka_unit_test(truncated_and_lengthened_attestations_are_refused),
		cmocka_unit_test(a_person_is_there_and_verified_when_that_is_asked),
	};
	return cmocka_run_group_tests_name("webauthn", tests, setup, teardown);
}
