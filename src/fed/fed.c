/* The module's state: made once at the start, passed by pointer. */
#include "fed/fed.h"

#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "store/node.h"

#define THROTTLE_MAX 10000

static enum rc identity_read(struct fed *fed, struct err *err)
{
	struct node_record node;
	struct account instance;
	struct db_txn *txn;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return err_set(err, rc, "the database cannot be read");
	bool found = node_get(txn, fed->arena, &node) &&
		     account_get(txn, fed->arena, node.instance_actor, &instance);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return err_set(err, rc, "the node's own record cannot be read");
	if (!found)
		return err_set(err, RC_NOT_FOUND, "there is no node yet: run fediflow init");
	if (!str_eq(node.host, fed->site->host) || !str_eq(node.domain, fed->site->domain))
		return err_set(err, RC_CONFLICT,
			       "the node was made for %.*s (%.*s): its names cannot change",
			       STR_ARG(node.domain), STR_ARG(node.host));
	fed->instance_actor = instance.id;
	fed->instance_uri = instance.uri;
	return RC_OK;
}

enum rc fed_new(struct err *err, const struct fed_parts *parts, struct fed **out)
{
	struct fed *fed = calloc(1, sizeof(*fed));
	must(fed != NULL);
	*fed = (struct fed){ .magic = FED_MAGIC,
			     .db = parts->db,
			     .fetch = parts->fetch,
			     .queue = parts->queue,
			     .clock = parts->clock,
			     .site = parts->site,
			     .seal = parts->seal,
			     .settings = parts->settings,
			     .relay = parts->relay };
	fed->arena = arena_new(256 * 1024);
	must(fed->arena != NULL);
	fed->keys = key_cache_new(fed->settings->key_cache);
	fed->peers = peer_cache_new();
	fed->ring = keyring_new();
	fed->rendered = rendered_new();
	fed->resolver = resolver_new();
	fed->budgets = budgets_new();
	fed->hand = hand_new();
	fed->syncs = throttle_new(THROTTLE_MAX);
	fed->pauses = throttle_new(THROTTLE_MAX);
	pthread_mutex_init(&fed->relay_lock, NULL);
	enum rc rc = identity_read(fed, err);
	if (rc == RC_OK)
		rc = peer_cache_load(fed->peers, fed->db);
	if (rc == RC_OK)
		rc = fed_relay_find(fed);
	if (rc != RC_OK)
		fed_free(&fed);
	*out = fed;
	return rc;
}

void fed_end(struct fed *fed)
{
	fed->ending = true;
}

void fed_set_queue(struct fed *fed, struct queue *queue)
{
	fed->queue = queue;
}

void fed_set_media(struct fed *fed, struct media *media)
{
	fed->media = media;
}

static enum rc no_job(struct db_txn *txn, void *arg UNUSED)
{
	return db_txn_rc(txn);
}

void fed_free(struct fed **fed)
{
	if (*fed == NULL)
		return;
	MAGIC_CHECK(*fed, FED_MAGIC);
	hand_free(&(*fed)->hand);
	/* the writes that were asked for by hand end before what they look at does */
	enum rc rc = (*fed)->handed ? db_write((*fed)->db, no_job, NULL) : RC_OK;
	(void)rc; /* those that failed have told who waited for them */
	key_cache_free(&(*fed)->keys);
	peer_cache_free(&(*fed)->peers);
	keyring_free(&(*fed)->ring);
	rendered_free(&(*fed)->rendered);
	resolver_free(&(*fed)->resolver);
	budgets_free(&(*fed)->budgets);
	throttle_free(&(*fed)->syncs);
	throttle_free(&(*fed)->pauses);
	pthread_mutex_destroy(&(*fed)->relay_lock);
	arena_free(&(*fed)->arena);
	(*fed)->magic = 0;
	free(*fed);
	*fed = NULL;
}

void fed_reload(struct fed *fed)
{
	key_cache_clear(fed->keys);
	keyring_clear(fed->ring);
	resolver_forget(fed->resolver);
	if (peer_cache_load(fed->peers, fed->db) != RC_OK)
		return; /* the old policies stay in force */
}

static const struct queue_kind kinds[] = {
	{ .id = JOB_FEDERATE,
	  .name = "federate",
	  .window = 4,
	  .at_once = 4,
	  .life_ms = 30 * MS_PER_DAY,
	  .run = federate_run },
	{ .id = JOB_DELIVER,
	  .name = "deliver",
	  .remote = true,
	  .window = 4,
	  .at_once = 512,
	  .life_ms = 7 * MS_PER_DAY,
	  .run = deliver_run },
	{ .id = JOB_INBOX,
	  .name = "inbox",
	  .window = 4,
	  .at_once = 64,
	  .life_ms = MS_PER_DAY,
	  .run = inbox_run },
	{ .id = JOB_EVENT, .name = "event", .window = 4, .at_once = 8, .run = event_run },
	{ .id = JOB_POLL, .name = "poll", .window = 4, .at_once = 8, .run = poll_run },
	{ .id = JOB_MOVE,
	  .name = "move",
	  .window = 1,
	  .at_once = 4,
	  .life_ms = 30 * MS_PER_DAY,
	  .run = move_run },
	{ .id = JOB_TAKEN,
	  .name = "taken",
	  .window = 2,
	  .at_once = 8,
	  .life_ms = 7 * MS_PER_DAY,
	  .run = taken_run },
	{ .id = JOB_SWEEP,
	  .name = "sweep",
	  .window = 1,
	  .at_once = 1,
	  .life_ms = 3650 * MS_PER_DAY,
	  .run = sweep_run },
	{ .id = JOB_VERIFY,
	  .name = "verify",
	  .window = 4,
	  .at_once = 32,
	  .life_ms = MS_PER_DAY,
	  .run = verify_run },
	{ .id = JOB_THREAD,
	  .name = "thread",
	  .window = 1,
	  .at_once = 1,
	  .life_ms = 30 * MS_PER_DAY,
	  .run = thread_run },
	{ .id = JOB_CRAWL,
	  .name = "crawl",
	  .window = 4,
	  .at_once = 4,
	  .life_ms = MS_PER_DAY,
	  .run = crawl_run },
	{ .id = JOB_SYNC,
	  .name = "sync",
	  .window = 2,
	  .at_once = 16,
	  .life_ms = MS_PER_DAY,
	  .run = sync_run },
	{ .id = JOB_CARD,
	  .name = "card",
	  .window = 8,
	  .at_once = 8,
	  .life_ms = MS_PER_DAY,
	  .run = card_run },
	{ .id = JOB_LINKS,
	  .name = "links",
	  .window = 8,
	  .at_once = 8,
	  .life_ms = 90 * MS_PER_DAY,
	  .run = links_run },
	{ .id = JOB_YEAR,
	  .name = "year",
	  .window = 1,
	  .at_once = 1,
	  .life_ms = 30 * MS_PER_DAY,
	  .run = year_run },
	{ .id = JOB_COMMUNITY,
	  .name = "community",
	  .window = 1,
	  .at_once = 1,
	  .life_ms = 3650 * MS_PER_DAY,
	  .run = community_run },
	{ .id = JOB_JOINT,
	  .name = "joint",
	  .remote = true,
	  .window = 2,
	  .at_once = 16,
	  .life_ms = 7 * MS_PER_DAY,
	  .run = joint_run },
	{ .id = JOB_LEDGER_WRITE,
	  .name = "ledger-write",
	  .window = 1,
	  .at_once = 2,
	  .life_ms = 3650 * MS_PER_DAY,
	  .run = ledger_write_run },
	{ .id = JOB_LEDGER_READ,
	  .name = "ledger-read",
	  .remote = true,
	  .window = 1,
	  .at_once = 8,
	  .life_ms = 7 * MS_PER_DAY,
	  .run = ledger_read_run },
	{ .id = JOB_SCHEDULED,
	  .name = "scheduled",
	  .window = 4,
	  .at_once = 4,
	  .run = schedule_run },
};

size_t fed_job_kinds(struct fed *fed, struct queue_kind *out, size_t max)
{
	must(max >= ARRAY_LEN(kinds));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		out[i] = kinds[i];
		out[i].app = fed;
	}
	return ARRAY_LEN(kinds);
}
