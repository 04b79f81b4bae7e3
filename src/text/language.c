/* Language tags. Stateless, any thread. */
#include "text/html.h"

/* RFC 5646 section 4.4.1: what an implementation must take; longer ones are extensions that nobody
 * speaks. */
#define TAG_MAX 35

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_subtag(struct str part)
{
	if (part.len == 0 || part.len > 8)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		if (!is_alpha(part.ptr[i]) && (part.ptr[i] < '0' || part.ptr[i] > '9'))
			return false;
	}
	return true;
}

bool text_language_valid(struct str tag)
{
	struct str rest = tag, part;
	/* RFC 5646 section 2.1: the primary subtag has two letters or three; no more are registered
	 */
	if (tag.len > TAG_MAX || !str_next(&rest, '-', &part) || part.len < 2 || part.len > 3)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		if (!is_alpha(part.ptr[i]))
			return false;
	}
	while (str_next(&rest, '-', &part)) {
		if (!is_subtag(part))
			return false;
	}
	return true;
}
