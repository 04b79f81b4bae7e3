/*
 * The pages of events: those that concern somebody, and each with all that its guests and its organizers do.
 * The room of a community shows its events by the same means.
 */
#ifndef FF_WEB_EVENTS_INT_H
#define FF_WEB_EVENTS_INT_H

#include "page.h"
#include "sign_in_int.h"
#include "social/event.h"
#include "store/event.h"
#include "text/recur.h"
#include "text/zone.h"

#define EVENTS_PATH "/auth/events"
#define EVENTS_PURPOSE "events"
#define EVENTS_SHOWN 50
#define EVENT_PEOPLE 50

/* --- one event, as a person sees it --- */

struct event_card {
	struct status status;
	struct account author;
	struct account group;	/* the community that it is in; id 0: none */
	struct event_date date; /* the next, of a series */
	struct attendance attendance;
	enum participation mine;
	bool may_join;
	bool over;
	const struct zone *zone; /* NULL: UTC; set by event_cards_clock() */
};

/* events_read.c. False when there is none that they see. */
bool event_card_read(struct asking *a, struct db_txn *txn, uint64_t id, struct event_card *out);
/* Outside of transactions: by which clocks they are told. */
void event_cards_clock(struct asking *a, struct event_card *cards, size_t count);
/* Those of an owner that are not over, the next first, behind those that are in out already; how many there
 * are then. */
size_t event_cards_of(struct asking *a, struct db_txn *txn, uint64_t owner, struct event_card *out,
		      size_t count, size_t max);

/* All that concern somebody and are not over, the next first; NULL where the arena has failed. How many. */
size_t event_cards_all(struct asking *a, struct db_txn *txn, struct event_card **out);

/* --- how a series repeats: choices that a rule is made of (RFC 5545 section 3.3.10) --- */

enum repeat_choice {
	REPEAT_NEVER,
	REPEAT_DAILY,
	REPEAT_WEEKLY,
	REPEAT_FORTNIGHTLY,
	REPEAT_MONTHLY_DATE,	/* on the same day of each month */
	REPEAT_MONTHLY_WEEKDAY, /* on the same weekday of it, such as the second Tuesday */
	REPEAT_MONTHLY_LAST,	/* on the last such weekday of it */
	REPEAT_YEARLY,
	REPEAT_OTHERWISE, /* by a rule that these choices do not say */
	REPEAT_CHOICES,
};
const char *repeat_name(enum repeat_choice choice);

/* What the form says of an event: as it was typed, or as it stands. */
struct event_form {
	struct str title, content, spoiler, place, address, url;
	struct str starts, ends; /* "2026-11-20T10:00", by the clocks of the zone */
	struct str timezone, capacity, join, sight;
	uint64_t community; /* of a new one; 0: none */
	struct str repeat, times, until;
	unsigned weekdays; /* bits, 1: Sunday */
};
/* event_form.c. Any of it may be empty. */
void event_form_read(struct asking *a, struct event_form *out);
/* zone NULL: UTC. Strings are in arena. */
void event_form_of(struct arena *arena, const struct status *status, const struct zone *zone,
		   struct event_form *out);
/* Over what is there: out is what an event was before, or empty. Reads the files of zones: outside of
 * transactions. RC_INVALID with the reason in ctx. */
enum rc event_form_take(struct ctx *ctx, const struct event_form *form,
			struct status_event *out) NODISCARD;
/* A time by the clocks of a zone; 0 where nothing was typed. */
enum rc event_time_take(struct ctx *ctx, const struct zone *zone, struct str text,
			uint64_t *out) NODISCARD;
/* event_repeat.c: the rule in the words of the form, and back. */
void repeat_of(struct arena *arena, const struct status_event *e, const struct zone *zone,
	       struct event_form *out);
enum rc repeat_take(struct ctx *ctx, const struct event_form *form, const struct zone *zone,
		    struct status_event *e) NODISCARD;

/* --- the list --- */

struct events_page {
	struct consent_view form;
	bool changed;
	struct str complaint;
	struct str calendar; /* the address of somebody's own */
	struct event_card *cards;
	size_t count;
	struct account *communities; /* in which they may hold events */
	size_t community_count;
	struct event_form typed;
	bool sent; /* the form was, and something in it is to be mended */
	bool open; /* the form: that, or it was asked for */
};
enum rc events_read(struct asking *a, struct events_page *page) NODISCARD;
void render_events_page(struct buf *out, const struct web *web, const struct events_page *page);

/* --- one --- */

struct event_guest {
	struct account account;
	struct participant participant;
};

struct event_page {
	struct consent_view form;
	bool changed;
	struct str complaint;
	struct event_card card;
	struct participant mine; /* state NONE: they do not take part */
	bool may_manage, may_edit;
	bool sees_guests; /* FEP-8a8e, "Indicating visibility" */
	struct event_guest *waiting, *guests;
	size_t waiting_count, guest_count;
	uint64_t guests_after, guests_next; /* ids of accounts; 0: the first page, the last page */
	struct account *members;	    /* of the community, who could be invited */
	size_t member_count;
	struct event_form typed;
	bool open;
};
/* RC_NOT_FOUND. */
enum rc event_page_read(struct asking *a, uint64_t id, struct event_page *page) NODISCARD;

/* --- events.c --- */

void events_show(struct asking *a, unsigned status, struct str complaint);
void event_show(struct asking *a, unsigned status, struct str complaint);

/* --- events_acts.c --- */

/* Takes the step that a form asks for, of the event of that id (0: a new one). False when it is none. */
bool events_take(struct asking *a, uint64_t id, struct str step);

/* --- event_feed.c --- */

/* The path of somebody's own calendar, which nobody guesses; it ends with their password. */
struct str event_feed_path(struct asking *a, struct db_txn *txn);

/* --- rendering: pure --- */

static inline struct page_clock event_clock(const struct event_card *card)
{
	return (struct page_clock){ card->zone, card->status.event.timezone };
}
/* render_events.c: its title with when and where it is. */
void event_card_add(struct buf *out, const struct web *web, const struct event_card *card);
/* How one takes part, with the forms for that: steps join and leave about "id". */
void event_part_add(struct buf *out, const struct consent_view *form,
		    const struct event_card *card);
/* render_event_form.c */
void event_form_add(struct buf *out, const struct event_form *form,
		    const struct account *communities, size_t count, bool is_new);
void event_rule_add(struct buf *out, struct str rule, const struct page_clock *clock);
/* render_event.c, render_event_desk.c */
void render_event_page(struct buf *out, const struct web *web, const struct event_page *page);
void event_desk_add(struct buf *out, const struct web *web, const struct event_page *page);

#endif
