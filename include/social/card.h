/* Which page a post is a link to, and when that page is to be read. Inside write transactions. */
#ifndef FF_SOCIAL_CARD_H
#define FF_SOCIAL_CARD_H

#include "core/clock.h"
#include "social/social.h"
#include "store/card.h"
#include "store/status.h"

#define CARD_LIFE_MS \
	(14 * MS_PER_DAY)	 /* after that a page is read again when somebody links there */
#define CARD_RETRY_MS MS_PER_DAY /* the same of one that could not be read */

/* Is what is known of the page (NULL: nothing) good enough for now? */
bool card_is_fresh(const struct card *card, uint64_t now_ms);
/*
 * Fills status->link with the first link of a post for everybody that is neither a mention nor a
 * hashtag, and asks for its page to be read: soon for people of here; for others within a minute, since
 * all nodes that hear of a post hear of it at once.
 */
void card_want(struct social *s, struct status *status);

#endif
