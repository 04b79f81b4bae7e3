/* Custom emoji in the texts of our people. */
#ifndef FF_SOCIAL_EMOJI_H
#define FF_SOCIAL_EMOJI_H

#include "social/social.h"
#include "store/account.h"
#include "store/status.h"

/* Fills the list of emoji by the shortcodes in the texts that this node has pictures for. */
void emojis_of_status(struct social *s, struct status *status);
void emojis_of_account(struct social *s, struct account *account);

#endif
