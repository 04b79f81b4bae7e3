/*
 * Lists of blocks that others keep, in Mastodon's CSV: read from time to time, turned into drafts that a
 * moderator confirms, or into decisions where enough lists agree. What was decided by hand is never
 * touched. A moderator who is NULL is the operator at the command line. Acts run inside a write.
 */
#ifndef FF_SOCIAL_BLOCKLIST_H
#define FF_SOCIAL_BLOCKLIST_H

#include "social/social.h"
#include "store/blocklist.h"

#define BLOCKLIST_BYTES_MAX ((size_t)4 << 20)

struct block_rows {
	struct block_entry *list; /* by host, each once */
	size_t count;
	size_t skipped; /* lines that name no host, or a severity that is none */
};
/*
 * Pure: RFC 4180, with the columns that the first line names as Mastodon exports them ("#domain",
 * "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"), or a host on each
 * line, which stands for "suspend", as a row without a severity does. RC_INVALID (no UTF-8, a quote that does not end, no column of domains), RC_TOO_LARGE (more
 * than BLOCKLIST_HOSTS_MAX), with the reason in ctx.
 */
enum rc blocklist_parse(struct ctx *ctx, struct str text, struct block_rows *out) NODISCARD;

/* Subscribes; it is read at once. RC_DENIED, RC_INVALID (the address), RC_EXISTS, RC_TOO_LARGE (there
 * are BLOCKLISTS_MAX). */
enum rc blocklist_subscribe(struct social *s, const struct account *moderator,
			    struct blocklist *list) NODISCARD;
/* Ends it; what it alone asked for is taken back by the job. */
enum rc blocklist_end(struct social *s, const struct account *moderator, uint64_t id) NODISCARD;

/*
 * Is what came too little to be believed: no host, or less than half of those that the list named before? A
 * page of the host's for what is wrong would take everything back that the list asked for.
 */
bool blocklist_is_short(const struct blocklist *list, const struct block_rows *rows);
/* A moderator believes it: the next attempt, within an hour of one that failed, takes whatever comes.
 * RC_NOT_FOUND; RC_CONFLICT: the last attempt has not failed. */
enum rc blocklist_accept(struct social *s, const struct account *moderator, uint64_t id) NODISCARD;

/* What the lists ask for of a host, taken together: the strictest of them. 0: no list names it. */
size_t blocklist_opinion(struct db_txn *txn, struct arena *arena, struct str host,
			 struct block_entry *out);

/* A moderator wants what the lists ask for, or does not. RC_NOT_FOUND: there is no draft. */
enum rc block_draft_confirm(struct social *s, const struct account *moderator,
			    struct str host) NODISCARD;
enum rc block_draft_dismiss(struct social *s, const struct account *moderator,
			    struct str host) NODISCARD;

/* --- for the job --- */

/* Takes over rows in a new generation of the list; those of hosts that changed are considered. */
void blocklist_take(struct social *s, const struct blocklist *list, uint32_t generation,
		    const struct block_entry *rows, size_t count, unsigned agree);
/* Forgets at most some of the entries of older generations, all when there is no such list; true when
 * there may be more behind *after. */
bool blocklist_drop_old(struct social *s, uint64_t list, uint32_t generation, struct str *after,
			unsigned agree);

#endif
