/* Handlers of what people think of posts: likes, reactions with emoji (FEP-c0e0), dislikes. */
#include "incoming_int.h"
#include "social/react.h"
#include "store/emoji.h"
#include "store/graph.h"

/* --- reading --- */

/*
 * FEP-c0e0: a Like with content is what an EmojiReact is. One whose content we cannot take is a like
 * all the same, as it is for servers without reactions; an EmojiReact is then nothing.
 */
enum rc prepare_reaction(struct incoming *in)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	bool like = in->activity.type == AP_LIKE;
	struct ap_reader reader = { like ? &quiet : in->ctx, in->fed->site->iri_flags };
	enum rc rc = ap_reaction_decode(&reader, in->activity.root, &in->reaction);
	if (rc == RC_OK)
		return RC_OK;
	in->reaction = (struct ap_reaction){ .text = STR_NONE };
	if (like)
		return RC_OK;
	return rc == RC_NOT_FOUND ? ctx_fail(in->ctx, RC_INVALID, "a reaction without content")
				  : rc;
}

enum rc prepare_undo_reaction(struct incoming *in)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	struct ap_reader reader = { &quiet, in->fed->site->iri_flags };
	enum rc rc = prepare_inner(in);
	struct jr inner = jr_one_at(in->activity.object, 0);
	/* what is taken back needs no picture any more */
	if (rc == RC_OK && jr_type(inner) == JR_OBJECT)
		(void)!ap_reaction_decode(&reader, inner, &in->reaction);
	return rc;
}

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

/*
 * Whose picture a shortcode names: the sender's host's, whatever id it has, so that nobody changes
 * what others' reactions look like; but what has the id of one of ours is that one (FEP-9098,
 * Uniqueness).
 */
struct reaction reaction_told(struct social *s, const struct ap_reaction *told, struct str host)
{
	const struct ap_emoji *e = &told->emoji;
	struct local_emoji own;
	struct reaction r = {
		.text = told->text, .host = STR(""), .url = or_empty(e->url), .uri = STR("")
	};
	if (e->shortcode.ptr == NULL)
		return r;
	if (e->id.ptr != NULL &&
	    str_eq(e->id, site_emoji_uri(s->ctx->arena, s->site, e->shortcode)) &&
	    emoji_get(s->txn, s->ctx->arena, e->shortcode, &own))
		r.url = own.url;
	else
		r.host = host;
	return r;
}

/* The known post that an activity is about; 0 when there is none. */
static uint64_t post_of(struct social *s, struct str uri)
{
	return uri.ptr != NULL ? status_named(s->txn, uri) : 0;
}

/* --- doing --- */

enum rc apply_emoji_react(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->activity.object_id);
	struct reaction r = reaction_told(s, &in->reaction, actor->domain);
	r.uri = or_empty(in->activity.id);
	enum rc rc = id != 0 ? act_emoji_react(s, actor, id, &r) : RC_NOT_FOUND;
	/* S-056: surplus ones are no fault that a sender could mend */
	return rc == RC_TOO_LARGE ? RC_NOT_FOUND : rc;
}

enum rc apply_like(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->activity.object_id);
	if (in->reaction.text.ptr != NULL)
		return apply_emoji_react(in, s, actor);
	if (id == 0)
		return RC_NOT_FOUND;
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	s->proof = ap_authorization_of(&reader, in->activity.root, AP_INTERACTION_LIKE);
	return act_like(s, actor, id, or_empty(in->activity.id));
}

enum rc apply_dislike(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->activity.object_id);
	return id != 0 ? act_dislike(s, actor, id, or_empty(in->activity.id)) : RC_NOT_FOUND;
}

/* --- taking back --- */

static enum rc undo_by_id(struct incoming *in, struct social *s, const struct account *actor,
			  uint64_t id)
{
	struct reaction r;
	if (in->inner_id.ptr == NULL ||
	    !reaction_find_uri(s->txn, s->ctx->arena, id, actor->id, in->inner_id, &r))
		return RC_NOT_FOUND;
	return act_emoji_unreact(s, actor, id, r.text);
}

/* By its id, else by what it said. */
static enum rc undo_reaction(struct incoming *in, struct social *s, const struct account *actor,
			     uint64_t id)
{
	enum rc rc = undo_by_id(in, s, actor, id);
	if (rc == RC_NOT_FOUND && in->reaction.text.ptr != NULL)
		rc = act_emoji_unreact(s, actor, id, in->reaction.text);
	return rc;
}

enum rc apply_undo_emoji_react(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->inner_object);
	enum rc rc = id != 0 ? undo_reaction(in, s, actor, id) : RC_NOT_FOUND;
	return incoming_forestall(in, s, actor, rc);
}

/* A reaction that is gone already must not take a like along that was told by another id. */
static enum rc undo_like(struct incoming *in, struct social *s, const struct account *actor,
			 uint64_t id)
{
	struct str liked;
	if (in->reaction.text.ptr != NULL && in->inner_id.ptr != NULL &&
	    like_get(s->txn, id, actor->id, &liked) && liked.len != 0 &&
	    !str_eq(liked, in->inner_id))
		return RC_NOT_FOUND;
	return act_unlike(s, actor, id);
}

enum rc apply_undo_like(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->inner_object);
	enum rc rc = id != 0 ? undo_reaction(in, s, actor, id) : RC_NOT_FOUND;
	if (rc == RC_NOT_FOUND && id != 0)
		rc = undo_like(in, s, actor, id);
	return incoming_forestall(in, s, actor, rc);
}

enum rc apply_undo_dislike(struct incoming *in, struct social *s, const struct account *actor)
{
	uint64_t id = post_of(s, in->inner_object);
	return incoming_forestall(in, s, actor,
				  id != 0 ? act_undislike(s, actor, id) : RC_NOT_FOUND);
}

enum rc undo_reaction_of(struct incoming *in, struct social *s, const struct account *actor,
			 struct uri_entry entry)
{
	if (entry.other != actor->id)
		return RC_NOT_FOUND;
	return entry.kind == URI_DISLIKE ? act_undislike(s, actor, entry.id)
					 : undo_by_id(in, s, actor, entry.id);
}
