/* What the acts share about consent. Inside transactions only. */
#ifndef FF_SOCIAL_INTERACT_INT_H
#define FF_SOCIAL_INTERACT_INT_H

#include "act_int.h"
#include "social/interact.h"

/* What somebody is about to do with a post. */
struct wish {
	enum interaction_kind kind;
	const struct account *actor;
	const struct status *status;
	const struct account *author;
	struct str uri; /* of what is done; empty for one that gets its own when it is done */
	enum visibility visibility; /* of a boost */
};

/*
 * Does the post's author allow it? RC_OK: it may be done at once, and *waits is false; or it waits for
 * an answer, which is on its way to be had, and *waits is true. RC_DENIED with the reason in ctx.
 */
enum rc interact_ask(struct social *s, const struct wish *wish, bool *waits) NODISCARD;
/* May a stored reply that waited for its parent join it? Else it waits for the author's answer, or is
 * refused, and what is stored of it says so. */
bool interact_may_join(struct social *s, struct status *reply, const struct status *parent);
/* The proof of an earlier consent; absent when none was needed. */
struct str interact_proof(struct social *s, const struct wish *wish);
/* It was taken back: forgets what was asked or answered. True when it was waiting. */
bool interact_forget(struct social *s, uint64_t status, enum interaction_kind kind, uint64_t from,
		     struct str uri);
/* Before a post is removed: what others were allowed to do with it, and what it asked for. */
void interact_remove(struct social *s, const struct status *status);
/* A block ends what was allowed. */
void interact_block(struct social *s, const struct account *owner, const struct account *from);
/* Records that something was allowed or waits, and returns its row. False when there is no room. */
bool interact_record(struct social *s, const struct wish *wish, enum interaction_state state,
		     struct interaction *out);
/* Asks the remote author of what a local actor is about to do. */
void interact_request(struct social *s, const struct interaction *i, const struct account *owner);
/* Tells a remote actor what a local owner has decided. */
void interact_answer(struct social *s, const struct account *owner, const struct account *from,
		     const struct interaction *i);
/* Adds the job that fetches a proof from lane_uri's host. */
void verify_add(struct social *s, bool interaction, uint64_t id, struct str lane_uri);
/* Are both ids of one scheme, host and port? */
bool interact_same_origin(struct social *s, struct str a, struct str b);

/* Before a local post is added: checks what it quotes and fills status->quote. f hears of it. */
enum rc quote_join(struct social *s, struct draft *draft, const struct account *author,
		   struct federate *f) NODISCARD;
/* After it was added: asks for what has to be asked for. */
enum rc quote_ask(struct social *s, const struct account *author, const struct status *status);
/* Before a remote post is added: decides what can be decided at once. */
void quote_receive(struct social *s, const struct account *author, struct status *status);
/* After it was added or changed: looks for what is missing, tells whom it quotes. */
void quote_received(struct social *s, const struct status *status);
/* An edit: next->quote is what the new version says, and becomes what counts. */
void quote_edit(struct social *s, const struct account *author, const struct status *now,
		struct status *next);
/* Before a quote, or what is quoted, is removed: no authorization leads to it any more. */
void quote_unindex(struct social *s, const struct status *quoting);
void quotes_unindex(struct social *s, const struct status *quoted);
/* Sets the state of a stored quote, and tells peers when it is a local one. */
enum rc quote_decide(struct social *s, const struct interaction *i, enum interaction_state state,
		     struct str authorization);
/* The author of what a post quotes, when it is remote and may see the post, hears of it. */
void quote_hears(struct social *s, const struct status *status, struct federate *f);

/* Tells those who have a local post that it is another one, without an edit. act_post.c */
void act_tell_change(struct social *s, const struct account *actor, const struct status *status);
/* Tells of a local post that was held back until now. act_post.c */
void act_tell_post(struct social *s, const struct account *author, const struct status *status);

#endif
