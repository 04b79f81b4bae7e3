/* Links of posts that get a card. Inside write transactions. */
#include "social/card.h"

#include "act_int.h"
#include "core/random.h"
#include "queue/queue.h"
#include "text/html.h"
#include "text/iri.h"

#define STAMPEDE_MS (60 * MS_PER_SECOND)
#define LINKS_LOOKED_AT 10

bool card_is_fresh(const struct card *card, uint64_t now_ms)
{
	uint64_t life = card != NULL && card->shown ? CARD_LIFE_MS : CARD_RETRY_MS;
	return card != NULL && card->fetched_ms + life > now_ms;
}

/* S-061: pages of this node are no news to anybody here. */
static bool is_worth_it(struct social *s, const struct html_link *link)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri iri;
	return !link->mention && !link->hashtag &&
	       iri_parse(&quiet, link->href, s->site->iri_flags, &iri) == RC_OK &&
	       !site_owns_text(s->site, iri.text);
}

static struct str first_link(struct social *s, const struct status *status)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct str rest = status->content.markup;
	struct html_link link;
	for (unsigned n = 0; n < LINKS_LOOKED_AT && html_link_next(&quiet, &rest, &link); n++) {
		if (is_worth_it(s, &link))
			return str_take(link.href, str_index(link.href, '#'));
	}
	return STR("");
}

static void job_add(struct social *s, struct str url, bool local)
{
	uint64_t wait = local ? 0 : random_below(STAMPEDE_MS);
	const struct queue_new row = { .kind = JOB_CARD,
				       /* the same page once at a time */
				       .order = card_id(url),
				       .payload = url,
				       .due_ms = db_txn_now(s->txn) + wait };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

void card_want(struct social *s, struct status *status)
{
	struct card card;
	status->link = STR("");
	/* what shows something itself is not about a link; S-061: what is for few is told to nobody */
	if (!visibility_is_open(status->visibility) || status->boost_of != 0 ||
	    status->attachment_count != 0 || status->quote.uri.len != 0)
		return;
	status->link = first_link(s, status);
	if (status->link.len == 0)
		return;
	bool known = card_get(s->txn, s->ctx->arena, card_id(status->link), &card);
	if (!card_is_fresh(known ? &card : NULL, db_txn_now(s->txn)))
		job_add(s, status->link, (status->flags & STATUS_LOCAL) != 0);
}
