/*
 * The private keys of local accounts, opened once and kept while they are used. Bounded like the
 * cache of remote keys. Any thread.
 */

#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "social/account.h"

#define RING_MAX 4096

struct ring_entry {
	struct key *keys[2]; /* by enum key_kind; NULL when the account has none */
	char *ids[2];
};

struct keyring {
	pthread_mutex_t lock;
	struct map entries; /* account id, 8 bytes -> struct ring_entry */
};

struct keyring *keyring_new(void)
{
	struct keyring *ring = calloc(1, sizeof(*ring));
	must(ring != NULL);
	pthread_mutex_init(&ring->lock, NULL);
	return ring;
}

static void entry_free(struct ring_entry *entry)
{
	for (size_t i = 0; i < ARRAY_LEN(entry->keys); i++) {
		key_unref(&entry->keys[i]);
		free(entry->ids[i]);
	}
	free(entry);
}

static void entries_drop(struct keyring *ring)
{
	size_t at = 0;
	struct str name;
	void *value;
	while (map_next(&ring->entries, &at, &name, &value))
		entry_free(value);
	map_free(&ring->entries);
}

void keyring_clear(struct keyring *ring)
{
	pthread_mutex_lock(&ring->lock);
	entries_drop(ring);
	pthread_mutex_unlock(&ring->lock);
}

void keyring_free(struct keyring **ring)
{
	if (*ring == NULL)
		return;
	entries_drop(*ring);
	pthread_mutex_destroy(&(*ring)->lock);
	free(*ring);
	*ring = NULL;
}

static enum rc entry_fill(const struct seal_key *seal, struct str uri,
			  const struct account_secrets *secrets, struct ring_entry *entry)
{
	for (unsigned i = 0; i < secrets->key_count; i++) {
		const struct local_key *stored = &secrets->keys[i];
		if (stored->kind > KEY_ED25519 || stored->retired_ms != 0 ||
		    entry->keys[stored->kind] != NULL)
			continue;
		enum rc rc = account_key_open(seal, uri, stored, &entry->keys[stored->kind]);
		if (rc != RC_OK)
			return rc;
		if (asprintf(&entry->ids[stored->kind], "%.*s#%.*s", STR_ARG(uri),
			     STR_ARG(stored->name)) < 0)
			return RC_NO_MEMORY;
	}
	return RC_OK;
}

static enum rc entry_load(struct fed *fed, uint64_t id, struct ring_entry **out)
{
	struct arena *arena = arena_new(256 * 1024);
	struct ring_entry *entry = calloc(1, sizeof(*entry));
	struct account_secrets secrets;
	struct account account;
	struct db_txn *txn;
	if (arena == NULL || entry == NULL) {
		arena_free(&arena);
		free(entry);
		return RC_NO_MEMORY;
	}
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc == RC_OK) {
		bool found = account_get(txn, arena, id, &account) &&
			     account_secrets_get(txn, arena, id, &secrets);
		rc = db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : found ? RC_OK : RC_NOT_FOUND;
		db_read_end(&txn);
	}
	if (rc == RC_OK)
		rc = entry_fill(fed->seal, account.uri, &secrets, entry);
	arena_free(&arena);
	if (rc != RC_OK)
		entry_free(entry);
	else
		*out = entry;
	return rc;
}

static bool entry_take(const struct ring_entry *entry, struct arena *arena, enum key_kind kind,
		       struct signing_key *out)
{
	if (entry->keys[kind] == NULL)
		return false;
	out->key = key_ref(entry->keys[kind]);
	out->id = arena_str(arena, str_of(entry->ids[kind]));
	return true;
}

enum rc keyring_get(struct fed *fed, struct ctx *ctx, uint64_t account, enum key_kind kind,
		    struct signing_key *out)
{
	struct keyring *ring = fed->ring;
	struct str name = str_n(&account, sizeof(account));
	enum rc rc = RC_OK;
	pthread_mutex_lock(&ring->lock);
	struct ring_entry *entry = map_get(&ring->entries, name);
	if (entry == NULL) {
		/* opening is rare: whoever needs the same key meanwhile waits for it */
		rc = entry_load(fed, account, &entry);
		if (rc == RC_OK && map_count(&ring->entries) >= RING_MAX)
			entries_drop(ring);
		if (rc == RC_OK && !map_put(&ring->entries, name, entry)) {
			entry_free(entry);
			rc = RC_NO_MEMORY;
		}
	}
	if (rc == RC_OK && !entry_take(entry, ctx->arena, kind, out))
		rc = RC_NOT_FOUND;
	pthread_mutex_unlock(&ring->lock);
	return rc == RC_OK ? RC_OK : ctx_fail(ctx, rc, "the signing key cannot be had");
}
