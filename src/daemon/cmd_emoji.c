/* fediflow emoji add, list, remove: pictures that people of this node may use in texts. */
#include "cmd.h"
#include "node.h"
#include "social/audit.h"
#include "store/emoji.h"
#include "text/emoji.h"
#include "text/iri.h"

#define LIST_CHUNK 256
#define LIST_MAX 10000

struct change {
	struct str shortcode;
	struct str url; /* absent: it is removed */
};

static enum rc change_act(struct social *s, void *arg)
{
	const struct change *c = arg;
	if (c->url.ptr != NULL)
		emoji_put(s->txn, c->shortcode, c->url);
	else if (!emoji_del(s->txn, c->shortcode))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no emoji :%.*s: here",
				STR_ARG(c->shortcode));
	audit(s, NULL, c->url.ptr != NULL ? AUDIT_EMOJI_ADD : AUDIT_EMOJI_REMOVE,
	      AUDIT_NAMED(c->shortcode));
	return db_txn_rc(s->txn);
}

/* With or without its colons. */
static enum rc read_shortcode(struct cli *cli, struct str *out)
{
	struct str word = command_argument(cli, 0), inner = emoji_shortcode_of(word);
	*out = inner.ptr != NULL ? inner : word;
	if (!emoji_shortcode_valid(*out))
		return usage_fail(cli, "a shortcode is 2 to 64 of A-Z, a-z, 0-9 and _");
	return RC_OK;
}

/* S-086: a picture has an https address like any other of a peer's. */
static enum rc read_url(struct cli *cli, const struct node *node, struct str *out)
{
	struct iri iri;
	enum rc rc = iri_parse(&cli->ctx, command_argument(cli, 1), node->site.iri_flags, &iri);
	if (rc != RC_OK)
		cli->exit_code = EXIT_USAGE;
	*out = iri.text;
	return rc;
}

static void print(struct cli *cli, const struct node *node, const struct local_emoji *e)
{
	output_str(&cli->out, "shortcode", e->shortcode);
	output_str(&cli->out, "url", e->url);
	output_date(&cli->out, "updated", e->updated_ms);
	output_str(&cli->out, "uri", site_emoji_uri(cli->ctx.arena, &node->site, e->shortcode));
	output_end(&cli->out);
}

enum rc cmd_emoji_add(struct cli *cli)
{
	struct node node;
	struct change c = { .url = STR_NONE };
	struct local_emoji e;
	struct db_txn *txn = NULL;
	enum rc rc = read_shortcode(cli, &c.shortcode);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_url(cli, &node, &c.url);
	if (rc == RC_OK)
		rc = node_act(cli, &node, change_act, &c);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		if (emoji_get(txn, cli->ctx.arena, c.shortcode, &e)) {
			output_object(&cli->out, NULL);
			print(cli, &node, &e);
		}
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_emoji_remove(struct cli *cli)
{
	struct node node;
	struct change c = { .url = STR_NONE };
	enum rc rc = read_shortcode(cli, &c.shortcode);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, change_act, &c);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "removed", c.shortcode);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static void print_all(struct cli *cli, const struct node *node, struct db_txn *txn)
{
	struct local_emoji *list = ARENA_ARRAY(cli->ctx.arena, LIST_CHUNK, struct local_emoji);
	struct str after = STR("");
	size_t n = LIST_CHUNK;
	output_table(&cli->out, NULL);
	for (size_t seen = 0; list != NULL && n == LIST_CHUNK && seen < LIST_MAX; seen += n) {
		n = emoji_list(txn, cli->ctx.arena, after, list, LIST_CHUNK);
		for (size_t i = 0; i < n; i++) {
			output_row(&cli->out);
			print(cli, node, &list[i]);
		}
		if (n != 0)
			after = list[n - 1].shortcode;
	}
	output_end(&cli->out);
}

enum rc cmd_emoji_list(struct cli *cli)
{
	return node_show(cli, print_all);
}
