/*
 * Identity statements (FEP-c390): the holder of a key says by a proof that an actor is the same person.
 * What is handed out is verified; whoever cannot be verified is nobody.
 */
#ifndef FF_AP_IDENTITY_H
#define FF_AP_IDENTITY_H

#include "ap/ap.h"

#define AP_IDENTITIES_MAX 4
#define AP_IDENTITY_BYTES_MAX 4096

struct ap_identity {
	struct str subject;   /* "did:key:z6Mk..." */
	struct str statement; /* the whole of it, JSON, in the arena */
	uint64_t expires_ms;  /* 0: never */
};

/*
 * RC_OK: the statement is about the actor and its proof is right. RC_INVALID, RC_UNSUPPORTED (another
 * kind of key or proof), RC_TOO_LARGE, with the reason in reader's context. Pure: the key stands in
 * the subject.
 */
enum rc ap_identity_decode(const struct ap_reader *reader, struct jr statement, struct str actor,
			   struct ap_identity *out) NODISCARD;
/* Has it members that every peer knows, and no others? We publish none that a strict reader of JSON-LD
 * would have to drop. */
bool ap_identity_is_plain(struct jr statement);

#endif
