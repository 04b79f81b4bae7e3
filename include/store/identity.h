/* Who else somebody is: keys whose holder has said so (FEP-c390), verified before they are stored. */
#ifndef FF_STORE_IDENTITY_H
#define FF_STORE_IDENTITY_H

#include <stdint.h>

#include "core/str.h"

#define IDENTITIES_MAX 4

struct identity {
	struct str subject;   /* a DID */
	struct str statement; /* JSON, as its holder has signed it */
	uint64_t expires_ms;  /* 0: never */
};

#endif
