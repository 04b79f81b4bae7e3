/*
 * Communities of this node, and how they belong together. Owns tables community and community_child.
 * Inside transactions only.
 */
#include "store/community.h"

#include "community_int.h"
#include "core/must.h"
#include "parts_int.h"
#include "store/tables.h"
#include "store_int.h"

#define COMMUNITY_VERSION 2
#define COMMUNITY_VERSION_PLACES 1 /* flairs were their places in the list; there were no tags */
#define COMMUNITY_MAX_BYTES (128 * 1024)

static const char *const join_names[] = {
	[COMMUNITY_JOIN_OPEN] = "open",
	[COMMUNITY_JOIN_ON_REQUEST] = "request",
	[COMMUNITY_JOIN_BY_INVITATION] = "invitation",
	[COMMUNITY_JOIN_BY_ATTRIBUTE] = "attribute",
};
static const char *const sight_names[] = {
	[COMMUNITY_PUBLIC] = "public",
	[COMMUNITY_UNLISTED] = "unlisted",
	[COMMUNITY_LOCAL] = "local",
	[COMMUNITY_MEMBERS] = "members",
};
static const char *const posting_names[] = {
	[COMMUNITY_POST_ANYBODY] = "anybody",
	[COMMUNITY_POST_MEMBERS] = "members",
	[COMMUNITY_POST_APPOINTED] = "appointed",
};

static bool name_find(const char *const *names, size_t count, struct str name, unsigned *out)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

const char *community_join_name(enum community_join value)
{
	must((size_t)value < ARRAY_LEN(join_names));
	return join_names[value];
}

bool community_join_parse(struct str name, enum community_join *out)
{
	unsigned n = 0;
	bool found = name_find(join_names, ARRAY_LEN(join_names), name, &n);
	*out = (enum community_join)n;
	return found;
}

const char *community_sight_name(enum community_sight value)
{
	must((size_t)value < ARRAY_LEN(sight_names));
	return sight_names[value];
}

bool community_sight_parse(struct str name, enum community_sight *out)
{
	unsigned n = 0;
	bool found = name_find(sight_names, ARRAY_LEN(sight_names), name, &n);
	*out = (enum community_sight)n;
	return found;
}

const char *community_posting_name(enum community_posting value)
{
	must((size_t)value < ARRAY_LEN(posting_names));
	return posting_names[value];
}

bool community_posting_parse(struct str name, enum community_posting *out)
{
	unsigned n = 0;
	bool found = name_find(posting_names, ARRAY_LEN(posting_names), name, &n);
	*out = (enum community_posting)n;
	return found;
}

const char *community_given_name(unsigned bit)
{
	/* in the order of enum community_given */
	static const char *const names[] = { "kind",	       "join",	       "sight",
					     "posting",	       "premoderated", "slow_seconds",
					     "retention_days", "languages",    "rules",
					     "flairs",	       "tags" };
	_Static_assert((1U << ARRAY_LEN(names)) - 1 == COMMUNITY_GIVES_ALL, "a name for each");
	unsigned i = 0;
	while (i < ARRAY_LEN(names) && bit != 1U << i)
		i++;
	must(i < ARRAY_LEN(names));
	return names[i];
}

/* --- codec --- */

static void flairs_encode(struct buf *out, const struct community *c)
{
	must(c->flair_count <= COMMUNITY_FLAIRS_MAX);
	rec_add_num(out, c->flair_count);
	for (unsigned i = 0; i < c->flair_count; i++) {
		rec_add_num(out, c->flairs[i].id);
		rec_add_str(out, c->flairs[i].name);
		rec_add_str(out, c->flairs[i].colour);
	}
}

static bool flairs_decode(struct arena *arena, struct rec *r, uint8_t version,
			  struct community *out)
{
	uint64_t count = rec_num(r);
	if (count > COMMUNITY_FLAIRS_MAX)
		return false;
	out->flairs = ARENA_ARRAY(arena, count, struct community_flair);
	if (out->flairs == NULL)
		return false;
	for (out->flair_count = 0; out->flair_count < count; out->flair_count++) {
		struct community_flair *f = &out->flairs[out->flair_count];
		f->id = version == COMMUNITY_VERSION_PLACES ? out->flair_count + 1 : store_num32(r);
		f->name = rec_str(r);
		f->colour = rec_str(r);
	}
	return true;
}

static bool tags_decode(struct arena *arena, struct rec *r, uint8_t version, struct community *out)
{
	return version == COMMUNITY_VERSION_PLACES ||
	       parts_strs_decode(arena, r, COMMUNITY_TAGS_MAX, &out->tags, &out->tag_count);
}

void community_encode(struct buf *out, const struct community *c)
{
	rec_add_u8(out, COMMUNITY_VERSION);
	rec_add_u64(out, c->parent);
	rec_add_num(out, c->created_ms);
	rec_add_num(out, c->given);
	rec_add_u8(out, (uint8_t)c->join);
	rec_add_u8(out, (uint8_t)c->sight);
	rec_add_u8(out, (uint8_t)c->posting);
	rec_add_u8(out, c->premoderated);
	rec_add_num(out, c->slow_s);
	rec_add_num(out, c->retention_days);
	rec_add_str(out, c->kind);
	parts_strs_encode(out, c->languages, c->language_count, COMMUNITY_LANGUAGES_MAX);
	parts_strs_encode(out, c->rules, c->rule_count, COMMUNITY_RULES_MAX);
	flairs_encode(out, c);
	parts_strs_encode(out, c->tags, c->tag_count, COMMUNITY_TAGS_MAX);
}

bool community_decode(struct arena *arena, struct str value, uint64_t id, struct community *out)
{
	struct rec r = rec_open(value);
	*out = (struct community){ .id = id };
	uint8_t version = rec_u8(&r);
	out->parent = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->given = store_num32(&r);
	out->join = (enum community_join)rec_u8(&r);
	out->sight = (enum community_sight)rec_u8(&r);
	out->posting = (enum community_posting)rec_u8(&r);
	uint8_t premoderated = rec_u8(&r);
	out->premoderated = premoderated != 0;
	out->slow_s = store_num32(&r);
	out->retention_days = store_num32(&r);
	out->kind = rec_str(&r);
	return parts_strs_decode(arena, &r, COMMUNITY_LANGUAGES_MAX, &out->languages,
				 &out->language_count) &&
	       parts_strs_decode(arena, &r, COMMUNITY_RULES_MAX, &out->rules, &out->rule_count) &&
	       flairs_decode(arena, &r, version, out) && tags_decode(arena, &r, version, out) &&
	       (version == COMMUNITY_VERSION || version == COMMUNITY_VERSION_PLACES) &&
	       rec_ok(&r) && premoderated <= 1 && out->given <= COMMUNITY_GIVES_ALL &&
	       out->join <= COMMUNITY_JOIN_BY_ATTRIBUTE && out->sight <= COMMUNITY_MEMBERS &&
	       out->posting <= COMMUNITY_POST_APPOINTED;
}

/* --- one --- */

const struct community_flair *community_flair_find(const struct community *c, uint32_t id)
{
	for (unsigned i = 0; i < c->flair_count; i++) {
		if (c->flairs[i].id == id)
			return &c->flairs[i];
	}
	return NULL;
}

bool community_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct community *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_community, reckey_str(&key), &value))
		return false;
	return (community_decode(arena, arena_str(arena, value), id, out) &&
		community_terms_get(txn, arena, out)) ||
	       store_undecoded(txn, arena);
}

bool community_exists(struct db_txn *txn, uint64_t id)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	return db_get(txn, &store_community, reckey_str(&key), &value);
}

static void inherit(struct community *out, const struct community *from)
{
	const unsigned news = from->given & ~out->given;
	if ((news & COMMUNITY_GIVES_KIND) != 0)
		out->kind = from->kind;
	if ((news & COMMUNITY_GIVES_JOIN) != 0) {
		out->join = from->join;
		out->terms = from->terms;
	}
	if ((news & COMMUNITY_GIVES_SIGHT) != 0)
		out->sight = from->sight;
	if ((news & COMMUNITY_GIVES_POSTING) != 0)
		out->posting = from->posting;
	if ((news & COMMUNITY_GIVES_PREMODERATION) != 0)
		out->premoderated = from->premoderated;
	if ((news & COMMUNITY_GIVES_SLOW) != 0)
		out->slow_s = from->slow_s;
	if ((news & COMMUNITY_GIVES_RETENTION) != 0)
		out->retention_days = from->retention_days;
	if ((news & COMMUNITY_GIVES_LANGUAGES) != 0) {
		out->languages = from->languages;
		out->language_count = from->language_count;
	}
	if ((news & COMMUNITY_GIVES_RULES) != 0) {
		out->rules = from->rules;
		out->rule_count = from->rule_count;
	}
	if ((news & COMMUNITY_GIVES_FLAIRS) != 0) {
		out->flairs = from->flairs;
		out->flair_count = from->flair_count;
	}
	if ((news & COMMUNITY_GIVES_TAGS) != 0) {
		out->tags = from->tags;
		out->tag_count = from->tag_count;
	}
	out->given |= news;
}

/* What neither a community nor anything above it says. */
static const struct community unsaid = {
	.given = COMMUNITY_GIVES_ALL,
	.posting = COMMUNITY_POST_MEMBERS,
	.kind = { "", 0 },
};

bool community_effective(struct db_txn *txn, struct arena *arena, uint64_t id,
			 struct community *out)
{
	struct community above;
	if (!community_get(txn, arena, id, out))
		return false;
	const unsigned given = out->given;
	uint64_t parent = out->parent;
	for (unsigned i = 0; i < COMMUNITY_DEPTH_MAX && parent != 0; i++) {
		if (!community_get(txn, arena, parent, &above))
			break;
		inherit(out, &above);
		parent = above.parent;
	}
	inherit(out, &unsaid);
	out->given = given;
	return db_txn_rc(txn) == RC_OK;
}

/* What is a community's own is left out. */
static void said_encode(struct buf *out, const struct community *c)
{
	struct community said = *c;
	said.parent = said.created_ms = 0;
	said.given = COMMUNITY_GIVES_ALL;
	community_encode(out, &said);
	if (said.join == COMMUNITY_JOIN_BY_ATTRIBUTE)
		community_terms_encode(out, &said.terms);
}

bool community_says_the_same(const struct community *a, const struct community *b)
{
	struct buf one CLEANUP(buf_free) = BUF_INIT(COMMUNITY_MAX_BYTES);
	struct buf other CLEANUP(buf_free) = BUF_INIT(COMMUNITY_MAX_BYTES);
	said_encode(&one, a);
	said_encode(&other, b);
	return !one.failed && !other.failed && str_eq(buf_str(&one), buf_str(&other));
}

/* --- how they belong together --- */

/* How many stand above it, itself not counted; more than can be: there is a circle, or it would be too
 * deep. */
static unsigned height(struct db_txn *txn, struct arena *arena, uint64_t id, uint64_t of)
{
	struct community c;
	unsigned n = 0;
	while (id != 0 && n <= COMMUNITY_DEPTH_MAX) {
		if (id == of || !community_get(txn, arena, id, &c))
			return COMMUNITY_DEPTH_MAX + 1;
		n++;
		id = c.parent;
	}
	return n;
}

/* How many levels stand below it. */
static unsigned depth(struct db_txn *txn, uint64_t id, unsigned left)
{
	uint64_t children[64], after = 0;
	unsigned deepest = 0;
	size_t n;
	if (left == 0)
		return 1;
	while ((n = community_children(txn, id, after, children, ARRAY_LEN(children))) != 0) {
		for (size_t i = 0; i < n; i++) {
			unsigned below = 1 + depth(txn, children[i], left - 1);
			deepest = below > deepest ? below : deepest;
		}
		after = children[n - 1];
	}
	return deepest;
}

static bool may_belong(struct db_txn *txn, struct arena *arena, const struct community *c)
{
	return c->parent == 0 ||
	       height(txn, arena, c->parent, c->id) + depth(txn, c->id, COMMUNITY_DEPTH_MAX) <=
		       COMMUNITY_DEPTH_MAX;
}

enum rc community_put(struct db_txn *txn, struct arena *arena, const struct community *c)
{
	struct reckey key = reckey_u64(c->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(COMMUNITY_MAX_BYTES);
	struct community now = { 0 };
	bool known = community_get(txn, arena, c->id, &now);
	if (c->parent != now.parent && !may_belong(txn, arena, c))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_INVALID;
	if (known && now.parent != c->parent) {
		struct reckey child = reckey_u64_u64(now.parent, c->id);
		db_del(txn, &store_community_child, reckey_str(&child));
	}
	struct reckey child = reckey_u64_u64(c->parent, c->id);
	db_put(txn, &store_community_child, reckey_str(&child), STR(""));
	community_encode(&row, c);
	store_put(txn, &store_community, &key, &row);
	community_terms_put(txn, c);
	return db_txn_rc(txn);
}

static void adopt(struct db_txn *txn, struct arena *arena, const struct community *parent,
		  uint64_t child)
{
	struct community c;
	if (!community_get(txn, arena, child, &c))
		return;
	inherit(&c, parent);
	c.parent = parent->parent;
	if (community_put(txn, arena, &c) != RC_OK)
		db_txn_fail(txn, RC_CORRUPT);
}

bool community_del(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct community c;
	uint64_t child;
	if (!community_get(txn, arena, id, &c))
		return false;
	while (community_children(txn, id, 0, &child, 1) != 0)
		adopt(txn, arena, &c, child);
	struct reckey key = reckey_u64(id), own = reckey_u64_u64(c.parent, id);
	db_del(txn, &store_community_child, reckey_str(&own));
	community_terms_del(txn, id);
	return db_del(txn, &store_community, reckey_str(&key));
}

size_t community_children(struct db_txn *txn, uint64_t parent, uint64_t after, uint64_t *out,
			  size_t count)
{
	struct reckey prefix = reckey_u64(parent), from = store_key_after(parent, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_community_child, reckey_str(&prefix), DB_FORWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t communities(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_community, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 0, &out[n]);
	return n;
}
