/*
 * Log lines: logfmt or JSON, one write(2) each where the file takes it whole. The set-up is the
 * only state of the process that is not passed by pointer, since a log line must be possible
 * anywhere. Any thread.
 */
#include "core/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/date.h"
#include "core/must.h"
#include "core/utf8.h"

#define FIELD_MAX 2048
#define FIELDS_MAX 24
/* What all fields can have at most, so that no line is ever too long to be written. */
#define LINE_MAX_BYTES 65536

struct event_row {
	const char *name;
	enum log_level level;
	const char *text;
};

static const struct event_row events[] = {
#define X(constant, name, level, text) [LOG_##constant] = { #name, LOG_LEVEL_##level, text },
	LOG_TABLE(X)
#undef X
};

static const char *const level_names[] = {
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_ERROR] = "error",
};

static _Atomic int setup_level = LOG_LEVEL_INFO;
static _Atomic bool setup_json;
static _Atomic int setup_fd = STDERR_FILENO;

void log_setup(enum log_level level, bool json, int fd)
{
	setup_level = (int)level;
	setup_json = json;
	setup_fd = fd;
}

bool log_level_parse(struct str name, enum log_level *level)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (str_eq(name, str_of(level_names[i]))) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* Marks that change the order in which a terminal shows what follows: Unicode standard annex 9. */
static bool is_direction_mark(uint32_t code)
{
	return code == 0x061c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

/*
 * Adds the first character of *s and takes it off. Controls, marks and invalid bytes become \uNNNN,
 * so that a line stays one line and looks like what it is.
 */
static void add_escaped_chr(struct buf *out, struct str *s)
{
	struct str rest = *s;
	uint32_t code;
	if (!utf8_next(&rest, &code)) {
		buf_addf(out, "\\u00%02x", (unsigned char)s->ptr[0]);
		*s = str_skip(*s, 1);
		return;
	}
	if (code == '"' || code == '\\')
		buf_addf(out, "\\%c", (char)code);
	else if (is_control(code) || is_direction_mark(code))
		buf_addf(out, "\\u%04x", (unsigned)code);
	else
		buf_add(out, str_take(*s, s->len - rest.len));
	*s = rest;
}

/* At most FIELD_MAX bytes, and a mark when there was more. */
static void add_escaped(struct buf *out, struct str s)
{
	size_t end = out->len + FIELD_MAX;
	while (s.len != 0) {
		size_t before = out->len;
		add_escaped_chr(out, &s);
		if (out->len > end) {
			buf_cut(out, before);
			buf_add(out, STR("\xe2\x80\xa6"));
			return;
		}
	}
}

static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c >= 0x7f)
			return false;
	}
	return s.len != 0 && s.len <= FIELD_MAX;
}

static void add_quoted(struct buf *out, struct str s)
{
	buf_add_chr(out, '"');
	add_escaped(out, s);
	buf_add_chr(out, '"');
}

static void add_value(struct buf *out, const struct log_field *field, bool json)
{
	switch (field->kind) {
	case LOG_FIELD_U64:
		buf_add_u64(out, field->u64);
		return;
	case LOG_FIELD_I64:
		buf_add_i64(out, (int64_t)field->u64);
		return;
	case LOG_FIELD_STR:
		if (!json && is_bare(field->str))
			buf_add(out, field->str);
		else
			add_quoted(out, field->str);
		return;
	}
}

static void add_field(struct buf *out, const struct log_field *field, bool json)
{
	if (json)
		buf_addf(out, ",\"%s\":", field->key);
	else
		buf_addf(out, " %s=", field->key);
	add_value(out, field, json);
}

static void add_head(struct buf *out, const struct event_row *row, bool json)
{
	buf_add(out, json ? STR("{\"time\":\"") : STR("time="));
	date_add_rfc3339(out, clock_wall_ms(clock_system()));
	if (json)
		buf_addf(out, "\",\"level\":\"%s\",\"event\":\"%s\",\"msg\":\"%s\"",
			 level_names[row->level], row->name, row->text);
	else
		buf_addf(out, " level=%s event=%s msg=\"%s\"", level_names[row->level], row->name,
			 row->text);
}

/* A pipe may take a long line in parts; the lock keeps other threads' lines out of it. */
static void write_line(struct str line)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&lock);
	while (line.len != 0) {
		ssize_t n = write(setup_fd, line.ptr, line.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* nowhere left to tell it */
		line = str_skip(line, (size_t)n);
	}
	pthread_mutex_unlock(&lock);
}

void log_event(enum log_event event, const struct log_field *fields, size_t count)
{
	must((size_t)event < ARRAY_LEN(events) && count <= FIELDS_MAX);
	const struct event_row *row = &events[event];
	if ((int)row->level < setup_level)
		return;
	bool json = setup_json;
	struct buf line CLEANUP(buf_free) = BUF_INIT(LINE_MAX_BYTES);
	add_head(&line, row, json);
	for (size_t i = 0; i < count; i++)
		add_field(&line, &fields[i], json);
	buf_add(&line, json ? STR("}\n") : STR("\n"));
	if (!line.failed)
		write_line(buf_str(&line));
}
