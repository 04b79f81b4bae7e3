/*
 * The scheduler: one thread that decides what starts next. Lanes take turns, so that a busy one delays
 * nobody; a host that has just answered keeps its turn for a few jobs more, since its connection is open:
 * with more hosts than connections the next turn would begin with another handshake. It sleeps until
 * mail, a wake or the next timer.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "core/metric.h"
#include "queue_int.h"

#define IDLE_MAX_MS (30 * MS_PER_SECOND)
/* Service resumes within 5 s of space returning (P-07). */
#define PAUSE_FIRST_MS MS_PER_SECOND
#define PAUSE_MAX_MS (4 * MS_PER_SECOND)
/* How long a host keeps its turn: so many jobs, and no longer when it is slow. */
#define TURN_JOBS 8
#define TURN_MS (5 * MS_PER_SECOND)
#define WALL_SLACK_MS (5 * MS_PER_MINUTE)

/* --- time --- */

uint64_t sched_steady(const struct queue *q)
{
	return clock_steady_ms(q->clock);
}

uint64_t sched_wall(const struct queue *q)
{
	uint64_t wall = clock_wall_ms(q->clock);
	uint64_t sane = q->wall_base_ms + (sched_steady(q) - q->steady_base_ms) + WALL_SLACK_MS;
	return wall < sane ? wall : sane;
}

/* False without memory for it: then an attempt that comes too early does less harm than none. */
static bool add_timer(struct queue *q, uint64_t at_ms, uint32_t index, bool lane)
{
	return timers_add(&q->timers, (struct timer){ at_ms, index, lane });
}

/* --- lanes --- */

const struct kind *sched_kind_of(const struct queue *q, const struct lane *lane)
{
	return &q->kinds[lane->kind];
}

struct lane *sched_lane_of(const struct queue *q, const struct attempt *a)
{
	return roster_lane_of(&q->roster, roster_entry(&q->roster, a->entry));
}

static unsigned lane_window(const struct queue *q, const struct lane *lane)
{
	const struct queue_kind *row = sched_kind_of(q, lane)->row;
	return row->remote && lane->state.window != 0 ? lane->state.window : row->window;
}

static bool lane_open(const struct queue *q, const struct lane *lane)
{
	return lane->fifo_head != ENTRY_NONE && lane->running < lane_window(q, lane) &&
	       lane->due_steady_ms <= sched_steady(q);
}

void sched_list(struct queue *q, struct lane *lane)
{
	struct kind *kind = &q->kinds[lane->kind];
	if (lane->listed || !lane_open(q, lane))
		return;
	lane->listed = true;
	lane->next_ready = NULL;
	lane->prev_ready = kind->ready_tail;
	*(kind->ready_tail != NULL ? &kind->ready_tail->next_ready : &kind->ready_head) = lane;
	kind->ready_tail = lane;
}

static void unlist(struct kind *kind, struct lane *lane)
{
	*(lane->prev_ready != NULL ? &lane->prev_ready->next_ready : &kind->ready_head) =
		lane->next_ready;
	*(lane->next_ready != NULL ? &lane->next_ready->prev_ready : &kind->ready_tail) =
		lane->prev_ready;
	lane->listed = false;
}

static bool turn_lasts(const struct queue *q, const struct lane *lane)
{
	return lane->turn_left != 0 && lane->turn_until_ms > sched_steady(q);
}

/* One of its jobs has ended well: the next one goes before the other lanes' while the turn lasts. */
static void list_again(struct queue *q, struct lane *lane)
{
	struct kind *kind = &q->kinds[lane->kind];
	if (!kind->row->remote || !turn_lasts(q, lane) || !lane_open(q, lane)) {
		sched_list(q, lane);
		return;
	}
	if (lane->listed)
		unlist(kind, lane);
	lane->listed = true;
	lane->prev_ready = NULL;
	lane->next_ready = kind->ready_head;
	*(kind->ready_head != NULL ? &kind->ready_head->prev_ready : &kind->ready_tail) = lane;
	kind->ready_head = lane;
}

static void turn_count(const struct queue *q, struct lane *lane)
{
	if (!turn_lasts(q, lane)) {
		lane->turn_left = TURN_JOBS;
		lane->turn_until_ms = sched_steady(q) + TURN_MS;
	}
	lane->turn_left--;
}

static void lane_note(struct queue *q, struct lane *lane, bool waits)
{
	_Atomic uint32_t *slot = &q->noted[queue_slot(lane_name(lane))];
	if (lane->noted == waits)
		return;
	lane->noted = waits;
	if (waits) {
		atomic_fetch_add(slot, 1);
		atomic_fetch_add(&q->kinds[lane->kind].resting, lane->entries);
	} else {
		atomic_fetch_sub(slot, 1);
		atomic_fetch_sub(&q->kinds[lane->kind].resting, lane->entries);
	}
}

void sched_lane_set(struct queue *q, struct lane *lane, const struct queue_lane_state *state,
		    uint64_t now_ms)
{
	/* whatever was stored, a lane is looked at once a day (S-126) */
	uint64_t wait = state->due_ms > now_ms ? state->due_ms - now_ms : 0;
	wait = wait < MS_PER_DAY ? wait : MS_PER_DAY;
	lane->state = *state;
	lane->due_steady_ms = wait != 0 ? sched_steady(q) + wait : 0;
	if (wait != 0 && !add_timer(q, lane->due_steady_ms, lane->index, true))
		lane->due_steady_ms = 0;
	lane_note(q, lane, lane->due_steady_ms != 0);
}

/* --- entries --- */

void sched_retry(struct queue *q, uint32_t entry, uint64_t wait_ms, bool check)
{
	struct entry *e = roster_entry(&q->roster, entry);
	uint64_t at_ms = sched_steady(q) + wait_ms;
	e->check = check;
	if (wait_ms != 0 && add_timer(q, at_ms, entry, false))
		roster_defer(&q->roster, entry, at_ms);
	else
		roster_offer(&q->roster, entry);
	sched_list(q, roster_lane_of(&q->roster, e));
}

void sched_remove(struct queue *q, uint32_t entry)
{
	struct lane *lane = roster_lane_of(&q->roster, roster_entry(&q->roster, entry));
	roster_remove(&q->roster, entry);
	atomic_fetch_sub(&q->kinds[lane->kind].waiting, 1);
	if (q->kinds[lane->kind].row->remote)
		atomic_fetch_sub(&q->crowds[queue_slot(lane_name(lane))], 1);
	if (lane->noted)
		atomic_fetch_sub(&q->kinds[lane->kind].resting, 1);
	if (lane->entries != 0)
		list_again(q, lane);
	else
		roster_forget_lane(&q->roster, lane);
}

void sched_host_alive(struct queue *q, struct str host)
{
	uint64_t now = sched_steady(q);
	for (size_t i = 0; i < q->kind_count; i++) {
		struct lane *lane = roster_find_lane(&q->roster, (uint8_t)i, host);
		if (lane == NULL || lane->due_steady_ms <= now || lane->wake_steady_ms > now)
			continue;
		/* a host that sends but does not take is not to be asked at each of its requests */
		lane->wake_steady_ms = now + q->settings.retry_first_ms;
		lane->due_steady_ms = 0;
		lane->state.due_ms = 0;
		lane_note(q, lane, false);
		sched_list(q, lane);
	}
}

uint64_t sched_pause(struct queue *q)
{
	uint64_t pause = PAUSE_FIRST_MS << (q->pauses < 2 ? q->pauses : 2);
	uint64_t now = sched_steady(q);
	pause = pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
	if (q->pause_steady_ms > now)
		return q->pause_steady_ms - now;
	q->pauses++;
	q->pause_steady_ms = now + pause;
	return pause;
}

static void timers_fire(struct queue *q)
{
	struct timer timer;
	uint64_t now = sched_steady(q);
	while (timers_take(&q->timers, now, &timer)) {
		if (timer.lane) {
			struct lane *lane = roster_lane_at(&q->roster, timer.index);
			if (lane == NULL || lane->due_steady_ms > now)
				continue;
			lane_note(q, lane, false);
			sched_list(q, lane);
			continue;
		}
		struct entry *e = roster_entry(&q->roster, timer.index);
		if (e->state == ENTRY_WAITING && e->link == (uint32_t)timer.at_ms) {
			roster_offer(&q->roster, timer.index);
			sched_list(q, roster_lane_of(&q->roster, e));
		}
	}
}

/* --- starting --- */

struct claims {
	struct attempt *first, **last;
	size_t count;
};

/* Claims the next job of a lane. False when it has to wait for memory. */
static bool claim_one(struct queue *q, struct kind *kind, struct lane *lane, struct claims *claims)
{
	uint32_t entry = roster_claim(&q->roster, lane);
	if (entry == ENTRY_NONE) {
		roster_forget_lane(&q->roster, lane);
		return true;
	}
	struct attempt *a = attempt_new(q, entry);
	if (a == NULL) {
		sched_retry(q, entry, sched_pause(q), roster_entry(&q->roster, entry)->check);
		return false;
	}
	turn_count(q, lane);
	*claims->last = a;
	claims->last = &a->next;
	claims->count++;
	kind->running++;
	q->claimed++;
	sched_list(q, lane);
	return true;
}

static void dispatch(struct queue *q)
{
	struct claims claims = { .last = &claims.first };
	if (q->pause_steady_ms > sched_steady(q))
		return;
	for (size_t i = 0; i < q->kind_count; i++) {
		struct kind *kind = &q->kinds[i];
		while (kind->ready_head != NULL && kind->running < kind->row->at_once) {
			struct lane *lane = kind->ready_head;
			unlist(kind, lane);
			if (!lane_open(q, lane))
				roster_forget_lane(&q->roster, lane);
			else if (!claim_one(q, kind, lane, &claims))
				break;
		}
	}
	if (claims.count != 0)
		worker_push(q, claims.first, claims.count);
}

void sched_release(struct queue *q, struct attempt *a)
{
	q->claimed--;
	attempt_free(a);
	queue_unref(q);
}

/* --- the thread --- */

static uint64_t sleep_ms(const struct queue *q)
{
	const struct timer *timer = timers_first(&q->timers);
	uint64_t now = sched_steady(q), until = now + IDLE_MAX_MS;
	if (timer != NULL && timer->at_ms < until)
		until = timer->at_ms;
	if (q->pause_steady_ms > now && q->pause_steady_ms < until)
		until = q->pause_steady_ms;
	return until > now ? until - now : 0;
}

/* All mail; waits for some, or for a wake, when there is nothing else to do. */
static struct mail *take_mail(struct queue *q)
{
	uint64_t wait = q->scan_more ? 0 : sleep_ms(q);
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += (time_t)(wait / MS_PER_SECOND);
	until.tv_nsec += (long)(wait % MS_PER_SECOND) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&q->lock);
	while (wait != 0 && q->mail_first == NULL && !q->woken && !q->reload && !q->stopping)
		if (pthread_cond_timedwait(&q->mailed, &q->lock, &until) == ETIMEDOUT)
			break;
	struct mail *first = q->mail_first;
	q->mail_first = NULL;
	q->mail_last = &q->mail_first;
	pthread_mutex_unlock(&q->lock);
	return first;
}

static void look(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	bool reload = q->reload;
	q->reload = false;
	pthread_mutex_unlock(&q->lock);
	/* before the look, so that a wake during it is not lost */
	bool woken = atomic_exchange(&q->woken, false);
	uint64_t now = sched_steady(q);
	if (reload)
		scan_reload(q);
	if (!woken && !reload && !q->scan_more && now - q->looked_steady_ms < IDLE_MAX_MS)
		return;
	q->looked_steady_ms = now;
	scan_jobs(q);
}

/* Takes back what no worker has begun. */
static void unclaim(struct queue *q)
{
	pthread_mutex_lock(&q->run_lock);
	struct attempt *a = q->run_first;
	q->run_first = NULL;
	q->run_last = &q->run_first;
	q->run_count = 0;
	pthread_mutex_unlock(&q->run_lock);
	while (a != NULL) {
		struct attempt *next = a->next;
		sched_release(q, a);
		a = next;
	}
}

/* Is it time to end? After that, nobody's mail is read. */
static bool ends(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	bool idle = q->committing == 0 && (q->claimed == 0 || q->abandon);
	q->dead = q->stopping && idle && q->mail_first == NULL;
	bool dead = q->dead;
	if (dead)
		pthread_cond_signal(&q->stopped);
	pthread_mutex_unlock(&q->lock);
	return dead;
}

static void wait_for_mail(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->mail_first == NULL && (!q->abandon || q->committing != 0))
		pthread_cond_wait(&q->mailed, &q->lock);
	pthread_mutex_unlock(&q->lock);
}

void *sched_main(void *arg)
{
	struct queue *q = arg;
	bool stopping = false;
	scan_lanes(q);
	for (;;) {
		for (struct mail *mail = take_mail(q), *next; mail != NULL; mail = next) {
			next = mail->next;
			mail->handle(q, mail);
		}
		pthread_mutex_lock(&q->lock);
		stopping = q->stopping;
		pthread_mutex_unlock(&q->lock);
		if (stopping) {
			unclaim(q);
			finish_give_up_parked(q);
			if (ends(q))
				break;
			wait_for_mail(q);
			continue;
		}
		look(q);
		timers_fire(q);
		sweep_maybe(q);
		if (q->parked != NULL && q->pause_steady_ms <= sched_steady(q))
			finish_unpark_one(q);
		dispatch(q);
		metric_set(METRIC_QUEUE_READY, q->roster.live);
	}
	return NULL;
}
