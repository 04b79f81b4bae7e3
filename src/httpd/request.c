/*
 * The life of a request, on the listener thread of its connection: head, gate, route, body,
 * handler, reply. libmicrohttpd calls in; see request_int.h for the phases.
 */
#include "request_int.h"

#include "core/enc.h"
#include "core/log.h"
#include "core/metric.h"
#include "core/utf8.h"
#include "gate_int.h"
#include "httpd_int.h"
#include "reply_int.h"
#include "wire_int.h"

/* how much of a chunked body past its limit is read, so that the client hears why it failed */
#define SURPLUS_MAX ((size_t)64 << 10)
/* how much of any body is, where there is a page to be read after it */
#define SURPLUS_PAGE_MAX ((uint64_t)32 << 20)
#define LARGE_BODIES_MAX 8
#define BODY_FIRST_PIECE ((size_t)16 << 10)

/* From 1.0 on, the library itself refuses what wire_is_exact looks for. */
#define LIBRARY_IS_STRICT (MHD_VERSION >= 0x01000000)

void *request_on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
	struct httpd *httpd = cls;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct conn *conn = info != NULL ? info->socket_context : NULL;
	struct arena *arena = conn != NULL ? httpd_take_arena(httpd) : NULL;
	struct request *req = arena != NULL ? ARENA_NEW(arena, struct request) : NULL;
	if (req == NULL) {
		if (arena != NULL)
			httpd_return_arena(httpd, arena);
		return NULL;
	}
	req->magic = REQUEST_MAGIC;
	req->pub.ctx.arena = arena;
	req->httpd = httpd;
	req->conn = conn;
	req->mhd = mhd;
	req->raw_target = target;
	req->pub.target = arena_str(arena, str_of(target));
	req->pub.client = conn_peer_text(conn);
	req->begun_ms = clock_steady_ms(httpd->clock);
	conn_request_begins(conn, req->begun_ms);
	atomic_fetch_add(&httpd->in_hand, 1);
	return req;
}

struct headers {
	struct httpd_header list[GATE_HEADERS_MAX + 1];
	size_t count;
	size_t bytes;
};

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind UNUSED, const char *name,
				   size_t name_len, const char *value, size_t value_len)
{
	struct headers *headers = cls;
	struct httpd_header *header = &headers->list[headers->count];
	header->name = str_n(name, name_len);
	header->value = value != NULL ? str_n(value, value_len) : STR("");
	headers->bytes += name_len + value_len;
	return ++headers->count <= GATE_HEADERS_MAX ? MHD_YES : MHD_NO;
}

static bool is_exact(const struct request *req, const struct headers *headers, const char *method,
		     const char *version)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(req->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	const struct wire_head head = {
		.method = method,
		.target = req->raw_target,
		.target_len = req->pub.target.len,
		.version = version,
		.headers = headers->list,
		.header_count = headers->count,
		.size = info != NULL ? info->header_size : 0,
	};
	return LIBRARY_IS_STRICT || wire_is_exact(&head);
}

static struct str copy_to(char **at, struct str s)
{
	char *start = *at;
	if (s.len != 0)
		memcpy(start, s.ptr, s.len);
	*at += s.len;
	return str_n(start, s.len);
}

/* The library's memory ends with the connection, a suspended request may not: copies all. */
static bool keep_headers(struct request *req, const struct headers *headers)
{
	struct arena *arena = req->pub.ctx.arena;
	struct httpd_header *list = ARENA_ARRAY(arena, headers->count, struct httpd_header);
	char *bytes = arena_alloc(arena, headers->bytes);
	if (list == NULL || bytes == NULL)
		return false;
	for (size_t i = 0; i < headers->count; i++) {
		list[i].name = copy_to(&bytes, headers->list[i].name);
		list[i].value = copy_to(&bytes, wire_value(headers->list[i].value));
	}
	req->pub.headers = list;
	req->pub.header_count = headers->count;
	return true;
}

static void set_client(struct request *req)
{
	const struct prefixes *trusted = &req->httpd->trusted;
	const struct address *peer = conn_peer(req->conn);
	char text[ADDRESS_TEXT_MAX];
	struct str client = conn_peer_text(req->conn);
	if (prefixes_cover(trusted, peer)) {
		struct address address =
			client_address(trusted, peer, req->pub.headers, req->pub.header_count);
		client = str_n(text, address_text(&address, text));
	}
	req->pub.client = arena_str(req->pub.ctx.arena, client);
}

/* Answers before the body was read; what follows on the connection cannot be trusted or is unread.
 */
static void note_refused(struct request *req, unsigned status, const char *reason)
{
	metric_add(METRIC_HTTP_REFUSED, 1);
	LOG(HTTP_REFUSED, F_U64("status", status), F_CSTR("reason", reason),
	    F_STR("client", req->pub.client));
	req->close = true;
}

static enum MHD_Result refuse(struct request *req, unsigned status, const char *reason)
{
	note_refused(req, status, reason);
	httpd_reply_error(&req->pub, status, str_of(reason), 0);
	return reply_queue(req);
}

static const char *route_reason(unsigned status)
{
	switch (status) {
	case 405:
		return "method not allowed";
	case 406:
		return "no acceptable form";
	default:
		return "not found";
	}
}

static bool decode_params(struct request *req, const struct route_match *match)
{
	for (size_t i = 0; i < match->param_count; i++) {
		struct str raw = match->params[i];
		req->pub.params[i] = raw;
		if (str_index(raw, '%') == raw.len)
			continue;
		struct buf decoded = BUF_INIT(raw.len);
		bool whole = enc_unpercent(&decoded, raw);
		req->pub.params[i] = arena_take_buf(req->pub.ctx.arena, &decoded);
		if (!whole || req->pub.params[i].ptr == NULL)
			return false;
	}
	return true;
}

/* So many large bodies at once, of those whom the route knows. False when the answer was given. */
static bool admit_large(struct request *req)
{
	struct httpd *httpd = req->httpd;
	if (atomic_fetch_add(&httpd->large, 1) >= LARGE_BODIES_MAX) {
		atomic_fetch_sub(&httpd->large, 1);
		httpd_reply_error(&req->pub, 503, STR("too much is being sent; try again"), 5);
		return false;
	}
	req->large = true;
	return httpd->admit == NULL || httpd->admit(&req->pub, req->app);
}

static enum MHD_Result refuse_larger(struct request *req)
{
	if (req->too_large == NULL)
		return refuse(req, 413, "the body is too large");
	note_refused(req, 413, "the body is too large");
	req->too_large(&req->pub, req->app);
	return reply_queue(req);
}

/* False when it is refused unread. */
static bool takes_body(struct request *req, const struct gate_verdict *verdict)
{
	uint64_t most = req->pub.route->body_max;
	if (most == 0)
		req->too_large = NULL;
	req->larger = verdict->length > most || (verdict->chunked && most == 0);
	return !req->larger || (req->too_large != NULL && verdict->length <= SURPLUS_PAGE_MAX);
}

static enum MHD_Result find_route(struct request *req, const struct gate_verdict *verdict)
{
	struct route_match match = routes_match(req->httpd->routes, req->pub.method, req->pub.path,
						req->pub.headers, req->pub.header_count);
	req->vary = match.negotiated;
	/* a refused request that has a body would leave it on the connection */
	req->close = verdict->chunked || verdict->length != 0;
	if (match.status != 0) {
		if (match.status == 405)
			httpd_add_header(&req->pub, "Allow",
					 route_allow(req->pub.ctx.arena, match.methods));
		httpd_reply_error(&req->pub, match.status, str_of(route_reason(match.status)), 0);
		return reply_queue(req);
	}
	if (!decode_params(req, &match))
		return refuse(req, 400, "malformed parameter");
	req->pub.route = match.route;
	req->app = match.app;
	req->on_worker = match.waits;
	req->too_large = match.too_large;
	if (!takes_body(req, verdict))
		return refuse_larger(req);
	/* the library is lax about chunk lines too: nothing that follows such a body is believed */
	req->close = verdict->chunked || req->larger;
	if (!req->larger &&
	    (verdict->length > HTTPD_LARGE_BODY ||
	     (verdict->chunked && match.route->body_max > HTTPD_LARGE_BODY)) &&
	    !admit_large(req)) {
		req->close = true;
		return reply_queue(req);
	}
	buf_init(&req->body, match.route->body_max);
	if (verdict->length != 0)
		buf_reserve(&req->body, verdict->length < BODY_FIRST_PIECE ? verdict->length
									   : BODY_FIRST_PIECE);
	conn_expects(req->conn, req->larger ? verdict->length : match.route->body_max);
	return MHD_YES;
}

/*
 * The library compares the value with the blanks behind it, which it leaves there before 1.0. What
 * it does not know it reads until the client closes, so the request would never be whole.
 */
static bool library_reads_chunks(const struct request *req)
{
	const char *coding =
		MHD_lookup_connection_value(req->mhd, MHD_HEADER_KIND, "Transfer-Encoding");
	return coding != NULL && str_eq_nocase(str_of(coding), STR("chunked"));
}

static enum MHD_Result take_head(struct request *req, const char *method, const char *version)
{
	struct headers headers;
	headers.count = 0;
	headers.bytes = 0;
	MHD_get_connection_values_n(req->mhd, MHD_HEADER_KIND, take_header, &headers);
	bool exact = is_exact(req, &headers, method, version);
	req->pub.method_text = arena_str(req->pub.ctx.arena, str_of(method));
	if (!keep_headers(req, &headers) || req->pub.target.ptr == NULL)
		return MHD_NO;
	set_client(req);
	struct gate_verdict verdict = gate_check(&(struct gate_input){
		.method = req->pub.method_text,
		.version = str_of(version),
		.target = req->pub.target,
		.headers = req->pub.headers,
		.header_count = req->pub.header_count,
		.exact = exact,
	});
	req->pub.method = verdict.method;
	req->pub.head = verdict.head;
	req->chunked = verdict.chunked;
	if (verdict.status != 0)
		return refuse(req, verdict.status, verdict.reason);
	if (verdict.chunked && !library_reads_chunks(req))
		return refuse(req, 400, "blanks behind the Transfer-Encoding");
	if (req->httpd->door != NULL && !req->httpd->door(req->httpd->door_arg, req->pub.client))
		return refuse(req, 403, "this address may not come here");
	str_split(req->pub.target, '?', &req->pub.path, &req->pub.query);
	return find_route(req, &verdict);
}

static enum MHD_Result take_body(struct request *req, const char *upload, size_t *upload_size)
{
	size_t size = *upload_size;
	*upload_size = 0;
	conn_received(req->conn, size);
	if (!req->larger && size <= req->pub.route->body_max - req->body.len) {
		buf_add_bytes(&req->body, upload, size);
		return req->body.failed ? MHD_NO : MHD_YES;
	}
	buf_free(&req->body);
	req->larger = true;
	req->surplus += size;
	return req->surplus <= (req->too_large != NULL ? SURPLUS_PAGE_MAX : SURPLUS_MAX) ? MHD_YES
											 : MHD_NO;
}

static void call_handler(struct request *req)
{
	if (!req->on_worker) {
		req->pub.route->handle(&req->pub, req->app);
		return;
	}
	struct workers *workers = req->httpd->workers;
	httpd_suspend(&req->pub);
	if (req->too_late)
		request_drop(req); /* of the owner that it does not get */
	else
		workers_add(workers, req);
}

/* The request is whole. A trailer could be taken for a header by somebody: there is none to have.
 */
static enum MHD_Result take_end(struct request *req)
{
	conn_request_complete(req->conn);
	if (req->larger)
		return refuse_larger(req);
	if (req->chunked && MHD_get_connection_values(req->mhd, MHD_FOOTER_KIND, NULL, NULL) != 0)
		return refuse(req, 400, "trailers are not taken");
	req->pub.body = buf_str(&req->body);
	call_handler(req);
	if (req->taken)
		return MHD_NO;
	if (req->too_late)
		return reply_queue_stopping(req);
	return req->waits ? MHD_YES : reply_queue(req);
}

/* After a resume, or after the listener has given up waiting for one. */
static enum MHD_Result take_up(struct request *req)
{
	switch (atomic_load(&req->phase)) {
	case PHASE_RESUMED:
		return reply_queue(req);
	case PHASE_DETACHED:
		return reply_queue_stopping(req);
	default:
		return MHD_YES;
	}
}

enum MHD_Result request_on_call(void *cls UNUSED, struct MHD_Connection *mhd UNUSED,
				const char *url UNUSED, const char *method, const char *version,
				const char *upload, size_t *upload_size, void **request)
{
	struct request *req = *request;
	if (req == NULL)
		return MHD_NO;
	must(req->magic == REQUEST_MAGIC);
	if (!req->begun) {
		req->begun = true;
		return take_head(req, method, version);
	}
	if (*upload_size != 0)
		return take_body(req, upload, upload_size);
	if (!req->called) {
		req->called = true;
		return take_end(req);
	}
	return take_up(req);
}

/* Releases all that the request holds but its arena, which is returned. */
static struct arena *request_end(struct request *req)
{
	struct arena *arena = req->pub.ctx.arena;
	if (req->pub.ended != NULL)
		req->pub.ended(req->pub.ended_arg);
	if (req->response != NULL)
		MHD_destroy_response(req->response);
	buf_free(&req->body);
	req->magic = 0;
	return arena;
}

void request_drop(struct request *req)
{
	if (atomic_fetch_sub(&req->holders, 1) != 1)
		return;
	struct arena *arena = request_end(req);
	arena_free(&arena);
}

void request_on_completed(void *cls, struct MHD_Connection *mhd UNUSED, void **request,
			  enum MHD_RequestTerminationCode code UNUSED)
{
	struct httpd *httpd = cls;
	struct request *req = *request;
	if (req == NULL)
		return;
	must(req->magic == REQUEST_MAGIC);
	uint64_t now_ms = clock_steady_ms(httpd->clock);
	int phase = atomic_load(&req->phase);
	must(phase != PHASE_SUSPENDED);
	if (req->begun) {
		metric_add(METRIC_HTTP_REQUESTS, 1);
		LOG(HTTP_REQUEST, F_STR("method", req->pub.method_text),
		    F_STR("path", req->pub.path),
		    F_U64("status", phase == PHASE_DETACHED ? 503 : req->status),
		    F_U64("ms", now_ms - req->begun_ms), F_STR("client", req->pub.client));
	}
	conn_request_ends(req->conn, now_ms);
	if (req->large)
		atomic_fetch_sub(&httpd->large, 1);
	if (phase == PHASE_DETACHED)
		request_drop(req);
	else
		httpd_return_arena(httpd, request_end(req));
	*request = NULL;
	httpd_request_done(httpd);
}

struct str httpd_header(const struct httpd_request *req, const char *name)
{
	struct str wanted = str_of(name), value = STR_NONE;
	for (size_t i = 0; i < req->header_count; i++) {
		if (!str_eq_nocase(req->headers[i].name, wanted))
			continue;
		if (value.ptr != NULL)
			return STR_NONE;
		value = req->headers[i].value;
	}
	return value;
}
