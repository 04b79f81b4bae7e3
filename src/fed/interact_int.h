/* What the files about consent share. */
#ifndef FF_FED_INTERACT_INT_H
#define FF_FED_INTERACT_INT_H

#include "ap/write.h"
#include "incoming_int.h"
#include "social/interact.h"
#include "social/see.h"

/* What a local post says of its quote and its policy; view->content gets the link for those who know
 * no quotes. */
enum rc build_note_interactions(struct db_txn *txn, struct ctx *ctx, const struct status *s,
				const struct account *author, struct ap_note_view *view) NODISCARD;
/* Is it a request, an answer or a revocation? */
bool build_is_interaction(enum federate_what what);
enum rc build_interaction(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			  const struct federate *f, const struct account *actor,
			  const struct account *target, struct jw *w) NODISCARD;
/* RC_NOT_FOUND when there is none, or viewer may not see what it is about. */
enum rc build_authorization(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			    struct viewer viewer, const struct account *owner, uint64_t id,
			    struct jw *w) NODISCARD;

/* What a peer's post says of its quote, its policy and its proofs. RC_NO_MEMORY. */
enum rc remote_interactions_make(struct ctx *ctx, const struct ap_object *object,
				 struct status *out) NODISCARD;

/* handle_interact.c: the rule of answers, and the row of an answer that names a request by its id
 * alone; NULL when it names none of ours. */
bool is_asked(struct incoming *in, struct db_txn *txn, const struct account *actor);
const struct activity_row *answer_row(struct incoming *in);
/* An Update that changes nothing but the quote and who may do what. False when it is an edit. */
bool is_retold(struct social *s, const struct status *now, const struct status *next);

#endif
