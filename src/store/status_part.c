/* The parts of a status that few have, as a table. Pure. */
#include "core/must.h"
#include "emoji_int.h"
#include "parts_int.h"
#include "status_int.h"
#include "status_object_int.h"

static bool has_emojis(const void *record)
{
	return ((const struct status *)record)->emoji_count != 0;
}

static void encode_emojis(struct buf *out, const void *record)
{
	const struct status *s = record;
	emojis_encode(out, s->emojis, s->emoji_count);
}

static bool decode_emojis(struct arena *arena, struct rec *r, void *record)
{
	struct status *s = record;
	return emojis_decode(arena, r, &s->emojis, &s->emoji_count);
}

static bool has_context(const void *record)
{
	return ((const struct status *)record)->context.len != 0;
}

static void encode_context(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->context);
}

static bool decode_context(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->context = rec_str(r);
	return true;
}

static bool has_replies(const void *record)
{
	return ((const struct status *)record)->replies.len != 0;
}

static void encode_replies(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->replies);
}

static bool decode_replies(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->replies = rec_str(r);
	return true;
}

static bool has_quote(const void *record)
{
	return ((const struct status *)record)->quote.uri.len != 0;
}

static void encode_quote(struct buf *out, const void *record)
{
	const struct status_quote *q = &((const struct status *)record)->quote;
	rec_add_u8(out, (uint8_t)q->state);
	rec_add_num(out, q->status);
	rec_add_str(out, q->uri);
	rec_add_str(out, q->authorization);
}

static bool decode_quote(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status_quote *q = &((struct status *)record)->quote;
	q->state = (enum interaction_state)rec_u8(r);
	q->status = rec_num(r);
	q->uri = rec_str(r);
	q->authorization = rec_str(r);
	return q->state <= INTERACTION_UNAUTHORISED;
}

static bool has_policy(const void *record)
{
	return ((const struct status *)record)->policy.given != 0;
}

static void encode_policy(struct buf *out, const void *record)
{
	const struct policy *p = &((const struct status *)record)->policy;
	must(p->count <= POLICY_ENTRIES_MAX);
	rec_add_u8(out, (uint8_t)p->given);
	rec_add_num(out, p->count);
	for (unsigned i = 0; i < p->count; i++) {
		rec_add_u8(out, (uint8_t)p->entries[i].kind);
		rec_add_u8(out, p->entries[i].manual);
		rec_add_str(out, p->entries[i].uri);
	}
}

static bool decode_policy(struct arena *arena, struct rec *r, void *record)
{
	struct policy *p = &((struct status *)record)->policy;
	p->given = rec_u8(r);
	uint64_t count = rec_num(r);
	if (count > POLICY_ENTRIES_MAX)
		return false;
	p->entries = ARENA_ARRAY(arena, count, struct policy_entry);
	if (p->entries == NULL)
		return false;
	for (p->count = 0; p->count < count; p->count++) {
		struct policy_entry *e = &p->entries[p->count];
		e->kind = (enum interaction_kind)rec_u8(r);
		e->manual = rec_u8(r) != 0;
		e->uri = rec_str(r);
		if (e->kind < INTERACTION_QUOTE || e->kind > INTERACTION_BOOST)
			return false;
	}
	return true;
}

static bool has_approval(const void *record)
{
	const struct status_approval *a = &((const struct status *)record)->approval;
	/* what a reply brings before its parent is known counts when it is */
	return a->state != INTERACTION_NONE || a->authorization.len != 0;
}

static void encode_approval(struct buf *out, const void *record)
{
	const struct status_approval *a = &((const struct status *)record)->approval;
	rec_add_u8(out, (uint8_t)a->state);
	rec_add_str(out, a->authorization);
}

static bool decode_approval(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status_approval *a = &((struct status *)record)->approval;
	a->state = (enum interaction_state)rec_u8(r);
	a->authorization = rec_str(r);
	return a->state <= INTERACTION_UNAUTHORISED;
}

static bool has_poll(const void *record)
{
	return ((const struct status *)record)->has_poll;
}

/* That it is there says it all. */
static void encode_poll(struct buf *out UNUSED, const void *record UNUSED)
{
}

static bool decode_poll(struct arena *arena UNUSED, struct rec *r UNUSED, void *record)
{
	((struct status *)record)->has_poll = true;
	return true;
}

static bool has_origin(const void *record)
{
	return ((const struct status *)record)->origin.len != 0;
}

static void encode_origin(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->origin);
}

static bool decode_origin(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->origin = rec_str(r);
	return true;
}

static bool has_taken(const void *record)
{
	return ((const struct status *)record)->taken.len != 0;
}

static void encode_taken(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->taken);
}

static bool decode_taken(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->taken = rec_str(r);
	return true;
}

static bool has_searchable(const void *record)
{
	return ((const struct status *)record)->searchable_count != 0;
}

static void encode_searchable(struct buf *out, const void *record)
{
	const struct status *s = record;
	parts_strs_encode(out, s->searchable_by, s->searchable_count, SEARCHABLE_MAX);
}

static bool decode_searchable(struct arena *arena, struct rec *r, void *record)
{
	struct status *s = record;
	return parts_strs_decode(arena, r, SEARCHABLE_MAX, &s->searchable_by, &s->searchable_count);
}

static bool has_application(const void *record)
{
	return ((const struct status *)record)->application != 0;
}

static void encode_application(struct buf *out, const void *record)
{
	rec_add_num(out, ((const struct status *)record)->application);
}

static bool decode_application(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->application = rec_num(r);
	return true;
}

static bool has_link(const void *record)
{
	return ((const struct status *)record)->link.len != 0;
}

static void encode_link(struct buf *out, const void *record)
{
	rec_add_str(out, ((const struct status *)record)->link);
}

static bool decode_link(struct arena *arena UNUSED, struct rec *r, void *record)
{
	((struct status *)record)->link = rec_str(r);
	return true;
}

static bool has_community(const void *record)
{
	return ((const struct status *)record)->community != 0;
}

static void encode_community(struct buf *out, const void *record)
{
	const struct status *s = record;
	rec_add_num(out, s->community);
	rec_add_u8(out, s->waits);
}

static bool decode_community(struct arena *arena UNUSED, struct rec *r, void *record)
{
	struct status *s = record;
	s->community = rec_num(r);
	uint8_t waits = rec_u8(r);
	s->waits = waits != 0;
	return waits <= 1;
}

/* clang-format off */
const struct store_part status_parts[] = {
	{ 1, has_emojis, encode_emojis, decode_emojis },
	{ 2, has_context, encode_context, decode_context },
	{ 12, has_replies, encode_replies, decode_replies },
	{ 16, has_poll, encode_poll, decode_poll },
	{ 19, status_has_event, status_encode_event, status_decode_event },
	{ 20, status_has_details, status_encode_details, status_decode_details },
	{ 21, status_has_words, status_encode_words, status_decode_words },
	{ 22, status_has_excerpt, status_encode_excerpt, status_decode_excerpt },
	{ 26, has_searchable, encode_searchable, decode_searchable },
	{ 29, has_quote, encode_quote, decode_quote },
	{ 30, has_policy, encode_policy, decode_policy },
	{ 31, has_approval, encode_approval, decode_approval },
	{ 35, has_origin, encode_origin, decode_origin },
	{ 60, has_taken, encode_taken, decode_taken },
	{ 61, has_application, encode_application, decode_application },
	{ 62, has_link, encode_link, decode_link },
	{ 70, has_community, encode_community, decode_community },
	{ 71, status_has_terms, status_encode_terms, status_decode_terms },
	{ 78, status_has_series, status_encode_series, status_decode_series },
};
/* clang-format on */
const size_t status_part_count = ARRAY_LEN(status_parts);
