/* Statuses: posts and boosts, here and elsewhere, with their indexes by author and by parent, and
 * their counts. */
#ifndef FF_STORE_STATUS_H
#define FF_STORE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/emoji.h"
#include "store/page.h"
#include "store/policy.h"
#include "store/range.h"
#include "text/html.h"

enum visibility {
	VISIBILITY_PUBLIC,
	VISIBILITY_UNLISTED,
	VISIBILITY_FOLLOWERS,
	VISIBILITY_DIRECT,
	VISIBILITY_LOCAL,   /* for people of this node; never leaves it */
	VISIBILITY_MEMBERS, /* for members of its community; never leaves the node */
};

/* Everybody may see it. */
static inline bool visibility_is_open(uint64_t v)
{
	return v <= VISIBILITY_UNLISTED;
}
/* It never leaves the node, by any way. */
static inline bool visibility_stays(uint64_t v)
{
	return v == VISIBILITY_LOCAL || v == VISIBILITY_MEMBERS;
}
/* "public", "unlisted", "followers", "direct", "local", "members". */
const char *visibility_name(enum visibility v);
bool visibility_parse(struct str name, enum visibility *out) NODISCARD;

enum status_flags {
	STATUS_LOCAL = 1,
	STATUS_SENSITIVE = 2,
	STATUS_BOOST = 4,
	STATUS_REPLY = 8,
	STATUS_RAW_KEPT = 16, /* a type of which the JSON is kept in status_raw */
	STATUS_HELD = 32,     /* nobody but moderators sees it (store/sieve.h) */
	STATUS_LIMITED = 64,  /* strangers are not shown it */
};

struct status_mention {
	uint64_t account; /* 0 when it is not known here */
	struct str uri;
	struct str handle; /* "user@host" as it is shown */
};

/* What an attachment is where its media type does not say so. */
enum attachment_kind {
	ATTACHMENT_BY_TYPE,
	ATTACHMENT_IMAGE,
	ATTACHMENT_VIDEO,
	ATTACHMENT_AUDIO,
	ATTACHMENT_LINK, /* no file: a page that the post is about */
};

#define ATTACHMENT_FOCUS 1000 /* the edge of the picture */
struct poll;

struct status_attachment {
	struct str url;
	struct str media_type;
	struct str description;
	struct str blurhash;
	uint32_t width, height;
	/* kept as a part, for those that have it */
	enum attachment_kind kind;
	bool has_focus;
	int focus_x, focus_y; /* the point that a cut must show: -1000 to 1000, right and up */
	struct str preview;   /* address of a picture that stands for it */
	uint64_t medium;      /* of ours (store/medium.h); 0 of one elsewhere */
};

/* How one takes part in an event. The numbers of both sets are part of the stored format. */
enum event_join {
	EVENT_JOIN_UNSAID,
	EVENT_JOIN_FREE,
	EVENT_JOIN_ON_REQUEST,
	EVENT_JOIN_EXTERNAL, /* elsewhere: at its url */
	EVENT_JOIN_INVITE,
	EVENT_JOIN_NONE,
};
enum event_state {
	EVENT_SCHEDULED,
	EVENT_TENTATIVE,
	EVENT_POSTPONED,
	EVENT_CANCELLED,
};

/* One date of a series. */
enum event_date_flags {
	EVENT_DATE_CANCELLED = 1,
	EVENT_DATE_CHANGED = 2, /* it is at another time or place than the rule says */
};
struct event_date {
	uint64_t original_ms; /* when it begins by the rule: what it is known by */
	uint64_t start_ms, end_ms;
	unsigned flags;
	struct str place; /* of one that is changed; empty: that of the others */
};
#define EVENT_DATES_MAX 200

struct status_event {
	uint64_t start_ms, end_ms; /* 0: not told; of a series: of its first date */
	struct str place;
	struct str address;
	struct str url; /* of the place, or where one joins */
	/* a part of its own in the stored form */
	enum event_join join;
	enum event_state state;
	uint32_t capacity;   /* how many may take part; 0: as many as come */
	struct str timezone; /* a name of IANA's; empty: none */
	struct str group;    /* of one elsewhere: who holds it besides its author; empty: nobody */
	/* of a series, in a part of its own: its rule (RFC 5545 section 3.3.10), and all dates in the order
	 * of original_ms */
	struct str rule;
	struct event_date *dates;
	unsigned date_count; /* 0: it is no series */
	/* not stored here: how many take part, as its own server says (store/event.h) */
	bool has_told;
	uint32_t told;
};

/* The same said in another language. */
struct status_words {
	struct str language;
	struct str title;
	struct html content;
	struct str spoiler;
};
#define STATUS_WORDS_MAX 8

#define STATUS_MENTIONS_MAX 100
#define STATUS_TAGS_MAX 100
#define STATUS_ATTACHMENTS_MAX 16
#define SEARCHABLE_MAX 16

/* The lists point into memory of whoever filled them: an arena. */
struct status {
	uint64_t id;
	uint64_t account;
	unsigned flags;
	enum visibility visibility;
	uint64_t created_ms; /* as its author's server says */
	uint64_t edited_ms;  /* 0: never */
	uint64_t parent;     /* 0: none, or not known here */
	uint64_t parent_account;
	uint64_t root; /* the first status of the thread as far as known; its own id when it is the
			  first */
	uint64_t boost_of;
	struct str uri;
	struct str url;
	struct str type; /* of the vocabulary: "Note" */
	struct str title;
	struct html content;
	struct str spoiler;
	struct str language;
	struct str parent_uri;
	struct str source; /* what its local author typed */
	struct status_mention *mentions;
	unsigned mention_count;
	struct str *tags;
	unsigned tag_count;
	struct status_attachment *attachments;
	unsigned attachment_count;
	/* parts that few have: a new one is a row of status_part.c */
	struct emoji *emojis; /* of content, title and spoiler */
	unsigned emoji_count;
	struct status_event event;
	struct status_words *words; /* in languages other than `language` */
	unsigned word_count;
	struct str
		link; /* the page that it links to first; empty: none, or it shows something else */
	struct str excerpt;	   /* of a long text: what it is about; no warning */
	struct str context;	   /* id of the conversation (FEP-7888); empty when none was told */
	struct str replies;	   /* of a remote one: its collection of replies, on its own host */
	struct str *searchable_by; /* who may find it by searching (FEP-268d); none: unsaid */
	unsigned searchable_count;
	struct str origin; /* the id that it had elsewhere, before its author moved here */
	struct str taken; /* of a local one: the id that it has where its author took it along to */
	uint64_t application; /* of a local one: which it was written with; 0: none */
	bool has_poll;	      /* it has a row of table poll */
	/* what it is posted in: the account of a community; 0: none (store/community.h) */
	uint64_t community;
	bool waits; /* in the community, for a moderator: nobody else hears of it */
	/* not stored here: the poll that comes with a new post or a change (store/poll.h) */
	struct poll *poll;
	struct status_quote quote;
	struct policy policy;
	struct status_approval approval; /* of a reply or a boost */
};

/* "image", "video", "audio", "link" or "file": what it is said to be, or what its media type is. */
const char *attachment_kind_name(const struct status_attachment *attachment);
enum attachment_kind attachment_kind_of(const struct status_attachment *attachment);

/* Reads and copies into arena. False when there is none, or the transaction or the arena has
 * failed. */
bool status_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct status *out);
bool status_find_uri(struct db_txn *txn, struct arena *arena, struct str uri, struct status *out);
/* The status that a post elsewhere became when its author moved here; 0 when there is none. */
uint64_t status_of_origin(struct db_txn *txn, struct str uri);
/* The status that an id names, be it the one that it had before its author moved here; 0 when there
 * is none. */
uint64_t status_named(struct db_txn *txn, struct str uri);
/* Many at once; out[i].id is 0 where there is none. */
bool status_get_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		     struct status *out);

/*
 * Adds a status: sets its id and, for a first one, its root; writes the indexes; counts it for its
 * author, its parent and, when it is a boost, for what it boosts. An id given by the caller (not 0)
 * is kept: db_next_id()'s. False when its uri is known already, or the transaction has failed.
 */
bool status_add(struct db_txn *txn, struct status *status);
/* Replaces the content of a status; author, uri and thread are as they were, and nobody may see it who could
 * not before. False when there is none. */
bool status_edit(struct db_txn *txn, const struct status *status);
/*
 * Removes it with its indexes, likes, boost rows and counts; a tombstone stays for its uri. Boosts
 * of it are removed by the caller. False when there is none.
 */
bool status_del(struct db_txn *txn, uint64_t id, uint64_t now_ms);
/* Writes the thread of a stored status (parent, root, approval) with its indexes and its parent's count:
 * a reply that stood alone joins. */
bool status_join(struct db_txn *txn, const struct status *status);
/* The other way: a stored reply stands alone from now on. What answers it stays where it is. */
bool status_leave(struct db_txn *txn, const struct status *status);

/* The JSON of a type that is only understood in part. Absent when none was kept. */
struct str status_raw(struct db_txn *txn, uint64_t id);
void status_raw_put(struct db_txn *txn, uint64_t id, struct str json);

struct status_counts {
	uint32_t replies; /* that everybody may see */
	uint32_t boosts;
	uint32_t likes;
};
struct status_counts status_counts(struct db_txn *txn, uint64_t id);
/* Of many at once; zeros where nothing was counted. False when the transaction has failed. */
bool status_counts_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
			struct status_counts *out);
void status_count(struct db_txn *txn, uint64_t id, int replies, int boosts, int likes);

/* What the index by author says of a status without reading it. */
struct status_entry {
	uint64_t id;
	enum visibility visibility;
	unsigned flags;
};

/*
 * An author's statuses, newest first, below max_id (0: from the newest) and above min_id. Fills at
 * most count, returns how many.
 */
size_t status_by_author(struct db_txn *txn, uint64_t account, uint64_t max_id, uint64_t min_id,
			struct status_entry *out, size_t count);
/* The same for a range, in its order. */
size_t status_by_author_range(struct db_txn *txn, uint64_t account, const struct id_range *range,
			      struct status_entry *out, size_t count);
/* Which of the ids are those of statuses. False when the transaction or the arena has failed. */
bool status_has_many(struct db_txn *txn, struct arena *arena, const uint64_t *ids, size_t count,
		     bool *out);
/* Who wrote what, boosts among it, in the order of ids after `after`. */
struct status_author {
	uint64_t id;
	uint64_t account;
};
size_t status_since(struct db_txn *txn, uint64_t after, struct status_author *out, size_t count);
/* The greatest id of all statuses; 0 when there are none. */
uint64_t status_newest(struct db_txn *txn);
/* All statuses: in the order in which they came, after an id; newest first, below max_id (0: from the
 * newest). */
size_t status_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);
size_t status_before(struct db_txn *txn, uint64_t max_id, uint64_t *out, size_t count);
/* The replies to a status, oldest first, after after_id. */
size_t status_by_parent(struct db_txn *txn, uint64_t parent, uint64_t after_id, uint64_t *out,
			size_t count);
/* The boosts of a status: ids of the boosting statuses, after the booster after_account. */
size_t status_boosts(struct db_txn *txn, uint64_t id, uint64_t after_account, uint64_t *boosters,
		     uint64_t *boosts, size_t count);
/* Who boosts it, as a page. */
size_t status_boosters_page(struct db_txn *txn, uint64_t id, const struct page *page, uint64_t *out,
			    size_t count);
/* The boost of a status by an account; 0 when there is none. */
uint64_t status_boost_by(struct db_txn *txn, uint64_t id, uint64_t account);
/* Which of many the account has boosted. */
void status_boosts_by(struct db_txn *txn, struct arena *arena, uint64_t account,
		      const uint64_t *ids, size_t count, bool *out);

/* Integrity: records to indexes and back, counts to edges. Calls bad() for each that disagrees. */
void status_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
