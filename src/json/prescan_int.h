/*
 * The strict look at the raw bytes before json-c sees them. json-c 0.16 takes duplicate names,
 * overlong UTF-8, raw controls, NaN and huge integers even in its strict mode, and cuts a name at
 * \u0000; nothing of that passes here.
 */
#ifndef FF_JSON_PRESCAN_INT_H
#define FF_JSON_PRESCAN_INT_H

#include "json/jr.h"

/* What a tree made of a text must come to. */
struct prescan_sum {
	size_t nodes; /* values in all */
	size_t text;  /* bytes of all names and strings, decoded */
};

/*
 * RC_OK when bytes are one JSON text (RFC 8259) within the limits and without what two readers
 * could read differently; otherwise RC_INVALID, RC_TOO_LARGE or RC_NO_MEMORY with what and where in
 * err. sum is set on success and may be NULL.
 */
enum rc prescan(struct err *err, struct str bytes, const struct jr_limits *limits,
		struct prescan_sum *sum) NODISCARD;

#endif
