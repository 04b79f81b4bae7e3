/* fediflow account approve and reject: who signed up is let in, or not. Command's thread. */
#include "cmd.h"
#include "node.h"
#include "social/sign_up.h"
#include "target.h"

struct deciding {
	uint64_t account;
	struct str answer;
	bool approved;
};

static enum rc decide_act(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return d->approved ? sign_up_approve(s, NULL, d->account, d->answer)
			   : sign_up_reject(s, NULL, d->account, d->answer);
}

static enum rc decide(struct cli *cli, struct node *node, uint64_t account, bool approved)
{
	const struct reception reception = { .db = node->db,
					     .clock = clock_system(),
					     .site = &node->site,
					     .seal = &node->seal,
					     .settings = &node->settings.registrations };
	struct deciding d = { .account = account, .approved = approved };
	enum rc rc = sign_up_answer_make(&reception, &cli->ctx, account, approved, &d.answer);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the answer cannot be written");
	return node_act(cli, node, decide_act, &d);
}

static enum rc run(struct cli *cli, bool approved)
{
	struct node node = { .db = NULL };
	struct account a;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK)
		rc = decide(cli, &node, a.id, approved);
	if (rc == RC_OK) {
		node_poke(&node, POKE_RELOAD);
		output_object(&cli->out, NULL);
		output_str(&cli->out, "account", target_handle(cli->ctx.arena, &node, &a));
		output_flag(&cli->out, "approved", approved);
		/* with an address that is still to be confirmed they wait on */
		output_flag(&cli->out, "confirmed", (a.flags & ACCOUNT_UNCONFIRMED) == 0);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_account_approve(struct cli *cli)
{
	return run(cli, true);
}

enum rc cmd_account_reject(struct cli *cli)
{
	return run(cli, false);
}
