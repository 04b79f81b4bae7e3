/*
 * /auth/teams: the teams of who is signed in, and what waits there: to be reviewed by them, or of their
 * own. GET on listener threads, POST on worker threads.
 */
#include "teams_int.h"

#include "core/clock.h"

static void show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct teams_page page = { .complaint = complaint };
	enum rc rc = teams_read(a, &page);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	page.changed = str_eq(a->req->query, STR("changed"));
	render_teams(&out, a->web, &page);
	/* films and sounds of this node, for who reviews them */
	httpd_add_header(a->req, "Content-Security-Policy",
			 STR("default-src 'none'; script-src 'self'; style-src 'self'; "
			     "img-src 'self' data:; media-src 'self'; form-action 'self'; "
			     "base-uri 'none'; frame-ancestors 'none'"));
	asking_answer(a, status, &out);
}

/* --- steps --- */

struct deciding {
	uint64_t person, team, id;
	uint64_t seen_ms; /* when what was shown had been written */
	struct str note;
};

static void end(struct asking *a, enum rc rc)
{
	struct str why;
	unsigned status = asking_refusal(a, rc, &why);
	if (rc == RC_OK)
		httpd_redirect(a->req, 303, STR(TEAMS_PATH "?changed"));
	else if (status != 0)
		show(a, status == 403 ? 403 : 409, why);
	else
		asking_fail(a, rc);
}

static enum rc approve_run(struct social *s, void *arg)
{
	return team_approve(s, arg);
}

static void take_approve(struct asking *a, struct deciding *d)
{
	struct team_review *review = ARENA_NEW(a->req->ctx.arena, struct team_review);
	if (review == NULL) {
		asking_fail(a, RC_NO_MEMORY);
		return;
	}
	review->team = d->team;
	review->person = d->person;
	review->id = d->id;
	review->seen_ms = d->seen_ms;
	enum rc rc = team_review_compose(&a->req->ctx, a->web->site, a->web->db, review);
	end(a, rc == RC_OK ? asking_write(a, approve_run, review) : rc);
}

/* A new one, or another text for one that is there; it goes to review at once. */
struct rewriting {
	struct team_writing writing;
	struct post_params params;
	struct scheduled row;
};

static enum rc read_rewriting(struct asking *a, const struct deciding *d, struct rewriting *r)
{
	struct ctx *ctx = &a->req->ctx;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	enum team_role role = team_role_of(txn, ctx->arena, d->team, d->person);
	if (d->id != 0 && (!scheduled_get(txn, ctx->arena, d->team, d->id, &r->row) ||
			   !team_may_look(role, d->person, &r->row)))
		rc = ctx_fail(ctx, RC_NOT_FOUND, "there is no such draft");
	if (rc == RC_OK && d->id != 0)
		rc = post_params_read(ctx, r->row.params, &r->params);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	r->params.text = asking_field(a, "text");
	r->writing = (struct team_writing){ .team = d->team,
					    .person = d->person,
					    .id = d->id,
					    .seen_ms = d->seen_ms,
					    .edits = r->row.edits,
					    .due_ms = r->row.due_ms,
					    .submit = true,
					    .params = &r->params };
	return rc;
}

static enum rc write_run(struct social *s, void *arg)
{
	struct rewriting *r = arg;
	return team_write(s, &r->writing, &r->row);
}

static void take_write(struct asking *a, struct deciding *d)
{
	struct rewriting *r = ARENA_NEW(a->req->ctx.arena, struct rewriting);
	if (r == NULL) {
		asking_fail(a, RC_NO_MEMORY);
		return;
	}
	enum rc rc = read_rewriting(a, d, r);
	if (rc == RC_OK)
		rc = team_write_check(&a->req->ctx, a->web->site, a->web->db, &r->writing);
	end(a, rc == RC_OK ? asking_write(a, write_run, r) : rc);
}

static enum rc return_run(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return team_return(s, d->person, d->team, d->id, d->note);
}

static void take_return(struct asking *a, struct deciding *d)
{
	d->note = asking_field(a, "note");
	end(a, asking_write(a, return_run, d));
}

static enum rc drop_run(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	return team_drop(s, d->person, d->team, d->id);
}

static void take_drop(struct asking *a, struct deciding *d)
{
	end(a, asking_write(a, drop_run, d));
}

/* --- making one --- */

static enum rc make_run(struct social *s, void *arg)
{
	return team_found(s, arg);
}

static void take_make(struct asking *a, struct deciding *d)
{
	const struct site *site = a->web->site;
	struct ctx *ctx = &a->req->ctx;
	struct str name = str_trim(asking_field(a, "name"));
	struct team_founding f = {
		.person = d->person,
		.account = { .username = name,
			     .display_name = str_trim(asking_field(a, "title")),
			     .note = asking_field(a, "description"),
			     .kind = ACCOUNT_ORGANIZATION },
		.wishes = { .has_four_eyes = true,
			    .four_eyes = asking_field(a, "four_eyes").len != 0 },
	};
	enum rc rc = sign_up_is_reserved(a->web->reception, name)
			     ? ctx_fail(ctx, RC_INVALID, "that name is reserved")
			     : team_found_check(ctx, site, a->web->db, d->person, name);
	if (rc == RC_OK)
		rc = account_keys_make(ctx, a->web->seal, site_actor_uri(ctx->arena, site, name),
				       clock_wall_ms(a->web->clock), &f.secrets);
	end(a, rc == RC_OK ? asking_write(a, make_run, &f) : rc);
}

static const struct step {
	const char *name;
	void (*take)(struct asking *a, struct deciding *d);
	bool of_none; /* it is about no team */
} steps[] = {
	{ "approve", take_approve, false }, { "return", take_return, false },
	{ "drop", take_drop, false },	    { "write", take_write, false },
	{ "make", take_make, true },
};

static void run_step(struct asking *a, const struct step *step)
{
	struct deciding d = { .person = a->account.id };
	struct str draft = asking_field(a, "draft");
	/* no draft was ever changed at 0 */
	if (!str_to_u64(asking_field(a, "seen"), &d.seen_ms))
		d.seen_ms = 0;
	/* what is written anew is no draft yet */
	bool named = str_to_u64(draft, &d.id) || (draft.len == 0 && step->take == take_write);
	bool fits = step->of_none || (str_to_u64(asking_field(a, "team"), &d.team) && named);
	if (!fits)
		show(a, 400, word(W_FORM_OLD));
	else
		step->take(a, &d);
}

void teams_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, TEAMS_PATH))
		show(&a, 200, STR(""));
}

void teams_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (!asking_open_form(&a, req, app, TEAMS_PATH, TEAMS_PURPOSE))
		return;
	struct str step = asking_field(&a, "step");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(step, str_of(steps[i].name))) {
			run_step(&a, &steps[i]);
			return;
		}
	}
	show(&a, 400, word(W_FORM_OLD));
}
