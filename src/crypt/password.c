/*
 * Passwords by scrypt (RFC 7914), written "$scrypt$ln=17,r=8,p=1$salt$hash" with base64 without
 * padding. One computation takes 128 MiB and about half a second of one core; who calls bounds how
 * many run at once. Stateless, any thread.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "core/enc.h"
#include "core/random.h"
#include "crypt/secret.h"

#define SALT_SIZE 16
#define HASH_SIZE 32
#define SCRYPT_MAX_MEMORY (UINT64_C(512) << 20)

struct scrypt {
	uint64_t ln, r, p;
	struct str salt, hash; /* decoded */
};

static const struct scrypt cost_now = { .ln = 17, .r = 8, .p = 1 };

static bool derive(struct str password, const struct scrypt *s, unsigned char hash[HASH_SIZE])
{
	bool ok = EVP_PBE_scrypt(password.ptr, password.len, (const unsigned char *)s->salt.ptr,
				 s->salt.len, UINT64_C(1) << s->ln, s->r, s->p, SCRYPT_MAX_MEMORY,
				 hash, HASH_SIZE) == 1;
	if (!ok)
		ERR_clear_error();
	return ok;
}

static void add_unpadded(struct buf *out, struct str bytes)
{
	enc_base64(out, bytes);
	while (out->len != 0 && out->ptr[out->len - 1] == '=')
		buf_cut(out, out->len - 1);
}

enum rc password_hash(struct str password, struct buf *out)
{
	unsigned char salt[SALT_SIZE], hash[HASH_SIZE];
	struct scrypt s = cost_now;
	if (password.len < PASSWORD_MIN || password.len > PASSWORD_MAX)
		return RC_INVALID;
	random_bytes(salt, sizeof(salt));
	s.salt = str_n(salt, sizeof(salt));
	if (!derive(password, &s, hash))
		return RC_NO_MEMORY;
	buf_addf(out, "$scrypt$ln=%d,r=%d,p=%d$", (int)s.ln, (int)s.r, (int)s.p);
	add_unpadded(out, s.salt);
	buf_add_chr(out, '$');
	add_unpadded(out, str_n(hash, sizeof(hash)));
	OPENSSL_cleanse(hash, sizeof(hash));
	return out->failed ? RC_NO_MEMORY : RC_OK;
}

/* "ln=17" up to the next sep; a cost outside [1, max] is refused. */
static bool take_cost(struct str *rest, struct str name, char sep, uint64_t max, uint64_t *value)
{
	struct str part;
	return str_next(rest, sep, &part) && str_has_prefix(part, name) &&
	       str_to_u64(str_skip(part, name.len), value) && *value >= 1 && *value <= max;
}

/* salt and hash are kept in bytes. The bounds keep a damaged record from taking all memory. */
static bool parse(struct str text, struct scrypt *s, struct buf *bytes)
{
	struct str salt, hash;
	if (!str_has_prefix(text, STR("$scrypt$")))
		return false;
	text = str_skip(text, 8);
	if (!take_cost(&text, STR("ln="), ',', 18, &s->ln) ||
	    !take_cost(&text, STR("r="), ',', 8, &s->r) ||
	    !take_cost(&text, STR("p="), '$', 4, &s->p) || !str_split(text, '$', &salt, &hash) ||
	    !enc_unbase64(bytes, salt))
		return false;
	size_t salt_len = bytes->len;
	if (!enc_unbase64(bytes, hash) || bytes->len - salt_len != HASH_SIZE)
		return false;
	s->salt = str_take(buf_str(bytes), salt_len);
	s->hash = str_skip(buf_str(bytes), salt_len);
	return true;
}

bool password_verify(struct str password, struct str hash)
{
	unsigned char derived[HASH_SIZE];
	struct buf bytes = BUF_INIT(256);
	struct scrypt s;
	bool known = parse(hash, &s, &bytes);
	if (!known) {
		/* SECURITY S-104: an account that does not exist takes as long as one that does */
		s = cost_now;
		s.salt = STR("no such account.");
		s.hash = STR("");
	}
	bool same = password.len <= PASSWORD_MAX && derive(password, &s, derived) &&
		    str_eq_secret(str_n(derived, sizeof(derived)), s.hash);
	OPENSSL_cleanse(derived, sizeof(derived));
	buf_free(&bytes);
	return known && same;
}

bool password_is_outdated(struct str hash)
{
	struct buf bytes = BUF_INIT(256);
	struct scrypt s;
	bool same_cost = parse(hash, &s, &bytes) && s.ln == cost_now.ln && s.r == cost_now.r &&
			 s.p == cost_now.p;
	buf_free(&bytes);
	return !same_cost;
}
