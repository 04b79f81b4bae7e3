/* The node's side of the wall: starts helpers, hands them a file, kills them at a deadline. */
#ifndef FF_MEDIA_HELPER_H
#define FF_MEDIA_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/rc.h"
#include "core/str.h"

#define HELPER_ARGS_MAX 48

struct helper_job {
	const char *program;		   /* this program; NULL: the one that runs */
	const char *args[HELPER_ARGS_MAX]; /* behind its name for helpers; NULL ends them */
	struct str input;
	uint64_t deadline_ms;	  /* of running */
	const _Atomic bool *stop; /* ends it when it becomes true; may be NULL */
	struct buf *answer;
	struct buf *out;   /* NULL: nothing is wanted */
	struct buf *small; /* the same */
};

/*
 * Runs it and waits. Outputs hold what was written; what is more than their maximum fails them.
 * RC_TIMEOUT when it was killed at its deadline, RC_UNREACHABLE by stop, RC_INVALID when it died or ended badly (*status is
 * how it ended), RC_IO when it could not be started.
 */
enum rc helper_run(struct err *err, const struct helper_job *job, int *status) NODISCARD;

#endif
