/* Who may not sign up. Owns tables bar and bar_value. Inside transactions only. */
#include "check_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "office_int.h"
#include "store/tables.h"
#include "store_int.h"

#define BAR_VERSION 1
#define BAR_MAX_BYTES (64 * 1024)

void bar_encode(struct buf *out, const struct bar *bar)
{
	rec_add_u8(out, BAR_VERSION);
	rec_add_u8(out, (uint8_t)bar->severity);
	rec_add_num(out, bar->expires_ms);
	rec_add_num(out, bar->account);
	rec_add_num(out, bar->created_ms);
	rec_add_str(out, bar->value);
	rec_add_str(out, bar->comment);
}

bool bar_decode(struct str value, struct bar *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->severity = (enum bar_severity)rec_u8(&r);
	out->expires_ms = rec_num(&r);
	out->account = rec_num(&r);
	out->created_ms = rec_num(&r);
	out->value = rec_str(&r);
	out->comment = rec_str(&r);
	return version == BAR_VERSION && rec_ok(&r) && out->severity <= BAR_NO_ACCESS;
}

static struct reckey value_key(enum bar_kind kind, struct str value)
{
	struct reckey key = RECKEY_INIT, digest = reckey_digest(value);
	reckey_add_u8(&key, (uint8_t)kind);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

bool bar_get(struct db_txn *txn, struct arena *arena, enum bar_kind kind, uint64_t id,
	     struct bar *out)
{
	struct reckey key = reckey_u64_u64((uint64_t)kind, id);
	struct str value;
	*out = (struct bar){ .id = id, .kind = kind };
	return db_get(txn, &store_bar, reckey_str(&key), &value) &&
	       (bar_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

bool bar_find(struct db_txn *txn, struct arena *arena, enum bar_kind kind, struct str value,
	      struct bar *out)
{
	struct reckey key = value_key(kind, value);
	struct str found;
	uint64_t id;
	return db_get(txn, &store_bar_value, reckey_str(&key), &found) &&
	       reckey_read_u64(found, 0, &id) && bar_get(txn, arena, kind, id, out);
}

uint64_t bar_put(struct db_txn *txn, struct arena *arena, const struct bar *bar)
{
	struct bar fresh = *bar, other;
	struct buf row CLEANUP(buf_free) = BUF_INIT(BAR_MAX_BYTES);
	if (bar_find(txn, arena, bar->kind, bar->value, &other) && other.id != bar->id)
		return 0;
	if (bar->id == 0) {
		fresh.id = db_next_id(txn);
		fresh.created_ms = db_txn_now(txn);
	} else {
		/* the value may be another one */
		bar_del(txn, bar->kind, bar->id);
	}
	struct reckey key = reckey_u64_u64((uint64_t)bar->kind, fresh.id);
	struct reckey by_value = value_key(bar->kind, bar->value), id = reckey_u64(fresh.id);
	bar_encode(&row, &fresh);
	if (!store_put(txn, &store_bar, &key, &row))
		return 0;
	db_put(txn, &store_bar_value, reckey_str(&by_value), reckey_str(&id));
	return fresh.id;
}

bool bar_del(struct db_txn *txn, enum bar_kind kind, uint64_t id)
{
	struct reckey key = reckey_u64_u64((uint64_t)kind, id);
	struct bar bar;
	struct str value;
	if (!db_get(txn, &store_bar, reckey_str(&key), &value))
		return false;
	if (!bar_decode(value, &bar)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	struct reckey by_value = value_key(kind, bar.value);
	db_del(txn, &store_bar_value, reckey_str(&by_value));
	return db_del(txn, &store_bar, reckey_str(&key));
}

size_t bar_list(struct db_txn *txn, struct arena *arena, enum bar_kind kind, uint64_t max_id,
		uint64_t min_id, struct bar *out, size_t count)
{
	struct reckey prefix = reckey_u64((uint64_t)kind);
	struct reckey from = reckey_u64_u64((uint64_t)kind, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_bar, reckey_str(&prefix), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct bar){ .kind = kind };
		if (!reckey_read_u64(key, 8, &out[n].id) || out[n].id <= min_id)
			break;
		if (!bar_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

/* --- integrity --- */

static void check_bar(const struct check *c, struct str key, struct str value)
{
	struct bar bar;
	struct str found;
	uint64_t kind = 0, id = 0, back = 0;
	if (!reckey_read_u64(key, 0, &kind) || !reckey_read_u64(key, 8, &id) ||
	    !bar_decode(value, &bar)) {
		check_say(c, "bar", id, "cannot be decoded");
		return;
	}
	struct reckey by_value = value_key((enum bar_kind)kind, bar.value);
	if (!db_get(c->txn, &store_bar_value, reckey_str(&by_value), &found) ||
	    !reckey_read_u64(found, 0, &back) || back != id)
		check_say(c, "bar", id, "is not found by its value");
}

static void check_value(const struct check *c, struct str key, struct str value)
{
	struct bar bar;
	struct str found;
	uint64_t kind = (unsigned char)key.ptr[0], id = 0;
	struct reckey own = RECKEY_INIT;
	if (reckey_read_u64(value, 0, &id))
		own = reckey_u64_u64(kind, id);
	if (own.len != 0 && db_get(c->txn, &store_bar, reckey_str(&own), &found) &&
	    bar_decode(found, &bar)) {
		struct reckey by_value = value_key((enum bar_kind)kind, bar.value);
		if (str_eq(reckey_str(&by_value), key))
			return;
	}
	check_say(c, "value of a bar", id, "is of no bar");
}

static void check_role(const struct check *c, struct str key, struct str value)
{
	uint64_t account = 0, role = 0;
	struct role out;
	if (!reckey_read_u64(key, 0, &account) || value.len != 8 ||
	    !reckey_read_u64(value, 0, &role) || !check_has(c, &store_account, account))
		check_say(c, "role of account", account, "is of nobody");
	else if (!role_get(c->txn, c->arena, role, &out))
		check_say(c, "role of account", account, "is none");
}

void office_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_bar, 16, check_bar);
	check_walk(&c, &store_bar_value, 17, check_value);
	check_walk(&c, &store_account_role, 8, check_role);
	check_end(&c, "roles and bars");
}
