/*
 * Builds replies. A reply is made where the work was done (any thread for a suspended request) and
 * queued by the listener thread. The body's bytes are handed over, never copied.
 */
#include "reply_int.h"

#include <stdlib.h>
#include <unistd.h>

#include "httpd_int.h"
#include "json/jw.h"

#define ERROR_MAX ((size_t)4096)

static const char json_type[] = "application/json; charset=utf-8";

/* What every HTML page carries (SECURITY S-090) unless its handler says it otherwise. */
static const struct reply_header html_headers[] = {
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
};

void httpd_add_header(struct httpd_request *pub, const char *name, struct str value)
{
	struct request *req = request_of(pub);
	must(req->response == NULL && req->out_count < REPLY_HEADERS_MAX);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		must(c >= 0x20 && c != 0x7f);
	}
	const char *copy = arena_cstr(pub->ctx.arena, value);
	if (copy != NULL)
		req->out[req->out_count++] = (struct reply_header){ name, copy };
}

static bool has_header(const struct request *req, const char *name)
{
	for (size_t i = 0; i < req->out_count; i++) {
		if (str_eq_nocase(str_of(req->out[i].name), str_of(name)))
			return true;
	}
	return false;
}

static bool add_headers(struct MHD_Response *response, const struct request *req,
			const char *content_type)
{
	bool html = content_type != NULL && str_has_prefix(str_of(content_type), STR("text/html"));
	bool ok = MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES;
	if (content_type != NULL)
		ok = ok &&
		     MHD_add_response_header(response, "Content-Type", content_type) == MHD_YES;
	for (size_t i = 0; html && i < ARRAY_LEN(html_headers); i++) {
		if (!has_header(req, html_headers[i].name))
			ok = ok && MHD_add_response_header(response, html_headers[i].name,
							   html_headers[i].value) == MHD_YES;
	}
	if (req->vary)
		ok = ok && MHD_add_response_header(response, "Vary", "Accept") == MHD_YES;
	for (size_t i = 0; i < req->out_count; i++)
		ok = ok && MHD_add_response_header(response, req->out[i].name, req->out[i].value) ==
				   MHD_YES;
	return ok;
}

static void dress_response(struct request *req, struct MHD_Response *response,
			   const char *content_type)
{
	if (add_headers(response, req, content_type))
		req->response = response;
	else
		MHD_destroy_response(response);
}

/* Takes ptr over. Without memory there is no reply, and the connection ends. */
static void set_response(struct request *req, unsigned status, const char *content_type, char *ptr,
			 size_t len)
{
	must(req->response == NULL && req->status == 0);
	struct MHD_Response *response =
		MHD_create_response_from_buffer_with_free_callback(len, ptr, free);
	req->status = status;
	if (response == NULL)
		free(ptr);
	else
		dress_response(req, response, content_type);
}

void reply_set_file(struct httpd_request *pub, unsigned status, const struct httpd_file *file,
		    uint64_t offset, uint64_t length)
{
	struct request *req = request_of(pub);
	must(req->response == NULL && req->status == 0);
	struct MHD_Response *response =
		MHD_create_response_from_fd_at_offset64(length, file->fd, offset);
	req->status = status;
	if (response == NULL)
		close(file->fd);
	else
		dress_response(req, response, file->content_type);
}

void httpd_reply(struct httpd_request *pub, unsigned status, const char *content_type,
		 struct buf *body)
{
	size_t len = 0;
	char *ptr = buf_detach(body, &len);
	if (ptr == NULL) {
		buf_free(body);
		httpd_reply_error(pub, 503, STR("out of memory"), 0);
		return;
	}
	set_response(request_of(pub), status, content_type, ptr, len);
}

void httpd_reply_str(struct httpd_request *pub, unsigned status, const char *content_type,
		     struct str body)
{
	struct buf copy = BUF_INIT(body.len);
	buf_add(&copy, body);
	httpd_reply(pub, status, content_type, &copy);
}

void httpd_reply_error(struct httpd_request *pub, unsigned status, struct str text,
		       uint64_t retry_after)
{
	struct buf body = BUF_INIT(ERROR_MAX);
	struct jw w;
	size_t len = 0;
	if (retry_after != 0)
		httpd_add_header(
			pub, "Retry-After",
			arena_printf(pub->ctx.arena, "%llu", (unsigned long long)retry_after));
	jw_init(&w, &body);
	jw_object(&w);
	jw_member_str(&w, "error", str_take(text, ERROR_MAX / 8));
	jw_end(&w);
	jw_done(&w);
	char *ptr = buf_detach(&body, &len);
	set_response(request_of(pub), status, json_type, ptr, len);
}

void httpd_redirect(struct httpd_request *pub, unsigned status, struct str location)
{
	httpd_add_header(pub, "Location", location);
	httpd_reply_str(pub, status, NULL, STR(""));
}

enum MHD_Result reply_queue(struct request *req)
{
	struct MHD_Response *response = req->response;
	must(req->status != 0); /* a handler that neither replied nor suspended */
	if (response == NULL)
		return MHD_NO;
	if ((req->close || atomic_load(&req->httpd->stopping)) &&
	    MHD_add_response_header(response, "Connection", "close") != MHD_YES)
		return MHD_NO;
	enum MHD_Result queued = MHD_queue_response(req->mhd, req->status, response);
	MHD_destroy_response(response);
	req->response = NULL;
	return queued;
}

enum MHD_Result reply_queue_stopping(struct request *req)
{
	static char text[] = "{\"error\":\"the server is stopping\"}";
	struct MHD_Response *response =
		MHD_create_response_from_buffer(sizeof(text) - 1, text, MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return MHD_NO;
	enum MHD_Result queued = MHD_NO;
	if (MHD_add_response_header(response, "Content-Type", json_type) == MHD_YES &&
	    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
	    MHD_add_response_header(response, "Retry-After", "30") == MHD_YES &&
	    MHD_add_response_header(response, "Connection", "close") == MHD_YES)
		queued = MHD_queue_response(req->mhd, 503, response);
	MHD_destroy_response(response);
	return queued;
}
