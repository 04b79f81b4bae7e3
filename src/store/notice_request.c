/*
 * What becomes of strangers' notices. Owns tables notice_policy, notice_request and notice_sender.
 * Inside transactions only.
 */
#include "check_int.h"
#include "core/must.h"
#include "notice_int.h"
#include "range_int.h"
#include "store/tables.h"
#include "store_int.h"

#define POLICY_VERSION 1
#define REQUEST_VERSION 1
#define SENDER_VERSION 1

/* --- policy --- */

struct notice_policy notice_policy_get(struct db_txn *txn, uint64_t account)
{
	struct notice_policy p = { .private_mentions = NOTICE_HOLD,
				   .limited_accounts = NOTICE_HOLD };
	enum notice_rule *const rules[] = { &p.not_following, &p.not_followers, &p.new_accounts,
					    &p.private_mentions, &p.limited_accounts };
	struct reckey key = reckey_u64(account);
	struct str value;
	if (!db_get(txn, &store_notice_policy, reckey_str(&key), &value))
		return p;
	struct rec r = rec_open(value);
	bool sound = rec_u8(&r) == POLICY_VERSION;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		*rules[i] = (enum notice_rule)rec_u8(&r);
		sound = sound && *rules[i] <= NOTICE_DROP;
	}
	if (!sound || !rec_ok(&r))
		db_txn_fail(txn, RC_CORRUPT);
	return p;
}

void notice_policy_put(struct db_txn *txn, uint64_t account, const struct notice_policy *p)
{
	const enum notice_rule rules[] = { p->not_following, p->not_followers, p->new_accounts,
					   p->private_mentions, p->limited_accounts };
	struct reckey key = reckey_u64(account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u8(&row, POLICY_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		rec_add_u8(&row, (uint8_t)rules[i]);
	store_put(txn, &store_notice_policy, &key, &row);
}

/* --- senders: a request's id, or 0 for who is welcome --- */

static void sender_put(struct db_txn *txn, uint64_t account, uint64_t from, uint64_t request)
{
	struct reckey key = reckey_u64_u64(account, from);
	struct buf row CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u8(&row, SENDER_VERSION);
	rec_add_u64(&row, request);
	store_put(txn, &store_notice_sender, &key, &row);
}

static bool sender_decode(struct str value, uint64_t *request)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*request = rec_u64(&r);
	return version == SENDER_VERSION && rec_ok(&r);
}

static bool sender_get(struct db_txn *txn, uint64_t account, uint64_t from, uint64_t *request)
{
	struct reckey key = reckey_u64_u64(account, from);
	struct str value;
	if (!db_get(txn, &store_notice_sender, reckey_str(&key), &value))
		return false;
	if (sender_decode(value, request))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void notice_welcome(struct db_txn *txn, uint64_t account, uint64_t from)
{
	uint64_t request;
	must(!sender_get(txn, account, from, &request) || request == 0);
	sender_put(txn, account, from, 0);
}

bool notice_is_welcome(struct db_txn *txn, uint64_t account, uint64_t from)
{
	uint64_t request;
	return sender_get(txn, account, from, &request) && request == 0;
}

/* --- requests --- */

static bool request_decode(struct str value, uint64_t id, struct notice_request *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->id = id;
	out->from = rec_u64(&r);
	out->last = rec_u64(&r);
	out->status = rec_u64(&r);
	out->count = rec_u32(&r);
	return version == REQUEST_VERSION && rec_ok(&r);
}

static void request_put(struct db_txn *txn, uint64_t account, const struct notice_request *q)
{
	struct reckey key = reckey_u64_u64(account, q->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&row, REQUEST_VERSION);
	rec_add_u64(&row, q->from);
	rec_add_u64(&row, q->last);
	rec_add_u64(&row, q->status);
	rec_add_u32(&row, q->count);
	store_put(txn, &store_notice_request, &key, &row);
}

bool notice_request_get(struct db_txn *txn, uint64_t account, uint64_t id,
			struct notice_request *out)
{
	struct reckey key = reckey_u64_u64(account, id);
	struct str value;
	if (!db_get(txn, &store_notice_request, reckey_str(&key), &value))
		return false;
	if (request_decode(value, id, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

void notice_hold(struct db_txn *txn, uint64_t account, const struct notice *notice)
{
	struct notice_request q = { .id = notice->id, .from = notice->from };
	uint64_t id;
	if (sender_get(txn, account, notice->from, &id) && id != 0)
		notice_request_get(txn, account, id, &q);
	else
		sender_put(txn, account, notice->from, q.id);
	q.last = notice->id;
	if (notice->status != 0)
		q.status = notice->status;
	q.count += q.count != UINT32_MAX;
	request_put(txn, account, &q);
}

size_t notice_requests(struct db_txn *txn, uint64_t account, const struct id_range *range,
		       struct notice_request *out, size_t count)
{
	const struct reckey prefix = reckey_u64(account);
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	uint64_t id;
	size_t n = 0;
	range_walk_open(&w, txn, &store_notice_request, &prefix, range);
	while (n < count && range_walk_next(&w, &id, &value))
		n += request_decode(value, id, &out[n]);
	return n;
}

static void request_end(struct db_txn *txn, uint64_t account, const struct notice_request *q)
{
	struct reckey key = reckey_u64_u64(account, q->id);
	struct reckey sender = reckey_u64_u64(account, q->from);
	db_del(txn, &store_notice_request, reckey_str(&key));
	db_del(txn, &store_notice_sender, reckey_str(&sender));
}

/* What to do with each held notice. */
typedef void take(struct db_txn *txn, uint64_t account, const struct notice *n);

static void release(struct db_txn *txn, uint64_t account, const struct notice *n)
{
	struct notice open = *n;
	open.held = false;
	notice_write(txn, account, &open);
}

static void drop(struct db_txn *txn, uint64_t account, const struct notice *n)
{
	notice_del(txn, account, n->id);
}

/* All of them lie between the first one, whose id the request has, and the last. */
static size_t request_take(struct db_txn *txn, uint64_t account, uint64_t id, size_t count,
			   take *with)
{
	struct notice_request q;
	struct notice n;
	size_t taken = 0;
	if (!notice_request_get(txn, account, id, &q))
		return 0;
	const struct notice_filter filter = { .kinds = ~0U, .from = q.from, .held_too = true };
	struct id_range range = { .ascending = true, .min_id = q.id - 1 };
	range.max_id = q.last != UINT64_MAX ? q.last + 1 : 0;
	while (taken < count && notice_page(txn, account, &range, &filter, &n, 1) == 1) {
		id_range_pass(&range, n.id);
		if (!n.held)
			continue;
		with(txn, account, &n);
		taken++;
	}
	if (taken < count)
		request_end(txn, account, &q);
	return taken;
}

size_t notice_request_release(struct db_txn *txn, uint64_t account, uint64_t id, size_t count)
{
	return request_take(txn, account, id, count, release);
}

size_t notice_request_drop(struct db_txn *txn, uint64_t account, uint64_t id, size_t count)
{
	return request_take(txn, account, id, count, drop);
}

size_t notice_requests_del(struct db_txn *txn, uint64_t account, size_t count)
{
	const struct id_range all = { 0 };
	struct notice_request q;
	size_t n = 0;
	for (; n < count && notice_requests(txn, account, &all, &q, 1) == 1; n++)
		request_end(txn, account, &q);
	return n;
}

static size_t rows_del(struct db_txn *txn, const struct db_table *table, uint64_t account,
		       size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t second;
	size_t n = 0;
	db_iter_open(&it, txn, table, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &second))
			continue;
		struct reckey one = reckey_u64_u64(account, second);
		n += db_del(txn, table, reckey_str(&one));
	}
	return n;
}

size_t notice_strangers_del(struct db_txn *txn, uint64_t account, size_t count)
{
	struct reckey key = reckey_u64(account);
	size_t n = rows_del(txn, &store_notice_request, account, count);
	if (n < count)
		n += rows_del(txn, &store_notice_sender, account, count - n);
	if (n < count)
		n += db_del(txn, &store_notice_policy, reckey_str(&key));
	return n;
}

/* --- integrity --- */

static void check_request(const struct check *c, struct str key, struct str value)
{
	uint64_t account = 0, id = 0, sender = 0;
	struct notice_request q;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &id) ||
	    !request_decode(value, id, &q))
		check_say_pair(c, "notice request", account, id, "cannot be decoded");
	else if (!sender_get(c->txn, account, q.from, &sender) || sender != id)
		check_say_pair(c, "notice request", account, id, "is not found by its sender");
}

static void check_sender(const struct check *c, struct str key, struct str value)
{
	uint64_t account = 0, from = 0, id = 0;
	struct notice_request q;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &from) ||
	    !sender_decode(value, &id))
		check_say_pair(c, "sender of notices", account, from, "cannot be decoded");
	else if (id != 0 && (!notice_request_get(c->txn, account, id, &q) || q.from != from))
		check_say_pair(c, "sender of notices", account, from, "has no such request");
}

void notice_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_notice_request, 16, check_request);
	check_walk(&c, &store_notice_sender, 16, check_sender);
	check_end(&c, "notice requests");
}
