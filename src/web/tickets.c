/*
 * Pages that e-mails lead to: confirming an address, setting a new password; and the one that asks
 * for such an e-mail. What is answered tells nobody who has an account (S-109). GET on listener
 * threads, POST on worker threads.
 */
#include "page.h"
#include "sign_in_int.h"
#include "social/mail.h"

struct ticketing {
	struct asking asking;
	struct sign_up_news news; /* for moderators, when somebody waits for them */
	bool waits;
	struct str ticket;
	struct ticket found;
	uint64_t account;
};

static struct consent_view view_of(struct ticketing *t)
{
	struct consent_view view = asking_view(&t->asking);
	/* the ticket is its own proof that the form is meant: nobody else has it */
	view.token = STR("");
	view.query = STR("");
	return view;
}

static void begin(struct ticketing *t, struct httpd_request *req, void *app, const char *path)
{
	*t = (struct ticketing){ .asking = { .web = web_of(app), .req = req, .path = path } };
	t->ticket = req->method == HTTP_POST ? asking_field(&t->asking, "ticket")
					     : httpd_query(req, "token");
	/* the address has the ticket: nobody is told where one came from */
	httpd_add_header(req, "Referrer-Policy", STR("no-referrer"));
}

/* A page that says one thing, and where to go from there. */
static void say(struct asking *a, unsigned status, enum word title, enum word text)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	form_page_begin(&page, a->web, title);
	form_text(&page, text);
	tag(&page, "<p><a href=\"/auth/account\">");
	html_add_text(&page, word(W_ACCOUNT));
	tag(&page, "</a></p>\n");
	form_page_end(&page, a->web);
	asking_answer(a, status, &page);
}

/* False when the request is answered: there is no such ticket any more. */
static bool find(struct ticketing *t, enum ticket_kind kind, enum word title)
{
	struct asking *a = &t->asking;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc == RC_OK) {
		rc = ticket_find(txn, a->req->ctx.arena, t->ticket, kind, &t->account, &t->found);
		db_read_end(&txn);
	}
	if (rc == RC_NOT_FOUND)
		say(a, 410, title, W_TICKET_OLD);
	else if (rc != RC_OK)
		asking_fail(a, rc);
	return rc == RC_OK;
}

/* --- confirming an address --- */

void confirm_get(struct httpd_request *req, void *app)
{
	struct ticketing t;
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	begin(&t, req, app, TICKET_PATH_CONFIRM);
	if (!find(&t, TICKET_CONFIRM, W_CONFIRM))
		return;
	struct consent_view view = view_of(&t);
	form_page_begin(&page, t.asking.web, W_CONFIRM);
	tag(&page, "<p>");
	html_add_text(&page, word(W_CONFIRM_MORE));
	tag(&page, " <b dir=\"ltr\">");
	html_add_text(&page, t.found.email);
	tag(&page, "</b></p>\n");
	/* a mail server that looks at links confirms nothing by that */
	form_open(&page, &view, "confirm");
	form_hidden(&page, "ticket", t.ticket);
	form_button(&page, W_CONFIRM, "main");
	form_close(&page);
	form_page_end(&page, t.asking.web);
	asking_answer(&t.asking, 200, &page);
}

static enum rc confirm_job(struct social *s, void *arg)
{
	struct ticketing *t = arg;
	return sign_up_confirm(s, t->ticket, &t->news, &t->account, &t->waits);
}

void confirm_post(struct httpd_request *req, void *app)
{
	struct ticketing t;
	begin(&t, req, app, TICKET_PATH_CONFIRM);
	if (!find(&t, TICKET_CONFIRM, W_CONFIRM))
		return;
	enum rc rc = sign_up_news_make(t.asking.web->reception, &req->ctx, t.account, &t.news);
	if (rc == RC_OK)
		rc = asking_write(&t.asking, confirm_job, &t);
	if (rc == RC_OK)
		say(&t.asking, 200, W_CONFIRM, t.waits ? W_CONFIRM_WAITS : W_CONFIRM_DONE);
	else if (rc == RC_NOT_FOUND)
		say(&t.asking, 410, W_CONFIRM, W_TICKET_OLD);
	else if (rc == RC_EXISTS)
		say(&t.asking, 409, W_CONFIRM, W_ADDRESS_TAKEN);
	else
		asking_fail(&t.asking, rc);
}

/* --- asking for a new password --- */

void password_get(struct httpd_request *req, void *app)
{
	struct ticketing t;
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	begin(&t, req, app, "/auth/password");
	struct consent_view view = view_of(&t);
	form_page_begin(&page, t.asking.web, W_PASSWORD_LOST);
	form_text(&page, W_PASSWORD_LOST_MORE);
	form_open(&page, &view, "ask");
	form_field(&page, W_EMAIL, "email",
		   "type=\"email\" autocomplete=\"email\" maxlength=\"254\" required", STR(""));
	form_button(&page, W_SEND, "main");
	form_close(&page);
	form_page_end(&page, t.asking.web);
	asking_answer(&t.asking, 200, &page);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

static enum rc send_nobody_job(struct social *s, void *arg)
{
	return ticket_send_nobody(s, arg);
}

static enum rc send_reset(struct asking *a, struct str email)
{
	struct account account;
	struct str address;
	struct ticket_letter letter;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = password_asker(txn, a->req->ctx.arena, email, &account, &address);
	db_read_end(&txn);
	bool found = rc == RC_OK;
	/* S-109: who has no account waits as long */
	if (rc == RC_NOT_FOUND) {
		account = (struct account){ .username = STR("nobody") };
		address = email;
		rc = RC_OK;
	}
	if (rc == RC_OK)
		rc = ticket_make(&a->req->ctx, a->web->site, a->web->seal, &account, TICKET_RESET,
				 address, &letter);
	return rc == RC_OK ? asking_write(a, found ? send_job : send_nobody_job, &letter) : rc;
}

void password_post(struct httpd_request *req, void *app)
{
	struct ticketing t;
	begin(&t, req, app, "/auth/password");
	struct gate *gate = t.asking.web->reception->gate;
	struct str email = str_take(str_trim(asking_field(&t.asking, "email")), EMAIL_MAX);
	if (!gate_client(gate, GATE_RESET, req->client)) {
		asking_refuse_often(&t.asking);
		return;
	}
	enum rc rc = gate_subject(gate, GATE_RESET, email) ? send_reset(&t.asking, email) : RC_BUSY;
	/* S-109: whoever it is, and however often they have asked */
	if (rc == RC_OK || rc == RC_BUSY)
		say(&t.asking, 200, W_SENT, W_SENT_MORE);
	else
		asking_fail(&t.asking, rc);
}

/* --- setting it --- */

static void show_reset(struct ticketing *t, unsigned status, enum word complaint)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view view = view_of(t);
	form_page_begin(&page, t->asking.web, W_PASSWORD_SET);
	form_complaint(&page, complaint);
	form_text(&page, W_PASSWORD_RULE);
	form_open(&page, &view, "reset");
	form_hidden(&page, "ticket", t->ticket);
	form_username(&page, t->found.email);
	form_field(&page, W_PASSWORD_NEW, "password",
		   "type=\"password\" autocomplete=\"new-password\" minlength=\"8\" "
		   "maxlength=\"256\" required",
		   STR(""));
	form_button(&page, W_PASSWORD_SET, "main");
	form_close(&page);
	form_page_end(&page, t->asking.web);
	asking_answer(&t->asking, status, &page);
}

void reset_get(struct httpd_request *req, void *app)
{
	struct ticketing t;
	begin(&t, req, app, TICKET_PATH_RESET);
	if (find(&t, TICKET_RESET, W_PASSWORD_SET))
		show_reset(&t, 200, W_LANGUAGE);
}

struct resetting {
	struct ticketing *t;
	struct str hash, news;
};

/* S-101: nothing that was signed in stays. */
static enum rc reset_job(struct social *s, void *arg)
{
	struct resetting *r = arg;
	enum rc rc = password_reset(s, r->t->ticket, r->hash, &r->t->account);
	if (rc != RC_OK)
		return rc;
	sign_out_everywhere(s->txn, r->t->account, 0);
	letter_post(s, r->news);
	return db_txn_rc(s->txn);
}

/* Whose it is; empty when that cannot be read. */
static struct str username_of(struct ticketing *t)
{
	struct asking *a = &t->asking;
	struct account account = { .username = STR("") };
	struct db_txn *txn;
	if (db_read_begin(a->web->db, &txn) != RC_OK)
		return account.username;
	if (!account_get(txn, a->req->ctx.arena, t->account, &account))
		account.username = STR("");
	db_read_end(&txn);
	return account.username;
}

/* The letter that tells of it, for who did not do it. */
static enum rc news_pack(struct ticketing *t, struct str *packed)
{
	struct asking *a = &t->asking;
	struct arena *arena = a->req->ctx.arena;
	struct letter letter;
	letter_news_write(arena, a->web->site, LETTER_PASSWORD_CHANGED, username_of(t),
			  t->found.email, &letter);
	return letter_pack(&a->req->ctx, a->web->seal, &letter, packed);
}

void reset_post(struct httpd_request *req, void *app)
{
	struct ticketing t;
	struct resetting r = { .t = &t };
	begin(&t, req, app, TICKET_PATH_RESET);
	struct asking *a = &t.asking;
	if (!find(&t, TICKET_RESET, W_PASSWORD_SET))
		return;
	if (sign_in_is_weak(a->web->site, asking_field(a, "password"), username_of(&t),
			    t.found.email)) {
		show_reset(&t, 422, W_PASSWORD_WEAK);
		return;
	}
	enum rc rc = sign_in_hash(a->web->sign_in, &req->ctx, asking_field(a, "password"), &r.hash);
	if (rc == RC_INVALID) {
		show_reset(&t, 422, W_PASSWORD_SHORT);
		return;
	}
	if (rc == RC_OK)
		rc = news_pack(&t, &r.news);
	if (rc == RC_OK)
		rc = asking_write(a, reset_job, &r);
	if (rc == RC_OK)
		say(a, 200, W_PASSWORD_SET, W_PASSWORD_DONE);
	else if (rc == RC_NOT_FOUND)
		say(a, 410, W_PASSWORD_SET, W_TICKET_OLD);
	else
		asking_fail(a, rc);
}
