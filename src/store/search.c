/* What the index knows of statuses and accounts, and what it has yet to take up. Owns tables
 * search_doc, search_mark, search_stale, search_person and search_name. Inside transactions only. */
#include "store/search.h"

#include <stdlib.h>

#include "core/must.h"
#include "search_int.h"
#include "store/tables.h"
#include "store_int.h"

#define DOC_VERSION 1
#define DOC_MAX_BYTES \
	((SEARCH_DOC_WORDS_MAX + SEARCH_DOC_FEATURES_MAX) * (SEARCH_TERM_MAX + 2) + 16)
#define PERSON_VERSION 1

/* --- marks --- */

uint64_t search_mark(struct db_txn *txn, enum search_what what)
{
	struct reckey key = reckey_u64((uint64_t)what);
	struct str value;
	uint64_t id = 0;
	if (db_get(txn, &store_search_mark, reckey_str(&key), &value) &&
	    (value.len != sizeof(id) || !reckey_read_u64(value, 0, &id)))
		db_txn_fail(txn, RC_CORRUPT);
	return id;
}

void search_mark_set(struct db_txn *txn, enum search_what what, uint64_t id)
{
	struct reckey key = reckey_u64((uint64_t)what), value = reckey_u64(id);
	db_put(txn, &store_search_mark, reckey_str(&key), reckey_str(&value));
}

void search_touch(struct db_txn *txn, enum search_what what, uint64_t id)
{
	struct reckey key = reckey_u64_u64((uint64_t)what, id), stamp = reckey_u64(db_next_id(txn));
	db_put(txn, &store_search_stale, reckey_str(&key), reckey_str(&stamp));
}

size_t search_stale(struct db_txn *txn, enum search_what what, struct search_stale *out,
		    size_t count)
{
	struct reckey prefix = reckey_u64((uint64_t)what);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_search_stale, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value))
		n += reckey_read_u64(key, 8, &out[n].id) &&
		     reckey_read_u64(value, 0, &out[n].stamp);
	return n;
}

void search_fresh(struct db_txn *txn, enum search_what what, const struct search_stale *stale)
{
	struct reckey key = reckey_u64_u64((uint64_t)what, stale->id);
	struct str value;
	uint64_t stamp;
	if (db_get(txn, &store_search_stale, reckey_str(&key), &value) &&
	    reckey_read_u64(value, 0, &stamp) && stamp == stale->stamp)
		db_del(txn, &store_search_stale, reckey_str(&key));
}

/* --- docs --- */

static void list_encode(struct buf *out, const struct str *list, size_t count)
{
	rec_add_num(out, count);
	for (size_t i = 0; i < count; i++)
		rec_add_str(out, list[i]);
}

void search_doc_encode(struct buf *out, const struct search_doc *doc)
{
	must(doc->word_count <= SEARCH_DOC_WORDS_MAX);
	must(doc->feature_count <= SEARCH_DOC_FEATURES_MAX);
	rec_add_u8(out, DOC_VERSION);
	list_encode(out, doc->words, doc->word_count);
	list_encode(out, doc->features, doc->feature_count);
}

static bool list_decode(struct arena *arena, struct rec *r, size_t max, struct str **list,
			size_t *count)
{
	uint64_t n = rec_num(r);
	*count = 0;
	if (!rec_sound(r) || n > max)
		return false;
	*list = ARENA_ARRAY(arena, (size_t)n, struct str);
	if (*list == NULL)
		return false;
	for (; *count < n; (*count)++) {
		(*list)[*count] = rec_str(r);
		if (!rec_sound(r) || (*list)[*count].len > SEARCH_TERM_MAX)
			return false;
	}
	return true;
}

bool search_doc_decode(struct arena *arena, struct str value, uint64_t id, struct search_doc *out)
{
	struct rec r = rec_open(value);
	*out = (struct search_doc){ .id = id };
	return rec_u8(&r) == DOC_VERSION &&
	       list_decode(arena, &r, SEARCH_DOC_WORDS_MAX, &out->words, &out->word_count) &&
	       list_decode(arena, &r, SEARCH_DOC_FEATURES_MAX, &out->features,
			   &out->feature_count) &&
	       rec_ok(&r);
}

bool search_doc_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct search_doc *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_search_doc, reckey_str(&key), &value))
		return false;
	return search_doc_decode(arena, arena_str(arena, value), id, out) ||
	       store_undecoded(txn, arena);
}

static void doc_put(struct db_txn *txn, const struct search_doc *doc)
{
	struct reckey key = reckey_u64(doc->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(DOC_MAX_BYTES);
	search_doc_encode(&row, doc);
	if (row.failed)
		db_txn_fail(txn, RC_NO_MEMORY);
	db_append(txn, &store_search_doc, reckey_str(&key), buf_str(&row));
}

/* --- terms --- */

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str *search_terms(struct arena *arena, const struct search_doc *doc, size_t *count)
{
	size_t n = 0, kept = 0;
	struct str *terms = ARENA_ARRAY(arena, doc->word_count + doc->feature_count, struct str);
	*count = 0;
	if (terms == NULL)
		return NULL;
	for (size_t i = 0; i < doc->word_count; i++) {
		if (doc->words[i].len != 0)
			terms[n++] = doc->words[i];
	}
	for (size_t i = 0; i < doc->feature_count; i++)
		terms[n++] = doc->features[i];
	qsort(terms, n, sizeof(terms[0]), by_bytes);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || !str_eq(terms[kept - 1], terms[i]))
			terms[kept++] = terms[i];
	}
	*count = kept;
	return terms;
}

/* A term of a doc; a batch is written term by term, so that each block is written once. */
struct pair {
	struct str term;
	uint64_t id;
};

static int by_term(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = str_cmp(x->term, y->term);
	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static struct pair *pairs_of(struct arena *arena, const struct search_doc *docs, size_t count,
			     size_t *out)
{
	size_t most = 0, n = 0;
	for (size_t i = 0; i < count; i++)
		most += docs[i].word_count + docs[i].feature_count;
	struct pair *pairs = ARENA_ARRAY(arena, most, struct pair);
	for (size_t i = 0; i < count && pairs != NULL; i++) {
		size_t term_count;
		struct str *terms = search_terms(arena, &docs[i], &term_count);
		for (size_t k = 0; k < term_count; k++)
			pairs[n++] = (struct pair){ terms[k], docs[i].id };
	}
	*out = n;
	return arena_failed(arena) ? NULL : pairs;
}

void search_add(struct db_txn *txn, struct arena *arena, const struct search_doc *docs,
		size_t count)
{
	size_t n;
	struct pair *pairs = pairs_of(arena, docs, count, &n);
	uint64_t *ids = ARENA_ARRAY(arena, count, uint64_t);
	if (pairs == NULL || ids == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	for (size_t i = 0; i < count; i++)
		doc_put(txn, &docs[i]);
	qsort(pairs, n, sizeof(pairs[0]), by_term);
	for (size_t i = 0; i < n;) {
		struct str term = pairs[i].term;
		size_t run = 0;
		for (; i < n && str_eq(pairs[i].term, term); i++)
			ids[run++] = pairs[i].id;
		search_append(txn, term, ids, run);
	}
}

void search_replace(struct db_txn *txn, struct arena *arena, const struct search_doc *doc)
{
	struct search_doc old = { .id = doc->id };
	size_t old_count, new_count, o = 0, n = 0;
	if (!search_doc_get(txn, arena, doc->id, &old) && db_txn_rc(txn) != RC_OK)
		return;
	struct str *was = search_terms(arena, &old, &old_count);
	struct str *is = search_terms(arena, doc, &new_count);
	if (was == NULL || is == NULL) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	while (o < old_count || n < new_count) {
		int order = o == old_count ? 1 : n == new_count ? -1 : str_cmp(was[o], is[n]);
		if (order < 0)
			search_remove(txn, was[o], doc->id);
		if (order > 0)
			search_insert(txn, is[n], doc->id);
		o += order <= 0;
		n += order >= 0;
	}
	struct reckey key = reckey_u64(doc->id);
	if (new_count != 0)
		doc_put(txn, doc);
	else
		db_del(txn, &store_search_doc, reckey_str(&key));
}

/* --- people --- */

bool search_person_decode(struct str value, struct str out[SEARCH_NAMES_MAX], size_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	uint64_t n = rec_num(&r);
	*count = 0;
	if (version != PERSON_VERSION || !rec_sound(&r) || n > SEARCH_NAMES_MAX)
		return false;
	for (; *count < n; (*count)++) {
		out[*count] = rec_str(&r);
		if (out[*count].len == 0 || out[*count].len > SEARCH_TERM_MAX)
			return false;
	}
	return rec_ok(&r);
}

static struct reckey name_key(struct str name, uint64_t account)
{
	struct reckey key = search_term_key(name);
	reckey_add_u64(&key, account);
	return key;
}

/* The rows of names that the account has now. */
static void names_del(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	struct str value, names[SEARCH_NAMES_MAX];
	size_t count;
	if (!db_get(txn, &store_search_person, reckey_str(&key), &value))
		return;
	if (!search_person_decode(arena_str(arena, value), names, &count)) {
		store_undecoded(txn, arena);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct reckey one = name_key(names[i], account);
		db_del(txn, &store_search_name, reckey_str(&one));
	}
}

void search_person_put(struct db_txn *txn, struct arena *arena, uint64_t account,
		       const struct str *names, size_t count)
{
	struct reckey key = reckey_u64(account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(PERSON_MAX_BYTES);
	must(count <= SEARCH_NAMES_MAX);
	names_del(txn, arena, account);
	rec_add_u8(&row, PERSON_VERSION);
	list_encode(&row, names, count);
	/* kept without names, too: so a change of the account is noted */
	store_put(txn, &store_search_person, &key, &row);
	for (size_t i = 0; i < count; i++) {
		struct reckey one = name_key(names[i], account);
		db_put(txn, &store_search_name, reckey_str(&one), STR(""));
	}
}

void search_person_del(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	names_del(txn, arena, account);
	db_del(txn, &store_search_person, reckey_str(&key));
}

size_t search_people(struct db_txn *txn, struct str prefix, uint64_t *out, size_t count)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_search_name, str_take(prefix, SEARCH_TERM_MAX), DB_FORWARD,
		     STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL))
		n += key.len > 8 && reckey_read_u64(key, key.len - 8, &out[n]);
	return n;
}
