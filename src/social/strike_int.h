/* What the files of strikes share. Inside write transactions. */
#ifndef FF_SOCIAL_STRIKE_INT_H
#define FF_SOCIAL_STRIKE_INT_H

#include "moderate_int.h"
#include "social/strike.h"

/* Leaves a strike for what was done already, with its record and what the person is told; *id may be
 * NULL. */
enum rc strike_lay(struct social *s, const struct account *moderator, const struct account *a,
		   const struct sentence *sentence, uint64_t *id) NODISCARD;

/* --- strike_community.c --- */

/* What the staff of a community needs for it; 0: a community cannot do it. */
unsigned moderation_permission(enum moderation what);
/* The account, when the moderator may do it in the sentence's community. */
enum rc community_judged_load(struct social *s, const struct account *moderator, uint64_t target,
			      const struct sentence *sentence, struct account *out) NODISCARD;
enum rc community_sentence_do(struct social *s, const struct account *moderator,
			      const struct account *a, const struct strike *strike) NODISCARD;
/* A strike was laid in it: it counts on the member's card. */
void community_strike_count(struct social *s, const struct strike *strike, int by);
/* Takes back what can be; a community that is gone has nothing to take back. */
enum rc community_sentence_undo(struct social *s, const struct strike *strike) NODISCARD;
/* What moderators have taken back themselves counts no more: the newest strike for it. status 0: a ban. */
void community_strike_lift(struct social *s, uint64_t community, uint64_t account,
			   enum moderation what, uint64_t status);
/* A word to somebody: a letter from the community. text is plain; link may be empty. */
enum rc community_letter(struct social *s, uint64_t community, const struct account *to,
			 struct str text, struct str link) NODISCARD;

#endif
