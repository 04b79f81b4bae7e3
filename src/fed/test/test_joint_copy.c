/* Posts whose origin is gone: when a partner's copy is taken, what is believed of it, and what ends it. */
#include "../joint_job_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "fedqueue.h"
#include "store/graph.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define GIN HOME "/users/gin"
#define CLUB "https://peer.example/users/club"
#define ITEMS CLUB "/joint"
#define ZOE "https://gone.example/users/zoe"
#define NOTE "https://gone.example/notes/1"
#define OTHER "https://gone.example/notes/2"

static struct account tea, gin;
static struct peer_actor club;

static void answer(struct kit_scene *w, const char *url, struct str body)
{
	test_fetch_answer(w->kit->net, url, 200, ACTIVITY_JSON, body);
}

static int scene_begin(void **state)
{
	struct kit_scene *w = kit_scene();
	struct community settings = { .kind = STR("") }, more = { .kind = STR("") };
	club = kit_group(w->kit, CLUB, 3);
	tea = kit_community(w->kit, "tea", &w->kit->alice, &settings);
	gin = kit_community(w->kit, "gin", &w->kit->alice, &more);
	kit_partner(w->kit, tea.id, &club, true);
	test_fetch_answer(w->kit->net, ITEMS "?of=bans", 404, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, ITEMS "?of=votes", 404, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, ITEMS "?of=reactions", 404, "text/plain", STR(""));
	kit_queue_start(w->q, w->kit, false);
	*state = w;
	return 0;
}

static const char *hex(struct kit_scene *w, const unsigned char *bytes, size_t size)
{
	struct buf out = BUF_INIT(256);
	enc_hex(&out, str_n(bytes, size));
	return arena_take_buf(w->kit->arena, &out).ptr;
}

static const char *copy_url(struct kit_scene *w, const char *uri)
{
	const struct reckey name = reckey_digest(str_of(uri));
	return kit_json(w->kit, ITEMS "?copy=%s", hex(w, name.bytes, JOINT_NAME_SIZE)).ptr;
}

/* The partner has one post, with these letters. */
static void club_has(struct kit_scene *w, const char *uri, const char *letters, unsigned state)
{
	const struct digest sum = joint_digest(str_of(uri), state, 0);
	const unsigned bucket = reckey_digest(str_of(uri)).bytes[0];
	const char *page = kit_json(w->kit, ITEMS "?bucket=%u", bucket).ptr;
	answer(w, ITEMS,
	       kit_json(w->kit,
			"{\"id\":\"" ITEMS "\",\"type\":\"OrderedCollection\",\"totalItems\":1,"
			"\"buckets\":[{\"bucket\":%u,\"totalItems\":1,\"digest\":\"%s\"}]}",
			bucket, hex(w, sum.bytes, DIGEST_SIZE)));
	answer(w, page,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\",\"orderedItems\":"
			"[{\"id\":\"%s\",\"state\":\"%s\",\"stateTime\":5,\"edited\":0}]}",
			page, uri, letters));
}

/* What a copy says; what is NULL is as it should be. */
struct copy {
	const char *actor, *id, *author, *author_id, *name, *cc, *content, *more;
};

#define OR(given, usual) ((given) != NULL ? (given) : (usual))

static void club_copies(struct kit_scene *w, const struct copy *c)
{
	const char *author = OR(c->author, ZOE), *url = copy_url(w, NOTE);
	answer(w, url,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"Announce\",\"actor\":\"%s\",\"object\":{"
			"\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":{\"id\":\"%s\","
			"\"type\":\"Person\",\"preferredUsername\":\"%s\",\"name\":\"Zoe\"},"
			"\"content\":\"%s\",\"published\":\"2020-01-01T00:00:00Z\",\"to\":"
			"[\"" AP_PUBLIC "\"],\"cc\":[\"%s\"]%s}}",
			url, OR(c->actor, CLUB), OR(c->id, NOTE), OR(c->author_id, author),
			OR(c->name, "zoe"), OR(c->content, "what I said"), OR(c->cc, CLUB),
			OR(c->more, "")));
}

static struct str original(struct kit_scene *w, const char *content)
{
	return kit_json(w->kit,
			"{\"id\":\"" NOTE "\",\"type\":\"Note\",\"attributedTo\":\"" ZOE "\","
			"\"content\":\"%s\",\"published\":\"2020-01-01T00:00:00Z\",\"to\":"
			"[\"" AP_PUBLIC "\"],\"cc\":[\"" CLUB "\"]}",
			content);
}

static enum rc task_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	const struct joint_task task = {
		.step = JOINT_STEP_COMPARE, .community = tea.id, .partner = club.id, .uri = STR("")
	};
	joint_task_add(&s, &task, STR("peer.example"), 0);
	return db_txn_rc(txn);
}

static void passes(struct kit_scene *w, uint64_t ms)
{
	test_clock_advance(&w->kit->clock, ms);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

static void compares(struct kit_scene *w)
{
	kit_write(w->kit, task_job, w);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

/* Compared when its host was silent already, and again a week later. */
static void a_week_passes(struct kit_scene *w)
{
	club_has(w, NOTE, "", 0);
	compares(w);
	passes(w, 7 * MS_PER_DAY);
	compares(w);
}

static uint64_t copied_by(struct kit_scene *w)
{
	struct status s;
	struct db_txn *txn;
	uint64_t by = 0;
	if (!kit_status(w->kit, NOTE, &s))
		return 0;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	by = joint_copy_by(txn, tea.id, s.id);
	db_read_end(&txn);
	return by;
}

static bool is_here(struct kit_scene *w, const char *content)
{
	struct status s;
	if (!kit_status(w->kit, NOTE, &s))
		return false;
	assert_int_equal(s.community, tea.id);
	assert_str_eq(s.content.markup, str_of(content));
	return true;
}

/* --- when it is taken --- */

static void a_copy_is_taken_when_the_origin_was_silent_for_a_week(void **state)
{
	struct kit_scene *w = *state;
	struct account zoe;
	struct status s;
	club_copies(w, &(struct copy){ 0 });
	club_has(w, NOTE, "l", JOINT_LOCKED);
	compares(w);
	passes(w, 6 * MS_PER_DAY);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_true(test_fetch_count_of(w->kit->net, NOTE) != 0);
	assert_false(kit_status(w->kit, NOTE, &s));
	passes(w, MS_PER_DAY);
	compares(w);
	assert_true(is_here(w, "what I said"));
	assert_int_equal(copied_by(w), club.id);
	/* what was done with it came, too; nobody was told of it */
	assert_true(kit_status(w->kit, NOTE, &s));
	assert_int_equal(kit_rows(w->kit, &store_notice), 0);
	struct community_post place;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	assert_true(community_post_get(txn, tea.id, s.id, &place));
	assert_int_equal(place.flags, COMMUNITY_POST_LOCKED);
	db_read_end(&txn);
	/* its author is known by name alone */
	assert_true(kit_account(w->kit, s.account, &zoe));
	assert_str_eq(zoe.uri, STR(ZOE));
	assert_str_eq(zoe.username, STR("zoe"));
	assert_str_eq(zoe.display_name, STR("Zoe"));
	assert_int_equal(zoe.inbox.len, 0);
	assert_int_equal(zoe.fetched_ms, 0);
}

static void what_its_origin_says_is_not_there_is_not_copied(void **state)
{
	static const unsigned statuses[] = { 404, 410 };
	struct kit_scene *w = *state;
	struct status s;
	club_copies(w, &(struct copy){ 0 });
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		test_fetch_answer(w->kit->net, NOTE, statuses[i], "text/plain", STR(""));
		a_week_passes(w);
		a_week_passes(w);
	}
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_false(kit_status(w->kit, NOTE, &s));
}

static void a_host_that_answered_again_is_not_gone(void **state)
{
	struct kit_scene *w = *state;
	club_copies(w, &(struct copy){ 0 });
	club_has(w, NOTE, "", 0);
	compares(w);
	/* what it answers is no post: it is there all the same */
	test_fetch_answer(w->kit->net, NOTE, 403, "text/plain", STR(""));
	passes(w, 6 * MS_PER_DAY);
	test_fetch_fail(w->kit->net, NOTE, RC_UNREACHABLE);
	passes(w, 2 * MS_PER_DAY);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
}

/* --- what is believed --- */

static void a_copy_that_says_too_much_is_not_taken(void **state)
{
	static const struct copy rows[] = {
		{ .actor = ZOE },
		{ .id = OTHER },
		{ .id = "https://home.example/notes/1", .author = ALICE },
		{ .author = "https://third.example/users/zoe" },
		{ .author_id = "https://third.example/users/zoe" },
		{ .name = "z/oe" },
		{ .cc = "https://third.example/users/club" },
		{ .more = ",\"tag\":[{\"type\":\"Mention\",\"href\":\"" GIN "\"}]" },
		{ .more = ",\"audience\":\"" GIN "\"" },
	};
	struct kit_scene *w = *state;
	struct status s;
	club_has(w, NOTE, "", 0);
	compares(w);
	passes(w, 7 * MS_PER_DAY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		club_copies(w, &rows[i]);
		compares(w);
		assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), i + 1);
		assert_false(kit_status(w->kit, NOTE, &s));
		assert_false(kit_status(w->kit, OTHER, &s));
	}
	assert_int_equal(kit_rows(w->kit, &store_joint_copy), 0);
	/* as it should be it is */
	club_copies(w, &(struct copy){ 0 });
	compares(w);
	assert_int_equal(copied_by(w), club.id);
}

static void a_copy_answers_nothing_of_another_community(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	const uint64_t parent = kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "elsewhere");
	const char *more =
		kit_json(w->kit, ",\"inReplyTo\":\"%.*s\"", STR_ARG(kit_post_uri(w->kit, parent)))
			.ptr;
	club_copies(w, &(struct copy){ .more = more });
	a_week_passes(w);
	assert_true(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)) != 0);
	assert_false(kit_status(w->kit, NOTE, &s));
}

static void nobodys_copy_is_taken_of_a_blocked_hosts_posts(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	club_copies(w, &(struct copy){ 0 });
	club_has(w, NOTE, "", 0);
	compares(w);
	passes(w, 7 * MS_PER_DAY);
	kit_policy(w->kit, "gone.example", PEER_BLOCKED);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_false(kit_status(w->kit, NOTE, &s));
}

static void an_author_who_is_known_stays_who_they_are(void **state)
{
	struct kit_scene *w = *state;
	const struct peer_actor zoe = kit_peer(w->kit, ZOE, 0);
	struct account before, after;
	assert_true(kit_account(w->kit, zoe.id, &before));
	test_fetch_fail(w->kit->net, ZOE, RC_UNREACHABLE);
	club_copies(w, &(struct copy){ .name = "somebody" });
	a_week_passes(w);
	assert_int_equal(copied_by(w), club.id);
	assert_true(kit_account(w->kit, zoe.id, &after));
	assert_str_eq(after.username, before.username);
	assert_str_eq(after.inbox, before.inbox);
	assert_str_eq(after.display_name, before.display_name);
}

/* --- what ends it --- */

static void copied(struct kit_scene *w)
{
	club_copies(w, &(struct copy){ 0 });
	a_week_passes(w);
	assert_int_equal(copied_by(w), club.id);
}

static void the_origin_is_asked_daily_until_it_answers(void **state)
{
	struct kit_scene *w = *state;
	struct status before, after;
	struct account zoe;
	copied(w);
	const size_t asked = test_fetch_count_of(w->kit->net, ZOE);
	for (unsigned day = 1; day <= 9; day++) {
		passes(w, MS_PER_DAY);
		assert_int_equal(test_fetch_count_of(w->kit->net, ZOE), asked + day);
	}
	assert_true(kit_status(w->kit, NOTE, &before));
	assert_int_equal(copied_by(w), club.id);
	/* it says the same: that is no edit */
	struct peer_actor back = kit_stranger(w->kit, ZOE, 0);
	answer(w, NOTE, original(w, "what I said"));
	passes(w, MS_PER_DAY);
	assert_int_equal(copied_by(w), 0);
	assert_true(kit_status(w->kit, NOTE, &after));
	assert_int_equal(after.id, before.id);
	assert_int_equal(after.edited_ms, 0);
	assert_true(kit_account(w->kit, after.account, &zoe));
	assert_true(zoe.inbox.len != 0 && zoe.fetched_ms != 0);
	assert_int_equal(back.id, 0);
	/* nothing is left to ask for */
	const size_t notes = test_fetch_count_of(w->kit->net, NOTE);
	passes(w, 2 * MS_PER_DAY);
	assert_int_equal(test_fetch_count_of(w->kit->net, NOTE), notes);
}

static void what_the_origin_says_replaces_the_copy(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	copied(w);
	(void)kit_stranger(w->kit, ZOE, 0);
	answer(w, NOTE, original(w, "what I really said"));
	passes(w, MS_PER_DAY);
	assert_int_equal(copied_by(w), 0);
	assert_true(is_here(w, "what I really said"));
	assert_true(kit_status(w->kit, NOTE, &s));
	assert_true(s.edited_ms != 0);
}

static void what_the_origin_deleted_goes(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	copied(w);
	test_fetch_answer(w->kit->net, ZOE, 410, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, NOTE, 404, "text/plain", STR(""));
	passes(w, MS_PER_DAY);
	assert_false(kit_status(w->kit, NOTE, &s));
	assert_int_equal(kit_rows(w->kit, &store_joint_copy), 0);
	/* and does not come back by the partner */
	const size_t copies = test_fetch_count_of(w->kit->net, copy_url(w, NOTE));
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), copies);
	assert_false(kit_status(w->kit, NOTE, &s));
}

static void its_author_speaks_for_it(void **state)
{
	struct kit_scene *w = *state;
	copied(w);
	(void)kit_stranger(w->kit, ZOE, 0);
	const struct peer_actor zoe = kit_peer(w->kit, ZOE, 0);
	const struct str update = kit_json(w->kit,
					   "{\"id\":\"" NOTE "#up\",\"type\":\"Update\","
					   "\"actor\":\"" ZOE "\",\"object\":%.*s}",
					   STR_ARG(original(w, "now")));
	assert_int_equal(kit_receive(w->kit, &zoe, update), RC_OK);
	assert_true(is_here(w, "now"));
	assert_int_equal(copied_by(w), 0);
}

/* --- what is served --- */

static struct kit_reply asks_for(struct kit_scene *w, const struct peer_actor *who, const char *uri)
{
	const struct kit_signing signing = kit_signed_by(w->kit, who);
	const struct reckey name = reckey_digest(str_of(uri));
	const char *target =
		kit_json(w->kit, "/users/tea/joint?copy=%s", hex(w, name.bytes, JOINT_NAME_SIZE))
			.ptr;
	return kit_get(w->kit, target, &signing);
}

static void a_copy_is_served_to_hosts_of_partners_alone(void **state)
{
	struct kit_scene *w = *state;
	copied(w);
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->erin = kit_peer(w->kit, ERIN, 2);
	struct kit_reply reply = asks_for(w, &w->carol, NOTE);
	assert_int_equal(reply.status, 200);
	struct jr_doc *doc = NULL;
	struct ctx ctx = { .arena = w->kit->arena };
	assert_int_equal(jr_parse(&ctx, reply.body, &jr_limits_peer, &doc), RC_OK);
	struct jr root = jr_root(doc), object = jr_get(root, "object");
	assert_str_eq(jr_str(jr_get(root, "actor")), STR(TEA));
	assert_str_eq(jr_str(jr_get(object, "id")), STR(NOTE));
	assert_str_eq(jr_str(jr_get(object, "content")), STR("what I said"));
	struct jr author = jr_get(object, "attributedTo");
	assert_str_eq(jr_str(jr_get(author, "id")), STR(ZOE));
	assert_str_eq(jr_str(jr_get(author, "preferredUsername")), STR("zoe"));
	assert_true(jr_type(jr_get(object, "replies")) == JR_ABSENT);
	jr_free(&doc);
	assert_int_equal(asks_for(w, &w->erin, NOTE).status, 404);
	assert_int_equal(asks_for(w, &w->carol, OTHER).status, 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_is_taken_when_the_origin_was_silent_for_a_week),
		TEST(what_its_origin_says_is_not_there_is_not_copied),
		TEST(a_host_that_answered_again_is_not_gone),
		TEST(a_copy_that_says_too_much_is_not_taken),
		TEST(a_copy_answers_nothing_of_another_community),
		TEST(nobodys_copy_is_taken_of_a_blocked_hosts_posts),
		TEST(an_author_who_is_known_stays_who_they_are),
		TEST(the_origin_is_asked_daily_until_it_answers),
		TEST(what_the_origin_says_replaces_the_copy),
		TEST(what_the_origin_deleted_goes),
		TEST(its_author_speaks_for_it),
		TEST(a_copy_is_served_to_hosts_of_partners_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
