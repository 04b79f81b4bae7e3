/* What people say of themselves: the words as they were typed, and whose pages may name them. */
#ifndef FF_SOCIAL_PROFILE_H
#define FF_SOCIAL_PROFILE_H

#include "core/ctx.h"
#include "social/site.h"
#include "store/account.h"

#define PROFILE_NAME_CHARS 100
#define PROFILE_FIELD_NAME_CHARS 255
#define PROFILE_TEXT_CHARS 2000	      /* of a note or a field's value: account_text_make() */
#define PROFILE_DESCRIPTION_CHARS 500 /* of a picture of the profile */
#define PROFILE_ATTRIBUTION_MAX 10    /* hosts; more than these of a peer's account are kept, too */

/*
 * What was typed, or what its HTML says to a reader where that was not kept: a note, and the value of a field. In
 * ctx's arena; absent when that has failed.
 */
struct str profile_note_text(struct ctx *ctx, const struct account *account);
struct str profile_field_text(struct ctx *ctx, const struct account_field *field);

/*
 * Names of hosts as people type them ("https://www.example.org/", "*.example.org"), each once, in their canonical form and
 * in ctx's arena; empty ones are left out. RC_INVALID with the reason in ctx.
 */
enum rc profile_hosts_make(struct ctx *ctx, const struct site *site, const struct str *typed,
			   size_t count, struct str **out, unsigned *out_count) NODISCARD;
/* May a page at this host name the account as its author: is it, or one above it, among its hosts? */
bool profile_allows_host(const struct account *account, struct str host);

#endif
