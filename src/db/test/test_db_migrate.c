/* Schema versions: brought up step by step with a copy of the old state, all or nothing, never
 * back. */
#include "db/migrate.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"
#include "dbkit.h"

/* From 1: every value becomes upper case. */
static enum rc to_upper_case(struct db_txn *txn)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	db_iter_open(&it, txn, &kit_things, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value)) {
		char room[16];
		must(value.len <= sizeof(room));
		for (size_t i = 0; i < value.len; i++)
			room[i] = (char)(value.ptr[i] & ~0x20);
		db_put(txn, &kit_things, key, str_n(room, value.len));
	}
	return db_txn_rc(txn);
}

/* From 2: what was in one table is in the other as well. */
static enum rc to_both_tables(struct db_txn *txn)
{
	struct str value;
	if (db_get(txn, &kit_things, STR("k"), &value))
		db_put(txn, &kit_others, STR("k"), value);
	return db_txn_rc(txn);
}

static enum rc to_nowhere(struct db_txn *txn)
{
	to_both_tables(txn);
	return RC_CONFLICT;
}

static const struct db_migration good[] = {
	{ 2, "copy to the other table", to_both_tables },
	{ 1, "upper case", to_upper_case },
};
static const struct db_migration bad[] = {
	{ 1, "upper case", to_upper_case },
	{ 2, "fail", to_nowhere },
};
static const struct db_migration gap[] = { { 2, "copy to the other table", to_both_tables } };

static const struct db_schema to_three = { 3, good, ARRAY_LEN(good) };
static const struct db_schema to_three_badly = { 3, bad, ARRAY_LEN(bad) };
static const struct db_schema to_three_with_a_gap = { 3, gap, ARRAY_LEN(gap) };

static void old_open(struct kit *kit)
{
	kit_init(kit);
	assert_int_equal(kit_put(kit, &kit_things, STR("k"), STR("value")), RC_OK);
	db_close(&kit->db);
}

/* The name of the copy that was made before; NULL when there is none. */
static char *copy_find(const struct kit *kit)
{
	char *path = NULL;
	DIR *dir = opendir(kit->folder);
	must(dir != NULL);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		if (strncmp(entry->d_name, "before-schema-", 14) == 0)
			must(path == NULL &&
			     asprintf(&path, "%s/%s", kit->folder, entry->d_name) > 0);
	closedir(dir);
	return path;
}

static void p16_an_older_schema_is_brought_up_with_a_copy_beside_it(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	old_open(&kit);
	kit.settings.schema = &to_three;
	kit_open(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("VALUE"));
	kit_expect(&kit, &kit_others, STR("k"), STR("VALUE"));
	db_close(&kit.db);

	struct kit copy = kit;
	char *folder = copy_find(&kit);
	assert_non_null(folder);
	copy.settings.path = str_of(folder);
	copy.settings.schema = NULL;
	kit_open(&copy);
	kit_expect(&copy, &kit_things, STR("k"), STR("value"));
	db_close(&copy.db);
	free(folder);
}

static void a_migration_runs_once(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	old_open(&kit);
	kit.settings.schema = &to_three;
	kit_open(&kit);
	assert_int_equal(kit_put(&kit, &kit_things, STR("k"), STR("new")), RC_OK);
	/* a second copy would have the same name and fail */
	kit_reopen(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("new"));
	kit_expect(&kit, &kit_others, STR("k"), STR("VALUE"));
}

static void a_new_database_has_our_schema_and_needs_no_migration(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	old_open(&kit);
	test_tmpdir_remove(&kit.folder);
	kit.folder = test_tmpdir_new();
	kit.settings.path = str_of(kit.folder);
	kit.settings.schema = &to_three_badly;
	kit_open(&kit);
	kit_reopen(&kit);
	assert_null(copy_find(&kit));
}

static void a_failed_migration_leaves_everything_as_it_was(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	old_open(&kit);
	kit.settings.schema = &to_three_badly;
	assert_int_equal(kit_try_open(&kit, &err), RC_CONFLICT);
	kit.settings.schema = NULL;
	kit_open(&kit);
	kit_expect(&kit, &kit_things, STR("k"), STR("value"));
	kit_expect(&kit, &kit_others, STR("k"), STR_NONE);
}

static void a_gap_between_versions_is_told(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	old_open(&kit);
	kit.settings.schema = &to_three_with_a_gap;
	assert_int_equal(kit_try_open(&kit, &err), RC_UNSUPPORTED);
	assert_non_null(strstr(err.detail, "from schema 1 to 2"));
}

static void a_newer_schema_is_refused(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	old_open(&kit);
	kit.settings.schema = &to_three;
	kit_reopen(&kit);
	db_close(&kit.db);
	kit.settings.schema = NULL;
	assert_int_equal(kit_try_open(&kit, &err), RC_UNSUPPORTED);
	assert_non_null(strstr(err.detail, "schema 3"));
	kit.settings.read_only = true;
	assert_int_equal(kit_try_open(&kit, &err), RC_UNSUPPORTED);
}

static void a_tool_does_not_migrate(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	old_open(&kit);
	kit.settings.schema = &to_three;
	kit.settings.read_only = true;
	assert_int_equal(kit_try_open(&kit, &err), RC_UNSUPPORTED);
	assert_non_null(strstr(err.detail, "start the server"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p16_an_older_schema_is_brought_up_with_a_copy_beside_it),
		cmocka_unit_test(a_migration_runs_once),
		cmocka_unit_test(a_new_database_has_our_schema_and_needs_no_migration),
		cmocka_unit_test(a_failed_migration_leaves_everything_as_it_was),
		cmocka_unit_test(a_gap_between_versions_is_told),
		cmocka_unit_test(a_newer_schema_is_refused),
		cmocka_unit_test(a_tool_does_not_migrate),
	};
	return cmocka_run_group_tests_name("db_migrate", tests, NULL, NULL);
}
