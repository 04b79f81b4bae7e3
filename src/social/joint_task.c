/* What is left to do of comparing, as the queue keeps it. Inside write transactions. */
#include "core/must.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "social/federate.h"
#include "social/joint.h"

#define TASK_VERSION 3
#define TASK_MAX_BYTES (16 * 1024)

void joint_task_encode(struct buf *out, const struct joint_task *t)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u8(out, (uint8_t)t->step);
	rec_add_u64(out, t->community);
	rec_add_u64(out, t->partner);
	rec_add_u64(out, t->after);
	rec_add_num(out, t->tries);
	rec_add_num(out, t->lacking);
	rec_add_num(out, t->before);
	rec_add_u8(out, (uint8_t)((t->took ? 1 : 0) | (t->begun ? 2 : 0) | (t->inside ? 4 : 0)));
	rec_add_str(out, str_n(t->todo, sizeof(t->todo)));
	rec_add_str(out, str_n(t->name, sizeof(t->name)));
	rec_add_str(out, t->uri);
	rec_add_num(out, t->state);
	rec_add_num(out, t->state_ms);
	rec_add_u8(out, (uint8_t)t->about);
	rec_add_num(out, t->pages);
	rec_add_num(out, t->until_ms);
	rec_add_str(out, t->text.ptr != NULL ? t->text : STR(""));
}

static bool bytes_read(struct rec *r, unsigned char *out, size_t size)
{
	struct str bytes = rec_str(r);
	if (bytes.len != size)
		return false;
	memcpy(out, bytes.ptr, size);
	return true;
}

/* Names were shorter. */
static size_t name_size(uint8_t version)
{
	return version == 1   ? JOINT_NAME_SIZE
	       : version == 2 ? (size_t)2 * JOINT_NAME_SIZE
			      : JOINT_WORD_NAME;
}

/* What the first version did not have. */
static bool later_read(struct rec *r, uint8_t version, struct joint_task *out)
{
	uint8_t about = JOINT_POSTS;
	out->text = STR("");
	if (version >= 2) {
		about = rec_u8(r);
		out->pages = (uint32_t)rec_num(r);
		out->until_ms = rec_num(r);
		out->text = rec_str(r);
	}
	out->about = (enum joint_about)about;
	return about < JOINT_ABOUT_COUNT;
}

bool joint_task_decode(struct str payload, struct joint_task *out)
{
	struct rec r = rec_open(payload);
	*out = (struct joint_task){ .step = JOINT_STEP_INDEX };
	uint8_t version = rec_u8(&r), step = rec_u8(&r);
	out->community = rec_u64(&r);
	out->partner = rec_u64(&r);
	out->after = rec_u64(&r);
	out->tries = (unsigned)rec_num(&r);
	out->lacking = (uint32_t)rec_num(&r);
	out->before = (uint32_t)rec_num(&r);
	uint8_t flags = rec_u8(&r);
	out->took = (flags & 1) != 0;
	out->begun = (flags & 2) != 0;
	out->inside = (flags & 4) != 0;
	bool read = bytes_read(&r, out->todo, sizeof(out->todo)) &&
		    bytes_read(&r, out->name, name_size(version));
	out->uri = rec_str(&r);
	out->state = (unsigned)rec_num(&r);
	out->state_ms = rec_num(&r);
	out->step = (enum joint_step)step;
	read = later_read(&r, version, out) && read;
	return read && version != 0 && version <= TASK_VERSION && rec_ok(&r) &&
	       step >= JOINT_STEP_INDEX && step <= JOINT_STEP_LAST && flags <= 7;
}

/* Posts are asked for each by itself, and who asks hosts that may not answer holds up nothing else. */
static uint64_t order_of(struct social *s, const struct joint_task *task)
{
	if (task->step == JOINT_STEP_TAKE)
		return db_next_id(s->txn);
	return task->step == JOINT_STEP_RETURN;
}

void joint_task_add(struct social *s, const struct joint_task *task, struct str lane,
		    uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(TASK_MAX_BYTES);
	joint_task_encode(&payload, task);
	if (payload.failed) {
		db_txn_fail(s->txn, RC_TOO_LARGE);
		return;
	}
	const struct queue_new job = { .kind = JOB_JOINT,
				       .lane = lane,
				       .order = order_of(s, task),
				       .payload = buf_str(&payload),
				       .due_ms = due_ms };
	queue_add(s->txn, &job);
	s->enqueued = true;
}
