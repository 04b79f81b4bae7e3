/* Accounts and posts as commands print them: the same members everywhere. */
#ifndef FF_DAEMON_PRESENT_H
#define FF_DAEMON_PRESENT_H

#include "node.h"
#include "store/account.h"
#include "store/community.h"
#include "store/hint.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/reaction.h"
#include "store/status.h"

/* What is shown of an account beside its row; gathered in a snapshot. */
struct account_view {
	struct account account;
	struct account_counts counts;
	uint64_t pins[PINS_MAX];
	size_t pin_count;
	struct account_secrets secrets; /* of a local one */
	struct str password;		/* when one was just made for it */
};

struct status_view {
	struct status status;
	struct account author;
	struct status_counts counts;
	struct status_hints hints;
	struct poll poll;	/* without options: none */
	struct status original; /* of a boost */
	struct account original_author;
	struct reaction_count *reactions;
	size_t reaction_count;
	uint32_t dislikes;
	bool pinned;
	struct account community; /* that it is in; id 0: none */
	struct community_post place;
	struct str reason; /* why it was marked there */
};

void account_view_read(struct db_txn *txn, struct arena *arena, const struct account *account,
		       struct account_view *out);
void status_view_read(struct db_txn *txn, struct arena *arena, const struct status *status,
		      struct status_view *out);

/* The whole, as one object. */
void present_account(struct cli *cli, const struct node *node, const struct account_view *view);
void present_status(struct cli *cli, const struct node *node, const struct status_view *view);
/* A row of a table. */
void present_account_row(struct cli *cli, const struct node *node, const struct account_view *view);
void present_status_row(struct cli *cli, const struct node *node, const struct status_view *view);

const char *present_account_kind(enum account_kind kind);
bool present_account_kind_parse(struct str name, enum account_kind *out) NODISCARD;

#endif
