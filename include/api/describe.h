/* The client API as a page for people, out of the tables that the program runs by. */
#ifndef FF_API_DESCRIBE_H
#define FF_API_DESCRIBE_H

#include "core/buf.h"

/* Appends Markdown: one line for each endpoint. */
void api_describe(struct buf *out);

#endif
