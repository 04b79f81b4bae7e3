/*
 * FZ-03: whatever the markup, what is made of it holds nothing but what S-081 allows, by a reading
 * of its own, and sanitising it again changes nothing.
 */
#include <stdint.h>

#include "core/must.h"
#include "core/utf8.h"
#include "html_check.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new((size_t)4 << 20) };
	struct html once, twice;
	struct str text;
	must(ctx.arena != NULL);
	if (html_sanitize(&ctx, str_n(data, size), &once) == RC_OK) {
		must(once.markup.len <= HTML_OUTPUT_MAX);
		must(utf8_valid(once.markup));
		must(html_check(once.markup) == NULL);
		must(html_sanitize(&ctx, once.markup, &twice) == RC_OK);
		must(str_eq(once.markup, twice.markup));
		must(html_to_text(&ctx, once, &text) == RC_OK);
		must(text.len <= once.markup.len);
	}
	arena_free(&ctx.arena);
	return 0;
}
