/* One-time passwords and recovery codes: made, used, taken away. Inside transactions, but for what
 * makes secrets. */
#include "social/factor.h"

#include "act_int.h"
#include "core/enc.h"
#include "core/random.h"
#include "crypt/totp.h"

/* S-110: five wrong ones are free; then each doubles the wait, up to an hour. */
#define FREE_FAILURES 5
#define LOCK_FIRST_MS MS_PER_MINUTE
#define LOCK_MAX_MS MS_PER_HOUR

#define CODE_BYTES 7   /* 56 bits: 12 digits of base32 */
#define CODE_DIGITS 10 /* 50 of them are used */
#define SEAL_MAX 256

/* --- secrets --- */

static struct str seal_context(struct arena *arena, uint64_t account)
{
	return arena_printf(arena, "totp:%llu", (unsigned long long)account);
}

enum rc totp_make(struct ctx *ctx, const struct seal_key *seal_with, uint64_t account,
		  struct totp_setup *out)
{
	struct buf sealed CLEANUP(buf_free) = BUF_INIT(SEAL_MAX);
	unsigned char secret[TOTP_SECRET_SIZE];
	random_bytes(secret, sizeof(secret));
	enum rc rc = seal(seal_with, seal_context(ctx->arena, account),
			  str_n(secret, sizeof(secret)), &sealed);
	out->secret = arena_str(ctx->arena, str_n(secret, sizeof(secret)));
	out->sealed = arena_str(ctx->arena, buf_str(&sealed));
	explicit_bzero(secret, sizeof(secret));
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? rc : ctx_fail(ctx, rc, "the secret could not be sealed");
}

static enum rc secret_open(const struct seal_key *seal_with, struct arena *arena, uint64_t account,
			   const struct factor *f, struct buf *out)
{
	return unseal(seal_with, seal_context(arena, account), f->sealed, out);
}

enum rc totp_pending(struct db_txn *txn, struct ctx *ctx, const struct seal_key *seal_with,
		     uint64_t account, struct str *secret)
{
	struct buf plain CLEANUP(buf_free) = BUF_INIT(SEAL_MAX);
	struct factor f;
	if (!factor_get(txn, ctx->arena, account, &f) || f.sealed.len == 0)
		return RC_NOT_FOUND;
	if (f.confirmed_ms != 0)
		return RC_EXISTS;
	enum rc rc = secret_open(seal_with, ctx->arena, account, &f, &plain);
	*secret = arena_str(ctx->arena, buf_str(&plain));
	return rc;
}

/* S-103: fifty bits would be guessed from a mere digest, were the database stolen. */
static struct digest recovery_digest(const struct seal_key *seal_with, uint64_t account,
				     struct str digits)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(128);
	buf_addf(&text, "recovery:%llu:%.*s", (unsigned long long)account, STR_ARG(digits));
	return digest_hmac(str_n(seal_with->bytes, SEAL_KEY_SIZE), buf_str(&text));
}

/* Without what people put between digits, in lower case. False when it is no code. */
static bool recovery_normal(struct str code, char digits[CODE_DIGITS])
{
	size_t n = 0;
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];
		if (c == '-' || c == ' ')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (n == CODE_DIGITS || !((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7')))
			return false;
		digits[n++] = c;
	}
	return n == CODE_DIGITS;
}

enum rc recovery_make(struct ctx *ctx, const struct seal_key *seal_with, uint64_t account,
		      struct recovery_codes *out)
{
	for (unsigned i = 0; i < RECOVERY_CODES; i++) {
		struct buf text CLEANUP(buf_free) = BUF_INIT(64);
		unsigned char bytes[CODE_BYTES];
		char digits[CODE_DIGITS];
		random_bytes(bytes, sizeof(bytes));
		enc_base32(&text, str_n(bytes, sizeof(bytes)));
		if (text.failed || !recovery_normal(str_take(buf_str(&text), CODE_DIGITS), digits))
			return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
		out->text[i] = arena_printf(ctx->arena, "%.5s-%.5s", digits, digits + 5);
		out->digest[i] = recovery_digest(seal_with, account, str_n(digits, CODE_DIGITS));
	}
	return arena_failed(ctx->arena) ? ctx_fail(ctx, RC_NO_MEMORY, "out of memory") : RC_OK;
}

static void recovery_set(struct factor *f, const struct recovery_codes *codes)
{
	memcpy(f->recovery, codes->digest, sizeof(f->recovery));
	f->recovery_count = RECOVERY_CODES;
}

/* --- what there is --- */

struct factor_state factor_state(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	struct factor_state state = { .totp = false };
	struct passkey passkeys[PASSKEYS_MAX];
	struct factor f;
	if (factor_get(txn, arena, account, &f)) {
		state.totp = f.confirmed_ms != 0;
		state.recovery_codes = f.recovery_count;
	}
	state.passkeys = (unsigned)passkey_list(txn, arena, account, passkeys);
	return state;
}

/* Codes to recover what is not there would be a second password. */
static enum rc end_of_factor(struct social *s, uint64_t account)
{
	const struct factor_state state = factor_state(s->txn, s->ctx->arena, account);
	if (!factor_is_needed(&state))
		factor_del(s->txn, account);
	return act_end(s, RC_OK);
}

/* --- setting up --- */

enum rc totp_begin(struct social *s, uint64_t account, struct str sealed)
{
	struct factor f;
	(void)factor_get(s->txn, s->ctx->arena, account, &f);
	if (f.confirmed_ms != 0)
		return act_end(s, RC_EXISTS);
	f.sealed = sealed;
	f.last_step = 0;
	factor_put(s->txn, account, &f);
	return act_end(s, RC_OK);
}

static bool totp_fits(struct social *s, const struct seal_key *seal_with, uint64_t account,
		      struct factor *f, struct str code)
{
	struct buf secret CLEANUP(buf_free) = BUF_INIT(SEAL_MAX);
	if (f->sealed.len == 0 ||
	    secret_open(seal_with, s->ctx->arena, account, f, &secret) != RC_OK)
		return false;
	bool fits = totp_verify(buf_str(&secret), code, db_txn_now(s->txn) / MS_PER_SECOND,
				&f->last_step);
	explicit_bzero(secret.ptr, secret.len);
	return fits;
}

enum rc totp_confirm(struct social *s, const struct seal_key *seal_with, uint64_t account,
		     struct str code, const struct recovery_codes *codes)
{
	struct factor f;
	if (!factor_get(s->txn, s->ctx->arena, account, &f) || f.sealed.len == 0)
		return act_end(s, RC_NOT_FOUND);
	if (f.confirmed_ms != 0)
		return act_end(s, RC_EXISTS);
	if (!totp_fits(s, seal_with, account, &f, code))
		return act_end(s, RC_DENIED);
	f.confirmed_ms = db_txn_now(s->txn);
	f.failures = 0;
	f.locked_ms = 0;
	recovery_set(&f, codes);
	factor_put(s->txn, account, &f);
	return act_end(s, RC_OK);
}

enum rc totp_remove(struct social *s, uint64_t account)
{
	struct factor f;
	if (!factor_get(s->txn, s->ctx->arena, account, &f) || f.sealed.len == 0)
		return act_end(s, RC_NOT_FOUND);
	f.sealed = STR("");
	f.confirmed_ms = f.last_step = 0;
	factor_put(s->txn, account, &f);
	return end_of_factor(s, account);
}

enum rc recovery_renew(struct social *s, uint64_t account, const struct recovery_codes *codes)
{
	const struct factor_state state = factor_state(s->txn, s->ctx->arena, account);
	struct factor f;
	if (!factor_is_needed(&state))
		return act_end(s, RC_NOT_FOUND);
	(void)factor_get(s->txn, s->ctx->arena, account, &f);
	recovery_set(&f, codes);
	factor_put(s->txn, account, &f);
	return act_end(s, RC_OK);
}

enum rc factors_reset(struct social *s, uint64_t account)
{
	factors_del(s->txn, account);
	return act_end(s, RC_OK);
}

/* --- using --- */

/* Takes the code out of those that are left. */
static bool recovery_fits(const struct seal_key *seal_with, uint64_t account, struct factor *f,
			  struct str code)
{
	char digits[CODE_DIGITS];
	if (!recovery_normal(code, digits))
		return false;
	struct digest d = recovery_digest(seal_with, account, str_n(digits, CODE_DIGITS));
	for (unsigned i = 0; i < f->recovery_count; i++) {
		if (!str_eq_secret(str_n(f->recovery[i].bytes, DIGEST_SIZE),
				   str_n(d.bytes, DIGEST_SIZE)))
			continue;
		f->recovery[i] = f->recovery[--f->recovery_count];
		return true;
	}
	return false;
}

static void count_failure(struct factor *f, uint64_t now_ms)
{
	uint64_t wait = LOCK_FIRST_MS;
	f->failures++;
	if (f->failures < FREE_FAILURES)
		return;
	for (unsigned i = FREE_FAILURES; i < f->failures && wait < LOCK_MAX_MS; i++)
		wait *= 2;
	f->locked_ms = now_ms + (wait < LOCK_MAX_MS ? wait : LOCK_MAX_MS);
}

enum rc factor_use(struct social *s, const struct seal_key *seal_with, uint64_t account,
		   struct str code, enum rc *verdict)
{
	uint64_t now = db_txn_now(s->txn);
	struct factor f;
	*verdict = RC_DENIED;
	if (!factor_get(s->txn, s->ctx->arena, account, &f))
		return act_end(s, RC_OK);
	if (f.locked_ms > now) {
		*verdict = RC_BUSY;
		return act_end(s, RC_OK);
	}
	bool fits = (f.confirmed_ms != 0 && totp_fits(s, seal_with, account, &f, code)) ||
		    recovery_fits(seal_with, account, &f, code);
	if (fits) {
		*verdict = RC_OK;
		f.failures = 0;
		f.locked_ms = 0;
	} else {
		count_failure(&f, now);
	}
	factor_put(s->txn, account, &f);
	return act_end(s, RC_OK);
}
