/* Consultations over HTTP: who calls them, who votes, who sees the result. */
#include "core/enc.h"
#include "groupkit.h"
#include "social/consultation.h"

static const char *of_group(struct scene *w)
{
	return scene_path(w, "communities", w->group.id, "/consultations");
}

static const char *of_one(struct scene *w, uint64_t id, const char *rest)
{
	return scene_path(w, "consultations", id, rest);
}

#define ASKED                                                                      \
	"{\"question\":\"Which tea?\",\"options\":[\"Green\",\"Black\",\"None\"]," \
	"\"method\":\"ranked\",\"closes_at\":\"2023-11-15T00:00:00Z\"}"

static uint64_t make(struct scene *w)
{
	struct answer a = api_post(w->kit, w->alice_token, of_group(w), ASKED);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "question"), STR("Which tea?"));
	assert_str_eq(answer_str(&a, "state"), STR("open"));
	assert_str_eq(answer_str(&a, "method"), STR("ranked"));
	assert_int_equal(jr_count(answer_at(&a, "options")), 3);
	return answer_id(&a);
}

static void members_vote_and_count_again(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	assert_int_equal(api_post(w.kit, w.bob_token, of_group(&w), ASKED).status, 403);
	uint64_t id = make(&w);
	struct answer a = api_get(w.kit, w.bob_token, "%s", of_one(&w, id, ""));
	assert_true(jr_bool(answer_at(&a, "may_vote"), false));
	a = api_get(w.kit, w.carol_token, "%s", of_one(&w, id, ""));
	assert_false(jr_bool(answer_at(&a, "may_vote"), true));
	const char *votes = of_one(&w, id, "/votes");
	assert_int_equal(api_post(w.kit, w.carol_token, votes, "{\"choices\":[1]}").status, 403);
	assert_int_equal(api_post(w.kit, w.bob_token, votes, "{\"choices\":[7]}").status, 422);
	assert_int_equal(api_post(w.kit, w.bob_token, votes, "{}").status, 422);
	a = api_post(w.kit, w.bob_token, votes, "{\"choices\":[2,1]}");
	assert_int_equal(a.status, 200);
	struct str receipt = answer_str(&a, "receipt");
	assert_int_equal(receipt.len, 32);
	assert_int_equal(api_post(w.kit, w.bob_token, votes, "{\"choices\":[3]}").status, 422);
	struct str change = arena_printf(w.kit->t.d.arena, "{\"choices\":[1],\"receipt\":\"%.*s\"}",
					 STR_ARG(receipt));
	a = api_post(w.kit, w.bob_token, votes, arena_cstr(w.kit->t.d.arena, change));
	assert_int_equal(a.status, 200);
	/* what is not over is told to nobody */
	assert_int_equal(api_get(w.kit, w.alice_token, "%s", of_one(&w, id, "/result")).status,
			 403);
	w.kit->t.d.clock.wall_ms += (uint64_t)2 * 86400 * 1000;
	a = api_get(w.kit, STR_NONE, "%s", of_one(&w, id, "/result"));
	assert_int_equal(a.status, 200);
	assert_true(jr_bool(answer_at(&a, "decided"), false));
	struct jr paper = jr_at(answer_at(&a, "papers"), 0);
	struct digest digest = digest_sha256(receipt);
	struct buf hex CLEANUP(buf_free) = BUF_INIT(64);
	enc_hex(&hex, str_n((const char *)digest.bytes, CONSULTATION_RECEIPT_SIZE));
	assert_str_eq(jr_str(jr_get(paper, "receipt_digest")), buf_str(&hex));
}

static void what_is_for_members_is_there_for_them(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_MEMBERS);
	uint64_t id = make(&w);
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", of_one(&w, id, "")).status, 200);
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", of_group(&w)).status, 200);
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", of_one(&w, id, "")).status, 404);
	assert_int_equal(api_get(w.kit, STR_NONE, "%s", of_one(&w, id, "")).status, 404);
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", of_group(&w)).status, 404);
	const char *votes = of_one(&w, id, "/votes");
	assert_int_equal(api_post(w.kit, w.carol_token, votes, "{\"choices\":[1]}").status, 404);
	w.kit->t.d.clock.wall_ms += (uint64_t)2 * 86400 * 1000;
	assert_int_equal(api_get(w.kit, w.carol_token, "%s", of_one(&w, id, "/result")).status,
			 404);
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", of_one(&w, id, "/result")).status, 200);
}

static void bad_questions_are_told_what_is_wrong(void **state UNUSED)
{
	static const char *const bodies[] = {
		"{\"question\":\"x\",\"options\":[\"a\"],\"closes_at\":\"2023-11-15T00:00:00Z\"}",
		"{\"question\":\"x\",\"options\":[\"a\",\"b\"],\"closes_at\":\"tomorrow\"}",
		"{\"question\":\"x\",\"options\":[\"a\",\"b\"]}",

		"{\"question\":\"x\",\"options\":[\"a\",\"b\"],\"method\":\"loudest\"}",
		"{\"question\":\"x\",\"options\":[\"a\",\"b\"],\"seats\":\"many\"}",
	};
	struct scene w CLEANUP(scene_free);
	scene_init(&w, COMMUNITY_PUBLIC);
	const char *blank = "{\"question\":\"\",\"options\":[\"a\",\"b\"],"
			    "\"closes_at\":\"2023-11-15T00:00:00Z\"}";
	assert_int_equal(api_post(w.kit, w.alice_token, of_group(&w), blank).status, 422);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct answer a = api_post(w.kit, w.alice_token, of_group(&w), bodies[i]);
		assert_true(a.status == 422 || a.status == 400);
		assert_true(answer_str(&a, "error").len != 0);
	}
	uint64_t id = make(&w);
	assert_int_equal(api_ask(w.kit, "DELETE", w.bob_token, of_one(&w, id, ""), NULL).status,
			 403);
	struct answer a = api_ask(w.kit, "DELETE", w.alice_token, of_one(&w, id, ""), NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "state"), STR("cancelled"));
	assert_int_equal(api_get(w.kit, w.bob_token, "%s", API "/consultations/1").status, 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_vote_and_count_again),
		cmocka_unit_test(what_is_for_members_is_there_for_them),
		cmocka_unit_test(bad_questions_are_told_what_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
