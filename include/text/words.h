/* The words of a text as they are searched for. */
#ifndef FF_TEXT_WORDS_H
#define FF_TEXT_WORDS_H

#include <stddef.h>

#include "core/ctx.h"
#include "core/str.h"

#define WORD_BYTES_MAX 48 /* what is longer is cut between two characters */
#define WORDS_MAX 2000	  /* of one text; the rest is not searched */

struct words {
	struct str *list; /* in the order of the text, repeated as often as they stand there */
	size_t count;
};

/*
 * Parts text at the word boundaries of UAX 29 and folds what has a letter or a number: NFKC, without
 * case, without the accents of Latin, Greek and Cyrillic. Ideographs are words of their own.
 * RC_INVALID when it is not UTF-8, RC_NO_MEMORY. The words are in the arena and hold no control byte.
 */
enum rc text_words(struct ctx *ctx, struct str text, struct words *out) NODISCARD;
/* The same folding without parting: what is compared as a whole, such as the start of a word. */
enum rc text_fold(struct ctx *ctx, struct str text, struct str *out) NODISCARD;

#endif
