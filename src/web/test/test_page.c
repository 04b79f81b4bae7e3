/* What stands on pages. */
#include "pagekit.h"

static void a_profile_shows_its_account_and_posts(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_local(&kit, "alice");
	alice.display_name = STR("Alice Arbor");
	alice.note = html_trusted(STR("<p>Plants trees.</p>"));
	alice.fields[0].name = STR("Site");
	alice.fields[0].value =
		html_trusted(STR("<a href=\"https://arbor.example/\" rel=\"me\">arbor</a>"));
	alice.field_count = 1;
	kit_add_account(&kit, &alice);
	struct status post = kit_status(&kit, &alice, "<p>Ein Baum</p>");
	post.language = STR("de");
	kit_add_status(&kit, &post);
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR("<!doctype html>\n<html lang=\"en\">"));
	assert_has(page, STR("<title>Alice Arbor (@alice@town.example) \xc2\xb7 Town</title>"));
	assert_has(page, STR("<h1><bdi class=\"name p-name\">Alice Arbor</bdi></h1>"));
	assert_has(page, STR("<p>Plants trees.</p>"));
	assert_has(page, STR("<dt dir=\"auto\">Site</dt><dd dir=\"auto\">"
			     "<a href=\"https://arbor.example/\" rel=\"me\">arbor</a></dd>"));
	assert_has(page, STR("<div class=\"text e-content own\" dir=\"auto\" lang=\"de\">"
			     "<p>Ein Baum</p></div>"));
	assert_has(page, STR("<time class=\"dt-published\" datetime=\"2026-11-20T10:56:08.000Z\">"
			     "20 November, 10:56 UTC</time>"));
	assert_has(page, STR("<code class=\"copy\">@alice@town.example</code>"));
	assert_has(page, STR("<a class=\"skip\" href=\"#content\">"));
}

/* FEP-c390 */
static void a_profile_shows_who_else_it_is(void **state)
{
	static struct identity identities[] = {
		{ STR_INIT("did:key:z6MkOne" MARKER), STR_INIT("{}"), 0 },
		{ STR_INIT("did:key:z6MkOver"), STR_INIT("{}"), KIT_WALL_MS },
		{ STR_INIT("did:key:z6MkSoon"), STR_INIT("{}"), KIT_WALL_MS + 1 },
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_local(&kit, "alice");
	alice.identities = identities;
	alice.identity_count = ARRAY_LEN(identities);
	kit_add_account(&kit, &alice);
	kit_person(&kit, "bob");
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR("<dt>Also known by the key</dt><dd><code "
			     "dir=\"ltr\">did:key:z6MkOne" MARKER_ESCAPED
			     "</code> <span class=\"chip\">Verified</span></dd>"));
	assert_has(page, STR("did:key:z6MkSoon"));
	assert_false(str_contains(page, STR("did:key:z6MkOver")));
	assert_false(str_contains(kit_page(&kit, "/@bob"), STR("identities")));
}

static void the_year_is_said_when_it_is_another_one(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status old = kit_status(&kit, &alice, "<p>x</p>");
	old.created_ms = KIT_WALL_MS - 365 * MS_PER_DAY;
	old.edited_ms = KIT_WALL_MS;
	kit_add_status(&kit, &old);
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR(">20 November 2025, 10:56 UTC</time>"));
	assert_has(page, STR("Edited <time class=\"dt-updated\" "
			     "datetime=\"2026-11-20T10:56:08.000Z\">20 November, 10:56 UTC"));
}

static void a_profile_says_what_machines_want_to_know(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_local(&kit, "alice");
	alice.note = html_trusted(STR("<p>Plants &amp; trees.</p><p>More</p>"));
	kit_add_account(&kit, &alice);
	struct answer answer = kit_ask(&kit, "/@alice", "");
	assert_has(answer.body, STR("<link rel=\"canonical\" href=\"https://social.town.example/"
				    "@alice\">"));
	assert_has(answer.body, STR("<link rel=\"alternate\" type=\"application/activity+json\" "
				    "href=\"https://social.town.example/users/alice\">"));
	assert_has(answer.body, STR("<meta property=\"og:title\" content=\"alice "
				    "(@alice@town.example)\">"));
	assert_has(answer.body, STR("<meta property=\"og:description\" content=\"Plants &amp; "
				    "trees. More\">"));
	assert_has(answer.body, STR("<meta property=\"og:type\" content=\"profile\">"));
	assert_has_not(answer.body, STR("noindex"));
	assert_has(answer.head, STR("Link: <https://social.town.example/users/alice>; "
				    "rel=\"alternate\"; type=\"application/activity+json\"\r\n"));
	assert_has_not(answer.head, STR("Set-Cookie"));
}

static void only_who_wants_to_be_found_is_left_to_search_engines(void **state)
{
	static const struct {
		unsigned flags;
		enum visibility visibility;
		bool profile_hidden, post_hidden;
	} cases[] = {
		{ ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE, VISIBILITY_PUBLIC, false, false },
		{ ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE, VISIBILITY_UNLISTED, false, true },
		{ ACCOUNT_DISCOVERABLE, VISIBILITY_PUBLIC, true, true },
		{ ACCOUNT_INDEXABLE, VISIBILITY_PUBLIC, true, true },
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct account a = kit_local(&kit, arena_printf(kit.d.arena, "user%zu", i).ptr);
		a.flags = ACCOUNT_LOCAL | cases[i].flags;
		kit_add_account(&kit, &a);
		struct status post = kit_status(&kit, &a, "<p>x</p>");
		post.visibility = cases[i].visibility;
		kit_add_status(&kit, &post);
		struct str hint = STR("<meta name=\"robots\" content=\"noindex\">");
		const char *path = arena_printf(kit.d.arena, "/@user%zu", i).ptr;
		assert_int_equal(str_contains(kit_page(&kit, path), hint), cases[i].profile_hidden);
		assert_int_equal(str_contains(kit_page(&kit, kit_path(&kit, &a, &post)), hint),
				 cases[i].post_hidden);
	}
}

static void a_thread_shows_what_came_before_and_the_replies(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account rem = kit_remote(&kit, "rem", "far.example");
	kit_add_account(&kit, &rem);
	struct status first = kit_status(&kit, &rem, "<p>one</p>");
	first.url = STR("https://far.example/@rem/1");
	kit_add_status(&kit, &first);
	struct status second = kit_status(&kit, &alice, "<p>two</p>");
	kit_reply_to(&second, &first);
	kit_add_status(&kit, &second);
	struct status third = kit_status(&kit, &rem, "<p>three</p>");
	kit_reply_to(&third, &second);
	kit_add_status(&kit, &third);
	struct status aside = kit_status(&kit, &rem, "<p>five</p>");
	kit_reply_to(&aside, &second);
	kit_add_status(&kit, &aside);
	struct status fourth = kit_status(&kit, &alice, "<p>four</p>");
	kit_reply_to(&fourth, &third);
	kit_add_status(&kit, &fourth);

	struct str page = kit_page(&kit, kit_path(&kit, &alice, &second));
	static const char *const order[] = { "<ol class=\"above\">",
					     "<p>one</p>",
					     "<div class=\"focus\">",
					     "<p>two</p>",
					     "<ol class=\"below\">",
					     "<li class=\"depth0\">",
					     "<p>three</p>",
					     "<li class=\"depth1\">",
					     "<p>four</p>",
					     "<li class=\"depth0\">",
					     "<p>five</p>" };
	struct str rest = page;
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		size_t at = str_find(rest, str_of(order[i]));
		if (at == rest.len)
			fail_msg("%s is not in its place:\n%.*s", order[i], STR_ARG(page));
		rest = str_skip(rest, at);
	}
	assert_has(page, STR("<a href=\"https://far.example/@rem/1\" "
			     "rel=\"nofollow noopener noreferrer\">Original on far.example</a>"));
	assert_has_not(page, STR("What came before it is not shown"));
}

static void only_replies_whose_parent_is_elsewhere_name_it(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_person(&kit, "bob");
	struct status first = kit_post(&kit, &alice, "<p>first</p>");
	struct status reply = kit_status(&kit, &bob, "<p>reply</p>");
	kit_reply_to(&reply, &first);
	kit_add_status(&kit, &reply);
	for (unsigned i = 0; i < 2; i++) {
		struct status answer = kit_status(&kit, &alice, "<p>answer</p>");
		kit_reply_to(&answer, &reply);
		kit_add_status(&kit, &answer);
	}
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &first));
	struct str context =
		arena_printf(kit.d.arena, "<p class=\"context\">In reply to <a href=\"%s\">",
			     kit_path(&kit, &bob, &reply));
	assert_int_equal(count_of(page, STR("<p>answer</p>")), 2);
	assert_int_equal(count_of(page, STR("In reply to ")), 1);
	assert_has(page, context);
	assert_int_equal(
		count_of(kit_page(&kit, kit_path(&kit, &bob, &reply)), STR("In reply to ")), 0);
	assert_int_equal(count_of(kit_page(&kit, "/@alice"), context), 2);
}

static void a_long_thread_says_that_it_is_cut(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>and so on</p>");
	const struct status first = post;
	for (unsigned i = 0; i < 130; i++) {
		struct status next = kit_status(&kit, &alice, "<p>and so on</p>");
		kit_reply_to(&next, &post);
		kit_add_status(&kit, &next);
		post = next;
	}
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &first));
	assert_int_equal(count_of(page, STR("<p>and so on</p>")), 121);
	assert_has(page, STR("There are more replies"));
	assert_has_not(page, STR("What came before"));
	page = kit_page(&kit, kit_path(&kit, &alice, &post));
	assert_int_equal(count_of(page, STR("<p>and so on</p>")), 41);
	assert_has(page, STR("What came before it is not shown here."));
}

static void a_content_warning_closes_the_post(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_status(&kit, &alice, "<p>the end of the film</p>");
	post.spoiler = STR("Film");
	kit_add_status(&kit, &post);
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &post));
	size_t warning = str_find(page, STR("<details class=\"warning\"><summary>"));
	size_t content = str_find(page, STR("<p>the end of the film</p>"));
	assert_true(warning < content && content < page.len);
	assert_has(page, STR("<meta property=\"og:description\" content=\"Film\">"));
	assert_int_equal(count_of(page, STR("the end of the film")), 1);
}

static void a_boost_names_who_boosted(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_person(&kit, "bob");
	struct status post = kit_post(&kit, &alice, "<p>a fine day</p>");
	kit_boost(&kit, &bob, &post, VISIBILITY_PUBLIC);
	struct str page = kit_page(&kit, "/@bob");
	assert_has(page, STR("<p class=\"context boosted\"><a href=\"/@bob\"><bdi class=\"name "
			     "p-name\">bob</bdi></a> boosted</p>"));
	assert_has(page, STR("<p>a fine day</p>"));
	assert_has(page, STR("<li>1 boost</li>"));
}

static void files_are_links_with_their_descriptions(void **state)
{
	struct status_attachment files[] = {
		{ .url = STR("https://far.example/a.png"),
		  .media_type = STR("image/png"),
		  .description = STR("A red door") },
		{ .url = STR("javascript:alert(1)"), .media_type = STR("video/mp4") },
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_status(&kit, &alice, "<p>x</p>");
	post.attachments = files;
	post.attachment_count = ARRAY_LEN(files);
	kit_add_status(&kit, &post);
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR("<li><a href=\"https://far.example/a.png\" rel=\"nofollow noopener "
			     "noreferrer\"><span class=\"kind\">Image</span> "
			     "<span class=\"alt\" dir=\"auto\">A red door</span></a></li>"));
	assert_has(page, STR("<li><span class=\"kind\">Video</span> "
			     "<span class=\"alt\" dir=\"auto\">without a description</span></li>"));
	assert_has_not(page, STR("javascript:"));
	assert_has_not(page, STR("<img src=\"https"));
}

static void a_profile_goes_on_page_by_page(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	struct buf path CLEANUP(buf_free) = BUF_INIT(256);
	size_t posts = 0, pages = 0;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	for (unsigned i = 0; i < 45; i++) {
		struct status post = kit_status(&kit, &alice, "<p>one of many</p>");
		/* others between them do not shorten a page */
		post.visibility = i % 3 == 2 ? VISIBILITY_FOLLOWERS : VISIBILITY_PUBLIC;
		kit_add_status(&kit, &post);
	}
	buf_add(&path, STR("/@alice"));
	while (path.len != 0) {
		struct str page = kit_page(&kit, path.ptr);
		posts += count_of(page, STR("<p>one of many</p>"));
		size_t next = str_find(page, STR("<a rel=\"next\" href=\""));
		assert_int_equal(str_contains(page, STR("<link rel=\"next\"")), next != page.len);
		struct str rest = str_skip(page, next + strlen("<a rel=\"next\" href=\""));
		buf_reset(&path);
		buf_add(&path, str_take(rest, str_index(rest, '"')));
		pages++;
	}
	assert_int_equal(posts, 30);
	assert_int_equal(pages, 2);
}

static void the_first_page_lists_who_wants_to_be_listed(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit_person(&kit, "alice");
	struct account shy = kit_local(&kit, "shy");
	shy.flags = ACCOUNT_LOCAL;
	kit_add_account(&kit, &shy);
	struct account actor = kit_local(&kit, "town.example");
	actor.flags |= ACCOUNT_INSTANCE;
	kit_add_account(&kit, &actor);
	struct str page = kit_page(&kit, "/");
	assert_has(page, STR("<title>Town</title>"));
	assert_has(page, STR("Where the town talks."));
	assert_int_equal(count_of(page, STR("<li><a class=\"who h-card\"")), 1);
	assert_has(page, STR("href=\"/@alice\""));
	assert_has(page, STR("<code>@alice@town.example</code>"));
}

static void the_list_of_people_goes_on(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	for (unsigned i = 0; i < 30; i++)
		kit_person(&kit, arena_printf(kit.d.arena, "user%02u", i).ptr);
	struct str first = kit_page(&kit, "/");
	assert_int_equal(count_of(first, STR("<li><a class=\"who h-card\"")), 24);
	assert_has(first, STR("<a rel=\"next\" href=\"/?after=user23\">"));
	struct str second = kit_page(&kit, "/?after=user23");
	assert_int_equal(count_of(second, STR("<li><a class=\"who h-card\"")), 6);
	assert_has_not(second, STR("rel=\"next\""));
	assert_has(second, STR("href=\"/@user24\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_shows_its_account_and_posts),
		cmocka_unit_test(a_profile_shows_who_else_it_is),
		cmocka_unit_test(the_year_is_said_when_it_is_another_one),
		cmocka_unit_test(a_profile_says_what_machines_want_to_know),
		cmocka_unit_test(only_who_wants_to_be_found_is_left_to_search_engines),
		cmocka_unit_test(a_thread_shows_what_came_before_and_the_replies),
		cmocka_unit_test(only_replies_whose_parent_is_elsewhere_name_it),
		cmocka_unit_test(a_long_thread_says_that_it_is_cut),
		cmocka_unit_test(a_content_warning_closes_the_post),
		cmocka_unit_test(a_boost_names_who_boosted),
		cmocka_unit_test(files_are_links_with_their_descriptions),
		cmocka_unit_test(a_profile_goes_on_page_by_page),
		cmocka_unit_test(the_first_page_lists_who_wants_to_be_listed),
		cmocka_unit_test(the_list_of_people_goes_on),
	};
	return cmocka_run_group_tests_name("web/page", tests, NULL, NULL);
}
