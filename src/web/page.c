/* The frame of pages, and names, links and dates in them. Pure. */
#include "page.h"

#include "core/date.h"
#include "core/enc.h"
#include "core/utf8.h"

#define NAME_MAX_CHARS 100
#define BADGE_COLOURS 8

void page_attribute(struct buf *out, const char *name, struct str value)
{
	buf_add_chr(out, ' ');
	buf_add(out, str_of(name));
	tag(out, "=\"");
	html_add_text(out, value);
	buf_add_chr(out, '"');
}

/* --- the frame --- */

static void add_meta(struct buf *out, const char *kind, const char *name, struct str value)
{
	tag(out, "<meta");
	page_attribute(out, kind, str_of(name));
	page_attribute(out, "content", value);
	tag(out, ">\n");
}

static void add_link(struct buf *out, const char *rel, struct str base, struct str path)
{
	tag(out, "<link");
	page_attribute(out, "rel", str_of(rel));
	tag(out, " href=\"");
	html_add_text(out, base);
	html_add_text(out, path);
	tag(out, "\">\n");
}

static void add_open_graph(struct buf *out, const struct web *web, const struct page_head *head)
{
	add_meta(out, "property", "og:site_name", web->site->title);
	add_meta(out, "property", "og:title", head->title);
	add_meta(out, "property", "og:type", str_of(head->type));
	if (head->description.len != 0)
		add_meta(out, "property", "og:description", head->description);
	if (head->canonical.len == 0)
		return;
	tag(out, "<meta property=\"og:url\" content=\"");
	html_add_text(out, web->site->base);
	html_add_text(out, head->canonical);
	tag(out, "\">\n");
}

static void add_oembed(struct buf *out, const struct web *web, const struct page_head *head)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(4096);
	enc_percent(&url, web->site->base);
	enc_percent(&url, head->canonical);
	tag(out, "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"");
	html_add_text(out, web->site->base);
	tag(out, "/api/oembed?url=");
	html_add_text(out, buf_str(&url));
	tag(out, "\">\n");
}

static void add_head(struct buf *out, const struct web *web, const struct page_head *head)
{
	tag(out, "<head>\n<meta charset=\"utf-8\">\n<title>");
	html_add_text(out, head->title);
	if (!str_eq(head->title, web->site->title)) {
		tag(out, " \xc2\xb7 ");
		html_add_text(out, web->site->title);
	}
	tag(out, "</title>\n");
	add_meta(out, "name", "viewport", STR("width=device-width, initial-scale=1"));
	add_meta(out, "name", "color-scheme", STR("light dark"));
	if (head->description.len != 0)
		add_meta(out, "name", "description", head->description);
	if (head->hidden)
		add_meta(out, "name", "robots", STR("noindex"));
	add_link(out, "stylesheet", STR(""), str_of(web->style_href));
	add_link(out, "icon", STR(""), STR("/icon.svg"));
	if (head->canonical.len != 0)
		add_link(out, "canonical", web->site->base, head->canonical);
	if (head->next.len != 0)
		add_link(out, "next", STR(""), head->next);
	if (head->alternate.len != 0) {
		tag(out, "<link rel=\"alternate\" type=\"application/activity+json\"");
		page_attribute(out, "href", head->alternate);
		tag(out, ">\n");
	}
	if (head->oembed)
		add_oembed(out, web, head);
	if (head->embedded)
		tag(out, "<base target=\"_blank\">\n");
	else
		add_open_graph(out, web, head);
	tag(out, "</head>\n");
}

static void add_top(struct buf *out, const struct web *web)
{
	tag(out, "<header class=\"top\"><a href=\"/\">"
		 "<img src=\"/icon.svg\" alt=\"\" width=\"24\" height=\"24\"> <bdi>");
	html_add_text(out, web->site->title);
	tag(out, "</bdi></a></header>\n");
}

void page_begin(struct buf *out, const struct web *web, const struct page_head *head)
{
	tag(out, "<!doctype html>\n<html");
	page_attribute(out, "lang", word(W_LANGUAGE));
	tag(out, ">\n");
	add_head(out, web, head);
	if (head->embedded) {
		tag(out, "<body class=\"embed\">\n<main id=\"content\">\n");
		return;
	}
	tag(out, "<body>\n<a class=\"skip\" href=\"#content\">");
	html_add_text(out, word(W_SKIP));
	tag(out, "</a>\n");
	if (!head->bare)
		add_top(out, web);
	tag(out, "<main id=\"content\">\n");
}

void page_end(struct buf *out, const struct web *web)
{
	tag(out, "</main>\n<footer class=\"bottom\"><p>");
	struct str behind = word_begin(out, W_FOOTER);
	tag(out, "<a href=\"/\"><bdi>");
	html_add_text(out, web->site->domain);
	tag(out, "</bdi></a>");
	html_add_text(out, behind);
	tag(out, " <a href=\"/about\">");
	html_add_text(out, word(W_ABOUT));
	tag(out, "</a></p></footer>\n</body>\n</html>\n");
}

void page_heading(struct buf *out, enum word w)
{
	tag(out, "<h2>");
	html_add_text(out, word(w));
	tag(out, "</h2>\n");
}

void page_pager(struct buf *out, enum word first, struct str first_path, enum word next,
		struct str next_path)
{
	if (first_path.len == 0 && next_path.len == 0)
		return;
	tag(out, "<nav class=\"pager\"");
	page_attribute(out, "aria-label", word(W_PAGES));
	tag(out, ">");
	if (first_path.len != 0) {
		tag(out, "<a");
		page_attribute(out, "href", first_path);
		tag(out, ">");
		html_add_text(out, word(first));
		tag(out, "</a>");
	}
	if (next_path.len != 0) {
		tag(out, "<a rel=\"next\"");
		page_attribute(out, "href", next_path);
		tag(out, ">");
		html_add_text(out, word(next));
		tag(out, "</a>");
	}
	tag(out, "</nav>\n");
}

/* --- links --- */

bool page_is_link(struct str url)
{
	return str_has_prefix_nocase(url, STR("https://")) ||
	       str_has_prefix_nocase(url, STR("http://"));
}

void page_link_out(struct buf *out, struct str url, const char *rel)
{
	tag(out, "<a");
	page_attribute(out, "href", url);
	page_attribute(out, "rel", str_of(rel));
	tag(out, ">");
}

void page_add_person_href(struct buf *out, const struct account *a)
{
	if (account_is_local(a)) {
		tag(out, "/@");
		html_add_text(out, a->username);
	} else if (page_is_link(a->url)) {
		html_add_text(out, a->url);
	} else if (page_is_link(a->uri)) {
		html_add_text(out, a->uri);
	}
}

void page_add_post_href(struct buf *out, const struct post *post)
{
	if (account_is_local(post->author)) {
		page_add_person_href(out, post->author);
		buf_add_chr(out, '/');
		buf_add_u64(out, post->status->id);
	} else if (page_is_link(post->status->url)) {
		html_add_text(out, post->status->url);
	} else if (page_is_link(post->status->uri)) {
		html_add_text(out, post->status->uri);
	}
}

static void open_link(struct buf *out, const char *classes)
{
	tag(out, "<a");
	if (classes[0] != '\0')
		page_attribute(out, "class", str_of(classes));
	tag(out, " href=\"");
}

static void end_opening(struct buf *out, const struct account *a)
{
	tag(out, account_is_local(a) ? "\">" : "\" rel=\"nofollow noopener noreferrer\">");
}

void page_open_person(struct buf *out, const struct account *a, const char *classes)
{
	open_link(out, classes);
	page_add_person_href(out, a);
	end_opening(out, a);
}

void page_open_post(struct buf *out, const struct post *post, const char *classes)
{
	open_link(out, classes);
	page_add_post_href(out, post);
	end_opening(out, post->author);
}

/* --- names --- */

struct str page_name_text(const struct account *a)
{
	struct str name = str_trim(a->display_name);
	return name.len != 0 ? utf8_take(name, NAME_MAX_CHARS, name.len) : a->username;
}

void page_name(struct buf *out, const struct account *a)
{
	tag(out, "<bdi class=\"name p-name\">");
	page_add_text_of(out, a, a->emojis, a->emoji_count, page_name_text(a));
	tag(out, "</bdi>");
}

void page_handle(struct buf *out, const struct web *web, const struct account *a)
{
	buf_add_chr(out, '@');
	html_add_text(out, a->username);
	buf_add_chr(out, '@');
	html_add_text(out, a->domain.len != 0 ? a->domain : web->site->domain);
}

void page_person_link(struct buf *out, const struct account *a)
{
	page_open_person(out, a, "");
	page_name(out, a);
	tag(out, "</a>");
}

/* Not worth to stand for a name: punctuation, invisible or combining marks. */
static bool is_mark(uint32_t c)
{
	return c <= '/' || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
	       (c >= '{' && c <= 0xbf) || (c >= 0x300 && c <= 0x36f) ||
	       (c >= 0x2000 && c <= 0x206f) || (c >= 0xfe00 && c <= 0xfe0f);
}

static uint32_t initial_of(const struct account *a)
{
	const struct str names[] = { page_name_text(a), a->username };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str rest = names[i];
		uint32_t c;
		while (utf8_next(&rest, &c)) {
			if (!is_mark(c))
				return c;
		}
	}
	return '?';
}

/* FNV-1a: the same on every node and after every start. */
void page_add_hue(struct buf *out, const struct account *a)
{
	uint32_t hash = UINT32_C(2166136261);
	for (size_t i = 0; i < a->username.len; i++)
		hash = (hash ^ (unsigned char)a->username.ptr[i]) * UINT32_C(16777619);
	tag(out, "hue");
	buf_add_u64(out, (hash >> 16 ^ hash) % BADGE_COLOURS);
}

void page_badge(struct buf *out, const struct account *a)
{
	tag(out, "<span class=\"badge ");
	page_add_hue(out, a);
	tag(out, "\" aria-hidden=\"true\">");
	utf8_add(out, initial_of(a));
	tag(out, "</span>");
}

/* --- dates --- */

/* The nth word of a list, from 1. */
static struct str nth_word(struct str list, uint64_t n)
{
	struct str part = STR("");
	for (uint64_t i = 0; i < n && str_next(&list, ' ', &part); i++)
		;
	return part;
}

static void add_number(struct buf *out, struct str digits)
{
	uint64_t n = 0;
	if (str_to_u64(digits, &n))
		buf_add_u64(out, n);
}

/* "20 November"; text is RFC 3339. */
static void add_day_of_year(struct buf *out, struct str text)
{
	uint64_t month = 0;
	if (!str_to_u64(str_take(str_skip(text, 5), 2), &month))
		return;
	add_number(out, str_take(str_skip(text, 8), 2));
	buf_add_chr(out, ' ');
	html_add_text(out, nth_word(word(W_MONTHS), month));
}

static void add_day(struct buf *out, struct str text)
{
	add_day_of_year(out, text);
	buf_add_chr(out, ' ');
	add_number(out, str_take(text, 4));
}

void page_add_day(struct buf *out, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	add_day(out, buf_str(&date));
}

static bool is_same_year(struct str text, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	return str_eq(str_take(text, 4), str_take(buf_str(&date), 4));
}

static void time_begin(struct buf *out, const char *class, struct str date)
{
	tag(out, "<time");
	if (class[0] != '\0')
		page_attribute(out, "class", str_of(class));
	page_attribute(out, "datetime", date);
	tag(out, ">");
}

void page_day(struct buf *out, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	time_begin(out, "", str_take(buf_str(&date), 10));
	add_day(out, buf_str(&date));
	tag(out, "</time>");
}

void page_moment(struct buf *out, const struct web *web, const char *class, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	time_begin(out, class, buf_str(&date));
	if (is_same_year(buf_str(&date), clock_wall_ms(web->clock)))
		add_day_of_year(out, buf_str(&date));
	else
		add_day(out, buf_str(&date));
	tag(out, ", ");
	buf_add(out, str_take(str_skip(buf_str(&date), 11), 5));
	tag(out, " UTC</time>");
}

/* --- by the clocks of a place --- */

void page_add_weekday(struct buf *out, unsigned weekday)
{
	html_add_text(out, nth_word(word(W_WEEKDAYS), weekday + 1));
}

static uint64_t local_of(const struct page_clock *clock, uint64_t ms)
{
	return clock->zone != NULL ? zone_to_local(clock->zone, ms) : ms;
}

/* "Friday, 20 November", with this year's number left out; text is RFC 3339 of local_ms. */
static void add_local_day(struct buf *out, const struct web *web, uint64_t local_ms,
			  struct str text)
{
	struct date_parts parts;
	date_split(local_ms, &parts);
	page_add_weekday(out, parts.weekday);
	tag(out, ", ");
	if (is_same_year(text, clock_wall_ms(web->clock)))
		add_day_of_year(out, text);
	else
		add_day(out, text);
}

static void add_clock(struct buf *out, struct str text)
{
	buf_add(out, str_take(str_skip(text, 11), 5));
}

void page_add_local(struct buf *out, const struct web *web, const struct page_clock *clock,
		    uint64_t ms)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	const uint64_t local = local_of(clock, ms);
	date_add_rfc3339(&text, local);
	add_local_day(out, web, local, buf_str(&text));
	tag(out, ", ");
	add_clock(out, buf_str(&text));
}

/* Of an end on the day of the beginning only the clock is told. */
static void add_end(struct buf *out, const struct web *web, const struct page_clock *clock,
		    uint64_t start_ms, uint64_t end_ms)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(64), date CLEANUP(buf_free) = BUF_INIT(64);
	const uint64_t local = local_of(clock, end_ms);
	date_add_rfc3339(&date, end_ms);
	date_add_rfc3339(&text, local);
	tag(out, " \xe2\x80\x93 ");
	time_begin(out, "dt-end", buf_str(&date));
	if (local / MS_PER_DAY == local_of(clock, start_ms) / MS_PER_DAY)
		add_clock(out, buf_str(&text));
	else
		page_add_local(out, web, clock, end_ms);
	tag(out, "</time>");
}

void page_period(struct buf *out, const struct web *web, const struct page_clock *clock,
		 uint64_t start_ms, uint64_t end_ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, start_ms);
	time_begin(out, "dt-start", buf_str(&date));
	page_add_local(out, web, clock, start_ms);
	tag(out, "</time>");
	if (end_ms != 0)
		add_end(out, web, clock, start_ms, end_ms);
	tag(out, " ");
	html_add_text(out, clock->zone != NULL && clock->name.len != 0 ? clock->name : STR("UTC"));
}
