/* Notifications and reports. Owns tables notice and report. Inside transactions only. */
#include "store/notice.h"

#include "core/must.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define NOTICE_VERSION 1
#define REPORT_VERSION 1
#define REPORT_MAX_BYTES (512 * 1024)

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
	[NOTICE_COLLECTION] = "added_to_collection",
	[NOTICE_COLLECTION_REQUEST] = "collection_request",
	[NOTICE_REACTION] = "reaction",
	[NOTICE_POLL] = "poll",
	[NOTICE_MOVE] = "move",
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

uint64_t notice_add(struct db_txn *txn, uint64_t account, enum notice_kind kind, uint64_t from,
		    uint64_t status)
{
	uint64_t id = db_next_id(txn);
	struct reckey key = reckey_u64_u64(account, id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(64);
	rec_add_u8(&row, NOTICE_VERSION);
	rec_add_u8(&row, (uint8_t)kind);
	rec_add_u64(&row, from);
	rec_add_u64(&row, status);
	store_put(txn, &store_notice, &key, &row);
	return id;
}

size_t notice_list(struct db_txn *txn, uint64_t account, uint64_t max_id, struct notice *out,
		   size_t count)
{
	struct reckey prefix = reckey_u64(account);
	struct reckey from = reckey_u64_u64(account, max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_notice, reckey_str(&prefix), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		struct rec r = rec_open(value);
		uint8_t version = rec_u8(&r);
		out[n].kind = (enum notice_kind)rec_u8(&r);
		out[n].from = rec_u64(&r);
		out[n].status = rec_u64(&r);
		if (version == NOTICE_VERSION && rec_ok(&r) && kind_known(out[n].kind) &&
		    reckey_read_u64(key, 8, &out[n].id))
			n++;
	}
	return n;
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

uint64_t report_add(struct db_txn *txn, const struct report *report)
{
	uint64_t id = db_next_id(txn);
	struct reckey key = reckey_u64(id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(REPORT_MAX_BYTES);
	must(report->object_count <= REPORT_OBJECTS_MAX);
	rec_add_u8(&row, REPORT_VERSION);
	rec_add_u64(&row, report->reporter);
	rec_add_u64(&row, report->target);
	rec_add_str(&row, report->comment);
	rec_add_str(&row, report->uri);
	rec_add_num(&row, report->object_count);
	for (unsigned i = 0; i < report->object_count; i++)
		rec_add_str(&row, report->objects[i]);
	if (row.failed)
		db_txn_fail(txn, RC_TOO_LARGE);
	db_append(txn, &store_report, reckey_str(&key), buf_str(&row));
	return id;
}

static bool report_decode(struct arena *arena, struct str value, struct report *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->reporter = rec_u64(&r);
	out->target = rec_u64(&r);
	out->comment = rec_str(&r);
	out->uri = rec_str(&r);
	uint64_t count = rec_num(&r);
	if (version != REPORT_VERSION || count > REPORT_OBJECTS_MAX)
		return false;
	out->objects = ARENA_ARRAY(arena, count, struct str);
	if (out->objects == NULL)
		return false;
	for (out->object_count = 0; out->object_count < count; out->object_count++)
		out->objects[out->object_count] = rec_str(&r);
	return rec_ok(&r);
}

bool report_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct report *out)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct report){ .id = id };
	return db_get(txn, &store_report, reckey_str(&key), &value) &&
	       (report_decode(arena, value, out) || store_undecoded(txn, arena));
}

size_t report_list(struct db_txn *txn, struct arena *arena, uint64_t max_id, struct report *out,
		   size_t count)
{
	struct reckey from = reckey_u64(max_id != 0 ? max_id - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_report, STR(""), DB_BACKWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].id))
			continue;
		if (!report_decode(arena, value, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}
