/* What the files about collections of accounts share. */
#ifndef FF_FED_COLLECTION_INT_H
#define FF_FED_COLLECTION_INT_H

#include "ap/featured.h"
#include "fed_int.h"
#include "incoming_int.h"
#include "social/collection.h"

#define COLLECTIONS_PART "featured_collections"

/* A collection with those who may be seen in it; NULL without memory. */
struct ap_featured *build_featured_collection(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
					      const struct collection *c,
					      const struct account *owner);
/* RC_UNSUPPORTED when f is of another kind. */
enum rc build_collection(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			 const struct federate *f, const struct account *actor,
			 const struct account *target, struct jw *w) NODISCARD;
/* What an actor's document says of its collections. */
void build_actor_collections(struct fed *fed, struct ctx *ctx, const struct account *a,
			     struct ap_actor_view *view);

/* The row of an answer to a request of ours that is named by its id alone; NULL when it is none. */
const struct activity_row *feature_answer_row(struct incoming *in);
/* Reads a collection at its origin, in the background. */
void collection_ask(struct social *s, const struct account *owner, struct str uri);
/* The rest of a JOB_INBOX of mode INBOX_COLLECTION: ends the job. */
void collection_run(struct fed *fed, struct queue_job *job, uint64_t account, struct str uri);

#endif
