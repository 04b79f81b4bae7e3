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

/* What its pages say of themselves: all say the same, and are what their digest says. */
static enum ledger_node_state pages_judge(struct db_txn *txn, const struct consultation *c,
					  const struct consultation_told *first, uint64_t account,
					  struct digest_run *run)
{
	const uint64_t caller = c->origin != 0 ? c->origin : c->community;
	struct consultation_told told;
	bool late = false;
	for (uint32_t page = 1; page <= first->pages; page++) {
		if (!consultation_told_get(txn, c->id, account, page, &told))
			return LEDGER_NODE_MISSING;
		if (!same_told(first, &told))
			return LEDGER_NODE_DAMAGED;
		late = late || told.at_ms > c->papers_until_ms;
		digest_run_add(run, told.lines);
	}
	/* those of the caller are never late */
	return late && account != caller ? LEDGER_NODE_LATE : LEDGER_NODE_IN;
}

static enum ledger_node_state judge(struct db_txn *txn, const struct consultation *c,
				    struct ledger_node *node)
{
	struct consultation_told first;
	if (!consultation_told_get(txn, c->id, node->account, 1, &first))
		return LEDGER_NODE_MISSING;
	node->papers = first.voters;
	node->members = first.members;
	node->pages = first.pages;
	node->digest = first.digest;
	struct digest_run *run = digest_run_new();
	enum ledger_node_state state = pages_judge(txn, c, &first, node->account, run);
	const struct digest is = digest_run_end(&run);
	if ((state == LEDGER_NODE_IN || state == LEDGER_NODE_LATE) &&
	    memcmp(is.bytes, first.digest.bytes, DIGEST_SIZE) != 0)
		return LEDGER_NODE_DAMAGED;
	return state;
}

size_t ledger_nodes(struct db_txn *txn, const struct consultation *c,
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
		out[i].state = judge(txn, c, &out[i]);
	return count;
}
