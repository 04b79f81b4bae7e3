/* The form of an event, and how a series repeats in words. Pure. */
#include "events_int.h"

#define AS_TIME "type=\"datetime-local\""

/* --- choices --- */

struct option {
	const char *value;
	enum word word;
};

static void add_choice(struct buf *out, enum word label, const char *name,
		       const struct option *options, size_t count, struct str chosen)
{
	form_label(out, label);
	tag(out, "<select");
	page_attribute(out, "name", str_of(name));
	tag(out, ">\n");
	for (size_t i = 0; i < count; i++)
		form_option(out, str_of(options[i].value), word(options[i].word),
			    str_eq(chosen, str_of(options[i].value)));
	tag(out, "</select></label></p>\n");
}

static void add_community(struct buf *out, const struct event_form *form,
			  const struct account *communities, size_t count)
{
	form_label(out, W_EVENT_WHERE);
	tag(out, "<select name=\"community\">\n");
	form_option(out, STR(""), word(W_EVENT_WHERE_NONE), form->community == 0);
	for (size_t i = 0; i < count; i++) {
		struct buf id CLEANUP(buf_free) = BUF_INIT(32);
		buf_add_u64(&id, communities[i].id);
		form_option(out, buf_str(&id), page_name_text(&communities[i]),
			    form->community == communities[i].id);
	}
	tag(out, "</select></label></p>\n");
}

static void add_sight(struct buf *out, const struct event_form *form)
{
	static const struct option sights[] = { { "", W_EVENT_SIGHT_USUAL },
						{ "public", W_OFFICE_SIGHT_PUBLIC },
						{ "unlisted", W_OFFICE_SIGHT_UNLISTED },
						{ "private", W_EVENT_SIGHT_FOLLOWERS },
						{ "local", W_OFFICE_SIGHT_LOCAL } };
	add_choice(out, W_EVENT_SIGHT, "sight", sights, ARRAY_LEN(sights), form->sight);
}

/* --- how it repeats --- */

static void add_weekdays(struct buf *out, unsigned weekdays)
{
	tag(out, "<fieldset class=\"choices\">\n<legend>");
	html_add_text(out, word(W_EVENT_WEEKDAYS));
	tag(out, "</legend>\n");
	for (unsigned i = 1; i <= 7; i++) {
		const unsigned day = i % 7; /* from Monday */
		buf_addf(out,
			 "<label class=\"choice\"><input type=\"checkbox\" value=\"1\" "
			 "name=\"day-%u\"%s> ",
			 day, (weekdays & 1U << day) != 0 ? " checked" : "");
		page_add_weekday(out, day);
		tag(out, "</label>\n");
	}
	tag(out, "</fieldset>\n");
}

static void add_repeat(struct buf *out, const struct event_form *form)
{
	static const enum word words[REPEAT_CHOICES] = {
		[REPEAT_NEVER] = W_REPEAT_NEVER,
		[REPEAT_DAILY] = W_REPEAT_DAILY,
		[REPEAT_WEEKLY] = W_REPEAT_WEEKLY,
		[REPEAT_FORTNIGHTLY] = W_REPEAT_FORTNIGHTLY,
		[REPEAT_MONTHLY_DATE] = W_REPEAT_DATE,
		[REPEAT_MONTHLY_WEEKDAY] = W_REPEAT_WEEKDAY,
		[REPEAT_MONTHLY_LAST] = W_REPEAT_LAST,
		[REPEAT_YEARLY] = W_REPEAT_YEARLY,
		[REPEAT_OTHERWISE] = W_REPEAT_OTHERWISE,
	};
	const bool otherwise = str_eq(form->repeat, str_of(repeat_name(REPEAT_OTHERWISE)));
	form_label(out, W_EVENT_REPEAT);
	tag(out, "<select name=\"repeat\">\n");
	for (int i = 0; i < (otherwise ? REPEAT_CHOICES : REPEAT_OTHERWISE); i++) {
		struct str name = str_of(repeat_name((enum repeat_choice)i));
		form_option(out, name, word(words[i]), str_eq(form->repeat, name));
	}
	tag(out, "</select></label></p>\n");
	add_weekdays(out, form->weekdays);
	form_input(out, W_EVENT_TIMES, "times", AS_NUMBER, form->times);
	form_input(out, W_EVENT_UNTIL, "until", "type=\"date\"", form->until);
}

void event_form_add(struct buf *out, const struct event_form *form,
		    const struct account *communities, size_t count, bool is_new)
{
	static const struct option joins[] = { { "free", W_EVENT_JOIN_FREE },
					       { "request", W_EVENT_JOIN_REQUEST },
					       { "invitation", W_EVENT_JOIN_INVITE },
					       { "external", W_EVENT_JOIN_EXTERNAL } };
	if (is_new && count != 0)
		add_community(out, form, communities, count);
	form_input(out, W_EVENT_TITLE, "title", "type=\"text\" maxlength=\"500\" required",
		   form->title);
	form_area(out, W_ROOM_DESCRIPTION, "content", form->content);
	form_input(out, W_EVENT_STARTS, "starts", AS_TIME " required", form->starts);
	form_input(out, W_EVENT_ENDS, "ends", AS_TIME, form->ends);
	form_input(out, W_EVENT_ZONE, "timezone",
		   "type=\"text\" maxlength=\"64\" autocapitalize=\"none\" spellcheck=\"false\"",
		   form->timezone);
	form_input(out, W_EVENT_PLACE, "place", "type=\"text\" maxlength=\"500\"", form->place);
	form_input(out, W_EVENT_ADDRESS, "address", "type=\"text\" maxlength=\"500\"",
		   form->address);
	form_input(out, W_EVENT_URL, "url", "type=\"url\" maxlength=\"2048\"", form->url);
	add_choice(out, W_EVENT_JOIN, "join", joins, ARRAY_LEN(joins), form->join);
	form_input(out, W_EVENT_CAPACITY, "capacity", AS_NUMBER, form->capacity);
	form_input(out, W_EVENT_SPOILER, "spoiler", "type=\"text\" maxlength=\"500\"",
		   form->spoiler);
	if (is_new)
		add_sight(out, form);
	add_repeat(out, form);
}

/* --- a rule in words --- */

static void add_every(struct buf *out, const struct recur *r)
{
	static const enum word one[] = { [RECUR_DAILY] = W_REPEAT_DAILY,
					 [RECUR_WEEKLY] = W_REPEAT_WEEKLY,
					 [RECUR_MONTHLY] = W_REPEAT_MONTHLY,
					 [RECUR_YEARLY] = W_REPEAT_YEARLY };
	static const enum word many[] = { [RECUR_DAILY] = W_REPEAT_DAYS,
					  [RECUR_WEEKLY] = W_REPEAT_WEEKS,
					  [RECUR_MONTHLY] = W_REPEAT_MONTHS,
					  [RECUR_YEARLY] = W_REPEAT_YEARS };
	if (r->interval == 1)
		html_add_text(out, word(one[r->frequency]));
	else
		word_count(out, many[r->frequency], many[r->frequency], r->interval);
}

static void add_on(struct buf *out, const struct recur *r)
{
	static const enum word nths[] = { W_NTH_1, W_NTH_2, W_NTH_3, W_NTH_4, W_NTH_5 };
	const char *between = ": ";
	for (unsigned i = 1; i <= 7; i++) {
		if ((r->weekdays & 1U << i % 7) == 0)
			continue;
		tag(out, between);
		page_add_weekday(out, i % 7);
		between = ", ";
	}
	for (unsigned i = 0; i < r->nth_count; i++) {
		const int nth = r->nths[i].nth;
		struct buf day CLEANUP(buf_free) = BUF_INIT(64);
		page_add_weekday(&day, r->nths[i].weekday);
		tag(out, between);
		word_fill(out, nth > 0 && nth <= 5 ? nths[nth - 1] : W_NTH_LAST, buf_str(&day));
		between = ", ";
	}
}

static void add_until(struct buf *out, const struct recur *r, const struct page_clock *clock)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	tag(out, ", ");
	if (r->count != 0) {
		word_count(out, W_REPEAT_TIMES, W_REPEAT_TIMES, r->count);
		return;
	}
	page_add_day(&text, r->until_utc && clock->zone != NULL
				    ? zone_to_local(clock->zone, r->until_ms)
				    : r->until_ms);
	word_fill(out, W_OFFICE_UNTIL, buf_str(&text));
}

/* What is said by no words here is told as calendars write it. */
void event_rule_add(struct buf *out, struct str rule, const struct page_clock *clock)
{
	struct ctx quiet = { .arena = NULL };
	struct recur r;
	if (recur_parse(&quiet, rule, &r) != RC_OK || r.month_day_count != 0) {
		html_add_text(out, rule);
		return;
	}
	add_every(out, &r);
	add_on(out, &r);
	add_until(out, &r, clock);
}
