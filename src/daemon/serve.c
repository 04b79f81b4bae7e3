/* fediflow serve: runs the node until it is told to stop. Main thread. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd.h"
#include "config.h"
#include "core/log.h"
#include "notify.h"
#include "server.h"

/* A stop that hangs is ended: everything acknowledged is on disk anyway. */
#define STOP_SECONDS 20
#define ABANDON_SECONDS 3

enum turn {
	TURN_ON,
	TURN_STOP,
	TURN_FAILED,
};

/* S-133: a node has no business with root's rights, nor a dump of its memory with the disk. */
static enum rc privileges_check(struct cli *cli)
{
	const struct rlimit none = { 0, 0 };
	if (geteuid() == 0 && !command_switch(cli, "allow-root") && !settings_have_test_hooks())
		return ctx_fail(&cli->ctx, RC_DENIED,
				"not as root: start it as a user of its own, or say --allow-root");
	(void)!setrlimit(RLIMIT_CORE, &none);
	if (!settings_have_test_hooks()) /* debuggers and sanitizers attach in tests */
		prctl(PR_SET_DUMPABLE, 0);
	return RC_OK;
}

static void overdue(int number)
{
	(void)number;
	_exit(EXIT_FAILED);
}

static enum turn signal_taken(struct server *s)
{
	struct signalfd_siginfo info;
	enum turn turn = TURN_ON;
	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGHUP) {
			LOG(NODE_STOPPING, F_U64("signal", info.ssi_signo));
			turn = TURN_STOP;
			continue;
		}
		notify_send("RELOADING=1");
		server_reload(s);
		notify_send("READY=1");
	}
	return turn;
}

/* Waits for the next thing to happen and does it. */
static enum turn turn(struct server *s, uint64_t watchdog_ms)
{
	struct pollfd fds[] = { { .fd = s->signals, .events = POLLIN },
				{ .fd = s->control, .events = POLLIN },
				{ .fd = s->failed, .events = POLLIN } };
	int n = poll(fds, ARRAY_LEN(fds), watchdog_ms != 0 ? (int)watchdog_ms : -1);
	/* silence is told on only while the writer comes round */
	if (watchdog_ms != 0 && watch_probe_send(&s->probe, s->node.db))
		notify_send("WATCHDOG=1");
	if (n <= 0)
		return TURN_ON;
	if (fds[2].revents != 0)
		return TURN_FAILED;
	if (fds[1].revents != 0)
		server_control(s);
	return fds[0].revents != 0 ? signal_taken(s) : TURN_ON;
}

static void tell_started(const struct server *s)
{
	const struct settings *settings = &s->node.settings;
	uint64_t took = clock_steady_ms(clock_system()) - s->begun_ms;
	notify_send("READY=1");
	LOG(NODE_STARTED, F_STR("domain", s->node.site.domain), F_STR("address", s->node.site.base),
	    F_STR("listen", settings->http.listen), F_U64("port", httpd_port(s->public)),
	    F_STR("metrics", settings->metrics.listen),
	    F_U64("metrics_port", s->watchers != NULL ? httpd_port(s->watchers) : 0),
	    F_CSTR("version", PACKAGE_VERSION), F_U64("took_ms", took));
}

static enum rc serve_on(struct server *s)
{
	uint64_t watchdog_ms = notify_watchdog_ms();
	enum turn now = TURN_ON;
	tell_started(s);
	while (now == TURN_ON)
		now = turn(s, watchdog_ms);
	if (now == TURN_STOP)
		return RC_OK;
	/* S-115: nothing is acknowledged any more; whoever starts us again finds it verified */
	alarm(ABANDON_SECONDS);
	server_abandon(s);
	_exit(EXIT_STORAGE);
}

enum rc cmd_serve(struct cli *cli)
{
	struct server server;
	enum rc rc = privileges_check(cli);
	if (rc != RC_OK)
		return rc;
	signal(SIGALRM, overdue);
	rc = server_start(&server, cli);
	if (rc == RC_OK)
		rc = serve_on(&server);
	notify_send("STOPPING=1");
	alarm(STOP_SECONDS);
	server_stop(&server);
	alarm(0);
	if (rc == RC_OK)
		LOG(NODE_STOPPED, F_RC(rc));
	return rc;
}
