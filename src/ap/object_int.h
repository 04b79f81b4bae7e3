/* The parts of an object that have files of their own. */
#ifndef FF_AP_OBJECT_INT_H
#define FF_AP_OBJECT_INT_H

#include "ap/object.h"

/* What is attached, and what an object that is a file itself consists of. */
void object_media_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out);
/* The formats and languages of its text. */
void object_words_decode(struct jr object, struct ap_object *out);
void object_event_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out);

#endif
