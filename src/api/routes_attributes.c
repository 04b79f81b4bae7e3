/* What the institution says of people: read by themselves, read and changed by who manages users. */
#include "admin_int.h"
#include "own_int.h"
#include "social/attribute.h"
#include "social/audit.h"

static void reply_attributes(struct call *call, uint64_t account)
{
	struct attribute *list =
		ARENA_ARRAY(call->ctx->arena, ATTRIBUTES_ALL_MAX, struct attribute);
	struct account a;
	struct db_txn *txn = NULL;
	size_t n = 0;
	enum rc rc = list != NULL ? call_read(call, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		bool there =
			account_get(txn, call->ctx->arena, account, &a) && account_is_local(&a);
		if (there)
			n = attributes_of(txn, call->ctx->arena, account, list);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
		rc = rc == RC_OK && !there ? RC_NOT_FOUND : rc;
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		jw_object(w);
		jw_member_str(w, "name", list[i].name);
		jw_member_str(w, "value", list[i].value);
		jw_member_str(w, "source", str_of(attribute_source_name(list[i].source)));
		jw_member_date(w, "since", list[i].since_ms);
		jw_end(w);
	}
	jw_end(w);
	reply_end(call, 200);
}

static void get_own(struct call *call)
{
	reply_attributes(call, call->viewer.account);
}

static void get_attributes(struct call *call)
{
	if (call_permits(call, PERMISSION_MANAGE_USERS))
		reply_attributes(call, call_id(call, 0));
}

/* --- changing --- */

struct attribute_params {
	struct str name, value;
	struct str_list attributes;
};

static const struct param attribute_rows[] = {
	PARAM_STR(struct attribute_params, name, "name", 256),
	PARAM_STR(struct attribute_params, value, "value", 1024),
};
PARAM_TABLE(attribute_params, struct attribute_params, attribute_rows);

static const struct param replace_rows[] = {
	PARAM_STRS(struct attribute_params, attributes, "attributes", 1300),
};
PARAM_TABLE(replace_params, struct attribute_params, replace_rows);

struct changing {
	uint64_t account;
	const struct account *by;
	struct attribute one;
	const struct attribute *list;
	size_t count;
};

/* Which values somebody has is nobody's business who reads the record. */
static void record(struct social *s, const struct changing *c, struct str name)
{
	const struct audit_detail details[] = { { "attribute", name } };
	audit(s, c->by, AUDIT_ACCOUNT_ATTRIBUTES,
	      &(const struct audit_about){
		      .id = c->account, .details = details, .detail_count = name.len != 0 });
}

static enum rc add_job(struct social *s, void *arg)
{
	const struct changing *c = arg;
	enum rc rc = attribute_add(s, c->account, &c->one);
	if (rc == RC_OK)
		record(s, c, c->one.name);
	return rc == RC_EXISTS ? RC_OK : rc;
}

static enum rc remove_job(struct social *s, void *arg)
{
	const struct changing *c = arg;
	enum rc rc = attribute_remove(s, c->account, c->one.name, c->one.value);
	if (rc == RC_OK)
		record(s, c, c->one.name);
	return rc;
}

static enum rc replace_job(struct social *s, void *arg)
{
	const struct changing *c = arg;
	enum rc rc = attributes_replace(s, c->account, ATTRIBUTE_BY_OPERATOR, c->list, c->count);
	if (rc == RC_OK)
		record(s, c, STR(""));
	return rc;
}

static void finish(struct call *call, enum rc rc, uint64_t account)
{
	if (rc == RC_OK)
		reply_attributes(call, account);
	else if (rc == RC_INVALID || rc == RC_TOO_LARGE)
		reply_error(call, 422, err_text(&call->ctx->err));
	else
		reply_rc(call, rc);
}

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

static void post_attribute(struct call *call)
{
	const struct attribute_params *p = call->params;
	struct changing c = { .account = call_id(call, 0), .by = call_account(call) };
	if (!call_permits(call, PERMISSION_MANAGE_USERS))
		return;
	enum rc rc = attribute_read(call->ctx, or_empty(p->name), or_empty(p->value), &c.one);
	c.one.source = ATTRIBUTE_BY_OPERATOR;
	if (rc == RC_OK)
		rc = call_write(call, add_job, &c);
	finish(call, rc, c.account);
}

static void delete_attribute(struct call *call)
{
	const struct attribute_params *p = call->params;
	struct changing c = { .account = call_id(call, 0), .by = call_account(call) };
	if (!call_permits(call, PERMISSION_MANAGE_USERS))
		return;
	enum rc rc = attribute_read_part(call->ctx, or_empty(p->name), or_empty(p->value), &c.one);
	if (rc == RC_OK)
		rc = call_write(call, remove_job, &c);
	finish(call, rc, c.account);
}

static void put_attributes(struct call *call)
{
	const struct attribute_params *p = call->params;
	struct changing c = { .account = call_id(call, 0), .by = call_account(call) };
	size_t n = p->attributes.count;
	struct attribute *list = ARENA_ARRAY(call->ctx->arena, n + 1, struct attribute);
	enum rc rc = list != NULL ? RC_OK : RC_NO_MEMORY;
	if (!call_permits(call, PERMISSION_MANAGE_USERS))
		return;
	if (n > ATTRIBUTES_MAX) {
		reply_error(call, 422, "there are too many attributes");
		return;
	}
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = attribute_read_pair(call->ctx, p->attributes.list[i], &list[i]);
	c.list = list;
	c.count = n;
	if (rc == RC_OK)
		rc = call_write(call, replace_job, &c);
	finish(call, rc, c.account);
}

#define ADMIN "/api/fediflow/v1/admin/accounts/:id/attributes"
#define READS SCOPE(ADMIN_READ_ACCOUNTS)
#define WRITES SCOPE(ADMIN_WRITE_ACCOUNTS)

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/fediflow/v1/attributes", AUTH_USER, SCOPE(READ_ACCOUNTS), RATE_COMMON,
	  NULL, get_own, "[Attribute]" },
	{ HTTP_GET, ADMIN, AUTH_USER, READS, RATE_COMMON, NULL, get_attributes, "[Attribute]" },
	{ HTTP_POST, ADMIN, AUTH_USER, WRITES, RATE_COMMON, &attribute_params, post_attribute,
	  "[Attribute]", "name value" },
	{ HTTP_PUT, ADMIN, AUTH_USER, WRITES, RATE_COMMON, &replace_params, put_attributes,
	  "[Attribute]" },
	{ HTTP_DELETE, ADMIN, AUTH_USER, WRITES, RATE_COMMON, &attribute_params, delete_attribute,
	  "[Attribute]", "name" },
};
API_ROWS_END
const struct api_route_table attributes_api = { routes, ARRAY_LEN(routes) };
