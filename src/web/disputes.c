/*
 * /disputes/strikes: what was decided about somebody, for themselves, and where they appeal. Who may
 * not sign in any more comes with the ticket of a letter, to /disputes/appeal. GET on listener
 * threads, POST on worker threads.
 */
#include "disputes_int.h"
#include "page.h"
#include "social/mail.h"

#define PATH "/disputes/strikes"
#define PURPOSE "appeal"

/* One request, by a session or by a ticket. */
struct disputing {
	struct asking asking;
	struct str ticket; /* empty: by a session */
	uint64_t strike;
	struct str text;
	bool up; /* from the community to the node */
};

/* --- showing --- */

static struct str name_of(struct db_txn *txn, struct arena *arena, uint64_t community)
{
	struct account group;
	if (community == 0 || !account_get(txn, arena, community, &group))
		return STR("");
	return group.display_name.len != 0 ? group.display_name : group.username;
}

static void view_fill(struct db_txn *txn, struct arena *arena, const struct site *site,
		      struct strike_view *view)
{
	const struct strike *strike = &view->strike;
	view->community = name_of(txn, arena, strike->community);
	if (strike_may_go_up(site, strike, db_txn_now(txn)))
		view->up_until_ms = strike_up_day(site, strike);
	for (unsigned i = 0; i < strike->rule_count; i++)
		view->rule_count +=
			rule_get(txn, arena, strike->rules[i], &view->rules[view->rule_count]);
	view->open = strike_is_open(strike, db_txn_now(txn));
}

static enum rc page_read(struct disputing *d, struct strikes_page *page)
{
	struct asking *a = &d->asking;
	struct arena *arena = a->req->ctx.arena;
	struct strike *strikes = ARENA_ARRAY(arena, STRIKES_SHOWN, struct strike);
	struct db_txn *txn;
	page->strikes = ARENA_ARRAY(arena, STRIKES_SHOWN, struct strike_view);
	if (strikes == NULL || page->strikes == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	page->count = strikes_of(txn, arena, a->account.id, 0, strikes, STRIKES_SHOWN);
	for (size_t i = 0; i < page->count; i++) {
		page->strikes[i].strike = strikes[i];
		view_fill(txn, arena, a->web->site, &page->strikes[i]);
	}
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

static void show(struct disputing *d, unsigned status, enum word told, enum word complaint)
{
	struct asking *a = &d->asking;
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct strikes_page page = { .form = asking_view(a),
				     .ticket = d->ticket,
				     .account = &a->account,
				     .told = told,
				     .complaint = complaint };
	page.form.query = STR("");
	/* a ticket is its own proof that the form is meant: nobody else has it */
	page.form.token = d->ticket.len != 0 ? STR("") : asking_token(a, PURPOSE);
	enum rc rc = page_read(d, &page);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	render_strikes(&out, a->web, &page);
	asking_answer(a, status, &out);
}

/* --- appealing --- */

static enum rc appeal_job(struct social *s, void *arg)
{
	struct disputing *d = arg;
	struct strike strike;
	if (!d->up)
		return appeal_file(s, &d->asking.account, d->strike, d->text);
	/* only one's own, whatever one decides of besides */
	if (!strike_get(s->txn, s->ctx->arena, d->strike, &strike) ||
	    strike.account != d->asking.account.id)
		return RC_NOT_FOUND;
	return appeal_escalate(s, &d->asking.account, d->strike);
}

static void take_appeal(struct disputing *d)
{
	struct asking *a = &d->asking;
	if (!str_to_u64(asking_field(a, "id"), &d->strike))
		d->strike = 0;
	d->text = asking_field(a, "text");
	d->up = str_eq(asking_field(a, "step"), STR("escalate"));
	enum rc rc = asking_write(a, appeal_job, d);
	if (rc == RC_OK)
		show(d, 200, W_APPEAL_SENT, W_LANGUAGE);
	else if (rc == RC_INVALID || rc == RC_TOO_LARGE)
		show(d, 422, W_LANGUAGE, W_APPEAL_WRONG);
	else if (rc == RC_EXISTS || rc == RC_GONE || rc == RC_NOT_FOUND)
		show(d, 409, W_LANGUAGE, W_APPEAL_TWICE);
	else
		asking_fail(a, rc);
}

/* --- by a session --- */

void strikes_get(struct httpd_request *req, void *app)
{
	struct disputing d = { .ticket = STR("") };
	if (asking_open(&d.asking, req, app, PATH))
		show(&d, 200, W_LANGUAGE, W_LANGUAGE);
}

/* Apps lead to one of them: it stands on the page of all. */
void strike_get_one(struct httpd_request *req, void *app UNUSED)
{
	uint64_t id;
	if (!str_to_u64(req->params[0], &id))
		id = 0;
	httpd_redirect(req, 302,
		       arena_printf(req->ctx.arena, PATH "#strike-%llu", (unsigned long long)id));
}

void strikes_post(struct httpd_request *req, void *app)
{
	struct disputing d = { .ticket = STR("") };
	if (asking_open_form(&d.asking, req, app, PATH, PURPOSE))
		take_appeal(&d);
}

/* --- by a ticket --- */

/* False when the request is answered: there is no such ticket any more. */
static bool ticket_begin(struct disputing *d, struct httpd_request *req, void *app)
{
	struct asking *a = &d->asking;
	struct ticket found;
	struct db_txn *txn;
	uint64_t account;
	*d = (struct disputing){
		.asking = { .web = web_of(app), .req = req, .path = TICKET_PATH_APPEAL }
	};
	d->ticket =
		req->method == HTTP_POST ? asking_field(a, "ticket") : httpd_query(req, "token");
	/* the address has the ticket: nobody is told where one came from */
	httpd_add_header(req, "Referrer-Policy", STR("no-referrer"));
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc == RC_OK) {
		rc = ticket_find(txn, req->ctx.arena, d->ticket, TICKET_APPEAL, &account, &found);
		/* whoever is suspended is read all the same: that is what it is for */
		if (rc == RC_OK && !account_get(txn, req->ctx.arena, account, &a->account))
			rc = db_txn_rc(txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc == RC_NOT_FOUND)
		asking_refuse(a, 410, word(W_TICKET_OLD));
	else if (rc != RC_OK)
		asking_fail(a, rc);
	return rc == RC_OK;
}

void appeal_get(struct httpd_request *req, void *app)
{
	struct disputing d;
	if (ticket_begin(&d, req, app))
		show(&d, 200, W_LANGUAGE, W_LANGUAGE);
}

void appeal_post(struct httpd_request *req, void *app)
{
	struct disputing d;
	if (ticket_begin(&d, req, app))
		take_appeal(&d);
}
