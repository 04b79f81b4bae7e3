/* Networks as numbers, shared by the files about bars. */
#ifndef FF_SOCIAL_BAR_INT_H
#define FF_SOCIAL_BAR_INT_H

#include <arpa/inet.h>
#include <stdbool.h>

#include "core/must.h"
#include "core/str.h"

struct network {
	bool v6;
	unsigned bits;
	unsigned char bytes[16]; /* the first four of IPv4; cleared behind bits */
};

/* "192.0.2.0/24", or an address alone. False when text is neither. */
bool network_read(struct str text, struct network *out);
/* To the network of so many bits that it is in. */
void network_clear(struct network *n, unsigned bits);

#endif
