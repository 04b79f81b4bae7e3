/*
 * The roster: every waiting job in memory, in 40 bytes, and the lanes that they belong to. Says
 * which job may start, and nothing about when and how. No I/O, no time, no locks: it belongs to the
 * scheduler's thread.
 *
 *   entry   one job. The entries of a lane that share an order form a chain, oldest first.
 *   lane    the FIFO of its entries that may start, and its state
 *
 * An entry may start when every earlier one of its chain has the same group, which is not 0: the
 * entries that may start are a prefix of the chain.
 */
#ifndef FF_QUEUE_ROSTER_INT_H
#define FF_QUEUE_ROSTER_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/attr.h"
#include "core/map.h"
#include "queue/policy.h"

enum entry_state {
	ENTRY_FREE,
	ENTRY_BLOCKED, /* an earlier one comes first */
	ENTRY_READY,   /* in its lane's FIFO */
	ENTRY_WAITING, /* a timer will offer it */
	ENTRY_RUNNING,
	ENTRY_REMOVED, /* still in the FIFO, and in nothing else */
};

#define ENTRY_NONE 0
#define LANES_MAX ((1u << 24) - 1)

struct entry {
	uint64_t id;
	uint64_t order;
	uint64_t group;
	uint32_t next; /* in the chain; in the list of free entries */
	uint32_t tail; /* of the chain, kept at its head */
	uint32_t link; /* READY: the next in the FIFO; WAITING: low half of the timer's time */
	unsigned lane : 24;
	unsigned state : 3;
	unsigned first : 1; /* belongs to the part of its chain that may start */
	unsigned check : 1; /* the row says when: look before it runs */
};

struct lane {
	uint32_t index;
	uint8_t kind; /* index, not id */
	bool listed;  /* in its kind's list of ready lanes */
	bool noted;   /* counted among the lanes that wait for a retry */
	uint32_t entries;
	uint32_t running;
	uint32_t fifo_head, fifo_tail;
	struct lane *next_ready, *prev_ready;
	unsigned turn_left; /* jobs that it may start before the other lanes have theirs */
	uint64_t turn_until_ms;
	uint64_t due_steady_ms;	 /* closed until then */
	uint64_t wake_steady_ms; /* not woken by a sign of life before */
	struct queue_lane_state state;
	size_t name_len;
	char name[];
};

struct roster {
	struct entry **chunks;
	uint32_t chunk_count;
	uint32_t used; /* entries ever taken; the first is never given out */
	uint32_t free;
	uint32_t live;
	uint32_t *heads; /* of chains, by hash of lane and order */
	uint32_t heads_cap;
	uint32_t heads_used;
	struct map lanes;
	struct lane **by_index;
	uint32_t lanes_used;
	uint32_t lanes_cap;
	uint32_t *lanes_free;
	uint32_t lanes_free_count;
};

bool roster_init(struct roster *r) NODISCARD;
void roster_free(struct roster *r);

/* NULL: none. */
struct lane *roster_find_lane(const struct roster *r, uint8_t kind, struct str name);
/* Finds or makes it; NULL when memory is exhausted. */
struct lane *roster_lane(struct roster *r, uint8_t kind, struct str name);
struct lane *roster_lane_at(const struct roster *r, uint32_t index);
/* Forgets a lane with nothing in it and no failure to remember. */
void roster_forget_lane(struct roster *r, struct lane *lane);
struct str lane_name(const struct lane *lane);

struct entry *roster_entry(const struct roster *r, uint32_t index);
struct lane *roster_lane_of(const struct roster *r, const struct entry *e);
/*
 * Adds a job behind the others of its order, BLOCKED. When it is `first`, nothing blocks it: offer
 * or defer it. ENTRY_NONE: no memory.
 */
uint32_t roster_add(struct roster *r, struct lane *lane, uint64_t id, uint64_t order,
		    uint64_t group);
/* The entry of a job; ENTRY_NONE when there is none. */
uint32_t roster_find(const struct roster *r, const struct lane *lane, uint64_t order, uint64_t id);

/* Takes the next READY entry of the lane, which becomes RUNNING. ENTRY_NONE: there is none. */
uint32_t roster_claim(struct roster *r, struct lane *lane);
/* BLOCKED and first, RUNNING, WAITING -> READY. */
void roster_offer(struct roster *r, uint32_t index);
/* BLOCKED and first, RUNNING -> WAITING, for a timer at this time. */
void roster_defer(struct roster *r, uint32_t index, uint64_t steady_ms);
/* Ends it; its successors may become READY. */
void roster_remove(struct roster *r, uint32_t index);

#endif
