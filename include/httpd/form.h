/*
 * application/x-www-form-urlencoded (WHATWG URL, section 5): queries and form bodies. Strict on the
 * way in: a malformed %XX or one that stands for NUL, or bytes that are not UTF-8, are malformed.
 */
#ifndef FF_HTTPD_FORM_H
#define FF_HTTPD_FORM_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/str.h"

/* Takes the next field off *rest; name and value are not decoded. False when there is none. */
bool form_next(struct str *rest, struct str *name, struct str *value);
/* "+" is a space, %XX a byte. Absent when text is malformed or the arena has failed. */
struct str form_decode(struct arena *arena, struct str text);
/* The decoded value of the first field of that name; absent when there is none or it is malformed.
 */
struct str form_find(struct arena *arena, struct str form, struct str name);

#endif
