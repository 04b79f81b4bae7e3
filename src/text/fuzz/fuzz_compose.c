/*
 * What people write: cleaning it twice is cleaning it once (S-145); what is composed of it is a fixed point of the
 * sanitiser and holds nothing but what S-081 allows; its hashtags fold to what folds to itself.
 */
#include <stdint.h>

#include "core/must.h"
#include "core/utf8.h"
#include "html_check.h"
#include "text/html.h"
#include "text/words.h"

#define LIMIT 10000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Knows everybody whose name does not begin with x. */
static bool resolve(void *arg UNUSED, struct ctx *ctx, struct mention *mention)
{
	mention->url =
		arena_printf(ctx->arena, "https://home.example/@%.*s", STR_ARG(mention->user));
	return mention->user.ptr[0] != 'x';
}

static void check_compose(struct ctx *ctx, struct str text)
{
	const struct compose_rules rules = {
		.resolve = resolve,
		.tag_base = STR_INIT("https://home.example/tags/"),
		.max_mentions = 5,
		.max_tags = 5,
	};
	struct composed composed;
	struct html again;
	struct str folded, twice;
	if (text_compose(ctx, text, &rules, &composed) != RC_OK)
		return;
	must(html_check(composed.html.markup) == NULL);
	must(html_sanitize(ctx, composed.html.markup, &again) == RC_OK);
	must(str_eq(again.markup, composed.html.markup));
	must(composed.mention_count <= rules.max_mentions);
	must(composed.tag_count <= rules.max_tags);
	for (size_t i = 0; i < composed.tag_count; i++) {
		must(text_tag_fold(ctx, composed.tags[i], &folded) == RC_OK);
		must(text_tag_fold(ctx, folded, &twice) == RC_OK);
		must(str_eq(folded, twice));
	}
}

/* What is searched for is found under the same words. */
static void check_words(struct ctx *ctx, struct str text)
{
	struct words words, again;
	struct str folded;
	if (text_words(ctx, text, &words) != RC_OK || text_fold(ctx, text, &folded) != RC_OK)
		return;
	must(utf8_valid(folded) && words.count <= WORDS_MAX);
	for (size_t i = 0; i < words.count; i++)
		must(words.list[i].len != 0 && words.list[i].len <= WORD_BYTES_MAX &&
		     utf8_valid(words.list[i]) &&
		     str_index(words.list[i], '\0') == words.list[i].len);
	must(text_words(ctx, folded, &again) == RC_OK);
	must(again.count == words.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new((size_t)8 << 20) };
	struct str text = str_n(data, size), clean, again;
	must(ctx.arena != NULL);
	if (text_clean(&ctx, text, LIMIT, LIMIT, &clean) == RC_OK) {
		must(utf8_valid(clean));
		must(text_clean(&ctx, clean, LIMIT, LIMIT, &again) == RC_OK);
		must(str_eq(clean, again));
		text = clean;
	}
	/* also what was not cleaned must do no harm */
	check_compose(&ctx, text);
	check_words(&ctx, text);
	arena_free(&ctx.arena);
	return 0;
}
