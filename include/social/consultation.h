/*
 * Consultations of communities: called, voted in, counted. Inside write transactions, but for what only reads.
 *
 * A result can be checked: when a consultation is over, all papers are told under the digests of their
 * receipts, with a digest over all of them; every voter finds their own, and everybody counts again
 * (tally.h).
 */
#ifndef FF_SOCIAL_CONSULTATION_H
#define FF_SOCIAL_CONSULTATION_H

#include "core/buf.h"
#include "core/clock.h"
#include "crypt/digest.h"
#include "social/community.h"
#include "social/tally.h"
#include "store/consultation.h"

enum consultation_state {
	CONSULTATION_PLANNED,
	CONSULTATION_OPEN,
	CONSULTATION_CLOSED,
	CONSULTATION_VOID, /* cancelled */
};
enum consultation_state consultation_state_at(const struct consultation *consultation,
					      uint64_t now_ms);
/* "planned", "open", "closed", "cancelled". */
const char *consultation_state_name(enum consultation_state state);

/* Is there one in the community, not over yet, that asks those who have the role? */
bool consultation_asks(struct db_txn *txn, struct arena *arena, uint64_t community, uint64_t role);

/* consultation->community, question, options and times are given; sets the rest. In a joint community,
 * papers_until_ms may be; roles are those that every community has. RC_INVALID with the reason in ctx. */
enum rc consultation_call(struct social *s, const struct account *actor,
			  struct consultation *consultation) NODISCARD;
/* Its members hear that it has begun, by a thread for them alone; when it does so later, then. Once for each. */
enum rc consultation_opens(struct social *s, uint64_t consultation) NODISCARD;
/* Also before it opens; not when it is over, nor on another node than it was called on. */
enum rc consultation_cancel(struct social *s, const struct account *actor,
			    uint64_t consultation) NODISCARD;

/* May the account vote in it? RC_DENIED with the reason in ctx; what it may not see is
 * RC_NOT_FOUND. */
enum rc consultation_may_vote(struct social *s, const struct account *account,
			      const struct consultation *consultation) NODISCARD;
/*
 * A vote. receipt is random text that the caller has made: the voter gets it and keeps it, for nothing
 * else leads to the paper. To change a vote, before is the receipt that the voter got then, and the
 * paper keeps it. choices: options from 1, none twice. RC_EXISTS when they have voted and show no
 * receipt; RC_NOT_FOUND for a receipt of nobody's.
 */
enum rc consultation_cast(struct social *s, const struct account *account, uint64_t consultation,
			  const uint8_t *choices, unsigned count, struct str receipt,
			  struct str before) NODISCARD;

/* Nothing but this text leads to the paper: it is told once, and kept by nobody else. In arena. */
struct str consultation_receipt_make(struct arena *arena);
/* How long partners have to tell what was voted on their nodes, unless it is said. */
#define CONSULTATION_WAIT_MS MS_PER_DAY

struct ledger_node;

struct consultation_result {
	struct tally tally;
	bool enough; /* have voted: else nobody has won, whatever the tally says */
	bool decided; /* it is final, as many as the quorum asks for have voted, and somebody has won */
	struct consultation_paper
		*papers; /* in the order of their digests, of all nodes that count */
	size_t paper_count;
	struct digest digest; /* SHA-256 over a line for each: digest in hexadecimal, choices */
	/* of a joint community (ledger.h); none: of this node alone */
	struct ledger_node *nodes;
	size_t node_count;
	bool complete; /* the papers of all nodes are in */
	bool final;    /* it is complete, or there is no more waiting for who is missing */
};
/* A paper as a line of that. */
void consultation_line_write(struct buf *out, const struct consultation_paper *paper);
/* SHA-256 of their lines, one after another. */
struct digest consultation_lines_digest(const struct consultation_paper *papers, size_t count);
/* RC_DENIED before it is over. In arena. */
enum rc consultation_result(struct ctx *ctx, struct db_txn *txn, uint64_t now_ms,
			    const struct consultation *consultation,
			    struct consultation_result *out) NODISCARD;

#endif
