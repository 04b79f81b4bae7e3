/* Random bytes from the kernel (getrandom); there is no other source in this program. */
#ifndef FF_CORE_RANDOM_H
#define FF_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills out with n random bytes. Never fails: without random bytes the process ends. */
void random_bytes(void *out, size_t n);
uint64_t random_u64(void);
/* A value below bound, which is not 0, without bias. */
uint64_t random_below(uint64_t bound);

#endif
