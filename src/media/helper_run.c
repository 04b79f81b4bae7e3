/*
 * Starting helpers and waiting for them. Blocks: workers only. Input and outputs are files in
 * memory, so that a helper needs no folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/attr.h"
#include "core/clock.h"
#include "helper.h"
#include "helper_int.h"
#include "media/media.h"

#define SELF "/proc/self/exe"
#define LOOK_MS 100   /* how often it is asked whether to stop */
#define FIRST_FREE 10 /* descriptors here and above are in nobody's way */

enum channel {
	CHANNEL_INPUT,
	CHANNEL_ANSWER,
	CHANNEL_OUT,
	CHANNEL_SMALL,
	CHANNELS,
};

static const int places[CHANNELS] = { STDIN_FILENO, STDOUT_FILENO, HELPER_OUT, HELPER_SMALL };

struct run {
	int fds[CHANNELS];
	int reading; /* our end of the answer */
	pid_t pid;
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void run_close(struct run *r)
{
	for (size_t i = 0; i < CHANNELS; i++)
		close_one(&r->fds[i]);
	close_one(&r->reading);
}

/* The same descriptor out of the way of those that the helper gets. */
static int moved(int fd)
{
	if (fd < 0)
		return fd;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	close(fd);
	return high;
}

static int memory_file(const char *name)
{
	return moved(memfd_create(name, MFD_CLOEXEC));
}

static bool fill(int fd, struct str bytes)
{
	while (bytes.len != 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

static bool channels_open(struct run *r, struct str input)
{
	int ends[2] = { -1, -1 };
	r->fds[CHANNEL_INPUT] = memory_file("input");
	r->fds[CHANNEL_OUT] = memory_file("out");
	r->fds[CHANNEL_SMALL] = memory_file("small");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	r->reading = moved(ends[0]);
	r->fds[CHANNEL_ANSWER] = moved(ends[1]);
	for (size_t i = 0; i < CHANNELS; i++) {
		if (r->fds[i] < 0)
			return false;
	}
	return r->reading >= 0 && fill(r->fds[CHANNEL_INPUT], input);
}

/* --- starting --- */

static bool set_up(const struct run *r, posix_spawn_file_actions_t *actions,
		   posix_spawnattr_t *attr)
{
	sigset_t none, defaults;
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	bool ok = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY,
						   0) == 0;
	for (size_t i = 0; i < CHANNELS; i++)
		ok = ok && posix_spawn_file_actions_adddup2(actions, r->fds[i], places[i]) == 0;
	return ok && posix_spawnattr_setsigmask(attr, &none) == 0 &&
	       posix_spawnattr_setsigdefault(attr, &defaults) == 0 &&
	       posix_spawnattr_setpgroup(attr, 0) == 0 &&
	       posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETPGROUP) == 0;
}

static bool start(struct run *r, const struct helper_job *job)
{
	char path_line[] = "PATH=/usr/bin:/bin", locale_line[] = "LC_ALL=C";
	char arena_line[] = "MALLOC_ARENA_MAX=1", disc_line[] = "VIPS_DISC_THRESHOLD=2g";
	char *const environment[] = { path_line, locale_line, arena_line, disc_line, NULL };
	const char *path = job->program != NULL ? job->program : SELF;
	const char *argv[HELPER_ARGS_MAX + 3] = { "fediflow", MEDIA_HELPER };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	for (size_t i = 0; i < HELPER_ARGS_MAX && job->args[i] != NULL; i++)
		argv[2 + i] = job->args[i];
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	bool ok = posix_spawnattr_init(&attr) == 0;
	if (ok) {
		/* the strings are not written to: that is how the call was declared long ago */
		ok = set_up(r, &actions, &attr) &&
		     posix_spawn(&r->pid, path, &actions, &attr, (char *const *)(uintptr_t)argv,
				 environment) == 0;
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&actions);
	return ok;
}

/* --- waiting --- */

static uint64_t now_ms(void)
{
	return clock_steady_ms(clock_system());
}

static bool stopped(const struct helper_job *job)
{
	return job->stop != NULL && atomic_load(job->stop);
}

/* How long to wait until the deadline is looked at again. */
static int nap_ms(uint64_t until_ms)
{
	uint64_t now = now_ms();
	uint64_t left = now < until_ms ? until_ms - now : 0;
	return (int)(left < LOOK_MS ? left : LOOK_MS);
}

/* Reads until the other end is closed. False at the deadline, or when told to stop. */
static bool read_answer(const struct run *r, const struct helper_job *job, uint64_t until_ms)
{
	char bytes[4096];
	while (!stopped(job)) {
		struct pollfd poller = { .fd = r->reading, .events = POLLIN };
		int ready = poll(&poller, 1, nap_ms(until_ms));
		if (ready == 0 && now_ms() >= until_ms)
			return false;
		if (ready <= 0)
			continue;
		ssize_t n = read(r->reading, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return true;
		buf_add_bytes(job->answer, bytes, (size_t)n);
	}
	return false;
}

/* A helper that has closed its answer has little left to do. It stays a zombie for kill_all(). */
static bool ended(const struct run *r, uint64_t until_ms)
{
	siginfo_t info;
	for (;;) {
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 &&
		    errno != EINTR)
			return true;
		if (info.si_pid != 0)
			return true;
		if (now_ms() >= until_ms)
			return false;
		poll(NULL, 0, 2);
	}
}

/* With whatever it has started itself: nobody writes to the outputs any more. */
static void kill_all(const struct run *r, int *status)
{
	kill(-r->pid, SIGKILL);
	kill(r->pid, SIGKILL);
	while (waitpid(r->pid, status, 0) < 0 && errno == EINTR)
		;
}

static void take_output(int fd, struct buf *out)
{
	char bytes[16384];
	off_t at = 0;
	ssize_t n;
	if (out == NULL)
		return;
	while ((n = pread(fd, bytes, sizeof(bytes), at)) > 0 && !out->failed) {
		buf_add_bytes(out, bytes, (size_t)n);
		at += n;
	}
	if (n < 0)
		buf_fail(out);
}

static enum rc finish(struct err *err, const struct run *r, const struct helper_job *job,
		      int *status)
{
	uint64_t until_ms = now_ms() + job->deadline_ms;
	bool in_time = read_answer(r, job, until_ms) && ended(r, until_ms);
	kill_all(r, status);
	if (!in_time && stopped(job))
		return err_set(err, RC_UNREACHABLE, "the node is stopping");
	if (!in_time)
		return err_set(err, RC_TIMEOUT, "the file takes too long to read");
	take_output(r->fds[CHANNEL_OUT], job->out);
	take_output(r->fds[CHANNEL_SMALL], job->small);
	return WIFEXITED(*status) && WEXITSTATUS(*status) == 0 ? RC_OK : RC_INVALID;
}

enum rc helper_run(struct err *err, const struct helper_job *job, int *status)
{
	struct run r = { .fds = { -1, -1, -1, -1 }, .reading = -1 };
	enum rc rc = RC_IO;
	*status = 0;
	if (channels_open(&r, job->input) && start(&r, job)) {
		close_one(&r.fds[CHANNEL_ANSWER]);
		rc = finish(err, &r, job, status);
	} else {
		err_set(err, RC_IO, "a helper cannot be started: %s", strerror(errno));
	}
	run_close(&r);
	return rc;
}
