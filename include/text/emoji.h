/* Emoji: one of Unicode's, or the shortcode of a picture (FEP-9098), and pictures in markup. */
#ifndef FF_TEXT_EMOJI_H
#define FF_TEXT_EMOJI_H

#include <stdbool.h>

#include "core/ctx.h"
#include "core/str.h"
#include "text/html.h"

#define EMOJI_BYTES_MAX 64     /* of one of Unicode's; the longest in use has 35 */
#define SHORTCODE_BYTES_MAX 64 /* SECURITY S-086 */

/* [A-Za-z0-9_]{2,64}, without colons. */
bool emoji_shortcode_valid(struct str shortcode);
/* What stands between two colons; absent when text is not ":shortcode:" and nothing else. */
struct str emoji_shortcode_of(struct str text);

/*
 * Is text exactly one emoji of Unicode? Then *out is the spelling of it that is compared and stored:
 * with the sign that asks for a picture wherever the character alone would be a letter (UTS #51 calls
 * it fully qualified), so that the spellings of one emoji are counted as one. RC_INVALID.
 */
enum rc emoji_canonical(struct ctx *ctx, struct str text, struct str *out) NODISCARD;

/*
 * The next ":shortcode:" of a text: *before is what stands in front of it, *shortcode stands between
 * the colons, *rest goes on behind it. False when there is none: then *before is all that was left.
 */
bool emoji_next(struct str *rest, struct str *before, struct str *shortcode);

/* Which picture stands for a shortcode; absent for none. */
typedef struct str emoji_find(void *arg, struct str shortcode);

/* Text, escaped, with pictures for the shortcodes that are known. */
void emoji_add_text(struct buf *out, struct str text, emoji_find *find, void *arg);
/* Sanitised markup with pictures for those in its text, but in code and pre (FEP-9098, Rendering). */
void emoji_add_html(struct buf *out, struct html html, emoji_find *find, void *arg);
/* The picture itself. */
void emoji_add_picture(struct buf *out, struct str shortcode, struct str url);

#endif
