/* Custom emoji: a picture that stands for a shortcode in somebody's text (FEP-9098). */
#ifndef FF_STORE_EMOJI_H
#define FF_STORE_EMOJI_H

#include "core/str.h"

#define EMOJIS_MAX 64 /* of one text (SECURITY S-056) */

struct emoji {
	struct str shortcode; /* without colons */
	struct str url;
};

#endif
