/* Files by digest: whole or not there, for their owner alone. */
#include "../files.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testkit.h"

struct world {
	char *folder;
	struct files files;
};

static void world_init(struct world *w)
{
	struct err err = { 0 };
	w->folder = test_tmpdir_new();
	assert_int_equal(files_open(&err, w->folder, true, &w->files), RC_OK);
}

static void world_free(struct world *w)
{
	files_close(&w->files);
	test_tmpdir_remove(&w->folder);
}

static struct digest put(const struct world *w, struct str bytes)
{
	struct digest name = digest_sha256(bytes);
	struct err err = { 0 };
	assert_int_equal(files_put(&w->files, &err, &name, bytes), RC_OK);
	return name;
}

static void assert_content(const struct world *w, const struct digest *name, struct str expected)
{
	char bytes[64];
	uint64_t size;
	int fd;
	assert_int_equal(files_get(&w->files, name, &fd, &size), RC_OK);
	assert_int_equal(size, expected.len);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), expected.len);
	close(fd);
	assert_str_eq(str_n(bytes, expected.len), expected);
}

static void what_was_put_is_got(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t size;
	int fd;
	world_init(&w);
	struct digest one = put(&w, STR("one")), empty = put(&w, STR(""));
	put(&w, STR("one"));
	assert_content(&w, &one, STR("one"));
	assert_content(&w, &empty, STR(""));
	assert_int_equal(files_del(&w.files, &one), RC_OK);
	assert_int_equal(files_del(&w.files, &one), RC_OK);
	assert_int_equal(files_get(&w.files, &one, &fd, &size), RC_NOT_FOUND);
}

static void s134_files_are_their_owners_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct stat st;
	char path[256];
	world_init(&w);
	put(&w, STR("")); /* e3b0c442... */
	snprintf(path, sizeof(path), "%s/e3/b0", w.folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path),
		 "%s/e3/b0/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		 w.folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

struct found {
	unsigned count;
	uint64_t bytes;
};

static void found(void *arg, const struct digest *name UNUSED, uint64_t size, uint64_t used_ms)
{
	struct found *f = arg;
	assert_true(used_ms != 0);
	f->count++;
	f->bytes += size;
}

static void a_walk_finds_all_and_clears_what_was_never_ended(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct found f = { 0 };
	char path[256];
	world_init(&w);
	put(&w, STR(""));
	put(&w, STR("one"));
	put(&w, STR("three"));
	snprintf(path, sizeof(path), "%s/e3/b0/.0123456789abcdef", w.folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(files_walk(&w.files, found, &f), RC_OK);
	assert_int_equal(f.count, 3);
	assert_int_equal(f.bytes, 8);
	assert_int_equal(access(path, F_OK), -1);
}

struct writing {
	struct world *w;
	_Atomic unsigned failed;
	unsigned number;
};

static void *put_many(void *arg)
{
	struct writing *writing = arg;
	struct err err = { 0 };
	char text[32];
	for (unsigned i = 0; i < 300; i++) {
		int len = snprintf(text, sizeof(text), "%u of %u", i, writing->number);
		struct digest name = digest_sha256(str_n(text, (size_t)len));
		if (files_put(&writing->w->files, &err, &name, str_n(text, (size_t)len)) != RC_OK)
			writing->failed++;
	}
	return NULL;
}

static void a_walk_leaves_alone_what_is_being_written(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct found f = { 0 };
	struct writing writers[2] = { { .w = &w, .number = 0 }, { .w = &w, .number = 1 } };
	pthread_t threads[2];
	char path[256];
	world_init(&w);
	w.files.durable = false;
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, &writers[i]), 0);
	for (unsigned i = 0; i < 30; i++)
		assert_int_equal(files_walk(&w.files, found, &f), RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(writers[i].failed, 0);
	}
	f = (struct found){ 0 };
	assert_int_equal(files_walk(&w.files, found, &f), RC_OK);
	assert_int_equal(f.count, 600);
	/* one that somebody holds stays, whatever process they are */
	put(&w, STR(""));
	snprintf(path, sizeof(path), "%s/e3/b0/.0123456789abcdef", w.folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
	assert_int_equal(files_walk(&w.files, found, &f), RC_OK);
	assert_int_equal(access(path, F_OK), 0);
	close(fd);
	assert_int_equal(files_walk(&w.files, found, &f), RC_OK);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_folder_that_cannot_be_is_told(void **state UNUSED)
{
	struct files files;
	struct err err = { 0 };
	assert_int_equal(files_open(&err, "/dev/null/media", true, &files), RC_IO);
	assert_true(err.detail[0] != '\0');
	files_close(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_got),
		cmocka_unit_test(s134_files_are_their_owners_alone),
		cmocka_unit_test(a_walk_finds_all_and_clears_what_was_never_ended),
		cmocka_unit_test(a_walk_leaves_alone_what_is_being_written),
		cmocka_unit_test(a_folder_that_cannot_be_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
