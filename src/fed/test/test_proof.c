/*
 * What somebody else than its actor brings: erin's host forwards what carol has signed. Everything
 * goes over a real connection.
 */
#include "ap/proof.h"

#include "core/date.h"
#include "core/metric.h"
#include "crypt/proof.h"
#include "fedkit.h"
#include "store/graph.h"
#include "store/tables.h"
#include "json/jcs.h"

#define CAROLS_KEY CAROL "#ed"
#define NOTE CAROL "/notes/1"

struct scene {
	struct fedkit *kit;
	struct peer_actor carol, dave, erin;
};

/* Alice follows both, so that what they say matters; all are known here. */
static struct scene scene_of(void **state)
{
	struct fedkit *kit = *state;
	struct scene s = { .kit = kit,
			   .carol = kit_peer(kit, CAROL, 0),
			   .dave = kit_peer(kit, DAVE, 1),
			   .erin = kit_peer(kit, ERIN, 2) };
	kit_follow(kit, kit->alice.id, s.carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, kit->alice.id, s.erin.id, FOLLOW_ACCEPTED, ALICE "#follows/2");
	return s;
}

/* --- making proofs, right and wrong ones --- */

struct making {
	const struct key *key;
	const char *method;
	int64_t age_ms;	  /* negative: it is from the future */
	const char *more; /* further options, JSON with a comma in front */
	const char *type, *suite, *purpose;
};

static struct str canonical(struct fedkit *kit, struct str json)
{
	struct ctx ctx = { .arena = kit->arena };
	struct buf out = BUF_INIT(1 << 20);
	struct jr_doc *doc;
	assert_int_equal(jr_parse(&ctx, json, &jr_limits_peer, &doc), RC_OK);
	assert_int_equal(jcs_write(kit->arena, jr_root(doc), NULL, 0, &out), RC_OK);
	jr_free(&doc);
	return arena_take_buf(kit->arena, &out);
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

static struct str time_text(struct fedkit *kit, int64_t age_ms)
{
	struct buf text = BUF_INIT(64);
	date_add_rfc3339(&text, clock_wall_ms(&kit->clock.clock) - (uint64_t)age_ms);
	return arena_take_buf(kit->arena, &text);
}

/* The proof alone. */
static struct str proof_of(struct fedkit *kit, struct str json, const struct making *m)
{
	struct buf value = BUF_INIT(128);
	struct str options = kit_json(
		kit,
		"{\"type\":\"%s\",\"cryptosuite\":\"%s\",\"proofPurpose\":\"%s\","
		"\"verificationMethod\":\"%s\",\"created\":\"%.*s\"%s}",
		or_else(m->type, "DataIntegrityProof"), or_else(m->suite, PROOF_CRYPTOSUITE),
		or_else(m->purpose, "assertionMethod"), or_else(m->method, CAROLS_KEY),
		STR_ARG(time_text(kit, m->age_ms)), or_else(m->more, ""));
	assert_int_equal(
		proof_create(m->key, canonical(kit, options), canonical(kit, json), &value), RC_OK);
	struct str text = kit_json(kit, "%.*s,\"proofValue\":\"%s\"}", (int)options.len - 1,
				   options.ptr, value.ptr);
	buf_free(&value);
	return text;
}

/* json with a member more. */
static struct str with(struct fedkit *kit, struct str json, const char *name, struct str value)
{
	return kit_json(kit, "%.*s,\"%s\":%.*s}", (int)json.len - 1, json.ptr, name,
			STR_ARG(value));
}

static struct str made(struct fedkit *kit, struct str json, const struct making *m)
{
	return with(kit, json, "proof", proof_of(kit, json, m));
}

static struct str proved(struct scene *s, struct str json)
{
	return made(s->kit, json, &(struct making){ .key = s->carol.ed });
}

static void brings(struct scene *s, struct str json, unsigned status)
{
	struct kit_reply reply = kit_post_inbox(s->kit, &s->erin, json);
	if (reply.status != status)
		fail_msg("%u instead of %u: %.*s", reply.status, status, STR_ARG(reply.body));
}

static struct str carols(struct fedkit *kit, const char *id, const char *type, const char *object)
{
	return kit_activity(kit, id, type, CAROL, object);
}

/* --- what is believed --- */

static void a_proved_post_is_its_authors_and_nothing_is_fetched(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	size_t fetches = test_fetch_count(s.kit->net);
	uint64_t proofs = metric_get(METRIC_INBOX_PROVED);
	brings(&s, proved(&s, kit_create(s.kit, CAROL, 1, "")), 202);
	assert_true(kit_status(s.kit, NOTE, &status));
	assert_int_equal(status.account, s.carol.id);
	assert_int_equal(test_fetch_count(s.kit->net), fetches);
	assert_int_equal(kit_rows(s.kit, &queue_table_job), 0);
	assert_int_equal(metric_get(METRIC_INBOX_PROVED), proofs + 1);
}

static void all_that_may_be_carried_has_its_effect(void **state)
{
	struct scene s = scene_of(state);
	struct fedkit *kit = s.kit;
	struct status status;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	struct str uri = kit_post_uri(kit, post);
	const char *quoted = kit_json(kit, "\"%.*s\"", STR_ARG(uri)).ptr;
	brings(&s, proved(&s, kit_create(kit, CAROL, 1, "")), 202);
	struct str like = carols(kit, CAROL "#like", "Like", quoted);
	brings(&s, proved(&s, like), 202);
	assert_true(kit_status(kit, uri.ptr, &status));
	brings(&s, proved(&s, carols(kit, CAROL "#boost", "Announce", quoted)), 202);
	brings(&s,
	       proved(&s, carols(kit, CAROL "#edit", "Update",
				 "{\"id\":\"" NOTE "\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
				 "\",\"content\":\"edited\",\"to\":\"" AP_PUBLIC
				 "\",\"published\":\"2026-01-01T00:00:00Z\","
				 "\"updated\":\"2026-01-02T00:00:00Z\"}")),
	       202);
	assert_true(kit_status(kit, NOTE, &status));
	assert_true(str_contains(status.content.markup, STR("edited")));
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	struct status_counts counts = status_counts(txn, post);
	db_read_end(&txn);
	assert_int_equal(counts.likes, 1);
	assert_int_equal(counts.boosts, 1);
	brings(&s, proved(&s, carols(kit, CAROL "#unlike", "Undo", like.ptr)), 202);
	brings(&s, proved(&s, carols(kit, CAROL "#delete", "Delete", "\"" NOTE "\"")), 202);
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	counts = status_counts(txn, post);
	db_read_end(&txn);
	assert_int_equal(counts.likes, 0);
	assert_false(kit_status(kit, NOTE, &status));
}

static void one_right_proof_among_others_is_enough(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	struct str json = kit_create(s.kit, CAROL, 1, "");
	const struct making right = { .key = s.carol.ed };
	const struct making foreign = { .key = s.erin.ed, .method = ERIN "#ed" };
	struct str list = kit_json(s.kit, "[\"x\",{},%s,%s]", proof_of(s.kit, json, &foreign).ptr,
				   proof_of(s.kit, json, &right).ptr);
	brings(&s, with(s.kit, json, "proof", list), 202);
	assert_true(kit_status(s.kit, NOTE, &status));
}

/* FEP-8b32, "Backward compatibility". */
static void s020_a_linked_data_signature_beside_it_is_not_covered(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	struct str json = proved(&s, kit_create(s.kit, CAROL, 1, ""));
	brings(&s, with(s.kit, json, "signature", STR("{\"type\":\"RsaSignature2017\"}")), 202);
	assert_true(kit_status(s.kit, NOTE, &status));
}

static void a_strangers_key_is_fetched_once_for_whom_somebody_follows(void **state)
{
	struct fedkit *kit = *state;
	struct scene s = { .kit = kit,
			   .carol = kit_stranger(kit, CAROL, 0),
			   .erin = kit_peer(kit, ERIN, 2) };
	struct str like = carols(kit, CAROL "#like", "Like", "\"" ALICE "/statuses/1\"");
	size_t fetches = test_fetch_count(kit->net);
	/* S-061: nobody here follows erin */
	brings(&s, proved(&s, like), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches);
	assert_int_equal(kit_uri(kit, CAROL).kind, URI_NONE);
	kit_follow(kit, kit->alice.id, s.erin.id, FOLLOW_ACCEPTED, ALICE "#follows/2");
	uint64_t proofs = metric_get(METRIC_INBOX_PROVED);
	brings(&s, proved(&s, like), 202);
	brings(&s, proved(&s, like), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches + 1);
	assert_int_equal(metric_get(METRIC_INBOX_PROVED), proofs + 2);
	assert_int_equal(kit_uri(kit, CAROL).kind, URI_ACCOUNT);
}

static void s072_who_is_suspended_has_no_stranger_asked(void **state)
{
	struct fedkit *kit = *state;
	struct scene s = { .kit = kit,
			   .carol = kit_stranger(kit, CAROL, 0),
			   .erin = kit_peer(kit, ERIN, 2) };
	struct account erin;
	kit_follow(kit, kit->alice.id, s.erin.id, FOLLOW_ACCEPTED, ALICE "#follows/2");
	assert_true(kit_account(kit, s.erin.id, &erin));
	erin.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &erin);
	size_t fetches = test_fetch_count(kit->net);
	brings(&s, proved(&s, carols(kit, CAROL "#like", "Like", "\"" ALICE "/statuses/1\"")), 202);
	brings(&s, proved(&s, kit_create(kit, CAROL, 1, "")), 202);
	assert_int_equal(test_fetch_count(kit->net), fetches);
	assert_int_equal(kit_rows(kit, &queue_table_job), 0);
}

static void a_key_that_was_changed_is_fetched_again(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	s.carol.ed = kit_ed25519(3);
	test_fetch_answer(s.kit->net, CAROL, 200, ACTIVITY_JSON, kit_actor_json(s.kit, &s.carol));
	brings(&s, proved(&s, kit_create(s.kit, CAROL, 1, "")), 202);
	assert_true(kit_status(s.kit, NOTE, &status));
}

static void what_its_actor_brings_itself_needs_no_proof(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	uint64_t proofs = metric_get(METRIC_INBOX_PROVED);
	const struct making foreign = { .key = s.dave.ed };
	struct str json = made(s.kit, kit_create(s.kit, CAROL, 1, ""), &foreign);
	assert_int_equal(kit_post_inbox(s.kit, &s.carol, json).status, 202);
	assert_true(kit_status(s.kit, NOTE, &status));
	assert_int_equal(metric_get(METRIC_INBOX_PROVED), proofs);
}

/* --- what is not --- */

/* Another origin is asked for a post, and nothing of what came is kept; anything else is refused. */
static void is_not_believed(struct scene *s, const char *why, const struct making *m)
{
	struct fedkit *kit = s->kit;
	struct status status;
	uint64_t jobs = kit_rows(kit, &queue_table_job);
	uint64_t proofs = metric_get(METRIC_INBOX_PROVED);
	struct str remove = carols(kit, CAROL "#delete", "Delete", "\"" CAROL "/notes/9\"");
	struct kit_reply reply = kit_post_inbox(kit, &s->erin, made(kit, remove, m));
	if (reply.status != 401 || kit_rows(kit, &queue_table_job) != jobs)
		fail_msg("%s: %u", why, reply.status);
	reply = kit_post_inbox(kit, &s->erin, made(kit, kit_create(kit, CAROL, 1, ""), m));
	if (reply.status != 202 || kit_status(kit, NOTE, &status) ||
	    kit_rows(kit, &queue_table_job) != jobs + 1 ||
	    metric_get(METRIC_INBOX_PROVED) != proofs)
		fail_msg("%s: %u for a post", why, reply.status);
	assert_int_equal(kit_rows(kit, &queue_table_body), 0); /* none of its words are kept */
	assert_true(kit_status(kit, CAROL "/notes/9", &status));
}

static void s021_what_is_not_the_actors_proof_is_not_believed(void **state)
{
	struct scene s = scene_of(state);
	struct key *own = s.carol.ed;
	const struct {
		const char *why;
		struct making m;
	} cases[] = {
		{ "signed by another key", { .key = s.dave.ed } },
		{ "signed by a sibling who says so", { .key = s.dave.ed, .method = DAVE "#ed" } },
		{ "signed by who brings it", { .key = s.erin.ed, .method = ERIN "#ed" } },
		{ "the bringer's key as if it were carol's",
		  { .key = s.erin.ed, .method = CAROLS_KEY } },
		{ "a key that nobody has", { .key = own, .method = CAROL "#other" } },
		{ "a key that is no address", { .key = own, .method = "did:key:z6Mk" } },
		{ "a key over plain http",
		  { .key = own, .method = "http://peer.example/users/carol#ed" } },
		{ "an RSA key's id", { .key = own, .method = CAROL "#main-key" } },
		{ "too old", { .key = own, .age_ms = 31 * (int64_t)MS_PER_DAY } },
		{ "from the future", { .key = own, .age_ms = -2 * (int64_t)MS_PER_HOUR } },
		{ "expired", { .key = own, .more = ",\"expires\":\"2026-01-01T00:00:00Z\"" } },
		{ "an end that is no time", { .key = own, .more = ",\"expires\":\"never\"" } },
		{ "for another domain", { .key = own, .more = ",\"domain\":\"b.example\"" } },
		{ "for two domains", { .key = own, .more = ",\"domain\":[\"home.example\"]" } },
		{ "of a chain", { .key = own, .more = ",\"previousProof\":\"urn:uuid:1\"" } },
		{ "another purpose", { .key = own, .purpose = "authentication" } },
		{ "another suite", { .key = own, .suite = "eddsa-rdfc-2022" } },
		{ "another type", { .key = own, .type = "Ed25519Signature2020" } },
		{ "a context that the document has not",
		  { .key = own, .more = ",\"@context\":\"https://b.example/c\"" } },
	};
	assert_int_equal(kit_post_inbox(s.kit, &s.carol, kit_create(s.kit, CAROL, 9, "")).status,
			 202);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_not_believed(&s, cases[i].why, &cases[i].m);
}

static void proofs_for_us_and_with_time_left_are_believed(void **state)
{
	static const char *const more[] = { ",\"domain\":\"home.example\"",
					    ",\"domain\":\"" HOME "\",\"nonce\":\"1\"",
					    ",\"expires\":\"9999-01-01T00:00:00Z\"",
					    ",\"id\":\"urn:uuid:1\"" };
	struct scene s = scene_of(state);
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		struct status status;
		unsigned n = 10 + (unsigned)i;
		const struct making m = { .key = s.carol.ed, .more = more[i] };
		brings(&s, made(s.kit, kit_create(s.kit, CAROL, n, ""), &m), 202);
		assert_true(kit_status(s.kit, kit_json(s.kit, CAROL "/notes/%u", n).ptr, &status));
	}
}

static void s021_a_key_for_requests_alone_proves_nothing(void **state)
{
	struct scene s = scene_of(state);
	struct status status;
	struct buf pem CLEANUP(buf_free) = BUF_INIT(8192), text CLEANUP(buf_free) = BUF_INIT(8192);
	key_add_public_pem(&pem, s.carol.ed);
	for (size_t i = 0; i < pem.len; i++) {
		if (pem.ptr[i] == '\n')
			buf_add(&text, STR("\\n"));
		else
			buf_add_chr(&text, pem.ptr[i]);
	}
	test_fetch_answer(s.kit->net, CAROL, 200, ACTIVITY_JSON,
			  kit_json(s.kit,
				   "{\"id\":\"" CAROL
				   "\",\"type\":\"Person\",\"preferredUsername\":"
				   "\"carol\",\"inbox\":\"" CAROL
				   "/inbox\",\"publicKey\":{\"id\":\"" CAROLS_KEY
				   "\",\"owner\":\"" CAROL "\",\"publicKeyPem\":\"%s\"}}",
				   text.ptr));
	assert_int_equal(kit_resolve(s.kit, 'r', CAROL).rc, RC_OK);
	brings(&s, proved(&s, kit_create(s.kit, CAROL, 1, "")), 202);
	assert_false(kit_status(s.kit, NOTE, &status));
	brings(&s, proved(&s, carols(s.kit, CAROL "#l", "Like", "\"" ALICE "/statuses/1\"")), 401);
}

/* Carol's document with an end of her Ed25519 key. */
static void carols_key_ends(struct scene *s, const char *end)
{
	struct str json = kit_actor_json(s->kit, &s->carol);
	size_t at = str_find(json, STR("\"publicKeyMultibase\""));
	assert_true(at < json.len);
	test_fetch_answer(s->kit->net, CAROL, 200, ACTIVITY_JSON,
			  kit_json(s->kit, "%.*s%s,%s", (int)at, json.ptr, end, json.ptr + at));
	assert_int_equal(kit_resolve(s->kit, 'r', CAROL).rc, RC_OK);
}

static void a_key_that_has_ended_proves_nothing(void **state)
{
	static const char *const ends[] = { "\"expires\":\"2020-01-01T00:00:00Z\"",
					    "\"revoked\":\"2020-01-01T00:00:00Z\"",
					    "\"revoked\":\"so it was\"" };
	struct scene s = scene_of(state);
	struct status status;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		carols_key_ends(&s, ends[i]);
		brings(&s, proved(&s, kit_create(s.kit, CAROL, 1, "")), 202);
		assert_false(kit_status(s.kit, NOTE, &status));
	}
	carols_key_ends(&s, "\"expires\":\"9999-01-01T00:00:00Z\"");
	brings(&s, proved(&s, kit_create(s.kit, CAROL, 1, "")), 202);
	assert_true(kit_status(s.kit, NOTE, &status));
}

static void s020_what_was_changed_on_the_way_is_not_believed(void **state)
{
	static const char *const changes[] = {
		",\"to\":\"" ALICE "\"",
		",\"@context\":{\"content\":\"as:summary\"}",
		",\"@graph\":[{\"type\":\"Like\"}]",
		",\"@reverse\":{\"object\":{}}",
		",\"@included\":[]",
	};
	struct scene s = scene_of(state);
	struct status status;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct str json = proved(&s, kit_create(s.kit, CAROL, 1, ""));
		struct str changed =
			kit_json(s.kit, "%.*s%s}", (int)json.len - 1, json.ptr, changes[i]);
		brings(&s, changed, 202); /* its origin is asked */
		assert_false(kit_status(s.kit, NOTE, &status));
	}
}

/* S-027, FEP-fe34: who embeds what another one has signed says nothing in that one's name. */
static void a_proof_over_an_embedded_object_proves_no_activity(void **state)
{
	struct scene s = scene_of(state);
	struct fedkit *kit = s.kit;
	struct status status;
	struct str note = kit_json(kit, "{\"id\":\"" NOTE "\",\"type\":\"Note\","
					"\"attributedTo\":\"" CAROL "\",\"content\":\"mine\","
					"\"to\":\"" AP_PUBLIC "\"}");
	struct str signed_note = proved(&s, note);
	brings(&s, carols(kit, CAROL "#c", "Create", signed_note.ptr), 401);
	brings(&s, kit_activity(kit, ERIN "#c", "Create", ERIN, signed_note.ptr), 403);
	/* nor does the activity's proof cover an object of another host (S-009) */
	brings(&s,
	       proved(&s, carols(kit, CAROL "#c2", "Create",
				 "{\"id\":\"" ERIN "/notes/5\",\"type\":\"Note\",\"attributedTo\":"
				 "\"" ERIN "\",\"content\":\"x\",\"to\":\"" AP_PUBLIC "\"}")),
	       403);
	assert_false(kit_status(kit, NOTE, &status));
	assert_false(kit_status(kit, ERIN "/notes/5", &status));
}

static void what_is_between_two_hosts_is_not_carried(void **state)
{
	struct scene s = scene_of(state);
	struct fedkit *kit = s.kit;
	struct account before, after;
	kit_follow(kit, kit->bob.id, s.carol.id, FOLLOW_PENDING, BOB "#follows/1");
	kit_follow(kit, s.carol.id, kit->bob.id, FOLLOW_ACCEPTED, CAROL "#follows/7");
	const struct str matters[] = {
		carols(kit, CAROL "#1", "Follow", "\"" ALICE "\""),
		carols(kit, CAROL "#2", "Accept", "\"" BOB "#follows/1\""),
		carols(kit, CAROL "#3", "Reject", "\"" ALICE "#follows/1\""),
		carols(kit, CAROL "#4", "Block", "\"" ALICE "\""),
		carols(kit, CAROL "#5", "Flag", "\"" ALICE "\""),
		carols(kit, CAROL "#6", "Undo", "\"" CAROL "#follows/7\""),
		carols(kit, CAROL "#7", "Undo",
		       "{\"type\":\"Follow\",\"actor\":\"" CAROL "\",\"object\":\"" BOB "\"}"),
		carols(kit, CAROL "#8", "Update", kit_actor_json(kit, &s.carol).ptr),
		/* without an id it could be played back as if it were another one */
		carols(kit, NULL, "Like", "\"" ALICE "/statuses/1\""),
	};
	assert_true(kit_account(kit, s.carol.id, &before));
	for (size_t i = 0; i < ARRAY_LEN(matters); i++)
		brings(&s, proved(&s, matters[i]), 401);
	assert_int_equal(kit_follow_state(kit, s.carol.id, kit->alice.id), FOLLOW_NONE);
	assert_int_equal(kit_follow_state(kit, kit->bob.id, s.carol.id), FOLLOW_PENDING);
	assert_int_equal(kit_follow_state(kit, kit->alice.id, s.carol.id), FOLLOW_ACCEPTED);
	assert_int_equal(kit_follow_state(kit, s.carol.id, kit->bob.id), FOLLOW_ACCEPTED);
	assert_true(kit_account(kit, s.carol.id, &after));
	assert_int_equal(after.fetched_ms, before.fetched_ms);
}

static void what_is_played_back_has_no_effect(void **state)
{
	struct scene s = scene_of(state);
	struct fedkit *kit = s.kit;
	struct status status;
	struct db_txn *txn;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	const char *quoted = kit_json(kit, "\"%.*s\"", STR_ARG(kit_post_uri(kit, post))).ptr;
	struct str like = proved(&s, carols(kit, CAROL "#like", "Like", quoted));
	struct str create = proved(&s, kit_create(kit, CAROL, 1, ""));
	struct str late = proved(&s, kit_create(kit, CAROL, 2, ""));
	const struct str before[] = { like, like, create, create };
	for (size_t i = 0; i < ARRAY_LEN(before); i++)
		brings(&s, before[i], 202);
	const struct str back[] = {
		proved(&s, carols(kit, CAROL "#unlike", "Undo",
				  kit_json(kit,
					   "{\"id\":\"" CAROL
					   "#like\",\"type\":\"Like\",\"actor\":\"" CAROL
					   "\",\"object\":%s}",
					   quoted)
					  .ptr)),
		proved(&s, carols(kit, CAROL "#d1", "Delete", "\"" NOTE "\"")),
		proved(&s, carols(kit, CAROL "#d2", "Delete", "\"" CAROL "/notes/2\"")),
	};
	for (size_t i = 0; i < ARRAY_LEN(back); i++)
		brings(&s, back[i], 202);
	brings(&s, like, 202);
	brings(&s, create, 202);
	brings(&s, late, 202);
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(status_counts(txn, post).likes, 0);
	db_read_end(&txn);
	assert_false(kit_status(kit, NOTE, &status));
	assert_false(kit_status(kit, CAROL "/notes/2", &status));
}

static void s030_the_actors_host_and_account_are_judged_too(void **state)
{
	struct scene s = scene_of(state);
	struct fedkit *kit = s.kit;
	struct status status;
	struct account carol;
	assert_true(kit_account(kit, s.carol.id, &carol));
	carol.flags |= ACCOUNT_SUSPENDED;
	kit_put_account(kit, &carol);
	brings(&s, proved(&s, kit_create(kit, CAROL, 1, "")), 202);
	assert_false(kit_status(kit, NOTE, &status));
	carol.flags &= ~(unsigned)ACCOUNT_SUSPENDED;
	kit_put_account(kit, &carol);
	kit_policy(kit, "peer.example", PEER_BLOCKED);
	brings(&s, proved(&s, kit_create(kit, CAROL, 1, "")), 401);
	assert_false(kit_status(kit, NOTE, &status));
	assert_int_equal(kit_rows(kit, &queue_table_job), 0);
	kit_policy(kit, "peer.example", PEER_DEFAULT);
	/* what it names is judged as if the actor had sent it */
	kit_policy(kit, "bad.example", PEER_BLOCKED);
	brings(&s,
	       proved(&s,
		      kit_create(kit, CAROL, 1, ",\"inReplyTo\":\"https://bad.example/notes/1\"")),
	       403);
	assert_false(kit_status(kit, NOTE, &status));
}

static void s013_nobody_brings_what_is_ours(void **state)
{
	struct scene s = scene_of(state);
	size_t fetches = test_fetch_count(s.kit->net);
	const struct making m = { .key = s.carol.ed, .method = ALICE "#ed25519-key" };
	struct str json = kit_create(s.kit, ALICE, 1, "");
	brings(&s, made(s.kit, json, &m), 401);
	assert_int_equal(test_fetch_count(s.kit->net), fetches);
}

static void a_key_that_cannot_be_had_now_is_asked_for_later(void **state)
{
	struct fedkit *kit = *state;
	struct scene s = { .kit = kit,
			   .carol = { .uri = CAROL, .rsa = kit_rsa(0), .ed = kit_ed25519(0) },
			   .erin = kit_peer(kit, ERIN, 2) };
	kit_follow(kit, kit->alice.id, s.erin.id, FOLLOW_ACCEPTED, ALICE "#follows/2");
	struct str remove = carols(kit, CAROL "#d", "Delete", "\"" NOTE "\"");
	test_fetch_fail(kit->net, CAROL, RC_TIMEOUT);
	struct kit_reply reply = kit_post_inbox(kit, &s.erin, proved(&s, remove));
	assert_int_equal(reply.status, 503);
	assert_true(kit_header(&reply, "Retry-After").len != 0);
	/* a post can be read at its origin, whenever that answers */
	brings(&s, proved(&s, kit_create(kit, CAROL, 1, "")), 202);
	assert_int_equal(kit_rows(kit, &queue_table_job), 1);
	test_clock_advance(&kit->clock, 2 * MS_PER_DAY);
	test_fetch_answer(kit->net, CAROL, 404, "text/html", STR(""));
	brings(&s, proved(&s, remove), 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)
		T(a_proved_post_is_its_authors_and_nothing_is_fetched),
		T(all_that_may_be_carried_has_its_effect),
		T(one_right_proof_among_others_is_enough),
		T(s020_a_linked_data_signature_beside_it_is_not_covered),
		T(a_strangers_key_is_fetched_once_for_whom_somebody_follows),
		T(s072_who_is_suspended_has_no_stranger_asked),
		T(a_key_that_was_changed_is_fetched_again),
		T(what_its_actor_brings_itself_needs_no_proof),
		T(s021_what_is_not_the_actors_proof_is_not_believed),
		T(proofs_for_us_and_with_time_left_are_believed),
		T(s021_a_key_for_requests_alone_proves_nothing),
		T(a_key_that_has_ended_proves_nothing),
		T(s020_what_was_changed_on_the_way_is_not_believed),
		T(a_proof_over_an_embedded_object_proves_no_activity),
		T(what_is_between_two_hosts_is_not_carried),
		T(what_is_played_back_has_no_effect),
		T(s030_the_actors_host_and_account_are_judged_too),
		T(s013_nobody_brings_what_is_ours),
		T(a_key_that_cannot_be_had_now_is_asked_for_later),
	};
	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
