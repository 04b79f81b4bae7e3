/*
 * As much of DER (X.690 section 10) as keys need. Reading is strict: definite lengths in their
 * shortest form, one-byte tags. A length of 64 KiB or more is refused.
 */
#ifndef FF_CRYPT_DER_INT_H
#define FF_CRYPT_DER_INT_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
};

/* Takes one element with this tag off the front of *rest. False leaves *rest as it was. */
bool der_take(struct str *rest, enum der_tag tag, struct str *content) NODISCARD;
/* The same for an INTEGER that is not negative; number has no leading zero byte, 0 is empty. */
bool der_take_number(struct str *rest, struct str *number) NODISCARD;

/* Makes what stands in out from its byte `from` on the content of an element. */
void der_wrap(struct buf *out, size_t from, enum der_tag tag);
/* Puts bytes in front of what stands in out from its byte `from` on. */
void der_insert(struct buf *out, size_t from, struct str bytes);
/* number is big-endian without leading zero bytes. */
void der_add_number(struct buf *out, struct str number);

#endif
