/* The roster's lanes: found by kind and name, named by a small index in entries and timers. */
#include <stdlib.h>

#include "core/must.h"
#include "roster_int.h"
#include "row_int.h"

struct str lane_name(const struct lane *lane)
{
	return str_n(lane->name, lane->name_len);
}

struct lane *roster_lane_at(const struct roster *r, uint32_t index)
{
	return index < r->lanes_used ? r->by_index[index] : NULL;
}

struct lane *roster_find_lane(const struct roster *r, uint8_t kind, struct str name)
{
	if (name.len > QUEUE_LANE_MAX)
		return NULL;
	struct lane_key key = lane_key_of(kind, name);
	return map_get(&r->lanes, lane_key_str(&key));
}

static bool lanes_grow(struct roster *r)
{
	uint32_t cap = r->lanes_cap != 0 ? r->lanes_cap * 2 : 256;
	if (cap > LANES_MAX)
		return false;
	struct lane **by_index = realloc(r->by_index, cap * sizeof(struct lane *));
	if (by_index == NULL)
		return false;
	r->by_index = by_index;
	uint32_t *free_list = realloc(r->lanes_free, cap * sizeof(uint32_t));
	if (free_list == NULL)
		return false;
	r->lanes_free = free_list;
	r->lanes_cap = cap;
	return true;
}

struct lane *roster_lane(struct roster *r, uint8_t kind, struct str name)
{
	struct lane *lane = roster_find_lane(r, kind, name);
	if (lane != NULL)
		return lane;
	if (r->lanes_free_count == 0 && r->lanes_used == r->lanes_cap && !lanes_grow(r))
		return NULL;
	struct lane_key key = lane_key_of(kind, name);
	lane = calloc(1, sizeof(*lane) + name.len);
	if (lane == NULL || !map_put(&r->lanes, lane_key_str(&key), lane)) {
		free(lane);
		return NULL;
	}
	lane->kind = kind;
	lane->name_len = name.len;
	if (name.len != 0)
		memcpy(lane->name, name.ptr, name.len);
	lane->index =
		r->lanes_free_count != 0 ? r->lanes_free[--r->lanes_free_count] : r->lanes_used++;
	r->by_index[lane->index] = lane;
	return lane;
}

void roster_forget_lane(struct roster *r, struct lane *lane)
{
	if (lane->entries != 0 || lane->listed || lane->state.failures != 0)
		return;
	/* the FIFO may still hold entries that were removed */
	must(roster_claim(r, lane) == ENTRY_NONE);
	struct lane_key key = lane_key_of(lane->kind, lane_name(lane));
	map_del(&r->lanes, lane_key_str(&key));
	r->by_index[lane->index] = NULL;
	r->lanes_free[r->lanes_free_count++] = lane->index;
	free(lane);
}

void roster_free(struct roster *r)
{
	for (uint32_t i = 0; i < r->chunk_count; i++)
		free(r->chunks[i]);
	for (uint32_t i = 0; i < r->lanes_used; i++)
		free(r->by_index[i]);
	free(r->chunks);
	free(r->heads);
	free(r->by_index);
	free(r->lanes_free);
	map_free(&r->lanes);
	*r = (struct roster){ 0 };
}
