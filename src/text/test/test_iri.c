/* IRIs: what is taken and in which canonical form, what is refused (S-034, S-036). */
#include "text/iri.h"

#include "testkit.h"

struct row {
	const char *text;
	const char *canonical; /* NULL: refused */
	unsigned flags;
};

static const struct row iris[] = {
	/* what is common */
	{ "https://example.org/users/a", "https://example.org/users/a", 0 },
	{ "https://example.org/users/a#main-key", "https://example.org/users/a#main-key", 0 },
	{ "https://example.org/a?b=c&d=e", "https://example.org/a?b=c&d=e", 0 },
	{ "https://example.org/", "https://example.org/", 0 },
	{ "https://a-b.example.org/x", "https://a-b.example.org/x", 0 },
	{ "https://1.example.org/x", "https://1.example.org/x", 0 },
	{ "https://r3---sn-abc.example.org/", "https://r3---sn-abc.example.org/", 0 },
	{ "https://example.org/@user/1", "https://example.org/@user/1", 0 },
	{ "https://example.org/a;b=c,d/(e)!*'$+~", "https://example.org/a;b=c,d/(e)!*'$+~", 0 },
	{ "https://example.org/a?b=/?:@", "https://example.org/a?b=/?:@", 0 },
	{ "https://example.org//a//b/", "https://example.org//a//b/", 0 },
	/* case */
	{ "HTTPS://EXAMPLE.ORG/Users/A", "https://example.org/Users/A", 0 },
	{ "hTTps://eXample.Org/%2F%aB", "https://example.org/%2F%aB", 0 },
	/* an empty path */
	{ "https://example.org", "https://example.org/", 0 },
	{ "https://example.org?x", "https://example.org/?x", 0 },
	{ "https://example.org#f", "https://example.org/#f", 0 },
	{ "https://example.org/a?", "https://example.org/a?", 0 },
	{ "https://example.org/a#", "https://example.org/a#", 0 },
	/* trailing dot */
	{ "https://example.org./a", "https://example.org/a", 0 },
	{ "https://example.org.:443/a", "https://example.org/a", 0 },
	{ "https://example.org../a", NULL, 0 },
	{ "https://.example.org/a", NULL, 0 },
	{ "https://example..org/a", NULL, 0 },
	{ "https://./a", NULL, 0 },
	/* ports */
	{ "https://example.org:443/a", "https://example.org/a", 0 },
	{ "https://example.org:8443/a", "https://example.org:8443/a", 0 },
	{ "https://example.org:80/a", "https://example.org:80/a", 0 },
	{ "https://example.org:1", "https://example.org:1/", 0 },
	{ "https://example.org:65535/", "https://example.org:65535/", 0 },
	{ "https://example.org:65536/", NULL, 0 },
	{ "https://example.org:0/", NULL, 0 },
	{ "https://example.org:/", NULL, 0 },
	{ "https://example.org:0443/", NULL, 0 },
	{ "https://example.org:+443/", NULL, 0 },
	{ "https://example.org:-1/", NULL, 0 },
	{ "https://example.org:443443/", NULL, 0 },
	{ "https://example.org:44a/", NULL, 0 },
	{ "https://example.org:443:443/", NULL, 0 },
	/* schemes */
	{ "", NULL, 0 },
	{ "https", NULL, 0 },
	{ "https:", NULL, 0 },
	{ "https:/", NULL, 0 },
	{ "https://", NULL, 0 },
	{ "https:///", NULL, 0 },
	{ "https:///example.org/", NULL, 0 },
	{ "https:/example.org/", NULL, 0 },
	{ "https:example.org", NULL, 0 },
	{ "https:\\\\example.org\\a", NULL, 0 },
	{ "//example.org/a", NULL, 0 },
	{ "/users/a", NULL, 0 },
	{ "example.org/a", NULL, 0 },
	{ "http://example.org/a", NULL, 0 },
	{ "httpss://example.org/a", NULL, 0 },
	{ "ftp://example.org/a", NULL, IRI_HTTP },
	{ "file:///etc/passwd", NULL, IRI_HTTP | IRI_LITERAL },
	{ "gopher://example.org/", NULL, IRI_HTTP },
	{ "javascript:alert(1)", NULL, IRI_HTTP },
	{ "data:text/html,x", NULL, IRI_HTTP },
	{ "acct:a@example.org", NULL, IRI_HTTP },
	{ " https://example.org/", NULL, 0 },
	{ "http://example.org/a", "http://example.org/a", IRI_HTTP },
	{ "http://example.org:80/a", "http://example.org/a", IRI_HTTP },
	{ "http://example.org:443/a", "http://example.org:443/a", IRI_HTTP },
	{ "https://example.org/a", "https://example.org/a", IRI_HTTP },
	/* userinfo */
	{ "https://user@example.org/", NULL, 0 },
	{ "https://user:pw@example.org/", NULL, 0 },
	{ "https://@example.org/", NULL, 0 },
	{ "https://example.org@evil.test/", NULL, 0 },
	{ "https://example.org:443@evil.test/", NULL, 0 },
	{ "https://example.org/@evil.test/", "https://example.org/@evil.test/", 0 },
	/* backslashes, white space, controls */
	{ "https://example.org\\@evil.test/", NULL, 0 },
	{ "https://example.org\\a", NULL, 0 },
	{ "https://example.org/a\\b", NULL, 0 },
	{ "https://example.org/a b", NULL, 0 },
	{ "https://example.org/ ", NULL, 0 },
	{ "https://example.org /", NULL, 0 },
	{ "https://exam ple.org/", NULL, 0 },
	{ "https://example.org/a\tb", NULL, 0 },
	{ "https://example.org/a\nb", NULL, 0 },
	{ "https://example.org/a\r\nHost: evil.test", NULL, 0 },
	{ "https://exam\tple.org/", NULL, 0 },
	{ "https://example.org/\x01", NULL, 0 },
	{ "https://example.org/\x7f", NULL, 0 },
	/* what RFC 3986 does not allow */
	{ "https://example.org/<a>", NULL, 0 },
	{ "https://example.org/\"", NULL, 0 },
	{ "https://example.org/a|b", NULL, 0 },
	{ "https://example.org/{a}", NULL, 0 },
	{ "https://example.org/a^b", NULL, 0 },
	{ "https://example.org/`", NULL, 0 },
	{ "https://example.org/[a]", NULL, 0 },
	{ "https://example.org/?a[]=1", NULL, 0 },
	{ "https://example.org/#a#b", NULL, 0 },
	{ "https://example.org/?a#b?c/d", "https://example.org/?a#b?c/d", 0 },
	/* percent */
	{ "https://example.org/%20", "https://example.org/%20", 0 },
	{ "https://example.org/%00", NULL, 0 },
	{ "https://example.org/?%00", NULL, 0 },
	{ "https://example.org/#%00", NULL, 0 },
	{ "https://example.org/%", NULL, 0 },
	{ "https://example.org/%4", NULL, 0 },
	{ "https://example.org/%4g", NULL, 0 },
	{ "https://example.org/a%2", NULL, 0 },
	{ "https://a%2etest/", NULL, 0 },
	{ "https://example%2eorg/", NULL, 0 },
	{ "https://%65xample.org/", NULL, 0 },
	/* dot segments */
	{ "https://example.org/../a", NULL, 0 },
	{ "https://example.org/a/./b", NULL, 0 },
	{ "https://example.org/a/..", NULL, 0 },
	{ "https://example.org/a/%2e%2E/b", NULL, 0 },
	{ "https://example.org/a/.%2e/b", NULL, 0 },
	{ "https://example.org/a/.../b", "https://example.org/a/.../b", 0 },
	{ "https://example.org/.well-known/x", "https://example.org/.well-known/x", 0 },
	{ "https://example.org/a?b=/../c", "https://example.org/a?b=/../c", 0 },
	/* other characters */
	{ "https://example.org/caf\xc3\xa9", "https://example.org/caf%C3%A9", 0 },
	{ "https://example.org/?q=\xe6\x97\xa5", "https://example.org/?q=%E6%97%A5", 0 },
	{ "https://example.org/#\xf0\x9f\x98\x80", "https://example.org/#%F0%9F%98%80", 0 },
	{ "https://example.org/\xff", NULL, 0 },
	{ "https://example.org/\xc0\xaf", NULL, 0 },
	{ "https://example.org/\xed\xa0\x80", NULL, 0 },
	/* IDN */
	{ "https://b\xc3\xbc"
	  "cher.example/",
	  "https://xn--bcher-kva.example/", 0 },
	{ "https://B\xc3\x9c"
	  "CHER.example/",
	  "https://xn--bcher-kva.example/", 0 },
	{ "https://bu\xcc\x88"
	  "cher.example/",
	  "https://xn--bcher-kva.example/", 0 },
	{ "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/", 0 },
	{ "https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/", 0 },
	{ "https://fa\xc3\x9f.example/", "https://xn--fa-hia.example/", 0 },
	{ "https://\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88/",
	  "https://xn--r8jz45g.xn--zckzah/", 0 },
	{ "https://\xce\xa3\xce\x91\xce\xa3.example/", "https://xn--mxa9ab.example/", 0 },

	{ "https://\xd7\x90.example/", "https://xn--4db.example/", 0 },
	/* refused by IDNA2008 or STD3 */
	{ "https://example\xe3\x80\x82org/", NULL, 0 },
	{ "https://\xef\xbd\x85xample.org/", NULL, 0 },
	{ "https://\xe2\x84\xaaube.example/", NULL, 0 },
	{ "https://\xc4\xb0o.example/", NULL, 0 },
	{ "https://a\xcd\xbe.example/", NULL, 0 },
	{ "https://exam\xc2\xadple.example/", NULL, 0 },
	{ "https://\xe2\x98\x83.example/", NULL, 0 },
	{ "https://xn--n3h.example/", NULL, 0 },
	{ "https://\xf0\x9f\x92\xa9.example/", NULL, 0 },
	{ "https://\xe2\x84\x80.example/", NULL, 0 },
	{ "https://a\xe2\x80\xae.example/", NULL, 0 },
	{ "https://a\xe2\x80\x8d"
	  "b.example/",
	  NULL, 0 },
	{ "https://\xcc\x81"
	  "a.example/",
	  NULL, 0 },
	{ "https://a\xef\xbc\x8f"
	  "b.example/",
	  NULL, 0 },
	{ "https://xn--a.example/", NULL, 0 },
	{ "https://xn--.example/", NULL, 0 },
	{ "https://xn--example-.example/", NULL, 0 },
	{ "https://xn--BCHER-KVA\xc3\xbc.example/", NULL, 0 },
	{ "https://b\xffr.example/", NULL, 0 },
	{ "https://my_host.example/", NULL, 0 },
	{ "https://-a.example/", NULL, 0 },
	{ "https://a-.example/", NULL, 0 },
	{ "https://a!.example/", NULL, 0 },
	{ "https://a*.example/", NULL, 0 },
	{ "https://a,b.example/", NULL, 0 },
	/* names without a dot, and addresses */
	{ "https://localhost/", NULL, 0 },
	{ "https://localhost./", NULL, 0 },
	{ "https://127.0.0.1/", NULL, 0 },
	{ "https://127.1/", NULL, 0 },
	{ "https://127.1/", NULL, IRI_LITERAL },
	{ "https://0x7f.1/", NULL, IRI_LITERAL },
	{ "https://a.0x7f/", NULL, IRI_LITERAL },
	{ "https://2130706433/", NULL, IRI_LITERAL },
	{ "https://0177.0.0.1/", NULL, IRI_LITERAL },
	{ "https://1.2.3.256/", NULL, IRI_LITERAL },
	{ "https://example.1/", NULL, 0 },
	{ "https://\xef\xbc\x91.2.3.4/", NULL, 0 },
	{ "https://[::1]/", NULL, 0 },
	{ "https://[::ffff:127.0.0.1]/", NULL, 0 },
	{ "https://localhost/", "https://localhost/", IRI_LITERAL },
	{ "https://LOCALHOST.:8080/", "https://localhost:8080/", IRI_LITERAL },
	{ "https://127.0.0.1:9/", "https://127.0.0.1:9/", IRI_LITERAL },
	{ "https://[::1]/", "https://[::1]/", IRI_LITERAL },
	{ "https://[0:0:0:0:0:0:0:1]:443/", "https://[::1]/", IRI_LITERAL },
	{ "https://[2001:DB8::A]:8443/", "https://[2001:db8::a]:8443/", IRI_LITERAL },
	{ "https://[::1/", NULL, IRI_LITERAL },
	{ "https://[::1]x/", NULL, IRI_LITERAL },
	{ "https://[::1]:/", NULL, IRI_LITERAL },
	{ "https://[fe80::1%25eth0]/", NULL, IRI_LITERAL },
	{ "https://[v1.a]/", NULL, IRI_LITERAL },
	{ "https://[]/", NULL, IRI_LITERAL },
	{ "https://[/", NULL, IRI_LITERAL },
	{ "https://::1/", NULL, IRI_LITERAL },
};

static const struct row authorities[] = {
	{ "example.org", "example.org", 0 },
	{ "EX.test.:443", "ex.test", 0 },
	{ "Ex.Test", "ex.test", 0 },
	{ "ex.test.", "ex.test", 0 },
	{ "ex.test:443", "ex.test", 0 },
	{ "ex.test:8443", "ex.test:8443", 0 },
	{ "ex.test:80", "ex.test:80", 0 },
	{ "b\xc3\xbc"
	  "cher.example:444",
	  "xn--bcher-kva.example:444", 0 },
	{ "localhost:3000", "localhost:3000", IRI_LITERAL },
	{ "[::1]:3000", "[::1]:3000", IRI_LITERAL },
	{ "", NULL, 0 },
	{ "localhost", NULL, 0 },
	{ "ex.test/", NULL, 0 },
	{ "ex.test/a", NULL, 0 },
	{ "ex.test?", NULL, 0 },
	{ "ex.test#", NULL, 0 },
	{ "https://ex.test", NULL, 0 },
	{ "a@ex.test", NULL, 0 },
	{ "ex.test:", NULL, 0 },
	{ "ex.test\n", NULL, 0 },
	{ " ex.test", NULL, 0 },
	{ "ex.test\\", NULL, 0 },
	{ "ex%2etest", NULL, 0 },
	{ "\xff.test", NULL, 0 },
};

static struct ctx start(void)
{
	return (struct ctx){ .arena = arena_new(1 << 20) };
}

static void check_iri(const struct row *row)
{
	struct ctx ctx = start();
	struct iri iri, again;
	enum rc rc = iri_parse(&ctx, str_of(row->text), row->flags, &iri);
	if (row->canonical == NULL && rc == RC_OK)
		fail_msg("\"%s\" taken as \"%.*s\"", row->text, STR_ARG(iri.text));
	if (row->canonical == NULL) {
		assert_int_equal(rc, RC_INVALID);
		assert_int_not_equal(ctx.err.detail[0], 0);
		assert_null(iri.text.ptr);
		arena_free(&ctx.arena);
		return;
	}
	if (rc != RC_OK)
		fail_msg("\"%s\" refused: %s", row->text, ctx.err.detail);
	assert_str_eq(iri.text, str_of(row->canonical));
	assert_int_equal(iri_parse(&ctx, iri.text, row->flags, &again), RC_OK);
	assert_str_eq(again.text, iri.text);
	/* the parts are the whole */
	struct str rebuilt = arena_printf(
		ctx.arena, "%.*s://%.*s%.*s%s%.*s", STR_ARG(iri.scheme), STR_ARG(iri.authority),
		STR_ARG(iri.target), iri.fragment.ptr != NULL ? "#" : "", STR_ARG(iri.fragment));
	assert_str_eq(rebuilt, iri.text);
	assert_true(str_has_prefix(iri.authority, iri.host));
	arena_free(&ctx.arena);
}

static void s034_takes_and_refuses_iris_by_the_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(iris); i++)
		check_iri(&iris[i]);
}

static void s036_makes_authorities_canonical(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(authorities); i++) {
		const struct row *row = &authorities[i];
		struct ctx ctx = start();
		struct str out;
		enum rc rc = iri_authority(&ctx, str_of(row->text), row->flags, &out);
		if ((rc == RC_OK) != (row->canonical != NULL))
			fail_msg("\"%s\": %s", row->text, err_text(&ctx.err));
		if (row->canonical != NULL)
			assert_str_eq(out, str_of(row->canonical));
		arena_free(&ctx.arena);
	}
}

static void s034_refuses_nul_anywhere(void **state UNUSED)
{
	static const struct str texts[] = {
		STR_INIT("https://example.org/\0"),
		STR_INIT("https://example.org\0.evil.test/"),
		STR_INIT("https://b\xc3\xbcr.example\0.evil.test/"),
		STR_INIT("\0https://example.org/"),
		STR_INIT("https://example.org/?\0"),
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct ctx ctx = start();
		struct iri iri;
		assert_int_equal(iri_parse(&ctx, texts[i], IRI_STRICT, &iri), RC_INVALID);
		arena_free(&ctx.arena);
	}
}

static enum rc parse_of_length(const char *head, const char *unit, size_t len)
{
	struct ctx ctx = start();
	struct buf text = BUF_INIT(1 << 20);
	struct iri iri;
	buf_add(&text, str_of(head));
	while (text.len < len)
		buf_add(&text, str_of(unit));
	assert_int_equal(text.len, len);
	enum rc rc = iri_parse(&ctx, buf_str(&text), IRI_STRICT, &iri);
	buf_free(&text);
	arena_free(&ctx.arena);
	return rc;
}

static void s034_limits_length_before_and_after(void **state UNUSED)
{
	assert_int_equal(parse_of_length("https://example.org/", "a", IRI_MAX), RC_OK);
	assert_int_equal(parse_of_length("https://example.org/", "a", IRI_MAX + 1), RC_INVALID);
	assert_int_equal(parse_of_length("https://example.org/", "a", 500000), RC_INVALID);
	/* the canonical form is three times as long */
	assert_int_equal(parse_of_length("https://example.org/", "\xc3\xa9", 676), RC_OK);
	assert_int_equal(parse_of_length("https://example.org/", "\xc3\xa9", 1400), RC_INVALID);
	/* the slash that is added counts */
	assert_int_equal(parse_of_length("https://example.org?", "a", IRI_MAX - 1), RC_OK);
	assert_int_equal(parse_of_length("https://example.org?", "a", IRI_MAX), RC_INVALID);
}

static void s034_limits_names_and_labels(void **state UNUSED)
{
	char name[300];
	struct ctx ctx = start();
	struct str out;
	memset(name, 'a', sizeof(name));
	memcpy(name + 63, ".example", 9);
	assert_int_equal(iri_authority(&ctx, str_of(name), 0, &out), RC_OK);
	memset(name, 'a', sizeof(name));
	memcpy(name + 64, ".example", 9);
	assert_int_equal(iri_authority(&ctx, str_of(name), 0, &out), RC_INVALID);
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	assert_int_equal(iri_authority(&ctx, str_n(name, 253), 0, &out), RC_OK);
	assert_int_equal(iri_authority(&ctx, str_n(name, 254), 0, &out), RC_OK);
	assert_int_equal(out.len, 253);
	assert_int_equal(iri_authority(&ctx, str_n(name, 255), 0, &out), RC_INVALID);
	arena_free(&ctx.arena);
}

static void names_its_parts(void **state UNUSED)
{
	struct ctx ctx = start();
	struct iri iri;
	assert_int_equal(iri_parse(&ctx, STR("https://EX.test:8443/a/b?c#d"), 0, &iri), RC_OK);
	assert_str_eq(iri.scheme, STR("https"));
	assert_str_eq(iri.host, STR("ex.test"));
	assert_str_eq(iri.authority, STR("ex.test:8443"));
	assert_str_eq(iri.target, STR("/a/b?c"));
	assert_str_eq(iri.fragment, STR("d"));
	assert_str_eq(iri_document(&iri), STR("https://ex.test:8443/a/b?c"));
	assert_int_equal(iri_parse(&ctx, STR("https://ex.test/a#"), 0, &iri), RC_OK);
	assert_non_null(iri.fragment.ptr);
	assert_str_eq(iri_document(&iri), STR("https://ex.test/a"));
	assert_int_equal(iri_parse(&ctx, STR("https://ex.test"), 0, &iri), RC_OK);
	assert_null(iri.fragment.ptr);
	assert_str_eq(iri.target, STR("/"));
	assert_str_eq(iri_document(&iri), STR("https://ex.test/"));
	arena_free(&ctx.arena);
}

static bool same_origin(const char *a, const char *b)
{
	struct ctx ctx = start();
	struct iri left, right;
	assert_int_equal(iri_parse(&ctx, str_of(a), IRI_HTTP, &left), RC_OK);
	assert_int_equal(iri_parse(&ctx, str_of(b), IRI_HTTP, &right), RC_OK);
	bool same = iri_same_origin(&left, &right);
	arena_free(&ctx.arena);
	return same;
}

static void s036_compares_origins(void **state UNUSED)
{
	assert_true(same_origin("https://ex.test/a", "https://EX.test.:443/b?c#d"));
	assert_true(same_origin("http://ex.test:80/", "http://ex.test/"));
	assert_false(same_origin("https://ex.test/", "http://ex.test/"));
	assert_false(same_origin("https://ex.test/", "https://ex.test:444/"));
	assert_false(same_origin("https://ex.test:80/", "http://ex.test/"));
	assert_false(same_origin("https://a.ex.test/", "https://ex.test/"));
	assert_true(same_origin("https://b\xc3\xbcr.test/", "https://xn--br-xka.test/"));
}

static void out_of_memory_is_told_apart(void **state UNUSED)
{
	struct ctx ctx = { .arena = arena_new(8) };
	struct iri iri;
	assert_int_equal(iri_parse(&ctx, STR("https://example.org/"), 0, &iri), RC_NO_MEMORY);
	arena_free(&ctx.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s034_takes_and_refuses_iris_by_the_table),
		cmocka_unit_test(s036_makes_authorities_canonical),
		cmocka_unit_test(s034_refuses_nul_anywhere),
		cmocka_unit_test(s034_limits_length_before_and_after),
		cmocka_unit_test(s034_limits_names_and_labels),
		cmocka_unit_test(names_its_parts),
		cmocka_unit_test(s036_compares_origins),
		cmocka_unit_test(out_of_memory_is_told_apart),
	};
	return cmocka_run_group_tests_name("iri", tests, NULL, NULL);
}
