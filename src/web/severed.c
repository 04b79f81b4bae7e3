/*
 * /severed_relationships: follows that somebody has lost by blocks, for themselves, with lists that other
 * programs take. GET on listener threads, signing in on worker threads.
 */
#include "disputes_int.h"
#include "page.h"
#include "store/graph.h"
#include "text/csv.h"

#define PATH "/severed_relationships"
#define CSV_TYPE "text/csv; charset=utf-8"
#define CHUNK 256

void severed_get(struct httpd_request *req, void *app)
{
	struct asking a;
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct db_txn *txn = NULL;
	size_t n = 0;
	if (!asking_open(&a, req, app, PATH))
		return;
	struct severance *list = ARENA_ARRAY(req->ctx.arena, SEVERANCES_SHOWN, struct severance);
	enum rc rc = list != NULL ? db_read_begin(a.web->db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		n = severance_list(txn, req->ctx.arena, a.account.id, 0, list, SEVERANCES_SHOWN);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc != RC_OK) {
		asking_fail(&a, rc);
		return;
	}
	render_severances(&out, a.web, list, n);
	asking_answer(&a, 200, &out);
}

/* --- lists, in the form in which Mastodon exports and imports them
 * (docs.joinmastodon.org/user/moving, "Exporting") --- */

static void add_head(struct buf *out, bool followers)
{
	csv_add(out, STR("Account address"), true);
	if (!followers) {
		csv_add(out, STR("Show boosts"), false);
		csv_add(out, STR("Notify on new posts"), false);
		csv_add(out, STR("Languages"), false);
	}
	csv_end_row(out);
}

static void add_lost(struct buf *out, const struct severed *lost)
{
	csv_add(out, lost->handle, true);
	if (!lost->follower) {
		bool boosts = (lost->flags & FOLLOW_NO_BOOSTS) == 0;
		csv_add(out, boosts ? STR("true") : STR("false"), false);
		csv_add(out, (lost->flags & FOLLOW_NOTIFY) != 0 ? STR("true") : STR("false"),
			false);
		csv_add(out, lost->languages.ptr != NULL ? lost->languages : STR(""), false);
	}
	csv_end_row(out);
}

static enum rc list_read(struct asking *a, uint64_t event, bool followers, struct buf *out)
{
	struct arena *arena = a->req->ctx.arena;
	struct severed *some = ARENA_ARRAY(arena, CHUNK, struct severed);
	struct severance s;
	struct db_txn *txn = NULL;
	uint64_t after = 0;
	size_t n = CHUNK;
	enum rc rc = some != NULL ? db_read_begin(a->web->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	if (!severance_get(txn, arena, a->account.id, event, &s))
		rc = RC_NOT_FOUND;
	else if (s.purged)
		rc = RC_GONE;
	add_head(out, followers);
	while (rc == RC_OK && n == CHUNK) {
		n = severed_list(txn, arena, a->account.id, event, followers, after, some, CHUNK);
		for (size_t i = 0; i < n; i++)
			add_lost(out, &some[i]);
		after = n != 0 ? some[n - 1].other : after;
	}
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && out->failed ? RC_NO_MEMORY : rc;
}

void severed_get_list(struct httpd_request *req, void *app)
{
	struct asking a;
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	uint64_t event = 0;
	bool followers = str_eq(req->params[1], STR("followers.csv"));
	bool known = followers || str_eq(req->params[1], STR("following.csv"));
	if (!asking_open(&a, req, app, PATH))
		return;
	enum rc rc = RC_NOT_FOUND;
	if (known && str_to_u64(req->params[0], &event))
		rc = list_read(&a, event, followers, &out);
	if (rc == RC_OK) {
		httpd_add_header(req, "Cache-Control", STR("private, no-store"));
		httpd_add_header(req, "Content-Disposition",
				 arena_printf(req->ctx.arena, "attachment; filename=\"%s\"",
					      followers ? "followers.csv" : "following.csv"));
		httpd_reply(req, 200, CSV_TYPE, &out);
		return;
	}
	buf_free(&out);
	if (rc == RC_GONE)
		asking_refuse(&a, 410, word(W_SEVERED_PURGED));
	else if (rc == RC_NOT_FOUND)
		asking_refuse(&a, 404, word(W_NOT_FOUND_MORE));
	else
		asking_fail(&a, rc);
}

void severed_post(struct httpd_request *req, void *app)
{
	struct asking a;
	enum rc rc = asking_begin(&a, req, app, PATH);
	if (rc != RC_OK)
		asking_fail(&a, rc);
	else if (!asking_take(&a, asking_field(&a, "step")))
		asking_show_sign_in(&a, 403, STR(""), W_FORM_OLD);
}
