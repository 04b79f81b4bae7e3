/* Accounts and their handles. Owns tables account and handle, and account rows of uri. Inside
 * transactions only. */
#include "store/account.h"

#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store/uri.h"

#define ACCOUNT_VERSION 1
#define ACCOUNT_MAX_BYTES (512 * 1024)

static void account_encode(struct buf *out, const struct account *a)
{
	rec_add_u8(out, ACCOUNT_VERSION);
	rec_add_u8(out, (uint8_t)a->kind);
	rec_add_num(out, a->flags);
	rec_add_num(out, a->created_ms);
	rec_add_num(out, a->updated_ms);
	rec_add_num(out, a->fetched_ms);
	rec_add_str(out, a->username);
	rec_add_str(out, a->domain);
	rec_add_str(out, a->uri);
	rec_add_str(out, a->url);
	rec_add_str(out, a->inbox);
	rec_add_str(out, a->shared_inbox);
	rec_add_str(out, a->outbox);
	rec_add_str(out, a->followers);
	rec_add_str(out, a->following);
	rec_add_str(out, a->display_name);
	rec_add_str(out, a->note.markup);
	rec_add_str(out, a->avatar);
	rec_add_str(out, a->header);
	rec_add_str(out, a->moved_to);
	must(a->field_count <= ACCOUNT_FIELDS_MAX);
	rec_add_num(out, a->field_count);
	for (unsigned i = 0; i < a->field_count; i++) {
		rec_add_str(out, a->fields[i].name);
		rec_add_str(out, a->fields[i].value.markup);
	}
}

static bool account_decode(struct str value, uint64_t id, struct account *a)
{
	struct rec r = rec_open(value);
	*a = (struct account){ .id = id };
	if (rec_u8(&r) != ACCOUNT_VERSION)
		return false;
	a->kind = (enum account_kind)rec_u8(&r);
	a->flags = (unsigned)rec_num(&r);
	a->created_ms = rec_num(&r);
	a->updated_ms = rec_num(&r);
	a->fetched_ms = rec_num(&r);
	a->username = rec_str(&r);
	a->domain = rec_str(&r);
	a->uri = rec_str(&r);
	a->url = rec_str(&r);
	a->inbox = rec_str(&r);
	a->shared_inbox = rec_str(&r);
	a->outbox = rec_str(&r);
	a->followers = rec_str(&r);
	a->following = rec_str(&r);
	a->display_name = rec_str(&r);
	a->note = html_trusted(rec_str(&r));
	a->avatar = rec_str(&r);
	a->header = rec_str(&r);
	a->moved_to = rec_str(&r);
	uint64_t fields = rec_num(&r);
	if (fields > ACCOUNT_FIELDS_MAX || a->kind > ACCOUNT_APPLICATION)
		return false;
	for (a->field_count = 0; a->field_count < fields; a->field_count++) {
		a->fields[a->field_count].name = rec_str(&r);
		a->fields[a->field_count].value = html_trusted(rec_str(&r));
	}
	return rec_ok(&r);
}

bool account_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct account *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (id == 0 || !db_get(txn, &store_account, reckey_str(&key), &value))
		return false;
	value = arena_str(arena, value);
	if (arena_failed(arena) || !account_decode(value, id, out)) {
		db_txn_fail(txn, arena_failed(arena) ? RC_NO_MEMORY : RC_CORRUPT);
		return false;
	}
	return true;
}

uint64_t account_id_of_uri(struct db_txn *txn, struct str uri)
{
	struct uri_entry entry = uri_find(txn, uri);
	return entry.kind == URI_ACCOUNT ? entry.id : 0;
}

bool account_find_uri(struct db_txn *txn, struct arena *arena, struct str uri, struct account *out)
{
	return account_get(txn, arena, account_id_of_uri(txn, uri), out) && str_eq(out->uri, uri);
}

#define HANDLE_LOCAL 'l'
#define HANDLE_REMOTE 'r'

/*
 * Local ones stay readable and in order; remote ones are digests. Lower case is an ASCII matter,
 * since user names are ASCII and hosts are canonical.
 */
static struct reckey handle_key(struct str user, struct str domain)
{
	struct reckey key = RECKEY_INIT;
	struct buf text CLEANUP(buf_free) = BUF_INIT(DB_KEY_MAX);
	for (size_t i = 0; i < user.len; i++) {
		char c = user.ptr[i];
		buf_add_chr(&text, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
	if (domain.len == 0) {
		reckey_add_u8(&key, HANDLE_LOCAL);
		reckey_add_bytes(&key, buf_str(&text).ptr, text.len);
		return key;
	}
	buf_add_chr(&text, '@');
	buf_add(&text, domain);
	must(!text.failed);
	struct reckey digest = reckey_digest(buf_str(&text));
	reckey_add_u8(&key, HANDLE_REMOTE);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

bool account_find_handle(struct db_txn *txn, struct arena *arena, struct str user,
			 struct str domain, struct account *out)
{
	if (user.len > 64 || domain.len > 300)
		return false;
	if (domain.len == 0 && user.len > 60)
		return false;
	struct reckey key = handle_key(user, domain);
	struct str value;
	if (!db_get(txn, &store_handle, reckey_str(&key), &value))
		return false;
	struct rec r = rec_open(value);
	uint64_t id = rec_u64(&r);
	return account_get(txn, arena, id, out) && str_eq_nocase(out->username, user) &&
	       str_eq(out->domain, domain);
}

static bool handle_add(struct db_txn *txn, const struct account *a)
{
	struct reckey key = handle_key(a->username, a->domain);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, a->id);
	return db_add(txn, &store_handle, reckey_str(&key), buf_str(&value), NULL);
}

static bool account_write(struct db_txn *txn, const struct account *a, bool fresh)
{
	struct reckey key = reckey_u64(a->id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	account_encode(&value, a);
	if (value.failed) {
		db_txn_fail(txn, RC_TOO_LARGE);
		return false;
	}
	if (fresh)
		return db_append(txn, &store_account, reckey_str(&key), buf_str(&value));
	return db_put(txn, &store_account, reckey_str(&key), buf_str(&value));
}

bool account_add(struct db_txn *txn, struct arena *arena, struct account *account)
{
	struct account other;
	if (account_find_handle(txn, arena, account->username, account->domain, &other) ||
	    uri_find(txn, account->uri).kind != URI_NONE)
		return false;
	account->id = db_next_id(txn);
	struct uri_entry entry = { .kind = URI_ACCOUNT, .id = account->id };
	return uri_add(txn, account->uri, entry, NULL) && handle_add(txn, account) &&
	       account_write(txn, account, true);
}

bool account_put(struct db_txn *txn, struct arena *arena, const struct account *account)
{
	struct account old;
	if (!account_get(txn, arena, account->id, &old))
		return false;
	must(str_eq(old.uri, account->uri));
	if (!str_eq_nocase(old.username, account->username) ||
	    !str_eq(old.domain, account->domain)) {
		struct reckey key = handle_key(old.username, old.domain);
		if (!handle_add(txn, account))
			return false;
		db_del(txn, &store_handle, reckey_str(&key));
	}
	return account_write(txn, account, false);
}

size_t account_local_ids(struct db_txn *txn, struct str after, uint64_t *out, size_t count)
{
	struct reckey from = handle_key(after, STR(""));
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_handle, STR("l"), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (after.len != 0 && str_eq(key, reckey_str(&from)))
			continue;
		n += reckey_read_u64(value, 0, &out[n]);
	}
	return n;
}

/* --- integrity --- */

struct checker {
	void (*bad)(void *arg, struct str what);
	void *arg;
};

static void say(const struct checker *c, const char *what, struct str about)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(4096);
	buf_addf(&line, "%s: %.*s", what, STR_ARG(about));
	c->bad(c->arg, buf_str(&line));
}

static void check_one(struct db_txn *txn, struct arena *arena, const struct checker *c, uint64_t id,
		      struct str value)
{
	struct account a, found;
	if (!account_decode(value, id, &a)) {
		say(c, "account cannot be decoded", STR(""));
		return;
	}
	struct uri_entry entry = uri_find(txn, a.uri);
	if (entry.kind != URI_ACCOUNT || entry.id != id)
		say(c, "account is not found by its id", a.uri);
	if (!account_find_handle(txn, arena, a.username, a.domain, &found) || found.id != id)
		say(c, "account is not found by its handle", a.uri);
}

void account_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		   void *arg)
{
	const struct checker c = { bad, arg };
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t id;
	db_iter_open(&it, txn, &store_account, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		arena_reset(arena);
		if (reckey_read_u64(key, 0, &id))
			check_one(txn, arena, &c, id, value);
		else
			say(&c, "account has a malformed key", STR(""));
	}
	struct db_iter handles CLEANUP(db_iter_close);
	db_iter_open(&handles, txn, &store_handle, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&handles, &key, &value)) {
		struct rec r = rec_open(value);
		struct account a;
		arena_reset(arena);
		if (!account_get(txn, arena, rec_u64(&r), &a))
			say(&c, "handle leads to no account", key);
	}
}
