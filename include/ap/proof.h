/*
 * Integrity proofs in documents (FEP-8b32, Verifiable Credential Data Integrity 1.0): reading them,
 * checking them, adding ours. Which key belongs to whom is not known here.
 */
#ifndef FF_AP_PROOF_H
#define FF_AP_PROOF_H

#include "ap/ap.h"
#include "crypt/key.h"

/* How many of a document are looked at; FEP-8b32 wants one. */
#define AP_PROOFS_MAX 4

struct ap_proof {
	struct str method; /* the key's id as it is written: an IRI, or a DID URL */
	struct str value;
	struct str domain; /* whom it is made for; absent: for everybody */
	uint64_t created_ms;
	uint64_t expires_ms; /* 0: never */
	struct jr whole;
};

/*
 * RC_OK: one that can be verified. RC_UNSUPPORTED: of another suite or purpose, or of a chain;
 * RC_INVALID: malformed, or without a time. The reason in reader's context.
 */
enum rc ap_proof_decode(const struct ap_reader *reader, struct jr proof,
			struct ap_proof *out) NODISCARD;

/*
 * Did key make proof over document? The document is what the proof stands in: its `proof` and a
 * linked-data `signature` are not covered (FEP-8b32, "Backward compatibility"). False too when
 * memory is short: then the arena has failed.
 */
bool ap_proof_verify(struct arena *arena, struct jr document, const struct ap_proof *proof,
		     const struct key *key) NODISCARD;

/*
 * Adds a proof to document, a JSON object that we have written, by the private Ed25519 key whose id
 * is method. Its time is told in whole seconds. RC_EXISTS when it has one already, and RC_INVALID when
 * it is no object within the limits of peers: document is as it was then; RC_IO, RC_NO_MEMORY.
 */
enum rc ap_proof_add(struct ctx *ctx, struct buf *document, const struct key *key,
		     struct str method, uint64_t now_ms) NODISCARD;

#endif
