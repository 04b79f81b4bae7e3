/*
 * One request: the copy that outlives submit, the hop that curl carries out, the callbacks through
 * which curl asks and tells, and the result. Made on the submitting thread, everything else on the
 * client's.
 */
#include "transfer.h"

#include <stdlib.h>

#include "core/enc.h"
#include "core/log.h"
#include "core/must.h"
#include "crypt/digest.h"
#include "lines.h"

/* All strings of a request, its hops and the fields of its answer. */
#define ARENA_MAX ((size_t)256 * 1024)
#define SIGN_HEADERS_MAX 8
#define SPARES_MAX 256

/* How curl is told of a method; it has a way of its own for the first two. */
static const struct method {
	struct str name;
	const char *custom; /* NULL: none */
	bool body;
} methods[] = {
	{ STR_INIT("GET"), NULL, false },
	{ STR_INIT("POST"), NULL, true },
	{ STR_INIT("PUT"), "PUT", true },
	{ STR_INIT("DELETE"), "DELETE", false },
};

static const struct method *method_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (str_eq(name, methods[i].name))
			return &methods[i];
	}
	return NULL;
}

static bool has_body(const struct transfer *t)
{
	return method_of(t->req.method)->body;
}

static unsigned iri_flags(const struct transfer *t)
{
	return t->settings->iri_flags | (t->req.trusted ? IRI_HTTP | IRI_LITERAL : 0U);
}

static enum rc copy_headers(struct ctx *ctx, struct transfer *t, const struct fetch_request *req)
{
	enum rc rc = RC_OK;
	for (size_t i = 0; i < req->header_count && rc == RC_OK; i++)
		rc = lines_add(ctx, &t->lines, &req->headers[i]);
	/* curl would sign what is silenced as if it were sent */
	if (rc != RC_OK || !has_body(t) || t->s3_scope != NULL)
		return rc;
	/* what curl would add to a body by itself */
	rc = lines_silence(ctx, &t->lines, STR("Expect"));
	if (rc == RC_OK && !lines_have(t->lines, STR("Content-Type")))
		rc = lines_silence(ctx, &t->lines, STR("Content-Type"));
	return rc;
}

/* The service wants the body's digest as a header, which curl signs but does not make itself. */
static enum rc add_body_digest(struct ctx *ctx, struct transfer *t)
{
	struct str body = t->req.body != NULL ? fetch_body_str(t->req.body) : STR("");
	struct digest digest = digest_sha256(body);
	struct buf hex = BUF_INIT((size_t)2 * DIGEST_SIZE);
	enc_hex(&hex, str_n(digest.bytes, DIGEST_SIZE));
	const struct fetch_header header = { STR("X-Amz-Content-Sha256"),
					     arena_take_buf(ctx->arena, &hex) };
	return lines_add(ctx, &t->lines, &header);
}

static enum rc copy_s3(struct ctx *ctx, struct transfer *t, const struct fetch_s3 *s3)
{
	if (s3 == NULL)
		return RC_OK;
	t->s3_scope = arena_printf(ctx->arena, "aws:amz:%.*s:s3", STR_ARG(s3->region)).ptr;
	t->s3_user =
		arena_printf(ctx->arena, "%.*s:%.*s", STR_ARG(s3->key_id), STR_ARG(s3->secret)).ptr;
	if (t->s3_scope == NULL || t->s3_user == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "no memory for a request");
	return add_body_digest(ctx, t);
}

static enum rc copy_request(struct ctx *ctx, struct transfer *t, const struct fetch_request *req)
{
	const struct method *method = method_of(req->method);
	if (method == NULL)
		return ctx_fail(ctx, RC_INVALID, "not GET, POST, PUT or DELETE");
	t->req = *req;
	t->req.method = method->name;
	t->req.url = STR_NONE;
	t->req.headers = NULL;
	t->req.header_count = 0;
	t->req.s3 = NULL;
	t->req.body = req->body != NULL && method->body ? fetch_body_ref(req->body) : NULL;
	/* whom the operator trusts does not name others that are trusted */
	bool follows = str_eq(method->name, STR("GET")) && req->s3 == NULL && !req->trusted;
	if (!follows || t->req.redirects_max > REDIRECTS_MAX)
		t->req.redirects_max = follows ? REDIRECTS_MAX : 0;
	enum rc rc = iri_parse(ctx, req->url, iri_flags(t), &t->url);
	if (rc == RC_OK)
		rc = copy_s3(ctx, t, req->s3);
	if (rc != RC_OK)
		return rc;
	t->chain.urls[t->chain.count++] = iri_document(&t->url);
	return copy_headers(ctx, t, req);
}

static struct transfer *allocate(void)
{
	struct transfer *t = calloc(1, sizeof(*t));
	struct arena *arena = arena_new(ARENA_MAX);
	if (t == NULL || arena == NULL) {
		free(t);
		arena_free(&arena);
		return NULL;
	}
	t->arena = arena;
	return t;
}

static struct transfer *take_spare(struct transfer_spares *spares)
{
	pthread_mutex_lock(&spares->lock);
	struct transfer *t = spares->head;
	if (t != NULL) {
		spares->head = t->next;
		spares->count--;
		t->next = NULL;
	}
	pthread_mutex_unlock(&spares->lock);
	return t;
}

enum rc transfer_new(struct err *err, const struct fetch_request *req,
		     struct transfer_settings *settings, struct transfer **out)
{
	must(req->timeout_ms != 0 && req->done != NULL);
	*out = NULL;
	struct transfer *t = take_spare(&settings->spares);
	if (t == NULL)
		t = allocate();
	if (t == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for a request");
	t->settings = settings;
	t->deadline_ms = clock_steady_ms(settings->clock) + req->timeout_ms;
	struct ctx ctx = { .arena = t->arena };
	enum rc rc = copy_request(&ctx, t, req);
	if (rc != RC_OK) {
		transfer_free(&t);
		return err_set(err, rc, "%s", err_text(&ctx.err));
	}
	*out = t;
	return RC_OK;
}

static void destroy(struct transfer *t)
{
	arena_free(&t->arena);
	free(t);
}

void transfer_free(struct transfer **transfer)
{
	struct transfer *t = *transfer;
	if (t == NULL)
		return;
	struct transfer_spares *spares = &t->settings->spares;
	response_free(&t->response);
	fetch_body_unref(&t->req.body);
	arena_reset(t->arena);
	*t = (struct transfer){ .arena = t->arena };
	pthread_mutex_lock(&spares->lock);
	bool keep = spares->count < SPARES_MAX;
	if (keep) {
		t->next = spares->head;
		spares->head = t;
		spares->count++;
	}
	pthread_mutex_unlock(&spares->lock);
	if (!keep)
		destroy(t);
	*transfer = NULL;
}

void transfer_spares_free(struct transfer_spares *spares)
{
	struct transfer *next;
	for (struct transfer *t = spares->head; t != NULL; t = next) {
		next = t->next;
		destroy(t);
	}
	*spares = (struct transfer_spares)TRANSFER_SPARES_INIT;
}

uint64_t transfer_time_left(const struct transfer *t)
{
	uint64_t now = clock_steady_ms(t->settings->clock);
	return now < t->deadline_ms ? t->deadline_ms - now : 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * count;
	return response_header(&t->response, str_n(bytes, len)) ? len : CURL_WRITEFUNC_ERROR;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * count;
	return response_body(&t->response, str_n(bytes, len)) ? len : CURL_WRITEFUNC_ERROR;
}

/* S-031: every connection of every hop begins here, with the address as it will be used. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = arg;
	struct str allow = str_of(t->settings->allow_addresses);
	if (purpose != CURLSOCKTYPE_IPCXN ||
	    (!t->req.trusted && !fetch_address_allowed(&address->addr, allow))) {
		t->addresses_refused++;
		return CURL_SOCKET_BAD;
	}
	t->addresses_tried++;
	return poller_open(t->settings->poller, address);
}

static enum rc hop_lines(struct ctx *ctx, struct transfer *t, struct curl_slist **lines)
{
	struct fetch_header signed_headers[SIGN_HEADERS_MAX];
	enum rc rc = RC_OK;
	*lines = NULL;
	if (t->chain.count == 1)
		*lines = t->lines;
	else
		rc = lines_add_travelling(ctx, lines, t->lines);
	if (rc != RC_OK || t->req.sign == NULL)
		return rc;
	size_t count = t->req.sign(t->req.arg, ctx->arena, t->req.method, iri_document(&t->url),
				   signed_headers);
	must(count <= SIGN_HEADERS_MAX);
	for (size_t i = 0; i < count && rc == RC_OK; i++)
		rc = lines_add(ctx, lines, &signed_headers[i]);
	return rc;
}

static bool set_body(CURL *easy, const struct transfer *t)
{
	struct str body = t->req.body != NULL ? fetch_body_str(t->req.body) : STR("");
	return curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.ptr) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len) ==
		       CURLE_OK;
}

static bool set_method(CURL *easy, const struct transfer *t)
{
	const struct method *method = method_of(t->req.method);
	if (curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method->custom) != CURLE_OK)
		return false;
	if (method->body)
		return set_body(easy, t);
	return curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
}

/* Handles are used again: what few requests have is taken away from all others. */
static bool set_trust(CURL *easy, const struct transfer *t)
{
	bool http = (iri_flags(t) & IRI_HTTP) != 0;
	/* S-031: a connection that was opened to a private address serves nobody else */
	long alone = t->req.trusted;
	return curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, alone) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, alone) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, http ? "http,https" : "https") ==
		       CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, t->s3_scope) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_USERPWD, t->s3_user) == CURLE_OK;
}

bool transfer_prepare(CURL *easy)
{
	return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK;
}

static bool set_arguments(CURL *easy, struct transfer *t)
{
	return curl_easy_setopt(easy, CURLOPT_PRIVATE, t) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERDATA, t) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, t) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK;
}

enum rc transfer_start(struct err *err, struct transfer *t, CURL *easy)
{
	struct ctx ctx = { .arena = t->arena };
	struct curl_slist *lines;
	uint64_t left = transfer_time_left(t);
	if (left == 0)
		return err_set(err, RC_TIMEOUT, "time was over before it was this request's turn");
	enum rc rc = hop_lines(&ctx, t, &lines);
	if (rc != RC_OK)
		return err_set(err, rc, "%s", err_text(&ctx.err));
	char *url = arena_cstr(t->arena, iri_document(&t->url));
	response_free(&t->response);
	response_init(&t->response, t->arena, t->settings->clock, t->req.bytes_max);
	t->addresses_tried = t->addresses_refused = 0;
	t->error[0] = '\0';
	if (left > INT32_MAX)
		left = INT32_MAX;
	if (url == NULL || curl_easy_setopt(easy, CURLOPT_URL, url) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left) != CURLE_OK ||
	    !set_method(easy, t) || !set_trust(easy, t) || !set_arguments(easy, t))
		return err_set(err, RC_NO_MEMORY, "no memory for a request");
	t->easy = easy;
	return RC_OK;
}

void transfer_finish(struct transfer *t, enum rc rc, struct str reason)
{
	const struct response *response = &t->response;
	struct fetch_result result = {
		.rc = rc,
		.status = response->status,
		.reason = reason,
		.url = t->chain.urls[t->chain.count - 1],
		.content_type = response->content_type,
		.location = response->location,
		.retry_after_s = response->retry_after_s,
		.etag = response->etag,
		.accept_signature = response->accept_signature,
		/* half a body is no body */
		.body = rc == RC_OK ? buf_str(&response->body) : STR(""),
	};
	t->req.done(t->req.arg, &result);
}

/* What a caller can decide on, out of what curl found; everything else is RC_UNREACHABLE. */
static enum rc rc_of(const struct transfer *t, CURLcode code)
{
	/* what curl calls out of memory is in truth a header line beyond a limit of its own */
	if (t->response.too_large != NULL || code == CURLE_OUT_OF_MEMORY)
		return RC_TOO_LARGE;
	if (t->response.body.failed)
		return RC_NO_MEMORY;
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return RC_TIMEOUT;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return RC_INVALID;
	case CURLE_COULDNT_CONNECT:
		return t->addresses_refused != 0 && t->addresses_tried == 0 ? RC_BLOCKED
									    : RC_UNREACHABLE;
	default:
		return RC_UNREACHABLE;
	}
}

static void finish_failed(struct transfer *t, CURLcode code)
{
	enum rc rc = rc_of(t, code);
	const char *reason = t->error[0] != '\0' ? t->error : curl_easy_strerror(code);
	if (rc == RC_TOO_LARGE)
		reason = t->response.too_large != NULL ? t->response.too_large
						       : "a line of the answer is too long";
	if (rc == RC_BLOCKED) {
		reason = "the host's address is not a public one";
		LOG(FETCH_REFUSED, F_STR("host", t->url.host), F_CSTR("why", reason));
	}
	transfer_finish(t, rc, str_of(reason));
}

bool transfer_end_hop(struct transfer *t, CURLcode code)
{
	struct ctx ctx = { .arena = t->arena };
	const struct response *response = &t->response;
	t->easy = NULL;
	if (code != CURLE_OK) {
		finish_failed(t, code);
		return false;
	}
	if (!redirect_status(response->status) || response->location.ptr == NULL ||
	    t->req.redirects_max == 0) {
		transfer_finish(t, RC_OK, STR_NONE);
		return false;
	}
	struct iri next;
	enum rc rc = redirect_plan(&ctx, &t->chain, response->location, t->req.redirects_max,
				   t->settings->iri_flags, &next);
	if (rc == RC_OK && t->req.permit != NULL) {
		rc = t->req.permit(t->req.arg, iri_document(&next));
		if (rc != RC_OK)
			ctx_fail(&ctx, rc, "a redirect leads to where it may not");
	}
	if (rc != RC_OK) {
		transfer_finish(t, rc, str_of(err_text(&ctx.err)));
		return false;
	}
	t->url = next;
	return true;
}
