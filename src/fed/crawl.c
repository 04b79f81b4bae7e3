/* The state of a crawl: its stored form, its list, its limits. Pure. */
#include "core/must.h"
#include "crawl_int.h"
#include "crypt/digest.h"
#include "db/rec.h"

#define CRAWL_VERSION 2 /* CRAWL_START_VERSION is the first payload */

const struct crawl_limits *crawl_limits(enum crawl_mode mode)
{
	static const struct crawl_limits limits[] = {
		/* S-061: what an activity causes */
		[CRAWL_CLIMB] = { 20, 5 << 20, 60000, 100, 0 },
		[CRAWL_LOOK] = { 1000, 5 << 20, 60000, 100, 10 },
		[CRAWL_OUTBOX] = { 50, 5 << 20, 60000, 0, 2 },
	};
	must((size_t)mode < ARRAY_LEN(limits));
	return &limits[mode];
}

/* After how many items of one collection no further page is read. */
static unsigned items_max(enum crawl_source source)
{
	switch (source) {
	case CRAWL_OF_REPLIES:
		return 100;
	case CRAWL_OF_CONTEXT:
		return 500;
	case CRAWL_OF_OUTBOX:
		return 20;
	}
	return 0;
}

/* --- the stored form --- */

static void entry_encode(struct buf *out, const struct crawl_entry *e)
{
	rec_add_u8(out, (uint8_t)e->kind);
	rec_add_u8(out, (uint8_t)e->source);
	rec_add_num(out, e->depth);
	rec_add_num(out, e->page);
	rec_add_num(out, e->items);
	rec_add_num(out, e->tries);
	rec_add_num(out, e->owner);
	rec_add_str(out, e->uri);
}

static bool entry_decode(struct arena *arena, struct rec *r, struct crawl_entry *e)
{
	e->kind = (enum crawl_kind)rec_u8(r);
	e->source = (enum crawl_source)rec_u8(r);
	e->depth = (unsigned)rec_num(r);
	e->page = (unsigned)rec_num(r);
	e->items = (unsigned)rec_num(r);
	e->tries = (unsigned)rec_num(r);
	e->owner = rec_num(r);
	e->uri = arena_str(arena, rec_str(r));
	return e->kind >= CRAWL_PARENT && e->kind <= CRAWL_FRESH && e->source <= CRAWL_OF_OUTBOX;
}

static void numbers_encode(struct buf *out, const uint64_t *numbers, unsigned count)
{
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++)
		rec_add_u64(out, numbers[i]);
}

static bool numbers_decode(struct rec *r, uint64_t *numbers, unsigned max, unsigned *count)
{
	uint64_t n = rec_num(r);
	*count = 0;
	while (*count < n && n <= max)
		numbers[(*count)++] = rec_u64(r);
	return n <= max;
}

/* How many entries fit: a host may have listed very long addresses. */
static unsigned entries_that_fit(const struct crawl *c)
{
	size_t bytes = sizeof(c->seen) + sizeof(c->slow) + (size_t)16 * IRI_MAX;
	unsigned n = 0;
	while (n < c->count && (bytes += c->entries[n].uri.len + 64) < CRAWL_PAYLOAD_MAX)
		n++;
	return n;
}

static void entries_encode(struct buf *out, const struct crawl_entry *entries, unsigned count)
{
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++)
		entry_encode(out, &entries[i]);
}

static bool entries_decode(struct arena *arena, struct rec *r, struct crawl_entry *entries,
			   unsigned max, unsigned *count)
{
	uint64_t n = rec_num(r);
	*count = 0;
	while (*count < n && n <= max) {
		if (!entry_decode(arena, r, &entries[(*count)++]))
			return false;
	}
	return n <= max;
}

void crawl_encode(struct buf *out, const struct crawl *c)
{
	unsigned entries = entries_that_fit(c);
	rec_add_u8(out, CRAWL_VERSION);
	rec_add_u8(out, (uint8_t)c->mode);
	rec_add_u64(out, c->id);
	rec_add_u64(out, c->root);
	rec_add_str(out, c->context);
	rec_add_u8(out, (uint8_t)c->context_state);
	rec_add_str(out, c->author);
	rec_add_num(out, c->requests);
	rec_add_num(out, c->bytes);
	rec_add_num(out, c->spent_ms);
	rec_add_num(out, c->climbed);
	rec_add_num(out, c->found);
	numbers_encode(out, c->slow, c->slow_count);
	numbers_encode(out, c->seen, c->seen_count);
	entries_encode(out, c->entries, entries);
	entries_encode(out, c->later, c->later_count);
}

static bool mode_known(enum crawl_mode mode)
{
	return mode == CRAWL_CLIMB || mode == CRAWL_LOOK || mode == CRAWL_OUTBOX;
}

static void texts_keep(struct arena *arena, struct crawl *c)
{
	c->context = arena_str(arena, c->context);
	c->author = arena_str(arena, c->author);
}

bool crawl_decode(struct arena *arena, struct str payload, struct crawl *c)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	c->mode = (enum crawl_mode)rec_u8(&r);
	c->id = rec_u64(&r);
	c->root = rec_u64(&r);
	c->context = rec_str(&r);
	c->context_state = (enum crawl_context)rec_u8(&r);
	c->author = rec_str(&r);
	c->requests = rec_num(&r);
	c->bytes = rec_num(&r);
	c->spent_ms = rec_num(&r);
	c->climbed = (unsigned)rec_num(&r);
	c->found = (unsigned)rec_num(&r);
	texts_keep(arena, c);
	if (version != CRAWL_VERSION || !mode_known(c->mode) ||
	    c->context_state > CRAWL_CONTEXT_READ ||
	    !numbers_decode(&r, c->slow, CRAWL_SLOW_MAX, &c->slow_count) ||
	    !numbers_decode(&r, c->seen, CRAWL_SEEN_MAX, &c->seen_count))
		return false;
	return entries_decode(arena, &r, c->entries, CRAWL_ENTRIES_MAX, &c->count) &&
	       entries_decode(arena, &r, c->later, CRAWL_LATER_MAX, &c->later_count) &&
	       rec_ok(&r) && !arena_failed(arena);
}

/* It is large: cleared in place, not copied from the stack. */
void crawl_init(struct crawl *c, enum crawl_mode mode, uint64_t root)
{
	memset(c, 0, sizeof(*c));
	c->mode = mode;
	c->root = root;
	c->context = c->author = STR("");
}

bool crawl_start_decode(struct str payload, struct crawl *c)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	crawl_init(c, (enum crawl_mode)rec_u8(&r), 0);
	c->id = rec_u64(&r);
	return version == CRAWL_START_VERSION && rec_ok(&r) && mode_known(c->mode);
}

/* --- the list --- */

/* Not the hash of maps, which is another one in every process. */
static uint64_t name_of(struct str text)
{
	struct digest d = digest_sha256(text);
	uint64_t name = 0;
	for (size_t i = 0; i < sizeof(name); i++)
		name = name << 8 | d.bytes[i];
	return name;
}

static bool among(const uint64_t *names, unsigned count, uint64_t name)
{
	for (unsigned i = 0; i < count; i++) {
		if (names[i] == name)
			return true;
	}
	return false;
}

/* A post may be asked for and, as another thing, be asked for anew. */
static bool see(struct crawl *c, const struct crawl_entry *e)
{
	uint64_t name = name_of(e->uri) + (e->kind == CRAWL_FRESH);
	if (c->seen_count == CRAWL_SEEN_MAX || among(c->seen, c->seen_count, name))
		return false;
	c->seen[c->seen_count++] = name;
	return true;
}

static bool has_room(const struct crawl *c, const struct crawl_entry *entry)
{
	return c->count < CRAWL_ENTRIES_MAX && entry->uri.len != 0 && entry->uri.len <= IRI_MAX;
}

static void put(struct crawl *c, struct arena *arena, const struct crawl_entry *entry,
		unsigned index)
{
	struct str uri = arena_str(arena, entry->uri);
	if (uri.ptr == NULL)
		return;
	memmove(&c->entries[index + 1], &c->entries[index],
		(c->count - index) * sizeof(c->entries[0]));
	c->entries[index] = *entry;
	c->entries[index].uri = uri;
	c->count++;
}

void crawl_push_again(struct crawl *c, struct arena *arena, const struct crawl_entry *entry)
{
	if (has_room(c, entry))
		put(c, arena, entry, 0);
}

void crawl_push(struct crawl *c, struct arena *arena, const struct crawl_entry *entry)
{
	if (has_room(c, entry) && (entry->kind == CRAWL_POST || see(c, entry)))
		put(c, arena, entry, c->count);
}

void crawl_put_off(struct crawl *c, struct arena *arena)
{
	for (unsigned i = 0; i < c->later_count; i++)
		crawl_push_again(c, arena, &c->later[i]);
	c->later_count = c->slow_count = c->climbed = c->found = 0;
	c->requests = c->bytes = c->spent_ms = 0;
}

struct crawl_entry crawl_take(struct crawl *c, unsigned index)
{
	must(index < c->count);
	struct crawl_entry e = c->entries[index];
	c->count--;
	memmove(&c->entries[index], &c->entries[index + 1],
		(c->count - index) * sizeof(c->entries[0]));
	return e;
}

bool crawl_may_go_on(const struct crawl *c, uint64_t requests, uint64_t bytes, uint64_t ms)
{
	const struct crawl_limits *limits = crawl_limits(c->mode);
	return c->requests + requests < limits->requests && c->bytes + bytes < limits->bytes &&
	       c->spent_ms + ms < limits->ms;
}

bool crawl_is_slow(const struct crawl *c, struct str host)
{
	return c->slow_count != 0 && among(c->slow, c->slow_count, name_of(host));
}

void crawl_note_slow(struct crawl *c, struct str host)
{
	if (c->slow_count < CRAWL_SLOW_MAX && !crawl_is_slow(c, host))
		c->slow[c->slow_count++] = name_of(host);
}

/* --- pages --- */

/*
 * S-054: so many pages, so many items; a page is taken as a whole, so that what was cut can go on
 * behind it: of the thread's own collections the next look does.
 */
void crawl_read_page(struct crawl *c, struct arena *arena, const struct crawl_entry *entry,
		     const struct ap_collection *page)
{
	for (unsigned i = 0; i < page->item_count; i++) {
		struct crawl_entry post = { .kind = CRAWL_POST,
					    .source = entry->source,
					    .depth = entry->depth + 1,
					    .owner = entry->owner,
					    .uri = page->items[i] };
		if (post.depth <= CRAWL_DEPTH_MAX)
			crawl_push(c, arena, &post);
	}
	if (page->next.ptr == NULL)
		return;
	struct crawl_entry next = *entry;
	next.kind = CRAWL_PAGE;
	next.page++;
	next.items += page->item_count;
	next.uri = page->next;
	if (next.items < items_max(entry->source) && next.page < crawl_limits(c->mode)->pages) {
		crawl_push(c, arena, &next);
	} else if ((entry->source == CRAWL_OF_CONTEXT || entry->owner == c->root) &&
		   c->later_count < CRAWL_LATER_MAX && see(c, &next)) {
		next.page = next.items = 0;
		next.uri = arena_str(arena, page->next);
		c->later[c->later_count++] = next;
	}
}
