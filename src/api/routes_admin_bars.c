/* E-mail domains, addresses and networks that may not sign up. */
#include "admin_int.h"

#include "crypt/digest.h"
#include "social/audit.h"
#include "text/iri.h"

struct bar_params {
	struct str domain, email, hash, ip, comment, severity;
	enum tri allow_with_approval;
	uint64_t expires_in;
};

#define EXPIRES_MOST ((uint64_t)10 * 365 * 86400)

static const struct param bar_rows[] = {
	PARAM_STR(struct bar_params, domain, "domain", 300),
	PARAM_BOOL(struct bar_params, allow_with_approval, "allow_with_approval"),
	PARAM_STR(struct bar_params, email, "email", 500),
	PARAM_STR(struct bar_params, hash, "canonical_email_hash", 200),
	PARAM_STR(struct bar_params, ip, "ip", 100),
	PARAM_STR(struct bar_params, severity, "severity", 40),
	PARAM_STR(struct bar_params, comment, "comment", 4000),
	PARAM_NUMBER(struct bar_params, expires_in, "expires_in", 0, EXPIRES_MOST, 0),
};
PARAM_TABLE(bar_params, struct bar_params, bar_rows);

struct page_params {
	struct paging page;
};

static const struct param page_rows[] = {
	PAGING_PARAMS(struct page_params, page, ADMIN_PAGE_DEFAULT, ADMIN_PAGE_MOST),
};
PARAM_TABLE(page_params, struct page_params, page_rows);

/* --- reading --- */

static void get_list(struct call *call, enum bar_kind kind)
{
	const struct page_params *p = call->params;
	uint64_t min_id = p->page.min_id > p->page.since_id ? p->page.min_id : p->page.since_id;
	struct bar *bars = ARENA_ARRAY(call->ctx->arena, ADMIN_PAGE_MOST, struct bar);
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_BLOCKS))
		return;
	enum rc rc = bars != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	size_t n =
		bar_list(txn, call->ctx->arena, kind, p->page.max_id, min_id, bars, p->page.limit);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? bars[0].id : 0, n != 0 ? bars[n - 1].id : 0, n == p->page.limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_bar(w, &bars[i]);
	jw_end(w);
	reply_end(call, 200);
}

static enum rc find(struct call *call, enum bar_kind kind, uint64_t id, struct bar *out)
{
	struct db_txn *txn = NULL;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = bar_get(txn, call->ctx->arena, kind, id, out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc != RC_OK ? rc : found ? RC_OK : RC_NOT_FOUND;
}

static void reply_one(struct call *call, enum bar_kind kind, uint64_t id)
{
	struct bar bar;
	enum rc rc = find(call, kind, id, &bar);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_bar(reply_begin(call), &bar);
	reply_end(call, 200);
}

static void get_one(struct call *call, enum bar_kind kind)
{
	if (call_permits(call, PERMISSION_MANAGE_BLOCKS))
		reply_one(call, kind, call_id(call, 0));
}

/* --- what is kept out --- */

static bool read_email_domain(struct call *call, struct bar *bar)
{
	const struct bar_params *p = call->params;
	struct ctx quiet = { .arena = call->ctx->arena };
	if (p->domain.len == 0 || iri_authority(&quiet, p->domain, call->api->parts.site->iri_flags,
						&bar->value) != RC_OK) {
		reply_invalid(call, "domain", "ERR_INVALID", "Domain is not a valid domain name");
		return false;
	}
	bar->severity =
		p->allow_with_approval == TRI_YES ? BAR_SIGN_UP_APPROVAL : BAR_SIGN_UP_BLOCK;
	return true;
}

static bool is_hash(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return text.len == 2 * DIGEST_SIZE;
}

static bool read_canonical(struct call *call, struct bar *bar)
{
	const struct bar_params *p = call->params;
	bar->severity = BAR_SIGN_UP_BLOCK;
	if (is_hash(p->hash)) {
		bar->value = p->hash;
		return true;
	}
	if (p->hash.len == 0 && str_index(p->email, '@') < p->email.len) {
		bar->value = bar_canonical(call->ctx->arena, p->email);
		return true;
	}
	reply_invalid(call, "canonical_email_hash", "ERR_BLANK", "Canonical email can't be blank");
	return false;
}

static bool read_severity(struct call *call, struct str word, enum bar_severity *out)
{
	static const char *const words[] = {
		[BAR_SIGN_UP_APPROVAL] = "sign_up_requires_approval",
		[BAR_SIGN_UP_BLOCK] = "sign_up_block",
		[BAR_NO_ACCESS] = "no_access",
	};
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(word, str_of(words[i]))) {
			*out = (enum bar_severity)i;
			return true;
		}
	}
	reply_invalid(call, "severity", "ERR_INCLUSION", "Severity is not included in the list");
	return false;
}

/* What is not given stays as it is in bar. */
static bool read_ip(struct call *call, struct bar *bar)
{
	const struct bar_params *p = call->params;
	if ((p->ip.len != 0 || bar->id == 0) &&
	    !bar_network_parse(call->ctx->arena, p->ip, &bar->value)) {
		reply_invalid(call, "ip", "ERR_INVALID", "Ip is not a valid IP address");
		return false;
	}
	if ((p->severity.len != 0 || bar->id == 0) &&
	    !read_severity(call, p->severity, &bar->severity))
		return false;
	if (p->comment.ptr != NULL)
		bar->comment = p->comment;
	if (p->expires_in != 0)
		bar->expires_ms =
			clock_wall_ms(call->api->parts.clock) + p->expires_in * MS_PER_SECOND;
	return true;
}

static bool read_bar(struct call *call, struct bar *bar)
{
	switch (bar->kind) {
	case BAR_EMAIL_DOMAIN:
		return read_email_domain(call, bar);
	case BAR_EMAIL_CANONICAL:
		return read_canonical(call, bar);
	case BAR_IP:
		return read_ip(call, bar);
	}
	return false;
}

/* --- writing --- */

/* Networks are kept in memory, too. */
static void tell_reception(struct call *call, enum bar_kind kind)
{
	const struct reception *r = call->api->parts.reception;
	if (kind == BAR_IP && r->bars != NULL)
		bars_reload(r->bars);
}

/* Adds it, or replaces it when it has an id. */
struct adding {
	const struct bar *bar;
	uint64_t id;
	const struct account *moderator;
};

/* The record does not say whom or what it keeps out: its id does for whoever may look. */
static void record(struct social *s, const struct account *moderator, enum audit_act act,
		   enum bar_kind kind, uint64_t id)
{
	static const char *const kinds[] = { [BAR_EMAIL_DOMAIN] = "email_domain",
					     [BAR_EMAIL_CANONICAL] = "email",
					     [BAR_IP] = "ip" };
	const struct audit_detail details[] = { { "kind", str_of(kinds[kind]) } };
	const struct audit_about about = { .id = id,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	audit(s, moderator, act, &about);
}

static enum rc add_job(struct social *s, void *arg)
{
	struct adding *a = arg;
	a->id = bar_put(s->txn, s->ctx->arena, a->bar);
	if (db_txn_rc(s->txn) != RC_OK)
		return db_txn_rc(s->txn);
	if (a->id == 0)
		return RC_EXISTS;
	record(s, a->moderator, AUDIT_BAR_ADD, a->bar->kind, a->id);
	return db_txn_rc(s->txn);
}

static void post_one(struct call *call, enum bar_kind kind)
{
	struct bar bar = { .kind = kind, .comment = STR("") };
	struct adding adding = { &bar, 0, call_account(call) };
	if (!call_permits(call, PERMISSION_MANAGE_BLOCKS) || !read_bar(call, &bar))
		return;
	enum rc rc = call_write(call, add_job, &adding);
	tell_reception(call, kind);
	if (rc == RC_OK)
		reply_one(call, kind, adding.id);
	else if (rc == RC_EXISTS)
		reply_invalid(call, kind == BAR_IP ? "ip" : "domain", "ERR_TAKEN",
			      "It has already been taken");
	else
		reply_rc(call, rc);
}

static void put_ip(struct call *call)
{
	struct bar bar;
	if (!call_permits(call, PERMISSION_MANAGE_BLOCKS))
		return;
	enum rc rc = find(call, BAR_IP, call_id(call, 0), &bar);
	if (rc == RC_OK) {
		if (!read_ip(call, &bar))
			return;
		struct adding changing = { &bar, 0, call_account(call) };
		rc = call_write(call, add_job, &changing);
		tell_reception(call, BAR_IP);
	}
	if (rc == RC_OK)
		reply_one(call, BAR_IP, bar.id);
	else if (rc == RC_EXISTS)
		reply_invalid(call, "ip", "ERR_TAKEN", "Ip has already been taken");
	else
		reply_rc(call, rc);
}

static enum rc del_job(struct social *s, void *arg)
{
	const struct adding *a = arg;
	if (!bar_del(s->txn, a->bar->kind, a->id))
		return RC_NOT_FOUND;
	record(s, a->moderator, AUDIT_BAR_REMOVE, a->bar->kind, a->id);
	return db_txn_rc(s->txn);
}

static void delete_one(struct call *call, enum bar_kind kind)
{
	const struct bar bar = { .kind = kind };
	struct adding removing = { &bar, call_id(call, 0), call_account(call) };
	if (!call_permits(call, PERMISSION_MANAGE_BLOCKS))
		return;
	enum rc rc = call_write(call, del_job, &removing);
	tell_reception(call, kind);
	if (rc == RC_OK)
		reply_empty(call);
	else
		reply_rc(call, rc);
}

static void post_canonical_test(struct call *call)
{
	const struct bar_params *p = call->params;
	struct bar bar;
	struct db_txn *txn = NULL;
	if (!call_permits(call, PERMISSION_MANAGE_BLOCKS))
		return;
	if (str_index(p->email, '@') == p->email.len) {
		reply_error(call, 400, "Missing parameter: email");
		return;
	}
	struct str hash = bar_canonical(call->ctx->arena, p->email);
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	bool found = bar_find(txn, call->ctx->arena, BAR_EMAIL_CANONICAL, hash, &bar);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	if (found)
		render_bar(w, &bar);
	jw_end(w);
	reply_end(call, 200);
}

/* --- the rows --- */

#define HANDLERS(name, kind)                         \
	static void get_##name##s(struct call *call) \
	{                                            \
		get_list(call, kind);                \
	}                                            \
	static void get_##name(struct call *call)    \
	{                                            \
		get_one(call, kind);                 \
	}                                            \
	static void post_##name(struct call *call)   \
	{                                            \
		post_one(call, kind);                \
	}                                            \
	static void delete_##name(struct call *call) \
	{                                            \
		delete_one(call, kind);              \
	}

HANDLERS(domain, BAR_EMAIL_DOMAIN)
HANDLERS(canonical, BAR_EMAIL_CANONICAL)
HANDLERS(ip, BAR_IP)

#define GET HTTP_GET
#define POST HTTP_POST
#define DELETE HTTP_DELETE
#define DOMAINS "/api/v1/admin/email_domain_blocks"
#define CANONICALS "/api/v1/admin/canonical_email_blocks"
#define IPS "/api/v1/admin/ip_blocks"
#define READ_DOMAINS SCOPE(ADMIN_READ_EMAIL_BLOCKS)
#define WRITE_DOMAINS SCOPE(ADMIN_WRITE_EMAIL_BLOCKS)
#define READ_CANONICALS SCOPE(ADMIN_READ_CANONICAL_BLOCKS)
#define WRITE_CANONICALS SCOPE(ADMIN_WRITE_CANONICAL_BLOCKS)
#define READ_IPS SCOPE(ADMIN_READ_IP_BLOCKS)
#define WRITE_IPS SCOPE(ADMIN_WRITE_IP_BLOCKS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ GET, DOMAINS, AUTH_USER, READ_DOMAINS, RATE_COMMON, &page_params, get_domains },
	{ POST, DOMAINS, AUTH_USER, WRITE_DOMAINS, RATE_COMMON, &bar_params, post_domain },
	{ GET, DOMAINS "/:id", AUTH_USER, READ_DOMAINS, RATE_COMMON, NULL, get_domain },
	{ DELETE, DOMAINS "/:id", AUTH_USER, WRITE_DOMAINS, RATE_COMMON, NULL, delete_domain },
	{ GET, CANONICALS, AUTH_USER, READ_CANONICALS, RATE_COMMON, &page_params, get_canonicals },
	{ POST, CANONICALS, AUTH_USER, WRITE_CANONICALS, RATE_COMMON, &bar_params, post_canonical },
	{ POST, CANONICALS "/test", AUTH_USER, READ_CANONICALS, RATE_COMMON, &bar_params,
	  post_canonical_test },
	{ GET, CANONICALS "/:id", AUTH_USER, READ_CANONICALS, RATE_COMMON, NULL, get_canonical },
	{ DELETE, CANONICALS "/:id", AUTH_USER, WRITE_CANONICALS, RATE_COMMON, NULL,
	  delete_canonical },
	{ GET, IPS, AUTH_USER, READ_IPS, RATE_COMMON, &page_params, get_ips },
	{ POST, IPS, AUTH_USER, WRITE_IPS, RATE_COMMON, &bar_params, post_ip },
	{ GET, IPS "/:id", AUTH_USER, READ_IPS, RATE_COMMON, NULL, get_ip },
	{ HTTP_PUT, IPS "/:id", AUTH_USER, WRITE_IPS, RATE_COMMON, &bar_params, put_ip },
	{ DELETE, IPS "/:id", AUTH_USER, WRITE_IPS, RATE_COMMON, NULL, delete_ip },
};
API_ROWS_END
const struct api_route_table admin_bars_api = { routes, ARRAY_LEN(routes) };
