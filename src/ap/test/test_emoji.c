/* Custom emoji and reactions as peers write them. */
#include "ap/emoji.h"

#include "ap/actor.h"
#include "ap/object.h"
#include "apkit.h"

#define CAT                                                              \
	"{'id':'https://a.example/e/cat','type':'Emoji','name':':cat:'," \
	"'icon':{'type':'Image','url':'https://a.example/cat.png'}}"

static void emoji_tags_are_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_emoji list[8];
	kit_init(&kit);
	struct jr root = kit_parse(
		&kit,
		"{'tag':[" CAT "," CAT ",{'type':['Emoji'],'name':'dog',"
		"'icon':'https://a.example/dog.png'},"
		"{'type':'Emoji','name':':two:','icon':[{'url':['https://a.example/2.png']}]},"
		"{'type':'Hashtag','name':'#x'},'string',null,7]}");
	assert_int_equal(ap_emojis_decode(&kit.reader, jr_get(root, "tag"), list, 8), 3);
	assert_str_eq(list[0].shortcode, STR("cat"));
	assert_str_eq(list[0].url, STR("https://a.example/cat.png"));
	assert_str_eq(list[0].id, STR("https://a.example/e/cat"));
	assert_str_eq(list[1].shortcode, STR("dog"));
	assert_null(list[1].id.ptr);
	assert_str_eq(list[2].url, STR("https://a.example/2.png"));
	assert_int_equal(ap_emojis_decode(&kit.reader, jr_get(root, "tag"), list, 1), 1);
}

static void s086_names_and_pictures_of_another_kind_are_left_out(void **state UNUSED)
{
	static const char *const tags[] = {
		"{'type':'Emoji','name':':a\\\" onerror=:','icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':':a:','icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':'::','icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':':a b:','icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':':\xc3\xa4\xc3\xa4:','icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':7,'icon':{'url':'https://a.example/1'}}",
		"{'type':'Emoji','name':':cat:','icon':{'url':'javascript:alert(1)'}}",
		"{'type':'Emoji','name':':cat:','icon':{'url':'data:image/png;base64,AA'}}",
		"{'type':'Emoji','name':':cat:','icon':{'url':'http://a.example/1'}}",
		"{'type':'Emoji','name':':cat:','icon':{'url':'as:Public'}}",
		"{'type':'Emoji','name':':cat:','icon':{}}",
		"{'type':'Emoji','name':':cat:'}",
		"{'name':':cat:','icon':{'url':'https://a.example/1'}}",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_emoji list[2];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		kit_reset(&kit);
		if (ap_emojis_decode(&kit.reader, kit_parse(&kit, tags[i]), list, 2) != 0)
			fail_msg("taken: %s", tags[i]);
	}
}

static enum rc reaction(struct kit *kit, const char *json, struct ap_reaction *out)
{
	kit_reset(kit);
	return ap_reaction_decode(&kit->reader, kit_parse(kit, json), out);
}

static void reactions_of_each_dialect_are_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_reaction r;
	kit_init(&kit);
	assert_int_equal(reaction(&kit, "{'content':'\xf0\x9f\x94\xa5'}", &r), RC_OK);
	assert_str_eq(r.text, STR("\xf0\x9f\x94\xa5"));
	assert_int_equal(reaction(&kit, "{'_misskey_reaction':'\xe2\x9d\xa4'}", &r), RC_OK);
	assert_str_eq(r.text, STR("\xe2\x9d\xa4\xef\xb8\x8f"));
	assert_int_equal(reaction(&kit, "{'content':':cat:','tag':[" CAT "]}", &r), RC_OK);
	assert_str_eq(r.text, STR(":cat:"));
	assert_str_eq(r.emoji.url, STR("https://a.example/cat.png"));
	assert_int_equal(reaction(&kit, "{'content':'cat','tag':" CAT "}", &r), RC_OK);
	assert_str_eq(r.text, STR(":cat:"));
	assert_int_equal(reaction(&kit, "{}", &r), RC_NOT_FOUND);
	assert_int_equal(reaction(&kit, "{'content':''}", &r), RC_NOT_FOUND);
	assert_int_equal(reaction(&kit, "{'content':['x']}", &r), RC_NOT_FOUND);
}

static void what_is_no_reaction_is_refused(void **state UNUSED)
{
	static const char *const rows[] = {
		"{'content':'nice'}",
		"{'content':'\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5'}",
		"{'content':':cat:'}",
		"{'content':':dog:','tag':[" CAT "]}",
		"{'content':':a\\\" onerror=:','tag':[" CAT "]}",
		"{'content':'<b>'}",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_reaction r;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (reaction(&kit, rows[i], &r) != RC_INVALID)
			fail_msg("taken: %s", rows[i]);
	}
}

static void odd_reaction(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_reaction r;
	struct ap_emoji list[AP_EMOJIS_MAX];
	(void)!ap_reaction_decode(&kit->reader, root, &r);
	assert_true(ap_emojis_decode(&kit->reader, jr_get(root, "tag"), list, AP_EMOJIS_MAX) <=
		    AP_EMOJIS_MAX);
}

static void s049_odd_values_do_no_harm(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	kit_each_odd(&kit, "{'content':%s,'tag':[" CAT "]}", odd_reaction);
	kit_each_odd(&kit, "{'content':':cat:','tag':%s}", odd_reaction);
	kit_each_odd(&kit, "{'content':':cat:','tag':[{'type':'Emoji','name':':cat:','icon':%s}]}",
		     odd_reaction);
	kit_each_odd(&kit, "{'content':':cat:','tag':[{'type':'Emoji','name':%s}]}", odd_reaction);
}

static void objects_and_actors_have_them(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	struct ap_actor a;
	kit_init(&kit);
	assert_int_equal(
		ap_object_decode(&kit.reader,
				 kit_parse(&kit,
					   "{'id':'https://a.example/n/1','type':'Note',"
					   "'attributedTo':'https://a.example/u/a','tag':[" CAT "],"
					   "'searchableBy':['as:Public','https://a.example/u/a']}"),
				 &o),
		RC_OK);
	assert_int_equal(o->emoji_count, 1);
	assert_int_equal(o->searchable_count, 2);
	assert_str_eq(o->searchable_by[0], STR(AP_PUBLIC));
	assert_int_equal(
		ap_actor_decode(&kit.reader,
				kit_parse(&kit,
					  "{'id':'https://a.example/u/a','type':'Person',"
					  "'preferredUsername':'a','inbox':'https://a.example/i',"
					  "'featured':'https://a.example/u/a/featured',"
					  "'featuredTags':'https://b.example/tags','tag':" CAT
					  ",'searchableBy':[]}"),
				&a),
		RC_OK);
	assert_str_eq(a.featured, STR("https://a.example/u/a/featured"));
	/* S-008: of another host it is nobody's */
	assert_null(a.featured_tags.ptr);
	assert_int_equal(a.emoji_count, 1);
	/* FEP-268d, Security considerations: an empty list says nothing */
	assert_int_equal(a.searchable_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emoji_tags_are_read),
		cmocka_unit_test(s086_names_and_pictures_of_another_kind_are_left_out),
		cmocka_unit_test(reactions_of_each_dialect_are_read),
		cmocka_unit_test(what_is_no_reaction_is_refused),
		cmocka_unit_test(s049_odd_values_do_no_harm),
		cmocka_unit_test(objects_and_actors_have_them),
	};
	return cmocka_run_group_tests_name("emoji", tests, NULL, NULL);
}
