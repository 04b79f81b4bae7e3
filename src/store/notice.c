/* Notifications. Owns table notice. Inside transactions only. */
#include "store/notice.h"

#include "core/must.h"
#include "notice_int.h"
#include "range_int.h"
#include "store/tables.h"
#include "store_int.h"

#define NOTICE_VERSION 2
#define HELD 1U

static const char *const kind_names[] = {
	[NOTICE_MENTION] = "mention",
	[NOTICE_FOLLOW] = "follow",
	[NOTICE_FOLLOW_REQUEST] = "follow_request",
	[NOTICE_LIKE] = "like",
	[NOTICE_BOOST] = "boost",
	[NOTICE_EDIT] = "edit",
	[NOTICE_REPORT] = "report",
	[NOTICE_QUOTE] = "quote",
	[NOTICE_INTERACTION] = "interaction_request",
	[NOTICE_COLLECTION_REQUEST] = "collection_request",
	[NOTICE_REACTION] = "reaction",
	[NOTICE_POLL] = "poll",
	[NOTICE_MOVE] = "move",
	[NOTICE_STATUS] = "status",
	[NOTICE_QUOTED_EDIT] = "quoted_edit",
	[NOTICE_SIGN_UP] = "sign_up",
	[NOTICE_SEVERED] = "severed",
	[NOTICE_WARNING] = "warning",
	[NOTICE_COLLECTION] = "collection",
	[NOTICE_COLLECTION_EDIT] = "collection_edit",
	[NOTICE_ANNUAL] = "annual",
	[NOTICE_EVENT_REQUEST] = "event_request",
	[NOTICE_EVENT_INVITE] = "event_invite",
	[NOTICE_EVENT_REMINDER] = "event_reminder",
	[NOTICE_MEMBERSHIP] = "membership",
	[NOTICE_JOINT_OFFER] = "joint_offer",
};

static bool kind_known(enum notice_kind kind)
{
	return (size_t)kind < ARRAY_LEN(kind_names) && kind_names[kind] != NULL;
}

const char *notice_kind_name(enum notice_kind kind)
{
	must(kind_known(kind));
	return kind_names[kind];
}

static void encode(struct buf *out, const struct notice *n)
{
	rec_add_u8(out, NOTICE_VERSION);
	rec_add_u8(out, (uint8_t)n->kind);
	rec_add_u8(out, n->held ? HELD : 0);
	rec_add_u64(out, n->from);
	rec_add_u64(out, n->status);
	rec_add_num(out, n->about);
}

bool notice_decode(struct str value, struct notice *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->kind = (enum notice_kind)rec_u8(&r);
	out->held = (rec_u8(&r) & HELD) != 0;
	out->from = rec_u64(&r);
	out->status = rec_u64(&r);
	out->about = rec_num(&r);
	return version == NOTICE_VERSION && rec_ok(&r) && kind_known(out->kind);
}

void notice_write(struct db_txn *txn, uint64_t account, const struct notice *n)
{
	struct reckey key = reckey_u64_u64(account, n->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	must(kind_known(n->kind));
	encode(&row, n);
	store_put(txn, &store_notice, &key, &row);
}

uint64_t notice_put(struct db_txn *txn, uint64_t account, const struct notice *notice)
{
	struct notice n = *notice;
	n.id = db_next_id(txn);
	notice_write(txn, account, &n);
	return n.id;
}

uint64_t notice_add(struct db_txn *txn, uint64_t account, enum notice_kind kind, uint64_t from,
		    uint64_t status)
{
	const struct notice n = { .kind = kind, .from = from, .status = status };
	return notice_put(txn, account, &n);
}

bool notice_get(struct db_txn *txn, uint64_t account, uint64_t id, struct notice *out)
{
	struct reckey key = reckey_u64_u64(account, id);
	struct str value;
	out->id = id;
	return db_get(txn, &store_notice, reckey_str(&key), &value) && notice_decode(value, out);
}

bool notice_del(struct db_txn *txn, uint64_t account, uint64_t id)
{
	struct reckey key = reckey_u64_u64(account, id);
	return db_del(txn, &store_notice, reckey_str(&key));
}

static bool passes(const struct notice_filter *f, const struct notice *n)
{
	return (f->kinds & NOTICE_BIT(n->kind)) != 0 && (f->from == 0 || f->from == n->from) &&
	       (f->held_too || !n->held);
}

/* Unreadable rows are skipped. */
size_t notice_page(struct db_txn *txn, uint64_t account, const struct id_range *range,
		   const struct notice_filter *filter, struct notice *out, size_t count)
{
	const struct reckey prefix = reckey_u64(account);
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	size_t n = 0;
	range_walk_open(&w, txn, &store_notice, &prefix, range);
	for (size_t looked = 0; n < count && looked < NOTICE_SCAN_MAX; looked++) {
		if (!range_walk_next(&w, &out[n].id, &value))
			break;
		if (notice_decode(value, &out[n]) && passes(filter, &out[n]))
			n++;
	}
	return n;
}

size_t notice_list(struct db_txn *txn, uint64_t account, uint64_t max_id, struct notice *out,
		   size_t count)
{
	const struct id_range range = { .max_id = max_id };
	const struct notice_filter all = { .kinds = ~0U, .held_too = true };
	return notice_page(txn, account, &range, &all, out, count);
}

size_t notices_del(struct db_txn *txn, uint64_t account, size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	uint64_t id;
	size_t n = 0;
	db_iter_open(&it, txn, &store_notice, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &id))
			continue;
		struct reckey one = reckey_u64_u64(account, id);
		n += db_del(txn, &store_notice, reckey_str(&one));
	}
	return n;
}
