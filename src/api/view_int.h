/*
 * Views: what an entity of the client API shows, gathered in one read transaction by batched reads,
 * then written by pure renderers. All memory is of the request's arena.
 *
 *   struct gather        a reading on behalf of a viewer
 *   struct account_view  an account with its counts
 *   struct status_view   a post or boost with all that belongs to it
 */
#ifndef FF_API_VIEW_INT_H
#define FF_API_VIEW_INT_H

#include "api_int.h"
#include "core/map.h"
#include "social/filter.h"
#include "social/media.h"
#include "social/moderate.h"
#include "store/hint.h"
#include "store/interaction.h"
#include "store/poll.h"
#include "store/status.h"

struct account_view {
	const struct account *account;
	struct str avatar, header; /* addresses of this node; empty: none */
	struct account_counts counts;
	const struct account_view *moved;    /* NULL: it has not moved, or to an unknown one */
	const struct role *role;	     /* of a local one that was given one; NULL: none */
	const struct preference *preference; /* of one's own; NULL: not asked for */
	struct str note_source;		     /* of one's own, as typed; absent: not asked for */
	struct str *field_sources;	     /* as many as it has fields */
	const char *feature_current;	     /* how its policy applies to who asks */
};

struct media_view {
	uint64_t id;
	const char *type;
	struct str url;	    /* absent: it is being processed */
	struct str preview; /* absent: there is none */
	struct str remote;  /* where another server has it */
	struct str description, blurhash;
	uint32_t width, height, small_width, small_height; /* 0: unknown */
	uint64_t duration_ms;
	bool has_focus;
	int focus_x, focus_y;
};

struct poll_view {
	const struct poll *poll;
	uint64_t status;
	bool over;
	bool known_viewer; /* somebody asks who might have voted */
	bool voted;
	uint32_t own_votes; /* a bit for each option */
};

/* A page that a post links to. */
struct card_view {
	const struct card *card;
	const struct account_view *author; /* whom it names, and who says so, too; NULL: nobody */
	bool missing_attribution;	   /* it names the viewer, who has not said so */
	struct str image;		   /* at an address of this node; empty: none */
};

struct mention_view {
	const struct account *account;
	struct str acct;
};

/* What lets whom quote a post, in the client API's words. */
struct quote_approval_view {
	bool automatic_public, automatic_followers, automatic_following;
	bool manual_public, manual_followers, manual_following;
	bool unsupported;
	const char *current_user;
};

struct status_community;
struct attested;
struct event_line; /* event_line.c */

struct status_view {
	uint64_t id;
	const struct status *status;
	const struct account_view *account;
	const struct status_view *reblog; /* of a boost */
	const struct status_view *quoted; /* NULL: none, not to be shown, or one level too deep */
	const char *quote_state;	  /* NULL: it quotes nothing */
	struct quote_approval_view approval; /* current_user NULL: it is not told */
	struct status_counts counts;	     /* what is known here or hinted, whichever is more */
	uint64_t quotes;
	const struct poll_view *poll;
	const struct card_view *card;		  /* NULL: none */
	const struct event_line *event_line;	  /* NULL: it is no event */
	const struct status_community *community; /* NULL: it is in none that is to be seen */
	const struct attested *attested;	  /* NULL: it is known from its origin */
	const struct oauth_app *application;	  /* NULL: none, or not told */
	struct mention_view *mentions;
	unsigned mention_count;
	struct media_view *media;
	unsigned media_count;
	const struct account_view *writer; /* of a team's post; NULL: not told, or none */
	const struct account_view *former; /* who began it; NULL: the writer */
	bool with_text; /* what was typed: of one that was deleted, so that it can be drafted anew */
	/* of the viewer */
	bool favourited, reblogged, pinned, bookmarked;
	bool muted; /* its conversation */
	const struct filter_match *filtered;
	size_t filtered_count;
};

struct gather {
	struct api *api;
	struct db_txn *txn;
	struct arena *arena;
	struct viewer viewer;
	const struct account *viewer_account; /* NULL: nobody known */
	struct account_view **accounts;
	size_t account_count, account_room;
	struct oauth_app *apps; /* those that were read */
	size_t app_count;
	unsigned depth; /* of quotes */
	const struct filter_set
		*filters; /* of the viewer, compiled when a status is first gathered */
	bool filters_read;
	const struct account_view *group; /* the community that was written last, and its entity */
	struct str group_text;
	struct event_line *event_lines; /* those that are to be finished */
};

#define GATHER_ACCOUNTS_FIRST 32
#define GATHER_ACCOUNTS_MAX 4096
#define GATHER_APPS_MAX 64

/* RC_BUSY, RC_IO, RC_NO_MEMORY. */
enum rc gather_begin(struct gather *g, struct call *call) NODISCARD;
/* Ends the transaction: rc, or why it or the arena has failed. */
enum rc gather_end(struct gather *g, enum rc rc) NODISCARD;

/* Reads those that are not read yet in one batch. */
void gather_accounts(struct gather *g, const uint64_t *ids, size_t count);
/* NULL when there is none, or the viewer may not see it. */
const struct account_view *gather_account(struct gather *g, uint64_t id);
/* One that was suspended, which is shown as a shell of names (entities/Account#suspended). NULL when it is none. */
const struct account_view *gather_suspended(struct gather *g, uint64_t id);
/* Fills in what was typed of it. False when memory is out. */
bool view_source(struct ctx *ctx, struct account_view *view) NODISCARD;
/* Whoever it is, also whom nobody may see: for moderators. NULL when there is none. */
const struct account_view *gather_person(struct gather *g, uint64_t id);
/* Those that the viewer may see, in the order of ids: how many. */
size_t gather_statuses(struct gather *g, const uint64_t *ids, size_t count,
		       struct status_view *out);
/* What the viewer keeps of them: bookmarks, muted conversations, what their filters say. */
void gather_own(struct gather *g, struct status_view *views, size_t count);
/* One of them. RC_NOT_FOUND when there is none to be seen. */
enum rc gather_status(struct gather *g, uint64_t id, struct status_view *out) NODISCARD;

/* The cards of their links. */
void gather_cards(struct gather *g, struct status_view *views, size_t count);
/* Who wrote them for teams, as far as the viewer may know. */
void gather_bylines(struct gather *g, struct status_view *views, size_t count);
/* What a post shows, at addresses of this node. */
void gather_media(struct gather *g, struct status_view *view);
void gather_pictures(struct gather *g, struct account_view *view);
/* Something that was uploaded and that nobody holds yet. */
struct media_view view_medium(struct call *call, const struct medium *m);

/* "alice", or "bob@example.net" of another host. */
struct str view_acct(struct arena *arena, const struct account *a);

/* --- renderers: pure. One file per entity --- */

void render_account(struct jw *w, const struct site *site, const struct account_view *view);
/* As much as a picture with a link needs (PartialAccountWithAvatar). */
void render_partial_account(struct jw *w, const struct site *site, const struct account_view *view);
/* With the end of the viewer's mute (MutedAccount); 0: for good. */
/* With the community that they ask to join, "requested_group"; group NULL: they ask to follow. */
void render_asking_account(struct jw *w, const struct site *site, const struct account_view *view,
			   const struct account_view *group);
void render_muted_account(struct jw *w, const struct site *site, const struct account_view *view,
			  uint64_t ends_ms);
/* With what only its owner sees (CredentialAccount). */
void render_credential_account(struct jw *w, const struct site *site,
			       const struct account_view *view, uint64_t follow_requests);
/* "name", "value" and "verified_at" of its fields; sources replace the values, unless they are NULL. */
void render_fields(struct jw *w, const struct account *a, const struct str *sources);
void render_status(struct jw *w, const struct site *site, const struct status_view *view);
/* sensitive, spoiler_text and content */
/* more: HTML of ours that stands below, mostly empty. */
void render_content(struct jw *w, const struct status *s, struct str more, struct str note);

/* event_line.c: of an event, the line that says when and where; NULL: it is none. Its text is there when the reading
 * has ended: gather_end() finishes them. */
const struct event_line *gather_event_line(struct gather *g, const struct status *s);
void event_lines_finish(struct gather *g);
struct str event_line_html(const struct event_line *line);
/* One version of a post. */
struct status_edit_view {
	uint64_t at_ms;		   /* since when it was so */
	struct status_view shown;  /* account, status and media */
	const struct str *options; /* of its poll */
	unsigned option_count;
};
void render_status_edit(struct jw *w, const struct site *site, const struct status_edit_view *view);
void render_poll(struct jw *w, const struct poll_view *view, const struct status *status);
void render_card(struct jw *w, const struct site *site, const struct card_view *view);
struct year_report;
void render_year(struct jw *w, const struct year_report *report);
void render_translation(struct jw *w, const struct translation *translation,
			const struct status_view *view);
void render_emojis(struct jw *w, const struct emoji *emojis, unsigned count);
void render_medium(struct jw *w, const struct media_view *view);
void render_media(struct jw *w, const struct status_view *view);
void render_quote(struct jw *w, const struct site *site, const struct status_view *view);
/* FilterResult, an array of them. */
void render_filtered(struct jw *w, const struct filter_match *matches, size_t count,
		     uint64_t status);
void render_quote_approval(struct jw *w, const struct quote_approval_view *view);

/* --- answers that several routes give --- */

/* An array of statuses. */
void reply_status_list(struct call *call, const struct status_view *views, size_t count);
/* The same with links to the pages around it. */
void reply_statuses(struct call *call, const struct status_view *views, size_t count, bool full);
/* An array of those accounts that may be seen; ends g. The next page begins behind the last id. */
void reply_people(struct call *call, struct gather *g, const uint64_t *ids, size_t count,
		  bool full);
/* One status, or its poll, as the caller sees it. */
void reply_status(struct call *call, uint64_t id);
void reply_poll(struct call *call, uint64_t id);
/* The caller's own account (CredentialAccount). */
void reply_credentials(struct call *call);

/* --- acts --- */

/* The status of the path that is acted upon: what a boost boosts. RC_NOT_FOUND when the caller may not see it. */
enum rc call_target(struct call *call, uint64_t *out) NODISCARD;

/* --- uploads --- */

/* What is wanted of a file that was sent. */
struct upload_wish {
	enum medium_use shape;
	bool finished;	/* a film, too */
	bool documents; /* they will do, too */
};
/*
 * Waits until a file that was sent has become a medium of the caller, cut to its shape; *out is ready,
 * or (a film, unless finished is wanted) being processed. False when the answer was given: why not.
 */
bool upload_file(struct call *call, const char *name, const struct upload_wish *wish,
		 struct medium *out);
/* The same of a picture of a profile, where one was sent: else *id stays. */
bool upload_picture(struct call *call, const char *name, enum medium_use use, uint64_t *id);
/* What is said anew, in an edit, of media that a post has (media_attributes). */
struct media_words {
	uint64_t id;
	struct media_change change;
};
struct media_words_list {
	struct media_words list[POST_MEDIA_MAX];
	unsigned count;
};
enum rc media_words_read(struct call *call, struct media_words_list *out) NODISCARD;
/* "0.5,-0.25" and a description, absent where they were not given. RC_INVALID with the reason in ctx. */
enum rc media_change_read(struct ctx *ctx, struct str description, struct str focus,
			  struct media_change *out) NODISCARD;

#endif
