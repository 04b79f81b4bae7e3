/*
 * What partners of a community tell of reactions with emoji: as they come, and when they compare. Inside
 * write transactions. Whose word counts is as with votes (joint_word.c).
 */
#include "community_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "social/joint.h"
#include "store/told_reaction.h"
#include "store/uri.h"

#define KIND_MAX 100000 /* of one kind to one post */

/* Nobody changes what others' emoji look like: the picture that is known stays. */
static bool has_room(struct social *s, uint64_t status, struct reaction *r)
{
	struct reaction_count kind;
	if (!reaction_kind_get(s->txn, s->ctx->arena, status, r->text, r->host, &kind))
		return true;
	r->url = kind.url;
	return kind.count < KIND_MAX;
}

/* --- as they come --- */

static enum rc react(struct social *s, uint64_t id, struct str person, const struct reaction *told,
		     bool undo)
{
	const struct reckey voter = reckey_digest(person), emoji = reckey_digest(told->text);
	const uint64_t who = account_id_of_uri(s->txn, person);
	struct reaction r = *told, own;
	/* who is known here may have told it here themselves; what came by comparing has no id */
	const bool has = who != 0 && reaction_find(s->txn, s->ctx->arena, id, who, r.text, &own);
	if (undo && has && own.uri.len == 0)
		return reaction_del(s->txn, id, who, own.text) ? RC_OK : RC_EXISTS;
	if (undo)
		return told_reaction_del(s->txn, id, voter.bytes, emoji.bytes) ? RC_OK : RC_EXISTS;
	if (has)
		return RC_EXISTS;
	return has_room(s, id, &r) ? told_reaction_put(s->txn, id, voter.bytes, &r) : RC_TOO_LARGE;
}

enum rc joint_told_reaction(struct social *s, uint64_t community, uint64_t id, struct str person,
			    const struct reaction *r, bool undo)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status))
		return act_end(s, RC_NOT_FOUND);
	if (status.community != community)
		return RC_DENIED;
	enum rc rc = react(s, id, person, r, undo);
	return act_end(s, rc == RC_TOO_LARGE ? RC_EXISTS : rc);
}

/* --- when they compare --- */

/* Whoever is known here has it as if they had told it here themselves. */
static enum rc reaction_set(struct social *s, uint64_t status, uint64_t who,
			    const unsigned char *names, const struct reaction *told)
{
	struct reaction r = *told, own;
	struct account a;
	bool gone;
	if (told->text.len != 0) {
		/* as it would have come from there */
		if (who != 0 && r.host.len != 0 && account_get(s->txn, s->ctx->arena, who, &a))
			r.host = a.domain;
		if (!has_room(s, status, &r))
			return RC_TOO_LARGE;
		return who != 0 ? reaction_add(s->txn, status, who, &r)
				: told_reaction_put(s->txn, status, names, &r);
	}
	gone = who != 0 &&
	       reaction_find_named(s->txn, s->ctx->arena, status, who, names + JOINT_NAME_SIZE,
				   &own) &&
	       reaction_del(s->txn, status, who, own.text);
	gone = told_reaction_del(s->txn, status, names, names + JOINT_NAME_SIZE) || gone;
	return gone ? RC_OK : RC_EXISTS;
}

enum rc joint_reaction_compared(struct social *s, const struct joint_speaker *by,
				const struct joint_word *told, const struct reaction *r)
{
	static const struct reaction none = { .text = { "", 0 } };
	struct joint_heard heard;
	if (told->about != JOINT_REACTIONS)
		return act_end(s, RC_NOT_FOUND);
	enum rc rc = joint_hear(s, by, told, &heard);
	if (rc != RC_OK)
		return rc;
	rc = reaction_set(s, heard.status, heard.person, told->name + JOINT_NAME_SIZE,
			  told->state != 0 ? r : &none);
	if (rc != RC_OK)
		return act_end(s, rc == RC_TOO_LARGE ? RC_EXISTS : rc);
	return joint_heard_keep(s, by, told, &heard);
}
