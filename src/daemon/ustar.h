/*
 * Tar files in the POSIX ustar format (IEEE Std 1003.1, pax, "ustar Interchange Format"): as much of it
 * as files with short names take. Blocks of 512 bytes; a header, the file's bytes, zeros.
 */
#ifndef FF_DAEMON_USTAR_H
#define FF_DAEMON_USTAR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/rc.h"
#include "core/str.h"

#define USTAR_NAME_MAX 100

/* RC_IO; RC_INVALID when the name is too long. */
enum rc ustar_add(FILE *out, const char *name, struct str bytes, uint64_t mtime_s) NODISCARD;
/* The two empty blocks at the end, flushed. RC_IO. */
enum rc ustar_finish(FILE *out) NODISCARD;

struct ustar_entry {
	char name[USTAR_NAME_MAX + 160]; /* prefix and name, ending in 0 */
	uint64_t size;
	bool file; /* an ordinary one: folders, links and what else there is are passed over */
};

/* The next entry's header. RC_NOT_FOUND at the end, RC_INVALID when this is no tar file or damaged, RC_IO. */
enum rc ustar_next(FILE *in, struct ustar_entry *out) NODISCARD;
/* The bytes of the entry whose header was read last, or (bytes NULL) past them. RC_TOO_LARGE when they
 * do not fit, RC_INVALID when the file ends too soon. */
enum rc ustar_read(FILE *in, const struct ustar_entry *entry, struct buf *bytes) NODISCARD;

#endif
