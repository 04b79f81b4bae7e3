/*
 * The cryptographic part of integrity proofs, cryptosuite eddsa-jcs-2022 (VC-DI-EDDSA section 3.3):
 * an Ed25519 signature over the digests of the proof's options and of the document, both spelt
 * canonically (RFC 8785). Pure; which proof, which key and for whom is decided above.
 */
#ifndef FF_CRYPT_PROOF_H
#define FF_CRYPT_PROOF_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/str.h"
#include "crypt/key.h"

#define PROOF_CRYPTOSUITE "eddsa-jcs-2022"

/*
 * Appends the proofValue, multibase. options is the canonical proof without proofValue, document the
 * canonical document without the proof; key is a private Ed25519 key. RC_IO, RC_NO_MEMORY.
 */
enum rc proof_create(const struct key *key, struct str options, struct str document,
		     struct buf *value) NODISCARD;

/* False for every value that is not right, and for keys of another kind. */
bool proof_verify(const struct key *key, struct str options, struct str document,
		  struct str value) NODISCARD;

#endif
