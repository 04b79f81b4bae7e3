/* The bus: who hears what, mailboxes that are full, and many threads at once. */
#include "core/bus.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "testkit.h"

#define PUBLISHERS 4
#define LISTENERS 3
#define EVENTS_EACH 2000

static void count_wake(void *arg)
{
	atomic_fetch_add((_Atomic unsigned *)arg, 1);
}

static struct bus_subscriber *listen(struct bus *bus, uint64_t kinds, size_t capacity,
				     enum bus_full when_full, _Atomic unsigned *woken)
{
	const struct bus_subscription wanted = { kinds, capacity, when_full,
						 woken != NULL ? count_wake : NULL, woken };
	struct bus_subscriber *s = bus_subscribe(bus, &wanted);
	assert_non_null(s);
	return s;
}

static void publish(struct bus *bus, unsigned kind, uint64_t number)
{
	struct bus_event *event = bus_event_new(kind, &number, sizeof(number));
	assert_non_null(event);
	bus_publish(bus, &event);
	assert_null(event);
}

static uint64_t number_of(const struct bus_event *event)
{
	uint64_t number;
	assert_int_equal(event->len, sizeof(number));
	memcpy(&number, event->data, sizeof(number));
	return number;
}

/* The number of the oldest event. */
static uint64_t take(struct bus_subscriber *s)
{
	struct bus_event *event CLEANUP(bus_event_release) = bus_take(s);
	assert_non_null(event);
	return number_of(event);
}

static void everybody_hears_one_event_that_is_shared(void **state UNUSED)
{
	struct bus *bus = bus_new();
	struct bus_subscriber *a = listen(bus, BUS_ALL_KINDS, 4, BUS_CLOSE, NULL);
	struct bus_subscriber *b = listen(bus, BUS_KIND(3), 4, BUS_CLOSE, NULL);
	publish(bus, 3, 7);
	struct bus_event *at_a = bus_take(a), *at_b = bus_take(b);
	assert_non_null(at_a);
	assert_ptr_equal(at_a, at_b);
	assert_int_equal(at_a->kind, 3);
	assert_int_equal(number_of(at_a), 7);
	bus_event_release(&at_a);
	assert_int_equal(number_of(at_b), 7);
	bus_event_release(&at_b);
	assert_null(bus_take(a));
	bus_unsubscribe(&a);
	bus_unsubscribe(&b);
	bus_free(&bus);
}

static void nobody_hears_kinds_that_were_not_asked_for(void **state UNUSED)
{
	struct bus *bus = bus_new();
	assert_false(bus_is_heard(bus, BUS_ALL_KINDS));
	struct bus_subscriber *a = listen(bus, BUS_KIND(1) | BUS_KIND(63), 4, BUS_CLOSE, NULL);
	assert_true(bus_is_heard(bus, BUS_KIND(63)));
	assert_false(bus_is_heard(bus, BUS_KIND(2)));
	publish(bus, 2, 1);
	publish(bus, 63, 2);
	assert_int_equal(take(a), 2);
	assert_null(bus_take(a));
	bus_unsubscribe(&a);
	assert_false(bus_is_heard(bus, BUS_ALL_KINDS));
	publish(bus, 1, 3);
	bus_free(&bus);
}

static void a_full_mailbox_loses_its_oldest(void **state UNUSED)
{
	struct bus *bus = bus_new();
	struct bus_subscriber *s = listen(bus, BUS_ALL_KINDS, 3, BUS_DROP_OLDEST, NULL);
	for (uint64_t i = 1; i <= 5; i++)
		publish(bus, 0, i);
	assert_int_equal(bus_lost(s), 2);
	assert_int_equal(bus_lost(s), 0);
	for (uint64_t i = 3; i <= 5; i++)
		assert_int_equal(take(s), i);
	assert_null(bus_take(s));
	assert_false(bus_is_closed(s));
	bus_unsubscribe(&s);
	bus_free(&bus);
}

static void a_full_mailbox_is_closed_when_that_was_asked_for(void **state UNUSED)
{
	_Atomic unsigned woken = 0;
	struct bus *bus = bus_new();
	struct bus_subscriber *s = listen(bus, BUS_ALL_KINDS, 2, BUS_CLOSE, &woken);
	for (uint64_t i = 1; i <= 4; i++)
		publish(bus, 0, i);
	/* for the first event, and for the end */
	assert_int_equal(woken, 2);
	assert_true(bus_is_closed(s));
	/* what came in time is there */
	assert_int_equal(take(s), 1);
	publish(bus, 0, 5);
	assert_int_equal(take(s), 2);
	assert_null(bus_take(s));
	bus_unsubscribe(&s);
	bus_free(&bus);
}

static void wakes_once_until_the_mailbox_was_emptied(void **state UNUSED)
{
	_Atomic unsigned woken = 0;
	struct bus *bus = bus_new();
	struct bus_subscriber *s = listen(bus, BUS_ALL_KINDS, 1, BUS_DROP_OLDEST, &woken);
	publish(bus, 0, 1);
	publish(bus, 0, 2);
	assert_int_equal(woken, 1);
	assert_int_equal(take(s), 2);
	publish(bus, 0, 3);
	assert_int_equal(woken, 2);
	bus_unsubscribe(&s);
	bus_free(&bus);
}

static void who_leaves_releases_what_was_not_read(void **state UNUSED)
{
	struct bus *bus = bus_new();
	struct bus_event *event = bus_event_new(0, "", 0);
	struct bus_subscriber *s = listen(bus, BUS_ALL_KINDS, 4, BUS_CLOSE, NULL);
	bus_event_hold(event);
	struct bus_event *kept = event;
	bus_publish(bus, &event);
	assert_int_equal(kept->holders, 2);
	bus_unsubscribe(&s);
	assert_int_equal(kept->holders, 1);
	bus_event_release(&kept);
	bus_unsubscribe(&s);
	bus_free(&bus);
}

static void publishing_nothing_does_nothing(void **state UNUSED)
{
	struct bus *bus = bus_new();
	struct bus_event *none = NULL;
	struct bus_subscriber *s = listen(bus, BUS_ALL_KINDS, 1, BUS_CLOSE, NULL);
	bus_publish(bus, &none);
	assert_null(bus_take(s));
	bus_unsubscribe(&s);
	bus_free(&bus);
	bus_free(&bus);
}

/* --- threads --- */

static void post(void *arg)
{
	sem_post(arg);
}

struct listener {
	struct bus_subscriber *s;
	sem_t filled;
	pthread_t thread;
	uint64_t next[PUBLISHERS]; /* what each publisher's next number is */
	uint64_t heard;
};

/* Numbers of one publisher come in order and none is missing. */
static void *hear_all(void *arg)
{
	struct listener *l = arg;
	while (l->heard < (uint64_t)PUBLISHERS * EVENTS_EACH) {
		struct bus_event *event = bus_take(l->s);
		if (event == NULL) {
			sem_wait(&l->filled);
			continue;
		}
		if (number_of(event) == l->next[event->kind])
			l->next[event->kind]++;
		l->heard++;
		bus_event_release(&event);
	}
	return NULL;
}

struct publisher {
	struct bus *bus;
	unsigned kind;
	pthread_t thread;
};

static void *publish_all(void *arg)
{
	const struct publisher *p = arg;
	for (uint64_t i = 0; i < EVENTS_EACH; i++) {
		struct bus_event *event = bus_event_new(p->kind, &i, sizeof(i));
		bus_publish(p->bus, &event);
	}
	return NULL;
}

static void *come_and_go(void *arg)
{
	static const struct bus_subscription wanted = { BUS_ALL_KINDS, 2, BUS_DROP_OLDEST, NULL,
							NULL };
	struct bus *bus = arg;
	for (unsigned i = 0; i < EVENTS_EACH; i++) {
		struct bus_subscriber *s = bus_subscribe(bus, &wanted);
		bus_unsubscribe(&s);
	}
	return NULL;
}

static void many_threads_publish_to_many_while_others_come_and_go(void **state UNUSED)
{
	struct bus *bus = bus_new();
	struct listener listeners[LISTENERS] = { 0 };
	struct publisher publishers[PUBLISHERS];
	pthread_t guest;
	for (unsigned i = 0; i < LISTENERS; i++) {
		struct listener *l = &listeners[i];
		const struct bus_subscription wanted = { BUS_ALL_KINDS, PUBLISHERS * EVENTS_EACH,
							 BUS_CLOSE, post, &l->filled };
		sem_init(&l->filled, 0, 0);
		l->s = bus_subscribe(bus, &wanted);
		assert_int_equal(pthread_create(&l->thread, NULL, hear_all, l), 0);
	}
	assert_int_equal(pthread_create(&guest, NULL, come_and_go, bus), 0);
	for (unsigned i = 0; i < PUBLISHERS; i++) {
		publishers[i] = (struct publisher){ .bus = bus, .kind = i };
		assert_int_equal(
			pthread_create(&publishers[i].thread, NULL, publish_all, &publishers[i]),
			0);
	}
	for (unsigned i = 0; i < PUBLISHERS; i++)
		pthread_join(publishers[i].thread, NULL);
	pthread_join(guest, NULL);
	for (unsigned i = 0; i < LISTENERS; i++) {
		struct listener *l = &listeners[i];
		pthread_join(l->thread, NULL);
		for (unsigned p = 0; p < PUBLISHERS; p++)
			assert_int_equal(l->next[p], EVENTS_EACH);
		assert_int_equal(bus_lost(l->s), 0);
		bus_unsubscribe(&l->s);
		sem_destroy(&l->filled);
	}
	bus_free(&bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_hears_one_event_that_is_shared),
		cmocka_unit_test(nobody_hears_kinds_that_were_not_asked_for),
		cmocka_unit_test(a_full_mailbox_loses_its_oldest),
		cmocka_unit_test(a_full_mailbox_is_closed_when_that_was_asked_for),
		cmocka_unit_test(wakes_once_until_the_mailbox_was_emptied),
		cmocka_unit_test(who_leaves_releases_what_was_not_read),
		cmocka_unit_test(publishing_nothing_does_nothing),
		cmocka_unit_test(many_threads_publish_to_many_while_others_come_and_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
