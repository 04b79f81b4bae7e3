/* Requests out of a file. */
#include "requests.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"

void requests_read(struct requests *r, const char *path, size_t from)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) != 0)
		die("%s: %m", path);
	size_t size = (size_t)st.st_size;
	const char *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		die("%s: %m", path);
	close(fd);
	*r = (struct requests){ .all = calloc(size / 16 + 1, sizeof(*r->all)) };
	for (size_t at = 0, index = 0; at + 4 <= size; index++) {
		uint32_t len;
		memcpy(&len, map + at, 4);
		if (len > size - at - 4)
			die("%s is cut short", path);
		if (index >= from)
			r->all[r->count++] = (struct request){ map + at + 4, len };
		at += 4 + len;
	}
	if (r->count == 0)
		die("%s has no request behind %zu", path, from);
}
