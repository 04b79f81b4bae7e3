/*
 * Reading JSON that strangers sent. jr_parse() refuses whatever two readers could read differently
 * (RFC 8259 with the stricter rules of RFC 7493, I-JSON): invalid UTF-8, duplicate names, lone
 * surrogates, NUL, numbers out of range, trailing bytes; and whatever passes a limit. Values are
 * reached by typed getters only, which never fail: a value of another type is simply not there.
 */
#ifndef FF_JSON_JR_H
#define FF_JSON_JR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"

/* No limits may be set above these. */
#define JR_BYTES_MAX ((size_t)1 << 30)
#define JR_DEPTH_MAX 64

struct jr_limits {
	size_t bytes;  /* of the whole text */
	size_t depth;  /* of nesting; the root has 1 */
	size_t nodes;  /* values in all */
	size_t names;  /* members of one object */
	size_t string; /* bytes of one decoded string */
	/* Integers up to 2^63 - 1, which RFC 7493 section 2.2 warns of: programs that act for people send
	 * ids so. Without, up to 2^53. */
	bool long_integers;
};

/* What a peer may send: 1 MiB, 32 deep, 20,000 nodes, 512 names, strings of 512 KiB. */
extern const struct jr_limits jr_limits_peer;

/* A parsed text. Owns every string that a getter returns. */
struct jr_doc;

/*
 * Parses bytes, whose root must be an object or an array. The document must be freed with jr_free()
 * and lives independently of bytes. RC_INVALID, RC_TOO_LARGE (a limit) or RC_NO_MEMORY, with the
 * place in ctx.
 */
enum rc jr_parse(struct ctx *ctx, struct str bytes, const struct jr_limits *limits,
		 struct jr_doc **out) NODISCARD;
void jr_free(struct jr_doc **doc);

enum jr_type {
	JR_ABSENT,
	JR_NULL,
	JR_BOOL,
	JR_NUMBER,
	JR_STRING,
	JR_ARRAY,
	JR_OBJECT,
};

/* A value inside a document; {NULL} is absent. Passed by value, valid as long as the document. */
struct jr {
	const void *node;
};

struct jr jr_root(const struct jr_doc *doc);
enum jr_type jr_type(struct jr v);

/* The member of an object; absent when v is no object or has no such member. */
struct jr jr_get(struct jr v, const char *name);
/* How many elements an array has; 0 for anything else. */
size_t jr_count(struct jr v);
/* The element of an array; absent when v is no array or shorter. */
struct jr jr_at(struct jr v, size_t index);

/*
 * One thing or many: the field of ActivityStreams that may be a value or an array of values. An
 * array has its elements, an absent value or null has none, anything else is one. jr_one_at(v, 0)
 * of a lone value is v.
 */
size_t jr_one_count(struct jr v);
struct jr jr_one_at(struct jr v, size_t index);

/* Walks the members of an object in their order: start with {0}. False at the end. */
struct jr_iter {
	const void *at;
	bool begun;
};
bool jr_next(struct jr object, struct jr_iter *it, struct str *name, struct jr *value);

/* The string, or {NULL, 0} when v is no string. */
struct str jr_str(struct jr v);
/* False when v is no integer number within range; 5.0 and 5e0 count as 5. */
bool jr_i64(struct jr v, int64_t *out) NODISCARD;
/* False when v is no number. Always finite. */
bool jr_double(struct jr v, double *out) NODISCARD;
bool jr_bool(struct jr v, bool fallback);

/* The version of json-c that runs, which may be newer than the one it was built with. */
const char *json_library_version(void);

#endif
