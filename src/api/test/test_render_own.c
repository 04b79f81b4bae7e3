/* What the renderers of a person's own things write, to the byte. */
#include "../own_int.h"
#include "core/clock.h"
#include "testkit.h"

static struct buf out = BUF_INIT(1 << 16);
static struct jw w;

static struct jw *begin(void)
{
	buf_reset(&out);
	jw_init(&w, &out);
	return &w;
}

static void written(const char *wanted)
{
	jw_done(&w);
	assert_str_eq(buf_str(&out), str_of(wanted));
}

static void a_relationship_has_all_its_sides(void **state UNUSED)
{
	const struct relationship r = {
		.account = 7,
		.follow = { .state = FOLLOW_ACCEPTED,
			    .flags = FOLLOW_NOTIFY,
			    .languages = STR("de,pt-BR") },
		.follows = FOLLOW_PENDING,
		.muting = true,
		.mute_ends_ms = UINT64_C(1700000000000),
		.endorsed = true,
		.note = STR("\"hi\""),
	};
	render_relationship(begin(), &r);
	written("{\"id\":\"7\",\"following\":true,\"showing_reblogs\":true,\"notifying\":true,"
		"\"languages\":[\"de\",\"pt-BR\"],\"followed_by\":false,\"blocking\":false,"
		"\"blocked_by\":false,\"muting\":true,\"muting_notifications\":false,"
		"\"muting_expires_at\":\"2023-11-14T22:13:20.000Z\",\"requested\":false,"
		"\"requested_by\":true,\"domain_blocking\":false,\"endorsed\":true,"
		"\"note\":\"\\\"hi\\\"\"}");
	const struct relationship none = { .account = 8, .blocking = true, .note = STR("") };
	render_relationship(begin(), &none);
	written("{\"id\":\"8\",\"following\":false,\"showing_reblogs\":false,\"notifying\":false,"
		"\"languages\":null,\"followed_by\":false,\"blocking\":true,\"blocked_by\":false,"
		"\"muting\":false,\"muting_notifications\":false,\"muting_expires_at\":null,"
		"\"requested\":false,\"requested_by\":false,\"domain_blocking\":false,"
		"\"endorsed\":false,\"note\":\"\"}");
}

static void a_list(void **state UNUSED)
{
	const struct list list = { .id = 12249,
				   .title = STR("Friends"),
				   .replies = REPLIES_TO_FOLLOWED };
	render_list(begin(), &list);
	written("{\"id\":\"12249\",\"title\":\"Friends\",\"replies_policy\":\"followed\","
		"\"exclusive\":false}");
}

static void filters_of_both_forms_and_what_they_find(void **state UNUSED)
{
	struct filter_keyword words[] = { { 1, true, STR_INIT("cat") } };
	struct filter_status posts[] = { { 2, 42 } };
	const struct filter f = { .id = 20060,
				  .title = STR("t"),
				  .contexts = FILTER_HOME | FILTER_ACCOUNT,
				  .action = FILTER_HIDE,
				  .keywords = words,
				  .keyword_count = 1,
				  .statuses = posts,
				  .status_count = 1 };
	render_filter(begin(), &f);
	written("{\"id\":\"20060\",\"title\":\"t\",\"context\":[\"home\",\"account\"],"
		"\"expires_at\":null,\"filter_action\":\"hide\","
		"\"keywords\":[{\"id\":\"1\",\"keyword\":\"cat\",\"whole_word\":true}],"
		"\"statuses\":[{\"id\":\"2\",\"status_id\":\"42\"}]}");
	render_v1_filter(begin(), &f, &words[0]);
	written("{\"id\":\"1\",\"phrase\":\"cat\",\"context\":[\"home\",\"account\"],"
		"\"whole_word\":true,\"expires_at\":null,\"irreversible\":true}");
	struct str found[] = { STR_INIT("cat") };
	const struct filter_match m = {
		.filter = &f, .keywords = found, .keyword_count = 1, .status = true
	};
	render_filtered(begin(), &m, 1, 42);
	written("[{\"filter\":{\"id\":\"20060\",\"title\":\"t\",\"context\":[\"home\",\"account\"],"
		"\"expires_at\":null,\"filter_action\":\"hide\"},\"keyword_matches\":[\"cat\"],"
		"\"status_matches\":[\"42\"]}]");
	render_filtered(begin(), NULL, 0, 42);
	written("[]");
}

static void hashtags(void **state UNUSED)
{
	const struct site site = { .base = STR("https://example.org") };
	struct tag_view tag = { .id = 5, .name = STR("Caf\xc3\xa9"), .known_viewer = true };
	tag.following = true;
	render_tag(begin(), &site, &tag);
	written("{\"id\":\"5\",\"name\":\"Caf\xc3\xa9\",\"url\":\"https://example.org/tags/"
		"Caf%C3%A9\",\"history\":[{\"day\":\"0\",\"uses\":\"0\",\"accounts\":\"0\"}],"
		"\"following\":true,\"featuring\":false}");
	tag.known_viewer = false;
	render_tag(begin(), &site, &tag);
	written("{\"id\":\"5\",\"name\":\"Caf\xc3\xa9\",\"url\":\"https://example.org/tags/"
		"Caf%C3%A9\",\"history\":[{\"day\":\"0\",\"uses\":\"0\",\"accounts\":\"0\"}]}");
	const struct featured_tag_view featured = { .id = 627,
						    .name = STR("np"),
						    .profile = STR("https://example.org/@a"),
						    .count = 36,
						    .last_ms = UINT64_C(1700000000000) };
	render_featured_tag(begin(), &featured);
	written("{\"id\":\"627\",\"name\":\"np\",\"url\":\"https://example.org/@a/tagged/np\","
		"\"statuses_count\":\"36\",\"last_status_at\":\"2023-11-14\"}");
}

static void every_spelling_of_a_hashtag_has_one_number(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 16);
	struct ctx ctx = { .arena = arena };
	uint64_t id = tag_id(&ctx, STR("Cats"));
	assert_int_equal(tag_id(&ctx, STR("cATS")), id);
	assert_int_not_equal(tag_id(&ctx, STR("dogs")), id);
	assert_true(id != 0 && id <= INT64_MAX);
	assert_int_equal(tag_id(&ctx, STR("no tag")), 0);
	assert_int_equal(ctx.err.rc, RC_OK);
	arena_free(&arena);
}

static void an_announcement(void **state UNUSED)
{
	const struct announcement_view view = {
		.announcement = { .id = 8,
				  .content = html_trusted(STR("<p>x</p>")),
				  .ends_ms = UINT64_C(1700000000000),
				  .published_ms = UINT64_C(1600000000000),
				  .updated_ms = UINT64_C(1600000000000) },
		.read = true,
		.reactions = { { STR_INIT("blob"), 9, false, STR_INIT("https://p.example/1") },
			       { STR_INIT("\xf0\x9f\x94\xa5"), 1, true, STR_INIT("") } },
		.reaction_count = 2,
	};
	render_announcement(begin(), &view);
	written("{\"id\":\"8\",\"content\":\"<p>x</p>\",\"starts_at\":null,"
		"\"ends_at\":\"2023-11-14T22:13:20.000Z\",\"all_day\":false,"
		"\"published_at\":\"2020-09-13T12:26:40.000Z\","
		"\"updated_at\":\"2020-09-13T12:26:40.000Z\",\"read\":true,\"mentions\":[],"
		"\"statuses\":[],\"tags\":[],\"emojis\":[],\"reactions\":["
		"{\"name\":\"blob\",\"count\":9,\"me\":false,\"url\":\"https://p.example/1\","
		"\"static_url\":\"https://p.example/1\"},"
		"{\"name\":\"\xf0\x9f\x94\xa5\",\"count\":1,\"me\":true}]}");
}

static void a_scheduled_status(void **state UNUSED)
{
	const struct scheduled s = { .id = 3221,
				     .due_ms = UINT64_C(1700000000000),
				     .params = STR("{\"text\":\"x\"}") };
	const struct scheduled_view view = { .scheduled = &s };
	render_scheduled(begin(), &view);
	written("{\"id\":\"3221\",\"scheduled_at\":\"2023-11-14T22:13:20.000Z\","
		"\"params\":{\"text\":\"x\"},\"media_attachments\":[]}");
}

static int end(void **state UNUSED)
{
	buf_free(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relationship_has_all_its_sides),
		cmocka_unit_test(a_list),
		cmocka_unit_test(filters_of_both_forms_and_what_they_find),
		cmocka_unit_test(hashtags),
		cmocka_unit_test(every_spelling_of_a_hashtag_has_one_number),
		cmocka_unit_test(an_announcement),
		cmocka_unit_test(a_scheduled_status),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}
