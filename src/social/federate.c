/* The federate job's stored form. */
#include "social/federate.h"

#include "core/must.h"
#include "db/rec.h"
#include "queue/queue.h"

#define FEDERATE_VERSION 1
#define PAYLOAD_MAX (64 * 1024)

void federate_encode(struct buf *out, const struct federate *f)
{
	must(f->extra_count <= FEDERATE_EXTRA_MAX);
	rec_add_u8(out, FEDERATE_VERSION);
	rec_add_u8(out, (uint8_t)f->what);
	rec_add_u8(out, (uint8_t)f->visibility);
	rec_add_u64(out, f->actor);
	rec_add_u64(out, f->status);
	rec_add_u64(out, f->target);
	rec_add_u64(out, f->at_ms);
	rec_add_u64(out, f->body);
	rec_add_str(out, f->uri);
	rec_add_str(out, f->object);
	rec_add_str(out, f->cursor);
	rec_add_num(out, f->extra_count);
	for (unsigned i = 0; i < f->extra_count; i++)
		rec_add_u64(out, f->extra[i]);
	if (f->text.len != 0)
		rec_add_str(out, f->text);
}

/* A job of a version that knows more is none of ours. */
static bool is_known(enum federate_what what)
{
	switch (what) {
	case FEDERATE_CREATE:
	case FEDERATE_UPDATE:
	case FEDERATE_DELETE:
	case FEDERATE_BOOST:
	case FEDERATE_UNBOOST:
	case FEDERATE_LIKE:
	case FEDERATE_UNLIKE:
	case FEDERATE_FOLLOW:
	case FEDERATE_UNFOLLOW:
	case FEDERATE_ACCEPT:
	case FEDERATE_REJECT:
	case FEDERATE_BLOCK:
	case FEDERATE_UNBLOCK:
	case FEDERATE_FLAG:
	case FEDERATE_ACTOR:
	case FEDERATE_ACTOR_DELETE:
	case FEDERATE_REQUEST:
	case FEDERATE_APPROVE:
	case FEDERATE_DENY:
	case FEDERATE_QUOTE_REVOKE:
	case FEDERATE_CONTEXT_ADD:
	case FEDERATE_CONTEXT_REMOVE:
	case FEDERATE_REACT:
	case FEDERATE_UNREACT:
	case FEDERATE_DISLIKE:
	case FEDERATE_UNDISLIKE:
	case FEDERATE_PIN:
	case FEDERATE_UNPIN:
	case FEDERATE_FEATURE_TAG:
	case FEDERATE_UNFEATURE_TAG:
	case FEDERATE_VOTE:
	case FEDERATE_POLL:
	case FEDERATE_POLL_VOTERS:
	case FEDERATE_MOVE:
	case FEDERATE_COLLECTION_ADD:
	case FEDERATE_COLLECTION_UPDATE:
	case FEDERATE_COLLECTION_REMOVE:
	case FEDERATE_COLLECTION_ITEM_ADD:
	case FEDERATE_COLLECTION_ITEM_REMOVE:
	case FEDERATE_FEATURE_REQUEST:
	case FEDERATE_FEATURE_ACCEPT:
	case FEDERATE_FEATURE_REJECT:
	case FEDERATE_FEATURE_REVOKE:
	case FEDERATE_FORWARD:
	case FEDERATE_RELAY_FOLLOW:
	case FEDERATE_RELAY_UNFOLLOW:
	case FEDERATE_RELAY_ACCEPT:
	case FEDERATE_RELAY_REJECT:
	case FEDERATE_RELAY_ANNOUNCE:
	case FEDERATE_RELAY_PASS:
	case FEDERATE_COMMUNITY_PASS:
	case FEDERATE_COMMUNITY_LOCK:
	case FEDERATE_COMMUNITY_UNLOCK:
	case FEDERATE_COMMUNITY_REMOVE:
	case FEDERATE_COMMUNITY_RESTORE:
	case FEDERATE_COMMUNITY_PIN:
	case FEDERATE_COMMUNITY_UNPIN:
	case FEDERATE_COMMUNITY_BAN:
	case FEDERATE_COMMUNITY_UNBAN:
	case FEDERATE_COMMUNITY_APPOINT:
	case FEDERATE_COMMUNITY_DISMISS:
	case FEDERATE_COMMUNITY_RESOLVE:
	case FEDERATE_JOIN:
	case FEDERATE_LEAVE:
	case FEDERATE_JOIN_ACCEPT:
	case FEDERATE_JOIN_REJECT:
	case FEDERATE_EVENT:
	case FEDERATE_EVENT_PARTICIPANTS:
	case FEDERATE_INVITE:
	case FEDERATE_UNINVITE:
	case FEDERATE_INVITE_ACCEPT:
	case FEDERATE_INVITE_REJECT:
		return true;
	}
	return false;
}

bool federate_decode(struct arena *arena, struct str payload, struct federate *out)
{
	struct rec r = rec_open(payload);
	*out = (struct federate){ .actor = 0 };
	uint8_t version = rec_u8(&r);
	out->what = (enum federate_what)rec_u8(&r);
	out->visibility = (enum visibility)rec_u8(&r);
	out->actor = rec_u64(&r);
	out->status = rec_u64(&r);
	out->target = rec_u64(&r);
	out->at_ms = rec_u64(&r);
	out->body = rec_u64(&r);
	out->uri = arena_str(arena, rec_str(&r));
	out->object = arena_str(arena, rec_str(&r));
	out->cursor = arena_str(arena, rec_str(&r));
	uint64_t extra = rec_num(&r);
	for (uint64_t i = 0; i < extra && extra <= FEDERATE_EXTRA_MAX; i++)
		out->extra[out->extra_count++] = rec_u64(&r);
	if (r.rest.len != 0)
		out->text = arena_str(arena, rec_str(&r));
	return version == FEDERATE_VERSION && rec_ok(&r) && extra <= FEDERATE_EXTRA_MAX &&
	       is_known(out->what) && out->visibility <= VISIBILITY_MEMBERS && !arena_failed(arena);
}

static void add_job(struct social *s, const struct federate *f, uint64_t order, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(PAYLOAD_MAX);
	federate_encode(&payload, f);
	must(!payload.failed);
	const struct queue_new job = {
		.kind = JOB_FEDERATE, .order = order, .payload = buf_str(&payload), .due_ms = due_ms
	};
	queue_add(s->txn, &job);
	s->enqueued = true;
}

void federate_add(struct social *s, const struct federate *f)
{
	/* acts of one person reach the peers in the order in which they were done */
	add_job(s, f, f->actor, 0);
}

void federate_add_patient(struct social *s, const struct federate *f)
{
	add_job(s, f, f->actor | FEDERATE_PATIENT, db_txn_now(s->txn) + FEDERATE_HOLD_MS);
}
