/* Options, the last word, and the time. */
#include "args.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

bool arg_switch(char **argv, const char *name)
{
	for (; *argv != NULL; argv++) {
		if (strcmp(*argv, name) == 0)
			return true;
	}
	return false;
}

const char *arg_text(char **argv, const char *name)
{
	for (; *argv != NULL; argv++) {
		if (strcmp(*argv, name) != 0)
			continue;
		if (argv[1] == NULL)
			die("%s needs a value", name);
		return argv[1];
	}
	return NULL;
}

const char *arg_needed(char **argv, const char *name)
{
	const char *text = arg_text(argv, name);
	if (text == NULL)
		die("%s is missing", name);
	return text;
}

uint64_t arg_number(char **argv, const char *name, uint64_t fallback)
{
	const char *text = arg_text(argv, name);
	char *end;
	if (text == NULL)
		return fallback;
	uint64_t n = strtoull(text, &end, 10);
	if (end == text || *end != '\0')
		die("%s %s is no number", name, text);
	return n;
}

uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}
