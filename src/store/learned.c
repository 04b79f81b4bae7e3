/* What was learnt. Owns tables fingerprint, learned_word and learned_total. Inside transactions only. */
#include "store/learned.h"

#include "core/attr.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/sweep.h"
#include "store/tables.h"
#include "store_int.h"
#include "sweep_int.h"

#define PRINTS_VERSION 1
#define WORD_VERSION 1
#define TOTALS_VERSION 1
#define PRINTS_BYTES ((size_t)64 * 1024)
#define ONLY_KEY UINT64_C(0)
/* a word that was met once, and not again for so long, says nothing */
#define RARE_DAYS 60
#define RARE 2

/* --- fingerprints: one row, which is read as a whole --- */

static bool prints_decode(struct str value, struct fingerprint *out, size_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_num(&r);
	if (!rec_sound(&r) || version != PRINTS_VERSION || n > FINGERPRINTS_MAX)
		return false;
	for (*count = 0; *count < n; ++*count) {
		out[*count].bits = rec_u64(&r);
		out[*count].status = rec_u64(&r);
		out[*count].day = rec_u32(&r);
	}
	return rec_ok(&r);
}

/* Room for all of them. */
static struct fingerprint *prints_read(struct db_txn *txn, struct arena *arena, size_t *count)
{
	struct reckey key = reckey_u64(ONLY_KEY);
	struct fingerprint *out;
	struct str value;
	*count = 0;
	out = ARENA_ARRAY(arena, FINGERPRINTS_MAX, struct fingerprint);
	if (out == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return NULL;
	}
	if (db_get(txn, &store_fingerprint, reckey_str(&key), &value) &&
	    !prints_decode(value, out, count)) {
		db_txn_fail(txn, RC_CORRUPT);
		*count = 0;
	}
	return out;
}

static void prints_write(struct db_txn *txn, const struct fingerprint *prints, size_t count)
{
	struct reckey key = reckey_u64(ONLY_KEY);
	struct buf row CLEANUP(buf_free) = BUF_INIT(PRINTS_BYTES);
	rec_add_u8(&row, PRINTS_VERSION);
	rec_add_num(&row, count);
	for (size_t i = 0; i < count; i++) {
		rec_add_u64(&row, prints[i].bits);
		rec_add_u64(&row, prints[i].status);
		rec_add_u32(&row, prints[i].day);
	}
	store_put(txn, &store_fingerprint, &key, &row);
}

const struct fingerprint *fingerprints(struct db_txn *txn, struct arena *arena, size_t *count)
{
	struct reckey key = reckey_u64(ONLY_KEY);
	struct str value;
	*count = 0;
	/* most nodes have none: nothing is allocated then */
	if (!db_get(txn, &store_fingerprint, reckey_str(&key), &value))
		return NULL;
	return prints_read(txn, arena, count);
}

void fingerprint_add(struct db_txn *txn, struct arena *arena, const struct fingerprint *print)
{
	size_t count, kept = 0;
	struct fingerprint *all = prints_read(txn, arena, &count);
	if (all == NULL)
		return;
	size_t from = count == FINGERPRINTS_MAX ? 1 : 0;
	for (size_t i = from; i < count; i++) {
		if (all[i].day + FINGERPRINT_DAYS >= print->day && all[i].bits != print->bits)
			all[kept++] = all[i];
	}
	all[kept++] = *print;
	prints_write(txn, all, kept);
}

void fingerprint_del(struct db_txn *txn, struct arena *arena, uint64_t status)
{
	size_t count, kept = 0;
	struct fingerprint *all = prints_read(txn, arena, &count);
	for (size_t i = 0; all != NULL && i < count; i++) {
		if (all[i].status != status)
			all[kept++] = all[i];
	}
	if (all != NULL && kept != count)
		prints_write(txn, all, kept);
}

/* --- words --- */

static bool word_decode(struct str value, struct word_count *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->kept = store_num32(&r);
	out->removed = store_num32(&r);
	out->day = store_num32(&r);
	return version == WORD_VERSION && rec_ok(&r);
}

bool word_get(struct db_txn *txn, struct str word, struct word_count *out)
{
	struct str value;
	*out = (struct word_count){ .day = 0 };
	if (word.len == 0 || word.len > DB_KEY_MAX ||
	    !db_get(txn, &store_learned_word, word, &value))
		return false;
	if (!word_decode(value, out))
		db_txn_fail(txn, RC_CORRUPT);
	return db_txn_rc(txn) == RC_OK;
}

void word_put(struct db_txn *txn, struct str word, const struct word_count *count)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	must(word.len != 0 && word.len <= DB_KEY_MAX);
	rec_add_u8(&row, WORD_VERSION);
	rec_add_num(&row, count->kept);
	rec_add_num(&row, count->removed);
	rec_add_num(&row, count->day);
	db_put(txn, &store_learned_word, word, buf_str(&row));
}

void word_del(struct db_txn *txn, struct str word)
{
	db_del(txn, &store_learned_word, word);
}

struct word_totals word_totals_get(struct db_txn *txn)
{
	struct reckey key = reckey_u64(ONLY_KEY);
	struct word_totals t = { 0 };
	struct str value;
	if (!db_get(txn, &store_learned_total, reckey_str(&key), &value))
		return t;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	t.kept_posts = rec_num(&r);
	t.removed_posts = rec_num(&r);
	t.kept_words = rec_num(&r);
	t.removed_words = rec_num(&r);
	t.words = rec_num(&r);
	if (version != TOTALS_VERSION || !rec_ok(&r))
		db_txn_fail(txn, RC_CORRUPT);
	return t;
}

void word_totals_put(struct db_txn *txn, const struct word_totals *t)
{
	struct reckey key = reckey_u64(ONLY_KEY);
	struct buf row CLEANUP(buf_free) = BUF_INIT(128);
	rec_add_u8(&row, TOTALS_VERSION);
	rec_add_num(&row, t->kept_posts);
	rec_add_num(&row, t->removed_posts);
	rec_add_num(&row, t->kept_words);
	rec_add_num(&row, t->removed_words);
	rec_add_num(&row, t->words);
	store_put(txn, &store_learned_total, &key, &row);
}

/* --- forgetting --- */

struct word_look {
	uint64_t now_ms;
	struct word_totals gone;
};

static void look_word(struct db_txn *txn, struct str key, struct str value, void *arg)
{
	struct word_look *look = arg;
	struct word_count c;
	if (!word_decode(value, &c) || c.kept + (uint64_t)c.removed >= RARE ||
	    c.day + (uint64_t)RARE_DAYS > look->now_ms / MS_PER_DAY)
		return;
	look->gone.words++;
	look->gone.kept_words += c.kept;
	look->gone.removed_words += c.removed;
	db_del(txn, &store_learned_word, key);
}

bool learned_sweep(struct db_txn *txn, uint64_t now_ms, struct sweep_cursor *cursor, size_t count)
{
	struct word_look look = { .now_ms = now_ms };
	bool end = sweep_walk(txn, &store_learned_word, cursor, count, look_word, &look);
	if (look.gone.words == 0)
		return end;
	struct word_totals t = word_totals_get(txn);
	t.words -= look.gone.words < t.words ? look.gone.words : t.words;
	t.kept_words -= look.gone.kept_words < t.kept_words ? look.gone.kept_words : t.kept_words;
	t.removed_words -= look.gone.removed_words < t.removed_words ? look.gone.removed_words
								     : t.removed_words;
	word_totals_put(txn, &t);
	return end;
}
