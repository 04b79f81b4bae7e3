/*
 * Collections of accounts that somebody recommends (FEP-7aa9): made by people here, told of by peers.
 * Nobody is shown in one without having consented, by their own word or by their policy.
 */
#ifndef FF_SOCIAL_COLLECTION_H
#define FF_SOCIAL_COLLECTION_H

#include "social/interact.h"
#include "social/social.h"
#include "store/collection.h"

/* What people here may write, in characters. */
#define COLLECTION_NAME_CHARS 40
#define COLLECTION_DESCRIPTION_CHARS 100

/*
 * Checks and makes what somebody typed: name, description (plain text), language ("" for unsaid) and
 * hashtag (with or without "#"). Absent ones are left as they are in out. RC_INVALID with the reason.
 */
struct collection_words {
	struct str name, description, language, tag;
};
enum rc collection_words_make(struct ctx *ctx, const struct site *site,
			      const struct collection_words *words,
			      struct collection *out) NODISCARD;

/* May owner put account into a collection: at once, after a look, or not at all? */
enum allowance collection_allows(struct db_txn *txn, const struct account *account,
				 const struct account *owner);
/* The policy that an account has: enum account_feature, at once and after a look. */
struct feature_bits {
	unsigned automatic, manual;
};
struct feature_bits collection_policy(const struct account *account);
/* Is an item for everybody to see? */
bool collection_shows(struct db_txn *txn, const struct collection_item *item);

struct str collection_item_uri(struct arena *arena, const struct collection *c,
			       const struct collection_item *item);
/* A local account's consent as a document: "…/users/bob/feature_authorizations/17". */
struct str collection_authorization_uri(struct arena *arena, const struct site *site,
					const struct account *account,
					const struct collection_item *item);

/* --- acts of people here --- */

/* Sets id, uri and times. RC_TOO_LARGE: there are enough. */
enum rc act_collection_create(struct social *s, const struct account *owner,
			      struct collection *c) NODISCARD;
/* Name, description, language, tag and flags of *next are taken over. RC_NOT_FOUND, RC_DENIED: it is
 * somebody else's. */
enum rc act_collection_edit(struct social *s, const struct account *owner,
			    const struct collection *next) NODISCARD;
enum rc act_collection_delete(struct social *s, const struct account *owner,
			      uint64_t collection) NODISCARD;
/* Puts an account into it, or asks it. RC_EXISTS; RC_DENIED with the reason in ctx; RC_TOO_LARGE. */
enum rc act_collection_add(struct social *s, const struct account *owner, uint64_t collection,
			   const struct account *account, struct collection_item *out) NODISCARD;
enum rc act_collection_remove(struct social *s, const struct account *owner, uint64_t collection,
			      uint64_t account) NODISCARD;
/* Who was asked answers; RC_EXISTS when that was done before. */
enum rc act_collection_answer(struct social *s, const struct account *account, uint64_t collection,
			      bool yes) NODISCARD;
/* Who is in it takes the consent back. */
enum rc act_collection_leave(struct social *s, const struct account *account,
			     uint64_t collection) NODISCARD;

/* --- what peers tell --- */

/* A remote account asks to put one of ours into a collection of its own. */
enum rc act_collection_requested(struct social *s, const struct account *owner,
				 const struct account *account, struct str collection,
				 struct str request) NODISCARD;
/* A remote account has answered a request of ours. RC_DENIED when the proof is not on its host. */
enum rc act_collection_answered(struct social *s, const struct account *account, struct str request,
				bool yes, struct str authorization) NODISCARD;
/* It has deleted its authorization: the item ends. */
enum rc act_collection_withdrawn(struct social *s, const struct account *account,
				 struct str authorization) NODISCARD;
/* A remote collection as it was read at its origin. Of items only those of accounts whose consent was
 * verified are given; what our own accounts have said is known here. */
enum rc act_collection_received(struct social *s, const struct account *owner, struct collection *c,
				const struct collection_item *items, size_t count) NODISCARD;
/* It is listed no more; RC_NOT_FOUND. */
enum rc act_collection_dropped(struct social *s, const struct account *owner,
			       struct str uri) NODISCARD;
/* Its owner says how the item of somebody here is called, who has consented to it. */
void act_collection_item_named(struct social *s, const struct account *owner, struct str collection,
			       struct str account, struct str item);
/* An item of it is, by the item's id or by whom it recommends. */
enum rc act_collection_item_dropped(struct social *s, const struct account *owner,
				    struct str collection, struct str item) NODISCARD;

/* A block ends what either has consented to in the other's collections. */
void collections_block(struct social *s, const struct account *blocker,
		       const struct account *blocked);
/* When an account ends: its collections, and its place in others'. */
void collections_end(struct social *s, const struct account *account);

#endif
