/* The roster's entries: the pool they live in, their chains, the lanes' FIFOs. */
#include "roster_int.h"

#include <stdlib.h>

#include "core/must.h"

#define CHUNK 4096u
#define HEADS_MIN 1024u

/* --- the pool: chunks never move, indices are half as long as pointers --- */

struct entry *roster_entry(const struct roster *r, uint32_t index)
{
	must(index != ENTRY_NONE && index < r->used);
	return &r->chunks[index / CHUNK][index % CHUNK];
}

struct lane *roster_lane_of(const struct roster *r, const struct entry *e)
{
	return roster_lane_at(r, e->lane);
}

static bool chunk_add(struct roster *r)
{
	struct entry **chunks =
		realloc(r->chunks, (r->chunk_count + (size_t)1) * sizeof(struct entry *));
	if (chunks == NULL)
		return false;
	r->chunks = chunks;
	r->chunks[r->chunk_count] = calloc(CHUNK, sizeof(struct entry));
	if (r->chunks[r->chunk_count] == NULL)
		return false;
	r->chunk_count++;
	return true;
}

static uint32_t entry_take(struct roster *r)
{
	uint32_t index = r->free;
	if (index != ENTRY_NONE) {
		r->free = roster_entry(r, index)->next;
		return index;
	}
	if (r->used == UINT32_MAX || (r->used == r->chunk_count * CHUNK && !chunk_add(r)))
		return ENTRY_NONE;
	return r->used++;
}

static void entry_give_back(struct roster *r, uint32_t index)
{
	struct entry *e = roster_entry(r, index);
	*e = (struct entry){ .next = r->free, .state = ENTRY_FREE };
	r->free = index;
}

/* --- chains: a hash table of their heads --- */

static uint32_t chain_hash(uint32_t lane, uint64_t order)
{
	uint64_t h = (order ^ ((uint64_t)lane << 40 | lane)) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32) ^ (uint32_t)h;
}

/* The slot of a chain's head, or the empty slot where it belongs. */
static uint32_t chain_slot(const struct roster *r, uint32_t lane, uint64_t order)
{
	uint32_t mask = r->heads_cap - 1;
	uint32_t slot = chain_hash(lane, order) & mask;
	for (; r->heads[slot] != ENTRY_NONE; slot = (slot + 1) & mask) {
		const struct entry *head = roster_entry(r, r->heads[slot]);
		if (head->lane == lane && head->order == order)
			break;
	}
	return slot;
}

static bool heads_grow(struct roster *r)
{
	struct roster bigger = *r;
	bigger.heads_cap = r->heads_cap * 2;
	bigger.heads = calloc(bigger.heads_cap, sizeof(uint32_t));
	if (bigger.heads == NULL)
		return false;
	for (uint32_t i = 0; i < r->heads_cap; i++) {
		if (r->heads[i] == ENTRY_NONE)
			continue;
		const struct entry *head = roster_entry(r, r->heads[i]);
		bigger.heads[chain_slot(&bigger, head->lane, head->order)] = r->heads[i];
	}
	free(r->heads);
	*r = bigger;
	return true;
}

/* Empties a slot and closes the gap, so that no probe ends early. */
static void heads_del(struct roster *r, uint32_t slot)
{
	uint32_t mask = r->heads_cap - 1;
	uint32_t gap = slot;
	for (uint32_t i = (slot + 1) & mask; r->heads[i] != ENTRY_NONE; i = (i + 1) & mask) {
		const struct entry *head = roster_entry(r, r->heads[i]);
		uint32_t home = chain_hash(head->lane, head->order) & mask;
		if (((i - home) & mask) >= ((i - gap) & mask)) {
			r->heads[gap] = r->heads[i];
			gap = i;
		}
	}
	r->heads[gap] = ENTRY_NONE;
	r->heads_used--;
}

bool roster_init(struct roster *r)
{
	*r = (struct roster){ .used = 1, .heads_cap = HEADS_MIN };
	r->heads = calloc(r->heads_cap, sizeof(uint32_t));
	return r->heads != NULL && chunk_add(r);
}

/* --- the lane's FIFO --- */

static void fifo_push(struct roster *r, uint32_t index)
{
	struct entry *e = roster_entry(r, index);
	struct lane *lane = roster_lane_of(r, e);
	e->state = ENTRY_READY;
	e->link = ENTRY_NONE;
	if (lane->fifo_head == ENTRY_NONE)
		lane->fifo_head = index;
	else
		roster_entry(r, lane->fifo_tail)->link = index;
	lane->fifo_tail = index;
}

static uint32_t fifo_pop(struct roster *r, struct lane *lane)
{
	uint32_t index = lane->fifo_head;
	if (index != ENTRY_NONE)
		lane->fifo_head = roster_entry(r, index)->link;
	return index;
}

uint32_t roster_claim(struct roster *r, struct lane *lane)
{
	uint32_t index;
	while ((index = fifo_pop(r, lane)) != ENTRY_NONE) {
		struct entry *e = roster_entry(r, index);
		if (e->state == ENTRY_REMOVED) {
			entry_give_back(r, index);
			continue;
		}
		e->state = ENTRY_RUNNING;
		lane->running++;
		return index;
	}
	return ENTRY_NONE;
}

static void leave_running(struct roster *r, const struct entry *e)
{
	if (e->state == ENTRY_RUNNING)
		roster_lane_of(r, e)->running--;
}

void roster_offer(struct roster *r, uint32_t index)
{
	struct entry *e = roster_entry(r, index);
	must(e->first && e->state != ENTRY_READY && e->state != ENTRY_REMOVED);
	leave_running(r, e);
	fifo_push(r, index);
}

void roster_defer(struct roster *r, uint32_t index, uint64_t steady_ms)
{
	struct entry *e = roster_entry(r, index);
	must(e->first && (e->state == ENTRY_RUNNING || e->state == ENTRY_BLOCKED));
	leave_running(r, e);
	e->state = ENTRY_WAITING;
	e->link = (uint32_t)steady_ms;
}

/* --- adding and ending --- */

uint32_t roster_add(struct roster *r, struct lane *lane, uint64_t id, uint64_t order,
		    uint64_t group)
{
	if ((r->heads_used + 1) * 3 > r->heads_cap * 2 && !heads_grow(r))
		return ENTRY_NONE;
	uint32_t index = entry_take(r);
	if (index == ENTRY_NONE)
		return ENTRY_NONE;
	struct entry *e = roster_entry(r, index);
	*e = (struct entry){ .id = id,
			     .order = order,
			     .group = group,
			     .tail = index,
			     .lane = lane->index & LANES_MAX,
			     .state = ENTRY_BLOCKED,
			     .first = 1 };
	uint32_t slot = chain_slot(r, lane->index, order);
	if (r->heads[slot] == ENTRY_NONE) {
		r->heads[slot] = index;
		r->heads_used++;
	} else {
		struct entry *head = roster_entry(r, r->heads[slot]);
		struct entry *last = roster_entry(r, head->tail);
		e->first = last->first && group != 0 && last->group == group;
		last->next = index;
		head->tail = index;
	}
	r->live++;
	lane->entries++;
	return index;
}

uint32_t roster_find(const struct roster *r, const struct lane *lane, uint64_t order, uint64_t id)
{
	uint32_t index = r->heads[chain_slot(r, lane->index, order)];
	while (index != ENTRY_NONE && roster_entry(r, index)->id != id)
		index = roster_entry(r, index)->next;
	return index;
}

/* May the entry start, now that prev (or none) stands before it? Then those of its group behind it,
 * too. */
static void chain_advance(struct roster *r, uint32_t prev, uint32_t index)
{
	uint64_t group = roster_entry(r, index)->group;
	if (roster_entry(r, index)->first)
		return;
	if (prev != ENTRY_NONE &&
	    (!roster_entry(r, prev)->first || group == 0 || roster_entry(r, prev)->group != group))
		return;
	do {
		struct entry *e = roster_entry(r, index);
		e->first = 1;
		/* its row may say when: that was kept in `check` while it was blocked */
		fifo_push(r, index);
		index = e->next;
	} while (index != ENTRY_NONE && group != 0 && roster_entry(r, index)->group == group);
}

static void chain_unlink(struct roster *r, uint32_t index)
{
	const struct entry *e = roster_entry(r, index);
	uint32_t slot = chain_slot(r, e->lane, e->order);
	uint32_t head = r->heads[slot], prev = ENTRY_NONE;
	must(head != ENTRY_NONE);
	for (uint32_t i = head; i != index; i = roster_entry(r, i)->next)
		prev = i;
	if (prev != ENTRY_NONE) {
		roster_entry(r, prev)->next = e->next;
		if (e->next == ENTRY_NONE)
			roster_entry(r, head)->tail = prev;
	} else if (e->next != ENTRY_NONE) {
		roster_entry(r, e->next)->tail = e->tail;
		r->heads[slot] = e->next;
	} else {
		heads_del(r, slot);
	}
	if (e->next != ENTRY_NONE)
		chain_advance(r, prev, e->next);
}

void roster_remove(struct roster *r, uint32_t index)
{
	struct entry *e = roster_entry(r, index);
	struct lane *lane = roster_lane_of(r, e);
	chain_unlink(r, index);
	leave_running(r, e);
	r->live--;
	lane->entries--;
	if (e->state == ENTRY_READY)
		e->state = ENTRY_REMOVED;
	else
		entry_give_back(r, index);
}
