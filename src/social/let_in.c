/* Who signed up is let in, or not, and what letters tell of it. Inside writes, but for what makes
 * letters. */
#include "act_int.h"
#include "core/must.h"
#include "social/audit.h"
#include "social/mail.h"
#include "social/moderate.h"
#include "social/sign_up.h"
#include "store/node.h"

#define MODERATORS_MAX 100

/* --- letters --- */

static enum rc pack(const struct reception *r, struct ctx *ctx, struct str to, const char *subject,
		    struct str text, struct str *packed)
{
	const struct letter letter = {
		.to = to,
		.subject = arena_printf(ctx->arena, "%s: %.*s", subject, STR_ARG(r->site->title)),
		.text = arena_printf(ctx->arena, "%.*s\n\n%.*s\n%.*s\n", STR_ARG(text),
				     STR_ARG(r->site->title), STR_ARG(r->site->base)),
	};
	if (arena_failed(ctx->arena))
		return RC_NO_MEMORY;
	return letter_pack(ctx, r->seal, &letter, packed);
}

/* Who has this address; false when nobody. */
static enum rc read_owner(const struct reception *r, struct ctx *ctx, struct str email,
			  struct account *owner, bool *found)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(r->db, &txn);
	if (rc != RC_OK)
		return rc;
	*found = account_get(txn, ctx->arena, account_id_of_email(txn, email), owner);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc sign_up_letter(const struct reception *r, struct ctx *ctx, const struct account *account,
		       struct str email, struct ticket_letter *out)
{
	struct account owner;
	bool taken = false;
	enum rc rc = ticket_make(ctx, r->site, r->seal, account, TICKET_CONFIRM, email, out);
	if (rc == RC_OK)
		rc = read_owner(r, ctx, email, &owner, &taken);
	if (rc != RC_OK || !taken || owner.id == account->id)
		return rc;
	/* S-109: whoever asks sees no difference; nobody gets the ticket */
	struct str text = arena_printf(
		ctx->arena,
		"Hello %.*s,\n\nsomebody asked for a new account with this e-mail address, which "
		"is the one of your account already. If that was you, sign in as %.*s, or set a "
		"new password:\n\n%.*s/auth/password\n\nIf it was not you, there is nothing to do.",
		STR_ARG(owner.username), STR_ARG(owner.username), STR_ARG(r->site->base));
	return pack(r, ctx, email, "You have an account already", text, &out->packed);
}

struct person {
	struct account account;
	struct account_secrets secrets;
	struct sign_up row;
};

static bool person_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct person *out)
{
	(void)sign_up_get(txn, arena, id, &out->row);
	return account_get(txn, arena, id, &out->account) &&
	       account_secrets_get(txn, arena, id, &out->secrets);
}

static struct str address_of(const struct person *p)
{
	return p->secrets.email.len != 0 ? p->secrets.email : p->secrets.email_next;
}

static enum rc news_add(const struct reception *r, struct ctx *ctx, const struct person *who,
			const struct person *moderator, struct sign_up_news *out)
{
	struct str reason = who->row.reason;
	struct str text = arena_printf(
		ctx->arena,
		"Hello %.*s,\n\n@%.*s signed up and waits to be let in.\n\nE-mail address: "
		"%.*s\nReason: %.*s\n\nApprove or reject the account in your app, or with: "
		"fediflow "
		"account approve %.*s",
		STR_ARG(moderator->account.username), STR_ARG(who->account.username),
		STR_ARG(address_of(who)), STR_ARG(reason.len != 0 ? reason : STR("none given")),
		STR_ARG(who->account.username));
	return pack(r, ctx, moderator->secrets.email, "Somebody waits to be let in", text,
		    &out->packed[out->count++]);
}

static bool looks_after_people(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	return role_permits(txn, arena, id, PERMISSION_MANAGE_USERS);
}

/* Those who can be written to. */
static size_t read_moderators(struct db_txn *txn, struct arena *arena,
			      struct person out[SIGN_UP_TOLD_MAX])
{
	uint64_t holders[MODERATORS_MAX];
	size_t n = 0, count = role_holders(txn, 0, holders, MODERATORS_MAX);
	for (size_t i = 0; i < count && n < SIGN_UP_TOLD_MAX; i++) {
		n += looks_after_people(txn, arena, holders[i]) &&
		     person_get(txn, arena, holders[i], &out[n]) &&
		     !account_is_gone(&out[n].account) && out[n].secrets.confirmed_ms != 0 &&
		     out[n].secrets.email.len != 0;
	}
	return n;
}

enum rc sign_up_news_make(const struct reception *r, struct ctx *ctx, uint64_t account,
			  struct sign_up_news *out)
{
	struct person *moderators = ARENA_ARRAY(ctx->arena, SIGN_UP_TOLD_MAX, struct person);
	struct person who;
	struct db_txn *txn = NULL;
	size_t n = 0;
	*out = (struct sign_up_news){ .count = 0 };
	enum rc rc = moderators != NULL ? db_read_begin(r->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	if (person_get(txn, ctx->arena, account, &who) &&
	    (who.account.flags & ACCOUNT_UNAPPROVED) != 0)
		n = read_moderators(txn, ctx->arena, moderators);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = news_add(r, ctx, &who, &moderators[i], out);
	return rc;
}

enum rc sign_up_answer_make(const struct reception *r, struct ctx *ctx, uint64_t account,
			    bool approved, struct str *packed)
{
	struct person who;
	struct db_txn *txn;
	*packed = STR("");
	enum rc rc = db_read_begin(r->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = person_get(txn, ctx->arena, account, &who);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	/* nobody else's mailbox hears of it */
	if (rc != RC_OK || !found || who.secrets.confirmed_ms == 0 || who.secrets.email.len == 0)
		return rc;
	const char *what = approved
				   ? "you were let in: your account is ready. Sign in with any app "
				     "for Mastodon, by the address of this node:"
				   : "your account was not approved, and what you had given was "
				     "deleted. If you think that this is a mistake, write to those "
				     "who run the node:";
	struct str text = arena_printf(ctx->arena, "Hello %.*s,\n\n%s\n\n%.*s/",
				       STR_ARG(who.account.username), what, STR_ARG(r->site->base));
	return pack(r, ctx, who.secrets.email,
		    approved ? "Your account is ready" : "Your account was not approved", text,
		    packed);
}

/* --- being let in --- */

/* Those who look after people hear of it. */
static void tell_moderators(struct social *s, uint64_t account)
{
	const struct notice notice = { .kind = NOTICE_SIGN_UP, .from = account };
	uint64_t holders[MODERATORS_MAX];
	size_t n = role_holders(s->txn, 0, holders, MODERATORS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (holders[i] != account && looks_after_people(s->txn, s->ctx->arena, holders[i]))
			act_notice(s, holders[i], notice);
	}
}

/* Takes a reason to wait away; with the last one they are in. */
static enum rc advance(struct social *s, struct account *a, unsigned reason)
{
	a->flags &= ~reason;
	if (!account_put(s->txn, s->ctx->arena, a))
		return act_end(s, RC_NOT_FOUND);
	if (!account_is_waiting(a)) {
		node_count(s->txn, 1, 0);
		tell_moderators(s, a->id);
	}
	return act_end(s, RC_OK);
}

enum rc sign_up_confirmed(struct social *s, uint64_t account, const struct sign_up_news *news,
			  bool *waits)
{
	struct account a;
	*waits = false;
	if (!account_get(s->txn, s->ctx->arena, account, &a))
		return act_end(s, RC_NOT_FOUND);
	if ((a.flags & ACCOUNT_UNCONFIRMED) == 0)
		return RC_OK;
	*waits = (a.flags & ACCOUNT_UNAPPROVED) != 0;
	for (unsigned i = 0; *waits && i < news->count; i++)
		letter_post(s, news->packed[i]);
	return advance(s, &a, ACCOUNT_UNCONFIRMED);
}

enum rc sign_up_confirm(struct social *s, struct str ticket, const struct sign_up_news *news,
			uint64_t *account, bool *waits)
{
	enum rc rc = email_confirm(s, ticket, account);
	return rc == RC_OK ? sign_up_confirmed(s, *account, news, waits) : rc;
}

enum rc sign_up_readdress(struct social *s, uint64_t account, struct str text)
{
	struct account_secrets secrets;
	struct email email;
	enum rc rc = email_parse(s->ctx, text, s->site->iri_flags, &email);
	if (rc != RC_OK)
		return rc;
	if (barred_email(s->txn, s->ctx->arena, &email) >= BARRED_SIGN_UP)
		return act_end(s, RC_BLOCKED);
	if (!account_secrets_get(s->txn, s->ctx->arena, account, &secrets))
		return act_end(s, RC_NOT_FOUND);
	/* it belongs to whoever confirms it first */
	secrets.email_next = email.text;
	account_secrets_put(s->txn, account, &secrets);
	return act_end(s, RC_OK);
}

/* --- deciding --- */

static enum rc load(struct social *s, const struct account *moderator, uint64_t account,
		    struct account *out)
{
	if (moderator != NULL && !looks_after_people(s->txn, s->ctx->arena, moderator->id))
		return act_end(s, RC_DENIED);
	if (!account_get(s->txn, s->ctx->arena, account, out) ||
	    (out->flags & ACCOUNT_DELETED) != 0)
		return act_end(s, RC_NOT_FOUND);
	return (out->flags & ACCOUNT_UNAPPROVED) != 0
		       ? RC_OK
		       : ctx_fail(s->ctx, RC_INVALID, "the account does not wait to be let in");
}

static void answer_post(struct social *s, struct str answer)
{
	if (answer.len != 0)
		letter_post(s, answer);
}

enum rc sign_up_approve(struct social *s, const struct account *moderator, uint64_t account,
			struct str answer)
{
	struct account a;
	enum rc rc = load(s, moderator, account, &a);
	if (rc != RC_OK)
		return rc;
	answer_post(s, answer);
	audit(s, moderator, AUDIT_ACCOUNT_APPROVE, AUDIT_ABOUT(account));
	return advance(s, &a, ACCOUNT_UNAPPROVED);
}

enum rc sign_up_reject(struct social *s, const struct account *moderator, uint64_t account,
		       struct str answer)
{
	struct account a;
	enum rc rc = load(s, moderator, account, &a);
	if (rc != RC_OK)
		return rc;
	answer_post(s, answer);
	audit(s, moderator, AUDIT_ACCOUNT_REJECT, AUDIT_ABOUT(account));
	sign_up_forget(s->txn, account);
	return act_end(s, RC_OK);
}
