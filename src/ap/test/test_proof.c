/* Integrity proofs in documents: what FEP-8b32 publishes, what we add, and what must not pass. */
#include "ap/proof.h"

#include <stdio.h>

#include "apkit.h"
#include "core/enc.h"

/* The key pair of FEP-8b32 and VC-DI-EDDSA; the private one as PKCS#8 (RFC 8410 section 7). */
#define PUBLIC "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
#define PRIVATE_HEX                        \
	"302e020100300506032b657004220420" \
	"c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6"
#define METHOD "https://server.example/users/alice#ed25519-key"
#define NOW UINT64_C(1677281798000) /* 2023-02-24T23:36:38Z */

#define CONTEXT                                                \
	"'@context':['https://www.w3.org/ns/activitystreams'," \
	"'https://w3id.org/security/data-integrity/v2']"
#define ACTIVITY                                                                       \
	"'id':'https://server.example/activities/1','type':'Create',"                  \
	"'actor':'https://server.example/users/alice','object':{"                      \
	"'id':'https://server.example/objects/1','type':'Note',"                       \
	"'attributedTo':'https://server.example/users/alice','content':'Hello world'," \
	"'location':{'type':'Place','longitude':-71.184902,'latitude':25.273962}}"
#define VALUE                                                                               \
	"z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENC" \
	"xUDe9SdL"
#define OPTIONS                                                       \
	"'type':'DataIntegrityProof','cryptosuite':'eddsa-jcs-2022'," \
	"'verificationMethod':'" METHOD "','proofPurpose':'assertionMethod'"
#define SIGNED                                                                            \
	"{" CONTEXT "," ACTIVITY ",'proof':{" CONTEXT "," OPTIONS ",'proofValue':'" VALUE \
	"','created':'2023-02-24T23:36:38Z'}}"

struct rig {
	struct kit kit;
	struct key *public, *secret;
};

static int setup(void **state)
{
	static struct rig rig;
	struct buf der CLEANUP(buf_free) = BUF_INIT(128);
	kit_init(&rig.kit);
	assert_true(enc_unhex(&der, STR(PRIVATE_HEX)));
	assert_int_equal(key_from_private(buf_str(&der), &rig.secret), RC_OK);
	assert_int_equal(key_from_multibase(&rig.kit.ctx, STR(PUBLIC), &rig.public), RC_OK);
	*state = &rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;
	key_unref(&rig->public);
	key_unref(&rig->secret);
	kit_free(&rig->kit);
	return 0;
}

/* Does the document's first proof hold? */
static bool holds(struct rig *rig, struct jr document)
{
	struct ap_proof proof;
	struct jr first = jr_one_at(jr_get(document, "proof"), 0);
	return ap_proof_decode(&rig->kit.reader, first, &proof) == RC_OK &&
	       ap_proof_verify(rig->kit.ctx.arena, document, &proof, rig->public);
}

static bool text_holds(struct rig *rig, const char *json)
{
	kit_reset(&rig->kit);
	return holds(rig, kit_parse(&rig->kit, json));
}

/* text with one `from` replaced by `to`. */
static struct str replaced(struct rig *rig, const char *text, const char *from, const char *to)
{
	struct str whole = str_of(text);
	size_t at = str_find(whole, str_of(from));
	assert_true(at < whole.len);
	return arena_printf(rig->kit.ctx.arena, "%.*s%s%s", (int)at, text, to,
			    text + at + strlen(from));
}

static bool changed_holds(struct rig *rig, const char *from, const char *to)
{
	kit_reset(&rig->kit);
	struct str text = replaced(rig, SIGNED, from, to);
	return holds(rig, kit_parse(&rig->kit, text.ptr));
}

static void the_published_document_holds(void **state)
{
	struct rig *rig = *state;
	struct ap_proof proof;
	assert_true(text_holds(rig, SIGNED));
	struct jr root = kit_parse(&rig->kit, SIGNED);
	assert_int_equal(ap_proof_decode(&rig->kit.reader, jr_get(root, "proof"), &proof), RC_OK);
	assert_str_eq(proof.method, STR(METHOD));
	assert_int_equal(proof.created_ms, NOW);
	assert_int_equal(proof.expires_ms, 0);
	assert_null(proof.domain.ptr);
}

static struct str unquoted(struct rig *rig, const char *json)
{
	struct str text = arena_str(rig->kit.ctx.arena, str_of(json));
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			((char *)(uintptr_t)text.ptr)[i] = '"';
	}
	return text;
}

static void the_published_document_is_made(void **state)
{
	struct rig *rig = *state;
	struct buf out CLEANUP(buf_free) = BUF_INIT(8192);
	kit_reset(&rig->kit);
	buf_add(&out, unquoted(rig, "{" CONTEXT "," ACTIVITY "}"));
	assert_int_equal(ap_proof_add(&rig->kit.ctx, &out, rig->secret, STR(METHOD), NOW + 999),
			 RC_OK);
	assert_true(str_contains(buf_str(&out), STR("\"proofValue\":\"" VALUE "\"")));
	assert_true(str_contains(buf_str(&out), STR("\"created\":\"2023-02-24T23:36:38Z\"")));
	assert_true(holds(rig, kit_parse_bytes(&rig->kit, buf_str(&out))));
}

static void order_and_spelling_do_not_matter(void **state)
{
	struct rig *rig = *state;
	assert_true(changed_holds(rig, "'type':'Create',", "'type' : 'Cr\\u0065ate' ,\n"));
	assert_true(changed_holds(rig, "-71.184902", "-7118490.2e-5"));
	assert_true(text_holds(rig, "{'proof':[{'created':'2023-02-24T23:36:38Z'," CONTEXT
				    ",'proofValue':'" VALUE "'," OPTIONS "}]," ACTIVITY "," CONTEXT
				    "}"));
}

static void every_change_is_noticed(void **state)
{
	static const char *const changes[][2] = {
		{ "Hello world", "Hello World" },
		{ "'type':'Create'", "'type':'Update'" },
		{ "'type':'Create'", "'type':'Create','to':'as:Public'" },
		{ "users/alice',", "users/mallory'," },
		{ "25.273962", "25.273963" },
		{ "objects/1", "objects/2" },
		{ "'created':'2023-02-24T23:36:38Z'", "'created':'2023-02-24T23:36:39Z'" },
		{ "'created':", "'expires':'2033-02-24T23:36:38Z','created':" },
		{ "'created':", "'domain':'a.example','created':" },
		{ "'created':", "'nonce':'1','created':" },
		{ "#ed25519-key", "#other-key" },
		{ "z42ffGu6", "z42ffGu7" },
		{ "z42ffGu6", "42ffGu6" },
		/* a context that is not what was signed, in either place */
		{ "activitystreams',", "activitystreamz'," },
		{ "'proof':{'@context':['https://www.w3.org/ns/activitystreams',",
		  "'proof':{'@context':[" },
	};
	struct rig *rig = *state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		if (changed_holds(rig, changes[i][0], changes[i][1]))
			fail_msg("%s holds", changes[i][1]);
	}
}

/* As Fedify sends it: signed with the document's context, which does not stand in the proof. */
static void a_proof_without_a_context_has_the_documents(void **state)
{
	struct rig *rig = *state;
	assert_true(changed_holds(rig,
				  "'proof':{'@context':['https://www.w3.org/ns/activitystreams',"
				  "'https://w3id.org/security/data-integrity/v2'],",
				  "'proof':{"));
}

/* VC-DI-EDDSA section 3.3.2; and FEP-8b32 on linked-data signatures. */
static void what_was_added_behind_does_not_hurt(void **state)
{
	struct rig *rig = *state;
	assert_true(changed_holds(rig, "data-integrity/v2'],'id'",
				  "data-integrity/v2','https://b.example/c'],'id'"));
	assert_false(changed_holds(rig, "'@context':['https://www.w3.org/ns/activitystreams'",
				   "'@context':['https://b.example/c',"
				   "'https://www.w3.org/ns/activitystreams'"));
	assert_true(changed_holds(rig, "'proof':{",
				  "'signature':{'type':'RsaSignature2017'},'proof':{"));
}

static void s021_other_proofs_are_not_verified(void **state)
{
	static const struct {
		const char *from, *to;
		enum rc rc;
	} cases[] = {
		{ "'DataIntegrityProof'", "'Ed25519Signature2020'", RC_UNSUPPORTED },
		{ "'DataIntegrityProof'", "['DataIntegrityProof']", RC_UNSUPPORTED },
		{ "eddsa-jcs-2022", "eddsa-rdfc-2022", RC_UNSUPPORTED },
		{ "'proofPurpose':'assertionMethod'", "'proofPurpose':'authentication'",
		  RC_UNSUPPORTED },
		{ "'proofPurpose':'assertionMethod'", "'x':1", RC_UNSUPPORTED },
		{ "'created':", "'previousProof':'urn:uuid:1','created':", RC_UNSUPPORTED },
		{ "'created':", "'domain':['a.example'],'created':", RC_UNSUPPORTED },
		{ "'created':", "'expires':'soon','created':", RC_INVALID },
		{ "'created':", "'expires':null,'created':", RC_INVALID },
		{ "'created':'2023-02-24T23:36:38Z'", "'x':1", RC_INVALID },
		{ "'created':'2023-02-24T23:36:38Z'", "'created':'yesterday'", RC_INVALID },
		{ "'proofValue':", "'value':", RC_INVALID },
		{ "'verificationMethod':", "'method':", RC_INVALID },
		{ "'verificationMethod':'", "'verificationMethod':{},'x':'", RC_INVALID },
	};
	struct rig *rig = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ap_proof proof;
		kit_reset(&rig->kit);
		struct str text = replaced(rig, SIGNED, cases[i].from, cases[i].to);
		struct jr root = kit_parse(&rig->kit, text.ptr);
		enum rc rc = ap_proof_decode(&rig->kit.reader, jr_get(root, "proof"), &proof);
		if (rc != cases[i].rc)
			fail_msg("%s for %s", rc_name(rc), cases[i].to);
	}
}

static void odd_proof(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_proof proof;
	assert_int_not_equal(ap_proof_decode(&kit->reader, jr_get(root, "proof"), &proof), RC_OK);
}

static void s049_odd_values_are_no_proofs(void **state)
{
	struct rig *rig = *state;
	kit_each_odd(&rig->kit, "{'proof':%s}", odd_proof);
	kit_each_odd(&rig->kit, "{'proof':{" OPTIONS ",'created':%s,'proofValue':'z'}}", odd_proof);
	kit_each_odd(&rig->kit,
		     "{'proof':{'type':%s,'created':'2023-02-24T23:36:38Z','proofValue':'z'}}",
		     odd_proof);
}

static void documents_that_are_not_ours_get_none(void **state)
{
	static const char *const texts[] = { "", "[]", "{}", "{\"a\":1", "{\"a\":1}\n", "nothing" };
	struct rig *rig = *state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(8192);
		kit_reset(&rig->kit);
		buf_add(&out, str_of(texts[i]));
		assert_int_equal(ap_proof_add(&rig->kit.ctx, &out, rig->secret, STR(METHOD), NOW),
				 RC_INVALID);
		assert_str_eq(buf_str(&out), str_of(texts[i]));
	}
	struct buf proved CLEANUP(buf_free) = BUF_INIT(8192);
	buf_add(&proved, STR("{\"a\":1,\"proof\":[]}"));
	kit_reset(&rig->kit);
	assert_int_equal(ap_proof_add(&rig->kit.ctx, &proved, rig->secret, STR(METHOD), NOW),
			 RC_EXISTS);
	assert_str_eq(buf_str(&proved), STR("{\"a\":1,\"proof\":[]}"));
	struct buf tight CLEANUP(buf_free) = BUF_INIT(20);
	buf_add(&tight, STR("{\"a\":1}"));
	kit_reset(&rig->kit);
	assert_int_equal(ap_proof_add(&rig->kit.ctx, &tight, rig->secret, STR(METHOD), NOW),
			 RC_NO_MEMORY);
}

static void a_document_without_a_context_is_signed_without(void **state)
{
	struct rig *rig = *state;
	struct buf out CLEANUP(buf_free) = BUF_INIT(8192);
	kit_reset(&rig->kit);
	buf_add(&out, STR("{\"type\":\"Like\",\"n\":[1.50,\"\\u00e9\"]}"));
	assert_int_equal(ap_proof_add(&rig->kit.ctx, &out, rig->secret, STR(METHOD), NOW), RC_OK);
	assert_false(str_contains(buf_str(&out), STR("@context")));
	assert_true(holds(rig, kit_parse_bytes(&rig->kit, buf_str(&out))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_document_holds),
		cmocka_unit_test(the_published_document_is_made),
		cmocka_unit_test(order_and_spelling_do_not_matter),
		cmocka_unit_test(every_change_is_noticed),
		cmocka_unit_test(a_proof_without_a_context_has_the_documents),
		cmocka_unit_test(what_was_added_behind_does_not_hurt),
		cmocka_unit_test(s021_other_proofs_are_not_verified),
		cmocka_unit_test(s049_odd_values_are_no_proofs),
		cmocka_unit_test(documents_that_are_not_ours_get_none),
		cmocka_unit_test(a_document_without_a_context_is_signed_without),
	};
	return cmocka_run_group_tests_name("proof", tests, setup, teardown);
}
