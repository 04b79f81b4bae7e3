/* The API over loopback: requests as a client sends them. */
#include "apikit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/must.h"
#include "social/live.h"
#include "social/year.h"

#define DOCS_MAX 4096
#define ANSWER_MAX ((size_t)16 << 20)

static void looked(void *arg, uint64_t status)
{
	struct apikit *kit = arg;
	kit->looked_at = status;
}

static enum rc add_app(struct social *s, void *arg)
{
	oauth_app_add(s->txn, arg);
	return RC_OK;
}

static void make_app(struct apikit *kit)
{
	const struct oauth_registration wanted = {
		.name = STR("Kit"),
		.scopes = STR("read write follow push profile admin:read admin:write"),
		.redirects = { STR(OAUTH_OUT_OF_BAND) },
		.redirect_count = 1,
	};
	struct ctx ctx = { .arena = kit->t.d.arena };
	assert_int_equal(oauth_app_compose(&ctx, &wanted, &kit->app, &kit->app_secret), RC_OK);
	test_store_write(&kit->t, add_app, &kit->app);
}

static void make_media(struct apikit *kit)
{
	struct err err = { 0 };
	kit->net = test_fetch_new();
	kit->media_settings = (struct media_settings){ .image_bytes = 16 << 20,
						       .film_bytes = 1 << 20,
						       .document_bytes = 1 << 20,
						       .pixels = 40000000,
						       .remote_bytes = 1 << 20,
						       .cache_bytes = 1 << 20,
						       .remote_rate = 100,
						       .workers = 1,
						       .ffmpeg = STR("/usr/bin/ffmpeg"),
						       .ffprobe = STR("/usr/bin/ffprobe") };
	snprintf(kit->media_folder, sizeof(kit->media_folder), "%s/media", kit->t.d.folder);
	const struct media_parts parts = { .db = kit->t.d.db,
					   .fetch = test_fetch_client(kit->net),
					   .clock = &kit->t.d.clock.clock,
					   .settings = &kit->media_settings,
					   .base = kit->t.site.base,
					   .folder = str_of(kit->media_folder),
					   .secret = STR("a secret of the node") };
	if (media_new(&err, &parts, &kit->media) != RC_OK)
		fail_msg("%s", err_text(&err));
}

static void make_reception(struct apikit *kit)
{
	const struct clock *clock = &kit->t.d.clock.clock;
	kit->registrations = (struct sign_up_settings){
		.mode = SIGN_UP_OPEN, .message = STR(""), .url = STR(""), .reserved = STR("")
	};
	kit->sign_in = sign_in_new(kit->t.d.db);
	assert_non_null(kit->sign_in);
	assert_int_equal(bars_new(kit->t.d.db, clock, &kit->bars), RC_OK);
	kit->reception = (struct reception){ .db = kit->t.d.db,
					     .clock = clock,
					     .site = &kit->t.site,
					     .seal = &kit->seal,
					     .settings = &kit->registrations,
					     .sign_in = kit->sign_in,
					     .bars = kit->bars };
}

static void make_translator(struct apikit *kit)
{
	struct err err = { 0 };
	kit->translation_settings = (struct translation_settings){ .url = STR(KIT_TRANSLATOR),
								   .key_file = STR(""),
								   .name = STR("Kit"),
								   .timeout_ms = MS_PER_SECOND };
	const struct translator_parts parts = { .fetch = test_fetch_client(kit->net),
						.clock = &kit->t.d.clock.clock,
						.settings = &kit->translation_settings };
	assert_int_equal(translator_new(&err, &parts, &kit->translator), RC_OK);
}

struct apikit *apikit_new(void)
{
	struct apikit *kit = calloc(1, sizeof(*kit));
	struct err err = { 0 };
	assert_non_null(kit);
	test_store_init(&kit->t);
	kit->docs = calloc(DOCS_MAX, sizeof(struct jr_doc *));
	kit->bus = bus_new();
	assert_non_null(kit->bus);
	kit->settings = (struct api_settings){ 1000000, 1000000, 1000000,    1000000,
					       1000000, 1000000, YEAR_ALWAYS };
	make_media(kit);
	make_translator(kit);
	make_reception(kit);
	const struct api_parts parts = { .db = kit->t.d.db,
					 .clock = &kit->t.d.clock.clock,
					 .site = &kit->t.site,
					 .settings = &kit->settings,
					 .bus = kit->bus,
					 .look = { looked, kit },
					 .media = kit->media,
					 .media_settings = &kit->media_settings,
					 .translator = kit->translator,
					 .seal = &kit->seal,
					 .reception = &kit->reception };
	assert_int_equal(api_new(&parts, &kit->api), RC_OK);
	db_on_effects(kit->t.d.db, live_publish, kit->bus);
	struct httpd_route_table tables[API_TABLES + 1];
	api_tables(kit->api, tables);
	tables[API_TABLES] = (struct httpd_route_table){ media_routes, media_route_count,
							 kit->media, false, NULL };
	const struct httpd_settings settings = {
		.listen = STR_INIT("127.0.0.1:0"),
		.threads = 1,
		.workers = 4,
		.connections_max = 64,
		.connections_per_client = 32,
		.idle_seconds = 30,
		.request_seconds = 30,
		.streams_max = 64,
		.streams_per_client = 64,
		.heartbeat_seconds = 30,
		.trusted_proxies = STR_INIT(""),
		.admit = api_admit,
	};
	if (httpd_start(&err, &settings, tables, API_TABLES + 1, clock_system(), &kit->httpd) !=
	    RC_OK)
		fail_msg("%s", err_text(&err));
	make_app(kit);
	return kit;
}

void apikit_free(struct apikit **at)
{
	struct apikit *kit = *at;
	httpd_stop(&kit->httpd, 5000);
	db_on_effects(kit->t.d.db, NULL, NULL);
	media_stop(kit->media);
	test_fetch_free(&kit->net);
	translator_free(&kit->translator);
	media_free(&kit->media);
	api_free(&kit->api);
	sign_in_free(&kit->sign_in);
	gate_free(&kit->gate);
	bars_free(&kit->bars);
	bus_free(&kit->bus);
	for (size_t i = 0; i < kit->doc_count; i++)
		jr_free(&kit->docs[i]);
	free(kit->docs);
	test_store_check(&kit->t);
	test_store_free(&kit->t);
	free(kit);
	*at = NULL;
}

struct issue {
	struct oauth_token token;
	struct str secret;
};

static enum rc add_token(struct social *s, void *arg)
{
	struct issue *issue = arg;
	oauth_token_add(s->txn, issue->secret, &issue->token);
	return RC_OK;
}

struct str apikit_sign_in(struct apikit *kit, const struct account *account, const char *scopes)
{
	return apikit_act_as(kit, account, NULL, scopes);
}

struct str apikit_act_as(struct apikit *kit, const struct account *account,
			 const struct account *person, const char *scopes)
{
	struct issue issue = { .token = { .app = kit->app.id,
					  .account = account != NULL ? account->id : 0,
					  .person = person != NULL ? person->id : 0,
					  .scopes = str_of(scopes) },
			       .secret = oauth_secret(kit->t.d.arena) };
	test_store_write(&kit->t, add_token, &issue);
	return issue.secret;
}

/* --- the wire --- */

int apikit_connect(const struct apikit *kit)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(httpd_port(kit->httpd)),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		connect(fd, (const struct sockaddr *)(const void *)&address, sizeof(address)), 0);
	return fd;
}

static void exchange(const struct apikit *kit, struct str request, struct buf *reply)
{
	char chunk[16384];
	ssize_t n;
	int fd = apikit_connect(kit);
	while (request.len != 0) {
		n = send(fd, request.ptr, request.len, MSG_NOSIGNAL);
		assert_true(n > 0);
		request = str_skip(request, (size_t)n);
	}
	while ((n = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		buf_add_bytes(reply, chunk, (size_t)n);
	close(fd);
}

static struct answer parse(struct apikit *kit, struct buf *reply)
{
	struct answer a = { .status = 0 };
	struct str all = arena_take_buf(kit->t.d.arena, reply);
	size_t end = str_find(all, STR("\r\n\r\n"));
	uint64_t status;
	assert_true(end < all.len);
	a.head = str_take(all, end);
	a.body = str_skip(all, end + 4);
	assert_true(str_to_u64(str_take(str_skip(a.head, 9), 3), &status));
	a.status = (unsigned)status;
	struct ctx ctx = { .arena = kit->t.d.arena };
	struct jr_limits limits = jr_limits_peer;
	limits.bytes = ANSWER_MAX;
	limits.nodes = 1000000;
	assert_true(kit->doc_count < DOCS_MAX);
	if (jr_parse(&ctx, a.body, &limits, &kit->docs[kit->doc_count]) == RC_OK)
		a.json = jr_root(kit->docs[kit->doc_count++]);
	return a;
}

struct answer api_send(struct apikit *kit, const char *method, struct str token, const char *path,
		       const char *type, struct str body)
{
	struct buf request CLEANUP(buf_free) = BUF_INIT(ANSWER_MAX);
	struct buf reply = BUF_INIT(ANSWER_MAX);
	buf_addf(&request, "%s %s HTTP/1.1\r\nHost: social.example.org\r\nConnection: close\r\n",
		 method, path);
	if (token.ptr != NULL)
		buf_addf(&request, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
	if (kit->header != NULL)
		buf_addf(&request, "%s\r\n", kit->header);
	if (type != NULL)
		buf_addf(&request, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.len);
	buf_add(&request, STR("\r\n"));
	buf_add(&request, body);
	exchange(kit, buf_str(&request), &reply);
	return parse(kit, &reply);
}

struct answer api_send_head(struct apikit *kit, const char *method, struct str token,
			    const char *path, size_t length)
{
	struct buf request CLEANUP(buf_free) = BUF_INIT(ANSWER_MAX);
	struct buf reply = BUF_INIT(ANSWER_MAX);
	buf_addf(&request, "%s %s HTTP/1.1\r\nHost: social.example.org\r\nConnection: close\r\n",
		 method, path);
	if (token.ptr != NULL)
		buf_addf(&request, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
	buf_addf(&request,
		 "Content-Type: multipart/form-data; boundary=b\r\n"
		 "Content-Length: %zu\r\n\r\n",
		 length);
	exchange(kit, buf_str(&request), &reply);
	return parse(kit, &reply);
}

struct answer api_ask(struct apikit *kit, const char *method, struct str token, const char *path,
		      const char *body)
{
	const char *type = NULL;
	if (body != NULL)
		type = body[0] == '{' ? "application/json" : "application/x-www-form-urlencoded";
	return api_send(kit, method, token, path, type, body != NULL ? str_of(body) : STR(""));
}

struct answer api_get(struct apikit *kit, struct str token, const char *fmt, ...)
{
	char path[4096];
	va_list args;
	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return api_ask(kit, "GET", token, path, NULL);
}

struct answer api_post(struct apikit *kit, struct str token, const char *path, const char *body)
{
	return api_ask(kit, "POST", token, path, body != NULL ? body : "");
}

/* --- what came --- */

struct str answer_header(const struct answer *a, const char *name)
{
	struct str rest = a->head, line, head, tail;
	while (str_next(&rest, '\n', &line)) {
		if (str_split(line, ':', &head, &tail) && str_eq_nocase(head, str_of(name)))
			return str_trim(tail);
	}
	return STR_NONE;
}

struct jr answer_at(const struct answer *a, const char *path)
{
	struct jr at = a->json;
	struct str rest = str_of(path), part;
	uint64_t index;
	while (str_next(&rest, '.', &part)) {
		char name[100];
		snprintf(name, sizeof(name), "%.*s", STR_ARG(part));
		at = str_to_u64(part, &index) ? jr_at(at, (size_t)index) : jr_get(at, name);
	}
	return at;
}

struct str answer_str(const struct answer *a, const char *path)
{
	return jr_str(answer_at(a, path));
}

int64_t answer_num(const struct answer *a, const char *path)
{
	int64_t n;
	return jr_i64(answer_at(a, path), &n) ? n : -1;
}

uint64_t answer_id(const struct answer *a)
{
	uint64_t id;
	return str_to_u64(answer_str(a, "id"), &id) ? id : 0;
}
