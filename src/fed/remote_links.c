/*
 * Mentions and hashtags that no tag names: links to our people's pages (Hubzilla, Friendica), their
 * handles in plain text (PeerTube), rel="tag". A post names people here in this way only where it is
 * for everybody or addresses them: a name in a text opens no letter (S-075). Reads who is here,
 * outside any write.
 */
#include "remote_int.h"

#include "text/acct.h"

#define LINKS_MAX 200 /* of a post that are looked at */

/* The user whose page or id an address of ours is; absent when it is none. */
static struct str user_of(const struct site *site, struct str href)
{
	static const struct str forms[] = { STR_INIT("/@"), STR_INIT("/users/") };
	if (!site_owns_text(site, href))
		return STR_NONE;
	struct str rest = str_skip(href, str_find(href, STR("://")) + 3);
	rest = str_skip(rest, str_index(rest, '/'));
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct str user = str_skip(rest, forms[i].len);
		if (str_has_prefix(rest, forms[i]) && acct_user_valid(user))
			return user;
	}
	return STR_NONE;
}

static struct status_mention *mention_find(struct status *s, struct str uri)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (str_eq(s->mentions[i].uri, uri))
			return &s->mentions[i];
	}
	return NULL;
}

/* The account here that is called so, without regard to case; false when there is none. */
static bool own_account(struct ctx *ctx, struct fed *fed, struct str user, struct account *out)
{
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool found = account_find_handle(txn, ctx->arena, user, STR(""), out);
	db_read_end(&txn);
	return found;
}

static struct str handle_of(struct ctx *ctx, struct fed *fed, const struct account *a)
{
	return arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(a->username),
			    STR_ARG(fed->site->domain));
}

static void mention_add(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
			struct str user, struct status *s)
{
	struct account a;
	if (!own_account(ctx, fed, user, &a))
		return;
	struct str handle = handle_of(ctx, fed, &a);
	struct status_mention *there = mention_find(s, a.uri);
	bool open = !o->audience.letter && (o->audience.public_to || o->audience.public_cc);
	/* who was addressed silently is named after all */
	if (there != NULL && there->handle.len == 0)
		there->handle = handle;
	else if (there == NULL && open && s->mention_count < STATUS_MENTIONS_MAX)
		s->mentions[s->mention_count++] =
			(struct status_mention){ .uri = a.uri, .handle = handle };
}

/* How our own people are called is not for others to say (S-087), and whoever is mentioned by the
 * address of a page is meant by it. */
static void own_mentions(struct ctx *ctx, struct fed *fed, struct status *s)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		struct status_mention *m = &s->mentions[i];
		struct str user = user_of(fed->site, m->uri);
		struct account a;
		if (m->handle.len == 0 || user.len == 0 || !own_account(ctx, fed, user, &a))
			continue;
		m->uri = a.uri;
		m->handle = handle_of(ctx, fed, &a);
	}
}

static void tag_add(struct ctx *ctx, struct str text, struct status *s)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str folded, other;
	if (text.len != 0 && text.ptr[0] == '#')
		text = str_skip(text, 1);
	if (s->tag_count == STATUS_TAGS_MAX || text_tag_fold(&quiet, text, &folded) != RC_OK)
		return;
	for (unsigned i = 0; i < s->tag_count; i++) {
		if (text_tag_fold(&quiet, s->tags[i], &other) == RC_OK && str_eq(other, folded))
			return;
	}
	s->tags[s->tag_count++] = text;
}

static void links_read(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
		       struct status *s)
{
	struct str rest = s->content.markup;
	struct html_link link;
	for (unsigned i = 0; i < LINKS_MAX && html_link_next(ctx, &rest, &link); i++) {
		struct str user = user_of(fed->site, link.href);
		if (link.hashtag)
			tag_add(ctx, link.text, s);
		/* a link to a profile is a mention when it is written like one */
		else if (user.len != 0 && (link.mention || str_has_prefix(link.text, STR("@"))))
			mention_add(ctx, fed, o, user, s);
	}
}

static bool is_user_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

/* The user of "@user" at the end of text, which stands at the start of a word. */
static struct str user_before(struct str text)
{
	size_t n = 0;
	while (n < text.len && is_user_byte(text.ptr[text.len - 1 - n]))
		n++;
	if (n == 0 || n == text.len || text.ptr[text.len - 1 - n] != '@')
		return STR_NONE;
	if (n + 1 < text.len &&
	    (is_user_byte(text.ptr[text.len - 2 - n]) || text.ptr[text.len - 2 - n] == '/'))
		return STR_NONE;
	return str_skip(text, text.len - n);
}

/* "@user@domain" with a domain of ours. */
static void handles_read(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
			 struct status *s)
{
	struct str at = arena_join(ctx->arena, STR("@"), fed->site->domain);
	struct str text;
	if (at.ptr == NULL || str_find(s->content.markup, at) == s->content.markup.len ||
	    html_to_text(ctx, s->content, &text) != RC_OK)
		return;
	struct str rest = text;
	for (unsigned i = 0; i < LINKS_MAX; i++) {
		size_t found = str_find(rest, at);
		if (found == rest.len)
			return;
		struct str user = user_before(str_take(rest, found));
		rest = str_skip(rest, found + at.len);
		/* "@alice@example.org.evil.test" is somebody else */
		bool longer =
			rest.len != 0 && is_user_byte(rest.ptr[0]) &&
			!(rest.ptr[0] == '.' && (rest.len == 1 || !is_user_byte(rest.ptr[1])));
		if (!longer && acct_user_valid(user))
			mention_add(ctx, fed, o, user, s);
	}
}

static enum rc room_make(struct ctx *ctx, struct status *s)
{
	struct status_mention *mentions =
		ARENA_ARRAY(ctx->arena, STATUS_MENTIONS_MAX, struct status_mention);
	struct str *tags = ARENA_ARRAY(ctx->arena, STATUS_TAGS_MAX, struct str);
	if (mentions == NULL || tags == NULL)
		return RC_NO_MEMORY;
	if (s->mention_count != 0)
		memcpy(mentions, s->mentions, s->mention_count * sizeof(mentions[0]));
	if (s->tag_count != 0)
		memcpy(tags, s->tags, s->tag_count * sizeof(tags[0]));
	s->mentions = mentions;
	s->tags = tags;
	return RC_OK;
}

enum rc remote_links_add(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
			 struct status *out)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str markup = out->content.markup;
	own_mentions(ctx, fed, out);
	/* most posts name nobody here and have no link */
	if (str_find(markup, STR("<a ")) == markup.len &&
	    str_find(markup, fed->site->domain) == markup.len)
		return RC_OK;
	if (room_make(ctx, out) != RC_OK)
		return RC_NO_MEMORY;
	links_read(&quiet, fed, o, out);
	handles_read(&quiet, fed, o, out);
	return RC_OK;
}
