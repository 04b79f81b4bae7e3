/* Public keys as authenticators give them (COSE_Key, RFC 9053), of the three algorithms that we ask
 * for. */
#ifndef FF_CRYPT_COSE_INT_H
#define FF_CRYPT_COSE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "cbor_int.h"
#include "core/rc.h"

enum cose_algorithm {
	COSE_ES256 = -7,
	COSE_EDDSA = -8,
	COSE_RS256 = -257,
};

struct cose_key {
	enum cose_algorithm algorithm;
	struct str x, y; /* ES256; EdDSA has x alone */
	struct str n, e; /* RS256 */
};

/* Reads one from c. RC_INVALID when it is malformed or no key, RC_UNSUPPORTED of another kind. */
enum rc cose_read(struct cbor *c, struct cose_key *out) NODISCARD;
/* Did the key make the signature (WebAuthn section 6.5.6)? */
bool cose_verify(const struct cose_key *key, struct str message, struct str signature);

#endif
