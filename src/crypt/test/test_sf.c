/* Structured fields: what is read, what is refused, and the one right way to write. */
#include "../sf_int.h"

#include "testkit.h"

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return arena != NULL ? 0 : -1;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static struct str write_dict(const struct sf_dict *dict)
{
	struct buf out = BUF_INIT(65536);
	for (size_t i = 0; i < dict->count; i++) {
		const struct sf_member *m = &dict->rows[i];
		if (i != 0)
			buf_add(&out, STR(", "));
		buf_add(&out, m->key);
		buf_add_chr(&out, '=');
		sf_add_member_value(&out, m);
	}
	return arena_take_buf(arena, &out);
}

struct pair {
	struct str text;
	struct str written;
};

static void writes_the_canonical_form(void **state UNUSED)
{
	static const struct pair pairs[] = {
		{ STR_INIT("a=1"), STR_INIT("a=1") },
		{ STR_INIT("  a=1 ,\t b=-2  "), STR_INIT("a=1, b=-2") },
		{ STR_INIT("a"), STR_INIT("a=?1") },
		{ STR_INIT("a;x;y=?0;z=?1"), STR_INIT("a=?1;x;y=?0;z") },
		{ STR_INIT("a=( \"x\"   tok;q=1  );b=2"), STR_INIT("a=(\"x\" tok;q=1);b=2") },
		{ STR_INIT("a=();  created=1;keyid=\"k\""),
		  STR_INIT("a=();created=1;keyid=\"k\"") },
		{ STR_INIT("a=\"q\\\"b\\\\\""), STR_INIT("a=\"q\\\"b\\\\\"") },
		{ STR_INIT("a=:aGk=:"), STR_INIT("a=:aGk=:") },
		{ STR_INIT("a=:aGk:"), STR_INIT("a=:aGk=:") },
		{ STR_INIT("a=::"), STR_INIT("a=::") },
		{ STR_INIT("a=1.50"), STR_INIT("a=1.5") },
		{ STR_INIT("a=-0.250"), STR_INIT("a=-0.25") },
		{ STR_INIT("a=007.0"), STR_INIT("a=7.0") },
		{ STR_INIT("a=-0"), STR_INIT("a=0") },
		{ STR_INIT("a=999999999999999"), STR_INIT("a=999999999999999") },
		{ STR_INIT("a=@1659578233"), STR_INIT("a=@1659578233") },
		{ STR_INIT("*k.-_9=*to:k/en"), STR_INIT("*k.-_9=*to:k/en") },
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("   "), STR_INIT("") },
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct sf_dict dict;
		if (!sf_parse_dict(arena, pairs[i].text, &dict))
			fail_msg("%.*s", STR_ARG(pairs[i].text));
		struct str written = write_dict(&dict);
		assert_str_eq(written, pairs[i].written);
		assert_true(sf_parse_dict(arena, written, &dict));
		assert_str_eq(write_dict(&dict), written);
	}
}

static void s026_refuses_malformed_fields(void **state UNUSED)
{
	static const struct str bad[] = {
		STR_INIT("="),
		STR_INIT("=1"),
		STR_INIT("A=1"),
		STR_INIT("1=1"),
		STR_INIT("a="),
		STR_INIT("a= 1"),
		STR_INIT("a =1"),
		STR_INIT("a=1,"),
		STR_INIT("a=1,,b=2"),
		STR_INIT(",a=1"),
		STR_INIT("a=1 b=2"),
		STR_INIT("a=1;"),
		STR_INIT("a=1;="),
		STR_INIT("a=1;B"),
		STR_INIT("a=1 ;b"),
		STR_INIT("a=1;b= 2"),
		STR_INIT("\ta=1"),
		STR_INIT("a=1\n"),
		STR_INIT("a=1\0"),
		/* numbers */
		STR_INIT("a=-"),
		STR_INIT("a=+1"),
		STR_INIT("a=1."),
		STR_INIT("a=.5"),
		STR_INIT("a=1.2345"),
		STR_INIT("a=1.2.3"),
		STR_INIT("a=1234567890123456"),
		STR_INIT("a=1234567890123.5"),
		STR_INIT("a=1e3"),
		STR_INIT("a=--1"),
		/* strings */
		STR_INIT("a=\""),
		STR_INIT("a=\"x"),
		STR_INIT("a=\"x\\\""),
		STR_INIT("a=\"\\n\""),
		STR_INIT("a=\"\xc3\xa9\""),
		STR_INIT("a=\"\t\""),
		STR_INIT("a=\"\x7f\""),
		STR_INIT("a=\"x\"y"),
		STR_INIT("a='x'"),
		/* bytes, booleans, dates, display strings */
		STR_INIT("a=:"),
		STR_INIT("a=:YQ"),
		STR_INIT("a=:Y:"),
		STR_INIT("a=:YQ=:"),
		STR_INIT("a=:YR==:"),
		STR_INIT("a=:Y Q:"),
		STR_INIT("a=:_-8=:"),
		STR_INIT("a=?"),
		STR_INIT("a=?2"),
		STR_INIT("a=?true"),
		STR_INIT("a=@"),
		STR_INIT("a=@1.5"),
		STR_INIT("a=%\"x\""),
		/* inner lists */
		STR_INIT("a=("),
		STR_INIT("a=)"),
		STR_INIT("a=(\"x\""),
		STR_INIT("a=(\"x\"\"y\")"),
		STR_INIT("a=(\"x\",\"y\")"),
		STR_INIT("a=(\"x\"\t\"y\")"),
		STR_INIT("a=((\"x\"))"),
		STR_INIT("a=(\"x\";)"),
		STR_INIT("a=(\"x\") ;b"),
		STR_INIT("a=(\"x\")y"),
		/* what the RFC would let the last one win */
		STR_INIT("a=1, a=2"),
		STR_INIT("a=1, b=2, a=1"),
		STR_INIT("a;x=1;x=1"),
		STR_INIT("a=(\"x\";req;req)"),
		STR_INIT("a=();created=1;created=2"),
	};
	struct sf_dict dict;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (sf_parse_dict(arena, bad[i], &dict))
			fail_msg("%.*s", STR_ARG(bad[i]));
	}
}

static void keeps_to_its_limits(void **state UNUSED)
{
	struct sf_dict dict;
	struct buf text = BUF_INIT(65536);
	buf_add(&text, STR("a=("));
	for (int i = 0; i < SF_MAX_ITEMS; i++)
		buf_add(&text, STR("1 "));
	size_t full = text.len;
	buf_add(&text, STR(")"));
	assert_true(sf_parse_dict(arena, buf_str(&text), &dict));
	assert_int_equal(dict.rows[0].count, SF_MAX_ITEMS);
	buf_cut(&text, full);
	buf_add(&text, STR("1)"));
	assert_false(sf_parse_dict(arena, buf_str(&text), &dict));

	buf_reset(&text);
	buf_add_chr(&text, 'a');
	for (int i = 0; i < SF_MAX_PARAMS; i++)
		buf_addf(&text, ";p%d", i);
	assert_true(sf_parse_dict(arena, buf_str(&text), &dict));
	buf_add(&text, STR(";q"));
	assert_false(sf_parse_dict(arena, buf_str(&text), &dict));

	buf_reset(&text);
	for (int i = 0; i < SF_MAX_MEMBERS; i++)
		buf_addf(&text, "%sm%d", i != 0 ? "," : "", i);
	assert_true(sf_parse_dict(arena, buf_str(&text), &dict));
	assert_int_equal(dict.count, SF_MAX_MEMBERS);
	buf_add(&text, STR(",n"));
	assert_false(sf_parse_dict(arena, buf_str(&text), &dict));
	buf_free(&text);
}

static void an_exhausted_arena_is_a_refusal(void **state UNUSED)
{
	struct arena *small = arena_new(16);
	struct sf_dict dict;
	assert_false(sf_parse_dict(small, STR("a=(\"x\" \"y\")"), &dict));
	assert_false(
		sf_parse_dict(small, STR("a=\"a string of more than that, \\\\ escaped\""), &dict));
	arena_free(&small);
}

static void finds_members_and_parameters(void **state UNUSED)
{
	struct sf_dict dict;
	assert_true(sf_parse_dict(arena, STR("sig1=(\"@method\" \"date\";sf);created=5;tag=\"t\""),
				  &dict));
	assert_null(sf_dict_find(&dict, STR("sig")));
	const struct sf_member *m = sf_dict_find(&dict, STR("sig1"));
	assert_non_null(m);
	assert_true(m->is_list);
	assert_int_equal(m->count, 2);
	assert_str_eq(m->items[0].value.text, STR("@method"));
	assert_non_null(sf_params_find(&m->items[1].params, STR("sf")));
	assert_null(sf_params_find(&m->items[0].params, STR("sf")));
	assert_int_equal(sf_params_find(&m->params, STR("created"))->number, 5);
	assert_str_eq(sf_params_find(&m->params, STR("tag"))->text, STR("t"));
	assert_null(sf_params_find(&m->params, STR("nonce")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_canonical_form),
		cmocka_unit_test(s026_refuses_malformed_fields),
		cmocka_unit_test(keeps_to_its_limits),
		cmocka_unit_test(an_exhausted_arena_is_a_refusal),
		cmocka_unit_test(finds_members_and_parameters),
	};
	return cmocka_run_group_tests_name("sf", tests, setup, teardown);
}
