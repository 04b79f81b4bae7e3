/*
 * Who has which part in a community: roles, members, invitations. Owns tables community_role,
 * community_member, community_staff, community_banned, community_of, community_invite and
 * community_invited. Inside transactions only.
 *
 * community_staff and community_banned are indexes of community_member: a community may have a hundred
 * thousand rows of people who had a strike once, and few of either.
 */
#include "community_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "page_int.h"
#include "store/joint_word.h"
#include "store/tables.h"
#include "store_int.h"

#define ROLE_VERSION 1
#define MEMBER_VERSION 1
#define INVITE_VERSION 1
#define ROW_MAX_BYTES (32 * 1024)

/* --- roles --- */

/* clang-format off */
static const struct {
	unsigned permission;
	const char *name;
} permissions[] = {
	{ COMMUNITY_MAY_POST, "post" },
	{ COMMUNITY_MAY_COMMENT, "comment" },
	{ COMMUNITY_MAY_VOTE, "vote" },
	{ COMMUNITY_MAY_SKIP_QUEUE, "skip_queue" },
	{ COMMUNITY_MAY_INVITE, "invite" },
	{ COMMUNITY_MAY_ADMIT, "admit" },
	{ COMMUNITY_MAY_APPROVE, "approve" },
	{ COMMUNITY_MAY_REMOVE, "remove" },
	{ COMMUNITY_MAY_LOCK, "lock" },
	{ COMMUNITY_MAY_PIN, "pin" },
	{ COMMUNITY_MAY_BAN, "ban" },
	{ COMMUNITY_MAY_REPORTS, "reports" },
	{ COMMUNITY_MAY_STRIKES, "strikes" },
	{ COMMUNITY_MAY_EDIT, "edit" },
	{ COMMUNITY_MAY_ROLES, "roles" },
	{ COMMUNITY_MAY_EVENTS, "events" },
	{ COMMUNITY_MAY_RESOURCES, "resources" },
	{ COMMUNITY_MAY_BALLOTS, "ballots" },
	{ COMMUNITY_MAY_BADGES, "badges" },
	{ COMMUNITY_MAY_ANNOUNCE, "announce" },
};

#define MAY_TALK (COMMUNITY_MAY_POST | COMMUNITY_MAY_COMMENT | COMMUNITY_MAY_VOTE)

/* What the four are until somebody says otherwise. */
static const struct community_role defaults[] = {
	{ COMMUNITY_GUEST, 0, COMMUNITY_MAY_COMMENT | COMMUNITY_MAY_VOTE, { "guest", 5 } },
	{ COMMUNITY_MEMBER, 10, MAY_TALK, { "member", 6 } },
	{ COMMUNITY_MODERATOR, 100, COMMUNITY_MAY_ALL & ~(unsigned)COMMUNITY_MAY_ROLES, { "moderator", 9 } },
	{ COMMUNITY_OWNER, 1000, COMMUNITY_MAY_ALL, { "owner", 5 } },
};
/* clang-format on */

const char *community_permission_name(unsigned permission)
{
	for (size_t i = 0; i < ARRAY_LEN(permissions); i++) {
		if (permissions[i].permission == permission)
			return permissions[i].name;
	}
	return NULL;
}

bool community_permission_parse(struct str name, unsigned *out)
{
	for (size_t i = 0; i < ARRAY_LEN(permissions); i++) {
		if (str_eq(name, str_of(permissions[i].name))) {
			*out = permissions[i].permission;
			return true;
		}
	}
	return false;
}

void community_role_encode(struct buf *out, const struct community_role *role)
{
	rec_add_u8(out, ROLE_VERSION);
	rec_add_num(out, role->position);
	rec_add_num(out, role->permissions);
	rec_add_str(out, role->name);
}

bool community_role_decode(struct str value, uint64_t id, struct community_role *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct community_role){ .id = id };
	out->position = store_num32(&r);
	out->permissions = store_num32(&r);
	out->name = rec_str(&r);
	return version == ROLE_VERSION && rec_ok(&r) && out->permissions <= COMMUNITY_MAY_ALL;
}

static const struct community_role *role_default(uint64_t role)
{
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		if (defaults[i].id == role)
			return &defaults[i];
	}
	return NULL;
}

/* The row of the last role stays when that is dropped, without a name: ids are given once. */
static bool was_dropped(const struct community_role *role)
{
	return role->name.len == 0;
}

bool community_role_get(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t role,
			struct community_role *out)
{
	struct reckey key = reckey_u64_u64(community, role);
	const struct community_role *known = role_default(role);
	struct str value;
	if (db_get(txn, &store_community_role, reckey_str(&key), &value)) {
		if (!community_role_decode(arena_str(arena, value), role, out))
			return store_undecoded(txn, arena);
		return !was_dropped(out);
	}
	if (known == NULL || db_txn_rc(txn) != RC_OK)
		return false;
	*out = *known;
	return true;
}

size_t community_roles(struct db_txn *txn, struct arena *arena, uint64_t community,
		       struct community_role out[COMMUNITY_ROLES_MAX])
{
	struct reckey from = store_key_after(community, COMMUNITY_ROLE_OWN - 1);
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t id;
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		n += community_role_get(txn, arena, community, defaults[i].id, &out[n]);
	db_iter_open(&it, txn, &store_community_role, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < COMMUNITY_ROLES_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &id) ||
		    !community_role_decode(arena_str(arena, value), id, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n += !was_dropped(&out[n]);
	}
	return n;
}

/* The greatest id of a role of the community's own that was ever given; 0: there was none. */
static uint64_t last_role(struct db_txn *txn, uint64_t community)
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct community_invite invites[COMMUNITY_INVITES_MAX];
	struct str key;
	uint64_t last = 0;
	db_iter_open(&it, txn, &store_community_role, reckey_str(&prefix), DB_BACKWARD, STR_NONE);
	if (db_iter_next(&it, &key, NULL) && !reckey_read_u64(key, 8, &last))
		db_txn_fail(txn, RC_CORRUPT);
	/* before rows stayed, invitations outlived the role that they give */
	size_t n = community_invites(txn, community, invites);
	for (size_t i = 0; i < n; i++)
		last = invites[i].role > last ? invites[i].role : last;
	return last >= COMMUNITY_ROLE_OWN ? last : 0;
}

static bool role_write(struct db_txn *txn, uint64_t community, const struct community_role *role)
{
	struct reckey key = reckey_u64_u64(community, role->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	community_role_encode(&row, role);
	return store_put(txn, &store_community_role, &key, &row);
}

bool community_role_put(struct db_txn *txn, struct arena *arena, uint64_t community,
			struct community_role *role)
{
	struct community_role all[COMMUNITY_ROLES_MAX], mark;
	if (role->id != 0)
		return role_write(txn, community, role);
	size_t n = community_roles(txn, arena, community, all);
	if (n == 0 || n == COMMUNITY_ROLES_MAX)
		return false;
	uint64_t last = last_role(txn, community);
	role->id = last != 0 ? last + 1 : COMMUNITY_ROLE_OWN;
	/* the new one is the mark from now on */
	if (last != 0 && !community_role_get(txn, arena, community, last, &mark)) {
		struct reckey key = reckey_u64_u64(community, last);
		db_del(txn, &store_community_role, reckey_str(&key));
	}
	return role_write(txn, community, role);
}

static void invites_of_role_del(struct db_txn *txn, uint64_t community, uint64_t role)
{
	struct community_invite invites[COMMUNITY_INVITES_MAX];
	size_t n = community_invites(txn, community, invites);
	for (size_t i = 0; i < n; i++) {
		if (invites[i].role == role)
			community_invite_del(txn, community, invites[i].id);
	}
}

bool community_role_del(struct db_txn *txn, uint64_t community, uint64_t role)
{
	struct reckey key = reckey_u64_u64(community, role);
	bool own = role_default(role) == NULL, last = own && last_role(txn, community) == role;
	if (!db_del(txn, &store_community_role, reckey_str(&key)))
		return false;
	if (own)
		invites_of_role_del(txn, community, role);
	if (last)
		role_write(txn, community, &(struct community_role){ .id = role, .name = STR("") });
	return own;
}

/* --- members --- */

void community_member_encode(struct buf *out, const struct community_member *m)
{
	rec_add_u8(out, MEMBER_VERSION);
	rec_add_num(out, m->role);
	rec_add_num(out, m->flags);
	rec_add_num(out, m->since_ms);
	rec_add_num(out, m->until_ms);
	rec_add_num(out, m->by);
	rec_add_num(out, m->strikes);
	rec_add_str(out, m->reason);
	rec_add_str(out, m->note);
}

bool community_member_decode(struct str value, struct community_member *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->role = rec_num(&r);
	out->flags = store_num32(&r);
	out->since_ms = rec_num(&r);
	out->until_ms = rec_num(&r);
	out->by = rec_num(&r);
	out->strikes = store_num32(&r);
	out->reason = rec_str(&r);
	out->note = rec_str(&r);
	return version == MEMBER_VERSION && rec_ok(&r);
}

bool community_member_is_staff(const struct community_member *m)
{
	return m->role > COMMUNITY_MEMBER;
}

static bool member_read(struct db_txn *txn, struct arena *arena, struct str value,
			struct community_member *out)
{
	return community_member_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

bool community_member_get(struct db_txn *txn, struct arena *arena, uint64_t community,
			  uint64_t account, struct community_member *out)
{
	struct reckey key = reckey_u64_u64(community, account);
	struct str value;
	*out = (struct community_member){ .community = community, .account = account };
	return db_get(txn, &store_community_member, reckey_str(&key), &value) &&
	       member_read(txn, arena, value, out);
}

static void index_set(struct db_txn *txn, const struct db_table *table, const struct reckey *key,
		      bool there)
{
	if (there)
		db_put(txn, table, reckey_str(key), STR(""));
	else
		db_del(txn, table, reckey_str(key));
}

static void indexes_set(struct db_txn *txn, const struct reckey *key,
			const struct community_member *m)
{
	index_set(txn, &store_community_staff, key, community_member_is_staff(m));
	index_set(txn, &store_community_banned, key, (m->flags & COMMUNITY_BANNED) != 0);
}

void community_member_put(struct db_txn *txn, const struct community_member *m)
{
	struct reckey key = reckey_u64_u64(m->community, m->account);
	struct reckey of = reckey_u64_u64(m->account, m->community);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	community_member_encode(&row, m);
	store_put(txn, &store_community_member, &key, &row);
	indexes_set(txn, &key, m);
	db_put(txn, &store_community_of, reckey_str(&of), STR(""));
	joint_ban_note(txn, m->community, m->account);
}

bool community_member_del(struct db_txn *txn, uint64_t community, uint64_t account)
{
	struct reckey key = reckey_u64_u64(community, account);
	struct reckey of = reckey_u64_u64(account, community);
	indexes_set(txn, &key, &(struct community_member){ .role = COMMUNITY_MEMBER });
	db_del(txn, &store_community_of, reckey_str(&of));
	bool gone = db_del(txn, &store_community_member, reckey_str(&key));
	joint_ban_note(txn, community, account);
	return gone;
}

bool community_ban_peek(struct db_txn *txn, uint64_t community, uint64_t account,
			uint64_t *until_ms)
{
	struct reckey key = reckey_u64_u64(community, account);
	struct community_member m = { .flags = 0 };
	struct str value;
	if (!db_get(txn, &store_community_member, reckey_str(&key), &value))
		return false;
	if (!community_member_decode(value, &m))
		db_txn_fail(txn, RC_CORRUPT);
	if ((m.flags & COMMUNITY_BANNED) == 0)
		return false;
	*until_ms = m.until_ms;
	return true;
}

size_t community_members(struct db_txn *txn, struct arena *arena, uint64_t community,
			 uint64_t after, struct community_member *out, size_t count)
{
	struct reckey prefix = reckey_u64(community), from = store_key_after(community, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_community_member, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		out[n] = (struct community_member){ .community = community };
		if (!reckey_read_u64(key, 8, &out[n].account) ||
		    !member_read(txn, arena, value, &out[n]))
			return 0;
		n++;
	}
	return n;
}

/* The rows that an index leads to. */
static size_t indexed_rows(struct db_txn *txn, struct arena *arena, const struct db_table *index,
			   uint64_t community, uint64_t after, struct community_member *out,
			   size_t count)
{
	struct reckey prefix = reckey_u64(community), from = store_key_after(community, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t account;
	size_t n = 0;
	db_iter_open(&it, txn, index, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &account) ||
		    !community_member_get(txn, arena, community, account, &out[n])) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		n++;
	}
	return n;
}

size_t community_staff_rows(struct db_txn *txn, struct arena *arena, uint64_t community,
			    uint64_t after, struct community_member *out, size_t count)
{
	return indexed_rows(txn, arena, &store_community_staff, community, after, out, count);
}

size_t community_banned_rows(struct db_txn *txn, struct arena *arena, uint64_t community,
			     uint64_t after, struct community_member *out, size_t count)
{
	return indexed_rows(txn, arena, &store_community_banned, community, after, out, count);
}

size_t community_banned_page(struct db_txn *txn, uint64_t community, const struct page *page,
			     uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(community);
	return page_ids(txn, &store_community_banned, &prefix, page, NULL, out, count);
}

static bool standing_write(struct db_txn *txn, struct str key, struct str value)
{
	struct community_member m = { 0 };
	if (!reckey_read_u64(key, 0, &m.community) || !reckey_read_u64(key, 8, &m.account) ||
	    !community_member_decode(value, &m)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	struct reckey own = reckey_u64_u64(m.community, m.account);
	if (community_member_is_staff(&m))
		index_set(txn, &store_community_staff, &own, true);
	if ((m.flags & COMMUNITY_BANNED) != 0)
		index_set(txn, &store_community_banned, &own, true);
	return true;
}

enum rc community_standing_ensure(struct db_txn *txn, void *arg UNUSED)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	bool there = db_count(txn, &store_community_staff) != 0 ||
		     db_count(txn, &store_community_banned) != 0;
	db_iter_open(&it, txn, &store_community_member, STR(""), DB_FORWARD, STR_NONE);
	while (!there && db_iter_next(&it, &key, &value) && standing_write(txn, key, value))
		;
	return db_txn_rc(txn);
}

size_t community_rows_of(struct db_txn *txn, uint64_t account, uint64_t after, uint64_t *out,
			 size_t count)
{
	struct reckey prefix = reckey_u64(account), from = store_key_after(account, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_community_of, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

/* --- invitations --- */

void community_invite_encode(struct buf *out, const struct community_invite *i, struct str digest)
{
	rec_add_u8(out, INVITE_VERSION);
	rec_add_num(out, i->by);
	rec_add_num(out, i->role);
	rec_add_num(out, i->until_ms);
	rec_add_num(out, i->limit);
	rec_add_num(out, i->uses);
	rec_add_str(out, digest);
}

bool community_invite_decode(struct str value, struct community_invite *out, struct str *digest)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->by = rec_num(&r);
	out->role = rec_num(&r);
	out->until_ms = rec_num(&r);
	out->limit = store_num32(&r);
	out->uses = store_num32(&r);
	*digest = rec_str(&r);
	return version == INVITE_VERSION && rec_ok(&r);
}

static void invite_put(struct db_txn *txn, const struct community_invite *i, struct str digest)
{
	struct reckey key = reckey_u64_u64(i->community, i->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	community_invite_encode(&row, i, digest);
	store_put(txn, &store_community_invite, &key, &row);
}

enum rc community_invite_add(struct db_txn *txn, struct str secret, struct community_invite *i)
{
	struct community_invite others[COMMUNITY_INVITES_MAX];
	struct reckey digest = reckey_digest(secret);
	struct buf place CLEANUP(buf_free) = BUF_INIT(16);
	if (community_invites(txn, i->community, others) == COMMUNITY_INVITES_MAX)
		return RC_TOO_LARGE;
	i->id = db_next_id(txn);
	rec_add_u64(&place, i->community);
	rec_add_u64(&place, i->id);
	if (!db_add(txn, &store_community_invited, reckey_str(&digest), buf_str(&place), NULL))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_EXISTS;
	invite_put(txn, i, reckey_str(&digest));
	return db_txn_rc(txn);
}

bool community_invite_find(struct db_txn *txn, struct str secret, struct community_invite *out)
{
	struct reckey digest = reckey_digest(secret);
	struct str place, value, kept;
	*out = (struct community_invite){ 0 };
	if (!db_get(txn, &store_community_invited, reckey_str(&digest), &place) ||
	    !reckey_read_u64(place, 0, &out->community) || !reckey_read_u64(place, 8, &out->id))
		return false;
	struct reckey key = reckey_u64_u64(out->community, out->id);
	if (!db_get(txn, &store_community_invite, reckey_str(&key), &value) ||
	    !community_invite_decode(value, out, &kept)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	return true;
}

void community_invite_use(struct db_txn *txn, struct str secret)
{
	struct community_invite i;
	struct reckey digest = reckey_digest(secret);
	if (!community_invite_find(txn, secret, &i))
		return;
	i.uses++;
	invite_put(txn, &i, reckey_str(&digest));
}

size_t community_invites(struct db_txn *txn, uint64_t community,
			 struct community_invite out[COMMUNITY_INVITES_MAX])
{
	struct reckey prefix = reckey_u64(community);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value, digest;
	size_t n = 0;
	db_iter_open(&it, txn, &store_community_invite, reckey_str(&prefix), DB_BACKWARD, STR_NONE);
	while (n < COMMUNITY_INVITES_MAX && db_iter_next(&it, &key, &value)) {
		out[n] = (struct community_invite){ .community = community };
		if (!reckey_read_u64(key, 8, &out[n].id) ||
		    !community_invite_decode(value, &out[n], &digest)) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		n++;
	}
	return n;
}

bool community_invite_del(struct db_txn *txn, uint64_t community, uint64_t id)
{
	struct reckey key = reckey_u64_u64(community, id);
	struct community_invite i;
	struct str value, digest;
	if (!db_get(txn, &store_community_invite, reckey_str(&key), &value))
		return false;
	if (!community_invite_decode(value, &i, &digest)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	struct reckey invited = { 0 };
	reckey_add_bytes(&invited, digest.ptr, digest.len);
	db_del(txn, &store_community_invited, reckey_str(&invited));
	return db_del(txn, &store_community_invite, reckey_str(&key));
}
