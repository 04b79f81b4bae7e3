/*
 * Multikeys (FEP-521a): 'z', then base58btc of the key's multicodec and the key: an Ed25519 point,
 * or an RSAPublicKey in DER (RFC 8017 section A.1.1).
 */
#ifndef FF_CRYPT_MULTIBASE_INT_H
#define FF_CRYPT_MULTIBASE_INT_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"
#include "crypt/key.h"

/* The work grows with the square of the length: an RSA key of 8192 bits and its codec fit. */
#define BASE58_MAX_BYTES 1048

void base58_add(struct buf *out, struct str bytes);
/* At most BASE58_MAX_BYTES bytes are decoded. False leaves out as it was, or failed. */
bool base58_decode(struct buf *out, struct str text) NODISCARD;

void multibase_add(struct buf *out, enum key_kind kind, struct str key);
/*
 * RC_INVALID when it is no base58btc, RC_UNSUPPORTED when it is no such key. What follows the codec
 * is not looked at. RC_NO_MEMORY.
 */
enum rc multibase_decode(struct err *err, struct str text, enum key_kind *kind,
			 struct buf *key) NODISCARD;

#endif
