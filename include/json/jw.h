/*
 * Writing JSON as a stream into a buffer: no tree, no allocation of its own. Failures are the
 * buffer's and sticky; a wrong nesting is our own bug and ends the process.
 */
#ifndef FF_JSON_JW_H
#define FF_JSON_JW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"

#define JW_DEPTH 32

struct jw {
	struct buf *out;
	unsigned depth;
	bool need_comma;
	bool after_name;
	char closers[JW_DEPTH];
};

void jw_init(struct jw *w, struct buf *out);
/* Must be called when done: every container is closed. */
void jw_done(struct jw *w);

void jw_object(struct jw *w);
void jw_array(struct jw *w);
/* Closes the innermost container. */
void jw_end(struct jw *w);

/* The name of the next member; a literal without characters that need escaping. */
void jw_name(struct jw *w, const char *name);
/* The same, escaped. */
void jw_name_str(struct jw *w, struct str name);

/* Invalid UTF-8 and NUL are replaced by U+FFFD; an absent str is null. */
void jw_str(struct jw *w, struct str s);
/* Most readers lose digits above 2^53, and jr refuses them: write larger ones as strings. */
void jw_u64(struct jw *w, uint64_t n);
/* As a string, which keeps all digits. */
void jw_u64_str(struct jw *w, uint64_t n);
void jw_i64(struct jw *w, int64_t n);
/* n is finite. */
void jw_double(struct jw *w, double n);
void jw_bool(struct jw *w, bool b);
void jw_null(struct jw *w);
/* Milliseconds since 1970 as an RFC 3339 string. */
void jw_date(struct jw *w, uint64_t ms);
/* A value that is JSON already and was written by us. When it is empty, its buffer has failed, and so does w's. */
void jw_raw(struct jw *w, struct str json);

/* A member in one call. The _opt forms leave the member out when the string is absent or empty. */
void jw_member_str(struct jw *w, const char *name, struct str s);
void jw_member_opt(struct jw *w, const char *name, struct str s);
void jw_member_u64(struct jw *w, const char *name, uint64_t n);
void jw_member_bool(struct jw *w, const char *name, bool b);
void jw_member_date(struct jw *w, const char *name, uint64_t ms);

#endif
