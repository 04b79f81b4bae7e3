/*
 * What others do with a post, and what its author says to that: interaction policies and
 * authorizations (FEP-044f; GoToSocial's interaction controls), and the quotes of all dialects.
 */
#ifndef FF_AP_INTERACTION_H
#define FF_AP_INTERACTION_H

#include "ap/ap.h"
#include "json/jw.h"

enum ap_interaction {
	AP_INTERACTION_NONE,
	AP_INTERACTION_QUOTE,
	AP_INTERACTION_REPLY,
	AP_INTERACTION_LIKE,
	AP_INTERACTION_ANNOUNCE,
	AP_INTERACTION_COUNT
};

/* "Quote", "Reply", "Like", "Announce": the beginning of "QuoteRequest", "QuoteAuthorization". */
const char *ap_interaction_word(enum ap_interaction kind);
/* Of a type that ends so; AP_INTERACTION_NONE when it is none. */
enum ap_interaction ap_interaction_request(struct jr type);

#define AP_POLICY_MAX 64

/* One line of a policy: an id, or AP_PUBLIC. */
struct ap_policy_entry {
	enum ap_interaction kind;
	bool manual; /* the author looks at each */
	struct str id;
};

struct ap_policy {
	unsigned given; /* bit 1 << kind: it is spoken of */
	struct ap_policy_entry entries[AP_POLICY_MAX];
	unsigned count;
};

/* The interactionPolicy of a post; surplus lines are left out. */
void ap_policy_decode(const struct ap_reader *reader, struct jr object, struct ap_policy *out);

/* The id of the post that an object quotes, in whichever dialect it says so; absent when it quotes
 * none. */
struct str ap_quote_decode(const struct ap_reader *reader, struct jr object);
/* The authorization that an object or activity carries for what it is; absent when there is none. */
struct str ap_authorization_of(const struct ap_reader *reader, struct jr object,
			       enum ap_interaction kind);

/* A document that proves its author's consent. */
struct ap_authorization {
	enum ap_interaction kind;
	struct str id;
	struct str attributed_to;
	struct str object; /* what was done: interactingObject */
	struct str target; /* with what: interactionTarget */
};

/* RC_INVALID with the reason in reader's context: another type, or something is missing. */
enum rc ap_authorization_decode(const struct ap_reader *reader, struct jr document,
				struct ap_authorization *out) NODISCARD;
void ap_write_authorization(struct jw *w, const struct ap_authorization *a);

/* The terms of a post that tell of its quote and its policy. */
struct ap_note_interactions {
	struct str quote;
	struct str quote_authorization;
	struct str reply_authorization;
	const struct ap_policy_entry *policy;
	unsigned policy_count;
};
void ap_write_note_interactions(struct jw *w, const struct ap_note_interactions *n);
/* FEP-e232: the tag that names what is quoted. Inside the open array. */
void ap_write_quote_tag(struct jw *w, struct str quote);

#endif
