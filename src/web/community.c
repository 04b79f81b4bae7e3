/*
 * /communities/join: where the link of an invitation leads. Who is not signed in does so first; then one
 * button joins. GET on listener threads, POST on worker threads.
 */
#include "social/community.h"
#include "page.h"
#include "sign_in_int.h"

#define PATH "/communities/join"
#define PURPOSE "join"

/* The community that the link leads into. RC_NOT_FOUND when it is over, or was never one. */
static enum rc find_group(struct asking *a, struct account *out)
{
	struct community_invite invite;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	bool there = community_invite_find(txn, httpd_query(a->req, "code"), &invite) &&
		     community_invite_holds(txn, a->req->ctx.arena, &invite) &&
		     account_get(txn, a->req->ctx.arena, invite.community, out) &&
		     !account_is_gone(out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && !there ? RC_NOT_FOUND : rc;
}

static void refuse(struct asking *a, enum rc rc)
{
	if (rc == RC_NOT_FOUND)
		asking_refuse(a, 404, word(W_INVITATION_OVER));
	else
		asking_fail(a, rc);
}

static void show(struct asking *a, const struct account *group, enum word complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct consent_view form = asking_view(a);
	form.token = asking_token(a, PURPOSE);
	form_page_begin(&out, a->web, W_JOIN);
	form_complaint(&out, complaint);
	tag(&out, "<p>");
	struct str behind = word_begin(&out, W_INVITED_TO);
	page_person_link(&out, group);
	html_add_text(&out, behind);
	tag(&out, "</p>\n");
	if (group->note.markup.len != 0) {
		tag(&out, "<div class=\"text own note\" dir=\"auto\">");
		page_add_html_of(&out, group, group->emojis, group->emoji_count, group->note);
		tag(&out, "</div>\n");
	}
	form_open(&out, &form, "join");
	form_button(&out, W_JOIN, "");
	tag(&out, "</form>\n");
	form_page_end(&out, a->web);
	asking_answer(a, 200, &out);
}

void join_get(struct httpd_request *req, void *app)
{
	struct asking a;
	struct account group;
	enum rc rc = asking_begin(&a, req, app, PATH);
	if (rc == RC_OK)
		rc = find_group(&a, &group);
	if (rc != RC_OK)
		refuse(&a, rc);
	else if (a.account.id == 0)
		asking_show_sign_in(&a, 200, STR(""), W_LANGUAGE);
	else
		show(&a, &group, W_LANGUAGE);
}

struct entering {
	uint64_t account;
	struct str secret;
};

static enum rc enter(struct social *s, void *arg)
{
	const struct entering *e = arg;
	struct account account;
	uint64_t community;
	if (!account_get(s->txn, s->ctx->arena, e->account, &account))
		return RC_NOT_FOUND;
	return community_join_invited(s, &account, e->secret, &community);
}

static void join(struct asking *a, const struct account *group)
{
	struct entering e = { a->account.id, httpd_query(a->req, "code") };
	enum rc rc = asking_write(a, enter, &e);
	if (rc == RC_DENIED)
		asking_refuse(a, 403, str_of(err_text(&a->req->ctx.err)));
	else if (rc != RC_OK && rc != RC_EXISTS)
		refuse(a, rc);
	else
		httpd_redirect(a->req, 303,
			       arena_printf(a->req->ctx.arena, "/@%.*s", STR_ARG(group->username)));
}

void join_post(struct httpd_request *req, void *app)
{
	struct asking a;
	struct account group;
	enum rc rc = asking_begin(&a, req, app, PATH);
	if (rc == RC_OK)
		rc = find_group(&a, &group);
	if (rc != RC_OK) {
		refuse(&a, rc);
		return;
	}
	struct str step = asking_field(&a, "step");
	if (asking_take(&a, step))
		return;
	if (a.account.id == 0)
		asking_show_sign_in(&a, 403, STR(""), W_FORM_OLD);
	else if (!str_eq(step, STR("join")) || !asking_token_fits(&a, PURPOSE))
		show(&a, &group, W_FORM_OLD);
	else
		join(&a, &group);
}
