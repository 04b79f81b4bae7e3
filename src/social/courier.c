/* The courier's life, and the node's push key. */
#include <stdlib.h>

#include "act_int.h"
#include "core/must.h"
#include "courier_int.h"
#include "store/node.h"

#define ARENA_MAX ((size_t)64 * 1024)
#define SEAL_CONTEXT STR("push-key")

/* --- the key --- */

static enum rc key_put(struct db_txn *txn, void *arg)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct node_push_key there;
	if (arena == NULL)
		return RC_NO_MEMORY;
	/* the one that was first */
	if (!node_push_key_get(txn, arena, &there))
		node_push_key_put(txn, arg);
	arena_free(&arena);
	return db_txn_rc(txn);
}

static enum rc key_make(struct courier *c)
{
	struct buf sealed CLEANUP(buf_free) = BUF_INIT(256);
	struct p256 *key = NULL;
	enum rc rc = p256_generate(&key);
	if (rc != RC_OK)
		return rc;
	rc = seal(c->parts.seal, SEAL_CONTEXT, p256_private(key), &sealed);
	struct node_push_key stored = { buf_str(&sealed), p256_public(key) };
	if (rc == RC_OK)
		rc = db_write(c->parts.db, key_put, &stored);
	p256_free(&key);
	return rc;
}

/* RC_NOT_FOUND when there is none yet. */
static enum rc key_read(struct courier *c, struct arena *arena)
{
	struct buf scalar CLEANUP(buf_free) = BUF_INIT(256);
	struct node_push_key stored;
	struct db_txn *txn;
	enum rc rc = db_read_begin(c->parts.db, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = node_push_key_get(txn, arena, &stored);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK || !found)
		return rc != RC_OK ? rc : RC_NOT_FOUND;
	rc = unseal(c->parts.seal, SEAL_CONTEXT, stored.sealed, &scalar);
	if (rc == RC_OK)
		rc = p256_from_private(buf_str(&scalar), &c->key);
	if (scalar.ptr != NULL)
		explicit_bzero(scalar.ptr, scalar.len);
	return rc;
}

static enum rc key_load(struct courier *c)
{
	struct arena *arena = arena_new(ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = key_read(c, arena);
	if (rc == RC_NOT_FOUND) {
		rc = key_make(c);
		if (rc == RC_OK)
			rc = key_read(c, arena);
	}
	arena_free(&arena);
	return rc;
}

/* --- its life --- */

enum rc courier_new(struct err *err, const struct courier_parts *parts, struct courier **out)
{
	struct courier *c = calloc(1, sizeof(*c));
	*out = NULL;
	if (c == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	c->parts = *parts;
	enum rc rc = key_load(c);
	if (rc != RC_OK) {
		courier_free(&c);
		return err_set(err, rc, "the node's key for push services cannot be had");
	}
	*out = c;
	return RC_OK;
}

void courier_free(struct courier **courier)
{
	struct courier *c = *courier;
	*courier = NULL;
	if (c == NULL)
		return;
	p256_free(&c->key);
	free(c);
}

size_t courier_job_kinds(struct courier *c, struct queue_kind *out, size_t max)
{
	const struct queue_kind kinds[] = {
		{ .id = JOB_PUSH,
		  .name = "push",
		  .remote = true,
		  .window = 8,
		  .at_once = 128,
		  .life_ms = 2 * MS_PER_DAY,
		  .run = push_run,
		  .app = c },
		{ .id = JOB_MAIL,
		  .name = "mail",
		  .window = 8,
		  .at_once = 8,
		  .life_ms = 3 * MS_PER_DAY,
		  .run = mail_run,
		  .app = c },
		{ .id = JOB_STATEMENT,
		  .name = "statement",
		  .window = 4,
		  .at_once = 4,
		  .life_ms = 30 * MS_PER_DAY,
		  .run = statement_run,
		  .app = c },
		{ .id = JOB_ATTRIBUTE,
		  .name = "attribute",
		  .window = 2,
		  .at_once = 2,
		  .life_ms = 30 * MS_PER_DAY,
		  .run = attribute_run,
		  .app = c },
		{ .id = JOB_EVENT_WAKE,
		  .name = "event-wake",
		  .window = 8,
		  .at_once = 8,
		  .life_ms = 30 * MS_PER_DAY,
		  .run = event_wake_run,
		  .app = c },
		{ .id = JOB_SEVER,
		  .name = "sever",
		  .window = 1,
		  .at_once = 1,
		  .life_ms = 365 * MS_PER_DAY,
		  .run = sever_run,
		  .app = c },
	};
	must(ARRAY_LEN(kinds) <= max);
	memcpy(out, kinds, sizeof(kinds));
	return ARRAY_LEN(kinds);
}
