/*
 * fediflow backup and restore. A backup is a folder with a consistent copy of the database, the
 * sealing key without which its private keys cannot be opened, and the settings.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"
#include "files.h"
#include "node.h"

/* The files of a backup. */
struct places {
	const char *folder;
	const char *db;
	const char *data;
	const char *seal;
	const char *config;
};

static enum rc places_of(struct cli *cli, struct places *p)
{
	struct arena *arena = cli->ctx.arena;
	p->folder = cli->arguments[0];
	p->db = arena_printf(arena, "%s/db", p->folder).ptr;
	p->data = arena_printf(arena, "%s/db/data.mdb", p->folder).ptr;
	p->seal = arena_printf(arena, "%s/sealing-key", p->folder).ptr;
	p->config = arena_printf(arena, "%s/fediflow.conf", p->folder).ptr;
	return arena_failed(arena) ? ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory") : RC_OK;
}

/* --- is the copy sound? --- */

struct damage {
	uint64_t rows;
};

static void count_damage(void *arg, const struct db_table *table UNUSED, struct str key UNUSED)
{
	struct damage *damage = arg;
	damage->rows++;
}

static enum rc verify(struct cli *cli, struct node *node, const struct places *p)
{
	struct damage damage = { 0 };
	struct db *copy = NULL;
	enum rc rc = node_open_db_at(&cli->ctx, node, str_of(p->db), NODE_READ, &copy);
	if (rc == RC_OK)
		rc = db_verify(copy, count_damage, &damage);
	db_close(&copy);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the copy in %s is not sound: %llu damaged rows",
				p->folder, (unsigned long long)damage.rows);
	return RC_OK;
}

static void print_done(struct cli *cli, const struct node *node, const struct places *p)
{
	output_object(&cli->out, NULL);
	output_str(&cli->out, "backup", str_of(p->folder));
	output_str(&cli->out, "data_dir", node->settings.node.data_dir);
	output_flag(&cli->out, "verified", true);
	output_end(&cli->out);
}

/* --- backup --- */

static enum rc backup(struct cli *cli, struct node *node, const struct places *p)
{
	struct ctx *ctx = &cli->ctx;
	char *seal = arena_cstr(ctx->arena, node_seal_path(ctx->arena, node));
	char *config = arena_cstr(ctx->arena, node->config);
	if (seal == NULL || config == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = folder_make(ctx, p->folder);
	if (rc == RC_OK)
		rc = folder_check_empty(ctx, p->folder);
	if (rc == RC_OK)
		rc = folder_make(ctx, p->db);
	if (rc == RC_OK)
		rc = db_backup(node->db, &ctx->err, p->db);
	if (rc == RC_OK)
		rc = file_copy_new(ctx, seal, p->seal);
	if (rc == RC_OK)
		rc = file_copy_new(ctx, config, p->config);
	if (rc == RC_OK)
		rc = folder_sync(ctx, p->folder);
	return rc == RC_OK ? verify(cli, node, p) : rc;
}

enum rc cmd_backup(struct cli *cli)
{
	struct node node;
	struct places p;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = places_of(cli, &p);
	if (rc == RC_OK)
		rc = backup(cli, &node, &p);
	if (rc == RC_OK)
		print_done(cli, &node, &p);
	node_close(&node);
	return rc;
}

/* --- restore --- */

/* The settings are the backup's where there are none yet. */
static enum rc restore_config(struct cli *cli, const struct places *p, const char **path)
{
	*path = cli->config != NULL ? cli->config : settings_path(NULL);
	if (*path == NULL)
		*path = "fediflow.conf";
	return access(*path, F_OK) == 0 ? RC_OK : file_copy_new(&cli->ctx, p->config, *path);
}

/* Nothing that is there is overwritten. */
static enum rc restore_files(struct cli *cli, const struct node *node, const struct places *p)
{
	struct ctx *ctx = &cli->ctx;
	char *seal = arena_cstr(ctx->arena, node_seal_path(ctx->arena, node));
	const char *db = node_path(ctx->arena, node, "db");
	const char *data = node_path(ctx->arena, node, "db/data.mdb");
	const char *coming = node_path(ctx->arena, node, "db/data.mdb.restoring");
	if (seal == NULL || db == NULL || data == NULL || coming == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(data, F_OK) == 0)
		return ctx_fail(ctx, RC_EXISTS, "%s is there already: move it away first", data);
	enum rc rc = folder_make(ctx, db);
	if (rc == RC_OK)
		rc = file_copy_new_or_same(ctx, p->seal, seal);
	unlink(coming); /* of a restore that was broken off */
	if (rc == RC_OK)
		rc = file_copy_new(ctx, p->data, coming);
	/* it is there as a whole or not at all */
	if (rc == RC_OK && rename(coming, data) != 0)
		rc = ctx_fail(ctx, RC_IO, "%s: %m", data);
	return rc == RC_OK ? folder_sync(ctx, db) : rc;
}

static enum rc restore(struct cli *cli, struct node *node, const struct places *p)
{
	char *folder = arena_cstr(cli->ctx.arena, node->settings.node.data_dir);
	int lock = -1;
	if (folder == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = folder_make(&cli->ctx, folder);
	if (rc == RC_OK)
		rc = node_lock(&cli->ctx, node, &lock);
	if (rc == RC_OK)
		rc = verify(cli, node, p);
	if (rc == RC_OK)
		rc = restore_files(cli, node, p);
	if (lock >= 0)
		close(lock);
	return rc;
}

enum rc cmd_restore(struct cli *cli)
{
	struct node node = { .db = NULL }, restored;
	struct places p;
	const char *path = NULL;
	enum rc rc = places_of(cli, &p);
	if (rc == RC_OK)
		rc = restore_config(cli, &p, &path);
	if (rc == RC_OK)
		rc = node_load_settings(cli, path, &node);
	if (rc == RC_OK)
		rc = restore(cli, &node, &p);
	node_close(&node);
	if (rc != RC_OK)
		return rc;
	/* does it open as a node, with this key and these names? */
	cli->config = path;
	rc = node_open(cli, NODE_READ, &restored);
	if (rc == RC_OK)
		print_done(cli, &restored, &p);
	node_close(&restored);
	return rc;
}
