/* Polls on pages: shares in words and as bars, and word of those that are out of date. */
#include "core/must.h"
#include "pagekit.h"
#include "store/poll.h"

struct asking {
	struct kit *kit;
	uint64_t status;
	struct poll poll;
};

static enum rc poll_job(struct db_txn *txn, void *arg)
{
	const struct asking *a = arg;
	poll_put(txn, a->status, &a->poll);
	return db_txn_rc(txn);
}

static struct status ask(struct kit *kit, const struct account *author, const struct poll *poll)
{
	struct status s = kit_status(kit, author, "<p>Which?</p>");
	s.type = STR("Question");
	s.has_poll = true;
	kit_add_status(kit, &s);
	struct asking a = { kit, s.id, *poll };
	test_db_write(&kit->d, poll_job, &a);
	return s;
}

static struct poll_option options[3];

static struct poll poll_with(uint32_t a, uint32_t b, uint32_t c)
{
	options[0] = (struct poll_option){ STR("Oak"), a };
	options[1] = (struct poll_option){ STR("Elm " MARKER), b };
	options[2] = (struct poll_option){ STR("Ash"), c };
	return (struct poll){ .ends_ms = KIT_WALL_MS + MS_PER_DAY,
			      .voters = a + b + c,
			      .options = options,
			      .option_count = 3 };
}

static void a_poll_says_what_it_has_come_to(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct poll poll = poll_with(1, 2, 0);
	struct status s = ask(&kit, &alice, &poll);
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &s));
	assert_has(page, STR("<section class=\"poll\" aria-label=\"Poll\">"));
	assert_has(page,
		   STR("<li><span class=\"option\" dir=\"auto\">Oak</span> <span class=\"share\">"
		       "33 % <span class=\"votes\">(1 vote)</span></span><meter min=\"0\" "
		       "max=\"100\" value=\"33\" aria-hidden=\"true\"></meter></li>"));
	assert_has(page, STR("67 % <span class=\"votes\">(2 votes)"));
	assert_has(page, STR("0 % <span class=\"votes\">(0 votes)"));
	assert_has(page, STR("3 people have voted"));
	assert_has(page, STR("Ends <time"));
	assert_has_not(page, STR("Several may be chosen"));
	/* S-085: an option is text */
	assert_has(page, STR("Elm " MARKER_ESCAPED));
	assert_has_not(page, STR(MARKER));
	assert_has(kit_page(&kit, "/@alice"), STR("class=\"poll\""));
	assert_int_equal(kit.poll_looked_at, 0);
}

static void of_several_choices_the_share_is_of_people(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct poll poll = poll_with(2, 4, 9);
	poll.flags = POLL_MULTIPLE;
	poll.voters = 4;
	poll.ends_ms = KIT_WALL_MS - MS_PER_DAY;
	struct status s = ask(&kit, &alice, &poll);
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &s));
	assert_has(page, STR("50 % <span"));
	assert_has(page, STR("100 % <span class=\"votes\">(4 votes)"));
	/* what is told need not add up */
	assert_has(page, STR("100 % <span class=\"votes\">(9 votes)"));
	assert_has(page, STR("Several may be chosen"));
	assert_has(page, STR("Ended <time"));
}

static void polls_out_of_date_are_told_of_when_somebody_looks(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account rem = kit_remote(&kit, "rem", "far.example");
	kit_add_account(&kit, &rem);
	struct poll poll = poll_with(1, 0, 0);
	poll.ends_ms = KIT_WALL_MS - MS_PER_DAY;
	poll.told_ms = KIT_WALL_MS - 2 * MS_PER_DAY;
	struct status asked = ask(&kit, &rem, &poll);
	struct status reply = kit_status(&kit, &alice, "<p>Oak!</p>");
	kit_reply_to(&reply, &asked);
	kit_add_status(&kit, &reply);
	kit_page(&kit, kit_path(&kit, &alice, &reply));
	assert_true(kit.poll_looked_at == asked.id);
	/* its server has told the end since */
	kit.poll_looked_at = 0;
	poll.told_ms = KIT_WALL_MS;
	struct asking again = { &kit, asked.id, poll };
	test_db_write(&kit.d, poll_job, &again);
	kit_page(&kit, kit_path(&kit, &alice, &reply));
	assert_int_equal(kit.poll_looked_at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_says_what_it_has_come_to),
		cmocka_unit_test(of_several_choices_the_share_is_of_people),
		cmocka_unit_test(polls_out_of_date_are_told_of_when_somebody_looks),
	};
	return cmocka_run_group_tests_name("page_poll", tests, NULL, NULL);
}
