/* Integrity of announcements: what is counted is what people have marked. */
#include "announcement_int.h"
#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/tables.h"

static void tally(const struct check *c, uint64_t id,
		  struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX], size_t n)
{
	struct reckey prefix = reckey_u64(id);
	struct db_iter it CLEANUP(db_iter_close);
	struct announcement_mark mark;
	struct str value;
	db_iter_open(&it, c->txn, &store_announcement_mark, reckey_str(&prefix), DB_FORWARD,
		     STR_NONE);
	while (db_iter_next(&it, NULL, &value)) {
		if (!announcement_mark_decode(value, &mark))
			continue;
		for (unsigned k = 0; k < mark.name_count; k++) {
			size_t i = 0;
			while (i < n && !str_eq(counts[i].name, mark.names[k]))
				i++;
			if (i == n)
				check_say(c, "announcement", id, "does not count a reaction");
			else
				counts[i].count--;
		}
	}
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	struct announcement a;
	struct str row;
	size_t n = 0;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !announcement_decode(value, &a))
		check_say(c, "announcement", id, "cannot be decoded");
	if (db_get(c->txn, &store_announcement_count, key, &row) &&
	    !announcement_counts_decode(row, counts, &n))
		check_say(c, "announcement", id, "has counts that cannot be decoded");
	tally(c, id, counts, n);
	for (size_t i = 0; i < n; i++) {
		if (counts[i].count != 0)
			check_say(c, "announcement", id, "miscounts a reaction");
	}
}

static void check_mark(const struct check *c, struct str key, struct str value)
{
	struct announcement_mark mark;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !announcement_mark_decode(value, &mark))
		check_say(c, "announcement", id, "has a mark that cannot be decoded");
}

static void check_counted(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !check_has(c, &store_announcement, id))
		check_say(c, "announcement", id, "has counts and is not there");
}

void announcement_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	struct arena *arena = arena_new((size_t)1 << 16);
	const struct check c = { txn, arena, bad, arg };
	if (arena == NULL) {
		check_say(&c, "announcements", 0, "there is no memory to check them");
		return;
	}
	check_walk(&c, &store_announcement, 8, check_row);
	check_walk(&c, &store_announcement_mark, 16, check_mark);
	check_walk(&c, &store_announcement_count, 8, check_counted);
	check_end(&c, "announcements");
	arena_free(&arena);
}
