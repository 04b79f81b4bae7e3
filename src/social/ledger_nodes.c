/* The nodes that take part in a consultation, and what each has told of it. */
#include "core/enc.h"
#include "core/must.h"
#include "ledger_int.h"

const char *ledger_node_state_name(enum ledger_node_state state)
{
	static const char *const names[] = { [LEDGER_NODE_IN] = "in",
					     [LEDGER_NODE_MISSING] = "missing",
					     [LEDGER_NODE_LATE] = "late",
					     [LEDGER_NODE_DAMAGED] = "damaged" };
	must((size_t)state < ARRAY_LEN(names));
	return names[state];
}

bool ledger_papers_keep(struct social *s, uint64_t consultation, uint64_t group,
			const struct ledger_entry *e)
{
	struct consultation_told told = { .at_ms = e->at_ms,
					  .pages = e->papers.pages,
					  .voters = e->papers.voters,
					  .members = e->papers.members,
					  .lines = e->papers.lines };
	struct buf digest CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE + 4);
	if (!enc_unhex(&digest, e->papers.digest) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(told.digest.bytes, digest.ptr, DIGEST_SIZE);
	consultation_told_put(s->txn, consultation, group, e->papers.page, &told);
	return true;
}

static struct ledger_node *node_of(struct ledger_node *nodes, size_t *count, uint64_t account)
{
	for (size_t i = 0; i < *count; i++) {
		if (nodes[i].account == account)
			return &nodes[i];
	}
	if (*count == LEDGER_NODES_MAX)
		return NULL;
	nodes[*count] = (struct ledger_node){ .account = account, .state = LEDGER_NODE_MISSING };
	return &nodes[(*count)++];
}

static bool same_told(const struct consultation_told *a, const struct consultation_told *b)
{
	return a->pages == b->pages && a->voters == b->voters && a->members == b->members &&
	       memcmp(a->digest.bytes, b->digest.bytes, DIGEST_SIZE) == 0;
}

/* All its pages are here, and are what its digest says; those of the caller are never late. */
static enum ledger_node_state judge(struct db_txn *txn, struct arena *arena,
				    const struct consultation *c, struct ledger_node *node)
{
	struct consultation_told first, told;
	struct buf all CLEANUP(buf_free) = BUF_INIT((size_t)16 << 20);
	const uint64_t caller = c->origin != 0 ? c->origin : c->community;
	bool late = false;
	if (!consultation_told_get(txn, arena, c->id, node->account, 1, &first))
		return LEDGER_NODE_MISSING;
	node->papers = first.voters;
	node->members = first.members;
	node->pages = first.pages;
	node->digest = first.digest;
	for (uint32_t page = 1; page <= first.pages; page++) {
		if (!consultation_told_get(txn, arena, c->id, node->account, page, &told))
			return LEDGER_NODE_MISSING;
		if (!same_told(&first, &told))
			return LEDGER_NODE_DAMAGED;
		late = late || told.at_ms > c->papers_until_ms;
		buf_add(&all, told.lines);
	}
	struct digest is = digest_sha256(buf_str(&all));
	if (all.failed || memcmp(is.bytes, first.digest.bytes, DIGEST_SIZE) != 0)
		return LEDGER_NODE_DAMAGED;
	return late && node->account != caller ? LEDGER_NODE_LATE : LEDGER_NODE_IN;
}

size_t ledger_nodes(struct db_txn *txn, struct arena *arena, const struct consultation *c,
		    struct ledger_node out[LEDGER_NODES_MAX])
{
	struct ledger_record r;
	struct digest name;
	uint64_t after = 0;
	size_t count = 0;
	while (ledger_of(txn, c->community, c->id, &after, &name, 1) == 1) {
		if (!ledger_peek(txn, c->community, &name, &r) || r.kind == LEDGER_CANCEL)
			continue;
		struct ledger_node *node = node_of(out, &count, r.origin);
		if (node != NULL && (r.flags & LEDGER_CONTRADICTED) != 0)
			node->contradicted = true;
	}
	for (size_t i = 0; i < count; i++)
		out[i].state = judge(txn, arena, c, &out[i]);
	return count;
}
