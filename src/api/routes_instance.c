/* What a client asks about the node before anything else. */
#include "discover_int.h"

#include "config.h"
#include "social/poll.h"
#include "social/profile.h"
#include "social/push.h"
#include "social/year.h"
#include "store/emoji.h"
#include "store/node.h"
#include "store/pin.h"
#include "store/tables.h"
#include "store/usage.h"
#include "text/html.h"

/* Clients look at the version for what there is; the API's own number is api_versions. */
#define VERSION_TEXT "4.6.1 (compatible; FediFlow " PACKAGE_VERSION ")"
/* 7: quotes, 8 and 9: profile, 10: collections and supported_types, 11: descriptions of a profile's pictures */
#define API_VERSION 11
#define URL_CHARS 23 /* of a link, whatever its length */
#define EMOJI_CHUNK 200
#define HOURS(ms) ((ms) / MS_PER_HOUR)

/* --- the configuration, the same in both versions --- */

static void render_statuses(struct jw *w, const struct site *site)
{
	jw_name(w, "statuses");
	jw_object(w);
	jw_member_u64(w, "max_characters", site->post_max_chars);
	jw_member_u64(w, "max_media_attachments", POST_MEDIA_MAX);
	jw_member_u64(w, "characters_reserved_per_url", URL_CHARS);
	jw_end(w);
}

#define FRAMES_PER_SECOND 120 /* nobody counts them here */

static void render_media_limits(struct jw *w, const struct api *api)
{
	const struct media_settings *limits = api->parts.media_settings;
	jw_name(w, "media_attachments");
	jw_object(w);
	jw_name(w, "supported_mime_types");
	jw_array(w);
	for (size_t i = 0; limits != NULL && i < media_type_count; i++)
		jw_str(w, str_of(media_types[i].name));
	jw_end(w);
	jw_member_u64(w, "image_size_limit", limits != NULL ? limits->image_bytes : 0);
	jw_member_u64(w, "image_matrix_limit", limits != NULL ? limits->pixels : 0);
	jw_member_u64(w, "video_size_limit", limits != NULL ? limits->film_bytes : 0);
	jw_member_u64(w, "video_frame_rate_limit", FRAMES_PER_SECOND);
	jw_member_u64(w, "video_matrix_limit", limits != NULL ? limits->pixels : 0);
	jw_member_u64(w, "description_limit", MEDIUM_DESCRIPTION_CHARS);
	jw_end(w);
}

static void render_polls(struct jw *w, const struct site *site)
{
	jw_name(w, "polls");
	jw_object(w);
	jw_member_u64(w, "max_options", site->poll_max_options);
	jw_member_u64(w, "max_characters_per_option", POLL_NAME_CHARS);
	jw_member_u64(w, "min_expiration", POLL_SHORTEST_MS / MS_PER_SECOND);
	jw_member_u64(w, "max_expiration", POLL_LONGEST_MS / MS_PER_SECOND);
	jw_end(w);
}

static void render_account_limits(struct jw *w)
{
	jw_name(w, "accounts");
	jw_object(w);
	jw_member_u64(w, "max_featured_tags", ACCOUNT_TAGS_MAX);
	jw_member_u64(w, "max_pinned_statuses", PINS_LOCAL_MAX);
	jw_member_u64(w, "max_profile_fields", ACCOUNT_FIELDS_MAX);
	jw_member_u64(w, "profile_field_name_limit", PROFILE_FIELD_NAME_CHARS);
	jw_member_u64(w, "profile_field_value_limit", PROFILE_TEXT_CHARS);
	jw_member_u64(w, "max_note_length", PROFILE_TEXT_CHARS);
	jw_member_u64(w, "max_display_name_length", PROFILE_NAME_CHARS);
	jw_member_u64(w, "max_avatar_description_length", PROFILE_DESCRIPTION_CHARS);
	jw_member_u64(w, "max_header_description_length", PROFILE_DESCRIPTION_CHARS);
	jw_end(w);
}

static void member_stream(struct jw *w, const struct site *site, const char *name)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	bool tls = str_has_prefix(site->base, STR("https:"));
	struct str rest = str_skip(site->base, tls ? 5 : 4);
	buf_addf(&url, "%s%.*s", tls ? "wss" : "ws", STR_ARG(rest));
	if (rest.len == 0 || rest.ptr[0] != ':')
		buf_reset(&url);
	jw_member_str(w, name, buf_str(&url));
}

static void render_limits(struct jw *w, const struct api *api)
{
	const struct site *site = api->parts.site;
	render_account_limits(w);
	render_statuses(w, site);
	render_media_limits(w, api);
	render_polls(w, site);
}

/* What has no page of its own is null. */
static void member_page(struct jw *w, const struct site *site, const char *name, const char *path)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&url, "%.*s%s", STR_ARG(site->base), path);
	jw_member_str(w, name, buf_str(&url));
}

static void render_urls(struct jw *w, const struct site *site)
{
	jw_name(w, "urls");
	jw_object(w);
	member_stream(w, site, "streaming");
	member_page(w, site, "about", "/about");
	member_page(w, site, "privacy_policy", "/privacy-policy");
	member_page(w, site, "terms_of_service", "/terms-of-service");
	jw_member_null(w, "status");
	jw_end(w);
}

/* Public timelines are for everybody here (entities/Instance, timelines_access). */
static void render_access(struct jw *w)
{
	static const char *const feeds[] = { "live_feeds", "hashtag_feeds", "trending_link_feeds" };
	jw_name(w, "timelines_access");
	jw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
		jw_name(w, feeds[i]);
		jw_object(w);
		jw_member_str(w, "local", STR("public"));
		jw_member_str(w, "remote", STR("public"));
		jw_end(w);
	}
	jw_end(w);
}

static void render_configuration(struct jw *w, const struct api *api, struct str push_key)
{
	const struct site *site = api->parts.site;
	jw_name(w, "configuration");
	jw_object(w);
	render_urls(w, site);
	jw_name(w, "vapid");
	jw_object(w);
	jw_member_str(w, "public_key", push_key);
	jw_end(w);
	render_limits(w, api);
	jw_name(w, "translation");
	jw_object(w);
	jw_member_bool(w, "enabled", api->parts.translator != NULL);
	jw_end(w);
	render_access(w);
	jw_member_bool(w, "limited_federation", site->limited_federation);
	jw_end(w);
}

/* --- v2 --- */

/* It has no size of its own: it is drawn as large as it is wanted. */
static void render_icon(struct jw *w, const struct site *site)
{
	static const char *const sizes[] = { "192x192", "512x512" };
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&url, "%.*s/icon.png", STR_ARG(site->base));
	jw_name(w, "icon");
	jw_array(w);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		jw_object(w);
		jw_member_str(w, "src", buf_str(&url));
		jw_member_str(w, "size", str_of(sizes[i]));
		jw_end(w);
	}
	jw_end(w);
}

/* An address of a page is no address of e-mail. */
static struct str contact_email(const struct site *site)
{
	bool email =
		str_contains(site->contact, STR("@")) && !str_contains(site->contact, STR("://"));
	return email ? site->contact : STR("");
}

static void render_contact_account(struct jw *w, const char *name, const struct site *site,
				   const struct account_view *view)
{
	jw_name(w, name);
	if (view != NULL)
		render_account(w, site, view);
	else
		jw_null(w);
}

static void render_contact(struct jw *w, const struct site *site, const struct account_view *view)
{
	jw_name(w, "contact");
	jw_object(w);
	jw_member_str(w, "email", contact_email(site));
	render_contact_account(w, "account", site, view);
	jw_end(w);
}

/* Plain text of the settings as the HTML that clients expect. */
static void member_message(struct jw *w, struct str message)
{
	struct buf html CLEANUP(buf_free) = BUF_INIT((size_t)32 << 10);
	if (message.len != 0) {
		buf_add(&html, STR("<p>"));
		html_add_text(&html, message);
		buf_add(&html, STR("</p>"));
	}
	jw_member_nullable(w, "message", buf_str(&html));
}

/* entities/Instance#registrations. */
static void render_registrations(struct jw *w, const struct sign_up_settings *settings)
{
	bool approval = settings->mode == SIGN_UP_APPROVAL;
	jw_name(w, "registrations");
	jw_object(w);
	jw_member_bool(w, "enabled", settings->mode != SIGN_UP_CLOSED);
	jw_member_bool(w, "approval_required", approval);
	jw_member_bool(w, "reason_required", approval && settings->reason_required);
	member_message(w, settings->mode == SIGN_UP_CLOSED ? settings->message : STR(""));
	jw_member_nullable(w, "url", settings->url);
	if (settings->min_age != 0)
		jw_member_u64(w, "min_age", settings->min_age);
	else
		jw_member_null(w, "min_age");
	jw_end(w);
}

static void render_thumbnail(struct jw *w, const struct site *site)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&url, "%.*s/icon.png", STR_ARG(site->base));
	jw_name(w, "thumbnail");
	jw_object(w);
	jw_member_str(w, "url", buf_str(&url));
	jw_name(w, "versions");
	jw_object(w);
	jw_member_str(w, "@1x", buf_str(&url));
	jw_member_str(w, "@2x", buf_str(&url));
	jw_end(w);
	jw_member_null(w, "blurhash");
	jw_member_str(w, "description", site->title);
	jw_end(w);
}

struct totals {
	struct node_totals node;
	uint64_t peers;
	uint64_t active; /* people, this month */
	struct rule *rules;
	size_t rule_count;
	struct str push_key;		    /* empty: none */
	const struct account_view *contact; /* NULL: nobody */
};

/* Whom the settings name. */
static const struct account_view *read_contact(struct gather *g)
{
	struct str name = g->api->parts.site->contact_account;
	struct account found;
	return name.len != 0 && account_find_handle(g->txn, g->arena, name, STR(""), &found)
		       ? gather_account(g, found.id)
		       : NULL;
}

static enum rc read_totals(struct call *call, struct totals *out)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	struct db_txn *txn = g.txn;
	out->contact = read_contact(&g);
	out->node = node_totals(txn);
	out->peers = db_count(txn, &store_peer);
	uint32_t month = period_of_ms(PERIOD_MONTH, clock_wall_ms(call->api->parts.clock));
	out->active = presence_count(txn, PERIOD_MONTH, month);
	out->rules = ARENA_ARRAY(call->ctx->arena, RULES_MAX, struct rule);
	out->rule_count = out->rules != NULL ? rule_list(txn, call->ctx->arena, out->rules) : 0;
	out->push_key = push_server_key(txn, call->ctx->arena);
	if (out->push_key.ptr == NULL)
		out->push_key = STR("");
	return gather_end(&g, RC_OK);
}

static void render_rules(struct jw *w, const struct totals *totals)
{
	jw_name(w, "rules");
	jw_array(w);
	for (size_t i = 0; i < totals->rule_count; i++)
		render_rule(w, &totals->rules[i]);
	jw_end(w);
}

static void render_languages(struct jw *w)
{
	jw_name(w, "languages");
	jw_array(w);
	jw_str(w, STR("en"));
	jw_end(w);
}

static void get_instance(struct call *call)
{
	const struct site *site = call->api->parts.site;
	struct totals totals;
	enum rc rc = read_totals(call, &totals);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "domain", site->domain);
	jw_member_str(w, "title", site->title);
	jw_member_str(w, "version", STR(VERSION_TEXT));
	jw_member_str(w, "source_url", STR(SITE_SOURCE));
	jw_member_str(w, "description", site->description);
	jw_name(w, "usage");
	jw_object(w);
	jw_name(w, "users");
	jw_object(w);
	/* who federates with few says how many to nobody */
	jw_member_u64(w, "active_month", site->limited_federation ? 0 : totals.active);
	jw_end(w);
	jw_end(w);
	render_thumbnail(w, site);
	render_icon(w, site);
	render_languages(w);
	render_configuration(w, call->api, totals.push_key);
	render_registrations(w, call->api->parts.reception->settings);
	jw_name(w, "api_versions");
	jw_object(w);
	jw_member_u64(w, "mastodon", API_VERSION);
	jw_end(w);
	render_contact(w, site, totals.contact);
	render_rules(w, &totals);
	jw_name(w, "wrapstodon");
	uint16_t year = year_on_offer((enum year_offer)call->api->parts.settings->annual_reports,
				      clock_wall_ms(call->api->parts.clock));
	if (year != 0)
		jw_u64_str(w, year);
	else
		jw_null(w);
	jw_end(w);
	reply_end(call, 200);
}

/* --- v1, which older clients ask for --- */

static void render_v1_names(struct jw *w, const struct site *site)
{
	struct buf icon CLEANUP(buf_free) = BUF_INIT(2048);
	buf_addf(&icon, "%.*s/icon.png", STR_ARG(site->base));
	jw_member_str(w, "uri", site->domain);
	jw_member_str(w, "title", site->title);
	jw_member_str(w, "short_description", site->description);
	jw_member_str(w, "description", site->description);
	jw_member_str(w, "email", contact_email(site));
	jw_member_str(w, "version", STR(VERSION_TEXT));
	jw_member_str(w, "thumbnail", buf_str(&icon));
}

static void get_instance_v1(struct call *call)
{
	const struct site *site = call->api->parts.site;
	struct totals totals;
	enum rc rc = read_totals(call, &totals);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	render_v1_names(w, site);
	jw_name(w, "urls");
	jw_object(w);
	member_stream(w, site, "streaming_api");
	jw_end(w);
	jw_name(w, "stats");
	jw_object(w);
	jw_member_u64(w, "user_count", totals.node.accounts);
	jw_member_u64(w, "status_count", totals.node.statuses);
	jw_member_u64(w, "domain_count", totals.peers);
	jw_end(w);
	render_languages(w);
	const struct sign_up_settings *sign_up = call->api->parts.reception->settings;
	jw_member_bool(w, "registrations", sign_up->mode != SIGN_UP_CLOSED);
	jw_member_bool(w, "approval_required", sign_up->mode == SIGN_UP_APPROVAL);
	jw_member_bool(w, "invites_enabled", false);
	jw_name(w, "configuration");
	jw_object(w);
	render_limits(w, call->api);
	jw_end(w);
	render_contact_account(w, "contact_account", site, totals.contact);
	render_rules(w, &totals);
	jw_end(w);
	reply_end(call, 200);
}

/* --- emoji --- */

static void render_emoji_rows(struct jw *w, const struct local_emoji *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		jw_object(w);
		jw_member_str(w, "shortcode", rows[i].shortcode);
		jw_member_str(w, "url", rows[i].url);
		jw_member_str(w, "static_url", rows[i].url);
		jw_member_bool(w, "visible_in_picker", true);
		jw_end(w);
	}
}

static void get_emojis(struct call *call)
{
	struct local_emoji rows[EMOJI_CHUNK];
	struct db_txn *txn;
	struct str after = STR("");
	size_t n = EMOJI_CHUNK;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	while (n == EMOJI_CHUNK) {
		n = emoji_list(txn, call->ctx->arena, after, rows, EMOJI_CHUNK);
		render_emoji_rows(w, rows, n);
		if (n != 0)
			after = rows[n - 1].shortcode;
	}
	jw_end(w);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		reply_end(call, 200);
	else
		reply_rc(call, rc);
}

#define GET HTTP_GET

/* What clients ask whether the node is up (methods/health); more is told to monitors alone. */
static void get_health(struct call *call)
{
	httpd_reply_str(call->req, 200, "text/plain; charset=utf-8", STR("OK"));
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, "/health", AUTH_NONE, 0, RATE_COMMON, NULL, get_health },
	{ GET, "/api/v2/instance", AUTH_NONE, 0, RATE_COMMON, NULL, get_instance },
	{ GET, "/api/v1/instance", AUTH_NONE, 0, RATE_COMMON, NULL, get_instance_v1 },
	{ GET, "/api/v1/custom_emojis", AUTH_NONE, 0, RATE_COMMON, NULL, get_emojis },
};
API_ROWS_END
const struct api_route_table instance_api = { routes, ARRAY_LEN(routes) };
