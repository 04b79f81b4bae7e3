/* S-031 as a table: the first and the last address of every range, their neighbours, all
 * embeddings. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../address.h"
#include "fetch/fetch.h"
#include "testkit.h"

struct row {
	const char *address;
	bool allowed;
};

#define NO(a)            \
	{                \
		a, false \
	}
#define YES(a)          \
	{               \
		a, true \
	}

static const struct row rows[] = {
	/* 0/8 */
	NO("0.0.0.0"),
	NO("0.0.0.1"),
	NO("0.127.0.1"),
	NO("0.255.255.255"),
	YES("1.0.0.0"),
	YES("1.1.1.1"),
	/* 10/8 */
	YES("9.255.255.255"),
	NO("10.0.0.0"),
	NO("10.0.0.1"),
	NO("10.128.3.4"),
	NO("10.255.255.255"),
	YES("11.0.0.0"),
	/* 100.64/10 */
	YES("100.63.255.255"),
	NO("100.64.0.0"),
	NO("100.64.0.1"),
	NO("100.100.100.200"),
	NO("100.127.255.255"),
	YES("100.128.0.0"),
	/* 127/8 */
	YES("126.255.255.255"),
	NO("127.0.0.0"),
	NO("127.0.0.1"),
	NO("127.0.0.53"),
	NO("127.1.1.1"),
	NO("127.255.255.255"),
	YES("128.0.0.0"),
	/* 169.254/16 */
	YES("169.253.255.255"),
	NO("169.254.0.0"),
	NO("169.254.0.1"),
	NO("169.254.169.254"),
	NO("169.254.170.2"),
	NO("169.254.255.255"),
	YES("169.255.0.0"),
	/* 172.16/12 */
	YES("172.15.255.255"),
	NO("172.16.0.0"),
	NO("172.16.0.1"),
	NO("172.17.0.1"),
	NO("172.24.1.1"),
	NO("172.31.255.255"),
	YES("172.32.0.0"),
	/* 192.0.0/24 and 192.0.2/24 */
	YES("191.255.255.255"),
	NO("192.0.0.0"),
	NO("192.0.0.1"),
	NO("192.0.0.8"),
	NO("192.0.0.170"),
	NO("192.0.0.192"),
	NO("192.0.0.255"),
	YES("192.0.1.0"),
	YES("192.0.1.255"),
	NO("192.0.2.0"),
	NO("192.0.2.1"),
	NO("192.0.2.255"),
	YES("192.0.3.0"),
	/* 192.31.196/24 */
	YES("192.31.195.255"),
	NO("192.31.196.0"),
	NO("192.31.196.1"),
	NO("192.31.196.255"),
	YES("192.31.197.0"),
	/* 192.52.193/24 */
	YES("192.52.192.255"),
	NO("192.52.193.0"),
	NO("192.52.193.1"),
	NO("192.52.193.255"),
	YES("192.52.194.0"),
	/* 192.88.99/24 */
	YES("192.88.98.255"),
	NO("192.88.99.0"),
	NO("192.88.99.1"),
	NO("192.88.99.255"),
	YES("192.88.100.0"),
	/* 192.168/16 */
	YES("192.167.255.255"),
	NO("192.168.0.0"),
	NO("192.168.0.1"),
	NO("192.168.1.1"),
	NO("192.168.255.255"),
	YES("192.169.0.0"),
	/* 192.175.48/24 */
	YES("192.175.47.255"),
	NO("192.175.48.0"),
	NO("192.175.48.1"),
	NO("192.175.48.255"),
	YES("192.175.49.0"),
	/* 198.18/15 */
	YES("198.17.255.255"),
	NO("198.18.0.0"),
	NO("198.18.0.1"),
	NO("198.19.0.0"),
	NO("198.19.255.255"),
	YES("198.20.0.0"),
	/* 198.51.100/24 */
	YES("198.51.99.255"),
	NO("198.51.100.0"),
	NO("198.51.100.1"),
	NO("198.51.100.255"),
	YES("198.51.101.0"),
	/* 203.0.113/24 */
	YES("203.0.112.255"),
	NO("203.0.113.0"),
	NO("203.0.113.1"),
	NO("203.0.113.255"),
	YES("203.0.114.0"),
	/* 224/4 and 240/4 */
	YES("223.255.255.255"),
	NO("224.0.0.0"),
	NO("224.0.0.1"),
	NO("232.1.2.3"),
	NO("239.255.255.250"),
	NO("239.255.255.255"),
	NO("240.0.0.0"),
	NO("240.0.0.1"),
	NO("250.1.2.3"),
	NO("255.255.255.254"),
	NO("255.255.255.255"),
	/* public ones that look like something else */
	YES("8.8.8.8"),
	YES("9.9.9.9"),
	YES("93.184.216.34"),
	YES("172.67.1.1"),
	YES("192.1.1.1"),
	YES("198.41.0.4"),
	YES("100.0.0.1"),
	YES("169.1.1.1"),

	/* ::/3 but for 2000::/3: unspecified, loopback, IPv4-compatible */
	NO("::"),
	NO("::1"),
	NO("::2"),
	NO("::127.0.0.1"),
	NO("::10.0.0.1"),
	NO("::8.8.8.8"),
	NO("::169.254.169.254"),
	NO("::ffff:ffff"),
	NO("::1:0:0"),
	NO("0:0:1::"),
	/* IPv4-mapped, ::ffff:0:0/96 */
	NO("::ffff:0.0.0.0"),
	NO("::ffff:127.0.0.1"),
	NO("::ffff:10.0.0.1"),
	NO("::ffff:169.254.169.254"),
	NO("::ffff:192.168.0.1"),
	NO("::ffff:172.16.0.1"),
	NO("::ffff:8.8.8.8"),
	NO("::ffff:255.255.255.255"),
	NO("::fffe:ffff:ffff"),
	NO("::1:0:0:0"),
	/* IPv4-translated, ::ffff:0:0:0/96 */
	NO("::ffff:0:127.0.0.1"),
	NO("::ffff:0:8.8.8.8"),
	/* NAT64, 64:ff9b::/96 and 64:ff9b:1::/48 */
	NO("64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff"),
	NO("64:ff9b::"),
	NO("64:ff9b::127.0.0.1"),
	NO("64:ff9b::10.0.0.1"),
	NO("64:ff9b::169.254.169.254"),
	NO("64:ff9b::8.8.8.8"),
	NO("64:ff9b::255.255.255.255"),
	NO("64:ff9b:0:0:0:1::"),
	NO("64:ff9b:1::"),
	NO("64:ff9b:1::7f00:1"),
	NO("64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
	NO("64:ff9b:2::"),
	/* 100::/64 discard, the rest below 2000:: */
	NO("100::"),
	NO("100::1"),
	NO("100::ffff:ffff:ffff:ffff"),
	NO("100:0:0:1::"),
	NO("400::1"),
	NO("1000::1"),
	NO("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	/* 2000::/3 begins */
	YES("2000::"),
	YES("2000::1"),
	YES("2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	/* 2001::/23: Teredo, benchmarks, ORCHID, drone identifiers */
	NO("2001::"),
	NO("2001::1"),
	NO("2001:0:7f00:1::1"),
	NO("2001:0:ffff:ffff::"),
	NO("2001:1::1"),
	NO("2001:1::2"),
	NO("2001:2::1"),
	NO("2001:3::1"),
	NO("2001:4:112::1"),
	NO("2001:10::1"),
	NO("2001:20::1"),
	NO("2001:30::1"),
	NO("2001:db::1"),
	NO("2001:1ff::1"),
	NO("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
	YES("2001:200::"),
	YES("2001:200::1"),
	YES("2001:4860:4860::8888"),
	YES("2001:67c::1"),
	/* 2001:db8::/32 */
	YES("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"),
	NO("2001:db8::"),
	NO("2001:db8::1"),
	NO("2001:db8:85a3::8a2e:370:7334"),
	NO("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
	YES("2001:db9::"),
	YES("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	/* 2002::/16, 6to4 with all that it may hold */
	NO("2002::"),
	NO("2002:7f00:1::1"),
	NO("2002:a00:1::1"),
	NO("2002:a9fe:a9fe::1"),
	NO("2002:c0a8:1::1"),
	NO("2002:808:808::1"),
	NO("2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	YES("2003::"),
	YES("2003::1"),
	/* 2620:4f:8000::/48 */
	YES("2620:4f:7fff:ffff:ffff:ffff:ffff:ffff"),
	NO("2620:4f:8000::"),
	NO("2620:4f:8000::1"),
	NO("2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
	YES("2620:4f:8001::"),
	YES("2620:fe::fe"),
	/* public ones */
	YES("2400:cb00::1"),
	YES("2606:4700::1111"),
	YES("2a00:1450::1"),
	YES("2a0f::1"),
	YES("2c0f:fb50::1"),
	YES("3000::1"),
	/* 3fff::/20 */
	YES("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	NO("3fff::"),
	NO("3fff::1"),
	NO("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
	YES("3fff:1000::"),
	YES("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	/* 2000::/3 ends */
	NO("4000::"),
	NO("4000::1"),
	NO("5f00::1"),
	NO("8000::1"),
	NO("c000::1"),
	/* unique local, link local, site local, multicast */
	NO("fbff:ffff::1"),
	NO("fc00::"),
	NO("fc00::1"),
	NO("fd00::1"),
	NO("fd00:ec2::254"),
	NO("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	NO("fe00::1"),
	NO("fe80::"),
	NO("fe80::1"),
	NO("fe80::7f00:1"),
	NO("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	NO("fec0::1"),
	NO("feff::1"),
	NO("ff00::"),
	NO("ff02::1"),
	NO("ff05::2"),
	NO("ff0e::1"),
	NO("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
};

static bool allowed(const char *text, struct str list)
{
	struct sockaddr_storage addr = { 0 };
	struct sockaddr_in *in = (struct sockaddr_in *)&addr;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&addr;
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1)
		addr.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1)
		addr.ss_family = AF_INET6;
	else
		fail_msg("\"%s\" is not an address", text);
	return fetch_address_allowed((struct sockaddr *)&addr, list);
}

static void s031_every_range_and_embedding_is_decided(void **state UNUSED)
{
	assert_true(ARRAY_LEN(rows) >= 200);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (allowed(rows[i].address, STR_NONE) != rows[i].allowed)
			fail_msg("%s is %s", rows[i].address,
				 rows[i].allowed ? "refused" : "allowed");
	}
}

static void s031_other_families_are_refused(void **state UNUSED)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/run/x" };
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	assert_false(fetch_address_allowed((struct sockaddr *)&un, STR_NONE));
	assert_false(fetch_address_allowed((struct sockaddr *)&un, STR("0.0.0.0/0,::/0")));
	assert_false(fetch_address_allowed(&none, STR("0.0.0.0/0 ::/0")));
}

static void s031_the_allow_list_opens_what_it_names_and_no_more(void **state UNUSED)
{
	static const struct {
		const char *list;
		const char *address;
		bool allowed;
	} cases[] = {
		{ "10.1.0.0/16", "10.1.0.0", true },
		{ "10.1.0.0/16", "10.1.255.255", true },
		{ "10.1.0.0/16", "10.0.255.255", false },
		{ "10.1.0.0/16", "10.2.0.0", false },
		{ "10.1.0.0/16", "::ffff:10.1.0.1", false },
		{ "10.1.0.0/16", "64:ff9b::10.1.0.1", false },
		{ "10.1.0.0/16", "8.8.8.8", true },
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "127.0.0.2", false },
		{ "192.168.7.0/24, 127.0.0.0/8", "127.9.9.9", true },
		{ "192.168.7.0/24 127.0.0.0/8", "192.168.7.255", true },
		{ "192.168.7.0/24,127.0.0.0/8", "192.168.8.0", false },
		{ "172.16.0.0/13", "172.23.255.255", true },
		{ "172.16.0.0/13", "172.24.0.0", false },
		{ "0.0.0.0/0", "127.0.0.1", true },
		{ "0.0.0.0/0", "::1", false },
		{ "::1", "::1", true },
		{ "::1", "::2", false },
		{ "::1", "127.0.0.1", false },
		{ "fd12:3456::/32", "fd12:3456:ffff::1", true },
		{ "fd12:3456::/32", "fd12:3457::1", false },
		{ "fd12:3456::/33", "fd12:3456:8000::1", false },
		{ "not an address", "127.0.0.1", false },
		{ "127.0.0.0/33", "127.0.0.1", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (allowed(cases[i].address, str_of(cases[i].list)) != cases[i].allowed)
			fail_msg("\"%s\" with %s", cases[i].list, cases[i].address);
	}
}

static void a_list_is_valid_when_every_entry_is(void **state UNUSED)
{
	static const char *const valid[] = { "",
					     " ",
					     ",",
					     "10.0.0.0/8",
					     "10.0.0.0/8,::1/128",
					     "127.0.0.1 ::1",
					     "0.0.0.0/0, ::/0,",
					     "::ffff:0:0/96" };
	static const char *const invalid[] = {
		"10.0.0.0/33",
		"10.0.0.0/",
		"10.0.0.0/-1",
		"10.0.0.0/8/8",
		"10.0.0/8",
		"10",
		"::1/129",
		"::g",
		"localhost",
		"10.0.0.0/8;::1",
		"/8",
		"010.0.0.1",
		"0x7f.1",
		"[::1]",
		"10.0.0.0/8,oops",
		"fe80::1%lo",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb",
	};
	for (size_t i = 0; i < ARRAY_LEN(valid); i++) {
		if (!address_list_valid(str_of(valid[i])))
			fail_msg("\"%s\" is refused", valid[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(invalid); i++) {
		if (address_list_valid(str_of(invalid[i])))
			fail_msg("\"%s\" is taken", invalid[i]);
	}
	assert_false(address_list_valid(str_n("::1\0x", 5)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s031_every_range_and_embedding_is_decided),
		cmocka_unit_test(s031_other_families_are_refused),
		cmocka_unit_test(s031_the_allow_list_opens_what_it_names_and_no_more),
		cmocka_unit_test(a_list_is_valid_when_every_entry_is),
	};
	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
