/* Bytes as text: hexadecimal, base64, base32 (RFC 4648), percent-encoding (RFC 3986). Strict on the way in.
 */
#ifndef FF_CORE_ENC_H
#define FF_CORE_ENC_H

#include <stdbool.h>

#include "core/attr.h"
#include "core/buf.h"
#include "core/str.h"

void enc_hex(struct buf *out, struct str bytes);
bool enc_unhex(struct buf *out, struct str hex) NODISCARD;

/* Section 4, with padding. */
void enc_base64(struct buf *out, struct str bytes);
/* Section 5, without padding. */
void enc_base64url(struct buf *out, struct str bytes);
/*
 * Both alphabets, padding optional but right when there, no white space, no stray bits. False
 * leaves out as it was.
 */
bool enc_unbase64(struct buf *out, struct str text) NODISCARD;

/* Everything but the unreserved characters of RFC 3986 section 2.3 becomes %XX. */
void enc_percent(struct buf *out, struct str text);
/* Decodes every %XX once. False when one is malformed or stands for NUL; out is then as it was. */
bool enc_unpercent(struct buf *out, struct str text) NODISCARD;

/* RFC 4648 section 6, upper case, without padding. */
void enc_base32(struct buf *out, struct str bytes);
/* Either case, without padding. False, and nothing added, when it is malformed. */
bool enc_unbase32(struct buf *out, struct str text);

#endif
