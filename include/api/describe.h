/* The client API as a page for people and as a document for programs, out of the tables that the program runs by. */
#ifndef FF_API_DESCRIBE_H
#define FF_API_DESCRIBE_H

#include "core/buf.h"
#include "json/jw.h"

/* Appends Markdown: a section for each subject, a line for each endpoint. */
void api_describe(struct buf *out);
/*
 * {"routes": [{"method", "path", "section", "auth": none|optional|app|user|waiting|stream, "scopes": [...], "class",
 * "parameters": [{"name", "type": text|boolean|number|limit|choice|texts|ids|file|inner, "min", "max", "default",
 * "max_bytes", "words"}]}]}
 */
void api_describe_json(struct jw *w);

/* Appends the same of our own API, /api/fediflow/, as OpenAPI 3.1 (JSON). */
void api_openapi(struct buf *out);

#endif
