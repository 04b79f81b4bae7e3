/* What people do not want to see or hear of. */
#include "social/mute.h"

#include "core/clock.h"
#include "deed.h"
#include "social/keep.h"
#include "social/relation.h"
#include "social/wants.h"
#include "store/personal.h"
#include "store/shelf.h"
#include "store/tables.h"

enum what {
	MUTE,
	UNMUTE,
	THREAD,
	NO_THREAD,
	DOMAIN_OFF,
	DOMAIN_ON,
	COUNT,
	FOLLOW_AS,
	NOTE,
	ENDORSE,
	UNENDORSE,
};

struct step {
	enum what what;
	uint64_t actor, target;
	bool notifications;
	uint64_t duration_ms;
	struct str text;
	struct follow_wish wish;
	struct domain_follows count;
	bool again;
};

static enum rc run(struct social *s, void *arg)
{
	struct step *p = arg;
	struct account a, b = { .id = 0 };
	enum rc rc = RC_OK;
	if (!account_get(s->txn, s->ctx->arena, p->actor, &a) ||
	    (p->what != THREAD && p->what != NO_THREAD && p->target != 0 &&
	     !account_get(s->txn, s->ctx->arena, p->target, &b)))
		return RC_NOT_FOUND;
	switch (p->what) {
	case MUTE:
		rc = act_mute(s, &a, &b, p->notifications, p->duration_ms);
		break;
	case UNMUTE:
		rc = act_unmute(s, &a, &b);
		break;
	case THREAD:
		rc = act_mute_thread(s, &a, p->target);
		break;
	case NO_THREAD:
		rc = act_unmute_thread(s, &a, p->target);
		break;
	case DOMAIN_OFF:
		rc = act_block_domain(s, &a, p->text);
		break;
	case DOMAIN_ON:
		rc = act_unblock_domain(s, &a, p->text);
		break;
	case COUNT:
		rc = domain_follows_count(s, &a, p->text, &p->count);
		break;
	case FOLLOW_AS:
		rc = act_follow_as(s, &a, &b, &p->wish);
		break;
	case NOTE:
		rc = act_note(s, &a, &b, p->text);
		break;
	case ENDORSE:
		rc = act_endorse(s, &a, &b);
		break;
	case UNENDORSE:
		rc = act_unendorse(s, &a, &b);
		break;
	}
	p->again = rc == RC_BUSY;
	return rc == RC_BUSY ? RC_OK : rc;
}

static enum rc does(struct test_store *t, enum what what, const struct account *actor,
		    uint64_t target, struct str text)
{
	struct step step = { .what = what,
			     .actor = actor->id,
			     .target = target,
			     .text = text,
			     .notifications = true };
	enum rc rc;
	do
		rc = test_store_try(t, run, &step);
	while (rc == RC_OK && step.again);
	return rc;
}

static enum rc follows(struct test_store *t, const struct account *actor,
		       const struct account *target, struct follow_wish wish)
{
	struct step step = {
		.what = FOLLOW_AS, .actor = actor->id, .target = target->id, .wish = wish
	};
	return test_store_try(t, run, &step);
}

static unsigned hidden(struct test_store *t, const struct account *viewer,
		       const struct account *account, uint64_t root)
{
	struct hidden_ask ask = { account->id, account->domain, root };
	struct db_txn *txn = test_store_read(t);
	unsigned out;
	hidden_many(txn, viewer->id, &ask, 1, &out);
	db_read_end(&txn);
	return out;
}

static struct relationship relation(struct test_store *t, const struct account *viewer,
				    const struct account *account)
{
	struct db_txn *txn = test_store_read(t);
	struct relationship r;
	relationships_gather(txn, t->d.arena, viewer->id, account, 1, &r);
	db_read_end(&txn);
	return r;
}

static void a_mute_hides_until_it_ends(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct step mute = {
		.what = MUTE, .actor = alice.id, .target = bob.id, .duration_ms = MS_PER_HOUR
	};
	assert_int_equal(hidden(&t, &alice, &bob, 0), 0);
	assert_int_equal(test_store_try(&t, run, &mute), RC_OK);
	assert_int_equal(hidden(&t, &alice, &bob, 0), HIDDEN_MUTED);
	assert_int_equal(hidden(&t, &bob, &alice, 0), 0);
	struct relationship r = relation(&t, &alice, &bob);
	assert_true(r.muting && !r.muting_notifications);
	assert_int_equal(r.mute_ends_ms, TEST_DB_WALL_MS + MS_PER_HOUR);
	test_clock_advance(&t.d.clock, MS_PER_HOUR);
	assert_int_equal(hidden(&t, &alice, &bob, 0), 0);
	assert_int_equal(does(&t, UNMUTE, &alice, bob.id, STR_NONE), RC_NOT_FOUND);
	assert_int_equal(does(&t, MUTE, &alice, bob.id, STR_NONE), RC_OK);
	assert_int_equal(hidden(&t, &alice, &bob, 0), HIDDEN_MUTED | HIDDEN_MUTED_NOTICES);
	assert_int_equal(does(&t, MUTE, &alice, bob.id, STR_NONE), RC_EXISTS);
	assert_int_equal(does(&t, UNMUTE, &alice, bob.id, STR_NONE), RC_OK);
	assert_int_equal(does(&t, MUTE, &alice, alice.id, STR_NONE), RC_DENIED);
	deed_told_nobody(&t);
	test_store_check(&t);
}

static size_t notices(struct test_store *t, const struct account *account)
{
	struct notice list[8];
	return test_store_notices(t, account->id, list, 8);
}

static void who_is_muted_with_notifications_is_not_heard_of(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	does(&t, MUTE, &alice, bob.id, STR_NONE);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	assert_int_equal(notices(&t, &alice), 0);
	does(&t, UNMUTE, &alice, bob.id, STR_NONE);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_OK);
	assert_int_equal(notices(&t, &alice), 1);
	test_store_check(&t);
}

static void a_muted_conversation_is_not_heard_of(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct status post = test_store_post(&t, &alice, VISIBILITY_PUBLIC, "x", NULL);
	struct status reply = test_store_reply(&t, &bob, &post, "y");
	struct status secret = test_store_post(&t, &bob, VISIBILITY_DIRECT, "z", NULL);
	size_t before = notices(&t, &alice);
	assert_int_equal(does(&t, THREAD, &alice, reply.id, STR_NONE), RC_OK);
	assert_int_equal(does(&t, THREAD, &alice, post.id, STR_NONE), RC_EXISTS);
	assert_int_equal(does(&t, THREAD, &alice, secret.id, STR_NONE), RC_NOT_FOUND);
	assert_int_equal(hidden(&t, &alice, &bob, post.id), HIDDEN_THREAD);
	assert_int_equal(hidden(&t, &alice, &bob, 0), 0);
	assert_int_equal(deed_on_status(&t, DO_LIKE, &bob, post.id), RC_OK);
	assert_int_equal(notices(&t, &alice), before);
	assert_int_equal(does(&t, NO_THREAD, &alice, post.id, STR_NONE), RC_OK);
	assert_int_equal(does(&t, NO_THREAD, &alice, post.id, STR_NONE), RC_NOT_FOUND);
	assert_int_equal(deed_on_status(&t, DO_BOOST, &bob, post.id), RC_OK);
	assert_int_equal(notices(&t, &alice), before + 1);
	test_store_check(&t);
}

static void leaving_a_host_ends_all_follows_with_it(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_locked(&t, "alice");
	struct account others[80];
	struct account carol = test_store_remote(&t, "carol", "c.example");
	for (unsigned i = 0; i < 80; i++) {
		struct str name = arena_printf(t.d.arena, "u%u", i);
		others[i] = test_store_remote(&t, name.ptr, "b.example");
		test_store_follow(&t, i % 2 == 0 ? &alice : &others[i],
				  i % 2 == 0 ? &others[i] : &alice);
	}
	test_store_follow(&t, &alice, &carol);
	test_store_follow(&t, &carol, &alice);
	struct account asking = test_store_remote(&t, "asking", "b.example");
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &asking, &alice), RC_OK);
	test_store_forget_jobs(&t);
	struct step count = { .what = COUNT, .actor = alice.id, .text = STR("B.example") };
	assert_int_equal(test_store_try(&t, run, &count), RC_OK);
	assert_int_equal(count.count.following, 40);
	assert_int_equal(count.count.followers, 40);
	assert_int_equal(does(&t, DOMAIN_OFF, &alice, 0, STR("B.Example")), RC_OK);
	assert_int_equal(hidden(&t, &alice, &others[0], 0), HIDDEN_DOMAIN);
	assert_int_equal(hidden(&t, &alice, &carol, 0), 0);
	assert_int_equal(test_store_rows(&t, &store_follow), 2);
	assert_true(relation(&t, &alice, &others[3]).domain_blocking);
	/* nor do new ones begin */
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &alice, &others[0]), RC_DENIED);
	assert_int_equal(deed_on_account(&t, DO_FOLLOW, &others[0], &alice), RC_DENIED);
	assert_int_equal(does(&t, DOMAIN_ON, &alice, 0, STR("b.example")), RC_OK);
	assert_int_equal(does(&t, DOMAIN_ON, &alice, 0, STR("b.example")), RC_NOT_FOUND);
	assert_int_equal(does(&t, DOMAIN_OFF, &alice, 0, STR("example.org")), RC_INVALID);
	assert_int_equal(does(&t, DOMAIN_OFF, &alice, 0, STR("no host")), RC_INVALID);
	test_store_check(&t);
}

static void blocks_are_seen_from_both_sides(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	assert_int_equal(deed_on_account(&t, DO_BLOCK, &alice, &bob), RC_OK);
	assert_int_equal(hidden(&t, &alice, &bob, 0), HIDDEN_BLOCKED);
	assert_int_equal(hidden(&t, &bob, &alice, 0), HIDDEN_BLOCKED_BY);
	assert_int_equal(hidden(&t, &alice, &alice, 0), 0);
	assert_true(relation(&t, &bob, &alice).blocked_by);
	assert_true(relation(&t, &alice, &bob).blocking);
}

/* More than one batch, each answered for itself. */
static void many_are_asked_for_at_once(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct hidden_ask asks[150];
	unsigned out[150];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_remote(&t, "carol", "c.example");
	does(&t, MUTE, &alice, bob.id, STR_NONE);
	does(&t, DOMAIN_OFF, &alice, 0, STR("c.example"));
	for (unsigned i = 0; i < 150; i++)
		asks[i] = i % 3 == 0   ? (struct hidden_ask){ bob.id, STR(""), 0 }
			  : i % 3 == 1 ? (struct hidden_ask){ carol.id, carol.domain, 0 }
				       : (struct hidden_ask){ 900 + i, STR("d.example"), 0 };
	struct db_txn *txn = test_store_read(&t);
	hidden_many(txn, alice.id, asks, 150, out);
	db_read_end(&txn);
	for (unsigned i = 0; i < 150; i++)
		assert_int_equal(out[i], i % 3 == 0   ? HIDDEN_MUTED | HIDDEN_MUTED_NOTICES
					 : i % 3 == 1 ? HIDDEN_DOMAIN
						      : 0);
}

static void a_follow_is_as_it_was_wished(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_locked(&t, "bob");
	const struct str languages[] = { STR_INIT("de"), STR_INIT("pt-BR") };
	const struct str wrong[] = { STR_INIT("!!") };
	assert_int_equal(follows(&t, &alice, &bob,
				 (struct follow_wish){ .has_languages = true,
						       .languages = wrong,
						       .language_count = 1 }),
			 RC_INVALID);
	assert_int_equal(follows(&t, &alice, &bob,
				 (struct follow_wish){ .has_boosts = true,
						       .has_languages = true,
						       .languages = languages,
						       .language_count = 2 }),
			 RC_OK);
	struct relationship r = relation(&t, &alice, &bob);
	assert_int_equal(r.follow.state, FOLLOW_PENDING);
	assert_int_equal(r.follow.flags, FOLLOW_NO_BOOSTS);
	assert_str_eq(r.follow.languages, STR("de,pt-BR"));
	assert_int_equal(relation(&t, &bob, &alice).follows, FOLLOW_PENDING);
	/* what is not said stays; accepting changes nothing */
	assert_int_equal(deed_on_account(&t, DO_ACCEPT, &bob, &alice), RC_OK);
	assert_int_equal(follows(&t, &alice, &bob,
				 (struct follow_wish){ .has_notify = true, .notify = true }),
			 RC_OK);
	r = relation(&t, &alice, &bob);
	assert_int_equal(r.follow.state, FOLLOW_ACCEPTED);
	assert_int_equal(r.follow.flags, FOLLOW_NO_BOOSTS | FOLLOW_NOTIFY);
	assert_str_eq(r.follow.languages, STR("de,pt-BR"));
	assert_int_equal(follows(&t, &alice, &alice, (struct follow_wish){ .boosts = true }),
			 RC_DENIED);
	test_store_check(&t);
}

static enum rc follow_tags(struct social *s, void *arg)
{
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, *(const uint64_t *)arg, &a))
		return RC_NOT_FOUND;
	for (unsigned i = 0; i < 70; i++) {
		struct str tag = arena_printf(s->ctx->arena, "Tag%u", i);
		assert_int_equal(act_follow_tag(s, &a, tag), RC_OK);
	}
	return RC_OK;
}

static void feeds_ask_what_is_wanted(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct str tags[100];
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	struct account carol = test_store_remote(&t, "carol", "c.example");
	const struct str languages[] = { STR_INIT("de"), STR_INIT("en") };
	assert_int_equal(follows(&t, &alice, &bob,
				 (struct follow_wish){ .has_boosts = true,
						       .has_languages = true,
						       .languages = languages,
						       .language_count = 2 }),
			 RC_OK);
	does(&t, DOMAIN_OFF, &alice, 0, STR("c.example"));
	does(&t, MUTE, &bob, alice.id, STR_NONE);
	test_store_write(&t, follow_tags, &alice.id);
	struct db_txn *txn = test_store_read(&t);
	assert_true(wants_no_boosts(txn, alice.id, bob.id));
	assert_false(wants_no_boosts(txn, bob.id, alice.id));
	assert_false(wants_no_language(txn, alice.id, bob.id, STR("de")));
	assert_false(wants_no_language(txn, alice.id, bob.id, STR("DE-at")));
	assert_false(wants_no_language(txn, alice.id, bob.id, STR("")));
	assert_true(wants_no_language(txn, alice.id, bob.id, STR("fr")));
	assert_true(wants_no_language(txn, alice.id, bob.id, STR("den")));
	assert_false(wants_no_language(txn, alice.id, carol.id, STR("fr")));
	assert_true(wants_not(txn, alice.id, carol.id, carol.domain));
	assert_false(wants_not(txn, alice.id, bob.id, STR("")));
	assert_true(wants_not(txn, bob.id, alice.id, STR("")));
	assert_false(wants_apart(txn, alice.id, bob.id));
	assert_int_equal(wants_tags(txn, t.d.arena, alice.id, tags, 100), 70);
	assert_str_eq(tags[0], STR("tag69"));
	assert_str_eq(tags[69], STR("tag0"));
	assert_int_equal(wants_tags(txn, t.d.arena, alice.id, tags, 66), 66);
	db_read_end(&txn);
}

static void notes_and_endorsements_are_the_viewers_own(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice"), bob = test_store_local(&t, "bob");
	assert_int_equal(does(&t, ENDORSE, &alice, bob.id, STR_NONE), RC_DENIED);
	test_store_follow(&t, &alice, &bob);
	assert_int_equal(does(&t, ENDORSE, &alice, bob.id, STR_NONE), RC_OK);
	assert_int_equal(does(&t, ENDORSE, &alice, bob.id, STR_NONE), RC_EXISTS);
	assert_int_equal(does(&t, NOTE, &alice, bob.id, STR("from work")), RC_OK);
	struct relationship r = relation(&t, &alice, &bob);
	assert_true(r.endorsed);
	assert_str_eq(r.note, STR("from work"));
	assert_str_eq(relation(&t, &bob, &alice).note, STR(""));
	assert_int_equal(does(&t, NOTE, &alice, bob.id, STR("a\xff")), RC_INVALID);
	assert_int_equal(does(&t, NOTE, &alice, bob.id, STR("")), RC_OK);
	assert_str_eq(relation(&t, &alice, &bob).note, STR(""));
	assert_int_equal(deed_on_account(&t, DO_UNFOLLOW, &alice, &bob), RC_OK);
	assert_false(relation(&t, &alice, &bob).endorsed);
	assert_int_equal(does(&t, UNENDORSE, &alice, bob.id, STR_NONE), RC_NOT_FOUND);
	test_store_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mute_hides_until_it_ends),
		cmocka_unit_test(who_is_muted_with_notifications_is_not_heard_of),
		cmocka_unit_test(a_muted_conversation_is_not_heard_of),
		cmocka_unit_test(leaving_a_host_ends_all_follows_with_it),
		cmocka_unit_test(blocks_are_seen_from_both_sides),
		cmocka_unit_test(many_are_asked_for_at_once),
		cmocka_unit_test(a_follow_is_as_it_was_wished),
		cmocka_unit_test(feeds_ask_what_is_wanted),
		cmocka_unit_test(notes_and_endorsements_are_the_viewers_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
