/*
 * draft-cavage-http-signatures-12, read. Parameters are taken once each, whatever their case; what
 * the draft leaves to defaults (which headers are covered) is refused. Stateless, any thread.
 */
#include "core/enc.h"
#include "message_int.h"

#define MAX_COVERED 64
#define MAX_KEY_ID 2048

enum param {
	PARAM_KEY_ID,
	PARAM_SIGNATURE,
	PARAM_ALGORITHM,
	PARAM_HEADERS,
	PARAM_CREATED,
	PARAM_EXPIRES,
	PARAMS,
};

static const struct str param_names[PARAMS] = {
	[PARAM_KEY_ID] = STR_INIT("keyId"),	   [PARAM_SIGNATURE] = STR_INIT("signature"),
	[PARAM_ALGORITHM] = STR_INIT("algorithm"), [PARAM_HEADERS] = STR_INIT("headers"),
	[PARAM_CREATED] = STR_INIT("created"),	   [PARAM_EXPIRES] = STR_INIT("expires"),
};

static bool is_token_chr(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '-' || c == '_' || c == '.';
}

static struct str take_token(struct str *rest)
{
	size_t n = 0;
	while (n < rest->len && is_token_chr(rest->ptr[n]))
		n++;
	struct str token = str_take(*rest, n);
	*rest = str_skip(*rest, n);
	return token;
}

static void skip_space(struct str *rest)
{
	while (rest->len != 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
		*rest = str_skip(*rest, 1);
}

static bool take_chr(struct str *rest, char c)
{
	if (rest->len == 0 || rest->ptr[0] != c)
		return false;
	*rest = str_skip(*rest, 1);
	return true;
}

/* Printable ASCII up to the quote; no escapes, which implementations read differently. */
static bool take_quoted(struct str *rest, struct str *value)
{
	size_t n = str_index(*rest, '"');
	if (n == rest->len)
		return false;
	*value = str_take(*rest, n);
	*rest = str_skip(*rest, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (value->ptr[i] < ' ' || value->ptr[i] > '~' || value->ptr[i] == '\\')
			return false;
	}
	return true;
}

/* auth-param of RFC 7235 section 2.1. */
static bool take_param(struct str *rest, struct str *name, struct str *value)
{
	*name = take_token(rest);
	skip_space(rest);
	if (str_empty(*name) || !take_chr(rest, '='))
		return false;
	skip_space(rest);
	if (take_chr(rest, '"'))
		return take_quoted(rest, value);
	*value = take_token(rest);
	return !str_empty(*value);
}

/* Parameters that we do not know are passed over (section 2.2). */
static bool keep_param(struct str values[PARAMS], struct str name, struct str value)
{
	for (size_t i = 0; i < PARAMS; i++) {
		if (!str_eq_nocase(name, param_names[i]))
			continue;
		if (values[i].ptr != NULL)
			return false;
		values[i] = value;
	}
	return true;
}

static bool read_params(struct str header, struct str values[PARAMS])
{
	skip_space(&header);
	for (;;) {
		struct str name, value;
		if (!take_param(&header, &name, &value) || !keep_param(values, name, value))
			return false;
		skip_space(&header);
		if (header.len == 0)
			return true;
		if (!take_chr(&header, ','))
			return false;
		skip_space(&header);
	}
}

/* What the lines of a base are made from. */
struct cavage {
	struct ctx *ctx;
	const struct httpsig_request *req;
	const struct str *values;
	struct httpsig *sig;
};

/* Section 2.3: a "(created)" or "(expires)" contradicts an algorithm that names its hash. */
static enum rc add_time(const struct cavage *c, enum param param, struct buf *base)
{
	struct str algorithm = c->values[PARAM_ALGORITHM], value = c->values[param];
	if (str_has_prefix_nocase(algorithm, STR("rsa")) ||
	    str_has_prefix_nocase(algorithm, STR("hmac")) ||
	    str_has_prefix_nocase(algorithm, STR("ecdsa")))
		return ctx_fail(c->ctx, RC_INVALID, "(%s) cannot be signed with this algorithm",
				param_names[param].ptr);
	if (value.ptr == NULL)
		return ctx_fail(c->ctx, RC_INVALID, "(%s) is signed but not given",
				param_names[param].ptr);
	buf_add(base, value);
	if (param == PARAM_CREATED)
		c->sig->has_created = true;
	return RC_OK;
}

static enum rc add_value(const struct cavage *c, struct str name, struct str target,
			 struct buf *base)
{
	if (str_eq(name, STR("(request-target)"))) {
		message_add_lower(base, c->req->method);
		buf_add_chr(base, ' ');
		buf_add(base, target);
		c->sig->covers_target = true;
		c->sig->covers_method = true;
		return RC_OK;
	}
	if (str_eq(name, STR("(created)")))
		return add_time(c, PARAM_CREATED, base);
	if (str_eq(name, STR("(expires)")))
		return add_time(c, PARAM_EXPIRES, base);
	if (str_has_prefix(name, STR("(")))
		return ctx_fail(c->ctx, RC_UNSUPPORTED, "the signature covers an unknown %.*s",
				STR_ARG(name));
	if (!message_add_field(base, c->req, name))
		return ctx_fail(c->ctx, RC_INVALID, "the signature covers %.*s, which is not there",
				STR_ARG(name));
	message_cover_field(c->sig, name);
	return RC_OK;
}

/* Section 2.3: one line per header of the list, target standing for the request's. */
static enum rc make_base(const struct cavage *c, struct str target, struct str *out)
{
	struct buf base = BUF_INIT(MESSAGE_MAX);
	enum rc rc = RC_OK;
	struct str name;
	for (struct str rest = c->sig->components; rc == RC_OK && str_next(&rest, ' ', &name);) {
		if (base.len != 0)
			buf_add_chr(&base, '\n');
		buf_add(&base, name);
		buf_add(&base, STR(": "));
		rc = add_value(c, name, target, &base);
	}
	if (rc != RC_OK) {
		buf_free(&base);
		return rc;
	}
	*out = arena_take_buf(c->ctx->arena, &base);
	return out->ptr != NULL ? RC_OK : ctx_fail(c->ctx, RC_NO_MEMORY, "no room for the base");
}

/* The header list in lower case. Nothing twice, nothing empty. */
static enum rc read_covered(struct ctx *ctx, struct str headers, struct httpsig *sig)
{
	struct str names[MAX_COVERED];
	size_t count = 0;
	struct buf lower = BUF_INIT(MESSAGE_MAX);
	message_add_lower(&lower, headers);
	sig->components = arena_take_buf(ctx->arena, &lower);
	if (sig->components.ptr == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "no room for the header list");
	struct str name;
	for (struct str rest = sig->components; str_next(&rest, ' ', &name);) {
		if (str_empty(name) || count == MAX_COVERED)
			return ctx_fail(ctx, RC_INVALID, "the header list is malformed");
		for (size_t i = 0; i < count; i++) {
			if (str_eq(names[i], name))
				return ctx_fail(ctx, RC_INVALID, "the signature covers %.*s twice",
						STR_ARG(name));
		}
		names[count++] = name;
	}
	return RC_OK;
}

static bool read_time(struct str text, bool *has, uint64_t *seconds)
{
	*has = text.ptr != NULL;
	return text.ptr == NULL || str_to_u64(text, seconds);
}

static bool algorithm_known(struct str algorithm)
{
	return algorithm.ptr == NULL || str_eq_nocase(algorithm, STR("hs2019")) ||
	       str_eq_nocase(algorithm, STR("rsa-sha256")) ||
	       str_eq_nocase(algorithm, STR("ed25519"));
}

static enum rc read_claims(struct ctx *ctx, const struct str values[PARAMS], struct httpsig *out)
{
	struct buf signature = BUF_INIT(MESSAGE_MAX);
	bool has_created;
	*out = (struct httpsig){
		.scheme = HTTPSIG_CAVAGE,
		.key_id = values[PARAM_KEY_ID],
		.algorithm = values[PARAM_ALGORITHM],
	};
	if (str_empty(out->key_id) || out->key_id.len > MAX_KEY_ID ||
	    str_empty(values[PARAM_SIGNATURE]))
		return ctx_fail(ctx, RC_INVALID, "the signature names no key or is empty");
	if (!algorithm_known(out->algorithm))
		return ctx_fail(ctx, RC_UNSUPPORTED, "the signature's algorithm is not supported");
	if (!read_time(values[PARAM_CREATED], &has_created, &out->created) ||
	    !read_time(values[PARAM_EXPIRES], &out->has_expires, &out->expires))
		return ctx_fail(ctx, RC_INVALID, "created or expires is not a number of seconds");
	if (str_empty(str_trim(values[PARAM_HEADERS])))
		return ctx_fail(ctx, RC_UNAUTHENTICATED,
				"the signature does not say what it covers");
	if (!enc_unbase64(&signature, values[PARAM_SIGNATURE])) {
		buf_free(&signature);
		return ctx_fail(ctx, RC_INVALID, "the signature is not base64");
	}
	out->signature = arena_take_buf(ctx->arena, &signature);
	return out->signature.ptr != NULL
		       ? RC_OK
		       : ctx_fail(ctx, RC_NO_MEMORY, "no room for the signature");
}

enum rc cavage_parse(struct ctx *ctx, const struct httpsig_request *req, struct httpsig *out)
{
	struct str values[PARAMS] = { { NULL, 0 } };
	const struct cavage c = { .ctx = ctx, .req = req, .values = values, .sig = out };
	if (!read_params(message_field(req, STR("signature")), values))
		return ctx_fail(ctx, RC_INVALID, "the Signature header is malformed");
	enum rc rc = read_claims(ctx, values, out);
	if (rc == RC_OK)
		rc = read_covered(ctx, values[PARAM_HEADERS], out);
	if (rc == RC_OK)
		rc = make_base(&c, req->target, &out->base);
	struct str path = message_path(req);
	bool may_differ = str_eq(req->method, STR("GET")) && path.len != req->target.len;
	if (rc == RC_OK && out->covers_target && may_differ)
		rc = make_base(&c, path, &out->base_no_query);
	return rc;
}
