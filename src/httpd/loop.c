/* The listener threads: each waits for its libmicrohttpd's epoll set, and for whoever resumes. */
#include "loop_int.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/must.h"

struct loop {
	const _Atomic bool *ending;
	struct MHD_Daemon *mhd;
	int epoll;
	int wake; /* an eventfd */
	_Atomic bool woken;
	bool started;
	pthread_t thread;
};

struct loops {
	_Atomic bool ending;
	unsigned count;
	struct loop all[];
};

/* --- one --- */

static void loop_wake(struct loop *l)
{
	const uint64_t one = 1;
	if (!atomic_exchange(&l->woken, true))
		must(write(l->wake, &one, sizeof(one)) == sizeof(one));
}

/* Until there is something to do. */
static void loop_wait(struct loop *l)
{
	struct epoll_event events[2];
	MHD_UNSIGNED_LONG_LONG ms;
	uint64_t count;
	int timeout = -1;
	if (MHD_get_timeout(l->mhd, &ms) == MHD_YES)
		timeout = ms < INT_MAX ? (int)ms : INT_MAX;
	if (timeout == 0)
		return;
	int n = epoll_wait(l->epoll, events, 2, timeout);
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == NULL)
			must(read(l->wake, &count, sizeof(count)) == sizeof(count));
	}
}

static void *loop_main(void *arg)
{
	struct loop *l = arg;
	while (!atomic_load(l->ending)) {
		/* before the run: who resumes while it goes on wakes the next wait */
		atomic_store(&l->woken, false);
		MHD_run(l->mhd);
		loop_wait(l);
	}
	return NULL;
}

static bool watch(const struct loop *l, int fd, void *ptr)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = ptr };
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool loop_start(struct loop *l, const struct loops_settings *set)
{
	/* MHD_stop_daemon() closes it */
	int fd = fcntl(set->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return false;
	l->mhd = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, set->may_accept,
				  set->arg, set->on_call, set->arg, MHD_OPTION_LISTEN_SOCKET, fd,
				  MHD_OPTION_CONNECTION_LIMIT,
				  (set->connections_max + set->count - 1) / set->count,
				  MHD_OPTION_ARRAY, set->options, MHD_OPTION_END);
	if (l->mhd == NULL) {
		close(fd);
		return false;
	}
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_CLOEXEC);
	if (l->epoll < 0 || l->wake < 0)
		return false;
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(l->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL || !watch(l, info->epoll_fd, l) || !watch(l, l->wake, NULL) ||
	    pthread_create(&l->thread, NULL, loop_main, l) != 0)
		return false;
	pthread_setname_np(l->thread, "http");
	l->started = true;
	return true;
}

static void loop_stop(struct loop *l)
{
	if (l->started) {
		loop_wake(l);
		pthread_join(l->thread, NULL);
	}
	if (l->mhd != NULL)
		MHD_stop_daemon(l->mhd);
	if (l->epoll >= 0)
		close(l->epoll);
	if (l->wake >= 0)
		close(l->wake);
}

/* --- all --- */

enum rc loops_start(struct err *err, const struct loops_settings *set, struct loops **out)
{
	struct loops *loops = calloc(1, sizeof(*loops) + set->count * sizeof(loops->all[0]));
	*out = NULL;
	must(set->count != 0);
	if (loops == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for the listener threads");
	for (; loops->count < set->count; loops->count++) {
		struct loop *l = &loops->all[loops->count];
		l->ending = &loops->ending;
		l->epoll = l->wake = -1;
		if (loop_start(l, set))
			continue;
		loops->count++;
		loops_stop(&loops);
		return err_set(err, RC_IO, "cannot start the listener threads");
	}
	*out = loops;
	return RC_OK;
}

void loops_resume(struct loops *loops, struct MHD_Connection *connection)
{
	const struct MHD_Daemon *mhd =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON)->daemon;
	struct loop *l = loops->all;
	while (l->mhd != mhd) {
		l++;
		must(l < loops->all + loops->count);
	}
	/* afterwards the connection may be gone */
	MHD_resume_connection(connection);
	loop_wake(l);
}

void loops_stop(struct loops **at)
{
	struct loops *loops = *at;
	if (loops == NULL)
		return;
	atomic_store(&loops->ending, true);
	for (unsigned i = 0; i < loops->count; i++)
		loop_stop(&loops->all[i]);
	free(loops);
	*at = NULL;
}
