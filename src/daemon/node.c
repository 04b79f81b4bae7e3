/*
 * Opening a node: settings, sealing key, database, its record. Used by every command that needs one,
 * by the command's thread.
 */
#include "node.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "queue/queue.h"
#include "reach.h"
#include "store/community.h"
#include "store/follower_host.h"
#include "store/report.h"
#include "store/tables.h"

#define TABLES_MAX 256

struct db_table daemon_table_health = { .name = "health",
					.help = "name -> when it was written last" };

/* --- settings --- */

static enum rc settings_missing(struct cli *cli)
{
	cli->exit_code = EXIT_SETTINGS;
	return ctx_fail(
		&cli->ctx, RC_NOT_FOUND,
		"there is no fediflow.conf here or in /etc/fediflow: name it with --config, "
		"or make a node with fediflow init");
}

enum rc node_load_settings(struct cli *cli, const char *path, struct node *node)
{
	struct conf_report report = { 0 };
	settings_init(&node->settings);
	path = settings_path(path);
	if (path == NULL)
		return settings_missing(cli);
	node->config = str_of(path);
	struct ctx sub = { .arena = cli->ctx.arena };
	enum rc rc = settings_load(&sub, path, &node->settings, &report);
	if (rc != RC_OK) {
		cli->exit_code = EXIT_SETTINGS;
		return ctx_fail(&cli->ctx, rc, "%s: %s", path, err_text(&sub.err));
	}
	settings_site(cli->ctx.arena, &node->settings, &node->site);
	return RC_OK;
}

const char *node_path(struct arena *arena, const struct node *node, const char *name)
{
	return arena_printf(arena, "%.*s/%s", STR_ARG(node->settings.node.data_dir), name).ptr;
}

enum rc node_media_parts(struct ctx *ctx, const struct node *node, struct fetch *fetch,
			 struct digest *secret, struct media_parts *out)
{
	const char *folder = node_path(ctx->arena, node, "media");
	if (folder == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	/* the sealing key itself is for sealing only */
	*secret = digest_hmac(str_n(node->seal.bytes, SEAL_KEY_SIZE), STR("addresses of media"));
	*out = (struct media_parts){ .db = node->db,
				     .fetch = fetch,
				     .clock = clock_system(),
				     .settings = &node->settings.media,
				     .base = node->site.base,
				     .folder = str_of(folder),
				     .secret = str_n(secret->bytes, DIGEST_SIZE),
				     .iri_flags = node->site.iri_flags };
	return RC_OK;
}

/* --- the sealing key --- */

struct str node_seal_path(struct arena *arena, const struct node *node)
{
	if (node->settings.node.sealing_key.len != 0)
		return node->settings.node.sealing_key;
	return str_of(node_path(arena, node, "sealing-key"));
}

enum rc node_load_seal(struct ctx *ctx, struct node *node)
{
	struct str path = node_seal_path(ctx->arena, node);
	struct buf bytes = BUF_INIT(SEAL_KEY_SIZE);
	struct err err = { .rc = RC_OK };
	enum rc rc = conf_read_secret_bytes(&err, "the sealing key", path, &bytes);
	if (rc == RC_OK && bytes.len == SEAL_KEY_SIZE)
		memcpy(node->seal.bytes, bytes.ptr, SEAL_KEY_SIZE);
	else if (rc == RC_OK || rc == RC_TOO_LARGE)
		rc = ctx_fail(ctx, RC_CORRUPT, "%.*s is no sealing key", STR_ARG(path));
	else
		rc = ctx_fail(ctx, rc, "%s", err_text(&err));
	if (bytes.ptr != NULL)
		explicit_bzero(bytes.ptr, bytes.cap);
	buf_free(&bytes);
	return rc;
}

/* --- the database --- */

enum rc node_open_db_at(struct ctx *ctx, struct node *node, struct str path, enum node_access mode,
			struct db **out)
{
	static struct db_table *const own[] = { &queue_table_job, &queue_table_body,
						&queue_table_lane, &queue_table_dead,
						&daemon_table_health };
	struct db_table *tables[TABLES_MAX];
	must(store_table_count + ARRAY_LEN(own) <= TABLES_MAX);
	memcpy(tables, store_tables, store_table_count * sizeof(tables[0]));
	memcpy(tables + store_table_count, own, sizeof(own));
	struct db_settings settings = node->settings.database;
	settings.path = path;
	settings.read_only = mode == NODE_READ;
	return db_open(&ctx->err, &settings, tables, store_table_count + ARRAY_LEN(own),
		       clock_system(), out);
}

enum rc node_open_db(struct ctx *ctx, struct node *node, enum node_access mode)
{
	const char *path = node_path(ctx->arena, node, "db");
	if (path == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(path, F_OK) != 0)
		return ctx_fail(ctx, RC_NOT_FOUND, "%s: %m; a node is made with fediflow init",
				path);
	return node_open_db_at(ctx, node, str_of(path), mode, &node->db);
}

/* The names that were decided when the node was made are in every id that peers know. */
static enum rc record_check(struct ctx *ctx, struct node *node)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the database cannot be read");
	bool made = node_get(txn, ctx->arena, &node->record);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the node's own record cannot be read");
	if (!made)
		return ctx_fail(ctx, RC_NOT_FOUND, "this node was never made: fediflow init");
	if (!str_eq(node->record.domain, node->site.domain) ||
	    !str_eq(node->record.host, node->site.host))
		return ctx_fail(
			ctx, RC_CONFLICT,
			"this node was made as %.*s at %.*s; its domain and host cannot change",
			STR_ARG(node->record.domain), STR_ARG(node->record.host));
	return RC_OK;
}

/* Rows that a database of an earlier build does not have yet. */
static enum rc rows_ensure(const struct node *node)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool hosts =
		db_count(txn, &store_follower_host) == 0 && db_count(txn, &store_follower) != 0;
	bool standing = db_count(txn, &store_community_staff) == 0 &&
			db_count(txn, &store_community_member) != 0;
	bool reports = db_count(txn, &store_report_state) == 0 && db_count(txn, &store_report) != 0;
	db_read_end(&txn);
	if (hosts)
		rc = db_write(node->db, follower_host_ensure, NULL);
	if (rc == RC_OK && standing)
		rc = db_write(node->db, community_standing_ensure, NULL);
	if (rc == RC_OK && reports)
		rc = db_write(node->db, report_state_ensure, NULL);
	return rc;
}

enum rc node_open(struct cli *cli, enum node_access mode, struct node *node)
{
	*node = (struct node){ .db = NULL };
	enum rc rc = node_load_settings(cli, cli->config, node);
	if (rc == RC_OK)
		rc = node_load_seal(&cli->ctx, node);
	if (rc == RC_OK)
		rc = node_open_db(&cli->ctx, node, mode);
	if (rc == RC_OK)
		rc = record_check(&cli->ctx, node);
	if (rc == RC_OK && mode == NODE_WRITE)
		rc = rows_ensure(node);
	if (rc == RC_OK && mode == NODE_WRITE)
		db_on_effects(node->db, node_poke_live, node);
	if (rc != RC_OK && cli->exit_code == EXIT_DONE)
		cli->exit_code = rc == RC_IO || rc == RC_CORRUPT ? EXIT_STORAGE : EXIT_SETTINGS;
	return rc;
}

void node_close(struct node *node)
{
	reach_free(&node->reach);
	db_close(&node->db);
	explicit_bzero(&node->seal, sizeof(node->seal));
}

enum rc node_lock(struct ctx *ctx, const struct node *node, int *fd)
{
	const char *path = node_path(ctx->arena, node, "lock");
	if (path == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd < 0)
		return ctx_fail(ctx, RC_IO, "%s: %m", path);
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return RC_OK;
	close(*fd);
	*fd = -1;
	return ctx_fail(ctx, RC_BUSY, "a node is running on %.*s already",
			STR_ARG(node->settings.node.data_dir));
}

/* --- writing --- */

struct waiting {
	struct db_work work;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
};

static void write_done(struct db_work *work)
{
	struct waiting *w = CONTAINER_OF(work, struct waiting, work);
	pthread_mutex_lock(&w->lock);
	w->done = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

enum rc node_write(struct node *node, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	struct waiting w = {
		.work = { .job = job, .done = write_done, .arg = arg, .reserve = true }
	};
	must(pthread_mutex_init(&w.lock, NULL) == 0);
	must(pthread_cond_init(&w.changed, NULL) == 0);
	db_submit(node->db, &w.work);
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.changed, &w.lock);
	pthread_mutex_unlock(&w.lock);
	pthread_cond_destroy(&w.changed);
	pthread_mutex_destroy(&w.lock);
	return w.work.rc;
}

static enum rc nothing(struct db_txn *txn UNUSED, void *arg UNUSED)
{
	return RC_OK;
}

/* Writes of fed's follow each other at most twice: an actor, then what it wrote. */
#define FED_WRITES_DEEP 3

void node_drain(struct node *node)
{
	for (unsigned i = 0; i < FED_WRITES_DEEP && node->db != NULL; i++)
		(void)!node_write(node, nothing, NULL);
}

struct act {
	struct cli *cli;
	const struct site *site;
	enum rc (*run)(struct social *s, void *arg);
	void *arg;
	bool enqueued;
};

static enum rc act_job(struct db_txn *txn, void *arg)
{
	struct act *act = arg;
	struct social s = { .txn = txn, .ctx = &act->cli->ctx, .site = act->site };
	act->cli->ctx.err = (struct err){ .rc = RC_OK };
	enum rc rc = act->run(&s, act->arg);
	act->enqueued = s.enqueued;
	return rc;
}

enum rc node_act(struct cli *cli, struct node *node, enum rc (*run)(struct social *s, void *arg),
		 void *arg)
{
	struct act act = { .cli = cli, .site = &node->site, .run = run, .arg = arg };
	enum rc rc = node_write(node, act_job, &act);
	if (rc == RC_OK && act.enqueued)
		node_poke(node, POKE_WAKE);
	return rc == RC_OK ? rc : err_set(&cli->ctx.err, rc, "%s", rc_text(rc));
}

enum rc node_decide(struct cli *cli, const char *named, enum rc (*run)(struct social *s, void *arg),
		    const char *done)
{
	struct node node;
	uint64_t id;
	if (!str_to_u64(command_argument(cli, 0), &id))
		return usage_fail(cli, "%s", named);
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, run, &id);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_id(&cli->out, done, id);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc node_remove(struct cli *cli, const char *named, enum rc (*run)(struct social *s, void *arg))
{
	return node_decide(cli, named, run, "removed");
}

enum rc node_show(struct cli *cli,
		  void (*print)(struct cli *cli, const struct node *node, struct db_txn *txn))
{
	struct node node = { .db = NULL };
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc != RC_OK) {
		node_close(&node);
		return rc;
	}
	rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		print(cli, &node, txn);
		rc = arena_failed(cli->ctx.arena) ? RC_NO_MEMORY : db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}
