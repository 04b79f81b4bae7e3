/* The codecs of resources. Pure. */
#ifndef FF_STORE_RESOURCE_INT_H
#define FF_STORE_RESOURCE_INT_H

#include "core/buf.h"
#include "store/resource.h"

void resource_encode(struct buf *out, const struct resource *r, struct str uri);
/* uri points into value. */
bool resource_decode(struct str value, struct resource *out, struct str *uri);
void resource_version_encode(struct buf *out, const struct resource_version *v);
/* Strings point into value. False when it is damaged. */
bool resource_version_decode(struct str value, struct resource_version *out);

#endif
