/* A request that tests take apart, and the keys they sign it with. Every test file has its own. */
#ifndef FF_CRYPT_TEST_HTTPSIG_KIT_H
#define FF_CRYPT_TEST_HTTPSIG_KIT_H

#include "core/enc.h"
#include "crypt/httpsig.h"
#include "fixtures.h"
#include "testkit.h"

#define KIT_NOW UINT64_C(1618884473) /* Tue, 20 Apr 2021 02:07:53 GMT */
#define KIT_WINDOW UINT64_C(3600)
#define KIT_BODY "{\"hello\": \"world\"}"
#define KIT_MAX_HEADERS 16

struct kit {
	struct ctx ctx;
	struct key *rsa, *ed25519;
	struct httpsig_header headers[KIT_MAX_HEADERS];
	struct httpsig_request req;
};

static struct kit kit;

static inline struct str kit_base64(const char *text)
{
	struct buf bytes = BUF_INIT(8192);
	assert_true(enc_unbase64(&bytes, str_of(text)));
	return arena_take_buf(kit.ctx.arena, &bytes);
}

static inline int kit_setup(void **state UNUSED)
{
	kit.ctx.arena = arena_new(16 << 20);
	if (kit.ctx.arena == NULL)
		return -1;
	return key_from_private(kit_base64(FIXTURE_RSA_PRIVATE), &kit.rsa) != RC_OK ||
	       key_generate(KEY_ED25519, &kit.ed25519) != RC_OK;
}

static inline int kit_teardown(void **state UNUSED)
{
	key_unref(&kit.rsa);
	key_unref(&kit.ed25519);
	arena_free(&kit.ctx.arena);
	return 0;
}

/* An empty request to https://example.com. */
static inline void kit_request(const char *method, const char *target)
{
	kit.req = (struct httpsig_request){
		.method = str_of(method),
		.target = str_of(target),
		.scheme = STR("https"),
		.authority = STR("example.com"),
		.headers = kit.headers,
	};
	kit.ctx.err = (struct err){ 0 };
}

static inline void kit_body(void)
{
	kit.req.has_body = true;
	kit.req.body = digest_sha256(STR(KIT_BODY));
}

static inline void kit_add(struct str name, struct str value)
{
	assert_true(kit.req.header_count < KIT_MAX_HEADERS);
	kit.headers[kit.req.header_count++] = (struct httpsig_header){ name, value };
}

static inline struct httpsig_header *kit_find(struct str name)
{
	for (size_t i = 0; i < kit.req.header_count; i++) {
		if (str_eq_nocase(kit.headers[i].name, name))
			return &kit.headers[i];
	}
	fail_msg("no header %.*s", STR_ARG(name));
	return NULL;
}

static inline void kit_drop(struct str name)
{
	struct httpsig_header *header = kit_find(name);
	*header = kit.headers[--kit.req.header_count];
}

/* Signs the request and adds what that makes. */
static inline void kit_sign(enum httpsig_scheme scheme, const struct key *key)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	size_t count = 0;
	const struct httpsig_signer signer = {
		.scheme = scheme,
		.key = key,
		.key_id = STR("https://peer.example/users/alice#main-key"),
		.now_s = KIT_NOW,
	};
	assert_int_equal(httpsig_sign(&kit.ctx, &kit.req, &signer, headers, &count), RC_OK);
	assert_in_range(count, 1, HTTPSIG_MAX_HEADERS);
	for (size_t i = 0; i < count; i++)
		kit_add(headers[i].name, headers[i].value);
}

static inline enum rc kit_parse(struct httpsig *sig)
{
	kit.ctx.err = (struct err){ 0 };
	enum rc rc = httpsig_parse(&kit.ctx, &kit.req, sig);
	assert_int_equal(kit.ctx.err.rc, rc);
	return rc;
}

/* All three steps, at the time now. */
static inline bool kit_accepts_at(const struct key *key, uint64_t now)
{
	struct httpsig sig;
	if (kit_parse(&sig) != RC_OK)
		return false;
	enum rc rc = httpsig_check(&kit.ctx, &kit.req, &sig, now, KIT_WINDOW);
	assert_true(rc == RC_OK || rc == RC_UNAUTHENTICATED);
	assert_int_equal(kit.ctx.err.rc, rc);
	return rc == RC_OK && httpsig_verify(&kit.req, &sig, key);
}

static inline bool kit_accepts(const struct key *key)
{
	return kit_accepts_at(key, KIT_NOW);
}

#endif
