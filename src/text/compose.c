/*
 * A person's plain text as HTML, in the shape that the fediverse knows from Mastodon, written by the writer that the
 * sanitiser uses, so that sanitising it changes nothing. Stateless, any thread.
 */
#include "compose_int.h"
#include "core/enc.h"
#include "core/utf8.h"
#include "html_int.h"

/* How much of a link is shown; its host always is (S-087). */
#define LINK_SHOWN 30

struct composer {
	struct ctx *ctx;
	const struct compose_rules *rules;
	struct html_writer writer;
	struct buf attributes;
	struct buf href;
	struct composed *out;
	struct str *folded;	   /* of out->tags */
	struct mention *strangers; /* whom resolve() did not know */
	size_t stranger_count;
};

static void composer_free(struct composer *c)
{
	html_writer_free(&c->writer);
	buf_free(&c->attributes);
	buf_free(&c->href);
}

static void write_text(struct composer *c, struct str text)
{
	struct str line;
	bool first = true;
	while (str_next(&text, '\n', &line)) {
		if (!first)
			html_writer_break(&c->writer);
		first = false;
		html_writer_text(&c->writer, line);
	}
}

static void write_span(struct composer *c, struct str attributes, struct str text)
{
	unsigned span = html_writer_open(&c->writer, TAG_SPAN, attributes);
	html_writer_text(&c->writer, text);
	html_writer_close(&c->writer, span);
}

/* Begins a link with what stands in c->href. */
static unsigned open_link(struct composer *c, struct str classes, struct str rel, struct str more)
{
	buf_reset(&c->attributes);
	html_add_link(&c->attributes, buf_str(&c->href), classes, rel);
	buf_add(&c->attributes, more);
	return html_writer_open(&c->writer, TAG_A, buf_str(&c->attributes));
}

/* The index behind "scheme://host:port". */
static size_t authority_end(struct str url, size_t start)
{
	size_t end = start;
	while (end < url.len && strchr("/?#", url.ptr[end]) == NULL)
		end++;
	return end;
}

static void write_link(struct composer *c, struct str written)
{
	static const struct str invisible = STR_INIT(" class=\"invisible\"");
	buf_reset(&c->href);
	if (!href_write(&c->href, written, HOST_UNDERSCORE)) {
		write_text(c, written);
		return;
	}
	/* the host as it will be asked for, the rest as it was written */
	struct str href = buf_str(&c->href);
	size_t start = str_find(href, STR("//")) + 2;
	size_t written_start = str_find(written, STR("//")) + 2;
	struct str host = str_skip(str_take(href, authority_end(href, start)), start);
	struct str rest = str_skip(written, authority_end(written, written_start));
	size_t room = host.len < LINK_SHOWN ? LINK_SHOWN - host.len : 0;
	struct str shown = utf8_take(rest, room, rest.len);
	unsigned link = open_link(c, STR(""), c->rules->own ? STR("me") : STR(""),
				  STR(" translate=\"no\""));
	write_span(c, invisible, str_take(href, start));
	unsigned span = html_writer_open(
		&c->writer, TAG_SPAN, shown.len < rest.len ? STR(" class=\"ellipsis\"") : STR(""));
	html_writer_text(&c->writer, host);
	html_writer_text(&c->writer, shown);
	html_writer_close(&c->writer, span);
	write_span(c, invisible, str_skip(rest, shown.len));
	html_writer_close(&c->writer, link);
}

static struct mention *find_mention(struct mention *list, size_t count, struct str user,
				    struct str host)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq_nocase(list[i].user, user) && str_eq(list[i].host, host))
			return &list[i];
	}
	return NULL;
}

/* Asks once about each handle, and about no more than may be mentioned. */
static const struct mention *resolve(struct composer *c, const struct token *token)
{
	struct composed *out = c->out;
	struct mention mention = { .user = token->name };
	if (token->host.ptr != NULL) {
		struct ctx scratch = { .arena = c->ctx->arena };
		if (iri_authority(&scratch, token->host, c->rules->iri_flags, &mention.host) !=
		    RC_OK)
			return NULL;
	}
	struct mention *known =
		find_mention(out->mentions, out->mention_count, mention.user, mention.host);
	if (known != NULL ||
	    find_mention(c->strangers, c->stranger_count, mention.user, mention.host) != NULL)
		return known;
	if (out->mention_count + c->stranger_count >= c->rules->max_mentions)
		return NULL;
	mention.user = arena_str(c->ctx->arena, mention.user);
	if (c->rules->resolve == NULL || !c->rules->resolve(c->rules->arg, c->ctx, &mention)) {
		c->strangers[c->stranger_count++] = mention;
		return NULL;
	}
	out->mentions[out->mention_count] = mention;
	return &out->mentions[out->mention_count++];
}

static void write_mention(struct composer *c, const struct token *token)
{
	const struct mention *mention = resolve(c, token);
	buf_reset(&c->href);
	if (mention == NULL || !href_write(&c->href, mention->url, HREF_HOST_FLAGS)) {
		write_text(c, token->text);
		return;
	}
	unsigned card =
		html_writer_open(&c->writer, TAG_SPAN, STR(" class=\"h-card\" translate=\"no\""));
	unsigned link = open_link(c, STR("u-url mention"), STR(""), STR(""));
	html_writer_text(&c->writer, STR("@"));
	write_span(c, STR(""), token->name);
	html_writer_close(&c->writer, link);
	html_writer_close(&c->writer, card);
}

/* Remembers the tag once; false when there are too many, or it is none. */
static bool add_tag(struct composer *c, struct str tag, struct str *folded)
{
	struct ctx scratch = { .arena = c->ctx->arena };
	struct composed *out = c->out;
	if (text_tag_fold(&scratch, tag, folded) != RC_OK)
		return false;
	for (size_t i = 0; i < out->tag_count; i++) {
		if (str_eq(c->folded[i], *folded))
			return true;
	}
	if (out->tag_count >= c->rules->max_tags)
		return false;
	c->folded[out->tag_count] = *folded;
	out->tags[out->tag_count++] = arena_str(c->ctx->arena, tag);
	return true;
}

static void write_tag(struct composer *c, const struct token *token)
{
	CLEANUP(buf_free) struct buf url = BUF_INIT(IRI_MAX);
	struct str folded;
	if (!add_tag(c, token->name, &folded)) {
		write_text(c, token->text);
		return;
	}
	buf_reset(&c->href);
	buf_add(&url, c->rules->tag_base);
	enc_percent(&url, folded);
	if (!href_write(&c->href, buf_str(&url), HREF_HOST_FLAGS)) {
		write_text(c, token->text);
		return;
	}
	unsigned link = open_link(c, STR("mention hashtag"), STR("tag"), STR(""));
	html_writer_text(&c->writer, STR("#"));
	write_span(c, STR(""), token->name);
	html_writer_close(&c->writer, link);
}

static void write_paragraph(struct composer *c, struct str text)
{
	struct scanner scanner = { .text = text };
	struct token token;
	unsigned paragraph = html_writer_open(&c->writer, TAG_P, STR(""));
	while (scanner_next(&scanner, &token)) {
		switch (token.kind) {
		case TOKEN_LINK:
			write_link(c, token.text);
			break;
		case TOKEN_MENTION:
			write_mention(c, &token);
			break;
		case TOKEN_TAG:
			write_tag(c, &token);
			break;
		case TOKEN_TEXT:
			write_text(c, token.text);
			break;
		}
	}
	html_writer_close(&c->writer, paragraph);
}

/* Takes what stands before the next empty line off *rest. */
static bool next_paragraph(struct str *rest, struct str *paragraph)
{
	while (rest->len != 0 && rest->ptr[0] == '\n')
		*rest = str_skip(*rest, 1);
	*paragraph = str_take(*rest, str_find(*rest, STR("\n\n")));
	*rest = str_skip(*rest, paragraph->len);
	if (str_has_suffix(*paragraph, STR("\n")))
		paragraph->len--;
	return paragraph->len != 0;
}

static bool composer_init(struct composer *c, struct ctx *ctx, const struct compose_rules *rules,
			  struct composed *out)
{
	c->ctx = ctx;
	c->rules = rules;
	c->out = out;
	html_writer_init(&c->writer);
	buf_init(&c->attributes, HTML_OUTPUT_MAX);
	buf_init(&c->href, HTML_OUTPUT_MAX);
	c->stranger_count = 0;
	out->html.markup = STR_NONE;
	out->mention_count = 0;
	out->tag_count = 0;
	out->mentions = ARENA_ARRAY(ctx->arena, rules->max_mentions, struct mention);
	c->strangers = ARENA_ARRAY(ctx->arena, rules->max_mentions, struct mention);
	out->tags = ARENA_ARRAY(ctx->arena, rules->max_tags, struct str);
	c->folded = ARENA_ARRAY(ctx->arena, rules->max_tags, struct str);
	return !arena_failed(ctx->arena);
}

enum rc text_compose(struct ctx *ctx, struct str text, const struct compose_rules *rules,
		     struct composed *out)
{
	CLEANUP(composer_free) struct composer c;
	struct str rest = text, paragraph;
	if (!composer_init(&c, ctx, rules, out))
		return ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
	while (next_paragraph(&rest, &paragraph))
		write_paragraph(&c, paragraph);
	if (c.writer.full)
		return ctx_fail(ctx, RC_TOO_LARGE, "text: longer than %d bytes as HTML",
				HTML_OUTPUT_MAX);
	enum rc rc = html_writer_finish(&c.writer, ctx, &out->html);
	if (rc == RC_OK && arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "text: no memory");
	return rc;
}
