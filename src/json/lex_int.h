/* The two tokens of JSON that have an inside: strings and numbers. */
#ifndef FF_JSON_LEX_INT_H
#define FF_JSON_LEX_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"

/* The longest number text, in bytes; far more than any double needs. */
#define LEX_NUMBER_MAX 1024

/* Where the reading is. What was wrong is left in `wrong`, with `at` standing on the byte. */
struct lex {
	const unsigned char *at;
	const unsigned char *end;
	const char *wrong;
	bool long_integers; /* as in struct jr_limits */
};

struct lex_string {
	const unsigned char *raw; /* behind the opening quote */
	size_t raw_len;
	size_t len; /* when decoded */
	bool escaped;
};

/* Reads a string, `at` being behind its opening quote; goes behind the closing one. */
bool lex_string(struct lex *lex, struct lex_string *out) NODISCARD;
/* Adds the text of a string that was read. */
void lex_unescape(struct buf *out, const struct lex_string *string);
/* Reads a number from its first byte on. */
bool lex_number(struct lex *lex) NODISCARD;

#endif
