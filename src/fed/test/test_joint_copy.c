/* Posts whose origin is gone: when a partner's copy is taken, what is believed of it, and what ends it. */
#include "../joint_job_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "fedqueue.h"
#include "store/graph.h"
#include "store/joint_copy.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define GIN HOME "/users/gin"
#define CLUB "https://peer.example/users/club"
#define ITEMS CLUB "/joint"
#define ZOE "https://gone.example/users/zoe"
#define NOTE "https://gone.example/notes/1"
#define ROOT "https://gone.example/"
#define EVIL "https://gone.example/users/evil"
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

static enum rc compare_job(struct db_txn *txn, void *arg)
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

static enum rc keep_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	joint_keep_copies(&s);
	return db_txn_rc(txn);
}

static void passes(struct kit_scene *w, uint64_t ms)
{
	/* what the queue has just been told of is planned before its clock moves */
	kit_settle(w->q);
	test_clock_advance(&w->kit->clock, ms);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

static void compares(struct kit_scene *w)
{
	kit_write(w->kit, compare_job, w);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

/* Each with its comparison. (A job is as old as the real clock says: whoever waits for the next day anew does not
 * become too old at once.) */
static void days_pass(struct kit_scene *w, unsigned days)
{
	for (unsigned i = 0; i < days; i++) {
		passes(w, MS_PER_DAY);
		compares(w);
	}
}

/* The next day, when origins are asked again. */
static void tomorrow(struct kit_scene *w)
{
	kit_settle(w->q);
	test_clock_advance(&w->kit->clock, MS_PER_DAY);
	kit_write(w->kit, keep_job, w);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

/* Compared when its host was silent already, and again a week later. */
static void a_week_passes(struct kit_scene *w)
{
	club_has(w, NOTE, "", 0);
	compares(w);
	days_pass(w, 7);
	compares(w);
}

static uint64_t copied_by(struct kit_scene *w)
{
	struct joint_copy copy = { .partner = 0 };
	struct status s;
	struct db_txn *txn;
	if (!kit_status(w->kit, NOTE, &s))
		return 0;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	if (!joint_copy_get(txn, s.id, &copy))
		copy.partner = 0;
	db_read_end(&txn);
	assert_true(copy.partner == 0 || copy.community == tea.id);
	return copy.partner;
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
	days_pass(w, 6);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_true(test_fetch_count_of(w->kit->net, NOTE) != 0);
	assert_false(kit_status(w->kit, NOTE, &s));
	days_pass(w, 1);
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
	days_pass(w, 3);
	/* it has answered once */
	test_fetch_answer(w->kit->net, ROOT, 500, "text/plain", STR(""));
	days_pass(w, 1);
	test_fetch_fail(w->kit->net, ROOT, RC_UNREACHABLE);
	compares(w);
	days_pass(w, 5);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
}

/* Which address is asked the partner has told: one that fails by itself says nothing of its host. */
static void one_bad_address_makes_no_host_gone(void **state)
{
	static const unsigned statuses[] = { 200, 404, 503 };
	struct kit_scene *w = *state;
	struct status s;
	club_copies(w, &(struct copy){ 0 });
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		test_fetch_answer(w->kit->net, ROOT, statuses[i], "text/html", STR(""));
		a_week_passes(w);
		days_pass(w, 2);
		compares(w);
	}
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_false(kit_status(w->kit, NOTE, &s));
	assert_true(test_fetch_count_of(w->kit->net, ROOT) != 0);
}

/* Where this node was away itself nobody knows what the host did. */
static void a_week_in_which_nobody_asked_is_none(void **state)
{
	struct kit_scene *w = *state;
	club_copies(w, &(struct copy){ 0 });
	club_has(w, NOTE, "", 0);
	compares(w);
	passes(w, 7 * MS_PER_DAY);
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	days_pass(w, 8);
	compares(w);
	assert_int_equal(copied_by(w), club.id);
}

static void a_host_is_asked_once_more_before_a_copy_is_taken(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	club_copies(w, &(struct copy){ 0 });
	club_has(w, NOTE, "", 0);
	compares(w);
	days_pass(w, 6);
	passes(w, MS_PER_DAY);
	/* it is back, and nobody has asked it since */
	test_clock_advance(&w->kit->clock, 2 * MS_PER_HOUR);
	test_fetch_answer(w->kit->net, ROOT, 200, "text/html", STR(""));
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), 0);
	assert_false(kit_status(w->kit, NOTE, &s));
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
		{ .name = "copied-7" },
		{ .cc = "https://third.example/users/club" },
		{ .more = ",\"tag\":[{\"type\":\"Mention\",\"href\":\"" GIN "\"}]" },
		{ .more = ",\"audience\":\"" GIN "\"" },
	};
	struct kit_scene *w = *state;
	struct status s;
	club_has(w, NOTE, "", 0);
	compares(w);
	days_pass(w, 6);
	passes(w, MS_PER_DAY);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		club_copies(w, &rows[i]);
		compares(w);
		assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), i + 1);
		assert_false(kit_status(w->kit, NOTE, &s));
		assert_false(kit_status(w->kit, OTHER, &s));
		/* and what is there really may come still */
		assert_int_equal(kit_uri(w->kit, NOTE).kind, URI_NONE);
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
	days_pass(w, 6);
	passes(w, MS_PER_DAY);
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

static enum rc drop_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	struct status status;
	if (status_find_uri(txn, w->kit->arena, STR(NOTE), &status))
		joint_copy_drop(&s, &status);
	return db_txn_rc(txn);
}

/* Without a trace, as if it had never been here. */
static void drop(struct kit_scene *w)
{
	kit_write(w->kit, drop_job, w);
	assert_int_equal(kit_uri(w->kit, NOTE).kind, URI_NONE);
	assert_int_equal(kit_rows(w->kit, &store_joint_copy), 0);
}

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
		tomorrow(w);
		assert_int_equal(test_fetch_count_of(w->kit->net, ZOE), asked + day);
	}
	assert_true(kit_status(w->kit, NOTE, &before));
	assert_int_equal(copied_by(w), club.id);
	/* it says the same: that is no edit */
	(void)kit_stranger(w->kit, ZOE, 0);
	answer(w, NOTE, original(w, "what I said"));
	tomorrow(w);
	assert_int_equal(copied_by(w), 0);
	assert_true(kit_status(w->kit, NOTE, &after));
	assert_int_equal(after.id, before.id);
	assert_int_equal(after.edited_ms, 0);
	assert_true(kit_account(w->kit, after.account, &zoe));
	assert_true(zoe.inbox.len != 0 && zoe.fetched_ms != 0);
	/* nothing is left to ask for */
	const size_t notes = test_fetch_count_of(w->kit->net, NOTE);
	tomorrow(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, NOTE), notes);
	assert_int_equal(kit_rows(w->kit, &store_silent_host), 0);
}

/* In whatever they differ, the post is read anew, as one that was never edited. */
static void what_the_origin_says_replaces_the_copy(void **state)
{
	static const struct copy rows[] = {
		{ .content = "something else" },
		{ .more = ",\"sensitive\":true" },
		{ .more = ",\"url\":\"https://phish.example/\"" },
		{ .more = ",\"inReplyTo\":\"https://gone.example/notes/9\"" },
		{ .more = ",\"tag\":[{\"type\":\"Hashtag\",\"name\":\"#pills\"}]" },
		{ .more = ",\"updated\":\"2021-01-01T00:00:00Z\"" },
		{ .author = EVIL, .name = "evil" },
	};
	struct kit_scene *w = *state;
	struct status s;
	struct account author;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		club_copies(w, &rows[i]);
		a_week_passes(w);
		assert_int_equal(copied_by(w), club.id);
		(void)kit_stranger(w->kit, ZOE, 0);
		(void)kit_stranger(w->kit, EVIL, 1);
		answer(w, NOTE, original(w, "what I really said"));
		tomorrow(w);
		assert_true(is_here(w, "what I really said"));
		assert_int_equal(copied_by(w), 0);
		assert_true(kit_status(w->kit, NOTE, &s));
		assert_str_eq(s.url, STR(""));
		assert_int_equal(s.edited_ms, 0);
		assert_int_equal(s.tag_count, 0);
		assert_int_equal(s.flags & STATUS_SENSITIVE, 0);
		assert_int_equal(s.parent_uri.len, 0);
		assert_true(kit_account(w->kit, s.account, &author));
		assert_str_eq(author.uri, STR(ZOE));
		/* the next one: it was never here, and its host is gone again */
		drop(w);
		test_fetch_fail(w->kit->net, NOTE, RC_UNREACHABLE);
		test_fetch_fail(w->kit->net, ZOE, RC_UNREACHABLE);
	}
}

static void what_the_origin_deleted_goes(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	copied(w);
	test_fetch_answer(w->kit->net, ZOE, 410, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, NOTE, 404, "text/plain", STR(""));
	tomorrow(w);
	assert_false(kit_status(w->kit, NOTE, &s));
	assert_int_equal(kit_rows(w->kit, &store_joint_copy), 0);
	/* and does not come back by the partner */
	const size_t copies = test_fetch_count_of(w->kit->net, copy_url(w, NOTE));
	compares(w);
	assert_int_equal(test_fetch_count_of(w->kit->net, copy_url(w, NOTE)), copies);
	assert_false(kit_status(w->kit, NOTE, &s));
	/* but by its origin, which may have said so of all that it has */
	(void)kit_stranger(w->kit, ZOE, 0);
	answer(w, NOTE, original(w, "what I said"));
	passes(w, MS_PER_DAY);
	compares(w);
	assert_true(is_here(w, "what I said"));
	assert_int_equal(copied_by(w), 0);
}

static void what_the_origin_says_is_deleted_does_not_come_back(void **state)
{
	struct kit_scene *w = *state;
	copied(w);
	test_fetch_answer(w->kit->net, NOTE, 410, "text/plain", STR(""));
	(void)kit_stranger(w->kit, ZOE, 0);
	tomorrow(w);
	assert_int_equal(kit_uri(w->kit, NOTE).kind, URI_TOMBSTONE);
	assert_int_equal(kit_rows(w->kit, &store_joint_copy), 0);
}

static enum rc says(struct kit_scene *w, const struct peer_actor *zoe, const char *type)
{
	return kit_receive(w->kit, zoe,
			   kit_json(w->kit,
				    "{\"id\":\"" NOTE "#%s\",\"type\":\"%s\",\"actor\":\"" ZOE
				    "\",\"to\":[\"" AP_PUBLIC "\",\"" TEA "\"],\"object\":%.*s}",
				    type, type, STR_ARG(original(w, type))));
}

static void its_author_says(struct kit_scene *w, const char *type)
{
	copied(w);
	const struct peer_actor zoe = kit_peer(w->kit, ZOE, 0);
	answer(w, NOTE, original(w, "what is there"));
	assert_int_equal(says(w, &zoe, type), RC_OK);
	passes(w, MS_PER_DAY);
	assert_true(is_here(w, "what is there"));
	assert_int_equal(copied_by(w), 0);
	assert_int_equal(kit_rows(w->kit, &store_notice), 0);
}

static void its_author_changes_it(void **state)
{
	its_author_says(*state, "Update");
}

static void its_author_says_it_again(void **state)
{
	its_author_says(*state, "Create");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_is_taken_when_the_origin_was_silent_for_a_week),
		TEST(what_its_origin_says_is_not_there_is_not_copied),
		TEST(a_host_that_answered_again_is_not_gone),
		TEST(one_bad_address_makes_no_host_gone),
		TEST(a_week_in_which_nobody_asked_is_none),
		TEST(a_host_is_asked_once_more_before_a_copy_is_taken),
		TEST(a_copy_that_says_too_much_is_not_taken),
		TEST(a_copy_answers_nothing_of_another_community),
		TEST(nobodys_copy_is_taken_of_a_blocked_hosts_posts),
		TEST(an_author_who_is_known_stays_who_they_are),
		TEST(the_origin_is_asked_daily_until_it_answers),
		TEST(what_the_origin_says_replaces_the_copy),
		TEST(what_the_origin_deleted_goes),
		TEST(what_the_origin_says_is_deleted_does_not_come_back),
		TEST(its_author_changes_it),
		TEST(its_author_says_it_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
