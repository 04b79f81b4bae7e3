/*
 * Passkeys (W3C Web Authentication, Level 2), as pure functions: is what a browser hands back for a
 * challenge of ours a new credential, or proof that a known one was used? Attestation is not asked
 * for, and a statement that comes all the same is not looked at (section 7.1, step 19: "none").
 *
 * The client data is JSON, which this module does not read: the caller decodes it, and hands in the
 * bytes, which are signed, together with what they say.
 */
#ifndef FF_CRYPT_WEBAUTHN_H
#define FF_CRYPT_WEBAUTHN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rc.h"
#include "core/str.h"

#define WEBAUTHN_CHALLENGE_SIZE 32
#define WEBAUTHN_ID_MAX 1023 /* section 5.8.3: bytes of a credential's id */
#define WEBAUTHN_KEY_MAX 2048

/* Who asks, and what was asked. */
struct webauthn_party {
	struct str id;	      /* the domain that credentials are for */
	struct str origin;    /* of the page: "https://social.example.org" */
	struct str challenge; /* its bytes */
	bool need_verified;   /* the person showed that it is they: finger, face or PIN */
};

/* Section 5.8.1, decoded. */
struct webauthn_client {
	struct str json; /* the exact bytes */
	struct str type;
	struct str challenge; /* base64url */
	struct str origin;
	bool cross_origin;
};

struct webauthn_credential {
	struct str id;
	struct str key; /* COSE_Key, to be stored as it is */
	uint32_t counter;
};

/*
 * Section 7.1. out points into attestation. RC_INVALID when it is malformed or does not fit,
 * RC_UNSUPPORTED when the key is of a kind that we did not ask for; the reason in err.
 */
enum rc webauthn_register(struct err *err, const struct webauthn_party *party,
			  const struct webauthn_client *client, struct str attestation,
			  struct webauthn_credential *out) NODISCARD;

/* What a browser hands back of a known credential. */
struct webauthn_assertion {
	struct webauthn_client client;
	struct str authenticator; /* its data */
	struct str signature;
};

/*
 * Section 7.2. *counter becomes the one to be stored; one that does not rise is that of a copied
 * authenticator. RC_DENIED with the reason in err.
 */
enum rc webauthn_assert(struct err *err, const struct webauthn_party *party,
			const struct webauthn_credential *known,
			const struct webauthn_assertion *assertion, uint32_t *counter) NODISCARD;

#endif
