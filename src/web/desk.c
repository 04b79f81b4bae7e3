/*
 * /auth/moderation: the desk of who is signed in, and with ?report= one report. GET on listener threads,
 * POST on worker threads. What somebody may do is asked by the acts themselves, whatever the page has
 * shown.
 */
#include "desk_int.h"

#define PURPOSE "moderation"
#define DAYS_MAX 36500

static uint64_t id_of(struct asking *a, const char *name)
{
	uint64_t id;
	return str_to_u64(httpd_query(a->req, name), &id) ? id : 0;
}

static uint64_t report_of(struct asking *a)
{
	return id_of(a, "report");
}

/* --- showing --- */

static void show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t report = report_of(a);
	struct desk_page page = { .form = asking_view(a),
				  .changed = httpd_query(a->req, "changed").ptr != NULL,
				  .before = id_of(a, "before"),
				  .complaint = complaint };
	page.form.token = asking_token(a, PURPOSE);
	page.form.query = report == 0 ? STR("")
				      : arena_printf(a->req->ctx.arena, "report=%llu",
						     (unsigned long long)report);
	enum rc rc = desk_read(a, report, &page);
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_DESK_NONE));
	} else if (rc != RC_OK) {
		asking_fail(a, rc);
	} else {
		render_desk(&out, a->web, &page);
		asking_answer(a, status, &out);
	}
}

/* To the page anew, so that nothing is done twice; report 0: to the list. */
static void end(struct asking *a, enum rc rc, uint64_t report)
{
	if (rc == RC_OK) {
		httpd_redirect(a->req, 303,
			       report != 0 ? arena_printf(a->req->ctx.arena,
							  DESK_PATH "?report=%llu&changed=1",
							  (unsigned long long)report)
					   : STR(DESK_PATH "?changed=1"));
		return;
	}
	struct str why;
	unsigned status = asking_refusal(a, rc, &why);
	if (status != 0)
		show(a, status, why);
	else
		asking_fail(a, rc);
}

/* --- acts --- */

struct desk_act {
	struct asking *asking;
	uint64_t report, id, account;
	struct str text, what;
	uint64_t days, preset;
	struct str answer; /* the letter to who waited */
	enum rc (*run)(struct social *s, const struct account *actor, struct desk_act *act);
};

static enum rc run_assign(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_handle(s, actor, act->report, REPORT_ASSIGN);
}

static enum rc run_unassign(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_handle(s, actor, act->report, REPORT_UNASSIGN);
}

static enum rc run_resolve(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_handle(s, actor, act->report, REPORT_RESOLVE);
}

static enum rc run_reopen(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_handle(s, actor, act->report, REPORT_REOPEN);
}

static enum rc run_note(struct social *s, const struct account *actor, struct desk_act *act)
{
	uint64_t note;
	return report_note(s, actor, act->report, act->text, &note);
}

static enum rc run_unnote(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_unnote(s, actor, act->report, act->id);
}

static enum rc run_escalate(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_escalate(s, actor, act->report, act->text);
}

static enum rc run_hand_down(struct social *s, const struct account *actor, struct desk_act *act)
{
	return report_hand_down(s, actor, act->report, act->text);
}

/* What is decided about whom was reported, in the lane in which the report is. */
static enum rc run_sentence(struct social *s, const struct account *actor, struct desk_act *act)
{
	struct report report;
	if (!report_get(s->txn, s->ctx->arena, act->report, &report))
		return RC_NOT_FOUND;
	struct sentence sentence = {
		.community = lane_of(s->txn, &report),
		.report = act->report,
		.preset = act->preset,
		.text = act->text,
		.until_ms = act->days != 0 ? db_txn_now(s->txn) + act->days * MS_PER_DAY : 0
	};
	const bool known = sentence.community != 0
				   ? community_moderation_parse(act->what, &sentence.what)
				   : moderation_parse(act->what, &sentence.what);
	if (!known)
		return RC_INVALID;
	return moderate_account(s, actor, report.target, &sentence, NULL);
}

static enum rc run_approve(struct social *s, const struct account *actor, struct desk_act *act)
{
	return sign_up_approve(s, actor, act->account, act->answer);
}

static enum rc run_reject(struct social *s, const struct account *actor, struct desk_act *act)
{
	return sign_up_reject(s, actor, act->account, act->answer);
}

static enum rc run_appeal_approve(struct social *s, const struct account *actor,
				  struct desk_act *act)
{
	return appeal_decide(s, actor, act->id, true);
}

static enum rc run_appeal_reject(struct social *s, const struct account *actor,
				 struct desk_act *act)
{
	return appeal_decide(s, actor, act->id, false);
}

static enum rc run_appeal_escalate(struct social *s, const struct account *actor,
				   struct desk_act *act)
{
	return appeal_escalate(s, actor, act->id);
}

static enum rc act_job(struct social *s, void *arg)
{
	struct desk_act *act = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, act->asking->account.id, &actor) ||
	    account_is_gone(&actor))
		return RC_DENIED;
	return act->run(s, &actor, act);
}

static const struct desk_step {
	const char *name;
	enum rc (*run)(struct social *s, const struct account *actor, struct desk_act *act);
	enum { ABOUT_REPORT, ABOUT_ANYTHING, ABOUT_GUEST } about;
	bool approves; /* of a guest */
	bool away;     /* whoever does it may see the report no more */
} steps[] = {
	{ "assign", run_assign, ABOUT_REPORT, false, false },
	{ "unassign", run_unassign, ABOUT_REPORT, false, false },
	{ "resolve", run_resolve, ABOUT_REPORT, false, false },
	{ "reopen", run_reopen, ABOUT_REPORT, false, false },
	{ "note", run_note, ABOUT_REPORT, false, false },
	{ "unnote", run_unnote, ABOUT_REPORT, false, false },
	{ "escalate", run_escalate, ABOUT_REPORT, false, true },
	{ "hand_down", run_hand_down, ABOUT_REPORT, false, true },
	{ "sentence", run_sentence, ABOUT_REPORT, false, false },
	{ "approve", run_approve, ABOUT_GUEST, true, false },
	{ "reject", run_reject, ABOUT_GUEST, false, false },
	{ "appeal_approve", run_appeal_approve, ABOUT_ANYTHING, false, false },
	{ "appeal_reject", run_appeal_reject, ABOUT_ANYTHING, false, false },
	{ "appeal_escalate", run_appeal_escalate, ABOUT_ANYTHING, false, false },
};

static uint64_t field_number(struct asking *a, const char *name)
{
	uint64_t n;
	return str_to_u64(str_trim(asking_field(a, name)), &n) ? n : 0;
}

static void run_step(struct asking *a, const struct desk_step *step)
{
	struct desk_act act = { .asking = a,
				.report = report_of(a),
				.id = field_number(a, "id"),
				.account = field_number(a, "account"),
				.text = asking_field(a, "text"),
				.what = asking_field(a, "what"),
				.days = field_number(a, "days"),
				.preset = field_number(a, "preset"),
				.run = step->run };
	enum rc rc = RC_OK;
	if (act.days > DAYS_MAX)
		rc = ctx_fail(&a->req->ctx, RC_INVALID, "at most %d days", DAYS_MAX);
	if (rc == RC_OK && step->about == ABOUT_GUEST)
		rc = sign_up_answer_make(a->web->reception, &a->req->ctx, act.account,
					 step->approves, &act.answer);
	end(a, rc == RC_OK ? asking_write(a, act_job, &act) : rc, step->away ? 0 : act.report);
}

void desk_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, DESK_PATH))
		show(&a, 200, STR(""));
}

void desk_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!asking_open_form(&a, req, app, DESK_PATH, PURPOSE))
		return;
	struct str step = asking_field(&a, "step");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(step, str_of(steps[i].name)) &&
		    (steps[i].about == ABOUT_REPORT) == (report_of(&a) != 0)) {
			run_step(&a, &steps[i]);
			return;
		}
	}
	show(&a, 400, word(W_FORM_OLD));
}
