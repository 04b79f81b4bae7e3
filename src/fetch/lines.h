/* Header lines of a request, checked and in the shape that curl takes them in. */
#ifndef FF_FETCH_LINES_H
#define FF_FETCH_LINES_H

#include <curl/curl.h>
#include <stdbool.h>

#include "fetch/fetch.h"

/*
 * Adds header in front of *lines, in ctx's arena; what curl writes itself (Host, Content-Length) is
 * left out. RC_INVALID for bytes that could end a line (S-043), RC_NO_MEMORY.
 */
enum rc lines_add(struct ctx *ctx, struct curl_slist **lines,
		  const struct fetch_header *header) NODISCARD;
/* Keeps curl from adding a header of this name by itself. */
enum rc lines_silence(struct ctx *ctx, struct curl_slist **lines, struct str name) NODISCARD;
/* Copies those of from that may go along to another URL than the one they were meant for (S-033).
 */
enum rc lines_add_travelling(struct ctx *ctx, struct curl_slist **lines,
			     const struct curl_slist *from) NODISCARD;
/* Is there a line for name? */
bool lines_have(const struct curl_slist *lines, struct str name);

#endif
