/*
 * HTTP signatures: which scheme a request uses, what policy demands of a signature, and whether a
 * key made it. Stateless, any thread.
 */
#include "crypt/httpsig.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/date.h"
#include "message_int.h"

enum rc httpsig_parse(struct ctx *ctx, const struct httpsig_request *req, struct httpsig *out)
{
	enum rc rc = message_check(ctx, req);
	*out = (struct httpsig){ 0 };
	if (rc != RC_OK)
		return rc;
	bool has_input = message_field(req, STR("signature-input")).ptr != NULL;
	if (message_field(req, STR("signature")).ptr == NULL)
		return ctx_fail(ctx, RC_UNAUTHENTICATED, "the request is not signed");
	return has_input ? rfc9421_parse(ctx, req, out) : cavage_parse(ctx, req, out);
}

static enum rc refuse(struct ctx *ctx, const char *reason)
{
	return ctx_fail(ctx, RC_UNAUTHENTICATED, "%s", reason);
}

/* SECURITY S-001. */
static enum rc check_target(struct ctx *ctx, const struct httpsig *sig)
{
	bool has_host = sig->covers_host || sig->covers_authority;
	if (sig->scheme == HTTPSIG_CAVAGE) {
		if (!sig->covers_target)
			return refuse(ctx, "(request-target) is not signed");
		return sig->covers_host ? RC_OK : refuse(ctx, "host is not signed");
	}
	if (!sig->covers_method)
		return refuse(ctx, "@method is not signed");
	if (!sig->covers_target && !(has_host && sig->covers_path && sig->covers_query))
		return refuse(ctx, "@target-uri is not signed");
	return RC_OK;
}

static bool method_has_body(struct str method)
{
	return !str_eq(method, STR("GET")) && !str_eq(method, STR("HEAD")) &&
	       !str_eq(method, STR("OPTIONS")) && !str_eq(method, STR("DELETE"));
}

/* SECURITY S-002. Whatever digest is signed must be right; with a body one must be signed. */
static enum rc check_digest(struct ctx *ctx, const struct httpsig_request *req,
			    const struct httpsig *sig)
{
	struct digest body = req->has_body ? req->body : digest_sha256(STR(""));
	bool wanted = req->has_body || method_has_body(req->method);
	if (wanted && !sig->covers_digest && !sig->covers_content_digest)
		return refuse(ctx, "the digest is not signed");
	if (sig->covers_digest && !digest_header_matches(message_field(req, STR("digest")), &body))
		return refuse(ctx, "the digest does not match the body");
	if (sig->covers_content_digest &&
	    !digest_content_header_matches(message_field(req, STR("content-digest")), &body))
		return refuse(ctx, "the content digest does not match the body");
	return RC_OK;
}

static bool is_near(uint64_t a, uint64_t b, uint64_t window)
{
	return (a > b ? a - b : b - a) <= window;
}

/* SECURITY S-022: every date that is signed must be near, and one must be signed. */
static enum rc check_time(struct ctx *ctx, const struct httpsig_request *req,
			  const struct httpsig *sig, uint64_t now_s, uint64_t window_s)
{
	uint64_t date_ms = 0;
	bool needs_created = sig->scheme == HTTPSIG_RFC9421 || !sig->covers_date;
	if (needs_created && !sig->has_created)
		return refuse(ctx, "no date is signed");
	if (sig->has_created && !is_near(sig->created, now_s, window_s))
		return refuse(ctx, "date skew: created is too far from our time");
	if (sig->covers_date && !date_parse_http(message_field(req, STR("date")), &date_ms))
		return refuse(ctx, "the date cannot be read");
	if (sig->covers_date && !is_near(date_ms / MS_PER_SECOND, now_s, window_s))
		return refuse(ctx, "date skew: the date is too far from our time");
	if (sig->has_expires && now_s > sig->expires)
		return refuse(ctx, "the signature has expired");
	return RC_OK;
}

enum rc httpsig_check(struct ctx *ctx, const struct httpsig_request *req, const struct httpsig *sig,
		      uint64_t now_s, uint64_t window_s)
{
	enum rc rc = check_target(ctx, sig);
	if (rc == RC_OK)
		rc = check_time(ctx, req, sig, now_s, window_s);
	if (rc == RC_OK)
		rc = check_digest(ctx, req, sig);
	return rc;
}

typedef bool verify_fn(const struct key *key, struct str message, struct str signature);

struct algorithm {
	enum httpsig_scheme scheme;
	struct str name; /* absent: none was stated */
	enum key_kind kind;
	verify_fn *verify;
};

/*
 * What each kind of key may be used for (SECURITY S-015). Without a stated algorithm an RSA key of
 * RFC 9421 may have made either kind of signature; both rows are tried.
 */
static const struct algorithm algorithms[] = {
	{ HTTPSIG_CAVAGE, { NULL, 0 }, KEY_RSA, key_verify },
	{ HTTPSIG_CAVAGE, { NULL, 0 }, KEY_ED25519, key_verify },
	{ HTTPSIG_CAVAGE, STR_INIT("hs2019"), KEY_RSA, key_verify },
	{ HTTPSIG_CAVAGE, STR_INIT("hs2019"), KEY_ED25519, key_verify },
	{ HTTPSIG_CAVAGE, STR_INIT("rsa-sha256"), KEY_RSA, key_verify },
	{ HTTPSIG_CAVAGE, STR_INIT("ed25519"), KEY_ED25519, key_verify },
	{ HTTPSIG_RFC9421, { NULL, 0 }, KEY_RSA, key_verify },
	{ HTTPSIG_RFC9421, { NULL, 0 }, KEY_RSA, key_verify_pss_sha512 },
	{ HTTPSIG_RFC9421, { NULL, 0 }, KEY_ED25519, key_verify },
	{ HTTPSIG_RFC9421, STR_INIT("rsa-v1_5-sha256"), KEY_RSA, key_verify },
	{ HTTPSIG_RFC9421, STR_INIT("rsa-pss-sha512"), KEY_RSA, key_verify_pss_sha512 },
	{ HTTPSIG_RFC9421, STR_INIT("ed25519"), KEY_ED25519, key_verify },
};

static bool verify_base(const struct httpsig *sig, struct str base, const struct key *key)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
		const struct algorithm *row = &algorithms[i];
		if (row->scheme == sig->scheme && row->kind == key_kind(key) &&
		    str_eq_nocase(row->name, sig->algorithm) &&
		    row->verify(key, base, sig->signature))
			return true;
	}
	return false;
}

bool httpsig_verify(const struct httpsig_request *req, const struct httpsig *sig,
		    const struct key *key)
{
	if (verify_base(sig, sig->base, key))
		return true;
	/* SECURITY S-025 */
	return sig->scheme == HTTPSIG_CAVAGE && sig->base_no_query.ptr != NULL &&
	       str_eq(req->method, STR("GET")) && verify_base(sig, sig->base_no_query, key);
}

bool httpsig_covers(const struct httpsig *sig, struct str name)
{
	char quoted[64];
	if (sig->scheme == HTTPSIG_CAVAGE) {
		struct str one;
		for (struct str rest = sig->components; str_next(&rest, ' ', &one);) {
			if (str_eq(one, name))
				return true;
		}
		return false;
	}
	/* RFC 9421 section 2.3: the list in front of the parameters; without parameters of its own */
	struct str list = str_take(sig->components, str_index(sig->components, ')'));
	int len = snprintf(quoted, sizeof(quoted), "\"%.*s\"", STR_ARG(name));
	struct str one;
	for (struct str rest = str_skip(list, 1); str_next(&rest, ' ', &one);) {
		if (str_eq(one, str_n(quoted, (size_t)len)))
			return true;
	}
	return false;
}
