/*
 * Searching: the index of statuses and people, what a question means, and who finds what.
 *
 * Texts are parted into words outside of any write, in steps that search_take_up() makes; a crash
 * loses nothing, since how far it came is written together with what it wrote.
 */
#ifndef FF_SOCIAL_SEARCH_H
#define FF_SOCIAL_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "db/db.h"
#include "social/see.h"
#include "social/site.h"
#include "store/search.h"

/* --- taking up --- */

/*
 * Takes up the next statuses and accounts, and what has changed of the others. RC_OK when all is
 * done, RC_BUSY when there is more to do. Reads and writes: outside of transactions; one thread.
 */
enum rc search_take_up(struct db *db) NODISCARD;

struct poll;
/* What the index knows of a status; poll may be NULL. Strings are in ctx's arena. RC_NO_MEMORY. */
enum rc search_doc_of(struct ctx *ctx, const struct status *status, const struct poll *poll,
		      struct search_doc *out) NODISCARD;

/* --- asking for statuses --- */

#define SEARCH_QUERY_MAX 4096 /* bytes */
#define SEARCH_LIMIT_MAX 40
#define SEARCH_OFFSET_MAX 1000

enum search_where {
	SEARCH_ALL,
	SEARCH_LIBRARY, /* own ones, and those that one has to do with */
	SEARCH_PUBLIC,	/* those that everybody finds */
};

struct search_page {
	uint64_t max_id;  /* below; 0: from the newest */
	uint64_t min_id;  /* above */
	uint64_t account; /* only of this one; 0: of all */
	unsigned offset;
	unsigned limit;
};

/*
 * The statuses that viewer finds, newest first; who is nobody finds none. At most page->limit ids in
 * out, their number in *count. The work is bounded: what stands far behind more common words is not
 * reached. Words are joined by "and". Operators: from:, has:, is:, language:, before:, after:,
 * during:, in:, "phrases", #tags, and a minus before any of them.
 */
enum rc search_statuses(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			struct viewer viewer, struct str query, const struct search_page *page,
			uint64_t out[SEARCH_LIMIT_MAX], size_t *count) NODISCARD;

/* --- asking for people --- */

struct people_query {
	struct str text; /* parts of names, or a handle */
	struct viewer viewer;
	bool following; /* only whom the viewer follows */
	unsigned offset;
	unsigned limit;
};
/* Those with names of which each begins with a word of the question; handles that fit exactly first,
 * then whom the viewer follows, then by followers. */
enum rc search_accounts(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			const struct people_query *query, uint64_t out[SEARCH_LIMIT_MAX],
			size_t *count) NODISCARD;

/* --- asking other hosts --- */

/*
 * How a search reaches what is not known here, without knowing who asks other hosts. `done` is called
 * exactly once, on another thread or before the call returns; the account or status is stored then,
 * under that id.
 * Outside of transactions, any thread. Fields may be NULL: then nobody is asked.
 */
typedef void search_done(void *arg, enum rc rc, uint64_t id);
struct search_port {
	void (*handle)(void *arg, struct str user, struct str host, search_done *done,
		       void *done_arg);
	/* a post or an account, by its id or by the page that shows it */
	void (*address)(void *arg, struct str uri, search_done *done, void *done_arg);
	void (*actor)(void *arg, struct str uri, search_done *done, void *done_arg);
	void *arg;
};

/* What a question asks for when it is no words: a handle with a host, or an address. */
enum search_target_kind {
	SEARCH_WORDS,
	SEARCH_HANDLE,
	SEARCH_ADDRESS,
};
struct search_target {
	enum search_target_kind kind;
	struct str user, host; /* of a handle; host is empty when it is ours */
	struct str uri;	       /* canonical */
};
void search_target_of(struct ctx *ctx, const struct site *site, struct str query,
		      struct search_target *out);
/* The same of a group, which may be written "!name@host". */
void search_group_target(struct ctx *ctx, const struct site *site, struct str query,
			 struct search_target *out);
/* Is it a handle or an address elsewhere, and somebody there who asks? */
bool search_may_ask(const struct search_port *port, const struct site *site,
		    const struct search_target *target);
/* Asks for what may be asked for. */
void search_ask(const struct search_port *port, const struct search_target *target,
		search_done *done, void *done_arg);
/* What is stored under the target: a status or an account; both 0 when there is none or viewer may not
 * see it. */
struct search_hit {
	uint64_t account;
	uint64_t status;
};
struct search_hit search_known(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			       struct viewer viewer, const struct search_target *target);

#endif
