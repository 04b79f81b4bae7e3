/* What posts and profiles hold of what was uploaded. Inside transactions. */
#include "act_int.h"
#include "media/media.h"
#include "social/media.h"
#include "text/html.h"

#define DESCRIPTION_BYTES ((size_t)4 * MEDIUM_DESCRIPTION_CHARS)

static enum rc not_found(struct social *s)
{
	return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such medium"));
}

/* One of this owner; S-070: another's is not there. */
static enum rc load(struct social *s, uint64_t owner, uint64_t id, struct medium *out)
{
	if (!medium_get(s->txn, s->ctx->arena, id, out) || out->owner != owner)
		return not_found(s);
	return RC_OK;
}

static enum rc put(struct social *s, const struct medium *m)
{
	return medium_put(s->txn, m) ? act_end(s, RC_OK) : not_found(s);
}

/* --- describing --- */

static enum rc change_apply(struct social *s, const struct media_change *change, struct medium *m)
{
	if (change->description.ptr != NULL) {
		enum rc rc = text_clean(s->ctx, change->description, MEDIUM_DESCRIPTION_CHARS,
					DESCRIPTION_BYTES, &m->description);
		if (rc != RC_OK)
			return rc;
	}
	if (!change->has_focus)
		return RC_OK;
	if (change->focus_x < -MEDIUM_FOCUS || change->focus_x > MEDIUM_FOCUS ||
	    change->focus_y < -MEDIUM_FOCUS || change->focus_y > MEDIUM_FOCUS)
		return ctx_fail(s->ctx, RC_INVALID, "the focus lies outside of the picture");
	m->has_focus = true;
	m->focus_x = change->focus_x;
	m->focus_y = change->focus_y;
	return RC_OK;
}

static enum rc describe(struct social *s, uint64_t owner, uint64_t id, uint64_t holder,
			const struct media_change *change, struct medium *out)
{
	enum rc rc = load(s, owner, id, out);
	if (rc == RC_OK && out->holder != holder)
		return not_found(s);
	if (rc == RC_OK)
		rc = change_apply(s, change, out);
	return rc == RC_OK ? put(s, out) : rc;
}

enum rc media_describe(struct social *s, uint64_t owner, uint64_t id,
		       const struct media_change *change, struct medium *out)
{
	return describe(s, owner, id, 0, change, out);
}

enum rc media_describe_held(struct social *s, uint64_t owner, uint64_t id, uint64_t status,
			    const struct media_change *change)
{
	struct medium m;
	return describe(s, owner, id, status, change, &m);
}

enum rc media_take_thumbnail(struct social *s, uint64_t owner, uint64_t id, uint64_t thumbnail)
{
	struct medium m, picture;
	enum rc rc = load(s, owner, id, &m);
	if (rc == RC_OK)
		rc = load(s, owner, thumbnail, &picture);
	if (rc != RC_OK)
		return rc;
	if (id == thumbnail || m.use != MEDIUM_OPEN || picture.use != MEDIUM_OPEN)
		return not_found(s);
	if (m.state != MEDIUM_READY || picture.state != MEDIUM_READY || picture.small.type.len == 0)
		return ctx_fail(s->ctx, RC_INVALID, "the thumbnail is no picture");
	m.small = picture.small;
	m.blurhash = picture.blurhash;
	rc = put(s, &m);
	if (rc == RC_OK && !medium_del(s->txn, thumbnail))
		rc = not_found(s);
	return rc;
}

enum rc media_delete(struct social *s, uint64_t owner, uint64_t id)
{
	struct medium m;
	enum rc rc = load(s, owner, id, &m);
	if (rc != RC_OK)
		return rc;
	if (m.use != MEDIUM_OPEN)
		return ctx_fail(s->ctx, RC_CONFLICT, "the medium is in use");
	return medium_del(s->txn, id) ? act_end(s, RC_OK) : not_found(s);
}

enum rc media_give_back(struct social *s, uint64_t owner, uint64_t status)
{
	struct status of;
	if (!status_get(s->txn, s->ctx->arena, status, &of) || of.account != owner)
		return act_end(s, RC_NOT_FOUND);
	medium_release(s->txn, MEDIUM_POST, status);
	return act_end(s, RC_OK);
}

/* --- posts --- */

static struct str url_of(struct social *s, const struct medium_file *file)
{
	struct str path = media_file_path(s->ctx->arena, file);
	return path.ptr != NULL ? arena_join(s->ctx->arena, s->site->base, path) : STR("");
}

static bool is_picture(const struct medium *m)
{
	const struct media_type *type = media_type_by_name(m->file.type);
	return type != NULL && type->kind == MEDIA_IMAGE;
}

static enum rc missing(struct social *s, uint64_t id)
{
	return act_end(s, ctx_fail(s->ctx, RC_INVALID,
				   "Media %llu not found or already attached to another post",
				   (unsigned long long)id));
}

static bool is_document(const struct medium *m)
{
	const struct media_type *type = media_type_by_name(m->file.type);
	return type != NULL && type->kind == MEDIA_DOCUMENT;
}

static enum rc may_attach(struct social *s, const struct medium *m, enum medium_use use,
			  uint64_t holder, unsigned count)
{
	bool free = m->use == MEDIUM_OPEN || (m->use == MEDIUM_POST && m->holder == holder);
	if (!free)
		return missing(s, m->id);
	if (m->state == MEDIUM_PROCESSING)
		return ctx_fail(s->ctx, RC_INVALID,
				"what is being processed cannot be attached yet; try again");
	if (m->state != MEDIUM_READY)
		return ctx_fail(s->ctx, RC_INVALID, "what could not be processed is no medium");
	if (use != MEDIUM_RESOURCE && is_document(m))
		return ctx_fail(s->ctx, RC_INVALID,
				"a document is shared in a community, and attached to no post");
	if (count > 1 && !is_picture(m))
		return ctx_fail(s->ctx, RC_INVALID, "a film or sound is attached alone");
	return RC_OK;
}

static struct status_attachment attachment_of(struct social *s, const struct medium *m)
{
	return (struct status_attachment){
		.url = url_of(s, &m->file),
		.media_type = m->file.type,
		.description = m->description,
		.blurhash = m->blurhash,
		.width = m->file.width,
		.height = m->file.height,
		.has_focus = m->has_focus,
		.focus_x = m->focus_x,
		.focus_y = m->focus_y,
		.preview = url_of(s, &m->small),
		.medium = m->id,
	};
}

static bool is_named_before(const uint64_t *ids, unsigned at)
{
	for (unsigned i = 0; i < at; i++) {
		if (ids[i] == ids[at])
			return true;
	}
	return false;
}

struct holding {
	uint64_t author;
	enum medium_use use;
	uint64_t holder;
	const uint64_t *ids;
	unsigned count;
};

/* The one at this place, held from now on. */
static enum rc hold(struct social *s, const struct holding *h, unsigned at, struct medium *out)
{
	if (!medium_get(s->txn, s->ctx->arena, h->ids[at], out) || out->owner != h->author)
		return missing(s, h->ids[at]);
	enum rc rc = may_attach(s, out, h->use, h->holder, h->count);
	if (rc == RC_OK && is_named_before(h->ids, at))
		rc = ctx_fail(s->ctx, RC_INVALID, "the same medium twice");
	if (rc != RC_OK)
		return rc;
	out->use = h->use;
	out->holder = h->holder;
	return put(s, out);
}

static enum rc too_many(struct social *s)
{
	return ctx_fail(s->ctx, RC_INVALID, "at most %d media can be attached", POST_MEDIA_MAX);
}

enum rc media_attach(struct social *s, const struct account *author, struct status *status,
		     const uint64_t *ids, unsigned count)
{
	const struct holding h = { author->id, MEDIUM_POST, status->id, ids, count };
	if (count > POST_MEDIA_MAX)
		return too_many(s);
	struct status_attachment *list =
		ARENA_ARRAY(s->ctx->arena, count, struct status_attachment);
	if (list == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		struct medium m;
		enum rc rc = hold(s, &h, i, &m);
		if (rc != RC_OK)
			return rc;
		list[i] = attachment_of(s, &m);
	}
	status->attachments = list;
	status->attachment_count = count;
	return act_end(s, RC_OK);
}

/* What is none of the author's is left as it came. */
static enum rc bring(struct social *s, const struct account *author, uint64_t status,
		     struct status_attachment *a)
{
	struct medium m;
	if (!medium_get(s->txn, s->ctx->arena, a->medium, &m) || m.owner != author->id ||
	    m.state != MEDIUM_READY) {
		a->medium = 0;
		return act_end(s, RC_OK);
	}
	bool held = m.use != MEDIUM_OPEN;
	m.use = MEDIUM_POST;
	m.holder = status;
	m.description = a->description.ptr != NULL ? a->description : STR("");
	m.has_focus = a->has_focus;
	m.focus_x = a->focus_x;
	m.focus_y = a->focus_y;
	if (held)
		medium_add(s->txn, &m);
	else
		medium_put(s->txn, &m);
	*a = attachment_of(s, &m);
	return act_end(s, RC_OK);
}

enum rc media_bring(struct social *s, const struct account *author, struct status *status)
{
	enum rc rc = RC_OK;
	for (unsigned i = 0; i < status->attachment_count && rc == RC_OK; i++) {
		if (status->attachments[i].medium != 0)
			rc = bring(s, author, status->id, &status->attachments[i]);
	}
	return rc;
}

enum rc media_reserve(struct social *s, const struct account *author, uint64_t scheduled,
		      const uint64_t *ids, unsigned count)
{
	const struct holding h = { author->id, MEDIUM_SCHEDULED, scheduled, ids, count };
	struct medium m;
	enum rc rc = count > POST_MEDIA_MAX ? too_many(s) : RC_OK;
	for (unsigned i = 0; rc == RC_OK && i < count; i++)
		rc = hold(s, &h, i, &m);
	return rc == RC_OK ? act_end(s, RC_OK) : rc;
}

enum rc media_share(struct social *s, const struct account *actor, uint64_t resource, uint64_t id)
{
	const struct holding h = { actor->id, MEDIUM_RESOURCE, resource, &id, 1 };
	struct medium m;
	return hold(s, &h, 0, &m);
}

/* --- profiles --- */

enum rc media_wear(struct social *s, struct account *account, enum medium_use use,
		   uint64_t uploader, uint64_t id)
{
	bool avatar = use == MEDIUM_AVATAR;
	struct str *slot = avatar ? &account->avatar : &account->header;
	/* what was said of the one before */
	*(avatar ? &account->avatar_description : &account->header_description) = STR("");
	struct medium m;
	if (id != 0) {
		enum rc rc = load(s, uploader, id, &m);
		if (rc != RC_OK)
			return rc;
		if (m.use != MEDIUM_OPEN)
			return not_found(s);
		if (m.state != MEDIUM_READY || !is_picture(&m))
			return ctx_fail(s->ctx, RC_INVALID, "it is no picture");
	}
	medium_del_held(s->txn, use, account->id);
	*slot = STR("");
	if (id == 0)
		return act_end(s, RC_OK);
	m.use = use;
	m.owner = m.holder = account->id;
	*slot = url_of(s, &m.file);
	return put(s, &m);
}
