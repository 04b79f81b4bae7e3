/* Posts that an account took along when it moved: the old server learns where they are, and leads
 * there; the new one knows them by their old ids. */
#include "fedqueue.h"

#include "fed/archive.h"
#include "social/move.h"
#include "store/graph.h"
#include "store/reaction.h"
#include "store/tables.h"

#define NEW "https://other.example/users/erin"
#define MOVED NEW "/collections/moved"

/* --- the old server: alice has moved to erin --- */

static void describe(struct kit_scene *scene, const struct peer_actor *peer, const char *members)
{
	struct str json = kit_actor_json(scene->kit, peer);
	test_fetch_answer(scene->kit->net, peer->uri, 200, ACTIVITY_JSON,
			  kit_json(scene->kit, "{%s,%.*s", members, STR_ARG(str_skip(json, 1))));
}

static enum rc move_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *scene = arg;
	struct ctx ctx = { .arena = scene->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &scene->kit->site };
	struct account alice, erin;
	must(account_get(txn, ctx.arena, scene->kit->alice.id, &alice));
	must(account_get(txn, ctx.arena, scene->erin.id, &erin));
	return move_begin(&s, &alice, &erin);
}

static int old_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->erin = kit_peer(scene->kit, ERIN, 1);
	scene->post = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "long ago");
	describe(scene, &scene->erin,
		 "\"alsoKnownAs\":[\"" ALICE "\"],\"streams\":[\"" MOVED "\"]");
	struct kit_answer answer = kit_resolve(scene->kit, 'r', ERIN);
	assert_int_equal(answer.rc, RC_OK);
	test_fetch_answer(scene->kit->net, MOVED, 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" MOVED
			      "\",\"type\":\"OrderedCollection\",\"first\":\"" MOVED
			      "?page=true\"}"));
	kit_queue_start(scene->q, scene->kit, false);
	*state = scene;
	return 0;
}

static struct str move_json(struct kit_scene *scene, const char *actor, uint64_t from,
			    const char *to)
{
	return kit_json(
		scene->kit,
		"{\"type\":\"Move\",\"actor\":\"%s\",\"object\":\"%.*s\",\"target\":\"%s\"}", actor,
		STR_ARG(kit_post_uri(scene->kit, from)), to);
}

static void list(struct kit_scene *scene, const char *url, struct str items, const char *next)
{
	test_fetch_answer(scene->kit->net, url, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				   "\"orderedItems\":[%.*s]%s}",
				   url, STR_ARG(items), next));
}

static void moves_away(struct kit_scene *scene)
{
	kit_write(scene->kit, move_job, scene);
	queue_wake(scene->kit->queue);
	kit_drain(scene->q, 0);
}

static struct str taken(struct kit_scene *scene, uint64_t id)
{
	struct status status;
	struct str uri = kit_post_uri(scene->kit, id);
	assert_true(kit_status(scene->kit, arena_cstr(scene->kit->arena, uri), &status));
	return status.taken;
}

static const char *path_of(struct kit_scene *scene, uint64_t id)
{
	return arena_cstr(scene->kit->arena,
			  str_skip(kit_post_uri(scene->kit, id), sizeof(HOME) - 1));
}

static void the_old_server_reads_the_list_page_by_page(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t second = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "later");
	list(scene, MOVED "?page=true", move_json(scene, NEW, scene->post, NEW "/statuses/1"),
	     ",\"next\":\"" MOVED "?page=2\"");
	list(scene, MOVED "?page=2", move_json(scene, NEW, second, NEW "/statuses/2"), "");
	moves_away(scene);
	assert_str_eq(taken(scene, scene->post), STR(NEW "/statuses/1"));
	assert_str_eq(taken(scene, second), STR(NEW "/statuses/2"));
	/* documents lead there; the actor's own tells of the move */
	struct kit_reply reply = kit_get(scene->kit, path_of(scene, second), NULL);
	assert_int_equal(reply.status, 308);
	assert_str_eq(kit_header(&reply, "Location"), STR(NEW "/statuses/2"));
	assert_int_equal(kit_get(scene->kit, "/users/alice", NULL).status, 200);
	struct account alice;
	assert_true(kit_account(scene->kit, scene->kit->alice.id, &alice));
	assert_true(alice.took_out_ms != 0);
}

static void what_is_only_for_followers_leads_nobody_else_anywhere(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t narrow = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_FOLLOWERS, "psst");
	list(scene, MOVED "?page=true", move_json(scene, NEW, narrow, NEW "/statuses/1"), "");
	moves_away(scene);
	assert_str_eq(taken(scene, narrow), STR(NEW "/statuses/1"));
	assert_int_equal(kit_get(scene->kit, path_of(scene, narrow), NULL).status, 404);
}

static void s010_only_ones_own_posts_go_and_only_to_the_new_host(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t bobs = kit_post(scene->kit, &scene->kit->bob, VISIBILITY_PUBLIC, "bob's");
	struct str items = kit_json(
		scene->kit, "%.*s,%.*s,%.*s,7,{\"type\":\"Move\"},\"" NEW "\"",
		STR_ARG(move_json(scene, NEW, bobs, NEW "/statuses/1")),
		STR_ARG(move_json(scene, NEW, scene->post, "https://evil.example/statuses/1")),
		STR_ARG(move_json(scene, CAROL, scene->post, NEW "/statuses/1")));
	list(scene, MOVED "?page=true", items, ",\"next\":\"https://evil.example/page\"");
	moves_away(scene);
	assert_int_equal(taken(scene, bobs).len, 0);
	assert_int_equal(taken(scene, scene->post).len, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, "https://evil.example/page"), 0);
	assert_int_equal(kit_get(scene->kit, path_of(scene, scene->post), NULL).status, 200);
}

static enum rc cancel_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *scene = arg;
	struct ctx ctx = { .arena = scene->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &scene->kit->site };
	struct account alice;
	must(account_get(txn, ctx.arena, scene->kit->alice.id, &alice));
	return move_cancel(&s, &alice);
}

static void who_comes_home_has_the_posts_here_again(void **state)
{
	struct kit_scene *scene = *state;
	list(scene, MOVED "?page=true", move_json(scene, NEW, scene->post, NEW "/statuses/1"), "");
	moves_away(scene);
	assert_int_equal(kit_get(scene->kit, path_of(scene, scene->post), NULL).status, 308);
	kit_write(scene->kit, cancel_job, scene);
	assert_int_equal(kit_get(scene->kit, path_of(scene, scene->post), NULL).status, 200);
}

/* The posts may follow the account later. */
static void a_word_of_the_new_account_has_the_list_read_again(void **state)
{
	struct kit_scene *scene = *state;
	list(scene, MOVED "?page=true", STR(""), "");
	moves_away(scene);
	assert_int_equal(taken(scene, scene->post).len, 0);
	list(scene, MOVED "?page=true", move_json(scene, NEW, scene->post, NEW "/statuses/1"), "");
	struct str actor = kit_actor_json(scene->kit, &scene->erin);
	struct str object = kit_json(scene->kit, "{\"alsoKnownAs\":[\"" ALICE "\"],%.*s",
				     STR_ARG(str_skip(actor, 1)));
	struct str update = kit_activity(scene->kit, ERIN "#updates/1", "Update", ERIN,
					 arena_cstr(scene->kit->arena, object));
	assert_int_equal(kit_post_inbox(scene->kit, &scene->erin, update).status, 202);
	kit_drain(scene->q, 0);
	assert_str_eq(taken(scene, scene->post), STR(NEW "/statuses/1"));
}

static void what_still_arrives_is_passed_on(void **state)
{
	struct kit_scene *scene = *state;
	struct str post = kit_post_uri(scene->kit, scene->post);
	list(scene, MOVED "?page=true", move_json(scene, NEW, scene->post, NEW "/statuses/1"), "");
	moves_away(scene);
	scene->q->count = 0;
	struct str like =
		kit_json(scene->kit,
			 "{\"id\":\"" CAROL "#likes/1\",\"type\":\"Like\",\"actor\":\"" CAROL
			 "\",\"object\":\"%.*s\"}",
			 STR_ARG(post));
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, like).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 1);
	assert_str_eq(scene->q->sent[0].inbox, STR(ERIN "/inbox"));
	assert_str_eq(scene->q->sent[0].body, like);
	assert_int_equal(scene->q->sent[0].order, scene->kit->alice.id);
	/* once; and nothing of what is said about others' posts */
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, like).status, 202);
	uint64_t bobs = kit_post(scene->kit, &scene->kit->bob, VISIBILITY_PUBLIC, "bob's");
	like = kit_json(scene->kit,
			"{\"id\":\"" CAROL "#likes/2\",\"type\":\"Like\",\"actor\":\"" CAROL
			"\",\"object\":\"%.*s\"}",
			STR_ARG(kit_post_uri(scene->kit, bobs)));
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, like).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 1);
	/* an answer, and its end */
	struct str reply = kit_create(
		scene->kit, CAROL, 1,
		arena_cstr(scene->kit->arena,
			   kit_json(scene->kit, ",\"inReplyTo\":\"%.*s\"", STR_ARG(post))));
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, reply).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 2);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol,
					kit_activity(scene->kit, CAROL "#deletes/1", "Delete",
						     CAROL, "\"" CAROL "/notes/1\""))
				 .status,
			 202);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 3);
	assert_int_equal(kit_rows(scene->kit, &queue_table_body), 0);
}

/* --- the new server: bob was carol --- */

static int new_begin(void **state)
{
	struct fedkit *kit;
	if (kit_setup_http(state) != 0)
		return -1;
	kit = *state;
	struct archive_import import = { .account = kit->bob.id, .controller = STR(CAROL) };
	struct ctx ctx = { .arena = kit->arena };
	kit_peer(kit, CAROL, 0);
	struct str outbox = STR(
		"{\"type\":\"OrderedCollection\",\"orderedItems\":["
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" CAROL
		"/notes/2\",\"type\":\"Note\",\"attributedTo\":\"" CAROL "\",\"content\":\"two\","
		"\"published\":\"2019-05-02T10:00:00Z\",\"to\":\"" CAROL "/followers\"}},"
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" CAROL
		"/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" CAROL "\",\"content\":\"one\","
		"\"published\":\"2019-05-01T10:00:00Z\",\"to\":\"" AP_PUBLIC "\"}},"
		/* of a neighbour, said to be one's own */
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" DAVE
		"/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" CAROL "\",\"content\":\"x\","
		"\"to\":\"" AP_PUBLIC "\"}}]}");
	assert_int_equal(archive_import_posts(kit->fed, &ctx, outbox, &import), RC_OK);
	assert_int_equal(import.taken, 2);
	assert_int_equal(import.skipped, 1);
	return 0;
}

static uint64_t here(struct fedkit *kit, const char *old)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	uint64_t id = status_named(txn, str_of(old));
	db_read_end(&txn);
	return id;
}

static struct status_counts counts(struct fedkit *kit, uint64_t id)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	struct status_counts c = status_counts(txn, id);
	db_read_end(&txn);
	return c;
}

static void what_is_said_about_the_old_id_is_said_about_the_new_post(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor erin = kit_peer(kit, ERIN, 1);
	uint64_t id = here(kit, CAROL "/notes/1");
	assert_true(id != 0);
	assert_int_equal(here(kit, DAVE "/notes/1"), 0);
	const char *note = "\"" CAROL "/notes/1\"";
	assert_int_equal(
		kit_receive(kit, &erin, kit_activity(kit, ERIN "#l/1", "Like", ERIN, note)), RC_OK);
	assert_int_equal(counts(kit, id).likes, 1);
	struct str boost =
		kit_json(kit,
			 "{\"id\":\"" ERIN "/boosts/1\",\"type\":\"Announce\",\"actor\":\"" ERIN
			 "\",\"object\":%s,\"to\":\"" AP_PUBLIC "\"}",
			 note);
	assert_int_equal(kit_receive(kit, &erin, boost), RC_OK);
	assert_int_equal(counts(kit, id).boosts, 1);
	struct str reply = kit_create(kit, ERIN, 1, ",\"inReplyTo\":\"" CAROL "/notes/1\"");
	assert_int_equal(kit_receive(kit, &erin, reply), RC_OK);
	assert_int_equal(counts(kit, id).replies, 1);
	struct str undo = kit_json(kit,
				   "{\"type\":\"Like\",\"id\":\"" ERIN "#l/1\",\"actor\":\"" ERIN
				   "\",\"object\":%s}",
				   note);
	assert_int_equal(kit_receive(kit, &erin,
				     kit_activity(kit, ERIN "#u/1", "Undo", ERIN,
						  arena_cstr(kit->arena, undo))),
			 RC_OK);
	assert_int_equal(counts(kit, id).likes, 0);
	undo = kit_json(kit,
			"{\"type\":\"Announce\",\"id\":\"" ERIN "/boosts/1\",\"actor\":\"" ERIN
			"\",\"object\":%s}",
			note);
	assert_int_equal(kit_receive(kit, &erin,
				     kit_activity(kit, ERIN "#u/2", "Undo", ERIN,
						  arena_cstr(kit->arena, undo))),
			 RC_OK);
	assert_int_equal(counts(kit, id).boosts, 0);
}

static void tell_taken(struct fedkit *kit)
{
	struct account bob;
	assert_true(kit_account(kit, kit->bob.id, &bob));
	bob.took_in_ms = 1;
	kit_put_account(kit, &bob);
}

static bool contains(struct str text, const char *part)
{
	return str_find(text, str_of(part)) != text.len;
}

static void the_list_is_for_those_who_may_see_what_is_in_it(void **state)
{
	struct fedkit *kit = *state;
	const char *page = "/users/bob/collections/moved?page=true";
	assert_int_equal(kit_get(kit, "/users/bob/collections/moved", NULL).status, 404);
	tell_taken(kit);
	struct kit_reply reply = kit_get(kit, "/users/bob/collections/moved", NULL);
	assert_int_equal(reply.status, 200);
	assert_true(contains(reply.body, "\"attributedTo\":\"" BOB "\""));
	assert_true(contains(kit_get(kit, "/users/bob", NULL).body,
			     "\"streams\":[\"" BOB "/collections/moved\"]"));
	reply = kit_get(kit, page, NULL);
	assert_int_equal(reply.status, 200);
	assert_true(contains(reply.body, "\"object\":\"" CAROL "/notes/1\",\"target\":\"" BOB));
	assert_false(contains(reply.body, "/notes/2"));
	/* the old server has them all */
	struct peer_actor dave = kit_peer(kit, DAVE, 2), erin = kit_peer(kit, ERIN, 1);
	struct kit_signing signing = kit_signed_by(kit, &dave);
	reply = kit_get(kit, page, &signing);
	assert_true(contains(reply.body, "/notes/1") && contains(reply.body, "/notes/2"));
	signing = kit_signed_by(kit, &erin);
	assert_false(contains(kit_get(kit, page, &signing).body, "/notes/2"));
	assert_int_equal(
		kit_get(kit, "/users/bob/collections/moved?page=true&max_id=x", NULL).status, 404);
}

static void a_long_list_has_pages(void **state)
{
	struct fedkit *kit = *state;
	struct buf items CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct archive_import import = { .account = kit->bob.id, .controller = STR(CAROL) };
	struct ctx ctx = { .arena = kit->arena };
	for (unsigned i = 10; i < 260; i++)
		buf_addf(&items,
			 "%s{\"type\":\"Create\",\"actor\":\"" CAROL
			 "\",\"object\":{\"id\":\"" CAROL
			 "/notes/%u\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
			 "\",\"content\":\"x\",\"published\":\"2019-05-03T10:00:00Z\",\"to\":"
			 "\"" AP_PUBLIC "\"}}",
			 i == 10 ? "" : ",", i);
	struct str outbox =
		kit_json(kit, "{\"type\":\"OrderedCollection\",\"orderedItems\":[%.*s]}",
			 STR_ARG(buf_str(&items)));
	assert_int_equal(archive_import_posts(kit->fed, &ctx, outbox, &import), RC_OK);
	assert_int_equal(import.taken, 250);
	tell_taken(kit);
	const char *path = "/users/bob/collections/moved?page=true";
	size_t moves = 0, pages = 0;
	while (path != NULL) {
		struct str rest = kit_get(kit, path, NULL).body, line = rest;
		size_t at;
		while ((at = str_find(line, STR("\"type\":\"Move\""))) != line.len) {
			line = str_skip(line, at + 1);
			moves++;
		}
		at = str_find(rest, STR("\"next\":\"" HOME));
		struct str next = str_skip(rest, at + sizeof("\"next\":\"" HOME) - 1);
		path = at == rest.len
			       ? NULL
			       : arena_cstr(kit->arena, str_take(next, str_index(next, '"')));
		pages++;
	}
	assert_int_equal(moves, 251); /* and the first one, which is for everybody, too */
	assert_int_equal(pages, 3);
}

static void odd_payloads_are_refused(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(1024);
	const struct taken_job job = { .account = 7, .steps = 3, .uri = STR(MOVED) };
	struct taken_job back;
	taken_encode(&payload, &job);
	assert_true(taken_decode(arena, buf_str(&payload), &back));
	assert_true(back.account == 7 && back.steps == 3);
	assert_str_eq(back.uri, STR(MOVED));
	for (size_t len = 0; len < payload.len; len++)
		assert_false(taken_decode(arena, str_take(buf_str(&payload), len), &back));
	arena_free(&arena);
}

int main(void)
{
#define OLD(test) cmocka_unit_test_setup_teardown(test, old_begin, kit_scene_end)
#define FRESH(test) cmocka_unit_test_setup_teardown(test, new_begin, kit_teardown)
	const struct CMUnitTest tests[] = {
		OLD(the_old_server_reads_the_list_page_by_page),
		OLD(what_is_only_for_followers_leads_nobody_else_anywhere),
		OLD(s010_only_ones_own_posts_go_and_only_to_the_new_host),
		OLD(who_comes_home_has_the_posts_here_again),
		OLD(a_word_of_the_new_account_has_the_list_read_again),
		OLD(what_still_arrives_is_passed_on),
		FRESH(what_is_said_about_the_old_id_is_said_about_the_new_post),
		FRESH(the_list_is_for_those_who_may_see_what_is_in_it),
		FRESH(a_long_list_has_pages),
		cmocka_unit_test(odd_payloads_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
