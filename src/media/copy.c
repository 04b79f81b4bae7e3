/*
 * Copies of what partners' communities share: fetched from the node that has it, from another when that
 * one is gone, and kept only when it is what its digest says, of the type that it was said to be, and
 * within the limits of what is uploaded here. Callbacks on the fetch client's thread and on workers.
 */
#include <stdlib.h>

#include "media_int.h"

#define TIMEOUT_MS (2 * MS_PER_MINUTE)
#define ARENA_MAX ((size_t)64 << 10)

struct copying {
	struct work work;
	struct media *media;
	struct media_copy in; /* its strings are in arena */
	struct arena *arena;
	struct str urls[MEDIA_COPY_URLS_MAX];
	size_t next; /* of urls */
	struct buf bytes;
	enum rc rc; /* of the last attempt */
	struct err err;
	struct medium_file file;
};

static void copying_free(struct copying *c)
{
	buf_free(&c->bytes);
	arena_free(&c->arena);
	free(c);
}

static void finish(struct copying *c, enum rc rc)
{
	c->in.done(c->in.arg, rc, rc == RC_OK ? "" : err_text(&c->err), &c->file);
	copying_free(c);
}

/* --- keeping --- */

static void keep_run(struct media *media, struct work *work)
{
	struct copying *c = CONTAINER_OF(work, struct copying, work);
	pin(media, &c->file.digest);
	enum rc rc = keep_file(media, &c->err, &c->file.digest, buf_str(&c->bytes));
	if (rc != RC_OK)
		media_copy_end(media, &c->file, false);
	finish(c, rc);
}

static void keep_drop(struct media *media UNUSED, struct work *work)
{
	struct copying *c = CONTAINER_OF(work, struct copying, work);
	finish(c, err_set(&c->err, RC_UNREACHABLE, "the node is stopping"));
}

void media_copy_end(struct media *media, const struct medium_file *file, bool recorded)
{
	unpin(media, &file->digest);
	if (!recorded)
		collect_file(media, &file->digest);
}

/* --- fetching --- */

static uint64_t most_of(const struct media *media, const struct media_type *type)
{
	const struct media_settings *s = media->parts.settings;
	if (type->kind == MEDIA_DOCUMENT)
		return s->document_bytes;
	return type->kind == MEDIA_IMAGE ? s->image_bytes : s->film_bytes;
}

static const struct media_type *type_of(struct str bytes)
{
	const struct media_type *type = media_sniff(bytes);
	return type != NULL ? type : media_document_sniff(bytes);
}

/* What is in it, whatever its server says (S-096). */
static enum rc judge(struct copying *c, const struct fetch_result *result)
{
	if (result->rc != RC_OK)
		return err_set(&c->err, result->rc, "%.*s", STR_ARG(result->reason));
	if (result->status != 200)
		return err_set(&c->err, RC_UNREACHABLE, "the host answered %u", result->status);
	struct digest is = digest_sha256(result->body);
	if (memcmp(is.bytes, c->in.digest.bytes, DIGEST_SIZE) != 0)
		return err_set(&c->err, RC_CORRUPT, "the file is not what its digest says");
	const struct media_type *type = type_of(result->body);
	if (type == NULL || !str_eq(c->in.type, str_of(type->name)))
		return err_set(&c->err, RC_INVALID, "the file is no %.*s", STR_ARG(c->in.type));
	c->file = (struct medium_file){ .type = str_of(type->name),
					.digest = is,
					.bytes = result->body.len };
	return RC_OK;
}

static void fetch_next(struct copying *c);

static void fetched(void *arg, const struct fetch_result *result)
{
	struct copying *c = arg;
	enum rc rc = judge(c, result);
	if (rc == RC_OK)
		buf_add(&c->bytes, result->body);
	if (rc == RC_OK && c->bytes.failed)
		rc = err_set(&c->err, RC_NO_MEMORY, "out of memory");
	if (rc != RC_OK) {
		/* the worst that was found counts: somebody has it, and it is not what it should be */
		if (c->rc == RC_OK || rc != RC_UNREACHABLE)
			c->rc = rc;
		return fetch_next(c);
	}
	c->work = (struct work){ .run = keep_run, .drop = keep_drop };
	if (!work_add(c->media, &c->work))
		finish(c, err_set(&c->err, RC_BUSY, "too much is being kept"));
}

static void fetch_next(struct copying *c)
{
	if (c->next == c->in.url_count)
		return finish(c, c->rc != RC_OK ? c->rc : RC_UNREACHABLE);
	const struct media_type *type = media_type_by_name(c->in.type);
	const struct fetch_request request = { .method = STR("GET"),
					       .url = c->urls[c->next++],
					       .bytes_max = most_of(c->media, type),
					       .timeout_ms = TIMEOUT_MS,
					       .done = fetched,
					       .arg = c };
	fetch_submit(c->media->parts.fetch, &request);
}

void media_copy(struct media *media, const struct media_copy *copy)
{
	struct copying *c = calloc(1, sizeof(*c));
	must(c != NULL && copy->url_count <= MEDIA_COPY_URLS_MAX);
	c->media = media;
	c->arena = arena_new(ARENA_MAX);
	must(c->arena != NULL);
	c->in = *copy;
	c->in.type = arena_str(c->arena, copy->type);
	for (size_t i = 0; i < copy->url_count; i++)
		c->urls[i] = arena_str(c->arena, copy->urls[i]);
	buf_init(&c->bytes, media_upload_max(media->parts.settings));
	if (arena_failed(c->arena))
		return finish(c, err_set(&c->err, RC_NO_MEMORY, "out of memory"));
	if (media_type_by_name(c->in.type) == NULL)
		return finish(c,
			      err_set(&c->err, RC_UNSUPPORTED, "files of this kind are not taken"));
	fetch_next(c);
}
