/* Multikeys (FEP-521a): 'z', then base58btc of the multicodec prefix 0xed 0x01 and the key. */
#ifndef FF_CRYPT_MULTIBASE_INT_H
#define FF_CRYPT_MULTIBASE_INT_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"

void base58_add(struct buf *out, struct str bytes);
/* At most 64 bytes are decoded. False leaves out as it was. */
bool base58_decode(struct buf *out, struct str text) NODISCARD;

void multibase_add_ed25519(struct buf *out, struct str point);
bool multibase_decode_ed25519(struct str text, unsigned char point[32]) NODISCARD;

#endif
