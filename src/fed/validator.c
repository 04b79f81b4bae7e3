/*
 * Validators of what is served (RFC 9110 section 8.8). The ETag is made of the bytes themselves: who
 * may not see a document never comes so far, and what differs for two viewers differs here, too
 * (S-073).
 */
#include "core/date.h"
#include "core/enc.h"
#include "routes_int.h"

#define TAG_BYTES 16

/* RFC 9110 section 8.8.3.2: compared weakly. */
static bool is_among(struct str list, struct str tag)
{
	struct str one;
	if (str_eq(str_trim(list), STR("*")))
		return true;
	while (str_next(&list, ',', &one)) {
		one = str_trim(one);
		if (str_has_prefix(one, STR("W/")))
			one = str_skip(one, 2);
		if (str_eq(one, tag))
			return true;
	}
	return false;
}

bool validator_holds(struct httpd_request *req, struct str body)
{
	struct buf tag = BUF_INIT(2 * TAG_BYTES + 3);
	struct digest digest = digest_sha256(body);
	buf_add_chr(&tag, '"');
	enc_hex(&tag, str_n(digest.bytes, TAG_BYTES));
	buf_add_chr(&tag, '"');
	struct str kept = arena_take_buf(req->ctx.arena, &tag);
	if (kept.ptr == NULL)
		return false;
	httpd_add_header(req, "ETag", kept);
	struct str asked = httpd_header(req, "If-None-Match");
	return asked.ptr != NULL && is_among(asked, kept);
}

/* RFC 9110 section 13.1.3: only where nothing asks by the ETag, and in whole seconds. */
bool validator_date_holds(struct httpd_request *req, uint64_t changed_ms)
{
	struct buf date = BUF_INIT(64);
	uint64_t since_ms;
	date_add_http(&date, changed_ms);
	struct str kept = arena_take_buf(req->ctx.arena, &date);
	if (changed_ms == 0 || kept.ptr == NULL)
		return false;
	httpd_add_header(req, "Last-Modified", kept);
	return httpd_header(req, "If-None-Match").ptr == NULL &&
	       date_parse_http(httpd_header(req, "If-Modified-Since"), &since_ms) &&
	       changed_ms / MS_PER_SECOND <= since_ms / MS_PER_SECOND;
}
