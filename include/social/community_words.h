/*
 * Communities in words, as commands and clients say them: settings, roles. What is not said stays; what
 * is said to be empty is as the parent has it.
 */
#ifndef FF_SOCIAL_COMMUNITY_WORDS_H
#define FF_SOCIAL_COMMUNITY_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "core/str.h"
#include "store/community.h"

struct community_list_words {
	const struct str *list;
	size_t count;
	bool given;
};

struct community_words {
	struct str kind, join, sight, posting;
	struct str premoderated; /* "yes", "no", "true", "false", "1", "0" */
	struct str slow;	 /* seconds, as a number */
	struct str retention;	 /* days, as a number */
	struct community_list_words languages, rules;
	struct community_list_words flairs; /* "Question", or "Question=#3366cc" */
	struct community_list_words tags;   /* what it is about: hashtags, with "#" or without */
	/* of joining by attribute */
	struct community_list_words conditions; /* "department=chemistry" */
	struct str match;			/* "any", "all" */
	struct str others;			/* "request", "no" */
	struct str grace;			/* days, as a number */
};

/*
 * Puts what is said into settings, whose strings are then those of words, and of ctx's arena.
 * RC_INVALID with the reason in ctx; RC_NO_MEMORY.
 */
enum rc community_words_apply(struct ctx *ctx, const struct community_words *words,
			      struct community *settings) NODISCARD;

/* Is it about that hashtag, with "#" or without? As tags are compared everywhere (text/html.h). */
bool community_has_tag(const struct community *community, struct str tag);

/* A role of a community by its number or its name, without case. False when there is none. */
bool community_role_named(struct db_txn *txn, struct arena *arena, uint64_t community,
			  struct str word, struct community_role *out);

/* The last part of a link by which one joins: random, of letters and digits. In ctx's arena. */
#define COMMUNITY_SECRET_BYTES 18
struct str community_secret_make(struct arena *arena);
/* The link itself. */
struct str community_invite_url(struct arena *arena, struct str base, struct str secret);

#endif
