/* Integrity of interactions and of the index of quotes: rows to indexes and back. */
#include "check_int.h"
#include "core/attr.h"
#include "interaction_int.h"
#include "status_int.h"
#include "store/account.h"
#include "store/tables.h"

static bool read_one(const struct check *c, uint64_t id, struct interaction *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_interaction, reckey_str(&key), &value) &&
	       interaction_decode(value, id, out);
}

static bool has_key(const struct check *c, const struct db_table *table, struct reckey key)
{
	struct str value;
	return db_get(c->txn, table, reckey_str(&key), &value);
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct interaction i;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !interaction_decode(value, id, &i)) {
		check_say(c, "interaction", id, "cannot be decoded");
		return;
	}
	struct uri_entry entry;
	if (i.request.len != 0 && !check_uri(c, i.request, &entry))
		check_say(c, "interaction", id, "is not found by its request");
	if (!has_key(c, &store_interaction_of, interaction_of_key(&i)))
		check_say(c, "interaction", id, "is not among its post's");
	if (has_key(c, &store_interaction_open, reckey_u64_u64(i.owner, id)) !=
	    interaction_is_open(i.state))
		check_say(c, "interaction", id, "waits and does not, or does not and is listed");
	if (has_key(c, &store_interaction_with, interaction_with_key(&i)) !=
	    (i.state == INTERACTION_ACCEPTED))
		check_say(c, "interaction", id, "is accepted and not listed, or the other way");
}

static void check_of(const struct check *c, struct str key, struct str value)
{
	struct interaction i;
	uint64_t id = 0;
	if (reckey_read_u64(value, 0, &id) && read_one(c, id, &i)) {
		struct reckey own = interaction_of_key(&i);
		if (str_eq(key, reckey_str(&own)))
			return;
	}
	check_say(c, "interaction", id, "is listed for a post and not there, or another one");
}

static void check_open(const struct check *c, struct str key, struct str value UNUSED)
{
	struct interaction i;
	uint64_t owner, id = 0;
	if (!reckey_read_u64(key, 0, &owner) || !reckey_read_u64(key, 8, &id) ||
	    !read_one(c, id, &i) || i.owner != owner || !interaction_is_open(i.state))
		check_say(c, "interaction", id, "is listed as waiting and does not");
}

static void check_with(const struct check *c, struct str key, struct str value UNUSED)
{
	struct interaction i;
	uint64_t id = 0;
	if (reckey_read_u64(key, 16, &id) && read_one(c, id, &i)) {
		struct reckey own = interaction_with_key(&i);
		if (str_eq(key, reckey_str(&own)) && i.state == INTERACTION_ACCEPTED)
			return;
	}
	check_say(c, "interaction", id, "is listed as accepted and is not");
}

static bool read_status(const struct check *c, uint64_t id, struct status *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(c->txn, &store_status, reckey_str(&key), &value) &&
	       status_decode(c->arena, value, id, out);
}

static void check_quote(const struct check *c, struct str key, struct str value UNUSED)
{
	struct status s;
	uint64_t quoted = 0, id = 0;
	if (!reckey_read_u64(key, 0, &quoted) || !reckey_read_u64(key, 8, &id) ||
	    !read_status(c, id, &s) || s.quote.status != quoted)
		check_say_pair(c, "quote", quoted, id, "is not there or of another post");
}

/* By its id and whose consent it is. */
static struct str consent_name(const struct check *c, struct str authorization, uint64_t owner)
{
	struct account a;
	if (!account_get(c->txn, c->arena, owner, &a))
		return STR("");
	return arena_printf(c->arena, "%.*s %.*s", STR_ARG(authorization), STR_ARG(a.uri));
}

static void check_uri_row(const struct check *c, struct str key, struct str value)
{
	struct uri_entry entry;
	struct interaction i;
	struct status s;
	if (!uri_entry_decode(value, &entry))
		return;
	if (entry.kind == URI_INTERACTION &&
	    (!read_one(c, entry.id, &i) || !check_uri_fits(key, i.request)))
		check_say(c, "uri", entry.id, "leads to no request of this uri");
	if (entry.kind == URI_AUTHORIZATION &&
	    (!read_status(c, entry.id, &s) ||
	     !check_uri_fits(key, consent_name(c, s.quote.authorization, entry.other))))
		check_say(c, "uri", entry.id, "leads to no quote with this authorization");
}

/* The quoted one may be gone: then the index is, too. */
static void check_quoting(const struct check *c, struct str key, struct str value)
{
	struct status s;
	uint64_t id = 0;
	if (reckey_read_u64(key, 0, &id) && status_decode(c->arena, value, id, &s) &&
	    s.quote.status != 0 && check_has(c, &store_status, s.quote.status) &&
	    !has_key(c, &store_quote, reckey_u64_u64(s.quote.status, id)))
		check_say(c, "status", id, "is not among the quotes");
}

void interaction_check(struct db_txn *txn, struct arena *arena,
		       void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_interaction, 8, check_row);
	check_walk(&c, &store_interaction_of, 33, check_of);
	check_walk(&c, &store_interaction_open, 16, check_open);
	check_walk(&c, &store_interaction_with, 24, check_with);
	check_walk(&c, &store_quote, 16, check_quote);
	check_walk(&c, &store_uri, 16, check_uri_row);
	check_walk(&c, &store_status, 8, check_quoting);
	check_end(&c, "interactions");
}
