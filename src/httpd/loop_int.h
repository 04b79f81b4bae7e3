/*
 * The listener threads. Each runs a libmicrohttpd of its own over the same socket.
 *
 * The library's own threads are not used: where it is ready for exactly 128 connections, or a multiple
 * of that, it asks epoll for more before it looks at them and waits, perhaps for ever (MAX_EVENTS in
 * MHD_epoll(), seen with 0.9.75). Asked from outside it never waits.
 */
#ifndef FF_HTTPD_LOOP_INT_H
#define FF_HTTPD_LOOP_INT_H

#include <microhttpd.h>

#include "core/rc.h"

struct loops;

/*
 * Starts count threads that listen on copies of fd; together they take about connections_max. options
 * and the callbacks are those of MHD_start_daemon(). RC_IO, RC_NO_MEMORY, with the reason in err.
 */
struct loops_settings {
	int fd;
	unsigned count;
	unsigned connections_max;
	MHD_AcceptPolicyCallback may_accept;
	MHD_AccessHandlerCallback on_call;
	const struct MHD_OptionItem *options;
	void *arg; /* of the callbacks */
};
enum rc loops_start(struct err *err, const struct loops_settings *settings,
		    struct loops **out) NODISCARD;
/* Resumes a suspended connection. Any thread. */
void loops_resume(struct loops *loops, struct MHD_Connection *connection);
/* Ends the threads and closes what is open. Nothing may be suspended any more. */
void loops_stop(struct loops **loops);

#endif
