/*
 * /auth/events: what is held where somebody is, and with an id one event with all that its guests and its
 * organizers do. GET on listener threads, POST on worker threads. Who may do what is asked by the acts
 * themselves, whatever the page has shown.
 */
#include "events_int.h"

#include "social/calendar.h"
#include "text/ical.h"

#define CALENDAR_BYTES_MAX ((size_t)1 << 20)

static bool is_form(struct asking *a)
{
	return str_eq(asking_field(a, "step"), STR("hold")) ||
	       str_eq(asking_field(a, "step"), STR("change"));
}

void events_show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct events_page page = { .form = asking_view(a),
				    .changed = httpd_query(a->req, "changed").ptr != NULL,
				    .complaint = complaint };
	struct str community = httpd_query(a->req, "community");
	page.form.token = asking_token(a, EVENTS_PURPOSE);
	page.form.query = STR("");
	event_form_read(a, &page.typed);
	page.sent = is_form(a);
	page.open = community.ptr != NULL || page.sent;
	if (!page.sent && !str_to_u64(community, &page.typed.community))
		page.typed.community = 0;
	enum rc rc = events_read(a, &page);
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	render_events_page(&out, a->web, &page);
	asking_answer(a, status, &out);
}

/* --- one --- */

static uint64_t id_of(struct asking *a)
{
	uint64_t id;
	return str_to_u64(a->req->params[0], &id) ? id : 0;
}

void event_show(struct asking *a, unsigned status, struct str complaint)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	struct event_page page = { .form = asking_view(a),
				   .changed = httpd_query(a->req, "changed").ptr != NULL,
				   .complaint = complaint };
	page.form.token = asking_token(a, EVENTS_PURPOSE);
	page.form.query = STR("");
	enum rc rc = event_page_read(a, id_of(a), &page);
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_EVENT_NOT_THERE));
		return;
	}
	if (rc != RC_OK) {
		asking_fail(a, rc);
		return;
	}
	page.open = is_form(a);
	if (page.open)
		event_form_read(a, &page.typed);
	else
		event_form_of(a->req->ctx.arena, &page.card.status, page.card.zone, &page.typed);
	render_event_page(&out, a->web, &page);
	asking_answer(a, status, &out);
}

/* As a file for somebody's calendar: what is for members is asked for with their session. */
static void show_calendar(struct asking *a)
{
	struct buf out = BUF_INIT(CALENDAR_BYTES_MAX);
	struct event_card card;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc == RC_OK) {
		rc = event_card_read(a, txn, id_of(a), &card) ? RC_OK : RC_NOT_FOUND;
		if (db_txn_rc(txn) != RC_OK)
			rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	if (rc == RC_NOT_FOUND) {
		asking_refuse(a, 404, word(W_EVENT_NOT_THERE));
	} else if (rc != RC_OK) {
		asking_fail(a, rc);
	} else {
		const struct calendar_event event = { &card.status, &card.author };
		calendar_write(&a->req->ctx, &out, STR(""), &event, 1);
		httpd_add_header(a->req, "Cache-Control", STR("private, no-store"));
		httpd_add_header(a->req, "Content-Disposition",
				 STR("attachment; filename=\"event.ics\""));
		httpd_reply(a->req, 200, ICAL_TYPE, &out);
	}
	buf_free(&out);
}

/* --- routes --- */

/* Of the page of one event; of what is none, that of the list. */
static const char *path_of(struct httpd_request *req)
{
	uint64_t id;
	struct str path =
		str_to_u64(req->params[0], &id)
			? arena_printf(req->ctx.arena, EVENTS_PATH "/%llu", (unsigned long long)id)
			: STR_NONE;
	return path.ptr != NULL ? path.ptr : EVENTS_PATH;
}

void events_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, EVENTS_PATH))
		events_show(&a, 200, STR(""));
}

void events_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open_form(&a, req, app, EVENTS_PATH, EVENTS_PURPOSE) &&
	    !events_take(&a, 0, asking_field(&a, "step")))
		events_show(&a, 400, word(W_FORM_OLD));
}

void event_get_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, path_of(req)))
		event_show(&a, 200, STR(""));
}

void event_get_calendar(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open(&a, req, app, path_of(req)))
		show_calendar(&a);
}

void event_post_page(struct httpd_request *req, void *app)
{
	struct asking a;
	if (asking_open_form(&a, req, app, path_of(req), EVENTS_PURPOSE) &&
	    !events_take(&a, id_of(&a), asking_field(&a, "step")))
		event_show(&a, 400, word(W_FORM_OLD));
}
