/* What somebody has set for their feeds. Inside transactions that may only read. */
#include "social/wants.h"

#include "store/graph.h"
#include "store/list.h"
#include "store/shelf.h"

#define TAGS_AT_ONCE 64

bool wants_not(struct db_txn *txn, uint64_t reader, uint64_t account, struct str host)
{
	return shelf_has(txn, SHELF_MUTED, reader, account) ||
	       (host.len != 0 && shelf_has_text(txn, SHELF_DOMAINS, reader, host));
}

bool wants_no_boosts(struct db_txn *txn, uint64_t reader, uint64_t followee)
{
	return (follow_get(txn, reader, followee).flags & FOLLOW_NO_BOOSTS) != 0;
}

static bool is_language(struct str language, struct str wanted)
{
	return str_has_prefix_nocase(language, wanted) &&
	       (language.len == wanted.len || language.ptr[wanted.len] == '-');
}

bool wants_no_language(struct db_txn *txn, uint64_t reader, uint64_t followee, struct str language)
{
	struct str rest = follow_get(txn, reader, followee).languages, wanted;
	if (rest.len == 0 || language.len == 0)
		return false;
	while (str_next(&rest, ',', &wanted)) {
		if (is_language(language, wanted))
			return false;
	}
	return true;
}

bool wants_apart(struct db_txn *txn, uint64_t reader, uint64_t followee)
{
	return list_keeps_apart(txn, reader, followee);
}

size_t wants_tags(struct db_txn *txn, struct arena *arena, uint64_t reader, struct str *out,
		  size_t count)
{
	struct shelved items[TAGS_AT_ONCE];
	struct page page = PAGE_ALL;
	size_t n = 0, read, want;
	do {
		want = count - n < TAGS_AT_ONCE ? count - n : TAGS_AT_ONCE;
		read = shelf_list(txn, arena, SHELF_TAGS, reader, &page, items, want);
		for (size_t i = 0; i < read; i++)
			out[n++] = items[i].text;
		if (read != 0)
			page.max_id = items[read - 1].order;
	} while (read == want && n < count);
	return n;
}
