/* Conversations: letters that belong together, for each local account that takes part. Inside
 * transactions. */
#ifndef FF_SOCIAL_CONVERSATION_H
#define FF_SOCIAL_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/conversation.h"
#include "store/status.h"

/* A letter was added: it is the newest of its conversation for all of here who have it. What is no
 * letter, or held back, is left alone. */
void conversation_tell(struct social *s, const struct status *letter);
/* A letter is about to be removed: the one before it is the last one then. */
void conversation_untell(struct social *s, const struct status *letter);

/* RC_NOT_FOUND: account has no such conversation. */
enum rc act_read_conversation(struct social *s, const struct account *account, uint64_t root,
			      bool unread) NODISCARD;
/* The letters stay; the next one begins it anew. */
enum rc act_drop_conversation(struct social *s, const struct account *account,
			      uint64_t root) NODISCARD;

#endif
