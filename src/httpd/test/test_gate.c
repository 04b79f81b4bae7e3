/* The gate as a pure function: rows of heads and what becomes of them. */
#include "../gate_int.h"

#include "testkit.h"

#define HEADERS_MAX 6

struct row {
	const char *method, *version, *target;
	const char *headers[HEADERS_MAX]; /* "Name: value" */
	unsigned status;
};

static struct gate_verdict check(const struct row *row, bool backwards)
{
	struct httpd_header headers[HEADERS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < HEADERS_MAX; i++) {
		const char *line = row->headers[backwards ? HEADERS_MAX - 1 - i : i];
		struct str name, value;
		if (line == NULL)
			continue;
		assert_true(str_split(str_of(line), ':', &name, &value));
		value = str_has_prefix(value, STR(" ")) ? str_skip(value, 1) : value;
		headers[count++] = (struct httpd_header){ name, value };
	}
	return gate_check(&(struct gate_input){
		.method = str_of(row->method),
		.version = str_of(row->version),
		.target = str_of(row->target),
		.headers = headers,
		.header_count = count,
		.exact = true,
	});
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct gate_verdict forwards = check(&rows[i], false);
		struct gate_verdict backwards = check(&rows[i], true);
		if (forwards.status != rows[i].status)
			fail_msg("row %zu: %s %s: %u (%s), not %u", i, rows[i].method,
				 rows[i].target, forwards.status,
				 forwards.reason != NULL ? forwards.reason : "passed",
				 rows[i].status);
		assert_int_equal(forwards.status, backwards.status);
		assert_ptr_equal(forwards.reason, backwards.reason);
	}
}

#define H "Host: a.example"
#define V11 "HTTP/1.1"
#define V10 "HTTP/1.0"

static void passes_what_honest_clients_send(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "GET", V11, "/", { H }, 0 },
		{ "HEAD", V11, "/users/alice", { "host: a.example:8080" }, 0 },
		{ "GET", V10, "/", { NULL }, 0 },
		{ "GET", V11, "/@alice@b.example/1?only_media=true", { H }, 0 },
		{ "GET", V11, "/api/v1/x?id[]=1&id[]=2&q=a%2Fb%20c+d?", { H }, 0 },
		{ "GET", V11, "/a-._~!$&'()*+,;=:@/b", { H }, 0 },
		{ "GET", V11, "/users/al%C3%ADce", { H }, 0 },
		{ "GET", V11, "/.well-known/webfinger?resource=acct:a@b", { H }, 0 },
		{ "GET", V11, "/a/...", { H }, 0 },
		{ "GET", V11, "/a//b", { H }, 0 },
		{ "GET", V11, "/?", { H }, 0 },
		{ "GET", V11, "/", { "Host: [2001:db8::1]:443" }, 0 },
		{ "GET", V11, "/", { H, "Cookie: a=1", "Cookie: b=2" }, 0 },
		{ "GET", V11, "/", { H, "Accept: a/b", "Accept: c/d" }, 0 },
		{ "GET", V11, "/", { H, "X-Name: caf\xc3\xa9" }, 0 },
		{ "GET", V11, "/", { H, "X-Empty:" }, 0 },
		{ "POST", V11, "/inbox", { H, "Content-Length: 0" }, 0 },
		{ "POST", V11, "/inbox", { H, "Content-Length: 18446744073709551615" }, 0 },
		{ "POST", V10, "/inbox", { H, "Content-Length: 5" }, 0 },
		{ "POST", V11, "/inbox", { H, "Transfer-Encoding: Chunked" }, 0 },
		{ "POST", V11, "/inbox", { H, "Expect: 100-Continue", "Content-Length: 5" }, 0 },
		{ "POST", V11, "/inbox", { H, "Content-Encoding: identity" }, 0 },
		{ "PUT", V11, "/", { H }, 0 },
		{ "PATCH", V11, "/", { H }, 0 },
		{ "DELETE", V11, "/", { H }, 0 },
		{ "OPTIONS", V11, "/", { H }, 0 },
	};
	check_rows(rows, ARRAY_LEN(rows));
}

static void s045_refuses_ambiguous_framing(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "POST", V11, "/", { H, "Content-Length: 5", "Content-Length: 6" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 5", "content-length: 5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 5", "Transfer-Encoding: chunked" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: chunked", "Content-Length: 0" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: xchunked" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: gzip, chunked" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: chunked, identity" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: identity" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding:" }, 400 },
		{ "POST", V11, "/", { H, "Transfer-Encoding: \"chunked\"" }, 400 },
		{ "POST",
		  V11,
		  "/",
		  { H, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked" },
		  400 },
		{ "POST", V10, "/", { H, "Transfer-Encoding: chunked" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length:" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: +5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: -5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 5, 5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 0x5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 5 5" }, 400 },
		{ "POST", V11, "/", { H, "Content-Length: 18446744073709551616" }, 400 },
		{ "POST", V11, "/", { H, "Expect: something" }, 417 },
		{ "POST", V11, "/", { H, "Content-Encoding: gzip" }, 415 },
	};
	check_rows(rows, ARRAY_LEN(rows));
}

static void s045_refuses_doubled_and_missing_headers(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "GET", V11, "/", { NULL }, 400 },
		{ "GET", V11, "/", { "Host:" }, 400 },
		{ "GET", V11, "/", { H, "Host: b.example" }, 400 },
		{ "GET", V11, "/", { H, "HOST: a.example" }, 400 },
		{ "GET", V11, "/", { "Host: a.example, b.example" }, 400 },
		{ "GET", V11, "/", { "Host: a.example/x" }, 400 },
		{ "GET", V11, "/", { "Host: u@a.example" }, 400 },
		{ "GET", V11, "/", { "Host: a example" }, 400 },
		{ "GET", V10, "/", { H, H }, 400 },
		{ "GET", V11, "/", { H, "Content-Type: a/b", "Content-Type: a/b" }, 400 },
		{ "GET", V11, "/", { H, "Signature: a", "signature: b" }, 400 },
		{ "GET", V11, "/", { H, "Signature-Input: a", "Signature-Input: b" }, 400 },
		{ "GET", V11, "/", { H, "Digest: a", "Digest: a" }, 400 },
		{ "GET", V11, "/", { H, "Content-Digest: a", "Content-Digest: a" }, 400 },
		{ "GET", V11, "/", { H, "Date: a", "DATE: a" }, 400 },
		{ "GET", V11, "/", { H, "Authorization: a", "Authorization: b" }, 400 },
		{ "GET", V11, "/", { H, "Authorization:", "Authorization: b" }, 400 },
	};
	check_rows(rows, ARRAY_LEN(rows));
}

static void s045_refuses_malformed_heads(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "get", V11, "/", { H }, 400 },
		{ "Get", V11, "/", { H }, 400 },
		{ "BREW", V11, "/", { H }, 400 },
		{ "TRACE", V11, "/", { H }, 400 },
		{ "CONNECT", V11, "a.example:443", { H }, 400 },
		{ "GET ", V11, "/", { H }, 400 },
		{ "", V11, "/", { H }, 400 },
		{ "GET", "HTTP/1.2", "/", { H }, 400 },
		{ "GET", "HTTP/2.0", "/", { H }, 400 },
		{ "GET", "http/1.1", "/", { H }, 400 },
		{ "GET", "HTTP/1.1 ", "/", { H }, 400 },
		{ "GET", "", "/", { H }, 400 },
		{ "GET", V11, "/", { H, ": empty name" }, 400 },
		{ "GET", V11, "/", { H, "Date : space" }, 400 },
		{ "GET", V11, "/", { H, "Da te: space" }, 400 },
		{ "GET", V11, "/", { H, "Date\tx: tab" }, 400 },
		{ "GET", V11, "/", { H, "X(y): parenthesis" }, 400 },
		{ "GET", V11, "/", { H, "X\xc3\xa9: not ASCII" }, 400 },
		{ "GET", V11, "/", { H, "X: a\rb" }, 400 },
		{ "GET", V11, "/", { H, "X: a\nb" }, 400 },
		{ "GET", V11, "/", { H, "X: a\x01" }, 400 },
		{ "GET", V11, "/", { H, "X: a\x7f" }, 400 },
		{ "GET", V11, "/", { H, "X: a\tb" }, 400 },
	};
	check_rows(rows, ARRAY_LEN(rows));
}

static void s046_refuses_confusing_targets(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "GET", V11, "", { H }, 400 },
		{ "GET", V11, "*", { H }, 400 },
		{ "OPTIONS", V11, "*", { H }, 400 },
		{ "GET", V11, "users/alice", { H }, 400 },
		{ "GET", V11, "http://a.example/", { H }, 400 },
		{ "GET", V11, "/..", { H }, 400 },
		{ "GET", V11, "/../etc/passwd", { H }, 400 },
		{ "GET", V11, "/a/../b", { H }, 400 },
		{ "GET", V11, "/a/./b", { H }, 400 },
		{ "GET", V11, "/a/.", { H }, 400 },
		{ "GET", V11, "/%2e%2e/admin", { H }, 400 },
		{ "GET", V11, "/.%2E/admin", { H }, 400 },
		{ "GET", V11, "/a/%2e", { H }, 400 },
		{ "GET", V11, "/users/a%2fb", { H }, 400 },
		{ "GET", V11, "/users/a%2Fb", { H }, 400 },
		{ "GET", V11, "/users/a%5cb", { H }, 400 },
		{ "GET", V11, "/users/a\\b", { H }, 400 },
		{ "GET", V11, "/users/a%00", { H }, 400 },
		{ "GET", V11, "/?q=%00", { H }, 400 },
		{ "GET", V11, "/a%0d%0aX:y", { H }, 400 },
		{ "GET", V11, "/a%7f", { H }, 400 },
		{ "GET", V11, "/a%", { H }, 400 },
		{ "GET", V11, "/a%4", { H }, 400 },
		{ "GET", V11, "/a%zz", { H }, 400 },
		{ "GET", V11, "/?a%z", { H }, 400 },
		{ "GET", V11, "/a%u002e", { H }, 400 },
		{ "GET", V11, "/a#fragment", { H }, 400 },
		{ "GET", V11, "/a?b#fragment", { H }, 400 },
		{ "GET", V11, "/a b", { H }, 400 },
		{ "GET", V11, "/a\tb", { H }, 400 },
		{ "GET", V11, "/a\x01", { H }, 400 },
		{ "GET", V11, "/caf\xc3\xa9", { H }, 400 },
		{ "GET", V11, "/a|b", { H }, 400 },
		{ "GET", V11, "/a\"b", { H }, 400 },
		{ "GET", V11, "/<script>", { H }, 400 },
		{ "GET", V11, "/a[b]", { H }, 400 },
		{ "GET", V11, "/%ff", { H }, 400 },
		{ "GET", V11, "/%c0%af", { H }, 400 },
		{ "GET", V11, "/%ed%a0%80", { H }, 400 },
	};
	check_rows(rows, ARRAY_LEN(rows));
}

static void s045_refuses_lines_that_were_not_lines(void **state UNUSED)
{
	const struct httpd_header host = { STR("Host"), STR("a") };
	struct gate_input in = { .method = STR("GET"),
				 .version = STR("HTTP/1.1"),
				 .target = STR("/"),
				 .headers = &host,
				 .header_count = 1,
				 .exact = false };
	assert_int_equal(gate_check(&in).status, 400);
	in.exact = true;
	assert_int_equal(gate_check(&in).status, 0);
}

static void s045_holds_the_limits_to_the_byte(void **state UNUSED)
{
	static char text[GATE_HEADER_BYTES_MAX];
	static struct httpd_header headers[GATE_HEADERS_MAX + 1];
	struct gate_input in = { .method = STR("GET"),
				 .version = STR("HTTP/1.1"),
				 .headers = headers,
				 .header_count = GATE_HEADERS_MAX,
				 .exact = true };
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		headers[i] = (struct httpd_header){ STR("x"), STR("") };
	headers[0] = (struct httpd_header){ STR("host"), STR("a") };
	in.target = str_n(text, GATE_TARGET_MAX);
	assert_int_equal(gate_check(&in).status, 0);
	in.target = str_n(text, GATE_TARGET_MAX + 1);
	assert_int_equal(gate_check(&in).status, 414);
	in.target = STR("/");
	in.header_count++;
	assert_int_equal(gate_check(&in).status, 431);
	/* "host: a" with its four bytes is 9, "x: " with its four 5 */
	in.header_count = 2;
	headers[1].value = str_n(text, GATE_HEADER_BYTES_MAX - 14);
	assert_int_equal(gate_check(&in).status, 0);
	headers[1].value.len++;
	assert_int_equal(gate_check(&in).status, 431);
}

static void tells_method_and_framing(void **state UNUSED)
{
	static const struct row rows[] = {
		{ "HEAD", V11, "/", { H }, 0 },
		{ "POST", V11, "/", { H, "Content-Length: 0123" }, 0 },
		{ "PATCH", V11, "/", { H, "Transfer-Encoding: chunked" }, 0 },
	};
	struct gate_verdict v = check(&rows[0], false);
	assert_true(v.method == HTTP_GET && v.head && !v.chunked && v.length == 0);
	v = check(&rows[1], false);
	assert_true(v.method == HTTP_POST && !v.head && !v.chunked && v.length == 123);
	v = check(&rows[2], false);
	assert_true(v.method == HTTP_PATCH && !v.head && v.chunked && v.length == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_what_honest_clients_send),
		cmocka_unit_test(s045_refuses_ambiguous_framing),
		cmocka_unit_test(s045_refuses_doubled_and_missing_headers),
		cmocka_unit_test(s045_refuses_malformed_heads),
		cmocka_unit_test(s046_refuses_confusing_targets),
		cmocka_unit_test(s045_refuses_lines_that_were_not_lines),
		cmocka_unit_test(s045_holds_the_limits_to_the_byte),
		cmocka_unit_test(tells_method_and_framing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
