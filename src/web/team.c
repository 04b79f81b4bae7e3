/*
 * /auth/teams/NAME: one team of who is signed in. GET on listener threads, POST on worker threads. What a
 * role permits is asked by the acts themselves, whatever the page has shown.
 */
#include "teams_int.h"
#include "text/acct.h"

static void show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct team_page page = { .form = asking_view(a),
				  .changed = httpd_query(a->req, "changed").ptr != NULL,
				  .complaint = complaint };
	page.form.token = asking_token(a, TEAMS_PURPOSE);
	page.form.query = STR("");
	enum rc rc = team_read(a, a->req->params[0], &page);
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_TEAM_NOT_YOURS));
	} else if (rc != RC_OK) {
		asking_fail(a, rc);
	} else {
		render_team(&out, a->web, &page);
		asking_answer(a, status, &out);
	}
}

/* --- acts --- */

struct team_act {
	struct asking *asking;
	uint64_t team, person, account, heir;
	struct str who; /* empty: account says */
	enum team_role role;
	struct team_change change;
	enum rc (*run)(struct social *s, struct team_act *act);
};

static enum rc find_who(struct social *s, struct team_act *act)
{
	return act->who.len != 0 ? page_find_handle(s, act->who, &act->account) : RC_OK;
}

static enum rc run_give(struct social *s, struct team_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? team_give(s, act->person, act->team, act->account, act->role) : rc;
}

static enum rc run_remove(struct social *s, struct team_act *act)
{
	return team_remove(s, act->person, act->team, act->account, act->heir);
}

/* Whoever hands it over goes on as an editor. */
static enum rc run_hand_over(struct social *s, struct team_act *act)
{
	enum rc rc = find_who(s, act);
	if (rc == RC_OK && act->account == act->person)
		return ctx_fail(s->ctx, RC_INVALID, "it is yours already");
	if (rc == RC_OK)
		rc = team_give(s, act->person, act->team, act->account, TEAM_ADMINISTRATOR);
	if (rc == RC_OK)
		rc = team_give(s, act->person, act->team, act->person, TEAM_EDITOR);
	return rc;
}

static enum rc run_set(struct social *s, struct team_act *act)
{
	return team_set(s, act->person, act->team, &act->change);
}

static const struct step {
	const char *name;
	enum rc (*run)(struct social *s, struct team_act *act);
} steps[] = {
	{ "give", run_give },
	{ "remove", run_remove },
	{ "hand_over", run_hand_over },
	{ "set", run_set },
};

static enum rc act_job(struct social *s, void *arg)
{
	struct team_act *act = arg;
	struct account team;
	struct str name = act->asking->req->params[0];
	if (!acct_user_valid(name) ||
	    !account_find_handle(s->txn, s->ctx->arena, name, STR(""), &team) ||
	    team_role_of(s->txn, s->ctx->arena, team.id, act->person) == TEAM_NOBODY)
		return RC_NOT_FOUND;
	act->team = team.id;
	return act->run(s, act);
}

static enum rc act_read(struct asking *a, struct team_act *act)
{
	struct str role = asking_field(a, "role"), credit = asking_field(a, "credit");
	act->who = str_trim(asking_field(a, "who"));
	act->change = (struct team_change){ .has_four_eyes = true,
					    .four_eyes = asking_field(a, "four_eyes").len != 0,
					    .has_credit = credit.len != 0 };
	if (!str_to_u64(asking_field(a, "account"), &act->account))
		act->account = 0;
	if (!str_to_u64(asking_field(a, "heir"), &act->heir))
		act->heir = 0;
	if ((role.len != 0 && !team_role_parse(role, &act->role)) ||
	    (act->run == run_give && role.len == 0))
		return ctx_fail(&a->req->ctx, RC_INVALID, "there is no such role");
	if (credit.len != 0 && !team_credit_parse(credit, &act->change.credit))
		return ctx_fail(&a->req->ctx, RC_INVALID, "there is no such choice");
	return RC_OK;
}

/* Who has left sees their other teams. */
static void go_on(struct asking *a, const struct team_act *act)
{
	const bool left = act->run == run_remove && act->account == act->person;
	httpd_redirect(a->req, 303,
		       left ? STR(TEAMS_PATH "?changed")
			    : arena_printf(a->req->ctx.arena, "%s?changed=1", a->path));
}

static void take(struct asking *a, const struct step *step)
{
	struct team_act act = { .asking = a, .person = a->account.id, .run = step->run };
	struct str why;
	enum rc rc = act_read(a, &act);
	if (rc == RC_OK)
		rc = asking_write(a, act_job, &act);
	unsigned status = asking_refusal(a, rc, &why);
	if (rc == RC_OK)
		go_on(a, &act);
	else if (status != 0)
		show(a, status, why);
	else
		asking_fail(a, rc);
}

/* Absent when the name in it is none. */
static const char *path_of(struct httpd_request *req)
{
	struct str path = arena_printf(req->ctx.arena, TEAMS_PATH "/%.*s", STR_ARG(req->params[0]));
	return acct_user_valid(req->params[0]) && path.ptr != NULL ? path.ptr : TEAMS_PATH;
}

void team_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, path_of(req)))
		show(&a, 200, STR(""));
}

void team_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!asking_open_form(&a, req, app, path_of(req), TEAMS_PURPOSE))
		return;
	struct str name = asking_field(&a, "step");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(name, str_of(steps[i].name))) {
			take(&a, &steps[i]);
			return;
		}
	}
	show(&a, 400, word(W_FORM_OLD));
}
