/* The header of FEP-8fcf: key="value" pairs, parted by commas. Pure. */
#include "core/enc.h"
#include "sync_int.h"

#define HEADER_MAX 8192

/* Takes one pair off rest. */
static bool pair_next(struct str *rest, struct str *name, struct str *value)
{
	struct str s = str_trim(*rest);
	if (!str_split(s, '=', name, &s) || s.len == 0 || s.ptr[0] != '"')
		return false;
	s = str_skip(s, 1);
	if (!str_split(s, '"', value, rest))
		return false;
	*rest = str_trim(*rest);
	*name = str_trim(*name);
	if (rest->len == 0)
		return true;
	if (rest->ptr[0] != ',')
		return false;
	*rest = str_skip(*rest, 1);
	return true;
}

static bool take_iri(const struct ap_reader *reader, struct str value, struct str *out)
{
	struct ctx quiet = { .arena = reader->ctx->arena };
	struct iri iri;
	if (out->ptr != NULL || iri_parse(&quiet, value, reader->iri_flags, &iri) != RC_OK)
		return false;
	*out = iri.text;
	return true;
}

static bool take_digest(struct str value, struct digest *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE);
	if (value.len != 2 * (size_t)DIGEST_SIZE || !enc_unhex(&bytes, value) || bytes.failed)
		return false;
	memcpy(out->bytes, bytes.ptr, DIGEST_SIZE);
	return true;
}

bool sync_header_parse(const struct ap_reader *reader, struct str value, struct sync_header *out)
{
	struct str name, part;
	bool digest = false, ok = value.len <= HEADER_MAX;
	*out = (struct sync_header){ .collection = STR_NONE };
	for (struct str rest = value; ok && rest.len != 0;) {
		ok = pair_next(&rest, &name, &part);
		if (!ok)
			break;
		if (str_eq(name, STR("collectionId"))) {
			ok = take_iri(reader, part, &out->collection);
		} else if (str_eq(name, STR("url"))) {
			ok = take_iri(reader, part, &out->url);
		} else if (str_eq(name, STR("digest"))) {
			ok = !digest && take_digest(part, &out->digest);
			digest = true;
		}
	}
	return ok && digest && out->collection.ptr != NULL && out->url.ptr != NULL;
}

struct str sync_header_make(struct arena *arena, const struct sync_header *header)
{
	struct buf hex = BUF_INIT(2 * DIGEST_SIZE + 1);
	enc_hex(&hex, str_n(header->digest.bytes, DIGEST_SIZE));
	struct str digest = arena_take_buf(arena, &hex);
	return arena_printf(arena, "collectionId=\"%.*s\", url=\"%.*s\", digest=\"%.*s\"",
			    STR_ARG(header->collection), STR_ARG(header->url), STR_ARG(digest));
}
