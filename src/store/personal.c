/* Notes on accounts, markers, preferences. Owns tables account_note, marker and preference. Inside
 * transactions only. */
#include "personal_int.h"

#include "account_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define NOTE_VERSION 1
#define MARKER_VERSION 1
#define PREFERENCE_VERSION 1
#define MANY 64 /* keys at once */

/* --- notes --- */

void account_note_encode(struct buf *out, struct str text)
{
	rec_add_u8(out, NOTE_VERSION);
	rec_add_str(out, text);
}

bool account_note_decode(struct str value, struct str *text)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*text = rec_str(&r);
	return version == NOTE_VERSION && rec_ok(&r) && text->len != 0;
}

static struct str note_read(struct db_txn *txn, struct arena *arena, struct str value)
{
	struct str text;
	if (account_note_decode(value, &text))
		return arena_str(arena, text);
	db_txn_fail(txn, RC_CORRUPT);
	return STR("");
}

struct str account_note_get(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t about)
{
	struct reckey key = reckey_u64_u64(owner, about);
	struct str value;
	if (!db_get(txn, &store_account_note, reckey_str(&key), &value))
		return STR("");
	return note_read(txn, arena, value);
}

void account_note_put(struct db_txn *txn, uint64_t owner, uint64_t about, struct str text)
{
	struct reckey key = reckey_u64_u64(owner, about);
	struct buf row CLEANUP(buf_free) = BUF_INIT(PERSONAL_MAX_BYTES);
	if (text.len == 0) {
		db_del(txn, &store_account_note, reckey_str(&key));
		return;
	}
	account_note_encode(&row, text);
	store_put(txn, &store_account_note, &key, &row);
}

void account_note_get_many(struct db_txn *txn, struct arena *arena, uint64_t owner,
			   const uint64_t *about, size_t count, struct str *out)
{
	struct reckey keys[MANY];
	struct str names[MANY], values[MANY];
	for (size_t at = 0; at < count; at += MANY) {
		size_t n = count - at < MANY ? count - at : MANY;
		for (size_t i = 0; i < n; i++) {
			keys[i] = reckey_u64_u64(owner, about[at + i]);
			names[i] = reckey_str(&keys[i]);
		}
		bool read = db_get_many(txn, &store_account_note, names, values, n);
		for (size_t i = 0; i < n; i++)
			out[at + i] = read && values[i].ptr != NULL
					      ? note_read(txn, arena, values[i])
					      : STR("");
	}
}

size_t account_notes_del(struct db_txn *txn, uint64_t owner, size_t count)
{
	struct reckey prefix = reckey_u64(owner);
	struct db_iter it CLEANUP(db_iter_close);
	struct str name;
	uint64_t about;
	size_t n = 0;
	db_iter_open(&it, txn, &store_account_note, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &name, NULL)) {
		if (!reckey_read_u64(name, 8, &about))
			continue;
		struct reckey key = reckey_u64_u64(owner, about);
		n += db_del(txn, &store_account_note, reckey_str(&key));
	}
	return n;
}

/* Rows that end in the id of an account that is gone. */
static void look_at_account(struct db_txn *txn, struct str key, struct str value UNUSED, void *arg)
{
	const struct db_table *table = arg;
	struct account a;
	uint64_t id;
	if (reckey_read_u64(key, 8, &id) &&
	    (!account_peek(txn, id, &a) || (a.flags & ACCOUNT_DELETED) != 0))
		db_del(txn, table, key);
}

bool account_notes_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
			 size_t count)
{
	return sweep_walk(txn, &store_account_note, cursor, count, look_at_account,
			  &store_account_note);
}

bool thread_mutes_sweep(struct db_txn *txn, uint64_t now_ms UNUSED, struct sweep_cursor *cursor,
			size_t count)
{
	return sweep_walk(txn, &store_thread_mute, cursor, count, look_at_account,
			  &store_thread_mute);
}

/* --- markers --- */

void markers_encode(struct buf *out, const struct marker markers[MARKERS])
{
	rec_add_u8(out, MARKER_VERSION);
	for (size_t i = 0; i < MARKERS; i++) {
		rec_add_u64(out, markers[i].last_read);
		rec_add_num(out, markers[i].version);
		rec_add_num(out, markers[i].updated_ms);
	}
}

bool markers_decode(struct str value, struct marker out[MARKERS])
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	for (size_t i = 0; i < MARKERS; i++) {
		out[i].last_read = rec_u64(&r);
		out[i].version = rec_num(&r);
		out[i].updated_ms = rec_num(&r);
	}
	return version == MARKER_VERSION && rec_ok(&r);
}

void markers_get(struct db_txn *txn, uint64_t account, struct marker out[MARKERS])
{
	struct reckey key = reckey_u64(account);
	struct str value;
	memset(out, 0, sizeof(out[0]) * MARKERS);
	if (db_get(txn, &store_marker, reckey_str(&key), &value) && !markers_decode(value, out))
		db_txn_fail(txn, RC_CORRUPT);
}

void markers_put(struct db_txn *txn, uint64_t account, const struct marker markers[MARKERS])
{
	struct reckey key = reckey_u64(account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(PERSONAL_MAX_BYTES);
	markers_encode(&row, markers);
	store_put(txn, &store_marker, &key, &row);
}

/* --- preferences --- */

void preference_encode(struct buf *out, const struct preference *p)
{
	rec_add_u8(out, PREFERENCE_VERSION);
	rec_add_u8(out, (uint8_t)p->visibility);
	rec_add_u8(out, p->quotes);
	rec_add_u8(out, (uint8_t)p->expand_media);
	rec_add_u8(out, (uint8_t)((p->sensitive ? 1 : 0) | (p->expand_spoilers ? 2 : 0) |
				  (p->autoplay ? 4 : 0)));
	rec_add_str(out, p->language);
}

bool preference_decode(struct str value, struct preference *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct preference){ .visibility = (enum visibility)rec_u8(&r) };
	out->quotes = rec_u8(&r);
	out->expand_media = (enum expand_media)rec_u8(&r);
	uint8_t flags = rec_u8(&r);
	out->sensitive = (flags & 1) != 0;
	out->expand_spoilers = (flags & 2) != 0;
	out->autoplay = (flags & 4) != 0;
	out->language = rec_str(&r);
	return version == PREFERENCE_VERSION && rec_ok(&r) && out->visibility <= VISIBILITY_LOCAL &&
	       out->expand_media <= EXPAND_HIDE_ALL && flags < 8;
}

void preference_get(struct db_txn *txn, struct arena *arena, uint64_t account,
		    struct preference *out)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	*out = (struct preference){ .language = STR("") };
	if (!db_get(txn, &store_preference, reckey_str(&key), &value))
		return;
	if (!preference_decode(value, out))
		db_txn_fail(txn, RC_CORRUPT);
	out->language = arena_str(arena, out->language);
}

void preference_put(struct db_txn *txn, uint64_t account, const struct preference *preference)
{
	struct reckey key = reckey_u64(account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(PERSONAL_MAX_BYTES);
	preference_encode(&row, preference);
	store_put(txn, &store_preference, &key, &row);
}

void personal_del(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	db_del(txn, &store_marker, reckey_str(&key));
	db_del(txn, &store_preference, reckey_str(&key));
}
