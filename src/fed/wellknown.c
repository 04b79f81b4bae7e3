/* Discovery: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo 2.0 and 2.1. Open to everybody,
 * in every access mode. */
#include "routes_int.h"
#include "store/node.h"
#include "text/acct.h"

#define ANSWER_MAX (64 * 1024)

static void allow_any_origin(struct httpd_request *req)
{
	/* RFC 7033 section 5 */
	httpd_add_header(req, "Access-Control-Allow-Origin", STR("*"));
}

/* The same for everybody, and asked for again and again: with a validator (RFC 9110 section 8.8). */
static void answer(struct httpd_request *req, const char *type, struct buf *body)
{
	httpd_add_header(req, "Cache-Control", STR("public, max-age=3600"));
	serve_plain(req, type, body);
}

/* --- WebFinger --- */

/* Which account does a resource name? RC_INVALID when it is malformed, RC_NOT_FOUND when it is none
 * of ours. */
static enum rc resource_find(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			     struct str resource, struct account *out)
{
	struct ctx quiet = { .arena = req->ctx.arena };
	struct acct acct;
	struct iri iri;
	bool found = false;
	if (str_has_prefix(resource, STR("https://")) || str_has_prefix(resource, STR("http://"))) {
		if (iri_parse(&quiet, resource, fed->site->iri_flags | IRI_HTTP, &iri) != RC_OK)
			return RC_INVALID;
		found = account_find_uri(txn, quiet.arena, iri.text, out);
		if (!found && site_owns(fed->site, &iri) && str_has_prefix(iri.target, STR("/@")))
			found = account_find_handle(txn, quiet.arena, str_skip(iri.target, 2),
						    STR(""), out);
		if (!found && site_owns(fed->site, &iri) && str_eq(iri.target, STR("/")))
			found = account_find_uri(txn, quiet.arena, fed->instance_uri, out);
	} else {
		if (acct_parse(&quiet, resource, fed->site->iri_flags, &acct) != RC_OK ||
		    acct.host.ptr == NULL)
			return RC_INVALID;
		if (!str_eq(acct.host, fed->site->domain) && !str_eq(acct.host, fed->site->host))
			return RC_NOT_FOUND;
		found = account_find_handle(txn, quiet.arena, acct.user, STR(""), out);
	}
	if (db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	return found && account_is_local(out) && !account_is_gone(out) ? RC_OK : RC_NOT_FOUND;
}

static void link_add(struct jw *w, const char *rel, const char *type, struct str href)
{
	jw_object(w);
	jw_member_str(w, "rel", str_of(rel));
	jw_member_str(w, "type", str_of(type));
	jw_member_str(w, "href", href);
	jw_end(w);
}

/* Lemmy tells communities from people of the same name by a property of the link. */
static void self_add(struct jw *w, const struct account *a)
{
	if (a->kind != ACCOUNT_GROUP)
		return link_add(w, "self", AP_MEDIA_TYPE, a->uri);
	jw_object(w);
	jw_member_str(w, "rel", STR("self"));
	jw_member_str(w, "type", STR(AP_MEDIA_TYPE));
	jw_member_str(w, "href", a->uri);
	jw_name(w, "properties");
	jw_object(w);
	jw_member_str(w, "https://www.w3.org/ns/activitystreams#type", STR("Group"));
	jw_end(w);
	jw_end(w);
}

static void jrd_write(struct fed *fed, struct httpd_request *req, const struct account *a,
		      struct buf *out)
{
	struct arena *arena = req->ctx.arena;
	struct jw w;
	jw_init(&w, out);
	jw_object(&w);
	jw_member_str(&w, "subject",
		      arena_printf(arena, "acct:%.*s@%.*s", STR_ARG(a->username),
				   STR_ARG(fed->site->domain)));
	jw_name(&w, "aliases");
	jw_array(&w);
	jw_str(&w, a->url);
	jw_str(&w, a->uri);
	jw_end(&w);
	jw_name(&w, "links");
	jw_array(&w);
	link_add(&w, "http://webfinger.net/rel/profile-page", "text/html", a->url);
	self_add(&w, a);
	/* FEP-d556: the node's address leads to its own actor */
	if ((a->flags & ACCOUNT_INSTANCE) != 0)
		link_add(&w, "https://www.w3.org/ns/activitystreams#Service", AP_MEDIA_TYPE,
			 a->uri);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
}

void webfinger_get(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	struct str resource = httpd_query(req, "resource");
	struct buf body = BUF_INIT(ANSWER_MAX);
	struct account account;
	struct db_txn *txn;
	allow_any_origin(req);
	if (resource.len == 0)
		return httpd_reply_error(req, 400, STR("The resource parameter is missing"), 0);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	rc = resource_find(fed, req, txn, resource, &account);
	db_read_end(&txn);
	if (rc == RC_INVALID)
		return httpd_reply_error(req, 400, STR("The resource is malformed"), 0);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	jrd_write(fed, req, &account, &body);
	answer(req, "application/jrd+json; charset=utf-8", &body);
}

/* --- host-meta --- */

void host_meta_get(struct httpd_request *req, void *app)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(ANSWER_MAX);
	allow_any_origin(req);
	buf_addf(&body,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n"
		 "  <Link rel=\"lrdd\" template=\"%.*s/.well-known/webfinger?resource={uri}\"/>\n"
		 "</XRD>\n",
		 STR_ARG(fed->site->base));
	answer(req, "application/xrd+xml; charset=utf-8", &body);
}

/* --- NodeInfo --- */

void nodeinfo_index_get(struct httpd_request *req, void *app)
{
	static const char *const versions[] = { "2.0", "2.1" };
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(ANSWER_MAX);
	struct jw w;
	allow_any_origin(req);
	jw_init(&w, &body);
	jw_object(&w);
	jw_name(&w, "links");
	jw_array(&w);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		jw_object(&w);
		jw_member_str(&w, "rel",
			      arena_printf(req->ctx.arena,
					   "http://nodeinfo.diaspora.software/ns/schema/%s",
					   versions[i]));
		jw_member_str(&w, "href",
			      arena_printf(req->ctx.arena, "%.*s/nodeinfo/%s",
					   STR_ARG(fed->site->base), versions[i]));
		jw_end(&w);
	}
	/* FEP-2677 */
	jw_object(&w);
	jw_member_str(&w, "rel", STR("https://www.w3.org/ns/activitystreams#Application"));
	jw_member_str(&w, "href", fed->instance_uri);
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
	answer(req, "application/json; charset=utf-8", &body);
}

static void software_write(struct jw *w, bool later)
{
	jw_name(w, "software");
	jw_object(w);
	jw_member_str(w, "name", STR("fediflow"));
	jw_member_str(w, "version", STR(FF_VERSION));
	if (later)
		jw_member_str(w, "repository", STR(SITE_SOURCE));
	jw_end(w);
}

static void empty_services(struct jw *w)
{
	jw_name(w, "services");
	jw_object(w);
	jw_name(w, "inbound");
	jw_array(w);
	jw_end(w);
	jw_name(w, "outbound");
	jw_array(w);
	jw_end(w);
	jw_end(w);
}

static void nodeinfo_write(struct fed *fed, struct node_totals totals, const char *version,
			   struct buf *out)
{
	struct jw w;
	jw_init(&w, out);
	jw_object(&w);
	jw_member_str(&w, "version", str_of(version));
	software_write(&w, version[2] != '0');
	jw_name(&w, "protocols");
	jw_array(&w);
	jw_str(&w, STR("activitypub"));
	jw_end(&w);
	empty_services(&w);
	jw_member_bool(&w, "openRegistrations", false);
	jw_name(&w, "usage");
	jw_object(&w);
	jw_name(&w, "users");
	jw_object(&w);
	jw_member_u64(&w, "total", totals.accounts);
	jw_end(&w);
	jw_member_u64(&w, "localPosts", totals.statuses);
	jw_end(&w);
	jw_name(&w, "metadata");
	jw_object(&w);
	jw_member_str(&w, "nodeName", fed->site->title);
	jw_member_str(&w, "nodeDescription", fed->site->description);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
}

static void nodeinfo_get(struct httpd_request *req, void *app, const char *version)
{
	struct fed *fed = fed_of(app);
	struct buf body = BUF_INIT(ANSWER_MAX);
	struct db_txn *txn;
	allow_any_origin(req);
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return serve_failed(req, rc);
	struct node_totals totals = node_totals(txn);
	db_read_end(&txn);
	nodeinfo_write(fed, totals, version, &body);
	struct str type = arena_printf(
		req->ctx.arena,
		"application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/%s#\"; "
		"charset=utf-8",
		version);
	answer(req, type.ptr != NULL ? type.ptr : "application/json", &body);
}

void nodeinfo_20_get(struct httpd_request *req, void *app)
{
	nodeinfo_get(req, app, "2.0");
}

void nodeinfo_21_get(struct httpd_request *req, void *app)
{
	nodeinfo_get(req, app, "2.1");
}
