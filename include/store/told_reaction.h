/*
 * Reactions with emoji that a partner of a joint community tells of, by people who are not known here: who
 * has reacted is kept as a digest alone. They count with other reactions.
 */
#ifndef FF_STORE_TOLD_REACTION_H
#define FF_STORE_TOLD_REACTION_H

#include "store/reaction.h"

/* voter, emoji: digests of the person's id and of the reaction's text (reckey_digest()). The strings point
 * into the row. False when there is none. */
bool told_reaction_get(struct db_txn *txn, uint64_t status, const unsigned char *voter,
		       const unsigned char *emoji, struct reaction *out);
/* RC_EXISTS; RC_TOO_LARGE when the person may have no further one, or the post no further kind. */
enum rc told_reaction_put(struct db_txn *txn, uint64_t status, const unsigned char *voter,
			  const struct reaction *reaction) NODISCARD;
/* False when there was none. */
bool told_reaction_del(struct db_txn *txn, uint64_t status, const unsigned char *voter,
		       const unsigned char *emoji);
bool told_reaction_del_by(struct db_txn *txn, uint64_t status, uint64_t account, struct str text);
/* All of a status that is being deleted. */
void told_reactions_del(struct db_txn *txn, uint64_t status);

#endif
