/* Collections of accounts (FEP-7aa9) on the wire: who is believed about what. */
#include "fedqueue.h"

#include "social/collection.h"
#include "store/graph.h"
#include "store/notice.h"
#include "store/report.h"
#include "store/tables.h"

#define LIST CAROL "/collections"
#define OWLS CAROL "/collections/1"
#define STAMP "https://other.example/stamps/1"

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->dave = kit_peer(scene->kit, DAVE, 1);
	scene->erin = kit_peer(scene->kit, ERIN, 2);
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	struct account carol;
	assert_true(kit_account(scene->kit, scene->carol.id, &carol));
	carol.featured_collections = STR(LIST);
	kit_put_account(scene->kit, &carol);
	kit_queue_start(scene->q, scene->kit, false);
	*state = scene;
	return 0;
}

static void has_owls(struct kit_scene *scene, const char *owner, const char *items)
{
	test_fetch_answer(scene->kit->net, OWLS, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" OWLS "\",\"type\":\"FeaturedCollection\",\"name\":"
				   "\"Owls<b>\",\"attributedTo\":\"%s\",\"orderedItems\":[%s]}",
				   owner, items));
}

#define ITEM(object, stamp)                                                               \
	"{\"id\":\"" OWLS "/i/1\",\"type\":\"FeaturedItem\",\"featuredObject\":\"" object \
	"\",\"featureAuthorization\":\"" stamp "\"}"

static void stamp(struct kit_scene *scene, const char *id, const char *collection,
		  const char *account)
{
	test_fetch_answer(scene->kit->net, STAMP, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"%s\",\"type\":\"FeatureAuthorization\","
				   "\"interactingObject\":\"%s\",\"interactionTarget\":\"%s\"}",
				   id, collection, account));
}

static unsigned tell(struct kit_scene *scene, const struct peer_actor *by, const char *type,
		     const char *object, const char *target)
{
	static unsigned n;
	return kit_post_inbox(scene->kit, by,
			      kit_json(scene->kit,
				       "{\"id\":\"%s#c/%u\",\"type\":\"%s\",\"actor\":\"%s\","
				       "\"object\":%s,\"target\":\"%s\"}",
				       by->uri, n++, type, by->uri, object, target))
		.status;
}

static bool owls(struct kit_scene *scene, struct collection *out, struct collection_item *items,
		 size_t *count)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	bool found = collection_find_uri(txn, scene->kit->arena, STR(OWLS), out);
	*count = found ? collection_items(txn, scene->kit->arena, out->id, items) : 0;
	db_read_end(&txn);
	return found;
}

static size_t shown(struct kit_scene *scene)
{
	struct collection c;
	struct collection_item items[COLLECTION_ITEMS_MAX];
	size_t count;
	assert_true(owls(scene, &c, items, &count));
	return count;
}

#define WHOLE "{\"id\":\"" OWLS "\",\"type\":\"FeaturedCollection\",\"name\":\"forged\"}"

static void what_is_added_is_read_at_its_origin(void **state)
{
	struct kit_scene *scene = *state;
	struct collection c;
	struct collection_item items[COLLECTION_ITEMS_MAX];
	size_t count;
	has_owls(scene, CAROL, ITEM(ERIN, STAMP));
	stamp(scene, STAMP, OWLS, ERIN);
	assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_true(owls(scene, &c, items, &count));
	assert_str_eq(c.name, STR("Owls<b>")); /* a name is text */
	assert_int_equal(c.account, scene->carol.id);
	assert_int_equal(count, 1);
	assert_int_equal(items[0].account, scene->erin.id);
	assert_int_equal(items[0].state, COLLECTION_ACCEPTED);
	/* what was verified once is not fetched again */
	size_t fetched = test_fetch_count_of(scene->kit->net, STAMP);
	assert_int_equal(tell(scene, &scene->carol, "Update", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, STAMP), fetched);
	assert_int_equal(shown(scene), 1);
}

static void nobody_is_in_it_without_a_proof_of_their_own(void **state)
{
	struct kit_scene *scene = *state;
	static const char *const items[] = {
		ITEM(ERIN, CAROL "/stamps/1"), /* the owner's own word */
		ITEM(ALICE, ALICE "/feature_authorizations/1"),
		"{\"type\":\"FeaturedItem\",\"featuredObject\":\"" ERIN "\"}",
		ITEM("https://other.example/users/unknown", STAMP),
		"7,\"" ERIN "\"",
	};
	static const char *const stamps[][3] = {
		{ STAMP "0", OWLS, ERIN },
		{ STAMP, OWLS "0", ERIN },
		{ STAMP, OWLS, "https://other.example/users/other" },
		{ STAMP, OWLS, CAROL },
	};
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		has_owls(scene, CAROL, items[i]);
		assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
		kit_drain(scene->q, 0);
		assert_int_equal(shown(scene), 0);
	}
	has_owls(scene, CAROL, ITEM(ERIN, STAMP));
	for (size_t i = 0; i < ARRAY_LEN(stamps); i++) {
		stamp(scene, stamps[i][0], stamps[i][1], stamps[i][2]);
		assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
		kit_drain(scene->q, 0);
		assert_int_equal(shown(scene), 0);
	}
}

static void s027_a_neighbour_changes_nothing(void **state)
{
	struct kit_scene *scene = *state;
	has_owls(scene, CAROL, "");
	assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(shown(scene), 0);
	/* dave is on the same host */
	size_t fetched = test_fetch_count(scene->kit->net);
	tell(scene, &scene->dave, "Remove", "\"" OWLS "\"", LIST);
	tell(scene, &scene->dave, "Add", WHOLE, LIST);
	assert_int_equal(tell(scene, &scene->dave, "Update", WHOLE, LIST), 403);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count(scene->kit->net), fetched);
	assert_int_equal(shown(scene), 0);
	/* what carol lists is hers, or nothing */
	has_owls(scene, DAVE, ITEM(ERIN, STAMP));
	stamp(scene, STAMP, OWLS, ERIN);
	assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(shown(scene), 0);
	assert_int_equal(tell(scene, &scene->carol, "Remove", "\"" OWLS "\"", LIST), 202);
	assert_int_equal(kit_rows(scene->kit, &store_collection), 0);
}

static void s061_whom_nobody_here_follows_causes_no_fetch(void **state)
{
	struct kit_scene *scene = *state;
	struct account erin;
	assert_true(kit_account(scene->kit, scene->erin.id, &erin));
	erin.featured_collections = STR(ERIN "/c");
	kit_put_account(scene->kit, &erin);
	size_t fetched = test_fetch_count(scene->kit->net);
	assert_int_equal(tell(scene, &scene->erin, "Add",
			      "{\"id\":\"" ERIN "/c/1\",\"type\":\"FeaturedCollection\"}",
			      ERIN "/c"),
			 202);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count(scene->kit->net), fetched);
}

static enum rc make_cats(struct db_txn *txn, void *arg)
{
	const struct kit_scene *scene = arg;
	struct collection c = { .account = scene->kit->alice.id,
				.uri = STR(ALICE "/featured_collections/1"),
				.url = STR(""),
				.name = STR("Cats"),
				.description = html_trusted(STR("")),
				.language = STR(""),
				.tag = STR("") };
	must(collection_add(txn, &c));
	return db_txn_rc(txn);
}

static void a_report_about_one_is_about_its_owner(void **state)
{
	struct kit_scene *scene = *state;
	struct report report;
	struct db_txn *txn;
	kit_write(scene->kit, make_cats, scene);
	struct str flag = kit_json(scene->kit, "{\"id\":\"" CAROL
					       "#flags/1\",\"type\":\"Flag\",\"actor\":\"" CAROL
					       "\",\"content\":\"no cats\",\"object\":[\"" ALICE
					       "/featured_collections/1\"]}");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, flag).status, 202);
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	assert_int_equal(report_list(txn, scene->kit->arena, 0, &report, 1), 1);
	db_read_end(&txn);
	assert_int_equal(report.target, scene->kit->alice.id);
	assert_int_equal(report.object_count, 1);
	assert_str_eq(report.objects[0], STR(ALICE "/featured_collections/1"));
}

static void one_that_is_gone_at_its_origin_is_forgotten(void **state)
{
	struct kit_scene *scene = *state;
	has_owls(scene, CAROL, "");
	assert_int_equal(tell(scene, &scene->carol, "Add", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(kit_rows(scene->kit, &store_collection), 1);
	test_fetch_answer(scene->kit->net, OWLS, 410, ACTIVITY_JSON, STR("{}"));
	assert_int_equal(tell(scene, &scene->carol, "Update", WHOLE, LIST), 202);
	kit_drain(scene->q, 0);
	assert_int_equal(kit_rows(scene->kit, &store_collection), 0);
}

int main(void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, kit_scene_end)
	const struct CMUnitTest tests[] = {
		WITH_SCENE(what_is_added_is_read_at_its_origin),
		WITH_SCENE(nobody_is_in_it_without_a_proof_of_their_own),
		WITH_SCENE(s027_a_neighbour_changes_nothing),
		WITH_SCENE(s061_whom_nobody_here_follows_causes_no_fetch),
		WITH_SCENE(a_report_about_one_is_about_its_owner),
		WITH_SCENE(one_that_is_gone_at_its_origin_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
