/* Collections as peers send them, and as we do. */
#include "ap/collection.h"

#include <stdio.h>

#include "ap/object.h"
#include "apkit.h"

#define HEAD "'id':'https://a.example/c','type':'Collection'"
#define PAGE "'type':'CollectionPage','id':'https://a.example/c?page=1'"

static struct ap_collection *decoded(struct kit *kit, const char *json)
{
	struct ap_collection *c;
	assert_int_equal(ap_collection_decode(&kit->reader, kit_parse(kit, json), &c), RC_OK);
	return c;
}

static void items_of_every_shape_are_read(void **state UNUSED)
{
	static const struct {
		const char *json;
		unsigned count;
		const char *next; /* NULL: none */
	} cases[] = {
		{ "{" HEAD "}", 0, NULL },
		{ "{" HEAD ",'items':[]}", 0, NULL },
		{ "{" HEAD ",'items':'https://b.example/n'}", 1, NULL },
		{ "{" HEAD ",'items':['https://b.example/n',{'id':'https://b.example/m'}]}", 2,
		  NULL },
		{ "{" HEAD ",'orderedItems':['https://b.example/n']}", 1, NULL },
		{ "{" HEAD ",'first':'https://a.example/c?page=1'}", 0,
		  "https://a.example/c?page=1" },
		{ "{" HEAD ",'first':{" PAGE ",'items':['https://b.example/n'],"
		  "'next':'https://a.example/c?page=2'}}",
		  1, "https://a.example/c?page=2" },
		/* S-054: another host's page is none of this collection's */
		{ "{" HEAD ",'first':'https://b.example/c?page=1'}", 0, NULL },
		{ "{" HEAD ",'first':{" PAGE ",'next':'http://a.example/c?page=2'}}", 0, NULL },
		/* activities stand for their posts */
		{ "{" HEAD ",'items':[{'type':'Create','id':'https://b.example/a',"
		  "'object':{'id':'https://b.example/n','type':'Note'}},"
		  "{'type':'Like','object':'https://b.example/x'},"
		  "{'type':'Announce','object':'https://b.example/x'},"
		  "{'type':'Add','object':{'type':'Create','object':'https://b.example/m'}}]}",
		  2, NULL },
		/* FEP-1b12: a group's outbox; what was done with posts is none */
		{ "{" HEAD ",'orderedItems':[{'type':'Announce','object':{'type':'Create',"
		  "'object':{'type':'Page','id':'https://b.example/n'}}},"
		  "{'type':'Announce','object':{'type':'Create','object':'https://b.example/m'}},"
		  "{'type':'Announce','object':{'type':'Like','object':'https://b.example/x'}},"
		  "{'type':'Announce','object':{'type':'Page','id':'https://b.example/x'}}]}",
		  2, NULL },
		{ "{" HEAD ",'items':[1,null,true,[],{},'x','as:Public','javascript:1']}", 0,
		  NULL },
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ap_collection *c = decoded(&kit, cases[i].json);
		assert_int_equal(c->item_count, cases[i].count);
		assert_str_eq(c->next.ptr != NULL ? c->next : STR("-"),
			      str_of(cases[i].next != NULL ? cases[i].next : "-"));
		for (unsigned k = 0; k < c->item_count; k++)
			assert_false(str_contains(c->items[k], STR("/x")));
		kit_reset(&kit);
	}
}

static void what_is_no_collection_is_refused(void **state UNUSED)
{
	static const char *const cases[] = {
		"{'type':'Note','id':'https://a.example/c'}",
		"{'type':'Collection'}",
		"{'type':'Collection','id':7}",
		"[]",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_collection *c;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(ap_collection_decode(&kit.reader, kit_parse(&kit, cases[i]), &c),
				 RC_INVALID);
		kit_reset(&kit);
	}
}

static void s054_totals_that_cannot_be_are_not_told(void **state UNUSED)
{
	static const struct {
		const char *total;
		uint32_t read;
	} cases[] = {
		{ "14", 14 },
		{ "0", 0 },
		{ "14.0", 14 },
		{ "-1", AP_TOTAL_NONE },
		{ "1e30", AP_TOTAL_NONE },
		{ "1000000001", AP_TOTAL_NONE },
		{ "'14'", AP_TOTAL_NONE },
		{ "null", AP_TOTAL_NONE },
		{ "[14]", AP_TOTAL_NONE },
		{ "1.5", AP_TOTAL_NONE },
	};
	struct kit kit CLEANUP(kit_free);
	char json[200];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(json, sizeof(json), "{" HEAD ",'totalItems':%s}", cases[i].total);
		assert_int_equal(ap_total(kit_parse(&kit, json)), cases[i].read);
		kit_reset(&kit);
	}
	assert_int_equal(ap_total((struct jr){ NULL }), AP_TOTAL_NONE);
}

static void s054_surplus_items_are_left_out(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ap_collection *c;
	kit_init(&kit);
	buf_add(&json, STR("{\"id\":\"https://a.example/c\",\"type\":\"Collection\",\"items\":["));
	for (unsigned i = 0; i < 2000; i++)
		buf_addf(&json, "%s\"https://b.example/n/%u\"", i != 0 ? "," : "", i);
	buf_add(&json, STR("]}"));
	struct jr root = kit_parse_bytes(&kit, buf_str(&json));
	assert_int_equal(ap_collection_decode(&kit.reader, root, &c), RC_OK);
	assert_int_equal(c->item_count, AP_ITEMS_MAX);
}

static void odd(struct kit *kit, struct jr root, const char *value UNUSED)
{
	struct ap_collection *c;
	enum rc rc = ap_collection_decode(&kit->reader, root, &c);
	assert_true(rc == RC_OK || rc == RC_INVALID);
}

static void s049_odd_values_do_no_harm(void **state UNUSED)
{
	static const char *const around[] = {
		"{" HEAD ",'items':%s}",
		"{" HEAD ",'first':%s}",
		"{" HEAD ",'totalItems':%s}",
		"{" HEAD ",'first':{'type':'CollectionPage','next':%s}}",
		"{'type':%s,'id':'https://a.example/c'}",
		"{'id':%s,'type':'Collection'}",
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(around); i++)
		kit_each_odd(&kit, around[i], odd);
}

static void a_post_tells_its_conversation(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	struct jr root = kit_parse(
		&kit, "{'id':'https://a.example/n/1','type':'Note','attributedTo':"
		      "'https://a.example/u/a','context':'https://b.example/context/1',"
		      "'replies':{'id':'https://a.example/n/1/replies','type':'Collection',"
		      "'totalItems':14},'likes':{'totalItems':3},'shares':'https://a.example/s'}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_OK);
	assert_str_eq(o->context, STR("https://b.example/context/1"));
	assert_str_eq(o->replies, STR("https://a.example/n/1/replies"));
	assert_int_equal(o->reply_total, 14);
	assert_int_equal(o->like_total, 3);
	assert_int_equal(o->share_total, AP_TOTAL_NONE);
	/* a collection of replies on another host is not believed */
	root = kit_parse(&kit, "{'id':'https://a.example/n/1','type':'Note','attributedTo':"
			       "'https://a.example/u/a','replies':'https://b.example/r'}");
	assert_int_equal(ap_object_decode(&kit.reader, root, &o), RC_OK);
	assert_true(o->replies.ptr == NULL && o->context.ptr == NULL);
}

static void what_we_write_is_what_we_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(4096);
	const struct ap_list_view list = { .id = STR("https://a.example/c"),
					   .attributed_to = STR("https://a.example/u/a"),
					   .total = 2 };
	const struct ap_list_view page = { .id = STR("https://a.example/c?page=true"),
					   .page = true,
					   .inner = true,
					   .part_of = list.id,
					   .next = STR("https://a.example/c?page=true&after=2"),
					   .no_total = true };
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_list(&w, &list);
	jw_name(&w, "first");
	ap_write_list(&w, &page);
	ap_write_list_items(&w, &page);
	jw_str(&w, STR("https://b.example/n"));
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
	struct ap_collection *c;
	assert_int_equal(
		ap_collection_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &c), RC_OK);
	assert_str_eq(c->id, list.id);
	assert_str_eq(c->attributed_to, list.attributed_to);
	assert_str_eq(c->next, page.next);
	assert_int_equal(c->total, 2);
	assert_int_equal(c->item_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_of_every_shape_are_read),
		cmocka_unit_test(what_is_no_collection_is_refused),
		cmocka_unit_test(s054_totals_that_cannot_be_are_not_told),
		cmocka_unit_test(s054_surplus_items_are_left_out),
		cmocka_unit_test(s049_odd_values_do_no_harm),
		cmocka_unit_test(a_post_tells_its_conversation),
		cmocka_unit_test(what_we_write_is_what_we_read),
	};
	return cmocka_run_group_tests_name("collection", tests, NULL, NULL);
}
