/*
 * A year in review (https://docs.joinmastodon.org/methods/annual_reports/): what somebody here has done in
 * it, counted by a job in bounded steps and kept.
 */
#ifndef FF_SOCIAL_YEAR_H
#define FF_SOCIAL_YEAR_H

#include "social/social.h"
#include "store/year.h"

#define YEAR_FIRST 2000
#define YEAR_LAST 9999
#define YEAR_POSTS_MIN 3 /* of one who gets a review */

/* When the node offers them: the words of the setting. */
enum year_offer {
	YEAR_NEVER,
	YEAR_DECEMBER, /* from the 10th to the 31st, of the same year */
	YEAR_ALWAYS,
};
#define YEAR_OFFERS "off december always"

/* The year for which a review can be asked for now; 0: none. */
uint16_t year_on_offer(enum year_offer offer, uint64_t now_ms);

enum year_state {
	YEAR_INELIGIBLE,
	YEAR_ELIGIBLE,
	YEAR_GENERATING,
	YEAR_AVAILABLE,
};
/* In any transaction. */
enum year_state year_state(struct db_txn *txn, struct arena *arena, enum year_offer offer,
			   uint64_t account, uint16_t year, uint64_t now_ms);

enum year_archetype {
	YEAR_LURKER,
	YEAR_BOOSTER,
	YEAR_POLLSTER,
	YEAR_REPLIER,
	YEAR_ORACLE,
};
/* What somebody mostly does, not quite in earnest. Pure. */
enum year_archetype year_archetype(const struct year_report *report);

/* --- inside a write --- */

/* Has it made where it may be; *state is what it is then. */
enum rc year_generate(struct social *s, enum year_offer offer, const struct account *account,
		      uint16_t year, enum year_state *state) NODISCARD;
/* RC_NOT_FOUND when there is none. */
enum rc year_mark_read(struct social *s, const struct account *account, uint16_t year) NODISCARD;

/* The payload of JOB_YEAR. */
struct year_task {
	uint64_t account;
	uint16_t year;
};
void year_task_encode(struct buf *out, const struct year_task *task);
bool year_task_decode(struct str payload, struct year_task *out) NODISCARD;
/* One bounded step; true when there is more to do. */
bool year_task_step(struct social *s, const struct year_task *task);

#endif
