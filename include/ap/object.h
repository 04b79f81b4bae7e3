/* Objects as peers send them: anything that people read. */
#ifndef FF_AP_OBJECT_H
#define FF_AP_OBJECT_H

#include "ap/ap.h"
#include "ap/poll.h"

#define AP_RECIPIENTS_MAX 200
#define AP_TAGS_MAX 100
#define AP_ATTACHMENTS_MAX 16

/* Who is addressed. Ids beyond the maximum are left out; the public one never is. */
struct ap_audience {
	struct str ids[AP_RECIPIENTS_MAX];
	unsigned count;
	bool public_to; /* Public is among `to`: public */
	bool public_cc; /* Public is among `cc` only: unlisted */
};

/* Reads to, cc and audience of an activity or object. bto and bcc are never read (S-068). */
void ap_audience_decode(const struct ap_reader *reader, struct jr object, struct ap_audience *out);
bool ap_audience_has(const struct ap_audience *audience, struct str id);

struct ap_mention {
	struct str id;
	struct str name; /* "@user@host" */
};

struct ap_attachment {
	struct str url;
	struct str media_type;
	struct str description;
	struct str blurhash;
	uint32_t width, height;
};

/* Strings point into the document or the arena. HTML is as it came. */
struct ap_object {
	struct str id;
	struct str type; /* "Note", ... */
	struct str attributed_to;
	struct str content;
	struct str language;
	struct str summary;
	struct str name;
	struct str url;
	struct str in_reply_to;
	bool sensitive;
	uint64_t published_ms;
	uint64_t updated_ms;
	struct ap_audience audience;
	struct ap_mention mentions[AP_TAGS_MAX];
	unsigned mention_count;
	struct str hashtags[AP_TAGS_MAX]; /* without "#" */
	unsigned hashtag_count;
	struct ap_attachment attachments[AP_ATTACHMENTS_MAX];
	unsigned attachment_count;
	const struct ap_poll *poll; /* of a Question; NULL when there is none */
};

/*
 * RC_UNSUPPORTED when it is no post, or a vote; RC_INVALID with the reason in reader's context: no id, no
 * author with an id on the id's origin (S-009). The struct is large and comes from the arena.
 */
enum rc ap_object_decode(const struct ap_reader *reader, struct jr object,
			 struct ap_object **out) NODISCARD;

#endif
