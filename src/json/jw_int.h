/* What the writers of this module share. */
#ifndef FF_JSON_JW_INT_H
#define FF_JSON_JW_INT_H

#include "core/buf.h"
#include "core/str.h"

/* A string with its quotes, escaped as RFC 8785 section 3.2.2.2 has it. */
void jw_add_string(struct buf *out, struct str s);

#endif
