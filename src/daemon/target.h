/* Whom or what a word on the command line means. */
#ifndef FF_DAEMON_TARGET_H
#define FF_DAEMON_TARGET_H

#include "node.h"
#include "store/account.h"
#include "store/status.h"

/* Where may a word lead? */
enum target_range {
	TARGET_LOCAL, /* to people of this node */
	TARGET_KNOWN, /* to whom or what is stored here */
	TARGET_FETCH, /* also to other hosts, which are asked; needs NODE_WRITE */
};

/*
 * "alice", "@alice@example.org", an address of an actor or a page, or an account's id. RC_NOT_FOUND
 * and the failures of reaching out.
 */
enum rc target_account(struct cli *cli, struct node *node, struct str word, enum target_range range,
		       struct account *out) NODISCARD;
/* A status's id or address. */
enum rc target_status(struct cli *cli, struct node *node, struct str word, enum target_range range,
		      struct status *out) NODISCARD;

/* "user@host" for everybody, whether they are of here or not. */
struct str target_handle(struct arena *arena, const struct node *node, const struct account *a);

#endif
