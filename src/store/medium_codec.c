/* The stored form of a medium. Pure. */
#include "core/must.h"
#include "medium_int.h"
#include "store_int.h"

#define VERSION 1

static void file_encode(struct buf *out, const struct medium_file *f)
{
	rec_add_str(out, f->type);
	if (f->type.len == 0)
		return;
	buf_add_bytes(out, f->digest.bytes, DIGEST_SIZE);
	rec_add_num(out, f->bytes);
	rec_add_num(out, f->width);
	rec_add_num(out, f->height);
}

static void file_decode(struct rec *r, struct medium_file *f)
{
	f->type = rec_str(r);
	if (f->type.len == 0)
		return;
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		f->digest.bytes[i] = rec_u8(r);
	f->bytes = rec_num(r);
	f->width = store_num32(r);
	f->height = store_num32(r);
}

void medium_encode(struct buf *out, const struct medium *m)
{
	must(m->focus_x >= -MEDIUM_FOCUS && m->focus_x <= MEDIUM_FOCUS &&
	     m->focus_y >= -MEDIUM_FOCUS && m->focus_y <= MEDIUM_FOCUS);
	rec_add_u8(out, VERSION);
	rec_add_u64(out, m->owner);
	rec_add_u8(out, (uint8_t)m->state);
	rec_add_u8(out, (uint8_t)m->use);
	rec_add_u64(out, m->holder);
	rec_add_num(out, m->created_ms);
	rec_add_num(out, m->duration_ms);
	file_encode(out, &m->file);
	file_encode(out, &m->small);
	rec_add_u8(out, m->has_focus);
	rec_add_num(out, (uint64_t)(m->focus_x + MEDIUM_FOCUS));
	rec_add_num(out, (uint64_t)(m->focus_y + MEDIUM_FOCUS));
	rec_add_str(out, m->blurhash);
	rec_add_str(out, m->description);
	rec_add_str(out, m->reason);
}

static int focus_decode(struct rec *r)
{
	uint64_t n = rec_num(r);
	if (n > 2 * MEDIUM_FOCUS)
		r->bad = true;
	return r->bad ? 0 : (int)n - MEDIUM_FOCUS;
}

bool medium_decode(struct str value, uint64_t id, struct medium *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	*out = (struct medium){ .id = id, .owner = rec_u64(&r) };
	uint8_t state = rec_u8(&r), use = rec_u8(&r);
	out->state = (enum medium_state)state;
	out->use = (enum medium_use)use;
	out->holder = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->duration_ms = rec_num(&r);
	file_decode(&r, &out->file);
	file_decode(&r, &out->small);
	uint8_t has_focus = rec_u8(&r);
	out->has_focus = has_focus != 0;
	out->focus_x = focus_decode(&r);
	out->focus_y = focus_decode(&r);
	out->blurhash = rec_str(&r);
	out->description = rec_str(&r);
	out->reason = rec_str(&r);
	return rec_ok(&r) && version == VERSION && state <= MEDIUM_FAILED && use <= MEDIUM_COPY &&
	       has_focus <= 1 && (out->use == MEDIUM_OPEN) == (out->holder == 0);
}

struct reckey medium_file_key(const struct digest *digest, uint64_t id)
{
	struct reckey key = RECKEY_INIT;
	reckey_add_bytes(&key, digest->bytes, DIGEST_SIZE);
	reckey_add_u64(&key, id);
	return key;
}
