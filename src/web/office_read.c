/* Reading what the office of a community shows. */
#include "office_int.h"
#include "social/community.h"
#include "social/community_view.h"
#include "store/audit.h"
#include "store/graph.h"
#include "store/status.h"

/* --- the list --- */

/* Those of this node; groups elsewhere are looked after elsewhere. */
static size_t read_rows(struct db_txn *txn, struct arena *arena, uint64_t account,
			struct office_row *out)
{
	uint64_t ids[COMMUNITIES_JOINED_MAX];
	size_t n = 0, got = communities_joined(txn, arena, account, ids, COMMUNITIES_JOINED_MAX);
	for (size_t i = 0; i < got && n < OFFICE_LIST_MAX; i++) {
		struct community_standing standing;
		if (!community_exists(txn, ids[i]) ||
		    !community_standing(txn, arena, ids[i], account, &standing))
			continue;
		out[n].parent = (standing.permissions & COMMUNITY_MAY_EDIT) != 0;
		n += account_get(txn, arena, ids[i], &out[n].account) &&
		     !account_is_gone(&out[n].account) &&
		     community_role_get(txn, arena, ids[i], standing.role, &out[n].role);
	}
	return n;
}

/* --- one community --- */

static bool may(const struct office_page *page, unsigned permission)
{
	return (page->permissions & permission) != 0;
}

static void read_requests(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	uint64_t ids[OFFICE_SHOWN];
	page->requests = ARENA_ARRAY(arena, OFFICE_SHOWN, struct account);
	if (page->requests == NULL)
		return;
	size_t n = follow_followers_page(txn, page->group->id, FOLLOW_PENDING, &PAGE_ALL, ids,
					 OFFICE_SHOWN);
	for (size_t i = 0; i < n; i++)
		page->request_count +=
			account_get(txn, arena, ids[i], &page->requests[page->request_count]);
}

static void read_posts(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	uint64_t ids[OFFICE_SHOWN];
	page->posts = ARENA_ARRAY(arena, OFFICE_SHOWN, struct office_post);
	if (page->posts == NULL)
		return;
	size_t n = community_posts(txn, page->group->id, COMMUNITY_POSTS_HELD, &PAGE_ALL, ids,
				   OFFICE_SHOWN);
	for (size_t i = 0; i < n; i++) {
		struct office_post *post = &page->posts[page->post_count];
		page->post_count += status_get(txn, arena, ids[i], &post->status) &&
				    account_get(txn, arena, post->status.account, &post->author);
	}
}

static struct str role_name(const struct office_page *page, uint64_t id)
{
	for (size_t i = 0; i < page->role_count; i++) {
		if (page->roles[i].id == id)
			return page->roles[i].name;
	}
	return STR("");
}

static size_t read_rows_of(struct db_txn *txn, struct arena *arena, const struct office_page *page,
			   size_t (*list)(struct db_txn *, struct arena *, uint64_t, uint64_t,
					  struct community_member *, size_t),
			   struct office_person **out)
{
	struct community_member *rows =
		ARENA_ARRAY(arena, OFFICE_PEOPLE_MAX, struct community_member);
	size_t n = 0, got;
	*out = ARENA_ARRAY(arena, OFFICE_PEOPLE_MAX, struct office_person);
	if (rows == NULL || *out == NULL)
		return 0;
	got = list(txn, arena, page->group->id, 0, rows, OFFICE_PEOPLE_MAX);
	for (size_t i = 0; i < got; i++) {
		/* a ban that is over is kept until somebody comes back */
		if (rows[i].until_ms != 0 && rows[i].until_ms <= db_txn_now(txn))
			continue;
		(*out)[n] = (struct office_person){ .member = rows[i],
						    .role = role_name(page, rows[i].role) };
		n += account_get(txn, arena, rows[i].account, &(*out)[n].account);
	}
	return n;
}

static void read_people(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	page->staff_count = read_rows_of(txn, arena, page, community_staff_rows, &page->staff);
	page->banned_count = read_rows_of(txn, arena, page, community_banned_rows, &page->banned);
}

static void read_roles(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	page->roles = ARENA_ARRAY(arena, COMMUNITY_ROLES_MAX, struct community_role);
	if (page->roles != NULL)
		page->role_count = community_roles(txn, arena, page->group->id, page->roles);
}

static void read_invites(struct db_txn *txn, struct arena *arena, struct office_page *page)
{
	page->invites = ARENA_ARRAY(arena, COMMUNITY_INVITES_MAX, struct community_invite);
	if (page->invites != NULL)
		page->invite_count = community_invites(txn, page->group->id, page->invites);
}

static void read_record(struct ctx *ctx, struct db_txn *txn, struct office_page *page)
{
	struct audit_row rows[OFFICE_RECORD];
	struct audit_said said;
	uint64_t id;
	size_t n = audit_within(txn, ctx->arena, page->group->id, 0, rows, OFFICE_RECORD);
	page->acts = ARENA_ARRAY(ctx->arena, OFFICE_RECORD, struct office_done);
	for (size_t i = 0; page->acts != NULL && i < n; i++) {
		struct office_done *done = &page->acts[page->act_count];
		if (audit_read(ctx, &rows[i], &said) != RC_OK)
			continue;
		done->act = said.act;
		done->at = said.at;
		if (!str_to_u64(said.actor, &id) || !account_get(txn, ctx->arena, id, &done->who))
			done->who.id = 0;
		page->act_count++;
	}
}

/* Who is not in it is not told that it is there. */
static enum rc read_one(struct asking *a, struct db_txn *txn, uint64_t id, struct office_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct account *group = ARENA_NEW(arena, struct account);
	struct community_standing standing;
	if (group == NULL || !community_standing(txn, arena, id, a->account.id, &standing) ||
	    !standing.member || !account_get(txn, arena, id, group) || account_is_gone(group) ||
	    !community_role_get(txn, arena, id, standing.role, &page->own) ||
	    !community_get(txn, arena, id, &page->given) ||
	    !community_effective(txn, arena, id, &page->effective))
		return RC_NOT_FOUND;
	page->group = group;
	page->permissions = standing.permissions;
	room_read(a, txn, id, &page->room);
	if (page->given.parent == 0 || !account_get(txn, arena, page->given.parent, &page->parent))
		page->parent.id = 0;
	read_roles(txn, arena, page);
	if (may(page, COMMUNITY_MAY_ADMIT))
		read_requests(txn, arena, page);
	if (may(page, COMMUNITY_MAY_APPROVE))
		read_posts(txn, arena, page);
	if (may(page, COMMUNITY_MAY_ROLES | COMMUNITY_MAY_BAN))
		read_people(txn, arena, page);
	if (may(page, COMMUNITY_MAY_INVITE))
		read_invites(txn, arena, page);
	if (page->own.id == COMMUNITY_OWNER)
		partners_read(txn, arena, page);
	if (may(page, COMMUNITY_MAY_REPORTS))
		read_record(&a->req->ctx, txn, page);
	return RC_OK;
}

enum rc office_read(struct asking *a, uint64_t community, struct office_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	page->rows = ARENA_ARRAY(arena, OFFICE_LIST_MAX, struct office_row);
	if (community != 0)
		rc = read_one(a, txn, community, page);
	else if (page->rows != NULL)
		page->row_count = read_rows(txn, arena, a->account.id, page->rows);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		event_cards_clock(a, page->room.events, page->room.event_count);
	return rc == RC_OK && arena_failed(arena) ? RC_NO_MEMORY : rc;
}
