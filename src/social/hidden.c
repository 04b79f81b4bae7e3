/* The one question of timelines and notifications. Inside transactions that may only read. */
#include "social/mute.h"

#include "store/graph.h"
#include "store/personal.h"
#include "store/shelf.h"

#define CHUNK 64

struct batch {
	uint64_t accounts[CHUNK];
	uint64_t roots[CHUNK];
	bool yes[CHUNK];
	struct shelved items[CHUNK], found[CHUNK];
};

static void mark(const struct batch *b, size_t n, unsigned bit, unsigned *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] |= b->yes[i] ? bit : 0;
}

static void ask_blocks(struct db_txn *txn, uint64_t viewer, struct batch *b, size_t n,
		       unsigned *out)
{
	block_has_many(txn, viewer, b->accounts, n, b->yes);
	mark(b, n, HIDDEN_BLOCKED, out);
	blocked_by_many(txn, viewer, b->accounts, n, b->yes);
	mark(b, n, HIDDEN_BLOCKED_BY, out);
}

static void ask_mutes(struct db_txn *txn, uint64_t viewer, struct batch *b, size_t n, unsigned *out)
{
	for (size_t i = 0; i < n; i++)
		b->items[i] = (struct shelved){ .id = b->accounts[i] };
	shelf_get_many(txn, SHELF_MUTED, viewer, b->items, n, b->found);
	for (size_t i = 0; i < n; i++) {
		if (b->found[i].order == 0)
			continue;
		out[i] |= HIDDEN_MUTED;
		if ((b->found[i].flags & SHELVED_NOTIFICATIONS) != 0)
			out[i] |= HIDDEN_MUTED_NOTICES;
	}
}

/* Only of those from elsewhere: each item remembers, as its id, which of the batch it is. */
static void ask_domains(struct db_txn *txn, uint64_t viewer, const struct hidden_ask *asks,
			struct batch *b, size_t n, unsigned *out)
{
	size_t remote = 0;
	for (size_t i = 0; i < n; i++) {
		if (asks[i].domain.len != 0)
			b->items[remote++] = (struct shelved){ .id = i, .text = asks[i].domain };
	}
	shelf_get_many(txn, SHELF_DOMAINS, viewer, b->items, remote, b->found);
	for (size_t i = 0; i < remote; i++) {
		if (b->found[i].order != 0)
			out[b->items[i].id] |= HIDDEN_DOMAIN;
	}
}

static void ask_threads(struct db_txn *txn, uint64_t viewer, const struct hidden_ask *asks,
			struct batch *b, size_t n, unsigned *out)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		b->roots[i] = asks[i].root;
		any = any || asks[i].root != 0;
	}
	if (!any)
		return;
	thread_mute_has_many(txn, viewer, b->roots, n, b->yes);
	mark(b, n, HIDDEN_THREAD, out);
}

void hidden_many(struct db_txn *txn, uint64_t viewer, const struct hidden_ask *asks, size_t count,
		 unsigned *out)
{
	struct batch b;
	for (size_t at = 0; at < count; at += CHUNK) {
		size_t n = count - at < CHUNK ? count - at : CHUNK;
		for (size_t i = 0; i < n; i++) {
			b.accounts[i] = asks[at + i].account;
			out[at + i] = 0;
		}
		ask_blocks(txn, viewer, &b, n, out + at);
		ask_mutes(txn, viewer, &b, n, out + at);
		ask_domains(txn, viewer, asks + at, &b, n, out + at);
		ask_threads(txn, viewer, asks + at, &b, n, out + at);
	}
	/* nobody is hidden from themselves */
	for (size_t i = 0; i < count; i++)
		out[i] &= asks[i].account == viewer ? (unsigned)HIDDEN_THREAD : ~0U;
}
