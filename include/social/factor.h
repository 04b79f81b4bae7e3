/*
 * Second factors: one-time passwords, recovery codes, passkeys. What costs time or chance (making
 * secrets, reading what a browser sends) happens outside of writes; what counts uses is in them.
 */
#ifndef FF_SOCIAL_FACTOR_H
#define FF_SOCIAL_FACTOR_H

#include "crypt/secret.h"
#include "crypt/webauthn.h"
#include "social/social.h"
#include "store/factor.h"

/* --- one-time passwords and recovery codes --- */

struct totp_setup {
	struct str secret; /* its bytes: shown once, as text and as what an app reads */
	struct str sealed;
};
/* A new secret, in ctx's arena. */
enum rc totp_make(struct ctx *ctx, const struct seal_key *seal, uint64_t account,
		  struct totp_setup *out) NODISCARD;
/* The one that is being set up. RC_NOT_FOUND when there is none, RC_EXISTS when one is in use. */
enum rc totp_pending(struct db_txn *txn, struct ctx *ctx, const struct seal_key *seal,
		     uint64_t account, struct str *secret) NODISCARD;

struct recovery_codes {
	struct str text[RECOVERY_CODES]; /* "k3xq7-mm2ra": shown once */
	struct digest digest[RECOVERY_CODES];
};
enum rc recovery_make(struct ctx *ctx, const struct seal_key *seal, uint64_t account,
		      struct recovery_codes *out) NODISCARD;

/* Keeps a secret that is not in use before it was shown to work. RC_EXISTS when one is. */
enum rc totp_begin(struct social *s, uint64_t account, struct str sealed) NODISCARD;
/*
 * A code shows that it works: from now on it is asked for. The recovery codes become these.
 * RC_DENIED when the code is wrong, RC_NOT_FOUND when nothing is being set up, RC_EXISTS.
 */
enum rc totp_confirm(struct social *s, const struct seal_key *seal, uint64_t account,
		     struct str code, const struct recovery_codes *codes) NODISCARD;
/* No one-time passwords any more; without passkeys, no recovery codes either. RC_NOT_FOUND. */
enum rc totp_remove(struct social *s, uint64_t account) NODISCARD;
/* New recovery codes instead of the old ones. RC_NOT_FOUND when there is no second factor. */
enum rc recovery_renew(struct social *s, uint64_t account,
		       const struct recovery_codes *codes) NODISCARD;

/*
 * Is it a one-time password, or a recovery code? Either is used up by it (S-110). *verdict is RC_OK,
 * RC_DENIED, or RC_BUSY while too many wrong ones have locked it; the write must be committed in any
 * case, since it counts.
 */
enum rc factor_use(struct social *s, const struct seal_key *seal, uint64_t account, struct str code,
		   enum rc *verdict) NODISCARD;

struct factor_state {
	bool totp;
	unsigned passkeys;
	unsigned recovery_codes; /* that are left */
};
/* A second factor is asked for when there is a one-time password or a passkey. */
struct factor_state factor_state(struct db_txn *txn, struct arena *arena, uint64_t account);
static inline bool factor_is_needed(const struct factor_state *state)
{
	return state->totp || state->passkeys != 0;
}
/* Takes all of them away, for who has lost them: by those who administer. */
enum rc factors_reset(struct social *s, uint64_t account) NODISCARD;

/* --- passkeys --- */

/* What the page's script sends, decoded from its JSON. Strings are in the document. */
struct passkey_answer {
	struct str id;		/* bytes, decoded; so are the others */
	struct str client_json; /* as the authenticator has hashed it */
	struct webauthn_client client;
	struct str attestation;	  /* when it was registered */
	struct str authenticator; /* when it was used */
	struct str signature;
	struct str challenge; /* what it answers */
};
/*
 * {"id", "clientDataJSON", "attestationObject"} or {"id", "clientDataJSON", "authenticatorData",
 * "signature"}, each in base64url. RC_INVALID with the reason in ctx. Strings are in ctx's arena.
 */
enum rc passkey_answer_read(struct ctx *ctx, struct str json, struct passkey_answer *out) NODISCARD;

/* What the page's script needs, as JSON: the options of navigator.credentials.create() and .get(). */
enum rc passkey_creation_options(struct ctx *ctx, struct db_txn *txn, const struct site *site,
				 const struct account *account, const struct challenge *challenge,
				 struct str *out) NODISCARD;
/* account 0: whoever comes, with a credential that its authenticator finds by itself. */
enum rc passkey_request_options(struct ctx *ctx, struct db_txn *txn, const struct site *site,
				uint64_t account, const struct challenge *challenge,
				struct str *out) NODISCARD;

/*
 * Registers one; a challenge for CHALLENGE_REGISTER must have been put. codes become the recovery
 * codes when there are none, which *codes_taken says. RC_DENIED (challenge), RC_INVALID, RC_UNSUPPORTED,
 * RC_EXISTS (known, or too many).
 */
enum rc passkey_register(struct social *s, uint64_t account, const struct passkey_answer *answer,
			 struct str name, const struct recovery_codes *codes,
			 bool *codes_taken) NODISCARD;
/*
 * Whose passkey is this? With account as the second factor of who has given a password; with 0 as
 * the only one, where the authenticator must have verified the person. *verdict is RC_OK or RC_DENIED;
 * the write must be committed in any case, since the challenge is spent.
 */
enum rc passkey_use(struct social *s, uint64_t account, const struct passkey_answer *answer,
		    uint64_t *who, enum rc *verdict) NODISCARD;
/* RC_NOT_FOUND. With the last second factor the recovery codes go. */
enum rc passkey_remove(struct social *s, uint64_t account, uint64_t id) NODISCARD;

#endif
