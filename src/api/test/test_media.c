/* Uploads as clients make them: to posts, to profiles, described, changed, taken away. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apikit.h"
#include "media/blurhash.h"
#include "social/team.h"

struct world {
	struct apikit *kit;
	struct account alice, bob;
	struct str token, bobs;
};

static void world_init(struct world *w)
{
	w->kit = apikit_new();
	w->alice = test_store_local(&w->kit->t, "alice");
	w->bob = test_store_local(&w->kit->t, "bob");
	w->token = apikit_sign_in(w->kit, &w->alice, "read write");
	w->bobs = apikit_sign_in(w->kit, &w->bob, "read write");
}

static void world_free(struct world *w)
{
	apikit_free(&w->kit);
}

static struct str fixture(struct world *w, const char *name)
{
	char path[512];
	const char *top = getenv("FF_SRCDIR");
	struct buf bytes = BUF_INIT(1 << 20);
	snprintf(path, sizeof(path), "%s/src/media/test/fixtures/%s", top != NULL ? top : ".",
		 name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(buf_reserve(&bytes, 1 << 16));
	ssize_t n = read(fd, bytes.ptr, 1 << 16);
	close(fd);
	assert_true(n > 0);
	bytes.len = (size_t)n;
	return arena_take_buf(w->kit->t.d.arena, &bytes);
}

struct part {
	const char *name;
	const char *value; /* a field; NULL: a file */
	struct str file;
};

static struct answer send_form(struct world *w, const char *method, struct str token,
			       const char *path, const struct part *parts, size_t count)
{
	struct buf body CLEANUP(buf_free) = BUF_INIT(16 << 20);
	for (size_t i = 0; i < count; i++) {
		buf_addf(&body, "--b\r\nContent-Disposition: form-data; name=\"%s\"",
			 parts[i].name);
		if (parts[i].value == NULL)
			buf_add(&body, STR("; filename=\"x.html\"\r\nContent-Type: text/html"));
		buf_add(&body, STR("\r\n\r\n"));
		buf_add(&body, parts[i].value != NULL ? str_of(parts[i].value) : parts[i].file);
		buf_add(&body, STR("\r\n"));
	}
	buf_add(&body, STR("--b--\r\n"));
	return api_send(w->kit, method, token, path, "multipart/form-data; boundary=b",
			buf_str(&body));
}

#define SEND(w, method, path, ...)                                                     \
	send_form((w), method, (w)->token, path, (const struct part[]){ __VA_ARGS__ }, \
		  sizeof((const struct part[]){ __VA_ARGS__ }) / sizeof(struct part))

static struct str url_path(const struct answer *a, const char *member)
{
	struct str url = answer_str(a, member), base = STR("https://social.example.org");
	assert_true(str_has_prefix(url, base));
	return str_skip(url, base.len);
}

static void a_picture_is_ready_at_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	double x;
	world_init(&w);
	struct answer a =
		SEND(&w, "POST", "/api/v2/media", { "file", NULL, fixture(&w, "turned.jpg") },
		     { "description", "a cat", STR("") }, { "focus", "-0.42,0.69", STR("") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "type"), STR("image"));
	assert_str_eq(answer_str(&a, "description"), STR("a cat"));
	assert_int_equal(jr_type(answer_at(&a, "remote_url")), JR_NULL);
	assert_int_equal(answer_num(&a, "meta.original.width"), 30);
	assert_int_equal(answer_num(&a, "meta.original.height"), 40);
	assert_str_eq(answer_str(&a, "meta.original.size"), STR("30x40"));
	assert_int_equal(answer_num(&a, "meta.small.width"), 30);
	assert_true(jr_double(answer_at(&a, "meta.focus.x"), &x) && x == -0.42);
	assert_true(jr_double(answer_at(&a, "meta.focus.y"), &x) && x == 0.69);
	assert_true(blurhash_valid(answer_str(&a, "blurhash")));
	static const char *const members[] = { "url", "preview_url" };
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct str path = url_path(&a, members[i]);
		struct answer file = api_get(w.kit, STR_NONE, "%.*s", STR_ARG(path));
		assert_int_equal(file.status, 200);
		assert_str_eq(answer_header(&file, "Content-Type"), STR("image/jpeg"));
	}
	struct answer again =
		api_get(w.kit, w.token, "/api/v1/media/%.*s", STR_ARG(answer_str(&a, "id")));
	assert_int_equal(again.status, 200);
	assert_str_eq(again.body, a.body);
}

static void what_is_no_medium_is_told_with_its_reason(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	const struct {
		struct str file;
		const char *words;
	} cases[] = {
		{ STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), "are not taken" },
		{ STR("<script>alert(1)</script>"), "are not taken" },
		{ fixture(&w, "bomb.png"), "too many pixels" },
		{ str_take(fixture(&w, "turned.jpg"), 300), "File is invalid" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer a =
			SEND(&w, "POST", "/api/v2/media", { "file", NULL, cases[i].file });
		assert_int_equal(a.status, 422);
		assert_true(str_contains(answer_str(&a, "error"), str_of(cases[i].words)));
		assert_int_equal(jr_count(answer_at(&a, "details.file")), 1);
	}
	struct answer a = SEND(&w, "POST", "/api/v2/media", { "description", "no file", STR("") });
	assert_int_equal(a.status, 422);
	a = SEND(&w, "POST", "/api/v2/media", { "file", "no file", STR("") });
	assert_int_equal(a.status, 422);
	a = SEND(&w, "POST", "/api/v2/media", { "file", NULL, fixture(&w, "turned.jpg") },
		 { "focus", "2,0", STR("") });
	assert_int_equal(a.status, 422);
	a = api_send(w.kit, "POST", w.token, "/api/v2/media", "multipart/form-data; boundary=b",
		     STR("--b\r\nbroken"));
	assert_int_equal(a.status, 400);
	assert_int_equal(test_store_rows(&w.kit->t, &store_medium), 0);
}

static void s070_media_are_their_owners(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char path[100];
	world_init(&w);
	struct answer a =
		SEND(&w, "POST", "/api/v1/media", { "file", NULL, fixture(&w, "alpha.png") });
	assert_int_equal(a.status, 200);
	snprintf(path, sizeof(path), "/api/v1/media/%llu", (unsigned long long)answer_id(&a));
	assert_int_equal(api_get(w.kit, w.bobs, "%s", path).status, 404);
	assert_int_equal(api_ask(w.kit, "PUT", w.bobs, path, "description=mine").status, 404);
	assert_int_equal(api_ask(w.kit, "DELETE", w.bobs, path, NULL).status, 404);
	assert_int_equal(api_get(w.kit, STR_NONE, "%s", path).status, 401);
	struct str reads = apikit_sign_in(w.kit, &w.alice, "read write:statuses");
	assert_int_equal(api_get(w.kit, reads, "%s", path).status, 403);
	assert_int_equal(api_get(w.kit, w.token, "/api/v1/media/x").status, 404);
	assert_int_equal(api_ask(w.kit, "DELETE", w.token, path, NULL).status, 200);
	assert_int_equal(api_get(w.kit, w.token, "%s", path).status, 404);
}

static void media_are_described_before_they_are_posted(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char path[100], body[100];
	world_init(&w);
	struct answer a =
		SEND(&w, "POST", "/api/v2/media", { "file", NULL, fixture(&w, "alpha.png") });
	uint64_t id = answer_id(&a);
	struct str preview = answer_str(&a, "preview_url");
	snprintf(path, sizeof(path), "/api/v1/media/%llu", (unsigned long long)id);
	a = api_ask(w.kit, "PUT", w.token, path,
		    "{\"description\":\"two cats\",\"focus\":\"0.0,1.0\"}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "description"), STR("two cats"));
	assert_int_equal(answer_num(&a, "meta.focus.y"), 1);
	a = SEND(&w, "PUT", path, { "thumbnail", NULL, fixture(&w, "turned.jpg") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "description"), STR("two cats"));
	assert_false(str_eq(answer_str(&a, "preview_url"), preview));
	assert_int_equal(test_store_rows(&w.kit->t, &store_medium), 1);
	snprintf(body, sizeof(body), "{\"media_ids\":[\"%llu\"]}", (unsigned long long)id);
	a = api_post(w.kit, w.token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "content"), STR(""));
	assert_str_eq(answer_str(&a, "media_attachments.0.description"), STR("two cats"));
	assert_int_equal(api_ask(w.kit, "PUT", w.token, path, "description=x").status, 404);
	assert_int_equal(api_get(w.kit, w.token, "%s", path).status, 404);
	assert_int_equal(api_ask(w.kit, "DELETE", w.token, path, NULL).status, 422);
}

static uint64_t upload(struct world *w, struct str token, const char *name)
{
	const struct part part = { "file", NULL, fixture(w, name) };
	struct answer a = send_form(w, "POST", token, "/api/v2/media", &part, 1);
	assert_int_equal(a.status, 200);
	return answer_id(&a);
}

/* Of two accounts: the first is a team, the other its administrator. */
static enum rc found_desk(struct social *s, void *arg)
{
	struct account *two = arg;
	two[0].kind = ACCOUNT_ORGANIZATION;
	return team_create(s, 0, &two[0], two[1].id, &(struct team_change){ .four_eyes = false });
}

static void a_teams_trail_has_its_files(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct team_entry entry = { .id = 0 };
	world_init(&w);
	struct test_store *t = &w.kit->t;
	struct account two[] = { test_store_local(t, "desk"), test_store_local(t, "ada") };
	test_store_write(t, found_desk, two);
	two[0] = test_store_account(t, two[0].id);
	upload(&w, apikit_act_as(w.kit, &two[0], &two[1], "read write"), "alpha.png");
	struct db_txn *txn = test_store_read(t);
	team_log_page(txn, t->d.arena, two[0].id, &PAGE_ALL, &entry, 1);
	db_read_end(&txn);
	assert_true(entry.person == two[1].id && str_eq(entry.act, STR("POST /api/v2/media")));
}

static void a_post_shows_what_was_uploaded_for_it(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char body[200];
	world_init(&w);
	uint64_t first = upload(&w, w.token, "alpha.png"),
		 second = upload(&w, w.token, "turned.jpg");
	uint64_t bobs = upload(&w, w.bobs, "turned.jpg");
	snprintf(body, sizeof(body), "status=Look&media_ids[]=%llu&media_ids[]=%llu",
		 (unsigned long long)second, (unsigned long long)first);
	struct answer a = api_post(w.kit, w.token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "media_attachments")), 2);
	uint64_t shown = 0;
	assert_true(str_to_u64(answer_str(&a, "media_attachments.0.id"), &shown) &&
		    shown == second);
	assert_str_eq(answer_str(&a, "media_attachments.1.type"), STR("image"));
	assert_int_equal(answer_num(&a, "media_attachments.1.meta.original.width"), 24);
	assert_int_equal(answer_num(&a, "media_attachments.1.meta.small.width"), 24);
	assert_true(str_has_prefix(answer_str(&a, "media_attachments.1.url"),
				   STR("https://social.example.org/media/files/")));
	/* twice, another's, nobody's */
	const uint64_t wrong[] = { first, bobs, 1 };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(body, sizeof(body), "status=Look&media_ids[]=%llu",
			 (unsigned long long)wrong[i]);
		a = api_post(w.kit, w.token, "/api/v1/statuses", body);
		assert_int_equal(a.status, 422);
		assert_true(str_contains(answer_str(&a, "error"), STR("not found")));
	}
	assert_int_equal(api_post(w.kit, w.token, "/api/v1/statuses", "status=").status, 422);
}

static void an_edit_changes_pictures_and_their_words(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char path[100], body[400];
	world_init(&w);
	uint64_t first = upload(&w, w.token, "alpha.png"),
		 second = upload(&w, w.token, "turned.jpg");
	snprintf(body, sizeof(body), "status=Look&media_ids[]=%llu", (unsigned long long)first);
	struct answer a = api_post(w.kit, w.token, "/api/v1/statuses", body);
	snprintf(path, sizeof(path), "/api/v1/statuses/%llu", (unsigned long long)answer_id(&a));
	/* what is not said anew stays */
	a = api_ask(w.kit, "PUT", w.token, path, "{\"status\":\"Look!\"}");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "media_attachments")), 1);
	snprintf(body, sizeof(body),
		 "{\"status\":\"Look!\",\"media_ids\":[\"%llu\",\"%llu\"],\"media_attributes\":["
		 "{\"id\":\"%llu\",\"description\":\"new\",\"focus\":\"0.5,0.5\"},"
		 "{\"id\":\"%llu\",\"description\":\"old\"}]}",
		 (unsigned long long)second, (unsigned long long)first, (unsigned long long)second,
		 (unsigned long long)first);
	a = api_ask(w.kit, "PUT", w.token, path, body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "media_attachments.0.description"), STR("new"));
	assert_str_eq(answer_str(&a, "media_attachments.1.description"), STR("old"));
	/* the spelling of those who send forms, and words alone */
	snprintf(body, sizeof(body),
		 "status=Look!&media_attributes[][id]=%llu&media_attributes[][description]=one&"
		 "media_attributes[][id]=%llu&media_attributes[][description]=two",
		 (unsigned long long)first, (unsigned long long)second);
	a = api_ask(w.kit, "PUT", w.token, path, body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "media_attachments.0.description"), STR("two"));
	assert_str_eq(answer_str(&a, "media_attachments.1.description"), STR("one"));
	a = api_ask(w.kit, "PUT", w.token, path, "{\"status\":\"No more\",\"media_ids\":[]}");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "media_attachments")), 0);
}

static void a_scheduled_post_shows_what_it_holds(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char body[200];
	world_init(&w);
	uint64_t id = upload(&w, w.token, "alpha.png"), bobs = upload(&w, w.bobs, "turned.jpg"),
		 shown = 0;
	snprintf(body, sizeof(body),
		 "status=Later&scheduled_at=2030-01-01T00:00:00Z&media_ids[]=%llu",
		 (unsigned long long)id);
	struct answer a = api_post(w.kit, w.token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 200);
	assert_true(str_to_u64(answer_str(&a, "media_attachments.0.id"), &shown) && shown == id);
	assert_int_equal(jr_count(answer_at(&a, "params.media_ids")), 1);
	a = api_get(w.kit, w.token, "/api/v1/scheduled_statuses");
	assert_str_eq(answer_str(&a, "0.media_attachments.0.type"), STR("image"));
	snprintf(body, sizeof(body),
		 "status=Later&scheduled_at=2030-01-01T00:00:00Z&media_ids[]=%llu",
		 (unsigned long long)bobs);
	a = api_post(w.kit, w.token, "/api/v1/statuses", body);
	assert_int_equal(a.status, 422);
	assert_true(str_contains(answer_str(&a, "error"), STR("not found")));
}

static void a_film_is_processed_while_its_sender_waits_for_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char path[100];
	world_init(&w);
	if (access("/usr/bin/ffmpeg", X_OK) != 0)
		skip();
	struct answer a =
		SEND(&w, "POST", "/api/v2/media", { "file", NULL, fixture(&w, "film.webm") });
	assert_int_equal(a.status, 202);
	assert_str_eq(answer_str(&a, "type"), STR("video"));
	assert_int_equal(jr_type(answer_at(&a, "url")), JR_NULL);
	snprintf(path, sizeof(path), "/api/v1/media/%llu", (unsigned long long)answer_id(&a));
	while ((a = api_get(w.kit, w.token, "%s", path)).status == 206)
		poll(NULL, 0, 20);
	if (a.status == 422 && str_contains(answer_str(&a, "error"), STR("cannot confine")))
		skip();
	assert_int_equal(a.status, 200);
	assert_true(str_has_suffix(answer_str(&a, "url"), STR(".webm")));
	assert_int_equal(answer_num(&a, "meta.original.width"), 64);
	/* the old form answers when all is done */
	a = SEND(&w, "POST", "/api/v1/media", { "file", NULL, fixture(&w, "sound.ogg") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "type"), STR("audio"));
	assert_true(str_has_suffix(answer_str(&a, "url"), STR(".ogg")));
}

static void a_profile_gets_and_loses_its_pictures(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct answer a = SEND(&w, "PATCH", "/api/v1/accounts/update_credentials",
			       { "display_name", "Alice", STR("") },
			       { "avatar", NULL, fixture(&w, "turned.jpg") },
			       { "header", NULL, fixture(&w, "alpha.png") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "display_name"), STR("Alice"));
	struct str path = url_path(&a, "avatar");
	assert_true(str_has_prefix(path, STR("/media/files/")));
	assert_int_equal(api_get(w.kit, STR_NONE, "%.*s", STR_ARG(path)).status, 200);
	assert_true(str_has_suffix(answer_str(&a, "header"), STR(".png")));
	a = SEND(&w, "PATCH", "/api/v1/accounts/update_credentials",
		 { "avatar", NULL, STR("<svg xmlns='http://www.w3.org/2000/svg'/>") });
	assert_int_equal(a.status, 422);
	assert_int_equal(jr_count(answer_at(&a, "details.avatar")), 1);
	a = api_ask(w.kit, "DELETE", w.token, "/api/v1/profile/avatar", NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "avatar"),
		      STR("https://social.example.org/avatars/original/missing.png"));
	assert_true(str_has_suffix(answer_str(&a, "header"), STR(".png")));
	a = api_ask(w.kit, "DELETE", w.token, "/api/v1/profile/header", NULL);
	assert_str_eq(answer_str(&a, "header"),
		      STR("https://social.example.org/headers/original/missing.png"));
	assert_int_equal(test_store_rows(&w.kit->t, &store_medium), 0);
}

/* Delete and redraft: what a post showed can be shown by the next one, unless that is not wanted. */
static void media_of_a_deleted_post_stay_for_a_day(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char body[128], path[128];
	world_init(&w);
	for (int keep = 1; keep >= 0; keep--) {
		struct answer a = SEND(&w, "POST", "/api/v2/media",
				       { "file", NULL, fixture(&w, "turned.jpg") });
		unsigned long long medium = answer_id(&a);
		snprintf(body, sizeof(body), "status=Look&media_ids[]=%llu", medium);
		a = api_post(w.kit, w.token, "/api/v1/statuses", body);
		unsigned long long post = answer_id(&a);
		snprintf(path, sizeof(path), "/api/v1/statuses/%llu%s", post,
			 keep ? "" : "?delete_media=true");
		/* nobody else's are given back */
		assert_int_equal(api_ask(w.kit, "DELETE", w.bobs, path, NULL).status, 404);
		a = api_ask(w.kit, "DELETE", w.token, path, NULL);
		assert_int_equal(a.status, 200);
		assert_str_eq(answer_str(&a, "text"), STR("Look"));
		a = api_get(w.kit, w.token, "/api/v1/media/%llu", medium);
		assert_int_equal(a.status, keep ? 200 : 404);
		a = api_post(w.kit, w.token, "/api/v1/statuses", body);
		assert_int_equal(a.status, keep ? 200 : 422);
	}
}

static enum rc receive_job(struct social *s, void *arg)
{
	struct status *status = arg;
	struct account author;
	assert_true(account_get(s->txn, s->ctx->arena, status->account, &author));
	return act_receive_post(s, &author, status);
}

static void what_others_show_comes_through_this_node(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct status_attachment attachment = { .url = STR("https://b.example/1.jpg"),
						.media_type = STR("image/jpeg"),
						.description = STR("a dog"),
						.width = 1920,
						.height = 1080 };
	world_init(&w);
	struct account carol = test_store_remote(&w.kit->t, "carol", "b.example");
	struct status s = { .account = carol.id,
			    .type = STR("Note"),
			    .uri = STR("https://b.example/notes/1"),
			    .attachments = &attachment,
			    .attachment_count = 1 };
	test_store_write(&w.kit->t, receive_job, &s);
	test_fetch_answer(w.kit->net, "https://b.example/1.jpg", 200, "image/jpeg",
			  fixture(&w, "turned.jpg"));
	struct answer a =
		api_get(w.kit, w.token, "/api/v1/statuses/%llu", (unsigned long long)s.id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "media_attachments.0.remote_url"),
		      STR("https://b.example/1.jpg"));
	assert_int_equal(answer_num(&a, "media_attachments.0.meta.small.width"), 640);
	struct str path = url_path(&a, "media_attachments.0.url");
	assert_true(str_has_prefix(path, STR("/media/remote/")));
	struct answer file = api_get(w.kit, STR_NONE, "%.*s", STR_ARG(path));
	assert_int_equal(file.status, 200);
	assert_str_eq(answer_header(&file, "Content-Type"), STR("image/jpeg"));
}

/* The head of a request whose body never comes: what is answered, is answered without it. */
static void a_large_body_of_a_stranger_is_not_read(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct str reads = apikit_sign_in(w.kit, &w.alice, "read");
	const struct {
		struct str token;
		size_t length;
		unsigned status;
	} cases[] = {
		{ STR_NONE, HTTPD_LARGE_BODY + 1, 401 },
		{ STR("made up"), HTTPD_LARGE_BODY + 1, 401 },
		{ reads, HTTPD_LARGE_BODY + 1, 403 },
		{ w.token, (size_t)32 << 20, 413 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer a = api_send_head(w.kit, "POST", cases[i].token, "/api/v2/media",
						cases[i].length);
		assert_int_equal(a.status, cases[i].status);
		assert_true(a.json.node != NULL);
	}
	struct answer a =
		api_send_head(w.kit, "POST", STR_NONE, "/api/v2/media", HTTPD_LARGE_BODY + 1);
	assert_str_eq(answer_header(&a, "Access-Control-Allow-Origin"), STR("*"));
}

static void a_large_picture_of_a_person_is_read(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf large CLEANUP(buf_free) = BUF_INIT(8 << 20);
	world_init(&w);
	buf_add(&large, fixture(&w, "turned.jpg"));
	while (large.len <= HTTPD_LARGE_BODY)
		buf_add(&large,
			STR("what stands behind a picture is not looked at, however much it is"));
	struct answer a = SEND(&w, "POST", "/api/v2/media", { "file", NULL, buf_str(&large) });
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "meta.original.width"), 30);
	size_t origins = 0;
	struct str rest = a.head, line;
	while (str_next(&rest, '\n', &line))
		origins += str_has_prefix(line, STR("Access-Control-Allow-Origin"));
	assert_int_equal(origins, 1);
}

static void the_instance_says_what_is_taken(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct answer a = api_get(w.kit, STR_NONE, "/api/v2/instance");
	assert_str_eq(answer_str(&a, "configuration.media_attachments.supported_mime_types.0"),
		      STR("image/jpeg"));
	assert_int_equal(answer_num(&a, "configuration.media_attachments.image_size_limit"),
			 16 << 20);
	assert_int_equal(answer_num(&a, "configuration.statuses.max_media_attachments"), 4);
}

#define PDF "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"

static void a_document_is_for_communities_and_for_no_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct answer a = SEND(&w, "POST", "/api/v2/media", { "file", NULL, STR(PDF) });
	assert_int_equal(a.status, 422);
	a = SEND(&w, "POST", "/api/v2/media", { "file", NULL, STR("<!doctype html>") },
		 { "resource", "true", STR("") });
	assert_int_equal(a.status, 422);
	a = SEND(&w, "POST", "/api/v2/media", { "file", NULL, STR(PDF) },
		 { "resource", "true", STR("") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "type"), STR("unknown"));
	assert_int_equal(jr_type(answer_at(&a, "preview_url")), JR_NULL);
	struct answer file = api_get(w.kit, STR_NONE, "%.*s", STR_ARG(url_path(&a, "url")));
	assert_int_equal(file.status, 200);
	assert_str_eq(answer_header(&file, "Content-Type"), STR("application/pdf"));
	assert_str_eq(answer_header(&file, "Content-Disposition"), STR("attachment"));
	struct str post = arena_printf(w.kit->t.d.arena, "{\"media_ids\":[\"%.*s\"]}",
				       STR_ARG(answer_str(&a, "id")));
	a = api_post(w.kit, w.token, "/api/v1/statuses", arena_cstr(w.kit->t.d.arena, post));
	assert_int_equal(a.status, 422);
	assert_true(str_contains(answer_str(&a, "error"), STR("attached to no post")));
}

#define COMMUNITIES "/api/fediflow/v1/communities"

/* Who owns a community dresses it, and it keeps what it wears when they have no part in it any more. */
static void communities_wear_pictures(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char path[200];
	world_init(&w);
	struct answer a = SEND(&w, "POST", COMMUNITIES, { "name", "botany", STR("") },
			       { "avatar", NULL, fixture(&w, "turned.jpg") },
			       { "avatar_description", "a leaf", STR("") });
	assert_int_equal(a.status, 200);
	struct str icon = answer_str(&a, "account.avatar");
	assert_true(str_contains(icon, STR("/media/files/")));
	assert_str_eq(answer_str(&a, "account.avatar_description"), STR("a leaf"));
	snprintf(path, sizeof(path), COMMUNITIES "/%llu", (unsigned long long)answer_id(&a));

	a = SEND(&w, "PATCH", path, { "header", NULL, fixture(&w, "turned.jpg") },
		 { "header_description", "a wood", STR("") });
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "account.avatar"), icon);
	assert_str_eq(answer_str(&a, "account.avatar_description"), STR("a leaf"));
	assert_str_eq(answer_str(&a, "account.header_description"), STR("a wood"));

	/* what is no picture changes nothing, and others none of it */
	a = SEND(&w, "PATCH", path, { "avatar", NULL, STR("<script>alert(1)</script>") });
	assert_int_equal(a.status, 422);
	a = send_form(&w, "PATCH", w.bobs, path,
		      (const struct part[]){ { "avatar", NULL, fixture(&w, "turned.jpg") } }, 1);
	assert_int_equal(a.status, 403);
	a = api_ask(w.kit, "GET", w.token, path, NULL);
	assert_str_eq(answer_str(&a, "account.avatar"), icon);

	char without[220];
	snprintf(without, sizeof(without), "%s/avatar", path);
	assert_int_equal(api_ask(w.kit, "DELETE", w.bobs, without, NULL).status, 403);
	a = api_ask(w.kit, "DELETE", w.token, without, NULL);
	assert_int_equal(a.status, 200);
	assert_true(str_contains(answer_str(&a, "account.avatar"), STR("missing.png")));
	assert_str_eq(answer_str(&a, "account.header_description"), STR("a wood"));
	test_store_check(&w.kit->t);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_ready_at_once),
		cmocka_unit_test(media_of_a_deleted_post_stay_for_a_day),
		cmocka_unit_test(what_is_no_medium_is_told_with_its_reason),
		cmocka_unit_test(s070_media_are_their_owners),
		cmocka_unit_test(media_are_described_before_they_are_posted),
		cmocka_unit_test(a_post_shows_what_was_uploaded_for_it),
		cmocka_unit_test(a_teams_trail_has_its_files),
		cmocka_unit_test(an_edit_changes_pictures_and_their_words),
		cmocka_unit_test(a_scheduled_post_shows_what_it_holds),
		cmocka_unit_test(a_film_is_processed_while_its_sender_waits_for_nothing),
		cmocka_unit_test(a_profile_gets_and_loses_its_pictures),
		cmocka_unit_test(what_others_show_comes_through_this_node),
		cmocka_unit_test(a_large_body_of_a_stranger_is_not_read),
		cmocka_unit_test(a_large_picture_of_a_person_is_read),
		cmocka_unit_test(the_instance_says_what_is_taken),
		cmocka_unit_test(a_document_is_for_communities_and_for_no_post),
		cmocka_unit_test(communities_wear_pictures),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
