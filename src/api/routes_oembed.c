/* A post for other pages (methods/oembed; https://oembed.com, version 1.0). */
#include "view_int.h"

#include "text/html.h"
#include "text/iri.h"

#define WIDTH_DEFAULT 400
#define WIDTH_MOST 10000
#define CACHE_SECONDS 86400

struct oembed_params {
	struct str url;
	uint64_t maxwidth, maxheight;
};

static const struct param oembed_rows[] = {
	PARAM_STR(struct oembed_params, url, "url", IRI_MAX),
	PARAM_NUMBER(struct oembed_params, maxwidth, "maxwidth", 1, WIDTH_MOST, WIDTH_DEFAULT),
	PARAM_NUMBER(struct oembed_params, maxheight, "maxheight", 0, WIDTH_MOST, 0),
};
PARAM_TABLE(oembed_params, struct oembed_params, oembed_rows);

/* The number of the post that an address of ours is of: /@name/17, /users/name/statuses/17. 0: none. */
static uint64_t post_of(struct call *call, struct str url)
{
	const struct site *site = call->api->parts.site;
	struct ctx quiet = { .arena = call->ctx->arena };
	struct iri iri;
	uint64_t id;
	if (iri_parse(&quiet, url, site->iri_flags, &iri) != RC_OK || !site_owns(site, &iri))
		return 0;
	struct str path = str_take(iri.target, str_index(iri.target, '?'));
	bool page = str_has_prefix(path, STR("/@"));
	if (!page && !str_has_prefix(path, STR("/users/")))
		return 0;
	return str_to_u64(str_skip(path, str_rindex(path, '/') + 1), &id) ? id : 0;
}

static bool is_embeddable(const struct status_view *view)
{
	return view->reblog == NULL && account_is_local(view->account->account) &&
	       visibility_is_open(view->status->visibility);
}

static void add_frame(struct buf *out, const struct status_view *view,
		      const struct oembed_params *p)
{
	buf_add(out, STR("<iframe src=\""));
	html_add_text(out, view->status->url);
	buf_addf(out,
		 "/embed\" class=\"fediflow-embed\" style=\"max-width: 100%%; border: 0\" "
		 "width=\"%llu\"",
		 (unsigned long long)p->maxwidth);
	if (p->maxheight != 0)
		buf_addf(out, " height=\"%llu\"", (unsigned long long)p->maxheight);
	buf_add(out, STR(" allowfullscreen=\"allowfullscreen\"></iframe>"));
}

static void member_joined(struct jw *w, const char *name, struct str a, struct str b)
{
	struct buf whole CLEANUP(buf_free) = BUF_INIT(8192);
	buf_add(&whole, a);
	buf_add(&whole, b);
	jw_member_str(w, name, buf_str(&whole));
}

static void reply_oembed(struct call *call, const struct status_view *view)
{
	const struct oembed_params *p = call->params;
	const struct site *site = call->api->parts.site;
	const struct account *author = view->account->account;
	struct str name = author->display_name.len != 0 ? author->display_name : author->username;
	struct buf frame CLEANUP(buf_free) = BUF_INIT(16384);
	add_frame(&frame, view, p);
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "type", STR("rich"));
	jw_member_str(w, "version", STR("1.0"));
	member_joined(w, "title", STR("New status by "), name);
	jw_member_str(w, "author_name", name);
	jw_member_str(w, "author_url", author->url);
	jw_member_str(w, "provider_name", site->domain);
	member_joined(w, "provider_url", site->base, STR("/"));
	jw_member_u64(w, "cache_age", CACHE_SECONDS);
	jw_member_str(w, "html", buf_str(&frame));
	jw_member_u64(w, "width", p->maxwidth);
	jw_name(w, "height");
	if (p->maxheight != 0)
		jw_u64(w, p->maxheight);
	else
		jw_null(w);
	jw_end(w);
	reply_end(call, 200);
}

static void get_oembed(struct call *call)
{
	const struct oembed_params *p = call->params;
	struct status_view view;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		rc = gather_status(&g, post_of(call, p->url), &view);
		if (rc == RC_OK && !is_embeddable(&view))
			rc = RC_NOT_FOUND;
		rc = gather_end(&g, rc);
	}
	if (rc == RC_OK)
		reply_oembed(call, &view);
	else
		reply_rc(call, rc);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/oembed", AUTH_NONE, 0, RATE_COMMON, &oembed_params, get_oembed },
};
API_ROWS_END
const struct api_route_table oembed_api = { routes, ARRAY_LEN(routes) };
