/* The stored form of a status. Pure. */
#include "core/must.h"
#include "db/rec.h"
#include "status_int.h"
#include "store_int.h"

#define STATUS_VERSION 1

static const char *const visibility_names[] = {
	[VISIBILITY_PUBLIC] = "public",	      [VISIBILITY_UNLISTED] = "unlisted",
	[VISIBILITY_FOLLOWERS] = "followers", [VISIBILITY_DIRECT] = "direct",
	[VISIBILITY_LOCAL] = "local",	      [VISIBILITY_MEMBERS] = "members",
};

const char *visibility_name(enum visibility v)
{
	must((size_t)v < ARRAY_LEN(visibility_names));
	return visibility_names[v];
}

bool visibility_parse(struct str name, enum visibility *out)
{
	for (size_t i = 0; i < ARRAY_LEN(visibility_names); i++) {
		if (str_eq(name, str_of(visibility_names[i]))) {
			*out = (enum visibility)i;
			return true;
		}
	}
	return false;
}

static void lists_encode(struct buf *out, const struct status *s)
{
	rec_add_num(out, s->mention_count);
	for (unsigned i = 0; i < s->mention_count; i++) {
		rec_add_num(out, s->mentions[i].account);
		rec_add_str(out, s->mentions[i].uri);
		rec_add_str(out, s->mentions[i].handle);
	}
	rec_add_num(out, s->tag_count);
	for (unsigned i = 0; i < s->tag_count; i++)
		rec_add_str(out, s->tags[i]);
	rec_add_num(out, s->attachment_count);
	for (unsigned i = 0; i < s->attachment_count; i++) {
		const struct status_attachment *a = &s->attachments[i];
		rec_add_str(out, a->url);
		rec_add_str(out, a->media_type);
		rec_add_str(out, a->description);
		rec_add_str(out, a->blurhash);
		rec_add_num(out, a->width);
		rec_add_num(out, a->height);
	}
}

void status_encode(struct buf *out, const struct status *s)
{
	must(s->mention_count <= STATUS_MENTIONS_MAX && s->tag_count <= STATUS_TAGS_MAX &&
	     s->attachment_count <= STATUS_ATTACHMENTS_MAX);
	rec_add_u8(out, STATUS_VERSION);
	rec_add_u8(out, (uint8_t)s->visibility);
	rec_add_num(out, s->flags);
	rec_add_u64(out, s->account);
	rec_add_num(out, s->created_ms);
	rec_add_num(out, s->edited_ms);
	rec_add_num(out, s->parent);
	rec_add_num(out, s->parent_account);
	rec_add_num(out, s->root);
	rec_add_num(out, s->boost_of);
	rec_add_str(out, s->uri);
	rec_add_str(out, s->url);
	rec_add_str(out, s->type);
	rec_add_str(out, s->title);
	rec_add_str(out, s->content.markup);
	rec_add_str(out, s->spoiler);
	rec_add_str(out, s->language);
	rec_add_str(out, s->parent_uri);
	rec_add_str(out, s->source);
	lists_encode(out, s);
	parts_encode(out, status_parts, status_part_count, s);
}

bool status_author_decode(struct str value, uint64_t *account)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	rec_u8(&r);
	rec_num(&r);
	*account = rec_u64(&r);
	return version == STATUS_VERSION && rec_sound(&r);
}

static bool mentions_decode(struct arena *arena, struct rec *r, struct status *s)
{
	uint64_t count = rec_num(r);
	if (count > STATUS_MENTIONS_MAX)
		return false;
	s->mentions = ARENA_ARRAY(arena, count, struct status_mention);
	if (s->mentions == NULL)
		return false;
	for (s->mention_count = 0; s->mention_count < count; s->mention_count++) {
		struct status_mention *m = &s->mentions[s->mention_count];
		m->account = rec_num(r);
		m->uri = rec_str(r);
		m->handle = rec_str(r);
	}
	return true;
}

static bool tags_decode(struct arena *arena, struct rec *r, struct status *s)
{
	uint64_t count = rec_num(r);
	if (count > STATUS_TAGS_MAX)
		return false;
	s->tags = ARENA_ARRAY(arena, count, struct str);
	if (s->tags == NULL)
		return false;
	for (s->tag_count = 0; s->tag_count < count; s->tag_count++)
		s->tags[s->tag_count] = rec_str(r);
	return true;
}

static bool attachments_decode(struct arena *arena, struct rec *r, struct status *s)
{
	uint64_t count = rec_num(r);
	if (count > STATUS_ATTACHMENTS_MAX)
		return false;
	s->attachments = ARENA_ARRAY(arena, count, struct status_attachment);
	if (s->attachments == NULL)
		return false;
	for (s->attachment_count = 0; s->attachment_count < count; s->attachment_count++) {
		struct status_attachment *a = &s->attachments[s->attachment_count];
		a->url = rec_str(r);
		a->media_type = rec_str(r);
		a->description = rec_str(r);
		a->blurhash = rec_str(r);
		a->width = store_num32(r);
		a->height = store_num32(r);
	}
	return true;
}

bool status_decode(struct arena *arena, struct str value, uint64_t id, struct status *s)
{
	struct rec r = rec_open(value);
	*s = (struct status){ .id = id };
	if (rec_u8(&r) != STATUS_VERSION)
		return false;
	s->visibility = (enum visibility)rec_u8(&r);
	s->flags = store_num32(&r);
	s->account = rec_u64(&r);
	s->created_ms = rec_num(&r);
	s->edited_ms = rec_num(&r);
	s->parent = rec_num(&r);
	s->parent_account = rec_num(&r);
	s->root = rec_num(&r);
	s->boost_of = rec_num(&r);
	s->uri = rec_str(&r);
	s->url = rec_str(&r);
	s->type = rec_str(&r);
	s->title = rec_str(&r);
	s->content = html_trusted(rec_str(&r));
	s->spoiler = rec_str(&r);
	s->language = rec_str(&r);
	s->parent_uri = rec_str(&r);
	s->source = rec_str(&r);
	return s->visibility <= VISIBILITY_MEMBERS && mentions_decode(arena, &r, s) &&
	       tags_decode(arena, &r, s) && attachments_decode(arena, &r, s) &&
	       parts_decode(arena, &r, status_parts, status_part_count, s) && rec_ok(&r);
}
