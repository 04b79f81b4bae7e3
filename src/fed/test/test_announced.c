/* What groups elsewhere pass on (FEP-1b12), and how much of it is believed. */
#include "ap/proof.h"
#include "community_fed_int.h"
#include "fedqueue.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/tables.h"
#include "store/told_vote.h"

#define CLUB "https://peer.example/users/club" /* of carol's host */
#define NOTE CAROL "/notes/1"
#define FAR ERIN "/notes/1"
#define IN_CLUB ",\"cc\":[\"" CLUB "\"],\"audience\":\"" CLUB "\""
#define Q(uri) "\"" uri "\""

static struct peer_actor club;

static int scene_begin(void **state)
{
	struct kit_scene *w = kit_scene();
	club = kit_group(w->kit, CLUB, 3);
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->erin = kit_peer(w->kit, ERIN, 2);
	kit_follow(w->kit, w->kit->alice.id, club.id, FOLLOW_ACCEPTED, HOME "/f");
	*state = w;
	return 0;
}

/* The group's Announce of an activity, or of an id, as JSON. */
static enum rc announces(struct kit_scene *w, const struct peer_actor *group, const char *object)
{
	static unsigned n;
	return kit_receive(w->kit, group,
			   kit_json(w->kit,
				    "{\"id\":\"%s/announces/%u\",\"type\":\"Announce\",\"actor\":"
				    "\"%s\",\"to\":[\"" AP_PUBLIC "\"],\"cc\":[\"%s/followers\"],"
				    "\"object\":%s}",
				    group->uri, ++n, group->uri, group->uri, object));
}

static struct str act(struct kit_scene *w, const char *actor, const char *type, const char *object,
		      const char *more)
{
	static unsigned n;
	return kit_json(
		w->kit,
		"{\"id\":\"%s/acts/%u\",\"type\":\"%s\",\"actor\":\"%s\",\"to\":[\"" AP_PUBLIC
		"\"],\"cc\":[\"" CLUB "\"],\"object\":%s%s}",
		actor, ++n, type, actor, object, more);
}

static enum rc tells(struct kit_scene *w, const char *actor, const char *type, const char *object,
		     const char *more)
{
	return announces(w, &club, act(w, actor, type, object, more).ptr);
}

static enum rc tells_undo(struct kit_scene *w, const char *actor, const char *type,
			  const char *object, const char *more)
{
	return tells(w, actor, "Undo", act(w, actor, type, object, more).ptr, "");
}

static struct status known(struct kit_scene *w, const char *uri)
{
	struct status s;
	assert_true(kit_status(w->kit, uri, &s));
	return s;
}

/* The network has it, and the group passes its Create on. */
static void far_post(struct kit_scene *w, const char *more)
{
	test_fetch_answer(w->kit->net, FAR, 200, ACTIVITY_JSON,
			  kit_json(w->kit,
				   "{\"id\":\"" FAR "\",\"type\":\"Page\",\"name\":\"True\","
				   "\"attributedTo\":\"" ERIN
				   "\",\"content\":\"true\",\"to\":[\"" AP_PUBLIC "\"]%s}",
				   more));
	kit_queue_start(w->q, w->kit, false);
	struct str create = kit_create(w->kit, ERIN, 1, IN_CLUB);
	struct str json =
		kit_json(w->kit,
			 "{\"id\":\"" CLUB "/announces/far\",\"type\":\"Announce\","
			 "\"actor\":\"" CLUB "\",\"to\":[\"" AP_PUBLIC "\"],\"object\":%.*s}",
			 STR_ARG(create));
	assert_int_equal(kit_post_inbox(w->kit, &club, json).status, 202);
	kit_drain(w->q, 0);
}

static struct community_post place_of(struct kit_scene *w, uint64_t id)
{
	struct community_post place = { .flags = UINT32_MAX };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	if (!community_post_get(txn, club.id, id, &place))
		place.flags = UINT32_MAX;
	db_read_end(&txn);
	return place;
}

struct votes {
	uint32_t up, down;
};

static struct votes votes_of(struct kit_scene *w, uint64_t id)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	const struct votes votes = { status_counts(txn, id).likes, dislike_count(txn, id) };
	db_read_end(&txn);
	return votes;
}

/* --- posts --- */

static void s027_what_is_of_the_group_s_own_host_is_taken_as_told(void **state)
{
	struct kit_scene *w = *state;
	struct str create = kit_create(w->kit, CAROL, 1, IN_CLUB);
	assert_int_equal(announces(w, &club, create.ptr), RC_OK);
	struct status s = known(w, NOTE);
	assert_int_equal(s.community, club.id);
	assert_int_equal(s.account, w->carol.id);
	assert_int_equal(place_of(w, s.id).flags, 0);
	/* those who want its threads at home see that it shows this one */
	assert_int_equal(kit_rows(w->kit, &store_boost), 1);
	/* told once more, or by its author: the same post */
	assert_int_equal(announces(w, &club, create.ptr), RC_OK);
	assert_int_equal(kit_receive(w->kit, &w->carol, create), RC_EXISTS);
	assert_int_equal(kit_rows(w->kit, &store_boost), 1);
}

static void a_comment_that_comes_before_its_thread_finds_its_place(void **state)
{
	struct kit_scene *w = *state;
	struct str comment = kit_create(w->kit, CAROL, 2, IN_CLUB ",\"inReplyTo\":\"" NOTE "\"");
	assert_int_equal(announces(w, &club, comment.ptr), RC_OK);
	uint64_t id = known(w, CAROL "/notes/2").id;
	assert_int_equal(place_of(w, id).flags, COMMUNITY_POST_COMMENT);
	assert_int_equal(kit_rows(w->kit, &store_boost), 0);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	uint64_t thread = known(w, NOTE).id;
	assert_int_equal(place_of(w, id).root, thread);
	assert_int_equal(place_of(w, thread).comments, 1);
	assert_int_equal(place_of(w, thread).flags, 0);
}

static void s027_what_is_of_another_host_is_read_there(void **state)
{
	struct kit_scene *w = *state;
	far_post(w, IN_CLUB);
	struct status s = known(w, FAR);
	assert_str_eq(s.content.markup, STR("true"));
	assert_int_equal(s.community, club.id);
}

/* An author's proof makes up for the signature. */
static void a_proof_is_believed_and_a_forged_one_is_not(void **state)
{
	struct kit_scene *w = *state;
	struct ctx ctx = { .arena = w->kit->arena };
	struct buf bytes = BUF_INIT(1 << 16);
	struct str create = kit_create(w->kit, ERIN, 1, IN_CLUB);
	buf_add(&bytes, create);
	assert_int_equal(ap_proof_add(&ctx, &bytes, w->erin.ed, kit_key_id(w->kit, &w->erin, "ed"),
				      clock_wall_ms(&w->kit->clock.clock)),
			 RC_OK);
	struct str proved = arena_take_buf(w->kit->arena, &bytes);
	size_t at = str_find(proved, STR("number 1"));
	struct str forged = kit_json(w->kit, "%.*snumber 2%.*s", (int)at, proved.ptr,
				     STR_ARG(str_skip(proved, at + 8)));
	assert_int_equal(announces(w, &club, forged.ptr), RC_BUSY); /* its origin is asked */
	assert_int_equal(announces(w, &club, proved.ptr), RC_OK);
	assert_int_equal(known(w, FAR).community, club.id);
}

static void a_group_has_only_what_is_for_it(void **state)
{
	struct kit_scene *w = *state;
	far_post(w, ""); /* the group says so; the post does not */
	struct status s = known(w, FAR);
	assert_int_equal(s.community, 0);
	/* so that it may show it like anybody else, and nothing more */
	assert_int_equal(announces(w, &club, Q(FAR)), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_boost), 1);
	assert_int_equal(tells(w, CLUB, "Lock", Q(FAR), ""), RC_NOT_FOUND);
	assert_int_equal(tells(w, CLUB, "Delete", Q(FAR), ",\"summary\":\"\""), RC_NOT_FOUND);
	assert_int_equal(tells(w, "https://third.example/users/x", "Like", Q(FAR), ""),
			 RC_NOT_FOUND);
	assert_int_equal(votes_of(w, s.id).up, 0);
}

static void a_plain_announce_is_the_group_s_post_once(void **state)
{
	struct kit_scene *w = *state;
	kit_follow(w->kit, w->kit->alice.id, w->carol.id, FOLLOW_ACCEPTED, HOME "/f2");
	assert_int_equal(kit_receive(w->kit, &w->carol, kit_create(w->kit, CAROL, 1, IN_CLUB)),
			 RC_OK);
	assert_int_equal(known(w, NOTE).community, 0); /* that is for the group to say */
	assert_int_equal(announces(w, &club, Q(NOTE)), RC_OK);
	assert_int_equal(known(w, NOTE).community, club.id);
	assert_int_equal(announces(w, &club, Q(NOTE)), RC_OK);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_boost), 1);
}

/* S-028, and no circles. */
static void what_nobody_follows_or_was_passed_on_twice_is_nothing(void **state)
{
	struct kit_scene *w = *state;
	struct peer_actor other = kit_group(w->kit, "https://other.example/users/club", 1);
	struct str create = kit_create(w->kit, ERIN, 1, "");
	assert_int_equal(announces(w, &other, create.ptr), RC_NOT_FOUND);
	struct str inner = act(w, CLUB, "Announce", kit_create(w->kit, CAROL, 1, IN_CLUB).ptr, "");
	assert_int_equal(announces(w, &club, inner.ptr), RC_NOT_FOUND);
	assert_false(kit_status(w->kit, NOTE, &(struct status){ 0 }));
	/* nobody but us makes our people's posts, or votes */
	struct str ours = kit_create(w->kit, ALICE, 1, IN_CLUB);
	assert_int_equal(announces(w, &club, ours.ptr), RC_NOT_FOUND);
	assert_false(kit_status(w->kit, ALICE "/notes/1", &(struct status){ 0 }));
}

/* --- edits and deletions --- */

static void edits_and_deletions_count_as_their_author_s_or_their_origin_s(void **state)
{
	struct kit_scene *w = *state;
	const char *const edit = ",\"type\":\"Note\",\"content\":\"edited\",\"to\":[\"" AP_PUBLIC
				 "\"]" IN_CLUB ",\"updated\":\"2026-11-01T00:00:00Z\"}";
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	struct str note =
		kit_json(w->kit, "{\"id\":\"" NOTE "\",\"attributedTo\":\"" CAROL "\"%s", edit);
	assert_int_equal(tells(w, CAROL, "Update", note.ptr, ""), RC_OK);
	assert_str_eq(known(w, NOTE).content.markup, STR("edited"));
	assert_int_equal(tells(w, CAROL, "Delete", Q(NOTE), ""), RC_OK);
	assert_false(kit_status(w->kit, NOTE, &(struct status){ 0 }));
	/* of another host: the origin is asked, and still says what it said */
	far_post(w, IN_CLUB);
	note = kit_json(w->kit, "{\"id\":\"" FAR "\",\"attributedTo\":\"" ERIN "\"%s", edit);
	assert_int_equal(tells(w, ERIN, "Update", note.ptr, ""), RC_OK);
	assert_int_equal(tells(w, ERIN, "Delete", Q(FAR), ""), RC_OK);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	assert_str_eq(known(w, FAR).content.markup, STR("true"));
	test_clock_advance(&w->kit->clock, MS_PER_MINUTE);
	test_fetch_answer(w->kit->net, FAR, 410, ACTIVITY_JSON, STR("{}"));
	assert_int_equal(tells(w, ERIN, "Delete", Q(FAR), ""), RC_OK);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	assert_false(kit_status(w->kit, FAR, &(struct status){ 0 }));
}

/* --- votes --- */

#define XENIA "https://third.example/users/xenia"
#define YANNIS "https://third.example/users/yannis"

static void votes_that_are_told_count_once_for_each_voter(void **state)
{
	struct kit_scene *w = *state;
	far_post(w, IN_CLUB);
	uint64_t id = known(w, FAR).id;
	size_t fetches = test_fetch_count(w->kit->net);
	assert_int_equal(tells(w, XENIA, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(tells(w, XENIA, "Like", Q(FAR), ""), RC_EXISTS);
	assert_int_equal(tells(w, YANNIS, "Dislike", Q(FAR), ""), RC_OK);
	assert_int_equal(votes_of(w, id).up, 1);
	assert_int_equal(votes_of(w, id).down, 1);
	/* minds are changed, and votes taken back */
	assert_int_equal(tells(w, YANNIS, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(votes_of(w, id).up, 2);
	assert_int_equal(votes_of(w, id).down, 0);
	assert_int_equal(tells_undo(w, XENIA, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(tells_undo(w, XENIA, "Like", Q(FAR), ""), RC_EXISTS);
	assert_int_equal(votes_of(w, id).up, 1);
	/* who is known, and of the group's host, votes like anybody */
	assert_int_equal(tells(w, CAROL, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_like), 1);
	/* told first, then sent: one vote */
	assert_int_equal(tells(w, ERIN, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(votes_of(w, id).up, 3);
	assert_int_equal(kit_receive(w->kit, &w->erin, act(w, ERIN, "Like", Q(FAR), "")), RC_OK);
	assert_int_equal(tells(w, ERIN, "Like", Q(FAR), ""), RC_EXISTS);
	assert_int_equal(votes_of(w, id).up, 3);
	assert_int_equal(test_fetch_count(w->kit->net), fetches);
	/* told as a stranger's, and taken back by somebody who is known by now */
	assert_int_equal(tells(w, DAVE, "Like", Q(FAR), ""), RC_OK);
	kit_peer(w->kit, DAVE, 1);
	assert_int_equal(tells_undo(w, DAVE, "Like", Q(FAR), ""), RC_OK);
	assert_int_equal(votes_of(w, id).up, 3);
	/* they go with the post */
	assert_int_equal(kit_rows(w->kit, &store_told_vote), 1);
	assert_int_equal(kit_receive(w->kit, &w->erin, act(w, ERIN, "Delete", Q(FAR), "")), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_told_vote), 0);
}

/* --- what its moderators did --- */

static void what_its_moderators_do_counts_for_its_posts(void **state)
{
	struct kit_scene *w = *state;
	far_post(w, IN_CLUB);
	uint64_t id = known(w, FAR).id;
	assert_int_equal(tells(w, XENIA, "Lock", Q(FAR), ""), RC_OK);
	assert_int_equal(place_of(w, id).flags, COMMUNITY_POST_LOCKED);
	assert_int_equal(tells_undo(w, XENIA, "Lock", Q(FAR), ""), RC_OK);
	assert_int_equal(tells(w, XENIA, "Add", Q(FAR), ",\"target\":\"" CLUB "/featured\""),
			 RC_OK);
	assert_int_equal(place_of(w, id).flags, COMMUNITY_POST_PINNED);
	assert_int_equal(tells(w, XENIA, "Remove", Q(FAR), ",\"target\":\"" CLUB "/featured\""),
			 RC_OK);
	assert_int_equal(tells(w, XENIA, "Delete", Q(FAR), ",\"summary\":\"\""), RC_OK);
	assert_int_equal(place_of(w, id).flags, COMMUNITY_POST_REMOVED);
	assert_int_equal(kit_rows(w->kit, &store_boost), 0);
	assert_int_equal(tells_undo(w, XENIA, "Delete", Q(FAR), ",\"summary\":\"\""), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_boost), 1);
	assert_int_equal(place_of(w, id).flags, 0);
	assert_true(kit_status(w->kit, FAR, &(struct status){ 0 }));
}

static struct community_member member_of(struct kit_scene *w, uint64_t account)
{
	struct community_member m = { 0 };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	if (!community_member_get(txn, w->kit->arena, club.id, account, &m))
		m.role = 0;
	db_read_end(&txn);
	return m;
}

static void who_moderates_and_who_is_banned_is_known(void **state)
{
	struct kit_scene *w = *state;
	const char *const moderators = ",\"target\":\"" CLUB "/moderators\"";
	far_post(w, IN_CLUB);
	uint64_t id = known(w, FAR).id;
	/* one of ours who is no moderator there does nothing, not even here */
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, id, COMMUNITY_ACT_LOCK), RC_DENIED);
	assert_int_equal(tells(w, CAROL, "Add", Q(ALICE), moderators), RC_OK);
	assert_int_equal(member_of(w, w->kit->alice.id).role, COMMUNITY_MODERATOR);
	w->q->count = 0;
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, id, COMMUNITY_ACT_LOCK), RC_OK);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	assert_int_equal(w->q->count, 1);
	assert_str_eq(w->q->sent[0].inbox, STR(CLUB "/inbox"));
	assert_true(str_contains(w->q->sent[0].body, STR("\"type\":\"Lock\"")));
	assert_int_equal(tells(w, CAROL, "Remove", Q(ALICE), moderators), RC_OK);
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, id, COMMUNITY_ACT_UNLOCK), RC_DENIED);
	assert_int_equal(tells(w, CAROL, "Block", Q(ERIN),
			       ",\"target\":\"" CLUB "\",\"removeData\":true,\"summary\":\"spam\""),
			 RC_OK);
	assert_int_equal(member_of(w, w->erin.id).flags, COMMUNITY_BANNED);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	assert_int_equal(place_of(w, id).flags, COMMUNITY_POST_REMOVED | COMMUNITY_POST_LOCKED);
	assert_int_equal(tells_undo(w, CAROL, "Block", Q(ERIN), ",\"target\":\"" CLUB "\""), RC_OK);
	assert_int_equal(member_of(w, w->erin.id).role, 0);
	/* of another group it says nothing */
	assert_int_equal(tells(w, CAROL, "Block", Q(ERIN), ",\"target\":\"" HOME "/users/tea\""),
			 RC_NOT_FOUND);
}

/* --- what it is about --- */

static void what_it_is_about_is_known_each_once(void **state)
{
	struct kit_scene *w = *state;
	struct account group;
	assert_true(kit_account(w->kit, club.id, &group));
	assert_int_equal(group.topic_count, 1);
	assert_str_eq(group.topics[0], STR("Moss"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)
	const struct CMUnitTest tests[] = {
		TEST(s027_what_is_of_the_group_s_own_host_is_taken_as_told),
		TEST(a_comment_that_comes_before_its_thread_finds_its_place),
		TEST(s027_what_is_of_another_host_is_read_there),
		TEST(a_proof_is_believed_and_a_forged_one_is_not),
		TEST(a_group_has_only_what_is_for_it),
		TEST(a_plain_announce_is_the_group_s_post_once),
		TEST(what_nobody_follows_or_was_passed_on_twice_is_nothing),
		TEST(edits_and_deletions_count_as_their_author_s_or_their_origin_s),
		TEST(votes_that_are_told_count_once_for_each_voter),
		TEST(what_it_is_about_is_known_each_once),
		TEST(what_its_moderators_do_counts_for_its_posts),
		TEST(who_moderates_and_who_is_banned_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
