/* Integrity of the index: docs to postings and back, people to names and back. */
#include "check_int.h"
#include "core/attr.h"
#include "search_int.h"
#include "status_int.h"
#include "store/tables.h"

static bool has_term(const struct search_doc *doc, struct str term)
{
	const struct str *list = term.ptr[0] == SEARCH_FEATURE ? doc->features : doc->words;
	size_t count = term.ptr[0] == SEARCH_FEATURE ? doc->feature_count : doc->word_count;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(list[i], term))
			return true;
	}
	return false;
}

static bool read_doc(const struct check *c, uint64_t id, struct search_doc *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_search_doc, reckey_str(&key), &value) &&
	       search_doc_decode(c->arena, value, id, out);
}

static bool is_posted(const struct check *c, struct str term, uint64_t id)
{
	struct search_walk walk;
	search_walk_open(&walk, c->txn, term);
	return search_walk_seek(&walk, id) == id;
}

static bool is_stale(const struct check *c, enum search_what what, uint64_t id)
{
	struct reckey key = reckey_u64_u64((uint64_t)what, id);
	struct str value;
	return db_get(c->txn, &store_search_stale, reckey_str(&key), &value);
}

static void check_doc(const struct check *c, struct str key, struct str value)
{
	struct search_doc doc;
	uint64_t id = 0;
	size_t count;
	if (!reckey_read_u64(key, 0, &id) || !search_doc_decode(c->arena, value, id, &doc)) {
		check_say(c, "indexed status", id, "cannot be decoded");
		return;
	}
	if (!check_has(c, &store_status, id) && !is_stale(c, SEARCH_STATUS, id))
		check_say(c, "indexed status", id, "is not there");
	struct str *terms = search_terms(c->arena, &doc, &count);
	for (size_t i = 0; i < count && terms != NULL; i++) {
		if (!is_posted(c, terms[i], id)) {
			check_say(c, "indexed status", id, "is not among the postings of a term");
			return;
		}
	}
}

static void check_block(const struct check *c, struct str key, struct str value)
{
	struct str term = str_take(key, str_index(key, '\0'));
	uint64_t ids[SEARCH_BLOCK_MAX], first = 0;
	size_t count;
	if (term.len == 0 || term.len > SEARCH_TERM_MAX || key.len != term.len + 9 ||
	    !reckey_read_u64(key, term.len + 1, &first) ||
	    !search_block_decode(value, first, ids, &count)) {
		check_say(c, "posting", first, "cannot be decoded");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct search_doc doc;
		arena_reset(c->arena);
		if (!read_doc(c, ids[i], &doc) || !has_term(&doc, term))
			check_say(c, "posting", ids[i], "is of no indexed status with its term");
	}
}

static void check_taken_up(const struct check *c, struct str key, struct str value)
{
	struct status s;
	uint64_t id = 0;
	if (reckey_read_u64(key, 0, &id) && id <= search_mark(c->txn, SEARCH_STATUS) &&
	    status_decode(c->arena, value, id, &s) && (s.flags & STATUS_BOOST) == 0 &&
	    !check_has(c, &store_search_doc, id) && !is_stale(c, SEARCH_STATUS, id))
		check_say(c, "status", id, "is missing in the index");
}

static void check_person(const struct check *c, struct str key, struct str value)
{
	struct str names[SEARCH_NAMES_MAX], none;
	uint64_t id = 0;
	size_t count;
	if (!reckey_read_u64(key, 0, &id) || !search_person_decode(value, names, &count)) {
		check_say(c, "indexed account", id, "cannot be decoded");
		return;
	}
	if (!check_has(c, &store_account, id) && !is_stale(c, SEARCH_ACCOUNT, id))
		check_say(c, "indexed account", id, "is not there");
	for (size_t i = 0; i < count; i++) {
		struct reckey name = search_term_key(names[i]);
		reckey_add_u64(&name, id);
		if (!db_get(c->txn, &store_search_name, reckey_str(&name), &none))
			check_say(c, "indexed account", id, "is not found by a name");
	}
}

static bool is_named(const struct check *c, uint64_t id, struct str name)
{
	struct reckey key = reckey_u64(id);
	struct str value, names[SEARCH_NAMES_MAX];
	size_t count;
	if (!db_get(c->txn, &store_search_person, reckey_str(&key), &value) ||
	    !search_person_decode(value, names, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

static void check_name(const struct check *c, struct str key, struct str value UNUSED)
{
	struct str name = str_take(key, str_index(key, '\0'));
	uint64_t id = 0;
	if (key.len != name.len + 9 || !reckey_read_u64(key, name.len + 1, &id) ||
	    !is_named(c, id, name))
		check_say(c, "name", id, "is of no indexed account");
}

/* Rows whose keys have no one length. */
static void walk_any(const struct check *c, const struct db_table *table,
		     void (*row)(const struct check *c, struct str key, struct str value))
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, table, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(c->arena);
		row(c, key, value);
	}
}

void search_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_search_doc, 8, check_doc);
	walk_any(&c, &store_search_posting, check_block);
	check_walk(&c, &store_status, 8, check_taken_up);
	check_walk(&c, &store_search_person, 8, check_person);
	walk_any(&c, &store_search_name, check_name);
	check_end(&c, "the index");
}
