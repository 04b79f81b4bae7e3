/* Polls as servers write them, and votes. */
#include "ap/poll.h"

#include <stdio.h>

#include "ap/object.h"
#include "apkit.h"

#define NOTE_OPTION(name, n) \
	"{'type':'Note','name':'" name "','replies':{'type':'Collection','totalItems':" #n "}}"
#define ENDS_MS UINT64_C(1795172168000)
#define ENDS "'2026-11-20T10:56:08Z'"

static bool decode(struct kit *kit, const char *json, struct ap_poll *out)
{
	return ap_poll_decode(kit_parse(kit, json), out);
}

static void every_server_writes_it_a_little_differently(void **state UNUSED)
{
	static const struct {
		const char *server, *json;
		bool multiple;
		uint64_t ends_ms, closed_ms;
		bool closed, voters_known;
		uint32_t voters;
	} cases[] = {
		{ "Mastodon, open",
		  "{'endTime':" ENDS
		  ",'votersCount':7,'oneOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  false, ENDS_MS, 0, false, true, 7 },
		{ "Mastodon, closed",
		  "{'endTime':" ENDS ",'closed':" ENDS
		  ",'votersCount':5,'anyOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  true, ENDS_MS, ENDS_MS, false, true, 5 },
		{ "Misskey",
		  "{'_misskey_content':'q','endTime':" ENDS
		  ",'oneOf':[{'type':'Note','name':'a','_misskey_votes':3,'replies':{'type':"
		  "'Collection','totalItems':3}},{'type':'Note','name':'b','_misskey_votes':4}]}",
		  false, ENDS_MS, 0, false, false, 0 },
		{ "Misskey, without an end",
		  "{'endTime':null,'anyOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  true, 0, 0, false, false, 0 },
		{ "Pleroma and Akkoma, both lists and the end in advance",
		  "{'closed':" ENDS ",'voters':['https://a.example/u/a'],'votersCount':1,"
		  "'anyOf':[],'oneOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  false, ENDS_MS, ENDS_MS, false, true, 1 },
		{ "GoToSocial",
		  "{'type':'Question','endTime':" ENDS ",'votersCount':7,'oneOf':[{'name':'a',"
		  "'replies':{'totalItems':3,'type':'Collection'},'type':'Note'},{'name':'b',"
		  "'replies':{'totalItems':4,'type':'Collection'},'type':'Note'}]}",
		  false, ENDS_MS, 0, false, true, 7 },
		{ "Mitra",
		  "{'endTime':" ENDS
		  ",'votersCount':7,'anyOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  true, ENDS_MS, 0, false, true, 7 },
		{ "snac, closed as a boolean",
		  "{'endTime':" ENDS
		  ",'closed':true,'oneOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  false, ENDS_MS, 0, true, false, 0 },
		{ "not closed as a boolean",
		  "{'closed':false,'oneOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION("b", 4) "]}",
		  false, 0, 0, false, false, 0 },
		{ "closed by an object",
		  "{'closed':{'type':'Event'},'oneOf':[" NOTE_OPTION("a", 3) "," NOTE_OPTION(
			  "b", 4) "]}",
		  false, 0, 0, true, false, 0 },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ap_poll p;
		if (!decode(&kit, cases[i].json, &p) || p.option_count != 2)
			fail_msg("%s: no poll of two", cases[i].server);
		assert_str_eq(p.options[0].name, STR("a"));
		assert_int_equal(p.options[0].votes, 3);
		assert_int_equal(p.options[1].votes, 4);
		if (p.multiple != cases[i].multiple || p.ends_ms != cases[i].ends_ms ||
		    p.closed_ms != cases[i].closed_ms || p.closed != cases[i].closed ||
		    p.voters_known != cases[i].voters_known || p.voters != cases[i].voters)
			fail_msg("%s: another poll", cases[i].server);
	}
}

static void s057_options_are_bounded(void **state UNUSED)
{
	static const unsigned counts[] = { AP_POLL_OPTIONS_MAX, AP_POLL_OPTIONS_MAX + 1, 3000 };
	struct kit kit CLEANUP(kit_free);
	struct ap_poll p;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
		buf_add(&json, STR("{'anyOf':["));
		for (unsigned k = 0; k < counts[i]; k++)
			buf_addf(&json, "%s{'type':'Note','name':'option %u'}", k != 0 ? "," : "",
				 k);
		buf_add(&json, STR("]}"));
		buf_add_chr(&json, '\0');
		assert_true(decode(&kit, json.ptr, &p));
		assert_int_equal(p.option_count, AP_POLL_OPTIONS_MAX);
		assert_str_eq(p.options[AP_POLL_OPTIONS_MAX - 1].name, STR("option 19"));
	}
}

static void s057_names_are_bounded(void **state UNUSED)
{
	static const size_t lengths[] = { AP_POLL_NAME_CHARS, AP_POLL_NAME_CHARS + 1,
					  100 * AP_POLL_NAME_CHARS };
	struct kit kit CLEANUP(kit_free);
	struct ap_poll p;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
		buf_add(&json, STR("{'oneOf':[{'type':'Note','name':'"));
		for (size_t k = 0; k < lengths[i]; k++)
			buf_add(&json, STR("\xc3\xa4"));
		buf_add(&json, STR("'}]}"));
		buf_add_chr(&json, '\0');
		assert_true(decode(&kit, json.ptr, &p));
		assert_int_equal(p.options[0].name.len, 2 * AP_POLL_NAME_CHARS);
	}
}

static void counts_that_cannot_be_are_none(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_poll p;
	kit_init(&kit);
	assert_true(decode(
		&kit,
		"{'votersCount':-5,'oneOf':[" NOTE_OPTION("a", -1) "," NOTE_OPTION(
			"b", 99999999999) "," NOTE_OPTION("c", 0.5) "," NOTE_OPTION("d", '7') "]}",
		&p));
	assert_int_equal(p.voters, 0);
	assert_int_equal(p.options[0].votes, 0);
	assert_int_equal(p.options[1].votes, UINT32_MAX);
	assert_int_equal(p.options[2].votes, 0);
	assert_int_equal(p.options[3].votes, 0);
}

static void options_without_a_name_and_repeated_ones_are_none(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_poll p;
	kit_init(&kit);
	assert_true(decode(&kit,
			   "{'oneOf':[{'type':'Note'},{'name':''},'x',null," NOTE_OPTION(
				   "a", 1) "," NOTE_OPTION("a", 2) "]}",
			   &p));
	assert_int_equal(p.option_count, 1);
	assert_int_equal(p.options[0].votes, 1);
	assert_false(decode(&kit, "{'oneOf':[]}", &p));
	assert_false(decode(&kit, "{'anyOf':['x'],'oneOf':[null]}", &p));
	assert_false(decode(&kit, "{}", &p));
}

static void any_odd_poll(struct kit *kit UNUSED, struct jr root, const char *odd UNUSED)
{
	struct ap_poll p;
	if (ap_poll_decode(root, &p))
		assert_true(p.option_count != 0 && p.option_count <= AP_POLL_OPTIONS_MAX);
}

static void s049_odd_values_do_no_harm(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_each_odd(&kit, "{'oneOf':%s,'closed':true}", any_odd_poll);
	kit_each_odd(&kit, "{'oneOf':[{'name':%s}]}", any_odd_poll);
	kit_each_odd(&kit, "{'oneOf':[{'name':'a','replies':%s}]}", any_odd_poll);
	kit_each_odd(&kit, "{'oneOf':[{'name':'a'}],'closed':%s}", any_odd_poll);
	kit_each_odd(&kit, "{'oneOf':[{'name':'a'}],'endTime':%s}", any_odd_poll);
	kit_each_odd(&kit, "{'oneOf':[{'name':'a'}],'votersCount':%s}", any_odd_poll);
}

#define HEAD "'id':'https://a.example/n/1','attributedTo':'https://a.example/u/a'"

static void only_a_question_has_a_poll(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	struct jr root = kit_parse(
		&kit,
		"{" HEAD ",'type':'Question','content':'x','oneOf':[" NOTE_OPTION("a", 1) "]}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_OK);
	assert_non_null(o->poll);
	root = kit_parse(&kit, "{" HEAD ",'type':'Question','content':'x'}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_OK);
	assert_null(o->poll);
	root = kit_parse(&kit, "{" HEAD
			       ",'type':'Note','content':'x','oneOf':[" NOTE_OPTION("a", 1) "]}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_OK);
	assert_null(o->poll);
}

static void what_is_written_is_read_back(void **state UNUSED)
{
	const struct ap_poll p = { .options = { { STR_INIT("yes"), 3 }, { STR_INIT("\"no\""), 0 } },
				   .option_count = 2,
				   .multiple = true,
				   .ends_ms = ENDS_MS,
				   .closed_ms = ENDS_MS,
				   .voters = 2 };
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct kit kit CLEANUP(kit_free);
	struct ap_poll read;
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	jw_object(&w);
	ap_write_poll(&w, &p);
	jw_end(&w);
	jw_done(&w);
	assert_str_eq(buf_str(&out),
		      STR("{\"anyOf\":[{\"type\":\"Note\",\"name\":\"yes\",\"replies\":{\"type\":"
			  "\"Collection\",\"totalItems\":3}},{\"type\":\"Note\",\"name\":"
			  "\"\\\"no\\\"\",\"replies\":{\"type\":\"Collection\",\"totalItems\":0}}],"
			  "\"votersCount\":2,\"endTime\":\"2026-11-20T10:56:08.000Z\","
			  "\"closed\":\"2026-11-20T10:56:08.000Z\"}"));
	assert_true(ap_poll_decode(kit_parse_bytes(&kit, buf_str(&out)), &read));
	assert_int_equal(read.option_count, 2);
	assert_true(read.multiple && read.voters_known && read.voters == 2);
	assert_str_eq(read.options[1].name, p.options[1].name);
}

/* --- votes --- */

#define VOTE                                                                           \
	"'id':'https://b.example/u/b#votes/1','type':'Note','attributedTo':"           \
	"'https://b.example/u/b','to':'https://a.example/u/a','inReplyTo':'https://a." \
	"example/n/1'"

static void a_vote_is_known_by_its_shape(void **state UNUSED)
{
	static const struct {
		const char *json;
		bool vote;
	} cases[] = {
		{ "{" VOTE ",'name':'a'}", true },
		{ "{" VOTE ",'name':'a','content':null}", true },
		{ "{" VOTE ",'name':'a','content':'','tag':[],'attachment':[]}", true },
		{ "{'type':'Answer','name':'a','inReplyTo':'https://a.example/n/1'}", true },
		{ "{'type':['Note'],'name':'a','inReplyTo':{'id':'https://a.example/n/1'}}", true },
		{ "{" VOTE ",'name':'a','content':'<p>and words</p>'}", false },
		{ "{" VOTE ",'name':'a','contentMap':{'en':'words'}}", false },
		{ "{" VOTE ",'name':'a','attachment':[{'type':'Image'}]}", false },
		{ "{" VOTE "}", false },
		{ "{" VOTE ",'name':''}", false },
		{ "{'type':'Note','name':'a'}", false },
		{ "{'type':'Article','name':'a','inReplyTo':'https://a.example/n/1'}", false },
		{ "'x'", false },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char json[1024];
		snprintf(json, sizeof(json), "[%s]", cases[i].json);
		if (ap_is_vote(jr_at(kit_parse(&kit, json), 0)) != cases[i].vote)
			fail_msg("%s", cases[i].json);
	}
}

static void a_vote_is_no_post(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	struct jr root = kit_parse(&kit, "{" VOTE ",'name':'a'}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_UNSUPPORTED);
}

static void a_vote_that_is_written_is_read_back(void **state UNUSED)
{
	const struct ap_vote vote = { STR("https://b.example/u/b#votes/1"),
				      STR("https://b.example/u/b"), STR("https://a.example/n/1"),
				      STR("a \"b\"") };
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct kit kit CLEANUP(kit_free);
	struct ap_vote read;
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_vote(&w, &vote, STR("https://a.example/u/a"));
	jw_done(&w);
	assert_false(str_contains(buf_str(&out), STR("content")));
	assert_true(ap_vote_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &read));
	assert_str_eq(read.id, vote.id);
	assert_str_eq(read.author, vote.author);
	assert_str_eq(read.poll, vote.poll);
	assert_str_eq(read.name, vote.name);
	assert_false(ap_vote_decode(
		&kit.reader, kit_parse(&kit, "{'type':'Note','name':'a','inReplyTo':'x'}"), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_server_writes_it_a_little_differently),
		cmocka_unit_test(s057_options_are_bounded),
		cmocka_unit_test(s057_names_are_bounded),
		cmocka_unit_test(counts_that_cannot_be_are_none),
		cmocka_unit_test(options_without_a_name_and_repeated_ones_are_none),
		cmocka_unit_test(s049_odd_values_do_no_harm),
		cmocka_unit_test(only_a_question_has_a_poll),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_vote_is_known_by_its_shape),
		cmocka_unit_test(a_vote_is_no_post),
		cmocka_unit_test(a_vote_that_is_written_is_read_back),
	};
	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
