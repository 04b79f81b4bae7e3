/* Accounts and posts as commands print them. Pure but for the two readers. */
#include "present.h"

#include "core/utf8.h"
#include "interact.h"
#include "polls.h"
#include "target.h"

#define PREVIEW_CHARS 60

static const char *const kinds[] = {
	[ACCOUNT_PERSON] = "person",
	[ACCOUNT_GROUP] = "group",
	[ACCOUNT_ORGANIZATION] = "organization",
	[ACCOUNT_SERVICE] = "service",
	[ACCOUNT_APPLICATION] = "application",
};

const char *present_account_kind(enum account_kind kind)
{
	return kinds[kind];
}

bool present_account_kind_parse(struct str name, enum account_kind *out)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(name, str_of(kinds[i]))) {
			*out = (enum account_kind)i;
			return true;
		}
	}
	return false;
}

/* --- reading --- */

void account_view_read(struct db_txn *txn, struct arena *arena, const struct account *account,
		       struct account_view *out)
{
	*out = (struct account_view){ .account = *account };
	out->counts = account_counts(txn, account->id);
	out->pin_count = pins_of(txn, account->id, out->pins);
	if (account_is_local(account) &&
	    !account_secrets_get(txn, arena, account->id, &out->secrets))
		out->secrets = (struct account_secrets){ .key_count = 0 };
}

void status_view_read(struct db_txn *txn, struct arena *arena, const struct status *status,
		      struct status_view *out)
{
	*out = (struct status_view){ .status = *status };
	account_get(txn, arena, status->account, &out->author);
	out->counts = status_counts(txn, status->id);
	out->hints = hint_get(txn, status->id);
	out->reactions = ARENA_ARRAY(arena, REACTION_KINDS_MAX, struct reaction_count);
	if (out->reactions != NULL)
		out->reaction_count = reaction_counts(txn, arena, status->id, out->reactions);
	out->dislikes = dislike_count(txn, status->id);
	out->pinned = pin_has(txn, status->account, status->id);
	if (status->community == 0 ||
	    !account_get(txn, arena, status->community, &out->community) ||
	    !community_post_get(txn, status->community, status->id, &out->place))
		out->community.id = 0;
	out->reason = community_reason_get(txn, arena, status->community, status->id);
	if (status->has_poll && !poll_get(txn, arena, status->id, &out->poll))
		out->poll.option_count = 0;
	if (status->boost_of != 0 && status_get(txn, arena, status->boost_of, &out->original))
		account_get(txn, arena, out->original.account, &out->original_author);
}

/* --- accounts --- */

static const struct {
	unsigned flag;
	const char *name;
} account_flag_names[] = {
	{ ACCOUNT_LOCAL, "local" },	      { ACCOUNT_LOCKED, "locked" },
	{ ACCOUNT_SUSPENDED, "suspended" },   { ACCOUNT_UNCONFIRMED, "unconfirmed" },
	{ ACCOUNT_UNAPPROVED, "unapproved" }, { ACCOUNT_DELETED, "deleted" },
	{ ACCOUNT_SILENCED, "silenced" },     { ACCOUNT_SENSITIVE, "sensitive" },
	{ ACCOUNT_DISABLED, "disabled" },     { ACCOUNT_LEAVING, "leaving" },
	{ ACCOUNT_CLOSING, "closing" },	      { ACCOUNT_DISCOVERABLE, "discoverable" },
	{ ACCOUNT_INDEXABLE, "indexable" },   { ACCOUNT_MEMORIAL, "memorial" },
};

static void present_keys(struct output *out, const struct account_secrets *secrets)
{
	output_list(out, "keys");
	for (unsigned i = 0; i < secrets->key_count; i++) {
		output_object(out, NULL);
		output_str(out, "name", secrets->keys[i].name);
		output_date(out, "created", secrets->keys[i].created_ms);
		output_date(out, "retired", secrets->keys[i].retired_ms);
		output_end(out);
	}
	output_end(out);
}

static void present_fields(struct cli *cli, const struct account *a)
{
	output_list(&cli->out, "fields");
	for (unsigned i = 0; i < a->field_count; i++) {
		struct str value = STR_NONE;
		(void)!html_to_text(&cli->ctx, a->fields[i].value, &value);
		output_object(&cli->out, NULL);
		output_str(&cli->out, "name", a->fields[i].name);
		output_opt(&cli->out, "value", value);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void present_strs(struct output *out, const char *name, const struct str *list,
			 unsigned count)
{
	output_list(out, name);
	for (unsigned i = 0; i < count; i++)
		output_item(out, list[i]);
	output_end(out);
}

static void present_emojis(struct output *out, const struct emoji *emojis, unsigned count)
{
	output_list(out, "emojis");
	for (unsigned i = 0; i < count; i++) {
		output_object(out, NULL);
		output_str(out, "shortcode", emojis[i].shortcode);
		output_str(out, "url", emojis[i].url);
		output_end(out);
	}
	output_end(out);
}

static void present_reactions(struct output *out, const struct status_view *view)
{
	output_list(out, "reactions");
	for (size_t i = 0; i < view->reaction_count; i++) {
		const struct reaction_count *r = &view->reactions[i];
		output_object(out, NULL);
		output_str(out, "emoji", r->text);
		output_num(out, "count", r->count);
		output_opt(out, "host", r->host);
		output_opt(out, "url", r->url);
		output_end(out);
	}
	output_end(out);
}

static void present_pins(struct cli *cli, const struct account_view *view)
{
	output_list(&cli->out, "pins");
	for (size_t i = 0; i < view->pin_count; i++)
		output_item(&cli->out, arena_printf(cli->ctx.arena, "%llu",
						    (unsigned long long)view->pins[i]));
	output_end(&cli->out);
}

static void present_aliases(struct output *out, const struct account *a)
{
	output_list(out, "also_known_as");
	for (unsigned i = 0; i < a->alias_count; i++)
		output_item(out, a->aliases[i]);
	output_end(out);
}

static void present_identities(struct output *out, const struct account *a)
{
	output_list(out, "identities");
	for (unsigned i = 0; i < a->identity_count; i++) {
		output_object(out, NULL);
		output_str(out, "did", a->identities[i].subject);
		output_date(out, "expires", a->identities[i].expires_ms);
		output_end(out);
	}
	output_end(out);
}

void present_account(struct cli *cli, const struct node *node, const struct account_view *view)
{
	struct output *out = &cli->out;
	const struct account *a = &view->account;
	struct str note = STR_NONE;
	(void)!html_to_text(&cli->ctx, a->note, &note);
	output_object(out, NULL);
	output_str(out, "handle", target_handle(cli->ctx.arena, node, a));
	output_id(out, "id", a->id);
	output_str(out, "uri", a->uri);
	output_opt(out, "url", a->url);
	output_opt(out, "inbox", a->inbox);
	output_opt(out, "shared_inbox", a->shared_inbox);
	output_str(out, "kind", str_of(present_account_kind(a->kind)));
	output_opt(out, "display_name", a->display_name);
	output_opt(out, "note", note);
	output_opt(out, "avatar", a->avatar);
	output_opt(out, "header", a->header);
	output_opt(out, "moved_to", a->moved_to);
	output_date(out, "moved", a->moved_ms);
	present_aliases(out, a);
	present_pins(cli, view);
	present_strs(out, "featured_tags", a->tags, a->tag_count);
	present_strs(out, "searchable_by", a->searchable_by, a->searchable_count);
	present_emojis(out, a->emojis, a->emoji_count);
	for (size_t i = 0; i < ARRAY_LEN(account_flag_names); i++)
		output_flag(out, account_flag_names[i].name,
			    (a->flags & account_flag_names[i].flag) != 0);
	output_num(out, "followers", view->counts.followers);
	output_num(out, "following", view->counts.following);
	output_num(out, "posts", view->counts.statuses);
	output_date(out, "last_post", view->counts.last_status_ms);
	output_date(out, "created", a->created_ms);
	output_date(out, "fetched", a->fetched_ms);
	present_fields(cli, a);
	present_identities(out, a);
	if (account_is_local(a)) {
		output_opt(out, "email", view->secrets.email);
		output_flag(out, "can_sign_in", view->secrets.password_hash.len != 0);
		present_keys(out, &view->secrets);
		if (view->password.len != 0)
			output_str(out, "password", view->password);
	}
	output_end(out);
}

static struct str account_state(const struct account *a)
{
	if ((a->flags & ACCOUNT_DELETED) != 0)
		return STR("deleted");
	if ((a->flags & (ACCOUNT_LEAVING | ACCOUNT_CLOSING)) != 0)
		return STR("leaving");
	if (account_is_waiting(a))
		return STR("waiting");
	return (a->flags & ACCOUNT_SUSPENDED) != 0 ? STR("suspended") : STR("active");
}

void present_account_row(struct cli *cli, const struct node *node, const struct account_view *view)
{
	struct output *out = &cli->out;
	output_row(out);
	output_str(out, "handle", target_handle(cli->ctx.arena, node, &view->account));
	output_id(out, "id", view->account.id);
	output_str(out, "kind", str_of(present_account_kind(view->account.kind)));
	output_str(out, "state", account_state(&view->account));
	output_num(out, "followers", view->counts.followers);
	output_num(out, "following", view->counts.following);
	output_num(out, "posts", view->counts.statuses);
	output_opt(out, "display_name", view->account.display_name);
	output_end(out);
}

/* --- posts --- */

static struct str plain_text(struct cli *cli, const struct status *s)
{
	struct str text = STR_NONE;
	(void)!html_to_text(&cli->ctx, s->content, &text);
	return text;
}

/* As clients write it: "0.5,-0.25"; empty for the middle. */
static struct str focus_text(struct arena *arena, const struct status_attachment *a)
{
	return a->has_focus
		       ? arena_printf(arena, "%.3g,%.3g", a->focus_x / 1000.0, a->focus_y / 1000.0)
		       : STR("");
}

/* What posts have that came of other objects than notes. */
static void present_object(struct cli *cli, const struct status *s)
{
	struct output *out = &cli->out;
	output_opt(out, "excerpt", s->excerpt);
	output_date(out, "starts", s->event.start_ms);
	output_date(out, "ends", s->event.end_ms);
	output_opt(out, "place", s->event.place);
	output_opt(out, "address", s->event.address);
	output_opt(out, "event_url", s->event.url);
	output_list(out, "languages");
	for (unsigned i = 0; i < s->word_count; i++) {
		struct str text = STR_NONE;
		(void)!html_to_text(&cli->ctx, s->words[i].content, &text);
		output_object(out, NULL);
		output_str(out, "language", s->words[i].language);
		output_opt(out, "title", s->words[i].title);
		output_opt(out, "spoiler", s->words[i].spoiler);
		output_opt(out, "text", text);
		output_end(out);
	}
	output_end(out);
}

static void present_lists(struct arena *arena, struct output *out, const struct status *s)
{
	output_list(out, "mentions");
	/* without a handle it is merely addressed: a collection of followers */
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].handle.len != 0)
			output_item(out, s->mentions[i].handle);
	}
	output_end(out);
	output_list(out, "tags");
	for (unsigned i = 0; i < s->tag_count; i++)
		output_item(out, s->tags[i]);
	output_end(out);
	output_list(out, "attachments");
	for (unsigned i = 0; i < s->attachment_count; i++) {
		output_object(out, NULL);
		output_str(out, "url", s->attachments[i].url);
		output_str(out, "kind", str_of(attachment_kind_name(&s->attachments[i])));
		output_opt(out, "media_type", s->attachments[i].media_type);
		output_opt(out, "description", s->attachments[i].description);
		output_opt(out, "blurhash", s->attachments[i].blurhash);
		output_opt(out, "preview", s->attachments[i].preview);
		output_opt(out, "focus", focus_text(arena, &s->attachments[i]));
		output_end(out);
	}
	output_end(out);
}

static void present_told(struct output *out, const char *name, uint32_t told)
{
	if (told == HINT_NONE)
		output_opt(out, name, STR_NONE);
	else
		output_num(out, name, told);
}

/* What its own server counts; "known" when that is more than is here. */
static void present_hints(struct cli *cli, const struct status_view *view)
{
	const struct status_hints *h = &view->hints;
	struct str known = STR_NONE;
	if (h->replies != HINT_NONE && h->replies > view->counts.replies)
		known = arena_printf(cli->ctx.arena, "%u of %u replies known", view->counts.replies,
				     h->replies);
	present_told(&cli->out, "replies_told", h->replies);
	present_told(&cli->out, "boosts_told", h->boosts);
	present_told(&cli->out, "likes_told", h->likes);
	present_told(&cli->out, "thread_told", h->thread);
	output_opt(&cli->out, "known", known);
}

static void present_community(struct cli *cli, const struct node *node,
			      const struct status_view *view)
{
	static const struct {
		unsigned flag;
		const char *name;
	} marks[] = {
		{ COMMUNITY_POST_COMMENT, "comment" }, { COMMUNITY_POST_HELD, "held" },
		{ COMMUNITY_POST_REMOVED, "removed" }, { COMMUNITY_POST_LOCKED, "locked" },
		{ COMMUNITY_POST_PINNED, "pinned" },
	};
	struct str names[ARRAY_LEN(marks)];
	unsigned count = 0;
	if (view->community.id == 0)
		return;
	output_str(&cli->out, "community", target_handle(cli->ctx.arena, node, &view->community));
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if ((view->place.flags & marks[i].flag) != 0)
			names[count++] = str_of(marks[i].name);
	}
	present_strs(&cli->out, "community_marks", names, count);
	output_opt(&cli->out, "community_reason", view->reason);
}

void present_status(struct cli *cli, const struct node *node, const struct status_view *view)
{
	struct output *out = &cli->out;
	const struct status *s = &view->status;
	output_object(out, NULL);
	output_id(out, "id", s->id);
	output_str(out, "uri", s->uri);
	output_opt(out, "url", s->url);
	output_str(out, "type", s->type);
	output_str(out, "author", target_handle(cli->ctx.arena, node, &view->author));
	output_str(out, "visibility", str_of(visibility_name(s->visibility)));
	output_date(out, "created", s->created_ms);
	output_date(out, "edited", s->edited_ms);
	output_opt(out, "title", s->title);
	output_opt(out, "spoiler", s->spoiler);
	output_flag(out, "sensitive", (s->flags & STATUS_SENSITIVE) != 0);
	output_opt(out, "language", s->language);
	output_opt(out, "text", plain_text(cli, s));
	output_opt(out, "html", s->content.markup);
	output_id(out, "parent", s->parent);
	output_opt(out, "parent_uri", s->parent_uri);
	output_id(out, "root", s->root);
	output_id(out, "boost_of", s->boost_of);
	output_opt(out, "boost_of_uri", view->original.uri);
	output_opt(out, "context", s->context);
	output_num(out, "replies", view->counts.replies);
	output_num(out, "boosts", view->counts.boosts);
	output_num(out, "likes", view->counts.likes);
	output_num(out, "dislikes", view->dislikes);
	present_reactions(out, view);
	output_flag(out, "pinned", view->pinned);
	present_community(cli, node, view);
	present_strs(out, "searchable_by", s->searchable_by, s->searchable_count);
	present_emojis(out, s->emojis, s->emoji_count);
	present_hints(cli, view);
	present_lists(cli->ctx.arena, out, s);
	present_object(cli, s);
	interact_present(cli, s, &view->author);
	if (view->poll.option_count != 0)
		polls_present(cli, &view->poll);
	output_end(out);
}

/* In a table people get the beginning of a text, programs all of it. */
static struct str shortened(struct cli *cli, struct str text)
{
	struct str head = utf8_take(text, PREVIEW_CHARS, PREVIEW_CHARS * 4);
	if (cli->json || head.len == text.len)
		return text;
	return arena_printf(cli->ctx.arena, "%.*s...", STR_ARG(head));
}

void present_status_row(struct cli *cli, const struct node *node, const struct status_view *view)
{
	struct output *out = &cli->out;
	const struct status *s = &view->status;
	bool boost = s->boost_of != 0;
	const struct account *author = boost ? &view->original_author : &view->author;
	output_row(out);
	output_id(out, "id", s->id);
	output_date(out, "created", s->created_ms);
	output_str(out, "kind",
		   boost ? STR("boost")
			 : ((s->flags & STATUS_REPLY) != 0 ? STR("reply") : STR("post")));
	output_str(out, "visibility", str_of(visibility_name(s->visibility)));
	output_str(out, "author", target_handle(cli->ctx.arena, node, author));
	output_opt(out, "uri", boost ? view->original.uri : s->uri);
	output_num(out, "replies", view->counts.replies);
	output_num(out, "boosts", view->counts.boosts);
	output_num(out, "likes", view->counts.likes);
	output_opt(out, "text", shortened(cli, plain_text(cli, boost ? &view->original : s)));
	output_end(out);
}
