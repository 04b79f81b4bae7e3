/*
 * E-mail to people of here: letters, and the tickets that some of them carry. A letter is sealed
 * while it waits, since what it carries would let whoever reads it in (S-103).
 */
#ifndef FF_SOCIAL_MAIL_H
#define FF_SOCIAL_MAIL_H

#include "crypt/secret.h"
#include "social/social.h"
#include "store/ticket.h"

/* --- letters --- */

struct letter {
	struct str to;
	struct str subject;
	struct str text;
};

/* Sealed for the queue, in ctx's arena; outside of writes, which may run again. */
enum rc letter_pack(struct ctx *ctx, const struct seal_key *seal, const struct letter *letter,
		    struct str *packed) NODISCARD;
/* RC_CORRUPT. Strings are in arena. */
enum rc letter_unpack(struct arena *arena, const struct seal_key *seal, struct str packed,
		      struct letter *out) NODISCARD;
/* Sends it: JOB_MAIL. */
void letter_post(struct social *s, struct str packed);

/* What somebody is told who did it themselves, or did not. */
enum letter_news {
	LETTER_PASSWORD_CHANGED,
	LETTER_FACTOR_ADDED,
	LETTER_FACTOR_REMOVED,
};
void letter_news_write(struct arena *arena, const struct site *site, enum letter_news news,
		       struct str username, struct str to, struct letter *out);

/* --- tickets --- */

#define TICKET_PATH_CONFIRM "/auth/confirm"
#define TICKET_PATH_RESET "/auth/reset"
#define TICKET_PATH_APPEAL "/disputes/appeal"
#define TICKET_CONFIRM_LIFE_MS (7 * MS_PER_DAY)
#define TICKET_RESET_LIFE_MS (6 * MS_PER_HOUR)

/* What a new one says: nobody guesses it. Outside of writes. */
struct str ticket_text(struct arena *arena, uint64_t account);

/* One that is about to be sent: made outside of the write. */
struct ticket_letter {
	uint64_t account;
	enum ticket_kind kind;
	struct str email;
	struct digest digest;
	struct str packed;
};
enum rc ticket_make(struct ctx *ctx, const struct site *site, const struct seal_key *seal,
		    const struct account *account, enum ticket_kind kind, struct str email,
		    struct ticket_letter *out) NODISCARD;
/* Replaces the one before. RC_BUSY when too many were sent lately (S-106). */
enum rc ticket_send(struct social *s, const struct ticket_letter *letter) NODISCARD;
/* Writes as much as that for nobody, and sends nothing: whoever has no account waits as long (S-109). */
enum rc ticket_send_nobody(struct social *s, const struct ticket_letter *letter) NODISCARD;
/* Whose ticket is this text, if it may still be used? RC_NOT_FOUND; it is not spent by that. */
enum rc ticket_find(struct db_txn *txn, struct arena *arena, struct str text, enum ticket_kind kind,
		    uint64_t *account, struct ticket *out) NODISCARD;

/* The address that a person wants instead of theirs; it takes its place when a ticket comes back.
 * RC_INVALID, RC_EXISTS (somebody has it), RC_BLOCKED (its provider is barred). */
enum rc email_ask(struct social *s, uint64_t account, struct str email) NODISCARD;
/* The address that a ticket would be sent to: the one that waits, else theirs when it is not
 * confirmed; empty when there is nothing to confirm. */
struct str email_to_confirm(const struct account_secrets *secrets);
/* The ticket came back. RC_NOT_FOUND, RC_EXISTS when somebody else has it by now. */
enum rc email_confirm(struct social *s, struct str ticket, uint64_t *account) NODISCARD;
/*
 * Sets the password of whose ticket came back; that they could read it confirms the address.
 * What was signed in before must be signed out in the same write (S-101). RC_NOT_FOUND.
 */
enum rc password_reset(struct social *s, struct str ticket, struct str password_hash,
		       uint64_t *account) NODISCARD;
/* Who asks to reset a password with this address: an account that may sign in. RC_NOT_FOUND. */
enum rc password_asker(struct db_txn *txn, struct arena *arena, struct str email,
		       struct account *out, struct str *address) NODISCARD;

#endif
