/* Handles: the forms people and peers write, and what is none (S-037). */
#include "text/acct.h"

#include "testkit.h"
#include "text/iri.h"

struct row {
	const char *text;
	const char *user; /* NULL: refused */
	const char *host; /* NULL: local */
	unsigned flags;
};

static const struct row rows[] = {
	{ "alice@example.org", "alice", "example.org", 0 },
	{ "@alice@example.org", "alice", "example.org", 0 },
	{ "!books@example.org", "books", "example.org", 0 },
	{ "acct:alice@example.org", "alice", "example.org", 0 },
	{ "ACCT:Alice@EXAMPLE.org.", "Alice", "example.org", 0 },
	{ "alice", "alice", NULL, 0 },
	{ "@alice", "alice", NULL, 0 },
	{ "acct:alice", "alice", NULL, 0 },
	{ "al.ice-b_2@example.org:443", "al.ice-b_2", "example.org", 0 },
	{ "alice@example.org:8443", "alice", "example.org:8443", 0 },
	{ "alice@b\xc3\xbcr.example", "alice", "xn--br-xka.example", 0 },
	{ "alice@localhost:3000", "alice", "localhost:3000", IRI_LITERAL },
	{ "_@example.org", "_", "example.org", 0 },
	{ "-a-@example.org", "-a-", "example.org", 0 },
	{ "", NULL, NULL, 0 },
	{ "@", NULL, NULL, 0 },
	{ "acct:", NULL, NULL, 0 },
	{ "@@example.org", NULL, NULL, 0 },
	{ "!@books@example.org", NULL, NULL, 0 },
	{ "acct:@alice@example.org", NULL, NULL, 0 },
	{ "alice@", NULL, NULL, 0 },
	{ "@example.org@", NULL, NULL, 0 },
	{ "alice@localhost", NULL, NULL, 0 },
	{ "alice@127.0.0.1", NULL, NULL, 0 },
	{ "alice@example.org@evil.test", NULL, NULL, 0 },
	{ "alice@example.org/x", NULL, NULL, 0 },
	{ "alice@https://example.org", NULL, NULL, 0 },
	{ ".alice@example.org", NULL, NULL, 0 },
	{ "alice.@example.org", NULL, NULL, 0 },
	{ ".", NULL, NULL, 0 },
	{ "al ice@example.org", NULL, NULL, 0 },
	{ "al\xc3\xafve@example.org", NULL, NULL, 0 },
	{ "al%69ce@example.org", NULL, NULL, 0 },
	{ "alice/x@example.org", NULL, NULL, 0 },
	{ "alice@exam ple.org", NULL, NULL, 0 },
	{ " alice@example.org", NULL, NULL, 0 },
	{ "alice@example.org ", NULL, NULL, 0 },
	{ "alice\n@example.org", NULL, NULL, 0 },
	{ "https://example.org/@alice", NULL, NULL, 0 },
};

static void s037_takes_and_refuses_handles_by_the_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena_new(4096) };
		struct acct acct;
		enum rc rc = acct_parse(&ctx, str_of(rows[i].text), rows[i].flags, &acct);
		if ((rc == RC_OK) != (rows[i].user != NULL))
			fail_msg("\"%s\": %s", rows[i].text, err_text(&ctx.err));
		if (rc == RC_OK) {
			assert_str_eq(acct.user, str_of(rows[i].user));
			assert_str_eq(acct.host, str_of(rows[i].host));
			assert_int_equal(acct.host.ptr == NULL, rows[i].host == NULL);
		} else {
			assert_int_equal(rc, RC_INVALID);
			assert_null(acct.user.ptr);
		}
		arena_free(&ctx.arena);
	}
}

static void s037_limits_user_names(void **state UNUSED)
{
	char name[80];
	memset(name, 'a', sizeof(name));
	assert_true(acct_user_valid(str_n(name, 64)));
	assert_false(acct_user_valid(str_n(name, 65)));
	assert_false(acct_user_valid(STR("")));
	assert_false(acct_user_valid(STR("a\0b")));
	assert_true(acct_user_valid(STR("A.b-c_d")));
	assert_false(acct_user_valid(STR("a.")));
}

static void local_names_are_narrower(void **state UNUSED)
{
	char name[40];
	memset(name, 'a', sizeof(name));
	assert_true(acct_local_user_valid(str_n(name, 30)));
	assert_false(acct_local_user_valid(str_n(name, 31)));
	assert_true(acct_local_user_valid(STR("alice_2")));
	assert_false(acct_local_user_valid(STR("")));
	assert_false(acct_local_user_valid(STR("Alice")));
	assert_false(acct_local_user_valid(STR("al.ice")));
	assert_false(acct_local_user_valid(STR("al-ice")));
	assert_false(acct_local_user_valid(STR("al\xc3\xafve")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s037_takes_and_refuses_handles_by_the_table),
		cmocka_unit_test(s037_limits_user_names),
		cmocka_unit_test(local_names_are_narrower),
	};
	return cmocka_run_group_tests_name("acct", tests, NULL, NULL);
}
