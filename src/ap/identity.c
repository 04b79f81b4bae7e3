/* Identity statements. Pure. */
#include "ap/identity.h"

#include "ap/proof.h"
#include "field_int.h"
#include "json/jcs.h"

#define TYPE "VerifiableIdentityStatement"
#define DID_KEY "did:key:"
#define SUBJECT_MAX 128

/* The did:key method has the key's multibase form as its name; only Ed25519 makes our proofs. */
static enum rc subject_key(struct ctx *ctx, struct str subject, struct key **out)
{
	if (!str_has_prefix(subject, STR(DID_KEY)) || subject.len > SUBJECT_MAX)
		return ctx_fail(ctx, RC_UNSUPPORTED, "the subject is no did:key of Ed25519");
	enum rc rc = key_from_multibase(ctx, str_skip(subject, sizeof(DID_KEY) - 1), out);
	if (rc == RC_OK && key_kind(*out) != KEY_ED25519) {
		key_unref(out);
		rc = ctx_fail(ctx, RC_UNSUPPORTED, "the subject is no did:key of Ed25519");
	}
	return rc;
}

static enum rc statement_keep(const struct ap_reader *reader, struct jr statement, struct str *out)
{
	struct buf text = BUF_INIT(AP_IDENTITY_BYTES_MAX);
	struct arena *arena = reader->ctx->arena;
	enum rc rc = jcs_write(arena, statement, NULL, 0, &text);
	*out = arena_take_buf(arena, &text);
	if (arena_failed(arena))
		return ctx_fail(reader->ctx, RC_NO_MEMORY, "the statement is too large");
	return rc == RC_OK ? RC_OK
			   : ctx_fail(reader->ctx, RC_TOO_LARGE, "the statement is too long");
}

/* FEP-c390, "Proof verification" */
static enum rc claims_check(const struct ap_reader *reader, struct jr statement, struct str actor,
			    const struct ap_identity *identity, const struct ap_proof *proof)
{
	struct jr known = jr_get(statement, "alsoKnownAs");
	if (!str_eq(jr_str(jr_one_at(jr_get(statement, "type"), 0)), STR(TYPE)))
		return ctx_fail(reader->ctx, RC_INVALID, "it is no identity statement");
	if (jr_one_count(known) != 1 || !str_eq(ap_id(reader, known), actor))
		return ctx_fail(reader->ctx, RC_INVALID, "it is about another account");
	if (!str_eq(proof->method, identity->subject))
		return ctx_fail(reader->ctx, RC_INVALID, "it is proved by another key");
	if (proof->domain.ptr != NULL)
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "it is for one domain only");
	return RC_OK;
}

enum rc ap_identity_decode(const struct ap_reader *reader, struct jr statement, struct str actor,
			   struct ap_identity *out)
{
	struct jr proofs = jr_get(statement, "proof");
	struct ap_proof proof;
	struct key *key;
	*out = (struct ap_identity){ .subject = jr_str(jr_get(statement, "subject")) };
	if (jr_one_count(proofs) != 1)
		return ctx_fail(reader->ctx, RC_INVALID, "the statement has not one proof");
	enum rc rc = statement_keep(reader, statement, &out->statement);
	if (rc == RC_OK)
		rc = ap_proof_decode(reader, jr_one_at(proofs, 0), &proof);
	if (rc == RC_OK)
		rc = claims_check(reader, statement, actor, out, &proof);
	if (rc == RC_OK)
		rc = subject_key(reader->ctx, out->subject, &key);
	if (rc != RC_OK)
		return rc;
	bool right = ap_proof_verify(reader->ctx->arena, statement, &proof, key);
	key_unref(&key);
	out->expires_ms = proof.expires_ms;
	if (!right)
		rc = ctx_fail(reader->ctx, RC_INVALID, "the statement's proof is wrong");
	return arena_failed(reader->ctx->arena) ? RC_NO_MEMORY : rc;
}

static bool has_only(struct jr object, const struct str *names, size_t count)
{
	struct jr_iter it = { 0 };
	struct str name;
	struct jr value;
	while (jr_next(object, &it, &name, &value)) {
		size_t i = 0;
		while (i < count && !str_eq(name, names[i]))
			i++;
		if (i == count ||
		    jr_type(value) != (str_eq(name, STR("proof")) ? JR_OBJECT : JR_STRING))
			return false;
	}
	return true;
}

bool ap_identity_is_plain(struct jr statement)
{
	static const struct str members[] = { STR_INIT("type"), STR_INIT("subject"),
					      STR_INIT("alsoKnownAs"), STR_INIT("proof") };
	static const struct str options[] = {
		STR_INIT("type"),      STR_INIT("cryptosuite"),	       STR_INIT("created"),
		STR_INIT("expires"),   STR_INIT("verificationMethod"), STR_INIT("proofPurpose"),
		STR_INIT("proofValue")
	};
	return has_only(statement, members, ARRAY_LEN(members)) &&
	       has_only(jr_get(statement, "proof"), options, ARRAY_LEN(options));
}
