/* CBOR, item by item. Stateless, any thread. */
#include "cbor_int.h"

#define DEPTH_MAX 4 /* CTAP 2.1 section 8 */

enum major {
	MAJOR_UNSIGNED = 0,
	MAJOR_NEGATIVE = 1,
	MAJOR_BYTES = 2,
	MAJOR_TEXT = 3,
	MAJOR_ARRAY = 4,
	MAJOR_MAP = 5,
	MAJOR_SIMPLE = 7,
};

/* The simple values of RFC 8949 section 3.3: false, true, null. */
#define SIMPLE_FIRST 20
#define SIMPLE_LAST 22

struct cbor cbor_open(struct str bytes)
{
	return (struct cbor){ .rest = bytes };
}

bool cbor_ok(const struct cbor *c)
{
	return !c->bad && c->rest.len == 0;
}

static uint64_t fail(struct cbor *c)
{
	c->bad = true;
	c->rest = STR_NONE;
	return 0;
}

/* RFC 8949 section 3: what follows the first byte, which must need that many bytes. */
static uint64_t argument(struct cbor *c, unsigned info)
{
	static const uint64_t least[] = { 24, 1ULL << 8, 1ULL << 16, 1ULL << 32 };
	uint64_t n = 0;
	if (info < 24)
		return info;
	size_t size = (size_t)1 << (info - 24);
	if (info > 27 || c->rest.len < size)
		return fail(c);
	for (size_t i = 0; i < size; i++)
		n = n << 8 | (unsigned char)c->rest.ptr[i];
	c->rest = str_skip(c->rest, size);
	return n >= least[info - 24] ? n : fail(c);
}

static uint64_t head(struct cbor *c, unsigned *major)
{
	*major = MAJOR_SIMPLE;
	if (c->rest.len == 0)
		return fail(c);
	unsigned first = (unsigned char)c->rest.ptr[0];
	c->rest = str_skip(c->rest, 1);
	*major = first >> 5;
	return argument(c, first & 31);
}

int64_t cbor_int(struct cbor *c)
{
	unsigned major;
	uint64_t n = head(c, &major);
	if (c->bad || major > MAJOR_NEGATIVE || n > INT64_MAX)
		return (int64_t)fail(c);
	return major == MAJOR_NEGATIVE ? -1 - (int64_t)n : (int64_t)n;
}

static struct str take(struct cbor *c, uint64_t len)
{
	if (c->bad || len > c->rest.len) {
		fail(c);
		return STR_NONE;
	}
	struct str s = str_take(c->rest, (size_t)len);
	c->rest = str_skip(c->rest, (size_t)len);
	return s;
}

static struct str string(struct cbor *c, unsigned wanted)
{
	unsigned major;
	uint64_t len = head(c, &major);
	if (major != wanted)
		fail(c);
	return take(c, len);
}

struct str cbor_bytes(struct cbor *c)
{
	return string(c, MAJOR_BYTES);
}

struct str cbor_text(struct cbor *c)
{
	return string(c, MAJOR_TEXT);
}

/* Every item takes at least a byte: a count beyond that is none. */
static size_t counted(struct cbor *c, uint64_t count, unsigned items_each)
{
	if (c->bad || count > c->rest.len / items_each)
		return (size_t)fail(c);
	return (size_t)count;
}

size_t cbor_map(struct cbor *c)
{
	unsigned major;
	uint64_t count = head(c, &major);
	if (major != MAJOR_MAP)
		fail(c);
	return counted(c, count, 2);
}

static void skip(struct cbor *c, unsigned depth)
{
	unsigned major;
	uint64_t n = head(c, &major);
	size_t items = 0;
	if (major == MAJOR_BYTES || major == MAJOR_TEXT)
		take(c, n);
	else if (major == MAJOR_ARRAY)
		items = counted(c, n, 1);
	else if (major == MAJOR_MAP)
		items = 2 * counted(c, n, 2);
	else if (major > MAJOR_NEGATIVE && (n < SIMPLE_FIRST || n > SIMPLE_LAST))
		fail(c);
	if (items != 0 && depth == DEPTH_MAX)
		fail(c);
	for (size_t i = 0; i < items && !c->bad; i++)
		skip(c, depth + 1);
}

void cbor_skip(struct cbor *c)
{
	skip(c, 0);
}
