/* Signed requests to a store of objects: the signature is worked out anew from what arrived. */
#include <stdio.h>

#include "core/enc.h"
#include "crypt/digest.h"
#include "net.h"

#define KEY_ID "AKIDEXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define DIGEST_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const struct fetch_s3 credentials = { STR_INIT("eu-north-1"), STR_INIT(KEY_ID),
					     STR_INIT(SECRET) };

/* The value of a header of the last request, without its blanks; absent when there is none. */
static struct str header_of(struct str request, struct str name)
{
	struct str line;
	while (str_next(&request, '\n', &line) && str_trim(line).len != 0) {
		struct str key, value;
		if (str_split(line, ':', &key, &value) && str_eq_nocase(key, name))
			return str_trim(value);
	}
	return STR_NONE;
}

static struct str part_of(struct str authorization, struct str name)
{
	struct str rest = str_skip(authorization, str_find(authorization, name) + name.len);
	return str_take(rest, str_index(rest, ','));
}

static void add_digest(struct buf *out, struct str bytes)
{
	struct digest digest = digest_sha256(bytes);
	enc_hex(out, str_n(digest.bytes, DIGEST_SIZE));
}

static struct digest chained(struct digest key, struct str text)
{
	return digest_hmac(str_n(key.bytes, DIGEST_SIZE), text);
}

/* AWS Signature Version 4: the canonical request, what is signed of it, and the key for the day. */
static void expected_signature(struct buf *out, struct str request, struct str body)
{
	struct buf canonical CLEANUP(buf_free) = BUF_INIT(8192);
	struct buf text CLEANUP(buf_free) = BUF_INIT(8192);
	struct str method, target, rest, name;
	struct str names = part_of(header_of(request, STR("Authorization")), STR("SignedHeaders="));
	struct str date = header_of(request, STR("X-Amz-Date")), day = str_take(date, 8);
	str_split(request, ' ', &method, &rest);
	str_split(rest, ' ', &target, &rest);
	buf_addf(&canonical, "%.*s\n%.*s\n\n", STR_ARG(method), STR_ARG(target));
	for (struct str left = names; str_next(&left, ';', &name);) {
		struct str value = header_of(request, name);
		assert_non_null(value.ptr);
		buf_addf(&canonical, "%.*s:%.*s\n", STR_ARG(name), STR_ARG(value));
	}
	buf_addf(&canonical, "\n%.*s\n", STR_ARG(names));
	add_digest(&canonical, body);
	buf_addf(&text, "AWS4-HMAC-SHA256\n%.*s\n%.*s/eu-north-1/s3/aws4_request\n", STR_ARG(date),
		 STR_ARG(day));
	add_digest(&text, buf_str(&canonical));
	struct digest key = digest_hmac(STR("AWS4" SECRET), day);
	key = chained(chained(chained(key, STR("eu-north-1")), STR("s3")), STR("aws4_request"));
	key = chained(key, buf_str(&text));
	enc_hex(out, str_n(key.bytes, DIGEST_SIZE));
}

static void send_to(const char *path, const char *method, struct str body)
{
	struct outcome o;
	char url[128];
	const struct fetch_header type = { STR("Content-Type"), STR("image/png") };
	struct fetch_body *bytes = body.ptr != NULL ? fetch_body_new(body) : NULL;
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), path));
	req.method = str_of(method);
	req.s3 = &credentials;
	req.body = bytes;
	req.headers = body.ptr != NULL ? &type : NULL;
	req.header_count = body.ptr != NULL;
	outcome_init(&o);
	fetch_submit(client, &req);
	fetch_body_unref(&bytes);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	outcome_free(&o);
}

static void every_method_is_signed(void **state UNUSED)
{
	static const struct {
		const char *path, *method;
		struct str body;
		const char *digest; /* NULL: of another body */
	} cases[] = {
		{ "/echo", "PUT", STR_INIT("hello"), NULL },
		{ "/echo", "PUT", STR_INIT(""), DIGEST_OF_NOTHING },
		{ "/hello", "GET", { NULL, 0 }, DIGEST_OF_NOTHING },
		{ "/empty", "DELETE", { NULL, 0 }, DIGEST_OF_NOTHING },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf expected CLEANUP(buf_free) = BUF_INIT(256);
		send_to(cases[i].path, cases[i].method, cases[i].body);
		struct str request = last_request();
		assert_true(str_has_prefix(request, str_of(cases[i].method)));
		assert_true(str_has_suffix(request, cases[i].body));
		struct str digest = header_of(request, STR("X-Amz-Content-Sha256"));
		if (cases[i].digest != NULL)
			assert_str_eq(digest, str_of(cases[i].digest));
		expected_signature(&expected, request, cases[i].body);
		struct str sent = header_of(request, STR("Authorization"));
		assert_true(str_has_prefix(sent, STR("AWS4-HMAC-SHA256 Credential=" KEY_ID "/")));
		assert_str_eq(part_of(sent, STR("Signature=")), buf_str(&expected));
	}
}

static void s042_nobody_else_gets_the_credentials(void **state UNUSED)
{
	struct outcome o;
	send_to("/hello", "GET", STR_NONE);
	for (unsigned i = 0; i < 8; i++) {
		get(&o, "/hello");
		assert_null(header_of(last_request(), STR("Authorization")).ptr);
		assert_null(header_of(last_request(), STR("X-Amz-Date")).ptr);
		assert_true(str_has_prefix(last_request(), STR("GET /hello ")));
		outcome_free(&o);
	}
}

static void who_is_trusted_may_be_private_and_leads_nowhere_else(void **state UNUSED)
{
	struct fetch_settings settings = settings_of_tests();
	struct outcome o;
	char url[128];
	settings.allow_addresses = STR("10.99.0.0/16");
	struct fetch *strict = client_new(settings);
	struct fetch_request req = request_of(&o, url_of(url, sizeof(url), "/hello"));
	outcome_init(&o);
	fetch_submit(strict, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_BLOCKED);
	outcome_free(&o);
	req.trusted = true;
	outcome_init(&o);
	fetch_submit(strict, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_OK);
	outcome_free(&o);
	req.url = url_of(url, sizeof(url), "/moved");
	outcome_init(&o);
	fetch_submit(strict, &req);
	outcome_wait(&o);
	assert_int_equal(o.status, 301);
	outcome_free(&o);
	/* the same connection is nobody's to use who is not trusted */
	req.trusted = false;
	req.url = url_of(url, sizeof(url), "/hello");
	outcome_init(&o);
	fetch_submit(strict, &req);
	outcome_wait(&o);
	assert_int_equal(o.rc, RC_BLOCKED);
	outcome_free(&o);
	fetch_free(&strict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_is_signed),
		cmocka_unit_test(s042_nobody_else_gets_the_credentials),
		cmocka_unit_test(who_is_trusted_may_be_private_and_leads_nowhere_else),
	};
	return cmocka_run_group_tests(tests, net_setup, net_teardown);
}
