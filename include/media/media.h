/*
 * media: pictures, films and sounds. What people of this node upload is made anew by a helper in a
 * sandbox and kept under the digest of what it is; what other servers have is fetched when somebody
 * looks at it, and kept within a budget.
 *
 *   struct media    the running part: workers, files, the cache; one per node
 *   type.h          what a file is, by what is in it
 *   blurhash.h      a blur of it in a few characters
 *   media_routes    /media/...: files with ranges, never anything that a browser would run
 *
 * Workers block; listener threads only hand them work. Records of media are store/medium.h's.
 */
#ifndef FF_MEDIA_MEDIA_H
#define FF_MEDIA_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"
#include "db/db.h"
#include "fetch/fetch.h"
#include "httpd/httpd.h"
#include "media/type.h"
#include "store/account.h"
#include "store/card.h"
#include "store/medium.h"
#include "store/status.h"

struct media;

struct media_settings {
	uint64_t image_bytes; /* of an upload */
	uint64_t film_bytes;
	uint64_t document_bytes; /* of what communities share */
	uint64_t pixels;	 /* of a picture with all its frames */
	uint64_t remote_bytes;	 /* of one file of another server */
	uint64_t cache_bytes;	 /* of all of them */
	uint64_t remote_rate;	 /* how many one address may have fetched in ten minutes */
	uint64_t workers;
	struct str ffmpeg; /* the programs; no films and sounds without them */
	struct str ffprobe;
	/* where uploads are kept when not in the folder: a store that speaks S3's protocol */
	struct str s3_endpoint; /* "https://s3.example.org"; empty: in the folder */
	struct str s3_bucket;
	struct str s3_region;
	struct str s3_key_id;
	struct str s3_secret_file;
};

extern const struct conf_row media_conf_rows[];
extern const size_t media_conf_row_count;

/* All of it outlives the media. */
struct media_parts {
	struct db *db;
	struct fetch *fetch;
	const struct clock *clock;
	const struct media_settings *settings;
	struct str base;     /* of the node's addresses: "https://social.example.org" */
	struct str folder;   /* made when it is not there */
	struct str secret;   /* of the node; addresses of what others have are made with it */
	unsigned iri_flags;  /* IRI_STRICT but in tests */
	const char *program; /* that is run as the helper; NULL: this one */
};

/* RC_IO, RC_NO_MEMORY, with the reason in err. Takes up what was not finished the last time. */
enum rc media_new(struct err *err, const struct media_parts *parts, struct media **out) NODISCARD;
/*
 * Ends the workers and their helpers: uploads are told RC_UNREACHABLE, films wait for the next start.
 * After the listener was stopped, before the fetch client is freed.
 */
void media_stop(struct media *media);
/* After the fetch client was freed. */
void media_free(struct media **media);

/* --- uploads --- */

struct media_upload {
	uint64_t owner;
	enum medium_use shape; /* what for: an avatar or a header is cut to its size */
	struct str bytes;      /* both live until done was called */
	struct str thumbnail;  /* a picture that stands for a film or sound; empty: none */
	struct str description;
	bool has_focus;
	int focus_x, focus_y;
	bool finished;	/* done is called when a film is made, too */
	bool documents; /* they are taken, too: it is for a community to share */
	/*
	 * Called once, on a worker or at once on this thread: RC_OK with the medium, which is
	 * ready, or (of films and sounds) processing: what it becomes is written to its record.
	 * Else RC_UNSUPPORTED, RC_INVALID, RC_TOO_LARGE, RC_BUSY, ... with what a person should
	 * read.
	 */
	void (*done)(void *arg, enum rc rc, const char *reason, const struct medium *medium);
	void *arg;
};

/* Takes a copy of the struct. The medium that comes of it is durable before done is called. */
void media_submit(struct media *media, const struct media_upload *upload);
/*
 * The same, waiting until it is done: on a worker thread of the listener. RC_OK with the medium's id; else as
 * done is told, with the reason in ctx.
 */
enum rc media_submit_wait(struct media *media, struct ctx *ctx, struct media_upload *upload,
			  uint64_t *id) NODISCARD;
/* A larger body than this is never taken. */
uint64_t media_upload_max(const struct media_settings *settings);

/* --- copies of what a partner's community shares --- */

struct media_copy {
	const struct str *urls; /* where it may be had, in this order; copied */
	size_t url_count;
	struct digest digest; /* it is this or nothing */
	struct str type;      /* and of this type: "application/pdf" */
	/*
	 * Called once, on a worker or at once on this thread. RC_OK: the file is kept, and stays until
	 * media_copy_end(). RC_INVALID, RC_TOO_LARGE, RC_UNSUPPORTED: it is of another type than it was said
	 * to be, or nothing that is taken. Anything else: it cannot be had now (RC_CORRUPT: what came has
	 * another digest).
	 */
	void (*done)(void *arg, enum rc rc, const char *reason, const struct medium_file *file);
	void *arg;
};

#define MEDIA_COPY_URLS_MAX 4
/* Fetches a file of another node and keeps it as it is. The caller writes its record (MEDIUM_COPY). */
void media_copy(struct media *media, const struct media_copy *copy);
/* The record of a copy is durable, or will not be written. */
void media_copy_end(struct media *media, const struct medium_file *file, bool recorded);

/* --- from the command line --- */

/*
 * The same without threads, beside a node that may run on the same files: for the calls below alone.
 * Then media_stop() and media_free() as above.
 */
enum rc media_open(struct err *err, const struct media_parts *parts, struct media **out) NODISCARD;
/*
 * Makes and records an upload as media_submit() does, films to their end, on this thread; done is
 * not called. RC_OK with the medium's id; else as done would be told, with the reason in ctx.
 */
enum rc media_take(struct media *media, struct ctx *ctx, const struct media_upload *upload,
		   uint64_t *id) NODISCARD;
/* The bytes of a file of our people. RC_NOT_FOUND, RC_TOO_LARGE (than out may grow), RC_CORRUPT, or what
 * the store says, with the reason in err. */
enum rc media_read(struct media *media, struct err *err, const struct medium_file *file,
		   struct buf *out) NODISCARD;

/* --- addresses --- */

/* "/media/files/<digest>.jpg", a path of this host. Absent when the file is none. */
struct str media_file_path(struct arena *arena, const struct medium_file *file);
/*
 * Where people of this node see what a status or an account shows: our own files as they are, those
 * of others through this node. Nobody can make such an address up for something else (S-096). Absent
 * when there is nothing to see.
 */
struct str media_attachment_url(const struct media *media, struct arena *arena,
				const struct status *status, unsigned number);
struct str media_preview_url(const struct media *media, struct arena *arena,
			     const struct status *status, unsigned number);
struct str media_avatar_url(const struct media *media, struct arena *arena,
			    const struct account *account);
struct str media_card_url(const struct media *media, struct arena *arena, const struct card *card);
struct str media_header_url(const struct media *media, struct arena *arena,
			    const struct account *account);

/* The route table; app is the media. */
extern const struct httpd_route media_routes[];
extern const size_t media_route_count;

/* --- the helper --- */

/* The word on the command line that makes this program the helper; main() looks for it first. */
#define MEDIA_HELPER "media-helper"
/* How a helper ends that cannot do what it is for. */
#define MEDIA_HELPER_NO_SANDBOX 70
#define MEDIA_HELPER_NO_PROGRAM 71
int media_helper_main(int argc, char *const *argv);

#endif
