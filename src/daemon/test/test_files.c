/* Files that are there as a whole or not at all. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "files.h"
#include "testkit.h"

struct place {
	char *folder;
	struct ctx ctx;
	char path[512], other[512], left[520];
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	must(p != NULL);
	p->folder = test_tmpdir_new();
	p->ctx.arena = arena_new((size_t)1 << 20);
	snprintf(p->path, sizeof(p->path), "%s/key", p->folder);
	snprintf(p->other, sizeof(p->other), "%s/copy", p->folder);
	snprintf(p->left, sizeof(p->left), "%s.new", p->path);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;
	test_tmpdir_remove(&p->folder);
	arena_free(&p->ctx.arena);
	free(p);
	return 0;
}

static void expect(const char *path, const char *text)
{
	char room[64] = { 0 };
	struct stat st;
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_true(read(fd, room, sizeof(room) - 1) >= 0);
	assert_string_equal(room, text);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	close(fd);
}

static void s134_a_new_file_is_its_owners_alone(void **state)
{
	struct place *p = *state;
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("bytes")), RC_OK);
	expect(p->path, "bytes");
	assert_int_not_equal(access(p->left, F_OK), 0);
	assert_int_equal(file_copy_new(&p->ctx, p->path, p->other), RC_OK);
	expect(p->other, "bytes");
}

static void a_file_that_is_there_stays(void **state)
{
	struct place *p = *state;
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("first")), RC_OK);
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("second")), RC_EXISTS);
	expect(p->path, "first");
}

static void what_a_killed_process_left_is_no_hindrance(void **state)
{
	struct place *p = *state;
	int fd = open(p->left, O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "ha", 2), 2);
	close(fd);
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("whole")), RC_OK);
	expect(p->path, "whole");
	assert_int_not_equal(access(p->left, F_OK), 0);
}

static void the_same_file_may_be_there_but_no_other(void **state)
{
	struct place *p = *state;
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("key")), RC_OK);
	assert_int_equal(file_copy_new_or_same(&p->ctx, p->path, p->other), RC_OK);
	assert_int_equal(file_copy_new_or_same(&p->ctx, p->path, p->other), RC_OK);
	assert_int_equal(unlink(p->other), 0);
	assert_int_equal(file_write_new(&p->ctx, p->other, STR("yek")), RC_OK);
	assert_int_equal(file_copy_new_or_same(&p->ctx, p->path, p->other), RC_EXISTS);
	expect(p->other, "yek");
}

static void a_file_is_read_as_a_whole_or_not(void **state)
{
	struct place *p = *state;
	struct buf text CLEANUP(buf_free) = BUF_INIT(8), small CLEANUP(buf_free) = BUF_INIT(2);
	assert_int_equal(file_write_new(&p->ctx, p->path, STR("key")), RC_OK);
	assert_int_equal(file_read(&p->ctx, p->path, &text), RC_OK);
	assert_str_eq(buf_str(&text), STR("key"));
	assert_int_equal(file_read(&p->ctx, p->path, &small), RC_TOO_LARGE);
	assert_int_equal(file_read(&p->ctx, p->other, &text), RC_NOT_FOUND);
	assert_int_equal(file_read(&p->ctx, p->folder, &text), RC_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(s134_a_new_file_is_its_owners_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_there_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_killed_process_left_is_no_hindrance, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_same_file_may_be_there_but_no_other, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_file_is_read_as_a_whole_or_not, setup, teardown),
	};
	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
