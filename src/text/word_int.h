/* Which code points make words, for hashtags and for where one may begin. Inside text only. */
#ifndef FF_TEXT_WORD_INT_H
#define FF_TEXT_WORD_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

/* Hashtags, in code points. */
#define TAG_MAX 100

/* Letters, marks, numbers and "_". */
bool word_is_part(uint32_t code);
/* Letters. */
bool word_is_letter(uint32_t code);
/* White space, controls, and the punctuation beyond ASCII that never stands in a link as people write it. */
bool word_ends_link(uint32_t code);

/* How many bytes of a hashtag, its "#" taken off, stand at the start of text; 0 when there is none. */
size_t tag_length(struct str text);

#endif
