/* Communities of this node on the wire (FEP-1b12): what is passed on to whom, and who may moderate. */
#include "community_fed_int.h"
#include "fedqueue.h"
#include "store/graph.h"
#include "store/notice.h"
#include "store/report.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define COFFEE HOME "/users/coffee"
#define CLUB "https://other.example/users/club"
#define PEER_SHARED "https://peer.example/inbox"
#define OTHER_SHARED "https://other.example/inbox"
#define NOTE CAROL "/notes/1"
#define IN_TEA ",\"cc\":[\"" TEA "\"],\"audience\":\"" TEA "\""

static struct account tea; /* of the scene that runs */

static void joined(struct kit_scene *w, const struct peer_actor *who)
{
	kit_follow(w->kit, who->id, tea.id, FOLLOW_ACCEPTED,
		   kit_json(w->kit, "%s#follow", who->uri).ptr);
}

static int begin(void **state, const struct community *wanted)
{
	struct kit_scene *w = kit_scene();
	struct community settings = *wanted;
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->dave = kit_peer(w->kit, DAVE, 1);
	w->erin = kit_peer(w->kit, ERIN, 2);
	tea = kit_community(w->kit, "tea", &w->kit->alice, &settings);
	joined(w, &w->carol);
	joined(w, &w->erin);
	kit_queue_start(w->q, w->kit, false);
	kit_drain(w->q, 0);
	w->q->count = 0;
	*state = w;
	return 0;
}

static int scene_begin(void **state)
{
	const struct community open = { .kind = STR("") };
	return begin(state, &open);
}

static int scene_premoderated(void **state)
{
	const struct community careful = { .kind = STR(""),
					   .given = COMMUNITY_GIVES_PREMODERATION,
					   .premoderated = true };
	return begin(state, &careful);
}

/* With what is held for a moment. */
static void drain(struct kit_scene *w)
{
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	test_clock_advance(&w->kit->clock, FEDERATE_HOLD_MS);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	/* what has been passed on is kept no longer */
	assert_int_equal(kit_rows(w->kit, &queue_table_body), 0);
	assert_int_equal(kit_rows(w->kit, &queue_table_dead), 0);
}

/* How many deliveries to this inbox have all three in them. */
static unsigned sent(const struct kit_scene *w, const char *inbox, const char *a, const char *b)
{
	unsigned n = 0;
	for (size_t i = 0; i < w->q->count; i++) {
		const struct sent *s = &w->q->sent[i];
		n += str_eq(s->inbox, str_of(inbox)) && str_contains(s->body, str_of(a)) &&
		     str_contains(s->body, str_of(b));
	}
	return n;
}

static enum rc carol_posts(struct kit_scene *w)
{
	return kit_receive(w->kit, &w->carol, kit_create(w->kit, CAROL, 1, IN_TEA));
}

static uint64_t note_id(struct kit_scene *w)
{
	struct status s;
	assert_true(kit_status(w->kit, NOTE, &s));
	assert_int_equal(s.community, tea.id);
	return s.id;
}

static unsigned flags_of(struct kit_scene *w, uint64_t id)
{
	struct community_post place;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	assert_true(community_post_get(txn, tea.id, id, &place));
	db_read_end(&txn);
	return place.flags;
}

/* An act of somebody elsewhere; object and more are JSON. */
static enum rc acts(struct kit_scene *w, const struct peer_actor *who, const char *type,
		    const char *object, const char *more)
{
	static unsigned n;
	return kit_receive(w->kit, who,
			   kit_json(w->kit,
				    "{\"id\":\"%s/acts/%u\",\"type\":\"%s\",\"actor\":\"%s\","
				    "\"to\":[\"" AP_PUBLIC "\"],\"cc\":[\"" TEA
				    "\"],\"object\":%s%s}",
				    who->uri, ++n, type, who->uri, object, more));
}

static enum rc undoes(struct kit_scene *w, const struct peer_actor *who, const char *type,
		      const char *object, const char *more)
{
	struct str inner = kit_json(w->kit,
				    "{\"id\":\"%s/undone\",\"type\":\"%s\",\"actor\":\"%s\","
				    "\"object\":%s%s}",
				    who->uri, type, who->uri, object, more);
	return acts(w, who, "Undo", inner.ptr, "");
}

#define Q(uri) "\"" uri "\""

struct appointing {
	struct kit_scene *w;
	uint64_t who, role;
};

static enum rc appoint_job(struct db_txn *txn, void *arg)
{
	struct appointing *a = arg;
	struct ctx ctx = { .arena = a->w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &a->w->kit->site };
	return community_appoint(&s, NULL, tea.id, a->who, a->role);
}

static void appointed(struct kit_scene *w, const struct peer_actor *who, uint64_t role)
{
	struct appointing a = { w, who->id, role };
	kit_write(w->kit, appoint_job, &a);
}

/* --- passing on --- */

static void a_member_s_post_goes_to_all_others_as_it_came_and_not_back(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	assert_int_equal(carol_posts(w), RC_EXISTS);
	note_id(w);
	drain(w);
	/* the whole activity in the group's Announce, and the thread itself for servers without groups */
	assert_int_equal(sent(w, OTHER_SHARED, "\"type\":\"Announce\"", "\"type\":\"Create\""), 1);
	assert_int_equal(sent(w, OTHER_SHARED, "\"actor\":\"" TEA "\"", NOTE "/activity"), 1);
	assert_int_equal(sent(w, OTHER_SHARED, "\"object\":\"" NOTE "\"", "Announce"), 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Create\""), 0);
}

static void what_one_of_ours_posts_bears_both_proofs(void **state)
{
	struct kit_scene *w = *state;
	kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "Which pot? @tea");
	drain(w);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Create\""), 1);
	for (size_t i = 0; i < w->q->count; i++) {
		struct str body = w->q->sent[i].body;
		if (!str_contains(body, STR("\"type\":\"Announce\"")) ||
		    !str_contains(body, STR("\"type\":\"Create\"")))
			continue;
		size_t first = str_find(body, STR("\"verificationMethod\":\"" ALICE "#"));
		size_t second = str_find(body, STR("\"verificationMethod\":\"" TEA "#"));
		assert_true(first < second && second < body.len);
		assert_true(str_contains(body, STR("\"audience\":\"" TEA "\"")));
	}
}

static void votes_are_passed_on_and_taken_back(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->count = 0;
	assert_int_equal(acts(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
	assert_int_equal(acts(w, &w->erin, "Like", Q(NOTE), ""), RC_EXISTS);
	assert_int_equal(undoes(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
	assert_int_equal(acts(w, &w->erin, "Dislike", Q(NOTE), ""), RC_OK);
	drain(w);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Like\""), 2);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Undo\""), 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Dislike\""), 1);
	assert_int_equal(kit_sent_to(w->q, OTHER_SHARED), 0);
}

#define FAR "far.example"
#define FAR_JOBS 20001

static enum rc burden_job(struct db_txn *txn, void *arg UNUSED)
{
	const struct queue_new job = { .kind = JOB_DELIVER,
				       .lane = STR(FAR),
				       .payload = STR("https://" FAR "/inbox"),
				       .due_ms = db_txn_now(txn) + 7 * MS_PER_DAY };
	for (unsigned i = 0; i < FAR_JOBS; i++)
		queue_add(txn, &job);
	return db_txn_rc(txn);
}

static enum rc relief_job(struct db_txn *txn, void *arg UNUSED)
{
	return queue_drop_lane(txn, STR(FAR), STR("enough")) == FAR_JOBS ? db_txn_rc(txn)
									 : RC_CORRUPT;
}

/* What burdened it is gone, and the queue has noticed. */
static void relieve(struct kit_scene *w)
{
	kit_write(w->kit, relief_job, NULL);
	queue_reload(w->kit->queue);
	for (int i = 0; i < 5000 && queue_waiting(w->kit->queue, JOB_DELIVER) != 0; i++)
		kit_settle(w->q);
	assert_int_equal(queue_waiting(w->kit->queue, JOB_DELIVER), 0);
}

/* blocked: jobs that are due, behind one that waits. */
static void later(struct kit_scene *w, uint64_t ms, uint64_t blocked)
{
	test_clock_advance(&w->kit->clock, ms);
	queue_wake(w->kit->queue);
	kit_drain(w->q, blocked);
}

/* Votes wait while the node has much to deliver, in their order, and hold up nothing else. */
static void votes_wait_for_room_and_posts_do_not(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->count = 0;
	kit_write(w->kit, burden_job, NULL);
	later(w, 0, 0);
	assert_int_equal(acts(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
	assert_int_equal(undoes(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
	later(w, FEDERATE_HOLD_MS, 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Like\""), 0);
	assert_int_equal(kit_receive(w->kit, &w->carol, kit_create(w->kit, CAROL, 2, IN_TEA)),
			 RC_OK);
	later(w, 0, 1);
	assert_int_equal(sent(w, OTHER_SHARED, "Announce", "\"type\":\"Create\""), 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Like\""), 0);
	relieve(w);
	later(w, 10 * MS_PER_SECOND, 0);
	later(w, 10 * MS_PER_SECOND, 0);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Undo\""), 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Like\""), 2);
	assert_true(str_contains(w->q->sent[w->q->count - 1].body, STR("\"type\":\"Undo\"")));
	assert_int_equal(kit_rows(w->kit, &queue_table_body), 0);
}

/* A host that does not answer costs a row for each post, and none for each vote. */
static void votes_are_spared_those_who_do_not_answer(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->down = "peer.example";
	for (int i = 0; i < 5; i++) {
		assert_int_equal(acts(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
		assert_int_equal(undoes(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
		later(w, MS_PER_HOUR, 0);
	}
	/* those of before it was down for an hour */
	assert_int_equal(kit_rows(w->kit, &queue_table_job), 2);
	kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "Which pot? @tea");
	later(w, FEDERATE_HOLD_MS, 0);
	assert_in_range(kit_rows(w->kit, &queue_table_job), 3, 6);
}

/* After a day nobody is told any more, and nothing is left of it. */
static void what_waited_for_a_day_is_told_no_more(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->count = 0;
	kit_write(w->kit, burden_job, NULL);
	later(w, 0, 0);
	assert_int_equal(acts(w, &w->erin, "Like", Q(NOTE), ""), RC_OK);
	later(w, FEDERATE_HOLD_MS, 0);
	later(w, MS_PER_DAY + MS_PER_MINUTE, 0);
	relieve(w);
	assert_int_equal(kit_sent_to(w->q, PEER_SHARED), 0);
	assert_int_equal(kit_rows(w->kit, &queue_table_body), 0);
	assert_int_equal(kit_rows(w->kit, &queue_table_job), 0);
}

static void edits_and_deletions_are_passed_on(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->count = 0;
	struct str note =
		kit_json(w->kit, "{\"id\":\"" NOTE "\",\"type\":\"Note\",\"attributedTo\":"
				 "\"" CAROL "\",\"content\":\"better\",\"to\":[\"" AP_PUBLIC
				 "\"]" IN_TEA ",\"updated\":\"2026-11-01T00:00:00Z\"}");
	assert_int_equal(acts(w, &w->carol, "Update", note.ptr, ""), RC_OK);
	assert_int_equal(acts(w, &w->carol, "Delete", Q(NOTE), ""), RC_OK);
	drain(w);
	assert_int_equal(sent(w, OTHER_SHARED, "Announce", "\"type\":\"Update\""), 1);
	assert_int_equal(sent(w, OTHER_SHARED, "Announce", "\"type\":\"Delete\""), 1);
}

/* Whatever a moderator has not let through, nobody hears of. */
static void what_waits_is_passed_on_when_it_is_approved(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	uint64_t id = note_id(w);
	assert_int_equal(flags_of(w, id), COMMUNITY_POST_HELD);
	assert_int_equal(acts(w, &w->carol, "Like", Q(NOTE), ""), RC_OK);
	drain(w);
	assert_int_equal(w->q->count, 0);
	assert_int_equal(kit_rows(w->kit, &store_community_held), 1);
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, id, COMMUNITY_ACT_APPROVE), RC_OK);
	drain(w);
	assert_int_equal(sent(w, OTHER_SHARED, "Announce", NOTE "/activity"), 1);
	assert_int_equal(kit_rows(w->kit, &store_community_held), 0);
}

/* --- who may --- */

static void strangers_vote_as_guests_and_who_is_banned_does_not(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	assert_int_equal(acts(w, &w->dave, "Like", Q(NOTE), ""), RC_OK);
	appointed(w, &w->erin, COMMUNITY_MODERATOR);
	assert_int_equal(acts(w, &w->erin, "Block", Q(DAVE), ",\"target\":\"" TEA "\""), RC_OK);
	assert_int_equal(acts(w, &w->dave, "Dislike", Q(NOTE), ""), RC_DENIED);
	assert_int_equal(
		acts(w, &w->dave, "EmojiReact", Q(NOTE), ",\"content\":\"\xf0\x9f\x94\xa5\""),
		RC_DENIED);
	struct str answer = kit_create(w->kit, DAVE, 1, IN_TEA ",\"inReplyTo\":\"" NOTE "\"");
	assert_int_equal(kit_receive(w->kit, &w->dave, answer), RC_DENIED);
	drain(w);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Block\""), 1);
	assert_int_equal(sent(w, PEER_SHARED, "Announce", "\"type\":\"Dislike\""), 0);
	assert_int_equal(undoes(w, &w->erin, "Block", Q(DAVE), ",\"target\":\"" TEA "\""), RC_OK);
	assert_int_equal(kit_receive(w->kit, &w->dave, answer), RC_OK);
}

static void a_forged_moderator_does_nothing(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	uint64_t id = note_id(w);
	drain(w);
	w->q->count = 0;
	/* a member, a stranger of the author's host, and the author where it is not the author's to do */
	const struct peer_actor *const they[] = { &w->erin, &w->dave };
	for (size_t i = 0; i < ARRAY_LEN(they); i++) {
		const struct peer_actor *who = they[i];
		assert_int_equal(acts(w, who, "Lock", Q(NOTE), ""), RC_DENIED);
		assert_int_equal(undoes(w, who, "Lock", Q(NOTE), ""), RC_DENIED);
		assert_int_equal(acts(w, who, "Delete", Q(NOTE), ",\"summary\":\"\""), RC_DENIED);
		assert_int_equal(undoes(w, who, "Delete", Q(NOTE), ""), RC_DENIED);
		assert_int_equal(acts(w, who, "Add", Q(NOTE),
				      ",\"target\":\"" TEA "/collections/featured\""),
				 RC_DENIED);
		assert_int_equal(acts(w, who, "Add", Q(DAVE), ",\"target\":\"" TEA "/moderators\""),
				 RC_DENIED);
		assert_int_equal(
			acts(w, who, "Remove", Q(ALICE), ",\"target\":\"" TEA "/moderators\""),
			RC_DENIED);
		assert_int_equal(acts(w, who, "Block", Q(ALICE), ",\"target\":\"" TEA "\""),
				 RC_DENIED);
	}
	assert_int_equal(acts(w, &w->carol, "Lock", Q(NOTE), ""), RC_DENIED);
	assert_int_equal(flags_of(w, id), 0);
	drain(w);
	assert_int_equal(w->q->count, 0);
}

static void a_moderator_elsewhere_moderates_and_all_hear_of_it(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	uint64_t id = note_id(w);
	appointed(w, &w->erin, COMMUNITY_MODERATOR);
	drain(w);
	w->q->count = 0;
	const char *const featured = ",\"target\":\"" TEA "/collections/featured\"";
	assert_int_equal(acts(w, &w->erin, "Lock", Q(NOTE), ",\"summary\":\"calm down\""), RC_OK);
	assert_int_equal(flags_of(w, id), COMMUNITY_POST_LOCKED);
	/* nobody but staff answers there now */
	struct str answer = kit_create(w->kit, DAVE, 1, IN_TEA ",\"inReplyTo\":\"" NOTE "\"");
	assert_int_equal(kit_receive(w->kit, &w->dave, answer), RC_DENIED);
	assert_int_equal(undoes(w, &w->erin, "Lock", Q(NOTE), ""), RC_OK);
	assert_int_equal(acts(w, &w->erin, "Add", Q(NOTE), featured), RC_OK);
	assert_int_equal(flags_of(w, id), COMMUNITY_POST_PINNED);
	assert_int_equal(acts(w, &w->erin, "Remove", Q(NOTE), featured), RC_OK);
	assert_int_equal(acts(w, &w->erin, "Delete", Q(NOTE), ",\"summary\":\"spam\""), RC_OK);
	assert_int_equal(flags_of(w, id), COMMUNITY_POST_REMOVED);
	assert_int_equal(undoes(w, &w->erin, "Delete", Q(NOTE), ",\"summary\":\"spam\""), RC_OK);
	assert_int_equal(flags_of(w, id), 0);
	/* moderators make no moderators; owners do */
	assert_int_equal(acts(w, &w->erin, "Add", Q(CAROL), ",\"target\":\"" TEA "/moderators\""),
			 RC_DENIED);
	appointed(w, &w->erin, COMMUNITY_OWNER);
	assert_int_equal(acts(w, &w->erin, "Add", Q(CAROL), ",\"target\":\"" TEA "/moderators\""),
			 RC_OK);
	drain(w);
	assert_int_equal(sent(w, PEER_SHARED, "\"type\":\"Announce\"", "\"type\":\"Lock\""), 2);
	assert_int_equal(sent(w, PEER_SHARED, "\"type\":\"Announce\"", "\"type\":\"Delete\""), 2);
	assert_int_equal(sent(w, PEER_SHARED, "\"type\":\"Announce\"", "collections/featured"), 2);
	assert_int_equal(sent(w, PEER_SHARED, "\"type\":\"Announce\"", "/moderators\""), 1);
}

/* S-008: a moderator of one community, and of another host, has nothing to say in the next. */
static void nobody_moderates_what_is_not_the_community_s(void **state)
{
	struct kit_scene *w = *state;
	struct community settings = { .kind = STR("") };
	struct status s;
	kit_community(w->kit, "coffee", &w->kit->alice, &settings);
	appointed(w, &w->erin, COMMUNITY_OWNER);
	/* members only begin threads */
	kit_follow(w->kit, w->carol.id, settings.id, FOLLOW_ACCEPTED, CAROL "#coffee");
	struct str note = kit_create(w->kit, CAROL, 1, ",\"cc\":[\"" COFFEE "\"]");
	assert_int_equal(kit_receive(w->kit, &w->carol, note), RC_OK);
	assert_true(kit_status(w->kit, NOTE, &s));
	assert_int_equal(s.community, settings.id);
	assert_int_equal(acts(w, &w->erin, "Lock", Q(NOTE), ""), RC_DENIED);
	assert_int_equal(acts(w, &w->erin, "Delete", Q(NOTE), ",\"summary\":\"\""), RC_DENIED);
	/* nor by calling it the other one's */
	enum rc rc =
		acts(w, &w->erin, "Add", Q(NOTE), ",\"target\":\"" TEA "/collections/featured\"");
	assert_true(rc == RC_DENIED || rc == RC_UNSUPPORTED);
	/* and what is in none is its author's alone */
	note = kit_create(w->kit, CAROL, 2, ",\"cc\":[\"" ALICE "\"]");
	assert_int_equal(kit_receive(w->kit, &w->carol, note), RC_OK);
	assert_int_equal(acts(w, &w->erin, "Delete", Q(CAROL "/notes/2"), ",\"summary\":\"\""),
			 RC_DENIED);
	assert_true(kit_status(w->kit, CAROL "/notes/2", &s));
}

static void groups_do_not_go_in_circles(void **state)
{
	struct kit_scene *w = *state;
	struct peer_actor club = kit_group(w->kit, CLUB, 3);
	struct status s;
	joined(w, &club);
	assert_int_equal(carol_posts(w), RC_OK);
	drain(w);
	w->q->count = 0;
	/* what it passes on of ours, or says itself, is not passed on again */
	struct str create = kit_create(w->kit, CAROL, 1, IN_TEA);
	acts(w, &club, "Announce", create.ptr, "");
	acts(w, &club, "Announce", Q(NOTE), "");
	assert_int_equal(kit_receive(w->kit, &club, kit_create(w->kit, CLUB, 1, IN_TEA)), RC_OK);
	assert_true(kit_status(w->kit, CLUB "/notes/1", &s));
	assert_int_equal(s.community, 0);
	/* a post for both is the one's or the other's */
	struct str both = kit_create(w->kit, CAROL, 2, ",\"cc\":[\"" CLUB "\",\"" TEA "\"]");
	assert_int_equal(kit_receive(w->kit, &w->carol, both), RC_OK);
	drain(w);
	assert_int_equal(sent(w, OTHER_SHARED, "\"type\":\"Announce\"", CAROL "/notes/1/activity"),
			 0);
	assert_true(sent(w, OTHER_SHARED, "\"type\":\"Announce\"", CAROL "/notes/2/activity") <= 1);
}

/* --- reports --- */

static uint64_t newest_report(struct kit_scene *w, struct report *out)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	size_t n = report_list(txn, w->kit->arena, 0, out, 1);
	db_read_end(&txn);
	return n;
}

static void a_report_reaches_the_community_s_staff_who_say_when_it_is_handled(void **state)
{
	struct kit_scene *w = *state;
	struct report report;
	assert_int_equal(carol_posts(w), RC_OK);
	uint64_t before = kit_rows(w->kit, &store_notice);
	assert_int_equal(acts(w, &w->erin, "Flag", Q(NOTE), ",\"summary\":\"not about tea\""),
			 RC_OK);
	assert_int_equal(newest_report(w, &report), 1);
	assert_int_equal(report.target, w->carol.id);
	assert_str_eq(report.comment, STR("not about tea"));
	assert_int_equal(kit_rows(w->kit, &store_notice), before + 1); /* alice, its owner */
	struct str flag = kit_json(w->kit,
				   "{\"id\":\"%.*s\",\"type\":\"Flag\",\"actor\":\"" ERIN
				   "\",\"object\":\"" NOTE "\"}",
				   STR_ARG(report.uri));
	assert_int_equal(acts(w, &w->dave, "Resolve", flag.ptr, ""), RC_DENIED);
	appointed(w, &w->erin, COMMUNITY_MODERATOR);
	kit_reports(w->kit, 300); /* since then */
	assert_int_equal(acts(w, &w->erin, "Resolve", flag.ptr, ""), RC_OK);
	assert_true(kit_report(w->kit, report.id).resolved_ms != 0);
}

/* FEP-1b12 names a community by addressing it; somebody may be named, with no post. */
static void a_member_is_reported_to_their_community(void **state)
{
	struct kit_scene *w = *state;
	struct report report;
	static const struct {
		const char *object, *more;
		enum rc rc;
		bool lane;
	} rows[] = { { Q(CAROL), ",\"target\":\"" TEA "\"", RC_OK, true },
		     { Q(CAROL), "", RC_OK, true },
		     { "[" Q(CAROL) "," Q(NOTE) "]", "", RC_OK, true },
		     /* not in it, and of elsewhere: nobody's matter here */
		     { Q(DAVE), ",\"target\":\"" TEA "\"", RC_NOT_FOUND, false },
		     /* who looks after it */
		     { Q(ALICE), ",\"target\":\"" TEA "\"", RC_OK, false },
		     /* of here and not in it: the node's */
		     { Q(BOB), ",\"target\":\"" TEA "\"", RC_OK, false } };
	assert_int_equal(carol_posts(w), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t before = kit_rows(w->kit, &store_report);
		assert_int_equal(acts(w, &w->erin, "Flag", rows[i].object, rows[i].more),
				 rows[i].rc);
		assert_int_equal(kit_rows(w->kit, &store_report), before + (rows[i].rc == RC_OK));
		if (rows[i].rc != RC_OK)
			continue;
		assert_int_equal(newest_report(w, &report), 1);
		assert_int_equal(report.lane, rows[i].lane ? tea.id : 0);
	}
	/* without the community they are nobody's matter here */
	assert_int_equal(kit_receive(w->kit, &w->erin,
				     kit_activity(w->kit, ERIN "/acts/f", "Flag", ERIN, Q(CAROL))),
			 RC_NOT_FOUND);
}

/* --- what is served --- */

static bool says(struct kit_scene *w, const char *target, const char *what)
{
	struct kit_reply reply = kit_get(w->kit, target, NULL);
	assert_int_equal(reply.status, 200);
	return str_contains(reply.body, str_of(what));
}

static void its_documents_are_those_that_lemmy_reads(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(carol_posts(w), RC_OK);
	kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "Which pot? @tea");
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, note_id(w), COMMUNITY_ACT_PIN),
			 RC_OK);
	assert_true(says(w, "/users/tea", "\"type\":\"Group\""));
	assert_true(says(w, "/users/tea", "\"attributedTo\":\"" TEA "/moderators\""));
	assert_true(says(w, "/users/tea", "\"postingRestrictedToMods\":false"));
	assert_true(says(w, "/users/tea", "\"source\":{\"content\":\"A community\""));
	assert_true(says(w, "/users/tea/moderators", "\"orderedItems\":[\"" ALICE "\"]"));
	assert_true(says(w, "/users/tea/collections/featured", "\"orderedItems\":[\"" NOTE "\"]"));
	assert_true(says(w, "/users/tea/outbox", "\"type\":\"OrderedCollection\""));
	assert_true(says(w, "/users/tea/outbox", "\"totalItems\":2"));
	assert_true(says(w, "/users/tea/outbox", "\"object\":\"" NOTE "\""));
	assert_true(says(w, "/users/tea/outbox", "Which pot?"));
	assert_int_equal(kit_get(w->kit, "/users/alice/moderators", NULL).status, 404);
	assert_true(says(w, "/.well-known/webfinger?resource=acct:tea@home.example",
			 "activitystreams#type\":\"Group\""));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)
	const struct CMUnitTest tests[] = {
		TEST(a_member_s_post_goes_to_all_others_as_it_came_and_not_back),
		TEST(what_one_of_ours_posts_bears_both_proofs),
		TEST(votes_are_passed_on_and_taken_back),
		TEST(votes_wait_for_room_and_posts_do_not),
		TEST(votes_are_spared_those_who_do_not_answer),
		TEST(what_waited_for_a_day_is_told_no_more),
		TEST(edits_and_deletions_are_passed_on),
		cmocka_unit_test_setup_teardown(what_waits_is_passed_on_when_it_is_approved,
						scene_premoderated, kit_scene_end),
		TEST(strangers_vote_as_guests_and_who_is_banned_does_not),
		TEST(a_forged_moderator_does_nothing),
		TEST(a_moderator_elsewhere_moderates_and_all_hear_of_it),
		TEST(nobody_moderates_what_is_not_the_community_s),
		TEST(groups_do_not_go_in_circles),
		TEST(a_report_reaches_the_community_s_staff_who_say_when_it_is_handled),
		TEST(a_member_is_reported_to_their_community),
		TEST(its_documents_are_those_that_lemmy_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
