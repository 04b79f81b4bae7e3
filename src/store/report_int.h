/* The codec of reports, for its tests. */
#ifndef FF_STORE_REPORT_INT_H
#define FF_STORE_REPORT_INT_H

#include "core/buf.h"
#include "db/rec.h"
#include "store/report.h"

void report_encode(struct buf *out, const struct report *r);
/* Lists come from arena, strings point into value. */
bool report_decode(struct arena *arena, struct str value, struct report *out);
/* Where it stands by its state: in its lane, or in REPORT_LANE_ANY. */
struct reckey report_state_key(const struct report *report, uint64_t lane);
void report_event_encode(struct buf *out, const struct report_event *event);
bool report_event_decode(struct str value, struct report_event *out);

#endif
