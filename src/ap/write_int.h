/* What the files that write documents share. */
#ifndef FF_AP_WRITE_INT_H
#define FF_AP_WRITE_INT_H

#include "ap/write.h"

/* The @context member; more: a further context, or NULL. */
void write_context(struct jw *w, unsigned context, const char *more);

#endif
