/* fediflow account edit: what an account says of itself. */
#include "acts.h"
#include "cmd.h"
#include "present.h"
#include "social/audit.h"
#include "social/profile.h"
#include "target.h"
#include "text/iri.h"

#define NAME_CHARS_MAX 100
#define NAME_BYTES_MAX 400

/* What is to be changed; absent and unset parts stay as they are. */
struct profile {
	uint64_t account;
	struct str display_name;
	bool has_note, has_fields, has_feature;
	unsigned feature_automatic, feature_manual;
	struct html note;
	struct str note_source;
	struct account_field fields[ACCOUNT_FIELDS_MAX];
	unsigned field_count;
	struct str avatar, header;
	unsigned set, clear; /* flags */
	struct account changed;
};

/* --- options --- */

static enum rc read_flag(struct cli *cli, const char *name, unsigned flag, struct profile *p)
{
	struct str value = command_option(cli, name);
	if (value.ptr == NULL)
		return RC_OK;
	if (str_eq(value, STR("yes")))
		p->set |= flag;
	else if (str_eq(value, STR("no")))
		p->clear |= flag;
	else
		return usage_fail(cli, "--%s is yes or no", name);
	return RC_OK;
}

/* A picture's address; "" takes it away. */
static enum rc read_picture(struct cli *cli, const struct node *node, const char *name,
			    struct str *out)
{
	struct iri iri;
	struct str value = command_option(cli, name);
	*out = value;
	if (value.len == 0)
		return RC_OK;
	enum rc rc = iri_parse(&cli->ctx, value, node->site.iri_flags, &iri);
	if (rc != RC_OK)
		cli->exit_code = EXIT_USAGE;
	*out = iri.text;
	return rc;
}

/* account_text_make() or account_field_make(). */
typedef enum rc text_maker(struct ctx *ctx, const struct site *site, struct str text,
			   struct html *out);

/* As it was typed, and as it is shown. */
static enum rc read_text(struct cli *cli, const struct node *node, text_maker *make,
			 struct str typed, struct str *source, struct html *html)
{
	enum rc rc =
		text_clean(&cli->ctx, typed, PROFILE_TEXT_CHARS, 4 * PROFILE_TEXT_CHARS, source);
	return rc == RC_OK ? make(&cli->ctx, &node->site, *source, html) : rc;
}

static enum rc read_field(struct cli *cli, const struct node *node, struct str text,
			  struct profile *p)
{
	struct str name, value;
	struct account_field *field = &p->fields[p->field_count];
	if (!str_split(text, '=', &name, &value) || str_trim(name).len == 0)
		return usage_fail(cli, "--fields is NAME=VALUE, parted by semicolons");
	enum rc rc =
		text_clean(&cli->ctx, str_trim(name), NAME_CHARS_MAX, NAME_BYTES_MAX, &field->name);
	if (rc == RC_OK)
		rc = read_text(cli, node, account_field_make, str_trim(value), &field->source,
			       &field->value);
	if (rc == RC_OK)
		p->field_count++;
	return rc;
}

static enum rc read_fields(struct cli *cli, const struct node *node, struct profile *p)
{
	struct str parts[ACCOUNT_FIELDS_MAX];
	unsigned count;
	p->has_fields = command_option(cli, "fields").ptr != NULL;
	enum rc rc = command_list(cli, "fields", parts, ACCOUNT_FIELDS_MAX, &count);
	for (unsigned i = 0; i < count && rc == RC_OK; i++)
		rc = read_field(cli, node, parts[i], p);
	return rc;
}

/* Who may put the account into collections (FEP-7aa9). */
static enum rc read_feature(struct cli *cli, struct profile *p)
{
	static const struct {
		struct str name;
		unsigned automatic, manual;
	} words[] = {
		{ STR_INIT("public"), FEATURE_ANYBODY, 0 },
		{ STR_INIT("followers"), FEATURE_FOLLOWERS, 0 },
		{ STR_INIT("ask"), 0, FEATURE_ANYBODY },
		{ STR_INIT("nobody"), 0, 0 },
	};
	struct str word = command_option(cli, "who-may-feature");
	p->has_feature = word.ptr != NULL;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(word, words[i].name)) {
			p->feature_automatic = words[i].automatic;
			p->feature_manual = words[i].manual;
			return RC_OK;
		}
	}
	return p->has_feature ? usage_fail(cli, "public, followers, ask or nobody may do that")
			      : RC_OK;
}

static enum rc read_options(struct cli *cli, const struct node *node, struct profile *p)
{
	struct str note = command_option(cli, "note"), name = command_option(cli, "display-name");
	enum rc rc = RC_OK;
	p->has_note = note.ptr != NULL;
	if (name.ptr != NULL)
		rc = text_clean(&cli->ctx, name, NAME_CHARS_MAX, NAME_BYTES_MAX, &p->display_name);
	if (rc == RC_OK && p->has_note)
		rc = read_text(cli, node, account_text_make, note, &p->note_source, &p->note);
	if (rc == RC_OK)
		rc = read_fields(cli, node, p);
	if (rc == RC_OK)
		rc = read_picture(cli, node, "avatar", &p->avatar);
	if (rc == RC_OK)
		rc = read_picture(cli, node, "header", &p->header);
	if (rc == RC_OK)
		rc = read_feature(cli, p);
	if (rc == RC_OK)
		rc = read_flag(cli, "locked", ACCOUNT_LOCKED, p);
	if (rc == RC_OK)
		rc = read_flag(cli, "discoverable", ACCOUNT_DISCOVERABLE, p);
	if (rc == RC_OK)
		rc = read_flag(cli, "indexable", ACCOUNT_INDEXABLE, p);
	if (rc == RC_OK)
		rc = read_flag(cli, "hide-network", ACCOUNT_HIDE_NETWORK, p);
	if (rc == RC_OK)
		rc = read_flag(cli, "memorial", ACCOUNT_MEMORIAL, p);
	return rc;
}

/* --- changing --- */

static enum rc change_act(struct social *s, void *arg)
{
	struct profile *p = arg;
	struct account *a = &p->changed;
	if (!account_get(s->txn, s->ctx->arena, p->account, a))
		return RC_NOT_FOUND;
	if (account_is_gone(a))
		return ctx_fail(s->ctx, RC_GONE, "the account is suspended or deleted");
	if (p->display_name.ptr != NULL)
		a->display_name = p->display_name;
	if (p->has_note) {
		a->note = p->note;
		a->note_source = p->note_source;
	}
	if (p->avatar.ptr != NULL)
		a->avatar = p->avatar;
	if (p->header.ptr != NULL)
		a->header = p->header;
	if (p->has_fields) {
		memcpy(a->fields, p->fields, sizeof(a->fields));
		a->field_count = p->field_count;
	}
	if (p->has_feature) {
		a->feature_said = true;
		a->feature_automatic = p->feature_automatic;
		a->feature_manual = p->feature_manual;
	}
	a->flags = (a->flags | p->set) & ~p->clear;
	audit(s, NULL, AUDIT_ACCOUNT_EDIT, AUDIT_ABOUT(a->id));
	return account_change(s, a);
}

static enum rc show(struct cli *cli, struct node *node, const struct account *account)
{
	struct account_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	account_view_read(txn, cli->ctx.arena, account, &view);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		present_account(cli, node, &view);
	return rc;
}

enum rc cmd_account_edit(struct cli *cli)
{
	struct node node;
	struct account account;
	struct profile p = { .account = 0 };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &account);
	if (rc == RC_OK)
		rc = read_options(cli, &node, &p);
	if (rc == RC_OK) {
		p.account = account.id;
		rc = node_act(cli, &node, change_act, &p);
	}
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		rc = show(cli, &node, &p.changed);
	}
	node_close(&node);
	return rc;
}
