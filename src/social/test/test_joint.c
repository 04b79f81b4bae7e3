/* Communities that are owned together: offering, answering, ending; what a partner's word counts for. */
#include "communitykit.h"
#include "core/must.h"
#include "social/community_keep.h"
#include "social/joint.h"
#include "store/notice.h"
#include "store/tables.h"
#include "store/told_vote.h"

struct world {
	struct scene w;
	struct account group, other;  /* elsewhere: a partner, and another group */
	struct account mod, stranger; /* of the partner's host, and of none */
};

enum what {
	OFFER,
	ACCEPT,
	END,
	COMPARE,
	OFFERED,
	ACCEPTED,
	REJECTED,
	UNDONE,
	TELLS,
	MODERATED,
	VOTED,
	BANNED,
	MODERATOR,
	STATE,
	FORGET,
};

struct act {
	struct world *world;
	enum what what;
	const struct account *actor, *group, *person;
	uint64_t status;
	enum community_act act;
	struct str offer;
	bool on;
	enum community_vote vote;
	struct joint_item own;
	unsigned state;
	uint64_t state_ms;
};

static enum rc run(struct social *s, void *arg)
{
	const struct act *a = arg;
	const uint64_t id = a->world->w.group.id;
	struct status status;
	switch (a->what) {
	case OFFER:
		return joint_offer(s, a->actor, id, a->group);
	case ACCEPT:
		return joint_accept(s, a->actor, id, a->group->id);
	case END:
		return joint_end(s, a->actor, id, a->group->id);
	case COMPARE:
		return joint_compare(s, a->actor, id, a->group->id);
	case OFFERED:
		return joint_offered(s, a->group, id, a->offer, STR("https://p.example/items"));
	case ACCEPTED:
	case REJECTED:
		return joint_answered(s, a->group, id, a->offer, a->what == ACCEPTED, STR(""));
	case UNDONE:
		return joint_undone(s, a->group, id);
	case TELLS:
		must(status_get(s->txn, s->ctx->arena, a->status, &status));
		return joint_tells(s, a->group, id, &status);
	case MODERATED:
		return joint_moderated(s, id, a->status, a->act, STR(""));
	case VOTED:
		return joint_told_vote(s, id, a->status, STR("https://v.example/voter"), a->vote);
	case BANNED:
		return joint_told_ban(s, a->group, id, a->person->id, a->on, STR("rude"), 0);
	case MODERATOR:
		return joint_told_moderator(s, a->group, id, a->person->id, a->on);
	case STATE:
		return joint_state_told(s, id, &a->own, a->state, a->state_ms, STR("as we said"));
	case FORGET:
		joint_forget(s, a->group->id);
		return RC_OK;
	}
	return RC_UNSUPPORTED;
}

static enum rc act(struct world *x, struct act a)
{
	a.world = x;
	return test_store_try(&x->w.t, run, &a);
}

/* Alice, who owns it, and the group that most of the tests are about. */
static enum rc owner_does(struct world *x, enum what what)
{
	return act(x, (struct act){ .what = what, .actor = &x->w.alice, .group = &x->group });
}

static struct account remote_group(struct world *x, const char *host)
{
	struct account g = test_store_remote(&x->w.t, "plan", host);
	g.kind = ACCOUNT_GROUP;
	return g;
}

static enum rc kinds_job(struct social *s, void *arg)
{
	struct world *x = arg;
	must(account_put(s->txn, s->ctx->arena, &x->group));
	must(account_put(s->txn, s->ctx->arena, &x->other));
	return RC_OK;
}

static void world_init(struct world *x)
{
	scene_init(&x->w, &(struct community){ .given = 0 });
	x->group = remote_group(x, "p.example");
	x->other = remote_group(x, "o.example");
	x->mod = test_store_remote(&x->w.t, "mod", "p.example");
	x->stranger = test_store_remote(&x->w.t, "stranger", "s.example");
	test_store_write(&x->w.t, kinds_job, x);
	test_store_forget_jobs(&x->w.t);
}

static void world_free(struct world *x)
{
	scene_free(&x->w);
}

static struct joint row(struct world *x, const struct account *group)
{
	struct db_txn *txn = test_store_read(&x->w.t);
	struct joint j;
	if (!joint_get(txn, x->w.t.d.arena, x->w.group.id, group->id, &j))
		j.community = 0;
	db_read_end(&txn);
	return j;
}

static void agree(struct world *x)
{
	assert_int_equal(act(x, (struct act){ .what = OFFERED,
					      .group = &x->group,
					      .offer = STR("https://p.example/offers/1") }),
			 RC_OK);
	assert_int_equal(owner_does(x, ACCEPT), RC_OK);
	assert_int_equal(row(x, &x->group).state, JOINT_AGREED);
	test_store_forget_jobs(&x->w.t);
}

/* --- the relation --- */

static void owners_alone_offer_and_only_what_may_leave(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	struct federate f;
	world_init(&x);
	assert_int_equal(scene_join(&x.w, &x.w.bob), RC_OK);
	const struct account *nobodies[] = { &x.w.bob, &x.w.carol };
	for (size_t i = 0; i < ARRAY_LEN(nobodies); i++)
		assert_int_equal(
			act(&x,
			    (struct act){ .what = OFFER, .actor = nobodies[i], .group = &x.group }),
			RC_DENIED);
	/* a person is no partner, and neither is a group of ours */
	assert_int_equal(
		act(&x, (struct act){ .what = OFFER, .actor = &x.w.alice, .group = &x.w.dave }),
		RC_INVALID);
	assert_int_equal(
		act(&x, (struct act){ .what = OFFER, .actor = &x.w.alice, .group = &x.w.group }),
		RC_INVALID);
	test_store_forget_jobs(&x.w.t);
	assert_int_equal(owner_does(&x, OFFER), RC_OK);
	assert_true(scene_told(&x.w, FEDERATE_JOINT_OFFER, &f));
	assert_true(f.actor == x.w.group.id && f.target == x.group.id && f.extra_count == 1);
	assert_str_eq(f.uri, row(&x, &x.group).offer);
	assert_int_equal(owner_does(&x, OFFER), RC_EXISTS);
	/* what is asked of somebody keeps it open */
	x.w.settings.given = COMMUNITY_GIVES_SIGHT;
	x.w.settings.sight = COMMUNITY_MEMBERS;
	assert_int_equal(scene_act(&x.w, (struct job){ .what = CHANGE, .actor = &x.w.alice }),
			 RC_INVALID);
	assert_int_equal(owner_does(&x, END), RC_OK);
	assert_int_equal(scene_act(&x.w, (struct job){ .what = CHANGE, .actor = &x.w.alice }),
			 RC_OK);
	assert_int_equal(owner_does(&x, OFFER), RC_INVALID);
}

static void an_offer_is_told_to_owners_and_answered(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	struct federate f;
	world_init(&x);
	const struct str offer = STR("https://p.example/offers/1");
	assert_int_equal(
		act(&x, (struct act){ .what = OFFERED, .group = &x.group, .offer = offer }), RC_OK);
	assert_int_equal(row(&x, &x.group).state, JOINT_ASKED);
	deed_noticed(&x.w.t, &x.w.alice, 1, NOTICE_JOINT_OFFER, x.group.id, 0);
	/* nobody answers for the owners */
	assert_int_equal(
		act(&x, (struct act){ .what = ACCEPT, .actor = &x.w.bob, .group = &x.group }),
		RC_DENIED);
	/* nor does the group itself */
	assert_int_equal(
		act(&x, (struct act){ .what = ACCEPTED, .group = &x.group, .offer = offer }),
		RC_NOT_FOUND);
	test_store_forget_jobs(&x.w.t);
	assert_int_equal(owner_does(&x, ACCEPT), RC_OK);
	assert_true(scene_told(&x.w, FEDERATE_JOINT_ACCEPT, &f));
	assert_str_eq(f.object, offer);
	assert_true(scene_told(&x.w, FEDERATE_ACTOR, &f));
	assert_int_equal(row(&x, &x.group).by, x.w.alice.id);
	/* the end by who was asked is a refusal of the offer */
	test_store_forget_jobs(&x.w.t);
	assert_int_equal(owner_does(&x, END), RC_OK);
	assert_true(scene_told(&x.w, FEDERATE_JOINT_REJECT, &f));
	assert_int_equal(row(&x, &x.group).community, 0);
}

static void an_answer_counts_for_the_offer_that_was_made(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	assert_int_equal(owner_does(&x, OFFER), RC_OK);
	const struct str offer = row(&x, &x.group).offer;
	/* another offer, another group, and an end of what is not theirs */
	assert_int_equal(act(&x, (struct act){ .what = ACCEPTED,
					       .group = &x.group,
					       .offer = STR("https://x.example/1") }),
			 RC_NOT_FOUND);
	assert_int_equal(
		act(&x, (struct act){ .what = ACCEPTED, .group = &x.other, .offer = offer }),
		RC_NOT_FOUND);
	assert_int_equal(act(&x, (struct act){ .what = UNDONE, .group = &x.group }), RC_NOT_FOUND);
	assert_int_equal(row(&x, &x.group).state, JOINT_OFFERED);
	assert_int_equal(
		act(&x, (struct act){ .what = ACCEPTED, .group = &x.group, .offer = offer }),
		RC_OK);
	assert_int_equal(row(&x, &x.group).state, JOINT_AGREED);
	assert_int_equal(
		act(&x, (struct act){ .what = ACCEPTED, .group = &x.group, .offer = offer }),
		RC_EXISTS);
	/* it leaves by refusing what it had accepted */
	assert_int_equal(
		act(&x, (struct act){ .what = REJECTED, .group = &x.group, .offer = offer }),
		RC_OK);
	assert_int_equal(row(&x, &x.group).community, 0);
}

static void offers_that_cross_are_an_agreement(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	assert_int_equal(owner_does(&x, OFFER), RC_OK);
	assert_int_equal(act(&x, (struct act){ .what = OFFERED,
					       .group = &x.group,
					       .offer = STR("https://p.example/offers/2") }),
			 RC_OK);
	assert_int_equal(row(&x, &x.group).state, JOINT_AGREED);
	/* and an offer of what is agreed is news to compare */
	const uint64_t jobs = test_db_rows(&x.w.t.d, &store_joint);
	assert_int_equal(act(&x, (struct act){ .what = OFFERED,
					       .group = &x.group,
					       .offer = STR("https://p.example/offers/3") }),
			 RC_OK);
	assert_int_equal(test_db_rows(&x.w.t.d, &store_joint), jobs);
	assert_int_equal(row(&x, &x.group).state, JOINT_AGREED);
	assert_int_equal(act(&x, (struct act){ .what = UNDONE, .group = &x.group }), RC_OK);
	assert_int_equal(row(&x, &x.group).community, 0);
}

static void strangers_do_not_fill_the_places_of_partners(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	struct federate f;
	world_init(&x);
	for (unsigned i = 0; i < 20; i++) {
		const char *host = arena_printf(x.w.t.d.arena, "n%u.example", i).ptr;
		x.other = remote_group(&x, host);
		test_store_write(&x.w.t, kinds_job, &x);
		test_store_forget_jobs(&x.w.t);
		assert_int_equal(act(&x, (struct act){ .what = OFFERED,
						       .group = &x.other,
						       .offer = STR("https://n.example/1") }),
				 RC_OK);
		/* those behind the eighth are refused at once */
		assert_int_equal(scene_told(&x.w, FEDERATE_JOINT_REJECT, &f), i >= 8);
	}
	assert_int_equal(owner_does(&x, OFFER), RC_OK);
}

static void a_partner_that_is_gone_is_none(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	assert_int_equal(act(&x, (struct act){ .what = FORGET, .group = &x.group }), RC_OK);
	assert_int_equal(row(&x, &x.group).community, 0);
}

/* --- what a partner tells --- */

static struct status said(struct world *x, const struct account *author,
			  const struct account *mentioned)
{
	return test_store_post(&x->w.t, author, VISIBILITY_PUBLIC, "hi", mentioned, NULL);
}

static uint64_t community_of(struct world *x, uint64_t status)
{
	return test_store_status(&x->w.t, status).community;
}

static void a_post_that_a_partner_names_is_in_the_community(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	struct status post = said(&x, &x.stranger, &x.group);
	assert_int_equal(post.community, 0);
	struct act tells = { .what = TELLS, .group = &x.group, .status = post.id };
	assert_int_equal(act(&x, tells), RC_OK);
	assert_int_equal(community_of(&x, post.id), x.w.group.id);
	assert_int_equal(scene_place(&x.w, post.id).flags, 0);
	assert_int_equal(act(&x, tells), RC_EXISTS);
	/* what was said to nobody is not for it, nor what is for some alone */
	struct status plain = test_store_post(&x.w.t, &x.stranger, VISIBILITY_PUBLIC, "hm", NULL);
	struct status shy = test_store_post(&x.w.t, &x.mod, VISIBILITY_FOLLOWERS, "hm", NULL);
	tells.status = plain.id;
	assert_int_equal(act(&x, tells), RC_NOT_FOUND);
	tells.status = shy.id;
	assert_int_equal(act(&x, tells), RC_NOT_FOUND);
	/* but its own people's, to whomever they were said */
	struct status own = test_store_post(&x.w.t, &x.mod, VISIBILITY_PUBLIC, "hm", NULL);
	tells.status = own.id;
	assert_int_equal(act(&x, tells), RC_OK);
}

static void its_partners_hear_what_happens_in_it(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	struct federate f;
	uint64_t id;
	world_init(&x);
	agree(&x);
	assert_int_equal(scene_post(&x.w, &x.w.alice, 0, &id), RC_OK);
	assert_true(scene_told(&x.w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(f.extra_count == 1 && f.extra[0] == x.group.id);
}

static void what_waits_here_and_is_accepted_there_waits_no_more(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	assert_int_equal(scene_join(&x.w, &x.w.dave), RC_OK);
	x.w.settings.given = COMMUNITY_GIVES_PREMODERATION;
	x.w.settings.premoderated = true;
	assert_int_equal(scene_act(&x.w, (struct job){ .what = CHANGE, .actor = &x.w.alice }),
			 RC_OK);
	struct status post = said(&x, &x.w.dave, &x.w.group);
	assert_true(post.waits && post.community == x.w.group.id);
	assert_int_equal(
		act(&x, (struct act){ .what = TELLS, .group = &x.group, .status = post.id }),
		RC_OK);
	assert_false(test_store_status(&x.w.t, post.id).waits);
	assert_int_equal(scene_place(&x.w, post.id).flags, 0);
}

static void its_word_counts_for_what_is_in_the_community_alone(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	uint64_t id;
	world_init(&x);
	agree(&x);
	struct status plain = test_store_post(&x.w.t, &x.w.bob, VISIBILITY_PUBLIC, "mine", NULL);
	struct act lock = { .what = MODERATED, .status = plain.id, .act = COMMUNITY_ACT_REMOVE };
	assert_int_equal(act(&x, lock), RC_DENIED);
	struct act vote = { .what = VOTED, .status = plain.id, .vote = COMMUNITY_VOTE_UP };
	assert_int_equal(act(&x, vote), RC_DENIED);
	assert_int_equal(scene_post(&x.w, &x.w.alice, 0, &id), RC_OK);
	vote.status = lock.status = id;
	assert_int_equal(act(&x, vote), RC_OK);
	assert_int_equal(act(&x, vote), RC_EXISTS);
	vote.vote = COMMUNITY_VOTE_NONE;
	assert_int_equal(act(&x, vote), RC_OK);
	assert_int_equal(act(&x, lock), RC_OK);
	assert_int_equal(act(&x, lock), RC_EXISTS);
	assert_int_equal(scene_place(&x.w, id).flags, COMMUNITY_POST_REMOVED);
	lock.act = COMMUNITY_ACT_RESTORE;
	assert_int_equal(act(&x, lock), RC_OK);
	assert_int_equal(scene_place(&x.w, id).flags, 0);
}

static struct str why(struct world *x, uint64_t id)
{
	struct db_txn *txn = test_store_read(&x->w.t);
	const struct str text = community_reason_get(txn, x->w.t.d.arena, x->w.group.id, id);
	db_read_end(&txn);
	return text;
}

static void the_later_word_counts_on_both_sides(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	uint64_t id;
	world_init(&x);
	agree(&x);
	assert_int_equal(scene_post(&x.w, &x.w.alice, 0, &id), RC_OK);
	struct act told = { .what = STATE,
			    .own = { .status = id, .state_ms = 1000 },
			    .state = JOINT_LOCKED,
			    .state_ms = 999 };
	assert_int_equal(act(&x, told), RC_EXISTS);
	/* at once: the stricter */
	told.state_ms = 1000;
	assert_int_equal(act(&x, told), RC_OK);
	assert_int_equal(scene_place(&x.w, id).flags, COMMUNITY_POST_LOCKED);
	assert_str_eq(why(&x, id), STR("as we said"));
	told.own.state = JOINT_LOCKED;
	told.state = 0;
	assert_int_equal(act(&x, told), RC_EXISTS);
	told.state_ms = 1001;
	assert_int_equal(act(&x, told), RC_OK);
	assert_int_equal(scene_place(&x.w, id).flags, 0);
	assert_str_eq(why(&x, id), STR(""));
}

static void our_own_people_say_themselves_where_they_post(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	/* to the other group, and to nobody */
	struct status posts[] = {
		said(&x, &x.w.bob, &x.other),
		test_store_post(&x.w.t, &x.w.bob, VISIBILITY_PUBLIC, "hm", NULL),
	};
	for (size_t i = 0; i < ARRAY_LEN(posts); i++) {
		const uint64_t before = community_of(&x, posts[i].id);
		assert_int_equal(act(&x, (struct act){ .what = TELLS,
						       .group = &x.group,
						       .status = posts[i].id }),
				 RC_NOT_FOUND);
		assert_int_equal(community_of(&x, posts[i].id), before);
	}
	/* what was said in the partner's while that was elsewhere is in ours now */
	struct status theirs = said(&x, &x.w.bob, &x.group);
	assert_int_equal(theirs.community, x.group.id);
	assert_int_equal(
		act(&x, (struct act){ .what = TELLS, .group = &x.group, .status = theirs.id }),
		RC_OK);
	assert_int_equal(community_of(&x, theirs.id), x.w.group.id);
}

static enum rc close_job(struct social *s, void *arg)
{
	const struct world *x = arg;
	enum rc rc = community_close(s, NULL, x->w.group.id);
	(void)community_close_step(s, x->w.group.id);
	return rc == RC_GONE ? RC_OK : rc;
}

static void nothing_is_left_of_one_that_is_closed(void **state UNUSED)
{
	static const struct db_table *const tables[] = { &store_joint, &store_joint_of,
							 &store_joint_item, &store_joint_item_of,
							 &store_joint_sum };
	struct world x CLEANUP(world_free);
	uint64_t id;
	world_init(&x);
	agree(&x);
	assert_int_equal(scene_post(&x.w, &x.w.alice, 0, &id), RC_OK);
	assert_int_equal(test_db_rows(&x.w.t.d, &store_joint_item), 1);
	for (int i = 0; i < 4; i++)
		(void)!test_store_try(&x.w.t, close_job, &x);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(test_db_rows(&x.w.t.d, tables[i]), 0);
}

/* --- people --- */

static void its_moderators_moderate_here_as_long_as_it_is_a_partner(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	struct act names = { .what = MODERATOR, .group = &x.group, .person = &x.mod, .on = true };
	assert_int_equal(act(&x, names), RC_OK);
	assert_int_equal(act(&x, names), RC_EXISTS);
	struct community_standing standing = scene_stand(&x.w, &x.mod);
	assert_true(standing.member && standing.role == COMMUNITY_MODERATOR);
	assert_true((standing.permissions & COMMUNITY_MAY_LOCK) != 0);
	assert_true((standing.permissions & COMMUNITY_MAY_ROLES) == 0);
	/* those of other hosts are not its to name, nor ours */
	const struct account *others[] = { &x.stranger, &x.w.bob, &x.w.dave };
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		names.person = others[i];
		assert_int_equal(act(&x, names), RC_DENIED);
	}
	assert_int_equal(owner_does(&x, END), RC_OK);
	standing = scene_stand(&x.w, &x.mod);
	assert_true(!standing.member && standing.role == COMMUNITY_GUEST);
}

static void whom_our_owners_have_banned_is_no_moderator(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	struct act names = { .what = MODERATOR, .group = &x.group, .person = &x.mod, .on = true };
	assert_int_equal(act(&x, names), RC_OK);
	assert_int_equal(
		scene_act(&x.w,
			  (struct job){ .what = BAN, .actor = &x.w.alice, .account = x.mod.id }),
		RC_OK);
	assert_int_equal(act(&x, names), RC_DENIED);
	assert_true(scene_stand(&x.w, &x.mod).banned);
}

static void a_ban_is_shared_but_not_against_those_who_moderate_here(void **state UNUSED)
{
	struct world x CLEANUP(world_free);
	world_init(&x);
	agree(&x);
	assert_int_equal(scene_join(&x.w, &x.w.bob), RC_OK);
	struct act ban = { .what = BANNED, .group = &x.group, .person = &x.w.bob, .on = true };
	assert_int_equal(act(&x, ban), RC_OK);
	assert_int_equal(act(&x, ban), RC_EXISTS);
	assert_true(scene_stand(&x.w, &x.w.bob).banned);
	ban.on = false;
	assert_int_equal(act(&x, ban), RC_OK);
	assert_false(scene_stand(&x.w, &x.w.bob).banned);
	ban.on = true;
	ban.person = &x.w.alice;
	assert_int_equal(act(&x, ban), RC_DENIED);
	assert_int_equal(scene_stand(&x.w, &x.w.alice).role, COMMUNITY_OWNER);
	/* whom it has named it may put out as well */
	assert_int_equal(act(&x, (struct act){ .what = MODERATOR,
					       .group = &x.group,
					       .person = &x.mod,
					       .on = true }),
			 RC_OK);
	ban.person = &x.mod;
	ban.group = &x.other;
	assert_int_equal(act(&x, ban), RC_DENIED);
	ban.group = &x.group;
	assert_int_equal(act(&x, ban), RC_OK);
	assert_true(scene_stand(&x.w, &x.mod).banned);
}

/* --- jobs --- */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners_alone_offer_and_only_what_may_leave),
		cmocka_unit_test(an_offer_is_told_to_owners_and_answered),
		cmocka_unit_test(an_answer_counts_for_the_offer_that_was_made),
		cmocka_unit_test(offers_that_cross_are_an_agreement),
		cmocka_unit_test(strangers_do_not_fill_the_places_of_partners),
		cmocka_unit_test(a_partner_that_is_gone_is_none),
		cmocka_unit_test(a_post_that_a_partner_names_is_in_the_community),
		cmocka_unit_test(its_partners_hear_what_happens_in_it),
		cmocka_unit_test(what_waits_here_and_is_accepted_there_waits_no_more),
		cmocka_unit_test(its_word_counts_for_what_is_in_the_community_alone),
		cmocka_unit_test(the_later_word_counts_on_both_sides),
		cmocka_unit_test(our_own_people_say_themselves_where_they_post),
		cmocka_unit_test(nothing_is_left_of_one_that_is_closed),
		cmocka_unit_test(its_moderators_moderate_here_as_long_as_it_is_a_partner),
		cmocka_unit_test(whom_our_owners_have_banned_is_no_moderator),
		cmocka_unit_test(a_ban_is_shared_but_not_against_those_who_moderate_here),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
