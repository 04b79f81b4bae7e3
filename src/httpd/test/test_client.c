/* Addresses, prefixes, and the client behind trusted proxies. */
#include "../client_int.h"

#include "testkit.h"

static void assert_client(const char *trusted, const char *peer, const char *first,
			  const char *second, const char *expected)
{
	struct err err = { 0 };
	struct prefixes prefixes;
	struct address address;
	char text[ADDRESS_TEXT_MAX];
	struct httpd_header headers[3] = { { STR("Host"), STR("a") } };
	size_t count = 1;
	if (first != NULL)
		headers[count++] = (struct httpd_header){ STR("X-Forwarded-For"), str_of(first) };
	if (second != NULL)
		headers[count++] = (struct httpd_header){ STR("x-forwarded-for"), str_of(second) };
	assert_int_equal(prefixes_parse(&err, str_of(trusted), &prefixes), RC_OK);
	assert_true(address_parse(str_of(peer), &address));
	address = client_address(&prefixes, &address, headers, count);
	assert_str_eq(str_n(text, address_text(&address, text)), str_of(expected));
}

static void s105_only_trusted_hops_are_believed(void **state UNUSED)
{
	static const struct row {
		const char *trusted, *peer, *first, *second, *client;
	} rows[] = {
		{ "", "192.0.2.1", NULL, NULL, "192.0.2.1" },
		{ "", "192.0.2.1", "6.6.6.6", NULL, "192.0.2.1" },
		{ "10.0.0.1", "192.0.2.1", "6.6.6.6", NULL, "192.0.2.1" },
		{ "10.0.0.1", "10.0.0.1", NULL, NULL, "10.0.0.1" },
		{ "10.0.0.1", "10.0.0.1", "192.0.2.7", NULL, "192.0.2.7" },
		/* the client wrote 6.6.6.6 itself */
		{ "10.0.0.1", "10.0.0.1", "6.6.6.6, 192.0.2.7", NULL, "192.0.2.7" },
		{ "10.0.0.1", "10.0.0.1", "6.6.6.6,10.0.0.1, 192.0.2.7", NULL, "192.0.2.7" },
		{ "10.0.0.0/8", "10.0.0.1", "192.0.2.7, 10.2.2.2", NULL, "192.0.2.7" },
		{ "10.0.0.0/8", "10.0.0.1", "6.6.6.6", "192.0.2.7, 10.2.2.2", "192.0.2.7" },
		{ "10.0.0.0/8", "10.0.0.1", "192.0.2.7", "10.2.2.2", "192.0.2.7" },
		{ "10.0.0.0/8", "10.0.0.1", "10.3.3.3, 10.2.2.2", NULL, "10.3.3.3" },
		{ "10.0.0.0/8", "10.0.0.1", "6.6.6.6, unknown, 10.2.2.2", NULL, "10.2.2.2" },
		{ "10.0.0.0/8", "10.0.0.1", "6.6.6.6, , 10.2.2.2", NULL, "10.2.2.2" },
		{ "10.0.0.0/8", "10.0.0.1", "", NULL, "10.0.0.1" },
		{ "10.0.0.0/8", "10.0.0.1", "192.0.2.7:4711", NULL, "192.0.2.7" },
		{ "::1 fd00::/8", "fd12::1", "[2001:db8::7]:4711, ::1", NULL, "2001:db8::7" },
		{ "::1 fd00::/8", "::1", "2001:DB8:0:0::7", NULL, "2001:db8::7" },
		/* a socket for both families shows IPv4 as mapped */
		{ "127.0.0.1", "::ffff:127.0.0.1", "192.0.2.7", NULL, "192.0.2.7" },
		{ "10.0.0.0/8", "10.0.0.1", "::ffff:192.0.2.7", NULL, "192.0.2.7" },
		{ "0.0.0.0/0", "10.0.0.1", "2001:db8::7, 192.0.2.7", NULL, "2001:db8::7" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_client(rows[i].trusted, rows[i].peer, rows[i].first, rows[i].second,
			      rows[i].client);
}

static void prefixes_cover_to_the_bit(void **state UNUSED)
{
	static const struct row {
		const char *prefix, *address;
		bool covers;
	} rows[] = {
		{ "10.0.0.0/9", "10.127.255.255", true },
		{ "10.0.0.0/9", "10.128.0.0", false },
		{ "10.0.0.0/31", "10.0.0.1", true },
		{ "10.0.0.0/31", "10.0.0.2", false },
		{ "10.0.0.7", "10.0.0.7", true },
		{ "10.0.0.7/32", "10.0.0.6", false },
		{ "0.0.0.0/0", "255.1.2.3", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "10.0.0.1", true },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::ffff:10.0.0.0/104", "10.9.9.9", true },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = { 0 };
		struct prefixes prefixes;
		struct address address;
		assert_int_equal(prefixes_parse(&err, str_of(rows[i].prefix), &prefixes), RC_OK);
		assert_true(address_parse(str_of(rows[i].address), &address));
		if (prefixes_cover(&prefixes, &address) != rows[i].covers)
			fail_msg("%s and %s", rows[i].prefix, rows[i].address);
	}
}

static void refuses_what_is_no_address(void **state UNUSED)
{
	static const char *const addresses[] = {
		"",	    "localhost", "127.1",    "0x7f000001", "1.2.3.4.5",		"256.1.1.1",
		"1.2.3.4 ", "::1%lo",	 "[::1",     "[::1]x",	   "1.2.3.4/8",		":80",
		":::",	    "_hidden",	 "[1.2.3.4", "\"[::1]\"",  "0:0:0:0:0:0:0:0:0",
	};
	static const char *const prefixes[] = { "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129",
						"a/8",	       "10/8",	    "10.0.0.0/8/8" };
	struct address address;
	struct prefixes list;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		if (address_parse(str_of(addresses[i]), &address))
			fail_msg("%s", addresses[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		struct err err = { 0 };
		assert_int_equal(prefixes_parse(&err, str_of(prefixes[i]), &list), RC_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s105_only_trusted_hops_are_believed),
		cmocka_unit_test(prefixes_cover_to_the_bit),
		cmocka_unit_test(refuses_what_is_no_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
