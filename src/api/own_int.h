/*
 * What the routes about a person's own things share: acts upon an account or on nothing in
 * particular, pages of what stands on shelves, and the renderers of their entities.
 */
#ifndef FF_API_OWN_INT_H
#define FF_API_OWN_INT_H

#include "social/announce.h"
#include "social/filter.h"
#include "social/interact.h"
#include "social/relation.h"
#include "social/schedule.h"
#include "social/trends.h"
#include "store/collection.h"
#include "store/list.h"
#include "store/page.h"
#include "store/schedule.h"
#include "store/shelf.h"
#include "view_int.h"

/* --- acts --- */

/* target is NULL when the act is upon none. */
typedef enum rc own_act(struct social *s, const struct account *actor, const struct account *target,
			void *arg);

enum own_kind {
	OWN_DO,	  /* done before is fine */
	OWN_UNDO, /* nothing to undo is fine, too */
	OWN_MAKE, /* neither is */
};

/* In a write of its own, or several when the act is made in steps. target 0: none. RC_NOT_FOUND: there
 * is no such account. */
enum rc own_do(struct call *call, enum own_kind kind, uint64_t target, own_act *act,
	       void *arg) NODISCARD;

/* --- pages --- */

static inline struct page page_of(const struct paging *p)
{
	return (struct page){ p->max_id, p->since_id, p->min_id };
}

/* Those accounts of a page of a shelf that may be seen. Ends g. */
void reply_shelved_accounts(struct call *call, struct gather *g, const struct shelved *items,
			    size_t count, bool full);

/* --- answers --- */

void reply_relationship(struct call *call, uint64_t account);

/* --- renderers: pure. One file per entity --- */

void render_relationship(struct jw *w, const struct relationship *r);
void render_list(struct jw *w, const struct list *list);
void render_filter(struct jw *w, const struct filter *f);
void render_filter_keyword(struct jw *w, const struct filter_keyword *k);
void render_filter_status(struct jw *w, const struct filter_status *s);
/* The form before 4.0: one for each keyword. */
void render_v1_filter(struct jw *w, const struct filter *f, const struct filter_keyword *k);
struct collection_view {
	struct collection collection;
	const struct account_view *owner;
	bool local;
	struct str description;	       /* as plain text */
	struct collection_item *items; /* that the viewer may see */
	size_t count;
	size_t accepted;
};
void render_collection(struct jw *w, const struct site *site, const struct collection_view *view);
void render_collection_item(struct jw *w, const struct collection_item *item);
/* RC_NOT_FOUND when there is none to be seen. */
enum rc gather_collection(struct gather *g, uint64_t id, struct collection_view *out) NODISCARD;

void render_announcement(struct jw *w, const struct announcement_view *view);
struct scheduled_view {
	const struct scheduled *scheduled;
	struct media_view media[POST_MEDIA_MAX];
	unsigned media_count;
};
void render_scheduled(struct jw *w, const struct scheduled_view *view);
/* The same without the braces. */
void render_scheduled_members(struct jw *w, const struct scheduled_view *view);
/* With the media that it holds. */
void gather_scheduled(struct call *call, struct gather *g, const struct scheduled *s,
		      struct scheduled_view *out);

/* A hashtag as somebody sees it. */
struct tag_view {
	uint64_t id;
	struct str name; /* as it is written */
	bool following, featuring;
	bool known_viewer;
	struct usage history[TREND_HISTORY_DAYS]; /* today first */
	uint32_t today;				  /* its day */
};
void render_tag(struct jw *w, const struct site *site, const struct tag_view *view);

/* A hashtag on a profile. */
struct featured_tag_view {
	uint64_t id;
	struct str name;
	struct str profile; /* the address of whose it is */
	uint64_t count, last_ms;
};
void render_featured_tag(struct jw *w, const struct featured_tag_view *view);
/* Of an account: how many. */
unsigned gather_featured_tags(struct gather *g, struct call *call, uint64_t account,
			      struct featured_tag_view out[ACCOUNT_TAGS_MAX]);
/* One's own account with everything that can be changed of it. */
struct profile_view {
	struct account_view account; /* with its sources */
	struct featured_tag_view tags[ACCOUNT_TAGS_MAX];
	unsigned tag_count;
};
void render_own_profile(struct jw *w, const struct profile_view *view);
/* The number that stands for a hashtag: the same for every spelling. 0 for what is none. */
uint64_t tag_id(struct ctx *ctx, struct str name);

/* A post that is to be written later: what of the request is not in its draft. */
struct schedule_ask {
	struct str at; /* a time, as the client wrote it */
	struct str idempotency;
	bool has_quotes;
	enum policy_who quotes;
};
/* What the client said, to be kept. */
struct post_params schedule_params(const struct draft *draft, const struct schedule_ask *ask);
void reply_schedule(struct call *call, const struct draft *draft, const struct schedule_ask *ask);

/* An optional time; null when it is 0. */
void jw_member_time(struct jw *w, const char *name, uint64_t ms);

/* --- source.c: what the caller prefers, as source[...] of their own account --- */

/* Keeps what the request says; RC_INVALID with the reason in ctx. */
enum rc source_apply(struct social *s, uint64_t account, const struct fields *fields) NODISCARD;
/* What a request for a post left out is as its author prefers it. RC_BUSY, RC_IO, RC_NO_MEMORY. */
enum rc source_default(struct call *call, const struct post_said *said,
		       struct draft *draft) NODISCARD;

#endif
