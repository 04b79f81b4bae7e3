/*
 * What a file is, by what is in it; names and what senders claim count for nothing (S-091). What is
 * not in this table is neither taken nor served.
 */
#ifndef FF_MEDIA_TYPE_H
#define FF_MEDIA_TYPE_H

#include <stddef.h>

#include "core/str.h"

enum media_kind {
	MEDIA_IMAGE,
	MEDIA_VIDEO,
	MEDIA_AUDIO,
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

#define MEDIA_SNIFF_BYTES 512 /* as many of the first bytes as are ever looked at */

/* Pure. NULL when it is none of them. */
const struct media_type *media_sniff(struct str bytes);
const struct media_type *media_type_by_name(struct str name);
const struct media_type *media_type_by_extension(struct str extension);

#endif
