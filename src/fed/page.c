/* Pages for people, asked for politely: within limits, never at home, never of whom we do not talk to. */
#include "core/attr.h"
#include "fed_int.h"

#define PAGE_REDIRECTS 5
#define PAGE_TIMEOUT_MS (10 * MS_PER_SECOND)

bool page_is_permitted(struct fed *fed, struct str url)
{
	return !site_owns_text(fed->site, url) && peer_permitted_uri(fed, url);
}

static bool is_html(struct str type)
{
	struct str media = str_trim(str_take(type, str_index(type, ';')));
	return str_eq_nocase(media, STR("text/html")) ||
	       str_eq_nocase(media, STR("application/xhtml+xml"));
}

bool page_is_there(const struct fetch_result *result)
{
	return result->rc == RC_OK && result->status == 200 && is_html(result->content_type);
}

/* S-033: permit is asked wherever a redirect leads. */
void page_ask(struct fed *fed, struct str url, size_t bytes_max,
	      enum rc (*permit)(void *arg, struct str url),
	      void (*done)(void *arg, const struct fetch_result *result), void *arg)
{
	static const struct fetch_header headers[] = {
		{ STR_INIT("Accept"), STR_INIT("text/html, application/xhtml+xml") }
	};
	const struct fetch_request request = { .method = STR("GET"),
					       .url = url,
					       .headers = headers,
					       .header_count = ARRAY_LEN(headers),
					       .bytes_max = bytes_max,
					       .redirects_max = PAGE_REDIRECTS,
					       .timeout_ms = PAGE_TIMEOUT_MS,
					       .permit = permit,
					       .done = done,
					       .arg = arg };
	fetch_submit(fed->fetch, &request);
}
