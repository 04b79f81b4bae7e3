/*
 * BlurHash: a picture as a blur of a few cosines in a short text, which clients show until the
 * picture is there. Pure.
 */
#ifndef FF_MEDIA_BLURHASH_H
#define FF_MEDIA_BLURHASH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/str.h"

#define BLURHASH_MAX 166 /* characters: 9 by 9 components */

/*
 * Appends the hash of width times height pixels of three bytes (sRGB, rows from the top) with x by y
 * components, 1 to 9 each. Small pictures do: the work is pixels times components.
 */
void blurhash_encode(struct buf *out, const unsigned char *rgb, size_t width, size_t height,
		     unsigned x, unsigned y);
/* Is it one, as far as its characters and its length say? */
bool blurhash_valid(struct str text);

#endif
