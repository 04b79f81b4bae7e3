/*
 * struct buf: bytes that grow. Invariants: it is born with a maximum that it never passes; after a
 * failure (maximum or memory) it is `failed`, holds nothing and ignores what is added, so that
 * straight-line code checks once at the end; ptr[len] is always NUL when ptr is not NULL.
 */
#ifndef FF_CORE_BUF_H
#define FF_CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/attr.h"
#include "core/str.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t max;
	bool failed;
};

/* An empty buffer that may grow to max bytes. Nothing is allocated yet. */
#define BUF_INIT(maximum)        \
	{                        \
		.max = (maximum) \
	}
void buf_init(struct buf *b, size_t max);
/* Releases the bytes; b may be used again with the same maximum. Fits CLEANUP(buf_free). */
void buf_free(struct buf *b);
/* Empties b and clears its failure, keeping the memory. */
void buf_reset(struct buf *b);
/* Room for n more bytes. False, and b failed, when there is none. */
bool buf_reserve(struct buf *b, size_t n);
/* Makes b failed, for who could not make what belongs into it. Returns false. */
bool buf_fail(struct buf *b);

/* What is added lies outside of b. Inline, since rendering does little else. */
static inline void buf_add_bytes(struct buf *b, const void *ptr, size_t len)
{
	if (len >= b->cap - b->len && !buf_reserve(b, len))
		return;
	if (len != 0)
		memcpy(b->ptr + b->len, ptr, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

static inline void buf_add(struct buf *b, struct str s)
{
	buf_add_bytes(b, s.ptr, s.len);
}

static inline void buf_add_chr(struct buf *b, char c)
{
	if (b->cap - b->len < 2 && !buf_reserve(b, 1))
		return;
	b->ptr[b->len++] = c;
	b->ptr[b->len] = '\0';
}

void buf_add_u64(struct buf *b, uint64_t n);
void buf_add_i64(struct buf *b, int64_t n);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Shortens b to len bytes, which is at most its length. */
void buf_cut(struct buf *b, size_t len);

/* A view of the content; valid until b changes. Empty, never absent, when there is nothing. */
struct str buf_str(const struct buf *b);
/* Hands the bytes (ending in NUL) to the caller, who frees them; b is empty afterwards. NULL when
 * failed. */
char *buf_detach(struct buf *b, size_t *len);

#endif
