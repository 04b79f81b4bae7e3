/* Rows of the queue inside a transaction: what operators' calls, finishing and sweeping share. */
#ifndef FF_QUEUE_STORE_INT_H
#define FF_QUEUE_STORE_INT_H

#include "queue/queue.h"
#include "row_int.h"

/* The job's row; false when there is none or it is damaged. */
bool store_get_job(struct db_txn *txn, uint64_t id, struct job_row *row);
/* Replaces the row of a job. */
void store_put_job(struct db_txn *txn, uint64_t id, const struct job_row *row);
/* Takes a job's row and its reference to the body away. False when there was no row. */
bool store_remove_job(struct db_txn *txn, uint64_t id, uint64_t body);
/* Moves a job to the dead; row's strings may point into the stored row. */
void store_bury_job(struct db_txn *txn, uint64_t id, const struct job_row *row, struct str why);
/* Puts a dead job back, as a new job at the end of its order. */
void store_revive(struct db_txn *txn, uint64_t id, const struct dead_row *row);
/* Forgets a dead job. */
void store_remove_dead(struct db_txn *txn, uint64_t id, uint64_t body);

bool store_get_lane(struct db_txn *txn, uint8_t kind, struct str lane, struct lane_row *row);
/* Writes the lane's state; removes the row when there is no failure to remember. */
void store_put_lane(struct db_txn *txn, uint8_t kind, struct str lane, const struct lane_row *row);

#endif
