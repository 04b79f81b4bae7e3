/*
 * One-time passwords by time (RFC 6238): six digits, a new one every 30 seconds, HMAC-SHA-1, as all
 * authenticator apps make them.
 */
#ifndef FF_CRYPT_TOTP_H
#define FF_CRYPT_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

#define TOTP_SECRET_SIZE 20 /* RFC 4226 section 4, R6 */
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30

/* Appends the password of a step (seconds since 1970 by TOTP_STEP_S). */
void totp_add(struct buf *out, struct str secret, uint64_t step);

/*
 * Is code the password of now, or of the step before or after it? Only steps beyond *last_step
 * count, so that each is used once (RFC 6238 section 5.2); *last_step becomes the one that fitted.
 * Takes the same time for each code of six digits.
 */
bool totp_verify(struct str secret, struct str code, uint64_t now_s, uint64_t *last_step) NODISCARD;

/*
 * Appends what an app reads from a QR code: "otpauth://totp/..." with the secret in base32. Both
 * names are text.
 */
void totp_add_uri(struct buf *out, struct str secret, struct str issuer, struct str account);

#endif
