/* A binary heap of times. One thread. */
#include "timer_int.h"

#include <stdlib.h>

void timers_free(struct timers *t)
{
	free(t->heap);
	*t = (struct timers){ 0 };
}

bool timers_add(struct timers *t, struct timer timer)
{
	if (t->count == t->cap) {
		size_t cap = t->cap != 0 ? t->cap * 2 : 64;
		struct timer *heap = realloc(t->heap, cap * sizeof(*heap));
		if (heap == NULL)
			return false;
		t->heap = heap;
		t->cap = cap;
	}
	size_t i = t->count++;
	for (; i != 0 && t->heap[(i - 1) / 2].at_ms > timer.at_ms; i = (i - 1) / 2)
		t->heap[i] = t->heap[(i - 1) / 2];
	t->heap[i] = timer;
	return true;
}

const struct timer *timers_first(const struct timers *t)
{
	return t->count != 0 ? &t->heap[0] : NULL;
}

bool timers_take(struct timers *t, uint64_t now_ms, struct timer *out)
{
	if (t->count == 0 || t->heap[0].at_ms > now_ms)
		return false;
	*out = t->heap[0];
	struct timer last = t->heap[--t->count];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= t->count)
			break;
		if (child + 1 < t->count && t->heap[child + 1].at_ms < t->heap[child].at_ms)
			child++;
		if (t->heap[child].at_ms >= last.at_ms)
			break;
		t->heap[i] = t->heap[child];
		i = child;
	}
	if (t->count != 0)
		t->heap[i] = last;
	return true;
}
