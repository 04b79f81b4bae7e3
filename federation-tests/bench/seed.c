/*
 * Fills a database.
 *
 *   bench-seed inbound|outbound|large|clients|viral|community|count --db FOLDER ...
 *
 * One line of JSON says what was done. What the others take stands in their files.
 */
#include "seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "core/log.h"
#include "core/must.h"
#include "queue/queue.h"
#include "store/oauth.h"
#include "store/tables.h"

#define TABLES_MAX 256
#define STEP_ARENA ((size_t)4 << 20)
#define STEPS_AT_ONCE 250 /* one may write some hundred rows */

static struct db *open_db(const char *path)
{
	static struct db_table *const own[] = { &queue_table_job, &queue_table_body,
						&queue_table_lane, &queue_table_dead };
	struct db_table *tables[TABLES_MAX];
	struct err err = { 0 };
	struct db *db;
	must(store_table_count + ARRAY_LEN(own) <= TABLES_MAX);
	memcpy(tables, store_tables, store_table_count * sizeof(tables[0]));
	memcpy(tables + store_table_count, own, sizeof(own));
	const struct db_settings settings = { .path = str_of(path),
					      .map_bytes = (uint64_t)8 << 30,
					      .max_bytes = (uint64_t)32 << 30,
					      .batch_max = 16,
					      .readers = 16 };
	if (db_open(&err, &settings, tables, store_table_count + ARRAY_LEN(own), clock_system(),
		    &db) != RC_OK)
		die("%s: %s", path, err_text(&err));
	return db;
}

struct slice {
	const struct seed_steps *steps;
	uint64_t from, to;
};

static enum rc slice_job(struct db_txn *txn, void *arg)
{
	const struct slice *slice = arg;
	struct arena *arena = arena_new(STEP_ARENA);
	for (uint64_t i = slice->from; i < slice->to && db_txn_rc(txn) == RC_OK; i++) {
		slice->steps->step(txn, arena, i, slice->steps->arg);
		arena_reset(arena);
	}
	arena_free(&arena);
	return db_txn_rc(txn);
}

void seed_run(const struct seed_steps *steps)
{
	for (uint64_t at = 0; at < steps->count; at += STEPS_AT_ONCE) {
		uint64_t to = at + STEPS_AT_ONCE < steps->count ? at + STEPS_AT_ONCE : steps->count;
		struct slice slice = { steps, at, to };
		enum rc rc = db_write(steps->seed->db, slice_job, &slice);
		if (rc != RC_OK)
			die("writing failed: %s", rc_text(rc));
	}
}

struct account seed_remote(struct arena *arena, struct str base, struct str domain, struct str name,
			   uint64_t now_ms)
{
	struct str uri = arena_printf(arena, "%.*s/users/%.*s", STR_ARG(base), STR_ARG(name));
	return (struct account){
		.kind = ACCOUNT_PERSON,
		.username = name,
		.domain = domain,
		.uri = uri,
		.url = arena_printf(arena, "%.*s/@%.*s", STR_ARG(base), STR_ARG(name)),
		.inbox = arena_join(arena, uri, STR("/inbox")),
		.outbox = arena_join(arena, uri, STR("/outbox")),
		.followers = arena_join(arena, uri, STR("/followers")),
		.following = arena_join(arena, uri, STR("/following")),
		.shared_inbox = arena_join(arena, base, STR("/inbox")),
		.display_name = arena_join(arena, STR("Person "), name),
		.created_ms = now_ms,
		.updated_ms = now_ms,
		.fetched_ms = now_ms,
	};
}

/* --- tokens --- */

#define SCOPES STR("read write follow push")

static void add_app(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct seed *seed = arg;
	struct oauth_app app = { .client_id = STR("bench"),
				 .name = STR("Bench"),
				 .website = STR(""),
				 .scopes = SCOPES,
				 .redirects = { STR("urn:ietf:wg:oauth:2.0:oob") },
				 .redirect_count = 1,
				 .created_ms = seed->now_ms };
	(void)arena, (void)i;
	oauth_app_add(txn, &app);
	seed->app = app.id;
}

void seed_app(struct seed *seed)
{
	seed_run(&(struct seed_steps){ seed, add_app, seed, 1 });
}

void seed_token(struct db_txn *txn, struct arena *arena, const struct seed *seed, uint64_t account,
		uint64_t number, FILE *file)
{
	struct str token =
		arena_printf(arena, "bench-%037" PRIu64, number); /* as long as a real one */
	struct oauth_token record = {
		.app = seed->app, .account = account, .created_ms = seed->now_ms, .scopes = SCOPES
	};
	oauth_token_add(txn, token, &record);
	fprintf(file, "%.*s\n", STR_ARG(token));
}

static void count(const struct seed *seed)
{
	struct db_txn *txn;
	struct db_stat stat;
	if (db_read_begin(seed->db, &txn) != RC_OK || db_stat(seed->db, &stat) != RC_OK)
		die("the database cannot be read");
	printf("{\"accounts\":%" PRIu64 ",\"statuses\":%" PRIu64 ",\"jobs\":%" PRIu64
	       ",\"used_bytes\":%" PRIu64 "}\n",
	       db_count(txn, &store_account), db_count(txn, &store_status),
	       db_count(txn, &queue_table_job), stat.used_bytes);
	db_read_end(&txn);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct seed seed = { .argv = argv, .now_ms = clock_wall_ms(clock_system()) };
	log_setup(LOG_LEVEL_WARN, false, 2);
	seed.db = open_db(arg_needed(argv, "--db"));
	if (strcmp(what, "inbound") == 0)
		seed_inbound(&seed);
	else if (strcmp(what, "outbound") == 0)
		seed_outbound(&seed);
	else if (strcmp(what, "large") == 0)
		seed_large(&seed);
	else if (strcmp(what, "clients") == 0)
		seed_clients(&seed);
	else if (strcmp(what, "viral") == 0)
		seed_viral(&seed);
	else if (strcmp(what, "community") == 0)
		seed_community(&seed);
	else if (strcmp(what, "count") == 0)
		count(&seed);
	else
		die("inbound, outbound, large, clients, viral, community or count?");
	db_close(&seed.db);
	return 0;
}
