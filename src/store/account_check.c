/* Integrity of accounts: rows to handles and ids and back, and how many are local. */
#include "account_int.h"
#include "check_int.h"
#include "core/attr.h"
#include "store/node.h"
#include "store/tables.h"

static bool handle_leads_to(const struct check *c, const struct account *a)
{
	struct reckey key = account_handle_key(a->username, a->domain);
	struct str value;
	uint64_t id;
	return db_get(c->txn, &store_handle, reckey_str(&key), &value) && value.len == 8 &&
	       reckey_read_u64(value, 0, &id) && id == a->id;
}

static bool read_account(const struct check *c, uint64_t id, struct account *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_account, reckey_str(&key), &value) &&
	       account_decode(c->arena, value, id, out);
}

static void check_account(const struct check *c, struct str key, struct str value)
{
	struct account a;
	struct uri_entry entry;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !account_decode(c->arena, value, id, &a)) {
		check_say(c, "account", id, "cannot be decoded");
		return;
	}
	if (!check_uri(c, a.uri, &entry) || entry.kind != URI_ACCOUNT || entry.id != id)
		check_say(c, "account", id, "is not found by its uri");
	if (!handle_leads_to(c, &a))
		check_say(c, "account", id, "is not found by its handle");
}

static void check_handle(const struct check *c, struct str key, struct str value)
{
	struct account a;
	uint64_t id = 0;
	if (value.len != 8 || !reckey_read_u64(value, 0, &id) || !read_account(c, id, &a)) {
		check_say(c, "handle", id, "leads to no account");
		return;
	}
	struct reckey own = account_handle_key(a.username, a.domain);
	if (!str_eq(key, reckey_str(&own)))
		check_say(c, "handle", id, "leads to an account of another name");
}

static void check_uri_row(const struct check *c, struct str key, struct str value)
{
	struct uri_entry entry;
	struct account a;
	if (!uri_entry_decode(value, &entry))
		check_say(c, "uri", 0, "cannot be decoded");
	else if (entry.kind == URI_ACCOUNT &&
		 (!read_account(c, entry.id, &a) || !check_uri_fits(key, a.uri)))
		check_say(c, "uri", entry.id, "leads to no account of this uri");
}

/* What only local accounts have, and counts, stand beside an account. */
static void check_beside(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id;
	if (reckey_read_u64(key, 0, &id) && !check_has(c, &store_account, id))
		check_say(c, "account", id, "has counts or secrets but is not there");
}

static void check_handles(const struct check *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, c->txn, &store_handle, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		check_handle(c, key, value);
}

static void check_totals(const struct check *c)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	struct account a;
	uint64_t n = 0;
	db_iter_open(&it, c->txn, &store_account, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(c->arena);
		if (!account_decode(c->arena, value, 0, &a) || !account_is_local(&a))
			continue;
		n += (a.flags & (ACCOUNT_INSTANCE | ACCOUNT_DELETED | ACCOUNT_LEAVING |
				 ACCOUNT_WAITING)) == 0;
	}
	uint64_t told = node_totals(c->txn).accounts;
	if (n != told)
		check_say_pair(c, "node", told, n, "counted and found local accounts differ");
}

void account_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		   void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_account, 8, check_account);
	check_handles(&c);
	check_walk(&c, &store_uri, 16, check_uri_row);
	check_walk(&c, &store_account_local, 8, check_beside);
	check_walk(&c, &store_account_count, 8, check_beside);
	check_totals(&c);
	check_end(&c, "accounts");
}
