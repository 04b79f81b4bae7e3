/* Conversations. Owns tables conversation, conversation_last and letter. Inside transactions only. */
#include "store/conversation.h"

#include "check_int.h"
#include "core/must.h"
#include "range_int.h"
#include "store/tables.h"
#include "store_int.h"

#define CONVERSATION_VERSION 1
#define CONVERSATION_MAX_BYTES 2048

static void encode(struct buf *out, const struct conversation *c)
{
	must(c->with_count <= STATUS_MENTIONS_MAX);
	rec_add_u8(out, CONVERSATION_VERSION);
	rec_add_u8(out, c->unread);
	rec_add_u64(out, c->last);
	rec_add_num(out, c->with_count);
	for (unsigned i = 0; i < c->with_count; i++)
		rec_add_u64(out, c->with[i]);
}

static bool decode(struct str value, uint64_t root, struct conversation *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r), unread = rec_u8(&r);
	out->root = root;
	out->unread = unread != 0;
	out->last = rec_u64(&r);
	uint64_t count = rec_num(&r);
	if (version != CONVERSATION_VERSION || unread > 1 || count > STATUS_MENTIONS_MAX)
		return false;
	for (out->with_count = 0; out->with_count < count; out->with_count++)
		out->with[out->with_count] = rec_u64(&r);
	return rec_ok(&r);
}

bool conversation_get(struct db_txn *txn, uint64_t account, uint64_t root, struct conversation *out)
{
	struct reckey key = reckey_u64_u64(account, root);
	struct str value;
	if (!db_get(txn, &store_conversation, reckey_str(&key), &value))
		return false;
	if (decode(value, root, out))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

static void order_put(struct db_txn *txn, uint64_t account, const struct conversation *c)
{
	struct reckey key = reckey_u64_u64(account, c->last);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, c->root);
	store_put(txn, &store_conversation_last, &key, &value);
}

void conversation_put(struct db_txn *txn, uint64_t account, const struct conversation *c)
{
	struct reckey key = reckey_u64_u64(account, c->root);
	struct buf row CLEANUP(buf_free) = BUF_INIT(CONVERSATION_MAX_BYTES);
	struct conversation before;
	if (conversation_get(txn, account, c->root, &before) && before.last != c->last) {
		struct reckey old = reckey_u64_u64(account, before.last);
		db_del(txn, &store_conversation_last, reckey_str(&old));
	}
	encode(&row, c);
	if (store_put(txn, &store_conversation, &key, &row))
		order_put(txn, account, c);
}

bool conversation_del(struct db_txn *txn, uint64_t account, uint64_t root)
{
	struct reckey key = reckey_u64_u64(account, root);
	struct conversation c;
	if (!conversation_get(txn, account, root, &c))
		return false;
	struct reckey last = reckey_u64_u64(account, c.last);
	db_del(txn, &store_conversation_last, reckey_str(&last));
	return db_del(txn, &store_conversation, reckey_str(&key));
}

uint64_t conversation_ending(struct db_txn *txn, uint64_t account, uint64_t last)
{
	struct reckey key = reckey_u64_u64(account, last);
	struct str value;
	uint64_t root;
	return db_get(txn, &store_conversation_last, reckey_str(&key), &value) &&
			       reckey_read_u64(value, 0, &root)
		       ? root
		       : 0;
}

size_t conversation_list(struct db_txn *txn, uint64_t account, const struct id_range *range,
			 struct conversation *out, size_t count)
{
	const struct reckey prefix = reckey_u64(account);
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	uint64_t last, root;
	size_t n = 0;
	range_walk_open(&w, txn, &store_conversation_last, &prefix, range);
	while (n < count && range_walk_next(&w, &last, &value)) {
		if (reckey_read_u64(value, 0, &root))
			n += conversation_get(txn, account, root, &out[n]);
	}
	return n;
}

size_t conversations_del(struct db_txn *txn, uint64_t account, size_t count)
{
	const struct id_range all = { 0 };
	struct conversation one;
	size_t n = 0;
	while (n < count && conversation_list(txn, account, &all, &one, 1) == 1)
		n += conversation_del(txn, account, one.root);
	return n;
}

/* --- letters --- */

void letter_put(struct db_txn *txn, uint64_t account, uint64_t status, uint64_t root)
{
	struct reckey key = reckey_u64_u64(account, status);
	struct buf value CLEANUP(buf_free) = BUF_INIT(8);
	rec_add_u64(&value, root);
	store_put(txn, &store_letter, &key, &value);
}

bool letter_del(struct db_txn *txn, uint64_t account, uint64_t status)
{
	struct reckey key = reckey_u64_u64(account, status);
	return db_del(txn, &store_letter, reckey_str(&key));
}

size_t letter_list(struct db_txn *txn, uint64_t account, const struct id_range *range,
		   struct letter *out, size_t count)
{
	const struct reckey prefix = reckey_u64(account);
	struct range_walk w CLEANUP(range_walk_close);
	struct str value;
	size_t n = 0;
	range_walk_open(&w, txn, &store_letter, &prefix, range);
	while (n < count && range_walk_next(&w, &out[n].status, &value))
		n += reckey_read_u64(value, 0, &out[n].root);
	return n;
}

size_t letters_del(struct db_txn *txn, uint64_t account, size_t count)
{
	const struct id_range all = { 0 };
	struct letter one;
	size_t n = 0;
	while (n < count && letter_list(txn, account, &all, &one, 1) == 1)
		n += letter_del(txn, account, one.status);
	return n;
}

/* --- integrity --- */

static void check_letter(const struct check *c, struct str key, struct str value)
{
	uint64_t account = 0, id = 0, root;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &id) ||
	    !reckey_read_u64(value, 0, &root) || !check_has(c, &store_status, id))
		check_say_pair(c, "letter", account, id, "is not there or cannot be decoded");
}

static void check_row(const struct check *c, struct str key, struct str value)
{
	uint64_t account = 0, root = 0;
	struct conversation one;
	if (!reckey_read_u64(key, 0, &account) || !reckey_read_u64(key, 8, &root) ||
	    !decode(value, root, &one))
		check_say_pair(c, "conversation", account, root, "cannot be decoded");
	else if (conversation_ending(c->txn, account, one.last) != root)
		check_say_pair(c, "conversation", account, root, "has lost its place");
}

static void check_last(const struct check *c, struct str key, struct str value)
{
	uint64_t account, last, root = 0;
	struct conversation one;
	if (reckey_read_u64(key, 0, &account) && reckey_read_u64(key, 8, &last) &&
	    (!reckey_read_u64(value, 0, &root) || !conversation_get(c->txn, account, root, &one) ||
	     one.last != last))
		check_say_pair(c, "conversation", account, root, "is not there or ends otherwise");
}

void conversation_check(struct db_txn *txn, struct arena *arena,
			void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_conversation, 16, check_row);
	check_walk(&c, &store_conversation_last, 16, check_last);
	check_walk(&c, &store_letter, 16, check_letter);
	check_end(&c, "conversations");
}
