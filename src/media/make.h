/* From the bytes of an upload to what is kept of it, by helpers. Blocks: workers only. */
#ifndef FF_MEDIA_MAKE_H
#define FF_MEDIA_MAKE_H

#include "core/buf.h"
#include "core/ctx.h"
#include "media/blurhash.h"
#include "media/media.h"

struct make {
	const struct media_settings *settings;
	const char *program;
	const struct media_type *type; /* what the bytes are */
	struct str bytes;
	struct str thumbnail;	  /* may be empty */
	uint32_t width, height;	  /* cut to this; 0: kept whole */
	const _Atomic bool *stop; /* ends it when it becomes true; may be NULL */
};

/* One file that was made. type is NULL when there is none. */
struct made_file {
	const struct media_type *type;
	struct buf bytes;
	uint32_t width, height;
};

struct made {
	struct made_file file;
	struct made_file small;
	uint64_t duration_ms;
	char blurhash[BLURHASH_MAX + 1];
};

void made_init(struct made *made);
/* Fits CLEANUP(made_free). */
void made_free(struct made *made);

/*
 * RC_INVALID (damaged, too many pixels, a codec that is not taken), RC_UNSUPPORTED (ffmpeg is not
 * installed), RC_TIMEOUT, RC_UNREACHABLE (it was stopped), RC_IO, with the reason in err.
 */
enum rc make_picture(struct err *err, const struct make *order, struct made *out) NODISCARD;
enum rc make_film(struct ctx *ctx, const struct make *order, struct made *out) NODISCARD;

#endif
