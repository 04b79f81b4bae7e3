/*
 * Links of profiles that are verified: the page there says rel="me" of the profile, as the profile says of
 * the page (https://docs.joinmastodon.org/user/profile/#verification). Of people here, and of those whom
 * somebody here follows. Inside write transactions.
 */
#ifndef FF_SOCIAL_LINKS_H
#define FF_SOCIAL_LINKS_H

#include "social/social.h"

/*
 * The link that a field is, and nothing but that: with rel="me", https, its address to be read as a whole
 * (S-087). Absent when it is none.
 */
struct str links_of_field(struct ctx *ctx, const struct site *site,
			  const struct account_field *field);
/*
 * next is about to be written, instead of before: fields that say what they said keep what is known of them,
 * and pages that were not looked at for long are asked for by JOB_LINKS.
 */
void links_consider(struct social *s, const struct account *before, struct account *next);

/* The payload of JOB_LINKS. */
struct links_task {
	uint64_t account;
	uint64_t asked_ms; /* of the field: where it has another one, the job is an old one */
	struct str href;
};
void links_task_encode(struct buf *out, const struct links_task *task);
bool links_task_decode(struct str payload, struct links_task *out) NODISCARD;
/* The account, if its field is still to be looked at. */
bool links_task_is_open(struct db_txn *txn, struct ctx *ctx, const struct site *site,
			const struct links_task *task, struct account *out);

enum links_found {
	LINKS_UNKNOWN, /* the page could not be read: it is as it was */
	LINKS_BACK,    /* it links back */
	LINKS_NOT,     /* it does not, or is gone */
};
/* What came of it. Those of people here are looked at again, later. */
enum rc links_settle(struct social *s, const struct links_task *task,
		     enum links_found found) NODISCARD;

#endif
