/* Log lines: one per event whatever strangers send (S-063), in logfmt and JSON. */
#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/date.h"
#include "core/utf8.h"
#include "testkit.h"

#define FIELD_MAX 2048

static int pipe_ends[2];
static char line_bytes[1 << 17];

static int open_pipe(void **state UNUSED)
{
	return pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC);
}

static int close_pipe(void **state UNUSED)
{
	log_setup(LOG_LEVEL_INFO, false, STDERR_FILENO);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	return 0;
}

/* All that has been logged since the last call. */
static struct str logged(void)
{
	ssize_t n = read(pipe_ends[0], line_bytes, sizeof(line_bytes));
	if (n < 0) {
		assert_int_equal(errno, EAGAIN);
		return STR("");
	}
	return str_n(line_bytes, (size_t)n);
}

/* What has been logged, without the time at its start; it must be one line that is safe to show. */
static struct str logged_line(bool json)
{
	struct str line = logged();
	struct str head = json ? STR("{\"time\":\"") : STR("time=");
	uint64_t ms;
	assert_true(str_has_prefix(line, head));
	line = str_skip(line, head.len);
	assert_true(date_parse_rfc3339(str_take(line, 24), &ms));
	line = str_skip(line, 24);
	assert_int_equal(str_index(line, '\n'), line.len - 1);
	line.len--;
	assert_true(utf8_valid(line));
	for (size_t i = 0; i < line.len; i++)
		assert_true((unsigned char)line.ptr[i] >= 0x20 && line.ptr[i] != 0x7f);
	return line;
}

static void writes_logfmt(void **state UNUSED)
{
	log_setup(LOG_LEVEL_INFO, false, pipe_ends[1]);
	LOG(NODE_STARTED, F_CSTR("domain", "a.example"), F_U64("port", UINT64_MAX),
	    F_I64("delta", -5), F_RC(RC_NOT_FOUND));
	assert_str_eq(logged_line(false),
		      STR(" level=info event=node_started msg=\"The node serves requests.\""
			  " domain=a.example port=18446744073709551615 delta=-5 reason=not_found"));
}

static void writes_json(void **state UNUSED)
{
	log_setup(LOG_LEVEL_INFO, true, pipe_ends[1]);
	LOG(NODE_STARTED, F_CSTR("domain", "a.example"), F_U64("port", UINT64_MAX),
	    F_I64("delta", -5), F_RC(RC_NOT_FOUND));
	assert_str_eq(logged_line(true),
		      STR("\",\"level\":\"info\",\"event\":\"node_started\","
			  "\"msg\":\"The node serves requests.\",\"domain\":\"a.example\","
			  "\"port\":18446744073709551615,\"delta\":-5,\"reason\":\"not_found\"}"));
}

static void writes_events_without_fields(void **state UNUSED)
{
	log_setup(LOG_LEVEL_INFO, false, pipe_ends[1]);
	log_event(LOG_NODE_STOPPED, NULL, 0);
	assert_str_eq(logged_line(false),
		      STR(" level=info event=node_stopped msg=\"The node has stopped.\""));
	log_setup(LOG_LEVEL_INFO, true, pipe_ends[1]);
	log_event(LOG_NODE_STOPPED, NULL, 0);
	assert_str_eq(logged_line(true), STR("\",\"level\":\"info\",\"event\":\"node_stopped\","
					     "\"msg\":\"The node has stopped.\"}"));
}

static void says_nothing_below_its_level(void **state UNUSED)
{
	log_setup(LOG_LEVEL_WARN, false, pipe_ends[1]);
	log_event(LOG_HTTP_REQUEST, NULL, 0);
	log_event(LOG_NODE_STARTED, NULL, 0);
	assert_str_eq(logged(), STR(""));
	log_event(LOG_HOST_DOWN, NULL, 0);
	assert_true(str_contains(logged_line(false), STR("level=warn event=host_down")));
	log_event(LOG_DB_FULL, NULL, 0);
	assert_true(str_contains(logged_line(false), STR("level=error event=db_full")));
	log_setup(LOG_LEVEL_DEBUG, false, pipe_ends[1]);
	log_event(LOG_HTTP_REQUEST, NULL, 0);
	assert_true(str_contains(logged_line(false), STR("level=debug event=http_request")));
}

static void reads_the_names_of_levels(void **state UNUSED)
{
	static const struct {
		struct str name;
		enum log_level level;
	} rows[] = {
		{ STR_INIT("debug"), LOG_LEVEL_DEBUG },
		{ STR_INIT("info"), LOG_LEVEL_INFO },
		{ STR_INIT("warn"), LOG_LEVEL_WARN },
		{ STR_INIT("error"), LOG_LEVEL_ERROR },
	};
	enum log_level level = LOG_LEVEL_ERROR;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(log_level_parse(rows[i].name, &level));
		assert_int_equal(level, rows[i].level);
	}
	assert_false(log_level_parse(STR(""), &level));
	assert_false(log_level_parse(STR("INFO"), &level));
	assert_false(log_level_parse(STR("warning"), &level));
}

/* What a stranger may send, and how it stands between quotes. */
static const struct {
	struct str text;
	struct str escaped;
} hostile[] = {
	{ STR_INIT("a\r\ntime=2026 level=error event=db_failed"),
	  STR_INIT("a\\u000d\\u000atime=2026 level=error event=db_failed") },
	{ STR_INIT("\x1b[2J\x1b]0;x\x07"), STR_INIT("\\u001b[2J\\u001b]0;x\\u0007") },
	{ STR_INIT("a\0b\x7f"), STR_INIT("a\\u0000b\\u007f") },
	{ STR_INIT("q\" k=\"v\\"), STR_INIT("q\\\" k=\\\"v\\\\") },
	{ STR_INIT("\xff\xfe x\xc0\xaf"), STR_INIT("\\u00ff\\u00fe x\\u00c0\\u00af") },
	{ STR_INIT("\xed\xa0\x80"), STR_INIT("\\u00ed\\u00a0\\u0080") },
	/* a C1 control: CSI in one character */
	{ STR_INIT("\xc2\x9b"
		   "31m"),
	  STR_INIT("\\u009b31m") },
	/* separators of lines and paragraphs */
	{ STR_INIT("\xe2\x80\xa8\xe2\x80\xa9"), STR_INIT("\\u2028\\u2029") },
	/* marks that turn the order of what is shown */
	{ STR_INIT("\xe2\x80\xaemoc\xe2\x81\xa6x"), STR_INIT("\\u202emoc\\u2066x") },
	{ STR_INIT("caf\xc3\xa9 \xf0\x9f\x98\x80"), STR_INIT("caf\xc3\xa9 \xf0\x9f\x98\x80") },
	{ STR_INIT(""), STR_INIT("") },
	{ { NULL, 0 }, STR_INIT("") },
	{ STR_INIT("a b"), STR_INIT("a b") },
	{ STR_INIT("a=b"), STR_INIT("a=b") },
};

static void s063_text_of_strangers_stays_in_its_field(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct buf expected CLEANUP(buf_free) = BUF_INIT(4096);
		buf_addf(&expected, " path=\"%.*s\" n=1", STR_ARG(hostile[i].escaped));
		log_setup(LOG_LEVEL_INFO, false, pipe_ends[1]);
		LOG(HTTP_REFUSED, F_STR("path", hostile[i].text), F_U64("n", 1));
		struct str line = logged_line(false);
		if (!str_has_suffix(line, buf_str(&expected)))
			fail_msg("%.*s: %.*s", STR_ARG(buf_str(&expected)), STR_ARG(line));
	}
}

static void s063_json_holds_the_same(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct buf expected CLEANUP(buf_free) = BUF_INIT(4096);
		buf_addf(&expected, ",\"path\":\"%.*s\",\"n\":1}", STR_ARG(hostile[i].escaped));
		log_setup(LOG_LEVEL_INFO, true, pipe_ends[1]);
		LOG(HTTP_REFUSED, F_STR("path", hostile[i].text), F_U64("n", 1));
		struct str line = logged_line(true);
		if (!str_has_suffix(line, buf_str(&expected)))
			fail_msg("%.*s: %.*s", STR_ARG(buf_str(&expected)), STR_ARG(line));
	}
}

/* The value of the only field of the line that is logged. */
static struct str logged_value(struct str text, bool json)
{
	log_setup(LOG_LEVEL_INFO, json, pipe_ends[1]);
	LOG(HTTP_REFUSED, F_STR("path", text));
	struct str line = logged_line(json);
	struct str key = json ? STR(",\"path\":") : STR(" path=");
	struct str value = str_skip(line, str_find(line, key) + key.len);
	return json ? str_take(value, value.len - 1) : value;
}

static void s063_a_field_has_at_most_2_kib(void **state UNUSED)
{
	static char text[10 * FIELD_MAX];
	static const struct str fillers[] = {
		STR_INIT("a"),	  STR_INIT(" "),  STR_INIT("\x1b"),
		STR_INIT("\xff"), STR_INIT("\""), STR_INIT("\xf0\x9f\x98\x80"),
	};
	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		for (size_t at = 0; at < sizeof(text); at++)
			text[at] = fillers[i].ptr[at % fillers[i].len];
		for (int json = 0; json < 2; json++) {
			struct str value = logged_value(str_n(text, sizeof(text)), json != 0);
			/* with quotes and the mark of the cut */
			assert_true(value.len <= FIELD_MAX + 5);
			assert_true(value.len >= FIELD_MAX - 6);
			assert_true(str_has_suffix(value, STR("\xe2\x80\xa6\"")));
		}
	}
	memset(text, 'a', FIELD_MAX);
	assert_int_equal(logged_value(str_n(text, FIELD_MAX), false).len, FIELD_MAX);
	assert_int_equal(logged_value(str_n(text, FIELD_MAX), true).len, FIELD_MAX + 2);
}

static void s063_many_long_fields_do_not_silence_an_event(void **state UNUSED)
{
	static char text[FIELD_MAX * 2];
	struct log_field fields[16];
	memset(text, 0x1b, sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		fields[i] = (struct log_field)F_STR("path", str_n(text, sizeof(text)));
	for (int json = 0; json < 2; json++) {
		log_setup(LOG_LEVEL_INFO, json != 0, pipe_ends[1]);
		log_event(LOG_HTTP_REFUSED, fields, ARRAY_LEN(fields));
		struct str line = logged_line(json != 0);
		assert_true(str_contains(line, STR("http_refused")));
		assert_true(str_has_suffix(line, json != 0 ? STR("\xe2\x80\xa6\"}")
							   : STR("\xe2\x80\xa6\"")));
	}
}

#define LONG_LINES 25

static void *log_long_lines(void *arg UNUSED)
{
	char text[FIELD_MAX];
	memset(text, 'a', sizeof(text));
	struct str s = str_n(text, sizeof(text));
	for (size_t i = 0; i < LONG_LINES; i++)
		LOG(HTTP_REFUSED, F_STR("a", s), F_STR("b", s), F_STR("c", s), F_STR("d", s));
	return NULL;
}

/* Counts the lines of a pipe up to its end; every one must be whole. */
static size_t count_whole_lines(int fd)
{
	struct buf all CLEANUP(buf_free) = BUF_INIT(1 << 20);
	ssize_t n;
	while ((n = read(fd, line_bytes, sizeof(line_bytes))) > 0)
		buf_add_bytes(&all, line_bytes, (size_t)n);
	struct str rest = buf_str(&all), line;
	size_t lines = 0;
	while (str_next(&rest, '\n', &line) && line.len != 0) {
		assert_true(str_has_prefix(line, STR("time=")));
		assert_true(line.len > 4 * FIELD_MAX && line.len < 5 * FIELD_MAX);
		lines++;
	}
	return lines;
}

static void *log_from_threads(void *arg)
{
	pthread_t threads[3];
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_long_lines, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	close(*(int *)arg);
	return NULL;
}

static void s063_lines_of_threads_do_not_mix(void **state UNUSED)
{
	int ends[2];
	pthread_t writer;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	log_setup(LOG_LEVEL_INFO, false, ends[1]);
	assert_int_equal(pthread_create(&writer, NULL, log_from_threads, &ends[1]), 0);
	assert_int_equal(count_whole_lines(ends[0]), 3 * LONG_LINES);
	assert_int_equal(pthread_join(writer, NULL), 0);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_logfmt),
		cmocka_unit_test(writes_json),
		cmocka_unit_test(writes_events_without_fields),
		cmocka_unit_test(says_nothing_below_its_level),
		cmocka_unit_test(reads_the_names_of_levels),
		cmocka_unit_test(s063_text_of_strangers_stays_in_its_field),
		cmocka_unit_test(s063_json_holds_the_same),
		cmocka_unit_test(s063_a_field_has_at_most_2_kib),
		cmocka_unit_test(s063_many_long_fields_do_not_silence_an_event),
		cmocka_unit_test(s063_lines_of_threads_do_not_mix),
	};
	return cmocka_run_group_tests_name("log", tests, open_pipe, close_pipe);
}
