/* What the endpoints for moderators share. */
#ifndef FF_API_ADMIN_INT_H
#define FF_API_ADMIN_INT_H

#include "discover_int.h"

#define ADMIN_PAGE_DEFAULT 100
#define ADMIN_PAGE_MOST 200

/* An account as moderators see it. */
struct admin_account_view {
	const struct account_view *view;
	struct role role;
	struct str email;
	struct sign_up sign_up; /* empty: nothing is known of it */
};
/* NULL when there is none. */
const struct admin_account_view *gather_admin_account(struct gather *g, uint64_t id);
void render_admin_account(struct jw *w, const struct site *site,
			  const struct admin_account_view *view);

struct admin_report_view {
	const struct report *report;
	const struct admin_account_view *reporter, *target, *assigned, *resolver;
	struct status_view *statuses;
	size_t status_count;
	struct rule *rules;
	size_t rule_count;
};
void render_admin_report(struct jw *w, const struct site *site,
			 const struct admin_report_view *view);

void render_domain_block(struct jw *w, const struct peer *peer);
void render_domain_allow(struct jw *w, const struct peer *peer);
void render_bar(struct jw *w, const struct bar *bar);

/* The digest by which a host, or an address, is compared: SHA-256 in hexadecimal. */
void jw_member_sha256(struct jw *w, const char *name, struct str text);

#endif
