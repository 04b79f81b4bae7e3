/* What stands for an article of ours where long texts are not shown. Pure. */
#include "core/utf8.h"
#include "fed_int.h"

#define PREVIEW_CHARS 400

/* FEP-b2b8, preview: title, beginning, and where the whole is. */
enum rc build_preview(struct ctx *ctx, const struct status *s, struct str *out)
{
	struct buf html = BUF_INIT(HTML_OUTPUT_MAX);
	struct str text, url = s->url.len != 0 ? s->url : s->uri;
	enum rc rc = html_to_text(ctx, s->content, &text);
	if (rc != RC_OK)
		return rc;
	struct str head = utf8_take(text, PREVIEW_CHARS, (size_t)PREVIEW_CHARS * 4);
	buf_add(&html, STR("<p><strong>"));
	html_add_text(&html, s->title);
	buf_add(&html, STR("</strong></p><p>"));
	/* what is behind a warning is not shown in front of it */
	html_add_text(&html, s->spoiler.len != 0 ? s->spoiler : head);
	if (s->spoiler.len == 0 && head.len < text.len)
		buf_add(&html, STR("…"));
	buf_add(&html, STR("</p><p><a href=\""));
	html_add_text(&html, url);
	buf_add(&html, STR("\">"));
	html_add_text(&html, url);
	buf_add(&html, STR("</a></p>"));
	*out = arena_take_buf(ctx->arena, &html);
	return out->ptr != NULL ? RC_OK : RC_NO_MEMORY;
}
