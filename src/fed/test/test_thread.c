/* Conversations over the wire: collections served, additions told and received. */
#include "fedqueue.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/graph.h"
#include "store/tables.h"

#define CONTEXT "https://peer.example/contexts/1"
#define THEIRS CAROL "/notes/1"

static struct str target(struct fedkit *kit, uint64_t post, const char *tail)
{
	return kit_json(kit, "/users/alice/statuses/%llu%s", (unsigned long long)post, tail);
}

static void reply_to(struct fedkit *kit, struct peer_actor *who, unsigned n, struct str parent)
{
	struct str more = kit_json(kit, ",\"inReplyTo\":\"%.*s\"", STR_ARG(parent));
	assert_int_equal(kit_receive(kit, who, kit_create(kit, who->uri, n, more.ptr)), RC_OK);
}

static unsigned count(struct str body, const char *needle)
{
	unsigned n = 0;
	size_t at;
	while ((at = str_find(body, str_of(needle))) < body.len) {
		body = str_skip(body, at + 1);
		n++;
	}
	return n;
}

/* The address behind "next":" without the origin, in the kit's arena; NULL when there is none. */
static const char *next_of(struct fedkit *kit, struct str body)
{
	struct str mark = STR("\"next\":\"" HOME);
	size_t at = str_find(body, mark);
	if (at >= body.len)
		return NULL;
	body = str_skip(body, at + mark.len);
	return arena_cstr(kit->arena, str_take(body, str_index(body, '"')));
}

static void replies_are_served_with_their_first_page_and_go_on(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	for (unsigned n = 1; n <= 120; n++)
		reply_to(kit, &carol, n, kit_post_uri(kit, post));
	struct kit_reply reply = kit_get(kit, target(kit, post, "/replies").ptr, NULL);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"type\":\"Collection\"")));
	assert_true(str_contains(reply.body, STR("\"totalItems\":120")));
	unsigned seen = count(reply.body, CAROL "/notes/");
	assert_int_equal(seen, 50);
	for (const char *next; (next = next_of(kit, reply.body)) != NULL;) {
		reply = kit_get(kit, next, NULL);
		assert_int_equal(reply.status, 200);
		assert_true(str_contains(reply.body, STR("\"type\":\"CollectionPage\"")));
		seen += count(reply.body, CAROL "/notes/");
	}
	assert_int_equal(seen, 120);
	assert_int_equal(
		kit_get(kit, target(kit, post, "/replies?page=true&after=x").ptr, NULL).status,
		404);
}

static void a_conversation_is_served_in_the_order_of_time(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	struct str uri = kit_post_uri(kit, post);
	reply_to(kit, &carol, 1, uri);
	reply_to(kit, &dave, 2, STR(CAROL "/notes/1"));
	struct kit_reply reply = kit_get(kit, target(kit, post, "/context").ptr, NULL);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"type\":\"OrderedCollection\"")));
	assert_true(str_contains(reply.body, STR("\"attributedTo\":\"" ALICE "\"")));
	assert_true(str_contains(reply.body, STR("\"totalItems\":3")));
	reply = kit_get(kit, target(kit, post, "/context?page=true").ptr, NULL);
	size_t first = str_find(reply.body, kit_json(kit, "[\"%.*s\"", STR_ARG(uri)));
	size_t second = str_find(reply.body, STR(CAROL "/notes/1"));
	size_t third = str_find(reply.body, STR(DAVE "/notes/2"));
	assert_true(first < second && second < third && third < reply.body.len);
	/* whom the owner blocks has no part in it */
	struct account account;
	assert_true(kit_account(kit, dave.id, &account));
	assert_int_equal(
		kit_get(kit, target(kit, post, "/context?page=true&after=1").ptr, NULL).status,
		404);
}

static void pages_of_a_conversation_follow_each_other(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	for (unsigned n = 1; n <= 105; n++)
		reply_to(kit, &carol, n, kit_post_uri(kit, post));
	const char *next = target(kit, post, "/context?page=true").ptr;
	unsigned seen = 0, pages = 0;
	for (; next != NULL; pages++) {
		struct kit_reply reply = kit_get(kit, next, NULL);
		assert_int_equal(reply.status, 200);
		seen += count(reply.body, CAROL "/notes/");
		next = next_of(kit, reply.body);
	}
	assert_int_equal(seen, 105);
	assert_int_equal(pages, 3);
}

/* A page that ended at a letter would tell that there is one, by its next one's address. */
static void s071_a_page_begins_behind_no_reply_that_it_does_not_show(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status last;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	for (unsigned n = 1; n <= 50; n++)
		reply_to(kit, &carol, n, kit_post_uri(kit, post));
	struct str hidden =
		kit_json(kit,
			 "{\"type\":\"Create\",\"id\":\"" CAROL "#c\",\"actor\":\"" CAROL
			 "\",\"object\":{\"id\":\"" CAROL "/notes/99\",\"type\":\"Note\","
			 "\"attributedTo\":\"" CAROL "\",\"content\":\"psst\",\"to\":[\"" ALICE
			 "\"],\"published\":\"2026-01-01T00:00:00Z\",\"inReplyTo\":\"%.*s\"}}",
			 STR_ARG(kit_post_uri(kit, post)));
	assert_int_equal(kit_receive(kit, &carol, hidden), RC_OK);
	static const char *const tails[] = { "/replies?page=true", "/context?page=true" };
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		struct kit_reply reply = kit_get(kit, target(kit, post, tails[i]).ptr, NULL);
		assert_null(next_of(kit, reply.body));
	}
	reply_to(kit, &carol, 51, kit_post_uri(kit, post));
	assert_true(kit_status(kit, CAROL "/notes/50", &last));
	struct str shown = kit_json(kit, "%llu", (unsigned long long)last.id);
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		struct kit_reply reply = kit_get(kit, target(kit, post, tails[i]).ptr, NULL);
		assert_true(str_has_suffix(str_of(next_of(kit, reply.body)), shown));
	}
}

static void a_replys_context_is_its_first_posts(void **state)
{
	struct fedkit *kit = *state;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	uint64_t local = kit_post(kit, &kit->alice, VISIBILITY_LOCAL, "here");
	assert_int_equal(kit_get(kit, target(kit, local, "/context").ptr, NULL).status, 404);
	struct kit_reply reply = kit_get(kit, target(kit, post, "").ptr, NULL);
	struct str member =
		kit_json(kit, "\"context\":\"%.*s/context\"", STR_ARG(kit_post_uri(kit, post)));
	assert_true(str_contains(reply.body, member));
}

/* --- additions --- */

struct replying {
	struct fedkit *kit;
	uint64_t parent;
	struct draft draft;
};

static enum rc reply_job(struct db_txn *txn, void *arg)
{
	struct replying *r = arg;
	struct ctx ctx = { .arena = r->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &r->kit->site };
	return act_post(&s, &r->draft);
}

static struct status alice_replies(struct fedkit *kit, uint64_t parent)
{
	struct replying r = { .kit = kit };
	struct ctx ctx = { .arena = kit->arena };
	r.draft = (struct draft){ .author = kit->alice,
				  .visibility = VISIBILITY_PUBLIC,
				  .text = STR("indeed"),
				  .spoiler = STR(""),
				  .language = STR(""),
				  .parent = parent };
	assert_int_equal(act_compose(&ctx, &kit->site, kit->db, NULL, &r.draft), RC_OK);
	kit_write(kit, reply_job, &r);
	return r.draft.status;
}

static void those_who_take_part_hear_of_a_reply_by_an_add(void **state)
{
	struct fedkit *kit = *state;
	struct kit_queue *q = calloc(1, sizeof(*q));
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	must(q != NULL);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	struct str uri = kit_post_uri(kit, post);
	kit_queue_start(q, kit, false);
	reply_to(kit, &carol, 1, uri);
	reply_to(kit, &erin, 2, uri);
	queue_wake(kit->queue);
	kit_drain(q, 0);
	assert_int_equal(q->count, 1);
	/* by the host's shared inbox */
	assert_int_equal(kit_sent_to(q, "https://peer.example/inbox"), 1);
	struct str body = q->sent[0].body;
	assert_true(str_contains(body, STR("\"type\":\"Add\"")));
	assert_true(str_contains(body, STR("\"object\":\"" ERIN "/notes/2\"")));
	assert_true(str_contains(
		body, kit_json(kit, "\"target\":{\"id\":\"%.*s/context\"", STR_ARG(uri))));
	assert_true(str_contains(body, STR("\"" CAROL "\"")));
	queue_stop(&kit->queue, 5000);
	free(q);
}

static struct str add_json(struct fedkit *kit, const char *actor, const char *object,
			   const char *context)
{
	return kit_json(kit,
			"{\"id\":\"%s#add\",\"type\":\"Add\",\"actor\":\"%s\",\"object\":\"%s\","
			"\"target\":{\"id\":\"%s\",\"type\":\"OrderedCollection\"}}",
			actor, actor, object, context);
}

/* Carol's post with a conversation, and alice's part in it. */
static void take_part(struct fedkit *kit, struct peer_actor *carol)
{
	kit_follow(kit, kit->alice.id, carol->id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str json = kit_create(kit, CAROL, 1, ",\"context\":\"" CONTEXT "\"");
	assert_int_equal(kit_receive(kit, carol, json), RC_OK);
	struct status reply = alice_replies(kit, kit_uri(kit, THEIRS).id);
	assert_str_eq(reply.context, STR(CONTEXT));
}

static void an_add_of_a_conversation_is_followed_by_who_takes_part(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	struct str add = add_json(kit, CAROL, ERIN "/notes/9", CONTEXT);
	/* nobody here takes part yet: nothing is fetched */
	assert_int_equal(kit_receive(kit, &carol, add), RC_NOT_FOUND);
	take_part(kit, &carol);
	/* RC_BUSY: it is fetched first */
	assert_int_equal(kit_receive(kit, &carol, add), RC_BUSY);
	/* a conversation is its own host's */
	add = add_json(kit, ERIN, ERIN "/notes/9", CONTEXT);
	assert_int_equal(kit_receive(kit, &erin, add), RC_DENIED);
	/* what is known needs no fetch, what is ours is never asked for */
	add = add_json(kit, CAROL, THEIRS, CONTEXT);
	kit_receive(kit, &carol, add);
	add = add_json(kit, CAROL, ALICE "/statuses/99", CONTEXT);
	assert_int_equal(kit_receive(kit, &carol, add), RC_NOT_FOUND);
	add = add_json(kit, CAROL, THEIRS, CAROL "/collections/featured");
	assert_int_equal(kit_receive(kit, &carol, add), RC_NOT_FOUND);
}

static struct str remove_json(struct fedkit *kit, const char *actor, const char *object,
			      const char *context)
{
	return kit_json(kit,
			"{\"id\":\"%s#remove\",\"type\":\"Remove\",\"actor\":\"%s\",\"object\":"
			"\"%s\",\"target\":{\"id\":\"%s\",\"type\":\"OrderedCollection\"}}",
			actor, actor, object, context);
}

static void who_owns_a_conversation_takes_replies_out_of_it(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	struct status reply, root;
	take_part(kit, &carol);
	reply_to(kit, &erin, 2, STR(THEIRS));
	assert_true(kit_status(kit, THEIRS, &root));
	assert_true(kit_status(kit, ERIN "/notes/2", &reply));
	assert_int_equal(reply.root, root.id);
	/* a conversation is its own host's, and the post must be in just that one */
	struct str json = remove_json(kit, ERIN, ERIN "/notes/2", CONTEXT);
	assert_int_equal(kit_receive(kit, &erin, json), RC_DENIED);
	json = remove_json(kit, CAROL, ERIN "/notes/2", "https://peer.example/contexts/2");
	assert_int_equal(kit_receive(kit, &carol, json), RC_DENIED);
	json = remove_json(kit, CAROL, THEIRS, CONTEXT);
	assert_int_equal(kit_receive(kit, &carol, json), RC_NOT_FOUND);
	json = remove_json(kit, CAROL, ERIN "/notes/99", CONTEXT);
	assert_int_equal(kit_receive(kit, &carol, json), RC_NOT_FOUND);
	json = remove_json(kit, CAROL, ERIN "/notes/2", CONTEXT);
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	assert_true(kit_status(kit, ERIN "/notes/2", &reply));
	assert_true(reply.parent == 0 && reply.root == reply.id);
	assert_str_eq(reply.parent_uri, STR(THEIRS));
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(status_counts(txn, root.id).replies, 1); /* alice's */
	db_read_end(&txn);
}

static void s055_a_reply_before_its_parent_joins_it(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct status reply;
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	reply_to(kit, &carol, 2, STR(THEIRS));
	assert_int_equal(kit_rows(kit, &store_waiting), 1);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	assert_int_equal(kit_receive(kit, &carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	assert_true(kit_status(kit, CAROL "/notes/2", &reply));
	assert_int_equal(reply.parent, kit_uri(kit, THEIRS).id);
	assert_int_equal(reply.root, reply.parent);
	assert_int_equal(kit_rows(kit, &store_waiting), 0);
}

static void totals_of_peers_are_hints(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str json =
		kit_create(kit, CAROL, 1,
			   ",\"likes\":{\"type\":\"Collection\",\"totalItems\":120},"
			   "\"replies\":{\"id\":\"" THEIRS "/replies\",\"totalItems\":1e30}");
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	struct status_hints h = hint_get(txn, kit_uri(kit, THEIRS).id);
	db_read_end(&txn);
	assert_int_equal(h.likes, 120);
	assert_int_equal(h.replies, HINT_NONE);
	struct status s;
	assert_true(kit_status(kit, THEIRS, &s));
	assert_str_eq(s.replies, STR(THEIRS "/replies"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(replies_are_served_with_their_first_page_and_go_on),
		T(a_conversation_is_served_in_the_order_of_time),
		T(pages_of_a_conversation_follow_each_other),
		T(s071_a_page_begins_behind_no_reply_that_it_does_not_show),
		T(a_replys_context_is_its_first_posts),
		T(those_who_take_part_hear_of_a_reply_by_an_add),
		T(an_add_of_a_conversation_is_followed_by_who_takes_part),
		T(who_owns_a_conversation_takes_replies_out_of_it),
		T(s055_a_reply_before_its_parent_joins_it),
		T(totals_of_peers_are_hints),
	};
	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
