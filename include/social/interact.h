/*
 * What an author allows others to do with a post (interaction policies, FEP-044f and GoToSocial's
 * interaction controls): judging it, asking for it, answering, and quotes with their consent.
 *
 * The author's node decides. Elsewhere only a proof counts: a policy is advice there (FEP-044f,
 * "Advertising a quote policy").
 */
#ifndef FF_SOCIAL_INTERACT_H
#define FF_SOCIAL_INTERACT_H

#include "social/act.h"
#include "store/interaction.h"

/* --- policies --- */

enum allowance {
	ALLOWED_NOT,
	ALLOWED_ASKING, /* the author decides on each */
	ALLOWED,
};

/* What status's author lets actor do; whether actor may see it is another question. */
enum allowance policy_allows(struct db_txn *txn, const struct status *status,
			     const struct account *author, const struct account *actor,
			     enum interaction_kind kind);
/* May everybody know that it is allowed, without asking the author? It is, by everybody's or the
 * actor's own name. */
bool policy_is_open(const struct status *status, const struct account *author,
		    const struct account *actor, enum interaction_kind kind);

/* Whom a local author lets do something. */
enum policy_who {
	POLICY_PUBLIC,
	POLICY_FOLLOWERS,
	POLICY_ASK, /* everybody, each after a look */
	POLICY_NOBODY,
};
/* "public", "followers", "ask", "nobody". */
bool policy_who_parse(struct str name, enum policy_who *out) NODISCARD;
/* Adds it to the policy of a post of author. RC_NO_MEMORY. */
enum rc policy_set(struct arena *arena, struct policy *policy, enum interaction_kind kind,
		   enum policy_who who, const struct account *author) NODISCARD;
/* The lines of a local post's policy as they are told, defaults and those who may always included;
 * a line with an empty uri is for everybody. Returns how many of at most count. */
unsigned policy_told(const struct status *status, const struct account *author,
		     struct policy_entry *out, unsigned count);

/* A local author lets others do something else with a post from now on. RC_DENIED when it is not
 * theirs. */
enum rc act_policy(struct social *s, const struct account *actor, uint64_t status,
		   enum interaction_kind kind, enum policy_who who) NODISCARD;

/* --- asking and answering --- */

/* Under what an authorization is found: by its id and whose consent it is, since anybody on the host
 * may have named the id before (S-019). */
struct str interact_consent_name(struct arena *arena, struct str authorization,
				 const struct account *owner);

/* "…/users/alice/authorizations/17" */
struct str interact_authorization_uri(struct arena *arena, const struct site *site,
				      const struct account *owner, uint64_t id);

/*
 * A remote actor asks a local author: uri is what is to be allowed, request the asking activity.
 * embedded, which may be NULL, is the quoting post or the reply as it came. The answer goes out at
 * once, or when the author gives it. RC_NOT_FOUND when there is no such post for the actor.
 */
struct interact_request {
	enum interaction_kind kind;
	uint64_t status;
	struct str uri;
	struct str request;
	enum visibility visibility; /* of a boost */
	struct status *embedded;
};
enum rc act_request(struct social *s, const struct account *actor,
		    const struct interact_request *request) NODISCARD;
/* A local author decides on what waits. Denying a quote that was accepted revokes it. RC_DENIED when
 * it is not theirs, RC_EXISTS when it was decided. */
enum rc act_approve(struct social *s, const struct account *owner, uint64_t interaction) NODISCARD;
enum rc act_deny(struct social *s, const struct account *owner, uint64_t interaction) NODISCARD;
/* A remote author has answered what one of ours asked. RC_DENIED when the proof is not on the
 * author's host. */
enum rc act_answered(struct social *s, const struct account *owner, uint64_t interaction,
		     bool accepted, struct str authorization) NODISCARD;
/* A proof of what a third party did with somebody else's post was fetched; NULL: there is none. */
struct proof;
enum rc act_proven(struct social *s, uint64_t interaction, const struct proof *proof) NODISCARD;

/* --- quotes --- */

/* A fetched authorization. */
struct proof {
	enum interaction_kind kind;
	struct str id;
	struct str attributed_to;
	struct str object;
	struct str target;
};

/* The quoted post may be known by now, and what proves its author's consent was fetched (NULL: it
 * could not be): decides what the quote is. RC_EXISTS when nothing changed. */
enum rc act_quote_settle(struct social *s, uint64_t status, const struct proof *proof) NODISCARD;
/* Does the new version say nothing new to readers? Whom it lets answer may be another matter. */
bool act_says_the_same(struct social *s, const struct status *now, const struct status *next);
/* A post of elsewhere tells something else of its quote or of who may do what, without an edit of what
 * it says. RC_EXISTS when nothing changed. */
enum rc act_retold(struct social *s, const struct account *actor, uint64_t status,
		   const struct status_quote *quote, const struct policy *policy) NODISCARD;
/* Line by line: the same words in another order are another policy. */
bool policy_eq(const struct policy *a, const struct policy *b);
/* A local author takes a consent back; RC_NOT_FOUND when there was none. */
enum rc act_quote_revoke(struct social *s, const struct account *owner, uint64_t quoting) NODISCARD;
/* A remote author has deleted the authorization of a quote. */
enum rc act_quote_revoked(struct social *s, const struct account *owner, struct str authorization,
			  uint64_t quoting) NODISCARD;

/* --- the job that fetches what proves something --- */

struct verify {
	bool interaction; /* id is an interaction's, else a quoting status's */
	uint64_t id;
};
bool verify_decode(struct str payload, struct verify *out);

#endif
