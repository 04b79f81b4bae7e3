/*
 * The classifier: multinomial naive Bayes with Laplace smoothing (C. Manning, P. Raghavan,
 * H. Schütze, "Introduction to Information Retrieval", 2008, section 13.2), of words counted once for
 * each post, both classes held for equally likely beforehand: how often moderators are asked says
 * nothing of a post that nobody has asked about. Of all words the most telling decide, so that padding does
 * not outvote them (G. Robinson, "A Statistical Approach to the Spam Problem", 2003; SpamBayes counts 150,
 * its max_discriminators, as we do). Inside transactions.
 */
#include <math.h>
#include <stdlib.h>

#include "sift_int.h"
#include "store/usage.h"

#define WORDS_LOOKED_AT WORDS_MAX
#define TELLING 150
#define POSTS_LEAST 10 /* of either class, before it believes anything */
#define CERTAIN 20.0   /* in natural logarithms */

/* --- words --- */

static void add_text(struct buf *out, struct str text)
{
	if (out->len != 0 && text.len != 0)
		buf_add_chr(out, '\n');
	buf_add(out, text);
}

void sift_words(struct ctx *ctx, const struct status *status, struct words *out)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct buf all = BUF_INIT(HTML_OUTPUT_MAX + (64 << 10));
	struct str text;
	add_text(&all, status->title);
	add_text(&all, status->spoiler);
	if (html_to_text(&quiet, status->content, &text) == RC_OK)
		add_text(&all, text);
	*out = (struct words){ .count = 0 };
	text = arena_take_buf(ctx->arena, &all);
	if (text.ptr == NULL || text_words(&quiet, text, out) != RC_OK)
		*out = (struct words){ .count = 0 };
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t sift_distinct(struct arena *arena, const struct words *words, struct str **out, size_t max)
{
	struct str *list = ARENA_ARRAY(arena, words->count, struct str);
	size_t n = 0;
	*out = list;
	if (list == NULL || words->count == 0)
		return 0;
	memcpy(list, words->list, words->count * sizeof(list[0]));
	qsort(list, words->count, sizeof(list[0]), by_text);
	for (size_t i = 0; i < words->count && n < max; i++) {
		if (n == 0 || !str_eq(list[i], list[n - 1]))
			list[n++] = list[i];
	}
	return n;
}

/* --- learning --- */

static uint32_t plus(uint32_t n, int times)
{
	if (times < 0)
		return n != 0 ? n - 1 : 0;
	return n != UINT32_MAX ? n + 1 : n;
}

static uint64_t moved(uint64_t n, uint64_t by, int times)
{
	return times >= 0 ? n + by : n - (by < n ? by : n);
}

static void learn_word(struct social *s, struct str word, bool removed, int times,
		       struct word_totals *t)
{
	struct word_count c;
	bool known = word_get(s->txn, word, &c);
	if (!known && (times < 0 || t->words >= LEARNED_WORDS_MAX))
		return;
	uint32_t *count = removed ? &c.removed : &c.kept;
	uint64_t *sum = removed ? &t->removed_words : &t->kept_words;
	uint32_t now = plus(*count, times);
	*sum = moved(*sum, now != *count, times);
	*count = now;
	c.day = day_of_ms(db_txn_now(s->txn));
	if (c.kept == 0 && c.removed == 0) {
		word_del(s->txn, word);
		t->words -= t->words != 0;
		return;
	}
	t->words += !known;
	word_put(s->txn, word, &c);
}

void sift_learn(struct social *s, const struct status *status, bool removed, int times)
{
	struct word_totals t = word_totals_get(s->txn);
	struct words words;
	struct str *list;
	sift_words(s->ctx, status, &words);
	uint64_t print = sift_print_words(&words);
	size_t n = sift_distinct(s->ctx->arena, &words, &list, WORDS_LOOKED_AT);
	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		learn_word(s, list[i], removed, times, &t);
	uint64_t *posts = removed ? &t.removed_posts : &t.kept_posts;
	*posts = moved(*posts, 1, times);
	word_totals_put(s->txn, &t);
	if (!removed || print == 0)
		return;
	const struct fingerprint f = { print, status->id, day_of_ms(db_txn_now(s->txn)) };
	if (times > 0)
		fingerprint_add(s->txn, s->ctx->arena, &f);
	else
		fingerprint_del(s->txn, s->ctx->arena, status->id);
}

/* --- believing --- */

/* The logarithm of how much likelier the word is in what was removed than in what was kept. */
static double weight_of(const struct word_count *c, const struct word_totals *t)
{
	double words = (double)t->words;
	return log((c->removed + 1.0) / ((double)t->removed_words + words)) -
	       log((c->kept + 1.0) / ((double)t->kept_words + words));
}

static int by_weight(const void *a, const void *b)
{
	const struct sift_evidence *x = a, *y = b;
	double more = fabs(y->weight) - fabs(x->weight);
	return more != 0 ? (more > 0) - (more < 0) : str_cmp(x->word, y->word);
}

/* The words that are known, the most telling first; how many. */
static size_t weigh(struct db_txn *txn, const struct word_totals *t, const struct str *words,
		    size_t count, struct sift_evidence *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		struct word_count c;
		/* a word that was never met speaks for neither */
		if (word_get(txn, words[i], &c))
			out[n++] = (struct sift_evidence){ words[i], weight_of(&c, t) };
	}
	if (n != 0)
		qsort(out, n, sizeof(out[0]), by_weight);
	return n;
}

bool sift_believe(struct db_txn *txn, struct ctx *ctx, const struct status *status, uint8_t *spam,
		  struct sift_evidence out[SIFT_EVIDENCE_MAX], unsigned *count)
{
	const struct word_totals t = word_totals_get(txn);
	struct words words;
	struct str *list;
	double odds = 0;
	*spam = 0;
	*count = 0;
	if (t.kept_posts < POSTS_LEAST || t.removed_posts < POSTS_LEAST || t.words == 0)
		return false;
	sift_words(ctx, status, &words);
	size_t distinct = sift_distinct(ctx->arena, &words, &list, WORDS_LOOKED_AT);
	struct sift_evidence *all = ARENA_ARRAY(ctx->arena, distinct, struct sift_evidence);
	size_t n = all != NULL ? weigh(txn, &t, list, distinct, all) : 0;
	for (size_t i = 0; i < n && i < TELLING; i++)
		odds += all[i].weight;
	for (; *count < n && *count < SIFT_EVIDENCE_MAX; ++*count)
		out[*count] = all[*count];
	odds = fmax(-CERTAIN, fmin(CERTAIN, odds));
	/* what it knows no word of it does not judge */
	*spam = n != 0 ? (uint8_t)lround(100.0 / (1.0 + exp(-odds))) : 0;
	return true;
}
