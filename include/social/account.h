/* Making and changing local accounts. All inside a write transaction. */
#ifndef FF_SOCIAL_ACCOUNT_H
#define FF_SOCIAL_ACCOUNT_H

#include "core/ctx.h"
#include "crypt/secret.h"
#include "social/social.h"
#include "store/account.h"

struct new_account {
	struct str username;
	struct str display_name;
	struct str note;	  /* plain text */
	struct str password_hash; /* password_hash()'s; empty: cannot sign in */
	struct str email;
	bool unconfirmed;      /* they have yet to show that the address is theirs */
	struct str email_next; /* an address that becomes theirs once they have confirmed it */
	unsigned waiting;      /* reasons to wait, of ACCOUNT_WAITING: nobody sees them yet */
	enum account_kind kind;
	bool locked;
};

/*
 * Makes an RSA-2048 and an Ed25519 key pair, sealed for the account of this uri; generation names
 * them apart after rotations (0 at first). Strings are in ctx's arena.
 */
enum rc account_keys_make(struct ctx *ctx, const struct seal_key *seal, struct str uri,
			  uint64_t now_ms, struct account_secrets *out) NODISCARD;
/* The private key of one stored key. */
struct key;
enum rc account_key_open(const struct seal_key *seal, struct str uri,
			 const struct local_key *stored, struct key **out) NODISCARD;

/* RC_EXISTS when the name or the e-mail address is taken, RC_INVALID when it is not allowed. secrets come from
 * account_keys_make(). */
enum rc account_create(struct social *s, const struct new_account *new_account,
		       const struct account_secrets *secrets, struct account *out) NODISCARD;
/* The node's own actor, made once by init. */
enum rc account_create_instance(struct social *s, const struct account_secrets *secrets,
				struct account *out) NODISCARD;
/*
 * What somebody wrote of themselves as HTML. RC_INVALID or RC_TOO_LARGE
 * beyond 2,000 characters, with the reason in ctx. Outside any write.
 */
enum rc account_text_make(struct ctx *ctx, const struct site *site, struct str text,
			  struct html *out) NODISCARD;
/* The same of a field's value, whose links say that they lead to who wrote it (rel="me"). */
enum rc account_field_make(struct ctx *ctx, const struct site *site, struct str text,
			   struct html *out) NODISCARD;
/* Profile changes: everything but id, uri and username; tells the peers. */
enum rc account_change(struct social *s, const struct account *changed) NODISCARD;
/* The same; another account, which may be NULL, hears of it besides followers. */
enum rc account_change_for(struct social *s, const struct account *changed,
			   const struct account *also) NODISCARD;
/* New keys: the old ones stay published (and verifiable by peers) for overlap_ms; tells the peers.
 */
enum rc account_rotate_keys(struct social *s, const struct account *account,
			    const struct account_secrets *fresh, uint64_t overlap_ms) NODISCARD;
enum rc account_suspend(struct social *s, const struct account *account, bool suspended) NODISCARD;
/*
 * Begins to delete an account, in steps, since it may have many posts: RC_BUSY means that a step was
 * made, to be committed (the job ends with RC_OK), and that another write may call again, with the
 * account read anew: who does not leaves it to a job that was added. A local one's followers hear of it; account_delete_finish() follows when they are
 * told.
 */
enum rc account_delete(struct social *s, const struct account *account) NODISCARD;
/* Ends relations, in steps as above, and leaves a shell: the id and the name stay taken. */
enum rc account_delete_finish(struct social *s, const struct account *account) NODISCARD;

#endif
