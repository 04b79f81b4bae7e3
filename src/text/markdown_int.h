/* Markdown as HTML that is still to be sanitised. Inside text only. */
#ifndef FF_TEXT_MARKDOWN_INT_H
#define FF_TEXT_MARKDOWN_INT_H

#include "core/buf.h"
#include "core/str.h"

/* Emphasis, code, links and pictures of one block of text. Linear in its length, but for a depth
 * of emphasis that is bounded. */
void markdown_inline(struct buf *out, struct str text);

#endif
