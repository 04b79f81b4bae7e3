/* Identity statements: who is believed to be whom (FEP-c390). */
#include "ap/identity.h"

#include <stdio.h>

#include "ap/actor.h"
#include "apkit.h"
#include "core/enc.h"
#include "crypt/proof.h"
#include "json/jcs.h"

/* The key pair of FEP-8b32, which FEP-c390 uses as well; the private one as PKCS#8. */
#define MULTIBASE "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define DID "did:key:" MULTIBASE
#define PRIVATE_HEX                        \
	"302e020100300506032b657004220420" \
	"c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6"
#define ALICE "https://server.example/users/alice"
#define STATEMENT \
	"'type':'VerifiableIdentityStatement','subject':'" DID "','alsoKnownAs':'" ALICE "'"
#define OPTIONS                                                            \
	"'type':'DataIntegrityProof','cryptosuite':'eddsa-jcs-2022',"      \
	"'created':'2023-02-24T23:36:38Z','verificationMethod':'" DID "'," \
	"'proofPurpose':'assertionMethod'"

struct rig {
	struct kit kit;
	struct arena *arena; /* of what outlives a parsed document */
	struct key *secret;
};

static int setup(void **state)
{
	static struct rig rig;
	struct buf der CLEANUP(buf_free) = BUF_INIT(128);
	kit_init(&rig.kit);
	rig.arena = arena_new(1 << 20);
	assert_true(enc_unhex(&der, STR(PRIVATE_HEX)));
	assert_int_equal(key_from_private(buf_str(&der), &rig.secret), RC_OK);
	*state = &rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;
	key_unref(&rig->secret);
	arena_free(&rig->arena);
	kit_free(&rig->kit);
	return 0;
}

static struct str canonical(struct rig *rig, const char *members)
{
	struct arena *arena = rig->arena;
	struct buf out = BUF_INIT(65536);
	struct str text = arena_printf(arena, "{%s}", members);
	assert_int_equal(jcs_write(arena, kit_parse(&rig->kit, text.ptr), NULL, 0, &out), RC_OK);
	return arena_take_buf(arena, &out);
}

/* The statement with a right proof over it, as text in single quotes. */
static const char *signed_text(struct rig *rig, const char *statement, const char *options)
{
	struct buf value = BUF_INIT(128);
	struct str proof = canonical(rig, options), body = canonical(rig, statement);
	assert_int_equal(proof_create(rig->secret, proof, body, &value), RC_OK);
	struct str text = arena_printf(rig->arena, "{%s,'proof':{%s,'proofValue':'%s'}}", statement,
				       options, value.ptr);
	buf_free(&value);
	return text.ptr;
}

static enum rc decode(struct rig *rig, const char *text, struct ap_identity *out)
{
	rig->kit.ctx.err = (struct err){ 0 };
	return ap_identity_decode(&rig->kit.reader, kit_parse(&rig->kit, text), STR(ALICE), out);
}

static void whoever_holds_the_key_has_said_so(void **state)
{
	struct rig *rig = *state;
	struct ap_identity identity;
	const char *text = signed_text(rig, STATEMENT, OPTIONS);
	assert_int_equal(decode(rig, text, &identity), RC_OK);
	assert_str_eq(identity.subject, STR(DID));
	assert_int_equal(identity.expires_ms, 0);
	assert_true(ap_identity_is_plain(kit_parse(&rig->kit, text)));
	/* what is kept can be verified by everybody else */
	assert_int_equal(decode(rig, text, &identity), RC_OK);
	struct str kept = arena_str(rig->arena, identity.statement);
	struct jr again = kit_parse_bytes(&rig->kit, kept);
	assert_int_equal(ap_identity_decode(&rig->kit.reader, again, STR(ALICE), &identity), RC_OK);
	text = signed_text(rig, STATEMENT ",'more':[1.5]",
			   OPTIONS ",'expires':'2033-02-24T23:36:38Z'");
	assert_int_equal(decode(rig, text, &identity), RC_OK);
	assert_int_equal(identity.expires_ms, UINT64_C(1992900998000));
	assert_false(ap_identity_is_plain(kit_parse(&rig->kit, text)));
}

static void nobody_else_is_believed(void **state)
{
	static const struct {
		const char *statement, *options;
		enum rc rc;
	} cases[] = {
		{ "'type':'Note','subject':'" DID "','alsoKnownAs':'" ALICE "'", OPTIONS,
		  RC_INVALID },
		{ "'type':'VerifiableIdentityStatement','subject':'" DID
		  "','alsoKnownAs':'https://server.example/users/bob'",
		  OPTIONS, RC_INVALID },
		{ "'type':'VerifiableIdentityStatement','subject':'" DID "','alsoKnownAs':['" ALICE
		  "','https://server.example/users/bob']",
		  OPTIONS, RC_INVALID },
		{ "'type':'VerifiableIdentityStatement','subject':'" DID "'", OPTIONS, RC_INVALID },
		{ "'type':'VerifiableIdentityStatement','alsoKnownAs':'" ALICE "'", OPTIONS,
		  RC_INVALID },
		/* another subject than who has signed */
		{ "'type':'VerifiableIdentityStatement','subject':'did:key:z6MkhaXgBZDvotDkL5257f"
		  "aiztiGiC2QtKLGpbnnEGta2doK','alsoKnownAs':'" ALICE "'",
		  OPTIONS, RC_INVALID },
		{ STATEMENT,
		  "'type':'DataIntegrityProof','cryptosuite':'eddsa-jcs-2022',"
		  "'created':'2023-02-24T23:36:38Z','verificationMethod':'" DID "#" MULTIBASE
		  "','proofPurpose':'assertionMethod'",
		  RC_INVALID },
		{ STATEMENT, OPTIONS ",'domain':'b.example'", RC_UNSUPPORTED },
		{ STATEMENT,
		  "'type':'DataIntegrityProof','cryptosuite':'eddsa-jcs-2022',"
		  "'created':'2023-02-24T23:36:38Z','verificationMethod':'" DID
		  "','proofPurpose':'authentication'",
		  RC_UNSUPPORTED },
	};
	struct rig *rig = *state;
	struct ap_identity identity;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum rc rc = decode(rig, signed_text(rig, cases[i].statement, cases[i].options),
				    &identity);
		if (rc != cases[i].rc)
			fail_msg("%zu: %s", i, rc_name(rc));
	}
	/* signed by another key than it says: the other key pair's name, the same options */
	const char *other = signed_text(
		rig,
		"'type':'VerifiableIdentityStatement','subject':'did:key:z6MkhaXgBZDvotDkL5257faizt"
		"iGiC2QtKLGpbnnEGta2doK','alsoKnownAs':'" ALICE "'",
		"'type':'DataIntegrityProof','cryptosuite':'eddsa-jcs-2022',"
		"'created':'2023-02-24T23:36:38Z','verificationMethod':'did:key:z6MkhaXgBZDvotDkL52"
		"57faiztiGiC2QtKLGpbnnEGta2doK','proofPurpose':'assertionMethod'");
	assert_int_equal(decode(rig, other, &identity), RC_INVALID);
	/* a key that is none, or of another kind */
	assert_int_equal(decode(rig,
				signed_text(rig,
					    "'type':'VerifiableIdentityStatement','subject':"
					    "'did:web:b.example','alsoKnownAs':'" ALICE "'",
					    "'type':'DataIntegrityProof','cryptosuite':"
					    "'eddsa-jcs-2022','created':'2023-02-24T23:36:38Z',"
					    "'verificationMethod':'did:web:b.example',"
					    "'proofPurpose':'assertionMethod'"),
				&identity),
			 RC_UNSUPPORTED);
}

static void no_proof_or_two_are_none(void **state)
{
	struct rig *rig = *state;
	struct ap_identity identity;
	assert_int_equal(decode(rig, "{" STATEMENT "}", &identity), RC_INVALID);
	assert_int_equal(
		decode(rig, "{" STATEMENT ",'proof':[{" OPTIONS "},{" OPTIONS "}]}", &identity),
		RC_INVALID);
	assert_int_equal(
		decode(rig, "{" STATEMENT ",'proof':{" OPTIONS ",'proofValue':'z1'}}", &identity),
		RC_INVALID);
	assert_int_equal(decode(rig, "[]", &identity), RC_INVALID);
}

static void an_actor_has_those_that_are_right(void **state)
{
	struct rig *rig = *state;
	struct ap_actor a;
	const char *right = signed_text(rig, STATEMENT, OPTIONS);
	struct str good =
		arena_printf(rig->arena,
			     "{'id':'" ALICE "','type':'Person','preferredUsername':'alice',"
			     "'inbox':'" ALICE "/inbox','attachment':[{'type':'PropertyValue',"
			     "'name':'a','value':'b'},{" STATEMENT ",'proof':{" OPTIONS
			     ",'proofValue':'z1'}},%s,7,%s,%s,%s]}",
			     right, right, right, right);
	assert_int_equal(ap_actor_decode(&rig->kit.reader, kit_parse(&rig->kit, good.ptr), &a),
			 RC_OK);
	/* four are tried: a wrong one, and three */
	assert_int_equal(a.identity_count, 3);
	assert_int_equal(a.field_count, 1);
	assert_str_eq(a.identities[0].subject, STR(DID));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_holds_the_key_has_said_so),
		cmocka_unit_test(nobody_else_is_believed),
		cmocka_unit_test(no_proof_or_two_are_none),
		cmocka_unit_test(an_actor_has_those_that_are_right),
	};
	return cmocka_run_group_tests_name("identity", tests, setup, teardown);
}
