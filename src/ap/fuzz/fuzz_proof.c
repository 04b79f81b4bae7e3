/*
 * Proofs in whatever peers send. What is signed here is verified here, and no longer when anything is
 * added to it; what came in verifies alike however often it is asked.
 */
#include <stdint.h>

#include "ap/proof.h"
#include "core/enc.h"
#include "core/must.h"

#define ARENA_MAX ((size_t)128 << 20)
#define DOCUMENT_MAX ((size_t)16 << 20)
#define NOW UINT64_C(1677281798000)
#define METHOD "https://server.example/users/alice#ed25519-key"
/* The key of FEP-8b32, as PKCS#8. */
#define PRIVATE_HEX                        \
	"302e020100300506032b657004220420" \
	"c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct key *the_key(void)
{
	static struct key *key;
	if (key == NULL) {
		struct buf der CLEANUP(buf_free) = BUF_INIT(128);
		must(enc_unhex(&der, STR(PRIVATE_HEX)));
		must(key_from_private(buf_str(&der), &key) == RC_OK);
	}
	return key;
}

static bool holds(struct ctx *ctx, struct jr document, struct jr one)
{
	const struct ap_reader reader = { ctx, IRI_STRICT };
	struct ctx quiet = { .arena = ctx->arena };
	const struct ap_reader silent = { &quiet, reader.iri_flags };
	struct ap_proof proof;
	if (ap_proof_decode(&silent, one, &proof) != RC_OK)
		return false;
	must(proof.method.len != 0 && proof.value.len != 0 && proof.created_ms != 0);
	return ap_proof_verify(ctx->arena, document, &proof, the_key());
}

static bool first_holds(struct ctx *ctx, struct str bytes)
{
	struct jr_doc *doc;
	struct ctx quiet = { .arena = ctx->arena };
	if (jr_parse(&quiet, bytes, &jr_limits_peer, &doc) != RC_OK)
		return false;
	struct jr root = jr_root(doc);
	bool right = holds(ctx, root, jr_one_at(jr_get(root, "proof"), 0));
	jr_free(&doc);
	return right;
}

/* The same with one more member. */
static struct str with_more(struct arena *arena, struct str document)
{
	return arena_join(arena, STR("{\"a member of nobody\":0,"), str_skip(document, 1));
}

static void sign_and_verify(struct ctx *ctx, struct str bytes)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(DOCUMENT_MAX);
	struct ctx quiet = { .arena = ctx->arena };
	buf_add(&out, bytes);
	if (ap_proof_add(&quiet, &out, the_key(), STR(METHOD), NOW) != RC_OK || out.ptr[0] != '{' ||
	    out.len > jr_limits_peer.bytes)
		return;
	struct jr_doc *doc;
	/* its nodes and names may be one too many now, or it had a proof before */
	if (jr_parse(&quiet, buf_str(&out), &jr_limits_peer, &doc) != RC_OK)
		return;
	jr_free(&doc);
	must(first_holds(ctx, buf_str(&out)));
	must(!first_holds(ctx, with_more(ctx->arena, buf_str(&out))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new(ARENA_MAX) };
	struct jr_doc *doc;
	must(ctx.arena != NULL);
	if (jr_parse(&ctx, str_n(data, size), &jr_limits_peer, &doc) == RC_OK) {
		struct jr root = jr_root(doc), proofs = jr_get(root, "proof");
		for (size_t i = 0; i < jr_one_count(proofs) && i < AP_PROOFS_MAX; i++) {
			struct jr one = jr_one_at(proofs, i);
			must(holds(&ctx, root, one) == holds(&ctx, root, one));
		}
		jr_free(&doc);
		sign_and_verify(&ctx, str_n(data, size));
	}
	arena_free(&ctx.arena);
	return 0;
}
