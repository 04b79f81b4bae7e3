/*
 * Structured field values (RFC 8941, RFC 9651): dictionaries as Signature, Signature-Input and
 * Content-Digest use them, read and written. Stricter than the RFC where it would let two readers
 * differ: a key that is given twice is refused. Display strings, which none of the three fields
 * uses, are refused as well.
 */
#ifndef FF_CRYPT_SF_INT_H
#define FF_CRYPT_SF_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

#define SF_MAX_MEMBERS 16
#define SF_MAX_ITEMS 64
#define SF_MAX_PARAMS 16

enum sf_type {
	SF_INTEGER,
	SF_DECIMAL,
	SF_STRING,
	SF_TOKEN,
	SF_BYTES,
	SF_BOOLEAN,
	SF_DATE,
};

struct sf_value {
	enum sf_type type;
	int64_t number;	 /* integer, boolean, date; a decimal in thousandths */
	struct str text; /* string, token, bytes: decoded */
};

struct sf_param {
	struct str key;
	struct sf_value value;
};

struct sf_params {
	const struct sf_param *rows;
	size_t count;
};

struct sf_item {
	struct sf_value value;
	struct sf_params params;
};

/* An item has one row in items, an inner list any number and parameters of its own. */
struct sf_member {
	struct str key;
	bool is_list;
	const struct sf_item *items;
	size_t count;
	struct sf_params params;
};

struct sf_dict {
	const struct sf_member *rows;
	size_t count;
};

/* False when text is not a dictionary within the limits. Everything lives in text or the arena. */
bool sf_parse_dict(struct arena *arena, struct str text, struct sf_dict *out) NODISCARD;

/* NULL when there is none. */
const struct sf_member *sf_dict_find(const struct sf_dict *dict, struct str key);
const struct sf_value *sf_params_find(const struct sf_params *params, struct str key);

/* The one right serialisation (RFC 9651 section 4.1). */
void sf_add_item(struct buf *out, const struct sf_item *item);
/* What stands behind the key's "=": an item or an inner list with its parameters. */
void sf_add_member_value(struct buf *out, const struct sf_member *member);
void sf_add_string(struct buf *out, struct str text);
void sf_add_bytes(struct buf *out, struct str bytes);
/* Can text be a String at all: printable ASCII (section 3.3.3)? */
bool sf_is_string(struct str text);

#endif
