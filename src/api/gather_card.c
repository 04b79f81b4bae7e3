/* What is known of the pages that posts link to. In the transaction of the gather. */
#include "discover_int.h"

#include "social/profile.h"

/* An account that is known here; nobody is looked for. */
static uint64_t creator_id(struct gather *g, const struct card *c)
{
	struct str user, host;
	struct account a;
	if (!str_split(c->creator, '@', &user, &host))
		return 0;
	const struct site *site = g->api->parts.site;
	bool ours = str_eq(host, site->domain) || str_eq(host, site->host);
	return account_find_handle(g->txn, g->arena, user, ours ? STR("") : host, &a) ? a.id : 0;
}

static struct str host_of(struct str url)
{
	struct str rest = str_skip(url, str_find(url, STR("://")) + 3);
	return str_take(rest, str_index(rest, '/'));
}

/* Anybody can write a name on a page: it counts when its bearer says that the page's host may (attributionDomains). */
static void add_author(struct gather *g, uint64_t id, struct card_view *view)
{
	const struct account_view *named = id != 0 ? gather_account(g, id) : NULL;
	struct str host = host_of(view->card->url);
	if (named == NULL)
		return;
	if (profile_allows_host(named->account, host) ||
	    profile_allows_host(named->account, str_take(host, str_index(host, ':'))))
		view->author = named;
	else
		view->missing_attribution = named->account->id == g->viewer.account;
}

/* Reads them at once: out[i] is NULL where there is nothing to show. */
static void read_cards(struct gather *g, const struct str *urls, size_t count,
		       const struct card_view **out)
{
	struct card *cards = ARENA_ARRAY(g->arena, count, struct card);
	struct card_view *views = ARENA_ARRAY(g->arena, count, struct card_view);
	uint64_t *authors = ARENA_ARRAY(g->arena, count, uint64_t);
	const struct media *media = g->api->parts.media;
	if (cards == NULL || views == NULL || authors == NULL ||
	    !card_get_many(g->txn, g->arena, urls, count, cards))
		return;
	for (size_t i = 0; i < count; i++)
		authors[i] = cards[i].id != 0 && cards[i].creator.len != 0
				     ? creator_id(g, &cards[i])
				     : 0;
	gather_accounts(g, authors, count);
	for (size_t i = 0; i < count; i++) {
		if (cards[i].id == 0 || !cards[i].shown)
			continue;
		views[i].card = &cards[i];
		add_author(g, authors[i], &views[i]);
		views[i].image =
			media != NULL ? media_card_url(media, g->arena, &cards[i]) : cards[i].image;
		out[i] = &views[i];
	}
}

void gather_cards(struct gather *g, struct status_view *views, size_t count)
{
	struct str *urls = ARENA_ARRAY(g->arena, count, struct str);
	const struct card_view **found = ARENA_ARRAY(g->arena, count, const struct card_view *);
	size_t wanted = 0;
	if (urls == NULL || found == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		urls[i] = views[i].status->link;
		wanted += urls[i].len != 0;
	}
	if (wanted == 0)
		return;
	read_cards(g, urls, count, found);
	for (size_t i = 0; i < count; i++)
		views[i].card = found[i];
}

const struct card_view **gather_link_cards(struct gather *g, const struct trend_item *items,
					   size_t count)
{
	struct str *urls = ARENA_ARRAY(g->arena, count, struct str);
	const struct card_view **found = ARENA_ARRAY(g->arena, count, const struct card_view *);
	for (size_t i = 0; urls != NULL && i < count; i++)
		urls[i] = items[i].rank.item;
	if (urls != NULL && found != NULL)
		read_cards(g, urls, count, found);
	return found;
}
