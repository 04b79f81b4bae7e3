/* The codecs of teams. */
#ifndef FF_STORE_TEAM_INT_H
#define FF_STORE_TEAM_INT_H

#include "core/buf.h"
#include "store/team.h"

void team_encode(struct buf *out, const struct team *team);
bool team_decode(struct str value, struct team *out);
void team_member_encode(struct buf *out, const struct team_member *member);
bool team_member_decode(struct str value, struct team_member *out);
void byline_encode(struct buf *out, const struct byline *byline);
bool byline_decode(struct str value, struct byline *out);
void team_entry_encode(struct buf *out, const struct team_entry *entry);
/* Strings point into value. */
bool team_entry_decode(struct str value, struct team_entry *out);

#endif
