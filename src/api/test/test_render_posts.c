/* What hangs on posts, whole: versions, cards, quotes in each of their states, polls; and one's own profile. */
#include "../own_int.h"
#include "core/clock.h"
#include "testkit.h"

#define AT UINT64_C(1700000000000) /* 2023-11-14T22:13:20Z */
#define AT_TEXT "2023-11-14T22:13:20.000Z"

static const struct site site = { .domain = STR_INIT("example.org"),
				  .host = STR_INIT("social.example.org"),
				  .base = STR_INIT("https://social.example.org") };

static const struct account alice = { .id = 7,
				      .flags = ACCOUNT_LOCAL | ACCOUNT_NO_MEDIA_REPLIES,
				      .username = STR_INIT("alice"),
				      .domain = STR_INIT(""),
				      .uri = STR_INIT("https://social.example.org/users/alice"),
				      .url = STR_INIT("https://social.example.org/@alice"),
				      .display_name = STR_INIT("Alice"),
				      .note = { STR_INIT("<p>hi</p>") },
				      .avatar_description = STR_INIT("a cat") };
static const struct account_view alice_view = { .account = &alice, .feature_current = "denied" };

static const struct status post = { .id = 9,
				    .account = 7,
				    .uri = STR_INIT("https://social.example.org/9"),
				    .type = STR_INIT("Note"),
				    .content = { STR_INIT("<p>old</p>") },
				    .spoiler = STR_INIT("cw"),
				    .flags = STATUS_SENSITIVE,
				    .quote = { .uri = STR_INIT("https://b.example/1"),
					       .status = 4 } };

typedef void writer(struct jw *w, const void *view);

struct golden {
	struct arena *arena;
	struct str account;
};

static struct str written(struct golden *g, writer *write, const void *view)
{
	struct buf out = BUF_INIT((size_t)1 << 20);
	struct jw w;
	jw_init(&w, &out);
	write(&w, view);
	jw_done(&w);
	return arena_take_buf(g->arena, &out);
}

static void write_account(struct jw *w, const void *view)
{
	render_account(w, &site, view);
}

static void write_edit(struct jw *w, const void *view)
{
	render_status_edit(w, &site, view);
}

static void write_card(struct jw *w, const void *view)
{
	render_card(w, &site, view);
}

static void write_quote(struct jw *w, const void *view)
{
	render_quote(w, &site, view);
}

static void write_status(struct jw *w, const void *view)
{
	render_status(w, &site, view);
}

static void write_profile(struct jw *w, const void *view)
{
	render_own_profile(w, view);
}

static void write_credentials(struct jw *w, const void *view)
{
	render_credential_account(w, &site, view, 2);
}

static struct golden golden_new(void)
{
	struct golden g = { arena_new((size_t)8 << 20), STR("") };
	assert_non_null(g.arena);
	g.account = written(&g, write_account, &alice_view);
	return g;
}

static void golden_free(struct golden *g)
{
	arena_free(&g->arena);
}

static void an_account_has_all_its_members(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	struct account limited = alice;
	const struct account_view view = { .account = &limited };
	assert_str_eq(
		g.account,
		STR("{\"id\":\"7\",\"username\":\"alice\",\"acct\":\"alice\",\"display_name\":"
		    "\"Alice\",\"uri\":\"https://social.example.org/users/alice\",\"url\":"
		    "\"https://social.example.org/@alice\",\"locked\":false,\"bot\":false,"
		    "\"group\":false,\"discoverable\":false,\"indexable\":false,\"noindex\":true,"
		    "\"hide_collections\":false,\"created_at\":\"1970-01-01T00:00:00.000Z\","
		    "\"note\":\"<p>hi</p>\",\"avatar\":\"https://social.example.org/avatars/"
		    "original/missing.png\","
		    "\"avatar_static\":\"https://social.example.org/avatars/original/missing.png\","
		    "\"avatar_description\":\"a cat\","
		    "\"header\":\"https://social.example.org/headers/original/missing.png\","
		    "\"header_static\":\"https://social.example.org/headers/original/missing.png\","
		    "\"header_description\":\"\",\"statuses_count\":0,\"followers_count\":0,"
		    "\"following_count\":0,\"last_status_at\":null,\"emojis\":[],\"fields\":[],"
		    "\"show_media\":true,\"show_media_replies\":false,\"show_featured\":true,"
		    "\"feature_approval\":{\"automatic\":[],\"manual\":[],\"current_user\":"
		    "\"denied\"},\"roles\":[]}"));
	limited.flags |= ACCOUNT_SILENCED | ACCOUNT_MEMORIAL | ACCOUNT_SUSPENDED;
	assert_true(str_contains(written(&g, write_account, &view),
				 STR("\"suspended\":true,\"limited\":true,\"memorial\":true,")));
}

static void a_version_says_what_was_so(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct str options[] = { STR("yes"), STR("\"no\"") };
	struct status_edit_view view = {
		.at_ms = AT,
		.shown = { .id = 9, .status = &post, .account = &alice_view },
		.options = options,
		.option_count = 2,
	};
	assert_str_eq(written(&g, write_edit, &view),
		      arena_printf(g.arena,
				   "{\"sensitive\":true,\"spoiler_text\":\"cw\",\"content\":"
				   "\"<p>old</p>\",\"created_at\":\"" AT_TEXT "\",\"account\":%.*s,"
				   "\"poll\":{\"options\":[{\"title\":\"yes\"},{\"title\":"
				   "\"\\\"no\\\"\"}]},\"quote\":null,\"media_attachments\":[],"
				   "\"emojis\":[]}",
				   STR_ARG(g.account)));
	view.option_count = 0;
	view.shown.quote_state = "accepted";
	assert_true(str_contains(
		written(&g, write_edit, &view),
		STR("\"quote\":{\"state\":\"accepted\",\"quoted_status_id\":\"4\"},\"media")));
}

static void a_card_names_whom_both_name(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct card card = { .url = STR("https://blog.example:8443/1"),
				   .shown = true,
				   .title = STR("One"),
				   .description = STR("First"),
				   .site_name = STR(""),
				   .author = STR(""),
				   .image_alt = STR("a \"cat\""),
				   .width = 64,
				   .height = 48,
				   .language = STR("en"),
				   .published_ms = AT };
	struct card_view view = { .card = &card,
				  .author = &alice_view,
				  .image = STR("https://social.example.org/media/1") };
	assert_str_eq(
		written(&g, write_card, &view),
		arena_printf(
			g.arena,
			"{\"url\":\"https://blog.example:8443/1\",\"title\":\"One\","
			"\"description\":\"First\",\"language\":\"en\",\"type\":\"link\","
			"\"author_name\":\"\",\"author_url\":\"\",\"authors\":[{\"name\":\"Alice\","
			"\"url\":\"https://social.example.org/@alice\",\"account\":%.*s}],"
			"\"provider_name\":\"blog.example:8443\",\"provider_url\":\"\",\"html\":"
			"\"\",\"width\":64,\"height\":48,"
			"\"image\":\"https://social.example.org/media/1\","
			"\"image_description\":\"a \\\"cat\\\"\",\"embed_url\":\"\","
			"\"missing_attribution\":false,\"blurhash\":null,"
			"\"published_at\":\"" AT_TEXT "\"}",
			STR_ARG(g.account)));
	view = (struct card_view){ .card = &card, .image = STR(""), .missing_attribution = true };
	struct str plain = written(&g, write_card, &view);
	assert_true(str_contains(plain, STR("\"authors\":[],")));
	assert_true(str_contains(plain, STR("\"width\":0,\"height\":0,\"image\":null,"
					    "\"image_description\":\"\",\"embed_url\":\"\","
					    "\"missing_attribution\":true,")));
}

static void a_quote_says_its_state_and_shows_what_may_be_shown(void **state UNUSED)
{
	static const struct {
		const char *state;
		bool shown;
	} cases[] = {
		{ "pending", false },	     { "rejected", false },	 { "revoked", false },
		{ "deleted", false },	     { "unauthorized", false },	 { "accepted", true },
		{ "blocked_account", true }, { "blocked_domain", true }, { "muted_account", true },
	};
	struct golden g CLEANUP(golden_free) = golden_new();
	const struct status_view quoted = { .id = 4, .status = &post, .account = &alice_view };
	struct str entity = written(&g, write_status, &quoted);
	struct status_view view = { .id = 9, .status = &post, .account = &alice_view };
	assert_str_eq(written(&g, write_quote, &view), STR("null"));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		view.quote_state = cases[i].state;
		view.quoted = cases[i].shown ? &quoted : NULL;
		assert_str_eq(written(&g, write_quote, &view),
			      arena_printf(g.arena, "{\"state\":\"%s\",\"quoted_status\":%.*s}",
					   cases[i].state,
					   STR_ARG(cases[i].shown ? entity : STR("null"))));
	}
	/* a quote in a quote: ShallowQuote */
	view.quote_state = "accepted";
	view.quoted = NULL;
	assert_str_eq(written(&g, write_quote, &view),
		      STR("{\"state\":\"accepted\",\"quoted_status_id\":\"4\"}"));
}

static void a_profile_is_what_was_typed(void **state UNUSED)
{
	struct golden g CLEANUP(golden_free) = golden_new();
	struct str hosts[] = { STR("blog.example") }, values[] = { STR("https://a.example") };
	struct account own = alice;
	own.attribution = hosts;
	own.attribution_count = 1;
	own.field_count = 1;
	own.fields[0] = (struct account_field){ .name = STR("Site"),
						.value = html_trusted(STR("<a>x</a>")) };
	const struct profile_view view = {
		.account = { .account = &own, .note_source = STR("hi"), .field_sources = values },
		.tags = { { .id = 3, .name = STR("tree"), .profile = own.url, .count = 2 } },
		.tag_count = 1,
	};
	struct str tag = STR("{\"id\":\"3\",\"name\":\"tree\",\"url\":");
	assert_true(str_has_prefix(
		written(&g, write_profile, &view),
		arena_printf(
			g.arena,
			"{\"id\":\"7\",\"display_name\":\"Alice\",\"note\":\"hi\",\"fields\":[{"
			"\"name\":\"Site\",\"value\":\"https://a.example\",\"verified_at\":null}],"
			"\"avatar\":null,\"avatar_static\":null,\"avatar_description\":\"a cat\","
			"\"header\":null,\"header_static\":null,\"header_description\":\"\","
			"\"locked\":false,\"bot\":false,\"hide_collections\":false,"
			"\"discoverable\":false,\"indexable\":false,\"show_media\":true,"
			"\"show_media_replies\":false,\"show_featured\":true,"
			"\"attribution_domains\":[\"blog.example\"],\"featured_tags\":[%.*s",
			STR_ARG(tag))));
	assert_true(str_contains(written(&g, write_credentials, &view.account),
				 STR("\"source\":{\"note\":\"hi\",\"privacy\":\"public\"")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_has_all_its_members),
		cmocka_unit_test(a_version_says_what_was_so),
		cmocka_unit_test(a_card_names_whom_both_name),
		cmocka_unit_test(a_quote_says_its_state_and_shows_what_may_be_shown),
		cmocka_unit_test(a_profile_is_what_was_typed),
	};
	return cmocka_run_group_tests_name("render_posts", tests, NULL, NULL);
}
