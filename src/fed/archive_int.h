/* What the files that write an archive share. */
#ifndef FF_FED_ARCHIVE_INT_H
#define FF_FED_ARCHIVE_INT_H

#include "core/map.h"
#include "fed/archive.h"
#include "fed_int.h"

#define ARCHIVE_PAGE_POSTS 200
#define ARCHIVE_MEDIA_MOST ((size_t)ARCHIVE_PAGE_POSTS * STATUS_ATTACHMENTS_MAX)

/* A folder of the archive, and what the manifest says of the files in it. */
struct archive_folder {
	struct buf json;
	struct jw list;
};

struct export
{
	struct fed *fed;
	struct ctx *ctx;
	struct account account;
	const struct archive_sink *sink;
	struct archive_folder posts, media;
	struct map written; /* names of media that are in the archive already */
	uint64_t *found;    /* media of the page in hand */
	size_t found_count;
	struct archive_totals *totals;
};

/* Hands a file on and lists it. */
enum rc archive_put_file(struct export *x, struct archive_folder *folder, const char *name,
			 struct str bytes) NODISCARD;
/* --- archive_media.c --- */

/* Which of its attachments are media of the account here already. */
void archive_find_media(const struct archive_import *import, struct status *status);
/* What this post holds goes with the page. */
void archive_note_media(struct export *x, const struct status *status);
/* Writes the files of what was noted, each once. */
enum rc archive_put_media(struct export *x) NODISCARD;
/* The pictures of the profile. */
enum rc archive_put_worn(struct export *x) NODISCARD;

#endif
