/* The parameters of a post to be, as JSON that clients know. Stateless. */
#include "social/schedule.h"
#include "json/jr.h"
#include "json/jw.h"

#define PARAMS_MAX ((size_t)900 * 1024)

static const struct jr_limits limits = {
	.bytes = PARAMS_MAX, .depth = 6, .nodes = 500, .names = 64, .string = PARAMS_MAX
};

static const char *const visibility_names[] = {
	[VISIBILITY_PUBLIC] = "public",	    [VISIBILITY_UNLISTED] = "unlisted",
	[VISIBILITY_FOLLOWERS] = "private", [VISIBILITY_DIRECT] = "direct",
	[VISIBILITY_LOCAL] = "local",	    [VISIBILITY_MEMBERS] = "members",
};

static const char *const quotes_names[] = {
	[POLICY_PUBLIC] = "public",
	[POLICY_FOLLOWERS] = "followers",
	[POLICY_ASK] = "ask",
	[POLICY_NOBODY] = "nobody",
};

const char *post_visibility_name(enum visibility v)
{
	return visibility_names[v];
}

const char *post_quotes_name(enum policy_who who)
{
	return quotes_names[who];
}

bool post_visibility_parse(struct str name, enum visibility *out)
{
	for (size_t i = 0; i < ARRAY_LEN(visibility_names); i++) {
		if (str_eq(name, str_of(visibility_names[i]))) {
			*out = (enum visibility)i;
			return true;
		}
	}
	return false;
}

/* --- writing --- */

static void write_id(struct jw *w, uint64_t id)
{
	char digits[24];
	struct buf text = { .ptr = NULL, .max = sizeof(digits) };
	if (id == 0) {
		jw_null(w);
		return;
	}
	buf_add_u64(&text, id);
	jw_str(w, buf_str(&text));
	buf_free(&text);
}

static void write_text(struct jw *w, const char *name, struct str text)
{
	jw_name(w, name);
	jw_str(w, text);
}

static void write_poll(struct jw *w, const struct post_params *p)
{
	if (!p->has_poll) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_name(w, "options");
	jw_array(w);
	for (unsigned i = 0; i < p->poll.option_count; i++)
		jw_str(w, p->poll.options[i]);
	jw_end(w);
	jw_member_u64(w, "expires_in", p->poll.lasts_ms / MS_PER_SECOND);
	jw_member_bool(w, "multiple", p->poll.multiple);
	jw_member_bool(w, "hide_totals", p->poll.secret);
	jw_end(w);
}

static void write_media(struct jw *w, const struct post_params *p)
{
	if (p->media_count == 0) {
		jw_null(w);
		return;
	}
	jw_array(w);
	for (unsigned i = 0; i < p->media_count; i++)
		write_id(w, p->media[i]);
	jw_end(w);
}

static void write_sensitive(struct jw *w, const struct post_params *p)
{
	if (p->has_sensitive)
		jw_bool(w, p->sensitive);
	else
		jw_null(w);
}

struct str post_params_write(struct arena *arena, const struct post_params *p)
{
	struct buf out = BUF_INIT(PARAMS_MAX);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	write_text(&w, "text", p->text);
	jw_name(&w, "poll");
	write_poll(&w, p);
	jw_name(&w, "media_ids");
	write_media(&w, p);
	jw_name(&w, "sensitive");
	write_sensitive(&w, p);
	write_text(&w, "spoiler_text", p->spoiler);
	write_text(&w, "visibility",
		   p->has_visibility ? str_of(visibility_names[p->visibility]) : STR_NONE);
	write_text(&w, "language", p->language);
	write_text(&w, "idempotency", p->idempotency);
	jw_name(&w, "scheduled_at");
	jw_null(&w);
	jw_name(&w, "in_reply_to_id");
	write_id(&w, p->parent);
	jw_name(&w, "quoted_status_id");
	write_id(&w, p->quote);
	write_text(&w, "quote_approval_policy",
		   p->has_quotes ? str_of(quotes_names[p->quotes]) : STR_NONE);
	/* clients of old look for a number, and do nothing with it */
	jw_member_u64(&w, "application_id", 0);
	/* ours: the real one, with all its digits */
	jw_name(&w, "application");
	write_id(&w, p->application);
	jw_member_bool(&w, "with_rate_limit", false);
	if (p->keeps_media)
		jw_member_bool(&w, "keeps_media", true);
	if (p->community != 0) {
		jw_name(&w, "group_id");
		write_id(&w, p->community);
	}
	jw_end(&w);
	jw_done(&w);
	return arena_take_buf(arena, &out);
}

/* --- reading --- */

static struct str read_text(struct ctx *ctx, struct jr object, const char *name)
{
	return arena_str(ctx->arena, jr_str(jr_get(object, name)));
}

static uint64_t read_id(struct jr v)
{
	uint64_t id;
	return str_to_u64(jr_str(v), &id) ? id : 0;
}

static void read_poll(struct ctx *ctx, struct jr poll, struct post_params *out)
{
	struct jr options = jr_get(poll, "options");
	int64_t seconds = 0;
	out->has_poll = jr_type(poll) == JR_OBJECT;
	for (size_t i = 0; i < jr_count(options) && i < POLL_OPTIONS_MAX; i++)
		out->poll.options[out->poll.option_count++] =
			arena_str(ctx->arena, jr_str(jr_at(options, i)));
	if (jr_i64(jr_get(poll, "expires_in"), &seconds) && seconds > 0)
		out->poll.lasts_ms = (uint64_t)seconds * MS_PER_SECOND;
	out->poll.multiple = jr_bool(jr_get(poll, "multiple"), false);
	out->poll.secret = jr_bool(jr_get(poll, "hide_totals"), false);
}

static void read_choices(struct jr root, struct post_params *out)
{
	struct jr media = jr_get(root, "media_ids"), sensitive = jr_get(root, "sensitive");
	out->has_visibility =
		post_visibility_parse(jr_str(jr_get(root, "visibility")), &out->visibility);
	out->has_quotes =
		policy_who_parse(jr_str(jr_get(root, "quote_approval_policy")), &out->quotes);
	out->has_sensitive = jr_type(sensitive) == JR_BOOL;
	out->sensitive = jr_bool(sensitive, false);
	for (size_t i = 0; i < jr_count(media) && i < POST_MEDIA_MAX; i++)
		out->media[out->media_count++] = read_id(jr_at(media, i));
}

enum rc post_params_read(struct ctx *ctx, struct str json, struct post_params *out)
{
	struct jr_doc *doc = NULL;
	*out = (struct post_params){ .parent = 0 };
	enum rc rc = jr_parse(ctx, json, &limits, &doc);
	if (rc != RC_OK)
		return rc == RC_NO_MEMORY ? rc : RC_CORRUPT;
	struct jr root = jr_root(doc);
	out->text = read_text(ctx, root, "text");
	out->spoiler = read_text(ctx, root, "spoiler_text");
	out->language = read_text(ctx, root, "language");
	out->idempotency = read_text(ctx, root, "idempotency");
	out->parent = read_id(jr_get(root, "in_reply_to_id"));
	out->application = read_id(jr_get(root, "application"));
	out->quote = read_id(jr_get(root, "quoted_status_id"));
	out->community = read_id(jr_get(root, "group_id"));
	out->keeps_media = jr_bool(jr_get(root, "keeps_media"), false);
	read_choices(root, out);
	read_poll(ctx, jr_get(root, "poll"), out);
	jr_free(&doc);
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}
