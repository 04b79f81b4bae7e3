/* Hashtags and the characters of words. Stateless, any thread. */
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "core/utf8.h"
#include "text/html.h"
#include "word_int.h"

/* No code point takes more. */
#define TAG_BYTES_MAX (4 * TAG_MAX)

static bool is_ascii_alpha(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

/* Marks that only say how an emoji looks, and the box around a keycap. */
static bool is_emoji_mark(uint32_t code)
{
	return (code >= 0xfe00 && code <= 0xfe0f) || code == 0x20e3;
}

static bool has_category(uint32_t code, uint32_t mask)
{
	return uc_is_general_category_withtable(code, mask);
}

bool word_is_letter(uint32_t code)
{
	return code < 0x80 ? is_ascii_alpha(code) : has_category(code, UC_CATEGORY_MASK_L);
}

static bool is_number(uint32_t code)
{
	return code < 0x80 ? code >= '0' && code <= '9' : has_category(code, UC_CATEGORY_MASK_N);
}

bool word_is_part(uint32_t code)
{
	if (word_is_letter(code) || is_number(code) || code == '_')
		return true;
	return code >= 0x80 && has_category(code, UC_CATEGORY_MASK_M) && !is_emoji_mark(code);
}

bool word_ends_link(uint32_t code)
{
	if (code < 0x80)
		return code <= ' ' || code == 0x7f || code == '<' || code == '>' || code == '"';
	/* the Catalan middle dot is part of words, dashes and ties are found in paths */
	if (code == 0xb7)
		return false;
	return has_category(code, UC_CATEGORY_MASK_Z | UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Po |
					  UC_CATEGORY_MASK_Ps | UC_CATEGORY_MASK_Pe |
					  UC_CATEGORY_MASK_Pi | UC_CATEGORY_MASK_Pf);
}

/* Within a tag, never at its ends: middle dots of Catalan and Japanese, the non-joiner of Persian. */
static bool is_joint(uint32_t code)
{
	return code == 0xb7 || code == 0x30fb || code == 0x200c;
}

size_t tag_length(struct str text)
{
	struct str rest = text;
	size_t end = 0, count = 0;
	bool letter = false;
	uint32_t code;
	while (utf8_next(&rest, &code)) {
		bool part = word_is_part(code);
		bool begins = word_is_letter(code) || is_number(code) || code == '_';
		if (count == 0 ? !begins : !part && !is_joint(code))
			break;
		if (++count > TAG_MAX)
			return 0;
		letter = letter || word_is_letter(code);
		if (part)
			end = text.len - rest.len;
	}
	return letter ? end : 0;
}

/* Of ASCII, which most tags are, there are no forms and no cases but two. */
static uint8_t *fold_ascii(struct str tag, size_t *len)
{
	uint8_t *folded = malloc(tag.len);
	for (size_t i = 0; folded != NULL && i < tag.len; i++) {
		unsigned char c = (unsigned char)tag.ptr[i];
		folded[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
	}
	*len = tag.len;
	return folded;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

/* NFKC, case folded, NFKC again, as Unicode's toNFKC_Casefold() (section 3.13). *len
 * is the length of the result. */
static uint8_t *fold(struct str tag, size_t *len)
{
	size_t wide_len;
	if (is_ascii(tag))
		return fold_ascii(tag, len);
	uint8_t *wide =
		u8_normalize(UNINORM_NFKC, (const uint8_t *)tag.ptr, tag.len, NULL, &wide_len);
	if (wide == NULL)
		return NULL;
	uint8_t *folded = u8_casefold(wide, wide_len, NULL, UNINORM_NFKC, NULL, len);
	free(wide);
	return folded;
}

enum rc text_tag_fold(struct ctx *ctx, struct str tag, struct str *out)
{
	size_t len;
	*out = STR_NONE;
	if (tag.len == 0 || tag.len > TAG_BYTES_MAX || tag_length(tag) != tag.len)
		return ctx_fail(ctx, RC_INVALID, "hashtag: not one word with a letter");
	uint8_t *folded = fold(tag, &len);
	if (folded == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "hashtag: no memory");
	*out = arena_str(ctx->arena, str_n(folded, len));
	free(folded);
	if (out->ptr == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "hashtag: no memory");
	/* compatibility forms may hold anything, U+FDFA even spaces */
	if (tag_length(*out) != out->len) {
		*out = STR_NONE;
		return ctx_fail(ctx, RC_INVALID, "hashtag: not one word with a letter");
	}
	return RC_OK;
}
