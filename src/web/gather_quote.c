/* Reads what posts quote: only what everybody may see under the quote. */
#include "web_int.h"

void reading_quotes(struct reading *r, struct post *posts, size_t count)
{
	struct status *quoted = ARENA_ARRAY(r->arena, count, struct status);
	uint64_t ids[POSTS_CHUNK];
	must(count <= POSTS_CHUNK);
	for (size_t i = 0; i < count; i++)
		ids[i] = posts[i].status->quote.state == INTERACTION_ACCEPTED
				 ? posts[i].status->quote.status
				 : 0;
	if (quoted == NULL || !status_get_many(r->txn, r->arena, ids, count, quoted))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct account *author =
			quoted[i].id != 0 ? reading_person(r, quoted[i].account) : NULL;
		if (!may_see_quote(r->txn, VIEWER_ANYBODY, posts[i].status, posts[i].author,
				   &quoted[i], author))
			continue;
		posts[i].quoted = &quoted[i];
		posts[i].quoted_author = author;
	}
}
