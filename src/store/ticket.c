/* Tickets of e-mails. Owns table ticket. Inside transactions only. */
#include "store/tables.h"
#include "ticket_int.h"

#define VERSION 1
#define ROW_MAX 1024

static struct reckey key_of(uint64_t account, enum ticket_kind kind)
{
	struct reckey key = reckey_u64(account);
	reckey_add_u8(&key, (uint8_t)kind);
	return key;
}

void ticket_encode(struct buf *out, const struct ticket *t)
{
	rec_add_u8(out, VERSION);
	rec_add_u8(out, t->spent);
	rec_add_num(out, t->ends_ms);
	rec_add_num(out, t->sent_ms);
	rec_add_num(out, t->sent);
	rec_add_str(out, str_n(t->digest.bytes, DIGEST_SIZE));
	rec_add_str(out, t->email);
}

bool ticket_decode(struct str value, struct ticket *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), spent = rec_u8(&r);
	*out = (struct ticket){ .spent = spent == 1 };
	out->ends_ms = rec_num(&r);
	out->sent_ms = rec_num(&r);
	out->sent = store_num32(&r);
	struct str digest = rec_str(&r);
	out->email = rec_str(&r);
	if (version != VERSION || spent > 1 || !rec_ok(&r) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(out->digest.bytes, digest.ptr, DIGEST_SIZE);
	return true;
}

bool ticket_get(struct db_txn *txn, struct arena *arena, uint64_t account, enum ticket_kind kind,
		struct ticket *out)
{
	struct reckey key = key_of(account, kind);
	struct str value;
	*out = (struct ticket){ .spent = true };
	if (!db_get(txn, &store_ticket, reckey_str(&key), &value))
		return false;
	return ticket_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

void ticket_put(struct db_txn *txn, uint64_t account, enum ticket_kind kind, const struct ticket *t)
{
	struct reckey key = key_of(account, kind);
	struct buf value CLEANUP(buf_free) = BUF_INIT(ROW_MAX);
	ticket_encode(&value, t);
	store_put(txn, &store_ticket, &key, &value);
}

void tickets_del(struct db_txn *txn, uint64_t account)
{
	static const enum ticket_kind kinds[] = { TICKET_CONFIRM, TICKET_RESET, TICKET_APPEAL };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct reckey key = key_of(account, kinds[i]);
		db_del(txn, &store_ticket, reckey_str(&key));
	}
}
