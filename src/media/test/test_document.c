/* Documents that communities share: what is taken for one, how it is served, how it is copied. */
#include "mediakit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/type.h"

#define PDF "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
#define PAGE "<!doctype html><script>alert(1)</script>"
#define URL "https://b.example/media/files/1.pdf"
#define OTHER "https://c.example/media/files/1.pdf"

/* --- packing --- */

struct entry {
	const char *name;
	const char *bytes;
};

static void add_le(struct buf *out, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_add_chr(out, (char)(n >> (8 * i)));
}

static void add_head(struct buf *out, const char *magic, bool central, const struct entry *e)
{
	buf_add(out, str_n(magic, 4));
	if (central)
		add_le(out, 20, 2);
	add_le(out, 20, 2);
	add_le(out, 0, 8); /* flags, stored, time, date */
	add_le(out, 0, 4); /* nobody looks at the CRC */
	add_le(out, strlen(e->bytes), 4);
	add_le(out, strlen(e->bytes), 4);
	add_le(out, strlen(e->name), 2);
	add_le(out, 0, 2);
	if (central) {
		add_le(out, 0, 6); /* comment, volume, attributes */
		add_le(out, 0, 8); /* attributes, offset */
	}
	buf_add(out, str_of(e->name));
}

static struct str zip(struct arena *arena, const struct entry *entries, size_t count)
{
	struct buf out = BUF_INIT(1 << 16);
	for (size_t i = 0; i < count; i++) {
		add_head(&out, "PK\3\4", false, &entries[i]);
		buf_add(&out, str_of(entries[i].bytes));
	}
	size_t at = out.len;
	for (size_t i = 0; i < count; i++)
		add_head(&out, "PK\1\2", true, &entries[i]);
	size_t size = out.len - at;
	buf_add(&out, str_n("PK\5\6", 4));
	add_le(&out, 0, 4);
	add_le(&out, count, 2);
	add_le(&out, count, 2);
	add_le(&out, size, 4);
	add_le(&out, at, 4);
	add_le(&out, 0, 2);
	return arena_take_buf(arena, &out);
}

static const struct entry types = { "[Content_Types].xml", "<Types/>" };
static const struct entry word = { "word/document.xml", "<document/>" };
static const struct entry macros = { "word/vbaProject.bin", "x" };
static const struct entry content = { "content.xml", "<c/>" };

/* --- what is taken --- */

static void assert_is(struct str bytes, const char *extension)
{
	const struct media_type *type = media_document_sniff(bytes);
	const char *is = type != NULL ? type->extension : "none";
	if (!str_eq(str_of(is), str_of(extension)))
		fail_msg("\"%.*s\" is %s and not %s", STR_ARG(str_take(bytes, 40)), is, extension);
	if (type != NULL) {
		assert_true(media_document_may_be(type, str_take(bytes, MEDIA_SNIFF_BYTES)));
		assert_null(media_sniff(bytes));
	}
}

static void documents_are_known_by_what_is_in_them(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	const struct entry book = { "xl/workbook.xml", "<w/>" },
			   show = { "ppt/presentation.xml", "<p/>" };
	const struct entry odt = { "mimetype", "application/vnd.oasis.opendocument.text" };
	const struct entry ods = { "mimetype", "application/vnd.oasis.opendocument.spreadsheet" };
	assert_is(STR(PDF), "pdf");
	assert_is(zip(arena, (const struct entry[]){ types, word }, 2), "docx");
	assert_is(zip(arena, (const struct entry[]){ types, book }, 2), "xlsx");
	assert_is(zip(arena, (const struct entry[]){ show, types }, 2), "pptx");
	assert_is(zip(arena, (const struct entry[]){ odt, content }, 2), "odt");
	assert_is(zip(arena, (const struct entry[]){ ods, content }, 2), "ods");
	assert_is(STR("Dear all,\n\nminutes: see below; thanks, everybody.\n"), "txt");
	assert_is(STR("name,votes\n\"Doe, Jane\",3\nRoe,4\n"), "csv");
	assert_is(STR("a;b\r\n1;2\r\n"), "csv");
	assert_is(STR("\xef\xbb\xbfGr\xc3\xbc\xc3\x9f"
		      "e"),
		  "txt");
	arena_free(&arena);
}

static void what_is_none_or_could_be_run_is_not_taken(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	const struct entry foreign = { "mimetype", "text/html" };
	const struct str none[] = {
		STR(""),
		STR(" \n"),
		STR(PAGE),
		STR("\n\t <svg xmlns='http://www.w3.org/2000/svg'/>"),
		STR("\xef\xbb\xbf<?xml version='1.0'?>"),
		STR("#!/bin/sh\nrm -rf /\n"),
		STR("%PDF-1.7\n" PAGE), /* no end */
		STR("%!PS-Adobe-3.0\n"),
		STR("MZ\x90\0\3"),
		STR("a\0b"),
		STR("caf\xe9"),
		STR("\x1b[31mred"),
		STR("PK\3\4"),
		STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
		zip(arena, (const struct entry[]){ types, word, macros }, 3),
		zip(arena, (const struct entry[]){ word }, 1),
		zip(arena, (const struct entry[]){ { "evil.js", "1" } }, 1),
		zip(arena, (const struct entry[]){ foreign, content }, 2),
		arena_join(arena, zip(arena, (const struct entry[]){ types, word }, 2), STR(PAGE)),
		arena_join(arena, STR(PAGE), zip(arena, (const struct entry[]){ types, word }, 2)),
	};
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_is(none[i], "none");
	/* the names of none of them are those of a page */
	for (size_t i = 0; i < media_document_type_count; i++) {
		const struct media_type *t = &media_document_types[i];
		assert_int_equal(t->kind, MEDIA_DOCUMENT);
		assert_ptr_equal(media_type_by_name(str_of(t->name)), t);
		assert_ptr_equal(media_type_by_extension(str_of(t->extension)), t);
		assert_false(str_contains(str_of(t->name), STR("html")) ||
			     str_contains(str_of(t->name), STR("json")) ||
			     str_contains(str_of(t->name), STR("svg")) ||
			     str_contains(str_of(t->name), STR("script")));
	}
	arena_free(&arena);
}

/* A reader that looks behind the end would be seen by the sanitizer. */
static void nothing_behind_the_end_is_read(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	const struct entry odt = { "mimetype", "application/vnd.oasis.opendocument.text" };
	const struct str whole[] = { STR(PDF),
				     zip(arena, (const struct entry[]){ odt, content, types }, 3) };
	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		for (size_t len = 0; len < whole[i].len; len++) {
			char *copy = malloc(len + 1);
			assert_non_null(copy);
			memcpy(copy, whole[i].ptr, len);
			/* cut short, neither is one any more */
			const struct media_type *type = media_document_sniff(str_n(copy, len));
			assert_true(type == NULL || whole[i].len - len < 2 || len < 5);
			for (size_t k = 0; k < len; k += 7) {
				copy[k] ^= 0x55;
				(void)media_document_sniff(str_n(copy, len));
				copy[k] ^= 0x55;
			}
			free(copy);
		}
	}
	arena_free(&arena);
}

/* --- uploads --- */

static enum rc share(struct world *w, struct str bytes, uint64_t *id)
{
	const struct media_upload order = {
		.owner = w->alice.id, .bytes = bytes, .description = STR(""), .documents = true
	};
	struct ctx ctx = { .arena = w->t.arena };
	return media_take(w->media, &ctx, &order, id);
}

static void get(struct world *w, struct str path, struct buf *out)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(httpd_port(w->httpd)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct buf request CLEANUP(buf_free) = BUF_INIT(4096);
	char bytes[4096];
	ssize_t n;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&to, sizeof(to)), 0);
	buf_addf(&request,
		 "GET %.*s HTTP/1.1\r\nHost: social.example.org\r\nConnection: close\r\n\r\n",
		 STR_ARG(path));
	assert_int_equal(write(fd, request.ptr, request.len), request.len);
	buf_reset(out);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add_bytes(out, bytes, (size_t)n);
	close(fd);
}

static void assert_has(const struct buf *reply, const char *text)
{
	if (!str_contains(buf_str(reply), str_of(text)))
		fail_msg("no \"%s\" in \"%.*s\"", text, STR_ARG(str_take(buf_str(reply), 800)));
}

static void s095_documents_are_saved_and_not_shown(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	uint64_t id;
	world_init(&w);
	assert_int_equal(share(&w, STR(PDF), &id), RC_OK);
	struct medium m = medium_of(&w, id);
	assert_int_equal(m.state, MEDIUM_READY);
	assert_str_eq(m.file.type, STR("application/pdf"));
	assert_int_equal(m.file.bytes, sizeof(PDF) - 1);
	struct str path = media_file_path(w.t.arena, &m.file);
	assert_true(str_has_suffix(path, STR(".pdf")));
	get(&w, path, &reply);
	assert_has(&reply, "HTTP/1.1 200");
	assert_has(&reply, "\r\nContent-Type: application/pdf\r\n");
	assert_has(&reply, "\r\nContent-Disposition: attachment\r\n");
	assert_has(&reply, "\r\nX-Content-Type-Options: nosniff\r\n");
	assert_has(&reply, "\r\nContent-Security-Policy: default-src 'none'; sandbox\r\n");
	assert_true(str_has_suffix(buf_str(&reply), STR(PDF)));
	/* by another name it is not there */
	struct str stem = str_take(path, path.len - 3);
	const char *const names[] = { "txt", "docx", "jpg", "html", "csv" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		get(&w, arena_join(w.t.arena, stem, str_of(names[i])), &reply);
		assert_has(&reply, "HTTP/1.1 404");
	}
	test_db_check(&w.t);
}

static void documents_are_taken_where_they_are_wanted_and_not_too_large(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	uint64_t id;
	world_init(&w);
	assert_int_equal(upload(&w, STR(PDF), MEDIUM_OPEN), RC_UNSUPPORTED);
	assert_int_equal(share(&w, STR(PAGE), &id), RC_UNSUPPORTED);
	w.settings.document_bytes = sizeof(PDF) - 2;
	assert_int_equal(share(&w, STR(PDF), &id), RC_TOO_LARGE);
	w.settings.document_bytes++;
	assert_int_equal(share(&w, STR(PDF), &id), RC_OK);
}

/* --- copies --- */

struct copied {
	struct world *w;
	bool done;
	enum rc rc;
	struct medium_file file;
};

static void copied(void *arg, enum rc rc, const char *reason UNUSED, const struct medium_file *file)
{
	struct copied *c = arg;
	pthread_mutex_lock(&c->w->lock);
	c->rc = rc;
	c->file = *file;
	c->done = true;
	pthread_cond_signal(&c->w->changed);
	pthread_mutex_unlock(&c->w->lock);
}

static struct copied copy(struct world *w, const char *type)
{
	const struct str urls[] = { STR(URL), STR(OTHER) };
	struct copied c = { .w = w };
	media_copy(w->media, &(struct media_copy){ .urls = urls,
						   .url_count = ARRAY_LEN(urls),
						   .digest = digest_sha256(STR(PDF)),
						   .type = str_of(type),
						   .done = copied,
						   .arg = &c });
	pthread_mutex_lock(&w->lock);
	while (!c.done)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return c;
}

static void a_copy_is_what_its_digest_says_or_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(copy(&w, "application/pdf").rc, RC_UNREACHABLE);
	/* a page that calls itself a PDF */
	test_fetch_answer(w.net, URL, 200, "application/pdf", STR(PAGE));
	assert_int_equal(copy(&w, "application/pdf").rc, RC_CORRUPT);
	test_fetch_answer(w.net, URL, 200, "application/pdf", STR(PDF));
	assert_int_equal(copy(&w, "text/plain").rc, RC_INVALID);
	assert_int_equal(copy(&w, "text/html").rc, RC_UNSUPPORTED);
	struct copied c = copy(&w, "application/pdf");
	assert_int_equal(c.rc, RC_OK);
	assert_true(is_kept(&w.media->kept, &c.file.digest));
	assert_int_equal(test_fetch_request(w.net, 0)->bytes_max, w.settings.document_bytes);
	/* nobody has recorded it */
	media_copy_end(w.media, &c.file, false);
	assert_false(is_kept(&w.media->kept, &c.file.digest));
	/* where it was first is gone: another has it */
	test_fetch_fail(w.net, URL, RC_UNREACHABLE);
	test_fetch_answer(w.net, OTHER, 200, "application/pdf", STR(PDF));
	c = copy(&w, "application/pdf");
	assert_int_equal(c.rc, RC_OK);
	media_copy_end(w.media, &c.file, false);
}

static enum rc record_copy(struct db_txn *txn, void *arg)
{
	struct medium *m = arg;
	return medium_add(txn, m) ? RC_OK : db_txn_rc(txn);
}

/* S-092: it was not made anew here. */
static void a_copied_picture_is_saved_and_not_shown(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct copied c = { .w = &w };
	const struct str urls[] = { STR(PICTURE_URL) };
	world_init(&w);
	struct str picture = fixture(&w, "turned.jpg");
	test_fetch_answer(w.net, PICTURE_URL, 200, "image/jpeg", picture);
	media_copy(w.media, &(struct media_copy){ .urls = urls,
						  .url_count = 1,
						  .digest = digest_sha256(picture),
						  .type = STR("image/jpeg"),
						  .done = copied,
						  .arg = &c });
	pthread_mutex_lock(&w.lock);
	while (!c.done)
		pthread_cond_wait(&w.changed, &w.lock);
	pthread_mutex_unlock(&w.lock);
	assert_int_equal(c.rc, RC_OK);
	struct medium m = { .owner = w.alice.id,
			    .state = MEDIUM_READY,
			    .use = MEDIUM_COPY,
			    .holder = 7,
			    .file = c.file,
			    .small = { .type = STR("") },
			    .blurhash = STR(""),
			    .description = STR(""),
			    .reason = STR("") };
	test_db_write(&w.t, record_copy, &m);
	media_copy_end(w.media, &c.file, true);
	struct str path = media_file_path(w.t.arena, &m.file);
	get(&w, path, &reply);
	assert_has(&reply, "HTTP/1.1 200");
	assert_has(&reply, "\r\nContent-Disposition: attachment\r\n");
	/* one of ours that is the same is shown */
	m.use = MEDIUM_AVATAR;
	m.holder = w.alice.id;
	test_db_write(&w.t, record_copy, &m);
	get(&w, path, &reply);
	assert_has(&reply, "\r\nContent-Disposition: inline\r\n");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_known_by_what_is_in_them),
		cmocka_unit_test(what_is_none_or_could_be_run_is_not_taken),
		cmocka_unit_test(nothing_behind_the_end_is_read),
		cmocka_unit_test(s095_documents_are_saved_and_not_shown),
		cmocka_unit_test(documents_are_taken_where_they_are_wanted_and_not_too_large),
		cmocka_unit_test(a_copy_is_what_its_digest_says_or_nothing),
		cmocka_unit_test(a_copied_picture_is_saved_and_not_shown),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
