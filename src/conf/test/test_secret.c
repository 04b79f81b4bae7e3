/* Secrets in files: one line, of the owner alone. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "testkit.h"

struct world {
	char *folder;
	char path[512];
	struct err err;
	struct buf out;
};

static void world_init(struct world *w)
{
	w->folder = test_tmpdir_new();
	w->err = (struct err){ .rc = RC_OK };
	buf_init(&w->out, CONF_SECRET_MAX);
	snprintf(w->path, sizeof(w->path), "%s/secret", w->folder);
}

static void world_free(struct world *w)
{
	buf_free(&w->out);
	test_tmpdir_remove(&w->folder);
}

static void write_file(const struct world *w, struct str bytes, mode_t mode)
{
	int fd = open(w->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static enum rc read_it(struct world *w)
{
	w->err = (struct err){ .rc = RC_OK };
	return conf_read_secret(&w->err, "key_file", str_of(w->path), &w->out);
}

static void one_line_is_read_without_its_end(void **state UNUSED)
{
	static const struct str files[] = { STR_INIT("a secret"), STR_INIT("a secret\n"),
					    STR_INIT("a secret\r\n") };
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		write_file(&w, files[i], 0600);
		assert_int_equal(read_it(&w), RC_OK);
		assert_str_eq(buf_str(&w.out), STR("a secret"));
	}
	write_file(&w, STR(" blanks are kept "), 0400);
	assert_int_equal(read_it(&w), RC_OK);
	assert_str_eq(buf_str(&w.out), STR(" blanks are kept "));
}

static void what_is_no_line_is_refused(void **state UNUSED)
{
	static const struct str files[] = { STR_INIT(""), STR_INIT("\n"), STR_INIT("a\nb"),
					    STR_INIT("a\n\n"), STR_INIT("a\0b") };
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		write_file(&w, files[i], 0600);
		assert_int_equal(read_it(&w), RC_INVALID);
		assert_int_equal(w.out.len, 0);
		assert_non_null(strstr(w.err.detail, "key_file"));
		assert_non_null(strstr(w.err.detail, w.path));
	}
}

static void s134_others_may_not_read_it(void **state UNUSED)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0610, 0602 };
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		write_file(&w, STR("a secret"), modes[i]);
		assert_int_equal(read_it(&w), RC_DENIED);
		assert_non_null(strstr(w.err.detail, "chmod 600"));
	}
}

static void its_size_is_bounded(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char bytes[CONF_SECRET_MAX + 1];
	world_init(&w);
	memset(bytes, 'x', sizeof(bytes));
	write_file(&w, str_n(bytes, CONF_SECRET_MAX), 0600);
	assert_int_equal(read_it(&w), RC_OK);
	assert_int_equal(w.out.len, CONF_SECRET_MAX);
	write_file(&w, str_n(bytes, CONF_SECRET_MAX + 1), 0600);
	assert_int_equal(read_it(&w), RC_TOO_LARGE);
	struct buf few CLEANUP(buf_free) = BUF_INIT(4);
	write_file(&w, STR("12345"), 0600);
	assert_int_equal(conf_read_secret(&w.err, "key_file", str_of(w.path), &few), RC_TOO_LARGE);
}

static void only_a_file_will_do(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(read_it(&w), RC_NOT_FOUND);
	assert_int_equal(mkfifo(w.path, 0600), 0);
	assert_int_equal(read_it(&w), RC_INVALID);
	assert_int_equal(conf_read_secret(&w.err, "key_file", str_of(w.folder), &w.out),
			 RC_INVALID);
	assert_int_equal(conf_read_secret(&w.err, "key_file", STR(""), &w.out), RC_INVALID);
}

static void bytes_are_taken_as_they_are(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	write_file(&w, STR("\0\n\xff\n"), 0600);
	assert_int_equal(conf_read_secret_bytes(&w.err, "key", str_of(w.path), &w.out), RC_OK);
	assert_str_eq(buf_str(&w.out), STR("\0\n\xff\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_is_read_without_its_end),
		cmocka_unit_test(what_is_no_line_is_refused),
		cmocka_unit_test(s134_others_may_not_read_it),
		cmocka_unit_test(its_size_is_bounded),
		cmocka_unit_test(only_a_file_will_do),
		cmocka_unit_test(bytes_are_taken_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
