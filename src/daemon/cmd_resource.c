/* fediflow community resources and resource: what a community shares. Who adds or revises is named, and may; the
 * operator takes away. */
#include "cmd.h"
#include "communities.h"
#include "media/media.h"
#include "reach.h"
#include "social/resource.h"
#include "target.h"

#define LIST_MAX 1000

/* --- looking --- */

static void print_resources(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct output *out = &cli->out;
	uint64_t *ids = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, uint64_t);
	struct page page = PAGE_ALL;
	size_t n = ids != NULL ? resources_of(txn, id, &page, ids, LIST_MAX) : 0;
	output_table(out, NULL);
	for (size_t i = 0; i < n; i++) {
		struct resource r;
		struct resource_version v;
		if (!resource_get(txn, ids[i], &r) ||
		    !resource_version_get(txn, cli->ctx.arena, ids[i], r.versions, &v))
			continue;
		output_row(out);
		output_id(out, "id", r.id);
		output_str(out, "title", v.title);
		output_num(out, "versions", r.versions);
		output_opt(out, "by", handle_of(cli, node, txn, r.by));
		output_date(out, "changed", v.at_ms);
		output_opt(out, "url", v.url);
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_community_resources(struct cli *cli)
{
	return look_at_community(cli, print_resources);
}

/* --- adding and revising --- */

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

/* What the options say; absent strings say nothing. */
static struct resource_version read_version(const struct cli *cli, struct str title)
{
	return (struct resource_version){ .title = title,
					  .description = command_option(cli, "description"),
					  .note = or_empty(command_option(cli, "note")),
					  .url = command_option(cli, "url") };
}

static enum rc take_file(struct cli *cli, struct node *node, uint64_t who,
			 struct resource_version *said)
{
	struct media *media = NULL;
	struct media_upload upload = { .owner = who,
				       .shape = MEDIUM_OPEN,
				       .thumbnail = STR(""),
				       .description = STR(""),
				       .documents = true };
	enum rc rc = read_upload(cli, node, "file", &upload.bytes);
	if (rc != RC_OK || upload.bytes.len == 0)
		return rc;
	rc = reach_media(cli, node, &media);
	return rc == RC_OK ? media_take(media, &cli->ctx, &upload, &said->medium) : rc;
}

/* The person of this node who is the second argument, with the file that they share. */
static enum rc read_sharer(struct cli *cli, struct node *node, struct asked *a)
{
	struct account who;
	enum rc rc = target_account(cli, node, command_argument(cli, 1), TARGET_LOCAL, &who);
	a->who = who.id;
	return rc == RC_OK ? take_file(cli, node, who.id, a->of) : rc;
}

static enum rc add(struct social *s, struct asked *a)
{
	const struct resource_version *said = a->of;
	struct resource r = { .community = a->community };
	struct resource_version v = *said;
	struct account who;
	v.description = or_empty(said->description);
	v.url = or_empty(said->url);
	return account_get(s->txn, s->ctx->arena, a->who, &who) ? resource_share(s, &who, &r, &v)
								: RC_NOT_FOUND;
}

enum rc cmd_resource_add(struct cli *cli)
{
	struct node node;
	struct resource_version said = read_version(cli, command_argument(cli, 2));
	struct asked a = { .act = add, .of = &said };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a.community);
	if (rc == RC_OK)
		rc = read_sharer(cli, &node, &a);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK)
		rc = read_with(cli, &node, a.community, print_resources);
	node_close(&node);
	return rc;
}

/* What is not said is as in the newest version, but for a file, which only one version has. */
static enum rc revise(struct social *s, struct asked *a)
{
	const struct resource_version *said = a->of;
	struct resource r;
	struct resource_version v;
	struct account who;
	if (!account_get(s->txn, s->ctx->arena, a->who, &who) ||
	    !resource_get(s->txn, a->status, &r) ||
	    !resource_version_get(s->txn, s->ctx->arena, r.id, r.versions, &v))
		return RC_NOT_FOUND;
	if (said->title.ptr != NULL)
		v.title = said->title;
	if (said->description.ptr != NULL)
		v.description = said->description;
	if (said->url.ptr != NULL || said->medium != 0)
		v.url = or_empty(said->url);
	v.medium = said->medium;
	v.note = said->note;
	a->community = r.community;
	return resource_change(s, &who, r.id, &v);
}

static enum rc drop(struct social *s, struct asked *a)
{
	struct resource r;
	if (!resource_get(s->txn, a->status, &r))
		return RC_NOT_FOUND;
	a->community = r.community;
	return resource_drop(s, NULL, r.id);
}

/* An act upon the resource of the first argument, after which those of its community are printed. */
static enum rc upon_resource(struct cli *cli, struct asked *a)
{
	struct node node;
	enum rc rc = command_id(cli, 0, "a resource", &a->status);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK && a->of != NULL)
		rc = read_sharer(cli, &node, a);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, a);
	if (rc == RC_OK)
		rc = read_with(cli, &node, a->community, print_resources);
	node_close(&node);
	return rc;
}

enum rc cmd_resource_change(struct cli *cli)
{
	struct resource_version said = read_version(cli, command_option(cli, "title"));
	struct asked a = { .act = revise, .of = &said };
	return upon_resource(cli, &a);
}

enum rc cmd_resource_drop(struct cli *cli)
{
	struct asked a = { .act = drop };
	return upon_resource(cli, &a);
}
