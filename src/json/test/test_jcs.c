/* The canonical spelling, against what RFC 8785 publishes. */
#include "json/jcs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/enc.h"
#include "testkit.h"

static struct arena *arena;

static int setup(void **state UNUSED)
{
	arena = arena_new(16 << 20);
	return arena != NULL ? 0 : -1;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static struct jr_doc *parsed(struct str json)
{
	struct ctx ctx = { .arena = arena };
	struct jr_doc *doc;
	if (jr_parse(&ctx, json, &jr_limits_peer, &doc) != RC_OK)
		fail_msg("%s", err_text(&ctx.err));
	return doc;
}

static struct str canonical(struct str json, const struct jcs_change *changes, size_t count)
{
	struct buf out = BUF_INIT(1 << 20);
	struct jr_doc *doc = parsed(json);
	assert_int_equal(jcs_write(arena, jr_root(doc), changes, count, &out), RC_OK);
	jr_free(&doc);
	return arena_take_buf(arena, &out);
}

static void expect(const char *json, const char *golden)
{
	assert_str_eq(canonical(str_of(json), NULL, 0), str_of(golden));
}

/* RFC 8785 sections 3.2.2 to 3.2.4. */
static void the_rfcs_sample_comes_out_byte_by_byte(void **state UNUSED)
{
	expect("{\n"
	       "  \"numbers\": [333333333.33333329, 1E30, 4.50,\n"
	       "              2e-3, 0.000000000000000000000000001],\n"
	       "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
	       "  \"literals\": [null, true, false]\n"
	       "}",
	       "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,"
	       "1e-27],\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785 section 3.2.3; the emoji is a surrogate pair and comes before U+FB33. */
static void names_are_sorted_by_utf16_code_units(void **state UNUSED)
{
	expect("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
	       "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
	       "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
	       "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
	       "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
	       "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\","
	       "\"\xe2\x82\xac\":\"Euro Sign\","
	       "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
	       "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
	expect("{\"\\uffff\":1,\"\\udbff\\udfff\":2,\"\\ue000\":3,\"\\ud7ff\":4,\"ab\":5,\"a\":6}",
	       "{\"a\":6,\"ab\":5,\"\xed\x9f\xbf\":4,\"\xf4\x8f\xbf\xbf\":2,\"\xee\x80\x80\":3,"
	       "\"\xef\xbf\xbf\":1}");
}

static void nested_values_are_sorted_too_and_arrays_are_not(void **state UNUSED)
{
	expect("[56,{\"d\":true,\"10\":null,\"1\":[]}]", "[56,{\"1\":[],\"10\":null,\"d\":true}]");
	expect("{\"\":{\"b\":[3,1,{\"z\":{},\"y\":\"\"}],\"a\":false}}",
	       "{\"\":{\"a\":false,\"b\":[3,1,{\"y\":\"\",\"z\":{}}]}}");
}

static const struct {
	const char *hex; /* the double's bits */
	const char *text;
} numbers[] = {
	/* RFC 8785 appendix B */
	{ "0000000000000000", "0" },
	{ "8000000000000000", "0" },
	{ "0000000000000001", "5e-324" },
	{ "8000000000000001", "-5e-324" },
	{ "7fefffffffffffff", "1.7976931348623157e+308" },
	{ "ffefffffffffffff", "-1.7976931348623157e+308" },
	{ "4340000000000000", "9007199254740992" },
	{ "c340000000000000", "-9007199254740992" },
	{ "4430000000000000", "295147905179352830000" },
	{ "44b52d02c7e14af5", "9.999999999999997e+22" },
	{ "44b52d02c7e14af6", "1e+23" },
	{ "44b52d02c7e14af7", "1.0000000000000001e+23" },
	{ "444b1ae4d6e2ef4e", "999999999999999700000" },
	{ "444b1ae4d6e2ef4f", "999999999999999900000" },
	{ "444b1ae4d6e2ef50", "1e+21" },
	{ "3eb0c6f7a0b5ed8c", "9.999999999999997e-7" },
	{ "3eb0c6f7a0b5ed8d", "0.000001" },
	{ "41b3de4355555553", "333333333.3333332" },
	{ "41b3de4355555554", "333333333.33333325" },
	{ "41b3de4355555555", "333333333.3333333" },
	{ "41b3de4355555556", "333333333.3333334" },
	{ "41b3de4355555557", "333333333.33333343" },
	{ "becbf647612f3696", "-0.0000033333333333333333" },
	{ "43143ff3c1cb0959", "1424953923781206.2" },
	/* where digits are few because bits are, and where the doubles below lie closer */
	{ "0000000000000002", "1e-323" },
	{ "000000000000000a", "5e-323" },
	{ "00000000000fffff", "5.18065e-318" },
	{ "000fffffffffffff", "2.225073858507201e-308" },
	{ "0010000000000000", "2.2250738585072014e-308" },
	{ "3d30000000000000", "5.684341886080802e-14" },
	{ "0060000000000000", "7.120236347223045e-307" },
};

static double double_of(const char *hex)
{
	uint64_t bits = strtoull(hex, NULL, 16);
	double n;
	memcpy(&n, &bits, sizeof(n));
	return n;
}

static void numbers_are_ecmascripts(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(64);
		jcs_add_number(&out, double_of(numbers[i].hex));
		assert_str_eq(buf_str(&out), str_of(numbers[i].text));
	}
}

static void a_number_reads_back_as_itself(void **state UNUSED)
{
	uint64_t bits = 0x9e3779b97f4a7c15;
	for (int i = 0; i < 20000; i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(64);
		double n, back;
		bits = bits * 6364136223846793005U + 1442695040888963407U;
		memcpy(&n, &bits, sizeof(n));
		if (!isfinite(n))
			continue;
		jcs_add_number(&out, n);
		back = strtod(out.ptr, NULL);
		assert_memory_equal(&back, &n, sizeof(n));
	}
}

static void whole_numbers_have_one_spelling(void **state UNUSED)
{
	expect("[5,5.0,50e-1,-0,-0.0,0e9,9007199254740992,-9007199254740991,1e15]",
	       "[5,5,5,0,0,0,9007199254740992,-9007199254740991,1000000000000000]");
}

static void members_of_the_root_are_left_out_or_replaced(void **state UNUSED)
{
	struct jr_doc *other = parsed(STR("{\"@context\":[\"b\",\"a\"]}"));
	const struct jcs_change changes[] = { { "proof", { NULL } },
					      { "@context", jr_get(jr_root(other), "@context") } };
	assert_str_eq(
		canonical(STR("{\"proof\":1,\"b\":{\"proof\":2},\"@context\":\"x\"}"), changes, 2),
		STR("{\"@context\":[\"b\",\"a\"],\"b\":{\"proof\":2}}"));
	assert_str_eq(canonical(STR("{}"), changes, 2), STR("{\"@context\":[\"b\",\"a\"]}"));
	assert_str_eq(canonical(STR("[{\"proof\":1}]"), changes, 2), STR("[{\"proof\":1}]"));
	jr_free(&other);
}

static void depth_is_bounded_also_behind_a_change(void **state UNUSED)
{
	struct jr_limits deep = jr_limits_peer;
	struct ctx ctx = { .arena = arena };
	struct buf json CLEANUP(buf_free) = BUF_INIT(4096), out CLEANUP(buf_free) = BUF_INIT(4096);
	struct jr_doc *doc, *shallow = parsed(STR("{}"));
	deep.depth = JR_DEPTH_MAX;
	for (int i = 0; i < JR_DEPTH_MAX; i++)
		buf_add_chr(&json, '[');
	for (int i = 0; i < JR_DEPTH_MAX; i++)
		buf_add_chr(&json, ']');
	assert_int_equal(jr_parse(&ctx, buf_str(&json), &deep, &doc), RC_OK);
	assert_int_equal(jcs_write(arena, jr_root(doc), NULL, 0, &out), RC_OK);
	assert_str_eq(buf_str(&out), buf_str(&json));
	const struct jcs_change change = { "a", jr_root(doc) };
	assert_int_equal(jcs_write(arena, jr_root(shallow), &change, 1, &out), RC_TOO_LARGE);
	jr_free(&doc);
	jr_free(&shallow);
}

static void what_does_not_fit_is_said(void **state UNUSED)
{
	struct buf tiny CLEANUP(buf_free) = BUF_INIT(8), out CLEANUP(buf_free) = BUF_INIT(4096);
	struct arena *small = arena_new(16);
	struct jr_doc *doc = parsed(STR("{\"b\":\"0123456789\",\"a\":2}"));
	assert_int_equal(jcs_write(arena, jr_root(doc), NULL, 0, &tiny), RC_NO_MEMORY);
	assert_int_equal(jcs_write(small, jr_root(doc), NULL, 0, &out), RC_NO_MEMORY);
	assert_int_equal(jcs_write(arena, (struct jr){ NULL }, NULL, 0, &out), RC_INVALID);
	jr_free(&doc);
	arena_free(&small);
}

/* The vectors of the RFC's own repository, where they lie beside this one. */
static struct str file_read(const char *folder, const char *name)
{
	struct buf bytes = BUF_INIT(64 * 1024);
	const char *top = getenv("FF_SRCDIR");
	char path[4096], piece[4096];
	snprintf(path, sizeof(path), "%s/../shared/data/vectors/jcs/%s/%s", top != NULL ? top : ".",
		 folder, name);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return STR_NONE;
	for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) != 0;)
		buf_add_bytes(&bytes, piece, n);
	fclose(file);
	return arena_take_buf(arena, &bytes);
}

static void published_vectors_come_out(void **state UNUSED)
{
	static const char *const names[] = { "arrays.json",  "french.json", "structures.json",
					     "unicode.json", "values.json", "weird.json" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str input = file_read("input", names[i]);
		if (input.ptr == NULL)
			skip();
		assert_str_eq(canonical(input, NULL, 0), str_trim(file_read("output", names[i])));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rfcs_sample_comes_out_byte_by_byte),
		cmocka_unit_test(names_are_sorted_by_utf16_code_units),
		cmocka_unit_test(nested_values_are_sorted_too_and_arrays_are_not),
		cmocka_unit_test(numbers_are_ecmascripts),
		cmocka_unit_test(a_number_reads_back_as_itself),
		cmocka_unit_test(whole_numbers_have_one_spelling),
		cmocka_unit_test(members_of_the_root_are_left_out_or_replaced),
		cmocka_unit_test(depth_is_bounded_also_behind_a_change),
		cmocka_unit_test(what_does_not_fit_is_said),
		cmocka_unit_test(published_vectors_come_out),
	};
	return cmocka_run_group_tests_name("jcs", tests, setup, teardown);
}
