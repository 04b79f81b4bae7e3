/* Integrity proofs in documents. Pure. */
#include "ap/proof.h"

#include "core/date.h"
#include "core/must.h"
#include "crypt/proof.h"
#include "json/jcs.h"
#include "json/jw.h"

#define PROOF_TYPE "DataIntegrityProof"
#define PROOF_PURPOSE "assertionMethod"
#define CANONICAL_MAX ((size_t)8 << 20) /* numbers and escapes grow */

/* A time that is there must be one. */
static bool time_decode(struct jr field, uint64_t *out)
{
	*out = 0;
	return jr_type(field) == JR_ABSENT || date_parse_rfc3339(jr_str(field), out);
}

enum rc ap_proof_decode(const struct ap_reader *reader, struct jr proof, struct ap_proof *out)
{
	*out = (struct ap_proof){
		.method = jr_str(jr_get(proof, "verificationMethod")),
		.value = jr_str(jr_get(proof, "proofValue")),
		.domain = jr_str(jr_get(proof, "domain")),
		.whole = proof,
	};
	if (jr_type(proof) != JR_OBJECT)
		return ctx_fail(reader->ctx, RC_INVALID, "the proof is no object");
	if (!str_eq(jr_str(jr_get(proof, "type")), STR(PROOF_TYPE)) ||
	    !str_eq(jr_str(jr_get(proof, "cryptosuite")), STR(PROOF_CRYPTOSUITE)))
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "the proof is of another suite");
	/* FEP-8b32: it MUST be this one; a key that is for something else proves nothing */
	if (!str_eq(jr_str(jr_get(proof, "proofPurpose")), STR(PROOF_PURPOSE)))
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "the proof has another purpose");
	/* Data Integrity section 2.1.2: it covers other proofs too, which are not looked at */
	if (jr_type(jr_get(proof, "previousProof")) != JR_ABSENT)
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "the proof is one of a chain");
	if (out->method.len == 0 || out->value.len == 0)
		return ctx_fail(reader->ctx, RC_INVALID, "the proof has no key or no value");
	if (jr_type(jr_get(proof, "domain")) != JR_ABSENT && out->domain.ptr == NULL)
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "the proof's domain is not one");
	if (!time_decode(jr_get(proof, "created"), &out->created_ms) || out->created_ms == 0)
		return ctx_fail(reader->ctx, RC_INVALID, "the proof has no time");
	if (!time_decode(jr_get(proof, "expires"), &out->expires_ms))
		return ctx_fail(reader->ctx, RC_INVALID, "the proof's end is no time");
	return RC_OK;
}

static struct str canonical(struct arena *arena, struct jr value, const struct jcs_change *changes,
			    size_t count)
{
	struct buf out = BUF_INIT(CANONICAL_MAX);
	enum rc rc = jcs_write(arena, value, changes, count, &out);
	struct str text = arena_take_buf(arena, &out);
	return rc == RC_OK ? text : STR_NONE;
}

/*
 * VC-DI-EDDSA section 3.3.2: the document's context begins with the proof's. What stands behind
 * changes no meaning here, since no context is ever processed.
 */
static bool context_begins_with(struct arena *arena, struct jr whole, struct jr part)
{
	for (size_t i = 0; i < jr_one_count(part); i++) {
		struct jr one = jr_one_at(whole, i);
		if (jr_type(one) == JR_ABSENT ||
		    !str_eq(canonical(arena, one, NULL, 0),
			    canonical(arena, jr_one_at(part, i), NULL, 0)))
			return false;
	}
	return true;
}

static bool verify_with(struct arena *arena, struct jr document, const struct ap_proof *proof,
			struct jr context, struct jr document_context, const struct key *key)
{
	const struct jcs_change options_changes[] = { { "proofValue", { NULL } },
						      { "@context", context } };
	const struct jcs_change document_changes[] = { { "proof", { NULL } },
						       { "signature", { NULL } },
						       { "@context", document_context } };
	struct str options =
		canonical(arena, proof->whole, options_changes, ARRAY_LEN(options_changes));
	struct str body = canonical(arena, document, document_changes, ARRAY_LEN(document_changes));
	return options.ptr != NULL && body.ptr != NULL &&
	       proof_verify(key, options, body, proof->value);
}

bool ap_proof_verify(struct arena *arena, struct jr document, const struct ap_proof *proof,
		     const struct key *key)
{
	struct jr theirs = jr_get(document, "@context"), own = jr_get(proof->whole, "@context");
	if (jr_type(document) != JR_OBJECT)
		return false;
	if (jr_type(own) != JR_ABSENT)
		return context_begins_with(arena, theirs, own) &&
		       verify_with(arena, document, proof, own, own, key);
	/* Fedify signs with the document's context among the options and does not send it there */
	return verify_with(arena, document, proof, own, theirs, key) ||
	       (jr_type(theirs) != JR_ABSENT &&
		verify_with(arena, document, proof, theirs, theirs, key));
}

/* --- ours --- */

/* Readers that spell a time anew (Fedify) agree with us on whole seconds only. */
static struct str seconds(struct arena *arena, uint64_t ms)
{
	struct buf text = BUF_INIT(64);
	date_add_rfc3339(&text, ms);
	buf_cut(&text, str_index(buf_str(&text), '.'));
	buf_add_chr(&text, 'Z');
	return arena_take_buf(arena, &text);
}

/* In the order of the canonical form, so that it is one. */
static struct str options_write(struct arena *arena, struct str context, struct str method,
				uint64_t now_ms)
{
	struct buf out = BUF_INIT(CANONICAL_MAX);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	/* VC-DI-EDDSA section 3.3.1: the proof has the document's context */
	if (context.ptr != NULL) {
		jw_name(&w, "@context");
		jw_raw(&w, context);
	}
	jw_member_str(&w, "created", seconds(arena, now_ms));
	jw_member_str(&w, "cryptosuite", STR(PROOF_CRYPTOSUITE));
	jw_member_str(&w, "proofPurpose", STR(PROOF_PURPOSE));
	jw_member_str(&w, "type", STR(PROOF_TYPE));
	jw_member_str(&w, "verificationMethod", method);
	jw_end(&w);
	jw_done(&w);
	return arena_take_buf(arena, &out);
}

static enum rc make(struct ctx *ctx, struct jr root, const struct key *key, struct str method,
		    uint64_t now_ms, struct buf *proof)
{
	struct arena *arena = ctx->arena;
	struct jr context = jr_get(root, "@context");
	bool has_context = jr_type(context) != JR_ABSENT;
	struct str spelt = has_context ? canonical(arena, context, NULL, 0) : STR_NONE;
	struct str options = options_write(arena, spelt, method, now_ms);
	struct str body = canonical(arena, root, NULL, 0);
	struct buf value CLEANUP(buf_free) = BUF_INIT(128);
	if (options.ptr == NULL || body.ptr == NULL || (has_context && spelt.ptr == NULL))
		return ctx_fail(ctx, RC_NO_MEMORY, "the document is too large to sign");
	enum rc rc = proof_create(key, options, body, &value);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the document cannot be signed");
	buf_add(proof, str_take(options, options.len - 1));
	buf_add(proof, STR(",\"proofValue\":\""));
	buf_add(proof, buf_str(&value));
	buf_add(proof, STR("\"}"));
	return RC_OK;
}

enum rc ap_proof_add(struct ctx *ctx, struct buf *document, const struct key *key,
		     struct str method, uint64_t now_ms)
{
	struct buf proof CLEANUP(buf_free) = BUF_INIT(CANONICAL_MAX);
	struct jr_doc *doc;
	if (document->failed)
		return ctx_fail(ctx, RC_NO_MEMORY, "the document is too large");
	enum rc rc = jr_parse(ctx, buf_str(document), &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	if (jr_type(jr_root(doc)) != JR_OBJECT || !str_has_suffix(buf_str(document), STR("}")) ||
	    document->len <= 2)
		rc = ctx_fail(ctx, RC_INVALID, "the document is no object of ours");
	else if (jr_type(jr_get(jr_root(doc), "proof")) != JR_ABSENT)
		rc = ctx_fail(ctx, RC_EXISTS, "the document has a proof");
	if (rc == RC_OK)
		rc = make(ctx, jr_root(doc), key, method, now_ms, &proof);
	jr_free(&doc);
	if (rc != RC_OK)
		return rc;
	buf_cut(document, document->len - 1);
	buf_add(document, STR(",\"proof\":"));
	buf_add(document, buf_str(&proof));
	buf_add_chr(document, '}');
	return document->failed || proof.failed ? RC_NO_MEMORY : RC_OK;
}
