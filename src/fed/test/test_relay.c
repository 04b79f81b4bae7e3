/* Relays of both styles, from both sides. */
#include "relay_int.h"

#include "fedqueue.h"
#include "store/graph.h"
#include "store/tables.h"

#define RELAY "https://relay.example/actor"
#define RELAY_INBOX "https://relay.example/inbox"
#define HUB "https://hub.example/actor" /* a subscriber */
#define SUB "https://sub.example/actor" /* another one */
#define FRANK "https://third.example/users/frank"
#define NOTE FRANK "/notes/1"

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->kit->relay.fetches_per_minute = 3;
	scene->relay = kit_peer(scene->kit, RELAY, 0);
	scene->carol = kit_peer(scene->kit, CAROL, 1);
	scene->hub = kit_peer(scene->kit, HUB, 2);
	scene->sub = kit_peer(scene->kit, SUB, 3);
	kit_stranger(scene->kit, FRANK, 3);
	*state = scene;
	return 0;
}

/* --- acts --- */

struct asking {
	struct fedkit *kit;
	struct str inbox;
	uint64_t target;
	bool leave;
	enum rc rc;
};

static enum rc ask_job(struct db_txn *txn, void *arg)
{
	struct asking *a = arg;
	struct ctx ctx = { .arena = a->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &a->kit->site };
	struct account target;
	if (a->target != 0)
		assert_true(account_get(txn, ctx.arena, a->target, &target));
	a->rc = a->leave ? relay_unsubscribe(&s, &a->kit->instance, a->inbox)
			 : relay_subscribe(&s, &a->kit->instance, a->inbox,
					   a->target != 0 ? &target : NULL);
	return db_txn_rc(txn);
}

static enum rc ask(struct kit_scene *scene, const char *inbox, uint64_t target, bool leave)
{
	struct asking a = { scene->kit, str_of(inbox), target, leave, RC_OK };
	kit_write(scene->kit, ask_job, &a);
	return a.rc;
}

static struct relay relay_of(struct kit_scene *scene, const char *inbox)
{
	struct relay relay = { .created_ms = 0 };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	assert_true(relay_get(txn, scene->kit->arena, str_of(inbox), &relay));
	db_read_end(&txn);
	return relay;
}

static void begin(struct kit_scene *scene)
{
	kit_queue_start(scene->q, scene->kit, false);
	kit_drain(scene->q, 0);
	scene->q->count = 0;
}

static void drain(struct kit_scene *scene)
{
	queue_wake(scene->kit->queue);
	kit_drain(scene->q, 0);
}

static void answered(struct kit_scene *scene, const struct peer_actor *by, const char *type,
		     enum rc expected)
{
	struct str follow = relay_of(scene, RELAY_INBOX).follow;
	struct str json = kit_json(scene->kit,
				   "{\"id\":\"%s#answer\",\"type\":\"%s\",\"actor\":\"%s\","
				   "\"object\":{\"id\":\"%.*s\",\"type\":\"Follow\",\"actor\":"
				   "\"" HOME "/actor\",\"object\":\"" AP_PUBLIC "\"}}",
				   by->uri, type, by->uri, STR_ARG(follow));
	assert_int_equal(kit_receive(scene->kit, by, json), expected);
}

/* Accepted in Mastodon's style. */
static void subscribed(struct kit_scene *scene)
{
	assert_int_equal(ask(scene, RELAY_INBOX, 0, false), RC_OK);
	answered(scene, &scene->relay, "Accept", RC_OK);
}

/* --- being a subscriber, Mastodon's style --- */

static void a_follow_of_everybody_asks_and_the_relay_s_accept_counts(void **state)
{
	struct kit_scene *scene = *state;
	begin(scene);
	assert_int_equal(ask(scene, RELAY_INBOX, 0, false), RC_OK);
	assert_int_equal(ask(scene, RELAY_INBOX, 0, false), RC_EXISTS);
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_str_eq(scene->q->sent[0].inbox, STR(RELAY_INBOX));
	assert_true(str_contains(scene->q->sent[0].body, STR("\"type\":\"Follow\"")));
	assert_true(str_contains(scene->q->sent[0].body, STR("\"object\":\"" AP_PUBLIC "\"")));
	assert_int_equal(scene->q->sent[0].order, scene->kit->instance.id);
	/* S-008: nobody else answers for it */
	answered(scene, &scene->carol, "Accept", RC_DENIED);
	assert_int_equal(relay_of(scene, RELAY_INBOX).state, RELAY_PENDING);
	answered(scene, &scene->relay, "Accept", RC_OK);
	struct relay relay = relay_of(scene, RELAY_INBOX);
	assert_int_equal(relay.state, RELAY_ACCEPTED);
	assert_int_equal(relay.account, scene->relay.id);
	answered(scene, &scene->relay, "Reject", RC_OK);
	assert_int_equal(relay_of(scene, RELAY_INBOX).state, RELAY_REJECTED);
	assert_int_equal(ask(scene, RELAY_INBOX, 0, false), RC_OK);
	assert_int_equal(ask(scene, RELAY_INBOX, 0, true), RC_OK);
	scene->q->count = 0;
	drain(scene);
	assert_int_equal(scene->q->count, 2);
	assert_true(str_contains(scene->q->sent[1].body, STR("\"type\":\"Undo\"")));
}

static void only_public_posts_go_to_it_and_only_once_it_has_accepted(void **state)
{
	struct kit_scene *scene = *state;
	assert_int_equal(ask(scene, RELAY_INBOX, 0, false), RC_OK);
	begin(scene);
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "too early");
	drain(scene);
	assert_int_equal(scene->q->count, 0);
	answered(scene, &scene->relay, "Accept", RC_OK);
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_UNLISTED, "not listed");
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_FOLLOWERS, "not public");
	kit_post(scene->kit, &scene->kit->alice, VISIBILITY_DIRECT, "nothing");
	drain(scene);
	assert_int_equal(scene->q->count, 0);
	uint64_t id = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "for all");
	drain(scene);
	assert_int_equal(kit_sent_to(scene->q, RELAY_INBOX), 1);
	assert_int_equal(scene->q->sent[0].order, scene->kit->alice.id);
	kit_erase(scene->kit, &scene->kit->alice, id);
	drain(scene);
	assert_int_equal(kit_sent_to(scene->q, RELAY_INBOX), 2);
}

static struct str frank_creates(struct kit_scene *scene, unsigned n)
{
	return kit_json(scene->kit,
			"{\"id\":\"" FRANK "/notes/%u/activity\",\"type\":\"Create\",\"actor\":"
			"\"" FRANK "\",\"to\":\"" AP_PUBLIC "\",\"object\":{\"id\":\"" FRANK
			"/notes/%u\",\"type\":\"Note\",\"attributedTo\":\"" FRANK
			"\",\"content\":\"forged\"}}",
			n, n);
}

static void frank_has(struct kit_scene *scene, unsigned n)
{
	struct str id = kit_json(scene->kit, FRANK "/notes/%u", n);
	test_fetch_answer(scene->kit->net, id.ptr, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"%.*s\",\"type\":\"Note\",\"attributedTo\":\"" FRANK
				   "\",\"content\":\"true\",\"to\":\"" AP_PUBLIC "\"}",
				   STR_ARG(id)));
}

static void s020_what_it_passes_on_is_read_at_its_origin(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	frank_has(scene, 1);
	subscribed(scene);
	begin(scene);
	struct str json = frank_creates(scene, 1);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 401);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->relay, json).status, 202);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->relay, json).status, 202);
	drain(scene);
	assert_int_equal(test_fetch_count_of(scene->kit->net, NOTE), 1);
	assert_true(kit_status(scene->kit, NOTE, &status));
	assert_str_eq(status.content.markup, STR("true"));
	/* an edit without its author's proof: the same */
	test_fetch_answer(scene->kit->net, NOTE, 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" NOTE "\",\"type\":\"Note\",\"attributedTo\":\"" FRANK
			      "\",\"content\":\"truer\",\"to\":\"" AP_PUBLIC
			      "\",\"updated\":\"2026-11-20T10:00:00Z\"}"));
	json = kit_json(scene->kit,
			"{\"id\":\"" NOTE "#u\",\"type\":\"Update\",\"actor\":\"" FRANK
			"\",\"to\":\"" AP_PUBLIC "\",\"object\":{\"id\":\"" NOTE
			"\",\"type\":\"Note\",\"attributedTo\":\"" FRANK
			"\",\"content\":\"forged\",\"updated\":\"2026-11-21T10:00:00Z\"}}");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->relay, json).status, 202);
	drain(scene);
	assert_true(kit_status(scene->kit, NOTE, &status));
	assert_str_eq(status.content.markup, STR("truer"));
	/* a deletion in its mouth is nothing but a question */
	json = kit_json(scene->kit, "{\"id\":\"" NOTE "#d\",\"type\":\"Delete\",\"actor\":\"" FRANK
				    "\",\"object\":\"" NOTE "\"}");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->relay, json).status, 202);
	drain(scene);
	assert_true(kit_status(scene->kit, NOTE, &status));
	test_clock_advance(&scene->kit->clock, MS_PER_MINUTE);
	test_fetch_answer(scene->kit->net, NOTE, 410, ACTIVITY_JSON, STR("{}"));
	assert_int_equal(kit_post_inbox(scene->kit, &scene->relay, json).status, 202);
	drain(scene);
	assert_false(kit_status(scene->kit, NOTE, &status));
}

static struct str announces(struct kit_scene *scene, const char *actor, const char *object,
			    unsigned n)
{
	return kit_json(scene->kit,
			"{\"id\":\"%s/announces/%u\",\"type\":\"Announce\",\"actor\":\"%s\","
			"\"to\":\"" AP_PUBLIC "\",\"object\":\"%s\"}",
			actor, n, actor, object);
}

static void what_it_announces_is_kept_and_is_no_boost(void **state)
{
	struct kit_scene *scene = *state;
	struct status status;
	frank_has(scene, 1);
	subscribed(scene);
	begin(scene);
	uint64_t mine = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "mine");
	struct str uri = kit_post_uri(scene->kit, mine);
	kit_post_inbox(scene->kit, &scene->relay, announces(scene, RELAY, NOTE, 1));
	kit_post_inbox(scene->kit, &scene->relay, announces(scene, RELAY, uri.ptr, 2));
	drain(scene);
	assert_true(kit_status(scene->kit, NOTE, &status));
	assert_int_equal(kit_rows(scene->kit, &store_boost), 0);
	assert_int_equal(kit_rows(scene->kit, &store_notice), 0);
}

static void s061_it_does_not_make_us_fetch_without_end(void **state)
{
	struct kit_scene *scene = *state;
	subscribed(scene);
	begin(scene);
	for (unsigned n = 1; n <= 10; n++)
		frank_has(scene, n);
	for (unsigned n = 1; n <= 10; n++)
		kit_post_inbox(scene->kit, &scene->relay, frank_creates(scene, n));
	drain(scene);
	assert_int_equal(kit_rows(scene->kit, &store_status), 3);
	test_clock_advance(&scene->kit->clock, MS_PER_MINUTE);
	kit_post_inbox(scene->kit, &scene->relay, frank_creates(scene, 10));
	drain(scene);
	assert_int_equal(kit_rows(scene->kit, &store_status), 4);
}

/* --- being a subscriber, LitePub's style --- */

static void both_follow_each_other_and_announce(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	begin(scene);
	assert_int_equal(ask(scene, RELAY "/inbox", scene->relay.id, false), RC_OK);
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_true(str_contains(scene->q->sent[0].body, STR("\"object\":\"" RELAY "\"")));
	struct str follow = relay_of(scene, RELAY "/inbox").follow;
	struct str accept = kit_activity(kit, RELAY "#accept", "Accept", RELAY,
					 kit_json(kit, "\"%.*s\"", STR_ARG(follow)).ptr);
	assert_int_equal(kit_receive(kit, &scene->relay, accept), RC_OK);
	assert_int_equal(relay_of(scene, RELAY "/inbox").state, RELAY_ACCEPTED);
	assert_int_equal(kit_follow_state(kit, kit->instance.id, scene->relay.id), FOLLOW_ACCEPTED);
	/* nobody else may follow the node's own actor */
	struct str back = kit_activity(kit, CAROL "#f", "Follow", CAROL, "\"" HOME "/actor\"");
	assert_int_equal(kit_receive(kit, &scene->carol, back), RC_NOT_FOUND);
	back = kit_activity(kit, RELAY "#f", "Follow", RELAY, "\"" HOME "/actor\"");
	assert_int_equal(kit_receive(kit, &scene->relay, back), RC_OK);
	assert_int_equal(kit_follow_state(kit, scene->relay.id, kit->instance.id), FOLLOW_ACCEPTED);
	drain(scene);
	assert_true(str_contains(scene->q->sent[1].body, STR("\"type\":\"Accept\"")));
	scene->q->count = 0;
	struct str uri =
		kit_post_uri(kit, kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "for all"));
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_true(str_contains(scene->q->sent[0].body, STR("\"type\":\"Announce\"")));
	assert_true(str_contains(scene->q->sent[0].body,
				 kit_json(kit, "\"object\":\"%.*s\"", STR_ARG(uri))));
	assert_int_equal(scene->q->sent[0].order, kit->instance.id);
	assert_int_equal(ask(scene, RELAY "/inbox", 0, true), RC_OK);
	assert_int_equal(kit_follow_state(kit, kit->instance.id, scene->relay.id), FOLLOW_NONE);
	assert_int_equal(kit_follow_state(kit, scene->relay.id, kit->instance.id), FOLLOW_NONE);
}

/* --- being one --- */

static void serve(struct kit_scene *scene, enum fed_relay how)
{
	scene->kit->relay.serve = how;
	assert_int_equal(fed_ensure_relay(scene->kit->fed), RC_OK);
	assert_int_equal(fed_ensure_relay(scene->kit->fed), RC_OK);
}

static enum rc follows(struct kit_scene *scene, const struct peer_actor *who, const char *object)
{
	return kit_receive(scene->kit, who,
			   kit_activity(scene->kit, kit_json(scene->kit, "%s#f", who->uri).ptr,
					"Follow", who->uri, object));
}

#define EVERYBODY "\"" AP_PUBLIC "\""
#define OUR_RELAY "\"" HOME "/relay\""

static const struct sent *sent_to(const struct kit_scene *scene, const char *host)
{
	for (size_t i = 0; i < scene->q->count; i++) {
		if (str_eq(scene->q->sent[i].lane, str_of(host)))
			return &scene->q->sent[i];
	}
	return NULL;
}

static void who_is_none_takes_no_subscribers(void **state)
{
	struct kit_scene *scene = *state;
	serve(scene, FED_RELAY_OFF);
	begin(scene);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_NOT_FOUND);
	assert_int_equal(follows(scene, &scene->sub, OUR_RELAY), RC_NOT_FOUND);
	drain(scene);
	assert_int_equal(scene->q->count, 0);
	assert_int_equal(kit_get(scene->kit, "/relay", NULL).status, 404);
}

static void it_has_an_actor_that_everybody_may_read(void **state)
{
	struct kit_scene *scene = *state;
	serve(scene, FED_RELAY_ON);
	struct kit_reply reply = kit_get(scene->kit, "/relay", NULL);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"type\":\"Application\"")));
	assert_true(str_contains(reply.body, STR("\"inbox\":\"" HOME "/relay/inbox\"")));
	reply = kit_get(scene->kit, "/relay/followers", NULL);
	assert_true(str_contains(reply.body, STR("\"totalItems\":0")));
}

static void both_styles_are_accepted_and_what_one_writes_reaches_the_other_once(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	serve(scene, FED_RELAY_ON);
	begin(scene);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &scene->sub, OUR_RELAY), RC_OK);
	drain(scene);
	const struct sent *to_hub = sent_to(scene, "hub.example");
	assert_true(str_contains(to_hub->body, STR("\"Accept\"")));
	assert_true(str_contains(to_hub->body, STR("\"object\":\"" AP_PUBLIC "\"")));
	assert_true(str_contains(to_hub->body, STR("\"id\":\"" HUB "#f\"")));
	/* sub has its Accept and is followed back */
	assert_int_equal(scene->q->count, 3);
	assert_int_equal(kit_rows(kit, &store_relay_subscriber), 2);
	scene->q->count = 0;
	/* somebody on hub's host, to the relay; twice */
	struct peer_actor zoe = kit_peer(kit, "https://hub.example/users/zoe", 1);
	struct str json = kit_json(
		kit,
		"{ \"id\":\"%s/1/a\", \"type\":\"Create\",\"actor\":\"%s\","
		"\"to\":[\"" AP_PUBLIC "\"],\"object\":{\"id\":\"%s/1\",\"type\":"
		"\"Note\",\"attributedTo\":\"%s\",\"content\":\"hi\",\"to\":[\"" AP_PUBLIC "\"]}}",
		zoe.uri, zoe.uri, zoe.uri, zoe.uri);
	assert_int_equal(kit_post_inbox(kit, &zoe, json).status, 202);
	assert_int_equal(kit_post_inbox(kit, &zoe, json).status, 202);
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	const struct sent *to_sub = sent_to(scene, "sub.example");
	assert_true(str_contains(to_sub->body, STR("\"Announce\"")));
	assert_true(
		str_contains(to_sub->body, STR("\"object\":\"https://hub.example/users/zoe/1\"")));
	/* it is no post of this node's people: nobody here follows her */
	assert_int_equal(kit_rows(kit, &store_status), 0);
	/* the other way round */
	scene->q->count = 0;
	kit_post_inbox(kit, &scene->sub, announces(scene, SUB, "https://sub.example/notes/7", 1));
	kit_post_inbox(kit, &scene->sub, announces(scene, SUB, "https://sub.example/notes/7", 2));
	/* not its own */
	kit_post_inbox(kit, &scene->sub, announces(scene, SUB, FRANK "/notes/7", 3));
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_non_null(sent_to(scene, "hub.example"));
}

static void bytes_go_on_unchanged_and_nothing_private_does(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	serve(scene, FED_RELAY_ON);
	begin(scene);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &scene->sub, EVERYBODY), RC_OK);
	drain(scene);
	scene->q->count = 0;
	struct peer_actor zoe = kit_peer(kit, "https://hub.example/users/zoe", 1);
	static const char *const tos[] = { "[\"https://hub.example/users/zoe/followers\"]",
					   "[\"" ALICE "\"]", "[\"" AP_PUBLIC "\"]" };
	struct str json = STR("");
	for (unsigned i = 0; i < ARRAY_LEN(tos); i++) {
		json = kit_json(
			kit,
			"{\"id\":\"%s/%u/a\",   \"type\":\"Create\",\"actor\":\"%s\",\"to\":"
			"%s,\"object\":{\"id\":\"%s/%u\",\"type\":\"Note\",\"attributedTo\":"
			"\"%s\",\"content\":\"hi\",\"to\":%s}}",
			zoe.uri, i, zoe.uri, tos[i], zoe.uri, i, zoe.uri, tos[i]);
		assert_int_equal(kit_post_inbox(kit, &zoe, json).status, 202);
	}
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_str_eq(scene->q->sent[0].lane, STR("sub.example"));
	assert_str_eq(scene->q->sent[0].body, json);
	/* what this node's own people publish, too */
	kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "ours");
	kit_post(kit, &kit->alice, VISIBILITY_UNLISTED, "ours alone");
	drain(scene);
	assert_int_equal(scene->q->count, 3);
	assert_int_not_equal(scene->q->sent[2].order, kit->alice.id);
	scene->q->count = 1;
	/* carol's host has not subscribed */
	kit_post_inbox(kit, &scene->carol, kit_create(kit, CAROL, 1, ""));
	drain(scene);
	assert_int_equal(scene->q->count, 1);
	assert_int_equal(kit_rows(kit, &queue_table_body), 0);
}

static void a_subscription_ends(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	serve(scene, FED_RELAY_ON);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &scene->sub, OUR_RELAY), RC_OK);
	struct str undo = kit_activity(kit, HUB "#u", "Undo", HUB,
				       "{\"id\":\"" HUB "#f\",\"type\":\"Follow\",\"actor\":\"" HUB
				       "\",\"object\":" EVERYBODY "}");
	assert_int_equal(kit_receive(kit, &scene->hub, undo), RC_OK);
	undo = kit_activity(kit, SUB "#u", "Undo", SUB, "\"" SUB "#f\"");
	assert_int_equal(kit_receive(kit, &scene->sub, undo), RC_OK);
	assert_int_equal(kit_rows(kit, &store_relay_subscriber), 0);
	assert_int_equal(kit_rows(kit, &store_relay_host), 0);
	assert_int_equal(kit_rows(kit, &store_follow), 0);
}

static void only_whom_the_rule_lets_in_comes_in(void **state)
{
	struct kit_scene *scene = *state;
	serve(scene, FED_RELAY_ALLOW_LIST);
	kit_policy(scene->kit, "hub.example", PEER_ALLOWED);
	begin(scene);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &scene->sub, EVERYBODY), RC_OK);
	drain(scene);
	assert_true(str_contains(sent_to(scene, "hub.example")->body, STR("\"Accept\"")));
	assert_true(str_contains(sent_to(scene, "sub.example")->body, STR("\"Reject\"")));
	assert_int_equal(kit_rows(scene->kit, &store_relay_subscriber), 1);
}

static void s072_suspended_and_blocked_ones_hear_nothing(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct account a;
	serve(scene, FED_RELAY_ON);
	begin(scene);
	struct peer_actor erin = kit_peer(kit, ERIN, 2);
	assert_int_equal(follows(scene, &scene->hub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &scene->sub, EVERYBODY), RC_OK);
	assert_int_equal(follows(scene, &erin, EVERYBODY), RC_OK);
	drain(scene);
	scene->q->count = 0;
	assert_true(kit_account(kit, scene->sub.id, &a));
	a.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &a);
	kit_policy(kit, "other.example", PEER_BLOCKED);
	struct str json = announces(scene, HUB, "https://hub.example/1", 1);
	/* a subscriber in Mastodon's style announces nothing; its people write */
	kit_post_inbox(kit, &scene->hub, json);
	struct peer_actor zoe = kit_peer(kit, "https://hub.example/users/zoe", 1);
	kit_post_inbox(kit, &zoe,
		       kit_json(kit,
				"{\"id\":\"%s/1/"
				"a\",\"type\":\"Delete\",\"actor\":\"%s\",\"to\":\"" AP_PUBLIC
				"\",\"object\":\"%s/1\"}",
				zoe.uri, zoe.uri, zoe.uri));
	drain(scene);
	assert_int_equal(scene->q->count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_follow_of_everybody_asks_and_the_relay_s_accept_counts),
		CASE(only_public_posts_go_to_it_and_only_once_it_has_accepted),
		CASE(s020_what_it_passes_on_is_read_at_its_origin),
		CASE(what_it_announces_is_kept_and_is_no_boost),
		CASE(s061_it_does_not_make_us_fetch_without_end),
		CASE(both_follow_each_other_and_announce),
		CASE(who_is_none_takes_no_subscribers),
		CASE(it_has_an_actor_that_everybody_may_read),
		CASE(both_styles_are_accepted_and_what_one_writes_reaches_the_other_once),
		CASE(bytes_go_on_unchanged_and_nothing_private_does),
		CASE(a_subscription_ends),
		CASE(only_whom_the_rule_lets_in_comes_in),
		CASE(s072_suspended_and_blocked_ones_hear_nothing),
	};
	return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
