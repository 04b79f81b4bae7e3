/* fediflow account role, account limit, rule, text: who looks after the node, by which rules, and what
 * it has to say. Command's thread. */
#include <stdio.h>

#include "cmd.h"
#include "core/date.h"
#include "node.h"
#include "social/audit.h"
#include "social/moderate.h"
#include "target.h"

/* --- roles --- */

static const struct {
	const char *word;
	uint64_t role;
} role_words[] = {
	{ "none", ROLE_EVERYBODY },
	{ "moderator", ROLE_MODERATOR },
	{ "admin", ROLE_ADMIN },
	{ "owner", ROLE_OWNER },
};

struct giving {
	uint64_t account, role;
};

static enum rc give_act(struct social *s, void *arg)
{
	const struct giving *g = arg;
	const struct audit_detail details[] = { { "role", audit_number(s, g->role) } };
	const struct audit_about about = { .id = g->account,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	role_give(s->txn, g->account, g->role);
	audit(s, NULL, AUDIT_ACCOUNT_ROLE, &about);
	return db_txn_rc(s->txn);
}

static enum rc read_role(struct cli *cli, struct str word, uint64_t *role)
{
	for (size_t i = 0; i < ARRAY_LEN(role_words); i++) {
		if (str_eq(word, str_of(role_words[i].word))) {
			*role = role_words[i].role;
			return RC_OK;
		}
	}
	return usage_fail(cli, "a role is owner, admin, moderator or none");
}

enum rc cmd_account_role(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct account a;
	struct giving giving;
	enum rc rc = read_role(cli, command_argument(cli, 1), &giving.role);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK) {
		giving.account = a.id;
		rc = node_act(cli, &node, give_act, &giving);
	}
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "account", target_handle(cli->ctx.arena, &node, &a));
		output_str(&cli->out, "role", command_argument(cli, 1));
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

/* --- limits --- */

struct limiting {
	uint64_t account;
	bool off;
};

static enum rc limit_act(struct social *s, void *arg)
{
	const struct limiting *l = arg;
	const struct sentence sentence = { .what = MODERATE_SILENCE };
	return l->off ? moderate_undo(s, NULL, l->account, MODERATE_SILENCE)
		      : moderate_account(s, NULL, l->account, &sentence, NULL);
}

enum rc cmd_account_limit(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct account a;
	struct limiting limiting = { .off = command_switch(cli, "remove") };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &a);
	if (rc == RC_OK) {
		limiting.account = a.id;
		rc = node_act(cli, &node, limit_act, &limiting);
	}
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "account", target_handle(cli->ctx.arena, &node, &a));
		output_flag(&cli->out, "limited", !limiting.off);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

/* --- rules --- */

static void print_rule(struct cli *cli, const struct rule *rule)
{
	output_id(&cli->out, "id", rule->id);
	output_num(&cli->out, "position", rule->position);
	output_str(&cli->out, "text", rule->text);
	output_opt(&cli->out, "hint", rule->hint);
}

static enum rc rule_act(struct social *s, void *arg)
{
	struct rule *rule = arg;
	struct rule *rules = ARENA_ARRAY(s->ctx->arena, RULES_MAX, struct rule);
	if (rules == NULL)
		return RC_NO_MEMORY;
	size_t n = rule_list(s->txn, s->ctx->arena, rules);
	if (n == RULES_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d rules already", RULES_MAX);
	struct rule fresh = *rule;
	fresh.id = 0;
	fresh.position = n != 0 ? rules[n - 1].position + 1 : 1;
	rule->position = fresh.position;
	rule->id = rule_put(s->txn, &fresh);
	audit(s, NULL, AUDIT_RULE_ADD, AUDIT_ABOUT(rule->id));
	return db_txn_rc(s->txn);
}

enum rc cmd_rule_add(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct rule rule = { .hint = STR("") };
	struct str hint = command_option(cli, "hint");
	enum rc rc = text_clean(&cli->ctx, command_argument(cli, 0), RULE_CHARS,
				(size_t)4 * RULE_CHARS, &rule.text);
	if (rc == RC_OK && hint.ptr != NULL)
		rc = text_clean(&cli->ctx, hint, RULE_CHARS, (size_t)4 * RULE_CHARS, &rule.hint);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, rule_act, &rule);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		print_rule(cli, &rule);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static void print_rules(struct cli *cli, const struct node *node UNUSED, struct db_txn *txn)
{
	struct rule *rules = ARENA_ARRAY(cli->ctx.arena, RULES_MAX, struct rule);
	size_t n = rules != NULL ? rule_list(txn, cli->ctx.arena, rules) : 0;
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		print_rule(cli, &rules[i]);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_rule_list(struct cli *cli)
{
	return node_show(cli, print_rules);
}

static enum rc unrule_act(struct social *s, void *arg)
{
	const uint64_t *id = arg;
	if (!rule_del(s->txn, *id))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such rule");
	audit(s, NULL, AUDIT_RULE_REMOVE, AUDIT_ABOUT(*id));
	return db_txn_rc(s->txn);
}

enum rc cmd_rule_remove(struct cli *cli)
{
	return node_remove(cli, "a rule is named by its id", unrule_act);
}

/* --- texts --- */

static const struct {
	const char *word;
	enum document_kind kind;
} document_words[] = {
	{ "about", DOCUMENT_ABOUT },
	{ "privacy", DOCUMENT_PRIVACY },
	{ "terms", DOCUMENT_TERMS },
};

static struct str document_word(enum document_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(document_words); i++) {
		if (document_words[i].kind == kind)
			return str_of(document_words[i].word);
	}
	return STR("");
}

/* Terms hold from a day on, the others do as soon as they are there. */
static enum rc read_which(struct cli *cli, struct document *out)
{
	struct str word = command_argument(cli, 0), from = command_option(cli, "from");
	struct str time = arena_printf(cli->ctx.arena, "%.*sT00:00:00Z", STR_ARG(from));
	for (size_t i = 0; i < ARRAY_LEN(document_words); i++) {
		if (!str_eq(word, str_of(document_words[i].word)))
			continue;
		out->kind = document_words[i].kind;
		bool terms = out->kind == DOCUMENT_TERMS;
		if (terms != (from.ptr != NULL) ||
		    (terms && !date_parse_rfc3339(time, &out->from_ms)))
			return usage_fail(cli, "terms, and nothing else, need --from YYYY-MM-DD");
		return RC_OK;
	}
	return usage_fail(cli, "a text is about, privacy or terms");
}

static enum rc document_act(struct social *s, void *arg)
{
	const struct document *document = arg;
	if (document->text.len != 0)
		document_put(s->txn, document);
	else if (!document_del(s->txn, document->kind, document->from_ms))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such text");
	audit(s, NULL, document->text.len != 0 ? AUDIT_TEXT_SET : AUDIT_TEXT_REMOVE,
	      AUDIT_NAMED(document_word(document->kind)));
	return db_txn_rc(s->txn);
}

static enum rc document_write(struct cli *cli, struct document *document)
{
	struct node node = { .db = NULL };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, document_act, document);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "text", command_argument(cli, 0));
		output_date(&cli->out, "from", document->from_ms);
		output_flag(&cli->out, "removed", document->text.len == 0);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

static enum rc read_text(struct cli *cli, struct str *out)
{
	struct buf bytes = BUF_INIT(DOCUMENT_BYTES_MAX);
	char chunk[4096];
	size_t n;
	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) != 0)
		buf_add_bytes(&bytes, chunk, n);
	bool failed = bytes.failed || ferror(stdin) != 0;
	*out = failed ? STR_NONE : arena_take_buf(cli->ctx.arena, &bytes);
	buf_free(&bytes);
	return out->ptr != NULL ? RC_OK : ctx_fail(&cli->ctx, RC_TOO_LARGE, "the text is too long");
}

enum rc cmd_text_set(struct cli *cli)
{
	struct document document = { .from_ms = 0 };
	struct str bytes = STR_NONE;
	enum rc rc = read_which(cli, &document);
	if (rc == RC_OK)
		rc = read_text(cli, &bytes);
	if (rc == RC_OK)
		rc = text_clean(&cli->ctx, bytes, DOCUMENT_BYTES_MAX, DOCUMENT_BYTES_MAX,
				&document.text);
	if (rc == RC_OK && document.text.len == 0)
		return usage_fail(cli, "the text is empty");
	return rc == RC_OK ? document_write(cli, &document) : rc;
}

enum rc cmd_text_remove(struct cli *cli)
{
	struct document document = { .text = STR("") };
	enum rc rc = read_which(cli, &document);
	return rc == RC_OK ? document_write(cli, &document) : rc;
}
