/* fediflow collection: accounts that somebody recommends (FEP-7aa9), and answers of those who are. */
#include "acts.h"
#include "cmd.h"
#include "node.h"
#include "social/collection.h"
#include "target.h"

struct change {
	enum rc (*act)(struct social *s, const struct account *actor, struct change *c);
	uint64_t actor, target;
	struct collection_words words;
	unsigned set, clear;
	bool yes;
	struct collection collection;
	struct collection_item item;
};

static enum rc change_act(struct social *s, void *arg)
{
	struct change *c = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, c->actor, &actor))
		return RC_NOT_FOUND;
	enum rc rc = c->act(s, &actor, c);
	if (rc == RC_DENIED && s->ctx->err.rc == RC_OK)
		return ctx_fail(s->ctx, rc, "this collection is somebody else's");
	if (rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, rc,
				"there is no such collection, or nobody like that in it");
	return rc;
}

/* --- output --- */

static void show_items(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct collection_item *items =
		ARENA_ARRAY(cli->ctx.arena, COLLECTION_ITEMS_MAX, struct collection_item);
	struct account a;
	if (items == NULL)
		return;
	size_t n = collection_items(txn, cli->ctx.arena, id, items);
	output_table(&cli->out, "items");
	for (size_t i = 0; i < n; i++) {
		if (!account_get(txn, cli->ctx.arena, items[i].account, &a))
			continue;
		output_row(&cli->out);
		output_id(&cli->out, "id", items[i].id);
		output_str(&cli->out, "account", target_handle(cli->ctx.arena, node, &a));
		output_str(&cli->out, "state", str_of(collection_state_name(items[i].state)));
		output_opt(
			&cli->out, "authorization",
			collection_authorization_uri(cli->ctx.arena, &node->site, &a, &items[i]));
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void show_one(struct cli *cli, struct node *node, struct db_txn *txn,
		     const struct collection *c)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_id(out, "id", c->id);
	output_str(out, "uri", c->uri);
	output_opt(out, "name", c->name);
	output_opt(out, "description", c->description.markup);
	output_opt(out, "language", c->language);
	output_opt(out, "tag", c->tag);
	output_flag(out, "sensitive", (c->flags & COLLECTION_SENSITIVE) != 0);
	output_flag(out, "discoverable", (c->flags & COLLECTION_DISCOVERABLE) != 0);
	output_date(out, "created", c->created_ms);
	output_date(out, "updated", c->updated_ms);
	show_items(cli, node, txn, c->id);
	output_end(out);
}

static enum rc show(struct cli *cli, struct node *node, uint64_t id)
{
	struct collection c;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (collection_get(txn, cli->ctx.arena, id, &c))
		show_one(cli, node, txn, &c);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* --- arguments --- */

static enum rc read_words(struct cli *cli, const struct node *node, struct change *c)
{
	c->words.description = command_option(cli, "description");
	c->words.language = command_option(cli, "language");
	c->words.tag = command_option(cli, "tag");
	c->set = command_switch(cli, "sensitive") ? COLLECTION_SENSITIVE : 0;
	c->clear = command_switch(cli, "hidden") ? COLLECTION_DISCOVERABLE : 0;
	return collection_words_make(&cli->ctx, &node->site, &c->words, &c->collection);
}

static enum rc read_id(struct cli *cli, struct change *c)
{
	if (!str_to_u64(command_argument(cli, 1), &c->collection.id))
		return usage_fail(cli, "a collection is named by its number");
	return RC_OK;
}

static enum rc begin(struct cli *cli, struct node *node, struct change *c)
{
	struct account actor;
	enum rc rc = node_open(cli, NODE_WRITE, node);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &actor);
	c->actor = actor.id;
	return rc;
}

static enum rc finish(struct cli *cli, struct node *node, struct change *c, enum rc rc)
{
	if (rc == RC_OK)
		rc = node_act(cli, node, change_act, c);
	if (rc == RC_OK)
		rc = show(cli, node, c->collection.id);
	node_close(node);
	return rc;
}

/* --- commands --- */

static enum rc create(struct social *s, const struct account *actor, struct change *c)
{
	return act_collection_create(s, actor, &c->collection);
}

enum rc cmd_collection_create(struct cli *cli)
{
	struct node node;
	struct change c = { .act = create };
	c.collection = (struct collection){ .name = STR(""),
					    .description = html_trusted(STR("")),
					    .language = STR(""),
					    .tag = STR("") };
	enum rc rc = begin(cli, &node, &c);
	c.words.name = command_argument(cli, 1);
	if (rc == RC_OK)
		rc = read_words(cli, &node, &c);
	c.collection.flags = (COLLECTION_DISCOVERABLE | c.set) & ~c.clear;
	return finish(cli, &node, &c, rc);
}

/* What is not said stays as it is. */
static enum rc edit(struct social *s, const struct account *actor, struct change *c)
{
	struct collection next;
	if (!collection_get(s->txn, s->ctx->arena, c->collection.id, &next))
		return RC_NOT_FOUND;
	if (c->words.name.ptr != NULL)
		next.name = c->collection.name;
	if (c->words.description.ptr != NULL)
		next.description = c->collection.description;
	if (c->words.language.ptr != NULL)
		next.language = c->collection.language;
	if (c->words.tag.ptr != NULL)
		next.tag = c->collection.tag;
	next.flags = (next.flags | c->set) & ~c->clear;
	return act_collection_edit(s, actor, &next);
}

enum rc cmd_collection_edit(struct cli *cli)
{
	struct node node;
	struct change c = { .act = edit };
	enum rc rc = begin(cli, &node, &c);
	c.words.name = command_option(cli, "name");
	if (rc == RC_OK)
		rc = read_words(cli, &node, &c);
	if (rc == RC_OK)
		rc = read_id(cli, &c);
	return finish(cli, &node, &c, rc);
}

static enum rc delete (struct social *s, const struct account *actor, struct change *c) {
	return act_collection_delete(s, actor, c->collection.id);
}

enum rc cmd_collection_delete(struct cli *cli)
{
	struct node node;
	struct change c = { .act = delete };
	enum rc rc = begin(cli, &node, &c);
	if (rc == RC_OK)
		rc = read_id(cli, &c);
	return finish(cli, &node, &c, rc);
}

static enum rc add(struct social *s, const struct account *actor, struct change *c)
{
	struct account target;
	if (!account_get(s->txn, s->ctx->arena, c->target, &target))
		return RC_NOT_FOUND;
	return act_collection_add(s, actor, c->collection.id, &target, &c->item);
}

static enum rc take_out(struct social *s, const struct account *actor, struct change *c)
{
	return act_collection_remove(s, actor, c->collection.id, c->target);
}

static enum rc with_target(struct cli *cli, struct change *c, enum target_range range)
{
	struct node node;
	struct account target = { .id = 0 };
	enum rc rc = begin(cli, &node, c);
	if (rc == RC_OK)
		rc = read_id(cli, c);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 2), range, &target);
	c->target = target.id;
	return finish(cli, &node, c, rc);
}

enum rc cmd_collection_add(struct cli *cli)
{
	struct change c = { .act = add };
	return with_target(cli, &c, TARGET_FETCH);
}

enum rc cmd_collection_remove(struct cli *cli)
{
	struct change c = { .act = take_out };
	return with_target(cli, &c, TARGET_KNOWN);
}

/* A no after a yes takes it back. */
static enum rc answer(struct social *s, const struct account *actor, struct change *c)
{
	enum rc rc = act_collection_answer(s, actor, c->collection.id, c->yes);
	if (rc == RC_EXISTS && !c->yes)
		rc = act_collection_leave(s, actor, c->collection.id);
	return rc;
}

enum rc cmd_collection_answer(struct cli *cli)
{
	struct node node;
	struct change c = { .act = answer };
	struct str word = command_argument(cli, 2);
	c.yes = str_eq(word, STR("yes"));
	if (!c.yes && !str_eq(word, STR("no")))
		return usage_fail(cli, "say yes or no");
	enum rc rc = begin(cli, &node, &c);
	if (rc == RC_OK)
		rc = read_id(cli, &c);
	return finish(cli, &node, &c, rc);
}

/* Those that the account has made, and those that it is in or asked to be. */
static void list_all(struct cli *cli, struct node *node, struct db_txn *txn,
		     const struct account *account)
{
	struct collection_place places[100];
	uint64_t ids[COLLECTIONS_MAX];
	struct collection c;
	size_t own = collections_of(txn, account->id, ids);
	size_t in = collections_with(txn, account->id, 0, places, ARRAY_LEN(places));
	output_list(&cli->out, NULL);
	for (size_t i = 0; i < own; i++) {
		if (collection_get(txn, cli->ctx.arena, ids[i], &c))
			show_one(cli, node, txn, &c);
	}
	for (size_t i = 0; i < in; i++) {
		if (collection_get(txn, cli->ctx.arena, places[i].collection, &c) &&
		    c.account != account->id)
			show_one(cli, node, txn, &c);
	}
	output_end(&cli->out);
}

enum rc cmd_collection_list(struct cli *cli)
{
	struct node node;
	struct account account;
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &account);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		list_all(cli, &node, txn, &account);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}
