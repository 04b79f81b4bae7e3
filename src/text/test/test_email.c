/* E-mail addresses: those that all servers read alike, and no others (S-107). */
#include "text/email.h"

#include "testkit.h"
#include "text/iri.h"

static enum rc parse(struct ctx *ctx, const char *text, struct email *out)
{
	ctx->err = (struct err){ .rc = RC_OK };
	return email_parse(ctx, str_of(text), IRI_STRICT, out);
}

static void addresses_are_read(void **state UNUSED)
{
	static const struct {
		const char *text, *canonical, *key;
	} rows[] = {
		{ "alice@example.org", "alice@example.org", "alice@example.org" },
		{ "Alice.B+news@Example.ORG", "Alice.B+news@example.org",
		  "alice.b+news@example.org" },
		{ "o'neil@example.org", "o'neil@example.org", "o'neil@example.org" },
		{ "a_b-c=d&e~f@mail.example.org", "a_b-c=d&e~f@mail.example.org",
		  "a_b-c=d&e~f@mail.example.org" },
		{ "1@xn--bcher-kva.example", "1@xn--bcher-kva.example", "1@xn--bcher-kva.example" },
		{ "a@b\xc3\xbc\x63her.example", "a@xn--bcher-kva.example",
		  "a@xn--bcher-kva.example" },
		{ "a@example.org.", "a@example.org", "a@example.org" },
	};
	struct ctx ctx = { .arena = arena_new(1 << 20) };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct email email;
		if (parse(&ctx, rows[i].text, &email) != RC_OK)
			fail_msg("%s: %s", rows[i].text, err_text(&ctx.err));
		assert_str_eq(email.text, str_of(rows[i].canonical));
		assert_str_eq(email.key, str_of(rows[i].key));
	}
	arena_free(&ctx.arena);
}

static void s107_what_servers_read_differently_is_refused(void **state UNUSED)
{
	static const char *const rows[] = {
		"",
		"@",
		"alice",
		"alice@",
		"@example.org",
		"a@b@example.org",
		"alice@example",
		"alice@localhost",
		".alice@example.org",
		"alice.@example.org",
		"al..ice@example.org",
		"\"alice\"@example.org",
		"\"a@evil.test\"@example.org",
		"alice(comment)@example.org",
		"alice@(comment)example.org",
		"alice%evil.test@example.org",
		"evil.test!alice@example.org",
		"alice <alice@example.org>",
		"<alice@example.org>",
		"alice@example.org, bob@example.org",
		"alice@example.org;bob@example.org",
		"alice @example.org",
		" alice@example.org",
		"alice@example.org ",
		"alice@ example.org",
		"alice@example.org\r\nBcc: bob@example.org",
		"alice\r\n@example.org",
		"alice\n@example.org",
		"alice\t@example.org",
		"alice@example.org\n",
		"alice@exam\nple.org",
		"al\xc3\xad\x63\x65@example.org",
		"alice@[127.0.0.1]",
		"alice@127.0.0.1",
		"alice@[IPv6:::1]",
		"alice@example.org:25",
		"alice@example..org",
		"alice@-example.org",
		"alice@example.org/x",
		"alice@example.org?x",
		"alice@ex_ample.org",
		"=?utf-8?q?alice?=@example.org",
		"mailto:alice@example.org",
		"alice\\@example.org",
		"alice:x@example.org",
		"[alice]@example.org",
		"{alice}@example.org",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org",
	};
	struct ctx ctx = { .arena = arena_new(1 << 20) };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct email email;
		if (parse(&ctx, rows[i], &email) == RC_OK)
			fail_msg("%s was taken", rows[i]);
	}
	struct email email;
	assert_int_equal(email_parse(&ctx, STR("a\0b@example.org"), 0, &email), RC_INVALID);
	assert_int_equal(email_parse(&ctx, STR("a@example.org\0"), 0, &email), RC_INVALID);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_read),
		cmocka_unit_test(s107_what_servers_read_differently_is_refused),
	};
	return cmocka_run_group_tests_name("email", tests, NULL, NULL);
}
