/* The codec of tickets, for their file, their check and their tests. */
#ifndef FF_STORE_TICKET_INT_H
#define FF_STORE_TICKET_INT_H

#include "store/ticket.h"
#include "store_int.h"

#define TICKET_KEY_SIZE 9

void ticket_encode(struct buf *out, const struct ticket *ticket);
bool ticket_decode(struct str value, struct ticket *out);

#endif
