/* The codec of notices, shared by the files of this repository. */
#ifndef FF_STORE_NOTICE_INT_H
#define FF_STORE_NOTICE_INT_H

#include "store/notice.h"

bool notice_decode(struct str value, struct notice *out);
/* Under the id that it has. */
void notice_write(struct db_txn *txn, uint64_t account, const struct notice *n);

#endif
