/* DER, element by element. Stateless, any thread. */
#include "der_int.h"

#include "core/must.h"

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.ptr[i];
}

/* X.690 sections 8.1.3 and 10.1: how many bytes the length takes and what it says. */
static bool read_length(struct str s, size_t *header, size_t *length)
{
	if (s.len == 0)
		return false;
	unsigned first = byte_at(s, 0);
	*header = 1;
	*length = first;
	if (first < 0x80)
		return true;
	if (first == 0x81 && s.len >= 2) {
		*header = 2;
		*length = byte_at(s, 1);
		return *length >= 0x80;
	}
	if (first == 0x82 && s.len >= 3) {
		*header = 3;
		*length = byte_at(s, 1) << 8 | byte_at(s, 2);
		return *length >= 0x100;
	}
	return false;
}

bool der_take(struct str *rest, enum der_tag tag, struct str *content)
{
	size_t header, length;
	if (rest->len == 0 || byte_at(*rest, 0) != (unsigned)tag)
		return false;
	struct str s = str_skip(*rest, 1);
	if (!read_length(s, &header, &length) || length > s.len - header)
		return false;
	s = str_skip(s, header);
	*content = str_take(s, length);
	*rest = str_skip(s, length);
	return true;
}

bool der_take_number(struct str *rest, struct str *number)
{
	struct str at = *rest, content;
	if (!der_take(&at, DER_INTEGER, &content) || content.len == 0 || byte_at(content, 0) > 0x7f)
		return false;
	if (byte_at(content, 0) == 0) {
		/* section 8.3.2: a zero in front only where the next bit would make it negative */
		if (content.len > 1 && byte_at(content, 1) < 0x80)
			return false;
		content = str_skip(content, 1);
	}
	*number = content;
	*rest = at;
	return true;
}

/* The tag and the length in their shortest form. */
static struct str make_header(char header[4], enum der_tag tag, size_t length)
{
	size_t n = 0;
	must(length < 0x10000);
	header[n++] = (char)tag;
	if (length >= 0x100) {
		header[n++] = (char)0x82;
		header[n++] = (char)(length >> 8);
	} else if (length >= 0x80) {
		header[n++] = (char)0x81;
	}
	header[n++] = (char)(length & 0xff);
	return str_n(header, n);
}

void der_insert(struct buf *out, size_t from, struct str bytes)
{
	if (!buf_reserve(out, bytes.len))
		return;
	must(from <= out->len);
	memmove(out->ptr + from + bytes.len, out->ptr + from, out->len - from + 1);
	memcpy(out->ptr + from, bytes.ptr, bytes.len);
	out->len += bytes.len;
}

void der_wrap(struct buf *out, size_t from, enum der_tag tag)
{
	char header[4];
	if (!out->failed)
		der_insert(out, from, make_header(header, tag, out->len - from));
}

void der_add_number(struct buf *out, struct str number)
{
	char header[4];
	bool zero = number.len == 0 || byte_at(number, 0) >= 0x80;
	buf_add(out, make_header(header, DER_INTEGER, number.len + (zero ? 1 : 0)));
	if (zero)
		buf_add_chr(out, '\0');
	buf_add(out, number);
}
