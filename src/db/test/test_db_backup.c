/* Copies made while the node runs, tools beside it, and the figures. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "dbkit.h"

#include "../db_int.h"

/* Writes the same number under two keys, so that a torn copy would show. */
static enum rc job_pair(struct db_txn *txn, void *arg)
{
	unsigned n = *(const unsigned *)arg;
	char room[16];
	struct str s = str_n(room, (size_t)snprintf(room, sizeof(room), "%u", n));
	db_put(txn, &kit_things, STR("pair"), s);
	db_put(txn, &kit_others, STR("pair"), s);
	db_append(txn, &kit_others, s, s);
	return db_txn_rc(txn);
}

struct writing {
	struct kit *kit;
	_Atomic bool stop;
	unsigned n;
};

static void *write_on_and_on(void *arg)
{
	struct writing *w = arg;
	for (; !w->stop; w->n++)
		must(db_write(w->kit->db, job_pair, &w->n) == RC_OK);
	return NULL;
}

static char *folder_below(struct kit *kit, const char *name)
{
	char *path = NULL;
	must(asprintf(&path, "%s/%s", kit->folder, name) > 0);
	must(mkdir(path, 0700) == 0);
	return path;
}

/* The same settings for another folder; the clock stays kit's. */
static struct kit copy_of(const struct kit *kit, char *folder)
{
	struct kit copy = { .folder = folder, .clock = kit->clock, .settings = kit->settings };
	copy.settings.path = str_of(folder);
	return copy;
}

static void expect_whole(struct kit *copy)
{
	struct db_txn *txn;
	struct str a, b;
	assert_int_equal(db_verify(copy->db, NULL, NULL), RC_OK);
	assert_int_equal(db_read_begin(copy->db, &txn), RC_OK);
	assert_true(db_get(txn, &kit_things, STR("pair"), &a));
	assert_true(db_get(txn, &kit_others, STR("pair"), &b));
	assert_str_eq(a, b);
	db_read_end(&txn);
}

static void s121_a_copy_under_load_is_one_point_in_time(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct writing writing = { .kit = &kit };
	struct err err = { 0 };
	pthread_t thread;
	kit_init(&kit);
	assert_int_equal(db_write(kit.db, job_pair, &writing.n), RC_OK);
	assert_int_equal(pthread_create(&thread, NULL, write_on_and_on, &writing), 0);
	for (int round = 0; round < 3; round++) {
		char name[16];
		snprintf(name, sizeof(name), "copy-%d", round);
		char *folder = folder_below(&kit, name);
		assert_int_equal(db_backup(kit.db, &err, folder), RC_OK);
		struct kit copy = copy_of(&kit, folder);
		kit_open(&copy);
		expect_whole(&copy);
		db_close(&copy.db);
		free(folder);
	}
	writing.stop = true;
	pthread_join(thread, NULL);
}

static void s121_a_copy_is_closed_to_others(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	char path[512];
	struct stat st;
	mode_t mask = umask(0);
	kit_init(&kit);
	char *folder = folder_below(&kit, "copy");
	assert_int_equal(db_backup(kit.db, &err, folder), RC_OK);
	umask(mask);
	snprintf(path, sizeof(path), "%s/data.mdb", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(folder);
}

static void a_copy_never_overwrites(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	kit_init(&kit);
	assert_int_equal(db_backup(kit.db, &err, kit.folder), RC_EXISTS);
	assert_non_null(strstr(err.detail, "not empty"));
	err = (struct err){ 0 };
	assert_int_equal(db_backup(kit.db, &err, "/nonexistent/folder"), RC_IO);
}

/* --- beside a running node --- */

static void a_tool_reads_what_the_node_writes(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	kit_init(&kit);
	assert_int_equal(kit_put(&kit, &kit_things, STR("k"), STR("v")), RC_OK);
	db_close(&kit.db);
	kit.settings.read_only = true;
	kit_open(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("v"));
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
	char *folder = folder_below(&kit, "copy");
	assert_int_equal(db_backup(kit.db, &err, folder), RC_OK);
	free(folder);
}

static void reading_only_does_not_create(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	kit_init(&kit);
	db_close(&kit.db);
	char *folder = folder_below(&kit, "empty");
	struct kit empty = copy_of(&kit, folder);
	empty.settings.read_only = true;
	assert_int_equal(kit_try_open(&empty, &err), RC_IO);
	assert_null(empty.db);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
}

static void s118_network_file_systems_are_refused(void **state UNUSED)
{
	struct err err = { 0 };
	assert_true(fs_is_remote(0x6969));
	assert_true(fs_is_remote(0xff534d42));
	assert_true(fs_is_remote(0xffffffffff534d42));
	assert_false(fs_is_remote(0xef53));
	assert_false(fs_is_remote(0x01021994));
	assert_int_equal(fs_check(&err, "/nonexistent"), RC_IO);
}

static void the_figures_are_told(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_stat before, after;
	unsigned n = 7;
	kit_init(&kit);
	assert_int_equal(db_stat(kit.db, &before), RC_OK);
	assert_int_equal(before.rows, 0);
	assert_int_equal(db_write(kit.db, job_pair, &n), RC_OK);
	assert_int_equal(db_stat(kit.db, &after), RC_OK);
	assert_int_equal(after.rows, 3);
	assert_true(after.last_commit > before.last_commit);
	assert_true(after.used_bytes != 0 && after.used_bytes < after.map_bytes);
	assert_int_equal(after.map_bytes, 16 * MIB);
	assert_int_equal(after.max_bytes, 64 * MIB);
	assert_false(after.full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s121_a_copy_under_load_is_one_point_in_time),
		cmocka_unit_test(s121_a_copy_is_closed_to_others),
		cmocka_unit_test(a_copy_never_overwrites),
		cmocka_unit_test(a_tool_reads_what_the_node_writes),
		cmocka_unit_test(reading_only_does_not_create),
		cmocka_unit_test(s118_network_file_systems_are_refused),
		cmocka_unit_test(the_figures_are_told),
	};
	return cmocka_run_group_tests_name("db_backup", tests, NULL, NULL);
}
