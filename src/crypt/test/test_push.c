/* Web push against the vectors of RFC 8291, its draft and RFC 8292. */
#include "crypt/push.h"

#include "core/ctx.h"
#include "core/enc.h"
#include "testkit.h"

static struct ctx ctx;

static int setup(void **state UNUSED)
{
	ctx = (struct ctx){ .arena = arena_new(1 << 20) };
	return 0;
}

static int teardown(void **state UNUSED)
{
	arena_free(&ctx.arena);
	return 0;
}

static struct str unbase64(struct str text)
{
	struct buf out = BUF_INIT(8192);
	assert_true(enc_unbase64(&out, text));
	return arena_take_buf(ctx.arena, &out);
}

static struct str base64(struct str bytes)
{
	struct buf out = BUF_INIT(8192);
	enc_base64url(&out, bytes);
	return arena_take_buf(ctx.arena, &out);
}

static const struct vector {
	enum push_encoding encoding;
	struct str plain, recipient, auth, sender, salt;
	struct str body, encryption, crypto_key;
} vectors[] = {
	/* RFC 8291 section 5 and appendix A */
	{ .encoding = PUSH_AES128GCM,
	  .plain = STR_INIT("When I grow up, I want to be a watermelon"),
	  .recipient = STR_INIT("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyP"
				"js7Vd8pZGH6SRpkNtoIAiw4"),
	  .auth = STR_INIT("BTBZMqHH6r4Tts7J_aSIgg"),
	  .sender = STR_INIT("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
	  .salt = STR_INIT("DGv6ra1nlYgDCS1FRnbzlw"),
	  .body = STR_INIT("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMo"
			   "ZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf"
			   "1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN") },
	/* draft-ietf-webpush-encryption-04 section 5 */
	{ .encoding = PUSH_AESGCM,
	  .plain = STR_INIT("I am the walrus"),
	  .recipient = STR_INIT("BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz"
				"4hQKYOQ3il2nNZct4HgAUQU"),
	  .auth = STR_INIT("R29vIGdvbyBnJyBqb29iIQ"),
	  .sender = STR_INIT("nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY"),
	  .salt = STR_INIT("lngarbyKfMoi9Z75xYXmkg"),
	  .body = STR_INIT("6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA"),
	  .encryption = STR_INIT("salt=lngarbyKfMoi9Z75xYXmkg"),
	  .crypto_key = STR_INIT("dh=BNoRDbb84JGm8g5Z5CFxurSqsXWJ11ItfXEWYVLE85Y7CYkDjXsIEc4aqxYa"
				 "Q1G8BqkXCJ6DPpDrWtdWj_mugHU") },
};

static void published_messages_are_made(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		const struct vector *v = &vectors[i];
		const struct push_recipient to = { unbase64(v->recipient), unbase64(v->auth) };
		struct push_message message;
		struct p256 *sender;
		assert_int_equal(p256_from_private(unbase64(v->sender), &sender), RC_OK);
		assert_true(push_recipient_valid(&to));
		assert_int_equal(push_encrypt(&ctx, v->encoding, &to, sender,
					      (const unsigned char *)unbase64(v->salt).ptr,
					      v->plain, &message),
				 RC_OK);
		assert_str_eq(base64(message.body), v->body);
		assert_str_eq(message.encryption, v->encryption);
		assert_str_eq(message.crypto_key, v->crypto_key);
		p256_free(&sender);
	}
}

/* RFC 8292 section 2.4. */
#define KEY \
	"BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
#define CLAIMED                                                                            \
	"eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9."                                            \
	"eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1h" \
	"aWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
#define SIGNATURE \
	"i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"

static void a_published_token_is_verified_and_ours_says_the_same(void **state UNUSED)
{
	struct str token, head, claims, signature;
	struct p256 *key;
	assert_true(p256_verify(unbase64(STR(KEY)), STR(CLAIMED), unbase64(STR(SIGNATURE))));
	assert_false(p256_verify(unbase64(STR(KEY)), STR("x" CLAIMED), unbase64(STR(SIGNATURE))));
	assert_int_equal(p256_generate(&key), RC_OK);
	assert_int_equal(push_token(&ctx, key, STR("https://push.example.net"),
				    STR("mailto:push@example.com"), 1453523768, &token),
			 RC_OK);
	size_t at = str_rindex(token, '.');
	assert_str_eq(str_take(token, at), STR(CLAIMED));
	signature = unbase64(str_skip(token, at + 1));
	assert_true(p256_verify(p256_public(key), STR(CLAIMED), signature));
	str_split(token, '.', &head, &claims);
	assert_false(p256_verify(unbase64(STR(KEY)), STR(CLAIMED), signature));
	/* nothing gets in that would end the string in the JSON */
	static const char *const bad[] = { "", "a\"b", "a\\b", "a\nb", "\xc3\xa4" };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			push_token(&ctx, key, str_of(bad[i]), STR("mailto:a@b.c"), 1, &token),
			RC_INVALID);
	p256_free(&key);
}

static void both_encodings_say_who_sends(void **state UNUSED)
{
	const struct push_message message = { .crypto_key = STR("dh=A") };
	struct push_sender sender;
	struct p256 *key;
	assert_int_equal(p256_generate(&key), RC_OK);
	struct str public = base64(p256_public(key));
	assert_int_equal(push_sign(&ctx, PUSH_AES128GCM, key, STR("T"), &message, &sender), RC_OK);
	assert_str_eq(sender.authorization, arena_join(ctx.arena, STR("vapid t=T, k="), public));
	assert_null(sender.crypto_key.ptr);
	assert_int_equal(push_sign(&ctx, PUSH_AESGCM, key, STR("T"), &message, &sender), RC_OK);
	assert_str_eq(sender.authorization, STR("WebPush T"));
	assert_str_eq(sender.crypto_key, arena_join(ctx.arena, STR("dh=A;p256ecdsa="), public));
	p256_free(&key);
}

static enum rc encrypt_for(struct str point, struct str auth, size_t size)
{
	static const unsigned char salt[PUSH_SALT_SIZE];
	const struct push_recipient to = { point, auth };
	struct ctx own = { .arena = ctx.arena };
	struct push_message message;
	struct p256 *once;
	char *plain = arena_alloc(ctx.arena, size + 1);
	assert_non_null(plain);
	assert_int_equal(p256_generate(&once), RC_OK);
	enum rc rc =
		push_encrypt(&own, PUSH_AES128GCM, &to, once, salt, str_n(plain, size), &message);
	p256_free(&once);
	/* RFC 8291 section 4: a push service need not take more */
	assert_true(rc != RC_OK || message.body.len <= 4096);
	return rc;
}

static void what_cannot_be_written_to_is_refused(void **state UNUSED)
{
	struct str point = unbase64(vectors[0].recipient), auth = unbase64(vectors[0].auth);
	char *other = (char *)(uintptr_t)arena_str(ctx.arena, point).ptr;
	assert_int_equal(encrypt_for(point, auth, PUSH_PLAIN_MAX), RC_OK);
	assert_int_equal(encrypt_for(point, auth, PUSH_PLAIN_MAX + 1), RC_TOO_LARGE);
	assert_int_equal(encrypt_for(point, auth, 0), RC_OK);
	for (size_t n = 0; n < point.len; n++)
		assert_int_equal(encrypt_for(str_take(point, n), auth, 1), RC_INVALID);
	for (size_t n = 0; n < auth.len; n++)
		assert_int_equal(encrypt_for(point, str_take(auth, n), 1), RC_INVALID);
	/* beside the curve: an answer to it would tell of our scalar */
	other[40] ^= 1;
	assert_int_equal(encrypt_for(str_n(other, point.len), auth, 1), RC_INVALID);
	other[40] ^= 1;
	other[0] = 2;
	assert_int_equal(encrypt_for(str_n(other, point.len), auth, 1), RC_INVALID);
}

static void a_key_comes_back_from_its_scalar(void **state UNUSED)
{
	struct buf signature CLEANUP(buf_free) = BUF_INIT(64);
	struct p256 *key, *again;
	unsigned char scalar[P256_SCALAR_SIZE] = { 0 };
	for (int i = 0; i < 20; i++) {
		buf_reset(&signature);
		assert_int_equal(p256_generate(&key), RC_OK);
		assert_int_equal(p256_from_private(p256_private(key), &again), RC_OK);
		assert_str_eq(p256_public(again), p256_public(key));
		assert_int_equal(p256_sign(again, STR("message"), &signature), RC_OK);
		assert_int_equal(signature.len, P256_SIGNATURE_SIZE);
		assert_true(p256_verify(p256_public(key), STR("message"), buf_str(&signature)));
		assert_false(p256_verify(p256_public(key), STR("massage"), buf_str(&signature)));
		p256_free(&key);
		p256_free(&again);
	}
	assert_int_equal(p256_from_private(str_n(scalar, sizeof(scalar)), &key), RC_CORRUPT);
	memset(scalar, 0xff, sizeof(scalar)); /* beyond the order of the group */
	assert_int_equal(p256_from_private(str_n(scalar, sizeof(scalar)), &key), RC_CORRUPT);
	assert_int_equal(p256_from_private(str_n(scalar, 31), &key), RC_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_messages_are_made),
		cmocka_unit_test(a_published_token_is_verified_and_ours_says_the_same),
		cmocka_unit_test(both_encodings_say_who_sends),
		cmocka_unit_test(what_cannot_be_written_to_is_refused),
		cmocka_unit_test(a_key_comes_back_from_its_scalar),
	};
	return cmocka_run_group_tests_name("push", tests, setup, teardown);
}
