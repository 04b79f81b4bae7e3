/* The pages of events: rules of series in the words of the form, times by the clocks of a place, who is offered
 * what. */
#include "../events_int.h"
#include "pagekit.h"

static const struct account olga = { .id = 9,
				     .flags = ACCOUNT_LOCAL,
				     .username = STR_INIT("olga"),
				     .domain = STR_INIT(""),
				     .display_name = STR_INIT("Olga " MARKER) };
static const struct account botany = { .id = 7,
				       .kind = ACCOUNT_GROUP,
				       .flags = ACCOUNT_LOCAL,
				       .username = STR_INIT("botany"),
				       .domain = STR_INIT(""),
				       .display_name = STR_INIT("Botany " MARKER) };

/* Tuesday, 8 December 2026, 9:00 UTC, which is 10:00 in Rome. */
#define TUESDAY UINT64_C(1796720400000)

struct scene {
	struct kit kit;
	struct ctx ctx;
	struct zone rome;
	struct event_date dates[3];
	struct event_guest waiting, guests[2];
	struct account member;
	struct event_page page;
};

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
}

static void scene_init(struct scene *s)
{
	*s = (struct scene){ .member = olga };
	kit_init(&s->kit);
	s->ctx.arena = s->kit.d.arena;
	assert_int_equal(zone_load(&s->ctx, STR("Europe/Rome"), &s->rome), RC_OK);
	struct event_card card = {
		.status = { .id = 21,
			    .flags = STATUS_LOCAL,
			    .account = olga.id,
			    .visibility = VISIBILITY_PUBLIC,
			    .type = STR("Event"),
			    .title = STR("Walk " MARKER),
			    .spoiler = STR(""),
			    .source = STR("Boots " MARKER),
			    .content = html_trusted(STR("<p>Boots</p>")),
			    .event = { .start_ms = TUESDAY,
				       .end_ms = TUESDAY + 2 * MS_PER_HOUR,
				       .place = STR("Bridge " MARKER),
				       .address = STR("Lane " MARKER),
				       .url = STR("https://walk.example/"),
				       .timezone = STR("Europe/Rome"),
				       .capacity = 5,
				       .join = EVENT_JOIN_ON_REQUEST,
				       .rule = STR("") } },
		.author = olga,
		.group = botany,
		.date = { .original_ms = TUESDAY,
			  .start_ms = TUESDAY,
			  .end_ms = TUESDAY + 2 * MS_PER_HOUR,
			  .place = STR("") },
		.attendance = { .going = 3 },
		.zone = &s->rome,
	};
	s->waiting = (struct event_guest){
		botany, { .state = PARTICIPATION_WAITING, .note = STR("Please " MARKER) }
	};
	s->guests[0] = (struct event_guest){ botany, { .state = PARTICIPATION_GOING } };
	s->guests[1] = (struct event_guest){ botany, { .state = PARTICIPATION_DECLINED } };
	s->page = (struct event_page){ .form = { .path = EVENTS_PATH "/21",
						 .query = STR(""),
						 .token = STR("form-token"),
						 .passkey = STR("") },
				       .complaint = STR(""),
				       .card = card };
	event_form_of(s->ctx.arena, &s->page.card.status, &s->rome, &s->page.typed);
}

static struct str page_of(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_event_page(&out, s->kit.web, &s->page);
	return arena_take_buf(s->kit.d.arena, &out);
}

static struct str step(struct scene *s, const char *name)
{
	return arena_printf(s->kit.d.arena, "name=\"step\" value=\"%s\"", name);
}

/* --- series --- */

static struct str rule_of(struct scene *s, const struct event_form *form)
{
	struct status_event e = { .start_ms = TUESDAY, .rule = STR("FREQ=DAILY;COUNT=9") };
	return repeat_take(&s->ctx, form, &s->rome, &e) == RC_OK ? e.rule : STR("refused");
}

static void choices_are_rules_and_rules_choices(void **state UNUSED)
{
	static const struct {
		enum repeat_choice choice;
		unsigned weekdays;
		const char *times, *until, *rule;
	} rows[] = {
		{ REPEAT_NEVER, 0, "", "", "" },
		{ REPEAT_DAILY, 0, "3", "", "FREQ=DAILY;COUNT=3" },
		{ REPEAT_WEEKLY, 0, "3", "", "FREQ=WEEKLY;COUNT=3" },
		{ REPEAT_WEEKLY, 1U << 2 | 1U << 0, "3", "", "FREQ=WEEKLY;COUNT=3;BYDAY=TU,SU" },
		{ REPEAT_FORTNIGHTLY, 1U << 2, "3", "", "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU" },
		{ REPEAT_MONTHLY_DATE, 0, "3", "", "FREQ=MONTHLY;COUNT=3" },
		{ REPEAT_MONTHLY_WEEKDAY, 0, "3", "", "FREQ=MONTHLY;COUNT=3;BYDAY=2TU" },
		{ REPEAT_MONTHLY_LAST, 0, "3", "", "FREQ=MONTHLY;COUNT=3;BYDAY=-1TU" },
		{ REPEAT_YEARLY, 0, "3", "", "FREQ=YEARLY;COUNT=3" },
		/* the end of that day in Rome, in winter and in summer */
		{ REPEAT_WEEKLY, 0, "", "2027-01-05", "FREQ=WEEKLY;UNTIL=20270105T225959Z" },
		{ REPEAT_WEEKLY, 0, "", "2027-07-06", "FREQ=WEEKLY;UNTIL=20270706T215959Z" },
		/* what is there already stays */
		{ REPEAT_OTHERWISE, 0, "", "", "FREQ=DAILY;COUNT=9" },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct event_form form = { .repeat = str_of(repeat_name(rows[i].choice)),
						 .weekdays = rows[i].weekdays,
						 .times = str_of(rows[i].times),
						 .until = str_of(rows[i].until) };
		struct status_event e = { .start_ms = TUESDAY, .rule = rule_of(&s, &form) };
		struct event_form back = { .weekdays = 0 };
		assert_str_eq(e.rule, str_of(rows[i].rule));
		if (rows[i].choice == REPEAT_OTHERWISE)
			continue;
		repeat_of(s.ctx.arena, &e, &s.rome, &back);
		assert_str_eq(back.repeat, str_of(repeat_name(rows[i].choice)));
		assert_int_equal(back.weekdays, rows[i].weekdays);
		assert_str_eq(back.times, str_of(rows[i].times));
		assert_str_eq(back.until, str_of(rows[i].until));
	}
}

static void other_rules_are_left_as_they_are(void **state UNUSED)
{
	static const char *const rules[] = {
		"FREQ=DAILY;INTERVAL=3;COUNT=4",     "FREQ=DAILY;COUNT=4;BYDAY=MO,TU",
		"FREQ=WEEKLY;INTERVAL=3;COUNT=4",    "FREQ=WEEKLY;COUNT=4;WKST=SU",
		"FREQ=MONTHLY;COUNT=4;BYDAY=1MO",    "FREQ=MONTHLY;COUNT=4;BYDAY=2TU,4TU",
		"FREQ=MONTHLY;COUNT=4;BYMONTHDAY=-1"
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct status_event e = { .start_ms = TUESDAY, .rule = str_of(rules[i]) };
		struct event_form form;
		repeat_of(s.ctx.arena, &e, &s.rome, &form);
		assert_str_eq(form.repeat, str_of("otherwise"));
	}
}

static void a_series_says_when_it_ends(void **state UNUSED)
{
	static const struct {
		const char *times, *until;
	} bad[] = { { "", "" },	 { "3", "2027-01-05" }, { "1", "" },	     { "201", "" },
		    { "x", "" }, { "", "soon" },	{ "", "2027-13-05" } };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct event_form form = { .repeat = STR("weekly"),
						 .times = str_of(bad[i].times),
						 .until = str_of(bad[i].until) };
		s.ctx.err = (struct err){ 0 };
		assert_str_eq(rule_of(&s, &form), str_of("refused"));
		assert_true(s.ctx.err.detail[0] != '\0');
	}
	const struct event_form unknown = { .repeat = STR("hourly"), .times = STR("3") };
	assert_str_eq(rule_of(&s, &unknown), str_of("refused"));
}

static void a_rule_is_told_in_words(void **state UNUSED)
{
	static const struct {
		const char *rule, *words;
	} rows[] = {
		{ "FREQ=DAILY;COUNT=3", "Every day, 3 times" },
		{ "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=MO,SU",
		  "Every 2 weeks: Monday, Sunday, 3 times" },
		{ "FREQ=MONTHLY;COUNT=3;BYDAY=2TU", "Every month: the second Tuesday, 3 times" },
		{ "FREQ=MONTHLY;COUNT=3;BYDAY=-1FR", "Every month: the last Friday, 3 times" },
		{ "FREQ=YEARLY;UNTIL=20270105T225959Z", "Every year, until 5 January 2027" },
		{ "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1" },
		{ "nonsense <b>", "nonsense &lt;b&gt;" },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	const struct page_clock clock = { &s.rome, STR("Europe/Rome") };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
		event_rule_add(&out, str_of(rows[i].rule), &clock);
		assert_str_eq(buf_str(&out), str_of(rows[i].words));
	}
}

/* --- times --- */

static void times_are_those_of_the_clocks_there(void **state UNUSED)
{
	static const char *const bad[] = { "soon", "2026-12-08", "2026-13-08T10:00",
					   "2026-12-08x10:00", "2026-12-08T25:00" };
	struct scene CLEANUP(scene_free) s;
	uint64_t ms;
	scene_init(&s);
	assert_str_eq(s.page.typed.starts, str_of("2026-12-08T10:00"));
	assert_int_equal(event_time_take(&s.ctx, &s.rome, STR("2026-12-08T10:00"), &ms), RC_OK);
	assert_true(ms == TUESDAY);
	assert_int_equal(event_time_take(&s.ctx, &s.rome, STR(" 2026-12-08 10:00:30 "), &ms),
			 RC_OK);
	assert_true(ms == TUESDAY);
	assert_int_equal(event_time_take(&s.ctx, NULL, STR("2026-12-08T10:00"), &ms), RC_OK);
	assert_true(ms == TUESDAY + MS_PER_HOUR);
	assert_int_equal(event_time_take(&s.ctx, &s.rome, STR(""), &ms), RC_OK);
	assert_true(ms == 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(event_time_take(&s.ctx, &s.rome, str_of(bad[i]), &ms), RC_INVALID);
}

static void a_period_tells_a_day_once(void **state UNUSED)
{
	static const struct {
		uint64_t end_ms;
		const char *says;
	} rows[] = {
		{ 0, "10:00</time> Europe/Rome" },
		{ TUESDAY + 2 * MS_PER_HOUR, "10:00</time> \xe2\x80\x93 <time class=\"dt-end\" "
					     "datetime=\"2026-12-08T11:00:00.000Z\">12:00</time> "
					     "Europe/Rome" },
		{ TUESDAY + 20 * MS_PER_HOUR, ">Wednesday, 9 December, 06:00</time> Europe/Rome" },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	const struct page_clock clock = { &s.rome, STR("Europe/Rome") }, none = { NULL, STR("x") };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
		page_period(&out, s.kit.web, &clock, TUESDAY, rows[i].end_ms);
		assert_has(buf_str(&out), STR("<time class=\"dt-start\" "
					      "datetime=\"2026-12-08T09:00:00.000Z\">Tuesday, 8 "
					      "December, 10:00</time>"));
		assert_has(buf_str(&out), str_of(rows[i].says));
	}
	/* a place whose clocks are not known */
	struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
	page_period(&out, s.kit.web, &none, TUESDAY, 0);
	assert_has(buf_str(&out), STR("09:00</time> UTC"));
}

/* --- who is offered what --- */

static void a_guest_sees_it_and_takes_part(void **state UNUSED)
{
	static const char *const never[] = { "accept", "refuse", "invite",
					     "change", "date",	 "cancel" };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.card.may_join = true;
	struct str page = page_of(&s);
	assert_has(page, step(&s, "join"));
	assert_has(page, STR("name=\"note\""));
	assert_has(page, STR("3 take part, there is room for 5"));
	assert_has(page, STR("Bridge " MARKER_ESCAPED));
	assert_has(page, STR("/auth/events/21/calendar"));
	assert_has(page, STR("href=\"/@olga/21\""));
	assert_has_not(page, step(&s, "remind"));
	assert_has_not(page, STR("<h2>Who takes part"));
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		assert_has_not(page, step(&s, never[i]));
	assert_has_not(page, STR(MARKER));
	/* what is for followers has no page that everybody could open */
	s.page.card.status.visibility = VISIBILITY_FOLLOWERS;
	assert_has_not(page_of(&s), STR("href=\"/@olga/21\""));
	/* who comes sets a reminder, and takes it back */
	s.page.card.may_join = false;
	s.page.card.mine = s.page.mine.state = PARTICIPATION_GOING;
	s.page.mine.remind_min = 7;
	s.page.mine.by_letter = true;
	page = page_of(&s);
	assert_has(page, step(&s, "leave"));
	assert_has(page, STR("<option value=\"7\" selected>7 minutes before</option>"));
	assert_has(page, STR("name=\"letter\" checked"));
}

static void an_organizer_has_all_of_it(void **state UNUSED)
{
	static const char *const steps[] = { "accept", "refuse", "invite", "change", "cancel" };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.may_manage = s.page.may_edit = s.page.sees_guests = true;
	s.page.waiting = &s.waiting;
	s.page.waiting_count = 1;
	s.page.guests = s.guests;
	s.page.guest_count = 2;
	s.page.members = &s.member;
	s.page.member_count = 1;
	s.page.guests_next = 77;
	struct str page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_has(page, step(&s, steps[i]));
	assert_has(page, STR("Please " MARKER_ESCAPED));
	assert_has(page, STR("has declined"));
	assert_has(page, STR("href=\"/auth/events/21?after=77\""));
	assert_has(page, STR("name=\"starts\" type=\"datetime-local\" required "
			     "value=\"2026-12-08T10:00\""));
	assert_has_not(page, step(&s, "date"));
	assert_has_not(page, STR(MARKER));
	assert_int_equal(count_of(page, STR("<form method=\"post\"")),
			 count_of(page, STR("name=\"token\" value=\"form-token\"")));
	/* who manages it and has not written it does not change its words */
	s.page.may_edit = false;
	assert_has_not(page_of(&s), step(&s, "change"));
	/* what is cancelled is answered by nobody any more */
	s.page.card.status.event.state = EVENT_CANCELLED;
	page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (strcmp(steps[i], "refuse") != 0)
			assert_has_not(page, step(&s, steps[i]));
	}
	assert_has(page, STR("It was cancelled."));
}

static void a_series_shows_its_dates(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct status_event *e = &s.page.card.status.event;
	for (unsigned i = 0; i < 3; i++)
		s.dates[i] = (struct event_date){ .original_ms = TUESDAY + i * 7 * MS_PER_DAY,
						  .start_ms = TUESDAY + i * 7 * MS_PER_DAY,
						  .place = STR("") };
	s.dates[1].flags = EVENT_DATE_CANCELLED;
	s.dates[2].place = STR("Garden " MARKER);
	e->rule = STR("FREQ=WEEKLY;COUNT=3");
	e->dates = s.dates;
	e->date_count = 3;
	s.page.may_manage = true;
	struct str page = page_of(&s);
	assert_has(page, STR("Every week, 3 times"));
	assert_int_equal(count_of(page, STR("<s>")), 1);
	assert_has(page, STR("Garden " MARKER_ESCAPED));
	assert_has(page, step(&s, "date"));
	assert_int_equal(count_of(page, STR("<option value=\"17")), 3);
	assert_has_not(page, STR(MARKER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices_are_rules_and_rules_choices),
		cmocka_unit_test(other_rules_are_left_as_they_are),
		cmocka_unit_test(a_series_says_when_it_ends),
		cmocka_unit_test(a_rule_is_told_in_words),
		cmocka_unit_test(times_are_those_of_the_clocks_there),
		cmocka_unit_test(a_period_tells_a_day_once),
		cmocka_unit_test(a_guest_sees_it_and_takes_part),
		cmocka_unit_test(an_organizer_has_all_of_it),
		cmocka_unit_test(a_series_shows_its_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
