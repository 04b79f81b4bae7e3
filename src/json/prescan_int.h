/*
 * The strict look at the raw bytes before json-c sees them. json-c 0.16 takes duplicate names,
 * overlong UTF-8, raw controls, NaN and huge integers even in its strict mode, and cuts a name at
 * \u0000; nothing of that passes here.
 */
#ifndef FF_JSON_PRESCAN_INT_H
#define FF_JSON_PRESCAN_INT_H

#include "json/jr.h"

/*
 * RC_OK when bytes are one JSON text (RFC 8259) within the limits and without what two readers
 * could read differently; otherwise RC_INVALID, RC_TOO_LARGE or RC_NO_MEMORY with what and where in
 * err.
 */
enum rc prescan(struct err *err, struct str bytes, const struct jr_limits *limits) NODISCARD;

#endif
