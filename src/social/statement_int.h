/* Letters of reasons, between what asks for them and what sends them. */
#ifndef FF_SOCIAL_STATEMENT_INT_H
#define FF_SOCIAL_STATEMENT_INT_H

#include "core/buf.h"
#include "social/mail.h"
#include "social/strike.h"

void statement_job_encode(struct buf *out, const struct statement_job *job);
bool statement_job_decode(struct str payload, struct statement_job *out) NODISCARD;

/* A letter and, where it has one, the ticket that it carries. */
struct statement {
	struct letter letter;
	bool has_ticket;
	struct ticket ticket;
};
/* Writes it from what is stored. RC_NOT_FOUND: there is nobody to write to, or nothing to write
 * about. Reads only. */
enum rc statement_compose(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			  const struct statement_job *job, struct statement *out) NODISCARD;

#endif
