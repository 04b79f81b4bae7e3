/*
 * fediflow team: accounts that several people write for, as who runs the node sees them. What is done
 * here stands in the team's trail as theirs. Command's thread.
 */
#include "acts.h"
#include "cmd.h"
#include "core/date.h"
#include "node.h"
#include "present.h"
#include "social/team.h"
#include "target.h"

#define LOG_DEFAULT 50
#define LOG_CHUNK 200
#define LIST_CHUNK 100

/* --- reading what is asked for --- */

static enum rc read_yes(struct cli *cli, struct str word, bool *out)
{
	*out = str_eq(word, STR("yes"));
	return *out || str_eq(word, STR("no")) ? RC_OK
					       : usage_fail(cli, "--four-eyes is yes or no");
}

static enum rc read_change(struct cli *cli, struct team_change *out)
{
	struct str four = command_option(cli, "four-eyes"), credit = command_option(cli, "credit");
	*out = (struct team_change){ .has_four_eyes = four.ptr != NULL,
				     .has_credit = credit.ptr != NULL };
	if (out->has_credit && !team_credit_parse(credit, &out->credit))
		return usage_fail(cli, "--credit is members, public or everywhere");
	return out->has_four_eyes ? read_yes(cli, four, &out->four_eyes) : RC_OK;
}

static enum rc read_role(struct cli *cli, struct str word, enum team_role *out)
{
	return team_role_parse(word, out)
		       ? RC_OK
		       : usage_fail(cli, "a role is administrator, editor, author, reviewer or "
					 "analyst");
}

/* --- showing --- */

static void print_person(struct cli *cli, const struct node *node, struct db_txn *txn,
			 const char *name, uint64_t id)
{
	struct account a;
	if (id != 0 && account_get(txn, cli->ctx.arena, id, &a))
		output_str(&cli->out, name, target_handle(cli->ctx.arena, node, &a));
	else
		output_opt(&cli->out, name, STR(""));
}

static void print_members(struct cli *cli, const struct node *node, struct db_txn *txn,
			  uint64_t team)
{
	struct team_member all[TEAM_MEMBERS_MAX];
	size_t n = team_members(txn, team, 0, all, TEAM_MEMBERS_MAX);
	output_table(&cli->out, "members");
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		print_person(cli, node, txn, "who", all[i].person);
		output_str(&cli->out, "role", str_of(team_role_name(all[i].role)));
		output_date(&cli->out, "since", all[i].since_ms);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void print_team(struct cli *cli, const struct node *node, struct db_txn *txn,
		       const struct team *team)
{
	print_person(cli, node, txn, "team", team->id);
	output_id(&cli->out, "id", team->id);
	output_flag(&cli->out, "four_eyes", team->four_eyes);
	output_str(&cli->out, "credit", str_of(team_credit_name(team->credit)));
}

static enum rc no_team(struct cli *cli)
{
	return ctx_fail(&cli->ctx, RC_NOT_FOUND, "there is no such team");
}

static enum rc show(struct cli *cli, const struct node *node, uint64_t id)
{
	struct team team;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (team_get(txn, id, &team)) {
		output_object(&cli->out, NULL);
		print_team(cli, node, txn, &team);
		print_members(cli, node, txn, id);
		output_end(&cli->out);
	} else {
		rc = no_team(cli);
	}
	if (db_txn_rc(txn) != RC_OK)
		rc = ctx_fail(&cli->ctx, db_txn_rc(txn), "the database cannot be read");
	db_read_end(&txn);
	return rc;
}

static enum rc open_team(struct cli *cli, enum node_access access, struct node *node,
			 struct account *team)
{
	enum rc rc = node_open(cli, access, node);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, team);
	return rc == RC_OK && (team->flags & ACCOUNT_TEAM) == 0 ? no_team(cli) : rc;
}

enum rc cmd_team_show(struct cli *cli)
{
	struct node node;
	struct account team;
	enum rc rc = open_team(cli, NODE_READ, &node, &team);
	if (rc == RC_OK)
		rc = show(cli, &node, team.id);
	node_close(&node);
	return rc;
}

static void list_rows(struct cli *cli, const struct node *node, struct db_txn *txn)
{
	uint64_t ids[LIST_CHUNK], after = 0;
	struct team team;
	size_t n;
	while ((n = team_ids(txn, after, ids, LIST_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			if (!team_get(txn, ids[i], &team))
				continue;
			output_row(&cli->out);
			print_team(cli, node, txn, &team);
			output_end(&cli->out);
		}
		after = ids[n - 1];
	}
}

enum rc cmd_team_list(struct cli *cli)
{
	struct node node;
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		output_table(&cli->out, NULL);
		list_rows(cli, &node, txn);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

/* --- changing --- */

struct team_act {
	uint64_t team, who, heir;
	enum team_role role;
	struct team_change change;
};

static enum rc create_act(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, act->team, &a))
		return RC_NOT_FOUND;
	return team_create(s, 0, &a, act->who, &act->change);
}

/* One that is there already, or a new one. */
static enum rc find_or_make(struct cli *cli, struct node *node, struct account *out)
{
	struct str kind = command_option(cli, "kind");
	struct new_account wanted = { .username = command_argument(cli, 0),
				      .display_name = command_option(cli, "display-name"),
				      .kind = ACCOUNT_ORGANIZATION };
	enum rc rc = target_account(cli, node, wanted.username, TARGET_LOCAL, out);
	if (rc != RC_NOT_FOUND)
		return rc;
	cli->ctx.err = (struct err){ 0 };
	if (kind.ptr != NULL && !present_account_kind_parse(kind, &wanted.kind))
		return usage_fail(cli, "--kind is organization or service");
	if (wanted.kind != ACCOUNT_ORGANIZATION && wanted.kind != ACCOUNT_SERVICE)
		return usage_fail(cli, "--kind is organization or service");
	return acts_create(cli, node, &wanted, out);
}

enum rc cmd_team_create(struct cli *cli)
{
	struct str who = command_option(cli, "administrator");
	struct node node = { .db = NULL };
	struct account team, administrator;
	struct team_act act = { .team = 0 };
	enum rc rc = read_change(cli, &act.change);
	if (rc == RC_OK && who.ptr == NULL)
		rc = usage_fail(cli, "--administrator says who is its first one");
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, who, TARGET_LOCAL, &administrator);
	if (rc == RC_OK)
		rc = find_or_make(cli, &node, &team);
	if (rc == RC_OK) {
		act.team = team.id;
		act.who = administrator.id;
		rc = node_act(cli, &node, create_act, &act);
	}
	if (rc == RC_OK)
		rc = show(cli, &node, team.id);
	node_close(&node);
	return rc;
}

static enum rc set_act(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_set(s, 0, act->team, &act->change);
}

static enum rc give_act(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_give(s, 0, act->team, act->who, act->role);
}

static enum rc remove_act(struct social *s, void *arg)
{
	const struct team_act *act = arg;
	return team_remove(s, 0, act->team, act->who, act->heir);
}

/* who and heir are words; absent: there are none. */
static enum rc change(struct cli *cli, struct str who, struct str heir, struct team_act *act,
		      enum rc (*run)(struct social *s, void *arg))
{
	struct node node = { .db = NULL };
	struct account team, a;
	enum rc rc = open_team(cli, NODE_WRITE, &node, &team);
	if (rc == RC_OK && who.ptr != NULL) {
		rc = target_account(cli, &node, who, TARGET_LOCAL, &a);
		act->who = rc == RC_OK ? a.id : 0;
	}
	if (rc == RC_OK && heir.ptr != NULL) {
		rc = target_account(cli, &node, heir, TARGET_LOCAL, &a);
		act->heir = rc == RC_OK ? a.id : 0;
	}
	if (rc == RC_OK) {
		act->team = team.id;
		rc = node_act(cli, &node, run, act);
	}
	if (rc == RC_OK)
		rc = show(cli, &node, team.id);
	node_close(&node);
	return rc;
}

enum rc cmd_team_set(struct cli *cli)
{
	struct team_act act = { .team = 0 };
	enum rc rc = read_change(cli, &act.change);
	return rc == RC_OK ? change(cli, STR_NONE, STR_NONE, &act, set_act) : rc;
}

enum rc cmd_team_add(struct cli *cli)
{
	struct team_act act = { .team = 0 };
	enum rc rc = read_role(cli, command_argument(cli, 2), &act.role);
	return rc == RC_OK ? change(cli, command_argument(cli, 1), STR_NONE, &act, give_act) : rc;
}

enum rc cmd_team_remove(struct cli *cli)
{
	struct team_act act = { .team = 0 };
	return change(cli, command_argument(cli, 1), command_option(cli, "heir"), &act, remove_act);
}

/* --- drafts --- */

static void print_draft(struct cli *cli, const struct node *node, struct db_txn *txn,
			const struct scheduled *row)
{
	static const char *const states[SCHEDULED_STATES] = { "scheduled", "draft", "waiting",
							      "returned", "refused" };
	struct post_params *params = ARENA_NEW(cli->ctx.arena, struct post_params);
	output_row(&cli->out);
	output_id(&cli->out, "id", row->id);
	output_str(&cli->out, "state", str_of(states[row->state]));
	print_person(cli, node, txn, "writer", row->writer);
	print_person(cli, node, txn, "owner", row->owner);
	output_date(&cli->out, "not_before", row->due_ms);
	output_date(&cli->out, "updated", row->changed_ms);
	if (params != NULL && post_params_read(&cli->ctx, row->params, params) == RC_OK)
		output_str(&cli->out, "text", params->text);
	output_end(&cli->out);
}

enum rc cmd_team_drafts(struct cli *cli)
{
	struct scheduled *all = ARENA_ARRAY(cli->ctx.arena, SCHEDULED_MAX, struct scheduled);
	struct db_txn *txn = NULL;
	struct node node = { .db = NULL };
	struct account team;
	enum rc rc = all != NULL ? open_team(cli, NODE_READ, &node, &team) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		size_t n =
			scheduled_list(txn, cli->ctx.arena, team.id, &PAGE_ALL, all, SCHEDULED_MAX);
		output_table(&cli->out, NULL);
		for (size_t i = 0; i < n; i++)
			print_draft(cli, &node, txn, &all[i]);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

struct returning {
	uint64_t team, person, id, seen_ms;
	struct str note;
};

static enum rc return_act(struct social *s, void *arg)
{
	const struct returning *r = arg;
	return team_return(s, r->person, r->team, r->id, r->note);
}

static enum rc approve_act(struct social *s, void *arg)
{
	return team_approve(s, arg);
}

static enum rc approve(struct cli *cli, struct node *node, const struct returning *r,
		       struct team_review *review)
{
	review->team = r->team;
	review->person = r->person;
	review->id = r->id;
	review->seen_ms = r->seen_ms;
	enum rc rc = team_review_compose(&cli->ctx, &node->site, node->db, review);
	return rc == RC_OK ? node_act(cli, node, approve_act, review) : rc;
}

static enum rc review(struct cli *cli, struct node *node, const struct returning *r)
{
	struct team_review *review = ARENA_NEW(cli->ctx.arena, struct team_review);
	bool approves = r->note.ptr == NULL;
	if (review == NULL)
		return RC_NO_MEMORY;
	enum rc rc = approves ? approve(cli, node, r, review)
			      : node_act(cli, node, return_act, (void *)(uintptr_t)r);
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_id(&cli->out, "draft", r->id);
	output_str(&cli->out, "state",
		   !approves	       ? STR("returned")
		   : review->published ? STR("published")
				       : STR("scheduled"));
	if (approves && review->published)
		output_id(&cli->out, "post", review->made);
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_team_review(struct cli *cli)
{
	struct str as = command_option(cli, "as"), seen = command_option(cli, "seen");
	struct returning r = { .note = command_option(cli, "return") };
	struct node node = { .db = NULL };
	struct account team, person;
	if (!str_to_u64(command_argument(cli, 1), &r.id))
		return usage_fail(cli, "a draft is named by its id");
	if (as.ptr == NULL)
		return usage_fail(cli, "--as says who reviews it");
	if (r.note.ptr == NULL && (seen.ptr == NULL || !date_parse_rfc3339(seen, &r.seen_ms)))
		return usage_fail(cli,
				  "--seen says which text is approved: its \"updated\" in team "
				  "drafts");
	enum rc rc = open_team(cli, NODE_WRITE, &node, &team);
	if (rc == RC_OK)
		rc = target_account(cli, &node, as, TARGET_LOCAL, &person);
	if (rc == RC_OK) {
		r.team = team.id;
		r.person = person.id;
		rc = review(cli, &node, &r);
	}
	node_close(&node);
	return rc;
}

/* --- the trail --- */

static void print_entry(struct cli *cli, const struct node *node, struct db_txn *txn,
			const struct team_entry *e)
{
	output_row(&cli->out);
	output_id(&cli->out, "id", e->id);
	output_date(&cli->out, "at", e->at_ms);
	print_person(cli, node, txn, "who", e->person);
	output_str(&cli->out, "act", e->act);
	output_id(&cli->out, "about", e->about);
	output_str(&cli->out, "words", e->words);
	output_end(&cli->out);
}

static void print_log(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t team,
		      uint64_t limit)
{
	struct team_entry entries[LOG_CHUNK];
	struct page page = PAGE_ALL;
	while (limit != 0) {
		size_t want = limit < LOG_CHUNK ? (size_t)limit : LOG_CHUNK;
		size_t n = team_log_page(txn, cli->ctx.arena, team, &page, entries, want);
		for (size_t i = 0; i < n; i++)
			print_entry(cli, node, txn, &entries[i]);
		if (n < want)
			return;
		limit -= n;
		page.max_id = entries[n - 1].id;
	}
}

enum rc cmd_team_log(struct cli *cli)
{
	struct str asked = command_option(cli, "limit");
	struct db_txn *txn = NULL;
	struct node node = { .db = NULL };
	struct account team;
	uint64_t limit = LOG_DEFAULT;
	if (asked.ptr != NULL && !str_to_u64(asked, &limit))
		return usage_fail(cli, "--limit is a number");
	enum rc rc = open_team(cli, NODE_READ, &node, &team);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		output_table(&cli->out, NULL);
		print_log(cli, &node, txn, team.id, limit);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}
