/* Matching posts against filters. Pure; any thread. */
#include "social/filter.h"
#include "store/poll.h"
#include "text/match.h"

#define PAIRS 65536 /* of bytes */

struct word {
	struct match_word match;
	struct str text; /* as it was written */
};

struct rule {
	const struct filter *filter;
	struct word *words;
	size_t word_count;
};

struct filter_set {
	struct rule *rules;
	size_t count;
	bool any_words;
};

/* --- compiling --- */

static bool holds(const struct filter *f, enum filter_context context, uint64_t now_ms)
{
	return (f->contexts & (unsigned)context) != 0 &&
	       (f->expires_ms == 0 || f->expires_ms > now_ms) &&
	       (f->keyword_count != 0 || f->status_count != 0);
}

static bool rule_fill(struct arena *arena, const struct filter *f, struct rule *rule)
{
	rule->filter = f;
	rule->words = ARENA_ARRAY(arena, f->keyword_count, struct word);
	if (rule->words == NULL)
		return false;
	for (unsigned i = 0; i < f->keyword_count; i++) {
		struct word *w = &rule->words[rule->word_count];
		struct str folded;
		if (match_fold(arena, f->keywords[i].text, &folded) != RC_OK || folded.len == 0)
			continue;
		w->match = match_word(folded, f->keywords[i].whole_word);
		w->text = f->keywords[i].text;
		rule->word_count++;
	}
	return true;
}

struct filter_set *filters_compile(struct arena *arena, const struct filter *filters, size_t count,
				   enum filter_context context, uint64_t now_ms)
{
	struct filter_set *set = ARENA_NEW(arena, struct filter_set);
	size_t words = 0;
	if (set == NULL || (set->rules = ARENA_ARRAY(arena, count, struct rule)) == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct filter *f = &filters[i];
		if (!holds(f, context, now_ms) || words + f->keyword_count > FILTER_WORDS_MAX)
			continue;
		if (!rule_fill(arena, f, &set->rules[set->count]))
			return NULL;
		words += set->rules[set->count++].word_count;
	}
	set->any_words = words != 0;
	return set->count != 0 ? set : NULL;
}

/* --- matching --- */

/* Which pairs of bytes a text has: most words are ruled out by their first two. */
struct pairs {
	uint64_t bits[PAIRS / 64];
};

static unsigned pair_at(struct str s, size_t at)
{
	return (unsigned)(unsigned char)s.ptr[at] << 8 | (unsigned char)s.ptr[at + 1];
}

static void pairs_fill(struct pairs *p, struct str text)
{
	memset(p, 0, sizeof(*p));
	for (size_t i = 0; i + 1 < text.len; i++) {
		unsigned pair = pair_at(text, i);
		p->bits[pair / 64] |= UINT64_C(1) << (pair % 64);
	}
}

static bool may_have(const struct pairs *p, struct str word)
{
	if (word.len < 2)
		return true;
	unsigned pair = pair_at(word, 0);
	return (p->bits[pair / 64] >> (pair % 64) & 1) != 0;
}

static bool names_status(const struct filter *f, uint64_t status)
{
	for (unsigned i = 0; i < f->status_count; i++) {
		if (f->statuses[i].status == status)
			return true;
	}
	return false;
}

static bool rule_match(const struct rule *rule, struct arena *arena, const struct pairs *pairs,
		       struct str folded, struct filter_match *out)
{
	for (size_t i = 0; i < rule->word_count; i++) {
		const struct word *w = &rule->words[i];
		if (!may_have(pairs, w->match.folded) || !match_find(folded, &w->match))
			continue;
		if (out->keywords == NULL)
			out->keywords = ARENA_ARRAY(arena, rule->word_count, struct str);
		if (out->keywords != NULL)
			out->keywords[out->keyword_count++] = w->text;
	}
	return out->keyword_count != 0;
}

size_t filters_match(const struct filter_set *set, struct arena *arena, struct str text,
		     uint64_t status, struct filter_match **out)
{
	struct pairs pairs;
	struct str folded = STR("");
	size_t n = 0;
	*out = NULL;
	if (set == NULL)
		return 0;
	/* text of ours is UTF-8; without memory the arena has failed, and its owner sees that */
	if (set->any_words && match_fold(arena, text, &folded) != RC_OK)
		return 0;
	pairs_fill(&pairs, folded);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = &set->rules[i];
		struct filter_match m = { .filter = rule->filter,
					  .status = names_status(rule->filter, status) };
		if (!rule_match(rule, arena, &pairs, folded, &m) && !m.status)
			continue;
		if (*out == NULL)
			*out = ARENA_ARRAY(arena, set->count, struct filter_match);
		if (*out != NULL)
			(*out)[n++] = m;
	}
	return n;
}

bool filters_hide(const struct filter_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (matches[i].filter->action == FILTER_HIDE)
			return true;
	}
	return false;
}

/* --- what is looked at --- */

enum rc filter_text(struct ctx *ctx, const struct status *status, const struct poll *poll,
		    struct str *out)
{
	struct buf text = BUF_INIT(2 * HTML_OUTPUT_MAX);
	struct str content;
	*out = STR("");
	enum rc rc = html_to_text(ctx, status->content, &content);
	if (rc != RC_OK)
		return rc;
	buf_add(&text, status->spoiler);
	buf_add(&text, STR("\n\n"));
	buf_add(&text, status->title);
	buf_add(&text, STR("\n\n"));
	buf_add(&text, content);
	for (unsigned i = 0; poll != NULL && i < poll->option_count; i++) {
		buf_add(&text, STR("\n\n"));
		buf_add(&text, poll->options[i].name);
	}
	for (unsigned i = 0; i < status->attachment_count; i++) {
		buf_add(&text, STR("\n\n"));
		buf_add(&text, status->attachments[i].description);
	}
	*out = arena_take_buf(ctx->arena, &text);
	return out->ptr != NULL ? RC_OK : RC_NO_MEMORY;
}
