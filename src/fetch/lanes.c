/* Queues of requests per host, taking turns. Client's thread. */
#include "lanes.h"

#include <stdlib.h>

#include "core/must.h"

struct lane {
	struct str host; /* own copy, behind the struct */
	struct transfer *head;
	struct transfer *tail;
	size_t active;
	struct lane *ready_next;
	bool ready;
};

void lanes_init(struct lanes *lanes, size_t active_max, size_t per_host)
{
	*lanes = (struct lanes){ .active_max = active_max, .per_host = per_host };
}

void lanes_free(struct lanes *lanes)
{
	/* hosts in line whose requests were taken out go now */
	struct transfer *none = lanes_next(lanes);
	must(none == NULL && map_count(&lanes->by_host) == 0);
	map_free(&lanes->by_host);
}

static struct lane *lane_new(struct lanes *lanes, struct str host)
{
	struct lane *lane = calloc(1, sizeof(*lane) + host.len);
	if (lane == NULL)
		return NULL;
	char *copy = (char *)(lane + 1);
	memcpy(copy, host.ptr, host.len);
	lane->host = str_n(copy, host.len);
	if (!map_put(&lanes->by_host, lane->host, lane)) {
		free(lane);
		return NULL;
	}
	return lane;
}

/* Lines the host up when it has something to start, unless it stands there already. */
static void lane_line_up(struct lanes *lanes, struct lane *lane)
{
	if (lane->ready || lane->head == NULL || lane->active >= lanes->per_host)
		return;
	lane->ready = true;
	lane->ready_next = NULL;
	if (lanes->ready_head == NULL)
		lanes->ready_head = lane;
	else
		lanes->ready_tail->ready_next = lane;
	lanes->ready_tail = lane;
}

static void lane_forget_idle(struct lanes *lanes, struct lane *lane)
{
	if (lane->active != 0 || lane->head != NULL || lane->ready)
		return;
	must(map_del(&lanes->by_host, lane->host) == lane);
	free(lane);
}

bool lanes_put(struct lanes *lanes, struct transfer *t)
{
	struct lane *lane = map_get(&lanes->by_host, t->url.host);
	if (lane == NULL && (lane = lane_new(lanes, t->url.host)) == NULL)
		return false;
	t->next = NULL;
	if (lane->head == NULL)
		lane->head = t;
	else
		lane->tail->next = t;
	lane->tail = t;
	lanes->waiting++;
	lane_line_up(lanes, lane);
	return true;
}

static struct transfer *lane_pop(struct lanes *lanes, struct lane *lane)
{
	struct transfer *t = lane->head;
	lane->head = t->next;
	t->next = NULL;
	lanes->waiting--;
	return t;
}

static struct lane *ready_pop(struct lanes *lanes)
{
	struct lane *lane = lanes->ready_head;
	if (lane != NULL) {
		lanes->ready_head = lane->ready_next;
		lane->ready = false;
	}
	return lane;
}

struct transfer *lanes_next(struct lanes *lanes)
{
	while (lanes->active < lanes->active_max) {
		struct lane *lane = ready_pop(lanes);
		if (lane == NULL)
			return NULL;
		if (lane->head == NULL) {
			/* what had waited was taken out since */
			lane_forget_idle(lanes, lane);
			continue;
		}
		struct transfer *t = lane_pop(lanes, lane);
		t->lane = lane;
		lane->active++;
		lanes->active++;
		lane_line_up(lanes, lane);
		return t;
	}
	return NULL;
}

void lanes_release(struct lanes *lanes, struct transfer *t)
{
	struct lane *lane = t->lane;
	must(lane != NULL && lane->active != 0);
	t->lane = NULL;
	lane->active--;
	lanes->active--;
	lane_line_up(lanes, lane);
	lane_forget_idle(lanes, lane);
}

/* Takes the picked ones out of one queue, in their order, to the end of the list at *out. */
static struct transfer **lane_take(struct lanes *lanes, struct lane *lane,
				   bool (*pick)(const struct transfer *t), struct transfer **out)
{
	struct transfer **link = &lane->head;
	lane->tail = NULL;
	for (struct transfer *t; (t = *link) != NULL;) {
		if (!pick(t)) {
			lane->tail = t;
			link = &t->next;
			continue;
		}
		*link = t->next;
		t->next = NULL;
		lanes->waiting--;
		*out = t;
		out = &t->next;
	}
	return out;
}

struct transfer *lanes_take(struct lanes *lanes, bool (*pick)(const struct transfer *t))
{
	struct transfer *taken = NULL, **out = &taken;
	size_t at = 0;
	struct str host;
	void *lane;
	while (lanes->waiting != 0 && map_next(&lanes->by_host, &at, &host, &lane))
		out = lane_take(lanes, lane, pick, out);
	return taken;
}
