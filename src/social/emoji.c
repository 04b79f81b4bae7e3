/* Finds the node's emoji in what its people write. Inside transactions only. */
#include "social/emoji.h"

#include "text/emoji.h"

struct finder {
	struct social *s;
	struct emoji *list;
	unsigned count;
	unsigned looked; /* that are none cost as much as those that are (S-056) */
};

#define LOOKED_MAX (4 * EMOJIS_MAX)

static bool is_listed(const struct finder *f, struct str shortcode)
{
	for (unsigned i = 0; i < f->count; i++) {
		if (str_eq(f->list[i].shortcode, shortcode))
			return true;
	}
	return false;
}

static void find_in(struct finder *f, struct str text)
{
	struct str before, shortcode;
	struct local_emoji known;
	while (f->list != NULL && f->count < EMOJIS_MAX && f->looked < LOOKED_MAX &&
	       emoji_next(&text, &before, &shortcode)) {
		bool listed = is_listed(f, shortcode);
		f->looked += !listed;
		if (!listed && emoji_get(f->s->txn, f->s->ctx->arena, shortcode, &known))
			f->list[f->count++] = (struct emoji){ known.shortcode, known.url };
		else if (!listed)
			/* its last colon may be the first of another */
			text = str_n(text.ptr - 1, text.len + 1);
	}
}

static struct finder finder_of(struct social *s)
{
	return (struct finder){ .s = s,
				.list = ARENA_ARRAY(s->ctx->arena, EMOJIS_MAX, struct emoji) };
}

void emojis_of_status(struct social *s, struct status *status)
{
	struct finder f = finder_of(s);
	find_in(&f, status->source);
	find_in(&f, status->spoiler);
	find_in(&f, status->title);
	status->emojis = f.list;
	status->emoji_count = f.count;
}

void emojis_of_account(struct social *s, struct account *account)
{
	struct finder f = finder_of(s);
	find_in(&f, account->display_name);
	find_in(&f, account->note.markup);
	for (unsigned i = 0; i < account->field_count; i++) {
		find_in(&f, account->fields[i].name);
		find_in(&f, account->fields[i].value.markup);
	}
	account->emojis = f.list;
	account->emoji_count = f.count;
}
