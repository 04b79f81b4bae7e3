/* Growing bytes with a maximum and a sticky failure. Not shared between threads. */
#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf)BUF_INIT(b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->ptr != NULL)
		b->ptr[0] = '\0';
}

bool buf_fail(struct buf *b)
{
	buf_free(b);
	b->failed = true;
	return false;
}

bool buf_reserve(struct buf *b, size_t n)
{
	if (b->failed)
		return false;
	if (n > b->max || b->len > b->max - n)
		return buf_fail(b);
	size_t need = b->len + n + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap < 128 ? 256 : b->cap * 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	if (cap < need)
		cap = need;
	char *ptr = realloc(b->ptr, cap);
	if (ptr == NULL)
		return buf_fail(b);
	b->ptr = ptr;
	b->cap = cap;
	return true;
}

void buf_add_u64(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	buf_add_bytes(b, digits + at, sizeof(digits) - at);
}

void buf_add_i64(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_add_chr(b, '-');
	buf_add_u64(b, n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	if (!buf_reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void buf_cut(struct buf *b, size_t len)
{
	if (b->failed)
		return;
	must(len <= b->len);
	b->len = len;
	if (b->ptr != NULL)
		b->ptr[len] = '\0';
}

struct str buf_str(const struct buf *b)
{
	return str_n(b->ptr != NULL ? b->ptr : "", b->len);
}

char *buf_detach(struct buf *b, size_t *len)
{
	if (!buf_reserve(b, 0))
		return NULL;
	char *ptr = b->ptr;
	ptr[b->len] = '\0';
	if (len != NULL)
		*len = b->len;
	*b = (struct buf)BUF_INIT(b->max);
	return ptr;
}
