/* UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef FF_CORE_UTF8_H
#define FF_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/buf.h"
#include "core/str.h"

bool utf8_valid(struct str s) PURE;
/* Takes the first code point off *rest. False when nothing is left or the bytes are not UTF-8. */
bool utf8_next(struct str *rest, uint32_t *code);
void utf8_add(struct buf *out, uint32_t code);
/* How many code points valid text has. */
size_t utf8_count(struct str s) PURE;
/* The longest prefix of valid text that has at most max code points and max_bytes bytes. */
struct str utf8_take(struct str s, size_t max, size_t max_bytes) PURE;

#endif
