/* Reading one team for its page. */
#include "teams_int.h"
#include "text/acct.h"

static void read_members(struct arena *arena, struct db_txn *txn, struct team_page *page)
{
	struct team_member rows[TEAM_MEMBERS_MAX];
	size_t n = team_members(txn, page->team.id, 0, rows, TEAM_MEMBERS_MAX);
	page->members = ARENA_ARRAY(arena, n, struct team_person);
	for (size_t i = 0; page->members != NULL && i < n; i++) {
		struct team_person *p = &page->members[page->member_count];
		p->member = rows[i];
		page->member_count += account_get(txn, arena, rows[i].person, &p->account);
	}
}

/* What it is about is shown where it is a person: posts and drafts are named by what was done. */
static void read_log(struct arena *arena, struct db_txn *txn, struct team_page *page)
{
	struct team_entry rows[TEAM_LOG_SHOWN];
	struct page range = PAGE_ALL;
	range.max_id = page->log_before;
	size_t n = team_log_page(txn, arena, page->team.id, &range, rows, TEAM_LOG_SHOWN);
	page->log = ARENA_ARRAY(arena, n, struct team_done);
	for (size_t i = 0; page->log != NULL && i < n; i++) {
		struct team_done *done = &page->log[page->log_count++];
		done->entry = rows[i];
		if (!account_get(txn, arena, rows[i].person, &done->who))
			done->who.id = 0;
		if (rows[i].about == page->team.id ||
		    !account_get(txn, arena, rows[i].about, &done->about))
			done->about.id = 0;
	}
	if (n == TEAM_LOG_SHOWN)
		page->log_next = rows[n - 1].id;
}

static enum rc read_one(struct asking *a, struct db_txn *txn, struct str name,
			struct team_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct account *team = &page->choice.account;
	if (!acct_user_valid(name) || !account_find_handle(txn, arena, name, STR(""), team))
		return RC_NOT_FOUND;
	page->choice.role = team_role_of(txn, arena, team->id, a->account.id);
	if (page->choice.role == TEAM_NOBODY || !team_get(txn, team->id, &page->team))
		return RC_NOT_FOUND;
	page->person = a->account.id;
	read_members(arena, txn, page);
	if (team_role_may(page->choice.role, TEAM_MAY(LOG)))
		read_log(arena, txn, page);
	return RC_OK;
}

enum rc team_read(struct asking *a, struct str name, struct team_page *page)
{
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (!str_to_u64(httpd_query(a->req, "before"), &page->log_before))
		page->log_before = 0;
	rc = read_one(a, txn, name, page);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && arena_failed(a->req->ctx.arena) ? RC_NO_MEMORY : rc;
}
