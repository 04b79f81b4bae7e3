/* Upkeep: a copy while the node runs, the check of every row, and the figures. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/log.h"
#include "core/must.h"
#include "db_int.h"

/* --- copying --- */

static enum rc folder_is_empty(struct err *err, const char *folder)
{
	DIR *dir = opendir(folder);
	bool empty = true;
	if (dir == NULL)
		return err_set(err, RC_IO, "%s: %s", folder, strerror(errno));
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			empty = false;
	closedir(dir);
	return empty ? RC_OK : err_set(err, RC_EXISTS, "%s is not empty", folder);
}

/* mdb_env_copy2() would make the file readable for all (F-12), so the file is ours. */
static int copy_to(struct db *db, int fd)
{
	gate_enter(db);
	int error = db->failed ? MDB_PANIC : mdb_env_copyfd2(db->env, fd, MDB_CP_COMPACT);
	gate_leave(db);
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	return error;
}

enum rc db_backup(struct db *db, struct err *err, const char *folder)
{
	struct buf file CLEANUP(buf_free) = BUF_INIT(4096);
	must(!gate_held_here());
	enum rc rc = folder_is_empty(err, folder);
	if (rc != RC_OK)
		return rc;
	buf_addf(&file, "%s/data.mdb", folder);
	if (file.failed)
		return err_set(err, RC_INVALID, "the name of the folder is too long");
	int fd = open(file.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, RC_IO, "%s: %s", file.ptr, strerror(errno));
	int error = copy_to(db, fd);
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0)
		return fs_sync_folder(err, folder);
	unlink(file.ptr);
	return err_set(err, error == ENOSPC || error == EDQUOT ? RC_FULL : RC_IO, "%s: %s",
		       file.ptr, mdb_strerror(error));
}

/* --- checking --- */

/* Rows looked at in one transaction, so that none grows old. */
#define VERIFY_CHUNK 1000

struct verify {
	struct db *db;
	const struct db_slot *slot;
	void (*bad)(void *arg, const struct db_table *table, struct str key);
	void *arg;
	uint64_t damaged;
	size_t last_len; /* the key that was looked at last */
	unsigned char last[DB_KEY_MAX];
};

static int verify_place(struct verify *v, MDB_cursor *cursor, MDB_val *key, MDB_val *stored)
{
	if (v->last_len == 0)
		return mdb_cursor_get(cursor, key, stored, MDB_FIRST);
	*key = (MDB_val){ v->last_len, v->last };
	int error = mdb_cursor_get(cursor, key, stored, MDB_SET_RANGE);
	if (error == 0 && key->mv_size == v->last_len &&
	    memcmp(key->mv_data, v->last, v->last_len) == 0)
		error = mdb_cursor_get(cursor, key, stored, MDB_NEXT);
	return error;
}

static int verify_rows(struct verify *v, MDB_cursor *cursor)
{
	MDB_val key, stored;
	struct str value;
	int error = verify_place(v, cursor, &key, &stored);
	for (unsigned n = 0; error == 0; n++) {
		struct str k = str_n(key.mv_data, key.mv_size);
		if (k.len > DB_KEY_MAX)
			return MDB_CORRUPTED;
		if (!row_sound(v->slot, k, &stored, &value)) {
			v->damaged++;
			if (v->bad != NULL)
				v->bad(v->arg, v->slot->table, k);
		}
		memcpy(v->last, k.ptr, k.len);
		v->last_len = k.len;
		if (n == VERIFY_CHUNK)
			return 0;
		error = mdb_cursor_get(cursor, &key, &stored, MDB_NEXT);
	}
	return error;
}

static enum rc verify_table(struct verify *v)
{
	struct db *db = v->db;
	for (;;) {
		MDB_txn *mdb = NULL;
		MDB_cursor *cursor;
		int error = gate_txn_begin(db, MDB_RDONLY, &mdb);
		if (error != 0)
			return error == MDB_READERS_FULL ? RC_BUSY : RC_IO;
		error = mdb_cursor_open(mdb, v->slot->dbi, &cursor);
		if (error == 0) {
			error = verify_rows(v, cursor);
			mdb_cursor_close(cursor);
		}
		mdb_txn_abort(mdb);
		gate_leave(db);
		if (error == MDB_NOTFOUND)
			return RC_OK;
		if (error != 0)
			return RC_CORRUPT;
	}
}

enum rc db_verify(struct db *db,
		  void (*bad)(void *arg, const struct db_table *table, struct str key), void *arg)
{
	uint64_t damaged = 0;
	struct err err = { .rc = RC_OK };
	enum rc sound = pages_check(db, &err, PAGES_ALL);
	if (sound != RC_OK) {
		LOG(DB_PAGE_DAMAGED, F_STR("detail", str_of(err_text(&err))));
		return sound;
	}
	for (size_t i = 0; i < db->slot_count; i++) {
		struct verify v = { .db = db, .slot = &db->slots[i], .bad = bad, .arg = arg };
		enum rc rc = v.slot->present ? verify_table(&v) : RC_OK;
		if (rc != RC_OK)
			return rc;
		damaged += v.damaged;
	}
	return damaged == 0 ? RC_OK : RC_CORRUPT;
}

/* --- figures --- */

enum rc db_stat(struct db *db, struct db_stat *out)
{
	MDB_envinfo info;
	struct db_txn *txn;
	*out = (struct db_stat){ .max_bytes = db->max_bytes, .full = db->room.full };
	if (room_used(db, &out->used_bytes) != 0)
		return RC_IO;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i + 1 < db->slot_count; i++)
		out->rows += db_count(txn, db->slots[i].table);
	must(mdb_env_info(db->env, &info) == 0);
	out->map_bytes = info.me_mapsize;
	out->last_commit = info.me_last_txnid;
	rc = txn->rc;
	db_read_end(&txn);
	return rc;
}
