/* Cards. Owns table card. Inside transactions only. */
#include "store/card.h"

#include "check_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "crypt/digest.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define CARD_VERSION 1
#define CARD_BYTES_MAX ((size_t)64 << 10)

uint64_t card_id(struct str url)
{
	struct digest d = digest_sha256(url);
	uint64_t id = 0;
	for (int i = 0; i < 8; i++)
		id = id << 8 | d.bytes[i];
	return id != 0 ? id : 1;
}

static void row_encode(struct buf *out, const struct card *c)
{
	rec_add_u8(out, CARD_VERSION);
	rec_add_u8(out, c->shown ? 1 : 0);
	rec_add_num(out, c->fetched_ms);
	rec_add_str(out, c->url);
	rec_add_str(out, c->title);
	rec_add_str(out, c->description);
	rec_add_str(out, c->site_name);
	rec_add_str(out, c->author);
	rec_add_str(out, c->creator);
	rec_add_str(out, c->image);
	rec_add_str(out, c->image_alt);
	rec_add_num(out, c->width);
	rec_add_num(out, c->height);
	rec_add_str(out, c->language);
	rec_add_num(out, c->published_ms);
}

static bool row_decode(struct str value, uint64_t id, struct card *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct card){ .id = id, .shown = rec_u8(&r) == 1 };
	out->fetched_ms = rec_num(&r);
	out->url = rec_str(&r);
	out->title = rec_str(&r);
	out->description = rec_str(&r);
	out->site_name = rec_str(&r);
	out->author = rec_str(&r);
	out->creator = rec_str(&r);
	out->image = rec_str(&r);
	out->image_alt = rec_str(&r);
	out->width = store_num32(&r);
	out->height = store_num32(&r);
	out->language = rec_str(&r);
	out->published_ms = rec_num(&r);
	return version == CARD_VERSION && rec_ok(&r);
}

bool card_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct card *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_card, reckey_str(&key), &value))
		return false;
	return row_decode(arena_str(arena, value), id, out) || store_undecoded(txn, arena);
}

bool card_get_many(struct db_txn *txn, struct arena *arena, const struct str *urls, size_t count,
		   struct card *out)
{
	uint64_t *ids = ARENA_ARRAY(arena, count, uint64_t);
	if (ids == NULL)
		return false;
	/* no row has the number 0 */
	for (size_t i = 0; i < count; i++)
		ids[i] = urls[i].len != 0 ? card_id(urls[i]) : 0;
	struct str *values = store_get_ids(txn, arena, &store_card, ids, count);
	for (size_t i = 0; values != NULL && i < count; i++) {
		out[i] = (struct card){ .id = 0 };
		if (values[i].ptr == NULL)
			continue;
		if (!row_decode(arena_str(arena, values[i]), ids[i], &out[i]))
			return store_undecoded(txn, arena);
		if (!str_eq(out[i].url, urls[i]))
			out[i].id = 0;
	}
	return values != NULL;
}

void card_put(struct db_txn *txn, const struct card *card)
{
	struct reckey key = reckey_u64(card_id(card->url));
	struct buf row CLEANUP(buf_free) = BUF_INIT(CARD_BYTES_MAX);
	row_encode(&row, card);
	store_put(txn, &store_card, &key, &row);
}

static void look_at_card(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	const uint64_t *now_ms = arg;
	struct card c;
	if (row_decode(value, 0, &c) && c.fetched_ms + CARD_KEEP_MS <= *now_ms)
		db_del(txn, &store_card, key);
}

bool cards_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	return sweep_walk(txn, &store_card, cursor, count, look_at_card, &now_ms);
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct card card;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !row_decode(value, id, &card))
		check_say(c, "card", id, "cannot be decoded");
	else if (card_id(card.url) != id)
		check_say(c, "card", id, "is not what its address makes it");
}

void card_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_card, 8, check_row);
	check_end(&c, "cards");
}
