/* Tickets: made, sent, and what they do when they come back. Inside transactions, but for
 * ticket_make(). */
#include "act_int.h"
#include "core/enc.h"
#include "core/random.h"
#include "db/rec.h"
#include "social/attribute.h"
#include "social/bar.h"
#include "social/mail.h"
#include "text/email.h"

/* The text is the account's id and what nobody guesses, in base64url. */
#define ID_SIZE 8
#define SECRET_SIZE 24
#define TICKET_SIZE (ID_SIZE + SECRET_SIZE)

/* S-106 */
#define SENT_MAX 5
#define SENT_WINDOW_MS (30 * MS_PER_MINUTE)

/* --- making --- */

struct str ticket_text(struct arena *arena, uint64_t account)
{
	struct reckey id = reckey_u64(account);
	unsigned char bytes[TICKET_SIZE];
	struct buf text = BUF_INIT(128);
	random_bytes(bytes, sizeof(bytes));
	memcpy(bytes, id.bytes, ID_SIZE);
	enc_base64url(&text, str_n(bytes, sizeof(bytes)));
	return arena_take_buf(arena, &text);
}

static void write_letter(struct arena *arena, const struct site *site, struct str username,
			 enum ticket_kind kind, struct str ticket, struct letter *out)
{
	static const struct {
		const char *subject, *path, *ask, *ends;
	} words[] = {
		[TICKET_CONFIRM] = { "Confirm your e-mail address", TICKET_PATH_CONFIRM,
				     "this address was given for your account. If that was you, "
				     "open this page to confirm it:",
				     "The page can be opened for seven days." },
		[TICKET_RESET] = { "Set a new password", TICKET_PATH_RESET,
				   "somebody asked for a new password for your account. If that "
				   "was you, open this page to set one:",
				   "The page can be opened for six hours, and used once." },
	};
	out->subject = arena_printf(arena, "%s: %.*s", words[kind].subject, STR_ARG(site->title));
	out->text = arena_printf(arena,
				 "Hello %.*s,\n\n%s\n\n%.*s%s?token=%.*s\n\n%s If it was not "
				 "you, there is nothing to do.\n\n%.*s\n%.*s\n",
				 STR_ARG(username), words[kind].ask, STR_ARG(site->base),
				 words[kind].path, STR_ARG(ticket), words[kind].ends,
				 STR_ARG(site->title), STR_ARG(site->base));
}

enum rc ticket_make(struct ctx *ctx, const struct site *site, const struct seal_key *seal_with,
		    const struct account *account, enum ticket_kind kind, struct str email,
		    struct ticket_letter *out)
{
	struct str text = ticket_text(ctx->arena, account->id);
	struct letter letter = { .to = email };
	write_letter(ctx->arena, site, account->username, kind, text, &letter);
	*out = (struct ticket_letter){
		.account = account->id, .kind = kind, .email = email, .digest = digest_sha256(text)
	};
	enum rc rc = letter_pack(ctx, seal_with, &letter, &out->packed);
	return rc == RC_OK && arena_failed(ctx->arena) ? RC_NO_MEMORY : rc;
}

/* --- sending --- */

enum rc ticket_send(struct social *s, const struct ticket_letter *letter)
{
	uint64_t now = db_txn_now(s->txn);
	struct ticket t;
	(void)ticket_get(s->txn, s->ctx->arena, letter->account, letter->kind, &t);
	if (now >= t.sent_ms + SENT_WINDOW_MS || now < t.sent_ms) {
		t.sent_ms = now;
		t.sent = 0;
	}
	if (t.sent >= SENT_MAX)
		return act_end(s, RC_BUSY);
	t.sent++;
	t.spent = false;
	t.digest = letter->digest;
	t.email = letter->email;
	t.ends_ms = now +
		    (letter->kind == TICKET_RESET ? TICKET_RESET_LIFE_MS : TICKET_CONFIRM_LIFE_MS);
	ticket_put(s->txn, letter->account, letter->kind, &t);
	letter_post(s, letter->packed);
	return act_end(s, RC_OK);
}

#define NOBODY 0 /* whose ticket fits nothing: ticket_find() finds accounts */

enum rc ticket_send_nobody(struct social *s, const struct ticket_letter *letter)
{
	const struct ticket t = { .spent = true,
				  .digest = letter->digest,
				  .email = STR(""),
				  .ends_ms = db_txn_now(s->txn) };
	ticket_put(s->txn, NOBODY, letter->kind, &t);
	return act_end(s, RC_OK);
}

/* --- coming back --- */

enum rc ticket_find(struct db_txn *txn, struct arena *arena, struct str text, enum ticket_kind kind,
		    uint64_t *account, struct ticket *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(TICKET_SIZE);
	struct digest digest = digest_sha256(text);
	if (!enc_unbase64(&bytes, text) || bytes.len != TICKET_SIZE ||
	    !reckey_read_u64(buf_str(&bytes), 0, account) ||
	    !ticket_get(txn, arena, *account, kind, out) || out->spent ||
	    out->ends_ms <= db_txn_now(txn) ||
	    !str_eq_secret(str_n(digest.bytes, DIGEST_SIZE),
			   str_n(out->digest.bytes, DIGEST_SIZE))) {
		*account = 0;
		return db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
	}
	return RC_OK;
}

/* The ticket is used up, and its owner may sign in. */
static enum rc ticket_take(struct social *s, struct str text, enum ticket_kind kind,
			   uint64_t *account, struct ticket *t, struct account_secrets *secrets)
{
	struct account a;
	enum rc rc = ticket_find(s->txn, s->ctx->arena, text, kind, account, t);
	if (rc != RC_OK)
		return rc;
	if (!account_get(s->txn, s->ctx->arena, *account, &a) || account_is_barred(&a) ||
	    !account_secrets_get(s->txn, s->ctx->arena, *account, secrets))
		return act_end(s, RC_NOT_FOUND);
	t->spent = true;
	ticket_put(s->txn, *account, kind, t);
	return act_end(s, RC_OK);
}

struct str email_to_confirm(const struct account_secrets *secrets)
{
	if (secrets->email_next.len != 0)
		return secrets->email_next;
	return secrets->confirmed_ms == 0 ? secrets->email : STR("");
}

static bool is_taken(struct social *s, struct str email, uint64_t by_other_than)
{
	uint64_t owner = account_id_of_email(s->txn, email);
	return owner != 0 && owner != by_other_than;
}

static bool email_is_barred(struct social *s, const struct email *email)
{
	return barred_email(s->txn, s->ctx->arena, email) >= BARRED_SIGN_UP;
}

enum rc email_ask(struct social *s, uint64_t account, struct str text)
{
	struct account_secrets secrets;
	struct email email;
	enum rc rc = email_parse(s->ctx, text, s->site->iri_flags, &email);
	if (rc != RC_OK)
		return rc;
	if (is_taken(s, email.text, account))
		return act_end(s, ctx_fail(s->ctx, RC_EXISTS, "the e-mail address is taken"));
	if (!account_secrets_get(s->txn, s->ctx->arena, account, &secrets))
		return act_end(s, RC_NOT_FOUND);
	if (email_is_barred(s, &email))
		return act_end(s,
			       ctx_fail(s->ctx, RC_BLOCKED, "the e-mail provider is not allowed"));
	/* an address that nobody confirmed is no address to go back to */
	if (secrets.confirmed_ms == 0) {
		secrets.email = email.text;
		secrets.email_next = STR("");
	} else {
		secrets.email_next = email.text;
	}
	account_secrets_put(s->txn, account, &secrets);
	return act_end(s, RC_OK);
}

enum rc email_confirm(struct social *s, struct str text, uint64_t *account)
{
	struct account_secrets secrets;
	struct ticket t;
	enum rc rc = ticket_take(s, text, TICKET_CONFIRM, account, &t, &secrets);
	if (rc != RC_OK)
		return rc;
	/* the ticket is for the address that it was sent to, whatever they have asked for since */
	if (!str_eq(t.email, email_to_confirm(&secrets)))
		return act_end(s, RC_NOT_FOUND);
	if (is_taken(s, t.email, *account))
		return act_end(s, RC_EXISTS);
	secrets.email = t.email;
	secrets.email_next = STR("");
	secrets.confirmed_ms = db_txn_now(s->txn);
	account_secrets_put(s->txn, *account, &secrets);
	attributes_changed(s, *account);
	return act_end(s, RC_OK);
}

enum rc password_asker(struct db_txn *txn, struct arena *arena, struct str email,
		       struct account *out, struct str *address)
{
	struct account_secrets secrets;
	uint64_t id = account_id_of_email(txn, email);
	if (id == 0 || !account_get(txn, arena, id, out) || account_is_gone(out) ||
	    !account_secrets_get(txn, arena, id, &secrets))
		return db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
	*address = secrets.email;
	return RC_OK;
}

enum rc password_reset(struct social *s, struct str text, struct str password_hash,
		       uint64_t *account)
{
	struct account_secrets secrets;
	struct ticket t;
	enum rc rc = ticket_take(s, text, TICKET_RESET, account, &t, &secrets);
	if (rc != RC_OK)
		return rc;
	/* of an address that they have given up since */
	if (!str_eq(t.email, secrets.email))
		return act_end(s, RC_NOT_FOUND);
	secrets.password_hash = password_hash;
	if (secrets.confirmed_ms == 0)
		secrets.confirmed_ms = db_txn_now(s->txn);
	account_secrets_put(s->txn, *account, &secrets);
	attributes_changed(s, *account);
	return act_end(s, RC_OK);
}
