/* Files and folders that are their owner's alone (S-134), written durably. */
#ifndef FF_DAEMON_FILES_H
#define FF_DAEMON_FILES_H

#include "core/buf.h"
#include "core/ctx.h"

/* A folder of mode 0700; one that is there already gets that mode. */
enum rc folder_make(struct ctx *ctx, const char *path) NODISCARD;
/* RC_EXISTS when there is something in it. */
enum rc folder_check_empty(struct ctx *ctx, const char *path) NODISCARD;
/* What was made in it stays there after a power cut. */
enum rc folder_sync(struct ctx *ctx, const char *path) NODISCARD;
/* All of it, or of the standard input for "-". RC_NOT_FOUND, RC_IO; RC_TOO_LARGE for out. */
enum rc file_read(struct ctx *ctx, const char *path, struct buf *out) NODISCARD;
/* RC_EXISTS when there is such a file. It is there as a whole or not at all, also after a kill. */
enum rc file_write_new(struct ctx *ctx, const char *path, struct str bytes) NODISCARD;
/* The same, with the bytes of another file. */
enum rc file_copy_new(struct ctx *ctx, const char *from, const char *to) NODISCARD;
/* For a small file that may be there already, when it is the same one: else RC_EXISTS. */
enum rc file_copy_new_or_same(struct ctx *ctx, const char *from, const char *to) NODISCARD;

#endif
