/* The stored form of the job that tells peers, and the node's addresses. */
#include "social/federate.h"

#include <stdlib.h>

#include "deed.h"

static struct federate full(void)
{
	struct federate f = { .what = FEDERATE_ACTOR_DELETE,
			      .actor = UINT64_MAX,
			      .status = 2,
			      .target = 3,
			      .visibility = VISIBILITY_LOCAL,
			      .uri = STR("https://a.example/1"),
			      .object = STR(""),
			      .at_ms = 4,
			      .cursor = STR("\0\1\2"),
			      .body = 5,
			      .extra_count = FEDERATE_EXTRA_MAX };
	for (unsigned i = 0; i < f.extra_count; i++)
		f.extra[i] = 1000 + i;
	return f;
}

static void a_job_comes_back_as_it_was(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(65536);
	struct federate f = full(), g;
	federate_encode(&payload, &f);
	assert_true(federate_decode(arena, buf_str(&payload), &g));
	assert_int_equal(g.what, f.what);
	assert_true(g.actor == f.actor && g.status == 2 && g.target == 3 && g.at_ms == 4 &&
		    g.body == 5);
	assert_int_equal(g.visibility, VISIBILITY_LOCAL);
	assert_str_eq(g.uri, f.uri);
	assert_str_eq(g.cursor, f.cursor);
	assert_int_equal(g.extra_count, FEDERATE_EXTRA_MAX);
	assert_int_equal(g.extra[FEDERATE_EXTRA_MAX - 1], 1000 + FEDERATE_EXTRA_MAX - 1);
	/* it holds its own strings */
	memset(payload.ptr, 'x', payload.len);
	assert_str_eq(g.uri, STR("https://a.example/1"));
	arena_free(&arena);
}

static void what_a_kind_says_is_stored_where_there_is_something(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf bare CLEANUP(buf_free) = BUF_INIT(65536),
			said CLEANUP(buf_free) = BUF_INIT(65536);
	struct federate f = { .what = FEDERATE_REACT, .actor = 1 }, g;
	federate_encode(&bare, &f);
	f.text = STR(":owl:");
	federate_encode(&said, &f);
	assert_true(federate_decode(arena, buf_str(&bare), &g));
	assert_int_equal(g.text.len, 0);
	assert_true(federate_decode(arena, buf_str(&said), &g));
	assert_str_eq(g.text, STR(":owl:"));
	for (size_t len = bare.len + 1; len < said.len; len++)
		assert_false(federate_decode(arena, str_take(buf_str(&said), len), &g));
	arena_free(&arena);
}

static void every_truncation_and_odd_value_is_refused(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(65536);
	struct federate f = full(), g;
	federate_encode(&payload, &f);
	for (size_t len = 0; len < payload.len; len++) {
		char *copy = malloc(len != 0 ? len : 1);
		assert_non_null(copy);
		memcpy(copy, payload.ptr, len);
		arena_reset(arena);
		assert_false(federate_decode(arena, str_n(copy, len), &g));
		free(copy);
	}
	static const struct {
		size_t at;
		char value;
	} odd[] = {
		{ 0, 2 }, { 1, 0 }, { 1, FEDERATE_ACTOR_DELETE + 1 }, { 2, VISIBILITY_MEMBERS + 1 }
	};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		char was = payload.ptr[odd[i].at];
		payload.ptr[odd[i].at] = odd[i].value;
		arena_reset(arena);
		assert_false(federate_decode(arena, buf_str(&payload), &g));
		payload.ptr[odd[i].at] = was;
	}
	/* more listeners than there may be, none of which is there */
	f.extra_count = 0;
	buf_reset(&payload);
	federate_encode(&payload, &f);
	payload.ptr[payload.len - 1] = FEDERATE_EXTRA_MAX + 1;
	assert_false(federate_decode(arena, buf_str(&payload), &g));
	arena_free(&arena);
}

static void too_little_memory_is_no_job(void **state UNUSED)
{
	struct arena *arena = arena_new(8);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(65536);
	struct federate f = full(), g;
	federate_encode(&payload, &f);
	assert_false(federate_decode(arena, buf_str(&payload), &g));
	arena_free(&arena);
}

static void s009_an_address_is_ours_by_its_authority(void **state UNUSED)
{
	static const struct {
		const char *uri;
		bool ours;
	} cases[] = {
		{ "https://social.example.org/users/alice", true },
		{ "https://example.org/", true },
		{ "https://social.example.org", true },
		{ "https://social.example.org:8443/users/alice", false },
		{ "https://social.example.org.evil.example/", false },
		{ "https://evil.example/https://example.org/", false },
		{ "https://xexample.org/", false },
		{ "example.org", false },
		{ "", false },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ctx ctx = { .arena = t.d.arena };
		struct iri iri;
		assert_int_equal(site_owns_text(&t.site, str_of(cases[i].uri)), cases[i].ours);
		if (iri_parse(&ctx, str_of(cases[i].uri), IRI_STRICT, &iri) == RC_OK)
			assert_int_equal(site_owns(&t.site, &iri), cases[i].ours);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_comes_back_as_it_was),
		cmocka_unit_test(what_a_kind_says_is_stored_where_there_is_something),
		cmocka_unit_test(every_truncation_and_odd_value_is_refused),
		cmocka_unit_test(too_little_memory_is_no_job),
		cmocka_unit_test(s009_an_address_is_ours_by_its_authority),
	};
	return cmocka_run_group_tests_name("federate", tests, NULL, NULL);
}
