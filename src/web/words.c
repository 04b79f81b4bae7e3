/* The words of pages. English is the one table there is. */
#include "words.h"

#include "text/html.h"

static const struct str english[] = {
#define X(name, text) [W_##name] = STR_INIT(text),
	WORDS(X)
#undef X
};

struct str word(enum word w)
{
	return english[w];
}

struct str word_begin(struct buf *out, enum word w)
{
	struct str before, behind;
	str_split(word(w), '%', &before, &behind);
	html_add_text(out, before);
	return behind;
}

void word_fill(struct buf *out, enum word w, struct str with)
{
	struct str behind = word_begin(out, w);
	html_add_text(out, with);
	html_add_text(out, behind);
}

void word_count(struct buf *out, enum word one, enum word many, uint64_t n)
{
	struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
	struct buf grouped CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&digits, n);
	for (size_t i = 0; i < digits.len; i++) {
		if (i != 0 && (digits.len - i) % 3 == 0)
			buf_add_chr(&grouped, ',');
		buf_add_chr(&grouped, digits.ptr[i]);
	}
	word_fill(out, n == 1 ? one : many, buf_str(&grouped));
}
