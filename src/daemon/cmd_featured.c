/* fediflow react, dislike, pin and feature-tag, and taking them back; conversation remove. */
#include "cmd.h"
#include "node.h"
#include "social/react.h"
#include "social/thread.h"
#include "target.h"
#include "text/emoji.h"

/* One of them, by somebody of this node. */
struct deed {
	enum rc (*act)(struct social *s, const struct account *actor, const struct deed *deed);
	uint64_t actor;
	uint64_t status; /* 0: it is about none */
	struct str text; /* the emoji or the hashtag */
	bool undo;
};

static enum rc deed_act(struct social *s, void *arg)
{
	const struct deed *d = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, d->actor, &actor))
		return RC_NOT_FOUND;
	return d->act(s, &actor, d);
}

static enum rc react(struct social *s, const struct account *actor, const struct deed *d)
{
	struct reaction r;
	if (d->undo)
		return act_emoji_unreact(s, actor, d->status, d->text);
	enum rc rc = act_emoji_choose(s, d->text, &r);
	return rc == RC_OK ? act_emoji_react(s, actor, d->status, &r) : rc;
}

static enum rc dislike(struct social *s, const struct account *actor, const struct deed *d)
{
	return d->undo ? act_undislike(s, actor, d->status)
		       : act_dislike(s, actor, d->status, STR(""));
}

static enum rc pin(struct social *s, const struct account *actor, const struct deed *d)
{
	return d->undo ? act_unpin(s, actor, d->status) : act_pin(s, actor, d->status);
}

static enum rc feature_tag(struct social *s, const struct account *actor, const struct deed *d)
{
	return d->undo ? act_unfeature_tag(s, actor, d->text) : act_feature_tag(s, actor, d->text);
}

/* The second argument names a post when range is not NULL. */
static enum rc prepare(struct cli *cli, struct node *node, const enum target_range *range,
		       struct deed *d, struct account *actor, struct status *status)
{
	enum rc rc = target_account(cli, node, command_argument(cli, 0), TARGET_LOCAL, actor);
	if (rc == RC_OK && range != NULL)
		rc = target_status(cli, node, command_argument(cli, 1), *range, status);
	d->actor = actor->id;
	d->status = range != NULL ? status->id : 0;
	return rc;
}

static enum rc do_once(struct cli *cli, struct deed *d, const enum target_range *range,
		       const char *done)
{
	struct node node;
	struct account actor = { .id = 0 };
	struct status status = { .id = 0 };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = prepare(cli, &node, range, d, &actor, &status);
	if (rc == RC_OK)
		rc = node_act(cli, &node, deed_act, d);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "done",
			   d->undo ? arena_printf(cli->ctx.arena, "un%s", done) : str_of(done));
		output_str(&cli->out, "actor", target_handle(cli->ctx.arena, &node, &actor));
		output_id(&cli->out, "post", status.id);
		output_opt(&cli->out, "post_uri", status.uri);
		output_opt(&cli->out, "text", d->text);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

/* The same for those with --undo. */
static enum rc run(struct cli *cli, struct deed *d, const enum target_range *range,
		   const char *done)
{
	d->undo = command_switch(cli, "undo");
	return do_once(cli, d, range, done);
}

enum rc cmd_react(struct cli *cli)
{
	const enum target_range range = TARGET_FETCH;
	struct deed d = { .act = react, .text = command_argument(cli, 2) };
	struct str canonical;
	/* the spelling that is stored */
	struct ctx quiet = { .arena = cli->ctx.arena };
	if (emoji_canonical(&quiet, d.text, &canonical) == RC_OK)
		d.text = canonical;
	return run(cli, &d, &range, "react");
}

enum rc cmd_dislike(struct cli *cli)
{
	const enum target_range range = TARGET_FETCH;
	struct deed d = { .act = dislike };
	return run(cli, &d, &range, "dislike");
}

enum rc cmd_pin(struct cli *cli)
{
	const enum target_range range = TARGET_KNOWN;
	struct deed d = { .act = pin };
	return run(cli, &d, &range, "pin");
}

static enum rc take_out(struct social *s, const struct account *actor, const struct deed *d)
{
	enum rc rc = thread_remove(s, actor, STR(""), d->status);
	if (rc == RC_DENIED || rc == RC_NOT_FOUND)
		return ctx_fail(s->ctx, rc, "this is no reply in a conversation of theirs");
	return rc;
}

enum rc cmd_conversation_remove(struct cli *cli)
{
	const enum target_range range = TARGET_KNOWN;
	struct deed d = { .act = take_out };
	return do_once(cli, &d, &range, "remove");
}

enum rc cmd_feature_tag(struct cli *cli)
{
	struct str tag = command_argument(cli, 1);
	if (tag.len != 0 && tag.ptr[0] == '#')
		tag = str_skip(tag, 1);
	struct deed d = { .act = feature_tag, .text = tag };
	return run(cli, &d, NULL, "feature-tag");
}
