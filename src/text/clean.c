/*
 * Text that people write, made fit to be stored (S-145): valid UTF-8, NFC, nothing that cannot be seen, bidirectional
 * controls only in pairs. Stateless, any thread.
 */
#include <stdlib.h>
#include <uninorm.h>

#include "core/utf8.h"
#include "text/html.h"

/* UAX 9 section 3.3.2: max_depth. */
#define BIDI_DEPTH_MAX 125
#define BIDI_BYTES 3 /* of each control in UTF-8 */

enum {
	LRE = 0x202a,
	RLE = 0x202b,
	PDF = 0x202c,
	LRO = 0x202d,
	RLO = 0x202e,
	LRI = 0x2066,
	FSI = 0x2068,
	PDI = 0x2069,
};

enum opener { EMBEDDING, OVERRIDE, ISOLATE };

/* The text as it grows, and the controls of the paragraph that wait for their end. */
struct cleaner {
	struct buf out;
	struct {
		enum opener kind;
		size_t at; /* in out; an override is not there */
	} open[BIDI_DEPTH_MAX];
	size_t depth;
};

static void cleaner_free(struct cleaner *c)
{
	buf_free(&c->out);
}

/* Takes the innermost opener back. */
static void bidi_undo(struct cleaner *c)
{
	size_t at = c->open[--c->depth].at;
	if (c->open[c->depth].kind == OVERRIDE || c->out.failed)
		return;
	memmove(c->out.ptr + at, c->out.ptr + at + BIDI_BYTES, c->out.len - at - BIDI_BYTES);
	buf_cut(&c->out, c->out.len - BIDI_BYTES);
}

static void bidi_end_paragraph(struct cleaner *c)
{
	while (c->depth != 0)
		bidi_undo(c);
}

/* Overrides turn letters around, which is never needed and often a trick: they go, with their end. */
static void bidi_open(struct cleaner *c, uint32_t code, enum opener kind)
{
	if (c->depth == BIDI_DEPTH_MAX)
		return;
	c->open[c->depth].kind = kind;
	c->open[c->depth++].at = c->out.len;
	if (kind != OVERRIDE)
		utf8_add(&c->out, code);
}

static void bidi_pop(struct cleaner *c)
{
	if (c->depth == 0 || c->open[c->depth - 1].kind == ISOLATE)
		return;
	if (c->open[--c->depth].kind == EMBEDDING)
		utf8_add(&c->out, PDF);
}

/* UAX 9 rule X6a: the end of an isolate ends the embeddings within. */
static void bidi_pop_isolate(struct cleaner *c)
{
	size_t depth = c->depth;
	while (depth != 0 && c->open[depth - 1].kind != ISOLATE)
		depth--;
	if (depth == 0)
		return;
	while (c->depth > depth)
		bidi_undo(c);
	c->depth--;
	utf8_add(&c->out, PDI);
}

/* True when code is one of them. */
static bool bidi_take(struct cleaner *c, uint32_t code)
{
	if (code == LRE || code == RLE)
		bidi_open(c, code, EMBEDDING);
	else if (code == LRO || code == RLO)
		bidi_open(c, code, OVERRIDE);
	else if (code >= LRI && code <= FSI)
		bidi_open(c, code, ISOLATE);
	else if (code == PDF)
		bidi_pop(c);
	else if (code == PDI)
		bidi_pop_isolate(c);
	else
		return false;
	return true;
}

static bool is_unwanted(uint32_t code)
{
	if (code < 0x20)
		return code != '\n' && code != '\t';
	return (code >= 0x7f && code < 0xa0) || (code >= 0xfdd0 && code <= 0xfdef) ||
	       (code & 0xfffe) == 0xfffe;
}

static void clean_all(struct cleaner *c, struct str text)
{
	uint32_t code;
	while (utf8_next(&text, &code)) {
		if (code == '\r') {
			if (text.len != 0 && text.ptr[0] == '\n')
				continue;
			code = '\n';
		}
		/* UAX 9 section 3.3.2: no control reaches beyond its paragraph */
		if (code == '\n' || code == 0x2029)
			bidi_end_paragraph(c);
		if (!is_unwanted(code) && !bidi_take(c, code))
			utf8_add(&c->out, code);
	}
	bidi_end_paragraph(c);
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static struct str normalize(struct ctx *ctx, struct str text)
{
	size_t len;
	if (is_ascii(text))
		return arena_str(ctx->arena, text);
	uint8_t *composed =
		u8_normalize(UNINORM_NFC, (const uint8_t *)text.ptr, text.len, NULL, &len);
	if (composed == NULL)
		return STR_NONE;
	struct str result = arena_str(ctx->arena, str_n(composed, len));
	free(composed);
	return result;
}

enum rc text_clean(struct ctx *ctx, struct str text, size_t max_chars, size_t max_bytes,
		   struct str *out)
{
	CLEANUP(cleaner_free) struct cleaner c = { .out = BUF_INIT(text.len + 1) };
	*out = STR_NONE;
	if (!utf8_valid(text))
		return ctx_fail(ctx, RC_INVALID, "text: not UTF-8");
	/* composing makes a character of several, but not of many */
	if (text.len / 8 > max_bytes)
		return ctx_fail(ctx, RC_TOO_LARGE, "text: longer than %zu bytes", max_bytes);
	clean_all(&c, text);
	if (c.out.failed)
		return ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
	struct str clean = normalize(ctx, buf_str(&c.out));
	if (clean.ptr == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
	if (clean.len > max_bytes || utf8_count(clean) > max_chars)
		return ctx_fail(ctx, RC_TOO_LARGE, "text: longer than %zu characters or %zu bytes",
				max_chars, max_bytes);
	*out = clean;
	return RC_OK;
}
