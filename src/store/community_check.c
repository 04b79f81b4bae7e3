/* Integrity of communities: rows to indexes and back, counts to rows. */
#include "check_int.h"
#include "community_int.h"
#include "core/attr.h"
#include "core/utf8.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/status.h"
#include "store/tables.h"

#define HIDDEN (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)

static bool has_pair(const struct check *c, const struct db_table *table, uint64_t a, uint64_t b)
{
	struct reckey key = reckey_u64_u64(a, b);
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value);
}

static void check_community(const struct check *c, struct str key, struct str value)
{
	struct community one;
	struct account account;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !community_decode(c->arena, value, id, &one)) {
		check_say(c, "community", id, "cannot be decoded");
		return;
	}
	if (!account_get(c->txn, c->arena, id, &account) || account.kind != ACCOUNT_GROUP ||
	    !account_is_local(&account))
		check_say(c, "community", id, "is no group of this node");
	if (!has_pair(c, &store_community_child, one.parent, id))
		check_say(c, "community", id, "is not among its parent's");
	if (one.parent != 0 && !community_exists(c->txn, one.parent))
		check_say(c, "community", id, "belongs to none that is there");
}

static void check_child(const struct check *c, struct str key, struct str value UNUSED)
{
	struct community one;
	uint64_t parent = 0, id = 0;
	bool read = reckey_read_u64(key, 0, &parent) && reckey_read_u64(key, 8, &id);
	if (!read || !community_get(c->txn, c->arena, id, &one) || one.parent != parent)
		check_say_pair(c, "child of community", parent, id, "is not there");
}

static void check_role(const struct check *c, struct str key, struct str value)
{
	struct community_role role;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    !community_role_decode(value, id, &role))
		check_say_pair(c, "role of community", community, id, "cannot be decoded");
	else if (!community_exists(c->txn, community))
		check_say_pair(c, "role of community", community, id, "is of none");
}

/* Both empty: the database is older than they are, and they are written when it is next opened for
 * writing (community_standing_ensure()). */
static bool stands_wrongly(const struct check *c, const struct community_member *m)
{
	if (db_count(c->txn, &store_community_staff) == 0 &&
	    db_count(c->txn, &store_community_banned) == 0)
		return false;
	return has_pair(c, &store_community_staff, m->community, m->account) !=
		       community_member_is_staff(m) ||
	       has_pair(c, &store_community_banned, m->community, m->account) !=
		       ((m->flags & COMMUNITY_BANNED) != 0);
}

static void check_member(const struct check *c, struct str key, struct str value)
{
	struct community_member m = { 0 };
	struct community_role role;
	struct account who;
	if (!reckey_read_u64(key, 0, &m.community) || !reckey_read_u64(key, 8, &m.account) ||
	    !community_member_decode(value, &m)) {
		check_say_pair(c, "member of community", m.community, m.account,
			       "cannot be decoded");
		return;
	}
	if (stands_wrongly(c, &m))
		check_say_pair(c, "member of community", m.community, m.account,
			       "is not found by its standing");
	if (!has_pair(c, &store_community_of, m.account, m.community))
		check_say_pair(c, "member of community", m.community, m.account,
			       "is not found by the account");
	if (!account_get(c->txn, c->arena, m.account, &who))
		check_say_pair(c, "member of community", m.community, m.account, "is nobody");
	else if ((who.flags & ACCOUNT_DELETED) != 0 &&
		 (account_is_local(&who) || (m.flags & COMMUNITY_BANNED) == 0))
		check_say_pair(c, "member of community", m.community, m.account,
			       "has a deleted account");
	if (!community_role_get(c->txn, c->arena, m.community, m.role, &role))
		check_say_pair(c, "member of community", m.community, m.account, "has no role");
}

static void check_of(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t account = 0, community = 0;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &community) ||
	    !has_pair(c, &store_community_member, community, account))
		check_say_pair(c, "community of account", account, community, "is not there");
}

/* A row of community_staff or community_banned; whether it fits the member's is that one's to say. */
static void check_standing(const struct check *c, struct str key, struct str value UNUSED)
{
	uint64_t community = 0, account = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &account) ||
	    !has_pair(c, &store_community_member, community, account))
		check_say_pair(c, "standing in community", community, account, "is nobody's");
}

static void check_invite(const struct check *c, struct str key, struct str value)
{
	struct community_invite i = { 0 };
	struct reckey invited = { 0 };
	struct str digest, place;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &i.community) || !reckey_read_u64(key, 8, &i.id) ||
	    !community_invite_decode(value, &i, &digest) || digest.len > DB_KEY_MAX) {
		check_say_pair(c, "invitation", i.community, i.id, "cannot be decoded");
		return;
	}
	reckey_add_bytes(&invited, digest.ptr, digest.len);
	if (!db_get(c->txn, &store_community_invited, reckey_str(&invited), &place) ||
	    !reckey_read_u64(place, 0, &community) || !reckey_read_u64(place, 8, &id) ||
	    community != i.community || id != i.id)
		check_say_pair(c, "invitation", i.community, i.id, "is not found by its secret");
}

static void check_index(const struct check *c, const struct db_table *table,
			const struct community_post *p, bool wanted)
{
	if (has_pair(c, table, p->community, p->status) != wanted)
		check_say_pair(c, table->name, p->community, p->status,
			       wanted ? "is missing" : "should not be there");
}

static void check_post(const struct check *c, struct str key, struct str value)
{
	struct community_post p = { 0 };
	struct status status;
	if (!reckey_read_u64(key, 0, &p.community) || !reckey_read_u64(key, 8, &p.status) ||
	    !community_post_decode(value, &p)) {
		check_say_pair(c, "post in community", p.community, p.status, "cannot be decoded");
		return;
	}
	bool shown = (p.flags & HIDDEN) == 0;
	check_index(c, &store_community_thread, &p,
		    shown && (p.flags & COMMUNITY_POST_COMMENT) == 0);
	check_index(c, &store_community_queue, &p, (p.flags & COMMUNITY_POST_HELD) != 0);
	check_index(c, &store_community_pinned, &p,
		    shown && (p.flags & COMMUNITY_POST_PINNED) != 0);
	if (!status_get(c->txn, c->arena, p.status, &status) || status.community != p.community)
		check_say_pair(c, "post in community", p.community, p.status, "is no post of it");
}

/* What one community's rows add up to. */
struct adding {
	uint64_t threads, comments;
};

static struct adding add_up(const struct check *c, uint64_t community)
{
	struct reckey prefix = reckey_u64(community);
	struct adding sum = { 0 };
	struct db_iter it CLEANUP(db_iter_close);
	struct community_post p;
	struct str key, value;
	db_iter_open(&it, c->txn, &store_community_post, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		if (!community_post_decode(value, &p) || (p.flags & HIDDEN) != 0)
			continue;
		bool comment = (p.flags & COMMUNITY_POST_COMMENT) != 0;
		sum.comments += comment;
		sum.threads += !comment;
	}
	return sum;
}

static void check_total(const struct check *c, struct str key, struct str value)
{
	struct community_totals t;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !community_totals_decode(value, &t)) {
		check_say(c, "total of community", id, "cannot be decoded");
		return;
	}
	const struct adding sum = add_up(c, id);
	if (sum.threads != t.threads || sum.comments != t.comments)
		check_say(c, "total of community", id, "is not what it has");
}

static void check_held(const struct check *c, struct str key, struct str value UNUSED)
{
	struct community_post place;
	struct status status;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !status_get(c->txn, c->arena, id, &status) ||
	    !community_post_get(c->txn, status.community, id, &place) ||
	    (place.flags & HIDDEN) == 0)
		check_say(c, "held post", id, "is shown");
}

static void check_reason(const struct check *c, struct str key, struct str value)
{
	struct community_post place;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    value.len == 0 || !utf8_valid(value) ||
	    !community_post_get(c->txn, community, id, &place) ||
	    (place.flags & COMMUNITY_POST_REASONED) == 0)
		check_say_pair(c, "reason in community", community, id, "is of nothing");
}

void community_check(struct db_txn *txn, struct arena *arena,
		     void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_community, 8, check_community);
	check_walk(&c, &store_community_child, 16, check_child);
	check_walk(&c, &store_community_role, 16, check_role);
	check_walk(&c, &store_community_member, 16, check_member);
	check_walk(&c, &store_community_staff, 16, check_standing);
	check_walk(&c, &store_community_banned, 16, check_standing);
	check_walk(&c, &store_community_of, 16, check_of);
	check_walk(&c, &store_community_invite, 16, check_invite);
	check_walk(&c, &store_community_post, 16, check_post);
	check_walk(&c, &store_community_total, 8, check_total);
	check_walk(&c, &store_community_held, 8, check_held);
	check_walk(&c, &store_community_reason, 16, check_reason);
}
