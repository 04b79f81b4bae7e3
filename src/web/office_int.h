/*
 * The office of a community: the pages by which those who look after one do so in a browser, each part
 * of it for whose role permits it.
 */
#ifndef FF_WEB_OFFICE_INT_H
#define FF_WEB_OFFICE_INT_H

#include "room_int.h"
#include "sign_in_int.h"
#include "social/account.h"
#include "social/community_profile.h"
#include "social/community_words.h"
#include "store/community.h"
#include "store/joint.h"

#define OFFICE_PATH "/auth/communities"
#define OFFICE_LIST_MAX 100   /* communities of one person */
#define OFFICE_SHOWN 40	      /* requests, and posts that wait */
#define OFFICE_PEOPLE_MAX 200 /* with a role, or banned */

/* One of those that somebody looks after. */
struct office_row {
	struct account account;
	struct community_role role;
	bool parent; /* others may be put below it by whoever looks at the page */
};

struct office_person {
	struct account account;
	struct community_member member;
	struct str role;
};

/* A row of the record: what somebody has done in it. */
struct office_done {
	struct str act, at;
	struct account who; /* id 0: the operator, or gone */
};
#define OFFICE_RECORD 30

/* A group elsewhere that owns it, too, or with which that is not settled yet. */
struct office_partner {
	struct account group;
	struct joint joint;
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
	struct room room; /* of a member */
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
	struct office_partner *partners; /* of an owner */
	size_t partner_count;
	struct office_done *acts; /* the newest first */
	size_t act_count;
};

/* --- office.c --- */

/* What stands on the page beside what is read; empty: nothing. */
struct office_told {
	struct str complaint, invitation, receipt;
};
void office_show(struct asking *a, unsigned status, const struct office_told *told);
/* To the page of a community (0: the list), asked for anew, so that nothing is done twice. */
void office_go(struct asking *a, uint64_t community);

/* What a form may say. */
struct office_step;

struct office_act {
	struct asking *asking;
	uint64_t community, account, id;
	struct str who, role, reason;
	uint64_t days, uses;
	uint64_t seen_ms; /* when what was shown had been edited */
	struct str secret;
	struct community_words words;
	struct community_profile profile;
	struct new_account made;
	struct account_secrets secrets;
	uint64_t parent;
	struct community_role own_role;
	struct room_act *room; /* what the room's forms say */
	bool again;
	bool left; /* read() has left its thread, and goes on with office_run() */
	const struct office_step *step;
};

/* One of the acts that forms of the page ask for. */
struct office_step {
	const char *name;
	enum rc (*run)(struct social *s, const struct account *actor, struct office_act *act);
	/* NULL: nothing more */
	enum rc (*read)(struct asking *a, struct office_act *act);
	void (*after)(struct asking *a, const struct office_act *act); /* NULL: the page anew */
	bool outside;						       /* of any community */
};

/* Does what was read, and answers. */
void office_run(struct office_act *act);

/* Empty where nothing was typed is 0. RC_INVALID with the reason in ctx. */
enum rc office_read_number(struct asking *a, const char *name, uint64_t max, const char *what,
			   uint64_t *out) NODISCARD;
/* One thing a line, or between other marks. */
enum rc office_read_lines(struct asking *a, const char *name, char mark,
			  struct community_list_words *out) NODISCARD;

/* office_acts.c, room.c, partners.c */
extern const struct office_step office_steps[];
extern const size_t office_step_count;
extern const struct office_step room_steps[];
extern const size_t room_step_count;
extern const struct office_step partner_steps[];
extern const size_t partner_step_count;

/* partners.c */
void partners_read(struct db_txn *txn, struct arena *arena, struct office_page *page);

/* office_read.c. RC_NOT_FOUND where who is signed in has no office. community 0: the list. */
enum rc office_read(struct asking *a, uint64_t community, struct office_page *page) NODISCARD;
/* --- render_office.c: pure --- */

static inline bool office_may(const struct office_page *page, unsigned permission)
{
	return (page->permissions & permission) != 0;
}

/* render_office_settings.c */
void office_settings(struct buf *out, const struct office_page *page);
void office_pictures(struct buf *out, const struct office_page *page);
void office_roles(struct buf *out, const struct office_page *page);
/* render_partners.c */
void office_partners(struct buf *out, const struct web *web, const struct office_page *page);

void render_office(struct buf *out, const struct web *web, const struct office_page *page);
/* "p-post": the name of a permission's field. In arena. */
struct str office_permission_field(struct arena *arena, const char *name);

#endif
