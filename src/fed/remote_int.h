/* How objects of every dialect become statuses. Inside fed only. */
#ifndef FF_FED_REMOTE_INT_H
#define FF_FED_REMOTE_INT_H

#include "fed_int.h"

#define REMOTE_TITLE_CHARS 500

/* Foreign text and HTML for people: what cannot be cleaned is left out rather than refused with the
 * whole. */
struct str remote_text(struct ctx *ctx, struct str text, size_t chars, size_t bytes);
struct html remote_html(struct ctx *ctx, struct str markup);

/* --- remote_object.c: what other types and formats than notes in HTML mean --- */

/* Its text as HTML, of whatever format there is. */
struct html remote_content(struct ctx *ctx, const struct ap_object *o);
/* The summary where it is a warning; else it is an excerpt. */
struct str remote_warning(struct ctx *ctx, const struct ap_object *o);
/* What else there is of it: event, excerpt, other languages, details of the attachments that out
 * has. */
enum rc remote_object_fill(struct ctx *ctx, const struct ap_object *o,
			   struct status *out) NODISCARD;

/* --- remote_links.c --- */

/* People here and hashtags that the text links to or names, without a tag that says so. */
enum rc remote_links_add(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
			 struct status *out) NODISCARD;

#endif
