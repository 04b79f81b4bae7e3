/* What the node has to say: what it is, who looks after it, its rules, privacy and terms. */
#include "page.h"
#include "social/moderate.h"
#include "store/usage.h"
#include "texts_int.h"

#define HOLDERS_CHUNK 64
#define HOLDERS_SCAN 1024

/* --- reading --- */

static bool read_text(struct reading *r, enum document_kind kind, struct document *out)
{
	return document_get(r->txn, r->arena, kind, 0, out) && out->text.len != 0;
}

/* The last that holds today; *next is what follows it, NULL when nothing does. */
static bool read_terms(struct reading *r, uint64_t now_ms, struct document *out,
		       const struct document **next)
{
	struct document *all = ARENA_ARRAY(r->arena, DOCUMENTS_MAX, struct document);
	size_t n = all != NULL ? document_list(r->txn, r->arena, DOCUMENT_TERMS, all) : 0, at = 0;
	while (at < n && all[at].from_ms <= now_ms)
		at++;
	if (at == 0)
		return false;
	*out = all[at - 1];
	*next = at < n ? &all[at] : NULL;
	return true;
}

/* Those whose role is meant to be seen. */
static void read_holders(struct reading *r, struct about_view *out)
{
	uint64_t ids[HOLDERS_CHUNK], after = 0;
	size_t n = HOLDERS_CHUNK;
	out->holders = ARENA_ARRAY(r->arena, ABOUT_HOLDERS_MAX, struct holder);
	for (size_t seen = 0; out->holders != NULL && n == HOLDERS_CHUNK && seen < HOLDERS_SCAN;
	     seen += n) {
		n = role_holders(r->txn, after, ids, HOLDERS_CHUNK);
		for (size_t i = 0; i < n && out->holder_count < ABOUT_HOLDERS_MAX; i++) {
			struct role role = role_of_account(r->txn, r->arena, ids[i]);
			const struct account *a = reading_person(r, ids[i]);
			after = ids[i];
			if (a != NULL && role.highlighted &&
			    may_see_account(r->txn, VIEWER_ANYBODY, a))
				out->holders[out->holder_count++] = (struct holder){ a, role.name };
		}
	}
}

enum rc gather_about(const struct web *web, struct ctx *ctx, struct about_view *out)
{
	struct reading r;
	struct document text;
	uint64_t now = clock_wall_ms(web->clock);
	enum rc rc = reading_begin(&r, web, ctx->arena);
	*out = (struct about_view){ .text = { STR("") } };
	if (rc != RC_OK)
		return rc;
	const struct document *next;
	bool has_text = read_text(&r, DOCUMENT_ABOUT, &text);
	struct document other;
	out->has_privacy = read_text(&r, DOCUMENT_PRIVACY, &other);
	out->has_terms = read_terms(&r, now, &other, &next);
	out->rules = ARENA_ARRAY(ctx->arena, RULES_MAX, struct rule);
	if (out->rules != NULL)
		out->rule_count = rule_list(r.txn, ctx->arena, out->rules);
	read_holders(&r, out);
	out->totals = node_totals(r.txn);
	out->active = presence_count(r.txn, PERIOD_MONTH, period_of_ms(PERIOD_MONTH, now));
	rc = reading_end(&r, RC_OK);
	return rc == RC_OK && has_text ? text_markdown(ctx, text.text, &out->text) : rc;
}

enum rc gather_text(const struct web *web, struct ctx *ctx, enum document_kind kind,
		    struct text_view *out)
{
	struct reading r;
	struct document text;
	const struct document *next = NULL;
	enum rc rc = reading_begin(&r, web, ctx->arena);
	*out = (struct text_view){ .kind = kind };
	if (rc != RC_OK)
		return rc;
	bool found = kind == DOCUMENT_TERMS
			     ? read_terms(&r, clock_wall_ms(web->clock), &text, &next)
			     : read_text(&r, kind, &text);
	rc = reading_end(&r, found ? RC_OK : RC_NOT_FOUND);
	if (rc != RC_OK)
		return rc;
	out->since_ms = kind == DOCUMENT_TERMS ? text.from_ms : text.updated_ms;
	out->next_ms = next != NULL ? next->from_ms : 0;
	return text_markdown(ctx, text.text, &out->text);
}

/* --- writing --- */

static void add_rules(struct buf *out, const struct about_view *view)
{
	if (view->rule_count == 0)
		return;
	tag(out, "<section class=\"card\">\n");
	page_heading(out, W_RULES);
	tag(out, "<ol class=\"rules\">\n");
	for (size_t i = 0; i < view->rule_count; i++) {
		tag(out, "<li dir=\"auto\"><p>");
		html_add_text(out, view->rules[i].text);
		tag(out, "</p>");
		if (view->rules[i].hint.len != 0) {
			tag(out, "<p class=\"soft\">");
			html_add_text(out, view->rules[i].hint);
			tag(out, "</p>");
		}
		tag(out, "</li>\n");
	}
	tag(out, "</ol>\n</section>\n");
}

static void add_holder(struct buf *out, const struct web *web, const struct holder *h)
{
	tag(out, "<li>");
	page_open_person(out, h->account, "who h-card");
	page_badge(out, h->account);
	tag(out, "<span class=\"names\">");
	page_name(out, h->account);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, h->account);
	tag(out, "</span></span></a> <span class=\"chip\" dir=\"auto\">");
	html_add_text(out, h->role);
	tag(out, "</span></li>\n");
}

static void add_contact(struct buf *out, const struct web *web, const struct about_view *view)
{
	struct str contact = web->site->contact;
	if (contact.len == 0 && view->holder_count == 0)
		return;
	tag(out, "<section class=\"card\">\n");
	page_heading(out, W_LOOKED_AFTER);
	if (view->holder_count != 0) {
		tag(out, "<ul class=\"people\">\n");
		for (size_t i = 0; i < view->holder_count; i++)
			add_holder(out, web, &view->holders[i]);
		tag(out, "</ul>\n");
	}
	if (contact.len != 0) {
		tag(out, "<p>");
		struct str behind = word_begin(out, W_CONTACT);
		if (page_is_link(contact)) {
			page_link_out(out, contact, "nofollow noopener");
		} else {
			tag(out, "<a href=\"mailto:");
			html_add_text(out, contact);
			tag(out, "\">");
		}
		html_add_text(out, contact);
		tag(out, "</a>");
		html_add_text(out, behind);
		tag(out, "</p>\n");
	}
	tag(out, "</section>\n");
}

static void add_more(struct buf *out, const struct about_view *view)
{
	if (!view->has_privacy && !view->has_terms)
		return;
	tag(out, "<nav class=\"pager\"");
	page_attribute(out, "aria-label", word(W_MORE));
	tag(out, ">");
	if (view->has_privacy) {
		tag(out, "<a href=\"/privacy-policy\">");
		html_add_text(out, word(W_PRIVACY));
		tag(out, "</a>");
	}
	if (view->has_terms) {
		tag(out, "<a href=\"/terms-of-service\">");
		html_add_text(out, word(W_TERMS));
		tag(out, "</a>");
	}
	tag(out, "</nav>\n");
}

void render_about(struct buf *out, const struct web *web, const struct about_view *view)
{
	const struct page_head head = { .title = word(W_ABOUT),
					.description = web->site->description,
					.canonical = STR("/about"),
					.type = "website" };
	page_begin(out, web, &head);
	tag(out, "<header class=\"card node\">\n<img src=\"/icon.svg\" alt=\"\" width=\"52\" "
		 "height=\"52\">\n<h1><bdi>");
	html_add_text(out, web->site->title);
	tag(out, "</bdi></h1>\n<p class=\"lead\" dir=\"auto\">");
	html_add_text(out, web->site->description);
	tag(out, "</p>\n<ul class=\"facts\"><li>");
	word_count(out, W_PEOPLE_ONE, W_PEOPLE_MANY, view->totals.accounts);
	tag(out, "</li><li>");
	word_count(out, W_ACTIVE_ONE, W_ACTIVE_MANY, view->active);
	tag(out, "</li><li>");
	word_count(out, W_POSTS_ONE, W_POSTS_MANY, view->totals.statuses);
	tag(out, "</li></ul>\n</header>\n");
	if (view->text.markup.len != 0) {
		tag(out, "<section class=\"card text\" dir=\"auto\">\n");
		buf_add(out, view->text.markup);
		tag(out, "\n</section>\n");
	}
	add_rules(out, view);
	add_contact(out, web, view);
	add_more(out, view);
	page_end(out, web);
}

void render_text(struct buf *out, const struct web *web, const struct text_view *view)
{
	bool terms = view->kind == DOCUMENT_TERMS;
	const struct page_head head = { .title = word(terms ? W_TERMS : W_PRIVACY),
					.canonical = terms ? STR("/terms-of-service")
							   : STR("/privacy-policy"),
					.type = "article" };
	page_begin(out, web, &head);
	tag(out, "<article class=\"card text\">\n<h1>");
	html_add_text(out, head.title);
	tag(out, "</h1>\n<p class=\"soft\">");
	struct str behind = word_begin(out, terms ? W_HOLDS_FROM : W_LAST_CHANGED);
	page_day(out, view->since_ms);
	html_add_text(out, behind);
	tag(out, "</p>\n");
	if (view->next_ms != 0) {
		tag(out, "<p class=\"notice\">");
		behind = word_begin(out, W_NEXT_TERMS);
		page_day(out, view->next_ms);
		html_add_text(out, behind);
		tag(out, "</p>\n");
	}
	tag(out, "<div dir=\"auto\">");
	buf_add(out, view->text.markup);
	tag(out, "</div>\n</article>\n");
	page_end(out, web);
}
