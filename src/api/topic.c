/* Names of streams, and the keys that tell topics apart. Pure. */
#include "topic_int.h"

#include "core/arena.h"
#include "core/must.h"
#include "text/html.h"

const struct topic_row topic_rows[TOPIC_KINDS] = {
#define X(constant, name, path, about, scope) \
	[TOPIC_##constant] = { name, path, TOPIC_OF_##about, SCOPE(scope) },
	TOPIC_TABLE(X)
#undef X
};

/* The kind, then the id with its most significant byte first, then the hashtag. */
struct topic topic_of(struct arena *arena, enum topic_kind kind, uint64_t id, struct str folded)
{
	struct topic topic = { .kind = kind, .id = id, .tag = folded };
	size_t len = 9 + folded.len;
	char *key = arena_alloc(arena, len);
	if (key == NULL)
		return topic;
	key[0] = (char)('a' + kind);
	for (unsigned i = 0; i < 8; i++)
		key[1 + i] = (char)(unsigned char)(id >> (56 - 8 * i));
	if (folded.len != 0)
		memcpy(key + 9, folded.ptr, folded.len);
	topic.key = str_n(key, len);
	return topic;
}

static enum rc parse_tag(struct ctx *ctx, enum topic_kind kind, struct str tag, struct topic *out)
{
	struct str folded;
	if (str_has_prefix(tag, STR("#")))
		tag = str_skip(tag, 1);
	if (tag.len == 0 || tag.len > TOPIC_TAG_MAX)
		return ctx_fail(ctx, RC_INVALID, "Missing tag name parameter");
	enum rc rc = text_tag_fold(ctx, tag, &folded);
	if (rc != RC_OK)
		return rc;
	if (folded.len > TOPIC_TAG_MAX)
		return ctx_fail(ctx, RC_INVALID, "Missing tag name parameter");
	*out = topic_of(ctx->arena, kind, 0, folded);
	/* clients know it by what they called it */
	out->tag = arena_str(ctx->arena, tag);
	return RC_OK;
}

static enum rc parse_about(struct ctx *ctx, enum topic_kind kind, const struct topic_wish *wish,
			   uint64_t account, struct topic *out)
{
	uint64_t list = 0;
	switch (topic_rows[kind].about) {
	case TOPIC_OF_ACCOUNT:
		*out = topic_of(ctx->arena, kind, account, STR(""));
		return RC_OK;
	case TOPIC_OF_ALL:
		*out = topic_of(ctx->arena, kind, 0, STR(""));
		return RC_OK;
	case TOPIC_OF_TAG:
		return parse_tag(ctx, kind, wish->tag, out);
	case TOPIC_OF_LIST:
		if (!str_to_u64(wish->list, &list) || list == 0)
			return ctx_fail(ctx, RC_INVALID, "Missing list name parameter");
		/* a community is a list of each who has joined it, and each sees it as they may */
		*out = topic_of(ctx->arena, kind, list,
				arena_printf(ctx->arena, "%llu", (unsigned long long)account));
		out->tag = STR("");
		return RC_OK;
	}
	return RC_NOT_FOUND;
}

enum rc topic_parse(struct ctx *ctx, const struct topic_wish *wish, uint64_t account,
		    struct topic *out)
{
	for (unsigned kind = 0; kind < TOPIC_KINDS; kind++) {
		if (!str_eq(wish->name, str_of(topic_rows[kind].name)))
			continue;
		enum rc rc = parse_about(ctx, (enum topic_kind)kind, wish, account, out);
		return rc == RC_OK && arena_failed(ctx->arena) ? RC_NO_MEMORY : rc;
	}
	return ctx_fail(ctx, RC_NOT_FOUND, "Unknown stream type");
}

enum topic_kind topic_with_media(enum topic_kind kind)
{
	switch ((int)kind) {
	case TOPIC_PUBLIC:
		return TOPIC_PUBLIC_MEDIA;
	case TOPIC_LOCAL:
		return TOPIC_LOCAL_MEDIA;
	case TOPIC_REMOTE:
		return TOPIC_REMOTE_MEDIA;
	default:
		return kind;
	}
}
