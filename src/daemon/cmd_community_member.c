/* fediflow community members, appoint, ban, invite and the like: who is in a community. */
#include "cmd.h"
#include "communities.h"
#include "store/graph.h"
#include "target.h"

#define LIST_CHUNK 100
#define LIST_MAX 1000
#define LIST_DEFAULT 100

static void print_member(struct cli *cli, const struct node *node, struct db_txn *txn,
			 uint64_t community, uint64_t account)
{
	struct community_member m;
	struct community_role role;
	struct community_standing standing;
	bool row = community_member_get(txn, cli->ctx.arena, community, account, &m);
	if (!community_standing(txn, cli->ctx.arena, community, account, &standing) ||
	    !community_role_get(txn, cli->ctx.arena, community, standing.role, &role))
		return;
	output_row(&cli->out);
	output_str(&cli->out, "handle", handle_of(cli, node, txn, account));
	output_id(&cli->out, "id", account);
	output_str(&cli->out, "role", standing.banned ? STR("banned") : role.name);
	output_num(&cli->out, "strikes", row ? m.strikes : 0);
	output_date(&cli->out, "since", row ? m.since_ms : 0);
	output_date(&cli->out, "until", row ? m.until_ms : 0);
	output_opt(&cli->out, "reason", row ? m.reason : STR(""));
	output_end(&cli->out);
}

/* Those with a role or a ban first, as the rows stand; then who merely follows. */
static void print_members(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct community_member *rows =
		ARENA_ARRAY(cli->ctx.arena, LIST_MAX, struct community_member);
	uint64_t followers[LIST_CHUNK], after = 0, limit = LIST_DEFAULT;
	struct community_member m;
	if (rows == NULL || command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit) != RC_OK)
		return;
	output_table(&cli->out, NULL);
	size_t n = community_members(txn, cli->ctx.arena, id, 0, rows, (size_t)limit), got;
	for (size_t i = 0; i < n; i++)
		print_member(cli, node, txn, id, rows[i].account);
	while (n < limit && (got = follow_followers(txn, id, after, FOLLOW_ACCEPTED, followers,
						    LIST_CHUNK)) != 0) {
		for (size_t i = 0; i < got && n < limit; i++) {
			if (community_member_get(txn, cli->ctx.arena, id, followers[i], &m))
				continue;
			print_member(cli, node, txn, id, followers[i]);
			n++;
		}
		after = followers[got - 1];
	}
	output_end(&cli->out);
}

enum rc cmd_community_members(struct cli *cli)
{
	uint64_t limit;
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	return rc == RC_OK ? look_at_community(cli, print_members) : rc;
}

static void print_requests(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	uint64_t ids[LIST_MAX];
	size_t n = follow_followers(txn, id, 0, FOLLOW_PENDING, ids, LIST_MAX);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		struct follow f = follow_get(txn, ids[i], id);
		output_row(&cli->out);
		output_str(&cli->out, "handle", handle_of(cli, node, txn, ids[i]));
		output_id(&cli->out, "id", ids[i]);
		output_date(&cli->out, "asked", f.created_ms);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_community_requests(struct cli *cli)
{
	return look_at_community(cli, print_requests);
}

static void show_done(struct cli *cli, const struct node *node, const struct asked *a,
		      const struct account *who)
{
	output_object(&cli->out, NULL);
	output_str(&cli->out, "done", str_of(cli->command->name));
	output_id(&cli->out, "community", a->community);
	output_str(&cli->out, "target", target_handle(cli->ctx.arena, node, who));
	output_end(&cli->out);
}

/* An act of the operator upon somebody, whom the second argument names. */
enum rc upon_somebody(struct cli *cli, struct asked *a)
{
	struct node node;
	struct account who;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a->community);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 1), TARGET_KNOWN, &who);
	a->who = who.id;
	if (rc == RC_OK)
		rc = asked_run(cli, &node, a);
	if (rc == RC_OK)
		show_done(cli, &node, a, &who);
	node_close(&node);
	return rc;
}

static enum rc appoint(struct social *s, struct asked *a)
{
	struct community_role role;
	if (!community_role_named(s->txn, s->ctx->arena, a->community, a->role, &role))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such role");
	return community_appoint(s, NULL, a->community, a->who, role.id);
}

enum rc cmd_community_appoint(struct cli *cli)
{
	struct asked a = { .act = appoint, .role = command_argument(cli, 2) };
	return upon_somebody(cli, &a);
}

static enum rc ban(struct social *s, struct asked *a)
{
	return community_ban(s, NULL, a->community, a->who, a->reason, a->until_ms);
}

enum rc cmd_community_ban(struct cli *cli)
{
	struct asked a = { .act = ban, .reason = read_reason(cli) };
	enum rc rc = read_moment(cli, "until", &a.until_ms);
	return rc == RC_OK ? upon_somebody(cli, &a) : rc;
}

static enum rc unban(struct social *s, struct asked *a)
{
	return community_unban(s, NULL, a->community, a->who);
}

enum rc cmd_community_unban(struct cli *cli)
{
	struct asked a = { .act = unban };
	return upon_somebody(cli, &a);
}

static enum rc admit(struct social *s, struct asked *a)
{
	return community_admit(s, NULL, a->community, a->who, true);
}

enum rc cmd_community_admit(struct cli *cli)
{
	struct asked a = { .act = admit };
	return upon_somebody(cli, &a);
}

static enum rc refuse(struct social *s, struct asked *a)
{
	return community_admit(s, NULL, a->community, a->who, false);
}

enum rc cmd_community_refuse(struct cli *cli)
{
	struct asked a = { .act = refuse };
	return upon_somebody(cli, &a);
}

static enum rc transfer(struct social *s, struct asked *a)
{
	return community_transfer(s, NULL, a->community, a->who);
}

enum rc cmd_community_transfer(struct cli *cli)
{
	struct asked a = { .act = transfer };
	return upon_somebody(cli, &a);
}

/* --- invitations --- */

static enum rc invite(struct social *s, struct asked *a)
{
	struct community_invite one = a->invite;
	struct community_role role;
	one.community = a->community;
	if (a->role.ptr != NULL) {
		if (!community_role_named(s->txn, s->ctx->arena, a->community, a->role, &role))
			return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such role");
		one.role = role.id;
	}
	enum rc rc = community_invite(s, NULL, a->secret, &one);
	a->invite.id = one.id;
	return rc;
}

static void show_invite(struct cli *cli, const struct node *node, const struct asked *a)
{
	output_object(&cli->out, NULL);
	output_id(&cli->out, "id", a->invite.id);
	output_str(&cli->out, "link",
		   community_invite_url(cli->ctx.arena, node->site.base, a->secret));
	output_num(&cli->out, "limit", a->invite.limit);
	output_date(&cli->out, "until", a->invite.until_ms);
	output_end(&cli->out);
}

enum rc cmd_community_invite(struct cli *cli)
{
	struct node node;
	struct asked a = { .act = invite, .role = command_option(cli, "role") };
	uint64_t limit;
	enum rc rc = command_number(cli, "limit", 0, UINT32_MAX, &limit);
	if (rc == RC_OK)
		rc = read_moment(cli, "until", &a.invite.until_ms);
	if (rc != RC_OK)
		return rc;
	a.invite.limit = (uint32_t)limit;
	a.secret = community_secret_make(cli->ctx.arena);
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a.community);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK)
		show_invite(cli, &node, &a);
	node_close(&node);
	return rc;
}
