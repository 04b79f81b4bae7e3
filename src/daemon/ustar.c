/* Reading and writing tar files, one entry at a time. */
#include "ustar.h"

#include <string.h>

#define BLOCK 512
#define CHUNK ((size_t)64 << 10)

/* Fields of the header, and where they begin. */
enum {
	AT_NAME = 0,
	AT_MODE = 100,
	AT_OWNER = 108,
	AT_GROUP = 116,
	AT_SIZE = 124,
	AT_TIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	AT_PREFIX = 345,
};
#define SIZE_DIGITS 11
#define PREFIX_MAX 155

static void put_octal(char *field, unsigned digits, uint64_t n)
{
	for (unsigned i = digits; i != 0; i--, n >>= 3)
		field[i - 1] = (char)('0' + (n & 7));
}

/* The sum of the header's bytes, those of the sum itself taken as blanks. */
static uint64_t checksum(const char *header)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < BLOCK; i++)
		sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : (unsigned char)header[i];
	return sum;
}

static size_t padding(uint64_t size)
{
	return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

enum rc ustar_add(FILE *out, const char *name, struct str bytes, uint64_t mtime_s)
{
	static const char zeros[BLOCK];
	char header[BLOCK] = { 0 };
	size_t len = strlen(name);
	if (len == 0 || len > USTAR_NAME_MAX || bytes.len >> (3 * SIZE_DIGITS) != 0)
		return RC_INVALID;
	memcpy(header + AT_NAME, name, len);
	memcpy(header + AT_MODE, "0000600", 7);
	memcpy(header + AT_OWNER, "0000000", 7);
	memcpy(header + AT_GROUP, "0000000", 7);
	put_octal(header + AT_SIZE, SIZE_DIGITS, bytes.len);
	put_octal(header + AT_TIME, SIZE_DIGITS, mtime_s);
	header[AT_TYPE] = '0';
	memcpy(header + AT_MAGIC,
	       "ustar\0"
	       "00",
	       8);
	put_octal(header + AT_SUM, 6, checksum(header));
	header[AT_SUM + 7] = ' ';
	bool ok = fwrite(header, 1, BLOCK, out) == BLOCK &&
		  (bytes.len == 0 || fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len) &&
		  fwrite(zeros, 1, padding(bytes.len), out) == padding(bytes.len);
	return ok ? RC_OK : RC_IO;
}

enum rc ustar_finish(FILE *out)
{
	static const char zeros[2 * BLOCK];
	bool ok = fwrite(zeros, 1, sizeof(zeros), out) == sizeof(zeros) && fflush(out) == 0;
	return ok ? RC_OK : RC_IO;
}

/* Octal digits up to a blank or zero. False when there is anything else. */
static bool get_octal(const char *field, size_t len, uint64_t *out)
{
	size_t i = 0;
	*out = 0;
	while (i < len && field[i] == ' ')
		i++;
	if (i == len || field[i] < '0' || field[i] > '7')
		return false;
	for (; i < len && field[i] >= '0' && field[i] <= '7'; i++)
		*out = *out << 3 | (uint64_t)(field[i] - '0');
	return i == len || field[i] == ' ' || field[i] == 0;
}

static bool is_empty(const char *block)
{
	for (size_t i = 0; i < BLOCK; i++) {
		if (block[i] != 0)
			return false;
	}
	return true;
}

static void get_name(const char *header, char *out)
{
	size_t prefix = strnlen(header + AT_PREFIX, PREFIX_MAX);
	size_t name = strnlen(header + AT_NAME, USTAR_NAME_MAX), at = 0;
	/* other formats keep other things where ustar has the prefix */
	if (prefix != 0 && memcmp(header + AT_MAGIC, "ustar\0", 6) == 0) {
		memcpy(out, header + AT_PREFIX, prefix);
		out[prefix] = '/';
		at = prefix + 1;
	}
	memcpy(out + at, header + AT_NAME, name);
	out[at + name] = 0;
}

enum rc ustar_next(FILE *in, struct ustar_entry *out)
{
	char header[BLOCK];
	uint64_t sum;
	size_t n = fread(header, 1, BLOCK, in);
	*out = (struct ustar_entry){ .size = 0 };
	if (ferror(in) != 0)
		return RC_IO;
	if (n == 0 || (n == BLOCK && is_empty(header)))
		return RC_NOT_FOUND;
	if (n != BLOCK || !get_octal(header + AT_SUM, 8, &sum) || sum != checksum(header) ||
	    !get_octal(header + AT_SIZE, SIZE_DIGITS + 1, &out->size))
		return RC_INVALID;
	out->file = header[AT_TYPE] == '0' || header[AT_TYPE] == 0;
	get_name(header, out->name);
	return RC_OK;
}

static enum rc copy(FILE *in, uint64_t size, struct buf *bytes)
{
	char chunk[CHUNK];
	for (uint64_t left = size; left != 0;) {
		size_t want = left < CHUNK ? (size_t)left : CHUNK;
		size_t n = fread(chunk, 1, want, in);
		if (ferror(in) != 0)
			return RC_IO;
		if (n != want)
			return RC_INVALID;
		if (bytes != NULL)
			buf_add_bytes(bytes, chunk, n);
		left -= n;
	}
	return RC_OK;
}

enum rc ustar_read(FILE *in, const struct ustar_entry *entry, struct buf *bytes)
{
	enum rc rc = copy(in, entry->size, bytes);
	if (rc == RC_OK)
		rc = copy(in, padding(entry->size), NULL);
	return rc == RC_OK && bytes != NULL && bytes->failed ? RC_TOO_LARGE : rc;
}
