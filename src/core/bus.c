/*
 * The list of subscribers is read by publishers and written by who comes and goes, under one lock; each
 * mailbox, a ring of pointers that is allocated once, has a lock of its own. Any thread.
 */
#include "core/bus.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"

struct bus_subscriber {
	struct bus *bus;
	struct bus_subscriber *prev, *next;
	struct bus_subscription set;
	pthread_mutex_t mutex; /* of what follows */
	size_t first, count;
	uint64_t lost;
	bool closed;
	struct bus_event *ring[];
};

struct bus {
	pthread_rwlock_t lock; /* of the list */
	struct bus_subscriber *list;
	_Atomic uint64_t heard; /* the kinds that somebody listens to */
};

/* --- events --- */

struct bus_event *bus_event_new(unsigned kind, const void *data, size_t len)
{
	must(kind < BUS_KINDS_MAX);
	struct bus_event *event = calloc(1, sizeof(*event) + len);
	if (event == NULL)
		return NULL;
	atomic_init(&event->holders, 1);
	event->kind = kind;
	event->len = len;
	if (len != 0)
		memcpy(event->data, data, len);
	return event;
}

void bus_event_hold(struct bus_event *event)
{
	atomic_fetch_add_explicit(&event->holders, 1, memory_order_relaxed);
}

void bus_event_release(struct bus_event **at)
{
	struct bus_event *event = *at;
	*at = NULL;
	if (event != NULL &&
	    atomic_fetch_sub_explicit(&event->holders, 1, memory_order_acq_rel) == 1)
		free(event);
}

/* --- mailboxes --- */

static struct bus_event *mailbox_pop(struct bus_subscriber *s)
{
	struct bus_event *event = s->ring[s->first];
	s->first = (s->first + 1) % s->set.capacity;
	s->count--;
	return event;
}

static void mailbox_push(struct bus_subscriber *s, struct bus_event *event)
{
	bus_event_hold(event);
	s->ring[(s->first + s->count) % s->set.capacity] = event;
	s->count++;
}

/* True when the subscriber has to be woken. */
static bool mailbox_put(struct bus_subscriber *s, struct bus_event *event)
{
	struct bus_event *oldest = NULL;
	bool wake = false;
	pthread_mutex_lock(&s->mutex);
	if (!s->closed && s->count == s->set.capacity) {
		s->lost++;
		if (s->set.when_full == BUS_DROP_OLDEST)
			oldest = mailbox_pop(s);
		else
			s->closed = wake = true;
	}
	if (!s->closed) {
		/* who has not taken anything yet was woken before */
		wake = s->count == 0 && oldest == NULL;
		mailbox_push(s, event);
	}
	pthread_mutex_unlock(&s->mutex);
	bus_event_release(&oldest);
	return wake;
}

struct bus_event *bus_take(struct bus_subscriber *s)
{
	pthread_mutex_lock(&s->mutex);
	struct bus_event *event = s->count != 0 ? mailbox_pop(s) : NULL;
	pthread_mutex_unlock(&s->mutex);
	return event;
}

uint64_t bus_lost(struct bus_subscriber *s)
{
	pthread_mutex_lock(&s->mutex);
	uint64_t lost = s->lost;
	s->lost = 0;
	pthread_mutex_unlock(&s->mutex);
	return lost;
}

bool bus_is_closed(struct bus_subscriber *s)
{
	pthread_mutex_lock(&s->mutex);
	bool closed = s->closed;
	pthread_mutex_unlock(&s->mutex);
	return closed;
}

/* --- the list --- */

struct bus *bus_new(void)
{
	struct bus *bus = calloc(1, sizeof(*bus));
	if (bus != NULL)
		must(pthread_rwlock_init(&bus->lock, NULL) == 0);
	return bus;
}

void bus_free(struct bus **at)
{
	struct bus *bus = *at;
	if (bus == NULL)
		return;
	must(bus->list == NULL);
	pthread_rwlock_destroy(&bus->lock);
	free(bus);
	*at = NULL;
}

/* With the lock. */
static void hear(struct bus *bus)
{
	uint64_t heard = 0;
	for (const struct bus_subscriber *s = bus->list; s != NULL; s = s->next)
		heard |= s->set.kinds;
	atomic_store(&bus->heard, heard);
}

struct bus_subscriber *bus_subscribe(struct bus *bus, const struct bus_subscription *wanted)
{
	struct bus_subscriber *s;
	must(wanted->capacity != 0);
	s = calloc(1, sizeof(*s) + wanted->capacity * sizeof(s->ring[0]));
	if (s == NULL)
		return NULL;
	s->bus = bus;
	s->set = *wanted;
	must(pthread_mutex_init(&s->mutex, NULL) == 0);
	pthread_rwlock_wrlock(&bus->lock);
	s->next = bus->list;
	if (s->next != NULL)
		s->next->prev = s;
	bus->list = s;
	hear(bus);
	pthread_rwlock_unlock(&bus->lock);
	return s;
}

void bus_unsubscribe(struct bus_subscriber **at)
{
	struct bus_subscriber *s = *at;
	if (s == NULL)
		return;
	struct bus *bus = s->bus;
	pthread_rwlock_wrlock(&bus->lock);
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		bus->list = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	hear(bus);
	pthread_rwlock_unlock(&bus->lock);
	while (s->count != 0) {
		struct bus_event *event = mailbox_pop(s);
		bus_event_release(&event);
	}
	pthread_mutex_destroy(&s->mutex);
	free(s);
	*at = NULL;
}

bool bus_is_heard(const struct bus *bus, uint64_t kinds)
{
	return (atomic_load_explicit(&bus->heard, memory_order_relaxed) & kinds) != 0;
}

void bus_publish(struct bus *bus, struct bus_event **at)
{
	struct bus_event *event = *at;
	if (event != NULL && bus_is_heard(bus, BUS_KIND(event->kind))) {
		pthread_rwlock_rdlock(&bus->lock);
		for (struct bus_subscriber *s = bus->list; s != NULL; s = s->next) {
			if ((s->set.kinds & BUS_KIND(event->kind)) != 0 && mailbox_put(s, event) &&
			    s->set.wake != NULL)
				s->set.wake(s->set.arg);
		}
		pthread_rwlock_unlock(&bus->lock);
	}
	bus_event_release(at);
}
