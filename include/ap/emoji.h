/* Custom emoji (FEP-9098), reactions (FEP-c0e0) and hashtags as peers send them. */
#ifndef FF_AP_EMOJI_H
#define FF_AP_EMOJI_H

#include "ap/ap.h"

#define AP_EMOJIS_MAX 64 /* SECURITY S-056 */

struct ap_emoji {
	struct str shortcode; /* without colons */
	struct str url;
	struct str id; /* absent when it has none */
};

/* The Emoji among tags, each shortcode once; those without a usable name or picture are left out.
 * Returns how many. */
unsigned ap_emojis_decode(const struct ap_reader *reader, struct jr tags, struct ap_emoji *out,
			  unsigned max);

struct ap_reaction {
	struct str text;       /* canonical: one emoji, or ":shortcode:" */
	struct ap_emoji emoji; /* of a shortcode; else absent */
};

/*
 * What a Like or EmojiReact says beyond liking. RC_OK; RC_NOT_FOUND: nothing; RC_INVALID: something
 * that is no emoji, or a shortcode without its picture; then text is there all the same, for who
 * takes the reaction back.
 */
enum rc ap_reaction_decode(const struct ap_reader *reader, struct jr activity,
			   struct ap_reaction *out) NODISCARD;

/* The name of a Hashtag, without "#"; absent when tag is none or is too long. */
struct str ap_hashtag(struct jr tag);

#endif
