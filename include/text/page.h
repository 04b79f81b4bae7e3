/*
 * What a web page says of itself in its head, for those who only show that it is there: OpenGraph,
 * what stands in for it, title and description. A stranger's: texts are cleaned and cut, addresses are
 * https alone.
 */
#ifndef FF_TEXT_PAGE_H
#define FF_TEXT_PAGE_H

#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"

struct page_meta {
	struct str title;
	struct str description;
	struct str site_name;
	struct str author;  /* a name */
	struct str creator; /* "user@host" on the fediverse, of whom it says that they wrote it */
	struct str image;   /* an address */
	struct str image_alt;
	uint32_t width, height; /* of the image as it says; 0: unsaid */
	struct str language;
	uint64_t published_ms; /* 0: unsaid */
};

/*
 * Absent members are empty. url is the page's own address, which relative ones in it are of. RC_INVALID
 * when there is nothing to show, RC_NO_MEMORY. Strings are in ctx's arena.
 */
enum rc page_meta_read(struct ctx *ctx, struct str bytes, struct str url, unsigned iri_flags,
		       struct page_meta *out) NODISCARD;

/*
 * Does the page say of one of these addresses, which are canonical, that it is of the same person: does it
 * link there with rel="me" (https://microformats.org/wiki/rel-me)? Fragments do not count. RC_INVALID when
 * there is nothing to read, RC_NO_MEMORY.
 */
enum rc page_says_me(struct ctx *ctx, struct str bytes, struct str url, unsigned iri_flags,
		     const struct str *addresses, size_t count, bool *found) NODISCARD;

#endif
