/*
 * What a client sends. Query, form and JSON become one list of names and values, in Rails' spelling,
 * since clients of Mastodon use all of them for the same: {"poll": {"options": ["a"]}} is
 * "poll[options][]=a". A table of rows decodes the list into a struct.
 */
#ifndef FF_API_FIELDS_INT_H
#define FF_API_FIELDS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/ctx.h"
#include "core/str.h"
#include "httpd/multipart.h"

#define FIELDS_MAX 512
#define LIST_MAX 100 /* values of one list */

struct field {
	struct str name;
	struct str value; /* absent: null */
};

struct fields {
	struct field *list;
	size_t count;
};

/*
 * Adds what stands in a query or form, or in a JSON object. RC_INVALID (malformed, not UTF-8),
 * RC_TOO_LARGE, with the reason in ctx.
 */
enum rc fields_add_form(struct ctx *ctx, struct fields *fields, struct str form) NODISCARD;
enum rc fields_add_json(struct ctx *ctx, struct fields *fields, struct str json) NODISCARD;
/* Those parts of a form that are no files. */
enum rc fields_add_parts(struct ctx *ctx, struct fields *fields,
			 const struct multipart *form) NODISCARD;
/* The last value of that name; NULL when there is none. */
const struct field *fields_find(const struct fields *fields, struct str name);

/* --- decoding --- */

enum tri { TRI_UNSET, TRI_NO, TRI_YES };

struct str_list {
	struct str *list;
	size_t count;
	bool given; /* named at all, maybe with nothing in it */
};

struct id_list {
	uint64_t *list;
	size_t count;
	bool given;
};

enum param_kind {
	KIND_STR,    /* struct str; absent when it is not given */
	KIND_BOOL,   /* enum tri */
	KIND_NUMBER, /* uint64_t */
	KIND_LIMIT,  /* uint64_t, cut to its bounds instead of refused */
	KIND_CHOICE, /* unsigned: index among names, UINT_MAX when it is not given */
	KIND_STRS,   /* struct str_list */
	KIND_IDS,    /* struct id_list */
	/* what the handler reads itself, since it is of no one shape; the row says that there is such */
	KIND_FILE,  /* a part of the body that is a file */
	KIND_INNER, /* a value within a list of objects: "fields_attributes[:index][name]" */
};

#define NO_CHOICE UINT32_MAX

struct param {
	const char *name; /* of a list without its "[]" */
	enum param_kind kind;
	size_t offset;
	uint64_t min, max; /* of a number; max bytes of a string */
	uint64_t fallback;
	const char *const *names; /* of a choice, up to a NULL */
};

struct param_table {
	const struct param *rows;
	size_t count;
	size_t size; /* of the struct */
	bool files;  /* the body may have some, as large as an upload may be */
};

#define PARAM_STR(type, member, name, max)                              \
	{                                                               \
		name, KIND_STR, offsetof(type, member), 0, max, 0, NULL \
	}
#define PARAM_BOOL(type, member, name)                                 \
	{                                                              \
		name, KIND_BOOL, offsetof(type, member), 0, 0, 0, NULL \
	}
#define PARAM_NUMBER(type, member, name, min, max, fallback)                        \
	{                                                                           \
		name, KIND_NUMBER, offsetof(type, member), min, max, fallback, NULL \
	}
#define PARAM_LIMIT(type, member, fallback, max)                                    \
	{                                                                           \
		"limit", KIND_LIMIT, offsetof(type, member), 1, max, fallback, NULL \
	}
#define PARAM_CHOICE(type, member, name, names)                           \
	{                                                                 \
		name, KIND_CHOICE, offsetof(type, member), 0, 0, 0, names \
	}
#define PARAM_STRS(type, member, name, max)                              \
	{                                                                \
		name, KIND_STRS, offsetof(type, member), 0, max, 0, NULL \
	}
#define PARAM_IDS(type, member, name)                                 \
	{                                                             \
		name, KIND_IDS, offsetof(type, member), 0, 0, 0, NULL \
	}

/* What the handler reads itself; max is the bytes of a value, 0 where the handler knows better. */
#define PARAM_FILE(name)                          \
	{                                         \
		name, KIND_FILE, 0, 0, 0, 0, NULL \
	}
#define PARAM_INNER(name, max)                       \
	{                                            \
		name, KIND_INNER, 0, 0, max, 0, NULL \
	}

/* A table of the rows in `rows`, which fill a `type`. */
#define PARAM_TABLE(table, type, rows) \
	static const struct param_table table = { rows, ARRAY_LEN(rows), sizeof(type), false }
/* The same where files may come along. */
#define PARAM_TABLE_FILES(table, type, rows) \
	static const struct param_table table = { rows, ARRAY_LEN(rows), sizeof(type), true }

/* "updated_at" as it was shown to who decides: RC_INVALID, with the reason in ctx, when it is not said. */
enum rc param_seen(struct ctx *ctx, struct str text, uint64_t *ms) NODISCARD;
/* A new struct in the arena. RC_INVALID with the reason in ctx, RC_NO_MEMORY. */
enum rc params_decode(struct ctx *ctx, const struct param_table *table, const struct fields *fields,
		      const void **out) NODISCARD;

#endif
