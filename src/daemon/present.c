/* Accounts and posts as commands print them. Pure but for the two readers. */
#include "present.h"

#include "core/utf8.h"
#include "polls.h"
#include "target.h"

#define PREVIEW_CHARS 60

static const char *const kinds[] = {
	[ACCOUNT_PERSON] = "person",
	[ACCOUNT_GROUP] = "group",
	[ACCOUNT_ORGANIZATION] = "organization",
	[ACCOUNT_SERVICE] = "service",
	[ACCOUNT_APPLICATION] = "application",
};

const char *present_account_kind(enum account_kind kind)
{
	return kinds[kind];
}

bool present_account_kind_parse(struct str name, enum account_kind *out)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(name, str_of(kinds[i]))) {
			*out = (enum account_kind)i;
			return true;
		}
	}
	return false;
}

/* --- reading --- */

void account_view_read(struct db_txn *txn, struct arena *arena, const struct account *account,
		       struct account_view *out)
{
	*out = (struct account_view){ .account = *account };
	out->counts = account_counts(txn, account->id);
	if (account_is_local(account) &&
	    !account_secrets_get(txn, arena, account->id, &out->secrets))
		out->secrets = (struct account_secrets){ .key_count = 0 };
}

void status_view_read(struct db_txn *txn, struct arena *arena, const struct status *status,
		      struct status_view *out)
{
	*out = (struct status_view){ .status = *status };
	account_get(txn, arena, status->account, &out->author);
	out->counts = status_counts(txn, status->id);
	if (status->has_poll && !poll_get(txn, arena, status->id, &out->poll))
		out->poll.option_count = 0;
	if (status->boost_of != 0 && status_get(txn, arena, status->boost_of, &out->original))
		account_get(txn, arena, out->original.account, &out->original_author);
}

/* --- accounts --- */

static const struct {
	unsigned flag;
	const char *name;
} account_flag_names[] = {
	{ ACCOUNT_LOCAL, "local" },	    { ACCOUNT_LOCKED, "locked" },
	{ ACCOUNT_SUSPENDED, "suspended" }, { ACCOUNT_DELETED, "deleted" },
	{ ACCOUNT_LEAVING, "leaving" },
};

static void present_keys(struct output *out, const struct account_secrets *secrets)
{
	output_list(out, "keys");
	for (unsigned i = 0; i < secrets->key_count; i++) {
		output_object(out, NULL);
		output_str(out, "name", secrets->keys[i].name);
		output_date(out, "created", secrets->keys[i].created_ms);
		output_date(out, "retired", secrets->keys[i].retired_ms);
		output_end(out);
	}
	output_end(out);
}

static void present_fields(struct cli *cli, const struct account *a)
{
	output_list(&cli->out, "fields");
	for (unsigned i = 0; i < a->field_count; i++) {
		struct str value = STR_NONE;
		(void)!html_to_text(&cli->ctx, a->fields[i].value, &value);
		output_object(&cli->out, NULL);
		output_str(&cli->out, "name", a->fields[i].name);
		output_opt(&cli->out, "value", value);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void present_aliases(struct output *out, const struct account *a)
{
	output_list(out, "also_known_as");
	for (unsigned i = 0; i < a->alias_count; i++)
		output_item(out, a->aliases[i]);
	output_end(out);
}

void present_account(struct cli *cli, const struct node *node, const struct account_view *view)
{
	struct output *out = &cli->out;
	const struct account *a = &view->account;
	struct str note = STR_NONE;
	(void)!html_to_text(&cli->ctx, a->note, &note);
	output_object(out, NULL);
	output_str(out, "handle", target_handle(cli->ctx.arena, node, a));
	output_id(out, "id", a->id);
	output_str(out, "uri", a->uri);
	output_opt(out, "url", a->url);
	output_opt(out, "inbox", a->inbox);
	output_opt(out, "shared_inbox", a->shared_inbox);
	output_str(out, "kind", str_of(present_account_kind(a->kind)));
	output_opt(out, "display_name", a->display_name);
	output_opt(out, "note", note);
	output_opt(out, "avatar", a->avatar);
	output_opt(out, "header", a->header);
	output_opt(out, "moved_to", a->moved_to);
	output_date(out, "moved", a->moved_ms);
	present_aliases(out, a);
	for (size_t i = 0; i < ARRAY_LEN(account_flag_names); i++)
		output_flag(out, account_flag_names[i].name,
			    (a->flags & account_flag_names[i].flag) != 0);
	output_num(out, "followers", view->counts.followers);
	output_num(out, "following", view->counts.following);
	output_num(out, "posts", view->counts.statuses);
	output_date(out, "last_post", view->counts.last_status_ms);
	output_date(out, "created", a->created_ms);
	output_date(out, "fetched", a->fetched_ms);
	present_fields(cli, a);
	if (account_is_local(a)) {
		output_opt(out, "email", view->secrets.email);
		output_flag(out, "can_sign_in", view->secrets.password_hash.len != 0);
		present_keys(out, &view->secrets);
		if (view->password.len != 0)
			output_str(out, "password", view->password);
	}
	output_end(out);
}

static struct str account_state(const struct account *a)
{
	if ((a->flags & ACCOUNT_DELETED) != 0)
		return STR("deleted");
	if ((a->flags & ACCOUNT_LEAVING) != 0)
		return STR("leaving");
	return (a->flags & ACCOUNT_SUSPENDED) != 0 ? STR("suspended") : STR("active");
}

void present_account_row(struct cli *cli, const struct node *node, const struct account_view *view)
{
	struct output *out = &cli->out;
	output_row(out);
	output_str(out, "handle", target_handle(cli->ctx.arena, node, &view->account));
	output_id(out, "id", view->account.id);
	output_str(out, "kind", str_of(present_account_kind(view->account.kind)));
	output_str(out, "state", account_state(&view->account));
	output_num(out, "followers", view->counts.followers);
	output_num(out, "following", view->counts.following);
	output_num(out, "posts", view->counts.statuses);
	output_opt(out, "display_name", view->account.display_name);
	output_end(out);
}

/* --- posts --- */

static struct str plain_text(struct cli *cli, const struct status *s)
{
	struct str text = STR_NONE;
	(void)!html_to_text(&cli->ctx, s->content, &text);
	return text;
}

static void present_lists(struct output *out, const struct status *s)
{
	output_list(out, "mentions");
	/* without a handle it is merely addressed: a collection of followers */
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].handle.len != 0)
			output_item(out, s->mentions[i].handle);
	}
	output_end(out);
	output_list(out, "tags");
	for (unsigned i = 0; i < s->tag_count; i++)
		output_item(out, s->tags[i]);
	output_end(out);
	output_list(out, "attachments");
	for (unsigned i = 0; i < s->attachment_count; i++) {
		output_object(out, NULL);
		output_str(out, "url", s->attachments[i].url);
		output_opt(out, "media_type", s->attachments[i].media_type);
		output_opt(out, "description", s->attachments[i].description);
		output_end(out);
	}
	output_end(out);
}

void present_status(struct cli *cli, const struct node *node, const struct status_view *view)
{
	struct output *out = &cli->out;
	const struct status *s = &view->status;
	output_object(out, NULL);
	output_id(out, "id", s->id);
	output_str(out, "uri", s->uri);
	output_opt(out, "url", s->url);
	output_str(out, "type", s->type);
	output_str(out, "author", target_handle(cli->ctx.arena, node, &view->author));
	output_str(out, "visibility", str_of(visibility_name(s->visibility)));
	output_date(out, "created", s->created_ms);
	output_date(out, "edited", s->edited_ms);
	output_opt(out, "title", s->title);
	output_opt(out, "spoiler", s->spoiler);
	output_flag(out, "sensitive", (s->flags & STATUS_SENSITIVE) != 0);
	output_opt(out, "language", s->language);
	output_opt(out, "text", plain_text(cli, s));
	output_opt(out, "html", s->content.markup);
	output_id(out, "parent", s->parent);
	output_opt(out, "parent_uri", s->parent_uri);
	output_id(out, "root", s->root);
	output_id(out, "boost_of", s->boost_of);
	output_opt(out, "boost_of_uri", view->original.uri);
	output_num(out, "replies", view->counts.replies);
	output_num(out, "boosts", view->counts.boosts);
	output_num(out, "likes", view->counts.likes);
	present_lists(out, s);
	if (view->poll.option_count != 0)
		polls_present(cli, &view->poll);
	output_end(out);
}

/* In a table people get the beginning of a text, programs all of it. */
static struct str shortened(struct cli *cli, struct str text)
{
	struct str head = utf8_take(text, PREVIEW_CHARS, PREVIEW_CHARS * 4);
	if (cli->json || head.len == text.len)
		return text;
	return arena_printf(cli->ctx.arena, "%.*s...", STR_ARG(head));
}

void present_status_row(struct cli *cli, const struct node *node, const struct status_view *view)
{
	struct output *out = &cli->out;
	const struct status *s = &view->status;
	bool boost = s->boost_of != 0;
	const struct account *author = boost ? &view->original_author : &view->author;
	output_row(out);
	output_id(out, "id", s->id);
	output_date(out, "created", s->created_ms);
	output_str(out, "kind",
		   boost ? STR("boost")
			 : ((s->flags & STATUS_REPLY) != 0 ? STR("reply") : STR("post")));
	output_str(out, "visibility", str_of(visibility_name(s->visibility)));
	output_str(out, "author", target_handle(cli->ctx.arena, node, author));
	output_opt(out, "uri", boost ? view->original.uri : s->uri);
	output_num(out, "replies", view->counts.replies);
	output_num(out, "boosts", view->counts.boosts);
	output_num(out, "likes", view->counts.likes);
	output_opt(out, "text", shortened(cli, plain_text(cli, boost ? &view->original : s)));
	output_end(out);
}
