/* CRC-32C (Castagnoli), by the processor where it can. Any thread. */
#include <pthread.h>

#include "db_int.h"

static uint32_t table[256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void table_fill(void)
{
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		uint32_t crc = i;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ ((crc & 1) != 0 ? UINT32_C(0x82f63b78) : 0);
		table[i] = crc;
	}
}

uint32_t crc32c_by_table(uint32_t crc, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	pthread_once(&table_once, table_fill);
	for (crc = ~crc; n != 0; p++, n--)
		crc = (crc >> 8) ^ table[(crc ^ *p) & 0xff];
	return ~crc;
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t crc_by_sse(uint32_t crc, const unsigned char *p,
							     size_t n)
{
	uint64_t wide = crc;
	for (; n >= sizeof(uint64_t); p += sizeof(uint64_t), n -= sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, p, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; n != 0; p++, n--)
		crc = __builtin_ia32_crc32qi(crc, *p);
	return crc;
}
#endif

uint32_t crc32c(uint32_t crc, const void *bytes, size_t n)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_by_sse(~crc, bytes, n);
#endif
	return crc32c_by_table(crc, bytes, n);
}

uint32_t row_crc(const struct db_slot *slot, struct str key, struct str value)
{
	/* the key's length, too, so that no byte can move between key and value */
	uint32_t crc = slot->seed ^ (uint32_t)key.len;
	crc = crc32c(crc, key.ptr, key.len);
	return crc32c(crc, value.ptr, value.len);
}
