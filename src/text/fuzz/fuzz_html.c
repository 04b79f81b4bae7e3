/*
 * FZ-03: whatever the markup, what is made of it holds nothing but what S-081 allows, by a reading
 * of its own, and sanitising it again changes nothing. Pictures for emoji stand for their shortcodes
 * and change nothing else (S-086).
 */
#include <stdint.h>

#include "core/must.h"
#include "core/utf8.h"
#include "html_check.h"
#include "text/emoji.h"
#include "text/html.h"

#define PICTURE "<img class=\"emoji\" src=\"https://a.example/\" alt=\""

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str find(void *arg UNUSED, struct str shortcode UNUSED)
{
	return STR("https://a.example/");
}

/* With every picture taken for its shortcode again it is what it was. */
static void try_emoji(struct html html)
{
	struct buf out = BUF_INIT((size_t)64 << 20), back = BUF_INIT(HTML_OUTPUT_MAX);
	emoji_add_html(&out, html, find, NULL);
	for (struct str rest = buf_str(&out); rest.len != 0;) {
		buf_add(&back, str_take(rest, str_find(rest, STR(PICTURE))));
		rest = str_skip(rest, str_find(rest, STR(PICTURE)));
		if (rest.len == 0)
			break;
		rest = str_skip(rest, sizeof(PICTURE) - 1);
		buf_add(&back, str_take(rest, str_index(rest, '"')));
		rest = str_skip(rest, str_index(rest, '>') + 1);
	}
	must(!out.failed && !back.failed && str_eq(buf_str(&back), html.markup));
	buf_free(&out);
	buf_free(&back);
}

static void try_reaction(struct ctx *ctx, struct str text)
{
	struct str once, twice = STR_NONE;
	if (emoji_canonical(ctx, text, &once) != RC_OK)
		return;
	must(utf8_valid(once) && emoji_canonical(ctx, once, &twice) == RC_OK);
	must(str_eq(once, twice));
}

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
		try_emoji(once);
	}
	try_reaction(&ctx, str_n(data, size));
	arena_free(&ctx.arena);
	return 0;
}
