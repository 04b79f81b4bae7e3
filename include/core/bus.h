/*
 * struct bus: tells whoever listens, within this process, what has happened.
 *
 *   struct bus_event       what has happened: a kind and a few bytes, shared by all who hear of it
 *   struct bus_subscriber  one listener with a mailbox of a size that is given at birth
 *
 * Who publishes never waits for who listens: a mailbox that is full loses its oldest event or is
 * closed, as its subscriber chose, who can see which.
 */
#ifndef FF_CORE_BUS_H
#define FF_CORE_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attr.h"

struct bus;
struct bus_subscriber;

struct bus_event {
	_Atomic unsigned holders;
	unsigned kind; /* below BUS_KINDS_MAX */
	size_t len;
	_Alignas(8) unsigned char data[]; /* never changed once it was published */
};

#define BUS_KINDS_MAX 64
#define BUS_KIND(kind) (UINT64_C(1) << (kind))
#define BUS_ALL_KINDS UINT64_MAX

/* A copy of data, held once, by the caller. NULL when memory is exhausted. */
struct bus_event *bus_event_new(unsigned kind, const void *data, size_t len);
void bus_event_hold(struct bus_event *event);
/* Lets go; the last who does frees it. Fits CLEANUP(bus_event_release). */
void bus_event_release(struct bus_event **event);

/* NULL when memory is exhausted. */
struct bus *bus_new(void);
/* There is no subscriber left. */
void bus_free(struct bus **bus);

enum bus_full {
	BUS_DROP_OLDEST, /* a full mailbox loses its oldest event: bus_lost() */
	BUS_CLOSE,	 /* a full mailbox takes nothing any more: bus_is_closed() */
};

struct bus_subscription {
	uint64_t kinds;	 /* a set of BUS_KIND()s */
	size_t capacity; /* events that the mailbox holds; not 0 */
	enum bus_full when_full;
	/*
	 * Called on the publisher's thread when there is something in a mailbox that was empty, or when
	 * it was closed. Short, and calls nothing of the bus. May be NULL.
	 */
	void (*wake)(void *arg);
	void *arg;
};

/* NULL when memory is exhausted. */
struct bus_subscriber *bus_subscribe(struct bus *bus, const struct bus_subscription *wanted);
/* Frees it with what is in its mailbox; wake is not running and not called any more afterwards. */
void bus_unsubscribe(struct bus_subscriber **subscriber);

/* Does anybody listen to one of these kinds? Cheap, for who would have to make the event first. */
bool bus_is_heard(const struct bus *bus, uint64_t kinds);
/*
 * Puts event into the mailboxes of all who listen to its kind. The caller's hold goes over to the
 * bus, and event, which may be NULL, with it. Any thread; what one thread publishes arrives in order.
 */
void bus_publish(struct bus *bus, struct bus_event **event);

/* The oldest event, held by the caller from now on; NULL when the mailbox is empty. */
struct bus_event *bus_take(struct bus_subscriber *subscriber) NODISCARD;
/* How many events were lost since this was asked last. */
uint64_t bus_lost(struct bus_subscriber *subscriber);
bool bus_is_closed(struct bus_subscriber *subscriber);

#endif
