/* See wire_int.h. Only compares pointers and reads bytes inside one connection's memory. */
#include "wire_int.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct str wire_value(struct str raw)
{
	while (raw.len != 0 && is_blank(raw.ptr[0]))
		raw = str_skip(raw, 1);
	while (raw.len != 0 && is_blank(raw.ptr[raw.len - 1]))
		raw.len--;
	return raw;
}

static bool blank_between(const char *from, const char *to)
{
	for (; from < to; from++) {
		if (!is_blank(*from))
			return false;
	}
	return from == to;
}

static bool header_is_exact(const struct httpd_header *header, const char *line)
{
	if (header->name.ptr != line || line[header->name.len] != '\0')
		return false;
	return blank_between(line + header->name.len + 1, header->value.ptr);
}

bool wire_is_exact(const struct wire_head *head)
{
	if (head->method + strlen(head->method) + 1 != head->target ||
	    head->target + head->target_len + 1 != head->version)
		return false;
	const char *end = head->version + strlen(head->version);
	for (size_t i = 0; i < head->header_count; i++) {
		if (end[1] != '\0' || !header_is_exact(&head->headers[i], end + 2))
			return false;
		end = head->headers[i].value.ptr + head->headers[i].value.len;
		if (end[0] != '\0')
			return false;
	}
	/* CR LF of the last line, CR LF of the empty one */
	return end + 4 == head->method + head->size;
}
