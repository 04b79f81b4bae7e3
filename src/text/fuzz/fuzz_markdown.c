/* What peers send as it was typed: whatever Markdown, Misskey's dialect or plain text it is, what comes
 * of it holds nothing but what S-081 allows and is a fixed point of the sanitiser; its links can be
 * walked. */
#include <stdint.h>

#include "core/must.h"
#include "core/utf8.h"
#include "html_check.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum rc converter(struct ctx *ctx, struct str text, struct html *out);

static void check(struct ctx *ctx, struct str text, converter *convert)
{
	struct html out, again;
	struct html_link link;
	if (convert(ctx, text, &out) != RC_OK)
		return;
	must(html_check(out.markup) == NULL);
	must(html_sanitize(ctx, out.markup, &again) == RC_OK);
	must(str_eq(again.markup, out.markup));
	struct str rest = out.markup;
	while (html_link_next(ctx, &rest, &link))
		must(link.href.len != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new((size_t)16 << 20) };
	struct str text = str_n(data, size);
	must(ctx.arena != NULL);
	check(&ctx, text, text_markdown);
	check(&ctx, text, text_mfm);
	check(&ctx, text, html_sanitize);
	if (utf8_valid(text))
		check(&ctx, text, text_plain);
	arena_free(&ctx.arena);
	return 0;
}
