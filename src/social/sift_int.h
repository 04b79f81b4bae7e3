/* What the files of the sieve share about posts. */
#ifndef FF_SOCIAL_SIFT_INT_H
#define FF_SOCIAL_SIFT_INT_H

#include "act_int.h"
#include "social/sift.h"
#include "text/words.h"

/* The words of a post: title, warning, text. What is no text has none. */
void sift_words(struct ctx *ctx, const struct status *status, struct words *out);
uint64_t sift_print_words(const struct words *words);
/* Those words, each once, in their order; at most max. */
size_t sift_distinct(struct arena *arena, const struct words *words, struct str **out, size_t max);
/* The likeness to what was removed most like it. */
uint8_t sift_likest(struct db_txn *txn, struct arena *arena, uint64_t print, uint32_t today);

/* act_post.c: what was left out while it was held. */
enum rc act_reveal(struct social *s, const struct account *author, struct status *status) NODISCARD;
/* The same of an edit. */
enum rc act_reveal_edit(struct social *s, const struct account *author,
			struct status *status) NODISCARD;

#endif
