/* Collections: of replies, of a conversation's posts, outboxes; as peers send them, and as we do. */
#ifndef FF_AP_COLLECTION_H
#define FF_AP_COLLECTION_H

#include "ap/ap.h"
#include "json/jw.h"

/* --- reading --- */

/* SECURITY section 13: of one document; surplus is left out. */
#define AP_ITEMS_MAX 500
#define AP_TOTAL_NONE UINT32_MAX
#define AP_TOTAL_MAX 1000000000U

/* totalItems of an embedded collection; AP_TOTAL_NONE when there is none, or it is no number that
 * could be true. */
uint32_t ap_total(struct jr collection);

/* Strings point into the document or the arena. */
struct ap_collection {
	struct str id;
	uint32_t total;
	struct str attributed_to;
	/* The page after what is here: `next`, or a `first` that is not embedded; on the
	 * collection's own origin (S-054) or absent. */
	struct str next;
	/* Ids of what it holds, those of an embedded first page included; of a Create the post's. */
	struct str items[AP_ITEMS_MAX];
	unsigned item_count;
};

/*
 * A collection or a page of one. RC_INVALID with the reason in reader's context: no collection, no
 * id. The struct is large and comes from the arena.
 */
enum rc ap_collection_decode(const struct ap_reader *reader, struct jr object,
			     struct ap_collection **out) NODISCARD;

/* --- writing --- */

struct ap_list_view {
	struct str id;
	bool ordered;
	bool page;
	bool inner;	  /* inside another object: no @context */
	unsigned context; /* what its items use: enum ap_context */
	struct str attributed_to;
	struct str part_of; /* of a page */
	struct str next;
	struct str first; /* by its id; empty when it is embedded or there is none */
	uint64_t total;
	bool no_total; /* more than were counted */
};

/* The head of a collection or page. Close with jw_end(). */
void ap_write_list(struct jw *w, const struct ap_list_view *view);
/* Opens the array of its items; close with jw_end(). */
void ap_write_list_items(struct jw *w, const struct ap_list_view *view);

#endif
