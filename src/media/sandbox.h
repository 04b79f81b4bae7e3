/* What a helper takes away from itself before it looks at a stranger's file (S-091). */
#ifndef FF_MEDIA_SANDBOX_H
#define FF_MEDIA_SANDBOX_H

#include <stdbool.h>

/* Memory, processor time, size of files; no core dumps; no privileges that a program could bring. */
bool sandbox_limit(void);
/* Descriptors above those of the job are closed. */
bool sandbox_close(int last);
/* From now on: memory, threads and open descriptors. No file, no socket, no program. */
bool sandbox_seal(void);
/*
 * For a program that is about to be executed: reads programs and libraries of the system, writes to
 * open descriptors only, has no network. False also where the kernel cannot.
 */
bool sandbox_confine(void);

#endif
