/*
 * What an account takes along when it moves to another server: its posts with their media, whom it
 * follows and blocks, and who followed it, as files of the account export container (FEP-6fcd). The manifest
 * tells the digest of each file and bears the account's integrity proof (FEP-8b32), so that whoever
 * reads the archive knows whose it is, wherever it has been meanwhile. manifest.yml is JSON, which is
 * YAML, too.
 */
#ifndef FF_FED_ARCHIVE_H
#define FF_FED_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "fed/fed.h"

struct media;

#define ARCHIVE_MANIFEST "manifest.yml"
#define ARCHIVE_OUTBOX "activitypub/outbox" /* and what follows it, up to .json */
#define ARCHIVE_FOLLOWING "activitypub/following_accounts.csv"
#define ARCHIVE_FOLLOWERS "activitypub/followers.csv"
#define ARCHIVE_BLOCKED "activitypub/blocked_accounts.csv"
#define ARCHIVE_ATTRIBUTES "activitypub/attributes.csv" /* where there are any */
#define ARCHIVE_ACTOR "activitypub/actor.json"
#define ARCHIVE_MEDIA "media/" /* and the name that the file has in its address */
#define ARCHIVE_FILE_MAX ((size_t)32 << 20)
#define ARCHIVE_MEDIA_MAX ((size_t)256 << 20)

/* --- writing --- */

/* Takes one file; what is not RC_OK ends the export. name and bytes are valid during the call. */
typedef enum rc archive_put(void *arg, const char *name, struct str bytes);

struct archive_sink {
	archive_put *put;
	void *arg;
	struct media *media; /* where files of media are; NULL: they stay behind */
};

struct archive_totals {
	uint64_t posts, following, followers, blocked;
	uint64_t media, media_lost; /* files; those that the node does not find any more */
};

/*
 * Writes a local account's files, the manifest last; reads in short transactions. Posts that are
 * local to the node are left out: they never leave it. RC_NOT_FOUND, RC_IO, RC_NO_MEMORY, or what
 * put returned.
 */
enum rc archive_export(struct fed *fed, struct ctx *ctx, uint64_t account,
		       const struct archive_sink *sink, struct archive_totals *out) NODISCARD;

/* --- reading --- */

/* Who is said to have made it; strings are in ctx's arena. RC_UNSUPPORTED: a manifest that is not
 * JSON, or of another version. RC_INVALID. */
enum rc archive_controller(struct fed *fed, struct ctx *ctx, struct str manifest,
			   struct str *out) NODISCARD;
/*
 * Is the manifest's proof by a key of its controller, as this node knows them (the caller has read
 * the controller's document)? RC_UNAUTHENTICATED with the reason.
 */
enum rc archive_verify(struct fed *fed, struct ctx *ctx, struct str manifest) NODISCARD;
/* Is this file as the manifest says? RC_INVALID when it differs or is not listed. */
enum rc archive_verify_file(struct ctx *ctx, struct str manifest, struct str name,
			    struct str bytes) NODISCARD;

/* A file of the archive that is a medium of the account here now. */
struct archive_medium {
	struct archive_medium *next;
	struct str name; /* without folders */
	uint64_t id;
};

struct archive_import {
	uint64_t account;      /* here */
	struct str controller; /* the actor there: only what it wrote itself is taken */
	struct archive_medium *media;
	uint64_t taken, known, skipped;
};

/* medium outlives the import. Before the posts are imported that show it. */
void archive_know_medium(struct archive_import *import, struct archive_medium *medium);
/* Avatar and header out of the actor's document, where the account has none yet. */
enum rc archive_import_profile(struct fed *fed, struct ctx *ctx, struct str actor,
			       const struct archive_import *import) NODISCARD;

/*
 * Makes posts of ours of a collection's posts (an outbox, or a page of one; newest first as it is),
 * at the times at which they were written, without telling anybody. What is known by its old id is
 * left alone, so that an import can be repeated; direct posts, boosts and what cannot be read are
 * skipped. RC_INVALID: not such a collection.
 */
enum rc archive_import_posts(struct fed *fed, struct ctx *ctx, struct str outbox,
			     struct archive_import *import) NODISCARD;

/* The next address of a list of accounts (Mastodon's CSV): false at the end. A heading and what is
 * no address are passed over. */
bool archive_next_address(struct str *csv, struct str *out);

#endif
