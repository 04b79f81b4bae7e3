/*
 * Room: the map grows until max_bytes; past 95 % of it, or of the disk, ordinary jobs may add
 * nothing, and what is left is for deletions, deliveries and administration (S-114). All of it
 * belongs to the writer's thread.
 */
#include <sys/statvfs.h>

#include "core/log.h"
#include "core/must.h"
#include "db_int.h"

#define RESERVE_PERCENT 5
#define COUNT_PERCENT 90		     /* from here on free pages are counted */
#define DISK_RESERVE_MAX (UINT64_C(1) << 30) /* a large disk is not full with gigabytes left */
#define DISK_CHECK_MS MS_PER_SECOND
#define ROW_OVERHEAD 16

/* Adds up the pages that LMDB may use again: the first word of each of its free lists. */
static int count_free_pages(MDB_txn *mdb, uint64_t *pages)
{
	MDB_cursor *cursor;
	MDB_val key, list;
	const MDB_dbi free_dbi = 0;
	int error = mdb_cursor_open(mdb, free_dbi, &cursor);
	if (error != 0)
		return error;
	while ((error = mdb_cursor_get(cursor, &key, &list, MDB_NEXT)) == 0) {
		size_t n;
		memcpy(&n, list.mv_data, sizeof(n));
		*pages += n;
	}
	mdb_cursor_close(cursor);
	return error == MDB_NOTFOUND ? 0 : error;
}

static uint64_t used_at_most(struct db *db)
{
	MDB_envinfo info;
	must(mdb_env_info(db->env, &info) == 0);
	return (info.me_last_pgno + 1) * db->page_size;
}

int room_used(struct db *db, uint64_t *bytes)
{
	MDB_txn *mdb = NULL;
	uint64_t free_pages = 0;
	int error = gate_txn_begin(db, MDB_RDONLY, &mdb);
	if (error != 0)
		return error;
	uint64_t most = used_at_most(db);
	error = count_free_pages(mdb, &free_pages);
	mdb_txn_abort(mdb);
	gate_leave(db);
	uint64_t free_bytes = free_pages * db->page_size;
	*bytes = most > free_bytes ? most - free_bytes : 0;
	return error;
}

static void check_disk(struct db *db)
{
	struct db_room *room = &db->room;
	struct statvfs vfs;
	uint64_t now = clock_steady_ms(db->clock);
	if (!room->disk_low && room->disk_ms != 0 && now - room->disk_ms < DISK_CHECK_MS)
		return;
	room->disk_ms = now;
	if (statvfs(db->path, &vfs) != 0)
		return;
	uint64_t reserve = vfs.f_blocks * vfs.f_frsize / 100 * RESERVE_PERCENT;
	if (reserve > DISK_RESERVE_MAX)
		reserve = DISK_RESERVE_MAX;
	bool no_inodes = vfs.f_files != 0 && vfs.f_favail == 0;
	room->disk_low = no_inodes || vfs.f_bavail * vfs.f_frsize < reserve;
}

static void tell(struct db *db, bool full, uint64_t used, const char *what)
{
	struct db_room *room = &db->room;
	if (room->full == full)
		return;
	room->full = full;
	if (full)
		LOG(DB_FULL, F_U64("used_bytes", used), F_U64("max_bytes", db->max_bytes),
		    F_CSTR("what", what));
	else
		LOG(DB_ROOM_AGAIN, F_U64("used_bytes", used), F_U64("max_bytes", db->max_bytes));
}

void room_check(struct db *db)
{
	struct db_room *room = &db->room;
	uint64_t limit = db->max_bytes / 100 * (100 - RESERVE_PERCENT);
	uint64_t used = used_at_most(db);
	check_disk(db);
	/* counting the free pages costs a walk, so only when it matters */
	bool near = room->refusing || used >= db->max_bytes / 100 * COUNT_PERCENT;
	if (near && room_used(db, &used) != 0)
		used = limit;
	room->budget = used < limit && !room->disk_low ? limit - used : 0;
	/* a little more than the last byte, so that it does not go to and fro */
	if (room->budget > db->max_bytes / 100)
		room->refusing = false;
	tell(db, room->hard || room->refusing || room->budget == 0, used,
	     room->disk_low ? "disk" : "map");
}

bool room_take(struct db_txn *txn, struct str key, struct str value)
{
	struct db *db = txn->db;
	uint64_t bytes = key.len + value.len + ROW_OVERHEAD;
	if (bytes > db->page_size / 2)
		bytes = (bytes + db->page_size - 1) / db->page_size * db->page_size;
	if (txn->reserve || txn->freed)
		return true;
	if (bytes > db->room.budget) {
		db->room.refusing = true;
		tell(db, true, used_at_most(db), db->room.disk_low ? "disk" : "map");
		db_txn_fail(txn, RC_FULL);
		return false;
	}
	db->room.budget -= bytes;
	return true;
}

void room_refused(struct db *db, const char *what)
{
	db->room.hard = true;
	tell(db, true, used_at_most(db), what);
}

void room_committed(struct db *db)
{
	db->room.hard = false;
}

bool room_grow(struct db *db)
{
	MDB_envinfo info;
	must(mdb_env_info(db->env, &info) == 0);
	if (info.me_mapsize >= db->max_bytes)
		return false;
	uint64_t size = info.me_mapsize * 2;
	if (size > db->max_bytes)
		size = db->max_bytes;
	return gate_resize(db, size) == 0;
}
