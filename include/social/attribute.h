/*
 * Attributes of people, and memberships that follow from them. Who runs the node says what somebody is
 * (store/attribute.h); which domain their confirmed e-mail address is of goes without saying. They are told to
 * nobody else, and never leave the node.
 *
 * Acts run inside write transactions; what changes attributes looks after the memberships in the same write.
 */
#ifndef FF_SOCIAL_ATTRIBUTE_H
#define FF_SOCIAL_ATTRIBUTE_H

#include "social/social.h"
#include "store/attribute.h"
#include "store/community.h"

struct letter; /* social/mail.h */

/* The domain of the confirmed address, in lower case: nobody sets it. */
#define ATTRIBUTE_EMAIL_DOMAIN "email-domain"
#define ATTRIBUTES_ALL_MAX (ATTRIBUTES_MAX + 1)

/* All that somebody of here has, in the order of names and values. */
size_t attributes_of(struct db_txn *txn, struct arena *arena, uint64_t account,
		     struct attribute out[ATTRIBUTES_ALL_MAX]);
/* Does somebody of here meet the terms of a community, as it is with those of its parents? */
bool attributes_meet(struct db_txn *txn, struct arena *arena, const struct community *effective,
		     uint64_t account);

/* The form of a name and a value, cleaned. RC_INVALID with the reason in ctx. */
enum rc attribute_read(struct ctx *ctx, struct str name, struct str value,
		       struct attribute *out) NODISCARD;
/* The same of what may have no value, which means all of that name. */
enum rc attribute_read_part(struct ctx *ctx, struct str name, struct str value,
			    struct attribute *out) NODISCARD;
/* "name=value". */
enum rc attribute_read_pair(struct ctx *ctx, struct str pair, struct attribute *out) NODISCARD;

/* One value more. RC_EXISTS; RC_TOO_LARGE; RC_NOT_FOUND for who is nobody of here. */
enum rc attribute_add(struct social *s, uint64_t account,
		      const struct attribute *attribute) NODISCARD;
/* One, or with an empty value all of that name. RC_NOT_FOUND. */
enum rc attribute_remove(struct social *s, uint64_t account, struct str name,
			 struct str value) NODISCARD;
/* These and no others of that source. */
enum rc attributes_replace(struct social *s, uint64_t account, enum attribute_source source,
			   const struct attribute *list, size_t count) NODISCARD;
/* All of them, and what followed from them: the account goes. */
void attributes_forget(struct social *s, uint64_t account);
/* Something that attributes follow from has changed: the address. */
void attributes_changed(struct social *s, uint64_t account);

/* --- memberships --- */

/* Somebody has joined by attribute. */
void attribute_entered(struct social *s, uint64_t community, uint64_t account);
/* The terms of a community, or of one above it, have changed: a job looks at all who are in by them. */
void attribute_terms_changed(struct social *s, uint64_t community);

/* What a member is told of such a membership. The numbers are part of the stored form of jobs. */
enum membership_news {
	MEMBERSHIP_NO_NEWS,
	MEMBERSHIP_ENDING, /* when the grace is over */
	MEMBERSHIP_ENDED,
	MEMBERSHIP_GOES_ON, /* it would have ended */
};
/* Until when somebody is in a community by attribute; 0: for good, or they are not in it by one. */
uint64_t attribute_ends_ms(struct db_txn *txn, uint64_t community, uint64_t account);

/* JOB_ATTRIBUTE: all of a community (account 0), after a cursor; or one whose time is over; or the letter
 * with news for one. */
struct attribute_job {
	uint64_t community, account;
	uint64_t at; /* where the walk goes on, or when the membership ends, or has ended */
	enum membership_news news;
};
void attribute_job_encode(struct buf *out, const struct attribute_job *job);
bool attribute_job_decode(struct str payload, struct attribute_job *out) NODISCARD;
/* The letter with the news, outside of any write. RC_NOT_FOUND: there is none to write, as where it is not so
 * any more. */
enum rc attribute_letter(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			 const struct attribute_job *job, struct letter *out) NODISCARD;
/* In a write. packed is that letter; absent: none. RC_BUSY: there is more, after job->at. */
enum rc attribute_job_step(struct social *s, struct attribute_job *job,
			   struct str packed) NODISCARD;

#endif
