/* The parts of statuses that came of other objects than notes: rows of status_part.c. */
#ifndef FF_STORE_STATUS_OBJECT_INT_H
#define FF_STORE_STATUS_OBJECT_INT_H

#include "parts_int.h"

bool status_has_event(const void *record);
void status_encode_event(struct buf *out, const void *record);
bool status_decode_event(struct arena *arena, struct rec *r, void *record);

/* How one takes part in an event. */
bool status_has_series(const void *record);
void status_encode_series(struct buf *out, const void *record);
bool status_decode_series(struct arena *arena, struct rec *r, void *record);
bool status_has_terms(const void *record);
void status_encode_terms(struct buf *out, const void *record);
bool status_decode_terms(struct arena *arena, struct rec *r, void *record);

/* What some attachments have besides: kind, focal point, preview. */
bool status_has_details(const void *record);
void status_encode_details(struct buf *out, const void *record);
bool status_decode_details(struct arena *arena, struct rec *r, void *record);

bool status_has_words(const void *record);
void status_encode_words(struct buf *out, const void *record);
bool status_decode_words(struct arena *arena, struct rec *r, void *record);

bool status_has_excerpt(const void *record);
void status_encode_excerpt(struct buf *out, const void *record);
bool status_decode_excerpt(struct arena *arena, struct rec *r, void *record);

#endif
