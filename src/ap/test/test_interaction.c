/* Policies, quotes and authorizations in every dialect that peers have. */
#include "ap/interaction.h"

#include <stdio.h>

#include "ap/object.h"
#include "ap/write.h"
#include "apkit.h"

#define NOTE "https://b.example/n/2"
#define PUBLIC "'" AP_PUBLIC "'"

static void a_quote_is_found_in_each_dialect(void **state UNUSED)
{
	static const char *const quotes[] = {
		"{'quote':'" NOTE "'}",
		"{'quote':{'id':'" NOTE "','type':'Note'}}",
		"{'quote':['" NOTE "']}",
		"{'quoteUrl':'" NOTE "'}",
		"{'quoteUri':'" NOTE "'}",
		"{'quoteURL':'" NOTE "'}",
		"{'_misskey_quote':'" NOTE "'}",
		"{'quote':null,'_misskey_quote':'" NOTE "'}",
		"{'quote':'" NOTE "','quoteUrl':'https://b.example/@b/2'}",
		"{'tag':{'type':'Link','rel':'https://misskey-hub.net/ns#_misskey_quote',"
		"'href':'" NOTE "'}}",
		"{'tag':[{'type':'Mention','href':'https://c.example/'},{'type':['Link'],"
		"'rel':['https://misskey-hub.net/ns/#_misskey_quote'],'href':'" NOTE "'}]}",
		"{'tag':[{'type':'Link','mediaType':'application/ld+json; profile=\\'https://"
		"www.w3.org/ns/activitystreams\\'','name':'RE: " NOTE "','href':'" NOTE "'}]}",
		"{'tag':[{'type':'Link','mediaType':'application/activity+json',"
		"'name':'RE: " NOTE "','href':'" NOTE "'}]}",
	};
	static const char *const none[] = {
		"{}",
		"{'quote':null}",
		"{'quote':'nonsense'}",
		"{'quote':" PUBLIC "}",
		"{'quoteUrl':7}",
		"{'tag':{'type':'Link','href':'" NOTE "'}}",
		/* an object link that is no quote (FEP-e232) */
		"{'tag':{'type':'Link','mediaType':'application/activity+json','name':'see',"
		"'href':'" NOTE "'}}",
		"{'tag':{'type':'Link','mediaType':'text/html','name':'RE: x','href':'" NOTE "'}}",
		"{'tag':{'type':'Hashtag','rel':'https://misskey-hub.net/ns#_misskey_quote',"
		"'href':'" NOTE "'}}",
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		struct str id = ap_quote_decode(&kit.reader, kit_parse(&kit, quotes[i]));
		if (!str_eq(id, STR(NOTE)))
			fail_msg("%s", quotes[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		if (ap_quote_decode(&kit.reader, kit_parse(&kit, none[i])).ptr != NULL)
			fail_msg("%s", none[i]);
	}
}

static struct ap_policy policy_of(struct kit *kit, const char *json)
{
	struct ap_policy policy;
	ap_policy_decode(&kit->reader, kit_parse(kit, json), &policy);
	return policy;
}

static void a_policy_is_read_in_new_and_old_words(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct ap_policy p =
		policy_of(&kit, "{'interactionPolicy':{"
				"'canQuote':{'automaticApproval':'https://a.example/u/a/followers',"
				"'manualApproval':[" PUBLIC ",'https://c.example/u/c']},"
				"'canReply':{'always':['as:Public'],'approvalRequired':[]},"
				"'canLike':{},'canAnnounce':{'automaticApproval':[],"
				"'always':['as:Public']}}}");
	assert_int_equal(p.given, 1U << AP_INTERACTION_QUOTE | 1U << AP_INTERACTION_REPLY);
	assert_int_equal(p.count, 4);
	assert_int_equal(p.entries[0].kind, AP_INTERACTION_QUOTE);
	assert_false(p.entries[0].manual);
	assert_str_eq(p.entries[0].id, STR("https://a.example/u/a/followers"));
	assert_true(p.entries[1].manual);
	assert_str_eq(p.entries[1].id, STR(AP_PUBLIC));
	assert_str_eq(p.entries[2].id, STR("https://c.example/u/c"));
	assert_int_equal(p.entries[3].kind, AP_INTERACTION_REPLY);
	assert_str_eq(p.entries[3].id, STR(AP_PUBLIC));
}

/* What says nothing is not there; what names nobody that can be read lets nobody. */
static void odd_policies_let_nobody_in(void **state UNUSED)
{
	static const struct {
		const char *json;
		unsigned given, count;
	} rows[] = {
		{ "{}", 0, 0 },
		{ "{'interactionPolicy':null}", 0, 0 },
		{ "{'interactionPolicy':'everybody'}", 0, 0 },
		{ "{'interactionPolicy':{'canLike':null,'canReply':7,'canQuote':[]}}", 0, 0 },
		{ "{'interactionPolicy':{'canLike':{'automaticApproval':[7,{},'x']}}}",
		  1U << AP_INTERACTION_LIKE, 0 },
		{ "{'interactionPolicy':{'canLike':{'manualApproval':'no address'}}}",
		  1U << AP_INTERACTION_LIKE, 0 },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ap_policy p = policy_of(&kit, rows[i].json);
		if (p.given != rows[i].given || p.count != rows[i].count)
			fail_msg("%s: %u, %u", rows[i].json, p.given, p.count);
	}
}

static void s057_a_policy_has_no_endless_number_of_lines(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	kit_init(&kit);
	buf_add(&json, STR("{\"interactionPolicy\":{\"canReply\":{\"automaticApproval\":["));
	for (unsigned i = 0; i < 5000; i++)
		buf_addf(&json, "%s\"https://b.example/u/%u\"", i == 0 ? "" : ",", i);
	buf_add(&json, STR("]}}}"));
	struct ap_policy p;
	ap_policy_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&json)), &p);
	assert_int_equal(p.count, AP_POLICY_MAX);
}

#define STAMP(type, more)                                                          \
	"{'id':'https://b.example/stamps/1','type':'" type "','attributedTo':'"    \
	"https://b.example/u/b','interactingObject':'https://a.example/n/1'," more \
	"'interactionTarget':'" NOTE "'}"

static void an_authorization_is_read(void **state UNUSED)
{
	static const struct {
		const char *type;
		enum ap_interaction kind;
	} types[] = {
		{ "QuoteAuthorization", AP_INTERACTION_QUOTE },
		{ "ReplyAuthorization", AP_INTERACTION_REPLY },
		{ "LikeAuthorization", AP_INTERACTION_LIKE },
		{ "AnnounceAuthorization", AP_INTERACTION_ANNOUNCE },
		{ "ReplyApproval", AP_INTERACTION_REPLY },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_authorization a;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		char json[1024];
		snprintf(json, sizeof(json), STAMP("%s", ""), types[i].type);
		assert_int_equal(ap_authorization_decode(&kit.reader, kit_parse(&kit, json), &a),
				 RC_OK);
		assert_int_equal(a.kind, types[i].kind);
		assert_str_eq(a.id, STR("https://b.example/stamps/1"));
		assert_str_eq(a.attributed_to, STR("https://b.example/u/b"));
		assert_str_eq(a.object, STR("https://a.example/n/1"));
		assert_str_eq(a.target, STR(NOTE));
	}
}

static void what_does_not_say_all_authorises_nothing(void **state UNUSED)
{
	static const char *const bad[] = {
		"{}",
		STAMP("Note", ""),
		STAMP("Authorization", ""),
		STAMP("quoteAuthorization", ""),
		"{'type':'QuoteAuthorization','id':'https://b.example/1','attributedTo':'https://"
		"b.example/u','interactionTarget':'" NOTE "'}",
		"{'type':'QuoteAuthorization','attributedTo':'https://b.example/u',"
		"'interactingObject':'https://a.example/1','interactionTarget':'" NOTE "'}",
		"{'type':'QuoteAuthorization','id':'https://b.example/1','attributedTo':["
		"'https://b.example/u','https://b.example/v'],"
		"'interactingObject':'https://a.example/1','interactionTarget':'" NOTE "'}",
		"{'type':'QuoteAuthorization','id':'https://b.example/1','attributedTo':'https://"
		"b.example/u','interactingObject':['https://a.example/1','https://a.example/2'],"
		"'interactionTarget':'" NOTE "'}",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_authorization a;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (ap_authorization_decode(&kit.reader, kit_parse(&kit, bad[i]), &a) != RC_INVALID)
			fail_msg("%s", bad[i]);
	}
}

static void what_is_written_is_read(void **state UNUSED)
{
	static const struct ap_policy_entry lines[] = {
		{ AP_INTERACTION_QUOTE, true, STR_INIT(AP_PUBLIC) },
		{ AP_INTERACTION_REPLY, false, STR_INIT("https://a.example/u/a/followers") },
		{ AP_INTERACTION_REPLY, false, STR_INIT("https://a.example/u/a") },
	};
	const struct ap_note_view note = {
		.id = STR("https://a.example/n/1"),
		.type = STR("Note"),
		.attributed_to = STR("https://a.example/u/a"),
		.content = STR(""),
		.interactions = { .quote = STR(NOTE),
				  .quote_authorization = STR("https://b.example/stamps/1"),
				  .reply_authorization = STR("https://b.example/stamps/2"),
				  .policy = lines,
				  .policy_count = ARRAY_LEN(lines) },
	};
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct ap_object *o;
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_note(&w, &note, true);
	jw_done(&w);
	assert_int_equal(ap_object_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &o),
			 RC_OK);
	assert_str_eq(o->quote, STR(NOTE));
	assert_str_eq(o->quote_authorization, STR("https://b.example/stamps/1"));
	assert_str_eq(o->reply_authorization, STR("https://b.example/stamps/2"));
	assert_int_equal(o->policy.count, ARRAY_LEN(lines));
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		assert_int_equal(o->policy.entries[i].kind, lines[i].kind);
		assert_int_equal(o->policy.entries[i].manual, lines[i].manual);
		assert_str_eq(o->policy.entries[i].id, lines[i].id);
	}
	/* FEP-044f: an empty list would say nothing */
	assert_false(str_contains(buf_str(&out), STR("canLike\":{\"auto")));
	assert_false(str_contains(buf_str(&out), STR("[],\"manual")));
	static const char *const dialects[] = { "\"quoteUrl\":\"" NOTE, "\"quoteUri\":\"" NOTE,
						"\"_misskey_quote\":\"" NOTE, "\"type\":\"Link\"" };
	for (size_t i = 0; i < ARRAY_LEN(dialects); i++)
		assert_true(str_contains(buf_str(&out), str_of(dialects[i])));
}

static void an_authorization_is_written(void **state UNUSED)
{
	const struct ap_authorization a = { AP_INTERACTION_QUOTE, STR("https://b.example/stamps/1"),
					    STR("https://b.example/u/b"),
					    STR("https://a.example/n/1"), STR(NOTE) };
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct ap_authorization read;
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_authorization(&w, &a);
	jw_done(&w);
	assert_int_equal(
		ap_authorization_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &read),
		RC_OK);
	assert_int_equal(read.kind, a.kind);
	assert_str_eq(read.object, a.object);
	assert_str_eq(read.target, a.target);
}

static void odd_values_do_no_harm(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_policy policy;
	struct ap_authorization a;
	ap_policy_decode(&kit->reader, root, &policy);
	assert_true(policy.count <= AP_POLICY_MAX);
	struct str quote = ap_quote_decode(&kit->reader, root);
	assert_true(quote.ptr == NULL || str_has_prefix(quote, STR("https://")));
	assert_true(ap_authorization_decode(&kit->reader, root, &a) != RC_OK);
}

static void s049_what_is_odd_does_no_harm(void **state UNUSED)
{
	static const char *const around[] = {
		"{'quote':%s,'tag':%s}",
		"{'interactionPolicy':%s}",
		"{'interactionPolicy':{'canQuote':%s}}",
		"{'interactionPolicy':{'canQuote':{'automaticApproval':%s,'manualApproval':[%s]}}}",
		"{'tag':[{'type':'Link','rel':%s,'href':%s}]}",
		"{'type':'QuoteAuthorization','id':%s,'attributedTo':%s}",
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(around); i++) {
		char once[256];
		const char *first = strstr(around[i], "%s"), *second = strstr(first + 2, "%s");
		/* one place is odd at a time */
		snprintf(once, sizeof(once), "%.*s%s%s",
			 (int)(second != NULL ? second - around[i] : (long)strlen(around[i])),
			 around[i], second != NULL ? "null" : "", second != NULL ? second + 2 : "");
		kit_each_odd(&kit, once, odd_values_do_no_harm);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quote_is_found_in_each_dialect),
		cmocka_unit_test(a_policy_is_read_in_new_and_old_words),
		cmocka_unit_test(odd_policies_let_nobody_in),
		cmocka_unit_test(s057_a_policy_has_no_endless_number_of_lines),
		cmocka_unit_test(an_authorization_is_read),
		cmocka_unit_test(what_does_not_say_all_authorises_nothing),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(an_authorization_is_written),
		cmocka_unit_test(s049_what_is_odd_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
