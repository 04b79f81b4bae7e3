/* Jobs of fed on a real queue, with deliveries noted or sent over the scripted network. */
#include "fedqueue.h"

#include <stdlib.h>

static void note_after(void *arg UNUSED, enum rc rc UNUSED)
{
}

static void note_run(struct queue_job *job, void *app)
{
	struct kit_queue *q = app;
	if (q->down != NULL && str_eq(job->lane, str_of(q->down))) {
		queue_finish(job, &(struct queue_end){ .outcome = queue_outcome_of_status(0, 0) });
		return;
	}
	struct queue_blob *blob = queue_job_body(job);
	must(blob != NULL);
	pthread_mutex_lock(&q->lock);
	must(q->count < SENT_MAX);
	struct str inbox = str_take(job->payload, str_index(job->payload, ' '));
	q->sent[q->count++] =
		(struct sent){ arena_str(q->kit->arena, inbox), arena_str(q->kit->arena, job->lane),
			       arena_str(q->kit->arena, queue_blob_str(blob)), job->order,
			       job->group };
	pthread_mutex_unlock(&q->lock);
	queue_blob_unref(&blob);
	queue_finish(job, &(struct queue_end){ .after = note_after, .arg = q });
}

static void step_run(struct queue_job *job, void *app)
{
	struct kit_queue *q = app;
	pthread_mutex_lock(&q->lock);
	bool dies = q->federate_steps != 0 && q->steps == q->federate_steps;
	if (dies)
		q->left = job;
	else
		q->steps++;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
	if (!dies)
		federate_run(job, q->kit->fed);
}

static void barrier_after(void *arg, enum rc rc UNUSED)
{
	struct kit_queue *q = arg;
	pthread_mutex_lock(&q->lock);
	q->barriers++;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

static void barrier_run(struct queue_job *job, void *app)
{
	queue_finish(job, &(struct queue_end){ .after = barrier_after, .arg = app });
}

void kit_queue_start(struct kit_queue *q, struct fedkit *kit, bool send)
{
	static const struct queue_settings settings = { .workers = 1,
							.retry_first_ms = MS_PER_MINUTE,
							.retry_max_ms = 6 * MS_PER_HOUR,
							.down_after_ms = 7 * MS_PER_DAY,
							.dead_keep_ms = 30 * MS_PER_DAY };
	static struct queue_kind kinds[32];
	if (q->kit == NULL) {
		q->kit = kit;
		must(pthread_mutex_init(&q->lock, NULL) == 0);
		must(pthread_cond_init(&q->changed, NULL) == 0);
	}
	size_t count = fed_job_kinds(kit->fed, kinds, ARRAY_LEN(kinds) - 1);
	for (size_t i = 0; i < count; i++) {
		if (kinds[i].id == JOB_DELIVER && !send) {
			kinds[i].run = note_run;
			kinds[i].app = q;
		} else if (kinds[i].id == JOB_FEDERATE) {
			kinds[i].run = step_run;
			kinds[i].app = q;
		}
	}
	kinds[count++] = (struct queue_kind){ .id = KIT_BARRIER,
					      .name = "barrier",
					      .window = 1,
					      .at_once = 1,
					      .run = barrier_run,
					      .app = q };
	assert_int_equal(
		queue_start(kit->db, &settings, kinds, count, &kit->clock.clock, &kit->queue),
		RC_OK);
	fed_set_queue(kit->fed, kit->queue);
}

void kit_queue_die(struct kit_queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->left == NULL)
		pthread_cond_wait(&q->changed, &q->lock);
	pthread_mutex_unlock(&q->lock);
	fed_set_queue(q->kit->fed, NULL);
	queue_stop(&q->kit->queue, 0);
	queue_finish(q->left, &(struct queue_end){ .outcome = { .verdict = QUEUE_DEFER } });
	q->left = NULL;
	q->federate_steps = 0;
}

static enum rc barrier_job(struct db_txn *txn, void *arg UNUSED)
{
	queue_add(txn,
		  &(struct queue_new){ .kind = KIT_BARRIER, .lane = STR(""), .payload = STR("") });
	return db_txn_rc(txn);
}

void kit_settle(struct kit_queue *q)
{
	pthread_mutex_lock(&q->lock);
	unsigned before = q->barriers;
	pthread_mutex_unlock(&q->lock);
	kit_write(q->kit, barrier_job, NULL);
	queue_wake(q->kit->queue);
	pthread_mutex_lock(&q->lock);
	while (q->barriers == before)
		pthread_cond_wait(&q->changed, &q->lock);
	pthread_mutex_unlock(&q->lock);
}

struct due {
	uint64_t now_ms, count;
};

static bool count_due(void *arg, const struct queue_job_view *job)
{
	struct due *due = arg;
	due->count += job->due_ms <= due->now_ms;
	return true;
}

/* What is for later stands still with the clock. */
static uint64_t jobs_due(struct fedkit *kit)
{
	struct due due = { .now_ms = clock_wall_ms(&kit->clock.clock) };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	queue_each_job(txn, false, STR(""), 0, count_due, &due);
	db_read_end(&txn);
	return due.count;
}

void kit_drain(struct kit_queue *q, uint64_t left)
{
	for (int i = 0; i < 5000; i++) {
		kit_settle(q);
		if (jobs_due(q->kit) <= left)
			return;
	}
	fail_msg("jobs remain");
}

unsigned kit_sent_to(const struct kit_queue *q, const char *inbox)
{
	unsigned count = 0;
	for (size_t i = 0; i < q->count; i++)
		count += str_eq(q->sent[i].inbox, str_of(inbox));
	return count;
}

struct kit_scene *kit_scene(void)
{
	struct kit_scene *scene = calloc(1, sizeof(*scene));
	void *kit;
	must(scene != NULL);
	kit_setup_http(&kit);
	scene->kit = kit;
	scene->q = calloc(1, sizeof(*scene->q));
	must(scene->q != NULL);
	return scene;
}

int kit_scene_end(void **state)
{
	struct kit_scene *scene = *state;
	void *kit = scene->kit;
	kit_teardown(&kit);
	free(scene->q);
	free(scene);
	return 0;
}
