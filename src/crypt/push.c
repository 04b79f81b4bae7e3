/* Web push: keys from secrets, AES-128-GCM, tokens. Stateless, any thread. */
#include "crypt/push.h"

#include <limits.h>
#include <openssl/evp.h>

#include "core/enc.h"
#include "core/must.h"
#include "crypt/digest.h"

#define KEY_SIZE 16
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define RECORD_SIZE 4096
#define HEAD_SIZE (PUSH_SALT_SIZE + 4 + 1 + P256_POINT_SIZE) /* RFC 8188 section 2.1 */
#define BODY_MAX (PUSH_PLAIN_MAX + HEAD_SIZE + 2 + TAG_SIZE)
#define INFO_MAX 256

/* --- HKDF (RFC 5869) of at most one block, which is all that is needed --- */

static struct digest extract(struct str salt, struct str secret)
{
	return digest_hmac(salt, secret);
}

static struct digest expand(const struct digest *prk, struct str info)
{
	char bytes[INFO_MAX];
	must(info.len < sizeof(bytes));
	memcpy(bytes, info.ptr, info.len);
	bytes[info.len] = 1;
	return digest_hmac(str_n(prk->bytes, DIGEST_SIZE), str_n(bytes, info.len + 1));
}

/* --- keys --- */

struct secrets {
	unsigned char key[KEY_SIZE];
	unsigned char nonce[NONCE_SIZE];
};

struct parties {
	struct str recipient, sender; /* points */
};

/* "Content-Encoding: <what>", a zero byte, and what the encoding adds. */
static struct digest derive(const struct digest *prk, struct str what, struct str context)
{
	struct buf info CLEANUP(buf_free) = BUF_INIT(INFO_MAX);
	buf_add(&info, STR("Content-Encoding: "));
	buf_add(&info, what);
	buf_add_chr(&info, '\0');
	buf_add(&info, context);
	must(!info.failed);
	return expand(prk, buf_str(&info));
}

static void secrets_fill(const struct digest *prk, struct str key_name, struct str context,
			 struct secrets *out)
{
	struct digest key = derive(prk, key_name, context);
	struct digest nonce = derive(prk, STR("nonce"), context);
	memcpy(out->key, key.bytes, KEY_SIZE);
	memcpy(out->nonce, nonce.bytes, NONCE_SIZE);
}

/* RFC 8291 section 3.4. */
static void derive_aes128gcm(struct str auth, struct str shared, struct str salt,
			     const struct parties *p, struct secrets *out)
{
	struct buf info CLEANUP(buf_free) = BUF_INIT(INFO_MAX);
	buf_add(&info, STR("WebPush: info\0"));
	buf_add(&info, p->recipient);
	buf_add(&info, p->sender);
	must(!info.failed);
	struct digest prk = extract(auth, shared);
	struct digest secret = expand(&prk, buf_str(&info));
	prk = extract(salt, str_n(secret.bytes, DIGEST_SIZE));
	secrets_fill(&prk, STR("aes128gcm"), STR(""), out);
}

static void add_point(struct buf *out, struct str point)
{
	buf_add_chr(out, '\0');
	buf_add_chr(out, (char)point.len);
	buf_add(out, point);
}

/* draft-ietf-webpush-encryption-04 section 4, draft-ietf-httpbis-encryption-encoding-03 section 4.2. */
static void derive_aesgcm(struct str auth, struct str shared, struct str salt,
			  const struct parties *p, struct secrets *out)
{
	struct buf context CLEANUP(buf_free) = BUF_INIT(INFO_MAX);
	buf_add(&context, STR("P-256\0"));
	add_point(&context, p->recipient);
	add_point(&context, p->sender);
	must(!context.failed);
	struct digest prk = extract(auth, shared);
	struct digest secret = derive(&prk, STR("auth"), STR(""));
	prk = extract(salt, str_n(secret.bytes, DIGEST_SIZE));
	secrets_fill(&prk, STR("aesgcm"), buf_str(&context), out);
}

/* --- encryption --- */

static bool run(EVP_CIPHER_CTX *ctx, const struct secrets *secrets, struct str in,
		unsigned char *out)
{
	int n = 0, rest = 0;
	return EVP_EncryptInit_ex2(ctx, EVP_aes_128_gcm(), secrets->key, secrets->nonce, NULL) ==
		       1 &&
	       EVP_EncryptUpdate(ctx, out, &n, (const unsigned char *)in.ptr, (int)in.len) == 1 &&
	       EVP_EncryptFinal_ex(ctx, out + n, &rest) == 1 && (size_t)n == in.len &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, out + in.len) == 1;
}

/* Appends ciphertext and tag. */
static enum rc encrypt(const struct secrets *secrets, struct str in, struct buf *out)
{
	if (!buf_reserve(out, in.len + TAG_SIZE))
		return RC_NO_MEMORY;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = ctx != NULL && run(ctx, secrets, in, (unsigned char *)out->ptr + out->len);
	EVP_CIPHER_CTX_free(ctx);
	if (ok)
		out->len += in.len + TAG_SIZE;
	out->ptr[out->len] = '\0';
	return ok ? RC_OK : RC_IO;
}

static void add_head(struct buf *out, struct str salt, struct str sender)
{
	buf_add(out, salt);
	buf_add_chr(out, (char)(RECORD_SIZE >> 24));
	buf_add_chr(out, (char)(RECORD_SIZE >> 16 & 255));
	buf_add_chr(out, (char)(RECORD_SIZE >> 8 & 255));
	buf_add_chr(out, (char)(RECORD_SIZE & 255));
	buf_add_chr(out, (char)sender.len);
	buf_add(out, sender);
}

/* One record that is the last one; neither has padding. */
static void add_plain(struct buf *out, enum push_encoding encoding, struct str plain)
{
	if (encoding == PUSH_AESGCM)
		buf_add(out, STR("\0\0"));
	buf_add(out, plain);
	if (encoding == PUSH_AES128GCM)
		buf_add_chr(out, 2); /* RFC 8188 section 2 */
}

static struct str base64_field(struct arena *arena, struct str name, struct str bytes)
{
	struct buf value = BUF_INIT(256);
	buf_add(&value, name);
	enc_base64url(&value, bytes);
	return arena_take_buf(arena, &value);
}

bool push_recipient_valid(const struct push_recipient *to)
{
	return to->auth.len == PUSH_AUTH_SIZE && p256_point_valid(to->point);
}

static enum rc secrets_make(enum push_encoding encoding, const struct push_recipient *to,
			    const struct p256 *once, struct str salt, struct secrets *out)
{
	const struct parties parties = { to->point, p256_public(once) };
	unsigned char shared[P256_SHARED_SIZE];
	enum rc rc =
		to->auth.len == PUSH_AUTH_SIZE ? p256_agree(once, to->point, shared) : RC_INVALID;
	if (rc == RC_OK && encoding == PUSH_AES128GCM)
		derive_aes128gcm(to->auth, str_n(shared, sizeof(shared)), salt, &parties, out);
	else if (rc == RC_OK)
		derive_aesgcm(to->auth, str_n(shared, sizeof(shared)), salt, &parties, out);
	explicit_bzero(shared, sizeof(shared));
	return rc;
}

enum rc push_encrypt(struct ctx *ctx, enum push_encoding encoding, const struct push_recipient *to,
		     const struct p256 *once, const unsigned char salt_bytes[PUSH_SALT_SIZE],
		     struct str plain, struct push_message *out)
{
	struct buf in CLEANUP(buf_free) = BUF_INIT(PUSH_PLAIN_MAX + 2);
	struct buf body CLEANUP(buf_free) = BUF_INIT(BODY_MAX);
	struct str salt = str_n(salt_bytes, PUSH_SALT_SIZE);
	struct secrets secrets;
	*out = (struct push_message){ .body = STR_NONE };
	if (plain.len > PUSH_PLAIN_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "a push message of more than %d bytes",
				PUSH_PLAIN_MAX);
	enum rc rc = secrets_make(encoding, to, once, salt, &secrets);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the keys of a push subscription cannot be used");
	add_plain(&in, encoding, plain);
	if (encoding == PUSH_AES128GCM)
		add_head(&body, salt, p256_public(once));
	rc = in.failed ? RC_NO_MEMORY : encrypt(&secrets, buf_str(&in), &body);
	explicit_bzero(&secrets, sizeof(secrets));
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "a push message could not be encrypted");
	if (encoding == PUSH_AESGCM) {
		out->encryption = base64_field(ctx->arena, STR("salt="), salt);
		out->crypto_key = base64_field(ctx->arena, STR("dh="), p256_public(once));
	}
	out->body = arena_str(ctx->arena, buf_str(&body));
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

/* --- who sends --- */

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			return false;
	}
	return s.len != 0;
}

enum rc push_token(struct ctx *ctx, const struct p256 *key, struct str audience, struct str subject,
		   uint64_t expires_s, struct str *out)
{
	struct buf claims CLEANUP(buf_free) = BUF_INIT(4096), token = BUF_INIT(8192);
	struct buf signature CLEANUP(buf_free) = BUF_INIT(P256_SIGNATURE_SIZE);
	if (!is_plain(audience) || !is_plain(subject))
		return ctx_fail(ctx, RC_INVALID, "no audience or subject of a push token");
	buf_addf(&claims, "{\"aud\":\"%.*s\",\"exp\":%llu,\"sub\":\"%.*s\"}", STR_ARG(audience),
		 (unsigned long long)expires_s, STR_ARG(subject));
	enc_base64url(&token, STR("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"));
	buf_add_chr(&token, '.');
	enc_base64url(&token, buf_str(&claims));
	enum rc rc = claims.failed || token.failed ? RC_TOO_LARGE
						   : p256_sign(key, buf_str(&token), &signature);
	buf_add_chr(&token, '.');
	enc_base64url(&token, buf_str(&signature));
	*out = arena_take_buf(ctx->arena, &token);
	if (rc == RC_OK && out->ptr == NULL)
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? rc : ctx_fail(ctx, rc, "a push token could not be made");
}

enum rc push_sign(struct ctx *ctx, enum push_encoding encoding, const struct p256 *key,
		  struct str token, const struct push_message *message, struct push_sender *out)
{
	struct str public = base64_field(ctx->arena, STR(""), p256_public(key));
	*out = (struct push_sender){ .authorization = STR_NONE };
	if (encoding == PUSH_AES128GCM) {
		/* RFC 8292 section 3 */
		out->authorization = arena_printf(ctx->arena, "vapid t=%.*s, k=%.*s",
						  STR_ARG(token), STR_ARG(public));
	} else {
		/* draft-ietf-webpush-vapid-01 section 3 and 4 */
		out->authorization = arena_join(ctx->arena, STR("WebPush "), token);
		out->crypto_key = arena_printf(ctx->arena, "%.*s;p256ecdsa=%.*s",
					       STR_ARG(message->crypto_key), STR_ARG(public));
	}
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}
