/* Communities: joining, roles, bans, invitations; what is posted in them, who sees it, who is told. */
#include "deed.h"
#include "social/community.h"
#include "social/see.h"

struct scene {
	struct test_store t;
	struct account alice, bob, carol, dave; /* dave is elsewhere */
	struct account group;
	struct community settings;
};

/* --- acts, each in a write of its own --- */

struct job {
	struct scene *scene;
	enum {
		CREATE,
		CHANGE,
		ADMIT,
		REFUSE,
		APPOINT,
		TRANSFER,
		BAN,
		UNBAN,
		MODERATE,
		INVITE,
		ENTER,
		ROLE,
		RETAIN,
		TOLD,
		PIN
	} what;
	const struct account *actor;
	uint64_t account, role, status, until_ms;
	enum community_act act;
	struct community_role own_role;
	struct community_invite invite;
	size_t count;
};

static enum rc run(struct social *s, void *arg)
{
	struct job *j = arg;
	struct scene *w = j->scene;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = STR("tea"),
					     .display_name = STR("Tea"),
					     .note = STR("All about tea") };
	switch (j->what) {
	case CREATE:
		return community_create(s, j->actor, &account, &none, &w->settings, &w->group);
	case CHANGE:
		return community_change(s, j->actor, &w->settings);
	case ADMIT:
	case REFUSE:
		return community_admit(s, j->actor, w->group.id, j->account, j->what == ADMIT);
	case APPOINT:
		return community_appoint(s, j->actor, w->group.id, j->account, j->role);
	case TRANSFER:
		return community_transfer(s, j->actor, w->group.id, j->account);
	case BAN:
		return community_ban(s, j->actor, w->group.id, j->account, STR("rude"),
				     j->until_ms);
	case UNBAN:
		return community_unban(s, j->actor, w->group.id, j->account);
	case MODERATE:
		return community_moderate(s, j->actor, j->status, j->act, STR("off topic"));
	case INVITE:
		j->invite.community = w->group.id;
		return community_invite(s, j->actor, STR("s3cret"), &j->invite);
	case ENTER:
		return community_join_invited(s, j->actor, STR("s3cret"), &j->account);
	case ROLE:
		return community_role_change(s, j->actor, w->group.id, &j->own_role);
	case RETAIN:
		j->count = community_retain(s, w->group.id, 100);
		return RC_OK;
	case PIN:
		return community_pin_until(s, j->actor, j->status, j->until_ms);
	case TOLD:
		return community_moderated(s, w->group.id, j->status, j->act);
	}
	return RC_UNSUPPORTED;
}

static enum rc act(struct scene *w, struct job job)
{
	job.scene = w;
	return test_store_try(&w->t, run, &job);
}

static void scene_init(struct scene *w, const struct community *settings)
{
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_local(&w->t, "bob");
	w->carol = test_store_local(&w->t, "carol");
	w->dave = test_store_remote(&w->t, "dave", "d.example");
	w->settings = *settings;
	assert_int_equal(act(w, (struct job){ .what = CREATE, .actor = &w->alice }), RC_OK);
	w->group = test_store_account(&w->t, w->group.id);
	test_store_forget_jobs(&w->t);
}

static void scene_free(struct scene *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum rc join(struct scene *w, const struct account *who)
{
	struct deed follow = { .verb = DO_FOLLOW,
			       .actor = who,
			       .target = &w->group,
			       .uri = who == &w->dave ? STR("https://d.example/f/1") : STR("") };
	return deed_do(&w->t, &follow);
}

static enum rc leave(struct scene *w, const struct account *who)
{
	return deed_on_account(&w->t, DO_UNFOLLOW, who, &w->group);
}

static struct community_standing stand(struct scene *w, const struct account *who)
{
	struct community_standing out;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(community_standing(txn, w->t.d.arena, w->group.id, who->id, &out));
	db_read_end(&txn);
	return out;
}

static bool sees(struct scene *w, const struct account *who, uint64_t id)
{
	struct status s = test_store_status(&w->t, id);
	struct account author = test_store_account(&w->t, s.account);
	struct db_txn *txn = test_store_read(&w->t);
	const struct viewer viewer = { who != NULL ? who->id : 0,
				       who != NULL && account_is_local(who) };
	bool yes = may_see(txn, viewer, &s, &author);
	db_read_end(&txn);
	return yes;
}

static struct community_post place(struct scene *w, uint64_t id)
{
	struct community_post out;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(community_post_get(txn, w->group.id, id, &out));
	db_read_end(&txn);
	return out;
}

static struct community_totals totals(struct scene *w)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct community_totals out = community_totals(txn, w->group.id);
	db_read_end(&txn);
	return out;
}

/* What is posted with a wish, and what came of it. */
struct wished {
	const struct account *author;
	uint64_t community, parent;
	enum visibility visibility;
	struct status made;
};

static enum rc post_job(struct social *s, void *arg)
{
	struct wished *p = arg;
	struct draft draft = { .author = *p->author,
			       .visibility = p->visibility,
			       .text = STR("words"),
			       .parent = p->parent,
			       .community = p->community,
			       .status = { .account = p->author->id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Note"),
					   .content = html_trusted(STR("<p>words</p>")) } };
	enum rc rc = act_post(s, &draft);
	p->made = draft.status;
	return rc;
}

static enum rc post(struct scene *w, const struct account *author, uint64_t parent, uint64_t *id)
{
	struct wished p = {
		author, parent == 0 ? w->group.id : 0, parent, VISIBILITY_PUBLIC, { .id = 0 }
	};
	enum rc rc = test_store_try(&w->t, post_job, &p);
	*id = p.made.id;
	return rc;
}

static bool told(struct scene *w, enum federate_what what, struct federate *out)
{
	struct federate jobs[16];
	size_t n = test_store_jobs(&w->t, jobs, ARRAY_LEN(jobs));
	for (size_t i = 0; i < n && i < ARRAY_LEN(jobs); i++) {
		if (jobs[i].what == what) {
			*out = jobs[i];
			return true;
		}
	}
	return false;
}

/* --- members --- */

static void who_founds_it_owns_it_and_others_join(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .kind = STR("course"), .given = COMMUNITY_GIVES_KIND });
	assert_int_equal(w.group.kind, ACCOUNT_GROUP);
	assert_int_equal(stand(&w, &w.alice).role, COMMUNITY_OWNER);
	assert_int_equal(stand(&w, &w.bob).role, COMMUNITY_GUEST);
	assert_int_equal(join(&w, &w.bob), RC_OK);
	struct community_standing bob = stand(&w, &w.bob);
	assert_true(bob.member && bob.role == COMMUNITY_MEMBER);
	assert_int_equal(bob.permissions & COMMUNITY_MAY_BAN, 0);
	/* what is said there does not flood the home timeline */
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(follow_get(txn, w.bob.id, w.group.id).flags, FOLLOW_NO_BOOSTS);
	db_read_end(&txn);
	assert_int_equal(leave(&w, &w.bob), RC_OK);
	assert_false(stand(&w, &w.bob).member);
	/* somebody has to own it */
	assert_int_equal(leave(&w, &w.alice), RC_DENIED);
	assert_true(stand(&w, &w.alice).member);
	assert_int_equal(act(&w, (struct job){ .what = CREATE, .actor = &w.bob }), RC_EXISTS);
}

static void requests_wait_for_who_may_admit(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_ON_REQUEST,
					    .given = COMMUNITY_GIVES_JOIN });
	assert_true((w.group.flags & ACCOUNT_LOCKED) != 0);
	assert_int_equal(join(&w, &w.bob), RC_OK);
	deed_noticed(&w.t, &w.alice, 1, NOTICE_FOLLOW_REQUEST, w.bob.id, 0);
	assert_false(stand(&w, &w.bob).member);
	struct job admit = { .what = ADMIT, .actor = &w.bob, .account = w.bob.id };
	assert_int_equal(act(&w, admit), RC_DENIED);
	admit.actor = &w.alice;
	assert_int_equal(act(&w, admit), RC_OK);
	assert_true(stand(&w, &w.bob).member);
	/* and somebody elsewhere hears of it */
	assert_int_equal(join(&w, &w.dave), RC_OK);
	test_store_forget_jobs(&w.t);
	admit.account = w.dave.id;
	assert_int_equal(act(&w, admit), RC_OK);
	struct federate f = deed_told(&w.t, FEDERATE_ACCEPT);
	assert_true(f.actor == w.group.id && f.target == w.dave.id);
	admit.what = REFUSE;
	assert_int_equal(act(&w, admit), RC_OK);
	deed_told(&w.t, FEDERATE_REJECT);
	assert_false(stand(&w, &w.dave).member);
}

static void invitations_let_in_until_they_are_used_up(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .join = COMMUNITY_JOIN_BY_INVITATION,
					    .given = COMMUNITY_GIVES_JOIN });
	assert_int_equal(join(&w, &w.bob), RC_DENIED);
	assert_int_equal(act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_NOT_FOUND);
	struct job invite = { .what = INVITE, .actor = &w.bob, .invite = { .limit = 1 } };
	assert_int_equal(act(&w, invite), RC_DENIED);
	invite.actor = &w.alice;
	invite.invite.role = COMMUNITY_MODERATOR;
	assert_int_equal(act(&w, invite), RC_OK);
	assert_int_equal(act(&w, (struct job){ .what = ENTER, .actor = &w.bob }), RC_OK);
	assert_int_equal(stand(&w, &w.bob).role, COMMUNITY_MODERATOR);
	assert_int_equal(act(&w, (struct job){ .what = ENTER, .actor = &w.carol }), RC_NOT_FOUND);
	/* a moderator invites members, and no owners */
	invite.actor = &w.bob;
	invite.invite.role = COMMUNITY_OWNER;
	assert_int_equal(act(&w, invite), RC_DENIED);
}

static void nobody_gives_more_than_they_have(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(join(&w, &w.bob), RC_OK);
	assert_int_equal(join(&w, &w.carol), RC_OK);
	struct job role = { .what = ROLE,
			    .actor = &w.bob,
			    .own_role = { .position = 50,
					  .permissions = COMMUNITY_MAY_POST | COMMUNITY_MAY_ROLES,
					  .name = STR("tutor") } };
	assert_int_equal(act(&w, role), RC_DENIED);
	role.actor = &w.alice;
	assert_int_equal(act(&w, role), RC_OK);
	struct job appoint = {
		.what = APPOINT, .actor = &w.alice, .account = w.bob.id, .role = COMMUNITY_ROLE_OWN
	};
	assert_int_equal(act(&w, appoint), RC_OK);
	assert_int_equal(act(&w, appoint), RC_EXISTS);
	/* a tutor gives roles, but none as high as their own, and nothing that they may not do */
	appoint = (struct job){
		.what = APPOINT, .actor = &w.bob, .account = w.carol.id, .role = COMMUNITY_MODERATOR
	};
	assert_int_equal(act(&w, appoint), RC_DENIED);
	appoint.role = COMMUNITY_ROLE_OWN;
	assert_int_equal(act(&w, appoint), RC_DENIED);
	role.actor = &w.bob;
	role.own_role = (struct community_role){ .position = 20,
						 .permissions = COMMUNITY_MAY_BAN,
						 .name = STR("guard") };
	assert_int_equal(act(&w, role), RC_DENIED);
	/* the owner stays, until somebody else owns it */
	appoint = (struct job){
		.what = APPOINT, .actor = &w.alice, .account = w.alice.id, .role = COMMUNITY_MEMBER
	};
	assert_int_equal(act(&w, appoint), RC_DENIED);
	struct job transfer = { .what = TRANSFER, .actor = &w.bob, .account = w.bob.id };
	assert_int_equal(act(&w, transfer), RC_DENIED);
	transfer.actor = &w.alice;
	assert_int_equal(act(&w, transfer), RC_OK);
	assert_int_equal(stand(&w, &w.bob).role, COMMUNITY_OWNER);
	assert_int_equal(stand(&w, &w.alice).role, COMMUNITY_MODERATOR);
	assert_int_equal(leave(&w, &w.alice), RC_OK);
}

static void a_ban_ends_the_membership_and_itself(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	scene_init(&w, &(struct community){ .posting = COMMUNITY_POST_ANYBODY,
					    .given = COMMUNITY_GIVES_POSTING });
	assert_int_equal(join(&w, &w.dave), RC_OK);
	test_store_forget_jobs(&w.t);
	struct job ban = { .what = BAN,
			   .actor = &w.bob,
			   .account = w.dave.id,
			   .until_ms = TEST_DB_WALL_MS + 60000 };
	assert_int_equal(act(&w, ban), RC_DENIED);
	ban.actor = &w.alice;
	assert_int_equal(act(&w, ban), RC_OK);
	assert_true(told(&w, FEDERATE_REJECT, &f) && f.target == w.dave.id);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f) && f.actor == w.group.id);
	struct federate inner;
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_int_equal(inner.what, FEDERATE_COMMUNITY_BAN);
	assert_true(inner.actor == w.alice.id && inner.target == w.dave.id);
	assert_true(stand(&w, &w.dave).banned);
	assert_int_equal(join(&w, &w.dave), RC_DENIED);
	/* nobody bans who stands as high */
	ban.account = w.alice.id;
	assert_int_equal(act(&w, ban), RC_DENIED);
	w.t.d.clock.wall_ms += 61000;
	assert_false(stand(&w, &w.dave).banned);
	assert_int_equal(join(&w, &w.dave), RC_OK);
	/* one for good is taken back */
	assert_int_equal(act(&w, (struct job){ .what = BAN, .actor = NULL, .account = w.bob.id }),
			 RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_DENIED);
	assert_int_equal(act(&w, (struct job){ .what = UNBAN, .actor = NULL, .account = w.bob.id }),
			 RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_OK);
}

/* --- posts --- */

static void what_is_posted_is_passed_on(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f, inner;
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(post(&w, &w.bob, 0, &thread), RC_DENIED);
	assert_int_equal(join(&w, &w.bob), RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &thread), RC_OK);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_true(inner.what == FEDERATE_CREATE && inner.status == thread);
	/* servers without groups see it boosted */
	assert_true(told(&w, FEDERATE_BOOST, &f));
	assert_true(f.actor == w.group.id && f.status == thread);
	assert_int_equal(place(&w, thread).root, thread);
	test_store_forget_jobs(&w.t);
	/* whoever answers is in it, and needs to be no member */
	assert_int_equal(post(&w, &w.carol, thread, &comment), RC_OK);
	assert_int_equal(test_store_status(&w.t, comment).community, w.group.id);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_false(told(&w, FEDERATE_BOOST, &f));
	assert_int_equal(place(&w, thread).comments, 1);
	assert_true(totals(&w).threads == 1 && totals(&w).comments == 1);
	test_store_forget_jobs(&w.t);
	/* votes, edits and deletions, too */
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.alice, comment), RC_OK);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_true(inner.what == FEDERATE_LIKE && inner.actor == w.alice.id);
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.carol, comment), RC_OK);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_true(federate_decode(w.t.d.arena, f.text, &inner));
	assert_int_equal(inner.what, FEDERATE_DELETE);
	assert_true(place(&w, thread).comments == 0 && totals(&w).comments == 0);
}

static void a_mention_posts_for_those_who_may(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, &(struct community){ .given = 0 });
	struct status s = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, 0);
	assert_int_equal(join(&w, &w.bob), RC_OK);
	s = test_store_post(&w.t, &w.bob, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, w.group.id);
	/* from elsewhere it is the same */
	assert_int_equal(join(&w, &w.dave), RC_OK);
	s = test_store_post(&w.t, &w.dave, VISIBILITY_PUBLIC, "hi", &w.group, NULL);
	assert_int_equal(s.community, w.group.id);
	/* a letter to a community is a letter, and what is for followers stays with them */
	s = test_store_post(&w.t, &w.bob, VISIBILITY_DIRECT, "psst", &w.group, NULL);
	assert_int_equal(s.community, 0);
	s = test_store_post(&w.t, &w.bob, VISIBILITY_FOLLOWERS, "psst", &w.group, NULL);
	assert_int_equal(s.community, 0);
}

static void what_waits_is_seen_by_moderators(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t id;
	scene_init(&w, &(struct community){ .premoderated = true,
					    .given = COMMUNITY_GIVES_PREMODERATION });
	assert_int_equal(join(&w, &w.bob), RC_OK);
	assert_int_equal(join(&w, &w.carol), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_OK);
	deed_told_nobody(&w.t);
	assert_true(sees(&w, &w.bob, id) && sees(&w, &w.alice, id));
	assert_false(sees(&w, &w.carol, id) || sees(&w, NULL, id));
	assert_int_equal(totals(&w).threads, 0);
	struct job approve = {
		.what = MODERATE, .actor = &w.carol, .status = id, .act = COMMUNITY_ACT_APPROVE
	};
	assert_int_equal(act(&w, approve), RC_DENIED);
	approve.actor = &w.alice;
	assert_int_equal(act(&w, approve), RC_OK);
	assert_int_equal(act(&w, approve), RC_EXISTS);
	assert_true(sees(&w, &w.carol, id) && sees(&w, NULL, id));
	assert_true(told(&w, FEDERATE_CREATE, &f) && told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_int_equal(totals(&w).threads, 1);
	/* who moderates waits for nobody; what is refused is its author's alone */
	test_store_forget_jobs(&w.t);
	assert_int_equal(post(&w, &w.alice, 0, &id), RC_OK);
	assert_true(told(&w, FEDERATE_CREATE, &f));
	test_store_forget_jobs(&w.t);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_OK);
	approve.status = id;
	approve.act = COMMUNITY_ACT_REFUSE;
	assert_int_equal(act(&w, approve), RC_OK);
	assert_false(sees(&w, &w.carol, id));
	assert_true(sees(&w, &w.bob, id));
	deed_told_nobody(&w.t);
}

static void what_is_for_members_never_leaves(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .sight = COMMUNITY_MEMBERS,
					    .given = COMMUNITY_GIVES_SIGHT });
	assert_int_equal(join(&w, &w.dave), RC_DENIED);
	assert_int_equal(join(&w, &w.bob), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(test_store_status(&w.t, thread).visibility, VISIBILITY_MEMBERS);
	assert_true(sees(&w, &w.alice, thread));
	assert_false(sees(&w, &w.carol, thread) || sees(&w, &w.dave, thread) ||
		     sees(&w, NULL, thread));
	assert_int_equal(post(&w, &w.carol, thread, &comment), RC_NOT_FOUND);
	assert_int_equal(post(&w, &w.alice, thread, &comment), RC_OK);
	assert_int_equal(test_store_status(&w.t, comment).visibility, VISIBILITY_MEMBERS);
	assert_int_equal(deed_on_status(&w.t, DO_LIKE, &w.bob, comment), RC_OK);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.alice, comment), RC_OK);
	deed_told_nobody(&w.t);
	/* and whoever leaves sees it no more */
	struct job remove = {
		.what = MODERATE, .actor = &w.alice, .status = thread, .act = COMMUNITY_ACT_REMOVE
	};
	assert_int_equal(join(&w, &w.carol), RC_OK);
	assert_true(sees(&w, &w.carol, thread));
	assert_int_equal(act(&w, remove), RC_OK);
	assert_false(sees(&w, &w.carol, thread));
	assert_true(sees(&w, &w.alice, thread) && sees(&w, &w.bob, thread));
	remove.act = COMMUNITY_ACT_RESTORE;
	assert_int_equal(act(&w, remove), RC_OK);
	assert_int_equal(leave(&w, &w.carol), RC_OK);
	assert_false(sees(&w, &w.carol, thread));
	deed_told_nobody(&w.t);
}

static void a_locked_thread_takes_no_comments(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate f;
	uint64_t thread, comment;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(join(&w, &w.bob), RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &thread), RC_OK);
	assert_int_equal(post(&w, &w.bob, thread, &comment), RC_OK);
	test_store_forget_jobs(&w.t);
	struct job lock = {
		.what = MODERATE, .actor = &w.bob, .status = thread, .act = COMMUNITY_ACT_LOCK
	};
	assert_int_equal(act(&w, lock), RC_DENIED);
	lock.actor = &w.alice;
	assert_int_equal(act(&w, lock), RC_OK);
	assert_true(told(&w, FEDERATE_COMMUNITY_PASS, &f));
	assert_int_equal(post(&w, &w.bob, comment, &comment), RC_DENIED);
	struct status late = { .type = STR("Note"),
			       .uri = STR("https://d.example/n/1"),
			       .url = STR(""),
			       .parent_uri = test_store_status(&w.t, thread).uri,
			       .content = html_trusted(STR("<p>late</p>")),
			       .created_ms = TEST_DB_WALL_MS };
	struct deed receive = { .verb = DO_RECEIVE, .actor = &w.dave, .changed = &late };
	assert_int_equal(deed_do(&w.t, &receive), RC_DENIED);
	assert_int_equal(post(&w, &w.alice, thread, &comment), RC_OK);
	lock.act = COMMUNITY_ACT_UNLOCK;
	assert_int_equal(act(&w, lock), RC_OK);
	assert_int_equal(post(&w, &w.bob, thread, &comment), RC_OK);
	lock.status = comment;
	lock.act = COMMUNITY_ACT_PIN;
	assert_int_equal(act(&w, lock), RC_INVALID);
	lock.status = thread;
	assert_int_equal(act(&w, lock), RC_OK);
	assert_true((place(&w, thread).flags & COMMUNITY_POST_PINNED) != 0);
	struct job until = { .what = PIN, .actor = &w.alice, .status = thread };
	until.until_ms = TEST_DB_WALL_MS;
	assert_int_equal(act(&w, until), RC_INVALID);
	until.until_ms = TEST_DB_WALL_MS + 1000;
	assert_int_equal(act(&w, until), RC_OK);
	const struct community_post pinned = place(&w, thread);
	assert_true(community_post_is_pinned(&pinned, TEST_DB_WALL_MS));
	assert_false(community_post_is_pinned(&pinned, TEST_DB_WALL_MS + 1000));
}

static void slow_communities_make_people_wait(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .slow_s = 60, .given = COMMUNITY_GIVES_SLOW });
	assert_int_equal(join(&w, &w.bob), RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_OK);
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_DENIED);
	w.t.d.clock.wall_ms += 61000;
	assert_int_equal(post(&w, &w.bob, 0, &id), RC_OK);
}

static void old_threads_go(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t old, answered, comment, fresh;
	scene_init(&w,
		   &(struct community){ .retention_days = 2, .given = COMMUNITY_GIVES_RETENTION });
	assert_int_equal(post(&w, &w.alice, 0, &old), RC_OK);
	assert_int_equal(post(&w, &w.alice, 0, &answered), RC_OK);
	w.t.d.clock.wall_ms += (uint64_t)3 * 86400 * 1000;
	assert_int_equal(post(&w, &w.alice, answered, &comment), RC_OK);
	assert_int_equal(post(&w, &w.alice, 0, &fresh), RC_OK);
	struct job retain = { .scene = &w, .what = RETAIN };
	test_store_write(&w.t, run, &retain);
	assert_int_equal(retain.count, 1);
	assert_int_equal(totals(&w).threads, 2);
	assert_int_equal(place(&w, answered).comments, 1);
}

static void what_a_group_elsewhere_says_counts_for_its_own(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_init(&w, &(struct community){ .given = 0 });
	assert_int_equal(post(&w, &w.alice, 0, &id), RC_OK);
	/* never for what is in a community of ours */
	struct job say = { .what = TOLD, .status = id, .act = COMMUNITY_ACT_REMOVE };
	assert_int_equal(act(&w, say), RC_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_founds_it_owns_it_and_others_join),
		cmocka_unit_test(requests_wait_for_who_may_admit),
		cmocka_unit_test(invitations_let_in_until_they_are_used_up),
		cmocka_unit_test(nobody_gives_more_than_they_have),
		cmocka_unit_test(a_ban_ends_the_membership_and_itself),
		cmocka_unit_test(what_is_posted_is_passed_on),
		cmocka_unit_test(a_mention_posts_for_those_who_may),
		cmocka_unit_test(what_waits_is_seen_by_moderators),
		cmocka_unit_test(what_is_for_members_never_leaves),
		cmocka_unit_test(a_locked_thread_takes_no_comments),
		cmocka_unit_test(slow_communities_make_people_wait),
		cmocka_unit_test(old_threads_go),
		cmocka_unit_test(what_a_group_elsewhere_says_counts_for_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
