/* Views of what is told to one person: notifications, their groups and requests, conversations. */
#ifndef FF_API_TOLD_INT_H
#define FF_API_TOLD_INT_H

#include "discover_int.h"
#include "own_int.h"
#include "social/notify.h"
#include "social/strike.h"
#include "store/conversation.h"
#include "store/severance.h"
#include "view_int.h"

struct conversation_view {
	const struct conversation *conversation;
	const struct account_view **accounts;
	unsigned account_count;
	const struct status_view *last; /* NULL: it cannot be shown */
};

/* What a moderator did about the reader. */
struct warning_view {
	const struct strike *strike;
	const struct account_view *target;
	const struct account_view *group; /* in which it was done; NULL: by the node */
};

/* How long the reader is a member, by attribute. */
struct membership_view {
	uint64_t ends_ms; /* 0: it does not end */
	bool ended;
};

/* What else than a post a notification is about; all NULL: nothing. */
struct notice_subject {
	const struct report_view *report;
	const struct collection_view *collection;
	const struct warning_view *warning;
	const struct severance *severance;
	const struct membership_view *membership;
	const struct account_view *group; /* a community that somebody asks to join */
};

struct notification_view {
	const struct notice *notice;
	const struct account_view *account;
	const struct status_view *status; /* NULL: it is about none */
	struct notice_subject subject;
	const char
		*fallback; /* what it says to a client that does not know its type; NULL: it does */
};

struct notification_request_view {
	const struct notice_request *request;
	const struct account_view *account;
	const struct status_view *status; /* NULL: none that can be shown */
};

/* Groups with everything that they name, each account and status once. */
struct notification_groups_view {
	const struct notice_group *groups;
	size_t group_count;
	const struct notice_subject *subjects; /* of each group; NULL: none has one */
	const struct account_view **accounts;
	size_t account_count;
	const struct account_view **partial; /* shown as pictures only */
	size_t partial_count;
	const struct status_view *statuses;
	size_t status_count;
	const struct str_list *supported; /* types that the client knows; NULL: all */
	bool with_partial;		  /* they were asked for, though there may be none */
	bool with_page;			  /* it is a page: where each group lies on it is said */
};

/* The word for a kind, as clients know it; NULL when they know none. */
const char *notification_type(enum notice_kind kind);
/* Bits of the kinds with this word; 0 when there is none. */
unsigned notification_kinds(struct str type);
/* Bits of all kinds that clients know. */
unsigned notification_kinds_all(void);
/*
 * What a notification of a kind is to a client that names the types that it knows, and this one not among them: words
 * behind the name of whom it is from. NULL where the client knows the type, or all do (supported_types).
 */
const char *notification_fallback(enum notice_kind kind, const struct str_list *supported);
/* "kind", ours: what it is, where clients have no word of their own for it. */
void render_kind(struct jw *w, enum notice_kind kind);
/* "fallback": null, or what it says (NotificationFallback); who is whom it is from; subject NULL: nothing. */
void render_fallback(struct jw *w, const struct account *who, const char *text,
		     const struct notice_subject *subject);
/* Does a post belong to it? */
bool notification_has_status(enum notice_kind kind);

/* "favourite-123-478992", "ungrouped-456". */
void group_key_add(struct buf *out, const struct notice_group *group);
bool group_key_parse(struct str key, struct notice_group *out) NODISCARD;

/* --- gathering: in the order of what is given; what cannot be shown is left out. How many --- */

size_t gather_notifications(struct gather *g, const struct notice *notices, size_t count,
			    struct notification_view *out);
/* Marks those whose type is not among these. */
void notifications_fall_back(struct notification_view *views, size_t count,
			     const struct str_list *supported);
size_t gather_notification_requests(struct gather *g, const struct notice_request *requests,
				    size_t count, struct notification_request_view *out);
/* One for each of list; NULL when the arena has failed. */
const struct conversation_view *gather_conversations(struct gather *g,
						     const struct conversation *list, size_t count);
/* False when a notification of that kind is about something that cannot be shown. */
bool gather_subject(struct gather *g, const struct notice *notice, struct notice_subject *out);
/* NULL when there is none, or it is somebody else's. */
const struct warning_view *gather_warning(struct gather *g, uint64_t id);
const struct severance *gather_severance(struct gather *g, uint64_t event);
/* groups is changed; out->with_partial is heeded. */
void gather_notification_groups(struct gather *g, struct notice_group *groups, size_t count,
				struct notification_groups_view *out);

/* --- rendering --- */

void render_conversation(struct jw *w, const struct site *site,
			 const struct conversation_view *view);
void render_notification(struct jw *w, const struct site *site,
			 const struct notification_view *view);
/* The members that say what it is about. */
void render_subject(struct jw *w, const struct site *site, const struct notice_subject *subject);
void render_warning(struct jw *w, const struct site *site, const struct warning_view *view);
void render_severance(struct jw *w, const struct severance *severance);
void render_notification_request(struct jw *w, const struct site *site,
				 const struct notification_request_view *view);
void render_notification_groups(struct jw *w, const struct site *site,
				const struct notification_groups_view *view);
struct notice_summary {
	uint64_t requests, notices;
};
void render_notification_policy(struct jw *w, const struct notice_policy *policy,
				const struct notice_summary *summary);
/* As it was before 4.3: what is filtered, yes or no. */
void render_notification_policy_v1(struct jw *w, const struct notice_policy *policy,
				   const struct notice_summary *summary);

/* --- what the routes share --- */

struct notices_params {
	struct paging page;
	struct str_list types, exclude_types, supported_types;
	uint64_t account_id;
	enum tri include_filtered;
};
#define TYPE_BYTES_MAX 64
#define SUPPORTED_ROW(type, member) PARAM_STRS(type, member, "supported_types", TYPE_BYTES_MAX)
/* Of routes that show one notification. */
struct supported_params {
	struct str_list supported;
};
extern const struct param_table supported_params;
#define NOTICE_ROWS                                                                                \
	PARAM_STRS(struct notices_params, types, "types", TYPE_BYTES_MAX),                         \
		PARAM_STRS(struct notices_params, exclude_types, "exclude_types", TYPE_BYTES_MAX), \
		PARAM_NUMBER(struct notices_params, account_id, "account_id", 0, UINT64_MAX, 0),   \
		PARAM_BOOL(struct notices_params, include_filtered, "include_filtered")

struct notice_filter notices_filter(const struct notices_params *p);
/* Those behind the marker up to which account has read. */
struct id_range notices_unread(struct db_txn *txn, uint64_t account);
/* {"count": count} */
void reply_count(struct call *call, uint64_t count);
/* Writes again while the job sets *more. */
enum rc call_write_steps(struct call *call, social_job *job, void *arg, bool *more) NODISCARD;

/* A milliseconds part of an id that db_next_id() gave. */
static inline uint64_t told_ms(uint64_t id)
{
	return id >> 16;
}

#endif
