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

/* The kinds that there are; a job of a version that knows more is none of ours. */
static const uint8_t kinds[] = {
	FEDERATE_CREATE,
	FEDERATE_UPDATE,
	FEDERATE_DELETE,
	FEDERATE_BOOST,
	FEDERATE_UNBOOST,
	FEDERATE_LIKE,
	FEDERATE_UNLIKE,
	FEDERATE_FOLLOW,
	FEDERATE_UNFOLLOW,
	FEDERATE_ACCEPT,
	FEDERATE_REJECT,
	FEDERATE_BLOCK,
	FEDERATE_UNBLOCK,
	FEDERATE_FLAG,
	FEDERATE_ACTOR,
	FEDERATE_ACTOR_DELETE,
	FEDERATE_REQUEST,
	FEDERATE_APPROVE,
	FEDERATE_DENY,
	FEDERATE_QUOTE_REVOKE,
	FEDERATE_CONTEXT_ADD,
	FEDERATE_CONTEXT_REMOVE,
	FEDERATE_REACT,
	FEDERATE_UNREACT,
	FEDERATE_DISLIKE,
	FEDERATE_UNDISLIKE,
	FEDERATE_PIN,
	FEDERATE_UNPIN,
	FEDERATE_FEATURE_TAG,
	FEDERATE_UNFEATURE_TAG,
	FEDERATE_VOTE,
	FEDERATE_POLL,
	FEDERATE_POLL_VOTERS,
	FEDERATE_MOVE,
	FEDERATE_COLLECTION_ADD,
	FEDERATE_COLLECTION_UPDATE,
	FEDERATE_COLLECTION_REMOVE,
	FEDERATE_COLLECTION_ITEM_ADD,
	FEDERATE_COLLECTION_ITEM_REMOVE,
	FEDERATE_FEATURE_REQUEST,
	FEDERATE_FEATURE_ACCEPT,
	FEDERATE_FEATURE_REJECT,
	FEDERATE_FEATURE_REVOKE,
	FEDERATE_FORWARD,
	FEDERATE_RELAY_FOLLOW,
	FEDERATE_RELAY_UNFOLLOW,
	FEDERATE_RELAY_ACCEPT,
	FEDERATE_RELAY_REJECT,
	FEDERATE_RELAY_ANNOUNCE,
	FEDERATE_RELAY_PASS,
	FEDERATE_COMMUNITY_PASS,
	FEDERATE_COMMUNITY_LOCK,
	FEDERATE_COMMUNITY_UNLOCK,
	FEDERATE_COMMUNITY_REMOVE,
	FEDERATE_COMMUNITY_RESTORE,
	FEDERATE_COMMUNITY_PIN,
	FEDERATE_COMMUNITY_UNPIN,
	FEDERATE_COMMUNITY_BAN,
	FEDERATE_COMMUNITY_UNBAN,
	FEDERATE_COMMUNITY_APPOINT,
	FEDERATE_COMMUNITY_DISMISS,
	FEDERATE_COMMUNITY_RESOLVE,
	FEDERATE_JOIN,
	FEDERATE_LEAVE,
	FEDERATE_JOIN_ACCEPT,
	FEDERATE_JOIN_REJECT,
	FEDERATE_EVENT,
	FEDERATE_EVENT_PARTICIPANTS,
	FEDERATE_INVITE,
	FEDERATE_UNINVITE,
	FEDERATE_INVITE_ACCEPT,
	FEDERATE_INVITE_REJECT,
	FEDERATE_JOINT_OFFER,
	FEDERATE_JOINT_ACCEPT,
	FEDERATE_JOINT_REJECT,
	FEDERATE_JOINT_UNDO,
	FEDERATE_LEDGER,
};

static bool is_known(enum federate_what what)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i] == what)
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
