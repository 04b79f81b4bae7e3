/* What the files of communities share, and their check. */
#ifndef FF_STORE_COMMUNITY_INT_H
#define FF_STORE_COMMUNITY_INT_H

#include "core/buf.h"
#include "store/community.h"

void community_encode(struct buf *out, const struct community *community);
bool community_decode(struct arena *arena, struct str value, uint64_t id, struct community *out);
/* community_terms.c: those of a community that says itself how one joins. False when they are damaged. */
void community_terms_put(struct db_txn *txn, const struct community *community);
bool community_terms_get(struct db_txn *txn, struct arena *arena, struct community *community);
void community_terms_del(struct db_txn *txn, uint64_t community);
void community_terms_encode(struct buf *out, const struct community_terms *terms);
bool community_terms_decode(struct arena *arena, struct str value, struct community_terms *out);

void community_role_encode(struct buf *out, const struct community_role *role);
bool community_role_decode(struct str value, uint64_t id, struct community_role *out);
void community_member_encode(struct buf *out, const struct community_member *member);
/* Its place is the key's. */
bool community_member_decode(struct str value, struct community_member *out);
bool community_member_is_staff(const struct community_member *member);
void community_invite_encode(struct buf *out, const struct community_invite *invite,
			     struct str digest);
bool community_invite_decode(struct str value, struct community_invite *out, struct str *digest);
void community_post_encode(struct buf *out, const struct community_post *post);
bool community_post_decode(struct str value, struct community_post *out);
bool community_totals_decode(struct str value, struct community_totals *out);

#endif
