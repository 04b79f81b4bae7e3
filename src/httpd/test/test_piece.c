/* Events and messages as they go out. */
#include "../piece_int.h"
#include "testkit.h"

static void expect(struct httpd_piece *piece, struct str bytes)
{
	assert_non_null(piece);
	assert_str_eq(str_n(piece->bytes, piece->len), bytes);
	httpd_piece_release(&piece);
	assert_null(piece);
}

static void an_event_has_its_name_and_its_data(void **state UNUSED)
{
	expect(httpd_piece_event(STR("update"), STR("{\"id\":\"1\"}")),
	       STR("event: update\ndata: {\"id\":\"1\"}\n\n"));
	expect(httpd_piece_event(STR("filters_changed"), STR_NONE),
	       STR("event: filters_changed\ndata: \n\n"));
}

static void no_line_of_data_can_pass_for_a_field(void **state UNUSED)
{
	expect(httpd_piece_event(STR("x"), STR("a\nevent: y\r\n\rb\n")),
	       STR("event: x\ndata: a\ndata: event: y\ndata: \ndata: b\ndata: \n\n"));
	expect(httpd_piece_event(STR("x"), STR("a\rid: 1\n\rb")),
	       STR("event: x\ndata: a\ndata: id: 1\ndata: \ndata: b\n\n"));
}

static void a_message_says_how_long_it_is(void **state UNUSED)
{
	static const struct {
		size_t len;
		const char *head;
		size_t head_len;
	} cases[] = {
		{ 0, "\x81\x00", 2 },
		{ 5, "\x81\x05", 2 },
		{ 125, "\x81\x7d", 2 },
		{ 126, "\x81\x7e\x00\x7e", 4 },
		{ 65535, "\x81\x7e\xff\xff", 4 },
		{ 65536, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10 },
	};
	static char text[65536];
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct httpd_piece *piece = httpd_piece_message(str_n(text, cases[i].len));
		assert_non_null(piece);
		assert_int_equal(piece->len, cases[i].head_len + cases[i].len);
		assert_memory_equal(piece->bytes, cases[i].head, cases[i].head_len);
		if (cases[i].len != 0)
			assert_memory_equal(piece->bytes + cases[i].head_len, text, cases[i].len);
		httpd_piece_release(&piece);
	}
}

static void a_piece_lives_as_long_as_somebody_holds_it(void **state UNUSED)
{
	struct httpd_piece *piece = httpd_piece_message(STR("hello")), *other = piece;
	httpd_piece_hold(piece);
	httpd_piece_release(&piece);
	expect(other, STR("\x81\x05hello"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_has_its_name_and_its_data),
		cmocka_unit_test(no_line_of_data_can_pass_for_a_field),
		cmocka_unit_test(a_message_says_how_long_it_is),
		cmocka_unit_test(a_piece_lives_as_long_as_somebody_holds_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
