/* Votes and polls that come in, and asking for the last counts. */
#include "fedpoll.h"
#include "store/tables.h"

static void a_vote_is_counted_once_and_is_no_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	struct status one = poll_ask(kit, false, VISIBILITY_PUBLIC, "Which?");
	struct status many = poll_ask(kit, true, VISIBILITY_PUBLIC, "Which ones?");
	/* whom somebody here follows, too: not by that does a vote become a post */
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	uint64_t statuses = kit_rows(kit, &store_status), uris = kit_rows(kit, &store_uri);
	assert_int_equal(poll_vote_by(kit, &carol, "1", &one, "red"), RC_OK);
	assert_int_equal(poll_vote_by(kit, &carol, "1", &one, "red"), RC_EXISTS);
	assert_int_equal(poll_vote_by(kit, &carol, "2", &one, "red"), RC_EXISTS);
	assert_int_equal(poll_vote_by(kit, &carol, "3", &one, "green"), RC_EXISTS);
	poll_expect(kit, one.id, 1, 0, 0, 1);
	assert_int_equal(poll_vote_by(kit, &carol, "4", &many, "red"), RC_OK);
	assert_int_equal(poll_vote_by(kit, &carol, "5", &many, "blue"), RC_OK);
	assert_int_equal(poll_vote_by(kit, &carol, "5", &many, "green"), RC_EXISTS);
	assert_int_equal(poll_vote_by(kit, &erin, "1", &many, "blue"), RC_OK);
	poll_expect(kit, many.id, 1, 0, 2, 2);
	assert_int_equal(kit_rows(kit, &store_status), statuses);
	assert_int_equal(kit_rows(kit, &store_uri), uris);
	assert_int_equal(kit_rows(kit, &store_notice), 0);
}

static void several_choices_may_come_in_one_activity(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status many = poll_ask(kit, true, VISIBILITY_PUBLIC, "Which ones?");
	struct status other = poll_ask(kit, true, VISIBILITY_PUBLIC, "And here?");
	struct str red = poll_vote_note(kit, CAROL, "1", many.uri, "red");
	struct str blue = poll_vote_note(kit, CAROL, "2", many.uri, "blue");
	struct str pink = poll_vote_note(kit, CAROL, "3", many.uri, "pink");
	struct str there = poll_vote_note(kit, CAROL, "4", other.uri, "red");
	struct str plain = STR("{\"type\":\"Note\",\"content\":\"x\",\"id\":\"" CAROL "/1\"}");
	const struct {
		struct str second;
		enum rc rc;
	} cases[] = {
		{ pink, RC_INVALID }, { there, RC_INVALID }, { plain, RC_INVALID }, { blue, RC_OK }
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str both =
			kit_json(kit, "[%.*s,%.*s]", STR_ARG(red), STR_ARG(cases[i].second));
		const char *id = kit_json(kit, "both%zu", i).ptr;
		assert_int_equal(kit_receive(kit, &carol, poll_vote_create(kit, CAROL, id, both)),
				 cases[i].rc);
		poll_expect(kit, many.id, cases[i].rc == RC_OK, 0, cases[i].rc == RC_OK,
			    cases[i].rc == RC_OK);
	}
	poll_expect(kit, other.id, 0, 0, 0, 0);
}

static void hostile_votes_count_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct status post = poll_ask(kit, true, VISIBILITY_PUBLIC, "Which?");
	struct status hidden = poll_ask(kit, false, VISIBILITY_FOLLOWERS, "Among us?");
	struct status plain = { .uri = kit_post_uri(
					kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi")) };
	struct status nothing = { .uri = STR(ALICE "/statuses/1") };
	struct buf crowd = BUF_INIT(1 << 20);
	/* in somebody else's name, whoever brings it */
	struct str daves = poll_vote_note(kit, DAVE, "1", post.uri, "red");
	assert_int_equal(kit_receive(kit, &carol, poll_vote_create(kit, CAROL, "x", daves)),
			 RC_DENIED);
	assert_int_equal(kit_receive(kit, &carol, poll_vote_create(kit, DAVE, "x", daves)),
			 RC_UNAUTHENTICATED);
	assert_int_equal(poll_vote_by(kit, &carol, "2", &post, "pink"), RC_INVALID);
	assert_int_equal(poll_vote_by(kit, &carol, "3", &hidden, "red"), RC_NOT_FOUND);
	assert_int_equal(poll_vote_by(kit, &carol, "4", &plain, "red"), RC_NOT_FOUND);
	assert_int_equal(poll_vote_by(kit, &carol, "5", &nothing, "red"), RC_NOT_FOUND);
	buf_add_chr(&crowd, '[');
	for (unsigned i = 0; i < 500; i++)
		buf_addf(&crowd, "%s%.*s", i != 0 ? "," : "", STR_ARG(daves));
	buf_add_chr(&crowd, ']');
	assert_int_equal(kit_receive(kit, &dave, poll_vote_create(kit, DAVE, "y", buf_str(&crowd))),
			 RC_TOO_LARGE);
	buf_free(&crowd);
	/* changed or taken back it is not */
	assert_int_equal(poll_vote_by(kit, &dave, "1", &post, "red"), RC_OK);
	struct str update = kit_json(kit,
				     "{\"id\":\"" DAVE "#u\",\"type\":\"Update\",\"actor\":\"" DAVE
				     "\",\"object\":%.*s}",
				     STR_ARG(poll_vote_note(kit, DAVE, "1", post.uri, "blue")));
	assert_int_equal(kit_receive(kit, &dave, update), RC_UNSUPPORTED);
	poll_expect(kit, post.id, 1, 0, 0, 1);
	/* late */
	poll_end(kit, post.id);
	assert_int_equal(poll_vote_by(kit, &carol, "6", &post, "red"), RC_DENIED);
	poll_expect(kit, post.id, 1, 0, 0, 1);
	poll_expect(kit, hidden.id, 0, 0, 0, 0);
}

static void a_vote_that_is_fetched_is_no_post_either(void **state)
{
	struct fedkit *kit = *state;
	kit_stranger(kit, CAROL, 0);
	struct status post = poll_ask(kit, false, VISIBILITY_PUBLIC, "Which?");
	test_fetch_answer(kit->net, CAROL "/votes/1", 200, ACTIVITY_JSON,
			  kit_json(kit,
				   "{\"id\":\"" CAROL "/votes/1\",\"type\":\"Note\","
				   "\"attributedTo\":\"" CAROL
				   "\",\"inReplyTo\":\"%.*s\",\"name\":\"red\"}",
				   STR_ARG(post.uri)));
	struct kit_answer answer = kit_resolve(kit, 'o', CAROL "/votes/1");
	assert_int_equal(kit_wait(&answer), RC_UNSUPPORTED);
	assert_int_equal(kit_uri(kit, CAROL "/votes/1").kind, URI_NONE);
	poll_expect(kit, post.id, 0, 0, 0, 0);
}

static void counts_are_told_by_updates_that_edit_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0), dave = poll_followed(kit, DAVE, 1);
	struct status status = poll_received(kit, &carol, COUNTS(0, 0) OPEN);
	assert_true(status.has_poll);
	assert_str_eq(status.type, STR("Question"));
	assert_int_equal(status.flags & STATUS_RAW_KEPT, 0);
	/* Mastodon names no time of a change that is none */
	assert_int_equal(
		poll_tell(kit, &carol, "Update",
			  poll_question(kit, "Which?", COUNTS(3, 1) OPEN ",\"votersCount\":4")),
		RC_OK);
	struct poll p = poll_of(kit, status.id);
	assert_true(p.options[0].votes == 3 && p.options[1].votes == 1 && p.voters == 4);
	assert_true(kit_status(kit, POLL, &status));
	assert_int_equal(status.edited_ms, 0);
	/* others do (FEP-9967), and it is no change of the post either */
	assert_int_equal(
		poll_tell(kit, &carol, "Update",
			  poll_question(kit, "Which?",
					COUNTS(4, 1) OPEN ",\"updated\":\"2026-01-03T00:00:00Z\"")),
		RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	assert_int_equal(status.edited_ms, 0);
	assert_int_equal(poll_of(kit, status.id).options[0].votes, 4);
	/* what cannot be is nothing */
	assert_int_equal(
		poll_tell(kit, &carol, "Update",
			  poll_question(kit, "Which?", COUNTS(-7, 2) OPEN ",\"votersCount\":-1")),
		RC_OK);
	p = poll_of(kit, status.id);
	assert_true(p.options[0].votes == 0 && p.options[1].votes == 2 && p.voters == 0);
	/* nobody else tells them */
	assert_int_equal(
		poll_tell(kit, &dave, "Update", poll_question(kit, "Which?", COUNTS(9, 9) OPEN)),
		RC_DENIED);
	/* words that change are an edit, with or without a time */
	assert_int_equal(
		poll_tell(kit, &carol, "Update", poll_question(kit, "Who?", COUNTS(5, 2) OPEN)),
		RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	assert_str_eq(status.content.markup, STR("Who?"));
	assert_true(status.edited_ms != 0);
	p = poll_of(kit, status.id);
	assert_int_equal(p.options[0].votes, 5);
	/* older than the edit: the counts are taken, the words are not */
	assert_int_equal(
		poll_tell(kit, &carol, "Update",
			  poll_question(kit, "Which?",
					COUNTS(6, 2) OPEN ",\"updated\":\"2026-02-01T00:00:00Z\"")),
		RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	assert_str_eq(status.content.markup, STR("Who?"));
	assert_int_equal(poll_of(kit, status.id).options[0].votes, 6);
}

static enum rc told_again(struct fedkit *kit, const struct peer_actor *who, const char *id,
			  const char *more)
{
	return kit_receive(
		kit, who,
		kit_activity(kit, id, "Update", who->uri, poll_question(kit, "Which?", more).ptr));
}

static void s022_counts_that_come_again_are_not_taken_again(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct status status = poll_received(kit, &carol, COUNTS(0, 0) OPEN);
	const char *const edit = COUNTS(1, 0) OPEN ",\"summary\":\"hm\","
						   "\"updated\":\"2026-01-03T00:00:00Z\"";
	const char *const plain = COUNTS(2, 0) OPEN ",\"summary\":\"hm\"";
	const char *const last = COUNTS(3, 0) OPEN ",\"summary\":\"hm\"";
	assert_int_equal(told_again(kit, &carol, CAROL "#u/1", edit), RC_OK);
	assert_int_equal(told_again(kit, &carol, CAROL "#u/2", plain), RC_OK);
	assert_int_equal(told_again(kit, &carol, CAROL "#u/3", last), RC_OK);
	assert_int_equal(told_again(kit, &carol, CAROL "#u/2", plain), RC_EXISTS);
	assert_int_equal(told_again(kit, &carol, CAROL "#u/1", edit), RC_EXISTS);
	assert_int_equal(poll_of(kit, status.id).options[0].votes, 3);
}

static void s057_thousands_of_options_are_twenty(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct buf more = BUF_INIT(1 << 20);
	struct status status;
	buf_add(&more, STR(",\"anyOf\":["));
	for (unsigned i = 0; i < 4000; i++)
		buf_addf(&more, "%s{\"type\":\"Note\",\"name\":\"option %u\"}", i != 0 ? "," : "",
			 i);
	buf_add(&more, STR("]"));
	buf_add_chr(&more, '\0');
	assert_int_equal(poll_tell(kit, &carol, "Create", poll_question(kit, "Which?", more.ptr)),
			 RC_OK);
	buf_free(&more);
	assert_true(kit_status(kit, POLL, &status));
	assert_int_equal(poll_of(kit, status.id).option_count, POLL_OPTIONS_MAX);
}

static void a_question_without_options_is_a_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct status status = poll_received(kit, &carol, ",\"oneOf\":[]");
	assert_false(status.has_poll);
	/* they may come later */
	assert_int_equal(
		poll_tell(kit, &carol, "Update", poll_question(kit, "Which?", COUNTS(1, 2))),
		RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	assert_true(status.has_poll);
	assert_int_equal(poll_of(kit, status.id).options[1].votes, 2);
}

static void a_poll_that_is_over_is_asked_for_once(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct kit_answer one = KIT_ANSWER_INIT, two = KIT_ANSWER_INIT, three = KIT_ANSWER_INIT;
	struct status status;
	struct str open = poll_question(kit, "Which?", COUNTS(1, 0) OPEN);
	assert_int_equal(poll_tell(kit, &carol, "Create", open), RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	size_t before = test_fetch_count(kit->net);
	fed_refresh_poll(kit->fed, status.id, kit_answered, &one);
	assert_int_equal(kit_wait(&one), RC_OK);
	assert_int_equal(test_fetch_count(kit->net), before);
	/* its end comes while nobody tells */
	poll_end(kit, status.id);
	test_fetch_answer(kit->net, POLL, 200, ACTIVITY_JSON,
			  poll_question(kit, "Which?", COUNTS(8, 5) OVER));
	test_fetch_hold(kit->net);
	one = (struct kit_answer)KIT_ANSWER_INIT;
	fed_refresh_poll(kit->fed, status.id, kit_answered, &one);
	fed_refresh_poll(kit->fed, status.id, kit_answered, &two);
	assert_int_equal(test_fetch_count_of(kit->net, POLL), 1);
	test_fetch_run(kit->net);
	assert_int_equal(kit_wait(&one), RC_OK);
	assert_int_equal(kit_wait(&two), RC_OK);
	struct poll p = poll_of(kit, status.id);
	assert_true(p.options[0].votes == 8 && p.options[1].votes == 5 && p.voters == 13);
	fed_refresh_poll(kit->fed, status.id, kit_answered, &three);
	assert_int_equal(kit_wait(&three), RC_OK);
	assert_int_equal(test_fetch_count_of(kit->net, POLL), 1);
}

static void that_a_quoted_poll_could_not_be_had_says_nothing_of_its_counts(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct kit_answer quoted = KIT_ANSWER_INIT, counts = KIT_ANSWER_INIT;
	test_fetch_answer(kit->net, POLL, 404, ACTIVITY_JSON, STR("{}"));
	fed_resolve_quoted(kit->fed, STR(POLL), kit_answered, &quoted);
	assert_int_not_equal(kit_wait(&quoted), RC_OK);
	struct status status = poll_received(kit, &carol, COUNTS(1, 0) OPEN);
	poll_end(kit, status.id);
	test_fetch_answer(kit->net, POLL, 200, ACTIVITY_JSON,
			  poll_question(kit, "Which?", COUNTS(8, 5) OVER));
	fed_refresh_poll(kit->fed, status.id, kit_answered, &counts);
	assert_int_equal(kit_wait(&counts), RC_OK);
	assert_int_equal(poll_of(kit, status.id).options[0].votes, 8);
}

static void what_comes_instead_of_the_poll_changes_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct status status = poll_received(kit, &carol, COUNTS(1, 0) OPEN);
	poll_end(kit, status.id);
	const struct str answers[] = {
		STR("{\"id\":\"" CAROL "/polls/2\",\"type\":\"Question\",\"attributedTo\":\"" CAROL
		    "\",\"content\":\"x\"" COUNTS(9, 9) "}"),
		STR("{\"id\":\"" POLL "\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
		    "\",\"content\":\"x\"}"),
		STR("{\"type\":\"Tombstone\",\"id\":\"" POLL "\"}"),
	};
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct kit_answer answer = KIT_ANSWER_INIT, again = KIT_ANSWER_INIT;
		test_fetch_answer(kit->net, POLL, 200, ACTIVITY_JSON, answers[i]);
		test_clock_advance(&kit->clock, 30 * MS_PER_DAY);
		fed_refresh_poll(kit->fed, status.id, kit_answered, &answer);
		assert_int_not_equal(kit_wait(&answer), RC_OK);
		/* nor is it asked for again at once */
		fed_refresh_poll(kit->fed, status.id, kit_answered, &again);
		assert_int_not_equal(kit_wait(&again), RC_OK);
		assert_int_equal(test_fetch_count_of(kit->net, POLL), i + 1);
		assert_int_equal(poll_of(kit, status.id).options[0].votes, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)
		T(a_vote_is_counted_once_and_is_no_post),
		T(several_choices_may_come_in_one_activity),
		T(hostile_votes_count_nothing),
		T(a_vote_that_is_fetched_is_no_post_either),
		T(counts_are_told_by_updates_that_edit_nothing),
		T(s022_counts_that_come_again_are_not_taken_again),
		T(s057_thousands_of_options_are_twenty),
		T(a_question_without_options_is_a_post),
		T(a_poll_that_is_over_is_asked_for_once),
		T(that_a_quoted_poll_could_not_be_had_says_nothing_of_its_counts),
		T(what_comes_instead_of_the_poll_changes_nothing),
	};
	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
