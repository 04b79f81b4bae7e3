/* The codec of rows of the record of acts. Strings point into value. */
#ifndef FF_STORE_AUDIT_INT_H
#define FF_STORE_AUDIT_INT_H

#include "core/buf.h"
#include "store/audit.h"

void audit_encode(struct buf *out, const struct audit_row *row);
bool audit_decode(struct str value, struct audit_row *out);

#endif
