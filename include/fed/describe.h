/* What this program says and understands, as the document that schemas/federation.md is (FEP-67ff). */
#ifndef FF_FED_DESCRIBE_H
#define FF_FED_DESCRIBE_H

#include "core/buf.h"

/* Markdown, out of the tables that the program runs by. */
void fed_describe(struct buf *out);

#endif
