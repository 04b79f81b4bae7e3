/* Votes and bans as partners compare them: what is told and read, whose word counts, and what is no list. */
#include "../joint_job_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "fedqueue.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/tables.h"
#include "store/told_vote.h"

#define TEA HOME "/users/tea"
#define CLUB "https://peer.example/users/club"	/* of carol's host */
#define BAND "https://other.example/users/band" /* of erin's */
#define ITEMS CLUB "/joint"
#define NOTE CAROL "/notes/1"
#define IN_CLUB ",\"cc\":[\"" CLUB "\"],\"audience\":\"" CLUB "\""
#define STRANGER "https://s.example/users/zoe"
#define EMPTY "\"type\":\"OrderedCollection\",\"totalItems\":0,\"buckets\":[]}"

static struct account tea;
static struct peer_actor club, band;
static uint64_t note;

static void answer(struct kit_scene *w, const char *url, struct str body)
{
	test_fetch_answer(w->kit->net, url, 200, ACTIVITY_JSON, body);
}

static int scene_begin(void **state)
{
	struct kit_scene *w = kit_scene();
	struct community settings = { .kind = STR("") };
	struct status s;
	club = kit_group(w->kit, CLUB, 3);
	band = kit_group(w->kit, BAND, 1);
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->erin = kit_peer(w->kit, ERIN, 2);
	tea = kit_community(w->kit, "tea", &w->kit->alice, &settings);
	kit_partner(w->kit, tea.id, &club, true);
	kit_partner(w->kit, tea.id, &band, true);
	struct str announce =
		kit_json(w->kit,
			 "{\"id\":\"" CLUB "/announces/1\",\"type\":\"Announce\","
			 "\"actor\":\"" CLUB "\",\"to\":[\"" AP_PUBLIC "\"],\"object\":%s}",
			 kit_create(w->kit, CAROL, 1, IN_CLUB).ptr);
	must(kit_receive(w->kit, &club, announce) == RC_OK);
	must(kit_status(w->kit, NOTE, &s));
	note = s.id;
	answer(w, ITEMS, kit_json(w->kit, "{\"id\":\"" ITEMS "\"," EMPTY));
	answer(w, ITEMS "?of=bans", kit_json(w->kit, "{\"id\":\"" ITEMS "?of=bans\"," EMPTY));
	answer(w, ITEMS "?of=reactions",
	       kit_json(w->kit, "{\"id\":\"" ITEMS "?of=reactions\"," EMPTY));
	answer(w, ITEMS "?of=votes", kit_json(w->kit, "{\"id\":\"" ITEMS "?of=votes\"," EMPTY));
	*state = w;
	return 0;
}

/* --- what the partner tells --- */

struct told {
	const char *voter, *vote;
	uint64_t at_ms;
};

static struct joint_word word_of(const struct told *t)
{
	struct joint_word word = { .about = JOINT_VOTES, .at_ms = t->at_ms };
	struct reckey post = reckey_digest(STR(NOTE)), voter = reckey_digest(str_of(t->voter));
	memcpy(word.name, post.bytes, JOINT_NAME_SIZE);
	memcpy(word.name + JOINT_NAME_SIZE, voter.bytes, JOINT_NAME_SIZE);
	word.state = strcmp(t->vote, "up") == 0	    ? JOINT_VOTE_UP
		     : strcmp(t->vote, "down") == 0 ? JOINT_VOTE_DOWN
						    : JOINT_VOTE_NONE;
	return word;
}

static const char *hex(struct kit_scene *w, const unsigned char *bytes, size_t size)
{
	struct buf out = BUF_INIT(256);
	enc_hex(&out, str_n(bytes, size));
	return arena_take_buf(w->kit->arena, &out).ptr;
}

static const char *item(struct kit_scene *w, const struct told *t)
{
	const struct joint_word word = word_of(t);
	return kit_json(w->kit,
			"{\"post\":\"%s\",\"voter\":\"%s\",\"vote\":\"%s\",\"stateTime\":%llu}",
			hex(w, word.name, JOINT_NAME_SIZE),
			hex(w, word.name + JOINT_NAME_SIZE, JOINT_NAME_SIZE), t->vote,
			(unsigned long long)t->at_ms)
		.ptr;
}

/* One vote in a bucket; all other buckets are as they were told before. */
static void club_tells(struct kit_scene *w, const struct told *votes, size_t count)
{
	struct buf rows = BUF_INIT(16 * 1024);
	for (size_t i = 0; i < count; i++) {
		const struct joint_word word = word_of(&votes[i]);
		const struct digest digest = joint_word_digest(&word);
		const char *url =
			kit_json(w->kit, ITEMS "?bucket=%u&of=votes", joint_word_bucket(&word)).ptr;
		buf_addf(&rows, "%s{\"bucket\":%u,\"totalItems\":%u,\"digest\":\"%s\"}",
			 i != 0 ? "," : "", joint_word_bucket(&word), word.state != 0,
			 hex(w, digest.bytes, DIGEST_SIZE));
		answer(w, url,
		       kit_json(w->kit,
				"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				"\"orderedItems\":[%s]}",
				url, item(w, &votes[i])));
	}
	answer(w, ITEMS "?of=votes",
	       kit_json(w->kit,
			"{\"id\":\"" ITEMS "?of=votes\",\"type\":\"OrderedCollection\","
			"\"totalItems\":%zu,\"buckets\":[%.*s]}",
			count, STR_ARG(buf_str(&rows))));
	buf_free(&rows);
}

struct starting {
	struct kit_scene *w;
	struct joint_task task;
};

static enum rc task_job(struct db_txn *txn, void *arg)
{
	struct starting *g = arg;
	struct ctx ctx = { .arena = g->w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &g->w->kit->site };
	joint_task_add(&s, &g->task, STR(""), 0);
	return db_txn_rc(txn);
}

static void runs(struct kit_scene *w, struct joint_task task)
{
	struct starting g = { w, task };
	g.task.community = tea.id;
	g.task.partner = club.id;
	if (g.task.uri.ptr == NULL)
		g.task.uri = STR("");
	kit_write(w->kit, task_job, &g);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

static void compares(struct kit_scene *w)
{
	runs(w, (struct joint_task){ .step = JOINT_STEP_COMPARE, .about = JOINT_VOTES });
}

struct counted {
	uint32_t likes, dislikes;
};

static struct counted counts(struct kit_scene *w)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	const struct counted c = { status_counts(txn, note).likes, dislike_count(txn, note) };
	db_read_end(&txn);
	return c;
}

static void counts_are(struct kit_scene *w, uint32_t likes, uint32_t dislikes)
{
	const struct counted c = counts(w);
	assert_int_equal(c.likes, likes);
	assert_int_equal(c.dislikes, dislikes);
}

/* --- votes --- */

static enum rc like_job(struct db_txn *txn, void *arg)
{
	const uint64_t *account = arg;
	must(like_add(txn, note, *account, STR("")));
	return db_txn_rc(txn);
}

static uint64_t far(struct kit_scene *w)
{
	return clock_wall_ms(&w->kit->clock.clock) + 1000000;
}

static void what_was_missed_comes_by_comparing(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	const struct told votes[] = { { STRANGER, "up", 5 }, { CAROL, "down", 5 } };
	club_tells(w, votes, 2);
	compares(w);
	counts_are(w, 1, 1);
	/* and once more: nothing is new */
	compares(w);
	counts_are(w, 1, 1);
	/* turned, and taken back, later */
	const struct told later[] = { { STRANGER, "none", 6 }, { CAROL, "up", 6 } };
	club_tells(w, later, 2);
	compares(w);
	counts_are(w, 1, 0);
}

static void the_older_word_about_a_stranger_does_not_count(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	const struct told up = { STRANGER, "up", 50 }, none = { STRANGER, "none", 49 };
	club_tells(w, &up, 1);
	compares(w);
	club_tells(w, &none, 1);
	compares(w);
	counts_are(w, 1, 0);
	/* of the future it is of now: what comes then is later still */
	const struct told down = { STRANGER, "down", far(w) };
	club_tells(w, &down, 1);
	compares(w);
	counts_are(w, 0, 1);
}

static void nobody_tells_how_our_people_have_voted(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	kit_write(w->kit, like_job, &w->kit->alice.id);
	const struct told votes[] = { { ALICE, "down", far(w) }, { BOB, "up", far(w) } };
	club_tells(w, votes, 2);
	compares(w);
	counts_are(w, 1, 0);
	const struct told none = { ALICE, "none", far(w) };
	club_tells(w, &none, 1);
	compares(w);
	counts_are(w, 1, 0);
}

static void of_the_people_of_another_partner_that_one_tells(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	kit_write(w->kit, like_job, &w->erin.id);
	const struct told votes[] = { { ERIN, "down", far(w) } };
	club_tells(w, votes, 1);
	compares(w);
	counts_are(w, 1, 0);
	/* of its own it does, whenever */
	kit_write(w->kit, like_job, &w->carol.id);
	counts_are(w, 2, 0);
	const struct told own[] = { { CAROL, "down", 1 } };
	club_tells(w, own, 1);
	compares(w);
	counts_are(w, 1, 1);
}

static void votes_on_what_is_not_in_it_are_none(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	uint64_t mine = kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "mine");
	struct told vote = { STRANGER, "up", 5 };
	struct joint_word word = word_of(&vote);
	struct reckey post = reckey_digest(kit_post_uri(w->kit, mine));
	memcpy(word.name, post.bytes, JOINT_NAME_SIZE);
	const char *url =
		kit_json(w->kit, ITEMS "?bucket=%u&of=votes", joint_word_bucket(&word)).ptr;
	answer(w, ITEMS "?of=votes",
	       kit_json(w->kit,
			"{\"id\":\"" ITEMS "?of=votes\",\"type\":\"OrderedCollection\","
			"\"buckets\":[{\"bucket\":%u,\"totalItems\":1,\"digest\":\"%s\"}]}",
			joint_word_bucket(&word), hex(w, (unsigned char[DIGEST_SIZE]){ 1 }, 32)));
	answer(w, url,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\",\"orderedItems\":["
			"{\"post\":\"%s\",\"voter\":\"%s\",\"vote\":\"up\",\"stateTime\":5}]}",
			url, hex(w, word.name, JOINT_NAME_SIZE),
			hex(w, word.name + JOINT_NAME_SIZE, JOINT_NAME_SIZE)));
	compares(w);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	assert_int_equal(status_counts(txn, mine).likes, 0);
	db_read_end(&txn);
	assert_int_equal(kit_rows(w->kit, &store_told_vote), 0);
	assert_int_equal(kit_rows(w->kit, &store_joint_word), 0);
}

/* --- what is no list --- */

static void pages_that_are_not_in_order_are_not_believed(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	const struct told up = { STRANGER, "up", 5 }, odd = { STRANGER, "sideways", 5 };
	const struct joint_word word = word_of(&up);
	const char *good = item(w, &up);
	const char *bad[] = {
		kit_json(w->kit, "%s,%s", good, good).ptr,
		item(w, &odd),
		/* of another bucket */
		item(w, &(const struct told){ CAROL, "up", 5 }),
		"{\"post\":\"ab\",\"voter\":\"cd\",\"vote\":\"up\"}",
		"7",
	};
	const char *url =
		kit_json(w->kit, ITEMS "?bucket=%u&of=votes", joint_word_bucket(&word)).ptr;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		club_tells(w, &up, 1);
		answer(w, url,
		       kit_json(w->kit,
				"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				"\"orderedItems\":[%s]}",
				url, bad[i]));
		compares(w);
		counts_are(w, 0, 0);
	}
	/* nor a page that is empty and has one behind it */
	answer(w, url,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\",\"orderedItems\":[],"
			"\"next\":\"%s\"}",
			url, url));
	compares(w);
	club_tells(w, &up, 1);
	compares(w);
	counts_are(w, 1, 0);
}

/* A partner that always has one more. */
static bool endless(void *arg, size_t n, const struct test_fetch_request *request,
		    struct fetch_result *result)
{
	struct kit_scene *w = arg;
	unsigned char voter[JOINT_NAME_SIZE] = { 0 }, post[JOINT_NAME_SIZE] = { 0 };
	if (!str_contains(request->url, STR("of=votes")))
		return false;
	voter[JOINT_NAME_SIZE - 2] = (unsigned char)(n >> 8);
	voter[JOINT_NAME_SIZE - 1] = (unsigned char)n;
	*result = (struct fetch_result){
		.rc = RC_OK,
		.status = 200,
		.url = request->url,
		.content_type = STR(ACTIVITY_JSON),
		.body = kit_json(w->kit,
				 "{\"id\":\"%.*s\",\"type\":\"OrderedCollectionPage\","
				 "\"orderedItems\":[{\"post\":\"%s\",\"voter\":\"%s\",\"vote\":"
				 "\"up\",\"stateTime\":5}],\"next\":\"%.*s\"}",
				 STR_ARG(request->url), hex(w, post, sizeof(post)),
				 hex(w, voter, sizeof(voter)), STR_ARG(request->url))
	};
	return true;
}

static void a_partner_that_never_ends_is_left(void **state)
{
	struct kit_scene *w = *state;
	struct joint_task task = { .step = JOINT_STEP_COMPARE,
				   .about = JOINT_VOTES,
				   .begun = true,
				   .pages = JOINT_PAGES_MAX - 7 };
	kit_queue_start(w->q, w->kit, false);
	task.todo[0] = 1;
	test_fetch_script_set(w->kit->net, endless, w);
	const size_t before = test_fetch_count(w->kit->net);
	runs(w, task);
	assert_int_equal(test_fetch_count(w->kit->net) - before, 7);
	assert_int_equal(kit_rows(w->kit, &store_joint_word), 0);
}

/* --- bans --- */

/* more: what else stands in the item; until_ms of it counts for the sum. */
static void bans_tell_until(struct kit_scene *w, const char *person, bool banned, uint64_t at_ms,
			    uint64_t until_ms, const char *more)
{
	struct joint_word word = { .about = JOINT_BANS, .state = banned, .until_ms = until_ms };
	struct reckey name = reckey_digest(str_of(person));
	memcpy(word.name, name.bytes, JOINT_NAME_SIZE);
	const struct digest digest = joint_word_digest(&word);
	const char *url =
		kit_json(w->kit, ITEMS "?bucket=%u&of=bans", joint_word_bucket(&word)).ptr;
	answer(w, ITEMS "?of=bans",
	       kit_json(w->kit,
			"{\"id\":\"" ITEMS "?of=bans\",\"type\":\"OrderedCollection\","
			"\"buckets\":[{\"bucket\":%u,\"totalItems\":%d,\"digest\":\"%s\"}]}",
			joint_word_bucket(&word), banned, hex(w, digest.bytes, DIGEST_SIZE)));
	answer(w, url,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\",\"orderedItems\":["
			"{\"id\":\"%s\",\"banned\":%s,\"stateTime\":%llu%s}]}",
			url, person, banned ? "true" : "false", (unsigned long long)at_ms, more));
	runs(w, (struct joint_task){ .step = JOINT_STEP_COMPARE, .about = JOINT_BANS });
}

static void bans_tell(struct kit_scene *w, const char *person, bool banned, uint64_t at_ms,
		      const char *more)
{
	bans_tell_until(w, person, banned, at_ms, 0, more);
}

static struct community_member member(struct kit_scene *w, const char *uri)
{
	struct community_member m = { .flags = 0, .reason = STR("") };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	uint64_t id = account_id_of_uri(txn, str_of(uri));
	if (id == 0 || !community_member_get(txn, w->kit->arena, tea.id, id, &m))
		m = (struct community_member){ .flags = 0, .reason = STR("") };
	db_read_end(&txn);
	return m;
}

static void bans_are_equal_after_comparing(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	bans_tell(w, ERIN, true, 5, ",\"summary\":\"rude\"");
	assert_int_equal(member(w, ERIN).flags, COMMUNITY_BANNED);
	assert_str_eq(member(w, ERIN).reason, STR("rude"));
	bans_tell(w, ERIN, false, 4, "");
	assert_int_equal(member(w, ERIN).flags, COMMUNITY_BANNED);
	bans_tell(w, ERIN, false, 6, "");
	assert_int_equal(member(w, ERIN).flags, 0);
	/* what is over bans nobody */
	bans_tell_until(w, ERIN, true, 7, 8, ",\"until\":8");
	assert_int_equal(member(w, ERIN).flags, 0);
	/* and ends what was for longer here */
	bans_tell(w, ERIN, true, 9, "");
	assert_int_equal(member(w, ERIN).flags, COMMUNITY_BANNED);
	bans_tell_until(w, ERIN, true, 10, 11, ",\"until\":11");
	assert_int_equal(member(w, ERIN).flags, 0);
	/* nor does a partner ban those who look after it here */
	bans_tell(w, ALICE, true, far(w), "");
	assert_int_equal(member(w, ALICE).flags, 0);
	assert_int_equal(member(w, ALICE).role, COMMUNITY_OWNER);
}

static void who_is_not_known_is_asked_for_and_banned(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	kit_stranger(w->kit, DAVE, 1);
	bans_tell(w, DAVE, true, 5, ",\"summary\":\"spam\"");
	assert_int_equal(member(w, DAVE).flags, COMMUNITY_BANNED);
	assert_str_eq(member(w, DAVE).reason, STR("spam"));
}

#define FRANK "https://f.example/users/frank"
#define KNOWS_NOBODY "https://nowhere.example/users/nobody"

/* Several bans at once, each of a bucket of its own. */
static void bans_tell_all(struct kit_scene *w, const char *const *people, size_t count)
{
	struct buf rows = BUF_INIT(16 * 1024);
	for (size_t i = 0; i < count; i++) {
		struct joint_word word = { .about = JOINT_BANS, .state = 1 };
		struct reckey name = reckey_digest(str_of(people[i]));
		memcpy(word.name, name.bytes, JOINT_NAME_SIZE);
		const struct digest digest = joint_word_digest(&word);
		const unsigned bucket = joint_word_bucket(&word);
		const char *url = kit_json(w->kit, ITEMS "?bucket=%u&of=bans", bucket).ptr;
		buf_addf(&rows, "%s{\"bucket\":%u,\"totalItems\":1,\"digest\":\"%s\"}",
			 i != 0 ? "," : "", bucket, hex(w, digest.bytes, DIGEST_SIZE));
		answer(w, url,
		       kit_json(w->kit,
				"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				"\"orderedItems\":[{\"id\":\"%s\",\"banned\":true,"
				"\"stateTime\":5}]}",
				url, people[i]));
	}
	answer(w, ITEMS "?of=bans",
	       kit_json(w->kit,
			"{\"id\":\"" ITEMS "?of=bans\",\"type\":\"OrderedCollection\","
			"\"buckets\":[%.*s]}",
			STR_ARG(buf_str(&rows))));
	buf_free(&rows);
	runs(w, (struct joint_task){ .step = JOINT_STEP_COMPARE, .about = JOINT_BANS });
}

/* What waits for its time is looked at. */
static void passes(struct kit_scene *w, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		test_clock_advance(&w->kit->clock, MS_PER_MINUTE);
		queue_wake(w->kit->queue);
		kit_drain(w->q, 0);
	}
}

static unsigned offers(const struct kit_scene *w)
{
	unsigned n = 0;
	for (size_t i = 0; i < w->q->count; i++)
		n += str_contains(w->q->sent[i].body, STR("\"type\":\"Offer\"")) &&
		     str_contains(w->q->sent[i].inbox, STR("other.example"));
	return n;
}

static void other_partners_hear_once_of_all_who_came(void **state)
{
	struct kit_scene *w = *state;
	const char *people[] = { DAVE, FRANK, KNOWS_NOBODY };
	kit_queue_start(w->q, w->kit, false);
	kit_stranger(w->kit, DAVE, 1);
	kit_stranger(w->kit, FRANK, 2);
	answer(w, KNOWS_NOBODY, STR("{}"));
	bans_tell_all(w, people, ARRAY_LEN(people));
	assert_int_equal(member(w, DAVE).flags, COMMUNITY_BANNED);
	assert_int_equal(member(w, FRANK).flags, COMMUNITY_BANNED);
	/* who cannot be had is not waited for forever */
	passes(w, 10);
	assert_int_equal(offers(w), 1);
	/* nothing new is no news */
	runs(w, (struct joint_task){ .step = JOINT_STEP_COMPARE, .about = JOINT_BANS });
	passes(w, 10);
	assert_int_equal(offers(w), 1);
}

/* --- what partners are told --- */

static struct kit_reply asks(struct kit_scene *w, const struct peer_actor *who, const char *target)
{
	const struct kit_signing signing = kit_signed_by(w->kit, who);
	return kit_get(w->kit, target, &signing);
}

static void partners_read_votes_without_names(void **state)
{
	struct kit_scene *w = *state;
	kit_write(w->kit, like_job, &w->kit->alice.id);
	const struct told up = { ALICE, "up", 0 };
	const struct joint_word word = word_of(&up);
	struct kit_reply reply = asks(w, &club, "/users/tea/joint?of=votes");
	assert_int_equal(reply.status, 200);
	const struct digest digest = joint_word_digest(&word);
	assert_true(str_contains(
		reply.body, kit_json(w->kit, "\"bucket\":%u,\"totalItems\":1,\"digest\":\"%s\"",
				     joint_word_bucket(&word), hex(w, digest.bytes, DIGEST_SIZE))));
	reply = asks(
		w, &club,
		kit_json(w->kit, "/users/tea/joint?bucket=%u&of=votes", joint_word_bucket(&word))
			.ptr);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body,
				 kit_json(w->kit, "\"voter\":\"%s\",\"vote\":\"up\"",
					  hex(w, word.name + JOINT_NAME_SIZE, JOINT_NAME_SIZE))));
	assert_false(str_contains(reply.body, STR("alice")));
	/* nobody else, and nothing else */
	assert_int_equal(asks(w, &w->erin, "/users/tea/joint?of=votes").status, 200);
	struct peer_actor zoe = kit_peer(w->kit, STRANGER, 3);
	assert_int_equal(asks(w, &zoe, "/users/tea/joint?of=votes").status, 404);
	assert_int_equal(asks(w, &club, "/users/tea/joint?of=secrets").status, 404);
	assert_int_equal(asks(w, &club, "/users/tea/joint?of=votes&bucket=256").status, 404);
	assert_int_equal(asks(w, &club, "/users/tea/joint?of=votes&bucket=1&after=ab").status, 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_missed_comes_by_comparing),
		TEST(the_older_word_about_a_stranger_does_not_count),
		TEST(nobody_tells_how_our_people_have_voted),
		TEST(of_the_people_of_another_partner_that_one_tells),
		TEST(votes_on_what_is_not_in_it_are_none),
		TEST(pages_that_are_not_in_order_are_not_believed),
		TEST(a_partner_that_never_ends_is_left),
		TEST(bans_are_equal_after_comparing),
		TEST(who_is_not_known_is_asked_for_and_banned),
		TEST(other_partners_hear_once_of_all_who_came),
		TEST(partners_read_votes_without_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
