/*
 * Starting, reloading and stopping the parts of the node. Main thread, but for what db calls when
 * storage fails.
 */
#include "server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"
#include "core/must.h"
#include "reach.h"
#include "search_port.h"
#include "social/live.h"

/* The parts of the 20 s that a stop may take (S-127). */
#define STOP_HTTPD_MS 8000
#define STOP_WATCHERS_MS 500
#define STOP_QUEUE_MS 8000
#define ABANDON_MS 1000

#define FAILURE_MARKER "storage-failed"
#define RELOAD_ARENA ((size_t)4 << 20)
#define WATCH_THREADS 1
#define PUBLIC_TABLES 4 /* and those of the client API */
#define WATCH_CONNECTIONS 16

/* --- descriptors --- */

static enum rc signals_open(struct server *s)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	/* before any thread is made, so that all of them inherit it */
	must(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	signal(SIGPIPE, SIG_IGN);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	s->failed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->signals < 0 || s->failed < 0)
		return ctx_fail(&s->cli->ctx, RC_IO, "signals cannot be received: %m");
	return RC_OK;
}

/* As many descriptors as we may have: connections in and out, and a few files. */
static void descriptors_raise(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)!setrlimit(RLIMIT_NOFILE, &limit);
}

static enum rc control_open(struct server *s)
{
	struct sockaddr_un address;
	struct ctx *ctx = &s->cli->ctx;
	int folder = -1;
	s->control = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = s->control >= 0 && node_control_address(&s->node, &address, &folder);
	/* ours to replace: we hold the lock */
	if (ok)
		unlink(address.sun_path);
	ok = ok && bind(s->control, (const struct sockaddr *)(const void *)&address,
			sizeof(address)) == 0;
	enum rc rc = ok ? RC_OK : ctx_fail(ctx, RC_IO, "the control socket: %m");
	if (folder >= 0)
		close(folder);
	return rc;
}

/* --- parts --- */

static void storage_failed(void *arg, enum rc rc UNUSED)
{
	const struct server *s = arg;
	const uint64_t one = 1;
	/* the main thread ends the process */
	(void)!write(s->failed, &one, sizeof(one));
}

/*
 * S-115: after storage failed, what is on disk is not believed until it was read as a whole. That is
 * remembered by a file, since the process ends.
 */

static void failure_mark(struct server *s)
{
	const char *path = node_path(s->cli->ctx.arena, &s->node, FAILURE_MARKER);
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd >= 0)
		close(fd);
}

static enum rc failure_verify(struct server *s)
{
	struct ctx *ctx = &s->cli->ctx;
	const char *path = node_path(ctx->arena, &s->node, FAILURE_MARKER);
	if (path == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(path, F_OK) != 0)
		return RC_OK;
	enum rc rc = db_verify(s->node.db, NULL, NULL);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc,
				"storage failed the last time, and the database is damaged: see "
				"fediflow check, restore a backup, or remove %s",
				path);
	LOG(DB_VERIFIED, F_CSTR("path", path));
	unlink(path);
	return RC_OK;
}

static enum rc federation_start(struct server *s)
{
	struct ctx *ctx = &s->cli->ctx;
	const struct settings *settings = &s->node.settings;
	s->fetch_settings = settings_fetch(ctx->arena, settings, &s->node.site);
	enum rc rc = fetch_new(&ctx->err, &s->fetch_settings, clock_system(), &s->fetch);
	if (rc != RC_OK)
		return rc;
	const struct fed_parts parts = { .db = s->node.db,
					 .fetch = s->fetch,
					 .clock = clock_system(),
					 .site = &s->node.site,
					 .seal = &s->node.seal,
					 .settings = &settings->federation,
					 .relay = &settings->relay };
	return fed_new(&ctx->err, &parts, &s->fed);
}

static enum rc courier_start(struct server *s)
{
	struct ctx *ctx = &s->cli->ctx;
	s->mail_settings = settings_mail(ctx->arena, &s->node.settings);
	enum rc rc = mailer_new(&ctx->err, &s->mail_settings, clock_system(), &s->mailer);
	if (rc != RC_OK)
		return rc;
	const struct courier_parts parts = { .db = s->node.db,
					     .fetch = s->fetch,
					     .mailer = s->mailer,
					     .clock = clock_system(),
					     .site = &s->node.site,
					     .seal = &s->node.seal,
					     .mail_from = s->mail_settings.from };
	return courier_new(&ctx->err, &parts, &s->courier);
}

static void policies_changed(void *arg)
{
	fed_reload(arg);
}

static enum rc queue_begin(struct server *s)
{
	enum rc rc = fed_ensure_sweep(s->fed);
	if (rc != RC_OK)
		return ctx_fail(&s->cli->ctx, rc, "the sweep cannot be planned");
	rc = fed_ensure_relay(s->fed);
	if (rc != RC_OK)
		return ctx_fail(&s->cli->ctx, rc, "the relay's actor cannot be made");
	s->sifter = (struct sifter){ .db = s->node.db,
				     .fetch = s->fetch,
				     .policies = { policies_changed, s->fed },
				     .site = &s->node.site,
				     .settings = &s->node.settings.moderation };
	rc = sifter_begin(&s->sifter);
	if (rc != RC_OK)
		return ctx_fail(&s->cli->ctx, rc, "the quarantine cannot be looked after");
	s->kind_count = fed_job_kinds(s->fed, s->kinds, ARRAY_LEN(s->kinds));
	s->kind_count += courier_job_kinds(s->courier, s->kinds + s->kind_count,
					   ARRAY_LEN(s->kinds) - s->kind_count);
	s->kind_count += sifter_job_kinds(&s->sifter, s->kinds + s->kind_count,
					  ARRAY_LEN(s->kinds) - s->kind_count);
	rc = queue_start(s->node.db, &s->node.settings.queue, s->kinds, s->kind_count,
			 clock_system(), &s->queue);
	if (rc != RC_OK)
		return ctx_fail(&s->cli->ctx, rc, "the queue cannot be started");
	fed_set_queue(s->fed, s->queue);
	/* what was added before fed knew the queue */
	queue_wake(s->queue);
	s->indexer = indexer_start(s->node.db);
	return RC_OK;
}

static enum rc media_start(struct server *s)
{
	struct ctx *ctx = &s->cli->ctx;
	struct media_parts parts;
	enum rc rc = node_media_parts(ctx, &s->node, s->fetch, &s->media_secret, &parts);
	if (rc != RC_OK)
		return rc;
	rc = media_new(&ctx->err, &parts, &s->media);
	if (rc == RC_OK)
		fed_set_media(s->fed, s->media);
	return rc;
}

static void look(void *arg, uint64_t status)
{
	fed_look(arg, status);
}

static void look_at_poll(void *arg, uint64_t status)
{
	fed_look_at_poll(arg, status);
}

static enum rc reception_start(struct server *s)
{
	struct settings *settings = &s->node.settings;
	s->sign_in = sign_in_new(s->node.db);
	s->gate = gate_new(clock_system(), &settings->sign_in, &settings->registrations);
	if (s->sign_in == NULL || s->gate == NULL)
		return ctx_fail(&s->cli->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = bars_new(s->node.db, clock_system(), &s->bars);
	if (rc != RC_OK)
		return ctx_fail(&s->cli->ctx, rc, "what is barred cannot be read");
	s->reception = (struct reception){ .db = s->node.db,
					   .clock = clock_system(),
					   .site = &s->node.site,
					   .seal = &s->node.seal,
					   .settings = &settings->registrations,
					   .sign_in = s->sign_in,
					   .gate = s->gate,
					   .bars = s->bars };
	return RC_OK;
}

/* Before anything else is asked. */
static bool may_come(void *arg, struct str client)
{
	return barred_client(arg, client) != BARRED_WHOLLY;
}

static enum rc pages_start(struct server *s)
{
	const struct web_parts parts = { .db = s->node.db,
					 .clock = clock_system(),
					 .site = &s->node.site,
					 .look = { look, s->fed },
					 .poll_look = { look_at_poll, s->fed },
					 .sign_in = s->sign_in,
					 .seal = &s->node.seal,
					 .queue = s->queue,
					 .search = search_port_of(s->fed),
					 .reception = &s->reception,
					 .media = s->media };
	enum rc rc = web_new(&parts, &s->web);
	return rc == RC_OK ? rc : ctx_fail(&s->cli->ctx, rc, "the pages cannot be made");
}

static enum rc translator_start(struct server *s)
{
	const struct translator_parts parts = { .fetch = s->fetch,
						.clock = clock_system(),
						.settings = &s->node.settings.translation };
	return translator_new(&s->cli->ctx.err, &parts, &s->translator);
}

static enum rc api_start(struct server *s)
{
	const struct api_parts parts = { .db = s->node.db,
					 .clock = clock_system(),
					 .site = &s->node.site,
					 .settings = &s->node.settings.api,
					 .seal = &s->node.seal,
					 .queue = s->queue,
					 .bus = s->bus,
					 .look = { look, s->fed },
					 .thread_refresh_ms =
						 &s->node.settings.federation.thread_refresh_ms,
					 .poll_look = { look_at_poll, s->fed },
					 .media = s->media,
					 .media_settings = &s->node.settings.media,
					 .search = search_port_of(s->fed),
					 .translator = s->translator,
					 .policies = { policies_changed, s->fed },
					 .reception = &s->reception };
	enum rc rc = api_new(&parts, &s->api);
	return rc == RC_OK ? rc : ctx_fail(&s->cli->ctx, rc, "the client API cannot be made");
}

/* An address that cannot be had is no storage failure, whatever the system's reason. */
static enum rc listener_failed(struct server *s, enum rc rc)
{
	if (rc == RC_OK)
		return rc;
	s->cli->exit_code = EXIT_UNAVAILABLE;
	return ctx_fail(&s->cli->ctx, rc, "an address cannot be listened on");
}

static enum rc listeners_start(struct server *s)
{
	struct err *err = &s->cli->ctx.err;
	const struct settings *settings = &s->node.settings;
	struct httpd_route_table public[PUBLIC_TABLES + API_TABLES] = {
		{ fed_routes, fed_route_count, s->fed, false, NULL },
		{ media_routes, media_route_count, s->media, false, NULL },
		{ web_routes, web_route_count, s->web, false, web_too_large },
		{ web_waiting_routes, web_waiting_route_count, s->web, true, web_too_large },
	};
	const struct httpd_route_table watch[] = { { watch_routes, watch_route_count, &s->watch,
						     false, NULL } };
	api_tables(s->api, public + PUBLIC_TABLES);
	struct httpd_settings http = settings->http;
	http.admit = api_admit;
	http.door = may_come;
	http.door_arg = s->bars;
	enum rc rc = httpd_start(err, &http, public, ARRAY_LEN(public), clock_system(), &s->public);
	if (rc != RC_OK)
		return listener_failed(s, rc);
	struct httpd_settings own = settings->http;
	own.listen = settings->metrics.listen;
	own.threads = WATCH_THREADS;
	own.workers = 0;
	own.connections_max = own.connections_per_client = WATCH_CONNECTIONS;
	s->watch = (struct watch){ s->node.db, clock_wall_ms(clock_system()) };
	rc = httpd_start(err, &own, watch, ARRAY_LEN(watch), clock_system(), &s->watchers);
	return listener_failed(s, rc);
}

enum rc server_start(struct server *s, struct cli *cli)
{
	*s = (struct server){ .cli = cli,
			      .lock = -1,
			      .signals = -1,
			      .control = -1,
			      .failed = -1,
			      .begun_ms = clock_steady_ms(clock_system()) };
	enum rc rc = signals_open(s);
	descriptors_raise();
	if (rc == RC_OK)
		rc = node_load_settings(cli, cli->config, &s->node);
	if (rc != RC_OK)
		return rc;
	settings_apply_log(&s->node.settings);
	rc = node_lock(&cli->ctx, &s->node, &s->lock);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &s->node);
	if (rc != RC_OK)
		return rc;
	db_on_failure(s->node.db, storage_failed, s);
	s->bus = bus_new();
	if (s->bus == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	db_on_effects(s->node.db, live_publish, s->bus);
	rc = failure_verify(s);
	if (rc == RC_OK)
		rc = federation_start(s);
	if (rc == RC_OK)
		rc = courier_start(s);
	if (rc == RC_OK)
		rc = queue_begin(s);
	if (rc == RC_OK)
		rc = media_start(s);
	if (rc == RC_OK)
		rc = reception_start(s);
	if (rc == RC_OK)
		rc = pages_start(s);
	if (rc == RC_OK)
		rc = translator_start(s);
	if (rc == RC_OK)
		rc = api_start(s);
	if (rc == RC_OK)
		rc = control_open(s);
	return rc == RC_OK ? listeners_start(s) : rc;
}

/* --- the end --- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void listeners_stop(struct server *s, uint64_t wait_ms)
{
	if (s->public != NULL)
		httpd_stop(&s->public, wait_ms);
	if (s->watchers != NULL)
		httpd_stop(&s->watchers, STOP_WATCHERS_MS);
}

void server_stop(struct server *s)
{
	listeners_stop(s, STOP_HTTPD_MS);
	if (s->fed != NULL)
		fed_end(s->fed);
	queue_stop(&s->queue, STOP_QUEUE_MS);
	if (s->fed != NULL)
		fed_set_media(s->fed, NULL);
	if (s->media != NULL)
		media_stop(s->media);
	indexer_stop(&s->indexer);
	/* calls back whoever still waits for an answer */
	fetch_free(&s->fetch);
	media_free(&s->media);
	translator_free(&s->translator);
	mailer_free(&s->mailer);
	node_drain(&s->node);
	courier_free(&s->courier);
	fed_free(&s->fed);
	api_free(&s->api);
	web_free(&s->web);
	bars_free(&s->bars);
	gate_free(&s->gate);
	sign_in_free(&s->sign_in);
	node_close(&s->node);
	bus_free(&s->bus);
	close_fd(&s->control);
	close_fd(&s->signals);
	close_fd(&s->failed);
	close_fd(&s->lock);
}

void server_abandon(struct server *s)
{
	failure_mark(s);
	listeners_stop(s, ABANDON_MS);
}

/* --- while it runs --- */

/*
 * Rows that may be reloaded are single words that their readers take as they are (the tables' test
 * says so): they may change under them.
 */
void server_reload(struct server *s)
{
	struct arena *arena = arena_new(RELOAD_ARENA);
	struct ctx ctx = { .arena = arena };
	struct conf_report report = { 0 };
	struct settings fresh;
	if (arena == NULL)
		return;
	settings_init(&fresh);
	char *path = arena_cstr(arena, s->node.config);
	enum rc rc = path != NULL ? settings_load(&ctx, path, &fresh, &report) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		conf_apply_reload(fresh.tables, s->node.settings.tables,
				  s->node.settings.table_count);
		settings_apply_log(&s->node.settings);
		LOG(CONF_RELOADED, F_STR("file", s->node.config));
	} else {
		LOG(CONF_REFUSED, F_STR("file", s->node.config),
		    F_CSTR("detail", err_text(&ctx.err)), F_U64("errors", report.error_count));
	}
	arena_free(&arena);
	fed_reload(s->fed);
	bars_reload(s->bars);
}

static bool is_about(struct str said, struct str word, uint64_t *id)
{
	return str_has_prefix(said, word) && str_to_u64(str_skip(said, word.len), id);
}

static void take_live(struct server *s, struct str text)
{
	struct db_effect effect;
	while (live_parse(&text, &effect))
		live_publish(s->bus, &effect, 1);
}

void server_control(struct server *s)
{
	char word[POKE_MAX];
	ssize_t n;
	uint64_t status;
	while ((n = recv(s->control, word, sizeof(word), 0)) >= 0) {
		struct str said = str_n(word, (size_t)n);
		if (is_about(said, STR(POKE_LOOK), &status)) {
			fed_look(s->fed, status);
			continue;
		}
		if (str_has_prefix(said, STR(POKE_LIVE)))
			take_live(s, str_skip(said, sizeof(POKE_LIVE) - 1));
		if (str_eq(said, STR(POKE_RELOAD))) {
			fed_reload(s->fed);
			queue_reload(s->queue);
		}
		if (is_about(said, STR(POKE_POLL), &status))
			fed_look_at_poll(s->fed, status);
		queue_wake(s->queue);
	}
}
