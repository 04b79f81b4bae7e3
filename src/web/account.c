/*
 * /auth/account: how somebody signs in and is reached, for themselves. Who is not signed in does so
 * first. Whatever changes something wants the password once more, and removing a second factor also
 * that one (S-110). GET on listener threads, POST on worker threads.
 */
#include "account_int.h"
#include "desk_int.h"

#include "core/enc.h"
#include "crypt/totp.h"
#include "social/mail.h"

#define PATH "/auth/account"
#define PURPOSE "account"

/* --- reading --- */

static struct consent_view form_of(struct asking *a)
{
	struct consent_view view = asking_view(a);
	view.token = asking_token(a, PURPOSE);
	view.query = STR("");
	return view;
}

static enum rc page_read(struct asking *a, struct account_page *out)
{
	struct arena *arena = a->req->ctx.arena;
	struct db_txn *txn;
	*out = (struct account_page){ .form = form_of(a), .complaint = W_LANGUAGE };
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	out->factors = factor_state(txn, arena, a->account.id);
	out->moderates = desk_is_there(txn, arena, a->account.id);
	out->passkey_count = passkey_list(txn, arena, a->account.id, out->passkeys);
	if (!account_secrets_get(txn, arena, a->account.id, &out->secrets))
		rc = RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	out->handle = arena_printf(arena, "%.*s@%.*s", STR_ARG(a->account.username),
				   STR_ARG(a->web->site->domain));
	return rc;
}

/* --- showing --- */

static void show(struct asking *a, unsigned status, enum word complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct account_page page;
	enum rc rc = page_read(a, &page);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	page.complaint = complaint;
	page.changed = str_eq(a->req->query, STR("changed"));
	render_account_page(&out, a->web, &page);
	asking_answer(a, status, &out);
}

/* A page that was changed is asked for anew, so that nothing happens twice. */
static void done(struct asking *a)
{
	httpd_redirect(a->req, 303, STR(PATH "?changed"));
}

static void end(struct asking *a, enum rc rc)
{
	if (rc == RC_OK)
		done(a);
	else if (rc == RC_NOT_FOUND || rc == RC_EXISTS)
		show(a, 409, W_FORM_OLD);
	else
		asking_fail(a, rc);
}

static void show_recovery(struct asking *a, const struct recovery_codes *codes)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_recovery(&out, a->web, codes);
	asking_answer(a, 200, &out);
}

/* --- what letters tell --- */

static struct str news(struct asking *a, enum letter_news what)
{
	struct account_page page;
	struct letter letter;
	struct str packed = STR("");
	if (page_read(a, &page) != RC_OK || page.secrets.email.len == 0)
		return STR("");
	letter_news_write(a->req->ctx.arena, a->web->site, what, a->account.username,
			  page.secrets.email, &letter);
	return letter_pack(&a->req->ctx, a->web->seal, &letter, &packed) == RC_OK ? packed
										  : STR("");
}

/* --- acts --- */

struct act {
	struct asking *asking;
	struct str text, news;
	uint64_t id;
	enum rc (*run)(struct social *s, struct act *act);
	struct recovery_codes codes;
	struct passkey_answer answer;
	struct challenge challenge;
	struct ticket_letter letter;
	bool codes_taken;
	enum rc verdict;
};

static enum rc act_job(struct social *s, void *arg)
{
	struct act *act = arg;
	enum rc rc = act->run(s, act);
	if (rc == RC_OK && act->verdict == RC_OK && act->news.len != 0)
		letter_post(s, act->news);
	return rc;
}

static enum rc act_do(struct act *act, enum rc (*run)(struct social *s, struct act *act))
{
	act->run = run;
	return asking_write(act->asking, act_job, act);
}

static enum rc make_codes(struct asking *a, struct recovery_codes *out)
{
	return recovery_make(&a->req->ctx, a->web->seal, a->account.id, out);
}

/* --- e-mail and password --- */

static enum rc email_run(struct social *s, struct act *act)
{
	return email_ask(s, act->asking->account.id, act->text);
}

static enum rc send_run(struct social *s, struct act *act)
{
	return ticket_send(s, &act->letter);
}

static void take_email(struct asking *a)
{
	struct act act = { .asking = a, .text = str_trim(asking_field(a, "email")) };
	struct account_page page;
	struct gate *gate = a->web->reception->gate;
	bool may = gate_client(gate, GATE_CONFIRM, a->req->client) &&
		   gate_subject(gate, GATE_CONFIRM, act.text);
	enum rc rc = may ? act_do(&act, email_run) : RC_BUSY;
	if (rc == RC_OK)
		rc = page_read(a, &page);
	if (rc == RC_OK && email_to_confirm(&page.secrets).len != 0) {
		rc = ticket_make(&a->req->ctx, a->web->site, a->web->seal, &a->account,
				 TICKET_CONFIRM, email_to_confirm(&page.secrets), &act.letter);
		if (rc == RC_OK)
			rc = act_do(&act, send_run);
	}
	if (rc == RC_INVALID)
		show(a, 422, W_ADDRESS_WRONG);
	else if (rc == RC_BLOCKED)
		show(a, 422, W_ADDRESS_BARRED);
	else if (rc == RC_EXISTS)
		show(a, 409, W_ADDRESS_TAKEN);
	else if (rc == RC_BUSY)
		show(a, 429, W_ADDRESS_OFTEN);
	else
		end(a, rc);
}

/* S-101: everything else that was signed in is signed out. */
static enum rc password_run(struct social *s, struct act *act)
{
	struct account_secrets secrets;
	uint64_t id = act->asking->account.id;
	if (!account_secrets_get(s->txn, s->ctx->arena, id, &secrets))
		return db_txn_rc(s->txn) == RC_OK ? RC_NOT_FOUND : db_txn_rc(s->txn);
	secrets.password_hash = act->text;
	account_secrets_put(s->txn, id, &secrets);
	sign_out_everywhere(s->txn, id, act->asking->session.id);
	return db_txn_rc(s->txn);
}

static void take_password(struct asking *a)
{
	struct act act = { .asking = a, .news = news(a, LETTER_PASSWORD_CHANGED) };
	struct account_page page;
	enum rc rc = page_read(a, &page);
	if (rc != RC_OK) {
		end(a, rc);
		return;
	}
	if (sign_in_is_weak(a->web->site, asking_field(a, "new"), a->account.username,
			    page.secrets.email)) {
		show(a, 422, W_PASSWORD_WEAK);
		return;
	}
	rc = sign_in_hash(a->web->sign_in, &a->req->ctx, asking_field(a, "new"), &act.text);
	if (rc == RC_INVALID)
		show(a, 422, W_PASSWORD_SHORT);
	else
		end(a, rc == RC_OK ? act_do(&act, password_run) : rc);
}

/* --- one-time passwords --- */

static void show_totp(struct asking *a, unsigned status, struct str secret, enum word complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct buf key CLEANUP(buf_free) = BUF_INIT(128), link CLEANUP(buf_free) = BUF_INIT(2048);
	struct account_page page;
	enum rc rc = page_read(a, &page);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	page.complaint = complaint;
	enc_base32(&key, secret);
	totp_add_uri(&link, secret, a->web->site->title, page.handle);
	render_totp(&out, a->web, &page, buf_str(&key), buf_str(&link));
	asking_answer(a, status, &out);
}

static enum rc totp_begin_run(struct social *s, struct act *act)
{
	return totp_begin(s, act->asking->account.id, act->text);
}

static void take_totp_begin(struct asking *a)
{
	struct totp_setup setup;
	struct act act = { .asking = a };
	enum rc rc = totp_make(&a->req->ctx, a->web->seal, a->account.id, &setup);
	act.text = setup.sealed;
	if (rc == RC_OK)
		rc = act_do(&act, totp_begin_run);
	if (rc == RC_OK)
		show_totp(a, 200, setup.secret, W_LANGUAGE);
	else
		end(a, rc);
}

static enum rc totp_confirm_run(struct social *s, struct act *act)
{
	return totp_confirm(s, act->asking->web->seal, act->asking->account.id, act->text,
			    &act->codes);
}

static void totp_again(struct asking *a)
{
	struct str secret = STR_NONE;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc == RC_OK) {
		rc = totp_pending(txn, &a->req->ctx, a->web->seal, a->account.id, &secret);
		db_read_end(&txn);
	}
	if (rc == RC_OK)
		show_totp(a, 401, secret, W_FACTOR_WRONG);
	else
		end(a, rc);
}

static void take_totp_confirm(struct asking *a)
{
	struct act act = { .asking = a,
			   .text = str_trim(asking_field(a, "code")),
			   .news = news(a, LETTER_FACTOR_ADDED) };
	enum rc rc = make_codes(a, &act.codes);
	if (rc == RC_OK)
		rc = act_do(&act, totp_confirm_run);
	if (rc == RC_OK)
		show_recovery(a, &act.codes);
	else if (rc == RC_DENIED)
		totp_again(a);
	else
		end(a, rc);
}

/* S-110: with the factor that is to go. */
static enum rc totp_remove_run(struct social *s, struct act *act)
{
	uint64_t id = act->asking->account.id;
	enum rc rc = factor_use(s, act->asking->web->seal, id, act->text, &act->verdict);
	return rc == RC_OK && act->verdict == RC_OK ? totp_remove(s, id) : rc;
}

static void take_totp_remove(struct asking *a)
{
	struct act act = { .asking = a,
			   .text = str_trim(asking_field(a, "code")),
			   .news = news(a, LETTER_FACTOR_REMOVED) };
	enum rc rc = act_do(&act, totp_remove_run);
	if (rc == RC_OK && act.verdict != RC_OK)
		show(a, act.verdict == RC_BUSY ? 429 : 401,
		     act.verdict == RC_BUSY ? W_FACTOR_LOCKED : W_FACTOR_WRONG);
	else
		end(a, rc);
}

static enum rc recovery_run(struct social *s, struct act *act)
{
	return recovery_renew(s, act->asking->account.id, &act->codes);
}

static void take_recovery(struct asking *a)
{
	struct act act = { .asking = a };
	enum rc rc = make_codes(a, &act.codes);
	if (rc == RC_OK)
		rc = act_do(&act, recovery_run);
	if (rc == RC_OK)
		show_recovery(a, &act.codes);
	else
		end(a, rc);
}

/* --- passkeys --- */

static enum rc challenge_run(struct social *s, struct act *act)
{
	challenge_put(s->txn, &act->challenge, CHALLENGE_REGISTER, act->asking->account.id);
	return db_txn_rc(s->txn);
}

static enum rc read_options(struct asking *a, const struct challenge *challenge, struct str *out)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = passkey_creation_options(&a->req->ctx, txn, a->web->site, &a->account, challenge, out);
	db_read_end(&txn);
	return rc;
}

static void take_passkey_add(struct asking *a)
{
	struct act act = { .asking = a, .challenge = challenge_new(clock_wall_ms(a->web->clock)) };
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct account_page page;
	enum rc rc = act_do(&act, challenge_run);
	if (rc == RC_OK)
		rc = page_read(a, &page);
	if (rc == RC_OK)
		rc = read_options(a, &act.challenge, &page.form.passkey);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	render_passkey_add(&out, a->web, &page);
	asking_answer(a, 200, &out);
}

static enum rc passkey_made_run(struct social *s, struct act *act)
{
	return passkey_register(s, act->asking->account.id, &act->answer, act->text, &act->codes,
				&act->codes_taken);
}

static void take_passkey_made(struct asking *a)
{
	struct act act = { .asking = a,
			   .text = asking_field(a, "name"),
			   .news = news(a, LETTER_FACTOR_ADDED) };
	enum rc rc = passkey_answer_read(&a->req->ctx, asking_field(a, "answer"), &act.answer);
	if (rc == RC_OK)
		rc = make_codes(a, &act.codes);
	if (rc == RC_OK)
		rc = act_do(&act, passkey_made_run);
	if (rc == RC_OK && act.codes_taken)
		show_recovery(a, &act.codes);
	else if (rc == RC_OK)
		done(a);
	else if (rc == RC_IO || rc == RC_NO_MEMORY || rc == RC_FULL)
		asking_fail(a, rc);
	else
		show(a, 422, W_PASSKEY_REFUSED);
}

static enum rc passkey_remove_run(struct social *s, struct act *act)
{
	return passkey_remove(s, act->asking->account.id, act->id);
}

static void take_passkey_remove(struct asking *a)
{
	struct act act = { .asking = a, .news = news(a, LETTER_FACTOR_REMOVED) };
	if (!str_to_u64(asking_field(a, "id"), &act.id))
		act.id = 0;
	end(a, act_do(&act, passkey_remove_run));
}

/* --- signing out --- */

static enum rc sign_out_run(struct social *s, struct act *act)
{
	web_session_del(s->txn, act->asking->account.id, act->asking->session.id);
	return db_txn_rc(s->txn);
}

static void take_sign_out(struct asking *a)
{
	struct act act = { .asking = a };
	enum rc rc = act_do(&act, sign_out_run);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	cookie_set(a->req, a->web, COOKIE_SESSION, STR(""));
	httpd_redirect(a->req, 303, STR("/"));
}

/* --- dispatch --- */

static const struct step {
	const char *name;
	bool wants_password;
	void (*take)(struct asking *a);
} steps[] = {
	{ "email", true, take_email },
	{ "password", true, take_password },
	{ "totp_begin", true, take_totp_begin },
	{ "totp_confirm", false, take_totp_confirm },
	{ "totp_remove", true, take_totp_remove },
	{ "recovery", true, take_recovery },
	{ "passkey_add", true, take_passkey_add },
	{ "passkey_made", false, take_passkey_made },
	{ "passkey_remove", true, take_passkey_remove },
	{ "sign_out", false, take_sign_out },
};

/* The field is named after its form, since labels belong to one field each. */
static struct str password_given(struct asking *a, const struct step *step)
{
	struct str field = asking_field(a, "field");
	struct buf name CLEANUP(buf_free) = BUF_INIT(128);
	if (field.len != 0 && str_has_prefix(field, STR("password-")))
		buf_add(&name, field);
	else
		buf_addf(&name, "password-%s", step->name);
	return name.failed ? STR("") : asking_field(a, name.ptr);
}

/* S-106 */
static bool may_try(struct asking *a, const struct step *step)
{
	struct str who = arena_printf(a->req->ctx.arena, "%llu", (unsigned long long)a->account.id);
	return !step->wants_password || gate_subject(a->web->reception->gate, GATE_PASSWORD, who);
}

static void run_step(struct asking *a, const struct step *step)
{
	enum rc rc = RC_OK;
	if (!may_try(a, step)) {
		show(a, 429, W_TOO_OFTEN);
		return;
	}
	if (step->wants_password)
		rc = sign_in_again(a->web->sign_in, &a->req->ctx, a->account.id,
				   password_given(a, step));
	if (rc == RC_OK)
		step->take(a);
	else if (rc == RC_UNAUTHENTICATED)
		show(a, 401, W_PASSWORD_WRONG);
	else
		asking_fail(a, rc);
}

void account_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, PATH))
		show(&a, 200, W_LANGUAGE);
}

void account_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!asking_open_form(&a, req, app, PATH, PURPOSE))
		return;
	struct str step = asking_field(&a, "step");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(step, str_of(steps[i].name))) {
			run_step(&a, &steps[i]);
			return;
		}
	}
	show(&a, 400, W_FORM_OLD);
}
