/* Who has a post since they have voted in it, or take part in it. Inside transactions only. */
#include "post_int.h"
#include "social/event.h"
#include "store/poll.h"

struct post_voters post_voters_of(struct social *s, const struct status *status)
{
	struct post_voters v = { .count = 0 };
	if (status->has_poll)
		v.count = poll_voters(s->txn, status->id, 0, v.ids, FEDERATE_EXTRA_MAX);
	else if (status_is_event(status))
		v.count = participant_ids(s->txn, status->id, 0, v.ids, FEDERATE_EXTRA_MAX);
	return v;
}

void post_voters_hear(struct social *s, const struct post_voters *v, const struct status *now,
		      const struct account *author, struct federate *f)
{
	for (size_t i = 0; i < v->count; i++)
		post_hears_if_seen(s, v->ids[i], now, author, f);
}

void post_voters_rest(struct social *s, const struct post_voters *v, const struct federate *told)
{
	struct federate f = *told;
	if (v->count < FEDERATE_EXTRA_MAX || told->what != FEDERATE_UPDATE)
		return;
	f.what = FEDERATE_EVENT_PARTICIPANTS;
	f.target = v->ids[v->count - 1];
	f.extra_count = 0;
	federate_add(s, &f);
}
