/* eddsa-jcs-2022 over canonical bytes, against the vectors of FEP-8b32 and VC-DI-EDDSA. */
#include "crypt/proof.h"

#include "../multibase_int.h"
#include "core/ctx.h"
#include "core/enc.h"
#include "testkit.h"

/* The key pair of both specifications. */
#define PUBLIC "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define SECRET "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"

/* VC-DI-EDDSA, its TestVectors/eddsa-jcs-2022. */
#define VC_DOCUMENT                                                                      \
	"{\"@context\":[\"https://www.w3.org/ns/credentials/v2\","                       \
	"\"https://www.w3.org/ns/credentials/examples/v2\"],\"credentialSubject\":{"     \
	"\"alumniOf\":\"The School of Examples\",\"id\":\"did:example:abcdefgh\"},"      \
	"\"description\":\"A minimum viable example of an Alumni Credential.\","         \
	"\"id\":\"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33\","                      \
	"\"issuer\":\"https://vc.example/issuers/5678\",\"name\":\"Alumni Credential\"," \
	"\"type\":[\"VerifiableCredential\",\"AlumniCredential\"],"                      \
	"\"validFrom\":\"2023-01-01T00:00:00Z\"}"
#define VC_OPTIONS                                                                 \
	"\"created\":\"2023-02-24T23:36:38Z\",\"cryptosuite\":\"eddsa-jcs-2022\"," \
	"\"proofPurpose\":\"assertionMethod\",\"type\":\"DataIntegrityProof\","    \
	"\"verificationMethod\":\"https://vc.example/issuers/5678"                 \
	"#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2\"}"

/* FEP-8b32, fep-8b32.feature. */
#define FEP_CONTEXT                                                \
	"\"@context\":[\"https://www.w3.org/ns/activitystreams\"," \
	"\"https://w3id.org/security/data-integrity/v2\"]"
#define FEP_DOCUMENT                                                                           \
	"{" FEP_CONTEXT ",\"actor\":\"https://server.example/users/alice\","                   \
	"\"id\":\"https://server.example/activities/1\",\"object\":{"                          \
	"\"attributedTo\":\"https://server.example/users/alice\",\"content\":\"Hello world\"," \
	"\"id\":\"https://server.example/objects/1\",\"location\":{\"latitude\":25.273962,"    \
	"\"longitude\":-71.184902,\"type\":\"Place\"},\"type\":\"Note\"},\"type\":\"Create\"}"
#define FEP_OPTIONS                                                                \
	"{" FEP_CONTEXT ",\"created\":\"2023-02-24T23:36:38Z\","                   \
	"\"cryptosuite\":\"eddsa-jcs-2022\",\"proofPurpose\":\"assertionMethod\"," \
	"\"type\":\"DataIntegrityProof\","                                         \
	"\"verificationMethod\":\"https://server.example/users/alice#ed25519-key\"}"

static const struct vector {
	struct str options, document, value;
} vectors[] = {
	{ STR_INIT("{" VC_OPTIONS), STR_INIT(VC_DOCUMENT),
	  STR_INIT("z3P6rHMUaWG6e3Ac6xYFht8aEvoVXndgKTtEY8kzWYXzk8dKmAo2GJeZiJw4qoZ2PGp4ugdaHx3o"
		   "QiLpeFBLDqP2M") },
	{ STR_INIT(FEP_OPTIONS), STR_INIT(FEP_DOCUMENT),
	  STR_INIT("z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYH"
		   "aJENCxUDe9SdL") },
};

static struct ctx ctx;
static struct key *secret, *public;

/* The multicodec ed25519-priv, 0x1300, and a seed; PKCS#8 of it is RFC 8410 section 7. */
static struct key *key_of_seed(struct str multibase)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64), der CLEANUP(buf_free) = BUF_INIT(128);
	struct key *key;
	assert_true(base58_decode(&bytes, str_skip(multibase, 1)));
	assert_int_equal(bytes.len, 34);
	assert_true(enc_unhex(&der, STR("302e020100300506032b657004220420")));
	buf_add(&der, str_skip(buf_str(&bytes), 2));
	assert_int_equal(key_from_private(buf_str(&der), &key), RC_OK);
	return key;
}

static int setup(void **state UNUSED)
{
	ctx.arena = arena_new(1 << 20);
	assert_int_equal(key_from_multibase(&ctx, STR(PUBLIC), &public), RC_OK);
	secret = key_of_seed(STR(SECRET));
	return 0;
}

static int teardown(void **state UNUSED)
{
	key_unref(&secret);
	key_unref(&public);
	arena_free(&ctx.arena);
	return 0;
}

static void published_vectors_are_made_and_verified(void **state UNUSED)
{
	assert_true(key_same_public(secret, public));
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		const struct vector *v = &vectors[i];
		struct buf value CLEANUP(buf_free) = BUF_INIT(256);
		assert_int_equal(proof_create(secret, v->options, v->document, &value), RC_OK);
		assert_str_eq(buf_str(&value), v->value);
		assert_true(proof_verify(public, v->options, v->document, v->value));
		assert_true(proof_verify(secret, v->options, v->document, v->value));
	}
}

static struct str flipped(struct str s, size_t at)
{
	struct str copy = arena_str(ctx.arena, s);
	((char *)(uintptr_t)copy.ptr)[at] ^= 1;
	return copy;
}

static void every_changed_byte_is_noticed(void **state UNUSED)
{
	const struct vector *v = &vectors[1];
	for (size_t i = 0; i < v->document.len; i += 7)
		assert_false(proof_verify(public, v->options, flipped(v->document, i), v->value));
	for (size_t i = 0; i < v->options.len; i += 7)
		assert_false(proof_verify(public, flipped(v->options, i), v->document, v->value));
	for (size_t i = 0; i < v->value.len; i++)
		assert_false(proof_verify(public, v->options, v->document, flipped(v->value, i)));
	/* what was said of one is not said of the other */
	assert_false(proof_verify(public, v->document, v->options, v->value));
	assert_false(proof_verify(public, v->options, v->document, vectors[0].value));
}

static void malformed_values_and_other_keys_are_a_no(void **state UNUSED)
{
	static const struct str values[] = {
		STR_INIT(""),
		STR_INIT("z"),
		STR_INIT("z0OIl"),
		STR_INIT("z11111"),
		/* without its multibase letter, in another base, longer, shorter */
		STR_INIT("42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5"
			 "TYHaJENCxUDe9SdL"),
		STR_INIT("u42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ"
			 "5TYHaJENCxUDe9SdL"),
		STR_INIT("z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ"
			 "5TYHaJENCxUDe9SdLL"),
		STR_INIT("z142ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4f"
			 "Q5TYHaJENCxUDe9SdL"),
		STR_INIT("z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ"
			 "5TYHaJENCxUDe9Sd"),
	};
	const struct vector *v = &vectors[1];
	struct key *rsa, *other;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_false(proof_verify(public, v->options, v->document, values[i]));
	assert_false(proof_verify(public, v->options, v->document, STR_NONE));
	assert_int_equal(key_generate(KEY_RSA, &rsa), RC_OK);
	assert_int_equal(key_generate(KEY_ED25519, &other), RC_OK);
	assert_false(proof_verify(rsa, v->options, v->document, v->value));
	assert_false(proof_verify(other, v->options, v->document, v->value));
	key_unref(&rsa);
	key_unref(&other);
}

static void a_full_buffer_is_said(void **state UNUSED)
{
	struct buf tiny CLEANUP(buf_free) = BUF_INIT(20);
	assert_int_equal(proof_create(secret, STR("{}"), STR("{}"), &tiny), RC_NO_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors_are_made_and_verified),
		cmocka_unit_test(every_changed_byte_is_noticed),
		cmocka_unit_test(malformed_values_and_other_keys_are_a_no),
		cmocka_unit_test(a_full_buffer_is_said),
	};
	return cmocka_run_group_tests_name("proof", tests, setup, teardown);
}
