/* What pages never show, and what comes out harmless. */
#include "pagekit.h"

static void s066_pages_show_everybody_what_is_public_or_unlisted(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_person(&kit, "bob");
	struct status open = kit_post(&kit, &bob, "<p>the open one</p>");
	for (enum visibility v = VISIBILITY_PUBLIC; v <= VISIBILITY_LOCAL; v++) {
		bool seen = v == VISIBILITY_PUBLIC || v == VISIBILITY_UNLISTED;
		struct str said = arena_printf(kit.d.arena, "<p>said %s</p>", visibility_name(v));
		struct status post = kit_status(&kit, &alice, said.ptr);
		post.visibility = v;
		kit_reply_to(&post, &open);
		kit_add_status(&kit, &post);
		assert_int_equal(str_contains(kit_page(&kit, "/@alice"), said), seen);
		assert_int_equal(str_contains(kit_page(&kit, kit_path(&kit, &bob, &open)), said),
				 seen);
		if (seen)
			assert_has(kit_page(&kit, kit_path(&kit, &alice, &post)), said);
		else
			kit_assert_absent(&kit, kit_path(&kit, &alice, &post));
	}
}

/* A quote of first by bob, in that state. */
static struct status quote_of(struct kit *kit, const struct account *bob,
			      const struct status *first, enum interaction_state state)
{
	struct status quote =
		kit_status(kit, bob,
			   "<p class=\"quote-inline\">RE: <a href=\"https://x.example/\">x</a>"
			   "</p><p>comment</p>");
	quote.quote = (struct status_quote){ first->uri, first->id, state, STR("") };
	kit_add_status(kit, &quote);
	return quote;
}

static void s066_a_quote_shows_what_its_author_allows_and_everybody_may_see(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice"), bob = kit_person(&kit, "bob");
	for (int v = 0; v <= VISIBILITY_LOCAL; v++) {
		struct status first = kit_status(&kit, &alice, "<p>the quoted words</p>");
		first.visibility = (enum visibility)v;
		kit_add_status(&kit, &first);
		for (int s = 0; s <= INTERACTION_UNAUTHORISED; s++) {
			struct status quote =
				quote_of(&kit, &bob, &first, (enum interaction_state)s);
			struct str page = kit_page(&kit, kit_path(&kit, &bob, &quote));
			bool open = v == VISIBILITY_PUBLIC || v == VISIBILITY_UNLISTED;
			bool shown = open && s == INTERACTION_ACCEPTED;
			assert_int_equal(count_of(page, STR("the quoted words")), shown);
			assert_int_equal(count_of(page, STR("<blockquote class=\"quoted")), shown);
			/* the link for others is there when the card is not */
			assert_int_equal(str_contains(page, STR("RE: ")), !shown);
			assert_has(page, STR("<p>comment</p>"));
		}
	}
}

static void a_card_tells_the_warning_and_not_what_is_behind_it(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice"), bob = kit_person(&kit, "bob");
	struct status first = kit_status(&kit, &alice, "<p>the end of the film</p>");
	first.spoiler = STR("A <b>film</b>");
	kit_add_status(&kit, &first);
	struct status quote = quote_of(&kit, &bob, &first, INTERACTION_ACCEPTED);
	struct str page = kit_page(&kit, kit_path(&kit, &bob, &quote));
	assert_has_not(page, STR("the end of the film"));
	assert_has(page, STR("A &lt;b&gt;film&lt;/b&gt;"));
	assert_has(page, str_of(kit_path(&kit, &alice, &first)));
}

static void s066_each_route_has_been_thought_of(void **state)
{
	/* what shows rows is in the tests around this one; the others show none */
	static const char *const pages[] = { "/", "/@:name", "/@:name/:id", "/@:name/:id/embed",
					     "/communities" };
	/* sign-in and one's own account show what the one who has signed in may see alone */
	static const char *const others[] = {
		"/oauth/authorize",
		"/oauth/authorize/",
		"/auth/account",
		"/auth/confirm",
		"/auth/password",
		"/auth/reset",
		"/auth/sign_up",
		"/communities/join",
		"/passkey.js",
		"/auth/teams",
		"/auth/events",
		"/auth/events/:id",
		"/auth/events/:id/calendar",
		"/calendars/:key",
		"/auth/teams/:name",
		"/auth/communities",
		"/auth/moderation",
		"/users/:name",
		"/users/:name/statuses/:id",
		"/tags/:tag",
		"/style.css",
		"/icon.svg",
		"/disputes/strikes",
		"/disputes/strikes/:id",
		"/disputes/appeal",
		"/severed_relationships",
		"/severed_relationships/:id/:list",
		"/about",
		"/privacy-policy",
		"/terms-of-service",
		"/icon.png",
		"/avatars/original/missing.png",
		"/headers/original/missing.png",
	};
	(void)state;
	for (size_t i = 0; i < web_route_count; i++) {
		bool known = false;
		for (size_t k = 0; k < ARRAY_LEN(pages); k++)
			known = known || strcmp(web_routes[i].path, pages[k]) == 0;
		for (size_t k = 0; k < ARRAY_LEN(others); k++)
			known = known || strcmp(web_routes[i].path, others[k]) == 0;
		if (!known)
			fail_msg("who may see %s?", web_routes[i].path);
	}
	assert_int_equal(web_route_count, ARRAY_LEN(pages) + ARRAY_LEN(others));
}

static void s066_a_boost_shows_no_more_than_what_it_boosts(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_person(&kit, "bob");
	for (enum visibility v = VISIBILITY_PUBLIC; v <= VISIBILITY_LOCAL; v++) {
		for (enum visibility w = VISIBILITY_PUBLIC; w <= VISIBILITY_LOCAL; w++) {
			bool seen = v <= VISIBILITY_UNLISTED && w <= VISIBILITY_UNLISTED;
			struct str said = arena_printf(kit.d.arena, "<p>said %s %s</p>",
						       visibility_name(v), visibility_name(w));
			struct status post = kit_status(&kit, &alice, said.ptr);
			post.visibility = v;
			kit_add_status(&kit, &post);
			struct status boost = kit_boost(&kit, &bob, &post, w);
			const char *path = kit_path(&kit, &bob, &boost);
			if (seen)
				assert_has(kit_page(&kit, path), said);
			else
				kit_assert_absent(&kit, path);
		}
	}
	assert_int_equal(count_of(kit_page(&kit, "/@bob"), STR("<p>said ")), 4);
}

static void s071_what_is_invisible_changes_no_byte_of_any_page(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>open</p>");
	const char *thread = kit_path(&kit, &alice, &post);
	struct str profile_before = kit_page(&kit, "/@alice");
	struct str thread_before = kit_page(&kit, thread);
	for (enum visibility v = VISIBILITY_FOLLOWERS; v <= VISIBILITY_LOCAL; v++) {
		struct status reply = kit_status(&kit, &alice, "<p>hidden</p>");
		reply.visibility = v;
		kit_reply_to(&reply, &post);
		kit_add_status(&kit, &reply);
	}
	assert_str_eq(kit_page(&kit, "/@alice"), profile_before);
	assert_str_eq(kit_page(&kit, thread), thread_before);
}

static void s071_a_reply_looks_the_same_whether_its_parent_is_hidden_or_unknown(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_person(&kit, "bob");
	struct status hidden = kit_status(&kit, &bob, "<p>hidden</p>");
	hidden.visibility = VISIBILITY_DIRECT;
	kit_add_status(&kit, &hidden);
	struct status reply = kit_status(&kit, &alice, "<p>so it is</p>");
	kit_reply_to(&reply, &hidden);
	kit_add_status(&kit, &reply);
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &reply));
	assert_has(page, STR("<p class=\"context\">A reply</p>"));
	assert_has(page, STR("What came before it is not shown here."));
	assert_has_not(page, STR("bob"));
	assert_has_not(page, STR("<p>hidden</p>"));
}

static void s071_who_is_gone_looks_like_who_never_was(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account far = kit_remote(&kit, "far", "far.example");
	kit_add_account(&kit, &far);
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	struct status other = kit_post(&kit, &far, "<p>y</p>");
	kit_page(&kit, "/@alice");
	kit_assert_absent(&kit, "/@far");
	kit_assert_absent(&kit, "/@far@far.example");
	kit_assert_absent(&kit, kit_path(&kit, &far, &other));
	kit_assert_absent(&kit, kit_path(&kit, &alice, &other));
	alice.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(&kit, &alice);
	kit_assert_absent(&kit, "/@alice");
	kit_assert_absent(&kit, kit_path(&kit, &alice, &post));
	assert_has_not(kit_page(&kit, "/"), STR("@alice"));
}

static void odd_paths_are_absent(void **state)
{
	static const char *const paths[] = {
		"/@alice/0",	 "/@alice/18446744073709551616",
		"/@alice/-1",	 "/@alice/x",
		"/@%3Cimg%3E",	 "/@%22%3E%3Cimg%20src=x%3E",
		"/@al%0d%0aice", "/users/al%0d%0aice",
		"/users/..%5c",	 "/users/alice/statuses/1%0d%0a",
		"/tags/topic",
	};
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit_person(&kit, "alice");
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct answer answer = kit_ask(&kit, paths[i], "");
		assert_true(answer.status == 404 || answer.status == 400);
		assert_has_not(answer.body, STR("img>"));
		assert_has_not(answer.head, STR("\r\nice"));
	}
}

/* One mention, two files, every text: all hold the marker. */
static struct status poisoned_status(struct kit *kit, const struct account *author)
{
	static struct status_attachment file = {
		.url = STR_INIT("https://far.example/" MARKER),
		.media_type = STR_INIT("image/" MARKER),
		.description = STR_INIT("file " MARKER),
		.blurhash = STR_INIT(MARKER),
	};
	static struct status_mention mention = { .uri = STR_INIT(MARKER),
						 .handle = STR_INIT(MARKER) };
	static struct str topic = STR_INIT(MARKER);
	struct status s = kit_status(kit, author, "<p>clean</p>");
	s.spoiler = STR("warning " MARKER);
	s.title = STR("title " MARKER);
	s.language = STR(MARKER);
	s.type = STR(MARKER);
	s.url = STR("https://far.example/" MARKER);
	s.attachments = &file;
	s.attachment_count = 1;
	s.mentions = &mention;
	s.mention_count = 1;
	s.tags = &topic;
	s.tag_count = 1;
	return s;
}

static void s085_text_fields_come_out_escaped(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	kit.site.title = STR("site " MARKER);
	kit.site.description = STR("about " MARKER);
	struct account alice = kit_local(&kit, "alice");
	alice.display_name = STR("name " MARKER);
	alice.fields[0].name = STR("field " MARKER);
	alice.fields[0].value = html_trusted(STR("value"));
	alice.field_count = 1;
	alice.avatar = alice.header = STR(MARKER);
	alice.moved_to = STR("https://far.example/" MARKER);
	kit_add_account(&kit, &alice);
	struct account far = kit_remote(&kit, "far", "far.example");
	far.display_name = STR("far name " MARKER);
	far.url = STR("https://far.example/" MARKER);
	kit_add_account(&kit, &far);
	struct status post = poisoned_status(&kit, &alice);
	kit_add_status(&kit, &post);
	struct status reply = poisoned_status(&kit, &far);
	kit_reply_to(&reply, &post);
	kit_add_status(&kit, &reply);
	kit_boost(&kit, &alice, &reply, VISIBILITY_PUBLIC);

	const char *const paths[] = { "/", "/@alice", kit_path(&kit, &alice, &post), "/@nobody" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct str page = kit_ask(&kit, paths[i], "").body;
		assert_has(page, STR("site " MARKER_ESCAPED));
		assert_has_not(page, STR("<img src=x"));
	}
	struct str profile = kit_page(&kit, "/@alice");
	static const char *const texts[] = { "name ",
					     "field ",
					     "warning ",
					     "title ",
					     "file ",
					     "far name ",
					     "https://far.example/" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_has(profile, arena_printf(kit.d.arena, "%s%s", texts[i], MARKER_ESCAPED));
}

/* What hides parts of addresses is for our own links, whose host always shows. */
static void s087_the_host_of_a_link_is_never_hidden(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account far = kit_remote(&kit, "far", "far.example");
	kit_add_account(&kit, &far);
	struct status crafted =
		kit_status(&kit, &far,
			   "<a href=\"https://evil.example/\"><span class=\"invisible\">"
			   "https://evil.example/</span>good.example</a>");
	kit_add_status(&kit, &crafted);
	kit_boost(&kit, &alice, &crafted, VISIBILITY_PUBLIC);
	struct str style = kit_page(&kit, "/style.css");
	assert_int_equal(count_of(style, STR(".invisible")), 1);
	assert_has(style, STR("\n.own .invisible {"));
	assert_has(kit_page(&kit, "/@alice"),
		   STR("<div class=\"text e-content\" dir=\"auto\"><a href=\"https://evil"));
}

static void s090_pages_carry_the_policy_and_nothing_inline(void **state)
{
	static const char *const inline_code[] = { "<script", "style=\"", "<style", " onclick",
						   "javascript:" };
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	const char *const paths[] = { "/", "/@alice", kit_path(&kit, &alice, &post), "/@nobody" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct answer answer = kit_ask(&kit, paths[i], "");
		assert_has(answer.head, STR("Content-Security-Policy: default-src 'none'; "));
		assert_has(answer.head, STR("X-Content-Type-Options: nosniff\r\n"));
		for (size_t k = 0; k < ARRAY_LEN(inline_code); k++)
			assert_has_not(answer.body, str_of(inline_code[k]));
	}
}

static void s145_names_are_isolated(void **state)
{
	struct kit CLEANUP(kit_free) kit;
	(void)state;
	kit_init(&kit);
	struct account alice = kit_local(&kit, "alice");
	alice.display_name = STR("\xd7\x90\xd7\x91 <b>");
	kit_add_account(&kit, &alice);
	struct str isolated = STR("<bdi class=\"name p-name\">\xd7\x90\xd7\x91 &lt;b&gt;</bdi>");
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	assert_has(kit_page(&kit, "/"), isolated);
	assert_int_equal(count_of(kit_page(&kit, "/@alice"), isolated), 2);
	assert_has(kit_page(&kit, kit_path(&kit, &alice, &post)), isolated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s066_pages_show_everybody_what_is_public_or_unlisted),
		cmocka_unit_test(s066_a_quote_shows_what_its_author_allows_and_everybody_may_see),
		cmocka_unit_test(a_card_tells_the_warning_and_not_what_is_behind_it),
		cmocka_unit_test(s066_each_route_has_been_thought_of),
		cmocka_unit_test(s066_a_boost_shows_no_more_than_what_it_boosts),
		cmocka_unit_test(s071_what_is_invisible_changes_no_byte_of_any_page),
		cmocka_unit_test(
			s071_a_reply_looks_the_same_whether_its_parent_is_hidden_or_unknown),
		cmocka_unit_test(s071_who_is_gone_looks_like_who_never_was),
		cmocka_unit_test(odd_paths_are_absent),
		cmocka_unit_test(s085_text_fields_come_out_escaped),
		cmocka_unit_test(s087_the_host_of_a_link_is_never_hidden),
		cmocka_unit_test(s090_pages_carry_the_policy_and_nothing_inline),
		cmocka_unit_test(s145_names_are_isolated),
	};
	return cmocka_run_group_tests_name("web/page_guard", tests, NULL, NULL);
}
