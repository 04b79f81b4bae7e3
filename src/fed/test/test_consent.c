/* Requests for consent, their answers and ends as they come in; proofs as they are fetched; all of it as
 * it goes out. */
#include "fedqueue.h"

#include "ap/write.h"
#include "social/interact.h"
#include "store/tables.h"

#define NOTE(actor, n) actor "/notes/" #n
#define STAMP ERIN "/stamps/1"

static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->dave = kit_peer(scene->kit, DAVE, 1);
	scene->erin = kit_peer(scene->kit, ERIN, 1);
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED, "x:1");
	kit_follow(scene->kit, scene->kit->alice.id, scene->erin.id, FOLLOW_ACCEPTED, "x:2");
	scene->post = kit_post(scene->kit, &scene->kit->alice, VISIBILITY_PUBLIC, "hello");
	kit_queue_start(scene->q, scene->kit, false);
	kit_drain(scene->q, 0);
	scene->q->count = 0;
	*state = scene;
	return 0;
}

/* What was sent last to an inbox of that host; absent when nothing was. */
static struct str sent_last(struct kit_scene *scene, const char *host)
{
	kit_drain(scene->q, 0);
	for (size_t i = scene->q->count; i > 0; i--) {
		if (str_contains(scene->q->sent[i - 1].lane, str_of(host)))
			return scene->q->sent[i - 1].body;
	}
	return STR_NONE;
}

static struct str quote_json(struct kit_scene *scene, const char *author, unsigned n,
			     struct str quoted, const char *more)
{
	return kit_json(scene->kit,
			"{\"id\":\"%s/notes/%u\",\"type\":\"Note\",\"attributedTo\":\"%s\","
			"\"content\":\"<p>see</p>\",\"to\":\"" AP_PUBLIC "\",\"quote\":\"%.*s\"%s}",
			author, n, author, STR_ARG(quoted), more);
}

static struct str request_json(struct kit_scene *scene, const char *actor, unsigned n,
			       struct str object, struct str instrument)
{
	return kit_json(scene->kit,
			"{\"id\":\"%s#q%u\",\"type\":\"QuoteRequest\",\"actor\":\"%s\","
			"\"object\":\"%.*s\",\"instrument\":%.*s}",
			actor, n, actor, STR_ARG(object), STR_ARG(instrument));
}

static enum interaction_state state_of(struct kit_scene *scene, const char *uri)
{
	struct status status;
	assert_true(kit_status(scene->kit, uri, &status));
	return status.quote.state;
}

/* --- requests --- */

static void a_request_is_accepted_with_an_authorization(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct str post = kit_post_uri(kit, scene->post);
	struct str request =
		request_json(scene, CAROL, 1, post, quote_json(scene, CAROL, 1, post, ""));
	assert_int_equal(kit_receive(kit, &scene->carol, request), RC_OK);
	assert_int_equal(kit_receive(kit, &scene->carol, request), RC_EXISTS);
	queue_wake(kit->queue);
	struct str answer = sent_last(scene, "peer.example");
	assert_true(str_contains(answer, STR("\"type\":\"Accept\"")));
	assert_true(str_contains(answer, STR("\"result\":\"" ALICE "/authorizations/")));
	assert_true(str_contains(answer, STR("\"instrument\":\"" NOTE(CAROL, 1) "\"")));
	assert_int_equal(state_of(scene, NOTE(CAROL, 1)), INTERACTION_ACCEPTED);
	/* served under its own id, to everybody, without either post */
	struct status quote;
	assert_true(kit_status(kit, NOTE(CAROL, 1), &quote));
	struct str path = arena_str(kit->arena, str_skip(quote.quote.authorization, strlen(HOME)));
	struct kit_reply reply = kit_get(kit, path.ptr, NULL);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"type\":\"QuoteAuthorization\"")));
	assert_true(str_contains(reply.body, STR("\"attributedTo\":\"" ALICE "\"")));
	assert_false(str_contains(reply.body, STR("content")));
	/* and under nobody else's */
	struct str other = kit_json(kit, "/users/bob%.*s", STR_ARG(str_skip(path, 12)));
	assert_int_equal(kit_get(kit, other.ptr, NULL).status, 404);
}

static void s005_the_instrument_is_the_actors_own(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct str post = kit_post_uri(kit, scene->post);
	const struct str bad[] = {
		/* of a sibling, of another host, of nobody */
		quote_json(scene, CAROL, 1, post, ""),
		quote_json(scene, ERIN, 1, post, ""),
		STR("\"" NOTE(ERIN, 1) "\""),
		STR("{\"type\":\"Note\",\"quote\":\"x\"}"),
		STR("7"),
		STR("null"),
		/* quotes something else, or nothing */
		quote_json(scene, DAVE, 1, STR(NOTE(ERIN, 1)), ""),
		STR("{\"id\":\"" NOTE(DAVE, 2) "\",\"type\":\"Note\",\"attributedTo\":\"" DAVE
					       "\",\"content\":\"x\"}"),
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		enum rc rc = kit_receive(kit, &scene->dave,
					 request_json(scene, DAVE, (unsigned)i, post, bad[i]));
		if (rc == RC_OK || rc == RC_BUSY)
			fail_msg("row %zu: %s", i, rc_name(rc));
	}
	/* a known post of the sibling's, by its id */
	struct str create =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#c\",\"type\":\"Create\",\"actor\":\"" CAROL
			 "\",\"object\":%.*s}",
			 STR_ARG(quote_json(scene, CAROL, 5, STR(NOTE(ERIN, 1)), "")));
	assert_int_equal(kit_receive(kit, &scene->carol, create), RC_OK);
	assert_int_equal(
		kit_receive(kit, &scene->dave,
			    request_json(scene, DAVE, 50, post, STR("\"" NOTE(CAROL, 5) "\""))),
		RC_DENIED);
	assert_int_equal(kit_rows(kit, &store_interaction), 0);
}

static void an_instrument_that_is_told_by_its_id_is_fetched(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct str post = kit_post_uri(kit, scene->post);
	struct str id = STR("\"" NOTE(CAROL, 3) "\"");
	struct str request = request_json(scene, CAROL, 1, post, id);
	assert_int_equal(kit_receive(kit, &scene->carol, request), RC_BUSY);
	/* but not for what is not there to be quoted */
	assert_int_equal(kit_receive(kit, &scene->carol,
				     request_json(scene, CAROL, 2, STR(ALICE "/statuses/1"), id)),
			 RC_NOT_FOUND);
	test_fetch_answer(kit->net, NOTE(CAROL, 3), 200, ACTIVITY_JSON,
			  quote_json(scene, CAROL, 3, post, ""));
	assert_int_equal(kit_post_inbox(kit, &scene->carol, request).status, 202);
	assert_true(str_contains(sent_last(scene, "peer.example"), STR("\"type\":\"Accept\"")));
	assert_int_equal(state_of(scene, NOTE(CAROL, 3)), INTERACTION_ACCEPTED);
}

/* --- proofs --- */

static void answer_stamp(struct kit_scene *scene, const char *type, const char *by,
			 const char *object, const char *target)
{
	test_fetch_answer(scene->kit->net, STAMP, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" STAMP "\",\"type\":\"%s\",\"attributedTo\":\"%s\","
				   "\"interactingObject\":\"%s\",\"interactionTarget\":\"%s\"}",
				   type, by, object, target));
}

/* Carol quotes erin's first note; what becomes of it. */
static enum interaction_state third_party(struct kit_scene *scene, unsigned n, const char *more)
{
	struct fedkit *kit = scene->kit;
	struct str json =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#c%u\",\"type\":\"Create\",\"actor\":\"" CAROL
			 "\",\"object\":%.*s}",
			 n, STR_ARG(quote_json(scene, CAROL, n, STR(NOTE(ERIN, 1)), more)));
	assert_int_equal(kit_post_inbox(kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 0);
	return state_of(scene, kit_json(kit, CAROL "/notes/%u", n).ptr);
}

#define STAMPED ",\"quoteAuthorization\":\"" STAMP "\""

static void a_third_partys_quote_needs_its_proof(void **state)
{
	struct kit_scene *scene = *state;
	assert_int_equal(kit_receive(scene->kit, &scene->erin, kit_create(scene->kit, ERIN, 1, "")),
			 RC_OK);
	assert_int_equal(third_party(scene, 1, ""), INTERACTION_UNAUTHORISED);
	test_fetch_answer(scene->kit->net, STAMP, 404, "text/html", STR(""));
	assert_int_equal(third_party(scene, 2, STAMPED), INTERACTION_UNAUTHORISED);
	answer_stamp(scene, "QuoteAuthorization", ERIN, NOTE(CAROL, 9), NOTE(ERIN, 1));
	assert_int_equal(third_party(scene, 3, STAMPED), INTERACTION_UNAUTHORISED);
	answer_stamp(scene, "QuoteAuthorization", ERIN, NOTE(CAROL, 4), NOTE(ERIN, 1));
	assert_int_equal(third_party(scene, 4, STAMPED), INTERACTION_ACCEPTED);
	/* the deletion of a sibling is nothing, erin's is the end */
	assert_int_equal(kit_receive(scene->kit, &scene->carol,
				     kit_activity(scene->kit, CAROL "#d1", "Delete", CAROL,
						  "\"" STAMP "\"")),
			 RC_DENIED);
	assert_int_equal(state_of(scene, NOTE(CAROL, 4)), INTERACTION_ACCEPTED);
	assert_int_equal(
		kit_receive(scene->kit, &scene->erin,
			    kit_activity(scene->kit, ERIN "#d1", "Delete", ERIN,
					 "{\"id\":\"" STAMP "\",\"type\":\"QuoteAuthorization\"}")),
		RC_OK);
	assert_int_equal(state_of(scene, NOTE(CAROL, 4)), INTERACTION_REVOKED);
}

static void what_is_quoted_is_fetched_but_not_what_that_quotes(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	/* S-061: erin's note quotes another, that one a third, and so on */
	for (unsigned n = 1; n < 6; n++) {
		struct str uri = kit_json(kit, ERIN "/notes/%u", n);
		struct str next = kit_json(kit, ERIN "/notes/%u", n + 1);
		test_fetch_answer(kit->net, uri.ptr, 200, ACTIVITY_JSON,
				  quote_json(scene, ERIN, n, next, ""));
	}
	answer_stamp(scene, "QuoteAuthorization", ERIN, NOTE(CAROL, 1), NOTE(ERIN, 1));
	assert_int_equal(third_party(scene, 1, STAMPED), INTERACTION_ACCEPTED);
	assert_int_equal(kit_uri(kit, NOTE(ERIN, 1)).kind, URI_STATUS);
	assert_int_equal(kit_uri(kit, NOTE(ERIN, 2)).kind, URI_NONE);
	assert_int_equal(state_of(scene, NOTE(ERIN, 1)), INTERACTION_UNAUTHORISED);
	assert_int_equal(test_fetch_count_of(kit->net, NOTE(ERIN, 2)), 0);
}

static void s019_only_the_quoted_authors_early_word_counts(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct peer_actor frank = kit_peer(kit, "https://other.example/users/frank", 2);
	assert_int_equal(kit_receive(kit, &scene->erin, kit_create(kit, ERIN, 1, "")), RC_OK);
	struct str early = kit_activity(kit, "https://other.example/users/frank#d", "Delete",
					"https://other.example/users/frank", "\"" STAMP "\"");
	assert_int_equal(kit_receive(kit, &frank, early), RC_OK); /* his own word, about nothing */
	answer_stamp(scene, "QuoteAuthorization", ERIN, NOTE(CAROL, 1), NOTE(ERIN, 1));
	assert_int_equal(third_party(scene, 1, STAMPED), INTERACTION_ACCEPTED);
	answer_stamp(scene, "QuoteAuthorization", ERIN, NOTE(CAROL, 2), NOTE(ERIN, 1));
	assert_int_equal(kit_receive(kit, &scene->erin,
				     kit_activity(kit, ERIN "#d", "Delete", ERIN, "\"" STAMP "\"")),
			 RC_OK);
	assert_int_equal(third_party(scene, 2, STAMPED), INTERACTION_UNAUTHORISED);
}

static void a_proof_that_may_come_later_is_waited_for(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	assert_int_equal(kit_receive(kit, &scene->erin, kit_create(kit, ERIN, 1, "")), RC_OK);
	test_fetch_fail(kit->net, STAMP, RC_TIMEOUT);
	struct str json =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#c\",\"type\":\"Create\",\"actor\":\"" CAROL
			 "\",\"object\":%.*s}",
			 STR_ARG(quote_json(scene, CAROL, 1, STR(NOTE(ERIN, 1)), STAMPED)));
	assert_int_equal(kit_post_inbox(kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 1);
	kit_settle(scene->q);
	assert_int_equal(state_of(scene, NOTE(CAROL, 1)), INTERACTION_PENDING);
}

/* --- what goes out --- */

struct posting {
	struct fedkit *kit;
	uint64_t quoted;
	struct status made;
};

static enum rc quote_write(struct db_txn *txn, void *arg)
{
	struct posting *p = arg;
	struct ctx ctx = { .arena = p->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &p->kit->site };
	struct draft draft = { .author = p->kit->alice,
			       .quote = p->quoted,
			       .status = { .account = p->kit->alice.id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Note"),
					   .content = html_trusted(STR("<p>see</p>")) } };
	enum rc rc = act_post(&s, &draft);
	p->made = draft.status;
	return rc;
}

static void our_quote_is_asked_for_and_told(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct status quoted;
	assert_int_equal(kit_receive(kit, &scene->erin, kit_create(kit, ERIN, 1, "")), RC_OK);
	assert_true(kit_status(kit, NOTE(ERIN, 1), &quoted));
	struct posting p = { .kit = kit, .quoted = quoted.id };
	kit_write(kit, quote_write, &p);
	queue_wake(kit->queue);
	struct str request = sent_last(scene, "other.example");
	static const char *const parts[] = {
		"\"type\":\"QuoteRequest\"",
		"\"actor\":\"" ALICE "\"",
		"\"object\":\"" NOTE(ERIN, 1) "\"",
		"\"instrument\":{\"id\":\"" ALICE "/statuses/",
		"\"quote\":\"" NOTE(ERIN, 1) "\"",
		"<p class=\\\"quote-inline\\\">RE: <a href=\\\"" NOTE(ERIN, 1),
		"\"interactionPolicy\":{\"canQuote\"",
	};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!str_contains(request, str_of(parts[i])))
			fail_msg("no %s in %.*s", parts[i], STR_ARG(request));
	}
	assert_false(str_contains(request, STR("quoteAuthorization\":\"")));
	struct ctx ctx = { .arena = kit->arena };
	struct ap_reader reader = { &ctx, kit->site.iri_flags };
	struct ap_activity sent;
	struct jr_doc *doc;
	assert_int_equal(jr_parse(&ctx, request, &jr_limits_peer, &doc), RC_OK);
	assert_int_equal(ap_activity_decode(&reader, jr_root(doc), &sent), RC_OK);
	struct str id = arena_str(kit->arena, sent.id);
	jr_free(&doc);
	/* by the request's id alone, and by somebody else */
	struct str accept = kit_json(kit,
				     "{\"id\":\"" ERIN "#a\",\"type\":\"Accept\",\"actor\":\"" ERIN
				     "\",\"object\":\"%.*s\",\"result\":\"" STAMP "\"}",
				     STR_ARG(id));
	struct str forged =
		kit_json(kit,
			 "{\"id\":\"" CAROL "#a\",\"type\":\"Accept\",\"actor\":\"" CAROL
			 "\",\"object\":\"%.*s\",\"result\":\"" CAROL "/s\"}",
			 STR_ARG(id));
	assert_int_equal(kit_receive(kit, &scene->carol, forged), RC_DENIED);
	assert_int_equal(kit_receive(kit, &scene->erin, accept), RC_OK);
	assert_int_equal(kit_receive(kit, &scene->erin, accept), RC_EXISTS);
	struct str path =
		arena_str(kit->arena, str_skip(kit_post_uri(kit, p.made.id), strlen(HOME)));
	struct str note = kit_get(kit, path.ptr, NULL).body;
	assert_true(str_contains(note, STR("\"quoteAuthorization\":\"" STAMP "\"")));
	/* S-019: a deletion by erin's sibling is that one's own word */
	struct peer_actor frank = kit_peer(kit, "https://other.example/users/frank", 2);
	assert_int_equal(
		kit_receive(kit, &frank,
			    kit_activity(kit, "https://other.example/users/frank#d", "Delete",
					 "https://other.example/users/frank", "\"" STAMP "\"")),
		RC_OK);
	assert_true(str_contains(kit_get(kit, path.ptr, NULL).body, STR(STAMP)));
	/* what carries a signature of its own is passed on as it came */
	kit_follow(kit, scene->carol.id, kit->alice.id, FOLLOW_ACCEPTED, "x:3");
	struct str word = kit_json(
		kit, "{\"id\":\"" ERIN "#d\",\"type\":\"Delete\",\"actor\":\"" ERIN
		     "\",\"object\":\"" STAMP "\",\"proof\":{\"type\":\"DataIntegrityProof\"}}");
	kit_drain(scene->q, 0);
	scene->q->count = 0;
	assert_int_equal(kit_receive(kit, &scene->erin, word), RC_OK);
	queue_wake(kit->queue);
	kit_drain(scene->q, 0);
	bool forwarded = false, updated = false;
	for (size_t i = 0; i < scene->q->count; i++) {
		forwarded = forwarded || str_eq(scene->q->sent[i].body, word);
		updated =
			updated || str_contains(scene->q->sent[i].body, STR("\"type\":\"Update\""));
	}
	assert_true(forwarded && updated);
	assert_int_equal(kit_rows(kit, &queue_table_body), 0);
	note = kit_get(kit, path.ptr, NULL).body;
	assert_false(str_contains(note, STR("\"quoteAuthorization\":\"" STAMP)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_request_is_accepted_with_an_authorization,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(s005_the_instrument_is_the_actors_own, scene_begin,
						kit_scene_end),
		cmocka_unit_test_setup_teardown(an_instrument_that_is_told_by_its_id_is_fetched,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(a_third_partys_quote_needs_its_proof, scene_begin,
						kit_scene_end),
		cmocka_unit_test_setup_teardown(what_is_quoted_is_fetched_but_not_what_that_quotes,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(s019_only_the_quoted_authors_early_word_counts,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(a_proof_that_may_come_later_is_waited_for,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(our_quote_is_asked_for_and_told, scene_begin,
						kit_scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
