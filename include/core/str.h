/*
 * struct str: a view of bytes. It never owns what it points to and is passed by value. It need not
 * end in NUL. An absent string is {NULL, 0}; an empty one has a pointer.
 */
#ifndef FF_CORE_STR_H
#define FF_CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/attr.h"

struct str {
	const char *ptr;
	size_t len;
};

/* A literal as a str. STR_INIT is the same for static tables. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_INIT(lit)                   \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).len, ((s).ptr != NULL ? (s).ptr : "")

static inline struct str str_of(const char *cstr)
{
	return (struct str){ cstr, cstr != NULL ? strlen(cstr) : 0 };
}

static inline struct str str_n(const void *ptr, size_t len)
{
	return (struct str){ (const char *)ptr, len };
}

static inline bool str_empty(struct str s)
{
	return s.len == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ASCII case only; never the locale's. */
bool str_eq_nocase(struct str a, struct str b) PURE;
/* memcmp order, the shorter first when one is the other's prefix. */
int str_cmp(struct str a, struct str b) PURE;
bool str_has_prefix(struct str s, struct str prefix) PURE;
bool str_has_prefix_nocase(struct str s, struct str prefix) PURE;
bool str_has_suffix(struct str s, struct str suffix) PURE;
/* The index of the first c, or s.len when there is none. */
size_t str_index(struct str s, char c) PURE;
/* The index of the last c, or s.len when there is none. */
size_t str_rindex(struct str s, char c) PURE;
/* The index of the first needle, or s.len when there is none. An empty needle is found at 0. */
size_t str_find(struct str s, struct str needle) PURE;
bool str_contains(struct str s, struct str needle) PURE;

/* s without its first n bytes; empty when n is past the end. */
static inline struct str str_skip(struct str s, size_t n)
{
	size_t skip = n < s.len ? n : s.len;
	return str_n(s.ptr != NULL ? s.ptr + skip : NULL, s.len - skip);
}

/* The first n bytes of s; all of s when n is past the end. */
static inline struct str str_take(struct str s, size_t n)
{
	return (struct str){ s.ptr, n < s.len ? n : s.len };
}

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s) PURE;

/*
 * Takes the part of *rest before the first sep off and returns it; *rest goes on behind the sep.
 * Without a sep the whole rest is returned and *rest becomes {NULL, 0}. For loops:
 *   for (struct str part; str_next(&rest, ',', &part);) ...
 */
bool str_next(struct str *rest, char sep, struct str *part);
/* Splits s at the first sep; false, and *head = s, *tail = none, when there is none. */
bool str_split(struct str s, char sep, struct str *head, struct str *tail);

/* Decimal digits only, the whole string, no sign, no overflow. */
bool str_to_u64(struct str s, uint64_t *out) NODISCARD;
bool str_to_i64(struct str s, int64_t *out) NODISCARD;

/* A keyed hash (SipHash-1-3 with a key drawn at start), so that strangers cannot choose collisions.
 */
uint64_t str_hash(struct str s);

/* Takes the same time whatever the bytes are; for digests, tokens and signatures. */
bool str_eq_secret(struct str a, struct str b);

#endif
