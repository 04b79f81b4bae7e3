/* Consent as commands take and print it. */
#ifndef FF_DAEMON_INTERACT_H
#define FF_DAEMON_INTERACT_H

#include "node.h"
#include "social/interact.h"

/* --who-may-...: what others may do with the post of a draft that has its author. */
enum rc interact_options(struct cli *cli, struct draft *draft) NODISCARD;
/* What a post quotes, whether that is allowed, and what others may do with it. */
void interact_present(struct cli *cli, const struct status *s, const struct account *author);
/* "pending", "accepted", ...: what became of a like or boost for which its author is asked; absent
 * when nobody is. */
struct str interact_state(struct cli *cli, const struct node *node, uint64_t status,
			  enum interaction_kind kind, uint64_t from);

#endif
