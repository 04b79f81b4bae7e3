/* Reads Accept in one pass over its ranges; nothing is allocated. Pure; any thread. */
#include "accept_int.h"

#define RANGES_MAX 64
#define Q_ONE 1000u

/* How exactly a range names a media type. */
enum precision { PRECISION_NONE, PRECISION_ANY, PRECISION_TYPE, PRECISION_FULL, PRECISION_PROFILE };

struct media {
	enum http_offer offer;
	struct str type;
	struct str subtype;
};

static const struct media medias[] = {
	{ HTTP_ACTIVITY, STR_INIT("application"), STR_INIT("activity+json") },
	{ HTTP_ACTIVITY, STR_INIT("application"), STR_INIT("ld+json") },
	{ HTTP_ACTIVITY, STR_INIT("application"), STR_INIT("json") },
	{ HTTP_HTML, STR_INIT("text"), STR_INIT("html") },
};

struct range {
	struct str type;
	struct str subtype;
	struct str profile; /* absent when there is none */
	unsigned q;
	unsigned position;
};

struct rating {
	enum precision precision;
	unsigned q;
	unsigned position;
};

/* Takes the part before the next sep that stands outside of quotes. */
static bool next_part(struct str *rest, char sep, struct str *part)
{
	bool quoted = false;
	size_t i = 0;
	if (rest->ptr == NULL)
		return false;
	for (; i < rest->len; i++) {
		char c = rest->ptr[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (c == sep && !quoted)
			break;
	}
	bool more = i < rest->len;
	*part = str_trim(str_take(*rest, i));
	*rest = more ? str_skip(*rest, i + 1) : STR_NONE;
	return true;
}

/* qvalue of RFC 9110 section 12.4.2, in thousandths. */
static bool parse_q(struct str s, unsigned *q)
{
	if (s.len == 0 || s.len > 5 || (s.ptr[0] != '0' && s.ptr[0] != '1'))
		return false;
	unsigned value = s.ptr[0] == '1' ? Q_ONE : 0;
	unsigned unit = Q_ONE / 10;
	for (size_t i = 1; i < s.len; i++) {
		if (i == 1 && s.ptr[i] == '.')
			continue;
		if (i == 1 || s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		value += (unsigned)(s.ptr[i] - '0') * unit;
		unit /= 10;
	}
	*q = value;
	return value <= Q_ONE;
}

static struct str unquote(struct str s)
{
	if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return str_n(s.ptr + 1, s.len - 2);
	return s;
}

static bool parse_range(struct str text, struct range *range)
{
	struct str media, param, name, value;
	next_part(&text, ';', &media);
	if (!str_split(media, '/', &range->type, &range->subtype) || range->type.len == 0 ||
	    range->subtype.len == 0)
		return false;
	range->q = Q_ONE;
	range->profile = STR_NONE;
	while (next_part(&text, ';', &param)) {
		if (!str_split(param, '=', &name, &value))
			continue;
		name = str_trim(name);
		value = unquote(str_trim(value));
		if (str_eq_nocase(name, STR("q")) && !parse_q(value, &range->q))
			return false;
		if (str_eq_nocase(name, STR("profile")))
			range->profile = value;
	}
	return true;
}

/* The profile parameter is a list of URIs separated by spaces, RFC 6906. */
static bool has_activity_profile(struct str profile)
{
	struct str uri;
	while (str_next(&profile, ' ', &uri)) {
		if (str_eq(uri, STR("https://www.w3.org/ns/activitystreams")))
			return true;
	}
	return false;
}

static enum precision range_covers(const struct range *range, const struct media *media)
{
	if (str_eq(range->type, STR("*")))
		return str_eq(range->subtype, STR("*")) ? PRECISION_ANY : PRECISION_NONE;
	if (!str_eq_nocase(range->type, media->type))
		return PRECISION_NONE;
	if (str_eq(range->subtype, STR("*")))
		return PRECISION_TYPE;
	if (!str_eq_nocase(range->subtype, media->subtype))
		return PRECISION_NONE;
	if (range->profile.ptr == NULL)
		return PRECISION_FULL;
	return has_activity_profile(range->profile) ? PRECISION_PROFILE : PRECISION_NONE;
}

static void rate(struct rating ratings[ARRAY_LEN(medias)], const struct range *range)
{
	for (size_t i = 0; i < ARRAY_LEN(medias); i++) {
		enum precision precision = range_covers(range, &medias[i]);
		if (precision > ratings[i].precision)
			ratings[i] = (struct rating){ precision, range->q, range->position };
	}
}

/* False when there is no Accept that can be read. */
static bool rate_all(const struct httpd_header *headers, size_t count,
		     struct rating ratings[ARRAY_LEN(medias)])
{
	unsigned position = 0;
	for (size_t i = 0; i < count; i++) {
		struct str rest = headers[i].value, text;
		if (!str_eq_nocase(headers[i].name, STR("accept")))
			continue;
		while (position < RANGES_MAX && next_part(&rest, ',', &text)) {
			struct range range = { .position = position };
			if (!parse_range(text, &range))
				continue;
			rate(ratings, &range);
			position++;
		}
	}
	return position != 0;
}

/* Whether a is to be preferred to b. */
static bool rating_beats(const struct rating *a, const struct rating *b)
{
	bool a_named = a->precision >= PRECISION_FULL, b_named = b->precision >= PRECISION_FULL;
	if (a->q != b->q)
		return a->q > b->q;
	if (a_named != b_named)
		return a_named;
	if (!a_named && a->precision != b->precision)
		return a->precision > b->precision;
	return a->position < b->position;
}

bool accept_choose(const struct httpd_header *headers, size_t count, unsigned offers,
		   enum http_offer *chosen)
{
	struct rating ratings[ARRAY_LEN(medias)] = { 0 }, best = { 0 };
	if (!rate_all(headers, count, ratings)) {
		for (size_t i = 0; i < ARRAY_LEN(medias); i++)
			ratings[i] = (struct rating){ PRECISION_ANY, Q_ONE, 0 };
	}
	*chosen = HTTP_ANY;
	/* from the end, where HTML stands: it keeps its place when nothing beats it */
	for (size_t i = ARRAY_LEN(medias); i-- > 0;) {
		if ((offers & OFFER_BIT(medias[i].offer)) == 0 || ratings[i].q == 0)
			continue;
		if (*chosen == HTTP_ANY || rating_beats(&ratings[i], &best)) {
			best = ratings[i];
			*chosen = medias[i].offer;
		}
	}
	return *chosen != HTTP_ANY || (offers & OFFER_BIT(HTTP_ANY)) != 0;
}
