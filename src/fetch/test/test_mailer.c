/* The mailers: a mail server on loopback that plays by a script, and a folder. */
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fetch/mail.h"
#include "loopback.h"
#include "testkit.h"

#define MESSAGE STR("Subject: x\r\n\r\n.dot\r\nend\r\n")

/* --- a mail server: one connection at a time, on a thread --- */

static struct server {
	int listener;
	unsigned port;
	pthread_t thread;
	const char *rcpt_answer; /* to RCPT TO */
	bool silent;
	struct buf heard; /* everything that was said to it */
} server;

static bool read_line(int fd, struct buf *line)
{
	char c;
	buf_reset(line);
	while (recv(fd, &c, 1, 0) == 1) {
		buf_add_chr(line, c);
		if (c == '\n')
			return true;
	}
	return false;
}

static void hear_data(int fd, struct buf *line)
{
	loopback_write(fd, STR("354 go\r\n"));
	while (read_line(fd, line) && !str_eq(buf_str(line), STR(".\r\n")))
		buf_add(&server.heard, buf_str(line));
	loopback_write(fd, STR("250 taken\r\n"));
}

static void talk(int fd)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(65536);
	loopback_write(fd, STR("220 test\r\n"));
	while (read_line(fd, &line)) {
		struct str said = buf_str(&line);
		buf_add(&server.heard, said);
		if (str_has_prefix(said, STR("EHLO")))
			loopback_write(fd, STR("250-test\r\n250 AUTH PLAIN\r\n"));
		else if (str_has_prefix(said, STR("AUTH")))
			loopback_write(fd, STR("334 \r\n"));
		else if (str_has_prefix(said, STR("AG5v")))
			loopback_write(fd, STR("235 welcome\r\n"));
		else if (str_has_prefix(said, STR("RCPT")))
			loopback_write(fd, str_of(server.rcpt_answer));
		else if (str_has_prefix(said, STR("DATA")))
			hear_data(fd, &line);
		else
			loopback_write(fd, STR("250 fine\r\n"));
	}
}

static void *serve(void *arg UNUSED)
{
	for (int fd; (fd = accept(server.listener, NULL, NULL)) >= 0;) {
		char c;
		if (server.silent)
			(void)!recv(fd, &c, 1, 0);
		else
			talk(fd);
		close(fd);
	}
	return NULL;
}

static int setup(void **state UNUSED)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	server.heard = (struct buf)BUF_INIT(1 << 20);
	server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server.listener, (struct sockaddr *)(void *)&at, sizeof(at)), 0);
	assert_int_equal(listen(server.listener, 8), 0);
	assert_int_equal(getsockname(server.listener, (struct sockaddr *)(void *)&at, &size), 0);
	server.port = ntohs(at.sin_port);
	return pthread_create(&server.thread, NULL, serve, NULL);
}

static int teardown(void **state UNUSED)
{
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.listener);
	buf_free(&server.heard);
	return 0;
}

static struct mail_settings settings(void)
{
	buf_reset(&server.heard);
	server.rcpt_answer = "250 fine\r\n";
	server.silent = false;
	return (struct mail_settings){ .transport = MAIL_SMTP,
				       .host = STR("127.0.0.1"),
				       .port = server.port,
				       .security = MAIL_NONE,
				       .from = STR("noreply@example.org"),
				       .timeout_ms = 20000 };
}

/* --- outcomes --- */

struct outcome {
	sem_t told;
	enum rc rc;
	unsigned code;
	char reason[200];
};

static void on_done(void *arg, const struct mail_result *result)
{
	struct outcome *o = arg;
	o->rc = result->rc;
	o->code = result->code;
	snprintf(o->reason, sizeof(o->reason), "%.*s", STR_ARG(result->reason));
	sem_post(&o->told);
}

static enum rc send_to(struct mailer *mailer, struct outcome *o)
{
	sem_init(&o->told, 0, 0);
	mailer->ops->submit(mailer, STR("alice@example.net"), MESSAGE, on_done, o);
	while (sem_wait(&o->told) != 0)
		;
	return o->rc;
}

static struct mailer *mailer_of(const struct mail_settings *s, const struct clock *clock)
{
	struct err err = { .rc = RC_OK };
	struct mailer *mailer;
	if (mailer_new(&err, s, clock, &mailer) != RC_OK)
		fail_msg("%s", err_text(&err));
	return mailer;
}

/* --- tests --- */

static void a_server_gets_the_message(void **state UNUSED)
{
	struct mail_settings s = settings();
	struct mailer *mailer = mailer_of(&s, clock_system());
	struct outcome o;
	assert_int_equal(send_to(mailer, &o), RC_OK);
	/* over the same connection */
	assert_int_equal(send_to(mailer, &o), RC_OK);
	mailer_free(&mailer);
	struct str heard = buf_str(&server.heard);
	assert_true(str_has_prefix(heard, STR("EHLO example.org\r\n")));
	assert_true(str_contains(heard, STR("MAIL FROM:<noreply@example.org>")));
	assert_true(str_contains(heard, STR("RCPT TO:<alice@example.net>\r\n")));
	/* RFC 5321 section 4.5.2 */
	assert_true(str_contains(heard, STR("\r\n\r\n..dot\r\nend\r\n")));
	struct str second = str_skip(heard, 5);
	assert_false(str_contains(second, STR("EHLO")));
}

static void a_password_is_read_from_its_file_and_told_to_the_server_alone(void **state UNUSED)
{
	struct mail_settings s = settings();
	char *folder = test_tmpdir_new(), path[4096];
	struct outcome o;
	struct err err = { .rc = RC_OK };
	struct mailer *mailer;
	snprintf(path, sizeof(path), "%s/password", folder);
	s.user = STR("node");
	s.password_file = str_of(path);
	assert_int_equal(mailer_new(&err, &s, clock_system(), &mailer), RC_NOT_FOUND);
	FILE *file = fopen(path, "we");
	fputs("secret\n", file);
	fclose(file);
	/* S-134 */
	assert_int_equal(chmod(path, 0640), 0);
	err = (struct err){ .rc = RC_OK };
	assert_int_equal(mailer_new(&err, &s, clock_system(), &mailer), RC_DENIED);
	assert_int_equal(chmod(path, 0600), 0);
	mailer = mailer_of(&s, clock_system());
	assert_int_equal(send_to(mailer, &o), RC_OK);
	mailer_free(&mailer);
	/* "\0node\0secret" (RFC 4616) */
	assert_true(str_contains(buf_str(&server.heard), STR("AG5vZGUAc2VjcmV0")));
	test_tmpdir_remove(&folder);
}

static void refusals_are_told_apart(void **state UNUSED)
{
	static const struct {
		const char *answer;
		enum rc rc;
		unsigned code;
	} rows[] = {
		{ "550 no such person\r\n", RC_DENIED, 550 },
		{ "451 later\r\n", RC_UNREACHABLE, 451 },
		{ "530 sign in first\r\n", RC_UNREACHABLE, 530 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mail_settings s = settings();
		struct outcome o;
		server.rcpt_answer = rows[i].answer;
		struct mailer *mailer = mailer_of(&s, clock_system());
		assert_int_equal(send_to(mailer, &o), rows[i].rc);
		assert_int_equal(o.code, rows[i].code);
		assert_true(o.reason[0] != '\0');
		mailer_free(&mailer);
	}
}

static void without_starttls_nothing_is_said(void **state UNUSED)
{
	struct mail_settings s = settings();
	struct outcome o;
	s.security = MAIL_STARTTLS;
	struct mailer *mailer = mailer_of(&s, clock_system());
	assert_int_equal(send_to(mailer, &o), RC_UNREACHABLE);
	mailer_free(&mailer);
	assert_false(str_contains(buf_str(&server.heard), STR("alice")));
}

static void a_silent_server_meets_the_deadline_and_an_end_waits_for_nobody(void **state UNUSED)
{
	struct mail_settings s = settings();
	struct outcome o, left[3];
	server.silent = true;
	s.timeout_ms = 150;
	struct mailer *mailer = mailer_of(&s, clock_system());
	assert_int_equal(send_to(mailer, &o), RC_TIMEOUT);
	mailer_free(&mailer);
	s.timeout_ms = 600000;
	mailer = mailer_of(&s, clock_system());
	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		sem_init(&left[i].told, 0, 0);
		mailer->ops->submit(mailer, STR("alice@example.net"), MESSAGE, on_done, &left[i]);
	}
	mailer_free(&mailer);
	for (size_t i = 0; i < ARRAY_LEN(left); i++) {
		assert_int_equal(sem_trywait(&left[i].told), 0);
		assert_int_equal(left[i].rc, RC_UNREACHABLE);
	}
}

static void a_folder_gets_a_file_that_its_owner_alone_reads(void **state UNUSED)
{
	struct test_clock clock;
	char *folder = test_tmpdir_new(), path[4096], text[200];
	struct stat st;
	struct outcome o;
	snprintf(path, sizeof(path), "%s/mail", folder);
	test_clock_init(&clock, 1700000000000);
	const struct mail_settings s = { .transport = MAIL_SPOOL, .spool = str_of(path) };
	struct mailer *mailer = mailer_of(&s, &clock.clock);
	assert_int_equal(send_to(mailer, &o), RC_OK);
	assert_int_equal(send_to(mailer, &o), RC_OK);
	mailer_free(&mailer);
	DIR *dir = opendir(path);
	unsigned count = 0;
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		count += e->d_name[0] != '.';
	closedir(dir);
	assert_int_equal(count, 2);
	snprintf(path, sizeof(path), "%s/mail/1700000000000-%d-000001.eml", folder, (int)getpid());
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	FILE *file = fopen(path, "re");
	size_t n = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_str_eq(str_n(text, n), MESSAGE);
	test_tmpdir_remove(&folder);
}

static void what_is_missing_is_said_at_the_start(void **state UNUSED)
{
	struct err err = { .rc = RC_OK };
	struct mailer *mailer;
	struct outcome o;
	struct mail_settings s = settings();
	s.from = STR("");
	assert_int_equal(mailer_new(&err, &s, clock_system(), &mailer), RC_INVALID);
	s = settings();
	s.host = STR("a/b");
	assert_int_equal(mailer_new(&err, &s, clock_system(), &mailer), RC_INVALID);
	s = (struct mail_settings){ .transport = MAIL_SPOOL };
	assert_int_equal(mailer_new(&err, &s, clock_system(), &mailer), RC_INVALID);
	s = (struct mail_settings){ .transport = MAIL_OFF };
	mailer = mailer_of(&s, clock_system());
	assert_int_equal(send_to(mailer, &o), RC_UNSUPPORTED);
	mailer_free(&mailer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_gets_the_message),
		cmocka_unit_test(a_password_is_read_from_its_file_and_told_to_the_server_alone),
		cmocka_unit_test(refusals_are_told_apart),
		cmocka_unit_test(without_starttls_nothing_is_said),
		cmocka_unit_test(a_silent_server_meets_the_deadline_and_an_end_waits_for_nobody),
		cmocka_unit_test(a_folder_gets_a_file_that_its_owner_alone_reads),
		cmocka_unit_test(what_is_missing_is_said_at_the_start),
	};
	return cmocka_run_group_tests_name("mailer", tests, setup, teardown);
}
