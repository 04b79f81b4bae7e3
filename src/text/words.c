/* Words for searching: folding and parting. Stateless, any thread. */
#include "text/words.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>
#include <uniwbrk.h>

#include "core/utf8.h"
#include "word_int.h"

#define FOLD_BYTES_MAX ((size_t)1 << 20)

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static struct str fold_ascii(struct ctx *ctx, struct str text)
{
	struct buf folded = BUF_INIT(FOLD_BYTES_MAX);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		buf_add_chr(&folded, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
	return arena_take_buf(ctx->arena, &folded);
}

/* Combining Diacritical Marks: the accents that people leave away when they search. */
static bool is_accent(uint32_t code)
{
	return code >= 0x300 && code <= 0x36f;
}

static void add_bare(struct buf *out, struct str decomposed)
{
	uint32_t code;
	while (utf8_next(&decomposed, &code)) {
		if (!is_accent(code))
			utf8_add(out, code);
	}
}

/* NFKD, case folded, bare of accents, composed again. */
static struct str fold_any(struct ctx *ctx, struct str text)
{
	size_t len = 0;
	uint8_t *apart =
		u8_casefold((const uint8_t *)text.ptr, text.len, NULL, UNINORM_NFKD, NULL, &len);
	struct buf bare CLEANUP(buf_free) = BUF_INIT(FOLD_BYTES_MAX);
	struct str result = STR_NONE;
	if (apart == NULL)
		return result;
	add_bare(&bare, str_n(apart, len));
	free(apart);
	uint8_t *whole = bare.failed
				 ? NULL
				 : u8_normalize(UNINORM_NFC, (const uint8_t *)buf_str(&bare).ptr,
						bare.len, NULL, &len);
	if (whole == NULL)
		return result;
	result = arena_str(ctx->arena, str_n(whole, len));
	free(whole);
	return result;
}

enum rc text_fold(struct ctx *ctx, struct str text, struct str *out)
{
	*out = STR_NONE;
	if (!utf8_valid(text))
		return ctx_fail(ctx, RC_INVALID, "text: not UTF-8");
	if (text.len > FOLD_BYTES_MAX / 4)
		return ctx_fail(ctx, RC_TOO_LARGE, "text: too long to be searched");
	if (text.len == 0)
		*out = STR("");
	else
		*out = is_ascii(text) ? fold_ascii(ctx, text) : fold_any(ctx, text);
	return out->ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
}

static bool is_word(struct str part)
{
	uint32_t code;
	while (utf8_next(&part, &code)) {
		if (code != '_' && word_is_part(code))
			return true;
	}
	return false;
}

static void add_word(struct words *out, struct str word)
{
	if (out->count < WORDS_MAX && is_word(word))
		out->list[out->count++] = utf8_take(word, WORD_BYTES_MAX, WORD_BYTES_MAX);
}

/* breaks[i] says whether a word may begin at byte i. */
static void part(struct words *out, struct str text, const char *breaks)
{
	size_t from = 0;
	for (size_t i = 1; i <= text.len; i++) {
		if (i != text.len && !breaks[i])
			continue;
		add_word(out, str_take(str_skip(text, from), i - from));
		from = i;
	}
}

enum rc text_words(struct ctx *ctx, struct str text, struct words *out)
{
	struct str folded;
	*out = (struct words){ 0 };
	enum rc rc = text_fold(ctx, text, &folded);
	if (rc != RC_OK || folded.len == 0)
		return rc;
	size_t most = folded.len < WORDS_MAX ? folded.len : WORDS_MAX;
	char *breaks = malloc(folded.len);
	out->list = ARENA_ARRAY(ctx->arena, most, struct str);
	if (breaks != NULL && out->list != NULL) {
		u8_wordbreaks((const uint8_t *)folded.ptr, folded.len, breaks);
		part(out, folded, breaks);
	}
	free(breaks);
	if (breaks == NULL || out->list == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
	return RC_OK;
}
