/*
 * Arena allocator: a chain of blocks, bump allocation. With FF_DEBUG_ARENA every piece is a malloc
 * of its own, so that sanitizers see overruns. Owned by one request or job; not shared between
 * threads.
 */
#include "core/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"

#ifdef FF_DEBUG_ARENA
#define BLOCK_SIZE ((size_t)0)
/* not rounded: the byte behind a piece is nobody's */
#define PIECE_ALIGN ((size_t)1)
#else
#define BLOCK_SIZE ((size_t)8192)
#define PIECE_ALIGN alignof(max_align_t)
#endif

/* No ceiling is higher, so that sums of sizes cannot wrap around. */
#define CEILING_MAX ((size_t)1 << 40)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *head;
	size_t used;
	size_t max;
	bool failed;
};

struct arena *arena_new(size_t max)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	if (arena != NULL)
		arena->max = max < CEILING_MAX ? max : CEILING_MAX;
	return arena;
}

static void blocks_free(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_free(struct arena **arena)
{
	if (*arena == NULL)
		return;
	blocks_free((*arena)->head);
	free(*arena);
	*arena = NULL;
}

void arena_reset(struct arena *arena)
{
	struct block *keep = arena->head;
	if (keep != NULL && keep->size == BLOCK_SIZE) {
		blocks_free(keep->next);
		keep->next = NULL;
		keep->used = 0;
	} else {
		blocks_free(keep);
		arena->head = NULL;
	}
	arena->used = 0;
	arena->failed = false;
}

bool arena_failed(const struct arena *arena)
{
	return arena->failed;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

static struct block *block_for(struct arena *arena, size_t size)
{
	struct block *block = arena->head;
	if (block != NULL && block->size - block->used >= size)
		return block;
	/* a large piece gets a block of its size behind the head, whose free room stays in use */
	bool behind = size > BLOCK_SIZE / 4 && arena->head != NULL;
	size_t want = behind || size > BLOCK_SIZE ? size : BLOCK_SIZE;
	block = malloc(sizeof(*block) + want);
	if (block == NULL)
		return NULL;
	block->size = want;
	block->used = 0;
	if (behind) {
		block->next = arena->head->next;
		arena->head->next = block;
	} else {
		block->next = arena->head;
		arena->head = block;
	}
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (arena->failed)
		return NULL;
	/* a piece of no size has an address of its own, and counts */
	size_t least = size != 0 ? size : 1;
	if (least > arena->max || arena->used > arena->max - least) {
		arena->failed = true;
		return NULL;
	}
	size_t rounded = (least + PIECE_ALIGN - 1) / PIECE_ALIGN * PIECE_ALIGN;
	struct block *block = block_for(arena, rounded);
	if (block == NULL) {
		arena->failed = true;
		return NULL;
	}
	void *piece = block->bytes + block->used;
	block->used += rounded;
	size_t left = arena->max - arena->used;
	arena->used += rounded < left ? rounded : left;
	memset(piece, 0, size);
	return piece;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total)) {
		arena->failed = true;
		return NULL;
	}
	return arena_alloc(arena, total);
}

struct str arena_str(struct arena *arena, struct str s)
{
	return s.ptr != NULL ? arena_join(arena, s, STR("")) : STR_NONE;
}

char *arena_cstr(struct arena *arena, struct str s)
{
	must(str_index(s, '\0') == s.len);
	char *copy = arena_alloc(arena, s.len + 1);
	if (copy != NULL && s.len != 0)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

struct str arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	char *text = arena_alloc(arena, (size_t)n + 1);
	if (text == NULL)
		return STR_NONE;
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return str_n(text, (size_t)n);
}

struct str arena_join(struct arena *arena, struct str a, struct str b)
{
	char *text = arena_alloc(arena, a.len + b.len + 1);
	if (text == NULL)
		return STR_NONE;
	if (a.len != 0)
		memcpy(text, a.ptr, a.len);
	if (b.len != 0)
		memcpy(text + a.len, b.ptr, b.len);
	return str_n(text, a.len + b.len);
}

struct str arena_take_buf(struct arena *arena, struct buf *b)
{
	struct str s = b->failed ? STR_NONE : arena_str(arena, buf_str(b));
	buf_free(b);
	return s;
}
