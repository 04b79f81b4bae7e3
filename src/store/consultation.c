/* Consultations. Owns tables consultation, consultation_of, consultation_paper, consultation_voter,
 * consultation_count and consultation_told. Inside transactions only. */
#include <string.h>

#include "consultation_int.h"
#include "core/attr.h"
#include "core/must.h"
#include "page_int.h"
#include "store/tables.h"
#include "store_int.h"

#define CONSULTATION_VERSION 1
#define CONSULTATION_VERSION_JOINT 2
#define CONSULTATION_VERSION_TOLD 3 /* with a thread; joint or not */
#define PAPER_VERSION 1
#define COUNT_VERSION 1
#define TOLD_VERSION 1
#define TOLD_MAX_BYTES ((size_t)512 * 1024)
#define COUNT_CHUNK 64
#define CONSULTATION_MAX_BYTES (64 * 1024)

static const char *const method_names[] = {
	[CONSULTATION_APPROVAL] = "approval",
	[CONSULTATION_RANKED] = "ranked",
};

const char *consultation_method_name(enum consultation_method method)
{
	must((size_t)method < ARRAY_LEN(method_names));
	return method_names[method];
}

bool consultation_method_parse(struct str name, enum consultation_method *out)
{
	for (size_t i = 0; i < ARRAY_LEN(method_names); i++) {
		if (str_eq(name, str_of(method_names[i]))) {
			*out = (enum consultation_method)i;
			return true;
		}
	}
	return false;
}

/* --- codecs --- */

static uint8_t version_of(const struct consultation *c)
{
	if (c->thread != 0)
		return CONSULTATION_VERSION_TOLD;
	return c->origin != 0 || c->papers_until_ms != 0 ? CONSULTATION_VERSION_JOINT
							 : CONSULTATION_VERSION;
}

void consultation_encode(struct buf *out, const struct consultation *c)
{
	must(c->option_count <= CONSULTATION_OPTIONS_MAX &&
	     c->role_count <= CONSULTATION_ROLES_MAX);
	uint8_t version = version_of(c);
	rec_add_u8(out, version);
	rec_add_u64(out, c->community);
	rec_add_u8(out, (uint8_t)c->method);
	rec_add_num(out, c->flags);
	rec_add_num(out, c->by);
	rec_add_num(out, c->seats);
	rec_add_num(out, c->quorum);
	rec_add_num(out, c->created_ms);
	rec_add_num(out, c->opens_ms);
	rec_add_num(out, c->closes_ms);
	rec_add_num(out, c->role_count);
	for (unsigned i = 0; i < c->role_count; i++)
		rec_add_num(out, c->roles[i]);
	rec_add_str(out, c->question);
	rec_add_str(out, c->description);
	rec_add_num(out, c->option_count);
	for (unsigned i = 0; i < c->option_count; i++)
		rec_add_str(out, c->options[i]);
	if (version != CONSULTATION_VERSION) {
		rec_add_num(out, c->origin);
		rec_add_num(out, c->papers_until_ms);
		rec_add_str(out, c->uri);
	}
	if (version == CONSULTATION_VERSION_TOLD)
		rec_add_num(out, c->thread);
}

bool consultation_decode(struct str value, uint64_t id, struct consultation *out)
{
	struct rec r = rec_open(value);
	*out = (struct consultation){ .id = id };
	uint8_t version = rec_u8(&r);
	out->community = rec_u64(&r);
	out->method = (enum consultation_method)rec_u8(&r);
	out->flags = store_num32(&r);
	out->by = rec_num(&r);
	out->seats = store_num32(&r);
	out->quorum = store_num32(&r);
	out->created_ms = rec_num(&r);
	out->opens_ms = rec_num(&r);
	out->closes_ms = rec_num(&r);
	uint64_t roles = rec_num(&r);
	for (uint64_t i = 0; i < roles && roles <= CONSULTATION_ROLES_MAX; i++)
		out->roles[out->role_count++] = rec_num(&r);
	out->question = rec_str(&r);
	out->description = rec_str(&r);
	uint64_t options = rec_num(&r);
	for (uint64_t i = 0; i < options && options <= CONSULTATION_OPTIONS_MAX; i++)
		out->options[out->option_count++] = rec_str(&r);
	bool more = version != CONSULTATION_VERSION;
	out->origin = more ? rec_num(&r) : 0;
	out->papers_until_ms = more ? rec_num(&r) : 0;
	out->uri = more ? rec_str(&r) : STR("");
	out->thread = version == CONSULTATION_VERSION_TOLD ? rec_num(&r) : 0;
	return rec_ok(&r) && version == version_of(out) && roles <= CONSULTATION_ROLES_MAX &&
	       options <= CONSULTATION_OPTIONS_MAX && out->method <= CONSULTATION_RANKED;
}

void consultation_paper_encode(struct buf *out, const struct consultation_paper *p)
{
	must(p->count <= CONSULTATION_OPTIONS_MAX);
	rec_add_u8(out, PAPER_VERSION);
	rec_add_num(out, p->account);
	rec_add_str(out, str_n((const char *)p->choices, p->count));
}

bool consultation_paper_decode(struct str value, struct consultation_paper *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->account = rec_num(&r);
	struct str choices = rec_str(&r);
	if (version != PAPER_VERSION || !rec_ok(&r) || choices.len == 0 ||
	    choices.len > CONSULTATION_OPTIONS_MAX)
		return false;
	out->count = (unsigned)choices.len;
	memcpy(out->choices, choices.ptr, choices.len);
	return true;
}

/* --- consultations --- */

bool consultation_get(struct db_txn *txn, struct arena *arena, uint64_t id,
		      struct consultation *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	if (!db_get(txn, &store_consultation, reckey_str(&key), &value))
		return false;
	return consultation_decode(arena_str(arena, value), id, out) || store_undecoded(txn, arena);
}

static bool count_put(struct db_txn *txn, uint64_t id, uint64_t count)
{
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u8(&row, COUNT_VERSION);
	rec_add_u64(&row, count);
	return store_put(txn, &store_consultation_count, &key, &row);
}

bool consultation_put(struct db_txn *txn, const struct consultation *c)
{
	struct reckey key = reckey_u64(c->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(CONSULTATION_MAX_BYTES);
	consultation_encode(&row, c);
	return store_put(txn, &store_consultation, &key, &row);
}

bool consultation_add(struct db_txn *txn, struct consultation *c)
{
	c->id = db_next_id(txn);
	struct reckey of = reckey_u64_u64(c->community, c->id);
	return db_put(txn, &store_consultation_of, reckey_str(&of), STR("")) &&
	       consultation_put(txn, c) && count_put(txn, c->id, 0);
}

size_t consultations_of(struct db_txn *txn, uint64_t community, const struct page *page,
			uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(community);
	return page_ids(txn, &store_consultation_of, &prefix, page, NULL, out, count);
}

/* --- papers --- */

static struct reckey paper_key(uint64_t consultation, struct str receipt)
{
	struct reckey key = reckey_u64(consultation), digest = reckey_digest(receipt);
	reckey_add_bytes(&key, digest.bytes, digest.len);
	return key;
}

bool consultation_has_voted(struct db_txn *txn, uint64_t consultation, uint64_t account)
{
	struct reckey key = reckey_u64_u64(consultation, account);
	struct str value;
	return db_get(txn, &store_consultation_voter, reckey_str(&key), &value);
}

static bool paper_read(struct db_txn *txn, struct str key, struct str value,
		       struct consultation_paper *out)
{
	if (key.len != 8 + CONSULTATION_RECEIPT_SIZE || !consultation_paper_decode(value, out)) {
		db_txn_fail(txn, RC_CORRUPT);
		return false;
	}
	memcpy(out->receipt, key.ptr + 8, CONSULTATION_RECEIPT_SIZE);
	return true;
}

bool consultation_paper_get(struct db_txn *txn, uint64_t consultation, struct str receipt,
			    struct consultation_paper *out)
{
	struct reckey key = paper_key(consultation, receipt);
	struct str value;
	return db_get(txn, &store_consultation_paper, reckey_str(&key), &value) &&
	       paper_read(txn, reckey_str(&key), value, out);
}

enum rc consultation_paper_add(struct db_txn *txn, uint64_t consultation, uint64_t account,
			       struct str receipt, const struct consultation_paper *paper)
{
	struct reckey key = paper_key(consultation, receipt),
		      voter = reckey_u64_u64(consultation, account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(256);
	struct str there;
	consultation_paper_encode(&row, paper);
	uint64_t before = consultation_turnout(txn, consultation);
	if (db_get(txn, &store_consultation_paper, reckey_str(&key), &there) ||
	    !db_add(txn, &store_consultation_voter, reckey_str(&voter), STR(""), NULL))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_EXISTS;
	store_put(txn, &store_consultation_paper, &key, &row);
	count_put(txn, consultation, before + 1);
	return db_txn_rc(txn);
}

bool consultation_paper_put(struct db_txn *txn, uint64_t consultation, struct str receipt,
			    const struct consultation_paper *paper)
{
	struct reckey key = paper_key(consultation, receipt);
	struct buf row CLEANUP(buf_free) = BUF_INIT(256);
	struct str there;
	consultation_paper_encode(&row, paper);
	return db_get(txn, &store_consultation_paper, reckey_str(&key), &there) &&
	       store_put(txn, &store_consultation_paper, &key, &row);
}

bool consultation_count_read(struct str value, uint64_t *count)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*count = rec_u64(&r);
	return version == COUNT_VERSION && rec_ok(&r);
}

static bool count_get(struct db_txn *txn, uint64_t id, uint64_t *count)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*count = 0;
	if (!db_get(txn, &store_consultation_count, reckey_str(&key), &value))
		return false;
	if (!consultation_count_read(value, count))
		db_txn_fail(txn, RC_CORRUPT);
	return true;
}

static uint64_t voters(struct db_txn *txn, uint64_t consultation)
{
	struct reckey prefix = reckey_u64(consultation);
	struct db_iter it CLEANUP(db_iter_close);
	uint64_t n = 0;
	db_iter_open(&it, txn, &store_consultation_voter, reckey_str(&prefix), DB_FORWARD,
		     STR_NONE);
	while (db_iter_next(&it, NULL, NULL))
		n++;
	return n;
}

uint64_t consultation_turnout(struct db_txn *txn, uint64_t consultation)
{
	uint64_t count;
	return count_get(txn, consultation, &count) ? count : voters(txn, consultation);
}

void consultations_count(struct db_txn *txn, uint64_t community)
{
	uint64_t ids[COUNT_CHUNK], count;
	struct page page = PAGE_ALL;
	size_t n;
	while ((n = consultations_of(txn, community, &page, ids, COUNT_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			if (!count_get(txn, ids[i], &count))
				count_put(txn, ids[i], voters(txn, ids[i]));
		}
		page.max_id = ids[n - 1];
	}
}

size_t consultation_papers(struct db_txn *txn, uint64_t consultation, size_t skip,
			   struct consultation_paper *out, size_t room)
{
	struct reckey prefix = reckey_u64(consultation);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_consultation_paper, reckey_str(&prefix), DB_FORWARD,
		     STR_NONE);
	while (n < room && db_iter_next(&it, &key, &value)) {
		if (skip != 0)
			skip--;
		else if (paper_read(txn, key, value, &out[n]))
			n++;
		else
			break;
	}
	return n;
}

/* --- what other nodes have told --- */

void consultation_told_encode(struct buf *out, const struct consultation_told *t)
{
	rec_add_u8(out, TOLD_VERSION);
	rec_add_num(out, t->at_ms);
	rec_add_num(out, t->pages);
	rec_add_num(out, t->voters);
	rec_add_num(out, t->members);
	rec_add_str(out, str_n(t->digest.bytes, DIGEST_SIZE));
	rec_add_str(out, t->lines);
}

bool consultation_told_decode(struct str value, struct consultation_told *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->at_ms = rec_num(&r);
	out->pages = store_num32(&r);
	out->voters = store_num32(&r);
	out->members = store_num32(&r);
	struct str digest = rec_str(&r);
	out->lines = rec_str(&r);
	if (version != TOLD_VERSION || !rec_ok(&r) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(out->digest.bytes, digest.ptr, DIGEST_SIZE);
	return true;
}

static struct reckey told_key(uint64_t consultation, uint64_t group, uint32_t page)
{
	struct reckey key = reckey_u64_u64(consultation, group);
	reckey_add_u64(&key, page);
	return key;
}

void consultation_told_put(struct db_txn *txn, uint64_t consultation, uint64_t group, uint32_t page,
			   const struct consultation_told *told)
{
	struct reckey key = told_key(consultation, group, page);
	struct buf row CLEANUP(buf_free) = BUF_INIT(TOLD_MAX_BYTES);
	consultation_told_encode(&row, told);
	store_put(txn, &store_consultation_told, &key, &row);
}

bool consultation_told_get(struct db_txn *txn, uint64_t consultation, uint64_t group, uint32_t page,
			   struct consultation_told *out)
{
	struct reckey key = told_key(consultation, group, page);
	struct str value;
	if (!db_get(txn, &store_consultation_told, reckey_str(&key), &value))
		return false;
	if (consultation_told_decode(value, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

/* --- the end --- */

/* At most count rows whose key begins with id. */
static size_t rows_del(struct db_txn *txn, const struct db_table *table, uint64_t id, size_t count)
{
	struct reckey prefix = reckey_u64(id);
	size_t n = 0;
	for (; n < count; n++) {
		struct db_iter it CLEANUP(db_iter_close);
		unsigned char copy[DB_KEY_MAX];
		struct str key;
		db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
		if (!db_iter_next(&it, &key, NULL))
			break;
		size_t len = key.len;
		memcpy(copy, key.ptr, len);
		db_del(txn, table, str_n((const char *)copy, len));
	}
	return n;
}

size_t consultations_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	uint64_t id;
	size_t n = 0;
	while (n < count && consultations_of(txn, community, &PAGE_ALL, &id, 1) != 0) {
		struct reckey key = reckey_u64(id), of = reckey_u64_u64(community, id);
		n += rows_del(txn, &store_consultation_paper, id, count - n);
		n += rows_del(txn, &store_consultation_voter, id, count - n);
		n += rows_del(txn, &store_consultation_told, id, count - n);
		if (n >= count)
			break;
		db_del(txn, &store_consultation, reckey_str(&key));
		db_del(txn, &store_consultation_of, reckey_str(&of));
		db_del(txn, &store_consultation_count, reckey_str(&key));
		n++;
	}
	return n;
}
