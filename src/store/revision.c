/* Versions of statuses. Owns table revision. Inside transactions only. */
#include "store/revision.h"

#include "check_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "status_int.h"
#include "store/tables.h"
#include "store_int.h"

#define REVISION_VERSION 1

static uint64_t since_ms(const struct status *s)
{
	return s->edited_ms != 0 ? s->edited_ms : s->created_ms;
}

static void row_encode(struct buf *out, const struct status *s, const struct poll *poll)
{
	struct buf status CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	unsigned count = poll != NULL ? poll->option_count : 0;
	status_encode(&status, s);
	if (status.failed)
		buf_fail(out);
	rec_add_u8(out, REVISION_VERSION);
	rec_add_str(out, buf_str(&status));
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++)
		rec_add_str(out, poll->options[i].name);
}

static bool row_decode(struct arena *arena, struct str value, uint64_t id, struct revision *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	struct str status = rec_str(&r);
	uint64_t count = rec_num(&r);
	if (version != REVISION_VERSION || !rec_sound(&r) || count > POLL_OPTIONS_MAX ||
	    !status_decode(arena, status, id, &out->status))
		return false;
	out->options = ARENA_ARRAY(arena, (size_t)count, struct str);
	if (out->options == NULL)
		return false;
	out->option_count = (unsigned)count;
	for (unsigned i = 0; i < out->option_count; i++)
		out->options[i] = rec_str(&r);
	return rec_ok(&r);
}

/* The first version stays, since what was said at first is asked for; the second goes. */
static void make_room(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status), second = RECKEY_INIT;
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_revision, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		if (++n == 2)
			reckey_add_bytes(&second, key.ptr, key.len);
	}
	if (n >= REVISIONS_MAX)
		db_del(txn, &store_revision, reckey_str(&second));
}

void revision_keep(struct db_txn *txn, const struct status *before, const struct poll *poll)
{
	struct reckey key = reckey_u64_u64(before->id, since_ms(before));
	struct buf row CLEANUP(buf_free) = BUF_INIT(2 * STATUS_MAX_BYTES);
	make_room(txn, before->id);
	row_encode(&row, before, poll);
	store_put(txn, &store_revision, &key, &row);
}

size_t revision_list(struct db_txn *txn, struct arena *arena, uint64_t status,
		     struct revision out[REVISIONS_MAX])
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_revision, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < REVISIONS_MAX && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 8, &out[n].at_ms) ||
		    !row_decode(arena, arena_str(arena, value), status, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

void revisions_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t at_ms;
	db_iter_open(&it, txn, &store_revision, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &at_ms))
			continue;
		struct reckey one = reckey_u64_u64(status, at_ms);
		db_del(txn, &store_revision, reckey_str(&one));
	}
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	struct revision r;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !row_decode(c->arena, value, id, &r))
		check_say(c, "revision", id, "cannot be decoded");
	else if (!check_has(c, &store_status, id))
		check_say(c, "revision", id, "is of no status");
}

void revision_check(struct db_txn *txn, struct arena *arena,
		    void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_revision, 16, check_row);
	check_end(&c, "revisions");
}
