/* The allow list of addresses: "10.1.0.0/16, 2001:db8::/32", parted by commas or spaces. */
#ifndef FF_FETCH_ADDRESS_H
#define FF_FETCH_ADDRESS_H

#include <stdbool.h>

#include "core/str.h"

/* Is every entry an address with its number of bits? An empty list is. */
bool address_list_valid(struct str list);

#endif
