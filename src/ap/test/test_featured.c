/* Collections of accounts as Mastodon writes them and as we do, policies, authorizations. */
#include "ap/featured.h"

#include "ap/vocab.h"
#include "apkit.h"

#define ALICE "https://a.example/users/alice"
#define CATS "https://a.example/users/alice/c/1"

static void a_collection_as_mastodon_writes_it_is_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_featured *c;
	kit_init(&kit);
	struct jr json = kit_parse(
		&kit,
		"{'id':'" CATS "','type':'FeaturedCollection','totalItems':3,'name':'Cats',"
		"'attributedTo':'" ALICE "','url':'https://a.example/collections/1',"
		"'sensitive':true,'discoverable':false,'published':'2026-11-20T10:56:08Z',"
		"'updated':'2026-11-20T11:56:08Z','summaryMap':{'en':'Only cats'},"
		"'topic':{'type':'Hashtag','href':'https://a.example/tags/cats','name':'#cats'},"
		"'orderedItems':[{'id':'" CATS "/i/1','type':'FeaturedItem','featuredObject':"
		"'https://b.example/users/bob','featuredObjectType':'Person',"
		"'featureAuthorization':'https://b.example/stamps/1'},"
		/* one whose id is on another host, one that is nobody, and nothing */
		"{'id':'https://x.example/1','type':'FeaturedItem','featuredObject':'" ALICE "'},"
		"{'id':'" CATS "/i/2','type':'FeaturedItem'},7]}");
	assert_int_equal(ap_type_class(jr_get(json, "type")), AP_CLASS_COLLECTION);
	assert_int_equal(ap_featured_decode(&kit.reader, json, &c), RC_OK);
	assert_str_eq(c->id, STR(CATS));
	assert_str_eq(c->attributed_to, STR(ALICE));
	assert_str_eq(c->name, STR("Cats"));
	assert_str_eq(c->summary, STR("Only cats"));
	assert_str_eq(c->language, STR("en"));
	assert_str_eq(c->topic, STR("cats"));
	assert_true(c->sensitive);
	assert_false(c->discoverable);
	assert_true(c->updated_ms > c->published_ms);
	assert_int_equal(c->item_count, 1);
	assert_str_eq(c->items[0].object, STR("https://b.example/users/bob"));
	assert_str_eq(c->items[0].authorization, STR("https://b.example/stamps/1"));
}

static void what_is_none_is_refused(void **state UNUSED)
{
	static const char *const cases[] = {
		"{}",
		"{'id':'" CATS "','type':'OrderedCollection','name':'x','attributedTo':'" ALICE
		"'}",
		"{'type':'FeaturedCollection','name':'x','attributedTo':'" ALICE "'}",
		"{'id':'" CATS "','type':'FeaturedCollection','attributedTo':'" ALICE "'}",
		"{'id':'" CATS "','type':'FeaturedCollection','name':'x'}",
		"{'id':'" CATS
		"','type':'FeaturedCollection','name':'x','attributedTo':'https://b.example/u'}",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_featured *c;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(ap_featured_decode(&kit.reader, kit_parse(&kit, cases[i]), &c),
				 RC_INVALID);
}

static void surplus_items_are_left_out(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ap_featured *c;
	kit_init(&kit);
	buf_add(&json,
		STR("{'id':'" CATS "','type':'FeaturedCollection','name':'x','attributedTo':'" ALICE
		    "','first':{'type':'OrderedCollectionPage','orderedItems':["));
	for (unsigned i = 0; i < AP_FEATURED_ITEMS_MAX + 10; i++)
		buf_addf(&json, "%s{'type':'FeaturedItem','featuredObject':'https://b.example/%u'}",
			 i != 0 ? "," : "", i);
	buf_add(&json, STR("]}}"));
	struct str text = arena_str(kit.reader.ctx->arena, buf_str(&json));
	assert_int_equal(
		ap_featured_decode(&kit.reader,
				   kit_parse(&kit, arena_cstr(kit.reader.ctx->arena, text)), &c),
		RC_OK);
	assert_int_equal(c->item_count, AP_FEATURED_ITEMS_MAX);
}

static struct jr reread(struct kit *kit, struct jw *w, struct buf *out)
{
	jw_done(w);
	return kit_parse(kit, arena_cstr(kit->reader.ctx->arena, buf_str(out)));
}

static void ours_are_read_as_they_were_written(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct ap_featured *back;
	struct jw w;
	kit_init(&kit);
	struct ap_featured c = { .id = STR(CATS),
				 .attributed_to = STR(ALICE),
				 .name = STR("Cats"),
				 .summary = STR("<p>Only cats</p>"),
				 .language = STR("en"),
				 .topic = STR("cats"),
				 .topic_href = STR("https://a.example/tags/cats"),
				 .sensitive = true,
				 .published_ms = 1795172168000,
				 .updated_ms = 1795172169000,
				 .item_count = 1 };
	c.items[0] = (struct ap_featured_item){ .id = STR(CATS "/items/1"),
						.object = STR("https://b.example/users/bob"),
						.object_type = STR("Person"),
						.authorization = STR("https://b.example/stamps/1"),
						.published_ms = 1795172168000 };
	jw_init(&w, &out);
	ap_write_featured(&w, &c, true);
	assert_int_equal(ap_featured_decode(&kit.reader, reread(&kit, &w, &out), &back), RC_OK);
	assert_str_eq(back->id, c.id);
	assert_str_eq(back->summary, c.summary);
	assert_str_eq(back->language, c.language);
	assert_str_eq(back->topic, c.topic);
	assert_true(back->sensitive && !back->discoverable);
	assert_true(back->published_ms == c.published_ms && back->updated_ms == c.updated_ms);
	assert_int_equal(back->item_count, 1);
	assert_str_eq(back->items[0].authorization, c.items[0].authorization);
	assert_true(back->items[0].published_ms == c.published_ms);
}

static void a_policy_says_who_is_asked(void **state UNUSED)
{
	static const struct {
		const char *json;
		bool said;
		unsigned automatic, manual;
	} cases[] = {
		{ "{}", false, 0, 0 },
		{ "{'interactionPolicy':{'canQuote':{}}}", false, 0, 0 },
		{ "{'interactionPolicy':{'canFeature':{'automaticApproval':['" ALICE "']}}}", true,
		  0, 0 },
		{ "{'interactionPolicy':{'canFeature':{'automaticApproval':['" ALICE
		  "/followers','https://x.example/followers'],'manualApproval':'as:Public'}}}",
		  true, AP_FEATURE_FOLLOWERS, AP_FEATURE_ANYBODY },
		{ "{'interactionPolicy':{'canFeature':{'automaticApproval':['" AP_PUBLIC "','" ALICE
		  "/following']}}}",
		  true, AP_FEATURE_ANYBODY | AP_FEATURE_FOLLOWING, 0 },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ap_feature_policy p =
			ap_feature_policy_decode(&kit.reader, kit_parse(&kit, cases[i].json),
						 STR(ALICE "/followers"), STR(ALICE "/following"));
		assert_int_equal(p.said, cases[i].said);
		assert_int_equal(p.automatic, cases[i].automatic);
		assert_int_equal(p.manual, cases[i].manual);
	}
	/* and back: nobody is said by the actor's own id */
	for (unsigned bits = 0; bits < 8; bits++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
		const struct ap_feature_policy p = { true, bits, bits == 0 ? 0 : 7 - bits };
		struct jw w;
		jw_init(&w, &out);
		jw_object(&w);
		ap_write_feature_policy(&w, &p, STR(ALICE), STR(ALICE "/followers"),
					STR(ALICE "/following"));
		jw_end(&w);
		assert_int_equal(str_contains(buf_str(&out), STR("\"" ALICE "\"")), bits == 0);
		struct ap_feature_policy back =
			ap_feature_policy_decode(&kit.reader, reread(&kit, &w, &out),
						 STR(ALICE "/followers"), STR(ALICE "/following"));
		assert_true(back.said);
		assert_int_equal(back.automatic, p.automatic);
		assert_int_equal(back.manual, p.manual);
	}
}

static void an_authorization_is_on_its_accounts_host(void **state UNUSED)
{
	static const char *const bad[] = {
		"{}",
		"{'type':'QuoteAuthorization','id':'https://b.example/s/"
		"1','interactingObject':'" CATS "','interactionTarget':'https://b.example/bob'}",
		"{'type':'FeatureAuthorization','id':'https://a.example/s/"
		"1','interactingObject':'" CATS "','interactionTarget':'https://b.example/bob'}",
		"{'type':'FeatureAuthorization','id':'https://b.example/s/"
		"1','interactingObject':'" CATS "'}",
	};
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	struct ap_feature_authorization a;
	struct jw w;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			ap_feature_authorization_decode(&kit.reader, kit_parse(&kit, bad[i]), &a),
			RC_INVALID);
	const struct ap_feature_authorization own = { STR("https://b.example/s/1"), STR(CATS),
						      STR("https://b.example/bob") };
	jw_init(&w, &out);
	ap_write_feature_authorization(&w, &own, true);
	assert_int_equal(ap_feature_authorization_decode(&kit.reader, reread(&kit, &w, &out), &a),
			 RC_OK);
	assert_str_eq(a.collection, own.collection);
	assert_str_eq(a.account, own.account);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_collection_as_mastodon_writes_it_is_read),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(surplus_items_are_left_out),
		cmocka_unit_test(ours_are_read_as_they_were_written),
		cmocka_unit_test(a_policy_says_who_is_asked),
		cmocka_unit_test(an_authorization_is_on_its_accounts_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
