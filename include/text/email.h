/* E-mail addresses of people here, as far as we write to them. */
#ifndef FF_TEXT_EMAIL_H
#define FF_TEXT_EMAIL_H

#include "core/ctx.h"
#include "core/str.h"

#define EMAIL_MAX 254 /* RFC 5321 section 4.5.3.1.3, without the angle brackets */

struct email {
	struct str text; /* to write to: the domain in A-labels, the rest as written */
	struct str key;	 /* to compare by: all in lower case */
};

/*
 * A subset of RFC 5321's Mailbox that all mail servers read alike (S-107): one "@", a dot-atom of
 * ASCII before it without "%" and "!", a domain name behind it. RC_INVALID with the reason in ctx.
 * flags are iri_parse()'s. Strings are in ctx's arena.
 */
enum rc email_parse(struct ctx *ctx, struct str text, unsigned flags, struct email *out) NODISCARD;

#endif
