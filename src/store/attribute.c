/* Attributes of people, and who is in a community because of them. Owns tables attribute and attribute_entry.
 * Inside transactions only. */
#include "attribute_int.h"

#include "check_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "store/account.h"
#include "store/community.h"
#include "store/tables.h"
#include "store_int.h"

#define VERSION 1
#define ROW_MAX_BYTES 1024

const char *attribute_source_name(enum attribute_source source)
{
	static const char *const names[] = { [ATTRIBUTE_BY_OPERATOR] = "operator",
					     [ATTRIBUTE_BY_SIGN_ON] = "sign-on",
					     [ATTRIBUTE_BUILT_IN] = "built-in" };
	must((size_t)source < ARRAY_LEN(names) && names[source] != NULL);
	return names[source];
}

bool attribute_name_valid(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool letter = c >= 'a' && c <= 'z';
		bool other = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
		if (!letter && (i == 0 || !other))
			return false;
	}
	return name.len >= 1 && name.len <= ATTRIBUTE_NAME_MAX;
}

/* --- codec --- */

void attribute_encode(struct buf *out, const struct attribute *a)
{
	rec_add_u8(out, VERSION);
	rec_add_u8(out, (uint8_t)a->source);
	rec_add_num(out, a->since_ms);
	rec_add_str(out, a->name);
	rec_add_str(out, a->value);
}

bool attribute_decode(struct str value, struct attribute *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->source = (enum attribute_source)rec_u8(&r);
	out->since_ms = rec_num(&r);
	out->name = rec_str(&r);
	out->value = rec_str(&r);
	return version == VERSION && rec_ok(&r) && out->source >= ATTRIBUTE_BY_OPERATOR &&
	       out->source <= ATTRIBUTE_BY_SIGN_ON && attribute_name_valid(out->name) &&
	       out->value.len >= 1 && out->value.len <= ATTRIBUTE_VALUE_MAX;
}

/* A name has no "=" in it. */
static struct reckey key_of(uint64_t account, struct str name, struct str value)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct reckey key = reckey_u64(account);
	buf_addf(&text, "%.*s=%.*s", STR_ARG(name), STR_ARG(value));
	struct reckey digest = reckey_digest(buf_str(&text));
	reckey_add_bytes(&key, reckey_str(&digest).ptr, reckey_str(&digest).len);
	return key;
}

/* --- rows --- */

size_t attributes_get(struct db_txn *txn, struct arena *arena, uint64_t account,
		      struct attribute out[ATTRIBUTES_MAX])
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_attribute, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < ATTRIBUTES_MAX && db_iter_next(&it, NULL, &value)) {
		if (!attribute_decode(value, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		out[n].name = arena_str(arena, out[n].name);
		out[n].value = arena_str(arena, out[n].value);
		n++;
	}
	return n;
}

static size_t count_of(struct db_txn *txn, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	size_t n = 0;
	db_iter_open(&it, txn, &store_attribute, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

bool attribute_put(struct db_txn *txn, uint64_t account, const struct attribute *a)
{
	struct reckey key = key_of(account, a->name, a->value);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct str there;
	if (!db_get(txn, &store_attribute, reckey_str(&key), &there) &&
	    count_of(txn, account) >= ATTRIBUTES_MAX)
		return false;
	attribute_encode(&row, a);
	store_put(txn, &store_attribute, &key, &row);
	return db_txn_rc(txn) == RC_OK;
}

bool attribute_del(struct db_txn *txn, uint64_t account, struct str name, struct str value)
{
	struct reckey key = key_of(account, name, value);
	return db_del(txn, &store_attribute, reckey_str(&key));
}

void attributes_del(struct db_txn *txn, uint64_t account)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	db_iter_open(&it, txn, &store_attribute, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		struct reckey one = RECKEY_INIT;
		reckey_add_bytes(&one, key.ptr, key.len);
		db_del(txn, &store_attribute, reckey_str(&one));
	}
}

/* --- entries --- */

bool attribute_entry_get(struct db_txn *txn, uint64_t community, uint64_t account,
			 struct attribute_entry *out)
{
	struct reckey key = reckey_u64_u64(community, account);
	struct str value;
	*out = (struct attribute_entry){ .community = community, .account = account };
	if (!db_get(txn, &store_attribute_entry, reckey_str(&key), &value))
		return false;
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->ends_ms = rec_num(&r);
	if (version == VERSION && rec_ok(&r))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void attribute_entry_put(struct db_txn *txn, const struct attribute_entry *e)
{
	struct reckey key = reckey_u64_u64(e->community, e->account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(32);
	rec_add_u8(&row, VERSION);
	rec_add_num(&row, e->ends_ms);
	store_put(txn, &store_attribute_entry, &key, &row);
}

bool attribute_entry_del(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct reckey key = reckey_u64_u64(community, account);
	return db_del(txn, &store_attribute_entry, reckey_str(&key));
}

size_t attribute_entries(struct db_txn *txn, uint64_t community, uint64_t after, uint64_t *out,
			 size_t count)
{
	struct reckey prefix = reckey_u64(community), from = store_key_after(community, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_attribute_entry, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

/* --- integrity --- */

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct attribute a = { .since_ms = 0 };
	struct account account;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !attribute_decode(value, &a)) {
		check_say(c, "attribute of account", id, "cannot be decoded");
		return;
	}
	struct reckey right = key_of(id, a.name, a.value);
	if (!str_eq(reckey_str(&right), key))
		check_say(c, "attribute of account", id, "is not where it belongs");
	if (!account_get(c->txn, c->arena, id, &account) || !account_is_local(&account))
		check_say(c, "attribute of account", id, "is of nobody of this node");
}

static void check_entry(const struct check *c, struct str key, struct str value UNUSED)
{
	struct attribute_entry entry;
	uint64_t community = 0, account = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &account) ||
	    !attribute_entry_get(c->txn, community, account, &entry) ||
	    !community_exists(c->txn, community))
		check_say_pair(c, "attribute entry of community", community, account, "is of none");
}

void attribute_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_attribute, 24, check_row);
	check_walk(&c, &store_attribute_entry, 16, check_entry);
}
