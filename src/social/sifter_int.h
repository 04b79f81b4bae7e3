/* What the files of the sifter share. */
#ifndef FF_SOCIAL_SIFTER_INT_H
#define FF_SOCIAL_SIFTER_INT_H

#include "social/sifter.h"

/* sifter_list.c: reads a list of blocks, or drops what one said that nobody is subscribed to any more. */
void sifter_list_run(struct queue_job *job, const struct sifter *sifter, uint64_t id);

#endif
