/*
 * What people of here sign in with besides their password: one-time passwords, recovery codes,
 * passkeys, and the challenges that passkeys answer. Everything that would let somebody in is sealed
 * or a digest.
 */
#ifndef FF_STORE_FACTOR_H
#define FF_STORE_FACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

#define RECOVERY_CODES 10
#define PASSKEYS_MAX 20

/* One-time passwords of an account, and the codes for when the app is lost. */
struct factor {
	struct str sealed;     /* the secret */
	uint64_t confirmed_ms; /* when it was first shown to work; 0: it is being set up */
	uint64_t last_step;    /* that was used: none up to it is taken again */
	unsigned failures;     /* since the last success */
	uint64_t locked_ms;    /* nothing is taken until then */
	struct digest recovery[RECOVERY_CODES];
	unsigned recovery_count;
};

/* Strings are copied into arena. False when the account has none. */
bool factor_get(struct db_txn *txn, struct arena *arena, uint64_t account, struct factor *out);
void factor_put(struct db_txn *txn, uint64_t account, const struct factor *factor);
/* True when there was one. */
bool factor_del(struct db_txn *txn, uint64_t account);

struct passkey {
	uint64_t id;
	uint64_t account;
	struct str credential; /* its id, as the authenticator made it */
	struct str key;	       /* COSE */
	uint32_t counter;
	struct str name; /* that its owner gave it */
	uint64_t created_ms;
	uint64_t used_ms; /* 0: never */
};

/* Sets passkey->id. False when the credential is known, or the account has PASSKEYS_MAX. */
bool passkey_add(struct db_txn *txn, struct passkey *passkey);
/* Replaces counter, name and time of use. */
void passkey_put(struct db_txn *txn, const struct passkey *passkey);
bool passkey_del(struct db_txn *txn, uint64_t account, uint64_t id);
/* In the order of their making; strings are copied into arena. */
size_t passkey_list(struct db_txn *txn, struct arena *arena, uint64_t account,
		    struct passkey out[PASSKEYS_MAX]);
bool passkey_find(struct db_txn *txn, struct arena *arena, struct str credential,
		  struct passkey *out);

/*
 * A challenge begins with the time when it ends, so that those that ended are found without an
 * index; the rest is random. It is made outside of writes, which may run again.
 */
#define CHALLENGE_SIZE 32
#define CHALLENGE_LIFE_MS (5 * MS_PER_MINUTE)

struct challenge {
	unsigned char bytes[CHALLENGE_SIZE];
};

enum challenge_use {
	CHALLENGE_REGISTER = 1,
	CHALLENGE_SIGN_IN = 2,
};

struct challenge challenge_new(uint64_t now_ms);
/* For an account, or 0 for whoever comes. Forgets some that have ended. */
void challenge_put(struct db_txn *txn, const struct challenge *challenge, enum challenge_use use,
		   uint64_t account);
/* Takes it, which can be done once. False when there is none such, or it has ended. */
bool challenge_take(struct db_txn *txn, struct str bytes, enum challenge_use use, uint64_t account);

/* All that an account has of these. */
void factors_del(struct db_txn *txn, uint64_t account);

/* Integrity: passkeys are found by their credential, and the other way round. Calls bad() for each
 * row that is not sound. */
void factor_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg);

#endif
