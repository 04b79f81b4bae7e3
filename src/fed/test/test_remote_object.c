/* What objects of every dialect become here: titles, warnings, formats, languages, letters; and the
 * people and hashtags that only their text names. */
#include <stdio.h>

#include "fedkit.h"

#include "store/graph.h"

#define NOTE CAROL "/notes/1"
#define FOLLOWERS CAROL "/followers"

/* A Create by carol, whom alice follows, of an object with these members; quotes are single. */
static struct status received(struct fedkit *kit, const char *members)
{
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status status = { 0 };
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str json = kit_json(kit,
				   "{'id':'" NOTE "/create','type':'Create','actor':'" CAROL
				   "','object':{'id':'" NOTE "','attributedTo':'" CAROL "',%s}}",
				   members);
	char *text = arena_alloc(kit->arena, json.len);
	for (size_t i = 0; i < json.len; i++)
		text[i] = json.ptr[i] == '\'' ? '"' : json.ptr[i];
	assert_int_equal(kit_receive(kit, &carol, str_n(text, json.len)), RC_OK);
	assert_true(kit_status(kit, NOTE, &status));
	return status;
}

#define PUBLIC "'to':['https://www.w3.org/ns/activitystreams#Public']"

static void a_summary_warns_only_where_its_dialect_means_so(void **state)
{
	static const struct {
		const char *members, *spoiler, *excerpt;
	} rows[] = {
		{ "'type':'Note','summary':'S'", "S", "" },
		{ "'type':'Question','summary':'S'", "S", "" },
		{ "'type':'Article','name':'N','summary':'<p>S &amp; T</p>'", "", "S & T" },
		{ "'type':'Article','name':'N','summary':'S','sensitive':true", "S", "" },
		{ "'type':'Note','name':'S','summary':'S'", "", "" },
		{ "'type':'Article','name':'N','preview':{'type':'Note','content':'<p>P</p>'}", "",
		  "P" },
		{ "'type':'Event','name':'N','summary':'S'", "", "S" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		kit_teardown(state);
		kit_setup(state);
		struct fedkit *kit = *state;
		char members[400];
		snprintf(members, sizeof(members), "%s," PUBLIC, rows[i].members);
		struct status s = received(kit, members);
		assert_str_eq(s.spoiler, str_of(rows[i].spoiler));
		assert_true(str_eq(s.excerpt, str_of(rows[i].excerpt)));
	}
}

static void content_of_every_format_becomes_html(void **state)
{
	static const struct {
		const char *members, *html;
	} rows[] = {
		{ "'content':'<b>x</b>','source':{'content':'y'}", "<b>x</b>" },
		{ "'content':'**x**','mediaType':'text/markdown'", "<p><strong>x</strong></p>" },
		{ "'content':'a < b','mediaType':'text/plain'", "<p>a &lt; b</p>" },
		{ "'content':'<p>x</p>','mediaType':'text/html'", "<p>x</p>" },
		{ "'source':{'content':'_x_','mediaType':'text/markdown'}", "<p><em>x</em></p>" },
		{ "'_misskey_content':'$[x2 x] **y**'", "<p>x <strong>y</strong></p>" },
		{ "'source':'typed'", "<p>typed</p>" },
		{ "'content':''", "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		kit_teardown(state);
		kit_setup(state);
		struct fedkit *kit = *state;
		char members[400];
		snprintf(members, sizeof(members), "'type':'Note',%s," PUBLIC, rows[i].members);
		assert_str_eq(received(kit, members).content.markup, str_of(rows[i].html));
	}
}

static void a_chat_message_is_direct_whoever_is_addressed(void **state)
{
	struct status s = received(*state, "'type':'ChatMessage','content':'x'," PUBLIC
					   ",'cc':['" FOLLOWERS "','" ALICE "']");
	assert_int_equal(s.visibility, VISIBILITY_DIRECT);
}

static void an_event_keeps_time_and_place(void **state)
{
	struct status s = received(*state, "'type':'Event','name':'N','startTime':"
					   "'2026-12-01T18:00:00Z','location':{'type':'Place',"
					   "'name':'Hall\\u0007','address':'Way 1'}," PUBLIC);
	assert_int_equal(s.event.start_ms, 1796148000000);
	assert_str_eq(s.event.place, STR("Hall"));
	assert_str_eq(s.event.address, STR("Way 1"));
}

static void other_languages_are_kept_and_cleaned(void **state)
{
	struct status s = received(*state, "'type':'Note','content':'hi','contentMap':{'en':'hi',"
					   "'de':'<b>x</b><script>y</script>','?':'z'}," PUBLIC);
	assert_str_eq(s.language, STR("en"));
	assert_int_equal(s.word_count, 1);
	assert_str_eq(s.words[0].language, STR("de"));
	assert_str_eq(s.words[0].content.markup, STR("<b>x</b>"));
}

static const struct status_mention *mention_of(const struct status *s, const char *uri)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (str_eq(s->mentions[i].uri, str_of(uri)))
			return &s->mentions[i];
	}
	return NULL;
}

static void our_people_are_found_in_the_text(void **state)
{
	static const struct {
		const char *content;
		bool found;
	} rows[] = {
		{ "<a href='" HOME "/@alice' class='u-url mention'>@alice</a>", true },
		{ "<a href='" ALICE "'>@alice</a>", true },
		{ "<p>@alice@home.example: hi</p>", true },
		{ "<p>(@Alice@home.example.)</p>", true },
		/* a link is no mention, nor is a path, nor somebody else's host */
		{ "<a href='" HOME "/@alice'>her page</a>", false },
		{ "<a href='" HOME "/@alice/17'>@post</a>", false },
		{ "<p>@alice@home.example.evil.test</p>", false },
		{ "<p>x@alice@home.example</p>", false },
		{ "<p>https://far.example/@alice@home.example</p>", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		kit_teardown(state);
		kit_setup(state);
		struct fedkit *kit = *state;
		char content[300], members[600];
		size_t n = 0;
		for (const char *c = rows[i].content; *c != '\0'; c++) {
			if (*c == '\'')
				n += (size_t)snprintf(content + n, sizeof(content) - n, "\\u0027");
			else
				content[n++] = *c;
		}
		content[n] = '\0';
		snprintf(members, sizeof(members), "'type':'Note','content':'%s'," PUBLIC, content);
		struct status s = received(kit, members);
		unsigned found = 0;
		for (unsigned k = 0; k < s.mention_count; k++)
			found += s.mentions[k].account == kit->alice.id;
		if (found != rows[i].found)
			fail_msg("%s: %u", rows[i].content, found);
	}
}

static void s075_a_name_in_the_text_opens_no_letter(void **state)
{
	struct status s = received(*state, "'type':'Note','content':'@bob@home.example',"
					   "'to':['" ALICE "']");
	assert_int_equal(s.visibility, VISIBILITY_DIRECT);
	assert_null(mention_of(&s, BOB));
	assert_non_null(mention_of(&s, ALICE));
}

static void our_people_are_called_as_we_call_them(void **state)
{
	struct status s = received(*state, "'type':'Note','content':'x'," PUBLIC
					   ",'tag':[{'type':'Mention','href':'" ALICE
					   "','name':'@admin@bank.example'}]");
	assert_str_eq(mention_of(&s, ALICE)->handle, STR("alice@home.example"));
}

static void a_mention_by_the_address_of_a_page_is_one(void **state)
{
	struct fedkit *kit = *state;
	struct status s = received(kit, "'type':'Note','content':'x'," PUBLIC
					",'tag':[{'type':'Mention','href':'" HOME "/@Alice',"
					"'name':'@Alice'}]");
	assert_int_equal(mention_of(&s, ALICE)->account, kit->alice.id);
}

static void hashtags_are_found_in_links(void **state)
{
	struct status s = received(*state, "'type':'Note','content':'<a rel=tag href=https://"
					   "a.example/t/x>#<span>Xy</span></a> <a rel=tag "
					   "href=https://a.example/t/z>#z</a>'," PUBLIC
					   ",'tag':[{'type':'Hashtag','name':'#xY'}]");
	assert_int_equal(s.tag_count, 2);
	assert_str_eq(s.tags[0], STR("xY"));
	assert_str_eq(s.tags[1], STR("z"));
}

static void a_page_leads_to_what_it_is_about(void **state)
{
	struct status s = received(*state, "'type':'Page','name':'N','attachment':[{'type':'Link',"
					   "'href':'https://far.example/p'},{'type':'Link','href':"
					   "'https://a.example/p.PNG?x'},{'type':'Image','url':"
					   "'https://a.example/q','focalPoint':[0.5,0]}]," PUBLIC);
	assert_int_equal(s.attachment_count, 3);
	assert_string_equal(attachment_kind_name(&s.attachments[0]), "link");
	assert_string_equal(attachment_kind_name(&s.attachments[1]), "image");
	assert_string_equal(attachment_kind_name(&s.attachments[2]), "image");
	assert_true(s.attachments[2].has_focus);
	assert_int_equal(s.attachments[2].focus_x, 500);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_summary_warns_only_where_its_dialect_means_so),
		TEST(content_of_every_format_becomes_html),
		TEST(a_chat_message_is_direct_whoever_is_addressed),
		TEST(an_event_keeps_time_and_place),
		TEST(other_languages_are_kept_and_cleaned),
		TEST(our_people_are_found_in_the_text),
		TEST(s075_a_name_in_the_text_opens_no_letter),
		TEST(our_people_are_called_as_we_call_them),
		TEST(a_mention_by_the_address_of_a_page_is_one),
		TEST(hashtags_are_found_in_links),
		TEST(a_page_leads_to_what_it_is_about),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
