/*
 * Files named by a digest, two levels of folders below a root. A file appears whole or not at all;
 * where it is durable it survives the next power cut from the moment that files_put() returns.
 */
#ifndef FF_MEDIA_FILES_H
#define FF_MEDIA_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rc.h"
#include "core/str.h"
#include "crypt/digest.h"

struct files {
	int root;
	bool durable;
};

/* Makes the folder when it is not there. RC_IO with the reason in err. */
enum rc files_open(struct err *err, const char *path, bool durable, struct files *out) NODISCARD;
void files_close(struct files *files);

/* Any thread. RC_FULL, RC_IO. An older file of that name is replaced. */
enum rc files_put(const struct files *files, struct err *err, const struct digest *name,
		  struct str bytes) NODISCARD;
/* A descriptor for reading, which the caller closes. RC_NOT_FOUND, RC_IO. */
enum rc files_get(const struct files *files, const struct digest *name, int *fd,
		  uint64_t *size) NODISCARD;
/* RC_OK also when there is none. */
enum rc files_del(const struct files *files, const struct digest *name) NODISCARD;
/* Marks it as used now. */
void files_touch(const struct files *files, const struct digest *name);
/* Calls found for every file, with when it was used last. */
enum rc files_walk(const struct files *files,
		   void (*found)(void *arg, const struct digest *name, uint64_t size,
				 uint64_t used_ms),
		   void *arg) NODISCARD;

#endif
