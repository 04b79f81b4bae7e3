/*
 * fediflow account moderate, strikes, appeal and preset: what is done about people, why, and what
 * they say against it. Command's thread.
 */
#include <stdio.h>

#include "cmd.h"
#include "communities.h"
#include "node.h"
#include "social/audit.h"
#include "social/moderate.h"
#include "target.h"

#define LIST_DEFAULT 20
#define LIST_MAX 1000

/* --- acting --- */

struct acting {
	uint64_t account, strike;
	struct sentence sentence;
	uint64_t posts[STRIKE_STATUSES_MAX];
	bool undo;
};

static enum rc moderate_act(struct social *s, void *arg)
{
	struct acting *a = arg;
	return a->undo ? moderate_undo(s, NULL, a->account, a->sentence.what)
		       : moderate_account(s, NULL, a->account, &a->sentence, &a->strike);
}

static enum rc id_read(struct cli *cli, const char *option, uint64_t *out)
{
	struct str word = command_option(cli, option);
	*out = 0;
	if (word.ptr != NULL && (!str_to_u64(word, out) || *out == 0))
		return usage_fail(cli, "--%s is an id", option);
	return RC_OK;
}

static enum rc posts_read(struct cli *cli, struct acting *a)
{
	struct str rest = command_option(cli, "posts"), word;
	while (str_next(&rest, ',', &word)) {
		if (a->sentence.status_count == STRIKE_STATUSES_MAX)
			return usage_fail(cli, "there are more than %d posts", STRIKE_STATUSES_MAX);
		if (!str_to_u64(str_trim(word), &a->posts[a->sentence.status_count++]))
			return usage_fail(cli, "--posts are ids, with commas between them");
	}
	a->sentence.statuses = a->posts;
	return RC_OK;
}

static enum rc sentence_read(struct cli *cli, struct acting *a)
{
	a->sentence = (struct sentence){ .text = command_option(cli, "reason"),
					 .quiet = command_switch(cli, "quiet"),
					 .automated = command_switch(cli, "automated") };
	a->undo = command_switch(cli, "undo");
	const bool within = command_option(cli, "community").ptr != NULL;
	if (within &&
	    (a->undo || !community_moderation_parse(command_argument(cli, 1), &a->sentence.what)))
		return usage_fail(cli,
				  "an action in a community is none, remove, lock or ban; what "
				  "takes one back is a command of its own");
	if (!within && !moderation_parse(command_argument(cli, 1), &a->sentence.what))
		return usage_fail(cli, "an action is none, sensitive, disable, silence, suspend, "
				       "mark_statuses_as_sensitive or delete_statuses");
	enum rc rc = read_moment(cli, "until", &a->sentence.until_ms);
	if (rc == RC_OK && a->sentence.until_ms != 0 && a->sentence.what != MODERATE_BAN)
		return usage_fail(cli, "--until is when a ban ends");
	if (rc == RC_OK)
		rc = id_read(cli, "preset", &a->sentence.preset);
	if (rc == RC_OK)
		rc = id_read(cli, "report", &a->sentence.report);
	return rc == RC_OK ? posts_read(cli, a) : rc;
}

/* --community; 0 without. */
static enum rc place_read(struct cli *cli, struct node *node, uint64_t *out)
{
	struct str word = command_option(cli, "community");
	*out = 0;
	return word.ptr != NULL ? read_community(cli, node, word, out) : RC_OK;
}

enum rc cmd_account_moderate(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct account account;
	struct acting a = { .strike = 0 };
	enum rc rc = sentence_read(cli, &a);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &account);
	if (rc == RC_OK)
		rc = place_read(cli, &node, &a.sentence.community);
	if (rc == RC_OK) {
		a.account = account.id;
		rc = node_act(cli, &node, moderate_act, &a);
	}
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		output_object(&cli->out, NULL);
		output_str(&cli->out, "account", target_handle(cli->ctx.arena, &node, &account));
		output_str(&cli->out, "action", command_argument(cli, 1));
		output_flag(&cli->out, "undone", a.undo);
		output_id(&cli->out, "strike", a.strike);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

/* --- strikes --- */

static const char *const appeal_words[] = {
	[APPEAL_NONE] = "none",
	[APPEAL_PENDING] = "pending",
	[APPEAL_APPROVED] = "approved",
	[APPEAL_REJECTED] = "rejected",
};

static struct str by_whom(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id)
{
	return id != 0 ? handle_of(cli, node, txn, id) : STR("operator");
}

static void print_strike(struct cli *cli, const struct node *node, struct db_txn *txn,
			 const struct strike *strike)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_id(out, "id", strike->id);
	output_str(out, "account", handle_of(cli, node, txn, strike->account));
	output_str(out, "action", str_of(moderation_name(strike->action)));
	output_str(out, "by", by_whom(cli, node, txn, strike->moderator));
	if (strike->community != 0) {
		output_str(out, "community", handle_of(cli, node, txn, strike->community));
		output_date(out, "until", strike->until_ms);
		output_flag(out, "escalated", strike->escalated);
	}
	output_flag(out, "automated", strike->automated);
	output_flag(out, "undone", strike->undone);
	output_date(out, "created", strike->created_ms);
	output_opt(out, "reason", strike->text);
	output_id(out, "report", strike->report);
	output_list(out, "posts");
	for (unsigned i = 0; i < strike->status_count; i++)
		output_item(out, arena_printf(cli->ctx.arena, "%llu",
					      (unsigned long long)strike->statuses[i]));
	output_end(out);
	output_date(out, "appeal_until", strike_deadline(strike));
	output_str(out, "appeal", str_of(appeal_words[strike->appeal]));
	output_opt(out, "appeal_text", strike->appeal_text);
	output_end(out);
}

static size_t list_strikes(struct cli *cli, struct db_txn *txn, uint64_t account,
			   uint64_t community, struct strike *out, size_t most)
{
	bool open = command_switch(cli, "appealed");
	if (community != 0)
		return strikes_in(txn, cli->ctx.arena, community, 0, out, LIST_MAX);
	if (account != 0 && !open)
		return strikes_of(txn, cli->ctx.arena, account, 0, out, most);
	return strike_list(txn, cli->ctx.arena, open, 0, out, account != 0 ? LIST_MAX : most);
}

static enum rc print_strikes(struct cli *cli, const struct node *node, uint64_t account,
			     uint64_t community, uint64_t limit)
{
	bool open = command_switch(cli, "appealed");
	struct strike *strikes = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, struct strike);
	struct db_txn *txn;
	if (strikes == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	size_t n = list_strikes(cli, txn, account, community, strikes, (size_t)limit), shown = 0;
	output_list(&cli->out, NULL);
	for (size_t i = 0; i < n && shown < limit; i++) {
		if ((account != 0 && strikes[i].account != account) ||
		    (open && strikes[i].appeal != APPEAL_PENDING))
			continue;
		print_strike(cli, node, txn, &strikes[i]);
		shown++;
	}
	output_end(&cli->out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_strikes(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct account account = { .id = 0 };
	uint64_t limit = LIST_DEFAULT, community = 0;
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK && command_argument(cli, 0).ptr != NULL)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &account);
	if (rc == RC_OK)
		rc = place_read(cli, &node, &community);
	if (rc == RC_OK)
		rc = print_strikes(cli, &node, account.id, community, limit);
	node_close(&node);
	return rc;
}

/* --- appeals --- */

struct appealing {
	struct account who;
	uint64_t strike;
	struct str text;
	bool approve;
};

static enum rc appeal_explain(struct social *s, enum rc rc)
{
	if (rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, rc, "there is no such strike, or no appeal against it");
	if (rc == RC_EXISTS)
		return ctx_fail(s->ctx, rc, "it was appealed, or decided, before");
	if (rc == RC_GONE)
		return ctx_fail(s->ctx, rc, "it is too late to appeal");
	return rc;
}

static enum rc file_act(struct social *s, void *arg)
{
	const struct appealing *a = arg;
	return appeal_explain(s, appeal_file(s, &a->who, a->strike, a->text));
}

static enum rc decide_act(struct social *s, void *arg)
{
	const struct appealing *a = arg;
	return appeal_explain(s, appeal_decide(s, NULL, a->strike, a->approve));
}

static enum rc print_one(struct cli *cli, const struct node *node, uint64_t id)
{
	struct strike strike;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (strike_get(txn, cli->ctx.arena, id, &strike))
		print_strike(cli, node, txn, &strike);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_appeal_file(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct appealing a = { .text = command_argument(cli, 2) };
	if (!str_to_u64(command_argument(cli, 1), &a.strike))
		return usage_fail(cli, "a strike is named by its id");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a.who);
	if (rc == RC_OK)
		rc = node_act(cli, &node, file_act, &a);
	if (rc == RC_OK)
		rc = print_one(cli, &node, a.strike);
	node_close(&node);
	return rc;
}

static enum rc escalate_act(struct social *s, void *arg)
{
	const struct appealing *a = arg;
	return appeal_explain(s, appeal_escalate(s, NULL, a->strike));
}

static enum rc decide_by(struct cli *cli, bool approve, enum rc (*act)(struct social *s, void *arg))
{
	struct node node = { .db = NULL };
	struct appealing a = { .approve = approve };
	if (!str_to_u64(command_argument(cli, 0), &a.strike))
		return usage_fail(cli, "a strike is named by its id");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, act, &a);
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		rc = print_one(cli, &node, a.strike);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_appeal_approve(struct cli *cli)
{
	return decide_by(cli, true, decide_act);
}

enum rc cmd_appeal_reject(struct cli *cli)
{
	return decide_by(cli, false, decide_act);
}

enum rc cmd_appeal_escalate(struct cli *cli)
{
	return decide_by(cli, false, escalate_act);
}

/* --- presets --- */

static void print_preset(struct cli *cli, const struct preset *preset)
{
	output_id(&cli->out, "id", preset->id);
	output_str(&cli->out, "title", preset->title);
	output_str(&cli->out, "text", preset->text);
	output_end(&cli->out);
}

struct presetting {
	uint64_t community; /* 0: the node's */
	struct preset preset;
};

static enum rc preset_act(struct social *s, void *arg)
{
	struct presetting *p = arg;
	struct preset *all = ARENA_ARRAY(s->ctx->arena, PRESETS_MAX, struct preset);
	struct preset fresh = p->preset;
	if (all == NULL)
		return RC_NO_MEMORY;
	fresh.id = 0;
	if (p->community != 0) {
		enum rc rc = community_preset_add(s, NULL, p->community, &fresh);
		p->preset.id = fresh.id;
		return rc;
	}
	if (preset_list(s->txn, s->ctx->arena, all) == PRESETS_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d presets already", PRESETS_MAX);
	p->preset.id = preset_put(s->txn, &fresh);
	audit(s, NULL, AUDIT_PRESET_ADD, AUDIT_ABOUT(p->preset.id));
	return db_txn_rc(s->txn);
}

enum rc cmd_preset_add(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct presetting p = { .community = 0 };
	struct preset preset = { .id = 0 };
	enum rc rc = text_clean(&cli->ctx, command_argument(cli, 0), PRESET_TITLE_CHARS,
				(size_t)4 * PRESET_TITLE_CHARS, &preset.title);
	if (rc == RC_OK)
		rc = text_clean(&cli->ctx, command_argument(cli, 1), PRESET_TEXT_CHARS,
				(size_t)4 * PRESET_TEXT_CHARS, &preset.text);
	if (rc == RC_OK && (preset.title.len == 0 || preset.text.len == 0))
		return usage_fail(cli, "a preset has a title and a text");
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = place_read(cli, &node, &p.community);
	p.preset = preset;
	if (rc == RC_OK)
		rc = node_act(cli, &node, preset_act, &p);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		print_preset(cli, &p.preset);
	}
	node_close(&node);
	return rc;
}

static enum rc print_presets(struct cli *cli, const struct node *node, uint64_t community)
{
	struct preset *presets = ARENA_ARRAY(cli->ctx.arena, PRESETS_MAX, struct preset);
	struct db_txn *txn = NULL;
	enum rc rc = presets != NULL ? db_read_begin(node->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	size_t n = community != 0 ? community_preset_list(txn, cli->ctx.arena, community, presets)
				  : preset_list(txn, cli->ctx.arena, presets);
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		print_preset(cli, &presets[i]);
	}
	output_end(&cli->out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_preset_list(struct cli *cli)
{
	struct node node = { .db = NULL };
	uint64_t community = 0;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = place_read(cli, &node, &community);
	if (rc == RC_OK)
		rc = print_presets(cli, &node, community);
	node_close(&node);
	return rc;
}

static enum rc unpreset_act(struct social *s, void *arg)
{
	const struct presetting *p = arg;
	enum rc rc = RC_OK;
	if (p->community != 0)
		rc = community_preset_remove(s, NULL, p->community, p->preset.id);
	else if (!preset_del(s->txn, p->preset.id))
		rc = RC_NOT_FOUND;
	else
		audit(s, NULL, AUDIT_PRESET_REMOVE, AUDIT_ABOUT(p->preset.id));
	if (rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such preset");
	return rc != RC_OK ? rc : db_txn_rc(s->txn);
}

enum rc cmd_preset_remove(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct presetting p = { .community = 0 };
	if (!str_to_u64(command_argument(cli, 0), &p.preset.id))
		return usage_fail(cli, "a preset is named by its id");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = place_read(cli, &node, &p.community);
	if (rc == RC_OK)
		rc = node_act(cli, &node, unpreset_act, &p);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_id(&cli->out, "removed", p.preset.id);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}
