/* The passwords that guessers try first. */
#ifndef FF_CRYPT_WEAK_INT_H
#define FF_CRYPT_WEAK_INT_H

#include <stddef.h>
#include <stdint.h>

#define WEAK_COMMON 3500

extern const uint32_t weak_common[WEAK_COMMON];

#endif
