/* The frame of every page and the pieces that several pages share. Text is escaped wherever it is
 * added; only struct html goes in as it is. */
#ifndef FF_WEB_PAGE_H
#define FF_WEB_PAGE_H

#include "text/zone.h"
#include "web_int.h"
#include "words.h"

/* Markup of ours. */
static inline void tag(struct buf *out, const char *markup)
{
	buf_add(out, str_of(markup));
}

struct page_head {
	struct str title;
	struct str description;
	struct str canonical; /* a path; empty where the page has no address of its own */
	struct str alternate; /* the ActivityPub document; empty when there is none */
	struct str next;      /* a path; empty when there is no next page */
	const char *type;     /* of OpenGraph */
	bool hidden;	      /* not for search engines */
	bool embedded;	      /* within another page: links lead out of it */
	bool oembed;	      /* it has a form for other pages (https://oembed.com, section 4) */
	bool bare;	      /* no line with the node's name at the top: the page says it itself */
};

/* Everything up to the content, and what stands behind it. */
void page_begin(struct buf *out, const struct web *web, const struct page_head *head);
void page_end(struct buf *out, const struct web *web);

/* <h2> */
void page_heading(struct buf *out, enum word w);
/* The line below a list: back to its beginning, and on; paths are empty where there is no way. */
void page_pager(struct buf *out, enum word first, struct str first_path, enum word next,
		struct str next_path);

/* " name=\"value\"" */
void page_attribute(struct buf *out, const char *name, struct str value);
/* Is it an address that a link may lead to? */
bool page_is_link(struct str url);
/* A link to somewhere else, open. */
void page_link_out(struct buf *out, struct str url, const char *rel);

/* Links to an account and to a post, open: here, or to where they come from. */
void page_open_person(struct buf *out, const struct account *a, const char *classes);
void page_open_post(struct buf *out, const struct post *post, const char *classes);
/* What they lead to, escaped; empty when there is no such address. */
void page_add_person_href(struct buf *out, const struct account *a);
void page_add_post_href(struct buf *out, const struct post *post);
/* The name as it is shown, isolated, so that its direction stays its own (S-145). */
void page_name(struct buf *out, const struct account *a);
struct str page_name_text(const struct account *a);
/* "@user@host" */
void page_handle(struct buf *out, const struct web *web, const struct account *a);
/* A name that links to its account. */
void page_person_link(struct buf *out, const struct account *a);
/* The class of the colour that belongs to an account, wherever it is shown. */
void page_add_hue(struct buf *out, const struct account *a);
/* A coloured initial, until there are pictures. */
void page_badge(struct buf *out, const struct account *a);
/* <time> of a class (may be empty): a day; or with hour and minute, then without this year's number. */
void page_day(struct buf *out, uint64_t ms);
void page_moment(struct buf *out, const struct web *web, const char *class, uint64_t ms);
/* By which clocks times are told. */
struct page_clock {
	const struct zone *zone; /* NULL: UTC */
	struct str name;	 /* of the zone */
};
/* "Friday, 20 November, 10:00 – 12:00 Europe/Rome"; end_ms 0: none is told. */
void page_period(struct buf *out, const struct web *web, const struct page_clock *clock,
		 uint64_t start_ms, uint64_t end_ms);
/* The same of one time in it, as text: where there is no markup. */
void page_add_local(struct buf *out, const struct web *web, const struct page_clock *clock,
		    uint64_t ms);
/* "Monday"; 0 is Sunday. */
void page_add_weekday(struct buf *out, unsigned weekday);
/* "20 November 2026" */
void page_add_day(struct buf *out, uint64_t ms);

/* --- emoji.c --- */

/* Text and markup of an account, with its emoji as pictures. */
void page_add_text_of(struct buf *out, const struct account *author, const struct emoji *list,
		      unsigned count, struct str text);
void page_add_html_of(struct buf *out, const struct account *author, const struct emoji *list,
		      unsigned count, struct html html);
/* The most frequent reactions to a post. */
void page_add_reactions(struct buf *out, const struct post *post);

#endif
