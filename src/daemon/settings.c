/*
 * The tables of settings. A row is all there is to a setting: type, default, bounds, sentence; the
 * file, the reference and the sample come from here. Main thread.
 */
#include "settings.h"

#include <stddef.h>
#include <unistd.h>

#include "config.h"
#include "text/iri.h"

#define PATH_HERE "fediflow.conf"
#define PATH_SYSTEM "/etc/fediflow/fediflow.conf"
#define MIB (UINT64_C(1) << 20)
#define TIB (UINT64_C(1) << 40)

/* --- checks beyond type and bounds --- */

static enum rc check_prefixes(struct err *err, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		bool hex =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
		if (!hex && (c == '\0' || strchr(".:/, ", c) == NULL))
			return err_set(err, RC_INVALID,
				       "a list of addresses or prefixes, such as 10.0.0.0/8");
	}
	return RC_OK;
}

/* --- rows --- */

#define ROW(type_name, member) .offset = offsetof(struct type_name, member), .name = #member

static const struct conf_row node_rows[] = {
	{ ROW(node_settings, domain), .type = CONF_DOMAIN, .fallback = NULL, .max = 253,
	  .help = "The domain of handles, as in @alice@example.org; it can never change." },
	{ ROW(node_settings, host), .type = CONF_DOMAIN, .fallback = "", .max = 253,
	  .help = "The host of addresses when it is not the domain; it can never change." },
	{ ROW(node_settings, title), .type = CONF_STR, .fallback = "FediFlow", .min = 1, .max = 200,
	  .help = "The name of the organisation, as people and peers see it." },
	{ ROW(node_settings, description), .type = CONF_STR, .fallback = "", .max = 2000,
	  .help = "A sentence or two about the organisation." },
	{ ROW(node_settings, contact), .type = CONF_STR, .fallback = "", .max = 200,
	  .help = "How to reach those who run the node: an e-mail address or a URL." },
	{ ROW(node_settings, contact_account), .type = CONF_STR, .fallback = "", .max = 60,
	  .help = "The user name of the account here that speaks for those who run the node." },
	{ ROW(node_settings, data_dir), .type = CONF_PATH, .fallback = "/var/lib/fediflow",
	  .min = 1, .max = 1000,
	  .help = "The folder of everything that is kept: database, sealing key, control socket." },
	{ ROW(node_settings, sealing_key), .type = CONF_PATH, .fallback = "", .max = 1000,
	  .help = "The file of the key that seals private keys at rest; without, it is in "
		  "data_dir." },
	{ ROW(node_settings, post_max_chars), .type = CONF_U64, .fallback = "5000", .min = 100,
	  .max = 50000, .help = "How many characters a post written here may have." },
	{ ROW(node_settings, poll_max_options), .type = CONF_U64, .fallback = "4", .min = 2,
	  .max = 20, .help = "How many options a poll made here may have." },
	{ .name = "poll_tell",
	  .offset = offsetof(struct node_settings, poll_tell_ms),
	  .type = CONF_DURATION,
	  .fallback = "3 min",
	  .min = MS_PER_SECOND,
	  .max = MS_PER_DAY,
	  .help = "How often peers hear the counts of a poll of ours while votes come; they hear "
		  "the last ones at its end." },
	{ .name = "appeal_within",
	  .offset = offsetof(struct node_settings, appeal_ms),
	  .type = CONF_DURATION,
	  .fallback = "20 d",
	  .min = MS_PER_DAY,
	  .max = 3650 * MS_PER_DAY,
	  .help = "How long people may appeal against what a moderator did about them." },
};

static const struct conf_row http_rows[] = {
	{ ROW(httpd_settings, listen), .type = CONF_LISTEN, .fallback = "127.0.0.1:8080", .min = 1,
	  .help = "Where requests are taken, behind the reverse proxy." },
	{ ROW(httpd_settings, threads), .type = CONF_U64, .fallback = "2", .min = 1, .max = 64,
	  .help = "Threads that answer requests; one per core is enough." },
	{ ROW(httpd_settings, workers), .type = CONF_U64, .fallback = "32", .min = 1, .max = 256,
	  .help = "Threads for requests that wait for the disk, at most; as many writes share a "
		  "flush." },
	{ ROW(httpd_settings, connections_max), .type = CONF_U64, .fallback = "4000", .min = 8,
	  .max = 60000, .help = "Connections at once." },
	{ ROW(httpd_settings, connections_per_client), .type = CONF_U64, .fallback = "100",
	  .min = 1, .max = 60000,
	  .help = "Connections at once from one IPv4 address or IPv6 /64; proxies are exempt." },
	{ ROW(httpd_settings, streams_max), .type = CONF_U64, .fallback = "20000", .min = 1,
	  .max = 1000000,
	  .help = "Streams (server-sent events, WebSockets) that are open at once." },
	{ ROW(httpd_settings, streams_per_client), .type = CONF_U64, .fallback = "100", .min = 1,
	  .max = 60000,
	  .help = "Streams at once of one IPv4 address or IPv6 /64, behind proxies, too." },
	{ ROW(httpd_settings, heartbeat_seconds), .type = CONF_U64, .fallback = "20", .min = 1,
	  .max = 600, .help = "How often an idle stream says that it is still there." },
	{ ROW(httpd_settings, idle_seconds), .type = CONF_U64, .fallback = "60", .min = 1,
	  .max = 3600, .help = "Seconds after which a connection that says nothing is closed." },
	{ ROW(httpd_settings, request_seconds), .type = CONF_U64, .fallback = "30", .min = 1,
	  .max = 3600,
	  .help = "Seconds in which a request must have arrived, from its first byte to its "
		  "last." },
	{ ROW(httpd_settings, trusted_proxies), .type = CONF_STR, .fallback = "127.0.0.1 ::1",
	  .max = 2000,
	  .help = "Addresses or prefixes, parted by blanks, whose X-Forwarded-For is believed.",
	  .check = check_prefixes },
};

static const struct conf_row metrics_rows[] = {
	{ ROW(metrics_settings, listen), .type = CONF_LISTEN, .fallback = "127.0.0.1:9100",
	  .help = "Where /metrics (Prometheus) and /health are served; not for the world." },
};

static const struct conf_row database_rows[] = {
	{ ROW(db_settings, map_bytes), .type = CONF_BYTES, .fallback = "1 GiB", .min = 16 * MIB,
	  .max = 16 * TIB,
	  .help = "How large the database may be at first; address space, not memory." },
	{ ROW(db_settings, max_bytes), .type = CONF_BYTES, .fallback = "64 GiB", .min = 16 * MIB,
	  .max = 16 * TIB, .help = "How large it may grow by itself." },
	{ ROW(db_settings, batch_max), .type = CONF_U64, .fallback = "256", .min = 1, .max = 4096,
	  .help = "Write jobs that share one durable commit at most." },
	{ ROW(db_settings, readers), .type = CONF_U64, .fallback = "126", .min = 8, .max = 4000,
	  .help = "Snapshots that may be read at once." },
};

static const struct conf_row fetch_rows[] = {
	{ ROW(fetch_settings, connections_max), .type = CONF_U64, .fallback = "1000", .min = 1,
	  .max = 10000, .help = "Connections to other hosts at once, kept alive ones included." },
	{ ROW(fetch_settings, per_host_max), .type = CONF_U64, .fallback = "4", .min = 1, .max = 64,
	  .help = "Connections to one host at once." },
	{ .name = "connect_timeout",
	  .offset = offsetof(struct fetch_settings, connect_ms),
	  .type = CONF_DURATION,
	  .fallback = "10 s",
	  .min = 100,
	  .max = 2 * MS_PER_MINUTE,
	  .help = "How long finding a host, connecting and TLS may take together." },
	{ ROW(fetch_settings, ca_file), .type = CONF_PATH, .fallback = "", .max = 1000,
	  .help = "The certificates of authorities to trust, in PEM; without, the system's." },
	{ ROW(fetch_settings, user_agent), .type = CONF_STR, .fallback = "", .max = 200,
	  .help = "How the node calls itself to peers; without, its version and address." },
};

static const struct conf_row queue_rows[] = {
	{ ROW(queue_settings, workers), .type = CONF_U64, .fallback = "4", .min = 1, .max = 64,
	  .help = "Threads that work on jobs: deliveries, received activities." },
	{ .name = "retry_first",
	  .offset = offsetof(struct queue_settings, retry_first_ms),
	  .type = CONF_DURATION,
	  .fallback = "1 min",
	  .min = 100,
	  .max = MS_PER_DAY,
	  .help = "How long to wait after a first failure; the wait grows with each." },
	{ .name = "retry_max",
	  .offset = offsetof(struct queue_settings, retry_max_ms),
	  .type = CONF_DURATION,
	  .fallback = "6 h",
	  .min = 100,
	  .max = 7 * MS_PER_DAY,
	  .help = "The longest wait between two attempts." },
	{ .name = "down_after",
	  .offset = offsetof(struct queue_settings, down_after_ms),
	  .type = CONF_DURATION,
	  .fallback = "7 d",
	  .min = MS_PER_SECOND,
	  .max = 90 * MS_PER_DAY,
	  .help = "After how long without a success a host counts as gone, and is tried daily." },
	{ .name = "dead_keep",
	  .offset = offsetof(struct queue_settings, dead_keep_ms),
	  .type = CONF_DURATION,
	  .fallback = "30 d",
	  .min = MS_PER_MINUTE,
	  .max = 365 * MS_PER_DAY,
	  .help = "How long jobs that were given up stay listed." },
};

static const struct conf_row log_rows[] = {
	{ ROW(log_settings, level), .type = CONF_ENUM, .fallback = "info",
	  .choices = "debug info warn error", .reload = CONF_RELOAD,
	  .help = "The least important events that are written." },
	{ ROW(log_settings, format), .type = CONF_ENUM, .fallback = "logfmt",
	  .choices = "logfmt json", .reload = CONF_RELOAD,
	  .help = "How a line of the log on standard error is written." },
};

/* S-138: what would open the guards exists only in builds for tests. */
#ifdef FF_TEST_HOOKS
static const struct conf_row test_rows[] = {
	{ ROW(test_settings, plain_http), .type = CONF_BOOL, .fallback = "no",
	  .help = "Addresses of this node and of peers may be of plain http." },
	{ ROW(test_settings, literal_hosts), .type = CONF_BOOL, .fallback = "no",
	  .help = "Hosts may be numeric addresses and names without a dot." },
	{ ROW(test_settings, allow_addresses), .type = CONF_STR, .fallback = "", .max = 1000,
	  .help = "Prefixes, parted by commas, that are fetched from although they are not public.",
	  .check = check_prefixes },
};
#endif

#undef ROW

/* --- sections --- */

#define TABLE(s, section_name, row_array, n, member, sentence) \
	((struct conf_table){ .section = (section_name),       \
			      .help = (sentence),              \
			      .rows = (row_array),             \
			      .row_count = (n),                \
			      .values = &(s)->member,          \
			      .values_size = sizeof((s)->member) })

static void add_table(struct settings *s, struct conf_table table)
{
	s->tables[s->table_count++] = table;
}

void settings_init(struct settings *s)
{
	*s = (struct settings){ .table_count = 0 };
	add_table(s, TABLE(s, "node", node_rows, ARRAY_LEN(node_rows), node,
			   "What the node is called and where its data is."));
	add_table(s, TABLE(s, "http", http_rows, ARRAY_LEN(http_rows), http,
			   "The listener for peers and people."));
	add_table(s, TABLE(s, "api", api_conf_rows, api_conf_row_count, api,
			   "The API of people's apps, and how often it may be asked."));
	add_table(s, TABLE(s, "registrations", sign_up_conf_rows, sign_up_conf_row_count,
			   registrations, "Who may make themselves an account."));
	add_table(s, TABLE(s, "sign_in", gate_conf_rows, gate_conf_row_count, sign_in,
			   "How often somebody may try to get in."));
	add_table(s, TABLE(s, "metrics", metrics_rows, ARRAY_LEN(metrics_rows), metrics,
			   "The listener for those who watch over the node."));
	add_table(s, TABLE(s, "database", database_rows, ARRAY_LEN(database_rows), database,
			   "How large the database may be, and how it is written."));
	add_table(s, TABLE(s, "fetch", fetch_rows, ARRAY_LEN(fetch_rows), fetch,
			   "Requests to other hosts."));
	add_table(s, TABLE(s, "federation", fed_conf_rows, fed_conf_row_count, federation,
			   "Who may talk to the node, and how."));
	add_table(s, TABLE(s, "relay", fed_relay_conf_rows, fed_relay_conf_row_count, relay,
			   "Relays, and being one."));
	add_table(s, TABLE(s, "moderation", sift_conf_rows, sift_conf_row_count, moderation,
			   "What moderators need not do themselves."));
	add_table(s, TABLE(s, "queue", queue_rows, ARRAY_LEN(queue_rows), queue,
			   "Deliveries and other jobs, and how patiently they are repeated."));
	add_table(s,
		  TABLE(s, "media", media_conf_rows, media_conf_row_count, media,
			"Pictures, films and sounds: ours, and those of others that are shown."));
	add_table(s, TABLE(s, "mail", mail_conf_rows, mail_conf_row_count, mail,
			   "E-mail to the people of the node."));
	add_table(s, TABLE(s, "translation", translation_conf_rows, translation_conf_row_count,
			   translation, "Translations of posts into the languages of readers."));
	add_table(s, TABLE(s, "log", log_rows, ARRAY_LEN(log_rows), log, "The log."));
#ifdef FF_TEST_HOOKS
	/* the last: settings_public_tables() */
	add_table(
		s,
		TABLE(s, "test", test_rows, ARRAY_LEN(test_rows), test,
		      "For tests and demonstrations only; a build for the world has none of it."));
#endif
}

/* --- loading --- */

const char *settings_path(const char *given)
{
	static const char *const places[] = { PATH_HERE, PATH_SYSTEM };
	if (given != NULL)
		return given;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (access(places[i], F_OK) == 0)
			return places[i];
	}
	return NULL;
}

/* A rule between rows: what must hold, and the sentence when it does not. */
static enum rc check_between(struct ctx *ctx, const struct settings *s, struct conf_report *report)
{
	const struct {
		bool holds;
		const char *text;
	} rules[] = {
		{ s->database.max_bytes >= s->database.map_bytes,
		  "max_bytes in [database] is less than map_bytes" },
		{ s->queue.retry_max_ms >= s->queue.retry_first_ms,
		  "retry_max in [queue] is less than retry_first" },
		{ s->registrations.mode == SIGN_UP_CLOSED || s->mail.transport != MAIL_OFF,
		  "mode in [registrations] lets people sign up, who are to confirm their address, "
		  "but transport in [mail] is off" },
		{ str_has_suffix(s->metrics.listen, STR(":0")) ||
			  !str_eq(s->metrics.listen, s->http.listen),
		  "listen is the same in [http] and [metrics]" },
	};
	struct conf_error *errors = ARENA_ARRAY(ctx->arena, ARRAY_LEN(rules), struct conf_error);
	if (errors == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	report->errors = errors;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!rules[i].holds)
			errors[report->error_count++].text = str_of(rules[i].text);
	}
	return report->error_count == 0
		       ? RC_OK
		       : ctx_fail(ctx, RC_INVALID, "%.*s", STR_ARG(errors[0].text));
}

enum rc settings_load(struct ctx *ctx, const char *path, struct settings *s,
		      struct conf_report *report)
{
	enum rc rc = conf_load_file(ctx, path, s->tables, s->table_count, report);
	return rc == RC_OK ? check_between(ctx, s, report) : rc;
}

/* --- for other modules --- */

unsigned settings_iri_flags(const struct settings *s)
{
	return (s->test.plain_http ? IRI_HTTP : 0U) | (s->test.literal_hosts ? IRI_LITERAL : 0U);
}

void settings_site(struct arena *arena, const struct settings *s, struct site *out)
{
	struct str host = s->node.host.len != 0 ? s->node.host : s->node.domain;
	*out = (struct site){ .domain = s->node.domain,
			      .host = host,
			      .base = arena_printf(arena, "%s://%.*s",
						   s->test.plain_http ? "http" : "https",
						   STR_ARG(host)),
			      .title = s->node.title,
			      .description = s->node.description,
			      .contact = s->node.contact,
			      .contact_account = s->node.contact_account,
			      .limited_federation = s->federation.access == FED_ALLOW_LIST,
			      .iri_flags = settings_iri_flags(s),
			      .post_max_chars = s->node.post_max_chars,
			      .poll_max_options = s->node.poll_max_options,
			      .poll_tell_ms = s->node.poll_tell_ms,
			      .appeal_ms = s->node.appeal_ms,
			      .wave_undo_ms = s->moderation.undo_ms };
}

struct fetch_settings settings_fetch(struct arena *arena, const struct settings *s,
				     const struct site *site)
{
	struct fetch_settings out = s->fetch;
	if (out.user_agent.len == 0)
		out.user_agent = arena_printf(arena, "FediFlow/" PACKAGE_VERSION " (+%.*s/)",
					      STR_ARG(site->base));
	out.allow_http = s->test.plain_http;
	out.allow_addresses = s->test.allow_addresses;
	return out;
}

struct mail_settings settings_mail(struct arena *arena, const struct settings *s)
{
	struct mail_settings out = s->mail;
	struct str domain = str_take(s->node.domain, str_index(s->node.domain, ':'));
	if (out.from.len == 0)
		out.from = arena_join(arena, STR("noreply@"), domain);
	if (out.spool.len == 0)
		out.spool = arena_join(arena, s->node.data_dir, STR("/mail"));
	out.ca_file = s->fetch.ca_file;
	return out;
}

void settings_apply_log(const struct settings *s)
{
	log_setup((enum log_level)s->log.level, s->log.format != 0, STDERR_FILENO);
}

size_t settings_public_tables(const struct settings *s)
{
	return s->table_count - (settings_have_test_hooks() ? 1 : 0);
}

bool settings_have_test_hooks(void)
{
#ifdef FF_TEST_HOOKS
	return true;
#else
	return false;
#endif
}
