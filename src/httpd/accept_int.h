/* Content negotiation by the Accept header, RFC 9110 section 12.5.1. */
#ifndef FF_HTTPD_ACCEPT_INT_H
#define FF_HTTPD_ACCEPT_INT_H

#include <stdbool.h>

#include "core/str.h"
#include "httpd/httpd.h"

#define OFFER_BIT(offer) (1u << (offer))

/*
 * Chooses among offers, a set of OFFER_BITs. The higher q wins; at the same q what is named more
 * exactly, then what is named first, then HTTP_HTML. HTTP_ANY is taken when nothing else fits.
 * False when nothing is acceptable.
 */
bool accept_choose(const struct httpd_header *headers, size_t count, unsigned offers,
		   enum http_offer *chosen) NODISCARD;

#endif
