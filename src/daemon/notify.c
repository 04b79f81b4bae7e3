/* The notification socket of a service manager: one datagram per word. Main thread. */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/str.h"

void notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = path != NULL ? strlen(path) : 0;
	if (len < 2 || len >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(address.sun_path, path, len);
	if (path[0] == '@') /* an abstract socket: unix(7) */
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		      (const struct sockaddr *)(const void *)&address, size);
	close(fd);
}

uint64_t notify_watchdog_ms(void)
{
	uint64_t usec = 0, pid = 0;
	const char *for_whom = getenv("WATCHDOG_PID");
	if (!str_to_u64(str_of(getenv("WATCHDOG_USEC")), &usec))
		return 0;
	if (for_whom != NULL && (!str_to_u64(str_of(for_whom), &pid) || pid != (uint64_t)getpid()))
		return 0;
	/* sd_watchdog_enabled(3): half of the time it waits */
	return usec / 2000;
}
