/* Whoever signed up and is not let in yet: what they wait for, and another letter. On worker threads. */
#include "page.h"
#include "sign_up_int.h"

struct waiting {
	struct asking *asking;
	struct account account;
	struct account_secrets secrets;
	struct str email;
};

static enum rc read_waiting(struct asking *a, uint64_t account, struct waiting *out)
{
	struct db_txn *txn;
	*out = (struct waiting){ .asking = a };
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (!account_get(txn, a->req->ctx.arena, account, &out->account) ||
	    !account_secrets_get(txn, a->req->ctx.arena, account, &out->secrets))
		rc = RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

void waiting_show(struct asking *a, unsigned status, uint64_t account, enum word complaint)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct waiting w;
	enum rc rc = read_waiting(a, account, &w);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	struct consent_view view = asking_view(a);
	view.token =
		form_token(a->req->ctx.arena, cookie_get(a->req, a->web, COOKIE_FORM), "sign-in");
	view.pending = asking_pending_make(a, account);
	view.complaint = complaint;
	render_waiting(&page, a->web, &view, w.account.flags, email_to_confirm(&w.secrets));
	asking_answer(a, status, &page);
}

static enum rc readdress_job(struct social *s, void *arg)
{
	const struct waiting *w = arg;
	return sign_up_readdress(s, w->account.id, w->email);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

/* RC_BUSY: too often (S-106). */
static enum rc send_letter(struct waiting *w)
{
	struct asking *a = w->asking;
	const struct reception *r = a->web->reception;
	struct ticket_letter letter;
	if (!gate_client(r->gate, GATE_CONFIRM, a->req->client) ||
	    !gate_subject(r->gate, GATE_CONFIRM, w->email))
		return RC_BUSY;
	enum rc rc = asking_write(a, readdress_job, w);
	if (rc == RC_OK)
		rc = read_waiting(a, w->account.id, w);
	if (rc == RC_OK)
		rc = sign_up_letter(r, &a->req->ctx, &w->account, email_to_confirm(&w->secrets),
				    &letter);
	return rc == RC_OK ? asking_write(a, send_job, &letter) : rc;
}

void waiting_take(struct asking *a)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t account = asking_pending_read(a);
	struct waiting w;
	enum rc rc = account != 0 ? read_waiting(a, account, &w) : RC_NOT_FOUND;
	if (rc == RC_NOT_FOUND || (rc == RC_OK && (w.account.flags & ACCOUNT_UNCONFIRMED) == 0)) {
		asking_show_sign_in(a, 403, STR(""), W_FORM_OLD);
		return;
	}
	w.email = str_trim(asking_field(a, "email"));
	if (rc == RC_OK)
		rc = send_letter(&w);
	if (rc == RC_OK) {
		render_sign_up_sent(&page, a->web, email_to_confirm(&w.secrets),
				    (w.account.flags & ACCOUNT_UNAPPROVED) != 0);
		asking_answer(a, 200, &page);
	} else if (rc == RC_INVALID) {
		waiting_show(a, 422, account, W_ADDRESS_WRONG);
	} else if (rc == RC_BLOCKED) {
		waiting_show(a, 422, account, W_ADDRESS_BARRED);
	} else if (rc == RC_BUSY) {
		waiting_show(a, 429, account, W_TOO_OFTEN);
	} else {
		asking_fail(a, rc);
	}
}
