/*
 * struct workers: the threads on which handlers that wait are run. They are made as they
 * are needed, up to a maximum, and stay.
 */
#ifndef FF_HTTPD_WORKER_INT_H
#define FF_HTTPD_WORKER_INT_H

#include "request_int.h"

struct workers;

/* max threads; none is made yet. NULL when memory is exhausted. */
struct workers *workers_new(unsigned max);
/* Hands over a suspended request, whose handler is called and which is resumed. */
void workers_add(struct workers *workers, struct request *req);
/* Waits for the handlers that run; what was not begun must have been given up (PHASE_DETACHED). */
void workers_free(struct workers **workers);

#endif
