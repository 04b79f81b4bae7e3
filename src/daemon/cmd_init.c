/* fediflow init: makes the data folder, the settings, the sealing key, the database, the node's actor. */
#include <unistd.h>

#include "cmd.h"
#include "core/random.h"
#include "files.h"
#include "node.h"
#include "social/account.h"

/* --- the settings --- */

/* Text in quotes, as conf reads it. */
static void add_quoted(struct buf *out, struct str text)
{
	buf_add_chr(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_chr(out, '\\');
		buf_add_chr(out, text.ptr[i]);
	}
	buf_add_chr(out, '"');
}

static void add_setting(struct buf *out, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	buf_addf(out, "%s = ", name);
	add_quoted(out, value);
	buf_add_chr(out, '\n');
}

static void settings_compose(const struct cli *cli, struct buf *out)
{
	struct str data = command_option(cli, "data");
	buf_add(out,
		STR("# What is not set here has its default: fediflow config sample\n[node]\n"));
	add_setting(out, "domain", command_option(cli, "domain"));
	add_setting(out, "host", command_option(cli, "host"));
	add_setting(out, "title", command_option(cli, "title"));
	add_setting(out, "data_dir", data.len != 0 ? data : STR("data"));
	if (command_option(cli, "listen").len != 0)
		buf_add(out, STR("\n[http]\n"));
	add_setting(out, "listen", command_option(cli, "listen"));
}

/* An existing file is used as it is; the options must not say otherwise. */
static enum rc settings_make(struct cli *cli, const char **path, bool *fresh)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64 * 1024);
	*path = settings_path(cli->config);
	if (*path == NULL)
		*path = "fediflow.conf";
	if (access(*path, F_OK) == 0)
		return RC_OK;
	if (command_option(cli, "domain").len == 0)
		return usage_fail(cli, "%s is not there yet, and writing it takes --domain", *path);
	settings_compose(cli, &text);
	enum rc rc = file_write_new(&cli->ctx, *path, buf_str(&text));
	*fresh = rc == RC_OK;
	return rc;
}

/* --domain and --host that differ from what the file says would be silently ignored. */
static enum rc names_agree(struct cli *cli, const struct node *node)
{
	const struct {
		const char *option;
		struct str value;
	} names[] = { { "domain", node->site.domain }, { "host", node->site.host } };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str given = command_option(cli, names[i].option);
		if (given.len != 0 && !str_eq_nocase(given, names[i].value))
			return usage_fail(cli, "%.*s says that the %s is %.*s",
					  STR_ARG(node->config), names[i].option,
					  STR_ARG(names[i].value));
	}
	return RC_OK;
}

/* --- the data --- */

static enum rc seal_make(struct ctx *ctx, struct node *node)
{
	char *path = arena_cstr(ctx->arena, node_seal_path(ctx->arena, node));
	if (path == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(path, F_OK) != 0) {
		random_bytes(node->seal.bytes, sizeof(node->seal.bytes));
		enum rc rc = file_write_new(ctx, path,
					    str_n(node->seal.bytes, sizeof(node->seal.bytes)));
		if (rc != RC_OK)
			return rc;
	}
	return node_load_seal(ctx, node);
}

static enum rc write_node(struct social *s, void *arg)
{
	const struct account_secrets *secrets = arg;
	struct account instance;
	struct node_record record;
	if (node_get(s->txn, s->ctx->arena, &record))
		return ctx_fail(s->ctx, RC_EXISTS, "there is a node here already: %.*s",
				STR_ARG(record.domain));
	enum rc rc = account_create_instance(s, secrets, &instance);
	if (rc != RC_OK)
		return rc;
	record = (struct node_record){ .domain = s->site->domain,
				       .host = s->site->host,
				       .created_ms = db_txn_now(s->txn),
				       .instance_actor = instance.id };
	node_put(s->txn, &record);
	return db_txn_rc(s->txn);
}

static enum rc node_make(struct cli *cli, struct node *node)
{
	struct ctx *ctx = &cli->ctx;
	struct account_secrets secrets;
	char *folder = arena_cstr(ctx->arena, node->settings.node.data_dir);
	const char *db = node_path(ctx->arena, node, "db");
	if (folder == NULL || db == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	int lock = -1;
	enum rc rc = folder_make(ctx, folder);
	if (rc == RC_OK)
		rc = node_lock(ctx, node, &lock);
	if (rc == RC_OK)
		rc = folder_make(ctx, db);
	if (rc == RC_OK)
		rc = seal_make(ctx, node);
	if (rc == RC_OK)
		rc = node_open_db(ctx, node, NODE_WRITE);
	if (rc == RC_OK)
		rc = account_keys_make(ctx, &node->seal, site_instance_uri(ctx->arena, &node->site),
				       clock_wall_ms(clock_system()), &secrets);
	if (rc == RC_OK)
		rc = node_act(cli, node, write_node, &secrets);
	if (lock >= 0)
		close(lock);
	return rc;
}

enum rc cmd_init(struct cli *cli)
{
	struct node node = { .db = NULL };
	const char *path = NULL;
	bool fresh = false;
	enum rc rc = settings_make(cli, &path, &fresh);
	if (rc == RC_OK)
		rc = node_load_settings(cli, path, &node);
	/* what was mistyped must not stand in the way of the next attempt */
	if (rc != RC_OK && fresh)
		unlink(path);
	if (rc == RC_OK)
		rc = names_agree(cli, &node);
	if (rc == RC_OK)
		rc = node_make(cli, &node);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "config", str_of(path));
		output_str(&cli->out, "data_dir", node.settings.node.data_dir);
		output_str(&cli->out, "domain", node.site.domain);
		output_str(&cli->out, "address", node.site.base);
		output_end(&cli->out);
		output_say(&cli->out, "The node is made. Next: fediflow account create NAME, "
				      "fediflow serve");
	}
	node_close(&node);
	return rc;
}
