/*
 * /auth/reports: what is reported in the lanes of who is signed in, and with ?community= in that of one
 * community. GET on listener threads, POST on worker threads. Who may do what is asked by the acts
 * themselves, whatever the page has shown.
 */
#include "lanes_int.h"
#include "social/moderate.h"

#define PURPOSE "reports"
#define DAYS_MAX 36500

static uint64_t community_of(struct asking *a)
{
	uint64_t id;
	return str_to_u64(httpd_query(a->req, "community"), &id) ? id : 0;
}

static void show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t community = community_of(a);
	struct lanes_page page = { .form = asking_view(a),
				   .changed = httpd_query(a->req, "changed").ptr != NULL,
				   .complaint = complaint };
	page.form.token = asking_token(a, PURPOSE);
	page.form.query = community == 0 ? STR("")
					 : arena_printf(a->req->ctx.arena, "community=%llu",
							(unsigned long long)community);
	enum rc rc = lanes_read(a, community, &page);
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_OFFICE_NOT_YOURS));
	} else if (rc != RC_OK) {
		asking_fail(a, rc);
	} else {
		render_lanes(&out, a->web, &page);
		asking_answer(a, status, &out);
	}
}

/* --- acts --- */

struct doing {
	struct asking *asking;
	uint64_t community, id, account, days;
	struct str text, type;
	struct sentence sentence;
	enum rc (*run)(struct social *s, const struct account *actor, struct doing *d);
};

/* The report is in the lane whose page was shown. */
static enum rc in_lane(struct social *s, const struct doing *d)
{
	struct report report;
	return report_get(s->txn, s->ctx->arena, d->id, &report) &&
			       lane_of(s->txn, &report) == d->community
		       ? RC_OK
		       : RC_NOT_FOUND;
}

static enum rc run_assign(struct social *s, const struct account *actor, struct doing *d)
{
	enum rc rc = in_lane(s, d);
	return rc == RC_OK ? report_handle(s, actor, d->id, REPORT_ASSIGN) : rc;
}

static enum rc run_resolve(struct social *s, const struct account *actor, struct doing *d)
{
	enum rc rc = in_lane(s, d);
	return rc == RC_OK ? report_handle(s, actor, d->id, REPORT_RESOLVE) : rc;
}

static enum rc run_note(struct social *s, const struct account *actor, struct doing *d)
{
	uint64_t note;
	enum rc rc = in_lane(s, d);
	return rc == RC_OK ? report_note(s, actor, d->id, d->text, &note) : rc;
}

static enum rc run_unnote(struct social *s, const struct account *actor, struct doing *d)
{
	enum rc rc = in_lane(s, d);
	return rc == RC_OK ? report_unnote(s, actor, d->id, d->account) : rc;
}

/* Up from a community, down from the node. */
static enum rc run_pass(struct social *s, const struct account *actor, struct doing *d)
{
	enum rc rc = in_lane(s, d);
	if (rc != RC_OK)
		return rc;
	return d->community != 0 ? report_escalate(s, actor, d->id, d->text)
				 : report_hand_down(s, actor, d->id, d->text);
}

static enum rc run_act(struct social *s, const struct account *actor, struct doing *d)
{
	struct report report;
	enum rc rc = in_lane(s, d);
	if (rc != RC_OK || !report_get(s->txn, s->ctx->arena, d->id, &report))
		return rc != RC_OK ? rc : RC_NOT_FOUND;
	struct sentence sentence = {
		.community = d->community, .report = d->id, .preset = d->account, .text = d->text
	};
	const bool known = d->community != 0 ? community_moderation_parse(d->type, &sentence.what)
					     : moderation_parse(d->type, &sentence.what);
	if (!known)
		return ctx_fail(s->ctx, RC_INVALID, "there is no such act");
	if (sentence.what == MODERATE_BAN && d->days != 0)
		sentence.until_ms = db_txn_now(s->txn) + d->days * MS_PER_DAY;
	return moderate_account(s, actor, report.target, &sentence, NULL);
}

/* Of the lane whose page was shown. */
static enum rc run_appeal(struct social *s, const struct account *actor, struct doing *d)
{
	struct strike strike;
	if (!strike_get(s->txn, s->ctx->arena, d->id, &strike) ||
	    (d->community != 0 && strike.community != d->community))
		return RC_NOT_FOUND;
	if (str_eq(d->type, STR("escalate")))
		return d->community != 0 ? appeal_escalate(s, actor, d->id) : RC_NOT_FOUND;
	return appeal_decide(s, actor, d->id, str_eq(d->type, STR("approve")));
}

static const struct {
	const char *name;
	enum rc (*run)(struct social *s, const struct account *actor, struct doing *d);
} steps[] = {
	{ "assign", run_assign }, { "resolve", run_resolve }, { "note", run_note },
	{ "unnote", run_unnote }, { "pass", run_pass },	      { "act", run_act },
	{ "appeal", run_appeal },
};

static enum rc act_job(struct social *s, void *arg)
{
	struct doing *d = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, d->asking->account.id, &actor) ||
	    account_is_gone(&actor))
		return RC_DENIED;
	return d->run(s, &actor, d);
}

/* What somebody can mend is told on the page itself. */
static const struct {
	enum rc rc;
	unsigned status;
	enum word word; /* where the act has given no reason */
} refusals[] = {
	{ RC_DENIED, 403, W_OFFICE_DENIED },	{ RC_INVALID, 422, W_FORM_OLD },
	{ RC_TOO_LARGE, 422, W_FORM_OLD },	{ RC_NOT_FOUND, 409, W_OFFICE_NOT_THERE },
	{ RC_EXISTS, 409, W_OFFICE_NOT_THERE }, { RC_GONE, 409, W_OFFICE_NOT_THERE },
};

/* Asked for anew, so that nothing is done twice. */
static void go(struct asking *a)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t community = community_of(a);
	httpd_redirect(a->req, 303,
		       community != 0 ? arena_printf(arena, LANES_PATH "?community=%llu&changed=1",
						     (unsigned long long)community)
				      : STR(LANES_PATH "?changed=1"));
}

static void end(struct asking *a, enum rc rc)
{
	struct str why = str_of(err_text(&a->req->ctx.err));
	if (rc == RC_OK) {
		go(a);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].rc != rc)
			continue;
		show(a, refusals[i].status, why.len != 0 ? why : word(refusals[i].word));
		return;
	}
	asking_fail(a, rc);
}

static uint64_t number_of(struct asking *a, const char *name, uint64_t max)
{
	uint64_t n;
	return str_to_u64(str_trim(asking_field(a, name)), &n) && n <= max ? n : 0;
}

void lanes_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, LANES_PATH))
		show(&a, 200, STR(""));
}

void lanes_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!asking_open_form(&a, req, app, LANES_PATH, PURPOSE))
		return;
	struct doing d = { .asking = &a,
			   .community = community_of(&a),
			   .id = number_of(&a, "id", UINT64_MAX),
			   .account = number_of(&a, "about", UINT64_MAX),
			   .days = number_of(&a, "days", DAYS_MAX),
			   .text = str_trim(asking_field(&a, "text")),
			   .type = asking_field(&a, "type") };
	struct str step = asking_field(&a, "step");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (!str_eq(step, str_of(steps[i].name)))
			continue;
		d.run = steps[i].run;
		end(&a, asking_write(&a, act_job, &d));
		return;
	}
	show(&a, 400, word(W_FORM_OLD));
}
