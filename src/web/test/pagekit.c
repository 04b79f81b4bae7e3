/* A node for tests, and a client that asks it for pages. */
#include "pagekit.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX ((size_t)16 << 20)

/* As module fed has them beside the pages. */
static void get_document(struct httpd_request *req, void *app UNUSED)
{
	httpd_reply_str(req, 200, "application/activity+json", STR("{}"));
}

static const struct httpd_route documents[] = {
	{ HTTP_GET, "/@:name", HTTP_ACTIVITY, 0, get_document },
	{ HTTP_GET, "/@:name/:id", HTTP_ACTIVITY, 0, get_document },
	{ HTTP_GET, "/users/:name", HTTP_ACTIVITY, 0, get_document },
	{ HTTP_GET, "/users/:name/statuses/:id", HTTP_ACTIVITY, 0, get_document },
};

static void start_httpd(struct kit *kit)
{
	struct err err = { 0 };
	const struct httpd_route_table tables[] = {
		{ documents, ARRAY_LEN(documents), NULL, false, NULL },
		{ web_routes, web_route_count, kit->web, false, web_too_large }
	};
	const struct httpd_settings settings = {
		.listen = STR_INIT("127.0.0.1:0"),
		.threads = 1,
		.connections_max = 16,
		.connections_per_client = 8,
		.idle_seconds = 10,
		.request_seconds = 10,
	};
	if (httpd_start(&err, &settings, tables, ARRAY_LEN(tables), clock_system(), &kit->httpd) !=
	    RC_OK)
		fail_msg("%s", err_text(&err));
}

static void looked_at(void *arg, uint64_t status)
{
	struct kit *kit = arg;
	kit->looked_at = status;
	kit->looks++;
}

static void kit_looked_at(void *arg, uint64_t status)
{
	struct kit *kit = arg;
	kit->poll_looked_at = status;
}

void kit_init(struct kit *kit)
{
	*kit = (struct kit){
		.site = { .domain = STR_INIT("town.example"),
			  .host = STR_INIT("social.town.example"),
			  .base = STR_INIT("https://social.town.example"),
			  .title = STR_INIT("Town"),
			  .description = STR_INIT("Where the town talks."),
			  .post_max_chars = 5000 },
	};
	test_db_init(&kit->d, NULL, 0);
	test_clock_advance(&kit->d.clock, KIT_WALL_MS - TEST_DB_WALL_MS);
	kit->registrations = (struct sign_up_settings){
		.mode = SIGN_UP_CLOSED, .message = STR(""), .url = STR(""), .reserved = STR("")
	};
	kit->reception = (struct reception){ .db = kit->d.db,
					     .clock = &kit->d.clock.clock,
					     .site = &kit->site,
					     .settings = &kit->registrations };
	const struct web_parts parts = { .db = kit->d.db,
					 .clock = &kit->d.clock.clock,
					 .site = &kit->site,
					 .look = { looked_at, kit },
					 .poll_look = { kit_looked_at, kit },
					 .reception = &kit->reception };
	assert_int_equal(web_new(&parts, &kit->web), RC_OK);
	start_httpd(kit);
}

void kit_free(struct kit *kit)
{
	httpd_stop(&kit->httpd, 1000);
	web_free(&kit->web);
	assert_null(kit->web);
	test_db_free(&kit->d);
}

/* --- people --- */

struct account kit_local(struct kit *kit, const char *username)
{
	struct str name = str_of(username);
	return (struct account){
		.flags = ACCOUNT_LOCAL | ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE,
		.username = name,
		.domain = STR(""),
		.uri = site_actor_uri(kit->d.arena, &kit->site, name),
		.url = site_profile_url(kit->d.arena, &kit->site, name),
		.created_ms = KIT_WALL_MS,
	};
}

struct account kit_remote(struct kit *kit, const char *username, const char *domain)
{
	return (struct account){
		.flags = ACCOUNT_DISCOVERABLE | ACCOUNT_INDEXABLE,
		.username = str_of(username),
		.domain = str_of(domain),
		.uri = arena_printf(kit->d.arena, "https://%s/users/%s", domain, username),
		.url = arena_printf(kit->d.arena, "https://%s/@%s", domain, username),
		.created_ms = KIT_WALL_MS,
	};
}

struct change {
	struct kit *kit;
	struct account *account;
	const struct account *changed;
	struct status *status;
};

static enum rc job_change(struct db_txn *txn, void *arg)
{
	const struct change *c = arg;
	bool ok = true;
	if (c->account != NULL)
		ok = account_add(txn, c->kit->d.arena, c->account);
	if (c->changed != NULL)
		ok = account_put(txn, c->kit->d.arena, c->changed);
	if (c->status != NULL) {
		c->status->id = db_next_id(txn);
		if (c->status->uri.len == 0)
			c->status->uri = arena_printf(c->kit->d.arena, "https://x.example/%llu",
						      (unsigned long long)c->status->id);
		ok = status_add(txn, c->status);
	}
	return ok ? RC_OK : RC_EXISTS;
}

void kit_add_account(struct kit *kit, struct account *account)
{
	struct change change = { .kit = kit, .account = account };
	test_db_write(&kit->d, job_change, &change);
}

void kit_put_account(struct kit *kit, const struct account *account)
{
	struct change change = { .kit = kit, .changed = account };
	test_db_write(&kit->d, job_change, &change);
}

struct account kit_person(struct kit *kit, const char *username)
{
	struct account account = kit_local(kit, username);
	kit_add_account(kit, &account);
	return account;
}

/* --- posts --- */

struct status kit_status(struct kit *kit, const struct account *author, const char *content)
{
	return (struct status){
		.account = author->id,
		.flags = account_is_local(author) ? STATUS_LOCAL : 0U,
		.created_ms = kit->d.clock.wall_ms,
		.type = STR("Note"),
		.content = html_trusted(str_of(content)),
	};
}

void kit_reply_to(struct status *status, const struct status *parent)
{
	status->flags |= STATUS_REPLY;
	status->parent = parent->id;
	status->parent_account = parent->account;
	status->parent_uri = parent->uri;
	status->root = parent->root;
}

void kit_add_status(struct kit *kit, struct status *status)
{
	struct change change = { .kit = kit, .status = status };
	test_db_write(&kit->d, job_change, &change);
}

struct status kit_post(struct kit *kit, const struct account *author, const char *content)
{
	struct status status = kit_status(kit, author, content);
	kit_add_status(kit, &status);
	return status;
}

struct status kit_boost(struct kit *kit, const struct account *booster,
			const struct status *original, enum visibility visibility)
{
	struct status boost = kit_status(kit, booster, "");
	boost.flags |= STATUS_BOOST;
	boost.type = STR("Announce");
	boost.visibility = visibility;
	boost.boost_of = original->id;
	kit_add_status(kit, &boost);
	return boost;
}

const char *kit_path(struct kit *kit, const struct account *author, const struct status *status)
{
	return arena_printf(kit->d.arena, "/@%.*s/%llu", STR_ARG(author->username),
			    (unsigned long long)status->id)
		.ptr;
}

/* --- asking --- */

static int connect_to(uint16_t port)
{
	const struct timeval patience = { .tv_sec = 10 };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void read_all(int fd, struct buf *out)
{
	char piece[16384];
	ssize_t n;
	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add_bytes(out, piece, (size_t)n);
	assert_int_equal(n, 0);
}

struct answer kit_ask(struct kit *kit, const char *path, const char *headers)
{
	struct buf answer = BUF_INIT(ANSWER_MAX);
	struct answer out = { 0 };
	struct str request = arena_printf(
		kit->d.arena,
		"GET %s HTTP/1.1\r\nHost: social.town.example\r\nConnection: close\r\n%s\r\n", path,
		headers);
	int fd = connect_to(httpd_port(kit->httpd));
	assert_int_equal(send(fd, request.ptr, request.len, MSG_NOSIGNAL), request.len);
	read_all(fd, &answer);
	close(fd);
	struct str all = arena_take_buf(kit->d.arena, &answer);
	size_t end = str_find(all, STR("\r\n\r\n"));
	uint64_t status = 0;
	if (end == all.len)
		fail_msg("%s: no answer but \"%.*s\"", path, STR_ARG(all));
	assert_true(str_to_u64(str_take(str_skip(all, 9), 3), &status));
	out.status = (unsigned)status;
	out.head = str_take(all, end + 2);
	out.body = str_skip(all, end + 4);
	return out;
}

struct str kit_page(struct kit *kit, const char *path)
{
	struct answer answer = kit_ask(kit, path, "");
	if (answer.status != 200)
		fail_msg("%s: %u", path, answer.status);
	return answer.body;
}

void kit_assert_absent(struct kit *kit, const char *path)
{
	struct answer never = kit_ask(kit, "/@nobody", "");
	struct answer answer = kit_ask(kit, path, "");
	assert_int_equal(answer.status, 404);
	assert_str_eq(answer.body, never.body);
}

size_t count_of(struct str text, struct str part)
{
	size_t count = 0;
	for (size_t at; (at = str_find(text, part)) != text.len; count++)
		text = str_skip(text, at + part.len);
	return count;
}
