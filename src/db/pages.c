/*
 * The structure of LMDB's own pages, checked before LMDB follows it: LMDB believes what it reads, and
 * a damaged offset or page number sends it beyond its map. Reads the file, not the map, so that no
 * damage can end the process. Any thread.
 *
 * A snapshot is held meanwhile, since a page that one can reach stays as it is: the walk goes right
 * beside a running writer, here or in another process.
 *
 * The layout is that of LMDB 0.9 (mdb.c, "Page Structure"), in the machine's own byte order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "db_int.h"

#define META_MAGIC 0xbeefc0deu
#define META_VERSION 1
#define PAGE_SIZE_MIN 512
#define PAGE_SIZE_MAX 65536
#define PAGE_HEADER 16
#define NODE_HEADER 8
#define DEPTH_MAX 32 /* LMDB's cursors go no deeper */
#define KEY_MAX 511
#define NO_PAGE UINT64_MAX
/* The last pages that were given out may never have been written: at most so many in one commit. */
#define UNWRITTEN_MAX 131072
#define META_TRIES 100
#define REASON_MAX 80

enum page_flags {
	PAGE_BRANCH = 1,
	PAGE_LEAF = 2,
	PAGE_OVERFLOW = 4,
	PAGE_META = 8,
};

enum node_flags {
	NODE_BIG = 1,  /* its data is on overflow pages */
	NODE_TREE = 2, /* its data is the head of a tree */
};

struct tree_head {
	uint32_t pad;
	uint16_t flags;
	uint16_t depth;
	uint64_t branches, leaves, overflows, entries, root;
};

struct meta {
	uint32_t magic, version;
	uint64_t address, map_size;
	struct tree_head free, main; /* free.pad is the size of a page */
	uint64_t last_page, commit;
};

struct page_header {
	uint64_t number;
	uint16_t pad, flags;
	union {
		struct {
			uint16_t lower, upper;
		};
		uint32_t count; /* of an overflow's pages */
	};
};

_Static_assert(sizeof(struct tree_head) == 48 && sizeof(struct meta) == 136 &&
		       sizeof(struct page_header) == PAGE_HEADER,
	       "LMDB's layout");

struct pages {
	int fd;
	size_t size; /* of a page */
	uint64_t last;
	enum pages_depth depth;
	unsigned char *seen; /* a bit for each page that belongs to somebody */
	unsigned char *room; /* a page for each level of two trees */
	bool no_memory;
	uint64_t bad_page;
	char reason[REASON_MAX]; /* empty while all is sound */
};

enum tree_kind {
	TREE_FREE, /* commit -> pages that may be used again */
	TREE_MAIN, /* name -> head */
	TREE_ROWS,
};

/* A walk through one tree, in the order of its keys. */
struct walk {
	struct pages *pages;
	enum tree_kind kind;
	unsigned char *room;
	struct tree_head head;
	struct tree_head found; /* what was counted */
	unsigned char last[KEY_MAX];
	size_t last_len;
	bool any, equal_allowed; /* the last key was a branch's: its first leaf may have the same */
};

struct node {
	uint64_t child; /* of a branch */
	uint32_t size;	/* of a leaf's data */
	uint16_t flags;
	struct str key;
	const unsigned char *data;
};

static bool damaged(struct pages *p, uint64_t page, const char *reason)
{
	p->bad_page = page;
	snprintf(p->reason, sizeof(p->reason), "%s", reason);
	return false;
}

/* --- pages --- */

/* Gives the pages to whoever asks first. */
static bool take(struct pages *p, uint64_t first, uint64_t count)
{
	if (first < 2 || first > p->last || count > p->last - first + 1)
		return damaged(p, first, "a page number beyond the last page");
	for (uint64_t n = first; n < first + count; n++) {
		if ((p->seen[n / 8] & 1U << n % 8) != 0)
			return damaged(p, n, "a page that is used twice");
		p->seen[n / 8] |= (unsigned char)(1U << n % 8);
	}
	return true;
}

static bool page_read(struct pages *p, uint64_t number, void *out, size_t n)
{
	if (pread(p->fd, out, n, (off_t)(number * p->size)) != (ssize_t)n)
		return damaged(p, number, "a page behind the end of the file");
	return true;
}

/* The overflow pages of size bytes; their content has the seal of its row. */
static bool overflow_check(struct walk *w, uint64_t number, uint32_t size)
{
	struct pages *p = w->pages;
	struct page_header header;
	struct stat st;
	if (number < 2 || number > p->last)
		return damaged(p, number, "a page number beyond the last page");
	if (!page_read(p, number, &header, sizeof(header)))
		return false;
	if (header.number != number || header.flags != PAGE_OVERFLOW || header.pad != 0)
		return damaged(p, number, "not the overflow page that it should be");
	if ((uint64_t)header.count * p->size < (uint64_t)size + PAGE_HEADER)
		return damaged(p, number, "a row that is larger than its pages");
	must(fstat(p->fd, &st) == 0);
	if ((uint64_t)st.st_size < number * p->size + PAGE_HEADER + size)
		return damaged(p, number, "a row behind the end of the file");
	w->found.overflows += header.count;
	return take(p, number, header.count);
}

/* --- nodes --- */

static bool node_read(struct walk *w, const unsigned char *page, unsigned index, bool leaf,
		      struct node *out)
{
	struct page_header header;
	uint16_t offset, words[4];
	size_t size = w->pages->size;
	memcpy(&header, page, sizeof(header));
	memcpy(&offset, page + PAGE_HEADER + index * sizeof(offset), sizeof(offset));
	if (offset < header.upper || offset % 2 != 0 || (size_t)offset + NODE_HEADER > size)
		return damaged(w->pages, header.number, "a node outside of its page");
	memcpy(words, page + offset, sizeof(words));
	*out = (struct node){ .key = str_n((const char *)page + offset + NODE_HEADER, words[3]),
			      .data = page + offset + NODE_HEADER + words[3] };
	size_t end = offset + NODE_HEADER + (size_t)words[3];
	if (leaf) {
		out->size = words[0] | (uint32_t)words[1] << 16;
		out->flags = words[2];
		end += (words[2] & NODE_BIG) != 0 ? sizeof(uint64_t) : out->size;
	} else {
		out->child = words[0] | (uint64_t)words[1] << 16 | (uint64_t)words[2] << 32;
	}
	if (words[3] > KEY_MAX || end > size)
		return damaged(w->pages, header.number, "a node larger than its page");
	return true;
}

static int key_compare(const struct walk *w, struct str key)
{
	uint64_t a, b;
	if (w->kind != TREE_FREE)
		return str_cmp(key, str_n((const char *)w->last, w->last_len));
	memcpy(&a, key.ptr, sizeof(a));
	memcpy(&b, w->last, sizeof(b));
	return a < b ? -1 : a > b;
}

/* Keys grow through the whole tree; those of branches stand between their children's. */
static bool key_check(struct walk *w, uint64_t page, struct str key, bool leaf)
{
	if (key.len == 0 || (w->kind == TREE_FREE && key.len != sizeof(uint64_t)))
		return damaged(w->pages, page, "a key of the wrong length");
	int order = w->any ? key_compare(w, key) : 1;
	if (order < 0 || (order == 0 && !(leaf && w->equal_allowed)))
		return damaged(w->pages, page, "keys out of order");
	memcpy(w->last, key.ptr, key.len);
	w->last_len = key.len;
	w->any = true;
	w->equal_allowed = !leaf;
	return true;
}

static bool page_check(struct walk *w, const unsigned char *page, uint64_t number, bool leaf)
{
	struct page_header header;
	memcpy(&header, page, sizeof(header));
	if (header.number != number || header.flags != (leaf ? PAGE_LEAF : PAGE_BRANCH))
		return damaged(w->pages, number, "not the page that it should be");
	if (header.lower <= PAGE_HEADER || header.lower % 2 != 0 || header.lower > header.upper ||
	    header.upper > w->pages->size)
		return damaged(w->pages, number, "a page whose bounds are wrong");
	return true;
}

/* Nodes lie close to each other at the end of their page: less or more would be two in one place. */
static bool room_check_page(struct walk *w, const unsigned char *page, unsigned count, bool leaf)
{
	struct page_header header;
	size_t used = 0;
	memcpy(&header, page, sizeof(header));
	for (unsigned i = 0; i < count; i++) {
		struct node node;
		if (!node_read(w, page, i, leaf, &node))
			return false;
		size_t size = NODE_HEADER + node.key.len;
		if (leaf)
			size += (node.flags & NODE_BIG) != 0 ? sizeof(uint64_t) : node.size;
		used += size + size % 2;
	}
	if (used != w->pages->size - header.upper)
		return damaged(w->pages, header.number, "nodes that overlap");
	return true;
}

/* --- leaves --- */

static bool tree_check(struct pages *p, enum tree_kind kind, const struct tree_head *head);

/* What may be used again belongs to nobody else. */
static bool free_list_check(struct walk *w, uint64_t page, const struct node *node)
{
	struct pages *p = w->pages;
	uint64_t count, number, at = 0;
	if ((node->flags & NODE_BIG) != 0) {
		memcpy(&at, node->data, sizeof(at));
		at = at * p->size + PAGE_HEADER;
		if (pread(p->fd, &count, sizeof(count), (off_t)at) != sizeof(count))
			return damaged(p, page, "a free list behind the end of the file");
	} else if (node->size >= sizeof(count)) {
		memcpy(&count, node->data, sizeof(count));
	} else {
		return damaged(p, page, "a free list without a length");
	}
	if (count >= node->size / sizeof(count))
		return damaged(p, page, "a free list longer than its row");
	for (uint64_t i = 1; i <= count; i++) {
		bool big = (node->flags & NODE_BIG) != 0;
		if (!big)
			memcpy(&number, node->data + i * sizeof(number), sizeof(number));
		else if (pread(p->fd, &number, sizeof(number), (off_t)(at + i * sizeof(number))) !=
			 sizeof(number))
			return damaged(p, page, "a free list behind the end of the file");
		if (!take(p, number, 1))
			return false;
	}
	return true;
}

static bool leaf_check(struct walk *w, uint64_t page, const struct node *node)
{
	struct tree_head head;
	uint64_t overflow;
	bool tree = w->kind == TREE_MAIN;
	if (tree ? node->flags != NODE_TREE : (node->flags & ~(unsigned)NODE_BIG) != 0)
		return damaged(w->pages, page, "a node of the wrong kind");
	w->found.entries++;
	if (tree) {
		if (node->size != sizeof(head))
			return damaged(w->pages, page, "a table without a head");
		memcpy(&head, node->data, sizeof(head));
		return tree_check(w->pages, TREE_ROWS, &head);
	}
	if ((node->flags & NODE_BIG) != 0) {
		memcpy(&overflow, node->data, sizeof(overflow));
		if (!overflow_check(w, overflow, node->size))
			return false;
	}
	return w->kind != TREE_FREE || free_list_check(w, page, node);
}

/* --- trees --- */

static bool walk_page(struct walk *w, uint64_t number, unsigned level)
{
	struct pages *p = w->pages;
	bool leaf = level + 1 == w->head.depth;
	unsigned char *page = w->room + level * p->size;
	struct page_header header;
	if (!take(p, number, 1))
		return false;
	/* the heads of tables are looked at in any case */
	if (leaf && p->depth == PAGES_BRANCHES && w->kind != TREE_MAIN)
		return true;
	if (!page_read(p, number, page, p->size) || !page_check(w, page, number, leaf))
		return false;
	memcpy(&header, page, sizeof(header));
	unsigned count = (header.lower - PAGE_HEADER) / 2U;
	if (!room_check_page(w, page, count, leaf))
		return false;
	*(leaf ? &w->found.leaves : &w->found.branches) += 1;
	for (unsigned i = 0; i < count; i++) {
		struct node node;
		bool ok = node_read(w, page, i, leaf, &node);
		/* the first key of a branch stands for everything before the second */
		if (ok && (leaf || i != 0))
			ok = key_check(w, number, node.key, leaf);
		if (ok)
			ok = leaf ? leaf_check(w, number, &node)
				  : walk_page(w, node.child, level + 1);
		if (!ok)
			return false;
	}
	return true;
}

static bool counts_agree(const struct tree_head *a, const struct tree_head *b)
{
	return a->branches == b->branches && a->leaves == b->leaves &&
	       a->overflows == b->overflows && a->entries == b->entries;
}

static bool tree_check(struct pages *p, enum tree_kind kind, const struct tree_head *head)
{
	struct walk w = { .pages = p, .kind = kind, .head = *head };
	bool empty = head->root == NO_PAGE;
	w.room = p->room + (kind == TREE_ROWS ? DEPTH_MAX * p->size : 0);
	/* the flags of the tree of free pages are the environment's */
	if (kind != TREE_FREE && head->flags != 0)
		return damaged(p, head->root, "a tree of a kind that is not used here");
	if (head->depth > DEPTH_MAX || empty != (head->depth == 0))
		return damaged(p, head->root, "a tree of impossible depth");
	if (!empty && !walk_page(&w, head->root, 0))
		return false;
	if ((empty || p->depth == PAGES_ALL) && !counts_agree(head, &w.found))
		return damaged(p, head->root, "a tree that was counted wrong");
	return true;
}

/* --- the two heads of the file --- */

static bool metas_read(struct pages *p, struct meta metas[2])
{
	for (unsigned i = 0; i < 2; i++) {
		struct page_header header;
		if (!page_read(p, i, &header, sizeof(header)))
			return false;
		if (header.number != i || header.flags != PAGE_META)
			return damaged(p, i, "not the page that it should be");
		if (pread(p->fd, &metas[i], sizeof(metas[i]), (off_t)(i * p->size + PAGE_HEADER)) !=
		    sizeof(metas[i]))
			return damaged(p, i, "a page behind the end of the file");
	}
	return true;
}

/*
 * A commit writes the older of both, so they are one commit apart and the even ones are in the first:
 * anything else is damage that would bring an old state back.
 */
static bool metas_check(struct pages *p, const struct meta metas[2], const struct meta **latest)
{
	struct stat st;
	unsigned newer = metas[1].commit > metas[0].commit;
	must(fstat(p->fd, &st) == 0);
	for (unsigned i = 0; i < 2; i++) {
		if (metas[i].magic != META_MAGIC || metas[i].version != META_VERSION ||
		    metas[i].address != 0 || metas[i].free.pad != p->size)
			return damaged(p, i, "not the head of a database");
	}
	if (metas[newer].commit != 0 &&
	    (metas[newer].commit - metas[!newer].commit != 1 || metas[newer].commit % 2 != newer))
		return damaged(p, newer, "a commit that does not follow the one before");
	*latest = &metas[newer];
	p->last = (*latest)->last_page;
	if (p->last < 1 || p->last > (uint64_t)st.st_size / p->size + UNWRITTEN_MAX)
		return damaged(p, newer, "more pages than the file can have");
	return true;
}

/* Both as they are at one moment, though somebody may be writing them. */
static bool metas_find(struct pages *p, const struct meta **latest, struct meta metas[2])
{
	struct meta again[2];
	uint32_t size;
	if (pread(p->fd, &size, sizeof(size), PAGE_HEADER + offsetof(struct meta, free)) !=
	    sizeof(size))
		return damaged(p, 0, "no head of a database");
	p->size = size;
	if (size < PAGE_SIZE_MIN || size > PAGE_SIZE_MAX || (size & (size - 1)) != 0)
		return damaged(p, 0, "pages of an impossible size");
	for (unsigned i = 0; i < META_TRIES; i++) {
		if (!metas_read(p, metas) || !metas_read(p, again))
			return false;
		if (memcmp(metas, again, sizeof(again)) == 0)
			return metas_check(p, metas, latest);
	}
	return damaged(p, 0, "a head that never rests");
}

static void walk_all(struct pages *p)
{
	struct meta metas[2];
	const struct meta *latest;
	if (!metas_find(p, &latest, metas))
		return;
	p->seen = calloc(p->last / 8 + 1, 1);
	p->room = calloc(2 * DEPTH_MAX, p->size);
	p->no_memory = p->seen == NULL || p->room == NULL;
	if (!p->no_memory && tree_check(p, TREE_MAIN, &latest->main))
		tree_check(p, TREE_FREE, &latest->free);
	free(p->seen);
	free(p->room);
}

enum rc pages_check(struct db *db, struct err *err, enum pages_depth depth)
{
	struct pages p = { .depth = depth };
	MDB_txn *mdb = NULL;
	int error = gate_txn_begin(db, MDB_RDONLY, &mdb);
	if (error != 0)
		return err_set(err, error == MDB_READERS_FULL ? RC_BUSY : RC_IO, "%s: %s", db->path,
			       mdb_strerror(error));
	must(mdb_env_get_fd(db->env, &p.fd) == 0);
	walk_all(&p);
	mdb_txn_abort(mdb);
	gate_leave(db);
	if (p.no_memory)
		return err_set(err, RC_NO_MEMORY, "no memory to check the database");
	if (p.reason[0] == '\0')
		return RC_OK;
	return err_set(err, RC_CORRUPT, "%s/data.mdb is damaged: page %llu: %s", db->path,
		       (unsigned long long)p.bad_page, p.reason);
}

enum rc pages_check_start(struct db *db, struct err *err)
{
	struct stat st;
	mdb_filehandle_t fd;
	must(mdb_env_get_fd(db->env, &fd) == 0 && fstat(fd, &st) == 0);
	return pages_check(db, err, st.st_size > PAGES_ALL_MAX ? PAGES_BRANCHES : PAGES_ALL);
}
