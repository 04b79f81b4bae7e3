/* The desk of those who moderate: what lies on it, and what may be done with it. */
#include "../desk_int.h"
#include "pagekit.h"

static const struct account ann = { .id = 9,
				    .flags = ACCOUNT_LOCAL,
				    .username = STR_INIT("ann"),
				    .domain = STR_INIT(""),
				    .display_name = STR_INIT("Ann " MARKER) };
static const struct account far = { .id = 10,
				    .username = STR_INIT("far"),
				    .domain = STR_INIT("far.example"),
				    .display_name = STR_INIT("") };
static const struct account botany = { .id = 7,
				       .kind = ACCOUNT_GROUP,
				       .flags = ACCOUNT_LOCAL,
				       .username = STR_INIT("botany"),
				       .domain = STR_INIT(""),
				       .display_name = STR_INIT("Botany " MARKER) };

struct scene {
	struct kit kit;
	struct desk_guest guest;
	struct desk_report report;
	struct desk_appeal appeal;
	struct status post;
	struct desk_event events[2];
	struct rule rule;
	struct preset preset;
	struct desk_case one;
	struct desk_page page;
};

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
}

static void scene_init(struct scene *s)
{
	kit_init(&s->kit);
	s->guest =
		(struct desk_guest){ .account = ann, .asked = { .reason = STR("Hello " MARKER) } };
	s->report = (struct desk_report){ .report = { .id = 21,
						      .comment = STR("Rude.\n\n" MARKER),
						      .category = REPORT_VIOLATION,
						      .created_ms = KIT_WALL_MS },
					  .target = ann,
					  .reporter = far,
					  .mine = true };
	s->appeal = (struct desk_appeal){ .strike = { .id = 31,
						      .action = MODERATE_BAN,
						      .community = 7,
						      .text = STR("Reasons " MARKER),
						      .appeal_text = STR("Not so " MARKER) },
					  .account = ann,
					  .community = botany };
	s->post = (struct status){ .id = 41,
				   .url = STR("https://a.example/@ann/41"),
				   .spoiler = STR("Warning " MARKER),
				   .content = html_trusted(STR("<p>What was said</p>")),
				   .created_ms = KIT_WALL_MS };
	s->events[0] = (struct desk_event){ .event = { .id = 51,
						       .kind = REPORT_NOTED,
						       .who = ann.id,
						       .at_ms = KIT_WALL_MS,
						       .text = STR("Seen " MARKER) },
					    .who = ann };
	s->events[1] = (struct desk_event){ .event = { .id = 52,
						       .kind = REPORT_ESCALATED,
						       .at_ms = KIT_WALL_MS,
						       .text = STR("") } };
	s->rule = (struct rule){ .text = STR("Be kind " MARKER) };
	s->preset = (struct preset){ .id = 61, .title = STR("Rude " MARKER) };
	s->one = (struct desk_case){ .about = s->report,
				     .posts = &s->post,
				     .post_count = 1,
				     .events = s->events,
				     .event_count = 2,
				     .rules = &s->rule,
				     .rule_count = 1,
				     .presets = &s->preset,
				     .preset_count = 1 };
	s->page = (struct desk_page){ .form = { .path = DESK_PATH,
						.query = STR(""),
						.token = STR("form-token"),
						.passkey = STR(""),
						.account = &ann },
				      .complaint = STR(""),
				      .guests = &s->guest,
				      .guest_count = 1,
				      .reports = &s->report,
				      .report_count = 1,
				      .appeals = &s->appeal,
				      .appeal_count = 1 };
}

static struct str page_of(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_desk(&out, s->kit.web, &s->page);
	return arena_take_buf(s->kit.d.arena, &out);
}

static struct str step(struct scene *s, const char *name)
{
	return arena_printf(s->kit.d.arena, "name=\"step\" value=\"%s\"", name);
}

static void all_that_waits_lies_on_it(void **state UNUSED)
{
	static const char *const steps[] = { "approve", "reject", "appeal_approve", "appeal_reject",
					     "appeal_escalate" };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct str page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(count_of(page, step(&s, steps[i])), 1);
	assert_has(page, STR("<a href=\"/auth/moderation?report=21\">Open it</a>"));
	assert_has(page, STR("Ban from the community"));
	assert_has(page, STR("Against rules"));
	assert_has_not(page, STR(MARKER));
	assert_has(page, STR("Not so " MARKER_ESCAPED));
	/* what is in another lane is looked at, and what the node decides goes no higher */
	s.report.mine = false;
	s.appeal.strike.escalated = true;
	page = page_of(&s);
	assert_has(page, STR(">Look at it</a>"));
	assert_has_not(page, step(&s, "appeal_escalate"));
	assert_has_not(page, STR("<nav class=\"pager\""));
	/* older ones are on another page */
	s.page.more = true;
	page = page_of(&s);
	assert_has(page, STR("href=\"/auth/moderation?before=21\""));
	assert_has_not(page, STR("href=\"/auth/moderation\""));
	s.page.before = 22;
	assert_has(page_of(&s), STR("href=\"/auth/moderation\""));
	s.page.report_count = 0;
	assert_has(page_of(&s), STR("No report waits for you."));
}

static void a_report_is_shown_with_all_that_is_about_it(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.one = &s.one;
	s.page.form.query = STR("report=21");
	struct str page = page_of(&s);
	assert_has(page, STR("<p>Rude.</p>\n<p>" MARKER_ESCAPED "</p>"));
	assert_has(page, STR("<p>What was said</p>"));
	assert_has(page, STR("<a href=\"https://a.example/@ann/41\""));
	assert_has(page, STR("Be kind " MARKER_ESCAPED));
	assert_has(page, STR("<option value=\"61\">Rude " MARKER_ESCAPED));
	assert_has(page, STR("The operator handed it to the server"));
	assert_has(page, step(&s, "unnote"));
	assert_has_not(page, STR(MARKER));
	/* a note is taken away by who wrote it */
	s.events[0].event.who = far.id;
	assert_has_not(page_of(&s), step(&s, "unnote"));
}

static void each_lane_decides_what_is_its_own(void **state UNUSED)
{
	static const struct {
		bool community, mine, resolved;
		const char *shows[4], *hides[4];
	} rows[] = {
		{ false,
		  true,
		  false,
		  { "suspend", "silence", "disable", NULL },
		  { "ban", "lock" } },
		{ true, true, false, { "ban", "lock", "remove", NULL }, { "suspend", "disable" } },
		{ false, true, true, { NULL }, { "suspend", "ban" } },
		{ true, false, false, { NULL }, { "suspend", "ban" } },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.one = &s.one;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		s.one.about.lane = rows[i].community ? botany : (struct account){ .id = 0 };
		s.one.about.mine = rows[i].mine;
		s.one.about.report.resolved_ms = rows[i].resolved ? KIT_WALL_MS : 0;
		struct str page = page_of(&s);
		struct arena *arena = s.kit.d.arena;
		for (size_t k = 0; k < 4 && rows[i].shows[k] != NULL; k++)
			assert_has(page,
				   arena_printf(arena, "<option value=\"%s\">", rows[i].shows[k]));
		for (size_t k = 0; k < 4 && rows[i].hides[k] != NULL; k++)
			assert_has_not(page, arena_printf(arena, "<option value=\"%s\">",
							  rows[i].hides[k]));
		/* from a community's lane it goes up, whoever does it */
		assert_int_equal(count_of(page, step(&s, "escalate")), rows[i].community);
		assert_int_equal(count_of(page, step(&s, "reopen")), rows[i].resolved);
	}
	/* nobody elsewhere signs in here */
	s.one.about = (struct desk_report){ .report = { .comment = STR("") }, .target = far };
	s.one.about.mine = true;
	assert_has_not(page_of(&s), STR("<option value=\"disable\">"));
	assert_has_not(page_of(&s), step(&s, "hand_down"));
	s.one.community = botany;
	assert_has(page_of(&s), step(&s, "hand_down"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_waits_lies_on_it),
		cmocka_unit_test(a_report_is_shown_with_all_that_is_about_it),
		cmocka_unit_test(each_lane_decides_what_is_its_own),
	};
	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
