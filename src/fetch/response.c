/* An answer as it comes in: counts every line and byte, keeps the few fields that matter. */
#include "response.h"

#include "core/date.h"

/* Longer waits than a year are as good as forever, and do not overflow when they become
 * milliseconds. */
#define RETRY_AFTER_MAX (UINT64_C(365) * 24 * 3600)

void response_init(struct response *response, struct arena *arena, const struct clock *clock,
		   size_t bytes_max)
{
	*response = (struct response){ .arena = arena, .clock = clock };
	buf_init(&response->body, bytes_max);
}

void response_free(struct response *response)
{
	buf_free(&response->body);
}

static bool too_large(struct response *response, const char *what)
{
	response->too_large = what;
	return false;
}

static void set_once(struct response *response, struct str *field, struct str value)
{
	if (field->ptr == NULL)
		*field = arena_str(response->arena, value);
}

/* RFC 9110 section 10.2.3: seconds or a date */
static void set_retry_after(struct response *response, struct str value)
{
	uint64_t seconds, date;
	if (date_parse_http(value, &date)) {
		uint64_t now = clock_wall_ms(response->clock);
		seconds = date > now ? (date - now + MS_PER_SECOND - 1) / MS_PER_SECOND : 0;
	} else if (!str_to_u64(value, &seconds)) {
		return;
	}
	response->retry_after_s = seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX;
}

static bool set_length(struct response *response, struct str value)
{
	uint64_t length;
	if (str_to_u64(value, &length) && length > response->body.max)
		return too_large(response, "the answer says it is larger than the limit");
	return true;
}

static bool set_field(struct response *response, struct str name, struct str value)
{
	if (str_eq_nocase(name, STR("content-type")))
		set_once(response, &response->content_type, value);
	else if (str_eq_nocase(name, STR("location")))
		set_once(response, &response->location, value);
	else if (str_eq_nocase(name, STR("etag")))
		set_once(response, &response->etag, value);
	else if (str_eq_nocase(name, STR("accept-signature")))
		set_once(response, &response->accept_signature, value);
	else if (str_eq_nocase(name, STR("retry-after")))
		set_retry_after(response, value);
	else if (str_eq_nocase(name, STR("content-length")))
		return set_length(response, value);
	return true;
}

/* "HTTP/1.1 202 Accepted", RFC 9112 section 4. Fields of an interim answer (1xx) are forgotten. */
static void start_answer(struct response *response, struct str line)
{
	uint64_t status;
	struct str code = str_take(str_skip(line, str_index(line, ' ') + 1), 3);
	response->status = str_to_u64(code, &status) ? (unsigned)status : 0;
	response->content_type = response->location = response->etag = STR_NONE;
	response->accept_signature = STR_NONE;
	response->retry_after_s = 0;
}

bool response_header(struct response *response, struct str line)
{
	struct str name, value;
	response->header_bytes += line.len;
	response->header_lines++;
	if (response->header_bytes > RESPONSE_HEADER_BYTES_MAX ||
	    response->header_lines > RESPONSE_HEADER_LINES_MAX)
		return too_large(response, "the answer's header is larger than the limit");
	line = str_trim(line);
	if (response->headers_ended)
		return true;
	if (line.len == 0)
		response->headers_ended = response->status >= 200;
	else if (str_has_prefix(line, STR("HTTP/")))
		start_answer(response, line);
	else if (str_split(line, ':', &name, &value))
		return set_field(response, name, str_trim(value));
	return true;
}

bool response_body(struct response *response, struct str bytes)
{
	if (bytes.len > response->body.max - response->body.len)
		return too_large(response, "the answer is larger than the limit");
	buf_add(&response->body, bytes);
	return !response->body.failed;
}
