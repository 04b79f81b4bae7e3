/* Temporary folders for tests. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/must.h"
#include "testkit.h"

char *test_tmpdir_new(void)
{
	const char *base = getenv("TMPDIR");
	char *path = NULL;
	must(asprintf(&path, "%s/fediflow-test-XXXXXX", base != NULL ? base : "/tmp") > 0);
	must(mkdtemp(path) != NULL);
	return path;
}

static int remove_one(const char *path, const struct stat *st UNUSED, int flag UNUSED,
		      struct FTW *ftw UNUSED)
{
	return remove(path);
}

void test_tmpdir_remove(char **path)
{
	must(nftw(*path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
	free(*path);
	*path = NULL;
}
