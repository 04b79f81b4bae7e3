/* The routes: decode, gather, render. On listener threads. */
#include "social/mail.h"
#include "social/poll.h"
#include "text/acct.h"
#include "texts_int.h"
#include "web_int.h"

#define FORM_BODY_MAX ((size_t)64 << 10)
/* With pictures: what is read before anybody asks who sends it. */
#define PICTURES_BODY_MAX HTTPD_LARGE_BODY

#define HTML_TYPE "text/html; charset=utf-8"

/* --- answers --- */

/* Pages change when somebody edits or deletes: caches ask again soon. */
static void answer_page(struct httpd_request *req, unsigned status, struct buf *page)
{
	/* pictures that the node offers as emoji may be on any host (S-090) */
	if (str_contains(buf_str(page), STR("<img class=\"emoji\"")))
		httpd_add_header(
			req, "Content-Security-Policy",
			STR("default-src 'none'; script-src 'self'; style-src 'self'; "
			    "img-src 'self' data: https:; connect-src 'self'; form-action 'self'; "
			    "base-uri 'none'; frame-ancestors 'none'"));
	httpd_add_header(req, "Cache-Control", STR("public, max-age=15"));
	httpd_reply(req, status, HTML_TYPE, page);
}

static void answer_failure(struct httpd_request *req, const struct web *web, enum rc rc)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	unsigned status = 500;
	if (rc == RC_NOT_FOUND)
		status = 404;
	if (rc == RC_BUSY || rc == RC_NO_MEMORY)
		status = 503;
	render_failure(&page, web, status);
	if (status == 404) {
		answer_page(req, status, &page);
		return;
	}
	httpd_add_header(req, "Cache-Control", STR("no-store"));
	if (status == 503)
		httpd_add_header(req, "Retry-After", STR("5"));
	httpd_reply(req, status, HTML_TYPE, &page);
}

/* Where machines find the same (RFC 8288). */
static void link_alternate(struct httpd_request *req, struct str uri)
{
	struct buf link CLEANUP(buf_free) = BUF_INIT(IRI_MAX + 80);
	buf_addf(&link, "<%.*s>; rel=\"alternate\"; type=\"application/activity+json\"",
		 STR_ARG(uri));
	httpd_add_header(req, "Link", buf_str(&link));
}

/* What the page says in its head, for those who do not read it (FEP-268d, FEP-5feb). */
static void hide(struct httpd_request *req, bool hidden)
{
	if (hidden)
		httpd_add_header(req, "X-Robots-Tag", STR("noindex"));
}

/* --- pages --- */

static void get_home(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct str after = httpd_query(req, "after");
	struct home_view view;
	if (!acct_user_valid(after))
		after = STR("");
	enum rc rc = gather_home(web, &req->ctx, after, &view);
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	render_home(&page, web, &view);
	answer_page(req, 200, &page);
}

static void get_communities(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct communities_view *view = ARENA_NEW(req->ctx.arena, struct communities_view);
	uint64_t after;
	if (!str_to_u64(httpd_query(req, "after"), &after))
		after = 0;
	enum rc rc = view != NULL ? gather_communities(web, &req->ctx, after, view) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	render_communities(&page, web, view);
	answer_page(req, 200, &page);
}

/* People paste whole handles behind the address of a node: /@alice@town.example. */
static bool redirect_handle(struct httpd_request *req, const struct web *web)
{
	struct str user, host;
	if (!str_split(req->params[0], '@', &user, &host) || !acct_user_valid(user) ||
	    (!str_eq_nocase(host, web->site->domain) && !str_eq_nocase(host, web->site->host)))
		return false;
	struct str path = arena_printf(req->ctx.arena, "/@%.*s", STR_ARG(user));
	if (path.ptr == NULL)
		return false;
	httpd_redirect(req, 302, path);
	return true;
}

/* RFC 9110 section 15.4.9. Whoever comes home takes the posts back: not for ever. */
static void redirect_moved(struct httpd_request *req, struct str location)
{
	httpd_add_header(req, "Cache-Control", STR("public, max-age=60"));
	httpd_redirect(req, 308, location);
}

/* What is not asked for, or not known: the threads that are active. */
static struct board_wish wish_of(struct httpd_request *req)
{
	struct board_wish wish = { .order = BOARD_ACTIVE };
	struct str sort = httpd_query(req, "sort"), span = httpd_query(req, "span");
	uint64_t offset;
	for (int o = 0; o < BOARD_ORDERS; o++) {
		if (str_eq(sort, str_of(board_order_name((enum board_order)o))))
			wish.order = (enum board_order)o;
	}
	for (int s = 0; s < BOARD_SPANS; s++) {
		if (str_eq(span, str_of(board_span_name((enum board_span)s))))
			wish.span = (enum board_span)s;
	}
	if (str_to_u64(httpd_query(req, "offset"), &offset) && offset < BOARD_LENGTH * 2)
		wish.offset = (size_t)offset;
	return wish;
}

static void get_profile(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct profile_view view;
	uint64_t max_id = 0;
	if (redirect_handle(req, web))
		return;
	if (!str_to_u64(httpd_query(req, "max_id"), &max_id))
		max_id = 0;
	const struct board_wish wish = wish_of(req);
	enum rc rc = gather_profile(web, &req->ctx, req->params[0], max_id, &wish, &view);
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	if (view.moved_url.ptr != NULL)
		return redirect_moved(req, view.moved_url);
	render_profile(&page, web, &view);
	link_alternate(req, view.account.uri);
	hide(req, profile_is_hidden(&view));
	answer_page(req, 200, &page);
}

static void look_at(const struct web *web, const struct post *post)
{
	if (web->poll_look.look != NULL && post->poll != NULL &&
	    poll_is_stale(post->poll, clock_wall_ms(web->clock)))
		web->poll_look.look(web->poll_look.arg, post->status->id);
}

/* Who opens a poll that has ended elsewhere sees its last counts the next time. */
static void look_at_polls(const struct web *web, const struct thread_view *view)
{
	look_at(web, &view->focus);
	for (size_t i = 0; i < view->above_count; i++)
		look_at(web, &view->above[i]);
	for (size_t i = 0; i < view->below_count; i++)
		look_at(web, &view->below[i]);
}

static void get_thread(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct thread_view view;
	uint64_t id = 0;
	enum rc rc = RC_NOT_FOUND;
	if (str_to_u64(req->params[1], &id))
		rc = gather_thread(web, &req->ctx, req->params[0], id, &view);
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	if (view.moved_url.ptr != NULL)
		return redirect_moved(req, view.moved_url);
	render_thread(&page, web, &view);
	hide(req, thread_is_hidden(&view));
	look_at_polls(web, &view);
	if (view.focus.booster == NULL)
		link_alternate(req, view.focus.status->uri);
	if (web->look.look != NULL)
		web->look.look(web->look.arg, view.focus.status->id);
	answer_page(req, 200, &page);
}

/* The id of an account or of a post leads people to its page, whether there is one or not. */
static void redirect(struct httpd_request *req, const struct web *web, struct str name,
		     struct str id)
{
	uint64_t number;
	if (!acct_user_valid(name) || (id.ptr != NULL && !str_to_u64(id, &number))) {
		answer_failure(req, web, RC_NOT_FOUND);
		return;
	}
	struct str path = arena_printf(req->ctx.arena, "/@%.*s%s%.*s", STR_ARG(name),
				       id.ptr != NULL ? "/" : "", STR_ARG(id));
	if (path.ptr == NULL)
		answer_failure(req, web, RC_NO_MEMORY);
	else
		httpd_redirect(req, 302, path);
}

static void get_user(struct httpd_request *req, void *app)
{
	redirect(req, web_of(app), req->params[0], STR_NONE);
}

static void get_status(struct httpd_request *req, void *app)
{
	redirect(req, web_of(app), req->params[0], req->params[1]);
}

/* Posts link to their hashtags. Nothing is collected by them here, and people are told so in HTML. */
static void get_tag(struct httpd_request *req, void *app)
{
	answer_failure(req, web_of(app), RC_NOT_FOUND);
}

/* --- texts of the node --- */

static void get_about(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct about_view view;
	enum rc rc = gather_about(web, &req->ctx, &view);
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	render_about(&page, web, &view);
	answer_page(req, 200, &page);
}

static void answer_text(struct httpd_request *req, const struct web *web, enum document_kind kind)
{
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct text_view view;
	enum rc rc = gather_text(web, &req->ctx, kind, &view);
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	render_text(&page, web, &view);
	answer_page(req, 200, &page);
}

static void get_privacy(struct httpd_request *req, void *app)
{
	answer_text(req, web_of(app), DOCUMENT_PRIVACY);
}

static void get_terms(struct httpd_request *req, void *app)
{
	answer_text(req, web_of(app), DOCUMENT_TERMS);
}

/* --- a post in other pages --- */

/* Nothing of it runs, and it may stand anywhere (https://oembed.com, section 2.3.4.4). */
static void get_embed(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct buf page = BUF_INIT(PAGE_BYTES_MAX);
	struct thread_view view;
	uint64_t id = 0;
	enum rc rc = RC_NOT_FOUND;
	if (str_to_u64(req->params[1], &id))
		rc = gather_thread(web, &req->ctx, req->params[0], id, &view);
	if (rc == RC_OK && !thread_is_embeddable(&view))
		rc = RC_NOT_FOUND;
	if (rc != RC_OK) {
		answer_failure(req, web, rc);
		return;
	}
	render_embed(&page, web, &view);
	httpd_add_header(req, "Content-Security-Policy",
			 STR("default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
			     "form-action 'none'; base-uri 'none'; frame-ancestors *"));
	httpd_add_header(req, "Cross-Origin-Resource-Policy", STR("cross-origin"));
	httpd_add_header(req, "X-Robots-Tag", STR("noindex"));
	httpd_add_header(req, "Cache-Control", STR("public, max-age=60"));
	httpd_reply(req, 200, HTML_TYPE, &page);
}

/* --- what pages need --- */

static void answer_picture(struct httpd_request *req, const struct picture *picture)
{
	httpd_add_header(req, "Cache-Control", STR("public, max-age=86400"));
	httpd_add_header(req, "Cross-Origin-Resource-Policy", STR("cross-origin"));
	httpd_reply_str(req, 200, "image/png", str_n(picture->bytes, picture->len));
}

static void get_missing_avatar(struct httpd_request *req, void *app UNUSED)
{
	answer_picture(req, &picture_avatar);
}

static void get_missing_header(struct httpd_request *req, void *app UNUSED)
{
	answer_picture(req, &picture_header);
}

static void get_icon_png(struct httpd_request *req, void *app UNUSED)
{
	answer_picture(req, &picture_icon);
}

static void get_style(struct httpd_request *req, void *app)
{
	const struct web *web = web_of(app);
	struct str tag = str_of(web->style_tag);
	struct str known = httpd_header(req, "If-None-Match");
	httpd_add_header(req, "ETag", tag);
	httpd_add_header(req, "Cache-Control", STR("public, max-age=31536000, immutable"));
	/* RFC 9110 section 13.1.2: weak comparison, a list or "*" */
	if (str_contains(known, tag) || str_eq(known, STR("*")))
		httpd_reply_str(req, 304, NULL, STR(""));
	else
		httpd_reply_str(req, 200, "text/css; charset=utf-8", buf_str(&web->style));
}

static void get_script(struct httpd_request *req, void *app UNUSED)
{
	struct buf script = BUF_INIT((size_t)64 << 10);
	script_write(&script);
	httpd_add_header(req, "Cache-Control", STR("public, max-age=300"));
	httpd_reply(req, 200, "text/javascript; charset=utf-8", &script);
}

static void get_icon(struct httpd_request *req, void *app UNUSED)
{
	httpd_add_header(req, "Cache-Control", STR("public, max-age=86400"));
	httpd_reply_str(req, 200, "image/svg+xml", style_icon);
}

const struct httpd_route web_routes[] = {
	{ HTTP_GET, "/", HTTP_HTML, 0, get_home },
	{ HTTP_GET, "/@:name", HTTP_HTML, 0, get_profile },
	{ HTTP_GET, "/@:name/:id", HTTP_HTML, 0, get_thread },
	{ HTTP_GET, "/users/:name", HTTP_HTML, 0, get_user },
	{ HTTP_GET, "/users/:name/statuses/:id", HTTP_HTML, 0, get_status },
	{ HTTP_GET, "/tags/:tag", HTTP_HTML, 0, get_tag },
	{ HTTP_GET, "/@:name/:id/embed", HTTP_ANY, 0, get_embed },
	{ HTTP_GET, "/about", HTTP_ANY, 0, get_about },
	{ HTTP_GET, "/privacy-policy", HTTP_ANY, 0, get_privacy },
	{ HTTP_GET, "/terms-of-service", HTTP_ANY, 0, get_terms },
	{ HTTP_GET, "/avatars/original/missing.png", HTTP_ANY, 0, get_missing_avatar },
	{ HTTP_GET, "/headers/original/missing.png", HTTP_ANY, 0, get_missing_header },
	{ HTTP_GET, "/icon.png", HTTP_ANY, 0, get_icon_png },
	{ HTTP_GET, "/oauth/authorize", HTTP_ANY, 0, authorize_get },
	/* as toot and others write it */
	{ HTTP_GET, "/oauth/authorize/", HTTP_ANY, 0, authorize_get },
	{ HTTP_GET, "/auth/account", HTTP_ANY, 0, account_get_page },
	{ HTTP_GET, "/auth/events", HTTP_ANY, 0, events_get_page },
	{ HTTP_GET, "/auth/events/:id", HTTP_ANY, 0, event_get_page },
	{ HTTP_GET, "/auth/events/:id/calendar", HTTP_ANY, 0, event_get_calendar },
	{ HTTP_GET, "/calendars/:key", HTTP_ANY, 0, event_get_feed },
	{ HTTP_GET, "/auth/teams", HTTP_ANY, 0, teams_get_page },
	{ HTTP_GET, "/auth/teams/:name", HTTP_ANY, 0, team_get_page },
	{ HTTP_GET, "/auth/communities", HTTP_ANY, 0, office_get_page },
	{ HTTP_GET, "/auth/moderation", HTTP_ANY, 0, desk_get_page },
	{ HTTP_GET, "/auth/confirm", HTTP_ANY, 0, confirm_get },
	{ HTTP_GET, "/communities", HTTP_HTML, 0, get_communities },
	{ HTTP_GET, "/communities/join", HTTP_ANY, 0, join_get },
	{ HTTP_GET, "/auth/password", HTTP_ANY, 0, password_get },
	{ HTTP_GET, "/auth/reset", HTTP_ANY, 0, reset_get },
	{ HTTP_GET, "/auth/sign_up", HTTP_ANY, 0, sign_up_get_page },
	/* where Mastodon has them, since apps lead there */
	{ HTTP_GET, "/disputes/strikes", HTTP_ANY, 0, strikes_get },
	{ HTTP_GET, "/disputes/strikes/:id", HTTP_ANY, 0, strike_get_one },
	{ HTTP_GET, TICKET_PATH_APPEAL, HTTP_ANY, 0, appeal_get },
	{ HTTP_GET, "/severed_relationships", HTTP_ANY, 0, severed_get },
	{ HTTP_GET, "/severed_relationships/:id/:list", HTTP_ANY, 0, severed_get_list },
	{ HTTP_GET, "/style.css", HTTP_ANY, 0, get_style },
	{ HTTP_GET, "/icon.svg", HTTP_ANY, 0, get_icon },
	{ HTTP_GET, "/passkey.js", HTTP_ANY, 0, get_script },
};
const size_t web_route_count = ARRAY_LEN(web_routes);

const struct httpd_route web_waiting_routes[] = {
	{ HTTP_POST, "/oauth/authorize", HTTP_ANY, FORM_BODY_MAX, authorize_post },
	{ HTTP_POST, "/oauth/authorize/", HTTP_ANY, FORM_BODY_MAX, authorize_post },
	{ HTTP_POST, "/auth/account", HTTP_ANY, FORM_BODY_MAX, account_post_page },
	{ HTTP_POST, "/auth/events", HTTP_ANY, FORM_BODY_MAX, events_post_page },
	{ HTTP_POST, "/auth/events/:id", HTTP_ANY, FORM_BODY_MAX, event_post_page },
	{ HTTP_POST, "/auth/teams", HTTP_ANY, FORM_BODY_MAX, teams_post_page },
	{ HTTP_POST, "/auth/teams/:name", HTTP_ANY, FORM_BODY_MAX, team_post_page },
	{ HTTP_POST, "/auth/communities", HTTP_ANY, PICTURES_BODY_MAX, office_post_page },
	{ HTTP_POST, "/auth/moderation", HTTP_ANY, FORM_BODY_MAX, desk_post_page },
	{ HTTP_POST, "/auth/confirm", HTTP_ANY, FORM_BODY_MAX, confirm_post },
	{ HTTP_POST, "/communities/join", HTTP_ANY, FORM_BODY_MAX, join_post },
	{ HTTP_POST, "/auth/password", HTTP_ANY, FORM_BODY_MAX, password_post },
	{ HTTP_POST, "/auth/reset", HTTP_ANY, FORM_BODY_MAX, reset_post },
	{ HTTP_POST, "/auth/sign_up", HTTP_ANY, FORM_BODY_MAX, sign_up_post_page },
	{ HTTP_POST, "/disputes/strikes", HTTP_ANY, FORM_BODY_MAX, strikes_post },
	{ HTTP_POST, TICKET_PATH_APPEAL, HTTP_ANY, FORM_BODY_MAX, appeal_post },
	{ HTTP_POST, "/severed_relationships", HTTP_ANY, FORM_BODY_MAX, severed_post },
};
const size_t web_waiting_route_count = ARRAY_LEN(web_waiting_routes);
