/* Collections of accounts: made, asked for, answered, left; and what peers tell of theirs. */
#include "social/collection.h"

#include "core/must.h"
#include "deed.h"
#include "store/tables.h"
#include "store/uri.h"

#define THEIRS "https://b.example/users/bob/c/1"

enum what {
	MAKE,
	EDIT,
	DELETE,
	ADD,
	REMOVE,
	ANSWER,
	LEAVE,
	REQUESTED,
	ANSWERED,
	WITHDRAWN,
	RECEIVED,
	DROPPED,
	ITEM_DROPPED,
	ITEM_NAMED,
	POLICY,
};

struct step {
	enum what what;
	uint64_t actor, target;
	struct collection c;
	struct collection_item item;
	size_t count;
	struct str uri, request;
	bool yes;
	unsigned automatic, manual;
};

static enum rc run(struct social *s, void *arg)
{
	struct step *p = arg;
	struct account actor, target = { 0 };
	must(account_get(s->txn, s->ctx->arena, p->actor, &actor));
	if (p->target != 0)
		must(account_get(s->txn, s->ctx->arena, p->target, &target));
	switch (p->what) {
	case MAKE:
		return act_collection_create(s, &actor, &p->c);
	case EDIT:
		return act_collection_edit(s, &actor, &p->c);
	case DELETE:
		return act_collection_delete(s, &actor, p->c.id);
	case ADD:
		return act_collection_add(s, &actor, p->c.id, &target, &p->item);
	case REMOVE:
		return act_collection_remove(s, &actor, p->c.id, p->target);
	case ANSWER:
		return act_collection_answer(s, &actor, p->c.id, p->yes);
	case LEAVE:
		return act_collection_leave(s, &actor, p->c.id);
	case REQUESTED:
		return act_collection_requested(s, &actor, &target, p->uri, p->request);
	case ANSWERED:
		return act_collection_answered(s, &actor, p->request, p->yes, p->uri);
	case WITHDRAWN:
		return act_collection_withdrawn(s, &actor, p->uri);
	case RECEIVED:
		return act_collection_received(s, &actor, &p->c, &p->item, p->count);
	case DROPPED:
		return act_collection_dropped(s, &actor, p->uri);
	case ITEM_NAMED:
		act_collection_item_named(s, &actor, p->c.uri, target.uri, p->uri);
		return RC_OK;
	case ITEM_DROPPED:
		return act_collection_item_dropped(s, &actor, p->c.uri, p->uri);
	case POLICY:
		actor.feature_said = true;
		actor.feature_automatic = p->automatic;
		actor.feature_manual = p->manual;
		return account_put(s->txn, s->ctx->arena, &actor) ? RC_OK : RC_NOT_FOUND;
	}
	return RC_INVALID;
}

struct world {
	struct test_store t;
	struct account alice, carol, bob;
	struct step p; /* the collection that it is about */
};

static enum rc does(struct world *w, enum what what, const struct account *actor,
		    const struct account *target)
{
	w->p.what = what;
	w->p.actor = actor->id;
	w->p.target = target != NULL ? target->id : 0;
	return test_store_try(&w->t, run, &w->p);
}

static void lets(struct world *w, const struct account *account, unsigned automatic,
		 unsigned manual)
{
	w->p.automatic = automatic;
	w->p.manual = manual;
	assert_int_equal(does(w, POLICY, account, NULL), RC_OK);
}

static void world_init(struct world *w)
{
	*w = (struct world){ 0 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->carol = test_store_local(&w->t, "carol");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
	w->p.c = (struct collection){ .name = STR("Cats"),
				      .description = html_trusted(STR("")),
				      .language = STR(""),
				      .tag = STR("") };
	assert_int_equal(does(w, MAKE, &w->alice, NULL), RC_OK);
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum collection_state state_of(struct world *w, const struct account *account)
{
	struct collection_item item = { .id = 0 };
	struct db_txn *txn = test_store_read(&w->t);
	collection_item_of(txn, w->t.d.arena, w->p.c.id, account->id, &item);
	db_read_end(&txn);
	return item.state;
}

static void a_collection_is_told_of_and_is_its_owners(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct federate f = deed_told(&w.t, FEDERATE_COLLECTION_ADD);
	assert_str_eq(f.object, w.p.c.uri);
	assert_true(str_has_prefix(w.p.c.uri, w.alice.uri));
	assert_int_equal(does(&w, EDIT, &w.carol, NULL), RC_DENIED);
	w.p.c.name = STR("Owls");
	assert_int_equal(does(&w, EDIT, &w.alice, NULL), RC_OK);
	deed_told(&w.t, FEDERATE_COLLECTION_UPDATE);
	assert_int_equal(does(&w, DELETE, &w.carol, NULL), RC_DENIED);
	assert_int_equal(does(&w, DELETE, &w.alice, NULL), RC_OK);
	f = deed_told(&w.t, FEDERATE_COLLECTION_REMOVE);
	assert_str_eq(f.object, w.p.c.uri);
	assert_int_equal(does(&w, EDIT, &w.alice, NULL), RC_NOT_FOUND);
}

static void whoever_does_not_want_it_is_in_none(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_forget_jobs(&w.t);
	/* unsaid: of people here who can be found everybody, of peers nobody */
	assert_int_equal(collection_policy(&w.carol).automatic, FEATURE_ANYBODY);
	struct account hidden = w.carol;
	hidden.flags &= ~(unsigned)ACCOUNT_DISCOVERABLE;
	assert_int_equal(collection_policy(&hidden).automatic, 0);
	assert_int_equal(does(&w, ADD, &w.alice, &w.bob), RC_DENIED);
	lets(&w, &w.carol, 0, 0);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_DENIED);
	lets(&w, &w.bob, 0, 0);
	assert_int_equal(does(&w, ADD, &w.alice, &w.bob), RC_DENIED);
	lets(&w, &w.carol, FEATURE_FOLLOWERS, 0);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_DENIED);
	test_store_follow(&w.t, &w.alice, &w.carol);
	test_store_forget_jobs(&w.t);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_OK);
	assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
	deed_told(&w.t, FEDERATE_COLLECTION_ITEM_ADD);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_EXISTS);
	/* a block counts before any policy */
	lets(&w, &w.bob, FEATURE_ANYBODY, 0);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.alice, &w.bob), RC_OK);
	assert_int_equal(does(&w, ADD, &w.alice, &w.bob), RC_DENIED);
}

static void who_wants_to_be_asked_answers_once_and_may_leave(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	lets(&w, &w.carol, 0, FEATURE_ANYBODY);
	test_store_forget_jobs(&w.t);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_OK);
	assert_int_equal(state_of(&w, &w.carol), COLLECTION_PENDING);
	deed_told_nobody(&w.t);
	deed_noticed(&w.t, &w.carol, 1, NOTICE_COLLECTION_REQUEST, w.alice.id, 0);
	w.p.yes = true;
	assert_int_equal(does(&w, ANSWER, &w.carol, NULL), RC_OK);
	assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
	deed_told(&w.t, FEDERATE_COLLECTION_ITEM_ADD);
	assert_int_equal(does(&w, ANSWER, &w.carol, NULL), RC_EXISTS);
	assert_int_equal(does(&w, LEAVE, &w.carol, NULL), RC_OK);
	deed_told(&w.t, FEDERATE_COLLECTION_ITEM_REMOVE);
	assert_int_equal(does(&w, LEAVE, &w.carol, NULL), RC_NOT_FOUND);
	/* and is not asked again */
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_DENIED);
	assert_int_equal(state_of(&w, &w.carol), COLLECTION_REVOKED);
	assert_int_equal(does(&w, REMOVE, &w.alice, &w.carol), RC_OK);
	deed_told_nobody(&w.t);
}

static void a_remote_account_is_asked_and_its_proof_is_on_its_host(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	lets(&w, &w.bob, FEATURE_ANYBODY, 0);
	test_store_forget_jobs(&w.t);
	assert_int_equal(does(&w, ADD, &w.alice, &w.bob), RC_OK);
	struct federate f = deed_told(&w.t, FEDERATE_FEATURE_REQUEST);
	assert_int_equal(f.target, w.bob.id);
	assert_int_equal(f.extra_count, 1);
	assert_int_equal(state_of(&w, &w.bob), COLLECTION_PENDING);
	w.p.request = f.uri;
	w.p.yes = true;
	w.p.uri = STR("https://evil.example/stamps/1");
	assert_int_equal(does(&w, ANSWERED, &w.bob, NULL), RC_DENIED);
	w.p.uri = STR("https://b.example/stamps/1");
	/* somebody else's answer is none */
	assert_int_equal(does(&w, ANSWERED, &w.carol, NULL), RC_NOT_FOUND);
	assert_int_equal(does(&w, ANSWERED, &w.bob, NULL), RC_OK);
	assert_int_equal(state_of(&w, &w.bob), COLLECTION_ACCEPTED);
	f = deed_told(&w.t, FEDERATE_COLLECTION_ITEM_ADD);
	assert_int_equal(f.extra[0], w.bob.id);
	assert_int_equal(does(&w, ANSWERED, &w.bob, NULL), RC_EXISTS);
	assert_int_equal(does(&w, WITHDRAWN, &w.carol, NULL), RC_NOT_FOUND);
	assert_int_equal(does(&w, WITHDRAWN, &w.bob, NULL), RC_OK);
	assert_int_equal(state_of(&w, &w.bob), COLLECTION_REVOKED);
	deed_told(&w.t, FEDERATE_COLLECTION_ITEM_REMOVE);
}

static void a_peer_that_asks_is_answered_by_the_policy(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	lets(&w, &w.carol, FEATURE_ANYBODY, 0);
	test_store_forget_jobs(&w.t);
	w.p.uri = STR("https://evil.example/c/1");
	w.p.request = STR(THEIRS "/r/1");
	assert_int_equal(does(&w, REQUESTED, &w.bob, &w.carol), RC_DENIED);
	w.p.uri = STR(THEIRS);
	assert_int_equal(does(&w, REQUESTED, &w.bob, &w.carol), RC_OK);
	struct federate f = deed_told(&w.t, FEDERATE_FEATURE_ACCEPT);
	assert_str_eq(f.object, w.p.request);
	deed_noticed(&w.t, &w.carol, 1, NOTICE_COLLECTION, w.bob.id, 0);
	/* again: the same answer */
	assert_int_equal(does(&w, REQUESTED, &w.bob, &w.carol), RC_OK);
	deed_told(&w.t, FEDERATE_FEATURE_ACCEPT);
	/* who does not want it */
	lets(&w, &w.alice, 0, 0);
	assert_int_equal(does(&w, REQUESTED, &w.bob, &w.alice), RC_OK);
	deed_told(&w.t, FEDERATE_FEATURE_REJECT);
	struct db_txn *txn = test_store_read(&w.t);
	struct collection theirs;
	assert_true(collection_find_uri(txn, w.t.d.arena, STR(THEIRS), &theirs));
	db_read_end(&txn);
	/* taking it back tells them */
	w.p.c.id = theirs.id;
	assert_int_equal(does(&w, LEAVE, &w.carol, NULL), RC_OK);
	f = deed_told(&w.t, FEDERATE_FEATURE_REVOKE);
	assert_true(str_has_prefix(f.object, w.carol.uri));
}

static void what_a_peer_tells_of_its_own_collections_counts(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account erin = test_store_remote(&w.t, "erin", "e.example");
	w.p.c = (struct collection){ .uri = STR("https://evil.example/c/1"),
				     .url = STR(""),
				     .name = STR("Dogs"),
				     .description = html_trusted(STR("")),
				     .language = STR(""),
				     .tag = STR("") };
	w.p.item = (struct collection_item){ .account = erin.id,
					     .uri = STR(THEIRS "/i/1"),
					     .authorization = STR("https://e.example/s/1") };
	w.p.count = 1;
	assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_DENIED);
	w.p.c.uri = STR(THEIRS);
	assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_OK);
	assert_int_equal(state_of(&w, &erin), COLLECTION_ACCEPTED);
	/* a neighbour cannot take it over */
	struct account mallory = test_store_remote(&w.t, "mallory", "b.example");
	uint64_t id = w.p.c.id;
	assert_int_equal(does(&w, RECEIVED, &mallory, NULL), RC_DENIED);
	w.p.uri = STR(THEIRS);
	assert_int_equal(does(&w, DROPPED, &mallory, NULL), RC_DENIED);
	/* our own people are in it by their own word alone */
	w.p.c.id = id;
	w.p.item.account = w.carol.id;
	assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_OK);
	assert_int_equal(state_of(&w, &w.carol), 0);
	assert_int_equal(state_of(&w, &erin), 0); /* not told any more */
	w.p.item.account = erin.id;
	assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_OK);
	w.p.uri = STR(THEIRS "/i/1");
	assert_int_equal(does(&w, ITEM_DROPPED, &w.bob, NULL), RC_OK);
	assert_int_equal(does(&w, ITEM_DROPPED, &w.bob, NULL), RC_NOT_FOUND);
	w.p.uri = STR(THEIRS);
	assert_int_equal(does(&w, DROPPED, &w.bob, NULL), RC_OK);
	assert_int_equal(does(&w, DROPPED, &w.bob, NULL), RC_NOT_FOUND);
}

static void our_people_are_taken_out_by_the_owner_elsewhere(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	lets(&w, &w.carol, FEATURE_ANYBODY, 0);
	w.p.c = (struct collection){ .uri = STR(THEIRS),
				     .url = STR(""),
				     .name = STR("Dogs"),
				     .description = html_trusted(STR("")),
				     .language = STR(""),
				     .tag = STR("") };
	w.p.item = (struct collection_item){ .account = w.carol.id,
					     .uri = STR(THEIRS "/i/1"),
					     .authorization = STR("") };
	for (int i = 0; i < 2; i++) {
		w.p.uri = STR(THEIRS);
		w.p.request = arena_printf(w.t.d.arena, THEIRS "/r/%d", i);
		assert_int_equal(does(&w, REQUESTED, &w.bob, &w.carol), RC_OK);
		/* the consent has not arrived there yet */
		w.p.count = 0;
		assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_OK);
		assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
		w.p.count = 1;
		w.p.uri = STR(THEIRS "/i/1");
		assert_int_equal(does(&w, i == 0 ? ITEM_NAMED : RECEIVED, &w.bob, &w.carol), RC_OK);
		assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
		w.p.count = 0; /* what was read before they were put into it says nothing */
		assert_int_equal(does(&w, RECEIVED, &w.bob, NULL), RC_OK);
		assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
		/* told so, or found when it is read again */
		test_clock_advance(&w.t.d.clock, MS_PER_DAY);
		w.p.uri = STR(THEIRS "/i/1");
		w.p.count = 0;
		assert_int_equal(does(&w, i == 0 ? ITEM_DROPPED : RECEIVED, &w.bob, NULL), RC_OK);
		assert_int_equal(state_of(&w, &w.carol), 0);
	}
}

static void a_block_ends_what_both_had_consented_to(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(does(&w, ADD, &w.alice, &w.carol), RC_OK);
	assert_int_equal(state_of(&w, &w.carol), COLLECTION_ACCEPTED);
	w.p.uri = STR(THEIRS);
	w.p.request = STR(THEIRS "/r/1");
	assert_int_equal(does(&w, REQUESTED, &w.bob, &w.carol), RC_OK);
	test_store_forget_jobs(&w.t);
	/* of a remote one's collection: the consent is taken back before the block is told */
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.carol, &w.bob), RC_OK);
	struct federate jobs[4];
	assert_int_equal(test_store_jobs(&w.t, jobs, 4), 2);
	assert_int_equal(jobs[0].what, FEDERATE_FEATURE_REVOKE);
	assert_int_equal(jobs[1].what, FEDERATE_BLOCK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.carol, &w.alice), RC_OK);
	deed_told(&w.t, FEDERATE_COLLECTION_ITEM_REMOVE);
	assert_int_equal(state_of(&w, &w.carol), 0);
}

static void words_are_checked(void **state UNUSED)
{
	static const struct {
		const char *name, *description, *language, *tag;
		enum rc rc;
	} cases[] = {
		{ "Cats", "Only cats", "en", "#cats", RC_OK },
		{ "Cats", "", "", "", RC_OK },
		{ "", "", "", "", RC_INVALID },
		{ "1234567890123456789012345678901234567890x", "", "", "", RC_INVALID },
		{ "Cats", "", "no language", "", RC_INVALID },
		{ "Cats", "", "", "two words", RC_INVALID },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ctx ctx = { .arena = t.d.arena };
		struct collection c = { .name = STR("") };
		const struct collection_words words = { str_of(cases[i].name),
							str_of(cases[i].description),
							str_of(cases[i].language),
							str_of(cases[i].tag) };
		if ((collection_words_make(&ctx, &t.site, &words, &c) == RC_OK) !=
		    (cases[i].rc == RC_OK))
			fail_msg("%s: %s", cases[i].name, err_text(&ctx.err));
		if (i == 0)
			assert_str_eq(c.tag, STR("cats"));
	}
}

static void an_account_that_ends_leaves_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	lets(&w, &w.bob, FEATURE_ANYBODY, 0);
	assert_int_equal(does(&w, ADD, &w.alice, &w.bob), RC_OK);
	assert_int_equal(deed_on_account(&w.t, DO_REMOVE, &w.bob, NULL), RC_OK);
	assert_int_equal(test_store_rows(&w.t, &store_collection_item), 0);
	assert_int_equal(test_store_rows(&w.t, &store_collection), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_collection_is_told_of_and_is_its_owners),
		cmocka_unit_test(whoever_does_not_want_it_is_in_none),
		cmocka_unit_test(who_wants_to_be_asked_answers_once_and_may_leave),
		cmocka_unit_test(a_remote_account_is_asked_and_its_proof_is_on_its_host),
		cmocka_unit_test(a_peer_that_asks_is_answered_by_the_policy),
		cmocka_unit_test(what_a_peer_tells_of_its_own_collections_counts),
		cmocka_unit_test(our_people_are_taken_out_by_the_owner_elsewhere),
		cmocka_unit_test(a_block_ends_what_both_had_consented_to),
		cmocka_unit_test(words_are_checked),
		cmocka_unit_test(an_account_that_ends_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
