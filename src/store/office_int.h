/* The codecs of what those who run the node lay down. Strings point into value. */
#ifndef FF_STORE_OFFICE_INT_H
#define FF_STORE_OFFICE_INT_H

#include "core/buf.h"
#include "store/office.h"

void role_encode(struct buf *out, const struct role *role);
bool role_decode(struct str value, struct role *out);
void rule_encode(struct buf *out, const struct rule *rule);
bool rule_decode(struct str value, struct rule *out);
void document_encode(struct buf *out, const struct document *document);
bool document_decode(struct str value, struct document *out);
void bar_encode(struct buf *out, const struct bar *bar);
bool bar_decode(struct str value, struct bar *out);

#endif
