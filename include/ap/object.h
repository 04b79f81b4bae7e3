/* Objects as peers send them: anything that people read. */
#ifndef FF_AP_OBJECT_H
#define FF_AP_OBJECT_H

#include "ap/ap.h"
#include "ap/collection.h"
#include "ap/emoji.h"
#include "ap/event.h"
#include "ap/interaction.h"
#include "ap/poll.h"

#define AP_RECIPIENTS_MAX 200
#define AP_TAGS_MAX 100
#define AP_ATTACHMENTS_MAX 16
#define AP_LANGUAGES_MAX 8

/* Who is addressed. Ids beyond the maximum are left out; the public one never is. */
struct ap_audience {
	struct str ids[AP_RECIPIENTS_MAX];
	unsigned count;
	bool public_to; /* Public is among `to`: public */
	bool public_cc; /* Public is among `cc` only: unlisted */
	bool letter;	/* of a type that is for its recipients alone, whoever is addressed */
};

/* Reads to, cc and audience of an activity or object. bto and bcc are never read (S-068). */
void ap_audience_decode(const struct ap_reader *reader, struct jr object, struct ap_audience *out);
bool ap_audience_has(const struct ap_audience *audience, struct str id);

struct ap_mention {
	struct str id;
	struct str name; /* "@user@host" */
};

struct ap_attachment {
	struct str type; /* "Image", "Link", ...; as written */
	struct str url;
	struct str media_type;
	struct str description;
	struct str blurhash;
	struct str preview; /* of a picture that stands for it */
	uint32_t width, height;
	bool has_focus;
	int focus_x, focus_y; /* toot:focalPoint in thousandths, -1000 to 1000 */
};

/* What an object says in one of its languages. */
struct ap_words {
	struct str language;
	struct str content;
	struct str name;
	struct str summary;
};

/* Strings point into the document or the arena. HTML is as it came. */
struct ap_object {
	struct str id;
	struct str type; /* "Note", ... */
	struct str attributed_to;
	struct str content;
	struct str media_type; /* of content, where it is not HTML; absent when nothing is said */
	struct str source;     /* what its author typed, and in which format */
	struct str source_type;
	struct str language;
	struct str summary;
	struct str name;
	struct str url;
	struct str in_reply_to;
	struct str preview; /* FEP-b2b8: what who shows no long texts shows; HTML */
	struct ap_event event;
	struct ap_words words[AP_LANGUAGES_MAX]; /* of the language maps */
	unsigned word_count;
	struct str context; /* of its conversation (FEP-7888) */
	struct str replies; /* the collection's id, on the object's own origin */
	uint32_t reply_total, like_total, share_total; /* AP_TOTAL_NONE: not told */
	bool sensitive;
	uint64_t published_ms;
	uint64_t updated_ms;
	struct ap_audience audience;
	struct ap_mention mentions[AP_TAGS_MAX];
	unsigned mention_count;
	struct str hashtags[AP_TAGS_MAX]; /* without "#" */
	unsigned hashtag_count;
	struct ap_emoji emojis[AP_EMOJIS_MAX];
	unsigned emoji_count;
	struct str searchable_by[AP_SEARCHABLE_MAX]; /* FEP-268d; AP_PUBLIC among them for all */
	unsigned searchable_count;
	struct ap_attachment attachments[AP_ATTACHMENTS_MAX];
	unsigned attachment_count;
	struct str quote; /* id of what it quotes, in any dialect */
	struct str quote_authorization;
	struct str reply_authorization;
	struct ap_policy policy;
	const struct ap_poll *poll; /* of a Question; NULL when there is none */
};

/*
 * RC_UNSUPPORTED when it is no post, or a vote; RC_INVALID with the reason in reader's context: no id, no
 * author with an id on the id's origin (S-009). The struct is large and comes from the arena.
 */
enum rc ap_object_decode(const struct ap_reader *reader, struct jr object,
			 struct ap_object **out) NODISCARD;

#endif
