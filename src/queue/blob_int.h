/*
 * Bodies in memory, each read once however many deliveries need it at the same moment, and kept for
 * a while after that. Any thread.
 */
#ifndef FF_QUEUE_BLOB_INT_H
#define FF_QUEUE_BLOB_INT_H

#include "queue/queue.h"

struct blobs;

struct blobs *blobs_new(struct db *db) NODISCARD;
/* From now on nothing is read from the database: it may be closed. */
void blobs_close(struct blobs *blobs);
/* Lives on until the last blob has been given back, but reads no more. */
void blobs_free(struct blobs **blobs);
/* A reference to the body; NULL when it is missing or damaged. */
struct queue_blob *blobs_get(struct blobs *blobs, uint64_t body) NODISCARD;

#endif
