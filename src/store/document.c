/* Texts of the node. Owns table document. Inside transactions only. */
#include "db/rec.h"
#include "office_int.h"
#include "store/tables.h"
#include "store_int.h"

#define DOCUMENT_VERSION 1
#define ROW_MAX_BYTES (DOCUMENT_BYTES_MAX + 64)

void document_encode(struct buf *out, const struct document *document)
{
	rec_add_u8(out, DOCUMENT_VERSION);
	rec_add_num(out, document->updated_ms);
	rec_add_str(out, document->text);
}

bool document_decode(struct str value, struct document *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	out->updated_ms = rec_num(&r);
	out->text = rec_str(&r);
	return version == DOCUMENT_VERSION && rec_ok(&r);
}

bool document_get(struct db_txn *txn, struct arena *arena, enum document_kind kind,
		  uint64_t from_ms, struct document *out)
{
	struct reckey key = reckey_u64_u64((uint64_t)kind, from_ms);
	struct str value;
	*out = (struct document){ .kind = kind, .from_ms = from_ms };
	return db_get(txn, &store_document, reckey_str(&key), &value) &&
	       (document_decode(arena_str(arena, value), out) || store_undecoded(txn, arena));
}

void document_put(struct db_txn *txn, const struct document *document)
{
	struct reckey key = reckey_u64_u64((uint64_t)document->kind, document->from_ms);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct document fresh = *document;
	fresh.updated_ms = db_txn_now(txn);
	document_encode(&row, &fresh);
	store_put(txn, &store_document, &key, &row);
}

bool document_del(struct db_txn *txn, enum document_kind kind, uint64_t from_ms)
{
	struct reckey key = reckey_u64_u64((uint64_t)kind, from_ms);
	return db_del(txn, &store_document, reckey_str(&key));
}

size_t document_list(struct db_txn *txn, struct arena *arena, enum document_kind kind,
		     struct document out[DOCUMENTS_MAX])
{
	struct reckey prefix = reckey_u64((uint64_t)kind);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_document, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	while (n < DOCUMENTS_MAX && db_iter_next(&it, &key, &value)) {
		out[n] = (struct document){ .kind = kind };
		if (!reckey_read_u64(key, 8, &out[n].from_ms) ||
		    !document_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}
