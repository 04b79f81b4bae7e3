/* The page of one's teams: what it shows. */
#ifndef FF_WEB_TEAMS_INT_H
#define FF_WEB_TEAMS_INT_H

#include "sign_in_int.h"

struct team_draft_view {
	struct scheduled row;
	struct account writer;
	struct str text;
	const struct poll_draft *poll; /* NULL: none */
	bool may_review, may_drop, may_write;
};

struct team_view {
	const struct team_choice *team;
	struct team_draft_view *drafts;
	size_t count;
};

struct teams_page {
	struct consent_view form;
	struct team_view *teams;
	size_t count;
	bool may_make;	      /* a team */
	bool changed;	      /* something was, just now */
	struct str complaint; /* empty: none */
};

void render_teams(struct buf *out, const struct web *web, const struct teams_page *page);

#endif
