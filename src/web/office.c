/*
 * /auth/communities: the communities that who is signed in looks after, and with ?community= the office
 * of one of them. GET on listener threads, POST on worker threads. What a role permits is asked by the
 * acts themselves, whatever the page has shown.
 */
#include "office_int.h"

#define PURPOSE "communities"
#define DAYS_MAX 36500
#define LINES_MAX 60 /* of a field with one thing a line */

static uint64_t community_of(struct asking *a)
{
	uint64_t id;
	return str_to_u64(httpd_query(a->req, "community"), &id) ? id : 0;
}

/* --- showing --- */

void office_show(struct asking *a, unsigned status, const struct office_told *told)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t community = community_of(a);
	struct office_page page = { .form = asking_view(a),
				    .changed = httpd_query(a->req, "changed").ptr != NULL,
				    .complaint = told->complaint,
				    .invitation = told->invitation,
				    .room = { .receipt = told->receipt } };
	page.form.token = asking_token(a, PURPOSE);
	page.form.query = community == 0 ? STR("")
					 : arena_printf(a->req->ctx.arena, "community=%llu",
							(unsigned long long)community);
	enum rc rc = office_read(a, community, &page);
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_OFFICE_NOT_YOURS));
	} else if (rc != RC_OK) {
		asking_fail(a, rc);
	} else {
		render_office(&out, a->web, &page);
		asking_answer(a, status, &out);
	}
}

static void complain(struct asking *a, unsigned status, struct str why)
{
	const struct office_told told = { .complaint = why,
					  .invitation = STR(""),
					  .receipt = STR("") };
	office_show(a, status, &told);
}

void office_go(struct asking *a, uint64_t community)
{
	struct arena *arena = a->req->ctx.arena;
	httpd_redirect(a->req, 303,
		       community != 0 ? arena_printf(arena, OFFICE_PATH "?community=%llu&changed=1",
						     (unsigned long long)community)
				      : STR(OFFICE_PATH "?changed=1"));
}

static void end(struct asking *a, enum rc rc)
{
	if (rc == RC_OK) {
		office_go(a, community_of(a));
		return;
	}
	struct str why;
	unsigned status = asking_refusal(a, rc, &why);
	if (status != 0)
		complain(a, status, why);
	else
		asking_fail(a, rc);
}

/* --- reading forms --- */

/* Empty where nothing was typed; RC_INVALID for what is no number. */
enum rc office_read_number(struct asking *a, const char *name, uint64_t max, const char *what,
			   uint64_t *out)
{
	struct str typed = str_trim(asking_field(a, name));
	*out = 0;
	if (typed.len == 0 || (str_to_u64(typed, out) && *out <= max))
		return RC_OK;
	return ctx_fail(&a->req->ctx, RC_INVALID, "%s: a number, at most %llu", what,
			(unsigned long long)max);
}

/* One thing a line, or between other marks. */
enum rc office_read_lines(struct asking *a, const char *name, char mark,
			  struct community_list_words *out)
{
	struct str rest = asking_field(a, name), part;
	struct str *list = ARENA_ARRAY(a->req->ctx.arena, LINES_MAX, struct str);
	if (list == NULL)
		return RC_NO_MEMORY;
	*out = (struct community_list_words){ .list = list, .given = true };
	while (str_next(&rest, mark, &part)) {
		if (str_trim(part).len == 0)
			continue;
		if (out->count == LINES_MAX)
			return ctx_fail(&a->req->ctx, RC_TOO_LARGE, "there are more than %d %s",
					LINES_MAX, name);
		list[out->count++] = str_trim(part);
	}
	return RC_OK;
}

static enum rc read_common(struct asking *a, struct office_act *act)
{
	*act = (struct office_act){ .asking = a,
				    .community = community_of(a),
				    .who = str_trim(asking_field(a, "who")),
				    .role = asking_field(a, "role"),
				    .reason = str_trim(asking_field(a, "reason")) };
	if (!str_to_u64(asking_field(a, "account"), &act->account))
		act->account = 0;
	if (!str_to_u64(asking_field(a, "id"), &act->id))
		act->id = 0;
	if (!str_to_u64(asking_field(a, "seen"), &act->seen_ms))
		act->seen_ms = 0;
	enum rc rc = office_read_number(a, "parent", UINT64_MAX, "the parent", &act->parent);
	if (rc == RC_OK)
		rc = office_read_number(a, "days", DAYS_MAX, "days", &act->days);
	return rc == RC_OK ? office_read_number(a, "uses", UINT32_MAX, "uses", &act->uses) : rc;
}

/* --- acts --- */

static enum rc act_job(struct social *s, void *arg)
{
	struct office_act *act = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, act->asking->account.id, &actor) ||
	    account_is_gone(&actor))
		return RC_DENIED;
	enum rc rc = act->step->run(s, &actor, act);
	/* deleting goes in steps, each of which is kept */
	act->again = rc == RC_BUSY && db_txn_rc(s->txn) == RC_OK;
	return act->again ? RC_OK : rc;
}

void office_run(struct office_act *act)
{
	struct asking *a = act->asking;
	enum rc rc;
	do
		rc = asking_write(a, act_job, act);
	while (rc == RC_OK && act->again);
	if (rc == RC_OK && act->step->after != NULL)
		act->step->after(a, act);
	else
		end(a, rc);
}

static void run_step(struct asking *a, const struct office_step *step)
{
	struct office_act *act = ARENA_NEW(a->req->ctx.arena, struct office_act);
	if (act == NULL) {
		asking_fail(a, RC_NO_MEMORY);
		return;
	}
	enum rc rc = read_common(a, act);
	act->step = step;
	if (rc == RC_OK && step->read != NULL)
		rc = step->read(a, act);
	if (rc != RC_OK)
		end(a, rc);
	else if (!act->left)
		office_run(act);
}

static const struct office_step *step_in(const struct office_step *list, size_t count,
					 struct str name, bool outside)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(name, str_of(list[i].name)) && list[i].outside == outside)
			return &list[i];
	}
	return NULL;
}

static const struct office_step *step_find(struct str name, bool outside)
{
	const struct office_step *step = step_in(office_steps, office_step_count, name, outside);
	if (step == NULL)
		step = step_in(room_steps, room_step_count, name, outside);
	return step != NULL ? step : step_in(partner_steps, partner_step_count, name, outside);
}

void office_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, OFFICE_PATH))
		complain(&a, 200, STR(""));
}

void office_post_page(struct httpd_request *req, void *app)
{
	/* an act may leave the thread, and what it stands on */
	struct asking *a = ARENA_NEW(req->ctx.arena, struct asking);
	if (a == NULL) {
		asking_fail(&(struct asking){ .web = web_of(app), .req = req }, RC_NO_MEMORY);
		return;
	}
	if (!asking_open_form(a, req, app, OFFICE_PATH, PURPOSE))
		return;
	const struct office_step *found = step_find(asking_field(a, "step"), community_of(a) == 0);
	if (found != NULL)
		run_step(a, found);
	else
		complain(a, 400, word(W_FORM_OLD));
}
