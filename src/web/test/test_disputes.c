/* The pages of what was decided about somebody, and of follows that they have lost. */
#include "../disputes_int.h"
#include "pagekit.h"

static const struct account alice = {
	.id = 7, .flags = ACCOUNT_LOCAL, .username = STR_INIT("alice"), .domain = STR_INIT("")
};

static struct str page_of(struct kit *kit, struct strike_view *views, size_t count,
			  struct str ticket, enum word complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	const struct strikes_page page = { .form = { .path = "/disputes/strikes",
						     .query = STR(""),
						     .token = STR("form-token"),
						     .passkey = STR("") },
					   .ticket = ticket,
					   .account = &alice,
					   .strikes = views,
					   .count = count,
					   .told = W_LANGUAGE,
					   .complaint = complaint };
	render_strikes(&out, kit->web, &page);
	return arena_take_buf(kit->d.arena, &out);
}

static struct strike_view *view_new(struct kit *kit)
{
	struct strike_view *view = ARENA_NEW(kit->d.arena, struct strike_view);
	assert_non_null(view);
	view->strike = (struct strike){ .id = 5,
					.account = 7,
					.action = MODERATE_SILENCE,
					.text = STR("First.\n\nSecond " MARKER),
					.statuses = { 9 },
					.status_count = 1,
					.created_ms = KIT_WALL_MS,
					.appeal_until_ms = KIT_WALL_MS + MS_PER_DAY,
					.appeal_text = STR("") };
	view->rules[0] = (struct rule){ .text = STR("Be kind " MARKER) };
	view->rule_count = 1;
	view->open = true;
	return view;
}

static void a_strike_says_what_was_done_and_why(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct strike_view *view = view_new(&kit);
	struct str page = page_of(&kit, view, 1, STR(""), W_LANGUAGE);
	assert_has(page, STR("<h2 id=\"strike-5\">20 November 2026</h2>"));
	assert_has(page, STR("Your posts are shown to your followers only."));
	assert_has(page, STR("<p>First.</p>\n<p>Second " MARKER_ESCAPED "</p>"));
	assert_has(page, STR("<li>Be kind " MARKER_ESCAPED "</li>"));
	assert_has(page, STR("<a href=\"/@alice/9\">"));
	assert_has(page, STR("A person has decided this."));
	assert_has(page, STR("You can appeal until 21 November 2026."));
	assert_has(page, STR("<label for=\"text-5\">"));
	assert_has(page, STR("name=\"token\" value=\"form-token\""));
	assert_has_not(page, STR("name=\"ticket\""));
	assert_has_not(page, STR(MARKER));
	/* who came by a letter brings its ticket back */
	page = page_of(&kit, view, 1, STR("t1"), W_APPEAL_WRONG);
	assert_has(page, STR("name=\"ticket\" value=\"t1\""));
	assert_has(page, STR("role=\"alert\">An appeal says something"));
}

static void what_a_community_has_done_says_which_and_where_it_goes_on(void **state UNUSED)
{
	static const struct {
		enum moderation action;
		const char *says;
	} rows[] = { { MODERATE_REMOVE, "What you have posted was taken out of it." },
		     { MODERATE_LOCK, "What you have posted takes no more comments." },
		     { MODERATE_BAN, "You may not take part in it any more." } };
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct strike_view *view = view_new(&kit);
	view->community = STR("Tea " MARKER);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		view->strike.action = rows[i].action;
		struct str page = page_of(&kit, view, 1, STR(""), W_LANGUAGE);
		assert_has(page, STR("In the community Tea " MARKER_ESCAPED));
		assert_has(page, str_of(rows[i].says));
		assert_has_not(page, STR(MARKER));
		assert_has_not(page, STR("value=\"escalate\""));
	}
	view->strike.until_ms = KIT_WALL_MS + MS_PER_DAY;
	struct str banned = page_of(&kit, view, 1, STR(""), W_LANGUAGE);
	assert_has(banned, STR("<p>Until <time datetime=\"2026-11-21T"));
	assert_has(banned, STR(" UTC</time>.</p>"));
	/* rejected by the community: the node may decide */
	view->open = false;
	view->strike.appeal = APPEAL_REJECTED;
	view->strike.appeal_text = STR("no");
	view->up_until_ms = KIT_WALL_MS + MS_PER_DAY;
	struct str page = page_of(&kit, view, 1, STR("t1"), W_LANGUAGE);
	assert_has(page, STR("name=\"step\" value=\"escalate\""));
	assert_has(page, STR("if you ask until 21 November 2026."));
	assert_int_equal(count_of(page, STR("name=\"ticket\" value=\"t1\"")), 1);
}

static void an_appeal_is_shown_with_what_came_of_it(void **state UNUSED)
{
	static const struct {
		enum appeal_state state;
		const char *says;
	} rows[] = {
		{ APPEAL_PENDING, "Nobody has decided of it yet." },
		{ APPEAL_APPROVED, "Your appeal was approved." },
		{ APPEAL_REJECTED, "Your appeal was rejected." },
		{ APPEAL_NONE, "It is too late to appeal." },
	};
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strike_view *view = view_new(&kit);
		view->open = false;
		view->strike.automated = true;
		view->strike.appeal = rows[i].state;
		view->strike.appeal_text = STR("Not so " MARKER);
		struct str page = page_of(&kit, view, 1, STR(""), W_LANGUAGE);
		assert_has(page, str_of(rows[i].says));
		assert_has(page, STR("A program has decided this."));
		assert_has_not(page, STR("<textarea"));
		assert_has_not(page, STR(MARKER));
		assert_int_equal(count_of(page, STR("Not so " MARKER_ESCAPED)),
				 rows[i].state != APPEAL_NONE);
	}
	assert_has(page_of(&kit, NULL, 0, STR(""), W_LANGUAGE),
		   STR("Nothing was decided about your account."));
}

static void lost_follows_have_lists_as_long_as_they_are_kept(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	struct buf out CLEANUP(buf_free) = BUF_INIT(PAGE_BYTES_MAX);
	struct severance list[] = {
		{ .event = 5,
		  .kind = SEVERANCE_DOMAIN_BLOCK,
		  .target = STR("b.example" MARKER),
		  .followers = 1200,
		  .created_ms = KIT_WALL_MS },
		{ .event = 4,
		  .kind = SEVERANCE_ACCOUNT,
		  .target = STR("bob@c.example"),
		  .following = 1,
		  .created_ms = KIT_WALL_MS,
		  .purged = true },
	};
	kit_init(&kit);
	render_severances(&out, kit.web, list, ARRAY_LEN(list));
	struct str page = buf_str(&out);
	assert_has(page, STR("This server has blocked b.example" MARKER_ESCAPED "."));
	assert_has(page,
		   STR("1,200 followers <a href=\"/severed_relationships/5/followers.csv\">"));
	assert_has_not(page, STR("following.csv"));
	assert_has(page, STR("bob@c.example was suspended."));
	assert_has(page, STR("1 person whom you followed"));
	assert_has(page, STR("The lists are gone."));
	assert_has_not(page, STR(MARKER));
}

static void nobody_reads_it_without_signing_in(void **state UNUSED)
{
	static const char *const paths[] = { "/severed_relationships/5/following.csv",
					     "/severed_relationships", "/disputes/strikes" };
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct answer answer = kit_ask(&kit, paths[i], "");
		assert_int_equal(answer.status, 200);
		assert_has(answer.body, STR("name=\"password\""));
		assert_has(answer.head, STR("no-store"));
	}
	assert_int_equal(kit_ask(&kit, "/disputes/appeal?token=AAAA", "").status, 410);
	assert_int_equal(kit_ask(&kit, "/disputes/appeal", "").status, 410);
	struct answer one = kit_ask(&kit, "/disputes/strikes/17", "");
	assert_int_equal(one.status, 302);
	assert_has(one.head, STR("/disputes/strikes#strike-17"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strike_says_what_was_done_and_why),
		cmocka_unit_test(what_a_community_has_done_says_which_and_where_it_goes_on),
		cmocka_unit_test(an_appeal_is_shown_with_what_came_of_it),
		cmocka_unit_test(lost_follows_have_lists_as_long_as_they_are_kept),
		cmocka_unit_test(nobody_reads_it_without_signing_in),
	};
	return cmocka_run_group_tests_name("disputes", tests, NULL, NULL);
}
