/* The pages of teams: all of somebody's with their drafts, and each with its members and its trail. */
#ifndef FF_WEB_TEAMS_INT_H
#define FF_WEB_TEAMS_INT_H

#include "sign_in_int.h"

#define TEAMS_PATH "/auth/teams"
#define TEAMS_PURPOSE "teams"
#define TEAM_LOG_SHOWN 40

/* --- drafts --- */

/* Something attached to a draft, as it would be published. */
struct draft_medium {
	enum attachment_kind kind;
	struct str url;		/* empty: it is not ready */
	struct str small;	/* a picture that stands for it; empty: none */
	uint32_t width, height; /* of the picture that is shown; 0: unknown */
	struct str description;
};

struct team_draft_view {
	struct scheduled row;
	struct account writer;
	const struct post_params *params; /* with what the team prefers where they say nothing */
	enum visibility visibility;
	struct draft_medium media[STATUS_ATTACHMENTS_MAX];
	unsigned media_count;
	/* each with its author; id 0: none */
	struct status changes, parent, quoted;
	struct account changes_author, parent_author, quoted_author;
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

/* teams_read.c */
enum rc teams_read(struct asking *a, struct teams_page *page) NODISCARD;
/* render_teams.c, render_draft.c: pure */
void render_teams(struct buf *out, const struct web *web, const struct teams_page *page);
void render_draft(struct buf *out, const struct web *web, const struct consent_view *form,
		  const struct team_draft_view *d);
/* A field for the text of a draft, or of a new one of a team: labels belong to one field each. */
void draft_text_field(struct buf *out, uint64_t id, struct str text);

/* --- one team --- */

struct team_person {
	struct account account;
	struct team_member member;
};

/* Who and what are of id 0 where they are gone, or there is none. */
struct team_done {
	struct team_entry entry;
	struct account who, about;
};

struct team_page {
	struct consent_view form;
	struct team_choice choice; /* the team, and the role of who looks at it */
	struct team team;
	uint64_t person; /* who looks at it */
	struct team_person *members;
	size_t member_count;
	struct team_done *log; /* the newest first */
	size_t log_count;
	uint64_t log_before; /* the page of the trail begins below it; 0: at the newest */
	uint64_t log_next;   /* the same of the next page; 0: this is the last */
	bool changed;
	struct str complaint;
};

/* team_read.c. RC_NOT_FOUND where who is signed in is not in it. */
enum rc team_read(struct asking *a, struct str name, struct team_page *page) NODISCARD;
/* render_team.c: pure */
void render_team(struct buf *out, const struct web *web, const struct team_page *page);

#endif
