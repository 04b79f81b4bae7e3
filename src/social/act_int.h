/* What the files of acts share. */
#ifndef FF_SOCIAL_ACT_INT_H
#define FF_SOCIAL_ACT_INT_H

#include "social/account.h"
#include "social/act.h"
#include "social/federate.h"
#include "social/live.h"
#include "social/moderate.h"
#include "social/see.h"
#include "store/notice.h"
#include "store/report.h"

/* Reads a status and its author. RC_NOT_FOUND, or the transaction's own failure. */
enum rc act_load(struct social *s, uint64_t id, struct status *status,
		 struct account *author) NODISCARD;
/* The same of what is reacted to; the actor must be able to see it. RC_GONE, RC_NOT_FOUND. */
enum rc act_load_seen(struct social *s, const struct account *actor, uint64_t id,
		      struct status *status, struct account *author) NODISCARD;
/* An act upon a status, told to its author. */
struct federate act_about(enum federate_what what, const struct account *actor,
			  const struct status *status, const struct account *author,
			  uint64_t now_ms);
/* Tells a status's author of what a local actor did with it or took back, wherever the author is now;
 * text is what the kind says, mostly empty. */
void act_tell_author(struct social *s, enum federate_what what, const struct account *actor,
		     const struct status *status, const struct account *author, struct str uri,
		     struct str text);
/* A notification for account, unless it is remote, the actor itself, has blocked or muted the actor
 * or the conversation, wants none of strangers, or was told the same lately. True when there is one. */
bool act_notify(struct social *s, const struct account *account, enum notice_kind kind,
		uint64_t actor, uint64_t status);
/* The same of what is about no post. */
bool act_notify_about(struct social *s, const struct account *account, enum notice_kind kind,
		      uint64_t actor, uint64_t about);
/* What somebody asked for has its answer: it is no news any more, and who asks again is heard again. */
void act_unnotice(struct social *s, uint64_t account, enum notice_kind kind, uint64_t from,
		  uint64_t about);
/* What account has said shall become of notices like this one: act_notify() heeds it. */
enum notice_rule act_notice_rule(struct social *s, uint64_t account, const struct notice *n);
/* A post was made, no boost: those who want to hear of every one of its author do. */
void act_notify_post(struct social *s, const struct status *post, const struct account *author);
/* A thread was begun in a group: those who want to hear of every one there do, but whoever hears of its
 * author's posts has heard of it. */
void act_notify_thread(struct social *s, const struct status *thread, const struct account *group);
/* A post was edited: those who have boosted or quoted it hear of it. */
void act_notify_edit(struct social *s, const struct status *edited);
/* A notification without those questions: one that is not held is told live and by push. */
void act_notice(struct social *s, uint64_t account, struct notice notice);
/* act_edit(), in the name of the author, by whoever decides it: a moderator's edit is asked about by nobody
 * else. */
enum edit_by {
	EDIT_BY_AUTHOR,
	EDIT_BY_STAFF,
};
enum rc act_edit_as(struct social *s, enum edit_by by, const struct account *actor,
		    const struct status *changed) NODISCARD;
/* An edit makes next of now, whose readers may look up what it said before. */
void act_keep_revision(struct social *s, const struct status *now, const struct status *next);
/* Adds an account to those that hear of an act besides followers; remote ones, once each. */
void act_hears(struct federate *f, const struct account *account);
/* Does it name this account? */
bool act_mentions(const struct status *status, struct str uri);
/* Removes a status together with its boosts: they vanish with it, and those of local people need
 * no word to peers, who drop theirs with the post. */
void act_remove(struct social *s, uint64_t id);
/* An account that has moved away says nothing here any more. RC_DENIED with the reason in ctx. */
enum rc act_refuse_moved(struct social *s, const struct account *actor) NODISCARD;
/* The transaction's own failure, or rc. */
enum rc act_end(const struct social *s, enum rc rc);

#endif
