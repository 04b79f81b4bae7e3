/* The parts of an account that few have, as a table. Pure. */
#include "account_int.h"
#include "emoji_int.h"
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

/* clang-format off */
const struct store_part account_parts[] = {
	{ 1, has_emojis, encode_emojis, decode_emojis },
};
/* clang-format on */
const size_t account_part_count = ARRAY_LEN(account_parts);
