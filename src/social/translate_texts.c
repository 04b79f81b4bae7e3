/* What of a post is translated, and what of a translation is shown. Pure. */
#include "core/utf8.h"
#include "text/html.h"
#include "translate_int.h"

#define LINE_CHARS 2000 /* of what is no content */
#define LINE_BYTES ((size_t)8192)

static void add_plain(struct arena *arena, struct str text, struct str *out)
{
	struct buf markup = BUF_INIT(TRANSLATE_BYTES_MAX + 1);
	html_add_text(&markup, text);
	/* absent when it is too large */
	*out = arena_take_buf(arena, &markup);
}

static enum rc check_size(struct ctx *ctx, const struct texts *t)
{
	size_t bytes = 0;
	if (arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < texts_count(t); i++)
		bytes += t->list[i].ptr != NULL ? t->list[i].len : TRANSLATE_BYTES_MAX + 1;
	if (bytes == 0)
		return ctx_fail(ctx, RC_UNSUPPORTED, "there is nothing to translate");
	return bytes <= TRANSLATE_BYTES_MAX
		       ? RC_OK
		       : ctx_fail(ctx, RC_TOO_LARGE, "the post is too long to be translated");
}

enum rc texts_of(struct ctx *ctx, const struct translate_order *order, struct texts *out)
{
	const struct status *s = order->status;
	struct arena *arena = ctx->arena;
	*out = (struct texts){ .option_count = 0 };
	if (s->content.markup.len > TRANSLATE_BYTES_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "the post is too long to be translated");
	out->list[0] = arena_join(arena, s->content.markup, STR(""));
	add_plain(arena, s->spoiler, &out->list[1]);
	for (unsigned i = 0; order->poll != NULL && i < order->poll->option_count; i++)
		add_plain(arena, order->poll->options[i].name,
			  &out->list[TEXTS_FIXED + out->option_count++]);
	for (unsigned i = 0; i < s->attachment_count; i++) {
		if (attachment_kind_of(&s->attachments[i]) != ATTACHMENT_LINK)
			add_plain(arena, s->attachments[i].description,
				  &out->list[TEXTS_FIXED + out->option_count +
					     out->description_count++]);
	}
	return check_size(ctx, out);
}

/* Markup becomes what one reads of it. */
static enum rc take_plain(struct ctx *ctx, struct str markup, struct str *out)
{
	struct html html;
	struct str text = STR("");
	enum rc rc = html_sanitize(ctx, markup, &html);
	if (rc == RC_OK)
		rc = html_to_text(ctx, html, &text);
	if (rc == RC_OK && text_clean(ctx, text, SIZE_MAX, SIZE_MAX, &text) != RC_OK)
		rc = ctx_fail(ctx, RC_INVALID, "the answer is no text");
	if (rc == RC_OK)
		*out = utf8_take(str_trim(text), LINE_CHARS, LINE_BYTES);
	return rc;
}

static enum rc take_list(struct ctx *ctx, const struct str *from, unsigned count, struct str **out)
{
	enum rc rc = RC_OK;
	*out = ARENA_ARRAY(ctx->arena, count, struct str);
	if (*out == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	for (unsigned i = 0; rc == RC_OK && i < count; i++)
		rc = take_plain(ctx, from[i], &(*out)[i]);
	return rc;
}

enum rc texts_take(struct ctx *ctx, const struct texts *t, struct translation *out)
{
	const struct str *options = t->list + TEXTS_FIXED;
	/* S-081: whatever the service has made of it */
	enum rc rc = html_sanitize(ctx, t->list[0], &out->content);
	if (rc == RC_OK)
		rc = take_plain(ctx, t->list[1], &out->spoiler);
	if (rc == RC_OK)
		rc = take_list(ctx, options, t->option_count, &out->options);
	if (rc == RC_OK)
		rc = take_list(ctx, options + t->option_count, t->description_count,
			       &out->descriptions);
	out->option_count = t->option_count;
	out->description_count = t->description_count;
	return rc;
}
