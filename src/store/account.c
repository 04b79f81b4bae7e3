/* Accounts and their handles. Owns tables account and handle, and account rows of uri. Inside
 * transactions only. */
#include "store/account.h"

#include "account_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "graph_int.h"
#include "store/search.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

#define ACCOUNT_VERSION 1

void account_encode(struct buf *out, const struct account *a)
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
	parts_encode(out, account_parts, account_part_count, a);
}

/* What stands first, as far as the inboxes: all that account_peek() wants. */
static bool head_decode(struct rec *r, uint64_t id, struct account *a)
{
	*a = (struct account){ .id = id, .etag = STR("") };
	if (rec_u8(r) != ACCOUNT_VERSION)
		return false;
	a->kind = (enum account_kind)rec_u8(r);
	a->flags = store_num32(r);
	a->created_ms = rec_num(r);
	a->updated_ms = rec_num(r);
	a->fetched_ms = rec_num(r);
	a->username = rec_str(r);
	a->domain = rec_str(r);
	a->uri = rec_str(r);
	a->url = rec_str(r);
	a->inbox = rec_str(r);
	a->shared_inbox = rec_str(r);
	return rec_sound(r) && a->kind <= ACCOUNT_APPLICATION;
}

bool account_decode(struct arena *arena, struct str value, uint64_t id, struct account *a)
{
	struct rec r = rec_open(value);
	if (!head_decode(&r, id, a))
		return false;
	a->outbox = rec_str(&r);
	a->followers = rec_str(&r);
	a->following = rec_str(&r);
	a->display_name = rec_str(&r);
	a->note = html_trusted(rec_str(&r));
	a->avatar = rec_str(&r);
	a->header = rec_str(&r);
	a->moved_to = rec_str(&r);
	uint64_t fields = rec_num(&r);
	if (fields > ACCOUNT_FIELDS_MAX)
		return false;
	for (a->field_count = 0; a->field_count < fields; a->field_count++) {
		a->fields[a->field_count].name = rec_str(&r);
		a->fields[a->field_count].value = html_trusted(rec_str(&r));
	}
	return parts_decode(arena, &r, account_parts, account_part_count, a) && rec_ok(&r);
}

bool account_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct account *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (id == 0 || !db_get(txn, &store_account, reckey_str(&key), &value))
		return false;
	value = arena_str(arena, value);
	return account_decode(arena, value, id, out) || store_undecoded(txn, arena);
}

bool account_get_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		      struct account *out)
{
	struct str *values = store_get_ids(txn, arena, &store_account, ids, count);
	for (size_t i = 0; values != NULL && i < count; i++) {
		out[i] = (struct account){ 0 };
		if (values[i].ptr != NULL &&
		    !account_decode(arena, arena_str(arena, values[i]), ids[i], &out[i]))
			return store_undecoded(txn, arena);
	}
	return values != NULL;
}

bool account_peek(struct db_txn *txn, uint64_t id, struct account *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_account, reckey_str(&key), &value))
		return false;
	struct rec r = rec_open(value);
	if (head_decode(&r, id, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool account_domain(struct db_txn *txn, uint64_t id, struct str *out)
{
	struct account a;
	if (!account_peek(txn, id, &a))
		return false;
	*out = a.domain;
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

#define USER_MAX 64
#define LOCAL_USER_MAX 60 /* stands in the key as it is */
#define DOMAIN_MAX 300

#define HANDLE_LOCAL 'l'
#define HANDLE_REMOTE 'r'

/*
 * Local ones stay readable and in order; remote ones are digests. Lower case is an ASCII matter,
 * since user names are ASCII and hosts are canonical.
 */
struct reckey account_handle_key(struct str user, struct str domain)
{
	struct reckey key = RECKEY_INIT;
	char text[USER_MAX + 1 + DOMAIN_MAX];
	must(user.len <= USER_MAX && domain.len <= DOMAIN_MAX);
	for (size_t i = 0; i < user.len; i++) {
		char c = user.ptr[i];
		text[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	if (domain.len == 0) {
		reckey_add_u8(&key, HANDLE_LOCAL);
		reckey_add_bytes(&key, text, user.len);
		return key;
	}
	text[user.len] = '@';
	memcpy(text + user.len + 1, domain.ptr, domain.len);
	struct reckey digest = reckey_digest(str_n(text, user.len + 1 + domain.len));
	reckey_add_u8(&key, HANDLE_REMOTE);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

/* Longer ones name nobody. */
static bool handle_fits(struct str user, struct str domain)
{
	return user.len != 0 && user.len <= (domain.len == 0 ? LOCAL_USER_MAX : USER_MAX) &&
	       domain.len <= DOMAIN_MAX;
}

/* Whose it is by the index; 0 when it is free. */
static uint64_t handle_find(struct db_txn *txn, struct str user, struct str domain)
{
	struct str value;
	uint64_t id;
	if (!handle_fits(user, domain))
		return 0;
	struct reckey key = account_handle_key(user, domain);
	if (!db_get(txn, &store_handle, reckey_str(&key), &value))
		return 0;
	if (value.len == sizeof(id) && reckey_read_u64(value, 0, &id))
		return id;
	db_txn_fail(txn, RC_CORRUPT);
	return 0;
}

bool account_find_handle(struct db_txn *txn, struct arena *arena, struct str user,
			 struct str domain, struct account *out)
{
	return account_get(txn, arena, handle_find(txn, user, domain), out) &&
	       str_eq_nocase(out->username, user) && str_eq(out->domain, domain);
}

static bool handle_add(struct db_txn *txn, const struct account *a)
{
	struct reckey key = account_handle_key(a->username, a->domain);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, a->id);
	return db_add(txn, &store_handle, reckey_str(&key), buf_str(&value), NULL);
}

static bool account_write(struct db_txn *txn, const struct account *a, bool fresh)
{
	struct reckey key = reckey_u64(a->id);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	account_encode(&value, a);
	if (fresh && !value.failed)
		return db_append(txn, &store_account, reckey_str(&key), buf_str(&value));
	return store_put(txn, &store_account, &key, &value);
}

bool account_add(struct db_txn *txn, struct arena *arena UNUSED, struct account *account)
{
	if (!handle_fits(account->username, account->domain) ||
	    handle_find(txn, account->username, account->domain) != 0 ||
	    !uri_is_free(uri_find(txn, account->uri)))
		return false;
	account->id = db_next_id(txn);
	struct uri_entry entry = { .kind = URI_ACCOUNT, .id = account->id };
	return uri_add(txn, account->uri, entry, NULL) && handle_add(txn, account) &&
	       account_write(txn, account, true);
}

/* Accounts are read again all the time: only what the index knows of them makes it stale. */
static bool is_found_otherwise(const struct account *old, const struct account *a)
{
	return old->flags != a->flags || !str_eq(old->display_name, a->display_name) ||
	       !str_eq(old->username, a->username) || !str_eq(old->domain, a->domain) ||
	       !str_eq(old->moved_to, a->moved_to);
}

bool account_put(struct db_txn *txn, struct arena *arena, const struct account *account)
{
	struct account old;
	if (!account_get(txn, arena, account->id, &old))
		return false;
	must(str_eq(old.uri, account->uri));
	if (!str_eq_nocase(old.username, account->username) ||
	    !str_eq(old.domain, account->domain)) {
		struct reckey key = account_handle_key(old.username, old.domain);
		if (!handle_fits(account->username, account->domain) || !handle_add(txn, account))
			return false;
		db_del(txn, &store_handle, reckey_str(&key));
	}
	if (!account_write(txn, account, false))
		return false;
	if (is_found_otherwise(&old, account))
		search_touch(txn, SEARCH_ACCOUNT, account->id);
	audience_move(txn, account->id, audience_inbox_of(&old), audience_inbox_of(account));
	return db_txn_rc(txn) == RC_OK;
}

void account_del(struct db_txn *txn, uint64_t id)
{
	struct buf uri CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	struct reckey key = reckey_u64(id);
	struct account a;
	if (!account_peek(txn, id, &a))
		return;
	/* rows move when others are written */
	struct reckey handle = account_handle_key(a.username, a.domain);
	buf_add(&uri, a.uri);
	if (uri.failed) {
		db_txn_fail(txn, RC_NO_MEMORY);
		return;
	}
	account_secrets_del(txn, id);
	db_del(txn, &store_handle, reckey_str(&handle));
	db_del(txn, &store_account, reckey_str(&key));
	db_del(txn, &store_account_count, reckey_str(&key));
	uri_del(txn, buf_str(&uri));
	search_touch(txn, SEARCH_ACCOUNT, id);
}

size_t account_local_ids(struct db_txn *txn, struct str after, uint64_t *out, size_t count)
{
	struct reckey from = account_handle_key(str_take(after, LOCAL_USER_MAX), STR(""));
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

size_t account_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_account, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}

size_t account_before(struct db_txn *txn, uint64_t max_id, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_account, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}
