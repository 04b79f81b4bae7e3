/* Collections of accounts that somebody recommends, and the consent of those who are in them
 * (FEP-7aa9). */
#ifndef FF_AP_FEATURED_H
#define FF_AP_FEATURED_H

#include "ap/ap.h"
#include "json/jw.h"

#define AP_FEATURED_ITEMS_MAX 50

struct ap_featured_item {
	struct str id;
	struct str object;	  /* who is recommended */
	struct str object_type;	  /* written only */
	struct str authorization; /* absent: none was told */
	uint64_t published_ms;
};

/* Strings point into the document or the arena. HTML is as it came. */
struct ap_featured {
	struct str id;
	struct str attributed_to;
	struct str url;
	struct str name;
	struct str summary;
	struct str language;
	struct str topic;      /* a hashtag without "#" */
	struct str topic_href; /* written only */
	bool sensitive, discoverable;
	uint64_t published_ms, updated_ms;
	struct ap_featured_item items[AP_FEATURED_ITEMS_MAX]; /* surplus ones are left out */
	unsigned item_count;
};

/* Is it one, or told to be? */
bool ap_is_featured(struct jr object);
/* RC_INVALID with the reason in reader's context: another type, no id or name, or whose it is is on
 * another host. The struct is large and comes from the arena. */
enum rc ap_featured_decode(const struct ap_reader *reader, struct jr object,
			   struct ap_featured **out) NODISCARD;
/* One item; false when it says neither who nor, being an object, what it is. */
bool ap_featured_item_decode(const struct ap_reader *reader, struct jr item,
			     struct ap_featured_item *out);
void ap_write_featured(struct jw *w, const struct ap_featured *c, bool with_context);
void ap_write_featured_item(struct jw *w, const struct ap_featured_item *item);

/* Who an actor lets recommend it: bits of enum ap_feature. */
enum ap_feature {
	AP_FEATURE_ANYBODY = 1,
	AP_FEATURE_FOLLOWERS = 2,
	AP_FEATURE_FOLLOWING = 4,
};
struct ap_feature_policy {
	bool said;
	unsigned automatic, manual;
};
/* Of an actor's document; its own collections are given. */
struct ap_feature_policy ap_feature_policy_decode(const struct ap_reader *reader, struct jr actor,
						  struct str followers, struct str following);
/* The interactionPolicy of an actor; nobody is told by the actor's own id (FEP-7aa9). */
void ap_write_feature_policy(struct jw *w, const struct ap_feature_policy *p, struct str actor,
			     struct str followers, struct str following);

/* A FeatureAuthorization: that the account lets itself be recommended there. */
struct ap_feature_authorization {
	struct str id;
	struct str collection; /* interactingObject */
	struct str account;    /* interactionTarget */
};
/* RC_INVALID with the reason: another type, something is missing, or it is not on the account's host. */
enum rc ap_feature_authorization_decode(const struct ap_reader *reader, struct jr document,
					struct ap_feature_authorization *out) NODISCARD;
void ap_write_feature_authorization(struct jw *w, const struct ap_feature_authorization *a,
				    bool with_context);

#endif
