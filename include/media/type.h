/*
 * What a file is, by what is in it; names and what senders claim count for nothing (S-091). What is
 * not in this table is neither taken nor served.
 */
#ifndef FF_MEDIA_TYPE_H
#define FF_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

enum media_kind {
	MEDIA_IMAGE,
	MEDIA_VIDEO,
	MEDIA_AUDIO,
	MEDIA_DOCUMENT, /* is kept as it came, and saved, never shown */
};

struct media_type {
	const char *name;      /* "image/jpeg" */
	const char *extension; /* "jpg" */
	enum media_kind kind;
	const char *reader; /* what opens it: a loader of libvips, a demuxer of ffmpeg */
	const char *writer; /* the type that it is kept as */
};

extern const struct media_type media_types[];
extern const size_t media_type_count;
/* Of resources alone: reader is a part that a packed one must have, or empty. */
extern const struct media_type media_document_types[];
extern const size_t media_document_type_count;

#define MEDIA_SNIFF_BYTES 512 /* as many of the first bytes as are ever looked at */

/* Pure. NULL when it is none of them. */
const struct media_type *media_sniff(struct str bytes);
/* Those two look among documents, too. */
const struct media_type *media_type_by_name(struct str name);
const struct media_type *media_type_by_extension(struct str extension);

/* Which document it is, by the whole of it; NULL when it is none, or a picture, film or sound. */
const struct media_type *media_document_sniff(struct str bytes);
/* A quick look at the first bytes of one that was sniffed when it came: is it of that sort? */
bool media_document_may_be(const struct media_type *type, struct str first);

#endif
