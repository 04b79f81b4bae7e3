/*
 * The one spelling of a JSON value that all agree on, for hashing and signing: the JSON
 * Canonicalization Scheme (RFC 8785).
 */
#ifndef FF_JSON_JCS_H
#define FF_JSON_JCS_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/rc.h"
#include "json/jr.h"

/* A member of the root that is spelt with another value than it has; an absent value leaves it out. */
struct jcs_change {
	const char *name;
	struct jr value;
};

/*
 * Adds the canonical form of value to out. changes apply when it is an object: what they name is
 * written as they say, whether it stands there or not. Does not recurse; what it needs for sorting
 * comes from arena. RC_NO_MEMORY (also when out is full), RC_TOO_LARGE when a changed value is
 * nested deeper than JR_DEPTH_MAX allows, RC_INVALID when value is absent.
 */
enum rc jcs_write(struct arena *arena, struct jr value, const struct jcs_change *changes,
		  size_t change_count, struct buf *out) NODISCARD;

/* A finite number as ECMAScript writes it (RFC 8785 section 3.2.2.3). */
void jcs_add_number(struct buf *out, double n);

#endif
