/*
 * RFC 9421, read: one signature, over a request, made of components that we understand to the last
 * parameter. Stateless, any thread.
 */
#include "core/must.h"
#include "message_int.h"
#include "sf_int.h"

#define MAX_KEY_ID 2048

/* Derived components of requests, section 2.2. */
struct derived {
	struct str name;
	void (*add)(struct buf *out, const struct httpsig_request *req);
	size_t covers; /* offset in struct httpsig */
};

static void add_method(struct buf *out, const struct httpsig_request *req)
{
	buf_add(out, req->method);
}

static void add_scheme(struct buf *out, const struct httpsig_request *req)
{
	message_add_lower(out, req->scheme);
}

static void add_request_target(struct buf *out, const struct httpsig_request *req)
{
	buf_add(out, req->target);
}

static void add_path(struct buf *out, const struct httpsig_request *req)
{
	buf_add(out, message_path(req));
}

static void add_query(struct buf *out, const struct httpsig_request *req)
{
	buf_add(out, message_query(req));
}

#define COVERS(member) offsetof(struct httpsig, covers_##member)
#define COVERS_NOTHING SIZE_MAX

static const struct derived derived[] = {
	{ STR_INIT("@method"), add_method, COVERS(method) },
	{ STR_INIT("@target-uri"), message_add_target_uri, COVERS(target) },
	{ STR_INIT("@authority"), message_add_authority, COVERS(authority) },
	{ STR_INIT("@scheme"), add_scheme, COVERS_NOTHING },
	{ STR_INIT("@request-target"), add_request_target, COVERS_NOTHING },
	{ STR_INIT("@path"), add_path, COVERS(path) },
	{ STR_INIT("@query"), add_query, COVERS(query) },
};

static const struct derived *derived_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(derived); i++) {
		if (str_eq(derived[i].name, name))
			return &derived[i];
	}
	return NULL;
}

static void cover(struct httpsig *sig, size_t offset)
{
	if (offset != COVERS_NOTHING)
		*(bool *)(void *)((char *)sig + offset) = true;
}

static enum rc add_query_param(struct ctx *ctx, const struct httpsig_request *req,
			       const struct sf_item *item, struct buf *base)
{
	const struct sf_value *name = sf_params_find(&item->params, STR("name"));
	if (item->params.count != 1 || name == NULL || name->type != SF_STRING)
		return ctx_fail(ctx, RC_INVALID, "@query-param needs a name and nothing else");
	if (!message_add_query_param(base, req, name->text))
		return ctx_fail(ctx, RC_INVALID, "the query parameter is not there just once");
	return RC_OK;
}

/* Section 2.1: field names are in lower case here, so that each has one spelling. */
static bool is_field_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c <= ' ' || c > '~' || (c >= 'A' && c <= 'Z') || c == '"' || c == ':')
			return false;
	}
	return name.len != 0;
}

static enum rc add_component_value(struct ctx *ctx, const struct httpsig_request *req,
				   const struct sf_item *item, struct httpsig *sig,
				   struct buf *base)
{
	struct str name = item->value.text;
	if (item->value.type != SF_STRING)
		return ctx_fail(ctx, RC_INVALID, "a component is not named by a string");
	if (str_eq(name, STR("@query-param")))
		return add_query_param(ctx, req, item, base);
	/* sf, key, bs, req, tr: section 2.1 */
	if (item->params.count != 0)
		return ctx_fail(ctx, RC_UNSUPPORTED, "parameters of components are not supported");
	if (str_has_prefix(name, STR("@"))) {
		const struct derived *row = derived_find(name);
		if (row == NULL)
			return ctx_fail(ctx, RC_UNSUPPORTED, "a component is not supported");
		row->add(base, req);
		cover(sig, row->covers);
		return RC_OK;
	}
	if (!is_field_name(name) || !message_add_field(base, req, name))
		return ctx_fail(ctx, RC_INVALID, "the signature covers %.*s, which is not there",
				STR_ARG(name));
	message_cover_field(sig, name);
	return RC_OK;
}

/* Section 2: an identifier, which includes the parameters, may occur once. */
static bool seen_before(struct str lines, struct str identifier)
{
	for (struct str rest = lines, line; str_next(&rest, '\n', &line);) {
		if (str_has_prefix(line, identifier))
			return true;
	}
	return false;
}

/* Appends one line, `"name";parameters: value`. */
static enum rc add_component(struct ctx *ctx, const struct httpsig_request *req,
			     const struct sf_item *item, struct httpsig *sig, struct buf *base)
{
	size_t start = base->len;
	sf_add_item(base, item);
	buf_add(base, STR(": "));
	if (seen_before(str_take(buf_str(base), start), str_skip(buf_str(base), start)))
		return ctx_fail(ctx, RC_INVALID, "a component is covered twice");
	enum rc rc = add_component_value(ctx, req, item, sig, base);
	buf_add_chr(base, '\n');
	return rc;
}

/* Section 2.5. */
static enum rc make_base(struct ctx *ctx, const struct httpsig_request *req,
			 const struct sf_member *input, struct httpsig *sig)
{
	struct buf base = BUF_INIT(MESSAGE_MAX);
	enum rc rc = RC_OK;
	for (size_t i = 0; i < input->count && rc == RC_OK; i++)
		rc = add_component(ctx, req, &input->items[i], sig, &base);
	if (rc != RC_OK) {
		buf_free(&base);
		return rc;
	}
	buf_add(&base, STR("\"@signature-params\": "));
	size_t start = base.len;
	sf_add_member_value(&base, input);
	sig->base = arena_take_buf(ctx->arena, &base);
	if (sig->base.ptr == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "no room for the signature base");
	sig->components = str_skip(sig->base, start);
	return RC_OK;
}

static bool read_seconds(const struct sf_params *params, struct str name, bool *has, uint64_t *out)
{
	const struct sf_value *value = sf_params_find(params, name);
	*has = value != NULL;
	if (value == NULL)
		return true;
	*out = (uint64_t)value->number;
	return value->type == SF_INTEGER && value->number >= 0;
}

static bool read_text(const struct sf_params *params, struct str name, struct str *out)
{
	const struct sf_value *value = sf_params_find(params, name);
	*out = value != NULL ? value->text : STR_NONE;
	return value == NULL || value->type == SF_STRING;
}

static bool algorithm_known(struct str algorithm)
{
	return algorithm.ptr == NULL || str_eq(algorithm, STR("rsa-v1_5-sha256")) ||
	       str_eq(algorithm, STR("rsa-pss-sha512")) || str_eq(algorithm, STR("ed25519"));
}

/* Section 2.3. */
static enum rc read_params(struct ctx *ctx, const struct sf_params *params, struct httpsig *sig)
{
	struct str nonce, tag;
	if (!read_seconds(params, STR("created"), &sig->has_created, &sig->created) ||
	    !read_seconds(params, STR("expires"), &sig->has_expires, &sig->expires) ||
	    !read_text(params, STR("keyid"), &sig->key_id) ||
	    !read_text(params, STR("alg"), &sig->algorithm) ||
	    !read_text(params, STR("nonce"), &nonce) || !read_text(params, STR("tag"), &tag))
		return ctx_fail(ctx, RC_INVALID, "a parameter of the signature has the wrong type");
	if (str_empty(sig->key_id) || sig->key_id.len > MAX_KEY_ID)
		return ctx_fail(ctx, RC_INVALID, "the signature names no key");
	if (!algorithm_known(sig->algorithm))
		return ctx_fail(ctx, RC_UNSUPPORTED, "the signature's algorithm is not supported");
	return RC_OK;
}

static enum rc read_fields(struct ctx *ctx, const struct httpsig_request *req,
			   struct sf_dict *input, struct sf_dict *signature)
{
	if (!sf_parse_dict(ctx->arena, message_field(req, STR("signature-input")), input) ||
	    !sf_parse_dict(ctx->arena, message_field(req, STR("signature")), signature))
		return ctx_fail(ctx, RC_INVALID, "Signature-Input or Signature is malformed");
	/* SECURITY S-026: of several signatures nobody could say which one counts */
	if (input->count != 1 || signature->count != 1)
		return ctx_fail(ctx, RC_INVALID, "there must be one signature");
	const struct sf_member *value = &signature->rows[0];
	if (!input->rows[0].is_list || !str_eq(input->rows[0].key, value->key) || value->is_list ||
	    value->items[0].value.type != SF_BYTES || str_empty(value->items[0].value.text))
		return ctx_fail(ctx, RC_INVALID, "Signature does not belong to Signature-Input");
	return RC_OK;
}

enum rc rfc9421_parse(struct ctx *ctx, const struct httpsig_request *req, struct httpsig *out)
{
	struct sf_dict input, signature;
	enum rc rc = read_fields(ctx, req, &input, &signature);
	if (rc != RC_OK)
		return rc;
	*out = (struct httpsig){
		.scheme = HTTPSIG_RFC9421,
		.label = input.rows[0].key,
		.signature = signature.rows[0].items[0].value.text,
	};
	rc = read_params(ctx, &input.rows[0].params, out);
	if (rc == RC_OK)
		rc = make_base(ctx, req, &input.rows[0], out);
	return rc;
}
