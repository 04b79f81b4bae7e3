/* The codecs of joint communities. Pure. */
#ifndef FF_STORE_JOINT_INT_H
#define FF_STORE_JOINT_INT_H

#include "core/buf.h"
#include "store/joint.h"

void joint_encode(struct buf *out, const struct joint *joint);
/* Its place is the key's; the string points into value. False when it is damaged. */
bool joint_decode(struct str value, struct joint *out);
/* digest: of the item, which its sum holds. */
void joint_item_encode(struct buf *out, const struct joint_item *item, const struct digest *digest);
bool joint_item_decode(struct str value, struct joint_item *out, struct digest *digest);
void joint_sum_encode(struct buf *out, const struct joint_sum *sum);
bool joint_sum_decode(struct str value, struct joint_sum *out);

#endif
