/*
 * The ceiling of reads: libmicrohttpd answering the same bytes from memory, one response per path
 * made at the start.
 *
 *   bench-ceiling-read --port P --serve PATH TYPE FILE [PATH TYPE FILE ...]
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"

#define PAGES_MAX 16

struct page {
	const char *path;
	struct MHD_Response *response;
};

static struct page pages[PAGES_MAX];
static size_t page_count;

static void page_add(const char *path, const char *type, const char *file)
{
	FILE *f = fopen(file, "rb");
	char *bytes = malloc((size_t)1 << 20);
	if (f == NULL)
		die("%s: %m", file);
	size_t len = fread(bytes, 1, (size_t)1 << 20, f);
	fclose(f);
	if (page_count == PAGES_MAX)
		die("too many pages");
	struct MHD_Response *r =
		MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(r, "Content-Type", type);
	pages[page_count++] = (struct page){ path, r };
}

static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	(void)cls, (void)method, (void)version, (void)upload, (void)upload_size;
	/* who answers at the first call, before the request is whole, loses the connection */
	if (*state == NULL) {
		*state = pages;
		return MHD_YES;
	}
	*state = NULL;
	for (size_t i = 0; i < page_count; i++) {
		if (strcmp(pages[i].path, url) == 0)
			return MHD_queue_response(c, 200, pages[i].response);
	}
	return MHD_NO;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)arg_number(argv, "--port", 0)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int at = 1, caught;
	sigset_t set;
	while (at < argc && strcmp(argv[at], "--serve") != 0)
		at++;
	for (at++; at + 2 < argc; at += 3)
		page_add(argv[at], argv[at + 1], argv[at + 2]);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	struct MHD_Daemon *d =
		MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
				 MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, 2U,
				 MHD_OPTION_CONNECTION_LIMIT, 1000U, MHD_OPTION_END);
	if (d == NULL)
		die("cannot listen");
	puts("ready");
	fflush(stdout);
	sigwait(&set, &caught);
	MHD_stop_daemon(d);
	return 0;
}
