/* How peers find people and the node itself: WebFinger and NodeInfo. */
#include "fedkit.h"

static void webfinger_knows_its_people_by_each_of_their_names(void **state)
{
	static const struct {
		const char *resource;
		unsigned status;
	} rows[] = {
		{ "acct:alice@home.example", 200 },
		{ "acct:ALICE@HOME.example", 200 },
		{ "acct%3Aalice%40home.example", 200 },
		{ "https://home.example/users/alice", 200 },
		{ "https://home.example/@alice", 200 },
		{ "acct:home.example@home.example", 200 },
		{ "https://home.example/actor", 200 },
		{ "https://home.example/", 200 },
		{ "https://home.example", 200 },
		{ "https://home.example/@alice/17", 404 },
		{ "https://home.example/@alice/", 404 },
		{ "https://home.example/users/alice/outbox", 404 },
		{ "acct:nobody@home.example", 404 },
		{ "acct:alice@peer.example", 404 },
		{ "https://peer.example/users/carol", 404 },
		{ "alice", 400 },
		{ "acct:alice", 400 },
		{ "acct:@home.example", 400 },
		{ "ftp://home.example/alice", 400 },
		{ "https://", 400 },
		{ "", 400 },
	};
	struct fedkit *kit = *state;
	kit_peer(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str target =
			kit_json(kit, "/.well-known/webfinger?resource=%s", rows[i].resource);
		struct kit_reply reply = kit_get(kit, target.ptr, NULL);
		if (reply.status != rows[i].status)
			fail_msg("%s: %u", rows[i].resource, reply.status);
		assert_str_eq(kit_header(&reply, "Access-Control-Allow-Origin"), STR("*"));
		if (reply.status == 200)
			assert_true(str_has_prefix(kit_header(&reply, "Content-Type"),
						   STR("application/jrd+json")));
	}
	assert_int_equal(kit_get(kit, "/.well-known/webfinger", NULL).status, 400);
}

static void fep_d556_the_nodes_address_leads_to_its_own_actor(void **state)
{
	static const char *const resources[] = { "https://home.example", "https://home.example/",
						 "acct:home.example@home.example" };
	static const struct str link =
		STR_INIT("{\"rel\":\"https://www.w3.org/ns/activitystreams#Service\",\"type\":"
			 "\"application/activity+json\",\"href\":\"" HOME "/actor\"}");
	struct fedkit *kit = *state;
	for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
		struct str target =
			kit_json(kit, "/.well-known/webfinger?resource=%s", resources[i]);
		assert_true(str_contains(kit_get(kit, target.ptr, NULL).body, link));
	}
	struct kit_reply person =
		kit_get(kit, "/.well-known/webfinger?resource=acct:alice@home.example", NULL);
	assert_false(str_contains(person.body, STR("#Service")));
}

static void nodeinfo_leads_from_the_index_to_both_versions(void **state)
{
	struct fedkit *kit = *state;
	static const char *const versions[] = { "2.0", "2.1" };
	struct kit_reply index = kit_get(kit, "/.well-known/nodeinfo", NULL);
	assert_int_equal(index.status, 200);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		struct ctx ctx = { .arena = kit->arena };
		struct str target = kit_json(kit, "/nodeinfo/%s", versions[i]);
		struct jr_doc *doc;
		int64_t users = 0;
		assert_true(str_contains(index.body, target));
		struct kit_reply reply = kit_get(kit, target.ptr, NULL);
		assert_int_equal(jr_parse(&ctx, reply.body, &jr_limits_peer, &doc), RC_OK);
		struct jr root = jr_root(doc);
		assert_str_eq(jr_str(jr_get(root, "version")), str_of(versions[i]));
		assert_true(
			jr_i64(jr_get(jr_get(jr_get(root, "usage"), "users"), "total"), &users));
		assert_int_equal(users, 2);
		jr_free(&doc);
	}
	assert_int_equal(kit_get(kit, "/.well-known/host-meta", NULL).status, 200);
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(webfinger_knows_its_people_by_each_of_their_names),
		T(fep_d556_the_nodes_address_leads_to_its_own_actor),
		T(nodeinfo_leads_from_the_index_to_both_versions),
	};
	return cmocka_run_group_tests_name("wellknown", tests, NULL, NULL);
}
