/* Integrity of media: each is found by who holds it and by its files, and the other way round. */
#include "core/attr.h"
#include "medium_int.h"
#include "store/tables.h"

static bool has(const struct check *c, const struct db_table *table, const struct reckey *key)
{
	struct str value;
	return db_get(c->txn, table, reckey_str(key), &value);
}

static bool has_files(const struct check *c, const struct medium *m)
{
	struct reckey file = medium_file_key(&m->file.digest, m->id);
	struct reckey small = medium_file_key(&m->small.digest, m->id);
	return (m->file.type.len == 0 || has(c, &store_medium_file, &file)) &&
	       (m->small.type.len == 0 || has(c, &store_medium_file, &small));
}

static bool is_held(const struct check *c, const struct medium *m)
{
	struct reckey scheduled = reckey_u64_u64(m->owner, m->holder);
	if (m->use == MEDIUM_SCHEDULED)
		return has(c, &store_scheduled, &scheduled);
	if (m->use == MEDIUM_RESOURCE || m->use == MEDIUM_COPY)
		return check_has(c, &store_resource, m->holder);
	return check_has(c, m->use == MEDIUM_POST ? &store_status : &store_account, m->holder);
}

static void check_medium(const struct check *c, struct str key, struct str value)
{
	struct medium m;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !medium_decode(value, id, &m)) {
		check_say(c, "medium", id, "cannot be decoded");
		return;
	}
	bool open = m.use == MEDIUM_OPEN;
	struct reckey index = open ? reckey_u64_u64(id, m.owner) : reckey_u64_u64(m.holder, id);
	if (!has(c, open ? &store_medium_open : &store_medium_held, &index))
		check_say(c, "medium", id, "is not found by who holds it");
	if (!has_files(c, &m))
		check_say(c, "medium", id, "is not found by its files");
	if (!check_has(c, &store_account, m.owner))
		check_say(c, "medium", id, "is of an account that is not there");
	if (!open && !is_held(c, &m))
		check_say(c, "medium", id, "is held by what is not there");
}

static bool read_medium(const struct check *c, uint64_t id, struct medium *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_medium, reckey_str(&key), &value) &&
	       medium_decode(value, id, out);
}

static void check_open(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t id, owner;
	struct medium m;
	if (!reckey_read_u64(key, 0, &id) || !reckey_read_u64(key, 8, &owner))
		return;
	if (!read_medium(c, id, &m) || m.use != MEDIUM_OPEN || m.owner != owner)
		check_say(c, "open medium", id, "is none, or is held");
}

static void check_held(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t holder, id;
	struct medium m;
	if (!reckey_read_u64(key, 0, &holder) || !reckey_read_u64(key, 8, &id))
		return;
	if (!read_medium(c, id, &m) || m.use == MEDIUM_OPEN || m.holder != holder)
		check_say_pair(c, "held medium", holder, id, "is none, or is not held by it");
}

static bool is_of(const struct medium_file *file, struct str digest)
{
	return file->type.len != 0 && str_eq(str_n(file->digest.bytes, DIGEST_SIZE), digest);
}

static void check_file(const struct check *c, struct str key, struct str value UNUSED)
{
	struct str digest = str_take(key, DIGEST_SIZE);
	struct medium m;
	uint64_t id;
	if (!reckey_read_u64(key, DIGEST_SIZE, &id))
		return;
	if (!read_medium(c, id, &m) || (!is_of(&m.file, digest) && !is_of(&m.small, digest)))
		check_say(c, "file of medium", id, "is of none that has it");
}

static void check_waste(const struct check *c, struct str key, struct str value UNUSED)
{
	struct digest digest;
	memcpy(digest.bytes, key.ptr, DIGEST_SIZE);
	if (medium_file_used(c->txn, &digest))
		check_say(c, "waste", 0, "is the file of a medium");
}

void medium_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { .txn = txn, .arena = arena, .bad = bad, .arg = arg };
	check_walk(&c, &store_medium, 8, check_medium);
	check_walk(&c, &store_medium_open, 16, check_open);
	check_walk(&c, &store_medium_held, 16, check_held);
	check_walk(&c, &store_medium_file, DIGEST_SIZE + 8, check_file);
	check_walk(&c, &store_medium_waste, DIGEST_SIZE, check_waste);
	check_end(&c, "media");
}
