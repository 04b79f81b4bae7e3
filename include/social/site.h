/* The node's names, and the shapes of its addresses. */
#ifndef FF_SOCIAL_SITE_H
#define FF_SOCIAL_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "text/iri.h"

/* Where the program's source is (AGPL section 13). */
#define SITE_SOURCE "https://example.org/fediflow"

/* Built once at the start; immutable. */
struct site {
	struct str domain; /* of handles: "example.org" */
	struct str host;   /* of addresses: "social.example.org"; the same when nothing else was
			      configured */
	struct str base;   /* "https://social.example.org" */
	struct str title;
	struct str description;
	struct str contact;	    /* an e-mail address or a URL; empty: none is told */
	struct str contact_account; /* a local user name; empty: nobody */
	bool limited_federation;    /* only with hosts that were allowed */
	unsigned iri_flags;	    /* IRI_STRICT but in tests */
	uint64_t post_max_chars;
	uint64_t poll_max_options;
	uint64_t poll_tell_ms; /* how often peers hear the counts while votes come */
	uint64_t appeal_ms;    /* how long people may appeal against what moderators did */
	uint64_t wave_undo_ms; /* how long a wave that was rolled back can be shown again */
};

/* Is this canonical IRI an address of ours? */
bool site_owns(const struct site *site, const struct iri *iri);
bool site_owns_text(const struct site *site, struct str uri);

struct str site_actor_uri(struct arena *arena, const struct site *site, struct str username);
struct str site_profile_url(struct arena *arena, const struct site *site, struct str username);
/* "…/users/alice/followers" and so on. */
struct str site_actor_part(struct arena *arena, const struct site *site, struct str username,
			   const char *part);
struct str site_status_uri(struct arena *arena, const struct site *site, struct str username,
			   uint64_t id);
struct str site_status_url(struct arena *arena, const struct site *site, struct str username,
			   uint64_t id);
/* An activity without a document of its own: "…/users/alice#likes/17". */
struct str site_activity_uri(struct arena *arena, struct str actor_uri, const char *kind,
			     uint64_t id);
/* The id of a custom emoji of ours: "…/emojis/blobcat". */
struct str site_emoji_uri(struct arena *arena, const struct site *site, struct str shortcode);
struct str site_instance_uri(struct arena *arena, const struct site *site);
struct str site_relay_uri(struct arena *arena, const struct site *site);
struct str site_shared_inbox(struct arena *arena, const struct site *site);
struct str site_tag_base(struct arena *arena, const struct site *site);

#endif
