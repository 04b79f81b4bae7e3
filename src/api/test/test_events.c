/* Events over HTTP: held, taken part in, answered, cancelled, as calendars; and what is written, to the
 * byte. */
#include <stdio.h>

#include "../event_int.h"
#include "groupkit.h"

#define TEA                                                                                    \
	"{\"title\":\"Tea\",\"content\":\"With cake\",\"starts_at\":\"2023-11-20T18:00:00Z\"," \
	"\"ends_at\":\"2023-11-20T19:00:00Z\",\"place\":\"Hall\",\"timezone\":"                \
	"\"Europe/Rome\",\"join\":\"request\",\"capacity\":1}"

/* What apps show, which know nothing of events; times are those of the place. */
static struct str content_of(struct scene *w, uint64_t id, const char *ends, const char *place)
{
	struct arena *arena = w->kit->t.d.arena;
	struct str link = arena_printf(arena, "%.*s/auth/events/%llu", STR_ARG(w->kit->t.site.base),
				       (unsigned long long)id);
	return arena_printf(arena,
			    "<p><strong>Tea</strong></p><p>With cake</p><p>Starts Mon, 20 Nov "
			    "2023 19:00%s (Europe/Rome), at %s<br><a href=\"%.*s\" "
			    "rel=\"nofollow noopener\">%.*s</a></p>",
			    ends, place, STR_ARG(link), STR_ARG(link));
}

static uint64_t make(struct scene *w)
{
	struct answer a = api_post(w->kit, w->alice_token,
				   scene_path(w, "communities", w->group.id, "/events"), TEA);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "title"), STR("Tea"));
	assert_str_eq(answer_str(&a, "starts_at"), STR("2023-11-20T18:00:00.000Z"));
	assert_str_eq(answer_str(&a, "join"), STR("request"));
	assert_str_eq(answer_str(&a, "state"), STR("scheduled"));
	assert_int_equal(answer_num(&a, "capacity"), 1);
	assert_str_eq(answer_str(&a, "status.content"),
		      content_of(w, answer_id(&a), ", ends Mon, 20 Nov 2023 20:00", "Hall"));
	assert_true(jr_bool(answer_at(&a, "may_manage"), false));
	return answer_id(&a);
}

static unsigned post(struct scene *w, struct str token, uint64_t id, const char *rest)
{
	return api_post(w->kit, token, scene_path(w, "events", id, rest), "{\"note\":\"hi\"}")
		.status;
}

static void people_ask_and_are_answered(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	char accept[80], reject[80];
	scene_init(&w, COMMUNITY_PUBLIC);
	assert_int_equal(api_post(w.kit, w.bob_token,
				  scene_path(&w, "communities", w.group.id, "/events"), TEA)
				 .status,
			 403);
	uint64_t id = make(&w);
	assert_int_equal(post(&w, w.alice_token, id, "/join"), 403);
	assert_int_equal(post(&w, w.bob_token, id, "/join"), 200);
	assert_int_equal(post(&w, w.bob_token, id, "/join"), 200);
	struct answer a = api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, ""));
	assert_str_eq(answer_str(&a, "participation"), STR("waiting"));
	assert_int_equal(answer_num(&a, "participants_count"), 0);
	assert_int_equal(answer_num(&a, "requests_count"), -1);
	/* who has asked is known to who answers */
	assert_int_equal(
		api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, "/participants"))
			.status,
		403);
	a = api_get(w.kit, w.alice_token, "%s", scene_path(&w, "events", id, "/participants"));
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "note")), STR("hi"));
	snprintf(accept, sizeof(accept), "/participants/%llu/accept", (unsigned long long)w.bob.id);
	snprintf(reject, sizeof(reject), "/participants/%llu/reject", (unsigned long long)w.bob.id);
	assert_int_equal(post(&w, w.bob_token, id, accept), 403);
	assert_int_equal(post(&w, w.alice_token, id, accept), 200);
	a = api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, "/participants"));
	assert_int_equal(jr_count(a.json), 1);
	assert_int_equal(jr_type(jr_get(jr_at(a.json, 0), "note")), JR_NULL);
	/* there is room for one */
	a = api_post(w.kit, w.carol_token, scene_path(&w, "events", id, "/join"), "{}");
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"), STR("this event is full"));
	assert_int_equal(jr_count(api_get(w.kit, w.bob_token, API "/events").json), 1);
	assert_int_equal(post(&w, w.bob_token, id, "/leave"), 200);
	assert_int_equal(post(&w, w.bob_token, id, "/leave"), 200);
	assert_int_equal(post(&w, w.bob_token, id, "/join"), 200);
	assert_int_equal(post(&w, w.alice_token, id, reject), 200);
	assert_int_equal(post(&w, w.bob_token, id, "/join"), 403);
}

static void what_is_for_members_is_there_for_them(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_MEMBERS);
	uint64_t id = make(&w);
	static const char *const ways[] = { "", "/calendar", "/participants" };
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		assert_int_equal(
			api_get(w.kit, w.carol_token, "%s", scene_path(&w, "events", id, ways[i]))
				.status,
			404);
	assert_int_equal(post(&w, w.carol_token, id, "/join"), 404);
	static const char *const lists[] = { "/events", "/calendar" };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const char *list = scene_path(&w, "communities", w.group.id, lists[i]);
		assert_int_equal(api_get(w.kit, w.carol_token, "%s", list).status, 404);
		assert_int_equal(api_get(w.kit, STR_NONE, "%s", list).status, 404);
		assert_int_equal(api_get(w.kit, w.bob_token, "%s", list).status, 200);
	}
	struct answer a =
		api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, "/calendar"));
	assert_str_eq(answer_header(&a, "Content-Type"), STR("text/calendar; charset=utf-8"));
}

static void calendars_have_what_is_to_come_and_what_is_called_off(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = make(&w);
	const char *list = scene_path(&w, "communities", w.group.id, "/calendar");
	struct answer a = api_get(w.kit, STR_NONE, "%s", list);
	assert_true(str_has_prefix(a.body, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")));
	assert_true(str_contains(a.body, STR("\r\nNAME:Tea\r\n")));
	assert_true(str_contains(a.body, STR("\r\nDTSTART:20231120T180000Z\r\n"
					     "DTEND:20231120T190000Z\r\nSEQUENCE:0\r\n"
					     "STATUS:CONFIRMED\r\nSUMMARY:Tea\r\n"
					     "DESCRIPTION:With cake\r\nLOCATION:Hall\r\n")));
	assert_int_equal(post(&w, w.bob_token, id, "/cancel"), 403);
	w.kit->t.d.clock.wall_ms += 5000;
	assert_int_equal(post(&w, w.alice_token, id, "/cancel"), 200);
	a = api_get(w.kit, STR_NONE, "%s", scene_path(&w, "events", id, "/calendar"));
	assert_true(str_contains(a.body, STR("\r\nSTATUS:CANCELLED\r\n")));
	assert_false(str_contains(a.body, STR("\r\nSEQUENCE:0\r\n")));
	a = api_get(w.kit, STR_NONE, "%s", scene_path(&w, "events", id, ""));
	assert_str_eq(answer_str(&a, "state"), STR("cancelled"));
}

static void what_goes_on_is_listed_and_pages_follow(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t one = make(&w), two = make(&w);
	const char *list = scene_path(&w, "communities", w.group.id, "/events");
	assert_int_equal(jr_count(api_get(w.kit, STR_NONE, "%s", list).json), 2);
	struct answer a = api_get(w.kit, STR_NONE, "%s?limit=1", list);
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(w.kit, STR_NONE, "%s?limit=1&after=%llu", list, (unsigned long long)one);
	assert_int_equal(jr_count(a.json), 1);
	assert_true(str_eq(jr_str(jr_get(jr_at(a.json, 0), "id")),
			   arena_printf(w.kit->t.d.arena, "%llu", (unsigned long long)two)));
	static const struct {
		const char *from;
		size_t count;
	} rows[] = { { "2023-11-20T18:30:00Z", 2 }, { "2023-11-20T19:00:00Z", 0 } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
			jr_count(api_get(w.kit, STR_NONE, "%s?from=%s", list, rows[i].from).json),
			rows[i].count);
	assert_int_equal(api_get(w.kit, STR_NONE, "%s?from=soon", list).status, 422);
}

static void a_change_changes_what_it_says(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = make(&w);
	const char *one = scene_path(&w, "events", id, "");
	assert_int_equal(api_ask(w.kit, "PUT", w.bob_token, one, "{\"place\":\"x\"}").status, 404);
	struct answer a = api_ask(w.kit, "PUT", w.alice_token, one,
				  "{\"place\":\"Garden\",\"ends_at\":\"\",\"capacity\":0}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "place"), STR("Garden"));
	assert_str_eq(answer_str(&a, "title"), STR("Tea"));
	assert_str_eq(answer_str(&a, "status.content"), content_of(&w, id, "", "Garden"));
	assert_int_equal(jr_type(answer_at(&a, "ends_at")), JR_NULL);
	assert_int_equal(jr_type(answer_at(&a, "capacity")), JR_NULL);
}

static void bad_events_are_told_what_is_wrong(void **state UNUSED)
{
	static const char *const bodies[] = {
		"{\"starts_at\":\"2023-11-20T18:00:00Z\"}",
		"{\"title\":\"Tea\"}",
		"{\"title\":\"Tea\",\"starts_at\":\"tomorrow\"}",
		"{\"title\":\"Tea\",\"starts_at\":\"2020-11-20T18:00:00Z\"}",
		"{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\",\"join\":\"maybe\"}",
		"{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\",\"capacity\":-1}",
		"{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\",\"url\":\"x:y\"}",
		"{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\",\"timezone\":\"a b\"}",
	};
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	const char *backwards = "{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\","
				"\"ends_at\":\"2023-11-20T17:00:00Z\"}";
	assert_int_equal(api_post(w.kit, w.bob_token, API "/events", backwards).status, 422);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct answer a = api_post(w.kit, w.bob_token, API "/events", bodies[i]);
		assert_true(a.status == 422 || a.status == 400);
		assert_true(answer_str(&a, "error").len != 0);
	}
	struct answer a = api_post(w.kit, w.bob_token, API "/events",
				   "{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\"}");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_type(answer_at(&a, "community_id")), JR_NULL);
	/* what is no event is none */
	struct status plain = test_store_post(&w.kit->t, &w.alice, VISIBILITY_PUBLIC, "hi", NULL);
	assert_int_equal(
		api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", plain.id, "")).status,
		404);
	assert_int_equal(post(&w, w.bob_token, plain.id, "/join"), 404);
	assert_int_equal(post(&w, w.bob_token, 1, "/leave"), 404);
}

static void an_event_is_written_by_the_letter(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct buf plain CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct buf wanted CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct jw w;
	const struct site site = { .domain = STR("a.example"), .base = STR("https://a.example") };
	const struct account account = { .id = 3, .username = STR("alice"), .note = { STR("") } };
	const struct account_view author = { .account = &account };
	const struct status status = { .id = 7,
				       .account = 3,
				       .type = STR("Event"),
				       .title = STR("Tea"),
				       .content = { STR("") },
				       .event = { .start_ms = UINT64_C(1700000000000),
						  .place = STR("Hall"),
						  .join = EVENT_JOIN_FREE,
						  .capacity = 9 } };
	const struct status_view shown = { .id = 7, .status = &status, .account = &author };
	const struct event_view view = { .shown = &shown,
					 .attendance = { .going = 2, .waiting = 1 },
					 .mine = PARTICIPATION_GOING,
					 .may_manage = true };
	jw_init(&w, &plain);
	render_status(&w, &site, &shown);
	jw_done(&w);
	buf_addf(&wanted,
		 "{\"id\":\"7\",\"community_id\":null,\"title\":\"Tea\","
		 "\"starts_at\":\"2023-11-14T22:13:20.000Z\",\"ends_at\":null,\"timezone\":null,"
		 "\"place\":\"Hall\",\"address\":null,\"url\":null,\"state\":\"scheduled\","
		 "\"recurrence\":null,\"date\":null,\"dates\":null,"
		 "\"join\":\"free\",\"capacity\":9,\"participants_count\":2,\"requests_count\":1,"
		 "\"participation\":\"going\",\"reminder\":{\"minutes\":0,\"letter\":false},"
		 "\"may_join\":false,\"may_manage\":true,"
		 "\"status\":%.*s}",
		 STR_ARG(buf_str(&plain)));
	jw_init(&w, &out);
	render_event(&w, &site, &view);
	jw_done(&w);
	assert_str_eq(buf_str(&out), buf_str(&wanted));
}

#define SERIES                                                                              \
	"{\"title\":\"Choir\",\"content\":\"Sing\",\"starts_at\":\"2023-11-20T18:00:00Z\"," \
	"\"ends_at\":\"2023-11-20T19:00:00Z\",\"place\":\"Hall\",\"recurrence\":"           \
	"\"FREQ=WEEKLY;COUNT=3\"}"

static uint64_t make_series(struct scene *w)
{
	struct answer a = api_post(w->kit, w->alice_token,
				   scene_path(w, "communities", w->group.id, "/events"), SERIES);
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	assert_str_eq(answer_str(&a, "recurrence"), STR("FREQ=WEEKLY;COUNT=3"));
	assert_int_equal(jr_count(answer_at(&a, "dates")), 3);
	assert_int_equal(jr_type(answer_at(&a, "date")), JR_NULL);
	return id;
}

/* For strangers the link is to the page that anybody sees; what is called off says so; nothing of it is stored. */
static void the_line_of_an_event_says_how_it_is(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = make(&w);
	struct answer a = api_get(w.kit, STR_NONE, "/api/v1/statuses/%llu", (unsigned long long)id);
	assert_true(str_contains(answer_str(&a, "content"), STR("<p>Starts Mon, 20 Nov 2023")));
	assert_false(str_contains(answer_str(&a, "content"), STR("/auth/events")));
	assert_true(str_contains(answer_str(&a, "content"), answer_str(&a, "url")));
	/* and so does what is found */
	a = api_get(w.kit, w.alice_token, "/api/v2/search?q=%.*s", STR_ARG(answer_str(&a, "uri")));
	assert_true(str_contains(jr_str(jr_get(jr_at(answer_at(&a, "statuses"), 0), "content")),
				 STR("<p>Starts Mon, 20 Nov 2023")));
	a = api_get(w.kit, w.alice_token, "/api/v1/statuses/%llu/source", (unsigned long long)id);
	assert_str_eq(answer_str(&a, "text"), STR("With cake"));
	a = api_ask(w.kit, "POST", w.alice_token, scene_path(&w, "events", id, "/cancel"), "");
	assert_int_equal(a.status, 200);
	a = api_get(w.kit, w.bob_token, "/api/v1/statuses/%llu", (unsigned long long)id);
	assert_true(str_contains(answer_str(&a, "content"),
				 STR("<p>Called off. It was to start Mon, 20 Nov 2023")));
}

static void a_series_is_there_for_each_date(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	make_series(&w);
	make(&w);
	const char *list = scene_path(&w, "communities", w.group.id, "/events");
	struct answer a = api_get(w.kit, w.bob_token, "%s", list);
	assert_int_equal(jr_count(a.json), 4);
	/* page by page nothing comes twice, and nothing is left out */
	a = api_get(w.kit, w.bob_token, "%s?limit=1", list);
	size_t seen = 0;
	for (; seen < 6 && jr_count(a.json) == 1; seen++) {
		struct str next = answer_header(&a, "Link");
		size_t from = str_index(next, '?'), to = str_index(next, '>');
		struct str query = str_skip(str_take(next, to), from);
		a = api_get(w.kit, w.bob_token, "%s%.*s", list, STR_ARG(query));
	}
	assert_int_equal(seen, 4);
}

static void single_dates_are_changed_and_called_off(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = make_series(&w);
	const char *list = scene_path(&w, "communities", w.group.id, "/events");
	const char *one = scene_path(&w, "events", id, "/dates");
	struct answer a;
	/* who only looks on changes nothing */
	assert_int_equal(api_ask(w.kit, "PUT", w.bob_token, one,
				 "{\"date\":\"2023-11-27T18:00:00Z\",\"cancelled\":true}")
				 .status,
			 403);
	static const struct {
		const char *body;
		unsigned status;
	} rows[] = {
		{ "{\"date\":\"2023-11-27T18:00:00Z\",\"cancelled\":true}", 200 },
		{ "{\"date\":\"2023-12-04T18:00:00Z\",\"starts_at\":\"2023-12-05T17:00:00Z\","
		  "\"place\":\"Garden\"}",
		  200 },
		{ "{\"date\":\"2023-11-28T18:00:00Z\",\"cancelled\":true}", 404 },
		{ "{\"date\":\"2023-11-27T18:00:00Z\",\"starts_at\":\"2023-11-20T18:00:00Z\"}",
		  422 },
		{ "{\"date\":\"2023-11-27T18:00:00Z\",\"ends_at\":\"2023-11-27T17:00:00Z\"}", 422 },
		{ "{\"cancelled\":true}", 422 },
		{ "{\"date\":\"soon\"}", 422 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		w.kit->t.d.clock.wall_ms += 1000;
		assert_int_equal(api_ask(w.kit, "PUT", w.alice_token, one, rows[i].body).status,
				 rows[i].status);
	}
	a = api_get(w.kit, w.bob_token, "%s?from=2023-11-21T00:00:00Z", list);
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "state")), STR("cancelled"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 1), "date")), STR("2023-12-04T18:00:00.000Z"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 1), "starts_at")),
		      STR("2023-12-05T17:00:00.000Z"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 1), "ends_at")), STR("2023-12-05T18:00:00.000Z"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 1), "place")), STR("Garden"));
	a = api_get(w.kit, STR_NONE, "%s", scene_path(&w, "events", id, "/calendar"));
	assert_true(str_contains(a.body, STR("\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
					     "EXDATE:20231127T180000Z\r\n"
					     "DTSTART:20231120T180000Z\r\n")));
	assert_true(str_contains(a.body, STR("\r\nRECURRENCE-ID:20231204T180000Z\r\n"
					     "DTSTART:20231205T170000Z\r\n"
					     "DTEND:20231205T180000Z\r\n")));
	/* a community's calendar has it once */
	a = api_get(w.kit, STR_NONE, "%s", scene_path(&w, "communities", w.group.id, "/calendar"));
	struct str first = a.body, rest;
	size_t rules = 0;
	while (str_next(&first, '\n', &rest))
		rules += str_has_prefix(rest, STR("RRULE:"));
	assert_int_equal(rules, 1);
	/* what was said of single dates outlives a longer rule, and goes with the series */
	w.kit->t.d.clock.wall_ms += 1000;
	a = api_ask(w.kit, "PUT", w.alice_token, scene_path(&w, "events", id, ""),
		    "{\"recurrence\":\"FREQ=WEEKLY;COUNT=5\"}");
	assert_int_equal(jr_count(answer_at(&a, "dates")), 5);
	assert_str_eq(jr_str(jr_get(jr_at(answer_at(&a, "dates"), 1), "state")), STR("cancelled"));
	w.kit->t.d.clock.wall_ms += 1000;
	a = api_ask(w.kit, "PUT", w.alice_token, scene_path(&w, "events", id, ""),
		    "{\"recurrence\":\"\"}");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_type(answer_at(&a, "dates")), JR_NULL);
	assert_int_equal(jr_count(api_get(w.kit, w.bob_token, "%s", list).json), 1);
}

static void rules_that_are_none_are_told_so(void **state UNUSED)
{
	static const char *const rules[] = { "x", "FREQ=DAILY", "FREQ=HOURLY;COUNT=3",
					     "FREQ=WEEKLY;COUNT=3;BYDAY=TU" };
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct str body = arena_printf(w.kit->t.d.arena,
					       "{\"title\":\"Tea\",\"starts_at\":"
					       "\"2023-11-20T18:00:00Z\",\"recurrence\":\"%s\"}",
					       rules[i]);
		struct answer a = api_post(w.kit, w.bob_token, API "/events",
					   arena_cstr(w.kit->t.d.arena, body));
		assert_int_equal(a.status, 422);
		assert_true(answer_str(&a, "error").len != 0);
	}
}

static void people_are_invited_and_answer(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	uint64_t id = make(&w);
	const char *invitations = scene_path(&w, "events", id, "/invitations");
	struct str body =
		arena_printf(w.kit->t.d.arena, "{\"account_ids\":[\"%llu\",\"%llu\"]}",
			     (unsigned long long)w.bob.id, (unsigned long long)w.carol.id);
	const char *both = arena_cstr(w.kit->t.d.arena, body);
	assert_int_equal(api_post(w.kit, w.bob_token, invitations, both).status, 403);
	assert_int_equal(api_post(w.kit, w.alice_token, invitations, "{}").status, 422);
	assert_int_equal(api_post(w.kit, w.alice_token, invitations, both).status, 200);
	struct answer a = api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, ""));
	assert_str_eq(answer_str(&a, "participation"), STR("invited"));
	assert_true(jr_bool(answer_at(&a, "may_join"), false));
	a = api_get(w.kit, w.bob_token, "/api/v1/notifications");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "type")), STR("mention"));
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "kind")), STR("event_invite"));
	/* they need not ask, though others do; and it is not for everybody to know */
	a = api_post(w.kit, w.bob_token, scene_path(&w, "events", id, "/join"), "{}");
	assert_str_eq(answer_str(&a, "participation"), STR("going"));
	a = api_post(w.kit, w.carol_token, scene_path(&w, "events", id, "/leave"), "{}");
	assert_str_eq(answer_str(&a, "participation"), STR("declined"));
	a = api_get(w.kit, w.bob_token, "%s", scene_path(&w, "events", id, "/participants"));
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(w.kit, w.alice_token, "%s", scene_path(&w, "events", id, "/participants"));
	assert_int_equal(jr_count(a.json), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_ask_and_are_answered),
		cmocka_unit_test(what_is_for_members_is_there_for_them),
		cmocka_unit_test(calendars_have_what_is_to_come_and_what_is_called_off),
		cmocka_unit_test(what_goes_on_is_listed_and_pages_follow),
		cmocka_unit_test(a_change_changes_what_it_says),
		cmocka_unit_test(bad_events_are_told_what_is_wrong),
		cmocka_unit_test(an_event_is_written_by_the_letter),
		cmocka_unit_test(the_line_of_an_event_says_how_it_is),
		cmocka_unit_test(a_series_is_there_for_each_date),
		cmocka_unit_test(single_dates_are_changed_and_called_off),
		cmocka_unit_test(rules_that_are_none_are_told_so),
		cmocka_unit_test(people_are_invited_and_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
