/*
 * The office of a community: the pages by which those who look after one do so in a browser, each part
 * of it for whose role permits it.
 */
#ifndef FF_WEB_OFFICE_INT_H
#define FF_WEB_OFFICE_INT_H

#include "sign_in_int.h"
#include "store/community.h"

#define OFFICE_PATH "/auth/communities"
#define OFFICE_LIST_MAX 100   /* communities of one person */
#define OFFICE_SHOWN 40	      /* requests, and posts that wait */
#define OFFICE_PEOPLE_MAX 200 /* with a role, or banned */

/* One of those that somebody looks after. */
struct office_row {
	struct account account;
	struct community_role role;
};

struct office_person {
	struct account account;
	struct community_member member;
	struct str role;
};

struct office_post {
	struct status status;
	struct account author;
};

struct office_page {
	struct consent_view form;
	bool changed;	       /* something was, just now */
	struct str complaint;  /* empty: none */
	struct str invitation; /* a link that was made just now; empty: none */

	/* the list, where group is NULL */
	struct office_row *rows;
	size_t row_count;

	/* one community */
	const struct account *group;
	unsigned permissions; /* enum community_permission, of who looks at it */
	struct community_role own;
	struct community given;
	struct community effective;
	struct account parent; /* id 0: none */
	struct community_role *roles;
	size_t role_count;
	struct account *requests;
	size_t request_count;
	struct office_post *posts;
	size_t post_count;
	struct office_person *staff, *banned;
	size_t staff_count, banned_count;
	struct community_invite *invites;
	size_t invite_count;
};

/* office_read.c. RC_NOT_FOUND where who is signed in has no office. community 0: the list. */
enum rc office_read(struct asking *a, uint64_t community, struct office_page *page) NODISCARD;
/* Any of them is worth an office. */
#define OFFICE_PERMISSIONS                                                                        \
	(COMMUNITY_MAY_INVITE | COMMUNITY_MAY_ADMIT | COMMUNITY_MAY_APPROVE | COMMUNITY_MAY_BAN | \
	 COMMUNITY_MAY_EDIT | COMMUNITY_MAY_ROLES)

/* --- render_office.c: pure --- */

static inline bool office_may(const struct office_page *page, unsigned permission)
{
	return (page->permissions & permission) != 0;
}

/* A line of small print; a part that is opened where it is needed; a form of one button. */
void office_line(struct buf *out, enum word w);
void office_fold(struct buf *out, enum word title);
void office_fold_end(struct buf *out);
void office_button(struct buf *out, const struct office_page *page, const char *step,
		   const char *name, uint64_t id, enum word label, const char *class);
/* render_office_settings.c */
void office_settings(struct buf *out, const struct office_page *page);
void office_roles(struct buf *out, const struct office_page *page);

void render_office(struct buf *out, const struct web *web, const struct office_page *page);
/* "p-post": the name of a permission's field. In arena. */
struct str office_permission_field(struct arena *arena, const char *name);

#endif
