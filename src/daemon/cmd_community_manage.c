/* fediflow community role, invitations, flair, note, badge: what a community has beside its settings and
 * its people. At the command line the operator acts. */
#include "cmd.h"
#include "communities.h"
#include "social/badge.h"
#include "store/badge.h"
#include "store/status.h"
#include "target.h"

#define LIST_MAX 1000
#define PERMISSION_WORDS_MAX 40 /* more than there are */

enum rc upon_community(struct cli *cli, struct asked *a, community_print *print)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_community(cli, &node, command_argument(cli, 0), &a->community);
	if (rc == RC_OK)
		rc = asked_run(cli, &node, a);
	if (rc == RC_OK)
		rc = read_with(cli, &node, a->community, print);
	node_close(&node);
	return rc;
}

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

/* --- roles --- */

static void print_roles(struct cli *cli, struct node *node UNUSED, struct db_txn *txn, uint64_t id)
{
	struct output *out = &cli->out;
	struct community_role *roles =
		ARENA_ARRAY(cli->ctx.arena, COMMUNITY_ROLES_MAX, struct community_role);
	size_t n = roles != NULL ? community_roles(txn, cli->ctx.arena, id, roles) : 0;
	output_table(out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(out);
		output_id(out, "id", roles[i].id);
		output_str(out, "name", roles[i].name);
		output_num(out, "position", roles[i].position);
		output_list(out, "permissions");
		for (unsigned bit = 1; bit <= COMMUNITY_MAY_ALL; bit <<= 1) {
			const char *name = community_permission_name(bit);
			if ((roles[i].permissions & bit) != 0 && name != NULL)
				output_item(out, str_of(name));
		}
		output_end(out);
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_community_roles(struct cli *cli)
{
	return look_at_community(cli, print_roles);
}

struct role_wish {
	uint64_t position;
	unsigned permissions;
	bool has_position, has_permissions;
};

static enum rc read_permissions(struct cli *cli, struct role_wish *wish)
{
	struct str words[PERMISSION_WORDS_MAX];
	unsigned count, bit;
	wish->has_permissions = command_option(cli, "permissions").ptr != NULL;
	enum rc rc = command_list(cli, "permissions", words, PERMISSION_WORDS_MAX, &count);
	for (unsigned i = 0; i < count && rc == RC_OK; i++) {
		if (!community_permission_parse(words[i], &bit))
			return usage_fail(cli, "\"%.*s\" is no permission", STR_ARG(words[i]));
		wish->permissions |= bit;
	}
	return rc;
}

/* What is not said stays; of a new role it is nothing. */
static enum rc save_role(struct social *s, struct asked *a)
{
	const struct role_wish *wish = a->of;
	struct community_role role;
	if (!community_role_named(s->txn, s->ctx->arena, a->community, a->role, &role))
		role = (struct community_role){ .name = a->role, .position = 1 };
	if (wish->has_position)
		role.position = (uint32_t)wish->position;
	if (wish->has_permissions)
		role.permissions = wish->permissions;
	return community_role_change(s, NULL, a->community, &role);
}

enum rc cmd_community_role_set(struct cli *cli)
{
	struct role_wish wish = { .has_position = command_option(cli, "position").ptr != NULL };
	struct asked a = { .act = save_role, .role = command_argument(cli, 1), .of = &wish };
	enum rc rc = command_number(cli, "position", 1, UINT32_MAX, &wish.position);
	if (rc == RC_OK)
		rc = read_permissions(cli, &wish);
	return rc == RC_OK ? upon_community(cli, &a, print_roles) : rc;
}

static enum rc drop_role(struct social *s, struct asked *a)
{
	struct community_role role;
	if (!community_role_named(s->txn, s->ctx->arena, a->community, a->role, &role))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such role");
	return community_role_drop(s, NULL, a->community, role.id);
}

enum rc cmd_community_role_drop(struct cli *cli)
{
	struct asked a = { .act = drop_role, .role = command_argument(cli, 1) };
	return upon_community(cli, &a, print_roles);
}

/* --- invitations --- */

static void print_invitations(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct output *out = &cli->out;
	struct community_invite *list =
		ARENA_ARRAY(cli->ctx.arena, COMMUNITY_INVITES_MAX, struct community_invite);
	size_t n = list != NULL ? community_invites(txn, id, list) : 0;
	output_table(out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(out);
		output_id(out, "id", list[i].id);
		output_opt(out, "by", handle_of(cli, node, txn, list[i].by));
		output_num(out, "uses", list[i].uses);
		output_num(out, "limit", list[i].limit);
		output_date(out, "until", list[i].until_ms);
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_community_invitations(struct cli *cli)
{
	return look_at_community(cli, print_invitations);
}

static enum rc uninvite(struct social *s, struct asked *a)
{
	return community_uninvite(s, NULL, a->community, a->status);
}

enum rc cmd_community_uninvite(struct cli *cli)
{
	struct asked a = { .act = uninvite };
	enum rc rc = command_id(cli, 1, "an invitation", &a.status);
	return rc == RC_OK ? upon_community(cli, &a, print_invitations) : rc;
}

/* --- flair --- */

/* By its name, without case; "" takes it off. */
static enum rc set_flair(struct social *s, struct asked *a)
{
	struct status status;
	struct community c;
	uint32_t flair = 0;
	if (!status_get(s->txn, s->ctx->arena, a->status, &status) ||
	    !community_effective(s->txn, s->ctx->arena, status.community, &c))
		return RC_NOT_FOUND;
	for (unsigned i = 0; i < c.flair_count; i++) {
		if (str_eq_nocase(c.flairs[i].name, a->role))
			flair = c.flairs[i].id;
	}
	if (flair == 0 && a->role.len != 0)
		return ctx_fail(s->ctx, RC_INVALID, "the community has no such flair");
	return community_set_flair(s, NULL, a->status, flair);
}

enum rc cmd_community_flair(struct cli *cli)
{
	struct asked a = { .act = set_flair, .role = command_argument(cli, 1) };
	return upon_post_with(cli, a);
}

/* --- notes --- */

static enum rc note(struct social *s, struct asked *a)
{
	return community_note(s, NULL, a->community, a->who, a->reason);
}

enum rc cmd_community_note(struct cli *cli)
{
	struct asked a = { .act = note, .reason = command_argument(cli, 2) };
	return upon_somebody(cli, &a);
}

/* --- badges --- */

static void print_badges(struct cli *cli, struct node *node UNUSED, struct db_txn *txn, uint64_t id)
{
	struct output *out = &cli->out;
	struct badge *list = ARENA_ARRAY(cli->ctx.arena, BADGES_MAX, struct badge);
	size_t n = list != NULL ? badges_of(txn, cli->ctx.arena, id, list) : 0;
	output_table(out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(out);
		output_id(out, "id", list[i].id);
		output_str(out, "name", list[i].name);
		output_opt(out, "description", list[i].description);
		output_opt(out, "emoji", list[i].emoji);
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_community_badges(struct cli *cli)
{
	return look_at_community(cli, print_badges);
}

static enum rc find_badge(struct social *s, const struct asked *a, struct badge *out)
{
	struct badge *list = ARENA_ARRAY(s->ctx->arena, BADGES_MAX, struct badge);
	size_t n = list != NULL ? badges_of(s->txn, s->ctx->arena, a->community, list) : 0;
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(list[i].name, a->role)) {
			*out = list[i];
			return RC_OK;
		}
	}
	return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such badge");
}

static enum rc save_badge(struct social *s, struct asked *a)
{
	const struct badge *said = a->of;
	struct badge badge = { .community = a->community, .name = a->role };
	struct err before = s->ctx->err;
	if (find_badge(s, a, &badge) != RC_OK)
		s->ctx->err = before;
	badge.description =
		said->description.ptr != NULL ? said->description : or_empty(badge.description);
	badge.emoji = said->emoji.ptr != NULL ? said->emoji : or_empty(badge.emoji);
	return badge_save(s, NULL, &badge);
}

enum rc cmd_community_badge_set(struct cli *cli)
{
	struct badge said = { .description = command_option(cli, "description"),
			      .emoji = command_option(cli, "emoji") };
	struct asked a = { .act = save_badge, .role = command_argument(cli, 1), .of = &said };
	return upon_community(cli, &a, print_badges);
}

static enum rc drop_badge(struct social *s, struct asked *a)
{
	struct badge badge;
	/* in steps; it has its name until the last */
	enum rc rc = find_badge(s, a, &badge);
	return rc == RC_OK ? badge_drop(s, NULL, a->community, badge.id) : rc;
}

enum rc cmd_community_badge_drop(struct cli *cli)
{
	struct asked a = { .act = drop_badge, .role = command_argument(cli, 1) };
	return upon_community(cli, &a, print_badges);
}

static enum rc give_badge(struct social *s, struct asked *a)
{
	struct badge badge;
	enum rc rc = find_badge(s, a, &badge);
	if (rc != RC_OK)
		return rc;
	struct badge_award award = {
		.badge = badge.id, .community = a->community, .account = a->who, .reason = a->reason
	};
	return badge_give(s, NULL, &award);
}

enum rc cmd_community_badge_give(struct cli *cli)
{
	struct asked a = { .act = give_badge,
			   .role = command_argument(cli, 2),
			   .reason = read_reason(cli) };
	return upon_somebody(cli, &a);
}

/* All that somebody has of one kind. */
static enum rc take_badge(struct social *s, struct asked *a)
{
	struct badge_award *list = ARENA_ARRAY(s->ctx->arena, BADGE_AWARDS_MAX, struct badge_award);
	struct badge badge;
	size_t taken = 0;
	enum rc rc = list != NULL ? find_badge(s, a, &badge) : RC_NO_MEMORY;
	size_t n =
		rc == RC_OK ? badge_awards(s->txn, s->ctx->arena, a->community, a->who, list) : 0;
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		if (list[i].badge != badge.id)
			continue;
		taken++;
		rc = badge_take(s, NULL, a->community, a->who, list[i].id);
	}
	if (rc == RC_OK && taken == 0)
		return ctx_fail(s->ctx, RC_NOT_FOUND, "they have no such badge");
	return rc;
}

enum rc cmd_community_badge_take(struct cli *cli)
{
	struct asked a = { .act = take_badge, .role = command_argument(cli, 2) };
	return upon_somebody(cli, &a);
}
