/*
 * The codec of stored values and keys. Values: a version byte first, fixed parts, then strings with
 * their length in front. Keys: integers big-endian, so that byte order is numeric order. Readers
 * are sticky: after the first byte too few everything is zero, and rec_ok() says so at the end.
 */
#ifndef FF_DB_REC_H
#define FF_DB_REC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

/* --- values --- */

void rec_add_u8(struct buf *out, uint8_t n);
void rec_add_u32(struct buf *out, uint32_t n);
void rec_add_u64(struct buf *out, uint64_t n);
/* LEB128: small numbers take one byte. */
void rec_add_num(struct buf *out, uint64_t n);
/* Absent and empty are told apart. */
void rec_add_str(struct buf *out, struct str s);

struct rec {
	struct str rest;
	bool bad;
};

struct rec rec_open(struct str value);
uint8_t rec_u8(struct rec *r);
uint32_t rec_u32(struct rec *r);
uint64_t rec_u64(struct rec *r);
uint64_t rec_num(struct rec *r);
/* Points into the value. */
struct str rec_str(struct rec *r);
/* Nothing was missing, and nothing is left. */
bool rec_ok(const struct rec *r);
/* Nothing was missing so far; for records that newer versions may have lengthened. */
bool rec_sound(const struct rec *r);

/* --- keys --- */

struct reckey {
	unsigned char bytes[64];
	size_t len;
};

/* Keys are built left to right from REC_KEY and read as str by reckey_str(). A key that is too long
 * is our bug. */
#define RECKEY_INIT      \
	{                \
		.len = 0 \
	}
void reckey_add_u8(struct reckey *k, uint8_t n);
void reckey_add_u64(struct reckey *k, uint64_t n);
void reckey_add_bytes(struct reckey *k, const void *bytes, size_t n);
struct str reckey_str(const struct reckey *k);
struct reckey reckey_u64(uint64_t n);
struct reckey reckey_u64_u64(uint64_t a, uint64_t b);
/* The 16 first bytes of the SHA-256 of a text that is too long or too foreign to be a key. */
struct reckey reckey_digest(struct str text);

/* Reads integers back: the key's bytes from offset on. False when it is too short. */
bool reckey_read_u64(struct str key, size_t offset, uint64_t *out) NODISCARD;

#endif
