/* The codec of reports, for its tests. */
#ifndef FF_STORE_REPORT_INT_H
#define FF_STORE_REPORT_INT_H

#include "core/buf.h"
#include "store/report.h"

void report_encode(struct buf *out, const struct report *r);
/* Lists come from arena, strings point into value. */
bool report_decode(struct arena *arena, struct str value, struct report *out);
void report_event_encode(struct buf *out, const struct report_event *event);
bool report_event_decode(struct str value, struct report_event *out);

#endif
