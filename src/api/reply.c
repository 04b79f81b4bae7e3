/* Answers: JSON, errors in the words that clients know, links to other pages. */
#include "api_int.h"
#include "core/date.h"
#include "core/enc.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define LINKS_MAX ((size_t)32 << 10)

struct jw *reply_begin(struct call *call)
{
	buf_reset(&call->out);
	jw_init(&call->w, &call->out);
	return &call->w;
}

void reply_end(struct call *call, unsigned status)
{
	jw_done(&call->w);
	httpd_reply(call->req, status, JSON_TYPE, &call->out);
}

void reply_empty(struct call *call)
{
	httpd_reply_str(call->req, 200, JSON_TYPE, STR("{}"));
}

void reply_error(struct call *call, unsigned status, const char *text)
{
	httpd_reply_error(call->req, status, str_of(text), status == 503 ? 5 : 0);
}

void reply_rc(struct call *call, enum rc rc)
{
	static const struct row {
		unsigned status;
		const char *text; /* NULL: what the context says */
	} rows[] = {
		[RC_NOT_FOUND] = { 404, "Record not found" },
		[RC_INVALID] = { 422, NULL },
		[RC_TOO_LARGE] = { 422, NULL },
		[RC_UNSUPPORTED] = { 422, NULL },
		[RC_EXISTS] = { 422, NULL },
		[RC_UNAUTHENTICATED] = { 401, "The access token is invalid" },
		[RC_DENIED] = { 403, "This action is not allowed" },
		[RC_BLOCKED] = { 403, "This action is not allowed" },
		[RC_GONE] = { 404, "Record not found" },
		[RC_CONFLICT] = { 409, NULL },
		[RC_BUSY] = { 503, "The server is busy" },
		[RC_UNREACHABLE] = { 503, "Remote data could not be fetched" },
		[RC_TIMEOUT] = { 503, "Remote data could not be fetched" },
		[RC_FULL] = { 507, "The server has no room left" },
		[RC_NO_MEMORY] = { 503, "The server is busy" },
		[RC_CORRUPT] = { 500, "Something went wrong" },
		[RC_IO] = { 500, "Something went wrong" },
	};
	const struct row *row =
		(size_t)rc < ARRAY_LEN(rows) && rows[rc].status != 0 ? &rows[rc] : &rows[RC_IO];
	reply_error(call, row->status, row->text != NULL ? row->text : err_text(&call->ctx->err));
}

void reply_reason(struct call *call, enum rc rc)
{
	if (rc == RC_DENIED && call->ctx->err.rc == RC_DENIED)
		reply_error(call, 403, err_text(&call->ctx->err));
	else
		reply_rc(call, rc);
}

static void render_invalid(struct jw *w, const char *field, const char *code, const char *text)
{
	struct buf whole CLEANUP(buf_free) = BUF_INIT(1024);
	buf_addf(&whole, "Validation failed: %s", text);
	jw_object(w);
	jw_member_str(w, "error", buf_str(&whole));
	jw_name(w, "details");
	jw_object(w);
	jw_name_str(w, str_of(field));
	jw_array(w);
	jw_object(w);
	jw_member_str(w, "error", str_of(code));
	jw_member_str(w, "description", str_of(text));
	jw_end(w);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

static void add_text(struct buf *out, const struct sign_up_faults *faults)
{
	buf_add(out, STR("Validation failed: "));
	for (unsigned i = 0; i < faults->count; i++)
		buf_addf(out, "%s%s %s", i == 0 ? "" : ", ",
			 sign_up_field_title(faults->list[i].field), faults->list[i].text);
}

static void render_faults_of(struct jw *w, const struct sign_up_faults *faults,
			     enum sign_up_field field)
{
	bool any = false;
	for (unsigned i = 0; i < faults->count; i++) {
		if (faults->list[i].field != field)
			continue;
		if (!any) {
			jw_name(w, sign_up_field_name(field));
			jw_array(w);
		}
		any = true;
		jw_object(w);
		jw_member_str(w, "error", str_of(faults->list[i].code));
		jw_member_str(w, "description", str_of(faults->list[i].text));
		jw_end(w);
	}
	if (any)
		jw_end(w);
}

void reply_faults(struct call *call, const struct sign_up_faults *faults)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
	struct jw *w = reply_begin(call);
	add_text(&text, faults);
	jw_object(w);
	jw_member_str(w, "error", buf_str(&text));
	jw_name(w, "details");
	jw_object(w);
	for (unsigned field = 0; field < SIGN_UP_FIELD_COUNT; field++)
		render_faults_of(w, faults, (enum sign_up_field)field);
	jw_end(w);
	jw_end(w);
	reply_end(call, 422);
}

void reply_invalid(struct call *call, const char *field, const char *code, const char *text)
{
	render_invalid(reply_begin(call), field, code, text);
	reply_end(call, 422);
}

void reply_invalid_within(struct call *call, const char *field, const char *code, const char *text)
{
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_name(w, "error");
	render_invalid(w, field, code, text);
	jw_end(w);
	reply_end(call, 422);
}

/* --- pages --- */

struct id_range call_range(const struct call *call, const struct paging *page)
{
	return (struct id_range){ .max_id = page->max_id,
				  .since_id = page->since_id,
				  .min_id = page->min_id,
				  .ascending = fields_find(&call->fields, STR("min_id")) != NULL };
}

static bool is_paging(struct str name)
{
	return str_eq(name, STR("max_id")) || str_eq(name, STR("since_id")) ||
	       str_eq(name, STR("min_id"));
}

static bool is_among(struct str name, const struct link_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(name, str_of(parts[i].name)))
			return true;
	}
	return false;
}

static void add_part(struct buf *out, struct str name, struct str value, const char *separator)
{
	buf_add(out, str_of(separator));
	enc_percent(out, name);
	buf_add_chr(out, '=');
	enc_percent(out, value);
}

/* The same address with other values of some parameters. */
static void add_address(struct buf *out, const struct call *call, const struct link_part *parts,
			size_t count, const char *rel)
{
	const char *separator = "?";
	if (out->len != 0)
		buf_add(out, STR(", "));
	buf_addf(out, "<%.*s%.*s", STR_ARG(call->api->parts.site->base), STR_ARG(call->req->path));
	for (size_t i = 0; i < call->fields.count; i++) {
		const struct field *f = &call->fields.list[i];
		if (is_paging(f->name) || is_among(f->name, parts, count))
			continue;
		add_part(out, f->name, f->value, separator);
		separator = "&";
	}
	for (size_t i = 0; i < count; i++) {
		add_part(out, str_of(parts[i].name), parts[i].value, separator);
		separator = "&";
	}
	buf_addf(out, ">; rel=\"%s\"", rel);
}

static void add_link(struct buf *out, const struct call *call, const char *name, uint64_t id,
		     const char *rel)
{
	const struct link_part part = { name, arena_printf(call->ctx->arena, "%llu",
							   (unsigned long long)id) };
	add_address(out, call, &part, 1, rel);
}

void reply_links(struct call *call, uint64_t first, uint64_t last, bool full)
{
	struct buf links CLEANUP(buf_free) = BUF_INIT(LINKS_MAX);
	if (last != 0 && full)
		add_link(&links, call, "max_id", last, "next");
	if (first != 0)
		add_link(&links, call, "min_id", first, "prev");
	if (links.len != 0 && !links.failed)
		httpd_add_header(call->req, "Link", buf_str(&links));
}

void reply_next(struct call *call, const struct link_part *parts, size_t count)
{
	struct buf link CLEANUP(buf_free) = BUF_INIT(LINKS_MAX);
	add_address(&link, call, parts, count, "next");
	if (!link.failed)
		httpd_add_header(call->req, "Link", buf_str(&link));
}

void reply_next_number(struct call *call, const char *name, uint64_t value)
{
	const struct link_part part = { name, arena_printf(call->ctx->arena, "%llu",
							   (unsigned long long)value) };
	reply_next(call, &part, 1);
}

/* --- members --- */

void jw_member_id(struct jw *w, const char *name, uint64_t id)
{
	jw_name(w, name);
	jw_u64_str(w, id);
}

void jw_member_null(struct jw *w, const char *name)
{
	jw_name(w, name);
	jw_null(w);
}

void jw_member_id_opt(struct jw *w, const char *name, uint64_t id)
{
	if (id != 0)
		jw_member_id(w, name, id);
	else
		jw_member_null(w, name);
}

void jw_member_nullable(struct jw *w, const char *name, struct str s)
{
	if (s.len != 0)
		jw_member_str(w, name, s);
	else
		jw_member_null(w, name);
}

void jw_member_strs(struct jw *w, const char *name, const struct str *list, unsigned count)
{
	jw_name(w, name);
	jw_array(w);
	for (unsigned i = 0; i < count; i++)
		jw_str(w, list[i]);
	jw_end(w);
}

void jw_member_day(struct jw *w, const char *name, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	if (ms == 0) {
		jw_member_null(w, name);
		return;
	}
	date_add_rfc3339(&date, ms);
	jw_member_str(w, name, str_take(buf_str(&date), 10));
}
