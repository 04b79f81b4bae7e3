/* /auth/sign_up: people make themselves an account. GET on listener threads, POST on worker threads. */
#include "sign_up_int.h"

#include "page.h"

#define PATH "/auth/sign_up"
#define PURPOSE "sign-up"

struct signing_up {
	struct asking asking;
	struct sign_up_view view;
	struct sign_up_plan plan;
	struct account account;
};

/* --- reading --- */

/* The terms that hold now. */
static size_t document_now(const struct document *list, size_t count, uint64_t now_ms)
{
	size_t last = count;
	for (size_t i = 0; i < count; i++) {
		if (list[i].from_ms <= now_ms)
			last = i;
	}
	return last;
}

static struct str document_text(struct db_txn *txn, struct arena *arena, enum document_kind kind)
{
	struct document *list = ARENA_ARRAY(arena, DOCUMENTS_MAX, struct document);
	size_t count = list != NULL ? document_list(txn, arena, kind, list) : 0;
	size_t now = document_now(list, count, db_txn_now(txn));
	return now < count ? list[now].text : STR("");
}

static enum rc to_html(struct ctx *ctx, struct str text, struct html *out)
{
	*out = (struct html){ STR("") };
	return text.len != 0 ? text_markdown(ctx, text, out) : RC_OK;
}

static enum rc read_house(struct signing_up *u)
{
	struct asking *a = &u->asking;
	struct ctx *ctx = &a->req->ctx;
	struct rule *rules = ARENA_ARRAY(ctx->arena, RULES_MAX, struct rule);
	struct db_txn *txn = NULL;
	enum rc rc = rules != NULL ? db_read_begin(a->web->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	u->view.rules = rules;
	u->view.rule_count = rule_list(txn, ctx->arena, rules);
	struct str terms = document_text(txn, ctx->arena, DOCUMENT_TERMS);
	struct str privacy = document_text(txn, ctx->arena, DOCUMENT_PRIVACY);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		rc = to_html(ctx, terms, &u->view.terms);
	return rc == RC_OK ? to_html(ctx, privacy, &u->view.privacy) : rc;
}

static bool begin(struct signing_up *u, struct httpd_request *req, void *app)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	*u = (struct signing_up){ .asking = { .web = web_of(app), .req = req, .path = PATH } };
	struct asking *a = &u->asking;
	const struct reception *r = a->web->reception;
	if (sign_up_is_closed(r, req->client)) {
		render_sign_up_closed(&page, a->web);
		asking_answer(a, req->method == HTTP_POST ? 403 : 200, &page);
		return false;
	}
	u->view.settings = r->settings;
	u->view.approval = r->settings->mode == SIGN_UP_APPROVAL ||
			   barred_client(r->bars, req->client) == BARRED_APPROVAL;
	return true;
}

static struct sign_up_ask read_ask(struct asking *a)
{
	return (struct sign_up_ask){ .username = asking_field(a, "username"),
				     .email = asking_field(a, "email"),
				     .password = asking_field(a, "password"),
				     .reason = asking_field(a, "reason"),
				     .locale = STR(""),
				     .date_of_birth = asking_field(a, "date_of_birth"),
				     .agreed = str_eq(asking_field(a, "agreement"), STR("1")),
				     .client = a->req->client };
}

/* --- showing --- */

static void show(struct signing_up *u, unsigned status, enum word complaint)
{
	struct asking *a = &u->asking;
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	enum rc rc = read_house(u);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	u->view.form = asking_view(a);
	u->view.form.query = STR("");
	u->view.form.token = form_token(a->req->ctx.arena, asking_form_cookie(a), PURPOSE);
	u->view.form.complaint = complaint;
	render_sign_up(&page, a->web, &u->view);
	asking_answer(a, status, &page);
}

/* --- making --- */

static enum rc make_job(struct social *s, void *arg)
{
	struct signing_up *u = arg;
	return sign_up_make(s, &u->plan, &u->account);
}

static enum rc send_job(struct social *s, void *arg)
{
	return ticket_send(s, arg);
}

static enum rc send_letter(struct signing_up *u)
{
	struct asking *a = &u->asking;
	struct ticket_letter letter;
	enum rc rc = sign_up_letter(a->web->reception, &a->req->ctx, &u->account, u->plan.email,
				    &letter);
	return rc == RC_OK ? asking_write(a, send_job, &letter) : rc;
}

static void answer(struct signing_up *u, enum rc rc)
{
	struct asking *a = &u->asking;
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	if (rc == RC_OK) {
		render_sign_up_sent(&page, a->web, u->plan.email, u->plan.needs_approval);
		asking_answer(a, 200, &page);
	} else if (rc == RC_INVALID) {
		u->view.faults = u->plan.faults;
		show(u, 422, W_LANGUAGE);
	} else if (rc == RC_EXISTS) {
		u->view.faults =
			(struct sign_up_faults){ .list = { { SIGN_UP_USERNAME, "ERR_TAKEN", "" } },
						 .count = 1 };
		show(u, 422, W_LANGUAGE);
	} else if (rc == RC_BLOCKED) {
		show(u, 429, W_TOO_OFTEN);
	} else {
		asking_fail(a, rc);
	}
}

void sign_up_get_page(struct httpd_request *req, void *app)
{
	struct signing_up u;
	if (begin(&u, req, app))
		show(&u, 200, W_LANGUAGE);
}

void sign_up_post_page(struct httpd_request *req, void *app)
{
	struct signing_up u;
	if (!begin(&u, req, app))
		return;
	struct asking *a = &u.asking;
	struct str cookie = cookie_get(req, a->web, COOKIE_FORM);
	u.view.ask = read_ask(a);
	if (!form_token_fits(req->ctx.arena, cookie, PURPOSE, asking_field(a, "token"))) {
		show(&u, 403, W_FORM_OLD);
		return;
	}
	enum rc rc = sign_up_prepare(a->web->reception, &req->ctx, &u.view.ask, &u.plan);
	if (rc == RC_OK)
		rc = asking_write(a, make_job, &u);
	if (rc == RC_OK)
		rc = send_letter(&u);
	answer(&u, rc);
}
