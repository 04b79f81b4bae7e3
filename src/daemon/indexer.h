/*
 * What is taken up after it was written: the index of searching and the counters of trends. A thread
 * that looks once in a second, and works on while there is more.
 */
#ifndef FF_DAEMON_INDEXER_H
#define FF_DAEMON_INDEXER_H

#include "db/db.h"

struct indexer;

struct indexer *indexer_start(struct db *db);
/* Ends the step in hand. */
void indexer_stop(struct indexer **indexer);

#endif
