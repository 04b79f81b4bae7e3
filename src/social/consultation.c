/* Consultations: called, voted in, counted. Inside transactions. */
#include "social/consultation.h"

#include <stdlib.h>
#include <string.h>

#include "community_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "core/random.h"
#include "ledger_int.h"
#include "store/joint.h"

#define TEXT_MAX 500
#define DESCRIPTION_MAX 10000
#define ASKS_AT_ONCE 40
#define TIME_MAX_MS ((uint64_t)366 * 24 * 60 * 60 * 1000)
#define WAIT_MAX_MS (30 * MS_PER_DAY)
#define LINE_MAX 256 /* more than a receipt and all options need */

enum consultation_state consultation_state_at(const struct consultation *c, uint64_t now_ms)
{
	if ((c->flags & CONSULTATION_CANCELLED) != 0)
		return CONSULTATION_VOID;
	if (now_ms < c->opens_ms)
		return CONSULTATION_PLANNED;
	return now_ms < c->closes_ms ? CONSULTATION_OPEN : CONSULTATION_CLOSED;
}

const char *consultation_state_name(enum consultation_state state)
{
	static const char *const names[] = { [CONSULTATION_PLANNED] = "planned",
					     [CONSULTATION_OPEN] = "open",
					     [CONSULTATION_CLOSED] = "closed",
					     [CONSULTATION_VOID] = "cancelled" };
	must((size_t)state < ARRAY_LEN(names));
	return names[state];
}

/* --- calling --- */

static enum rc options_check(struct social *s, struct consultation *c)
{
	if (c->option_count < 2)
		return ctx_fail(s->ctx, RC_INVALID, "a consultation has at least two options");
	for (unsigned i = 0; i < c->option_count; i++) {
		enum rc rc =
			text_clean(s->ctx, c->options[i], TEXT_MAX, TEXT_MAX * 4, &c->options[i]);
		if (rc != RC_OK)
			return rc;
		c->options[i] = str_trim(c->options[i]);
		if (c->options[i].len == 0)
			return ctx_fail(s->ctx, RC_INVALID, "an option is empty");
		for (unsigned k = 0; k < i; k++) {
			if (str_eq(c->options[i], c->options[k]))
				return ctx_fail(s->ctx, RC_INVALID, "two options are the same");
		}
	}
	return RC_OK;
}

/* Where partners vote, too, what is asked must mean the same there. */
static enum rc joint_valid(struct social *s, struct consultation *c)
{
	if (!joint_is(s->txn, c->community)) {
		c->papers_until_ms = 0;
		return RC_OK;
	}
	for (unsigned i = 0; i < c->role_count; i++) {
		if (c->roles[i] >= COMMUNITY_ROLE_OWN)
			return ctx_fail(s->ctx, RC_INVALID,
					"partners do not have this role: take one that all "
					"communities have");
	}
	if (c->papers_until_ms == 0)
		c->papers_until_ms = c->closes_ms + CONSULTATION_WAIT_MS;
	if (c->papers_until_ms < c->closes_ms || c->papers_until_ms - c->closes_ms > WAIT_MAX_MS)
		return ctx_fail(s->ctx, RC_INVALID,
				"partners tell their papers within a month of the end");
	return RC_OK;
}

/* The ledger gets what is new of it. */
static void consultation_changed(struct social *s, const struct consultation *c)
{
	const struct ledger_task task = { .community = c->community,
					  .look = LEDGER_LOOK_CONSULTATIONS,
					  .only = c->id,
					  .uri = STR("") };
	ledger_look(s, &task, 0);
}

static enum rc consultation_valid(struct social *s, struct consultation *c)
{
	struct community_role role;
	uint64_t now = db_txn_now(s->txn);
	enum rc rc = text_clean(s->ctx, c->question, TEXT_MAX, TEXT_MAX * 4, &c->question);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, c->description, DESCRIPTION_MAX, DESCRIPTION_MAX * 4,
				&c->description);
	if (rc == RC_OK)
		rc = options_check(s, c);
	if (rc != RC_OK)
		return rc;
	c->question = str_trim(c->question);
	if (c->question.len == 0)
		return ctx_fail(s->ctx, RC_INVALID, "a consultation asks something");
	if (c->opens_ms == 0)
		c->opens_ms = now;
	if (c->closes_ms <= c->opens_ms || c->closes_ms <= now)
		return ctx_fail(s->ctx, RC_INVALID, "a consultation closes after it has opened");
	if (c->closes_ms - now > TIME_MAX_MS)
		return ctx_fail(s->ctx, RC_INVALID, "a consultation closes within a year");
	if (c->seats == 0)
		c->seats = 1;
	if (c->seats >= c->option_count)
		return ctx_fail(s->ctx, RC_INVALID, "fewer options win than there are");
	for (unsigned i = 0; i < c->role_count; i++) {
		if (c->roles[i] < COMMUNITY_MEMBER ||
		    !community_role_get(s->txn, s->ctx->arena, c->community, c->roles[i], &role))
			return ctx_fail(s->ctx, RC_INVALID, "there is no such role");
	}
	return joint_valid(s, c);
}

enum rc consultation_call(struct social *s, const struct account *actor, struct consultation *c)
{
	enum rc rc = community_require(s, actor, c->community, COMMUNITY_MAY_BALLOTS);
	if (rc == RC_OK)
		rc = consultation_valid(s, c);
	if (rc != RC_OK)
		return rc;
	c->by = actor != NULL ? actor->id : c->community;
	c->flags &= (unsigned)CONSULTATION_NAMED;
	c->created_ms = db_txn_now(s->txn);
	c->origin = 0;
	c->uri = STR("");
	consultation_add(s->txn, c);
	consultation_changed(s, c);
	return consultation_opens(s, c->id);
}

enum rc consultation_cancel(struct social *s, const struct account *actor, uint64_t id)
{
	struct consultation c;
	if (!consultation_get(s->txn, s->ctx->arena, id, &c))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = community_require(s, actor, c.community, COMMUNITY_MAY_BALLOTS);
	if (rc != RC_OK)
		return rc;
	enum consultation_state state = consultation_state_at(&c, db_txn_now(s->txn));
	if (state == CONSULTATION_VOID)
		return act_end(s, RC_EXISTS);
	if (state == CONSULTATION_CLOSED)
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "this consultation is over"));
	if (c.origin != 0)
		return act_end(s,
			       ctx_fail(s->ctx, RC_DENIED, "it is called off where it was called"));
	c.flags |= CONSULTATION_CANCELLED;
	consultation_put(s->txn, &c);
	consultation_changed(s, &c);
	return consultation_ends_thread(s, &c);
}

/* --- voting --- */

struct str consultation_receipt_make(struct arena *arena)
{
	unsigned char bytes[CONSULTATION_RECEIPT_SIZE];
	struct buf hex = BUF_INIT((size_t)2 * CONSULTATION_RECEIPT_SIZE + 1);
	random_bytes(bytes, sizeof(bytes));
	enc_hex(&hex, str_n((const char *)bytes, sizeof(bytes)));
	return arena_take_buf(arena, &hex);
}

static bool has_role(const struct consultation *c, uint64_t role)
{
	for (unsigned i = 0; i < c->role_count; i++) {
		if (c->roles[i] == role)
			return true;
	}
	return c->role_count == 0;
}

bool consultation_asks(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t role)
{
	struct page page = { .max_id = 0 };
	uint64_t ids[ASKS_AT_ONCE], now = db_txn_now(txn);
	size_t n;
	while ((n = consultations_of(txn, community, &page, ids, ASKS_AT_ONCE)) != 0) {
		for (size_t i = 0; i < n; i++) {
			struct consultation c;
			if (consultation_get(txn, arena, ids[i], &c) && c.role_count != 0 &&
			    has_role(&c, role) &&
			    consultation_state_at(&c, now) < CONSULTATION_CLOSED)
				return true;
		}
		page.max_id = ids[n - 1];
		/* those before closed within their year */
		if (db_id_ms(page.max_id) + TIME_MAX_MS < now)
			return false;
	}
	return false;
}

enum rc consultation_may_vote(struct social *s, const struct account *account,
			      const struct consultation *c)
{
	struct community_standing standing;
	const struct viewer viewer = { account->id, account_is_local(account) };
	if (account_is_gone(account))
		return RC_GONE;
	if (!may_see_community(s->txn, s->ctx->arena, viewer, c->community) ||
	    !community_standing(s->txn, s->ctx->arena, c->community, account->id, &standing))
		return act_end(s, RC_NOT_FOUND);
	if (!standing.member || !has_role(c, standing.role))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "this consultation is not for you"));
	return act_end(s, RC_OK);
}

static enum rc paper_fill(struct social *s, const struct consultation *c, const uint8_t *choices,
			  unsigned count, struct consultation_paper *paper)
{
	if (count == 0 || count > c->option_count)
		return ctx_fail(s->ctx, RC_INVALID, "a vote has one option at least");
	for (unsigned i = 0; i < count; i++) {
		if (choices[i] == 0 || choices[i] > c->option_count)
			return ctx_fail(s->ctx, RC_INVALID, "there is no such option");
		for (unsigned k = 0; k < i; k++) {
			if (choices[k] == choices[i])
				return ctx_fail(s->ctx, RC_INVALID, "an option is named twice");
		}
	}
	memcpy(paper->choices, choices, count);
	paper->count = count;
	return RC_OK;
}

enum rc consultation_cast(struct social *s, const struct account *account, uint64_t id,
			  const uint8_t *choices, unsigned count, struct str receipt,
			  struct str before)
{
	struct consultation c;
	struct consultation_paper paper = { .account = 0 }, old;
	if (!consultation_get(s->txn, s->ctx->arena, id, &c))
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = consultation_may_vote(s, account, &c);
	if (rc != RC_OK)
		return rc;
	if (consultation_state_at(&c, db_txn_now(s->txn)) != CONSULTATION_OPEN)
		return act_end(s, ctx_fail(s->ctx, RC_DENIED, "this consultation is not open"));
	rc = paper_fill(s, &c, choices, count, &paper);
	if (rc != RC_OK)
		return rc;
	paper.account = (c.flags & CONSULTATION_NAMED) != 0 ? account->id : 0;
	if (before.len == 0) {
		rc = consultation_paper_add(s->txn, id, account->id, receipt, &paper);
		if (rc == RC_EXISTS)
			return ctx_fail(s->ctx, rc, "you have voted: the receipt changes it");
		return act_end(s, rc);
	}
	/* whoever has a receipt but no vote has somebody else's */
	if (!consultation_has_voted(s->txn, id, account->id) ||
	    !consultation_paper_get(s->txn, id, before, &old) || old.account != paper.account)
		return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "this is no receipt of yours"));
	consultation_paper_put(s->txn, id, before, &paper);
	return act_end(s, RC_OK);
}

/* --- counting --- */

void consultation_line_write(struct buf *out, const struct consultation_paper *p)
{
	enc_hex(out, str_n((const char *)p->receipt, CONSULTATION_RECEIPT_SIZE));
	for (unsigned k = 0; k < p->count; k++)
		buf_addf(out, " %u", p->choices[k]);
	buf_add_chr(out, '\n');
}

struct digest consultation_lines_digest(const struct consultation_paper *papers, size_t count)
{
	struct digest_run *run = digest_run_new();
	struct buf line CLEANUP(buf_free) = BUF_INIT(LINE_MAX);
	for (size_t i = 0; i < count; i++) {
		buf_reset(&line);
		consultation_line_write(&line, &papers[i]);
		digest_run_add(run, buf_str(&line));
	}
	must(!line.failed);
	return digest_run_end(&run);
}

/* --- the papers of all nodes --- */

/* The same order on every node, whoever's papers they are. */
static int paper_order(const void *a, const void *b)
{
	const struct consultation_paper *p = a, *q = b;
	int n = memcmp(p->receipt, q->receipt, CONSULTATION_RECEIPT_SIZE);
	if (n == 0)
		n = memcmp(p->choices, q->choices, sizeof(p->choices));
	return n;
}

struct pooling {
	struct db_txn *txn;
	struct arena *arena;
	const struct consultation *c;
	struct consultation_result *out;
	size_t room;
};

/* What a node has told. False without memory. */
static bool pool_node(struct pooling *p, const struct ledger_node *node)
{
	struct consultation_told told;
	for (uint32_t page = 1; page <= node->pages; page++) {
		if (!consultation_told_get(p->txn, p->c->id, node->account, page, &told))
			return false;
		struct str rest = told.lines;
		struct consultation_paper *paper = &p->out->papers[p->out->paper_count];
		while (p->out->paper_count < p->room &&
		       ledger_line_read(&rest, p->c->option_count, paper)) {
			paper->node = node->account != p->c->community ? node->account : 0;
			paper = &p->out->papers[++p->out->paper_count];
		}
	}
	return true;
}

/* Ours with what is kept here alone: names, and what is not told yet. */
static bool pool_own(struct pooling *p)
{
	struct consultation_result *out = p->out;
	out->paper_count += consultation_papers(p->txn, p->c->id, 0, &out->papers[out->paper_count],
						p->room - out->paper_count);
	return db_txn_rc(p->txn) == RC_OK;
}

/* Those of this node count until they are told: then as what was told says. */
static bool counts(const struct consultation *c, const struct ledger_node *node)
{
	return node->state == LEDGER_NODE_IN ||
	       (node->account == c->community && node->state == LEDGER_NODE_MISSING);
}

static bool pool(struct pooling *p)
{
	struct consultation_result *out = p->out;
	p->room = consultation_turnout(p->txn, p->c->id);
	for (size_t i = 0; i < out->node_count; i++)
		p->room += out->nodes[i].account != p->c->community && counts(p->c, &out->nodes[i])
				   ? out->nodes[i].papers
				   : 0;
	out->papers = ARENA_ARRAY(p->arena, p->room + 1, struct consultation_paper);
	if (out->papers == NULL)
		return false;
	out->complete = true;
	for (size_t i = 0; i < out->node_count; i++) {
		const struct ledger_node *node = &out->nodes[i];
		bool own = node->account == p->c->community;
		out->complete = out->complete && node->state != LEDGER_NODE_MISSING;
		if (counts(p->c, node) && !(own ? pool_own(p) : pool_node(p, node)))
			return false;
	}
	if (out->node_count == 0 && !pool_own(p))
		return false;
	if (out->paper_count != 0)
		qsort(out->papers, out->paper_count, sizeof(*out->papers), paper_order);
	return true;
}

enum rc consultation_result(struct ctx *ctx, struct db_txn *txn, uint64_t now_ms,
			    const struct consultation *c, struct consultation_result *out)
{
	struct pooling p = { txn, ctx->arena, c, out, 0 };
	*out = (struct consultation_result){ .paper_count = 0 };
	if (consultation_state_at(c, now_ms) != CONSULTATION_CLOSED)
		return ctx_fail(ctx, RC_DENIED, "this consultation is not over");
	out->nodes = ARENA_ARRAY(ctx->arena, LEDGER_NODES_MAX, struct ledger_node);
	if (out->nodes == NULL)
		return RC_NO_MEMORY;
	out->node_count = ledger_nodes(txn, c, out->nodes);
	if (!pool(&p))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NO_MEMORY;
	out->digest = consultation_lines_digest(out->papers, out->paper_count);
	tally_count(c, out->papers, out->paper_count, &out->tally);
	out->final = out->complete || now_ms > c->papers_until_ms;
	out->enough = out->paper_count >= c->quorum;
	out->decided = out->final && out->enough && out->tally.winner_count == c->seats;
	return RC_OK;
}
