/*
 * struct arena: the lifetime of one request or one job. Memory is taken piece by piece and given
 * back all at once. It has a ceiling. When the ceiling (or the machine's memory) is reached it is
 * `failed`: pieces are NULL from then on, strings are absent, and arena_failed() tells at the end.
 */
#ifndef FF_CORE_ARENA_H
#define FF_CORE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "core/attr.h"
#include "core/buf.h"
#include "core/str.h"

struct arena;

/* A new arena that may hand out max bytes. NULL only when memory is exhausted. */
struct arena *arena_new(size_t max) NODISCARD;
void arena_free(struct arena **arena);
/* Gives every piece back and clears the failure; the first block is kept. */
void arena_reset(struct arena *arena);

bool arena_failed(const struct arena *arena);
/* How many bytes have been handed out. */
size_t arena_used(const struct arena *arena);

/* Zeroed bytes, aligned for any type. NULL when the arena has failed. */
void *arena_alloc(struct arena *arena, size_t size) NODISCARD;
/* Zeroed array; the product is checked for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size) NODISCARD;
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

/* A copy that ends in NUL. An absent string stays absent. */
struct str arena_str(struct arena *arena, struct str s);
/* The same, as a C string; s must hold no NUL byte. NULL when the arena has failed. */
char *arena_cstr(struct arena *arena, struct str s);
struct str arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* a followed by b. */
struct str arena_join(struct arena *arena, struct str a, struct str b);
/* The content of b as a piece of the arena; absent when b has failed. b is freed. */
struct str arena_take_buf(struct arena *arena, struct buf *b);

#endif
