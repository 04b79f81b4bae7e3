/*
 * Stored values under any bytes: the first byte of the input says which fields are read. What reads
 * well must be written back to the very same bytes.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/must.h"
#include "db/rec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void copy_field(struct rec *r, struct buf *out, unsigned kind)
{
	switch (kind) {
	case 0:
		rec_add_u8(out, rec_u8(r));
		return;
	case 1:
		rec_add_u32(out, rec_u32(r));
		return;
	case 2:
		rec_add_u64(out, rec_u64(r));
		return;
	case 3:
		rec_add_num(out, rec_num(r));
		return;
	default:
		rec_add_str(out, rec_str(r));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	uint64_t n;
	if (size == 0)
		return 0;
	struct str value = str_n(data + 1, size - 1);
	struct rec r = rec_open(value);
	for (unsigned kind = data[0]; rec_sound(&r) && !rec_ok(&r); kind = kind / 5 + data[0])
		copy_field(&r, &out, kind % 5);
	if (rec_ok(&r) && !out.failed)
		must(str_eq(buf_str(&out), value));
	must(reckey_read_u64(value, data[0], &n) == (size - 1 >= (size_t)data[0] + 8));
	return 0;
}
