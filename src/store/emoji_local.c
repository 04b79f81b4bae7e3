/* The emoji that the node offers. Owns table emoji. Inside transactions only. */
#include "db/rec.h"
#include "store/emoji.h"
#include "store/tables.h"
#include "store_int.h"

#define EMOJI_VERSION 1
#define EMOJI_MAX_BYTES 4096

static bool emoji_decode(struct arena *arena, struct str key, struct str value,
			 struct local_emoji *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->shortcode = arena_str(arena, key);
	out->updated_ms = rec_num(&r);
	out->url = rec_str(&r);
	return version == EMOJI_VERSION && rec_ok(&r) && !arena_failed(arena);
}

bool emoji_get(struct db_txn *txn, struct arena *arena, struct str shortcode,
	       struct local_emoji *out)
{
	struct str value;
	return shortcode.len != 0 && db_get(txn, &store_emoji, shortcode, &value) &&
	       (emoji_decode(arena, shortcode, value, out) || store_undecoded(txn, arena));
}

void emoji_put(struct db_txn *txn, struct str shortcode, struct str url)
{
	struct reckey key = RECKEY_INIT;
	struct buf row CLEANUP(buf_free) = BUF_INIT(EMOJI_MAX_BYTES);
	reckey_add_bytes(&key, shortcode.ptr, shortcode.len);
	rec_add_u8(&row, EMOJI_VERSION);
	rec_add_num(&row, db_txn_now(txn));
	rec_add_str(&row, url);
	store_put(txn, &store_emoji, &key, &row);
}

bool emoji_del(struct db_txn *txn, struct str shortcode)
{
	return shortcode.len != 0 && db_del(txn, &store_emoji, shortcode);
}

size_t emoji_list(struct db_txn *txn, struct arena *arena, struct str after,
		  struct local_emoji *out, size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_emoji, STR(""), DB_FORWARD,
		     after.len != 0 ? after : STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (str_eq(key, after))
			continue;
		if (!emoji_decode(arena, key, value, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}
