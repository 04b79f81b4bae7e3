/*
 * Any bytes as an activity that one peer has signed, be it a person or a group, on a node where others have things too. What
 * it does is undone again, so that all inputs find the same node. Whatever it is: nothing that is
 * somebody else's changes, an actor that did not sign has no effect, and a second run in the same
 * state comes to the same result, as a write that is run again must.
 */
#include <stdint.h>
#include <stdlib.h>

#include "fedkit.h"
#include "store/graph.h"
#include "store/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAVES_NOTE DAVE "/notes/1"
#define TEA HOME "/users/tea"
#define CLUB "https://other.example/users/club"

static struct node {
	struct fedkit kit;
	struct peer_actor carol, dave, club;
	uint64_t tea; /* a community, in which dave's note is */
	struct status daves_note;
	struct account alice, dave_account;
	struct peer_key daves_key;
	uint64_t alices_post;
} node;

static void read_others(struct db_txn *txn, struct arena *arena, struct node *out)
{
	must(account_get(txn, arena, node.kit.alice.id, &out->alice));
	must(account_get(txn, arena, node.dave.id, &out->dave_account));
	must(status_find_uri(txn, arena, STR(DAVES_NOTE), &out->daves_note));
	must(peer_key_get(txn, arena, STR(DAVE "#main-key"), &out->daves_key));
}

static void node_end(void)
{
	kit_free(&node.kit);
}

static void node_make(void)
{
	struct db_txn *txn;
	kit_init(&node.kit);
	must(atexit(node_end) == 0);
	node.carol = kit_peer(&node.kit, CAROL, 0);
	node.dave = kit_peer(&node.kit, DAVE, 1);
	kit_follow(&node.kit, node.kit.alice.id, node.carol.id, FOLLOW_PENDING, ALICE "#follows/1");
	kit_follow(&node.kit, node.kit.bob.id, node.carol.id, FOLLOW_ACCEPTED, BOB "#follows/1");
	kit_follow(&node.kit, node.kit.bob.id, node.dave.id, FOLLOW_ACCEPTED, BOB "#follows/2");
	struct community settings = { .kind = STR("") };
	node.tea = kit_community(&node.kit, "tea", &node.kit.alice, &settings).id;
	node.club = kit_group(&node.kit, CLUB, 2);
	kit_follow(&node.kit, node.kit.alice.id, node.club.id, FOLLOW_ACCEPTED, ALICE "#follows/3");
	kit_follow(&node.kit, node.dave.id, node.tea, FOLLOW_ACCEPTED, DAVE "#follows/1");
	kit_follow(&node.kit, node.carol.id, node.tea, FOLLOW_ACCEPTED, CAROL "#follows/1");
	must(kit_receive(&node.kit, &node.dave,
			 kit_create(&node.kit, DAVE, 1, ",\"cc\":[\"" TEA "\"]")) == RC_OK);
	must(kit_receive(&node.kit, &node.carol, kit_create(&node.kit, CAROL, 1, "")) == RC_OK);
	node.alices_post = kit_post(&node.kit, &node.kit.alice, VISIBILITY_PUBLIC, "hello");
	must(db_read_begin(node.kit.db, &txn) == RC_OK);
	read_others(txn, node.kit.arena, &node);
	db_read_end(&txn);
}

struct attempt {
	struct incoming in;
	unsigned runs;
	enum rc first;
};

/* Nothing of alice's and nothing of dave's is another than before. */
static void check_others(struct db_txn *txn, struct arena *arena)
{
	struct node now;
	struct status post;
	struct community_post place;
	read_others(txn, arena, &now);
	must(status_get(txn, arena, node.alices_post, &post));
	must(post.edited_ms == 0 && post.visibility == VISIBILITY_PUBLIC);
	must(now.alice.flags == node.alice.flags);
	must(str_eq(now.alice.display_name, node.alice.display_name));
	must(now.dave_account.flags == node.dave_account.flags);
	must(str_eq(now.dave_account.username, node.dave_account.username));
	must(str_eq(now.dave_account.inbox, node.dave_account.inbox));
	must(str_eq(now.daves_note.content.markup, node.daves_note.content.markup));
	must(now.daves_note.account == node.dave.id);
	must(str_eq(now.daves_key.public_der, node.daves_key.public_der));
	must(now.daves_key.account == node.dave.id);
	must(follow_get(txn, node.kit.bob.id, node.dave.id).state == FOLLOW_ACCEPTED);
	/* neither moderates: not the member, and not the group elsewhere */
	must(community_post_get(txn, node.tea, now.daves_note.id, &place) && place.flags == 0);
	must(community_permits(txn, node.tea, node.kit.alice.id, COMMUNITY_MAY_ALL));
	must(follow_get(txn, node.dave.id, node.tea).state == FOLLOW_ACCEPTED);
}

/* Runs, looks, and has all undone; db runs what failed after writing once more, alone. */
static enum rc attempt_job(struct db_txn *txn, void *arg)
{
	struct attempt *a = arg;
	enum rc rc = incoming_write(txn, &a->in);
	must(db_txn_rc(txn) == RC_OK);
	must(rc == RC_OK || rc == a->in.result);
	if (rc == RC_OK)
		check_others(txn, a->in.ctx->arena);
	must(a->runs == 0 || a->in.result == a->first);
	a->first = a->in.result;
	a->runs++;
	return RC_DENIED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new(WORK_ARENA_MAX) };
	struct attempt a = { .in = { .ctx = &ctx, .bytes = str_n(data, size) } };
	if (node.kit.fed == NULL)
		node_make();
	must(ctx.arena != NULL);
	a.in.fed = node.kit.fed;
	const struct peer_actor *signer =
		str_contains(a.in.bytes, STR(CLUB "/announces/")) ? &node.club : &node.carol;
	a.in.signer = signer->id;
	enum rc rc = incoming_open(&a.in, str_of(signer->uri));
	/* S-004 */
	must(rc != RC_OK || str_eq(a.in.activity.actor, str_of(signer->uri)));
	if (rc == RC_OK)
		rc = incoming_prepare_row(&a.in);
	if (rc == RC_OK && a.in.row != NULL) {
		a.in.fetched = true;
		must(db_write(node.kit.db, attempt_job, &a) == RC_DENIED);
		must(a.runs != 0);
	}
	incoming_close(&a.in);
	arena_free(&ctx.arena);
	return 0;
}
