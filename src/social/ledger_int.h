/* What the two files of the ledger share. */
#ifndef FF_SOCIAL_LEDGER_INT_H
#define FF_SOCIAL_LEDGER_INT_H

#include "social/ledger.h"

/* What the record is about, so that a second one would contradict it. */
struct str ledger_slot(struct arena *arena, const struct ledger_entry *entry);
/* Its papers are written when it has closed. */
void ledger_look_again_when_closed(struct social *s, const struct consultation *consultation);
/* What a page of papers says, for the count. False when its digest is none. */
bool ledger_papers_keep(struct social *s, uint64_t consultation, uint64_t group,
			const struct ledger_entry *entry) NODISCARD;

#endif
