/*
 * What we say: JSON-LD documents written straight into a buffer. Every document carries a context
 * that names each term it uses, so that a strict JSON-LD processor loses none of them.
 */
#ifndef FF_AP_WRITE_H
#define FF_AP_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "ap/event.h"
#include "ap/featured.h"
#include "ap/interaction.h"
#include "ap/poll.h"
#include "core/buf.h"
#include "core/str.h"
#include "json/jw.h"

/* Which terms a document uses besides those of ActivityStreams: what it does not use is not named.
 * Several of them are an unsigned. */
enum ap_context {
	AP_CONTEXT_PLAIN = 0,
	AP_CONTEXT_POST = 1U << 0, /* of every post */
	AP_CONTEXT_MEDIA = 1U << 1,
	AP_CONTEXT_QUOTE = 1U << 2,   /* FEP-044f, and the older forms */
	AP_CONTEXT_POLICY = 1U << 3,  /* GoToSocial's interaction controls */
	AP_CONTEXT_CONSENT = 1U << 4, /* what is asked for and given by them */
	AP_CONTEXT_EMOJI = 1U << 5,   /* FEP-9098 */
	AP_CONTEXT_REACTION = 1U << 6,
	AP_CONTEXT_SEARCH = 1U << 7, /* FEP-268d */
	AP_CONTEXT_POLL = 1U << 8,
	AP_CONTEXT_EVENT = 1U << 9,	    /* FEP-8a8e */
	AP_CONTEXT_OBJECT = (1U << 10) - 1, /* all of these */
	AP_CONTEXT_ACTOR = 1U << 10,
	AP_CONTEXT_FEATURE = 1U << 11, /* FEP-7aa9 */
	AP_CONTEXT_GROUP = 1U << 12,   /* of communities (FEP-1b12), in Lemmy's terms */
	AP_CONTEXT_JOINT = 1U << 13,   /* of what partners of a community compare */
	AP_CONTEXT_LEDGER = 1U << 14,  /* of what joint communities share and decide */
};

/* The @context member of the object that has just been opened. */
void ap_write_context(struct jw *w, unsigned context);

struct ap_actor_key {
	struct str id;
	bool ed25519;
	struct str pem;	      /* RSA */
	struct str multibase; /* either; a key without one is not listed in assertionMethod */
};

/* A custom emoji (FEP-9098). */
struct ap_write_emoji {
	struct str id; /* empty when it is not sure to be ours */
	struct str shortcode, url, media_type;
	uint64_t updated_ms;
};

struct ap_write_tag {
	struct str href;
	struct str name; /* without "#" */
};

struct ap_actor_view {
	struct str id, type, username, name, summary, url;
	struct str inbox, shared_inbox, outbox, followers, following, featured, featured_tags;
	struct str icon, image;
	struct str icon_name, image_name; /* for who does not see them; empty: none */
	struct str webfinger;		  /* "user@domain", FEP-2c59 */
	struct str moved_to;
	struct str featured_collections; /* empty: none, no policy, and no profile to be shown */
	struct ap_feature_policy feature;
	struct str streams; /* a collection that may be of interest; empty: none */
	const struct str *aliases;
	unsigned alias_count;
	struct str server; /* id of the node's own actor, FEP-844e */
	struct str
		moderators; /* of a community: the collection's id (FEP-1b12); empty: it is none */
	struct str source;  /* of summary: what was typed, plain; empty: not known */
	bool posting_restricted;    /* to those who are appointed */
	const struct str *partners; /* groups that own it, too */
	unsigned partner_count;
	const struct str *languages; /* that it is held in */
	unsigned language_count;
	const struct ap_write_tag *tags; /* what it is about: hashtags */
	unsigned tag_count;
	const struct ap_write_field *fields;
	unsigned field_count;
	const struct str *identities; /* statements that others can verify (FEP-c390), JSON */
	unsigned identity_count;
	const struct ap_write_emoji *emojis;
	unsigned emoji_count;
	const struct ap_actor_key *keys; /* the first RSA one is publicKey, too */
	unsigned key_count;
	bool locked, discoverable, indexable, suspended, memorial;
	bool show_media, show_media_replies, show_featured; /* tabs of the profile */
	const struct str *attribution; /* hosts that may name it as the author of their pages */
	unsigned attribution_count;
	uint64_t published_ms, updated_ms;
};

struct ap_write_field {
	struct str name;
	struct str value; /* HTML, sanitised */
};

/* A whole actor document; with_context is for a document of its own, not one inside an activity. */
void ap_write_actor(struct jw *w, const struct ap_actor_view *a, bool with_context);
/* What an actor uses, for the document that it stands in. */
unsigned ap_actor_context(const struct ap_actor_view *a);

struct ap_write_mention {
	struct str id;
	struct str name;
};

struct ap_write_attachment {
	struct str url, media_type, description, blurhash;
	uint32_t width, height;
	bool has_focus;
	int focus_x, focus_y; /* in thousandths, -1000 to 1000 */
};

/* Somebody as a copy tells of them, whose own host does not answer. */
struct ap_author_view {
	struct str type, username, name, url;
};

struct ap_note_view {
	const struct ap_author_view *author; /* of attributed_to; NULL: its id says it all */
	struct str id, type, attributed_to, url, content, summary, name, language, in_reply_to,
		context;
	struct str audience; /* the community that it is in (FEP-1b12); empty: none */
	struct str preview;  /* FEP-b2b8: HTML for who shows no long texts; empty: none */
	bool sensitive;
	uint64_t published_ms, updated_ms;
	const struct str *to;
	unsigned to_count;
	const struct str *cc;
	unsigned cc_count;
	const struct ap_write_mention *mentions;
	unsigned mention_count;
	const struct ap_write_tag *tags;
	unsigned tag_count;
	const struct ap_write_emoji *emojis;
	unsigned emoji_count;
	const struct str *searchable_by; /* FEP-268d */
	unsigned searchable_count;
	const struct ap_write_attachment *attachments;
	unsigned attachment_count;
	const struct ap_poll *poll;	   /* NULL: none */
	const struct ap_event *event;	   /* NULL: none */
	struct str replies, likes, shares; /* ids of the collections; empty: left out */
	uint64_t reply_total, like_total, share_total;
	struct ap_note_interactions interactions;
};

void ap_write_note(struct jw *w, const struct ap_note_view *n, bool with_context);
/* What a note uses, for the document that it stands in. */
unsigned ap_note_context(const struct ap_note_view *n);
void ap_write_emoji(struct jw *w, const struct ap_write_emoji *e, bool with_context);
void ap_write_hashtag(struct jw *w, const struct ap_write_tag *tag);
void ap_write_tombstone(struct jw *w, struct str id, struct str former_type, uint64_t deleted_ms,
			bool with_context);

/* The head of an activity: opens the object and writes context, id, type, actor, published and
 * audience. */
struct ap_activity_view {
	struct str id, type, actor;
	uint64_t published_ms;
	const struct str *to;
	unsigned to_count;
	const struct str *cc;
	unsigned cc_count;
	struct str audience; /* as in struct ap_note_view */
	unsigned context;
	bool inner; /* inside another activity: no context */
};
void ap_write_activity(struct jw *w, const struct ap_activity_view *a);

/* A collection's own document: total, and where its first page is. */
void ap_write_collection(struct jw *w, struct str id, uint64_t total, struct str first);
/* The same with its few items in it, up to their open array; close with ap_write_page_end(). */
void ap_write_items(struct jw *w, struct str id, const char *type, uint64_t total,
		    unsigned context);
/* The head of a page of an ordered collection, up to the open array of its items; close with
 * ap_write_page_end(). */
void ap_write_page(struct jw *w, struct str id, struct str part_of, struct str next, uint64_t total,
		   unsigned context);
void ap_write_page_end(struct jw *w);

#endif
