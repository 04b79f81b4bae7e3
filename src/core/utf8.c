/* UTF-8 decoding and encoding. Stateless, any thread. */
#include "core/utf8.h"

/* RFC 3629 section 4: how long a sequence is, and the range of its second byte. */
static size_t sequence_length(unsigned char lead, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef) {
		if (lead == 0xe0)
			*low = 0xa0;
		if (lead == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		if (lead == 0xf0)
			*low = 0x90;
		if (lead == 0xf4)
			*high = 0x8f;
		return 4;
	}
	return 0;
}

bool utf8_next(struct str *rest, uint32_t *code)
{
	static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	if (rest->len == 0)
		return false;
	const unsigned char *bytes = (const unsigned char *)rest->ptr;
	unsigned char low, high;
	size_t n = sequence_length(bytes[0], &low, &high);
	if (n == 0 || n > rest->len)
		return false;
	uint32_t value = bytes[0] & lead_mask[n];
	for (size_t i = 1; i < n; i++) {
		if (bytes[i] < low || bytes[i] > high)
			return false;
		value = value << 6 | (bytes[i] & 0x3f);
		low = 0x80;
		high = 0xbf;
	}
	*rest = str_skip(*rest, n);
	*code = value;
	return true;
}

bool utf8_valid(struct str s)
{
	uint32_t code;
	while (s.len != 0) {
		/* eight ASCII bytes at a time: most text is */
		uint64_t word;
		if (s.len >= sizeof(word)) {
			memcpy(&word, s.ptr, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) == 0) {
				s = str_n(s.ptr + sizeof(word), s.len - sizeof(word));
				continue;
			}
		}
		if (!utf8_next(&s, &code))
			return false;
	}
	return true;
}

void utf8_add(struct buf *out, uint32_t code)
{
	char bytes[4];
	if (code < 0x80) {
		buf_add_chr(out, (char)code);
	} else if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		buf_add_bytes(out, bytes, 2);
	} else if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		buf_add_bytes(out, bytes, 3);
	} else {
		bytes[0] = (char)(0xf0 | code >> 18);
		bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
		bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[3] = (char)(0x80 | (code & 0x3f));
		buf_add_bytes(out, bytes, 4);
	}
}

size_t utf8_count(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
	return n;
}

struct str utf8_take(struct str s, size_t max, size_t max_bytes)
{
	struct str rest = s;
	uint32_t code;
	size_t taken = 0;
	while (max != 0 && utf8_next(&rest, &code)) {
		size_t end = s.len - rest.len;
		if (end > max_bytes)
			break;
		taken = end;
		max--;
	}
	return str_take(s, taken);
}
