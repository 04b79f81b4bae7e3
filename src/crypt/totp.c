/* One-time passwords by time. Stateless, any thread. */
#include "crypt/totp.h"

#include <openssl/evp.h>

#include "core/enc.h"
#include "core/must.h"

#define SHA1_SIZE 20
#define MODULUS 1000000

/* RFC 4226 section 5.3. */
static uint32_t truncated(const unsigned char mac[SHA1_SIZE])
{
	unsigned at = mac[SHA1_SIZE - 1] & 15U;
	return (mac[at] & 0x7fU) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
	       mac[at + 3];
}

static uint32_t password_of(struct str secret, uint64_t step)
{
	unsigned char counter[8], mac[SHA1_SIZE];
	size_t size = 0;
	for (int i = 7; i >= 0; i--, step >>= 8)
		counter[i] = (unsigned char)(step & 255);
	must(EVP_Q_mac(NULL, "HMAC", NULL, "SHA1", NULL, secret.ptr, secret.len, counter,
		       sizeof(counter), mac, sizeof(mac), &size) != NULL);
	must(size == SHA1_SIZE);
	return truncated(mac) % MODULUS;
}

void totp_add(struct buf *out, struct str secret, uint64_t step)
{
	buf_addf(out, "%0*u", TOTP_DIGITS, (unsigned)password_of(secret, step));
}

static bool fits(struct str secret, uint64_t step, struct str code)
{
	struct buf right CLEANUP(buf_free) = BUF_INIT(TOTP_DIGITS + 1);
	totp_add(&right, secret, step);
	return str_eq_secret(buf_str(&right), code);
}

bool totp_verify(struct str secret, struct str code, uint64_t now_s, uint64_t *last_step)
{
	uint64_t now = now_s / TOTP_STEP_S, found = 0;
	uint64_t number;
	if (code.len != TOTP_DIGITS || !str_to_u64(code, &number))
		return false;
	/* RFC 6238 section 5.2: one step of clocks that differ, either way */
	for (uint64_t step = now != 0 ? now - 1 : 0; step <= now + 1; step++) {
		if (fits(secret, step, code) && step > *last_step)
			found = step;
	}
	if (found != 0)
		*last_step = found;
	return found != 0;
}

void totp_add_uri(struct buf *out, struct str secret, struct str issuer, struct str account)
{
	buf_add(out, STR("otpauth://totp/"));
	enc_percent(out, issuer);
	buf_add_chr(out, ':');
	enc_percent(out, account);
	buf_add(out, STR("?secret="));
	enc_base32(out, secret);
	buf_add(out, STR("&issuer="));
	enc_percent(out, issuer);
}
