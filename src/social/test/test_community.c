/* Communities: joining, roles, bans, invitations. */
#include "communitykit.h"

/* --- members --- */

static void who_founds_it_owns_it_and_others_join(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .kind = STR("course"), .given = COMMUNITY_GIVES_KIND });
	assert_int_equal(w.group.kind, ACCOUNT_GROUP);
	assert_int_equal(scene_stand(&w, &w.alice).role, COMMUNITY_OWNER);
	assert_int_equal(scene_stand(&w, &w.bob).role, COMMUNITY_GUEST);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	struct community_standing bob = scene_stand(&w, &w.bob);
	assert_true(bob.member && bob.role == COMMUNITY_MEMBER);
	assert_int_equal(bob.permissions & COMMUNITY_MAY_BAN, 0);
	/* what is said there does not flood the home timeline */
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(follow_get(txn, w.bob.id, w.group.id).flags, FOLLOW_NO_BOOSTS);
	db_read_end(&txn);
	assert_int_equal(scene_leave(&w, &w.bob), RC_OK);
	assert_false(scene_stand(&w, &w.bob).member);
	/* somebody has to own it */
	assert_int_equal(scene_leave(&w, &w.alice), RC_DENIED);
	assert_true(scene_stand(&w, &w.alice).member);
	assert_int_equal(scene_act(&w, (struct job){ .what = CREATE, .actor = &w.bob }), RC_EXISTS);
}

static void requests_wait_for_who_may_admit(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_ON_REQUEST,
					    .given = COMMUNITY_GIVES_JOIN });
	assert_true((w.group.flags & ACCOUNT_LOCKED) != 0);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	deed_noticed(&w.t, &w.alice, 1, NOTICE_FOLLOW_REQUEST, w.bob.id, 0);
	assert_false(scene_stand(&w, &w.bob).member);
	struct job admit = { .what = ADMIT, .actor = &w.bob, .account = w.bob.id };
	assert_int_equal(scene_act(&w, admit), RC_DENIED);
	admit.actor = &w.alice;
	assert_int_equal(scene_act(&w, admit), RC_OK);
	assert_true(scene_stand(&w, &w.bob).member);
	/* and somebody elsewhere hears of it */
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	test_store_forget_jobs(&w.t);
	admit.account = w.dave.id;
	assert_int_equal(scene_act(&w, admit), RC_OK);
	struct federate f = deed_told(&w.t, FEDERATE_ACCEPT);
	assert_true(f.actor == w.group.id && f.target == w.dave.id);
	admit.what = REFUSE;
	assert_int_equal(scene_act(&w, admit), RC_OK);
	deed_told(&w.t, FEDERATE_REJECT);
	assert_false(scene_stand(&w, &w.dave).member);
}

static void invitations_let_in_until_they_are_used_up(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_BY_INVITATION,
					    .given = COMMUNITY_GIVES_JOIN });
	assert_int_equal(scene_join(&w, &w.bob), RC_DENIED);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }),
			 RC_NOT_FOUND);
	struct job invite = { .what = INVITE, .actor = &w.bob, .invite = { .limit = 1 } };
	assert_int_equal(scene_act(&w, invite), RC_DENIED);
	invite.actor = &w.alice;
	invite.invite.role = COMMUNITY_MODERATOR;
	assert_int_equal(scene_act(&w, invite), RC_OK);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_OK);
	assert_int_equal(scene_stand(&w, &w.bob).role, COMMUNITY_MODERATOR);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.carol }),
			 RC_NOT_FOUND);
	/* a moderator invites members, and no owners */
	invite.actor = &w.bob;
	invite.invite.role = COMMUNITY_OWNER;
	assert_int_equal(scene_act(&w, invite), RC_DENIED);
}

static struct job tutors(const struct scene *w, const char *name)
{
	return (struct job){ .what = ROLE,
			     .actor = &w->alice,
			     .own_role = { .position = 50,
					   .permissions =
						   COMMUNITY_MAY_INVITE | COMMUNITY_MAY_ROLES,
					   .name = str_of(name) } };
}

/* The last role that was made. */
static uint64_t newest_role(struct scene *w)
{
	struct community_role all[COMMUNITY_ROLES_MAX];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = community_roles(txn, w->t.d.arena, w->group.id, all);
	db_read_end(&txn);
	return all[n - 1].id;
}

static void an_invitation_ends_with_the_right_to_make_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_BY_INVITATION,
					    .given = COMMUNITY_GIVES_JOIN });
	const struct job enter = { .what = ENTER, .actor = &w.carol };
	struct job invite = { .what = INVITE,
			      .actor = &w.alice,
			      .invite = { .role = COMMUNITY_MODERATOR } };
	assert_int_equal(scene_act(&w, invite), RC_OK);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_OK);
	/* alice does not own it any more: whom she would make a moderator she cannot make one now */
	struct job transfer = { .what = TRANSFER, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, transfer), RC_OK);
	assert_int_equal(scene_act(&w, enter), RC_NOT_FOUND);
	struct job back = { .what = TRANSFER, .actor = &w.bob, .account = w.alice.id };
	assert_int_equal(scene_act(&w, back), RC_OK);
	assert_int_equal(scene_act(&w, enter), RC_OK);
	assert_int_equal(scene_stand(&w, &w.carol).role, COMMUNITY_MODERATOR);
}

static void who_is_banned_has_invited_nobody(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_BY_INVITATION,
					    .given = COMMUNITY_GIVES_JOIN });
	struct job invite = { .what = INVITE, .actor = &w.alice };
	invite.invite.role = COMMUNITY_MODERATOR;
	invite.invite.limit = 1;
	assert_int_equal(scene_act(&w, invite), RC_OK);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_OK);
	struct job other = { .what = INVITE_OTHER, .actor = &w.bob };
	assert_int_equal(scene_act(&w, other), RC_OK);
	struct job ban = { .what = BAN, .actor = &w.alice, .account = w.bob.id };
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER_OTHER, .actor = &w.carol }),
			 RC_NOT_FOUND);
	assert_false(scene_stand(&w, &w.carol).member);
}

struct card {
	struct community_member m;
};

static enum rc card_put(struct social *s, void *arg)
{
	const struct card *card = arg;
	community_member_put(s->txn, &card->m);
	return RC_OK;
}

static void what_the_card_says_stays_when_somebody_is_invited(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct card card;
	scene_init(&w, &(struct community){ .given = 0 });
	card.m = (struct community_member){ .community = w.group.id,
					    .account = w.bob.id,
					    .role = COMMUNITY_MEMBER,
					    .flags = COMMUNITY_BANNED,
					    .until_ms = TEST_DB_WALL_MS - 1,
					    .strikes = 2,
					    .reason = STR("rude"),
					    .note = STR("again and again") };
	test_store_write(&w.t, card_put, &card);
	struct job invite = { .what = INVITE,
			      .actor = &w.alice,
			      .invite = { .role = COMMUNITY_MODERATOR } };
	assert_int_equal(scene_act(&w, invite), RC_OK);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	struct community_member m;
	assert_true(community_member_get(txn, w.t.d.arena, w.group.id, w.bob.id, &m));
	db_read_end(&txn);
	assert_true(m.role == COMMUNITY_MODERATOR && m.by == w.alice.id && m.strikes == 2);
	assert_true(m.flags == 0 && m.until_ms == 0);
	assert_str_eq(m.note, STR("again and again"));
	assert_str_eq(m.reason, STR("rude"));
}

static void a_role_is_given_once(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_act(&w, tutors(&w, "tutor")), RC_OK);
	uint64_t tutor = newest_role(&w);
	assert_int_equal(tutor, COMMUNITY_ROLE_OWN);
	struct job invite = { .what = INVITE, .actor = &w.alice, .invite = { .role = tutor } };
	assert_int_equal(scene_act(&w, invite), RC_OK);
	struct job drop = { .what = ROLE_DROP, .actor = &w.alice, .role = tutor };
	assert_int_equal(scene_act(&w, drop), RC_OK);
	assert_int_equal(scene_act(&w, drop), RC_NOT_FOUND);
	assert_int_equal(newest_role(&w), COMMUNITY_OWNER);
	/* the link that made tutors makes no deputies */
	assert_int_equal(scene_act(&w, tutors(&w, "deputy")), RC_OK);
	assert_true(newest_role(&w) > tutor);
	assert_int_equal(scene_act(&w, (struct job){ .what = ENTER, .actor = &w.bob }),
			 RC_NOT_FOUND);
	for (int i = 0; i < 3; i++) {
		uint64_t last = newest_role(&w);
		drop.role = last;
		assert_int_equal(scene_act(&w, drop), RC_OK);
		assert_int_equal(scene_act(&w, tutors(&w, "again")), RC_OK);
		assert_true(newest_role(&w) > last);
	}
}

static void nobody_gives_more_than_they_have(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(scene_join(&w, &w.carol), RC_OK);
	struct job role = { .what = ROLE,
			    .actor = &w.bob,
			    .own_role = { .position = 50,
					  .permissions = COMMUNITY_MAY_POST | COMMUNITY_MAY_ROLES,
					  .name = STR("tutor") } };
	assert_int_equal(scene_act(&w, role), RC_DENIED);
	role.actor = &w.alice;
	assert_int_equal(scene_act(&w, role), RC_OK);
	struct job appoint = {
		.what = APPOINT, .actor = &w.alice, .account = w.bob.id, .role = COMMUNITY_ROLE_OWN
	};
	assert_int_equal(scene_act(&w, appoint), RC_OK);
	assert_int_equal(scene_act(&w, appoint), RC_EXISTS);
	/* a tutor gives roles, but none as high as their own, and nothing that they may not do */
	appoint = (struct job){
		.what = APPOINT, .actor = &w.bob, .account = w.carol.id, .role = COMMUNITY_MODERATOR
	};
	assert_int_equal(scene_act(&w, appoint), RC_DENIED);
	appoint.role = COMMUNITY_ROLE_OWN;
	assert_int_equal(scene_act(&w, appoint), RC_DENIED);
	role.actor = &w.bob;
	role.own_role = (struct community_role){ .position = 20,
						 .permissions = COMMUNITY_MAY_BAN,
						 .name = STR("guard") };
	assert_int_equal(scene_act(&w, role), RC_DENIED);
	/* the owner stays, until somebody else owns it */
	appoint = (struct job){
		.what = APPOINT, .actor = &w.alice, .account = w.alice.id, .role = COMMUNITY_MEMBER
	};
	assert_int_equal(scene_act(&w, appoint), RC_DENIED);
	struct job transfer = { .what = TRANSFER, .actor = &w.bob, .account = w.bob.id };
	assert_int_equal(scene_act(&w, transfer), RC_DENIED);
	transfer.actor = &w.alice;
	assert_int_equal(scene_act(&w, transfer), RC_OK);
	assert_int_equal(scene_stand(&w, &w.bob).role, COMMUNITY_OWNER);
	assert_int_equal(scene_stand(&w, &w.alice).role, COMMUNITY_MODERATOR);
	assert_int_equal(scene_leave(&w, &w.alice), RC_OK);
}

static void a_ban_ends_the_membership_and_itself(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	scene_init(&w, &(struct community){ .posting = COMMUNITY_POST_ANYBODY,
					    .given = COMMUNITY_GIVES_POSTING });
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	test_store_forget_jobs(&w.t);
	struct job ban = { .what = BAN,
			   .actor = &w.bob,
			   .account = w.dave.id,
			   .until_ms = TEST_DB_WALL_MS + 60000 };
	assert_int_equal(scene_act(&w, ban), RC_DENIED);
	ban.actor = &w.alice;
	assert_int_equal(scene_act(&w, ban), RC_OK);
	assert_true(scene_told(&w, FEDERATE_REJECT, &f) && f.target == w.dave.id);
	assert_true(scene_told(&w, FEDERATE_COMMUNITY_PASS, &f) && f.actor == w.group.id);
	struct federate inner;
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_int_equal(inner.what, FEDERATE_COMMUNITY_BAN);
	assert_true(inner.actor == w.alice.id && inner.target == w.dave.id);
	assert_true(scene_stand(&w, &w.dave).banned);
	assert_int_equal(scene_join(&w, &w.dave), RC_DENIED);
	/* nobody bans who stands as high */
	ban.account = w.alice.id;
	assert_int_equal(scene_act(&w, ban), RC_DENIED);
	w.t.d.clock.wall_ms += 61000;
	assert_false(scene_stand(&w, &w.dave).banned);
	assert_int_equal(scene_join(&w, &w.dave), RC_OK);
	/* one for good is taken back */
	assert_int_equal(
		scene_act(&w, (struct job){ .what = BAN, .actor = NULL, .account = w.bob.id }),
		RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_DENIED);
	assert_int_equal(
		scene_act(&w, (struct job){ .what = UNBAN, .actor = NULL, .account = w.bob.id }),
		RC_OK);
	assert_int_equal(scene_post(&w, &w.bob, 0, &id), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_founds_it_owns_it_and_others_join),
		cmocka_unit_test(requests_wait_for_who_may_admit),
		cmocka_unit_test(invitations_let_in_until_they_are_used_up),
		cmocka_unit_test(an_invitation_ends_with_the_right_to_make_it),
		cmocka_unit_test(who_is_banned_has_invited_nobody),
		cmocka_unit_test(what_the_card_says_stays_when_somebody_is_invited),
		cmocka_unit_test(a_role_is_given_once),
		cmocka_unit_test(nobody_gives_more_than_they_have),
		cmocka_unit_test(a_ban_ends_the_membership_and_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
