/* Options of the benchmark's programs: "--name value", each with a fallback. */
#ifndef FF_BENCH_ARGS_H
#define FF_BENCH_ARGS_H

#include <stdbool.h>
#include <stdint.h>

/* NULL when it is not there. Ends the process when its value is missing. */
const char *arg_text(char **argv, const char *name);
/* Ends the process when it is not there. */
const char *arg_needed(char **argv, const char *name);
uint64_t arg_number(char **argv, const char *name, uint64_t fallback);
bool arg_switch(char **argv, const char *name);

/* Says why and ends the process. */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *fmt, ...);
/* CLOCK_MONOTONIC. */
uint64_t now_ns(void);

#endif
