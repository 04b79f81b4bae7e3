/*
 * Notifications: what is told to whom, what waits because a stranger sent it, and reading them one
 * by one or in groups. What a notification is about may be gone, or hidden, by the time it is read:
 * it is left out then.
 */
#ifndef FF_SOCIAL_NOTIFY_H
#define FF_SOCIAL_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/notice.h"

/* A page, newest first whichever way it was asked for, without what cannot be shown; how many. */
size_t notices_read(struct db_txn *txn, uint64_t account, const struct id_range *range,
		    const struct notice_filter *filter, struct notice *out, size_t count);
/* One of them. False when there is none that can be shown. */
bool notice_read(struct db_txn *txn, uint64_t account, uint64_t id, struct notice *out);

/* --- groups --- */

/*
 * Likes and boosts of a post, follows, and sign-ups within the same half day stand for one thing.
 * All else stands alone: its group has the notice's own id, and no half day.
 */
struct notice_group {
	enum notice_kind kind;
	uint64_t status;
	uint64_t hours; /* since 1970, where its half day begins; 0: it stands alone */
	uint64_t alone; /* the notice that does */

	size_t count;
	uint64_t newest;
	uint64_t page_newest; /* of those on this page */
	uint64_t page_oldest;
	struct notice first; /* the newest on this page */
	uint64_t sample[8];  /* from whom the newest are, each once */
	unsigned sample_count;
};
#define NOTICE_KINDS_GROUPED                                                              \
	(NOTICE_BIT(NOTICE_LIKE) | NOTICE_BIT(NOTICE_BOOST) | NOTICE_BIT(NOTICE_FOLLOW) | \
	 NOTICE_BIT(NOTICE_SIGN_UP))

/* To which group a notice belongs: its first four members. grouped: kinds that are not alone. */
void notice_group_of(const struct notice *notice, unsigned grouped, struct notice_group *out);
/* Names one more from whom it is, if there is room and they are not named yet. */
void notice_group_sample(struct notice_group *group, uint64_t from);
bool notice_group_same(const struct notice_group *a, const struct notice_group *b);

/*
 * A page of groups, newest first: it reaches down (or up) to where the last of them shows itself.
 * Further members of the same groups come again on the next page. Counts and samples are of all
 * members but those that are newer than the page.
 */
size_t notice_groups_read(struct db_txn *txn, uint64_t account, const struct id_range *range,
			  const struct notice_filter *filter, unsigned grouped,
			  struct notice_group *out, size_t count);
/* All members of one group, newest first. */
size_t notice_group_members(struct db_txn *txn, uint64_t account, const struct notice_group *group,
			    struct notice *out, size_t count);

/* --- acts --- */

/* RC_NOT_FOUND. */
enum rc act_dismiss_notice(struct social *s, const struct account *account, uint64_t id) NODISCARD;
enum rc act_dismiss_group(struct social *s, const struct account *account,
			  const struct notice_group *group) NODISCARD;
/* In steps: RC_BUSY means that one was made, to be committed (the job ends with RC_OK), and that
 * another write must call again. */
enum rc act_clear_notices(struct social *s, const struct account *account) NODISCARD;
/* Lets a stranger in, with all that waits, or turns away what waits; in steps like the above. */
enum rc act_accept_notices(struct social *s, const struct account *account,
			   uint64_t request) NODISCARD;
enum rc act_turn_away_notices(struct social *s, const struct account *account,
			      uint64_t request) NODISCARD;

#endif
