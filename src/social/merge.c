/* Merging indexes: a heap of sources by their next ids. Inside transactions only. */
#include "merge_int.h"

#include "store/status.h"
#include "store/timeline.h"

#define CHUNK 8

struct source {
	enum merge_kind kind;
	uint64_t account;
	struct str name;
	struct id_range rest; /* what was not read yet */
	unsigned at, count;
	uint64_t ids[CHUNK];
	struct source *next; /* those that are not in the heap yet */
};

struct merge {
	struct db_txn *txn;
	struct arena *arena;
	struct id_range range;
	unsigned need, refuse;
	struct source *fresh;
	struct source **heap;
	size_t sources, size, rows;
	bool begun;
	uint64_t last;
};

struct merge *merge_new(struct db_txn *txn, struct arena *arena, const struct id_range *range,
			unsigned need, unsigned refuse)
{
	struct merge *m = ARENA_NEW(arena, struct merge);
	if (m == NULL)
		return NULL;
	m->txn = txn;
	m->arena = arena;
	m->range = *range;
	m->need = need;
	m->refuse = refuse;
	return m;
}

void merge_add(struct merge *m, enum merge_kind kind, uint64_t account, struct str name)
{
	struct source *s = ARENA_NEW(m->arena, struct source);
	if (s == NULL)
		return;
	s->kind = kind;
	s->account = account;
	s->name = name;
	s->rest = m->range;
	s->next = m->fresh;
	m->fresh = s;
	m->sources++;
}

/* --- reading on --- */

static size_t read_author(struct merge *m, struct source *s, size_t count)
{
	struct status_entry e[CHUNK];
	size_t n = status_by_author_range(m->txn, s->account, &s->rest, e, count);
	for (size_t i = 0; i < n; i++)
		s->ids[i] = e[i].id;
	s->count = (unsigned)n;
	if (n != 0)
		id_range_pass(&s->rest, e[n - 1].id);
	return n;
}

static size_t read_timeline(struct merge *m, struct source *s, struct timeline_entry *e,
			    size_t count)
{
	switch (s->kind) {
	case MERGE_PUBLIC:
		return timeline_public(m->txn, &s->rest, e, count);
	case MERGE_LOCAL:
		return timeline_local(m->txn, &s->rest, e, count);
	case MERGE_TAG:
		return timeline_tag(m->txn, s->name, &s->rest, e, count);
	case MERGE_LINK:
		return timeline_link(m->txn, s->name, &s->rest, e, count);
	case MERGE_AUTHOR:
		break;
	}
	return 0;
}

static size_t read_marked(struct merge *m, struct source *s, size_t count)
{
	struct timeline_entry e[CHUNK];
	size_t n = read_timeline(m, s, e, count);
	s->count = 0;
	for (size_t i = 0; i < n; i++) {
		if ((e[i].marks & m->need) == m->need && (e[i].marks & m->refuse) == 0)
			s->ids[s->count++] = e[i].id;
	}
	if (n != 0)
		id_range_pass(&s->rest, e[n - 1].id);
	return n;
}

/* False when there is nothing more. */
static bool fill(struct merge *m, struct source *s, size_t count)
{
	size_t n;
	s->at = 0;
	do {
		if (m->rows >= MERGE_ROWS_MAX + m->sources)
			return false;
		n = s->kind == MERGE_AUTHOR ? read_author(m, s, count) : read_marked(m, s, count);
		m->rows += n;
	} while (n != 0 && s->count == 0);
	return s->count != 0;
}

/* --- the heap --- */

static bool before(const struct merge *m, const struct source *a, const struct source *b)
{
	uint64_t x = a->ids[a->at], y = b->ids[b->at];
	return m->range.ascending ? x < y : x > y;
}

static void sink(struct merge *m, size_t i)
{
	struct source *moved = m->heap[i];
	for (size_t child; (child = 2 * i + 1) < m->size; i = child) {
		if (child + 1 < m->size && before(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!before(m, m->heap[child], moved))
			break;
		m->heap[i] = m->heap[child];
	}
	m->heap[i] = moved;
}

/* Most of many sources give nothing to a page: one row of each is enough to begin with. */
static bool begin(struct merge *m)
{
	m->begun = true;
	m->heap = ARENA_ARRAY(m->arena, m->sources, struct source *);
	if (m->heap == NULL)
		return false;
	for (struct source *s = m->fresh; s != NULL; s = s->next) {
		if (fill(m, s, m->sources > CHUNK ? 1 : CHUNK))
			m->heap[m->size++] = s;
	}
	for (size_t i = m->size / 2; i-- > 0;)
		sink(m, i);
	return true;
}

static uint64_t pop(struct merge *m)
{
	struct source *s = m->heap[0];
	uint64_t id = s->ids[s->at++];
	if (s->at == s->count && !fill(m, s, CHUNK))
		m->heap[0] = m->heap[--m->size];
	if (m->size != 0)
		sink(m, 0);
	return id;
}

bool merge_next(struct merge *m, uint64_t *id)
{
	if (!m->begun && !begin(m))
		return false;
	while (m->size != 0) {
		*id = pop(m);
		if (*id != m->last) {
			m->last = *id;
			return db_txn_rc(m->txn) == RC_OK;
		}
	}
	return false;
}
