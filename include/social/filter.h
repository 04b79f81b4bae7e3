/*
 * Filters: made and changed by their owner, and matched against posts. Matching is pure: compile()
 * once for a viewer and a place, then match() each post.
 */
#ifndef FF_SOCIAL_FILTER_H
#define FF_SOCIAL_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/filter.h"
#include "store/status.h"

#define FILTER_TITLE_MAX 256   /* characters */
#define FILTER_KEYWORD_MAX 512 /* characters */

/* "home", "notifications", "public", "thread", "account". */
bool filter_context_parse(struct str name, enum filter_context *out) NODISCARD;
const char *filter_context_name(enum filter_context context);
/* "warn", "hide", "blur". */
bool filter_action_parse(struct str name, enum filter_action *out) NODISCARD;
const char *filter_action_name(enum filter_action action);

/* Checks everything; f->id 0: a new one, which gets its id. RC_INVALID with the reason in ctx,
 * RC_TOO_LARGE, RC_NOT_FOUND: not one of the owner's. */
enum rc act_filter_save(struct social *s, const struct account *owner, struct filter *f) NODISCARD;
enum rc act_filter_drop(struct social *s, const struct account *owner, uint64_t id) NODISCARD;

/* The filter that has a keyword or a post of this id, and where: one of these is set. */
struct filter_place {
	struct filter filter;
	struct filter_keyword *keyword;
	struct filter_status *status;
};
bool filter_find_part(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t id,
		      struct filter_place *out);

/* Takes the part that was found away. */
enum rc act_filter_drop_part(struct social *s, const struct account *owner,
			     struct filter_place *place) NODISCARD;
/* A new part of a filter of the owner's, which is returned with its id. */
enum rc act_filter_add_keyword(struct social *s, const struct account *owner, uint64_t filter,
			       struct filter_keyword *keyword) NODISCARD;
/* A post that the owner can see. RC_EXISTS when it is there already. */
enum rc act_filter_add_status(struct social *s, const struct account *owner, uint64_t filter,
			      struct filter_status *status) NODISCARD;

/* --- matching --- */

#define FILTER_WORDS_MAX 2000 /* compiled for one viewer; the filters made last are left out */

struct filter_set;

/* Those filters that hold in a context now, whose strings must live as long as the set. NULL when
 * there is nothing to match, or the arena has failed. */
struct filter_set *filters_compile(struct arena *arena, const struct filter *filters, size_t count,
				   enum filter_context context, uint64_t now_ms);

struct filter_match {
	const struct filter *filter;
	struct str *keywords; /* that were found, as their owner wrote them */
	unsigned keyword_count;
	bool status; /* the post is named by the filter itself */
};

/* The text of a post that filters look at: warning, content, options of a poll, descriptions of
 * pictures. Any thread; RC_NO_MEMORY. poll may be NULL. */
struct poll;
enum rc filter_text(struct ctx *ctx, const struct status *status, const struct poll *poll,
		    struct str *out) NODISCARD;

/*
 * What set finds in a post, in the order of the filters: *out is an array of arena. text is
 * filter_text()'s; status the id of the post (a boost is matched as what it boosts). Pure.
 */
size_t filters_match(const struct filter_set *set, struct arena *arena, struct str text,
		     uint64_t status, struct filter_match **out);
/* Does any of them say that the post is not to be shown at all? */
bool filters_hide(const struct filter_match *matches, size_t count);

#endif
