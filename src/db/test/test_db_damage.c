/* Damaged rows are found, isolated and reported; never handed out, and never the end of the
 * process. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/metric.h"
#include "core/must.h"
#include "dbkit.h"

#include "../db_int.h"

#define ROWS 20
#define MARK "this-is-the-value-of-row-"

static void key_of(char room[16], unsigned i)
{
	snprintf(room, 16, "key-%02u", i);
}

static enum rc job_fill(struct db_txn *txn, void *arg UNUSED)
{
	for (unsigned i = 0; i < ROWS; i++) {
		char key[16], value[64];
		key_of(key, i);
		snprintf(value, sizeof(value), MARK "%02u-%s", i, "and-a-few-more-bytes");
		db_put(txn, &kit_things, str_of(key), str_of(value));
	}
	return db_txn_rc(txn);
}

/* The database's file, in memory. */
struct image {
	char *bytes;
	size_t size;
};

static struct image image_map(struct kit *kit)
{
	char path[512];
	struct stat st;
	snprintf(path, sizeof(path), "%s/data.mdb", kit->folder);
	int fd = open(path, O_RDWR);
	must(fd >= 0 && fstat(fd, &st) == 0);
	struct image image = { .size = (size_t)st.st_size };
	image.bytes = mmap(NULL, image.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(image.bytes != MAP_FAILED);
	close(fd);
	return image;
}

/* Every place where the value of row i stands, for pages that were copied before included. */
static unsigned flip_row(struct image *image, unsigned i, size_t offset)
{
	char mark[64];
	unsigned n = 0;
	int len = snprintf(mark, sizeof(mark), MARK "%02u", i);
	char *at = image->bytes, *end = image->bytes + image->size;
	while ((at = memmem(at, (size_t)(end - at), mark, (size_t)len)) != NULL) {
		at[offset] = (char)(at[offset] ^ 0x10);
		at += len;
		n++;
	}
	return n;
}

static void filled(struct kit *kit)
{
	kit_init(kit);
	assert_int_equal(db_write(kit->db, job_fill, NULL), RC_OK);
}

struct damage {
	unsigned count;
	char last[16];
};

static void note_damage(void *arg, const struct db_table *table, struct str key)
{
	struct damage *damage = arg;
	assert_ptr_equal(table, &kit_things);
	damage->count++;
	snprintf(damage->last, sizeof(damage->last), "%.*s", STR_ARG(key));
}

static enum rc job_get_5(struct db_txn *txn, void *arg UNUSED)
{
	struct str value;
	return db_get(txn, &kit_things, STR("key-05"), &value) ? RC_OK : RC_NOT_FOUND;
}

static void p12_a_damaged_row_is_reported_and_not_served(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txn;
	struct str value;
	struct damage damage = { 0 };
	uint64_t before = metric_get(METRIC_DB_DAMAGED);
	filled(&kit);
	assert_int_equal(db_verify(kit.db, note_damage, &damage), RC_OK);
	struct image image = image_map(&kit);
	assert_true(flip_row(&image, 5, 40) != 0);
	munmap(image.bytes, image.size);
	kit_reopen(&kit);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	assert_true(db_get(txn, &kit_things, STR("key-04"), &value));
	assert_false(db_get(txn, &kit_things, STR("key-05"), &value));
	assert_null(value.ptr);
	assert_int_equal(db_txn_rc(txn), RC_CORRUPT);
	db_read_end(&txn);
	assert_int_equal(db_write(kit.db, job_get_5, NULL), RC_CORRUPT);
	assert_int_equal(metric_get(METRIC_DB_DAMAGED), before + 2);
	assert_int_equal(db_verify(kit.db, note_damage, &damage), RC_CORRUPT);
	assert_int_equal(damage.count, 1);
	assert_string_equal(damage.last, "key-05");
	/* it can be replaced */
	assert_int_equal(kit_put(&kit, &kit_things, STR("key-05"), STR("sound")), RC_OK);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
}

static void p12_a_walk_goes_on_behind_a_damaged_row(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct db_txn *txn;
	struct str key, value;
	unsigned n = 0;
	filled(&kit);
	struct image image = image_map(&kit);
	assert_true(flip_row(&image, 0, 30) != 0);
	assert_true(flip_row(&image, 7, 45) != 0);
	munmap(image.bytes, image.size);
	kit_reopen(&kit);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	struct db_iter it;
	db_iter_open(&it, txn, &kit_things, STR("key-"), DB_FORWARD, STR_NONE);
	for (; db_iter_next(&it, &key, &value); n++)
		assert_false(str_eq(key, STR("key-00")) || str_eq(key, STR("key-07")));
	db_iter_close(&it);
	assert_int_equal(n, ROWS - 2);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
}

/* The seal covers every byte of the value and of itself. */
static void s120_a_flip_of_any_byte_of_a_value_is_seen(void **state UNUSED)
{
	static const size_t size = sizeof(MARK "00-and-a-few-more-bytes") - 1 + DB_CRC_SIZE;
	struct kit kit CLEANUP(kit_free);
	filled(&kit);
	struct image image = image_map(&kit);
	char *row = memmem(image.bytes, image.size, MARK "03", sizeof(MARK "03") - 1);
	assert_non_null(row);
	for (size_t i = 0; i < size; i++) {
		row[i] = (char)(row[i] ^ 0x10);
		assert_int_equal(db_verify(kit.db, NULL, NULL), RC_CORRUPT);
		row[i] = (char)(row[i] ^ 0x10);
	}
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
	munmap(image.bytes, image.size);
}

static void s120_the_seal_covers_table_and_key(void **state UNUSED)
{
	struct db_slot a = { .seed = crc32c(0, "a", 1) }, b = { .seed = crc32c(0, "b", 1) };
	uint32_t seal = row_crc(&a, STR("key"), STR("value"));
	assert_int_not_equal(seal, row_crc(&b, STR("key"), STR("value")));
	assert_int_not_equal(seal, row_crc(&a, STR("kez"), STR("value")));
	assert_int_not_equal(seal, row_crc(&a, STR("keyv"), STR("alue")));
	assert_int_not_equal(seal, row_crc(&a, STR("ke"), STR("yvalue")));
	assert_int_equal(seal, row_crc(&a, STR("key"), STR("value")));
}

static void the_checksum_is_crc_32c(void **state UNUSED)
{
	/* RFC 3720 appendix B.4 */
	char bytes[32] = { 0 };
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(crc32c(0, bytes, sizeof(bytes)), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, sizeof(bytes)), 0x62a8ab43);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	assert_int_equal(crc32c(0, bytes, sizeof(bytes)), 0x46dd794e);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		assert_int_equal(crc32c(crc32c(0, bytes, n), bytes + n, sizeof(bytes) - n),
				 0x46dd794e);
		assert_int_equal(crc32c_by_table(0, bytes, n), crc32c(0, bytes, n));
	}
}

static void what_is_no_database_is_refused(void **state UNUSED)
{
	static const size_t lengths[] = { 1, 100, 4096, 8192, 20000 };
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct kit kit CLEANUP(kit_free);
		struct err err = { 0 };
		char path[512], *junk = malloc(lengths[i]);
		kit_init(&kit);
		db_close(&kit.db);
		snprintf(path, sizeof(path), "%s/data.mdb", kit.folder);
		must(junk != NULL);
		memset(junk, 'x', lengths[i]);
		int fd = open(path, O_WRONLY | O_TRUNC);
		must(write(fd, junk, lengths[i]) == (ssize_t)lengths[i]);
		close(fd);
		free(junk);
		assert_int_equal(kit_try_open(&kit, &err), RC_CORRUPT);
		assert_int_not_equal(err.detail[0], '\0');
		assert_null(kit.db);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p12_a_damaged_row_is_reported_and_not_served),
		cmocka_unit_test(p12_a_walk_goes_on_behind_a_damaged_row),
		cmocka_unit_test(s120_a_flip_of_any_byte_of_a_value_is_seen),
		cmocka_unit_test(s120_the_seal_covers_table_and_key),
		cmocka_unit_test(the_checksum_is_crc_32c),
		cmocka_unit_test(what_is_no_database_is_refused),
	};
	return cmocka_run_group_tests_name("db_damage", tests, NULL, NULL);
}
