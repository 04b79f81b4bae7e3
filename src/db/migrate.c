/*
 * The schema: reading its version, refusing a newer one, bringing an older one up to date, opening
 * the tables. Runs while the database is opened, before the writer's thread.
 */
#include "db/migrate.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/log.h"
#include "core/must.h"
#include "db/rec.h"
#include "db_int.h"

#define SCHEMA_KEY STR("schema")

static const struct db_schema first_schema = { .version = DB_SCHEMA_VERSION };

struct opening {
	struct db *db;
	struct err *err;
	uint32_t found; /* the stored version */
};

static enum rc table_open(struct db_txn *txn, struct db_slot *slot, unsigned flags)
{
	int error = mdb_dbi_open(txn->mdb, slot->table->name, flags, &slot->dbi);
	slot->present = error == 0;
	if (error != 0 && error != MDB_NOTFOUND)
		txn_fail_mdb(txn, error);
	else if (flags != 0)
		txn->writes++; /* it may have been created */
	return txn->rc;
}

static enum rc version_read(struct db_txn *txn, struct opening *o)
{
	struct str value;
	if (!row_get(txn, db_meta_slot(o->db), SCHEMA_KEY, &value))
		return txn->rc != RC_OK ? txn->rc : RC_NOT_FOUND;
	struct rec r = rec_open(value);
	o->found = rec_u32(&r);
	return rec_ok(&r) ? RC_OK : RC_CORRUPT;
}

static bool version_write(struct db_txn *txn, uint32_t version)
{
	struct buf value CLEANUP(buf_free) = BUF_INIT(16);
	rec_add_u32(&value, version);
	return row_put(txn, db_meta_slot(txn->db), SCHEMA_KEY, buf_str(&value), 0);
}

/* True when LMDB's own table of tables is empty but for the engine's. */
static bool is_new(struct db_txn *txn)
{
	MDB_stat stat;
	MDB_dbi root;
	int error = mdb_dbi_open(txn->mdb, NULL, 0, &root);
	if (error == 0)
		error = mdb_stat(txn->mdb, root, &stat);
	if (error != 0)
		txn_fail_mdb(txn, error);
	return error == 0 && stat.ms_entries <= 1;
}

/* A job: what is there? A new database gets our version. */
static enum rc job_look(struct db_txn *txn, void *arg)
{
	struct opening *o = arg;
	enum rc rc = table_open(txn, db_meta_slot(o->db), MDB_CREATE);
	if (rc != RC_OK)
		return rc;
	rc = version_read(txn, o);
	if (rc != RC_NOT_FOUND)
		return rc;
	if (!is_new(txn))
		return RC_CORRUPT;
	o->found = o->db->schema->version;
	version_write(txn, o->found);
	return txn->rc;
}

static const struct db_migration *migration_from(const struct db_schema *schema, uint32_t version)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->migrations[i].from == version)
			return &schema->migrations[i];
	return NULL;
}

/* A job: all tables, and every migration that is due. */
static enum rc job_prepare(struct db_txn *txn, void *arg)
{
	struct opening *o = arg;
	const struct db_schema *schema = o->db->schema;
	for (size_t i = 0; i + 1 < o->db->slot_count; i++)
		if (table_open(txn, &o->db->slots[i], MDB_CREATE) != RC_OK)
			return txn->rc;
	/* again, since another process may have been here */
	enum rc rc = version_read(txn, o);
	for (uint32_t v = o->found; rc == RC_OK && v < schema->version; v++) {
		const struct db_migration *migration = migration_from(schema, v);
		if (migration == NULL)
			return err_set(o->err, RC_UNSUPPORTED, "no way leads from schema %u to %u",
				       v, v + 1);
		rc = migration->run(txn);
		version_write(txn, v + 1);
	}
	return rc;
}

static enum rc check_version(struct opening *o)
{
	uint32_t ours = o->db->schema->version;
	if (o->found > ours)
		return err_set(o->err, RC_UNSUPPORTED,
			       "the database has schema %u, this program knows %u at most",
			       o->found, ours);
	if (o->found < ours && o->db->read_only)
		return err_set(o->err, RC_UNSUPPORTED,
			       "the database has schema %u: start the server to bring it to %u",
			       o->found, ours);
	return RC_OK;
}

static enum rc copy_before(struct opening *o)
{
	struct db *db = o->db;
	struct buf folder CLEANUP(buf_free) = BUF_INIT(4096);
	buf_addf(&folder, "%s/before-schema-%u-%llu", db->path, db->schema->version,
		 (unsigned long long)clock_wall_ms(db->clock));
	if (folder.failed)
		return RC_NO_MEMORY;
	if (mkdir(folder.ptr, 0700) != 0)
		return err_set(o->err, RC_IO, "%s: %s", folder.ptr, strerror(errno));
	enum rc rc = db_backup(db, o->err, folder.ptr);
	return rc == RC_OK ? fs_sync_folder(o->err, db->path) : rc;
}

static enum rc open_writable(struct opening *o)
{
	struct db *db = o->db;
	enum rc rc = writer_run_now(db, job_look, o);
	if (rc == RC_OK)
		rc = check_version(o);
	uint32_t before = o->found;
	bool older = rc == RC_OK && before < db->schema->version;
	if (older)
		rc = copy_before(o);
	if (rc == RC_OK)
		rc = writer_run_now(db, job_prepare, o);
	if (rc == RC_OK && older)
		LOG(DB_MIGRATED, F_U64("from", before), F_U64("to", db->schema->version));
	return rc;
}

static enum rc open_read_only(struct opening *o)
{
	struct db *db = o->db;
	struct db_txn txn = { .db = db };
	int error = gate_txn_begin(db, MDB_RDONLY, &txn.mdb);
	if (error != 0)
		return err_set(o->err, RC_IO, "%s: %s", db->path, mdb_strerror(error));
	for (size_t i = 0; i < db->slot_count && txn.rc == RC_OK; i++)
		table_open(&txn, &db->slots[i], 0);
	enum rc rc = txn.rc == RC_OK ? version_read(&txn, o) : txn.rc;
	/* a reader's commit keeps the handles of the tables */
	error = mdb_txn_commit(txn.mdb);
	gate_leave(db);
	if (rc == RC_NOT_FOUND)
		rc = RC_CORRUPT;
	if (rc == RC_OK && error != 0)
		rc = RC_IO;
	return rc == RC_OK ? check_version(o) : rc;
}

enum rc schema_open(struct db *db, struct err *err)
{
	struct opening o = { .db = db, .err = err };
	if (db->schema == NULL)
		db->schema = &first_schema;
	enum rc rc = db->read_only ? open_read_only(&o) : open_writable(&o);
	if (rc == RC_CORRUPT)
		return err_set(err, rc, "%s holds no sound database of this program", db->path);
	return rc;
}
