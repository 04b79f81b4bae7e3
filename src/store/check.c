/* Walking and telling, for the integrity checks. Inside transactions that only read. */
#include "check_int.h"
#include "core/attr.h"
#include "core/buf.h"
#include "db/rec.h"
#include "store/tables.h"

static void say(const struct check *c, struct buf *line)
{
	c->bad(c->arg, buf_str(line));
}

void check_say(const struct check *c, const char *thing, uint64_t id, const char *what)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(512);
	buf_addf(&line, "%s %llu: %s", thing, (unsigned long long)id, what);
	say(c, &line);
}

void check_say_pair(const struct check *c, const char *thing, uint64_t a, uint64_t b,
		    const char *what)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(512);
	buf_addf(&line, "%s %llu, %llu: %s", thing, (unsigned long long)a, (unsigned long long)b,
		 what);
	say(c, &line);
}

void check_walk(const struct check *c, const struct db_table *table, size_t key_len,
		void (*row)(const struct check *c, struct str key, struct str value))
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, table, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(c->arena);
		if (key.len == key_len)
			row(c, key, value);
		else
			check_say(c, table->name, key.len, "a key of this length is malformed");
	}
}

uint64_t check_count(const struct check *c, const struct db_table *table, uint64_t id)
{
	struct reckey prefix = reckey_u64(id);
	struct db_iter it CLEANUP(db_iter_close);
	uint64_t n = 0;
	db_iter_open(&it, c->txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

bool check_has(const struct check *c, const struct db_table *table, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value);
}

bool check_uri(const struct check *c, struct str uri, struct uri_entry *out)
{
	struct reckey key = reckey_digest(uri);
	struct str value;
	return db_get(c->txn, &store_uri, reckey_str(&key), &value) && uri_entry_decode(value, out);
}

bool check_uri_fits(struct str key, struct str uri)
{
	struct reckey digest = reckey_digest(uri);
	return str_eq(key, reckey_str(&digest));
}

void check_end(const struct check *c, const char *what)
{
	if (db_txn_rc(c->txn) != RC_OK)
		check_say(c, what, 0, "the check ended early, at a damaged row");
}
