/* Outgoing requests, signed in either scheme. Stateless, any thread. */
#include "core/clock.h"
#include "core/date.h"
#include "core/enc.h"
#include "message_int.h"
#include "sf_int.h"

/* The request with what is being made of it. */
struct signing {
	struct ctx *ctx;
	const struct httpsig_request *req;
	const struct httpsig_signer *signer;
	struct httpsig_header *headers;
	size_t count;
};

static enum rc fail(const struct signing *s, enum rc rc)
{
	return ctx_fail(s->ctx, rc, "the request cannot be signed: %s", rc_text(rc));
}

static void add_header(struct signing *s, struct str name, struct str value)
{
	s->headers[s->count++] = (struct httpsig_header){ name, value };
}

/* Keeps value in the arena and adds it as a header. */
static struct str take_header(struct signing *s, struct str name, struct buf *value)
{
	struct str kept = arena_take_buf(s->ctx->arena, value);
	add_header(s, name, kept);
	return kept;
}

static enum rc sign_base(const struct signing *s, struct buf *base, struct buf *signature)
{
	enum rc rc =
		base->failed ? RC_NO_MEMORY : key_sign(s->signer->key, buf_str(base), signature);
	buf_free(base);
	return rc;
}

static void add_line(struct buf *base, const struct httpsig_header *header)
{
	buf_add_chr(base, '\n');
	buf_add(base, header->name);
	buf_add(base, STR(": "));
	buf_add(base, header->value);
}

static bool is_rsa(const struct signing *s)
{
	return key_kind(s->signer->key) == KEY_RSA;
}

/* The headers that the signature covers; the base is made of just these. */
static void add_cavage_headers(struct signing *s)
{
	struct buf date = BUF_INIT(64);
	add_header(s, STR("host"), arena_str(s->ctx->arena, s->req->authority));
	date_add_http(&date, s->signer->now_s * MS_PER_SECOND);
	take_header(s, STR("date"), &date);
	if (s->req->has_body)
		add_header(s, STR("digest"), digest_header(s->ctx->arena, &s->req->body));
	if (s->signer->also.name.len != 0)
		add_header(s, s->signer->also.name, s->signer->also.value);
}

static enum rc sign_cavage(struct signing *s)
{
	struct buf base = BUF_INIT(MESSAGE_MAX), signature = BUF_INIT(4096);
	struct buf value = BUF_INIT(MESSAGE_MAX);
	add_cavage_headers(s);
	buf_add(&base, STR("(request-target): "));
	message_add_lower(&base, s->req->method);
	buf_add_chr(&base, ' ');
	buf_add(&base, s->signer->without_query ? message_path(s->req) : s->req->target);
	for (size_t i = 0; i < s->count; i++)
		add_line(&base, &s->headers[i]);
	enum rc rc = sign_base(s, &base, &signature);
	if (rc == RC_OK) {
		buf_addf(&value, "keyId=\"%.*s\",algorithm=\"%s\",headers=\"(request-target)",
			 STR_ARG(s->signer->key_id), is_rsa(s) ? "rsa-sha256" : "hs2019");
		for (size_t i = 0; i < s->count; i++) {
			buf_add_chr(&value, ' ');
			buf_add(&value, s->headers[i].name);
		}
		buf_add(&value, STR("\",signature=\""));
		enc_base64(&value, buf_str(&signature));
		buf_add_chr(&value, '"');
		take_header(s, STR("signature"), &value);
	}
	buf_free(&signature);
	return rc;
}

/* RFC 9421 section 2.3; the order of the parameters is ours to choose. */
static void add_signature_params(struct buf *out, const struct signing *s)
{
	buf_add(out, STR("(\"@method\" \"@target-uri\""));
	if (s->req->has_body)
		buf_add(out, STR(" \"content-digest\""));
	if (s->signer->also.name.len != 0)
		buf_addf(out, " \"%.*s\"", STR_ARG(s->signer->also.name));
	buf_addf(out, ");created=%llu;keyid=", (unsigned long long)s->signer->now_s);
	sf_add_string(out, s->signer->key_id);
	buf_addf(out, ";alg=\"%s\"", is_rsa(s) ? "rsa-v1_5-sha256" : "ed25519");
}

static void add_rfc9421_base(struct buf *base, const struct signing *s, struct str params)
{
	buf_add(base, STR("\"@method\": "));
	buf_add(base, s->req->method);
	buf_add(base, STR("\n\"@target-uri\": "));
	message_add_target_uri(base, s->req);
	if (s->req->has_body) {
		buf_add(base, STR("\n\"content-digest\": "));
		buf_add(base, s->headers[0].value);
	}
	if (s->signer->also.name.len != 0)
		buf_addf(base, "\n\"%.*s\": %.*s", STR_ARG(s->signer->also.name),
			 STR_ARG(s->signer->also.value));
	buf_add(base, STR("\n\"@signature-params\": "));
	buf_add(base, params);
}

#define LABEL "sig1="

static enum rc sign_rfc9421(struct signing *s)
{
	struct buf base = BUF_INIT(MESSAGE_MAX), signature = BUF_INIT(4096);
	struct buf input = BUF_INIT(MESSAGE_MAX), value = BUF_INIT(MESSAGE_MAX);
	if (s->req->has_body)
		add_header(s, STR("content-digest"),
			   digest_content_header(s->ctx->arena, &s->req->body));
	if (s->signer->also.name.len != 0)
		add_header(s, s->signer->also.name, s->signer->also.value);
	buf_add(&input, STR(LABEL));
	add_signature_params(&input, s);
	add_rfc9421_base(&base, s, str_skip(buf_str(&input), sizeof(LABEL) - 1));
	take_header(s, STR("signature-input"), &input);
	enum rc rc = sign_base(s, &base, &signature);
	if (rc == RC_OK) {
		buf_add(&value, STR(LABEL));
		sf_add_bytes(&value, buf_str(&signature));
		take_header(s, STR("signature"), &value);
	}
	buf_free(&signature);
	return rc;
}

/* A quote or a backslash in a key id would have to be escaped, which few of the old servers undo.
 */
static bool key_id_fits(struct str key_id)
{
	return !str_empty(key_id) && sf_is_string(key_id) && str_index(key_id, '"') == key_id.len &&
	       str_index(key_id, '\\') == key_id.len;
}

/* A value with a line break or with blanks at its ends would be read as another one. */
static bool also_fits(const struct httpsig_header *also)
{
	for (size_t i = 0; i < also->value.len; i++) {
		unsigned char c = (unsigned char)also->value.ptr[i];
		if (c < 0x20 || c > 0x7e)
			return false;
	}
	return str_eq(str_trim(also->value), also->value);
}

enum rc httpsig_sign(struct ctx *ctx, const struct httpsig_request *req,
		     const struct httpsig_signer *signer,
		     struct httpsig_header headers[HTTPSIG_MAX_HEADERS], size_t *count)
{
	struct signing s = { .ctx = ctx, .req = req, .signer = signer, .headers = headers };
	enum rc rc = message_check(ctx, req);
	*count = 0;
	if (rc != RC_OK)
		return rc;
	if (!key_id_fits(signer->key_id))
		return ctx_fail(ctx, RC_INVALID, "the key id cannot be written");
	if (!also_fits(&signer->also))
		return ctx_fail(ctx, RC_INVALID, "a header cannot be written");
	rc = signer->scheme == HTTPSIG_CAVAGE ? sign_cavage(&s) : sign_rfc9421(&s);
	for (size_t i = 0; i < s.count && rc == RC_OK; i++)
		rc = headers[i].value.ptr != NULL ? RC_OK : RC_NO_MEMORY;
	if (rc != RC_OK)
		return fail(&s, rc);
	*count = s.count;
	return RC_OK;
}
