/* Actors as peers describe them. */
#ifndef FF_AP_ACTOR_H
#define FF_AP_ACTOR_H

#include "ap/ap.h"
#include "ap/emoji.h"
#include "ap/featured.h"
#include "ap/identity.h"

#define AP_ACTOR_KEYS_MAX 8
#define AP_ACTOR_FIELDS_MAX 16
#define AP_ACTOR_ALIASES_MAX 16
#define AP_ACTOR_TAGS_MAX 20
#define AP_ACTOR_ATTRIBUTION_MAX 100

/* A public key in either form: PEM (publicKey) or Multikey (assertionMethod, FEP-521a). */
struct ap_key {
	struct str id;
	struct str owner;
	struct str pem;
	struct str multibase;
	uint64_t ends_ms; /* when it expires or was revoked; 0: never */
	bool assertion;	  /* of an actor: it stands in assertionMethod */
};

struct ap_field {
	struct str name;
	struct str value; /* HTML, not sanitised */
};

/* Strings point into the document or the arena. HTML is as it came. */
struct ap_actor {
	struct str id;
	struct str type; /* "Person", ... */
	struct str username;
	struct str name;
	struct str summary;
	struct str url;
	struct str inbox;
	struct str shared_inbox;
	struct str outbox;
	struct str followers;
	struct str following;
	struct str featured; /* collections on the actor's own origin */
	struct str featured_tags;
	struct str featured_collections;
	struct ap_feature_policy feature;
	struct str moderators; /* of a Group: their collection (FEP-1b12); on its own origin */
	struct str hashtags[AP_ACTOR_TAGS_MAX]; /* of a Group: what it is about, without "#" */
	unsigned hashtag_count;
	struct str icon;
	struct str image;
	struct str icon_name; /* what they show, in words */
	struct str image_name;
	struct str moved_to;
	struct str aliases[AP_ACTOR_ALIASES_MAX];
	unsigned alias_count;
	struct ap_field fields[AP_ACTOR_FIELDS_MAX];
	unsigned field_count;
	struct ap_key keys[AP_ACTOR_KEYS_MAX];
	unsigned key_count;
	struct ap_identity identities[AP_IDENTITIES_MAX]; /* verified */
	unsigned identity_count;
	struct str webfinger;  /* the handle it claims (FEP-2c59), with or without "acct:" */
	unsigned capabilities; /* of its server: ap_capabilities_decode() */
	struct ap_emoji emojis[AP_EMOJIS_MAX];
	unsigned emoji_count;
	struct str searchable_by[AP_SEARCHABLE_MAX]; /* FEP-268d, of posts that do not say so */
	unsigned searchable_count;
	struct str attribution[AP_ACTOR_ATTRIBUTION_MAX]; /* hosts, as they came */
	unsigned attribution_count;
	bool locked;
	bool discoverable;
	bool indexable;
	bool memorial;
	bool no_media, no_media_replies, no_featured; /* what says nothing shows all of it */
	uint64_t published_ms;
};

/*
 * RC_INVALID with the reason in reader's context: no actor type, no id, no inbox, no user name, an
 * inbox on another origin than the id (S-018). Keys whose owner is somebody else are left out.
 */
enum rc ap_actor_decode(const struct ap_reader *reader, struct jr object,
			struct ap_actor *out) NODISCARD;
/* A key document of its own (type Key, CryptographicKey or Multikey). */
enum rc ap_key_decode(const struct ap_reader *reader, struct jr object,
		      struct ap_key *out) NODISCARD;

#endif
