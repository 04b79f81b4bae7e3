/*
 * What the files of this module share. A page is made in two steps: gather_...() reads a view in
 * one transaction, render_...() writes it, without any I/O.
 */
#ifndef FF_WEB_WEB_INT_H
#define FF_WEB_WEB_INT_H

#include "core/must.h"
#include "social/board.h"
#include "social/see.h"
#include "store/account.h"
#include "store/community.h"
#include "store/hint.h"
#include "store/node.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/reaction.h"
#include "store/status.h"
#include "web/web.h"

struct queue;
struct media;
struct zone;
struct reception;
struct seal_key;
struct sign_in;

#define WEB_MAGIC 0x57454221

#define PAGE_POSTS 20
#define PAGE_PEOPLE 24
#define PAGE_BYTES_MAX ((size_t)32 << 20)

struct web {
	unsigned magic;
	struct db *db;
	const struct clock *clock;
	const struct site *site;
	struct look_port look, poll_look;
	struct boards *boards;
	struct sign_in *sign_in;
	const struct seal_key *seal;
	struct queue *queue; /* NULL in tests */
	const struct reception *reception;
	struct media *media;	   /* NULL in tests */
	struct search_port search; /* empty in tests */
	struct buf style;
	char style_tag[32];  /* its entity tag, with the quotes */
	char style_href[48]; /* changes with its bytes, so that it may be kept for ever */
};

static inline struct web *web_of(void *app)
{
	struct web *web = app;
	MAGIC_CHECK(web, WEB_MAGIC);
	return web;
}

/* --- style.c --- */

/* The lines of style.css, made into C when the node is built; NULL ends them. */
extern const char *const style_lines[];
void style_write(struct buf *out);
extern const struct str style_icon; /* SVG */
/* The same of passkey.js. */
extern const char *const script_lines[];
void script_write(struct buf *out);

/* Pictures that stand for what nobody has chosen, made into C when the node is built. */
struct picture {
	const unsigned char *bytes;
	size_t len;
};
extern const struct picture picture_avatar, picture_header, picture_icon; /* PNG */

/* --- views. All memory is of the arena that they were gathered in --- */

/* A post as a page shows it. */
struct post {
	uint64_t id; /* of the row: the boost's where it is one */
	const struct status *status;
	const struct account *author;
	const struct account *writer;  /* of a team's, where it tells everybody; NULL: nobody */
	const struct account *booster; /* NULL unless it is a boost */
	const struct status *parent; /* with its author; NULL when it is not for everybody, or none
				      */
	const struct account *parent_author;
	const struct status *quoted; /* with its author; NULL when it is not to be shown, or none */
	const struct account *quoted_author;
	const struct account *community;   /* that it is in; NULL: none, or not for everybody */
	const struct account *attested_by; /* by whose word alone it is known; NULL: its origin's */
	struct status_counts counts;
	struct reaction_count *reactions;
	size_t reaction_count;
	bool pinned;
	const struct poll *poll;   /* NULL: none */
	struct status_hints hints; /* what its own server has counted */
	unsigned depth;		   /* among replies */
	bool parent_above;	   /* its parent stands right above it */
};

/* A community of this node that everybody may find, in a list. */
struct community_row {
	const struct account *group;
	const struct account *parent; /* that may be found, too; NULL: none */
	struct community settings;
	struct community_totals totals;
	uint64_t members;
	struct str summary;
};

#define PAGE_COMMUNITIES 30
struct communities_view {
	struct community_row rows[PAGE_COMMUNITIES];
	size_t count;
	uint64_t after; /* the page begins behind this one; 0: the first */
	uint64_t next;	/* the same of the next page; 0: this is the last */
};

#define HOME_COMMUNITIES 6
struct home_view {
	struct node_totals totals;
	struct community_row communities[HOME_COMMUNITIES];
	size_t community_count;
	bool more_communities;
	struct str after; /* the handle behind which this page of people begins; empty: the first */
	const struct account **people;
	size_t count;
	struct str next; /* for the next page; empty: this is the last */
};

#define COMMUNITY_SHOWN 40 /* moderators, and children */
#define COMMUNITY_EVENTS 5

/* An event that everybody may see. */
struct event_brief {
	struct status status;
	struct event_date date; /* the next, of a series */
	const struct account *author;
	const struct zone *zone; /* NULL: UTC */
};

/* What a community of this node shows of itself beside its account. */
struct community_shown {
	struct community settings;
	bool open; /* everybody may read what is said in it; else nothing but the settings is filled */
	const struct account *parent; /* NULL: none */
	const struct account *staff[COMMUNITY_SHOWN];
	size_t staff_count;
	const struct account *children[COMMUNITY_SHOWN];
	size_t child_count;
	const struct account *partners[COMMUNITY_SHOWN]; /* groups elsewhere that own it, too */
	size_t partner_count;
	struct event_brief events[COMMUNITY_EVENTS]; /* the next */
	size_t event_count;
	struct community_totals totals;
	struct board_wish wish;
	size_t next; /* the offset of the next page; 0: this is the last */
};

struct profile_view {
	struct account account;
	struct community_shown *community; /* NULL: it is none */
	struct account_counts counts;
	struct str description; /* plain text, short */
	uint64_t max_id;	/* 0: the newest */
	struct post *pins;	/* on the first page */
	size_t pin_count;
	struct post *posts;
	size_t count;
	uint64_t next;	      /* max_id of the next page; 0: this is the last */
	struct str moved_url; /* where the account is now with its posts; absent: here */
};

struct thread_view {
	struct str description;
	struct post *above; /* from the first post down */
	size_t above_count;
	bool cut_above; /* there is something before it that is not shown */
	struct post focus;
	bool findable;	    /* by everybody (FEP-268d) */
	struct post *below; /* replies, each followed by its own */
	size_t below_count;
	bool cut_below;
	uint64_t known, told; /* posts of the conversation; told is 0 when nobody has said */
	struct str moved_url; /* where the post is now; absent: here */
};

/* --- gather.c: reading what everybody may see --- */

/* Statuses that one batch reads: bounds memory, since each may be large. */
#define POSTS_CHUNK 8
#define PEOPLE_MAX 512
/* A page that has read this much takes no further batch. */
#define READ_BUDGET ((size_t)5 << 20)

struct reading {
	struct db_txn *txn;
	struct arena *arena;
	const struct account **people; /* read already */
	size_t people_count;
};

/* RC_BUSY, RC_IO, RC_NO_MEMORY. */
enum rc reading_begin(struct reading *r, const struct web *web, struct arena *arena) NODISCARD;
/* Ends the transaction. rc, or why the transaction or the arena has failed. */
enum rc reading_end(struct reading *r, enum rc rc) NODISCARD;
bool reading_is_spent(const struct reading *r);
/* Each account is read once. NULL when there is none. */
const struct account *reading_person(struct reading *r, uint64_t id);
/* Those of at most POSTS_CHUNK statuses that everybody may see, in the order of ids; how many. */
size_t reading_posts(struct reading *r, const uint64_t *ids, size_t count, struct post *out);
/* Fills what they quote, where everybody may see it; at most POSTS_CHUNK. */
void reading_quotes(struct reading *r, struct post *posts, size_t count);
/* A local account that has a page. */
bool reading_local(struct reading *r, struct str name, struct account *out);
/* The first words of markup, on one line. */
struct str summary_of(struct ctx *ctx, struct html html);

/* RC_NOT_FOUND for what is absent or invisible; what reading_begin() returns. */
enum rc gather_home(const struct web *web, struct ctx *ctx, struct str after,
		    struct home_view *out) NODISCARD;
/* wish: how the threads of a community are to stand. */
enum rc gather_profile(const struct web *web, struct ctx *ctx, struct str name, uint64_t max_id,
		       const struct board_wish *wish, struct profile_view *out) NODISCARD;
/* gather_community.c: fills what a community has; nothing when it is none. */
void gather_community(struct reading *r, const struct web *web, const struct board_wish *wish,
		      struct profile_view *out);
/* When the reading is over: by which clocks its events are told. */
void gather_community_clocks(struct ctx *ctx, struct profile_view *view);
/* Of those that everybody may find: a page. */
enum rc gather_communities(const struct web *web, struct ctx *ctx, uint64_t after,
			   struct communities_view *out) NODISCARD;
/* At most count behind *after, which moves on; how many. */
size_t gather_community_rows(struct reading *r, struct ctx *ctx, uint64_t *after,
			     struct community_row *out, size_t count);
enum rc gather_thread(const struct web *web, struct ctx *ctx, struct str name, uint64_t id,
		      struct thread_view *out) NODISCARD;

/* --- authorize.c --- */

void authorize_get(struct httpd_request *req, void *app);
void authorize_post(struct httpd_request *req, void *app);

/* --- sign_up.c --- */

void sign_up_get_page(struct httpd_request *req, void *app);
void sign_up_post_page(struct httpd_request *req, void *app);

/* --- tickets.c --- */

void confirm_get(struct httpd_request *req, void *app);
void confirm_post(struct httpd_request *req, void *app);
void password_get(struct httpd_request *req, void *app);
void password_post(struct httpd_request *req, void *app);
void reset_get(struct httpd_request *req, void *app);
void reset_post(struct httpd_request *req, void *app);

/* --- disputes.c --- */

void strikes_get(struct httpd_request *req, void *app);
void strike_get_one(struct httpd_request *req, void *app);
void strikes_post(struct httpd_request *req, void *app);
void appeal_get(struct httpd_request *req, void *app);
void appeal_post(struct httpd_request *req, void *app);

/* --- severed.c --- */

void severed_get(struct httpd_request *req, void *app);
void severed_get_list(struct httpd_request *req, void *app);
void severed_post(struct httpd_request *req, void *app);

/* --- community.c --- */

void join_get(struct httpd_request *req, void *app);
void join_post(struct httpd_request *req, void *app);

/* --- account.c --- */

void account_get_page(struct httpd_request *req, void *app);
void account_post_page(struct httpd_request *req, void *app);

/* --- teams.c --- */

void teams_get_page(struct httpd_request *req, void *app);
void teams_post_page(struct httpd_request *req, void *app);

/* --- events.c, event_feed.c --- */

void events_get_page(struct httpd_request *req, void *app);
void events_post_page(struct httpd_request *req, void *app);
void event_get_page(struct httpd_request *req, void *app);
void event_post_page(struct httpd_request *req, void *app);
void event_get_calendar(struct httpd_request *req, void *app);
void event_get_feed(struct httpd_request *req, void *app);

/* --- team.c --- */

void team_get_page(struct httpd_request *req, void *app);
void team_post_page(struct httpd_request *req, void *app);

/* --- office.c --- */

void office_get_page(struct httpd_request *req, void *app);
void office_post_page(struct httpd_request *req, void *app);

/* --- desk.c --- */

void desk_get_page(struct httpd_request *req, void *app);
void desk_post_page(struct httpd_request *req, void *app);

/* --- render_*.c: pure --- */

void render_home(struct buf *out, const struct web *web, const struct home_view *view);
void render_profile(struct buf *out, const struct web *web, const struct profile_view *view);
/* render_community.c: what its card has besides; the orders of its threads; the path of a page of them. */
void render_community_card(struct buf *out, const struct web *web, const struct community_shown *c);
void render_community_orders(struct buf *out, const struct profile_view *view);
void render_community_rows(struct buf *out, const struct web *web, const struct community_row *rows,
			   size_t count);
void render_communities(struct buf *out, const struct web *web,
			const struct communities_view *view);
void community_add_path(struct buf *out, const struct account *a, const struct board_wish *wish);
void render_thread(struct buf *out, const struct web *web, const struct thread_view *view);
/* Not for search engines. */
bool profile_is_hidden(const struct profile_view *view);
bool thread_is_hidden(const struct thread_view *view);
/* A post of somebody here that everybody may read, which may stand in others' pages. */
bool thread_is_embeddable(const struct thread_view *view);
void render_embed(struct buf *out, const struct web *web, const struct thread_view *view);
void render_post_poll(struct buf *out, const struct web *web, const struct poll *p);
void render_post(struct buf *out, const struct web *web, const struct post *post);
void render_post_quote(struct buf *out, const struct web *web, const struct post *post);
/* What other servers say of a post, and of a conversation, beyond what is known here. */
void render_hints(struct buf *out, const struct post *post);
void render_known(struct buf *out, const struct thread_view *view);
/* The page that stands for a failure: 404, 500, 503. */
void render_failure(struct buf *out, const struct web *web, unsigned status);

#endif
