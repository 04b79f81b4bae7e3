/* The codec of attributes, for its tests. */
#ifndef FF_STORE_ATTRIBUTE_INT_H
#define FF_STORE_ATTRIBUTE_INT_H

#include "core/buf.h"
#include "store/attribute.h"

void attribute_encode(struct buf *out, const struct attribute *attribute);
/* Strings point into value. False when it is damaged. */
bool attribute_decode(struct str value, struct attribute *out);

#endif
