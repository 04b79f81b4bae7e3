/* What is demanded of a signature, for both schemes: components, digest, time, algorithm, query. */
#include "httpsig_kit.h"

static const enum httpsig_scheme schemes[] = { HTTPSIG_CAVAGE, HTTPSIG_RFC9421 };

static const struct key *kit_key(size_t i)
{
	return i == 0 ? kit.rsa : kit.ed25519;
}

static void a_signed_request_verifies(void **state UNUSED)
{
	static const char *const targets[] = { "/inbox", "/inbox?x=1&y=%20", "/", "/?" };
	static const char *const methods[] = { "GET", "POST" };
	for (size_t i = 0; i < 2 * 2 * 2 * ARRAY_LEN(targets); i++) {
		const struct key *key = kit_key(i & 1), *other = kit_key((i & 1) ^ 1);
		const char *method = methods[i >> 2 & 1];
		kit_request(method, targets[i >> 3]);
		kit_add(STR("Content-Type"), STR("application/activity+json"));
		if (strcmp(method, "POST") == 0)
			kit_body();
		kit_sign(schemes[i >> 1 & 1], key);
		assert_true(kit_accepts(key));
		assert_false(kit_accepts(other));
	}
}

/* What other servers' verifiers ask for, by name. */
static void writes_what_other_servers_read(void **state UNUSED)
{
	kit_request("POST", "/inbox?x=1");
	kit_body();
	kit_sign(HTTPSIG_CAVAGE, kit.rsa);
	assert_str_eq(kit_find(STR("host"))->value, STR("example.com"));
	assert_str_eq(kit_find(STR("date"))->value, STR("Tue, 20 Apr 2021 02:07:53 GMT"));
	assert_str_eq(kit_find(STR("digest"))->value,
		      STR("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="));
	assert_true(
		str_has_prefix(kit_find(STR("signature"))->value,
			       STR("keyId=\"https://peer.example/users/alice#main-key\","
				   "algorithm=\"rsa-sha256\","
				   "headers=\"(request-target) host date digest\",signature=\"")));
	kit_request("GET", "/users/alice");
	kit_sign(HTTPSIG_CAVAGE, kit.ed25519);
	assert_int_equal(kit.req.header_count, 3);
	assert_true(str_has_prefix(kit_find(STR("signature"))->value,
				   STR("keyId=\"https://peer.example/users/alice#main-key\","
				       "algorithm=\"hs2019\","
				       "headers=\"(request-target) host date\",signature=\"")));
	kit_request("POST", "/inbox");
	kit_body();
	kit_sign(HTTPSIG_RFC9421, kit.rsa);
	assert_int_equal(kit.req.header_count, 3);
	assert_str_eq(kit_find(STR("content-digest"))->value,
		      STR("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"));
	assert_str_eq(kit_find(STR("signature-input"))->value,
		      STR("sig1=(\"@method\" \"@target-uri\" \"content-digest\")"
			  ";created=1618884473"
			  ";keyid=\"https://peer.example/users/alice#main-key\""
			  ";alg=\"rsa-v1_5-sha256\""));
	assert_true(str_has_prefix(kit_find(STR("signature"))->value, STR("sig1=:")));
	kit_request("GET", "/users/alice");
	kit_sign(HTTPSIG_RFC9421, kit.ed25519);
	assert_int_equal(kit.req.header_count, 2);
	assert_str_eq(kit_find(STR("signature-input"))->value,
		      STR("sig1=(\"@method\" \"@target-uri\");created=1618884473"
			  ";keyid=\"https://peer.example/users/alice#main-key\";alg=\"ed25519\""));
}

static void refuses_to_sign_what_cannot_be_written(void **state UNUSED)
{
	static const struct str key_ids[] = { STR_INIT(""), STR_INIT("a\"b"), STR_INIT("a\\b"),
					      STR_INIT("a\nb"), STR_INIT("\xc3\xa9") };
	static const char *const targets[] = {
		"", "inbox", "/in box", "/in\nbox", "/inbox#x", "https://example.com/inbox"
	};
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	size_t count;
	for (size_t i = 0; i < ARRAY_LEN(key_ids) + ARRAY_LEN(targets); i++) {
		bool bad_key_id = i < ARRAY_LEN(key_ids);
		struct httpsig_signer signer = { .key = kit.rsa, .now_s = KIT_NOW };
		signer.key_id = bad_key_id ? key_ids[i] : STR("k");
		kit_request("GET", bad_key_id ? "/" : targets[i - ARRAY_LEN(key_ids)]);
		assert_int_equal(httpsig_sign(&kit.ctx, &kit.req, &signer, headers, &count),
				 RC_INVALID);
		assert_int_equal(count, 0);
	}
}

static void a_full_arena_fails_the_signing(void **state UNUSED)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	size_t count;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct ctx small = { .arena = arena_new(200) };
		struct httpsig_signer signer = { .scheme = schemes[i], .key = kit.rsa };
		signer.key_id = STR("k");
		kit_request("GET", "/");
		assert_int_equal(httpsig_sign(&small, &kit.req, &signer, headers, &count),
				 RC_NO_MEMORY);
		assert_int_equal(count, 0);
		arena_free(&small.arena);
	}
}

/* A request that was signed over just these components. */
static void sign_cavage_over(const char *method, const char *covered)
{
	struct arena *arena = kit.ctx.arena;
	struct httpsig sig;
	struct buf signature = BUF_INIT(1024), encoded = BUF_INIT(4096);
	kit_request(method, "/inbox?x=1");
	if (strcmp(method, "POST") == 0)
		kit_body();
	kit_add(STR("Host"), STR("example.com"));
	kit_add(STR("Date"), STR("Tue, 20 Apr 2021 02:07:53 GMT"));
	kit_add(STR("Digest"), STR("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="));
	kit_add(STR("Signature"),
		arena_printf(arena,
			     "keyId=\"k\",created=1618884473,headers=\"%s\",signature=\"AAAA\"",
			     covered));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_int_equal(key_sign(kit.rsa, sig.base, &signature), RC_OK);
	enc_base64(&encoded, buf_str(&signature));
	kit_find(STR("Signature"))->value = arena_printf(
		arena, "keyId=\"k\",created=1618884473,headers=\"%s\",signature=\"%s\"", covered,
		encoded.ptr);
	buf_free(&signature);
	buf_free(&encoded);
}

static void sign_rfc9421_over(const char *method, const char *covered)
{
	struct arena *arena = kit.ctx.arena;
	struct httpsig sig;
	struct buf signature = BUF_INIT(1024), encoded = BUF_INIT(4096);
	kit_request(method, "/inbox?x=1");
	if (strcmp(method, "POST") == 0)
		kit_body();
	kit_add(STR("Host"), STR("example.com"));
	kit_add(STR("Date"), STR("Tue, 20 Apr 2021 02:07:53 GMT"));
	kit_add(STR("Content-Digest"),
		STR("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"));
	kit_add(STR("Signature-Input"), arena_printf(arena, "s=%s;keyid=\"k\"", covered));
	kit_add(STR("Signature"), STR("s=:AAAA:"));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_int_equal(key_sign(kit.rsa, sig.base, &signature), RC_OK);
	enc_base64(&encoded, buf_str(&signature));
	kit_find(STR("Signature"))->value = arena_printf(arena, "s=:%s:", encoded.ptr);
	buf_free(&signature);
	buf_free(&encoded);
}

struct coverage {
	const char *method;
	const char *covered;
	bool enough;
};

static void s001_cavage_must_cover_what_matters(void **state UNUSED)
{
	static const struct coverage cases[] = {
		{ "POST", "(request-target) host date digest", true },
		{ "POST", "digest date host (request-target)", true },
		{ "POST", "(request-target) host (created) digest", true },
		{ "POST", "(request-target) host date (created) digest", true },
		{ "POST", "host date digest", false },
		{ "POST", "(request-target) date digest", false },
		{ "POST", "(request-target) host digest", false },
		{ "POST", "(request-target) host date", false },
		{ "POST", "date", false },
		{ "POST", "(created)", false },
		{ "GET", "(request-target) host date", true },
		{ "GET", "(request-target) host (created)", true },
		{ "GET", "host date", false },
		{ "GET", "(request-target) date", false },
		{ "GET", "(request-target) host", false },
		{ "DELETE", "(request-target) host date", true },
		{ "PUT", "(request-target) host date", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sign_cavage_over(cases[i].method, cases[i].covered);
		if (kit_accepts(kit.rsa) != cases[i].enough)
			fail_msg("%s over %s", cases[i].method, cases[i].covered);
	}
}

#define C ";created=1618884473"

static void s001_rfc9421_must_cover_what_matters(void **state UNUSED)
{
	static const struct coverage cases[] = {
		{ "POST", "(\"@method\" \"@target-uri\" \"content-digest\")" C, true },
		{ "POST", "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")" C,
		  true },
		{ "POST", "(\"@method\" \"host\" \"@path\" \"@query\" \"content-digest\")" C,
		  true },
		{ "POST", "(\"@target-uri\" \"content-digest\")" C, false },
		{ "POST", "(\"@method\" \"content-digest\")" C, false },
		{ "POST", "(\"@method\" \"@target-uri\")" C, false },
		{ "POST", "(\"@method\" \"@target-uri\" \"content-digest\")", false },
		{ "POST", "(\"date\" \"@method\" \"@target-uri\" \"content-digest\")", false },
		{ "POST", "(\"@method\" \"@path\" \"@query\" \"content-digest\")" C, false },
		{ "POST", "(\"@method\" \"@authority\" \"@query\" \"content-digest\")" C, false },
		{ "POST", "(\"@method\" \"@authority\" \"@path\" \"content-digest\")" C, false },
		{ "POST", "(\"@method\" \"@request-target\" \"content-digest\")" C, false },
		{ "POST", "()" C, false },
		{ "GET", "(\"@method\" \"@target-uri\")" C, true },
		{ "GET", "(\"@method\")" C, false },
		{ "GET", "(\"@target-uri\")" C, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sign_rfc9421_over(cases[i].method, cases[i].covered);
		if (kit_accepts(kit.rsa) != cases[i].enough)
			fail_msg("%s over %s", cases[i].method, cases[i].covered);
	}
}

static void s001_is_good_for_one_request_only(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		kit_request("POST", "/inbox");
		kit_body();
		kit_sign(schemes[i], kit.rsa);
		assert_true(kit_accepts(kit.rsa));
		kit.req.target = STR("/users/bob/inbox");
		assert_false(kit_accepts(kit.rsa));
		kit.req.target = STR("/inbox?x=1");
		assert_false(kit_accepts(kit.rsa));
		kit.req.target = STR("/inbox");
		kit.req.authority = STR("other.example");
		assert_false(kit_accepts(kit.rsa));
		kit.req.authority = STR("example.com:8443");
		assert_false(kit_accepts(kit.rsa));
		kit.req.authority = STR("example.com");
		kit.req.method = STR("PUT");
		assert_false(kit_accepts(kit.rsa));
		kit.req.method = STR("POST");
		assert_true(kit_accepts(kit.rsa));
	}
}

static void s001_an_unsigned_request_is_unauthenticated(void **state UNUSED)
{
	struct httpsig sig;
	kit_request("POST", "/inbox");
	assert_int_equal(kit_parse(&sig), RC_UNAUTHENTICATED);
	kit_add(STR("Signature-Input"), STR("s=();created=1;keyid=\"k\""));
	assert_int_equal(kit_parse(&sig), RC_UNAUTHENTICATED);
}

static void s002_the_digest_must_be_the_bodys(void **state UNUSED)
{
	static const struct str names[] = { STR_INIT("digest"), STR_INIT("content-digest") };
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		kit_request("POST", "/inbox");
		kit_body();
		kit_sign(schemes[i], kit.rsa);
		/* another body under the same signature */
		kit.req.body = digest_sha256(STR(KIT_BODY " "));
		assert_false(kit_accepts(kit.rsa));
		kit.req.has_body = false;
		assert_false(kit_accepts(kit.rsa));
		kit_body();
		assert_true(kit_accepts(kit.rsa));
		/* another digest than the one that was signed, or none */
		kit_find(names[i])->value = STR("MD5=x");
		assert_false(kit_accepts(kit.rsa));
		kit_drop(names[i]);
		assert_false(kit_accepts(kit.rsa));
	}
}

/* Mitra 4.11: the one that is signed counts, and it alone. */
static void s002_the_signed_one_of_two_digests_counts(void **state UNUSED)
{
	sign_cavage_over("POST", "(request-target) host date digest");
	kit_add(STR("Content-Digest"), STR("sha-512=:AAAA:"));
	assert_true(kit_accepts(kit.rsa));
	sign_rfc9421_over("POST", "(\"@method\" \"@target-uri\" \"content-digest\")" C);
	kit_add(STR("Digest"), STR("SHA-256=AAAA"));
	assert_true(kit_accepts(kit.rsa));
	kit_drop(STR("content-digest"));
	kit_add(STR("Content-Digest"), STR("sha-512=:AAAA:"));
	assert_false(kit_accepts(kit.rsa));
}

static void s002_what_decides_stands_there_once(void **state UNUSED)
{
	static const struct str names[] = { STR_INIT("Signature"), STR_INIT("signature-input"),
					    STR_INIT("Digest"),	   STR_INIT("Content-Digest"),
					    STR_INIT("DATE"),	   STR_INIT("Host") };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct httpsig sig;
		kit_request("POST", "/inbox");
		kit_body();
		kit_add(names[i], STR("x"));
		kit_add(names[i], STR("x"));
		assert_int_equal(kit_parse(&sig), RC_INVALID);
	}
}

struct moment {
	int64_t offset;
	bool accepted;
};

static void s022_the_date_is_within_the_window(void **state UNUSED)
{
	static const struct moment moments[] = {
		{ 0, true },	  { 1, true },	   { -1, true },     { 3000, true },
		{ -3000, true },  { 3600, true },  { -3600, true },  { 3601, false },
		{ -3601, false }, { 4200, false }, { -4200, false }, { 86400, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(schemes) * ARRAY_LEN(moments); i++) {
		const struct moment *m = &moments[i / 2];
		kit_request("GET", "/");
		kit_sign(schemes[i % 2], kit.rsa);
		assert_int_equal(kit_accepts_at(kit.rsa, KIT_NOW + (uint64_t)m->offset),
				 m->accepted);
		/* S-023: honest peers are told why */
		if (!m->accepted)
			assert_true(str_contains(str_of(kit.ctx.err.detail), STR("date skew")));
	}
}

static void s022_every_signed_date_counts(void **state UNUSED)
{
	sign_cavage_over("GET", "(request-target) host date (created)");
	assert_true(kit_accepts(kit.rsa));
	assert_false(kit_accepts_at(kit.rsa, 0));
	static const struct str dates[] = { STR_INIT("Tuesday, 20-Apr-21 02:07:53 GMT"),
					    STR_INIT("Tue, 20 Apr 2021 02:07:53 +0000"),
					    STR_INIT("Tue, 20 Apr 2010 02:07:53 GMT"),
					    STR_INIT("") };
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		struct httpsig sig;
		kit_request("GET", "/");
		kit_add(STR("Date"), dates[i]);
		kit_add(STR("Signature"), STR("keyId=\"k\",created=1618884473,headers=\""
					      "(request-target) host date (created)\","
					      "signature=\"AAAA\""));
		assert_int_equal(kit_parse(&sig), RC_OK);
		assert_int_equal(httpsig_check(&kit.ctx, &kit.req, &sig, KIT_NOW, KIT_WINDOW),
				 RC_UNAUTHENTICATED);
	}
}

/* Without "(created)" in the list anybody could have written created there. */
static void s022_an_unsigned_created_does_not_count(void **state UNUSED)
{
	struct httpsig sig;
	kit_request("GET", "/");
	kit_add(STR("Signature"), STR("keyId=\"k\",created=1618884473,"
				      "headers=\"(request-target) host\",signature=\"AAAA\""));
	assert_int_equal(kit_parse(&sig), RC_OK);
	assert_false(sig.has_created);
	assert_int_equal(httpsig_check(&kit.ctx, &kit.req, &sig, KIT_NOW, KIT_WINDOW),
			 RC_UNAUTHENTICATED);
}

static void s022_an_expired_signature_is_refused(void **state UNUSED)
{
	sign_rfc9421_over("GET", "(\"@method\" \"@target-uri\")" C ";expires=1618884533");
	assert_true(kit_accepts_at(kit.rsa, KIT_NOW + 60));
	assert_false(kit_accepts_at(kit.rsa, KIT_NOW + 61));
	kit_request("GET", "/");
	kit_sign(HTTPSIG_CAVAGE, kit.rsa);
	struct httpsig_header *header = kit_find(STR("signature"));
	header->value =
		arena_printf(kit.ctx.arena, "expires=1618884533,%.*s", STR_ARG(header->value));
	assert_true(kit_accepts_at(kit.rsa, KIT_NOW + 60));
	assert_false(kit_accepts_at(kit.rsa, KIT_NOW + 61));
}

struct mismatch {
	size_t key;
	struct str algorithm; /* absent: none is stated */
	bool accepted;
};

static void s015_cavage_algorithm_follows_the_key(void **state UNUSED)
{
	static const struct mismatch cases[] = {
		{ 0, { NULL, 0 }, true },
		{ 1, { NULL, 0 }, true },
		{ 0, STR_INIT("hs2019"), true },
		{ 1, STR_INIT("hs2019"), true },
		{ 0, STR_INIT("rsa-sha256"), true },
		{ 1, STR_INIT("rsa-sha256"), false },
		{ 0, STR_INIT("ed25519"), false },
		{ 1, STR_INIT("ed25519"), true },
		{ 0, STR_INIT("rsa-sha512"), false },
		{ 0, STR_INIT("hmac-sha256"), false },
		{ 0, STR_INIT("rsa-sha1"), false },
		{ 0, STR_INIT("none"), false },
		{ 1, STR_INIT("hmac-sha256"), false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str before, after, rest;
		kit_request("GET", "/");
		kit_sign(HTTPSIG_CAVAGE, kit_key(cases[i].key));
		struct httpsig_header *header = kit_find(STR("signature"));
		size_t at = str_find(header->value, STR("algorithm="));
		before = str_take(header->value, at);
		assert_true(str_split(str_skip(header->value, at), ',', &rest, &after));
		header->value = arena_join(kit.ctx.arena, before, after);
		if (cases[i].algorithm.ptr != NULL)
			header->value =
				arena_printf(kit.ctx.arena, "%.*s,algorithm=\"%.*s\"",
					     STR_ARG(header->value), STR_ARG(cases[i].algorithm));
		if (kit_accepts(kit_key(cases[i].key)) != cases[i].accepted)
			fail_msg("case %zu", i);
	}
}

static void s015_rfc9421_algorithm_follows_the_key(void **state UNUSED)
{
	static const struct mismatch cases[] = {
		{ 0, { NULL, 0 }, true },
		{ 0, STR_INIT("rsa-v1_5-sha256"), true },
		{ 0, STR_INIT("rsa-pss-sha512"), false },
		{ 0, STR_INIT("ed25519"), false },
		{ 0, STR_INIT("hmac-sha256"), false },
		{ 0, STR_INIT("ecdsa-p256-sha256"), false },
		{ 0, STR_INIT("RSA-V1_5-SHA256"), false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str covered = STR("(\"@method\" \"@target-uri\")" C);
		struct httpsig sig;
		if (cases[i].algorithm.ptr != NULL)
			covered = arena_printf(kit.ctx.arena, "%.*s;alg=\"%.*s\"", STR_ARG(covered),
					       STR_ARG(cases[i].algorithm));
		kit_request("GET", "/");
		kit_add(STR("Signature-Input"), arena_join(kit.ctx.arena, STR("s="), covered));
		kit_add(STR("Signature"), STR("s=:AAAA:"));
		kit_find(STR("Signature-Input"))->value =
			arena_join(kit.ctx.arena, kit_find(STR("Signature-Input"))->value,
				   STR(";keyid=\"k\""));
		if (kit_parse(&sig) != RC_OK) {
			assert_false(cases[i].accepted);
			continue;
		}
		sign_rfc9421_over("GET", covered.ptr);
		if (kit_accepts(kit.rsa) != cases[i].accepted)
			fail_msg("case %zu", i);
	}
	/* a key of the other kind, whatever is stated */
	kit_request("GET", "/");
	kit_sign(HTTPSIG_RFC9421, kit.ed25519);
	assert_true(kit_accepts(kit.ed25519));
	assert_false(kit_accepts(kit.rsa));
}

/* Signed with and without the query, sent with it. */
static void s025_only_get_may_leave_the_query_out(void **state UNUSED)
{
	static const char *const methods[] = { "GET", "POST" };
	for (size_t i = 0; i < 4; i++) {
		const char *method = methods[i / 2];
		struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
		const struct httpsig_signer signer = { .scheme = HTTPSIG_CAVAGE,
						       .key = kit.rsa,
						       .key_id = STR("k"),
						       .now_s = KIT_NOW,
						       .without_query = i % 2 == 1 };
		size_t count;
		kit_request(method, "/outbox?page=true");
		if (i / 2 == 1)
			kit_body();
		assert_int_equal(httpsig_sign(&kit.ctx, &kit.req, &signer, headers, &count), RC_OK);
		for (size_t k = 0; k < count; k++)
			kit_add(headers[k].name, headers[k].value);
		assert_int_equal(kit_accepts(kit.rsa), i != 3);
	}
}

static void every_changed_byte_of_a_signature_is_refused(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct httpsig sig;
		kit_request("GET", "/");
		kit_sign(schemes[i], kit.ed25519);
		assert_int_equal(kit_parse(&sig), RC_OK);
		char bytes[64];
		assert_int_equal(sig.signature.len, sizeof(bytes));
		memcpy(bytes, sig.signature.ptr, sizeof(bytes));
		sig.signature = str_n(bytes, sizeof(bytes));
		assert_true(httpsig_verify(&kit.req, &sig, kit.ed25519));
		for (size_t k = 0; k < sizeof(bytes); k++) {
			bytes[k] ^= 4;
			assert_false(httpsig_verify(&kit.req, &sig, kit.ed25519));
			bytes[k] ^= 4;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signed_request_verifies),
		cmocka_unit_test(writes_what_other_servers_read),
		cmocka_unit_test(refuses_to_sign_what_cannot_be_written),
		cmocka_unit_test(a_full_arena_fails_the_signing),
		cmocka_unit_test(s001_cavage_must_cover_what_matters),
		cmocka_unit_test(s001_rfc9421_must_cover_what_matters),
		cmocka_unit_test(s001_is_good_for_one_request_only),
		cmocka_unit_test(s001_an_unsigned_request_is_unauthenticated),
		cmocka_unit_test(s002_the_digest_must_be_the_bodys),
		cmocka_unit_test(s002_the_signed_one_of_two_digests_counts),
		cmocka_unit_test(s002_what_decides_stands_there_once),
		cmocka_unit_test(s022_the_date_is_within_the_window),
		cmocka_unit_test(s022_every_signed_date_counts),
		cmocka_unit_test(s022_an_unsigned_created_does_not_count),
		cmocka_unit_test(s022_an_expired_signature_is_refused),
		cmocka_unit_test(s015_cavage_algorithm_follows_the_key),
		cmocka_unit_test(s015_rfc9421_algorithm_follows_the_key),
		cmocka_unit_test(s025_only_get_may_leave_the_query_out),
		cmocka_unit_test(every_changed_byte_of_a_signature_is_refused),
	};
	return cmocka_run_group_tests_name("httpsig", tests, kit_setup, kit_teardown);
}
