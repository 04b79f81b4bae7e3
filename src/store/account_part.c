/* The parts of an account that few have, as a table. Pure. */
#include "account_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "emoji_int.h"
#include "identity_int.h"
#include "parts_int.h"

static bool has_emojis(const void *record)
{
	return ((const struct account *)record)->emoji_count != 0;
}

static void encode_emojis(struct buf *out, const void *record)
{
	const struct account *a = record;
	emojis_encode(out, a->emojis, a->emoji_count);
}

static bool decode_emojis(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return emojis_decode(arena, r, &a->emojis, &a->emoji_count);
}

static bool has_aliases(const void *record)
{
	return ((const struct account *)record)->alias_count != 0;
}

static void encode_aliases(struct buf *out, const void *record)
{
	const struct account *a = record;
	must(a->alias_count <= ACCOUNT_ALIASES_MAX);
	rec_add_num(out, a->alias_count);
	for (unsigned i = 0; i < a->alias_count; i++)
		rec_add_str(out, a->aliases[i]);
}

static bool decode_aliases(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	uint64_t n = rec_num(r);
	if (n > ACCOUNT_ALIASES_MAX)
		return false;
	a->aliases = ARENA_ARRAY(arena, n, struct str);
	if (a->aliases == NULL)
		return false;
	for (a->alias_count = 0; a->alias_count < n; a->alias_count++)
		a->aliases[a->alias_count] = rec_str(r);
	return true;
}

static bool has_move(const void *record)
{
	return ((const struct account *)record)->moved_ms != 0;
}

static void encode_move(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_u64(out, a->moved_account);
	rec_add_num(out, a->moved_ms);
}

static bool decode_move(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	a->moved_account = rec_u64(r);
	a->moved_ms = rec_num(r);
	return true;
}

static bool has_taken(const void *record)
{
	const struct account *a = record;
	return a->took_in_ms != 0 || a->took_out_ms != 0;
}

static void encode_taken(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_num(out, a->took_in_ms);
	rec_add_num(out, a->took_out_ms);
}

static bool decode_taken(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	a->took_in_ms = rec_num(r);
	a->took_out_ms = rec_num(r);
	return true;
}

static bool has_feature(const void *record)
{
	const struct account *a = record;
	return a->feature_said || a->featured_collections.len != 0;
}

static void encode_feature(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_u8(out, a->feature_said);
	rec_add_u8(out, (uint8_t)a->feature_automatic);
	rec_add_u8(out, (uint8_t)a->feature_manual);
	rec_add_str(out, a->featured_collections);
}

static bool decode_feature(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	uint8_t said = rec_u8(r);
	a->feature_said = said != 0;
	a->feature_automatic = rec_u8(r);
	a->feature_manual = rec_u8(r);
	a->featured_collections = rec_str(r);
	return said <= 1 && a->feature_automatic <= FEATURE_ALL &&
	       a->feature_manual <= FEATURE_ALL && has_feature(a);
}

static bool has_identities(const void *record)
{
	return ((const struct account *)record)->identity_count != 0;
}

static void encode_identities(struct buf *out, const void *record)
{
	const struct account *a = record;
	identities_encode(out, a->identities, a->identity_count);
}

static bool decode_identities(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return identities_decode(arena, r, &a->identities, &a->identity_count);
}

static bool has_etag(const void *record)
{
	return ((const struct account *)record)->etag.len != 0;
}

static void encode_etag(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct account *)record)->etag);
}

static bool decode_etag(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct account *)record)->etag = rec_str(r);
	return true;
}

static bool has_featured(const void *record)
{
	const struct account *a = record;
	return a->featured.len != 0 || a->featured_tags.len != 0 || a->featured_ms != 0;
}

static void encode_featured(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_str(out, a->featured);
	rec_add_str(out, a->featured_tags);
	rec_add_num(out, a->featured_ms);
}

static bool decode_featured(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	a->featured = rec_str(r);
	a->featured_tags = rec_str(r);
	a->featured_ms = rec_num(r);
	return true;
}

static bool has_tags(const void *record)
{
	return ((const struct account *)record)->tag_count != 0;
}

static void encode_tags(struct buf *out, const void *record)
{
	const struct account *a = record;
	parts_strs_encode(out, a->tags, a->tag_count, ACCOUNT_TAGS_MAX);
}

static bool decode_tags(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return parts_strs_decode(arena, r, ACCOUNT_TAGS_MAX, &a->tags, &a->tag_count);
}

static bool has_searchable(const void *record)
{
	return ((const struct account *)record)->searchable_count != 0;
}

static void encode_searchable(struct buf *out, const void *record)
{
	const struct account *a = record;
	parts_strs_encode(out, a->searchable_by, a->searchable_count, ACCOUNT_SEARCHABLE_MAX);
}

static bool decode_searchable(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return parts_strs_decode(arena, r, ACCOUNT_SEARCHABLE_MAX, &a->searchable_by,
				 &a->searchable_count);
}

static bool has_descriptions(const void *record)
{
	const struct account *a = record;
	return a->avatar_description.len != 0 || a->header_description.len != 0;
}

static void encode_descriptions(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_str(out, a->avatar_description);
	rec_add_str(out, a->header_description);
}

static bool decode_descriptions(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	a->avatar_description = rec_str(r);
	a->header_description = rec_str(r);
	return true;
}

static bool has_attribution(const void *record)
{
	return ((const struct account *)record)->attribution_count != 0;
}

static void encode_attribution(struct buf *out, const void *record)
{
	const struct account *a = record;
	parts_strs_encode(out, a->attribution, a->attribution_count, ACCOUNT_ATTRIBUTION_MAX);
}

static bool decode_attribution(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return parts_strs_decode(arena, r, ACCOUNT_ATTRIBUTION_MAX, &a->attribution,
				 &a->attribution_count);
}

static bool has_source(const void *record)
{
	const struct account *a = record;
	bool any = a->note_source.len != 0;
	for (unsigned i = 0; i < a->field_count; i++)
		any = any || a->fields[i].source.len != 0;
	return any;
}

static void encode_source(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_str(out, a->note_source);
	for (unsigned i = 0; i < a->field_count; i++)
		rec_add_str(out, a->fields[i].source);
}

/* Fields stand before the parts: how many there are is known. */
static bool decode_source(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	a->note_source = rec_str(r);
	for (unsigned i = 0; i < a->field_count; i++)
		a->fields[i].source = rec_str(r);
	return true;
}

static bool has_links(const void *record)
{
	const struct account *a = record;
	for (unsigned i = 0; i < a->field_count; i++) {
		if (a->fields[i].asked_ms != 0)
			return true;
	}
	return false;
}

static void encode_links(struct buf *out, const void *record)
{
	const struct account *a = record;
	rec_add_num(out, a->field_count);
	for (unsigned i = 0; i < a->field_count; i++) {
		rec_add_num(out, a->fields[i].verified_ms);
		rec_add_num(out, a->fields[i].asked_ms);
	}
}

static bool decode_links(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct account *a = record;
	/* one for each field, which were read before */
	if (rec_num(r) != a->field_count)
		return false;
	for (unsigned i = 0; i < a->field_count; i++) {
		a->fields[i].verified_ms = rec_num(r);
		a->fields[i].asked_ms = rec_num(r);
	}
	return has_links(record);
}

static bool has_moderators(const void *record)
{
	return ((const struct account *)record)->moderators.len != 0;
}

static void encode_moderators(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct account *)record)->moderators);
}

static bool decode_moderators(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct account *)record)->moderators = rec_str(r);
	return true;
}

static bool has_topics(const void *record)
{
	return ((const struct account *)record)->topic_count != 0;
}

static void encode_topics(struct buf *out, const void *record)
{
	const struct account *a = record;
	parts_strs_encode(out, a->topics, a->topic_count, ACCOUNT_TOPICS_MAX);
}

static bool decode_topics(struct arena *arena, struct rec *r, void *record)
{
	struct account *a = record;
	return parts_strs_decode(arena, r, ACCOUNT_TOPICS_MAX, &a->topics, &a->topic_count);
}

/* clang-format off */
const struct store_part account_parts[] = {
	{ 1, has_emojis, encode_emojis, decode_emojis },
	{ 10, has_identities, encode_identities, decode_identities },
	{ 15, has_etag, encode_etag, decode_etag },
	{ 20, has_featured, encode_featured, decode_featured },
	{ 21, has_tags, encode_tags, decode_tags },
	{ 22, has_searchable, encode_searchable, decode_searchable },
	{ 26, has_aliases, encode_aliases, decode_aliases },
	{ 27, has_move, encode_move, decode_move },
	{ 60, has_taken, encode_taken, decode_taken },
	{ 61, has_feature, encode_feature, decode_feature },
	{ 70, has_descriptions, encode_descriptions, decode_descriptions },
	{ 71, has_attribution, encode_attribution, decode_attribution },
	{ 72, has_source, encode_source, decode_source },
	{ 73, has_links, encode_links, decode_links },
	{ 90, has_moderators, encode_moderators, decode_moderators },
	{ 91, has_topics, encode_topics, decode_topics },
};
/* clang-format on */
const size_t account_part_count = ARRAY_LEN(account_parts);
