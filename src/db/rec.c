/* The codec of stored values. Stateless; any thread. */
#include "db/rec.h"

static void add_big_endian(struct buf *out, uint64_t n, size_t size)
{
	unsigned char bytes[8];
	for (size_t i = size; i-- > 0; n >>= 8)
		bytes[i] = (unsigned char)n;
	buf_add_bytes(out, bytes, size);
}

void rec_add_u8(struct buf *out, uint8_t n)
{
	add_big_endian(out, n, 1);
}

void rec_add_u32(struct buf *out, uint32_t n)
{
	add_big_endian(out, n, 4);
}

void rec_add_u64(struct buf *out, uint64_t n)
{
	add_big_endian(out, n, 8);
}

void rec_add_num(struct buf *out, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		rec_add_u8(out, (uint8_t)(n | 0x80));
	rec_add_u8(out, (uint8_t)n);
}

/* The length plus one; zero stands for absent. */
void rec_add_str(struct buf *out, struct str s)
{
	rec_add_num(out, s.ptr != NULL ? (uint64_t)s.len + 1 : 0);
	if (s.ptr != NULL)
		buf_add(out, s);
}

struct rec rec_open(struct str value)
{
	return (struct rec){ .rest = value };
}

static struct str rec_fail(struct rec *r)
{
	r->bad = true;
	r->rest = STR_NONE;
	return STR_NONE;
}

/* The next n bytes; absent, and r bad, when there are not so many. */
static struct str take(struct rec *r, uint64_t n)
{
	if (r->bad || n > r->rest.len)
		return rec_fail(r);
	struct str s = str_take(r->rest, (size_t)n);
	r->rest = str_skip(r->rest, (size_t)n);
	return s;
}

static uint64_t take_big_endian(struct rec *r, size_t size)
{
	struct str s = take(r, size);
	uint64_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n = n << 8 | (unsigned char)s.ptr[i];
	return n;
}

uint8_t rec_u8(struct rec *r)
{
	return (uint8_t)take_big_endian(r, 1);
}

uint32_t rec_u32(struct rec *r)
{
	return (uint32_t)take_big_endian(r, 4);
}

uint64_t rec_u64(struct rec *r)
{
	return take_big_endian(r, 8);
}

uint64_t rec_num(struct rec *r)
{
	uint64_t n = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = rec_u8(r);
		uint64_t bits = byte & 0x7f;
		/* one number has one encoding: no bits past 64, no empty byte at the end */
		if (r->bad || (shift == 63 && bits > 1) || (shift != 0 && byte == 0))
			break;
		n |= bits << shift;
		if ((byte & 0x80) == 0)
			return n;
	}
	rec_fail(r);
	return 0;
}

struct str rec_str(struct rec *r)
{
	uint64_t n = rec_num(r);
	return n != 0 ? take(r, n - 1) : STR_NONE;
}

bool rec_ok(const struct rec *r)
{
	return !r->bad && r->rest.len == 0;
}

bool rec_sound(const struct rec *r)
{
	return !r->bad;
}
