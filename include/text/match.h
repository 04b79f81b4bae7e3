/* Finding words in text without regard to case, forms and width. */
#ifndef FF_TEXT_MATCH_H
#define FF_TEXT_MATCH_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"

/* NFKC, case folded: what text and words are compared in. RC_NO_MEMORY, RC_INVALID (not UTF-8). */
enum rc match_fold(struct arena *arena, struct str text, struct str *out) NODISCARD;

/* Does the word begin and end with what is part of words (letters, marks, numbers, "_")? Only there is
 * a boundary looked for. */
struct match_word {
	struct str folded;
	bool begins, ends;
};
/* whole: only whole words are found. folded is match_fold()'s. */
struct match_word match_word(struct str folded, bool whole);
/* Is it in text, which is match_fold()'s? */
bool match_find(struct str text, const struct match_word *word);

#endif
