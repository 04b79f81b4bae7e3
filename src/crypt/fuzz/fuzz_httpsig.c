/*
 * FZ-02: a request as text (request line, fields, an empty line, the body). Whatever it is: what
 * parses as a structured field is written and read again alike, and nothing passes the check that
 * does not cover what policy asks for.
 */
#include <stdint.h>

#include "../sf_int.h"
#include "core/must.h"
#include "crypt/httpsig.h"

#define MAX_HEADERS 32
#define NOW UINT64_C(1618884473)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str write_dict(struct arena *arena, const struct sf_dict *dict)
{
	struct buf out = BUF_INIT(1 << 20);
	for (size_t i = 0; i < dict->count; i++) {
		if (i != 0)
			buf_add(&out, STR(", "));
		buf_add(&out, dict->rows[i].key);
		buf_add_chr(&out, '=');
		sf_add_member_value(&out, &dict->rows[i]);
	}
	return arena_take_buf(arena, &out);
}

static void field_comes_back(struct arena *arena, struct str value)
{
	struct sf_dict dict, again;
	if (!sf_parse_dict(arena, value, &dict))
		return;
	struct str first = write_dict(arena, &dict);
	must(sf_parse_dict(arena, first, &again));
	must(str_eq(first, write_dict(arena, &again)));
}

static void check_passes_only_what_covers(struct ctx *ctx, const struct httpsig_request *req,
					  const struct httpsig *sig)
{
	if (httpsig_check(ctx, req, sig, NOW, 3600) != RC_OK)
		return;
	bool host = sig->covers_host || sig->covers_authority;
	must(sig->covers_method && (sig->covers_target || (sig->covers_path && sig->covers_query)));
	must(sig->covers_target || host);
	must(sig->covers_date || sig->has_created);
	must(!req->has_body || sig->covers_digest || sig->covers_content_digest);
}

static void read_request(struct str text, struct httpsig_request *req,
			 struct httpsig_header headers[MAX_HEADERS])
{
	struct str line, version;
	*req = (struct httpsig_request){ .scheme = STR("https"),
					 .authority = STR("example.com"),
					 .headers = headers };
	str_next(&text, '\n', &line);
	str_split(line, ' ', &req->method, &line);
	str_split(line, ' ', &req->target, &version);
	while (str_next(&text, '\n', &line) && line.len != 0 && req->header_count < MAX_HEADERS) {
		struct httpsig_header *header = &headers[req->header_count++];
		str_split(line, ':', &header->name, &header->value);
	}
	req->has_body = text.len != 0;
	req->body = digest_sha256(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new(4 << 20) };
	struct httpsig_header headers[MAX_HEADERS];
	struct httpsig_request req;
	struct httpsig sig;
	must(ctx.arena != NULL);
	read_request(str_n(data, size), &req, headers);
	for (size_t i = 0; i < req.header_count; i++) {
		field_comes_back(ctx.arena, str_trim(headers[i].value));
		digest_header_matches(headers[i].value, &req.body);
		digest_content_header_matches(headers[i].value, &req.body);
	}
	if (httpsig_parse(&ctx, &req, &sig) == RC_OK)
		check_passes_only_what_covers(&ctx, &req, &sig);
	arena_free(&ctx.arena);
	return 0;
}
