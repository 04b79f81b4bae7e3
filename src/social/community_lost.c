/*
 * Parts in communities of people who are lost: whose account is deleted, or whose host is blocked. Inside write
 * transactions; who owns one is only read.
 */
#include "community_int.h"
#include "moderate_int.h"
#include "social/attribute.h"
#include "social/strike.h"

#define AT_ONCE 64

/* --- who owns it --- */

/* A row alone does not: they are there, and in it. */
static bool owns(struct db_txn *txn, struct arena *arena, const struct community_member *m,
		 struct account *who)
{
	struct community_standing standing;
	return m->role == COMMUNITY_OWNER && account_get(txn, arena, m->account, who) &&
	       !account_is_gone(who) &&
	       community_standing(txn, arena, m->community, m->account, &standing) &&
	       standing.role == COMMUNITY_OWNER;
}

size_t community_owners(struct db_txn *txn, struct arena *arena, uint64_t community, bool here,
			uint64_t but, uint64_t *out, size_t max)
{
	struct community_member *rows = ARENA_ARRAY(arena, AT_ONCE, struct community_member);
	uint64_t after = 0;
	size_t n = 0, got;
	while (rows != NULL && n < max &&
	       (got = community_staff_rows(txn, arena, community, after, rows, AT_ONCE)) != 0) {
		for (size_t i = 0; i < got && n < max; i++) {
			struct account who;
			if (rows[i].account != but && owns(txn, arena, &rows[i], &who) &&
			    (!here || account_is_local(&who)))
				out[n++] = rows[i].account;
		}
		after = rows[got - 1].account;
	}
	return n;
}

bool community_has_owner(struct db_txn *txn, struct arena *arena, uint64_t community, bool here,
			 uint64_t but)
{
	uint64_t one;
	return community_owners(txn, arena, community, here, but, &one, 1) != 0;
}

/* Nobody is left who owns it: those who look after the node are. */
static void owner_lost(struct social *s, uint64_t community)
{
	uint64_t holders[MODERATORS_MAX];
	struct account group;
	if (!community_exists(s->txn, community) ||
	    !account_get(s->txn, s->ctx->arena, community, &group) || account_is_gone(&group) ||
	    community_has_owner(s->txn, s->ctx->arena, community, false, 0))
		return;
	size_t n = role_holders(s->txn, 0, holders, MODERATORS_MAX);
	for (size_t i = 0; i < n; i++) {
		if (role_permits(s->txn, s->ctx->arena, holders[i], PERMISSION_MANAGE_USERS))
			statement_add(s, STATEMENT_OWNERLESS, community, holders[i]);
	}
}

/* --- those who are cut off --- */

void community_part_lost(struct social *s, uint64_t community, uint64_t account)
{
	struct community_member m;
	if (!community_exists(s->txn, community))
		return;
	attribute_entry_del(s->txn, community, account);
	if (!community_row_get(s, community, account, &m) || m.role <= COMMUNITY_MEMBER)
		return;
	bool owned = m.role == COMMUNITY_OWNER;
	m.role = COMMUNITY_MEMBER;
	m.flags &= ~(unsigned)COMMUNITY_OF_PARTNER;
	m.since_ms = db_txn_now(s->txn);
	m.by = 0;
	community_row_put(s, &m);
	community_tell_act(s, NULL, community, FEDERATE_COMMUNITY_DISMISS, NULL, account, STR(""),
			   0);
	if (owned)
		owner_lost(s, community);
}

/* --- those who are gone --- */

/* Their name may come back from elsewhere: a ban is kept for that. */
static bool ghost_del(struct social *s, const struct community_member *m, bool local)
{
	if (!local && (m->flags & COMMUNITY_BANNED) != 0)
		return false;
	community_member_del(s->txn, m->community, m->account);
	if (m->role == COMMUNITY_OWNER)
		owner_lost(s, m->community);
	return true;
}

size_t community_forget(struct social *s, const struct account *account, size_t count)
{
	uint64_t ids[AT_ONCE], after = 0;
	size_t n = 0, got;
	while (n < count &&
	       (got = community_rows_of(s->txn, account->id, after, ids, AT_ONCE)) != 0) {
		for (size_t i = 0; i < got && n < count; i++) {
			struct community_member m;
			after = ids[i];
			if (community_member_get(s->txn, s->ctx->arena, ids[i], account->id, &m))
				n += ghost_del(s, &m, account_is_local(account));
		}
	}
	return n;
}

bool community_ghosts_step(struct social *s, uint64_t community, uint64_t *after)
{
	struct community_member *rows =
		ARENA_ARRAY(s->ctx->arena, AT_ONCE, struct community_member);
	size_t n = rows != NULL ? community_members(s->txn, s->ctx->arena, community, *after, rows,
						    AT_ONCE)
				: 0;
	for (size_t i = 0; i < n; i++) {
		struct account who;
		bool there = account_get(s->txn, s->ctx->arena, rows[i].account, &who);
		if (!there || (who.flags & ACCOUNT_DELETED) != 0)
			ghost_del(s, &rows[i], there && account_is_local(&who));
		*after = rows[i].account;
	}
	if (n == AT_ONCE)
		return false;
	*after = 0;
	return true;
}
