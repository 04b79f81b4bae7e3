/* fediflow community: making communities and changing them, who is in, what is posted. At the command
 * line the operator acts, who may do everything. */
#include "cmd.h"
#include "communities.h"
#include "core/date.h"
#include "social/community_keep.h"
#include "target.h"

#define LIST_CHUNK 100
#define WORDS_MAX 50

/* --- acts --- */

static enum rc asked_act(struct social *s, void *arg)
{
	struct asked *a = arg;
	a->more = false;
	enum rc rc = a->act(s, a);
	if (rc == RC_BUSY && db_txn_rc(s->txn) == RC_OK) {
		a->more = true;
		return RC_OK;
	}
	if (rc == RC_NOT_FOUND && s->ctx->err.rc == RC_OK)
		return ctx_fail(s->ctx, rc, "there is nobody and nothing like that in it");
	if (rc == RC_EXISTS && s->ctx->err.rc == RC_OK)
		return ctx_fail(s->ctx, rc, "it is so already");
	return rc;
}

enum rc asked_run(struct cli *cli, struct node *node, struct asked *a)
{
	enum rc rc;
	do
		rc = node_act(cli, node, asked_act, a);
	while (rc == RC_OK && a->more);
	return rc;
}

/* --- reading arguments --- */

/* The community that a word names: a group of this node. */
enum rc read_community(struct cli *cli, struct node *node, struct str word, uint64_t *out)
{
	struct account group;
	struct db_txn *txn = NULL;
	enum rc rc = target_account(cli, node, word, TARGET_LOCAL, &group);
	if (rc == RC_OK)
		rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool there = community_exists(txn, group.id);
	db_read_end(&txn);
	*out = group.id;
	return there ? RC_OK
		     : ctx_fail(&cli->ctx, RC_NOT_FOUND, "%.*s is no community", STR_ARG(word));
}

/* A list on the command line, parted by semicolons. */
static enum rc read_list(struct cli *cli, const char *name, struct community_list_words *out)
{
	struct str *list = ARENA_ARRAY(cli->ctx.arena, WORDS_MAX, struct str);
	unsigned count;
	if (command_option(cli, name).ptr == NULL)
		return RC_OK;
	if (list == NULL)
		return RC_NO_MEMORY;
	enum rc rc = command_list(cli, name, list, WORDS_MAX, &count);
	*out = (struct community_list_words){ .list = list, .count = count, .given = true };
	return rc;
}

/* A duration as a number of its unit, as settings are said. */
static enum rc read_duration(struct cli *cli, const char *name, uint64_t unit_ms, struct str *out)
{
	struct str text = command_option(cli, name);
	uint64_t ms;
	*out = text;
	if (text.len == 0 || str_eq(text, STR("0")))
		return RC_OK;
	if (!conf_parse_duration(text, &ms) || ms < unit_ms)
		return usage_fail(cli, "--%s is a duration, such as \"%s\"", name,
				  unit_ms == MS_PER_DAY ? "365 d" : "30 s");
	*out = arena_printf(cli->ctx.arena, "%llu", (unsigned long long)(ms / unit_ms));
	return RC_OK;
}

static enum rc read_words(struct cli *cli, struct asked *a)
{
	struct community_words *w = &a->words;
	w->kind = command_option(cli, "kind");
	w->join = command_option(cli, "join");
	w->sight = command_option(cli, "sight");
	w->posting = command_option(cli, "posting");
	w->premoderated = command_option(cli, "premoderated");
	w->match = command_option(cli, "match");
	w->others = command_option(cli, "others");
	enum rc rc = read_duration(cli, "slow", MS_PER_SECOND, &w->slow);
	if (rc == RC_OK)
		rc = read_duration(cli, "retention", MS_PER_DAY, &w->retention);
	if (rc == RC_OK)
		rc = read_list(cli, "languages", &w->languages);
	if (rc == RC_OK)
		rc = read_list(cli, "rules", &w->rules);
	if (rc == RC_OK)
		rc = read_list(cli, "flairs", &w->flairs);
	if (rc == RC_OK)
		rc = read_list(cli, "tags", &w->tags);
	if (rc == RC_OK)
		rc = read_list(cli, "conditions", &w->conditions);
	if (rc == RC_OK)
		rc = read_duration(cli, "grace", MS_PER_DAY, &w->grace);
	if (rc == RC_OK)
		rc = read_picture_words(cli, &a->profile);
	return rc;
}

static enum rc read_parent(struct cli *cli, struct node *node, struct asked *a)
{
	struct str word = command_option(cli, "parent");
	a->moves = word.ptr != NULL;
	return word.len == 0 ? RC_OK : read_community(cli, node, word, &a->parent);
}

enum rc read_moment(struct cli *cli, const char *option, uint64_t *out)
{
	struct str text = command_option(cli, option);
	*out = 0;
	if (text.ptr == NULL || date_parse_rfc3339(text, out))
		return RC_OK;
	return usage_fail(cli, "--%s is a time such as 2026-11-29T08:00:00Z", option);
}

struct str read_reason(const struct cli *cli)
{
	struct str reason = command_option(cli, "reason");
	return reason.ptr != NULL ? reason : STR("");
}

/* --- output --- */

struct str handle_of(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id)
{
	struct account a;
	return id != 0 && account_get(txn, cli->ctx.arena, id, &a)
		       ? target_handle(cli->ctx.arena, node, &a)
		       : STR("");
}

static void show_list(struct output *out, const char *name, const struct str *list, unsigned count)
{
	output_list(out, name);
	for (unsigned i = 0; i < count; i++)
		output_item(out, list[i]);
	output_end(out);
}

static void show_flairs(struct output *out, const struct community *c)
{
	output_table(out, "flairs");
	for (unsigned i = 0; i < c->flair_count; i++) {
		output_row(out);
		output_num(out, "id", c->flairs[i].id);
		output_str(out, "name", c->flairs[i].name);
		output_opt(out, "colour", c->flairs[i].colour);
		output_end(out);
	}
	output_end(out);
}

static void show_terms(struct output *out, const struct community_terms *t)
{
	output_table(out, "conditions");
	for (unsigned i = 0; i < t->condition_count; i++) {
		output_row(out);
		output_str(out, "name", t->conditions[i].name);
		output_str(out, "value", t->conditions[i].value);
		output_end(out);
	}
	output_end(out);
	output_str(out, "match", t->all ? STR("all") : STR("any"));
	output_str(out, "others", t->others_ask ? STR("request") : STR("no"));
	output_num(out, "grace_days", t->grace_days);
}

static void show_settings(struct output *out, const struct community *c)
{
	output_opt(out, "kind", c->kind);
	output_str(out, "join", str_of(community_join_name(c->join)));
	if (c->join == COMMUNITY_JOIN_BY_ATTRIBUTE)
		show_terms(out, &c->terms);
	output_str(out, "sight", str_of(community_sight_name(c->sight)));
	output_str(out, "posting", str_of(community_posting_name(c->posting)));
	output_flag(out, "premoderated", c->premoderated);
	output_num(out, "slow_seconds", c->slow_s);
	output_num(out, "retention_days", c->retention_days);
	show_list(out, "languages", c->languages, c->language_count);
	show_list(out, "rules", c->rules, c->rule_count);
	show_flairs(out, c);
	show_list(out, "tags", c->tags, c->tag_count);
}

/* What it has from those above it, or what nobody has said. */
static void show_inherited(struct output *out, const struct community *c)
{
	output_list(out, "inherited");
	for (unsigned bit = 1; bit <= COMMUNITY_GIVES_ALL; bit <<= 1) {
		if ((c->given & bit) == 0)
			output_item(out, str_of(community_given_name(bit)));
	}
	output_end(out);
}

static void show_roles(struct cli *cli, struct db_txn *txn, uint64_t community)
{
	struct community_role *roles =
		ARENA_ARRAY(cli->ctx.arena, COMMUNITY_ROLES_MAX, struct community_role);
	size_t n = roles != NULL ? community_roles(txn, cli->ctx.arena, community, roles) : 0;
	output_table(&cli->out, "roles");
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		output_id(&cli->out, "id", roles[i].id);
		output_str(&cli->out, "name", roles[i].name);
		output_num(&cli->out, "position", roles[i].position);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void show_one(struct cli *cli, const struct node *node, struct db_txn *txn,
		     const struct account *group, const struct community *c)
{
	struct output *out = &cli->out;
	struct community_totals totals = community_totals(txn, c->id);
	output_object(out, NULL);
	output_id(out, "id", c->id);
	output_str(out, "handle", target_handle(cli->ctx.arena, node, group));
	output_opt(out, "name", group->display_name);
	output_str(out, "uri", group->uri);
	output_opt(out, "icon", group->avatar);
	output_opt(out, "banner", group->header);
	output_opt(out, "parent", handle_of(cli, node, txn, c->parent));
	output_date(out, "created", c->created_ms);
	output_num(out, "members", account_counts(txn, c->id).followers);
	output_num(out, "threads", totals.threads);
	output_num(out, "comments", totals.comments);
	show_settings(out, c);
	show_inherited(out, c);
	show_roles(cli, txn, c->id);
	output_end(out);
}

/* One snapshot, and what is printed of it. */
enum rc read_with(struct cli *cli, struct node *node, uint64_t id, community_print *print)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	print(cli, node, txn, id);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

static void print_community(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct account group;
	struct community c;
	if (account_get(txn, cli->ctx.arena, id, &group) &&
	    community_effective(txn, cli->ctx.arena, id, &c))
		show_one(cli, node, txn, &group, &c);
}

static void print_row(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id)
{
	struct account group;
	struct community c;
	if (!account_get(txn, cli->ctx.arena, id, &group) ||
	    !community_effective(txn, cli->ctx.arena, id, &c))
		return;
	output_row(&cli->out);
	output_id(&cli->out, "id", id);
	output_str(&cli->out, "handle", target_handle(cli->ctx.arena, node, &group));
	output_opt(&cli->out, "kind", c.kind);
	output_str(&cli->out, "join", str_of(community_join_name(c.join)));
	output_str(&cli->out, "sight", str_of(community_sight_name(c.sight)));
	output_num(&cli->out, "members", account_counts(txn, id).followers);
	output_num(&cli->out, "threads", community_totals(txn, id).threads);
	output_opt(&cli->out, "parent", handle_of(cli, node, txn, c.parent));
	output_end(&cli->out);
}

/* Opens the node, finds the community of the first argument, prints something of it. */
enum rc look_at_community(struct cli *cli, community_print *print)
{
	struct node node;
	uint64_t id = 0;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &id);
	if (rc == RC_OK)
		rc = read_with(cli, &node, id, print);
	node_close(&node);
	return rc;
}

/* --- making and changing --- */

static enum rc create(struct social *s, struct asked *a)
{
	struct community c = { .kind = STR(""), .parent = a->parent };
	struct account made;
	enum rc rc = community_words_apply(s->ctx, &a->words, &c);
	if (rc == RC_OK)
		rc = community_create(s, a->founder, &a->account, &a->secrets, &c, &made);
	a->community = c.id;
	return rc;
}

static enum rc make(struct cli *cli, struct node *node, struct asked *a)
{
	struct account founder;
	struct str owner = command_option(cli, "owner");
	struct str uri = site_actor_uri(cli->ctx.arena, &node->site, a->account.username);
	enum rc rc = account_keys_make(&cli->ctx, &node->seal, uri, clock_wall_ms(clock_system()),
				       &a->secrets);
	if (rc == RC_OK && owner.ptr != NULL) {
		rc = target_account(cli, node, owner, TARGET_LOCAL, &founder);
		a->founder = &founder;
	}
	if (rc == RC_OK)
		rc = asked_run(cli, node, a);
	a->founder = NULL;
	if (rc == RC_OK)
		node_poke(node, POKE_RELOAD);
	return rc;
}

static enum rc wear(struct social *s, struct asked *a)
{
	return community_profile_change(s, NULL, a->community, &a->profile);
}

/* What is no picture is known only when it is taken, and then the community is made. */
static enum rc dress(struct cli *cli, struct node *node, struct asked *a)
{
	enum rc rc = take_pictures(cli, node, a);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc,
				"%s; the community is made without: use \"community set\"",
				arena_cstr(cli->ctx.arena, str_of(err_text(&cli->ctx.err))));
	a->act = wear;
	return asked_run(cli, node, a);
}

enum rc cmd_community_create(struct cli *cli)
{
	struct node node;
	struct asked a = { .act = create };
	a.account = (struct new_account){ .username = command_argument(cli, 0),
					  .display_name = command_option(cli, "display-name"),
					  .note = command_option(cli, "note") };
	enum rc rc = read_words(cli, &a);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_parent(cli, &node, &a);
	if (rc == RC_OK)
		rc = read_pictures(cli, &node, &a);
	if (rc == RC_OK)
		rc = make(cli, &node, &a);
	if (rc == RC_OK)
		rc = dress(cli, &node, &a);
	if (rc == RC_OK)
		rc = read_with(cli, &node, a.community, print_community);
	node_close(&node);
	return rc;
}

static enum rc change(struct social *s, struct asked *a)
{
	struct community c;
	if (!community_get(s->txn, s->ctx->arena, a->community, &c))
		return RC_NOT_FOUND;
	enum rc rc = community_words_apply(s->ctx, &a->words, &c);
	if (a->moves)
		c.parent = a->parent;
	return rc == RC_OK ? community_change_all(s, NULL, &c, &a->profile) : rc;
}

enum rc cmd_community_set(struct cli *cli)
{
	struct node node;
	struct asked a = { .act = change };
	enum rc rc = read_words(cli, &a);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a.community);
	if (rc == RC_OK)
		rc = read_parent(cli, &node, &a);
	if (rc == RC_OK)
		rc = read_pictures(cli, &node, &a);
	if (rc == RC_OK)
		rc = take_pictures(cli, &node, &a);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK)
		rc = read_with(cli, &node, a.community, print_community);
	node_close(&node);
	return rc;
}

enum rc cmd_community_show(struct cli *cli)
{
	return look_at_community(cli, print_community);
}

static void print_all(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id UNUSED)
{
	uint64_t ids[LIST_CHUNK], after = 0;
	size_t n;
	output_table(&cli->out, NULL);
	while ((n = communities(txn, after, ids, LIST_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++)
			print_row(cli, node, txn, ids[i]);
		after = ids[n - 1];
	}
	output_end(&cli->out);
}

enum rc cmd_community_list(struct cli *cli)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = read_with(cli, &node, 0, print_all);
	node_close(&node);
	return rc;
}

static void print_children(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	uint64_t ids[LIST_CHUNK], after = 0;
	size_t n;
	output_table(&cli->out, NULL);
	while ((n = community_children(txn, id, after, ids, LIST_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++)
			print_row(cli, node, txn, ids[i]);
		after = ids[n - 1];
	}
	output_end(&cli->out);
}

enum rc cmd_community_children(struct cli *cli)
{
	return look_at_community(cli, print_children);
}

/* --- the end --- */

static enum rc close_it(struct social *s, struct asked *a)
{
	enum rc rc = community_close(s, NULL, a->community);
	/* a running node goes on with it as well, and may be the one who ends it */
	if (rc != RC_OK && rc != RC_GONE && rc != RC_NOT_FOUND)
		return rc;
	return community_close_step(s, a->community) ? RC_OK : RC_BUSY;
}

enum rc cmd_community_delete(struct cli *cli)
{
	struct node node;
	struct asked a = { .act = close_it };
	if (!command_switch(cli, "yes"))
		return usage_fail(cli, "deleting cannot be taken back: say --yes");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a.community);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		output_object(&cli->out, NULL);
		output_str(&cli->out, "deleted", command_argument(cli, 0));
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}
