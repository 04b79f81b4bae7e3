/* Passkeys: what browsers are asked and what they answer. Writes inside transactions only. */
#include "act_int.h"
#include "core/enc.h"
#include "db/rec.h"
#include "social/factor.h"
#include "text/html.h"
#include "json/jr.h"
#include "json/jw.h"

#define ANSWER_MAX ((size_t)64 * 1024)
#define OPTIONS_MAX ((size_t)64 * 1024)
#define NAME_CHARS_MAX 50
#define NAME_BYTES_MAX 200

/* --- what is asked --- */

static struct str party_id(const struct site *site)
{
	return str_take(site->host, str_index(site->host, ':'));
}

static void write_base64(struct jw *w, struct str bytes)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
	enc_base64url(&text, bytes);
	jw_str(w, buf_str(&text));
}

static void write_common(struct jw *w, const struct challenge *challenge)
{
	jw_object(w);
	jw_name(w, "challenge");
	write_base64(w, str_n(challenge->bytes, CHALLENGE_SIZE));
	jw_member_u64(w, "timeout", CHALLENGE_LIFE_MS);
}

/* The credentials that there are: not to be made again, or to be used. */
static void write_credentials(struct jw *w, const char *name, struct db_txn *txn,
			      struct arena *arena, uint64_t account)
{
	struct passkey passkeys[PASSKEYS_MAX];
	size_t n = account != 0 ? passkey_list(txn, arena, account, passkeys) : 0;
	jw_name(w, name);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("public-key"));
		jw_name(w, "id");
		write_base64(w, passkeys[i].credential);
		jw_end(w);
	}
	jw_end(w);
}

static void write_algorithms(struct jw *w)
{
	static const int algorithms[] = { -8, -7, -257 }; /* EdDSA, ES256, RS256 */
	jw_name(w, "pubKeyCredParams");
	jw_array(w);
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("public-key"));
		jw_name(w, "alg");
		jw_i64(w, algorithms[i]);
		jw_end(w);
	}
	jw_end(w);
}

static enum rc options_end(struct ctx *ctx, struct jw *w, struct buf *json, struct str *out)
{
	jw_end(w);
	jw_done(w);
	*out = arena_take_buf(ctx->arena, json);
	return out->ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
}

/* WebAuthn section 5.4. */
enum rc passkey_creation_options(struct ctx *ctx, struct db_txn *txn, const struct site *site,
				 const struct account *account, const struct challenge *challenge,
				 struct str *out)
{
	struct buf json = BUF_INIT(OPTIONS_MAX);
	/* section 14.6.1: a handle that says nothing about the person */
	struct reckey handle = reckey_u64(account->id);
	struct jw w;
	jw_init(&w, &json);
	write_common(&w, challenge);
	jw_name(&w, "rp");
	jw_object(&w);
	jw_member_str(&w, "id", party_id(site));
	jw_member_str(&w, "name", site->title);
	jw_end(&w);
	jw_name(&w, "user");
	jw_object(&w);
	jw_name(&w, "id");
	write_base64(&w, reckey_str(&handle));
	jw_member_str(&w, "name",
		      arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(account->username),
				   STR_ARG(site->domain)));
	jw_member_str(&w, "displayName",
		      account->display_name.len != 0 ? account->display_name : account->username);
	jw_end(&w);
	write_algorithms(&w);
	write_credentials(&w, "excludeCredentials", txn, ctx->arena, account->id);
	jw_name(&w, "authenticatorSelection");
	jw_object(&w);
	jw_member_str(&w, "residentKey", STR("preferred"));
	jw_member_str(&w, "userVerification", STR("preferred"));
	jw_end(&w);
	jw_member_str(&w, "attestation", STR("none"));
	return options_end(ctx, &w, &json, out);
}

/* Section 5.5. */
enum rc passkey_request_options(struct ctx *ctx, struct db_txn *txn, const struct site *site,
				uint64_t account, const struct challenge *challenge,
				struct str *out)
{
	struct buf json = BUF_INIT(OPTIONS_MAX);
	struct jw w;
	jw_init(&w, &json);
	write_common(&w, challenge);
	jw_member_str(&w, "rpId", party_id(site));
	write_credentials(&w, "allowCredentials", txn, ctx->arena, account);
	jw_member_str(&w, "userVerification", account != 0 ? STR("preferred") : STR("required"));
	return options_end(ctx, &w, &json, out);
}

/* --- what is answered --- */

/* Absent when it is not there or no base64. */
static struct str member_bytes(struct arena *arena, struct jr object, const char *name)
{
	struct str text = jr_str(jr_get(object, name));
	struct buf bytes = BUF_INIT(ANSWER_MAX);
	if (text.len == 0 || !enc_unbase64(&bytes, text)) {
		buf_free(&bytes);
		return STR_NONE;
	}
	return arena_take_buf(arena, &bytes);
}

/* WebAuthn section 5.8.1; members that are not known may stand there. */
static enum rc client_read(struct ctx *ctx, struct passkey_answer *a)
{
	struct jr_doc *doc;
	enum rc rc = jr_parse(ctx, a->client_json, &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	struct jr root = jr_root(doc);
	a->client = (struct webauthn_client){
		.json = a->client_json,
		.type = arena_str(ctx->arena, jr_str(jr_get(root, "type"))),
		.challenge = arena_str(ctx->arena, jr_str(jr_get(root, "challenge"))),
		.origin = arena_str(ctx->arena, jr_str(jr_get(root, "origin"))),
		.cross_origin = jr_bool(jr_get(root, "crossOrigin"), false)
	};
	a->challenge = member_bytes(ctx->arena, root, "challenge");
	jr_free(&doc);
	return RC_OK;
}

enum rc passkey_answer_read(struct ctx *ctx, struct str json, struct passkey_answer *out)
{
	struct jr_doc *doc;
	*out = (struct passkey_answer){ .id = STR_NONE };
	if (json.len > ANSWER_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "the answer is too long");
	enum rc rc = jr_parse(ctx, json, &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	struct jr root = jr_root(doc);
	out->id = member_bytes(ctx->arena, root, "id");
	out->client_json = member_bytes(ctx->arena, root, "clientDataJSON");
	out->attestation = member_bytes(ctx->arena, root, "attestationObject");
	out->authenticator = member_bytes(ctx->arena, root, "authenticatorData");
	out->signature = member_bytes(ctx->arena, root, "signature");
	jr_free(&doc);
	if (out->client_json.len == 0)
		return ctx_fail(ctx, RC_INVALID, "the answer has no client data");
	rc = client_read(ctx, out);
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	return rc;
}

/* --- writes --- */

static struct webauthn_party party_of(const struct social *s, const struct passkey_answer *answer,
				      bool need_verified)
{
	return (struct webauthn_party){ .id = party_id(s->site),
					.origin = s->site->base,
					.challenge = answer->challenge,
					.need_verified = need_verified };
}

/* The first second factor brings the codes for when it is lost. */
static bool codes_give(struct social *s, uint64_t account, const struct recovery_codes *codes)
{
	struct factor f;
	(void)factor_get(s->txn, s->ctx->arena, account, &f);
	if (f.recovery_count != 0)
		return false;
	memcpy(f.recovery, codes->digest, sizeof(f.recovery));
	f.recovery_count = RECOVERY_CODES;
	factor_put(s->txn, account, &f);
	return true;
}

enum rc passkey_register(struct social *s, uint64_t account, const struct passkey_answer *answer,
			 struct str name, const struct recovery_codes *codes, bool *codes_taken)
{
	const struct webauthn_party party = party_of(s, answer, false);
	struct webauthn_credential credential;
	*codes_taken = false;
	if (!challenge_take(s->txn, answer->challenge, CHALLENGE_REGISTER, account))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "the challenge is none of ours"));
	enum rc rc = webauthn_register(&s->ctx->err, &party, &answer->client, answer->attestation,
				       &credential);
	struct passkey p = { .account = account, .created_ms = db_txn_now(s->txn) };
	if (rc == RC_OK)
		rc = text_clean(s->ctx, str_trim(name), NAME_CHARS_MAX, NAME_BYTES_MAX, &p.name);
	if (rc != RC_OK)
		return act_end(s, rc);
	p.credential = credential.id;
	p.key = credential.key;
	p.counter = credential.counter;
	if (!passkey_add(s->txn, &p))
		return act_end(s, ctx_fail(s->ctx, RC_EXISTS,
					   "the passkey is known, or there are too many"));
	*codes_taken = codes_give(s, account, codes);
	return act_end(s, RC_OK);
}

enum rc passkey_use(struct social *s, uint64_t account, const struct passkey_answer *answer,
		    uint64_t *who, enum rc *verdict)
{
	const struct webauthn_party party = party_of(s, answer, account == 0);
	const struct webauthn_assertion assertion = { answer->client, answer->authenticator,
						      answer->signature };
	struct passkey p;
	*who = 0;
	*verdict = RC_DENIED;
	if (!challenge_take(s->txn, answer->challenge, CHALLENGE_SIGN_IN, account) ||
	    answer->id.len == 0 || !passkey_find(s->txn, s->ctx->arena, answer->id, &p) ||
	    (account != 0 && p.account != account))
		return act_end(s, RC_OK);
	const struct webauthn_credential known = { p.credential, p.key, p.counter };
	*verdict = webauthn_assert(&s->ctx->err, &party, &known, &assertion, &p.counter);
	if (*verdict != RC_OK)
		return act_end(s, RC_OK);
	p.used_ms = db_txn_now(s->txn);
	passkey_put(s->txn, &p);
	*who = p.account;
	return act_end(s, RC_OK);
}

enum rc passkey_remove(struct social *s, uint64_t account, uint64_t id)
{
	if (!passkey_del(s->txn, account, id))
		return act_end(s, RC_NOT_FOUND);
	const struct factor_state state = factor_state(s->txn, s->ctx->arena, account);
	if (!factor_is_needed(&state))
		factor_del(s->txn, account);
	return act_end(s, RC_OK);
}
