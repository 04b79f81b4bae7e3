/* The parts of a status that few have, as a table. Pure. */
#include "emoji_int.h"
#include "parts_int.h"
#include "status_int.h"

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

/* clang-format off */
const struct store_part status_parts[] = {
	{ 1, has_emojis, encode_emojis, decode_emojis },
	{ 2, has_context, encode_context, decode_context },
	{ 16, has_poll, encode_poll, decode_poll },
	{ 35, has_origin, encode_origin, decode_origin },
};
/* clang-format on */
const size_t status_part_count = ARRAY_LEN(status_parts);
