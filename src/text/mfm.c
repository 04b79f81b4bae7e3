/* Misskey's dialect of Markdown: what it adds is taken off, what it says stays (FEP-c16b). Stateless,
 * any thread. */
#include "core/attr.h"
#include "text/html.h"

#define NAME_MAX_BYTES ((size_t)100) /* of an effect with its arguments */

static const struct str tags[] = {
	STR_INIT("<center>"), STR_INIT("</center>"), STR_INIT("<small>"), STR_INIT("</small>"),
	STR_INIT("<b>"),      STR_INIT("</b>"),	     STR_INIT("<i>"),	  STR_INIT("</i>"),
	STR_INIT("<s>"),      STR_INIT("</s>"),	     STR_INIT("<plain>"), STR_INIT("</plain>"),
};

static size_t tag_at(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (str_has_prefix(text, tags[i]))
			return tags[i].len;
	}
	return 0;
}

/* "$[name.arguments " */
static size_t effect_at(struct str text)
{
	struct str near = str_take(text, NAME_MAX_BYTES);
	size_t n = str_index(near, ' ');
	if (!str_has_prefix(text, STR("$[")) || n == near.len || n == 2 ||
	    str_index(str_take(near, n), '\n') != n)
		return 0;
	return n + 1;
}

static void take_off(struct buf *out, struct str text)
{
	unsigned effects = 0;
	while (text.len != 0) {
		size_t n = effect_at(text);
		effects += n != 0;
		if (n == 0)
			n = tag_at(text);
		if (n == 0 && text.ptr[0] == ']' && effects != 0) {
			effects--;
			n = 1;
		} else if (n == 0) {
			/* a link within an effect has brackets of its own */
			size_t link = text.ptr[0] == '[' ? str_index(text, ']') + 1 : 1;
			n = link <= text.len && link <= NAME_MAX_BYTES ? link : 1;
			buf_add(out, str_take(text, n));
		}
		text = str_skip(text, n);
	}
}

enum rc text_mfm(struct ctx *ctx, struct str text, struct html *out)
{
	struct buf plain CLEANUP(buf_free) = BUF_INIT(HTML_OUTPUT_MAX);
	take_off(&plain, str_take(text, HTML_OUTPUT_MAX));
	out->markup = STR_NONE;
	if (plain.failed)
		return ctx_fail(ctx, RC_NO_MEMORY, "MFM: no memory");
	return text_markdown(ctx, buf_str(&plain), out);
}
