/* Which posts quote a post. Owns table quote. Inside transactions only. */
#include "db/rec.h"
#include "page_int.h"
#include "status_int.h"
#include "store/interaction.h"
#include "store/tables.h"
#include "store/uri.h"
#include "store_int.h"

void quote_index_put(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->quote.status, s->id);
	if (s->quote.status != 0)
		db_put(txn, &store_quote, reckey_str(&key), STR("\1"));
}

void quote_index_del(struct db_txn *txn, const struct status *s)
{
	struct reckey key = reckey_u64_u64(s->quote.status, s->id);
	if (s->quote.status != 0)
		db_del(txn, &store_quote, reckey_str(&key));
}

size_t quotes_of(struct db_txn *txn, uint64_t status, uint64_t after, uint64_t *out, size_t count)
{
	struct reckey prefix = reckey_u64(status);
	struct reckey from = store_key_after(status, after);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	size_t n = 0;
	db_iter_open(&it, txn, &store_quote, reckey_str(&prefix), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL))
		n += reckey_read_u64(key, 8, &out[n]);
	return n;
}

size_t quotes_page(struct db_txn *txn, uint64_t status, const struct page *page, uint64_t *out,
		   size_t count)
{
	struct reckey prefix = reckey_u64(status);
	return page_ids(txn, &store_quote, &prefix, page, NULL, out, count);
}

void quotes_del(struct db_txn *txn, uint64_t status)
{
	struct reckey prefix = reckey_u64(status);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t id;
	db_iter_open(&it, txn, &store_quote, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		if (!reckey_read_u64(key, 8, &id))
			continue;
		struct reckey one = reckey_u64_u64(status, id);
		db_del(txn, &store_quote, reckey_str(&one));
	}
}
