/* Types of settings: what is read, what is refused, and that what is printed reads back as the
 * same. */
#include "conf_int.h"
#include "testkit.h"

struct values {
	struct str str;
	uint64_t number;
	unsigned choice;
	bool flag;
};

static struct arena *arena;
static struct err last_error;

static int setup(void **state UNUSED)
{
	arena = arena_new(1 << 20);
	return arena == NULL;
}

static int teardown(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static enum rc parse(const struct conf_row *row, struct str text, struct values *values)
{
	struct ctx ctx = { .arena = arena };
	enum rc rc = conf_value_parse(&ctx, row, text, STR("/etc/fediflow"), values);
	last_error = ctx.err;
	return rc;
}

static void assert_refused(const struct conf_row *row, struct str text, const char *word)
{
	struct values values = { 0 };
	assert_int_equal(parse(row, text, &values), RC_INVALID);
	if (strstr(last_error.detail, word) == NULL)
		fail_msg("\"%s\" does not speak of \"%s\"", last_error.detail, word);
	assert_null(values.str.ptr);
	assert_true(values.number == 0 && values.choice == 0 && !values.flag);
}

/* Prints the value and reads it again. */
static void assert_reads_back(const struct conf_row *row, const struct values *values)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
	struct values again = { 0 };
	struct conf_parser parser;
	struct conf_item item;
	buf_add(&text, STR("a = "));
	conf_value_print(&text, row, values);
	conf_parser_init(&parser, arena, buf_str(&text));
	assert_true(conf_parser_next(&parser, &item));
	assert_int_equal(item.kind, CONF_ITEM_SETTING);
	assert_int_equal(parse(row, item.value, &again), RC_OK);
	assert_str_eq(again.str, values->str);
	assert_true(again.number == values->number);
	assert_int_equal(again.choice, values->choice);
	assert_int_equal(again.flag, values->flag);
}

static void assert_number(const struct conf_row *row, struct str text, uint64_t expected)
{
	struct values values = { 0 };
	assert_int_equal(parse(row, text, &values), RC_OK);
	if (values.number != expected)
		fail_msg("%.*s was read as %llu", STR_ARG(text), (unsigned long long)values.number);
	assert_reads_back(row, &values);
}

static void assert_text(const struct conf_row *row, struct str text, struct str expected)
{
	struct values values = { 0 };
	assert_int_equal(parse(row, text, &values), RC_OK);
	assert_str_eq(values.str, expected);
	assert_reads_back(row, &values);
}

static const struct conf_row number_row = { .type = CONF_U64,
					    .offset = offsetof(struct values, number) };

static void reads_whole_numbers(void **state UNUSED)
{
	assert_number(&number_row, STR("0"), 0);
	assert_number(&number_row, STR("18446744073709551615"), UINT64_MAX);
	assert_refused(&number_row, STR("-1"), "whole number");
	assert_refused(&number_row, STR("1.5"), "whole number");
	assert_refused(&number_row, STR("18446744073709551616"), "whole number");
	assert_refused(&number_row, STR("ten"), "\"ten\"");
}

static void reads_sizes_with_their_units(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_BYTES,
					     .offset = offsetof(struct values, number) };
	assert_number(&row, STR("0"), 0);
	assert_number(&row, STR("1000"), 1000);
	assert_number(&row, STR("12 B"), 12);
	assert_number(&row, STR("64 MiB"), UINT64_C(64) << 20);
	assert_number(&row, STR("64MB"), 64000000);
	assert_number(&row, STR("3 kb"), 3000);
	assert_number(&row, STR("5 GiB"), UINT64_C(5) << 30);
	assert_number(&row, STR("2TiB"), UINT64_C(2) << 40);
	assert_refused(&row, STR("64 M"), "size");
	assert_refused(&row, STR("MiB"), "size");
	assert_refused(&row, STR("64 MiB MiB"), "size");
	assert_refused(&row, STR("0.5 MiB"), "size");
	assert_refused(&row, STR("16777216 TiB"), "size");
}

static void reads_durations_with_their_units(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_DURATION,
					     .offset = offsetof(struct values, number) };
	assert_number(&row, STR("0"), 0);
	assert_number(&row, STR("500 ms"), 500);
	assert_number(&row, STR("30 s"), 30000);
	assert_number(&row, STR("90s"), 90000);
	assert_number(&row, STR("5 min"), 300000);
	assert_number(&row, STR("2 h"), 7200000);
	assert_number(&row, STR("7 d"), 604800000);
	assert_number(&row, STR("2 w"), 1209600000);
	assert_refused(&row, STR("30"), "unit");
	assert_refused(&row, STR("5 m"), "unit");
	assert_refused(&row, STR("30 sec onds"), "unit");
	assert_refused(&row, STR("99999999999999999 w"), "unit");
}

static void reads_yes_and_no_in_three_ways(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_BOOL,
					     .offset = offsetof(struct values, flag) };
	static const struct str yes[] = { STR_INIT("yes"), STR_INIT("true"), STR_INIT("On") };
	static const struct str no[] = { STR_INIT("no"), STR_INIT("False"), STR_INIT("off") };
	for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
		struct values values = { .flag = false };
		assert_int_equal(parse(&row, yes[i], &values), RC_OK);
		assert_true(values.flag);
		assert_reads_back(&row, &values);
		assert_int_equal(parse(&row, no[i], &values), RC_OK);
		assert_false(values.flag);
		assert_reads_back(&row, &values);
	}
	assert_refused(&row, STR("1"), "yes or no");
	assert_refused(&row, STR(""), "yes or no");
}

static void reads_choices_by_name(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_ENUM,
					     .choices = "off on allow-list",
					     .offset = offsetof(struct values, choice) };
	static const struct str names[] = { STR_INIT("off"), STR_INIT("on"),
					    STR_INIT("allow-list") };
	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		struct values values = { 0 };
		assert_int_equal(parse(&row, names[i], &values), RC_OK);
		assert_int_equal(values.choice, i);
		assert_reads_back(&row, &values);
	}
	assert_refused(&row, STR("of"), "one of: off on allow-list");
	assert_refused(&row, STR("off on"), "one of");
}

static void keeps_text_as_it_is(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_STR,
					     .offset = offsetof(struct values, str) };
	static const struct str texts[] = {
		STR_INIT("plain"),	 STR_INIT(""),	     STR_INIT(" blanks around "),
		STR_INIT("a \"quote\""), STR_INIT("a # b"),  STR_INIT("two\nlines\tand a tab"),
		STR_INIT("back\\slash"), STR_INIT("[sect]"), STR_INIT("\xc3\xa9t\xc3\xa9"),
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_text(&row, texts[i], texts[i]);
}

static void makes_domains_canonical(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_DOMAIN,
					     .offset = offsetof(struct values, str) };
	static const struct conf_row optional = { .type = CONF_DOMAIN,
						  .fallback = "",
						  .offset = offsetof(struct values, str) };
	assert_text(&row, STR("Social.Example.ORG."), STR("social.example.org"));
	assert_text(&row,
		    STR("b\xc3\xbc"
			"cher.example"),
		    STR("xn--bcher-kva.example"));
	assert_text(&row, STR("social.example:8443"), STR("social.example:8443"));
	assert_text(&optional, STR(""), STR(""));
	assert_refused(&row, STR(""), "domain name");
	assert_refused(&row, STR("https://social.example"), "domain name");
	assert_refused(&row, STR("social example"), "domain name");
}

static void reads_numeric_addresses_with_a_port(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_LISTEN,
					     .offset = offsetof(struct values, str) };
	static const struct conf_row optional = { .type = CONF_LISTEN,
						  .fallback = "",
						  .offset = offsetof(struct values, str) };
	static const struct str refused[] = {
		STR_INIT(""),	      STR_INIT("8080"),		  STR_INIT("127.0.0.1"),
		STR_INIT(":8080"),    STR_INIT("localhost:8080"), STR_INIT("127.0.0.1:65536"),
		STR_INIT("::1:8080"), STR_INIT("[::1]"),	  STR_INIT("[127.0.0.1]:80"),
		STR_INIT("127.1:80"), STR_INIT("127.0.0.1:+80"),  STR_INIT("127.0.0.1: 80"),
	};
	assert_text(&row, STR("127.0.0.1:8080"), STR("127.0.0.1:8080"));
	assert_text(&row, STR("[::0001]:80"), STR("[::1]:80"));
	assert_text(&row, STR("0.0.0.0:65535"), STR("0.0.0.0:65535"));
	assert_text(&optional, STR(""), STR(""));
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_refused(&row, refused[i], "numeric address");
}

static void takes_relative_paths_from_the_folder(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_PATH,
					     .offset = offsetof(struct values, str) };
	static const struct conf_row optional = { .type = CONF_PATH,
						  .fallback = "",
						  .offset = offsetof(struct values, str) };
	assert_text(&row, STR("/var/lib/fediflow"), STR("/var/lib/fediflow"));
	assert_text(&row, STR("data"), STR("/etc/fediflow/data"));
	assert_text(&row, STR("my data"), STR("/etc/fediflow/my data"));
	assert_text(&optional, STR(""), STR(""));
	assert_refused(&row, STR(""), "path");
	assert_refused(&row, STR("a\nb"), "path");
}

static void keeps_within_bounds(void **state UNUSED)
{
	static const struct conf_row number = {
		.type = CONF_U64, .offset = offsetof(struct values, number), .min = 2, .max = 5
	};
	static const struct conf_row size = { .type = CONF_BYTES,
					      .offset = offsetof(struct values, number),
					      .min = 1 << 20 };
	static const struct conf_row text = {
		.type = CONF_STR, .offset = offsetof(struct values, str), .min = 2, .max = 4
	};
	assert_number(&number, STR("2"), 2);
	assert_number(&number, STR("5"), 5);
	assert_refused(&number, STR("1"), "less than 2");
	assert_refused(&number, STR("6"), "more than 5");
	assert_number(&size, STR("1 TiB"), UINT64_C(1) << 40);
	assert_refused(&size, STR("1 MB"), "less than 1 MiB");
	assert_text(&text, STR("abcd"), STR("abcd"));
	assert_refused(&text, STR("a"), "shorter than 2 bytes");
	assert_refused(&text, STR("abcde"), "longer than 4 bytes");
}

static enum rc check_even(struct err *err, struct str value)
{
	if (value.len % 2 != 0)
		return err_set(err, RC_INVALID, "odd length");
	return RC_OK;
}

static void asks_the_rows_own_check(void **state UNUSED)
{
	static const struct conf_row row = { .type = CONF_STR,
					     .offset = offsetof(struct values, str),
					     .check = check_even };
	assert_text(&row, STR("even"), STR("even"));
	assert_refused(&row, STR("odd"), "odd length");
}

static void cuts_what_it_quotes(void **state UNUSED)
{
	char text[400];
	memset(text, 'x', sizeof(text));
	assert_refused(&number_row, str_n(text, sizeof(text)), "xxx...\" is not a whole number");
	assert_true(strlen(last_error.detail) < 120);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_whole_numbers),
		cmocka_unit_test(reads_sizes_with_their_units),
		cmocka_unit_test(reads_durations_with_their_units),
		cmocka_unit_test(reads_yes_and_no_in_three_ways),
		cmocka_unit_test(reads_choices_by_name),
		cmocka_unit_test(keeps_text_as_it_is),
		cmocka_unit_test(makes_domains_canonical),
		cmocka_unit_test(reads_numeric_addresses_with_a_port),
		cmocka_unit_test(takes_relative_paths_from_the_folder),
		cmocka_unit_test(keeps_within_bounds),
		cmocka_unit_test(asks_the_rows_own_check),
		cmocka_unit_test(cuts_what_it_quotes),
	};
	return cmocka_run_group_tests_name("conf value", tests, setup, teardown);
}
