/* Accounts: people, groups, services and applications, here and elsewhere. */
#ifndef FF_STORE_ACCOUNT_H
#define FF_STORE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "store/emoji.h"
#include "store/identity.h"
#include "text/html.h"

enum account_kind {
	ACCOUNT_PERSON,
	ACCOUNT_GROUP,
	ACCOUNT_ORGANIZATION,
	ACCOUNT_SERVICE,
	ACCOUNT_APPLICATION,
};

enum account_flags {
	ACCOUNT_LOCAL = 1,
	ACCOUNT_LOCKED = 2, /* follows need approval */
	ACCOUNT_DISCOVERABLE = 4,
	ACCOUNT_INDEXABLE = 8,
	ACCOUNT_SUSPENDED = 16,
	ACCOUNT_DELETED = 32,	    /* a shell that keeps the id and the name */
	ACCOUNT_INSTANCE = 64,	    /* the node's own actor */
	ACCOUNT_HIDE_NETWORK = 128, /* followers and following are not listed */
	ACCOUNT_LEAVING = 256,	    /* being deleted: peers are told */
	ACCOUNT_SILENCED = 512,	    /* seen by its followers and whoever looks for it */
	ACCOUNT_SENSITIVE = 1024,   /* what it attaches is covered */
	ACCOUNT_DISABLED = 2048,    /* a local one that cannot sign in */
	ACCOUNT_UNCONFIRMED = 4096, /* who signed up has not confirmed the e-mail address yet */
	ACCOUNT_UNAPPROVED = 8192,  /* who signed up is to be let in by a moderator */
	ACCOUNT_CLOSING = 32768,    /* being deleted, step by step, by a job */
	/* what a profile does without, so that one that says nothing has it all */
	ACCOUNT_NO_MEDIA = 1 << 20,	    /* a tab with what was attached */
	ACCOUNT_NO_MEDIA_REPLIES = 1 << 21, /* replies in it */
	ACCOUNT_NO_FEATURED = 1 << 22,	    /* a tab with what is featured */
	ACCOUNT_MEMORIAL = 1 << 23,	    /* of somebody who has died */
	ACCOUNT_TEAM = 16384, /* a local one that its members act for: nobody signs in as it */
};

struct account_field {
	struct str name;
	struct html value;
	struct str source; /* what was typed, of a local account; empty: not known */
	/* kept as a part, of fields that are a link: when the page there was found to link back (0: it
	 * was not), and when it was asked for last */
	uint64_t verified_ms, asked_ms;
};

/* Who may put an account into a collection (FEP-7aa9). */
enum account_feature {
	FEATURE_ANYBODY = 1,
	FEATURE_FOLLOWERS = 2, /* who follows the account */
	FEATURE_FOLLOWING = 4, /* whom it follows */
	FEATURE_ALL = 7,
};

#define ACCOUNT_FIELDS_MAX 16
#define ACCOUNT_ALIASES_MAX 16
#define ACCOUNT_TAGS_MAX 10
#define ACCOUNT_TOPICS_MAX 20
#define ACCOUNT_SEARCHABLE_MAX 16
#define ACCOUNT_ATTRIBUTION_MAX 100 /* S-057; a local one has fewer */

struct account {
	uint64_t id;
	enum account_kind kind;
	unsigned flags;
	struct str username;
	struct str domain; /* canonical authority; empty for local ones */
	struct str uri;
	struct str url; /* of the page for people */
	struct str inbox;
	struct str shared_inbox; /* empty when there is none */
	struct str outbox;
	struct str followers;
	struct str following;
	struct str display_name;
	struct html note;
	struct str avatar; /* URLs; empty when there is none */
	struct str header;
	struct str moved_to;
	struct account_field fields[ACCOUNT_FIELDS_MAX];
	unsigned field_count;
	uint64_t created_ms;
	uint64_t updated_ms;
	uint64_t fetched_ms; /* remote: when the document was last read */
	/* parts that few have: a new one is a row of account_part.c */
	struct emoji *emojis; /* of display_name, note and fields */
	unsigned emoji_count;
	struct str featured;	  /* ids of the collections of pinned posts and featured hashtags */
	struct str featured_tags; /* both of remote ones */
	uint64_t featured_ms;	  /* when they were read */
	struct str *tags;	  /* featured hashtags, without "#" */
	unsigned tag_count;
	struct str *searchable_by; /* who may find posts that do not say so (FEP-268d) */
	unsigned searchable_count;
	struct str *aliases; /* other addresses of the same person (alsoKnownAs) */
	unsigned alias_count;
	uint64_t moved_account; /* whom followers were taken to, since moved_to was confirmed */
	uint64_t moved_ms;	/* when that was */
	/* local: when it took posts along, to here and from here; 0: never */
	uint64_t took_in_ms, took_out_ms;
	struct identity *identities; /* who else it is, verified */
	unsigned identity_count;
	/* who may put it into collections, at once or when it has looked: enum account_feature. Unsaid: of
	 * remote ones nobody, of local ones what account_feature_of() says. */
	bool feature_said;
	unsigned feature_automatic, feature_manual;
	struct str featured_collections; /* remote: id of the collection of its collections */
	struct str avatar_description, header_description; /* for who does not see them */
	struct str *
		attribution; /* hosts whose pages may name it as their author (attributionDomains) */
	unsigned attribution_count;
	struct str note_source; /* what was typed as the note, of a local one; empty: not known */
	struct str moderators;	/* of a group elsewhere: id of the collection (FEP-1b12) */
	struct str *topics; /* of a group elsewhere: hashtags of what it is about, without "#" */
	unsigned topic_count;
	struct str etag; /* remote: of the document as it was last read; empty: none */
};

/* Reads and copies into arena. False when there is none, or the transaction or the arena has
 * failed. */
bool account_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct account *out);
/* Many at once; out[i].id is 0 where there is none. */
bool account_get_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		      struct account *out);
bool account_find_uri(struct db_txn *txn, struct arena *arena, struct str uri, struct account *out);
/* domain empty for local ones; the user is compared without case. */
bool account_find_handle(struct db_txn *txn, struct arena *arena, struct str user,
			 struct str domain, struct account *out);
/* Only the domain, which is empty for a local one and points into the transaction. */
bool account_domain(struct db_txn *txn, uint64_t id, struct str *out);
/* The id alone; 0 when there is none. */
uint64_t account_id_of_uri(struct db_txn *txn, struct str uri);

/*
 * Adds an account, sets account->id. False when its uri or handle is taken (the transaction goes
 * on), or the transaction has failed.
 */
bool account_add(struct db_txn *txn, struct arena *arena, struct account *account);
/* Replaces what is stored under account->id. uri never changes; a changed handle moves. False when
 * the handle is taken. */
bool account_put(struct db_txn *txn, struct arena *arena, const struct account *account);

/*
 * Takes a local account away, as if it had never been: its name may be given again. Only of one that
 * nobody has ever been shown.
 */
void account_del(struct db_txn *txn, uint64_t id);

static inline bool account_is_local(const struct account *a)
{
	return (a->flags & ACCOUNT_LOCAL) != 0;
}

/* Of somebody who signed up and is not let in yet. */
#define ACCOUNT_WAITING (ACCOUNT_UNCONFIRMED | ACCOUNT_UNAPPROVED)

static inline bool account_is_waiting(const struct account *a)
{
	return (a->flags & ACCOUNT_WAITING) != 0;
}

/* Suspended or deleted. */
static inline bool account_is_barred(const struct account *a)
{
	return (a->flags & (ACCOUNT_SUSPENDED | ACCOUNT_DELETED)) != 0;
}

/* Suspended, deleted, or not let in yet: shown to nobody, may do nothing. */
static inline bool account_is_gone(const struct account *a)
{
	return account_is_barred(a) || account_is_waiting(a);
}

/* What moderators have said of an account, which nobody else changes. */
#define ACCOUNT_MODERATED                                                             \
	(ACCOUNT_SUSPENDED | ACCOUNT_DELETED | ACCOUNT_SILENCED | ACCOUNT_SENSITIVE | \
	 ACCOUNT_DISABLED | ACCOUNT_WAITING)

/* Where a delivery to all of this account's host goes: the shared inbox when there is one. */
static inline struct str account_bulk_inbox(const struct account *a)
{
	return a->shared_inbox.len != 0 ? a->shared_inbox : a->inbox;
}

struct account_counts {
	uint64_t followers;
	uint64_t following;
	uint64_t statuses; /* that everybody may see, boosts among them */
	uint64_t last_status_ms;
};

struct account_counts account_counts(struct db_txn *txn, uint64_t id);
/* Of many at once. False when the transaction has failed. */
bool account_counts_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
			 struct account_counts *out);
/* Adds the (possibly negative) differences; never below zero. at_ms, when not 0, is the time of a
 * new status. */
void account_count(struct db_txn *txn, uint64_t id, int followers, int following, int statuses,
		   uint64_t at_ms);

/* Local accounts in order of their handles, after the handle `after` (empty: from the first).
 * Returns how many ids. */
size_t account_local_ids(struct db_txn *txn, struct str after, uint64_t *out, size_t count);

/* All accounts: in order of their ids, after an id; newest first, below max_id (0: from the newest). */
size_t account_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);
size_t account_before(struct db_txn *txn, uint64_t max_id, uint64_t *out, size_t count);

/* --- what only local accounts have --- */

#define LOCAL_KEYS_MAX 6

/* A signing key of a local account. The private part is sealed. */
struct local_key {
	struct str name;   /* the fragment: "main-key", "ed25519-key" */
	uint8_t kind;	   /* enum key_kind */
	struct str sealed; /* PKCS#8, sealed */
	struct str public_der;
	uint64_t created_ms;
	uint64_t retired_ms; /* 0: in use; else still published until this time */
};

struct account_secrets {
	struct str password_hash; /* empty: cannot sign in */
	struct str email;	  /* to sign in with and to write to; empty: none */
	uint64_t confirmed_ms;	  /* when they showed that it is theirs; 0: not yet */
	struct str email_next;	  /* what is to take its place once that is confirmed */
	struct local_key keys[LOCAL_KEYS_MAX];
	unsigned key_count;
};

bool account_secrets_get(struct db_txn *txn, struct arena *arena, uint64_t id,
			 struct account_secrets *out);
/* An address that somebody else has leads to them alone: see account_id_of_email() first. */
void account_secrets_put(struct db_txn *txn, uint64_t id, const struct account_secrets *secrets);
/* Who has this address, compared without case; 0 when nobody. */
uint64_t account_id_of_email(struct db_txn *txn, struct str email);

/* Integrity: every account's handle and uri lead back to it, and the other way round. Calls bad()
 * for each that does not. */
void account_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		   void *arg);

#endif
