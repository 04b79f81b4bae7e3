/* The reader: types, getters that never fail, and json-c kept honest on a public corpus. */
#include "json/jr.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "../prescan_int.h"
#include "testkit.h"

static struct jr_doc *parse(struct str text)
{
	struct ctx ctx = { 0 };
	struct jr_doc *doc;
	if (jr_parse(&ctx, text, &jr_limits_peer, &doc) != RC_OK)
		fail_msg("%.*s: %s", STR_ARG(text), err_text(&ctx.err));
	assert_non_null(doc);
	assert_int_equal(ctx.err.rc, RC_OK);
	return doc;
}

static const char sample[] =
	"{\"s\":\"text\",\"empty\":\"\",\"n\":7,\"neg\":-7,\"half\":0.5,\"t\":true,\"f\":false,"
	"\"nil\":null,\"list\":[1,\"two\",null,[3]],\"none\":[],\"obj\":{\"id\":\"x\"},\"\":1}";

static void tells_the_type_of_every_value(void **state UNUSED)
{
	static const struct {
		const char *name;
		enum jr_type type;
	} rows[] = {
		{ "s", JR_STRING },    { "empty", JR_STRING }, { "n", JR_NUMBER },
		{ "half", JR_NUMBER }, { "t", JR_BOOL },       { "nil", JR_NULL },
		{ "list", JR_ARRAY },  { "none", JR_ARRAY },   { "obj", JR_OBJECT },
		{ "", JR_NUMBER },     { "S", JR_ABSENT },     { "absent", JR_ABSENT },
	};
	struct jr_doc *doc = parse(str_of(sample));
	assert_int_equal(jr_type(jr_root(doc)), JR_OBJECT);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(jr_type(jr_get(jr_root(doc), rows[i].name)), rows[i].type);
	jr_free(&doc);
	assert_null(doc);
	jr_free(&doc);
}

static void reads_values_of_the_right_type(void **state UNUSED)
{
	struct jr_doc *doc = parse(str_of(sample));
	struct jr root = jr_root(doc);
	int64_t n = 0;
	double d = 0;
	assert_str_eq(jr_str(jr_get(root, "s")), STR("text"));
	assert_str_eq(jr_str(jr_get(root, "empty")), STR(""));
	assert_non_null(jr_str(jr_get(root, "empty")).ptr);
	assert_true(jr_i64(jr_get(root, "neg"), &n));
	assert_int_equal(n, -7);
	assert_true(jr_double(jr_get(root, "half"), &d));
	assert_true(d == 0.5);
	assert_true(jr_double(jr_get(root, "n"), &d));
	assert_true(d == 7);
	assert_true(jr_bool(jr_get(root, "t"), false));
	assert_false(jr_bool(jr_get(root, "f"), true));
	struct jr list = jr_get(root, "list");
	assert_int_equal(jr_count(list), 4);
	assert_str_eq(jr_str(jr_at(list, 1)), STR("two"));
	assert_int_equal(jr_type(jr_at(list, 2)), JR_NULL);
	assert_true(jr_i64(jr_at(jr_at(list, 3), 0), &n));
	assert_int_equal(n, 3);
	assert_str_eq(jr_str(jr_get(jr_get(root, "obj"), "id")), STR("x"));
	jr_free(&doc);
}

static void s049_values_of_another_type_are_not_there(void **state UNUSED)
{
	struct jr_doc *doc = parse(STR("[null,7,0.5,true,\"7\",\"\",[],[[7]],{},{\"id\":\"x\"}]"));
	struct jr root = jr_root(doc);
	for (size_t i = 0; i <= jr_count(root); i++) {
		struct jr v = jr_at(root, i);
		enum jr_type type = jr_type(v);
		int64_t n = 42;
		double d = 42;
		struct jr_iter it = { 0 };
		struct str name;
		struct jr value;
		assert_int_equal(jr_str(v).ptr != NULL, type == JR_STRING);
		assert_int_equal(jr_i64(v, &n), i == 1);
		assert_int_equal(n, i == 1 ? 7 : 42);
		assert_int_equal(jr_double(v, &d), type == JR_NUMBER);
		assert_true(type == JR_NUMBER || d == 42);
		assert_int_equal(jr_bool(v, false), i == 3);
		assert_int_equal(jr_bool(v, true), 1);
		assert_int_equal(jr_count(v), i == 7 ? 1 : 0);
		assert_int_equal(jr_type(jr_at(v, 0)), i == 7 ? JR_ARRAY : JR_ABSENT);
		assert_int_equal(jr_type(jr_get(v, "id")), i == 9 ? JR_STRING : JR_ABSENT);
		assert_int_equal(jr_next(v, &it, &name, &value), i == 9);
	}
	assert_int_equal(jr_type(jr_at(root, SIZE_MAX)), JR_ABSENT);
	jr_free(&doc);
}

static void takes_one_thing_or_many(void **state UNUSED)
{
	static const struct {
		const char *name;
		size_t count;
		enum jr_type first;
	} rows[] = {
		{ "s", 1, JR_STRING },	 { "list", 4, JR_NUMBER }, { "none", 0, JR_ABSENT },
		{ "obj", 1, JR_OBJECT }, { "nil", 0, JR_ABSENT },  { "absent", 0, JR_ABSENT },
		{ "f", 1, JR_BOOL },
	};
	struct jr_doc *doc = parse(str_of(sample));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct jr v = jr_get(jr_root(doc), rows[i].name);
		assert_int_equal(jr_one_count(v), rows[i].count);
		assert_int_equal(jr_type(jr_one_at(v, 0)), rows[i].first);
		assert_int_equal(jr_type(jr_one_at(v, rows[i].count)), JR_ABSENT);
	}
	struct jr s = jr_get(jr_root(doc), "s");
	assert_true(jr_one_at(s, 0).node == s.node);
	jr_free(&doc);
}

static void walks_members_in_their_order(void **state UNUSED)
{
	static const struct str names[] = { STR_INIT("z"), STR_INIT("a"), STR_INIT("m\xc3\xa9"),
					    STR_INIT(""), STR_INIT("q\"") };
	static const enum jr_type types[] = { JR_NUMBER, JR_NULL, JR_ARRAY, JR_OBJECT, JR_STRING };
	struct jr_doc *doc =
		parse(STR("{\"z\":1,\"a\":null,\"m\\u00e9\":[],\"\":{},\"q\\\"\":\"v\"}"));
	struct jr_iter it = { 0 };
	struct str name;
	struct jr value;
	size_t n = 0;
	while (jr_next(jr_root(doc), &it, &name, &value)) {
		assert_true(n < ARRAY_LEN(names));
		assert_str_eq(name, names[n]);
		assert_int_equal(jr_type(value), types[n++]);
	}
	assert_int_equal(n, ARRAY_LEN(names));
	assert_false(jr_next(jr_root(doc), &it, &name, &value));
	jr_free(&doc);

	doc = parse(STR("{}"));
	it = (struct jr_iter){ 0 };
	assert_false(jr_next(jr_root(doc), &it, &name, &value));
	assert_false(jr_next(jr_root(doc), &it, &name, &value));
	jr_free(&doc);
}

static void decodes_strings(void **state UNUSED)
{
	struct jr_doc *doc =
		parse(STR("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\","
			  "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\",\"\\u001b\\uffff\"]"));
	struct jr root = jr_root(doc);
	assert_str_eq(jr_str(jr_at(root, 0)), STR("\"\\/\b\f\n\r\t"));
	assert_str_eq(jr_str(jr_at(root, 1)), STR("A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
	assert_str_eq(jr_str(jr_at(root, 2)), STR("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
	assert_str_eq(jr_str(jr_at(root, 3)), STR("\x1b\xef\xbf\xbf"));
	jr_free(&doc);
}

static void s047_integers_keep_their_value(void **state UNUSED)
{
	static const struct {
		struct str text;
		bool integer;
		int64_t value;
	} rows[] = {
		{ STR_INIT("[0]"), true, 0 },
		{ STR_INIT("[-0]"), true, 0 },
		{ STR_INIT("[9007199254740992]"), true, INT64_C(9007199254740992) },
		{ STR_INIT("[-9007199254740992]"), true, -INT64_C(9007199254740992) },
		{ STR_INIT("[5.0]"), true, 5 },
		{ STR_INIT("[5e0]"), true, 5 },
		{ STR_INIT("[-1.5e1]"), true, -15 },
		{ STR_INIT("[5E+3]"), true, 5000 },
		{ STR_INIT("[9007199254740991.0]"), true, INT64_C(9007199254740991) },
		/* may have been 9007199254740993 */
		{ STR_INIT("[9007199254740993.0]"), false, 0 },
		{ STR_INIT("[-9007199254740992.0]"), false, 0 },
		{ STR_INIT("[0.5]"), false, 0 },
		{ STR_INIT("[1e300]"), false, 0 },
		{ STR_INIT("[-1e300]"), false, 0 },
		{ STR_INIT("[1e-300]"), false, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct jr_doc *doc = parse(rows[i].text);
		int64_t n = 0;
		if (jr_i64(jr_at(jr_root(doc), 0), &n) != rows[i].integer)
			fail_msg("%.*s", STR_ARG(rows[i].text));
		assert_true(!rows[i].integer || n == rows[i].value);
		jr_free(&doc);
	}
}

static void refuses_with_cause_and_without_a_document(void **state UNUSED)
{
	struct ctx ctx = { 0 };
	struct jr_doc *doc = (struct jr_doc *)&ctx;
	assert_int_equal(jr_parse(&ctx, STR("{\"a\":1,\"a\":2}"), &jr_limits_peer, &doc),
			 RC_INVALID);
	assert_null(doc);
	assert_string_equal(err_text(&ctx.err), "JSON: duplicate member name at byte 7");

	ctx = (struct ctx){ 0 };
	assert_int_equal(jr_parse(&ctx, STR_NONE, &jr_limits_peer, &doc), RC_INVALID);
	struct jr_limits limits = jr_limits_peer;
	limits.nodes = 2;
	ctx = (struct ctx){ 0 };
	assert_int_equal(jr_parse(&ctx, STR("[1,2]"), &limits, &doc), RC_TOO_LARGE);
	assert_int_equal(ctx.err.rc, RC_TOO_LARGE);
}

static void s048_json_c_takes_what_prescan_takes(void **state UNUSED)
{
	char text[2 * JR_DEPTH_MAX + 1];
	struct jr_limits limits = jr_limits_peer;
	limits.depth = JR_DEPTH_MAX;
	for (size_t depth = 1; depth <= JR_DEPTH_MAX; depth++) {
		struct ctx ctx = { 0 };
		struct jr_doc *doc;
		memset(text, '[', depth);
		text[depth] = '1';
		memset(text + depth + 1, ']', depth);
		limits.depth = depth;
		assert_int_equal(jr_parse(&ctx, str_n(text, 2 * depth + 1), &limits, &doc), RC_OK);
		jr_free(&doc);
	}
}

static void s048_a_large_document_is_read_whole(void **state UNUSED)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT((size_t)1 << 20);
	buf_add(&text, STR("{\"big\":\""));
	for (size_t i = 0; i < 524288 / 16; i++)
		buf_add(&text, STR("0123456789abcdef"));
	buf_add(&text, STR("\",\"list\":["));
	for (size_t i = 0; i < 19996; i++)
		buf_addf(&text, "%zu,", i);
	buf_add(&text, STR("true]}"));
	struct jr_doc *doc = parse(buf_str(&text));
	assert_int_equal(jr_str(jr_get(jr_root(doc), "big")).len, 524288);
	struct jr list = jr_get(jr_root(doc), "list");
	assert_int_equal(jr_count(list), 19997);
	assert_true(jr_bool(jr_at(list, 19996), false));
	jr_free(&doc);
}

/* Well-formed by RFC 8259, but more than one reader would read them differently, or no document of
 * ours. */
static const struct {
	const char *prefix;
	const char *reason;
} stricter[] = {
	{ "y_object_duplicated_key", "duplicate" },
	{ "y_object_escaped_null_in_key", "\\u0000" },
	{ "y_string_null_escape", "\\u0000" },
	{ "y_string_space", "an object or an array" },
	{ "y_structure_lonely_", "an object or an array" },
	{ "y_structure_string_empty", "an object or an array" },
};

static const char *stricter_reason(const char *file)
{
	for (size_t i = 0; i < ARRAY_LEN(stricter); i++) {
		if (str_has_prefix(str_of(file), str_of(stricter[i].prefix)))
			return stricter[i].reason;
	}
	return NULL;
}

static struct str read_file(const char *folder, const char *name, char *out, size_t size)
{
	char path[4096];
	int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_true(len > 0 && (size_t)len < sizeof(path));
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t n = fread(out, 1, size, file);
	fclose(file);
	assert_true(n < size);
	return str_n(out, n);
}

static void check_corpus_file(const char *name, struct str text)
{
	struct ctx ctx = { 0 };
	struct jr_doc *doc;
	enum rc scanned = prescan(NULL, text, &jr_limits_peer, NULL);
	enum rc rc = jr_parse(&ctx, text, &jr_limits_peer, &doc);
	const char *reason = stricter_reason(name);
	jr_free(&doc);
	if (rc != scanned)
		fail_msg("%s: json-c and prescan disagree: %s", name, err_text(&ctx.err));
	if (name[0] == 'n' && rc == RC_OK)
		fail_msg("%s: taken", name);
	if (name[0] == 'y' && reason == NULL && rc != RC_OK)
		fail_msg("%s: refused: %s", name, err_text(&ctx.err));
	if (reason != NULL && (rc == RC_OK || strstr(err_text(&ctx.err), reason) == NULL))
		fail_msg("%s: not refused for \"%s\"", name, reason);
}

static void s047_agrees_with_the_public_corpus(void **state UNUSED)
{
	const size_t size = (size_t)1 << 20;
	char folder[4096];
	const char *top = getenv("FF_SRCDIR");
	snprintf(folder, sizeof(folder), "%s/../shared/data/vectors/json", top != NULL ? top : ".");
	DIR *dir = opendir(folder);
	if (dir == NULL)
		return; /* the corpus does not come with the source */
	char *text = malloc(size);
	assert_non_null(text);
	size_t files = 0;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (entry->d_name[0] == '\0' || entry->d_name[1] != '_')
			continue;
		check_corpus_file(entry->d_name, read_file(folder, entry->d_name, text, size));
		files++;
	}
	closedir(dir);
	free(text);
	assert_true(files > 300);
}

/* Where the limits allow them: up to what a reader can hold, and not one more. */
static void long_integers_keep_their_digits(void **state UNUSED)
{
	static const struct {
		const char *text;
		bool taken;
		int64_t value;
	} rows[] = {
		{ "[117698232219664384]", true, 117698232219664384 },
		{ "[9007199254740993]", true, 9007199254740993 },
		{ "[9223372036854775807]", true, INT64_MAX },
		{ "[-9223372036854775807]", true, -INT64_MAX },
		{ "[9223372036854775808]", false, 0 },
		{ "[99999999999999999999]", false, 0 },
		{ "[100000000000000000000000000]", false, 0 },
	};
	struct jr_limits limits = jr_limits_peer;
	limits.long_integers = true;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new(4096);
		struct ctx ctx = { .arena = arena };
		struct jr_doc *doc = NULL;
		int64_t n = 0;
		assert_int_equal(jr_parse(&ctx, str_of(rows[i].text), &jr_limits_peer, &doc),
				 RC_INVALID);
		assert_int_equal(jr_parse(&ctx, str_of(rows[i].text), &limits, &doc),
				 rows[i].taken ? RC_OK : RC_INVALID);
		if (rows[i].taken) {
			assert_true(jr_i64(jr_at(jr_root(doc), 0), &n));
			assert_true(n == rows[i].value);
			jr_free(&doc);
		}
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_integers_keep_their_digits),
		cmocka_unit_test(tells_the_type_of_every_value),
		cmocka_unit_test(reads_values_of_the_right_type),
		cmocka_unit_test(s049_values_of_another_type_are_not_there),
		cmocka_unit_test(takes_one_thing_or_many),
		cmocka_unit_test(walks_members_in_their_order),
		cmocka_unit_test(decodes_strings),
		cmocka_unit_test(s047_integers_keep_their_value),
		cmocka_unit_test(refuses_with_cause_and_without_a_document),
		cmocka_unit_test(s048_json_c_takes_what_prescan_takes),
		cmocka_unit_test(s048_a_large_document_is_read_whole),
		cmocka_unit_test(s047_agrees_with_the_public_corpus),
	};
	return cmocka_run_group_tests_name("jr", tests, NULL, NULL);
}
