/* Connections without a listener: socket pairs, and a clock that the watching thread sees move. */
#include "../conn_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testkit.h"

#define START_MS 100000u

struct fixture {
	struct clock clock;
	_Atomic uint64_t now_ms;
	struct prefixes proxies;
	struct conns *conns;
};

static uint64_t read_now(void *arg)
{
	return atomic_load(&((struct fixture *)arg)->now_ms);
}

static int setup(void **state)
{
	static struct fixture f;
	struct err err = { 0 };
	struct conns_settings settings = {
		.per_client = 2,
		.idle_ms = 400,
		.request_ms = 400,
		.exempt = &f.proxies,
		.clock = &f.clock,
	};
	f.clock = (struct clock){ read_now, read_now, &f };
	atomic_store(&f.now_ms, START_MS);
	*state = &f;
	return prefixes_parse(&err, STR("10.0.0.1"), &f.proxies) != RC_OK ||
	       conns_new(&err, &settings, &f.conns) != RC_OK;
}

static int teardown(void **state)
{
	conns_free(&((struct fixture *)*state)->conns);
	return 0;
}

static const struct sockaddr *socket_address(const char *text)
{
	static union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	memset(&address, 0, sizeof(address));
	if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
		address.v4.sin_family = AF_INET;
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &address.v6.sin6_addr), 1);
		address.v6.sin6_family = AF_INET6;
	}
	return &address.any;
}

static void s051_counts_per_address_and_per_64(void **state)
{
	struct fixture *f = *state;
	static const struct row {
		const char *first, *second, *other;
		bool room;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", "192.0.2.1", false },
		{ "192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", false },
		{ "192.0.2.1", "192.0.2.2", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.1", "192.0.2.2", true },
		{ "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:1::3", false },
		{ "2001:db8:0:1::1", "2001:db8:0:1::1", "2001:db8:0:2::1", true },
		{ "10.0.0.1", "10.0.0.1", "10.0.0.1", true },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct conn *first = conn_open(f->conns, -1, socket_address(rows[i].first));
		struct conn *second = conn_open(f->conns, -1, socket_address(rows[i].second));
		assert_non_null(first);
		assert_non_null(second);
		assert_int_equal(conns_may_open(f->conns, socket_address(rows[i].other)),
				 rows[i].room);
		conn_close(&first);
		assert_true(conns_may_open(f->conns, socket_address(rows[i].other)));
		conn_close(&second);
		assert_null(second);
	}
}

/* One connection over a socket pair; the far end is what the client holds. */
struct pair {
	struct conn *conn;
	int near, far;
};

static struct pair pair_open(struct fixture *f)
{
	int fds[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	return (struct pair){ conn_open(f->conns, fds[0], socket_address("192.0.2.1")), fds[0],
			      fds[1] };
}

static void pair_close(struct pair *p)
{
	conn_close(&p->conn);
	close(p->near);
	close(p->far);
}

static void assert_cut(const struct pair *p)
{
	char c;
	assert_int_equal(recv(p->far, &c, 1, 0), 0);
}

static void assert_open(const struct pair *p)
{
	char c;
	assert_int_equal(recv(p->far, &c, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

static void s051_cuts_bodies_that_are_too_slow(void **state)
{
	struct fixture *f = *state;
	struct pair steady = pair_open(f), slow = pair_open(f);
	conn_request_begins(steady.conn, START_MS);
	conn_expects(steady.conn, 2u << 20);
	conn_received(steady.conn, 11u * 1024);
	conn_request_begins(slow.conn, START_MS);
	conn_expects(slow.conn, 2u << 20);
	conn_received(slow.conn, 11u * 1024 - 1);
	atomic_store(&f->now_ms, START_MS + 11000);
	assert_cut(&slow);
	assert_open(&steady);
	pair_close(&slow);
	pair_close(&steady);
}

static void s051_gives_long_bodies_more_time_and_answers_all_they_need(void **state)
{
	struct fixture *f = *state;
	struct pair answering = pair_open(f), lengthy = pair_open(f), late = pair_open(f);
	conn_request_begins(answering.conn, START_MS);
	conn_request_complete(answering.conn);
	conn_request_begins(lengthy.conn, START_MS);
	conn_expects(lengthy.conn, 1u << 20);
	conn_request_begins(late.conn, START_MS);
	atomic_store(&f->now_ms, START_MS + 500);
	assert_cut(&late);
	assert_open(&answering);
	assert_open(&lengthy);
	/* and after the answer the next request is waited for, but not for ever */
	conn_request_ends(answering.conn, START_MS + 500);
	atomic_store(&f->now_ms, START_MS + 1300);
	assert_cut(&answering);
	pair_close(&answering);
	pair_close(&lengthy);
	pair_close(&late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(s051_counts_per_address_and_per_64, setup,
						teardown),
		cmocka_unit_test_setup_teardown(s051_cuts_bodies_that_are_too_slow, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			s051_gives_long_bodies_more_time_and_answers_all_they_need, setup,
			teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
