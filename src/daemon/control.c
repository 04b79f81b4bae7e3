/*
 * The control socket: a datagram socket in the data folder, through which commands tell the running
 * node that there is something new. Words only, no answers, so that nobody can wait for anybody.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/buf.h"
#include "node.h"
#include "social/live.h"

#define SOCKET_NAME "control"

bool node_control_address(const struct node *node, struct sockaddr_un *address, int *fd)
{
	struct str folder = node->settings.node.data_dir;
	char path[4096];
	*fd = -1;
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (folder.len + sizeof("/" SOCKET_NAME) <= sizeof(address->sun_path)) {
		snprintf(address->sun_path, sizeof(address->sun_path), "%.*s/" SOCKET_NAME,
			 STR_ARG(folder));
		return true;
	}
	/* unix(7): a path has 107 bytes at most */
	snprintf(path, sizeof(path), "%.*s", STR_ARG(folder));
	*fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/" SOCKET_NAME,
		 *fd);
	return *fd >= 0;
}

void node_poke(const struct node *node, const char *word)
{
	struct sockaddr_un address;
	int folder = -1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* a full socket has a word in it that does the same */
	if (fd >= 0 && node_control_address(node, &address, &folder))
		(void)!sendto(fd, word, strlen(word), MSG_NOSIGNAL,
			      (const struct sockaddr *)(const void *)&address, sizeof(address));
	if (folder >= 0)
		close(folder);
	if (fd >= 0)
		close(fd);
}

/* So many fit into one word. */
#define LIVE_AT_ONCE 32

void node_poke_live(void *arg, const struct db_effect *effects, size_t count)
{
	const struct node *node = arg;
	while (count != 0) {
		struct buf live CLEANUP(buf_free) = BUF_INIT(POKE_MAX);
		struct buf words CLEANUP(buf_free) = BUF_INIT(POKE_MAX);
		size_t n = count < LIVE_AT_ONCE ? count : LIVE_AT_ONCE;
		live_format(&live, effects, n);
		buf_add(&words, STR(POKE_LIVE));
		buf_add(&words, buf_str(&live));
		if (!words.failed)
			node_poke(node, words.ptr);
		effects += n;
		count -= n;
	}
}

void node_poke_about(const struct node *node, const char *word, uint64_t id)
{
	char words[64];
	snprintf(words, sizeof(words), "%s%llu", word, (unsigned long long)id);
	node_poke(node, words);
}
