/* A database for tests, and a second process for it. */
#include "dbkit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/must.h"

struct db_table kit_things = { .name = "things", .help = "text -> text" };
struct db_table kit_others = { .name = "others", .help = "text -> text" };

static struct db_table *const tables[] = { &kit_things, &kit_others };

enum rc kit_try_open(struct kit *kit, struct err *err)
{
	return db_open(err, &kit->settings, tables, ARRAY_LEN(tables), &kit->clock.clock, &kit->db);
}

void kit_open(struct kit *kit)
{
	struct err err = { 0 };
	if (kit_try_open(kit, &err) != RC_OK)
		fail_msg("%s", err_text(&err));
}

void kit_init(struct kit *kit)
{
	*kit = (struct kit){ .folder = test_tmpdir_new() };
	test_clock_init(&kit->clock, KIT_WALL_MS);
	kit->settings = (struct db_settings){
		.path = str_of(kit->folder),
		.map_bytes = 16 * MIB,
		.max_bytes = 64 * MIB,
		.batch_max = 64,
		.readers = 8,
	};
	kit_open(kit);
}

void kit_free(struct kit *kit)
{
	db_close(&kit->db);
	test_tmpdir_remove(&kit->folder);
}

void kit_reopen(struct kit *kit)
{
	db_close(&kit->db);
	kit_open(kit);
}

struct change {
	const struct db_table *table;
	struct str key;
	struct str value;
};

static enum rc job_put(struct db_txn *txn, void *arg)
{
	const struct change *change = arg;
	db_put(txn, change->table, change->key, change->value);
	return db_txn_rc(txn);
}

static enum rc job_del(struct db_txn *txn, void *arg)
{
	const struct change *change = arg;
	return db_del(txn, change->table, change->key) ? RC_OK : RC_NOT_FOUND;
}

enum rc kit_put(struct kit *kit, const struct db_table *table, struct str key, struct str value)
{
	struct change change = { table, key, value };
	return db_write(kit->db, job_put, &change);
}

enum rc kit_del(struct kit *kit, const struct db_table *table, struct str key)
{
	struct change change = { table, key, STR_NONE };
	return db_write(kit->db, job_del, &change);
}

void kit_expect(struct kit *kit, const struct db_table *table, struct str key, struct str value)
{
	struct db_txn *txn;
	struct str found;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(db_get(txn, table, key, &found), value.ptr != NULL);
	assert_str_eq(found, value);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

uint64_t kit_count(struct kit *kit, const struct db_table *table)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	uint64_t n = db_count(txn, table);
	db_read_end(&txn);
	return n;
}

pid_t kit_spawn(const char *folder, const char *what, int *out)
{
	char program[4096];
	int fds[2];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	must(len > 0 && pipe2(fds, O_CLOEXEC) == 0);
	program[len] = '\0';
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		execl(program, program, folder, what, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	*out = fds[0];
	return pid;
}

void kit_init_child(struct kit *kit, char *folder)
{
	*kit = (struct kit){ .folder = folder };
	test_clock_init(&kit->clock, KIT_WALL_MS);
	kit->settings = (struct db_settings){
		.path = str_of(folder),
		.map_bytes = MIB,
		.max_bytes = 256 * MIB,
		.batch_max = 16,
		.readers = 2,
	};
}
