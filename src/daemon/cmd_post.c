/* fediflow post, edit, delete-post: what people of this node write. */
#include <stdio.h>
#include <unistd.h>

#include "acts.h"
#include "cmd.h"
#include "interact.h"
#include "polls.h"
#include "present.h"
#include "social/team.h"
#include "target.h"

#define TEXT_BYTES_MAX ((size_t)512 * 1024)

/* The text of an argument; "-" stands for standard input. */
static enum rc read_text(struct cli *cli, unsigned index, struct str *out)
{
	char chunk[4096];
	size_t n;
	struct buf text CLEANUP(buf_free) = BUF_INIT(TEXT_BYTES_MAX);
	*out = command_argument(cli, index);
	if (!str_eq(*out, STR("-")))
		return RC_OK;
	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) != 0)
		buf_add_bytes(&text, chunk, n);
	if (text.failed)
		return ctx_fail(&cli->ctx, RC_TOO_LARGE, "the text is too long");
	*out = arena_str(cli->ctx.arena, buf_str(&text));
	return RC_OK;
}

static enum rc show_status(struct cli *cli, const struct node *node, uint64_t id)
{
	struct status status;
	struct status_view view;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	if (status_get(txn, cli->ctx.arena, id, &status))
		status_view_read(txn, cli->ctx.arena, &status, &view);
	else
		rc = RC_NOT_FOUND;
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the post cannot be read");
	present_status(cli, node, &view);
	return RC_OK;
}

/* --- posting --- */

/* What the options say of a post, over what draft holds already. */
static void draft_options(struct cli *cli, struct draft *draft)
{
	struct str language = command_option(cli, "language");
	struct str spoiler = command_option(cli, "spoiler");
	struct str title = command_option(cli, "title");
	if (title.ptr != NULL)
		draft->title = title;
	if (language.ptr != NULL)
		draft->language = language;
	if (spoiler.ptr != NULL)
		draft->spoiler = spoiler;
	draft->sensitive = draft->sensitive || command_switch(cli, "sensitive") || spoiler.len != 0;
}

static enum rc draft_visibility(struct cli *cli, struct draft *draft)
{
	struct str visibility = command_option(cli, "visibility");
	if (visibility.ptr != NULL && !visibility_parse(visibility, &draft->visibility))
		return usage_fail(cli,
				  "--visibility is public, unlisted, followers, direct or local");
	return RC_OK;
}

/* FEP-268d: nobody is the author alone, since an empty list says nothing. */
static enum rc draft_searchable(struct cli *cli, struct draft *draft)
{
	struct str word = command_option(cli, "searchable-by"), who;
	if (word.ptr == NULL)
		return RC_OK;
	if (str_eq(word, STR("public")))
		who = STR("https://www.w3.org/ns/activitystreams#Public");
	else if (str_eq(word, STR("followers")))
		who = draft->author.followers;
	else if (str_eq(word, STR("nobody")))
		who = draft->author.uri;
	else
		return usage_fail(cli, "--searchable-by is public, followers or nobody");
	draft->searchable_by = ARENA_NEW(cli->ctx.arena, struct str);
	if (draft->searchable_by == NULL)
		return RC_NO_MEMORY;
	*draft->searchable_by = who;
	draft->searchable_count = 1;
	return RC_OK;
}

/* The post that an option names, which may be fetched. */
static enum rc draft_post(struct cli *cli, struct node *node, const char *option, uint64_t *id)
{
	struct status status;
	struct str word = command_option(cli, option);
	if (word.ptr == NULL)
		return RC_OK;
	enum rc rc = target_status(cli, node, word, TARGET_FETCH, &status);
	if (rc == RC_OK)
		*id = status.id;
	return rc;
}

/* poll must live as long as draft is used. */
static enum rc draft_poll(struct cli *cli, struct draft *draft, struct poll_draft *poll)
{
	bool there;
	enum rc rc = polls_options(cli, poll, &there);
	draft->poll = there ? poll : NULL;
	return rc;
}

static enum rc post(struct cli *cli, struct node *node)
{
	struct draft draft = { .visibility = VISIBILITY_PUBLIC };
	struct poll_draft poll;
	draft_options(cli, &draft);
	enum rc rc = draft_poll(cli, &draft, &poll);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL,
				    &draft.author);
	if (rc == RC_OK)
		rc = read_text(cli, 1, &draft.text);
	if (rc == RC_OK)
		rc = draft_visibility(cli, &draft);
	if (rc == RC_OK)
		rc = draft_searchable(cli, &draft);
	if (rc == RC_OK)
		rc = draft_post(cli, node, "reply-to", &draft.parent);
	if (rc == RC_OK)
		rc = draft_post(cli, node, "quote", &draft.quote);
	if (rc == RC_OK)
		rc = interact_options(cli, &draft);
	if (rc == RC_OK)
		rc = acts_post(cli, node, &draft);
	return rc == RC_OK ? show_status(cli, node, draft.id) : rc;
}

/* --- editing --- */

struct edit {
	const struct cli *cli;
	uint64_t account;
	struct status status;
};

static enum rc edit_act(struct social *s, void *arg)
{
	const struct edit *edit = arg;
	struct account actor;
	struct status changed = edit->status, now;
	if (!account_get(s->txn, s->ctx->arena, edit->account, &actor) ||
	    !status_get(s->txn, s->ctx->arena, changed.id, &now))
		return RC_NOT_FOUND;
	/* edits are told apart by their time (S-022) */
	changed.edited_ms = db_txn_now(s->txn);
	if (changed.edited_ms <= now.edited_ms)
		changed.edited_ms = now.edited_ms + 1;
	enum rc rc = acts_may_publish(s, edit->cli, &actor);
	if (rc == RC_OK)
		rc = act_edit(s, &actor, &changed);
	if (rc == RC_OK)
		team_operated(s, &actor, "post.edit", changed.id);
	return rc;
}

/* What is not said anew stays: spoiler, language, attachments, address. */
static struct status edited(const struct status *before, const struct draft *draft)
{
	struct status next = *before;
	next.title = draft->status.title;
	next.content = draft->status.content;
	next.source = draft->status.source;
	next.poll = draft->status.poll;
	next.spoiler = draft->status.spoiler;
	next.language = draft->status.language;
	next.mentions = draft->status.mentions;
	next.mention_count = draft->status.mention_count;
	next.tags = draft->status.tags;
	next.tag_count = draft->status.tag_count;
	next.flags = draft->sensitive ? next.flags | STATUS_SENSITIVE
				      : next.flags & ~(unsigned)STATUS_SENSITIVE;
	return next;
}

/* Peers do not expect that a post changes its type. */
static enum rc edit_title(struct cli *cli, const struct status *before)
{
	struct str title = command_option(cli, "title");
	if (title.ptr == NULL)
		return RC_OK;
	if (before->title.len == 0)
		return ctx_fail(&cli->ctx, RC_INVALID, "a note has no title: only articles have");
	return str_trim(title).len != 0
		       ? RC_OK
		       : ctx_fail(&cli->ctx, RC_INVALID, "an article keeps a title");
}

static enum rc edit(struct cli *cli, struct node *node)
{
	struct draft draft = { .parent = 0 };
	struct status before;
	struct poll_draft poll;
	enum rc rc = draft_poll(cli, &draft, &poll);
	if (rc == RC_OK)
		rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL,
				    &draft.author);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 1), TARGET_KNOWN, &before);
	if (rc == RC_OK && before.account != draft.author.id)
		rc = ctx_fail(&cli->ctx, RC_DENIED, "only its author may change a post");
	if (rc == RC_OK)
		rc = edit_title(cli, &before);
	if (rc == RC_OK)
		rc = read_text(cli, 2, &draft.text);
	if (rc != RC_OK)
		return rc;
	draft.visibility = before.visibility;
	draft.title = before.title;
	draft.spoiler = before.spoiler;
	draft.language = before.language;
	draft.sensitive = (before.flags & STATUS_SENSITIVE) != 0;
	draft_options(cli, &draft);
	poll.reset = command_switch(cli, "poll-reset");
	rc = acts_compose(cli, node, &draft);
	if (rc != RC_OK)
		return rc;
	struct edit work = { cli, draft.author.id, edited(&before, &draft) };
	rc = node_act(cli, node, edit_act, &work);
	return rc == RC_OK ? show_status(cli, node, before.id) : rc;
}

/* --- deleting --- */

struct deletion {
	uint64_t account;
	uint64_t status;
};

static enum rc delete_act(struct social *s, void *arg)
{
	const struct deletion *d = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, d->account, &actor))
		return RC_NOT_FOUND;
	enum rc rc = act_delete(s, &actor, d->status);
	if (rc == RC_OK)
		team_operated(s, &actor, "post.delete", d->status);
	return rc;
}

static enum rc delete_post(struct cli *cli, struct node *node)
{
	struct account actor;
	struct status status;
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, &actor);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 1), TARGET_KNOWN, &status);
	if (rc == RC_OK) {
		struct deletion work = { actor.id, status.id };
		rc = node_act(cli, node, delete_act, &work);
	}
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_str(&cli->out, "deleted", status.uri);
	output_end(&cli->out);
	return RC_OK;
}

/* --- commands --- */

static enum rc with_node(struct cli *cli, enum rc (*then)(struct cli *cli, struct node *node))
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = then(cli, &node);
	node_close(&node);
	return rc;
}

enum rc cmd_post(struct cli *cli)
{
	return with_node(cli, post);
}

enum rc cmd_edit(struct cli *cli)
{
	return with_node(cli, edit);
}

enum rc cmd_delete_post(struct cli *cli)
{
	return with_node(cli, delete_post);
}
