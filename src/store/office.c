/* Roles, rules and bars. Owns tables role, account_role, rule, bar and bar_value. Inside transactions
 * only. */
#include "store/office.h"

#include <stdlib.h>

#include "core/must.h"
#include "db/rec.h"
#include "office_int.h"
#include "store/tables.h"
#include "store_int.h"

#define ROLE_VERSION 1
#define RULE_VERSION 1
#define ROW_MAX_BYTES (64 * 1024)

/* --- roles --- */

#define MODERATES                                                                              \
	(PERMISSION_VIEW_AUDIT_LOG | PERMISSION_VIEW_DASHBOARD | PERMISSION_MANAGE_REPORTS |   \
	 PERMISSION_MANAGE_FEDERATION | PERMISSION_MANAGE_BLOCKS | PERMISSION_MANAGE_APPEALS | \
	 PERMISSION_MANAGE_USERS | PERMISSION_MANAGE_TAXONOMIES | PERMISSION_VIEW_FEEDS)
#define ADMINISTERS                                                                               \
	(MODERATES | PERMISSION_MANAGE_SETTINGS | PERMISSION_MANAGE_INVITES |                     \
	 PERMISSION_MANAGE_RULES | PERMISSION_MANAGE_ANNOUNCEMENTS |                              \
	 PERMISSION_MANAGE_CUSTOM_EMOJIS | PERMISSION_MANAGE_WEBHOOKS | PERMISSION_MANAGE_ROLES | \
	 PERMISSION_MANAGE_USER_ACCESS | PERMISSION_DELETE_USER_DATA)

/* By id. */
static const struct role built_in[] = {
	{ ROLE_EVERYBODY, 0, 0, false, STR_INIT(""), STR_INIT("") },
	{ ROLE_MODERATOR, 10, MODERATES, true, STR_INIT("Moderator"), STR_INIT("") },
	{ ROLE_ADMIN, 100, ADMINISTERS, true, STR_INIT("Admin"), STR_INIT("") },
	{ ROLE_OWNER, 1000, PERMISSION_ADMINISTRATOR, true, STR_INIT("Owner"), STR_INIT("") },
};

void role_encode(struct buf *out, const struct role *role)
{
	rec_add_u8(out, ROLE_VERSION);
	rec_add_u32(out, role->position);
	rec_add_u32(out, role->permissions);
	rec_add_u8(out, role->highlighted ? 1 : 0);
	rec_add_str(out, role->name);
	rec_add_str(out, role->color);
}

bool role_decode(struct str value, struct role *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->position = rec_u32(&r);
	out->permissions = rec_u32(&r);
	uint8_t highlighted = rec_u8(&r);
	out->highlighted = highlighted != 0;
	out->name = rec_str(&r);
	out->color = rec_str(&r);
	return version == ROLE_VERSION && rec_ok(&r) && highlighted <= 1;
}

bool role_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct role *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_role, reckey_str(&key), &value)) {
		if (id >= ARRAY_LEN(built_in) || db_txn_rc(txn) != RC_OK)
			return false;
		*out = built_in[id];
		return true;
	}
	out->id = id;
	return role_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void role_put(struct db_txn *txn, const struct role *role)
{
	struct reckey key = reckey_u64(role->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	role_encode(&row, role);
	store_put(txn, &store_role, &key, &row);
}

void role_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	db_del(txn, &store_role, reckey_str(&key));
}

size_t role_list(struct db_txn *txn, struct arena *arena, struct role out[ROLES_MAX])
{
	struct reckey from = reckey_u64(ARRAY_LEN(built_in));
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	for (uint64_t id = 0; id < ARRAY_LEN(built_in); id++)
		n += role_get(txn, arena, id, &out[n]);
	db_iter_open(&it, txn, &store_role, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < ROLES_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id) ||
		    !role_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

uint64_t role_of(struct db_txn *txn, uint64_t account)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	uint64_t role = ROLE_EVERYBODY;
	if (db_get(txn, &store_account_role, reckey_str(&key), &value) &&
	    (value.len != sizeof(role) || !reckey_read_u64(value, 0, &role)))
		db_txn_fail(txn, RC_CORRUPT);
	return role;
}

void role_give(struct db_txn *txn, uint64_t account, uint64_t role)
{
	struct reckey key = reckey_u64(account), value = reckey_u64(role);
	if (role == ROLE_EVERYBODY)
		db_del(txn, &store_account_role, reckey_str(&key));
	else
		db_put(txn, &store_account_role, reckey_str(&key), reckey_str(&value));
}

size_t role_holders(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_account_role, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

/* --- rules --- */

bool rule_decode(struct str value, struct rule *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->position = rec_u32(&r);
	out->text = rec_str(&r);
	out->hint = rec_str(&r);
	return version == RULE_VERSION && rec_ok(&r);
}

void rule_encode(struct buf *out, const struct rule *rule)
{
	rec_add_u8(out, RULE_VERSION);
	rec_add_u32(out, rule->position);
	rec_add_str(out, rule->text);
	rec_add_str(out, rule->hint);
}

bool rule_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct rule *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	out->id = id;
	return db_get(txn, &store_rule, reckey_str(&key), &value) &&
	       (rule_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

uint64_t rule_put(struct db_txn *txn, const struct rule *rule)
{
	uint64_t id = rule->id != 0 ? rule->id : db_next_id(txn);
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rule_encode(&row, rule);
	store_put(txn, &store_rule, &key, &row);
	return id;
}

bool rule_del(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	return db_del(txn, &store_rule, reckey_str(&key));
}

static int by_position(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	if (x->position != y->position)
		return x->position > y->position ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

size_t rule_list(struct db_txn *txn, struct arena *arena, struct rule out[RULES_MAX])
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_rule, STR(""), DB_FORWARD, STR_NONE);
	while (n < RULES_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id) ||
		    !rule_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	qsort(out, n, sizeof(out[0]), by_position);
	return n;
}
