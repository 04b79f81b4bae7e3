/* Polls on the command line: asked for by options, shown, and voted in. */
#ifndef FF_DAEMON_POLLS_H
#define FF_DAEMON_POLLS_H

#include "node.h"
#include "social/act.h"
#include "store/poll.h"

/* --poll, --poll-ends and --poll-multiple; *there is false when none is asked for. */
enum rc polls_options(struct cli *cli, struct poll_draft *out, bool *there) NODISCARD;
/* Choices by name, or by number from 1; a write of its own. */
enum rc polls_vote(struct cli *cli, struct node *node, uint64_t actor, uint64_t status,
		   const struct str *choices, unsigned count) NODISCARD;
/* The poll as a member of a post. */
void polls_present(struct cli *cli, const struct poll *poll);

#endif
