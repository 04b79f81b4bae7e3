/* The structure of pages: what is sound is taken for sound, what is damaged is refused before LMDB follows it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "dbkit.h"

#include "../db_int.h"

#define ROWS 400
#define LARGE ((size_t)20000)
#define STEP 61 /* of the bytes that are flipped: it meets every offset of a page in time */

struct batch {
	unsigned first, count;
	bool remove;
};

/* Small rows, some that need pages of their own, and later gaps between them. */
static enum rc job_batch(struct db_txn *txn, void *arg)
{
	const struct batch *b = arg;
	static char value[LARGE];
	for (unsigned i = b->first; i < b->first + b->count; i++) {
		char key[32];
		const struct db_table *table = i % 3 == 0 ? &kit_others : &kit_things;
		snprintf(key, sizeof(key), "key-%05u", i * 7919 % 10007);
		memset(value, 'a' + (int)(i % 26), sizeof(value));
		if (b->remove)
			db_del(txn, table, str_of(key));
		else
			db_put(txn, table, str_of(key),
			       str_n(value, i % 40 == 0 ? LARGE : 20 + i % 300));
	}
	return db_txn_rc(txn);
}

static void change(struct kit *kit, unsigned first, unsigned count, bool remove)
{
	struct batch batch = { first, count, remove };
	assert_int_equal(db_write(kit->db, job_batch, &batch), RC_OK);
}

static void fill(struct kit *kit)
{
	kit_init(kit);
	change(kit, 0, ROWS, false);
	change(kit, 50, 60, true);
	change(kit, ROWS, 20, false);
}

static enum rc look(struct kit *kit)
{
	struct err err = { 0 };
	return pages_check(kit->db, &err, PAGES_ALL);
}

static void what_is_sound_is_taken_for_sound(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	kit_init(&kit);
	assert_int_equal(look(&kit), RC_OK);
	for (unsigned i = 0; i < 60; i++) {
		change(&kit, i * 31, 40 + i, false);
		assert_int_equal(look(&kit), RC_OK);
		change(&kit, i * 17, 30, true);
		assert_int_equal(look(&kit), RC_OK);
		assert_int_equal(pages_check(kit.db, &err, PAGES_BRANCHES), RC_OK);
	}
	change(&kit, 0, 3000, true);
	assert_int_equal(look(&kit), RC_OK);
	kit_reopen(&kit);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
}

static void a_copy_is_sound(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct err err = { 0 };
	char copy[512];
	fill(&kit);
	snprintf(copy, sizeof(copy), "%s/copy", kit.folder);
	assert_int_equal(mkdir(copy, 0700), 0);
	assert_int_equal(db_backup(kit.db, &err, copy), RC_OK);
	db_close(&kit.db);
	kit.settings.path = str_of(copy);
	kit_open(&kit);
	assert_int_equal(look(&kit), RC_OK);
	change(&kit, 10, 100, false);
	assert_int_equal(look(&kit), RC_OK);
}

/* --- damage --- */

static int file_open(struct kit *kit, size_t *size)
{
	char path[512];
	struct stat st;
	snprintf(path, sizeof(path), "%s/data.mdb", kit->folder);
	int fd = open(path, O_RDWR);
	must(fd >= 0 && fstat(fd, &st) == 0);
	*size = (size_t)st.st_size;
	return fd;
}

static void flip(int fd, size_t offset, unsigned char mask)
{
	unsigned char byte;
	must(pread(fd, &byte, 1, (off_t)offset) == 1);
	byte ^= mask;
	must(pwrite(fd, &byte, 1, (off_t)offset) == 1);
}

/* Reads everything there is; the process must live. */
static bool read_all(struct kit *kit)
{
	struct db_iter it;
	struct db_txn *txn;
	struct str key, value;
	must(db_read_begin(kit->db, &txn) == RC_OK);
	db_iter_open(&it, txn, &kit_things, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, &value))
		assert_true(key.len + value.len != 0);
	db_iter_close(&it);
	bool sound = db_txn_rc(txn) == RC_OK;
	db_read_end(&txn);
	return sound;
}

static void s120_no_flipped_byte_brings_the_process_down(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	size_t size, refused = 0, reported = 0;
	fill(&kit);
	db_close(&kit.db);
	int fd = file_open(&kit, &size);
	for (size_t at = 0; at < size; at += STEP) {
		struct err err = { 0 };
		unsigned char mask = (unsigned char)(1U << at % 8);
		flip(fd, at, mask);
		if (kit_try_open(&kit, &err) != RC_OK) {
			assert_int_not_equal(err.detail[0], '\0');
			refused++;
		} else if (db_verify(kit.db, NULL, NULL) != RC_OK) {
			read_all(&kit);
			reported++;
		} else {
			assert_true(read_all(&kit));
		}
		db_close(&kit.db);
		flip(fd, at, mask);
	}
	close(fd);
	assert_true(refused > 50);
	assert_true(reported > 50);
	kit_open(&kit);
	assert_int_equal(db_verify(kit.db, NULL, NULL), RC_OK);
}

/* The head of the last commit: whatever is flipped in it would bring an older state back, or none. */
static void s120_a_damaged_head_never_brings_an_old_state_back(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	size_t size;
	fill(&kit);
	db_close(&kit.db);
	int fd = file_open(&kit, &size);
	/* the commit's number, the last eight bytes of the head's 136 behind the page's 16 */
	for (unsigned head = 0; head < 2; head++) {
		for (size_t i = 0; i < 8; i++) {
			struct err err = { 0 };
			size_t at = head * 4096 + 16 + 128 + i;
			flip(fd, at, 1);
			assert_int_equal(kit_try_open(&kit, &err), RC_CORRUPT);
			flip(fd, at, 1);
		}
	}
	close(fd);
	kit_open(&kit);
}

static void a_file_that_was_cut_is_refused(void **state UNUSED)
{
	static const size_t keep[] = { 4096, 8192, 12288, 40960, 100000 };
	struct kit kit CLEANUP(kit_free);
	size_t size;
	fill(&kit);
	db_close(&kit.db);
	int fd = file_open(&kit, &size);
	for (size_t i = ARRAY_LEN(keep); i > 0; i--) {
		struct err err = { 0 };
		assert_true(keep[i - 1] < size);
		assert_int_equal(ftruncate(fd, (off_t)keep[i - 1]), 0);
		assert_int_equal(kit_try_open(&kit, &err), RC_CORRUPT);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sound_is_taken_for_sound),
		cmocka_unit_test(a_copy_is_sound),
		cmocka_unit_test(s120_no_flipped_byte_brings_the_process_down),
		cmocka_unit_test(s120_a_damaged_head_never_brings_an_old_state_back),
		cmocka_unit_test(a_file_that_was_cut_is_refused),
	};
	return cmocka_run_group_tests_name("db_pages", tests, NULL, NULL);
}
