/* The stored form of a text's custom emoji. Pure. */
#include "core/must.h"
#include "emoji_int.h"

void emojis_encode(struct buf *out, const struct emoji *emojis, unsigned count)
{
	must(count <= EMOJIS_MAX);
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++) {
		rec_add_str(out, emojis[i].shortcode);
		rec_add_str(out, emojis[i].url);
	}
}

bool emojis_decode(struct arena *arena, struct rec *r, struct emoji **emojis, unsigned *count)
{
	uint64_t n = rec_num(r);
	if (n > EMOJIS_MAX)
		return false;
	*emojis = ARENA_ARRAY(arena, n, struct emoji);
	if (*emojis == NULL)
		return false;
	for (*count = 0; *count < n; (*count)++) {
		struct emoji *e = &(*emojis)[*count];
		e->shortcode = rec_str(r);
		e->url = rec_str(r);
	}
	return true;
}
