/*
 * Runs a fuzz target over files and folders of seeds, for compilers without libFuzzer and for `make
 * check`: prints one TAP line per argument. Without an argument it takes the target's own folder,
 * FUZZ_SEEDS, below $FF_SRCDIR.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return -1;
	size_t size = 0, cap = 1 << 16;
	uint8_t *data = malloc(cap);
	size_t got;
	while (data != NULL && (got = fread(data + size, 1, cap - size, file)) > 0) {
		size += got;
		if (size == cap)
			data = realloc(data, cap *= 2);
	}
	fclose(file);
	if (data == NULL)
		return -1;
	/* an exact copy, so that one byte too far is seen */
	uint8_t *exact = malloc(size != 0 ? size : 1);
	if (exact != NULL) {
		memcpy(exact, data, size);
		LLVMFuzzerTestOneInput(exact, size);
	}
	free(exact);
	free(data);
	return exact != NULL ? 0 : -1;
}

static int run_folder(const char *path)
{
	DIR *dir = opendir(path);
	int seeds = 0;
	if (dir == NULL)
		return -1;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char name[4096];
		if (entry->d_name[0] == '.')
			continue;
		int n = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (n < 0 || (size_t)n >= sizeof(name) || run_file(name) != 0) {
			closedir(dir);
			return -1;
		}
		seeds++;
	}
	closedir(dir);
	return seeds != 0 ? 0 : -1;
}

static int report(int number, const char *path)
{
	struct stat st;
	int result = -1;
	if (stat(path, &st) == 0)
		result = S_ISDIR(st.st_mode) ? run_folder(path) : run_file(path);
	printf("%s %d - seeds %s\n", result == 0 ? "ok" : "not ok", number, path);
	return result;
}

int main(int argc, char **argv)
{
	int failures = 0;
	if (argc == 1) {
		const char *top = getenv("FF_SRCDIR");
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".", FUZZ_SEEDS);
		return report(1, path) != 0;
	}
	for (int i = 1; i < argc; i++)
		failures += report(i, argv[i]) != 0;
	return failures != 0;
}
