/*
 * /media/...: what was uploaded here, and what other servers have. Never anything that a browser
 * would run: the type is what is in the file, out of a table of pictures, films, sounds and documents, and
 * the page that it might be has no rights (S-092). On listener threads.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/enc.h"
#include "httpd/file.h"
#include "media_int.h"

#define FOREVER STR("public, max-age=31536000, immutable")
#define HEX_LEN ((size_t)2 * DIGEST_SIZE)

static void not_found(struct httpd_request *req)
{
	httpd_reply_error(req, 404, STR("not found"), 0);
}

/* named: what it is called; a document is what it was sniffed as when it came. */
static const struct media_type *type_of_file(int fd, const struct media_type *named)
{
	char first[MEDIA_SNIFF_BYTES];
	ssize_t n = pread(fd, first, sizeof(first), 0);
	struct str bytes = str_n(first, n > 0 ? (size_t)n : 0);
	if (named != NULL && named->kind == MEDIA_DOCUMENT)
		return media_document_may_be(named, bytes) ? named : NULL;
	return media_sniff(bytes);
}

void reply_media(struct httpd_request *req, int fd, uint64_t size, const struct digest *name,
		 const struct media_type *named, bool ours)
{
	const struct media_type *type = type_of_file(fd, named);
	struct buf tag = BUF_INIT(HEX_LEN + 2);
	if (type == NULL || (named != NULL && type != named)) {
		close(fd);
		not_found(req);
		return;
	}
	/* S-095: what was not made anew here is shown in pages, but not as one */
	bool shown = ours && type->kind != MEDIA_DOCUMENT;
	buf_add_chr(&tag, '"');
	enc_hex(&tag, str_n(name->bytes, DIGEST_SIZE));
	buf_add_chr(&tag, '"');
	httpd_add_header(req, "Cache-Control", FOREVER);
	httpd_add_header(req, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
	httpd_add_header(req, "Cross-Origin-Resource-Policy", STR("cross-origin"));
	httpd_add_header(req, "Access-Control-Allow-Origin", STR("*"));
	httpd_add_header(req, "Content-Disposition", shown ? STR("inline") : STR("attachment"));
	httpd_reply_file(req, &(struct httpd_file){ .fd = fd,
						    .size = size,
						    .content_type = type->name,
						    .etag = arena_take_buf(req->ctx.arena, &tag) });
}

/* "<digest>.jpg", and the file is one. */
static bool parse_name(struct str text, struct digest *name, const struct media_type **type)
{
	struct str hex, extension;
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE);
	if (!str_split(text, '.', &hex, &extension) || hex.len != HEX_LEN ||
	    !enc_unhex(&bytes, hex) || bytes.len != DIGEST_SIZE)
		return false;
	memcpy(name->bytes, bytes.ptr, DIGEST_SIZE);
	*type = media_type_by_extension(extension);
	return *type != NULL;
}

/* Was it made here, and not merely copied from a partner's node? */
static bool is_made_here(struct media *media, const struct digest *name)
{
	struct db_txn *txn;
	if (db_read_begin(media->parts.db, &txn) != RC_OK)
		return false;
	bool made = !medium_file_is_copied(txn, name);
	db_read_end(&txn);
	return made;
}

static void get_file(struct httpd_request *req, void *app)
{
	struct media *media = media_of(app);
	const struct media_type *type;
	struct digest name;
	uint64_t size;
	int fd;
	if (!parse_name(req->params[0], &name, &type)) {
		not_found(req);
		return;
	}
	bool made = is_made_here(media, &name);
	if (media->s3 != NULL)
		kept_reply(media, req, &name, type, made);
	else if (files_get(&media->kept, &name, &fd, &size) == RC_OK)
		reply_media(req, fd, size, &name, type, made);
	else
		not_found(req);
}

static void get_remote(struct httpd_request *req, void *app)
{
	struct media *media = media_of(app);
	uint64_t id;
	struct str url = STR_NONE;
	if (str_to_u64(req->params[1], &id))
		url = remote_url(media, &req->ctx, req->params[0], id, req->params[2]);
	if (url.ptr == NULL)
		not_found(req);
	else
		remote_reply(media, req, url);
}

const struct httpd_route media_routes[] = {
	{ HTTP_GET, "/media/files/:name", HTTP_ANY, 0, get_file },
	{ HTTP_GET, "/media/remote/:what/:id/:tag", HTTP_ANY, 0, get_remote },
};
const size_t media_route_count = ARRAY_LEN(media_routes);
