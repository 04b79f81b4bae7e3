/*
 * /auth/communities: the communities that who is signed in looks after, and with ?community= the office
 * of one of them. GET on listener threads, POST on worker threads. What a role permits is asked by the
 * acts themselves, whatever the page has shown.
 */
#include "office_int.h"
#include "social/account.h"
#include "social/community.h"
#include "social/community_keep.h"
#include "social/community_profile.h"
#include "social/community_words.h"
#include "text/acct.h"

#define PURPOSE "communities"
#define DAYS_MAX 36500
#define LINES_MAX 60 /* of a field with one thing a line */

static uint64_t community_of(struct asking *a)
{
	uint64_t id;
	return str_to_u64(httpd_query(a->req, "community"), &id) ? id : 0;
}

/* --- showing --- */

/* What stands on the page beside what is read. */
struct told {
	struct str complaint, invitation;
};

static void show(struct asking *a, unsigned status, const struct told *told)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t community = community_of(a);
	struct office_page page = { .form = asking_view(a),
				    .changed = httpd_query(a->req, "changed").ptr != NULL,
				    .complaint = told->complaint,
				    .invitation = told->invitation };
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
	const struct told told = { .complaint = why, .invitation = STR("") };
	show(a, status, &told);
}

static void go(struct asking *a, uint64_t community)
{
	struct arena *arena = a->req->ctx.arena;
	httpd_redirect(a->req, 303,
		       community != 0 ? arena_printf(arena, OFFICE_PATH "?community=%llu&changed=1",
						     (unsigned long long)community)
				      : STR(OFFICE_PATH "?changed=1"));
}

/* What somebody can mend is told on the page itself. */
static const struct refusal {
	enum rc rc;
	unsigned status;
	enum word word; /* where the act has given no reason */
} refusals[] = {
	{ RC_DENIED, 403, W_OFFICE_DENIED },	{ RC_INVALID, 422, W_FORM_OLD },
	{ RC_TOO_LARGE, 422, W_FORM_OLD },	{ RC_NOT_FOUND, 409, W_OFFICE_NOT_THERE },
	{ RC_EXISTS, 409, W_OFFICE_NOT_THERE }, { RC_CONFLICT, 409, W_OFFICE_NOT_THERE },
	{ RC_GONE, 409, W_OFFICE_NOT_THERE },
};

static void end(struct asking *a, enum rc rc)
{
	struct str why = str_of(err_text(&a->req->ctx.err));
	if (rc == RC_OK) {
		go(a, community_of(a));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].rc != rc)
			continue;
		complain(a, refusals[i].status, why.len != 0 ? why : word(refusals[i].word));
		return;
	}
	asking_fail(a, rc);
}

/* --- acts --- */

/* What a form may say. */
struct office_act {
	struct asking *asking;
	uint64_t community, account, id;
	struct str who, role, reason;
	uint64_t days, uses;
	struct str secret;
	struct community_words words;
	struct community_profile profile;
	struct new_account made;
	struct account_secrets secrets;
	uint64_t parent;
	struct community_role own_role;
	bool again;
	enum rc (*run)(struct social *s, const struct account *actor, struct office_act *act);
};

/* Whom the form names: by id, or by a handle that a person has typed. */
static enum rc find_who(struct social *s, struct office_act *act)
{
	struct acct acct = { .user = STR_NONE };
	struct account found;
	if (act->account != 0)
		return RC_OK;
	enum rc rc = acct_parse(s->ctx, act->who, s->site->iri_flags, &acct);
	if (rc != RC_OK)
		return rc;
	const bool ours = acct.host.len == 0 || str_eq(acct.host, s->site->domain) ||
			  str_eq(acct.host, s->site->host);
	if (!account_find_handle(s->txn, s->ctx->arena, acct.user, ours ? STR("") : acct.host,
				 &found) ||
	    account_is_gone(&found))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is nobody of that name here");
	act->account = found.id;
	return RC_OK;
}

static enum rc find_role(struct social *s, const struct office_act *act, struct community_role *out)
{
	if (community_role_named(s->txn, s->ctx->arena, act->community, act->role, out))
		return RC_OK;
	return ctx_fail(s->ctx, RC_INVALID, "there is no such role");
}

static uint64_t until(struct social *s, const struct office_act *act)
{
	return act->days != 0 ? db_txn_now(s->txn) + act->days * MS_PER_DAY : 0;
}

static enum rc run_admit(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_admit(s, actor, act->community, act->account, true);
}

static enum rc run_refuse(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_admit(s, actor, act->community, act->account, false);
}

static enum rc run_appoint(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community_role role;
	enum rc rc = find_who(s, act);
	if (rc == RC_OK)
		rc = find_role(s, act, &role);
	return rc == RC_OK ? community_appoint(s, actor, act->community, act->account, role.id)
			   : rc;
}

static enum rc run_put_out(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_admit(s, actor, act->community, act->account, false) : rc;
}

static enum rc run_ban(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_ban(s, actor, act->community, act->account, act->reason,
					   until(s, act))
			   : rc;
}

static enum rc run_unban(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_unban(s, actor, act->community, act->account);
}

static enum rc moderate(struct social *s, const struct account *actor, struct office_act *act,
			enum community_act what)
{
	struct community_post place;
	if (!community_post_get(s->txn, act->community, act->id, &place))
		return RC_NOT_FOUND;
	return community_moderate(s, actor, act->id, what, act->reason);
}

static enum rc run_approve(struct social *s, const struct account *actor, struct office_act *act)
{
	return moderate(s, actor, act, COMMUNITY_ACT_APPROVE);
}

static enum rc run_reject(struct social *s, const struct account *actor, struct office_act *act)
{
	return moderate(s, actor, act, COMMUNITY_ACT_REFUSE);
}

static enum rc run_invite(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community_invite invite = { .community = act->community,
					   .until_ms = until(s, act),
					   .limit = (uint32_t)act->uses };
	struct community_role role = { .id = 0 };
	enum rc rc = act->role.len != 0 ? find_role(s, act, &role) : RC_OK;
	invite.role = role.id;
	return rc == RC_OK ? community_invite(s, actor, act->secret, &invite) : rc;
}

static enum rc run_uninvite(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_uninvite(s, actor, act->community, act->id);
}

static enum rc run_change(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community c;
	if (!community_get(s->txn, s->ctx->arena, act->community, &c))
		return RC_NOT_FOUND;
	enum rc rc = community_words_apply(s->ctx, &act->words, &c);
	return rc == RC_OK ? community_change_all(s, actor, &c, &act->profile) : rc;
}

static enum rc run_role(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_role_change(s, actor, act->community, &act->own_role);
}

static enum rc run_role_drop(struct social *s, const struct account *actor, struct office_act *act)
{
	return community_role_drop(s, actor, act->community, act->id);
}

static enum rc run_transfer(struct social *s, const struct account *actor, struct office_act *act)
{
	enum rc rc = find_who(s, act);
	return rc == RC_OK ? community_transfer(s, actor, act->community, act->account) : rc;
}

/* It is not asked for by mistake: its name was typed. */
static enum rc run_close(struct social *s, const struct account *actor, struct office_act *act)
{
	struct account group;
	if (!account_get(s->txn, s->ctx->arena, act->community, &group))
		return RC_NOT_FOUND;
	if (!str_eq_nocase(act->who, group.username))
		return ctx_fail(s->ctx, RC_INVALID, "that is not the name of this community");
	return community_close(s, actor, act->community);
}

static enum rc run_make(struct social *s, const struct account *actor, struct office_act *act)
{
	struct community c = { .parent = act->parent, .kind = STR("") };
	struct account made;
	enum rc rc = community_may_found(s, actor->id);
	if (rc == RC_OK)
		rc = community_create(s, actor, &act->made, &act->secrets, &c, &made);
	act->community = c.id;
	return rc == RC_EXISTS ? ctx_fail(s->ctx, RC_EXISTS, "that name is taken") : rc;
}

static enum rc act_job(struct social *s, void *arg)
{
	struct office_act *act = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, act->asking->account.id, &actor) ||
	    account_is_gone(&actor))
		return RC_DENIED;
	enum rc rc = act->run(s, &actor, act);
	/* deleting goes in steps, each of which is kept */
	act->again = rc == RC_BUSY && db_txn_rc(s->txn) == RC_OK;
	return act->again ? RC_OK : rc;
}

/* --- reading forms --- */

/* Empty where nothing was typed; RC_INVALID for what is no number. */
static enum rc read_number(struct asking *a, const char *name, uint64_t max, const char *what,
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
static enum rc read_lines(struct asking *a, const char *name, char mark,
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

static enum rc read_settings(struct asking *a, struct office_act *act)
{
	struct community_words *w = &act->words;
	*w = (struct community_words){ .kind = str_trim(asking_field(a, "kind")),
				       .join = asking_field(a, "join"),
				       .sight = asking_field(a, "sight"),
				       .posting = asking_field(a, "posting"),
				       .premoderated = asking_field(a, "premoderated"),
				       .slow = str_trim(asking_field(a, "slow")),
				       .retention = str_trim(asking_field(a, "retention")) };
	enum rc rc = read_lines(a, "languages", ',', &w->languages);
	if (rc == RC_OK)
		rc = read_lines(a, "rules", '\n', &w->rules);
	if (rc == RC_OK)
		rc = read_lines(a, "flairs", '\n', &w->flairs);
	if (rc == RC_OK)
		rc = community_profile_make(&a->req->ctx, a->web->site, asking_field(a, "title"),
					    asking_field(a, "description"), &act->profile);
	return rc;
}

static enum rc read_role(struct asking *a, struct office_act *act)
{
	uint64_t position;
	enum rc rc = read_number(a, "position", UINT32_MAX, "the place", &position);
	act->own_role = (struct community_role){ .id = act->id,
						 .position = (uint32_t)position,
						 .name = str_trim(asking_field(a, "name")) };
	for (unsigned bit = 1; bit <= COMMUNITY_MAY_ALL; bit <<= 1) {
		const char *name = community_permission_name(bit);
		struct str field =
			name != NULL ? office_permission_field(a->req->ctx.arena, name) : STR_NONE;
		if (field.ptr != NULL && asking_field(a, field.ptr).len != 0)
			act->own_role.permissions |= bit;
	}
	return rc;
}

static enum rc read_invite(struct asking *a, struct office_act *act)
{
	act->secret = community_secret_make(a->req->ctx.arena);
	return act->secret.ptr != NULL ? RC_OK : RC_NO_MEMORY;
}

static enum rc read_new(struct asking *a, struct office_act *act)
{
	struct ctx *ctx = &a->req->ctx;
	struct str name = str_trim(asking_field(a, "name"));
	act->made = (struct new_account){ .username = name,
					  .display_name = str_trim(asking_field(a, "title")),
					  .note = asking_field(a, "description") };
	if (!acct_local_user_valid(name))
		return ctx_fail(ctx, RC_INVALID,
				"a name is made of a to z, 0 to 9 and _, at most 30");
	return account_keys_make(ctx, a->web->seal, site_actor_uri(ctx->arena, a->web->site, name),
				 clock_wall_ms(a->web->clock), &act->secrets);
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
	enum rc rc = read_number(a, "parent", UINT64_MAX, "the parent", &act->parent);
	if (rc == RC_OK)
		rc = read_number(a, "days", DAYS_MAX, "days", &act->days);
	return rc == RC_OK ? read_number(a, "uses", UINT32_MAX, "uses", &act->uses) : rc;
}

/* --- after it --- */

static void after_invite(struct asking *a, const struct office_act *act)
{
	const struct told told = { .complaint = STR(""),
				   .invitation = community_invite_url(
					   a->req->ctx.arena, a->web->site->base, act->secret) };
	show(a, 200, &told);
}

static void after_make(struct asking *a, const struct office_act *act)
{
	go(a, act->community);
}

static void after_close(struct asking *a, const struct office_act *act UNUSED)
{
	go(a, 0);
}

static const struct step {
	const char *name;
	enum rc (*run)(struct social *s, const struct account *actor, struct office_act *act);
	enum rc (*read)(struct asking *a, struct office_act *act);     /* NULL: nothing more */
	void (*after)(struct asking *a, const struct office_act *act); /* NULL: the page anew */
	bool outside;						       /* of any community */
} steps[] = {
	{ "make", run_make, read_new, after_make, true },
	{ "admit", run_admit, NULL, NULL, false },
	{ "refuse", run_refuse, NULL, NULL, false },
	{ "approve", run_approve, NULL, NULL, false },
	{ "reject", run_reject, NULL, NULL, false },
	{ "appoint", run_appoint, NULL, NULL, false },
	{ "put_out", run_put_out, NULL, NULL, false },
	{ "ban", run_ban, NULL, NULL, false },
	{ "unban", run_unban, NULL, NULL, false },
	{ "invite", run_invite, read_invite, after_invite, false },
	{ "uninvite", run_uninvite, NULL, NULL, false },
	{ "change", run_change, read_settings, NULL, false },
	{ "role", run_role, read_role, NULL, false },
	{ "role_drop", run_role_drop, NULL, NULL, false },
	{ "transfer", run_transfer, NULL, NULL, false },
	{ "close", run_close, NULL, after_close, false },
};

static void run_step(struct asking *a, const struct step *step)
{
	struct office_act *act = ARENA_NEW(a->req->ctx.arena, struct office_act);
	if (act == NULL) {
		asking_fail(a, RC_NO_MEMORY);
		return;
	}
	enum rc rc = read_common(a, act);
	if (rc == RC_OK && step->read != NULL)
		rc = step->read(a, act);
	act->run = step->run;
	do
		rc = rc == RC_OK ? asking_write(a, act_job, act) : rc;
	while (rc == RC_OK && act->again);
	if (rc == RC_OK && step->after != NULL)
		step->after(a, act);
	else
		end(a, rc);
}

void office_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	enum rc rc = asking_begin(&a, req, app, OFFICE_PATH);
	if (rc != RC_OK)
		asking_fail(&a, rc);
	else if (a.account.id == 0)
		asking_show_sign_in(&a, 200, STR(""), W_LANGUAGE);
	else
		complain(&a, 200, STR(""));
}

void office_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	enum rc rc = asking_begin(&a, req, app, OFFICE_PATH);
	if (rc != RC_OK) {
		asking_fail(&a, rc);
		return;
	}
	struct str step = asking_field(&a, "step");
	if (asking_take(&a, step))
		return;
	if (a.account.id == 0 || !asking_token_fits(&a, PURPOSE)) {
		asking_show_sign_in(&a, 403, STR(""), W_FORM_OLD);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(step, str_of(steps[i].name)) &&
		    steps[i].outside == (community_of(&a) == 0)) {
			run_step(&a, &steps[i]);
			return;
		}
	}
	complain(&a, 400, word(W_FORM_OLD));
}
