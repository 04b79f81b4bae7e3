/* The stored forms of ballots, for their check and tests. */
#ifndef FF_STORE_CONSULTATION_INT_H
#define FF_STORE_CONSULTATION_INT_H

#include "core/buf.h"
#include "store/consultation.h"

void consultation_encode(struct buf *out, const struct consultation *consultation);
bool consultation_decode(struct str value, uint64_t id, struct consultation *out);
void consultation_paper_encode(struct buf *out, const struct consultation_paper *paper);
bool consultation_paper_decode(struct str value, struct consultation_paper *out);
void consultation_told_encode(struct buf *out, const struct consultation_told *told);
/* lines point into value. */
bool consultation_told_decode(struct str value, struct consultation_told *out);
bool consultation_count_read(struct str value, uint64_t *count);

#endif
