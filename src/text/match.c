/* Words in text. Stateless, any thread. */
#include "text/match.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

#include "core/utf8.h"
#include "word_int.h"

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static enum rc fold_ascii(struct arena *arena, struct str text, struct str *out)
{
	char *folded = arena_alloc(arena, text.len + 1);
	if (folded == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		folded[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	*out = str_n(folded, text.len);
	return RC_OK;
}

/* Unicode's toNFKC_Casefold() (section 3.13), but for characters that are ignored. */
enum rc match_fold(struct arena *arena, struct str text, struct str *out)
{
	size_t wide_len, len;
	*out = STR("");
	if (text.len == 0 || is_ascii(text))
		return fold_ascii(arena, text, out);
	if (!utf8_valid(text))
		return RC_INVALID;
	uint8_t *wide =
		u8_normalize(UNINORM_NFKC, (const uint8_t *)text.ptr, text.len, NULL, &wide_len);
	if (wide == NULL)
		return RC_NO_MEMORY;
	uint8_t *folded = u8_casefold(wide, wide_len, NULL, UNINORM_NFKC, NULL, &len);
	free(wide);
	if (folded == NULL)
		return RC_NO_MEMORY;
	*out = arena_str(arena, str_n(folded, len));
	free(folded);
	return out->ptr != NULL ? RC_OK : RC_NO_MEMORY;
}

/* Scripts that put no space between words: every character may be the end of one. */
static bool is_unspaced(uint32_t code)
{
	static const uint32_t ranges[][2] = {
		{ 0x0e00, 0x0eff }, /* Thai, Lao */
		{ 0x1000, 0x109f }, /* Myanmar */
		{ 0x1780, 0x17ff }, /* Khmer */
		{ 0x3040, 0x309f }, /* Hiragana */
		{ 0x3400, 0x4dbf }, /* Han */
		{ 0x4e00, 0x9fff }, { 0x20000, 0x3ffff },
	};
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		if (code >= ranges[i][0] && code <= ranges[i][1])
			return true;
	}
	return false;
}

/* Does the character that begins at `at` belong together with what stands beside it? */
static bool part_at(struct str text, size_t at)
{
	struct str rest = str_skip(text, at);
	uint32_t code;
	return utf8_next(&rest, &code) && word_is_part(code) && !is_unspaced(code);
}

/* Is the one that ends before `at`? */
static bool part_before(struct str text, size_t at)
{
	if (at == 0)
		return false;
	do
		at--;
	while (at != 0 && ((unsigned char)text.ptr[at] & 0xc0) == 0x80);
	return part_at(text, at);
}

struct match_word match_word(struct str folded, bool whole)
{
	return (struct match_word){ .folded = folded,
				    .begins = whole && part_at(folded, 0),
				    .ends = whole && part_before(folded, folded.len) };
}

bool match_find(struct str text, const struct match_word *word)
{
	struct str w = word->folded;
	size_t from = 0;
	if (w.len == 0)
		return false;
	while (from + w.len <= text.len) {
		size_t at = from + str_find(str_skip(text, from), w);
		if (at == text.len)
			return false;
		if ((!word->begins || !part_before(text, at)) &&
		    (!word->ends || !part_at(text, at + w.len)))
			return true;
		from = at + 1;
	}
	return false;
}
