/* A bucket of a store that speaks S3's protocol: objects named by digests. */
#ifndef FF_MEDIA_S3_H
#define FF_MEDIA_S3_H

#include "core/arena.h"
#include "crypt/digest.h"
#include "fetch/fetch.h"
#include "media/media.h"

struct s3;

/* Reads the secret from its file. RC_INVALID, RC_IO, with the reason in err. */
enum rc s3_new(struct err *err, const struct media_settings *settings, struct fetch *fetch,
	       struct s3 **out) NODISCARD;
void s3_free(struct s3 **s3);

/* These wait: workers only. RC_UNREACHABLE, RC_TIMEOUT, RC_DENIED, RC_IO. */
enum rc s3_put(struct s3 *s3, struct err *err, const struct digest *name,
	       const struct media_type *type, struct str bytes) NODISCARD;
enum rc s3_del(struct s3 *s3, struct err *err, const struct digest *name) NODISCARD;
/* Appends the object to out. RC_NOT_FOUND, RC_TOO_LARGE besides. */
enum rc s3_read(struct s3 *s3, struct err *err, const struct digest *name,
		struct buf *out) NODISCARD;
/* Does not wait. The body is to be compared with the name. */
void s3_get(struct s3 *s3, const struct digest *name, size_t bytes_max,
	    void (*done)(void *arg, const struct fetch_result *result), void *arg);

#endif
