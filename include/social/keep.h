/* What people keep for themselves: bookmarks, hashtags that they follow, lists of people. */
#ifndef FF_SOCIAL_KEEP_H
#define FF_SOCIAL_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "social/social.h"
#include "store/account.h"
#include "store/list.h"

/* A post that the actor can see. RC_EXISTS, RC_NOT_FOUND. */
enum rc act_bookmark(struct social *s, const struct account *actor, uint64_t status) NODISCARD;
enum rc act_unbookmark(struct social *s, const struct account *actor, uint64_t status) NODISCARD;

/* Without "#". RC_EXISTS, RC_INVALID, RC_TOO_LARGE: there are enough. */
enum rc act_follow_tag(struct social *s, const struct account *actor, struct str tag) NODISCARD;
/* RC_NOT_FOUND: it was not so. */
enum rc act_unfollow_tag(struct social *s, const struct account *actor, struct str tag) NODISCARD;

/* --- lists --- */

#define LIST_TITLE_MAX 255 /* characters */

/* Checks list->title; sets list->id. RC_INVALID, RC_TOO_LARGE with the reason in ctx. */
enum rc act_list_make(struct social *s, const struct account *owner, struct list *list) NODISCARD;
/* RC_NOT_FOUND when list->id is not one of the owner's. */
enum rc act_list_change(struct social *s, const struct account *owner, struct list *list) NODISCARD;
/* In steps, as act_block_domain(). */
enum rc act_list_drop(struct social *s, const struct account *owner, uint64_t list) NODISCARD;

#define LIST_MEMBERS_AT_ONCE 100

/*
 * Members are those whom the owner follows or asks to follow, and the owner. RC_NOT_FOUND: no such
 * list, or somebody else; RC_EXISTS: one of them is there already. Nobody is added then.
 */
enum rc act_list_add(struct social *s, const struct account *owner, uint64_t list,
		     const uint64_t *accounts, size_t count) NODISCARD;
/* Who is no member does not matter. */
enum rc act_list_remove(struct social *s, const struct account *owner, uint64_t list,
			const uint64_t *accounts, size_t count) NODISCARD;
/* The owner's lists that an account is a member of; how many. */
size_t lists_with(struct db_txn *txn, struct arena *arena, uint64_t owner, uint64_t account,
		  struct list out[LISTS_MAX]);

/*
 * Everything that belongs to one person alone, of an account that is going, in steps: false when
 * there is more.
 */
bool keep_forget(struct social *s, const struct account *account);

#endif
