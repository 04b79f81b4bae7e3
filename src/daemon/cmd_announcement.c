/* fediflow announce, announcement list, announcement remove: what the node's people are told. */
#include <stdio.h>

#include "cmd.h"
#include "core/date.h"
#include "node.h"
#include "social/announce.h"
#include "social/audit.h"

static enum rc read_time(struct cli *cli, const char *option, uint64_t *out)
{
	struct str text = command_option(cli, option);
	*out = 0;
	if (text.ptr == NULL || date_parse_rfc3339(text, out))
		return RC_OK;
	return usage_fail(cli, "--%s is a time such as 2026-11-29T08:00:00Z", option);
}

static enum rc announce_act(struct social *s, void *arg)
{
	struct announcement *a = arg;
	enum rc rc = act_announce(s, a);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_ANNOUNCEMENT_ADD, AUDIT_ABOUT(a->id));
	return rc;
}

static void print(struct cli *cli, const struct announcement *a)
{
	char id[24];
	snprintf(id, sizeof(id), "%llu", (unsigned long long)a->id);
	output_str(&cli->out, "id", str_of(id));
	output_date(&cli->out, "published", a->published_ms);
	output_date(&cli->out, "starts", a->starts_ms);
	output_date(&cli->out, "ends", a->ends_ms);
	output_str(&cli->out, "text", a->text);
	output_end(&cli->out);
}

enum rc cmd_announce(struct cli *cli)
{
	struct announcement a = { .text = command_argument(cli, 0),
				  .all_day = command_switch(cli, "all-day") };
	struct node node;
	enum rc rc = read_time(cli, "starts", &a.starts_ms);
	if (rc == RC_OK)
		rc = read_time(cli, "ends", &a.ends_ms);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = announcement_compose(&cli->ctx, &node.site, &a);
	if (rc == RC_OK)
		rc = node_act(cli, &node, announce_act, &a);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		print(cli, &a);
	}
	node_close(&node);
	return rc;
}

static enum rc remove_act(struct social *s, void *arg)
{
	const uint64_t *id = arg;
	enum rc rc = act_unannounce(s, *id);
	if (rc == RC_OK)
		audit(s, NULL, AUDIT_ANNOUNCEMENT_REMOVE, AUDIT_ABOUT(*id));
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such announcement") : rc;
}

enum rc cmd_announcement_remove(struct cli *cli)
{
	struct node node;
	uint64_t id;
	if (!str_to_u64(command_argument(cli, 0), &id))
		return usage_fail(cli, "an announcement has a number");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, remove_act, &id);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "removed", command_argument(cli, 0));
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static void print_list(struct cli *cli, const struct node *node UNUSED, struct db_txn *txn)
{
	struct announcement *all;
	size_t n = announcement_all(txn, cli->ctx.arena, &all);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		print(cli, &all[i]);
	}
	output_end(&cli->out);
}

enum rc cmd_announcement_list(struct cli *cli)
{
	return node_show(cli, print_list);
}
