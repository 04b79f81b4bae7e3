/* Counting ballots. Pure. */
#include "social/tally.h"

#include "core/must.h"

/* --- approval --- */

static void approval_winners(const struct consultation *consultation, struct tally *out)
{
	const uint64_t *votes = out->rounds[0].votes;
	for (unsigned i = 0; i < consultation->option_count; i++) {
		unsigned better = 0;
		for (unsigned k = 0; k < consultation->option_count; k++)
			better += votes[k] > votes[i];
		/* who is equal to the last of the winners is one, too: somebody has to decide */
		out->winner[i] = votes[i] != 0 && better < consultation->seats;
		out->winner_count += out->winner[i];
	}
}

static void approval(const struct consultation *consultation,
		     const struct consultation_paper *papers, size_t count, struct tally *out)
{
	out->round_count = 1;
	for (size_t p = 0; p < count; p++) {
		bool marked[CONSULTATION_OPTIONS_MAX] = { false };
		for (unsigned i = 0; i < papers[p].count; i++) {
			unsigned option = papers[p].choices[i];
			if (option != 0 && option <= consultation->option_count)
				marked[option - 1] = true;
		}
		for (unsigned i = 0; i < consultation->option_count; i++)
			out->rounds[0].votes[i] += marked[i];
	}
	approval_winners(consultation, out);
}

/* --- instant runoff --- */

struct runoff {
	const struct consultation *consultation;
	const struct consultation_paper *papers;
	size_t count;
	bool there[CONSULTATION_OPTIONS_MAX];
	unsigned left;
};

/* The option, from 1, that a ballot counts for; 0: it is exhausted. */
static unsigned first_of(const struct runoff *r, const struct consultation_paper *paper)
{
	for (unsigned i = 0; i < paper->count; i++) {
		unsigned option = paper->choices[i];
		if (option != 0 && option <= r->consultation->option_count && r->there[option - 1])
			return option;
	}
	return 0;
}

static void count_round(const struct runoff *r, struct tally_round *round)
{
	for (size_t p = 0; p < r->count; p++) {
		unsigned option = first_of(r, &r->papers[p]);
		if (option != 0)
			round->votes[option - 1]++;
		else
			round->exhausted++;
	}
}

/* Does option a go before option b, both of which have as many? */
static bool goes_first(const struct tally *t, unsigned a, unsigned b)
{
	for (unsigned i = t->round_count; i-- > 0;) {
		if (t->rounds[i].votes[a] != t->rounds[i].votes[b])
			return t->rounds[i].votes[a] < t->rounds[i].votes[b];
	}
	return a > b;
}

/* The option that goes after the last round that was counted. */
static unsigned weakest(const struct runoff *r, const struct tally *t)
{
	unsigned weak = CONSULTATION_OPTIONS_MAX;
	for (unsigned i = 0; i < r->consultation->option_count; i++) {
		if (r->there[i] && (weak == CONSULTATION_OPTIONS_MAX || goes_first(t, i, weak)))
			weak = i;
	}
	must(weak != CONSULTATION_OPTIONS_MAX);
	return weak;
}

static void runoff(const struct consultation *consultation, const struct consultation_paper *papers,
		   size_t count, struct tally *out)
{
	struct runoff r = { consultation, papers, count, { false }, consultation->option_count };
	for (unsigned i = 0; i < consultation->option_count; i++)
		r.there[i] = true;
	for (;;) {
		struct tally_round *round = &out->rounds[out->round_count++];
		count_round(&r, round);
		if (r.left <= consultation->seats)
			break;
		unsigned out_option = weakest(&r, out);
		round->out = out_option + 1;
		r.there[out_option] = false;
		r.left--;
	}
	const struct tally_round *last = &out->rounds[out->round_count - 1];
	for (unsigned i = 0; i < consultation->option_count; i++) {
		/* nobody wants what no ballot is for */
		out->winner[i] = r.there[i] && last->votes[i] != 0;
		out->winner_count += out->winner[i];
	}
}

void tally_count(const struct consultation *consultation, const struct consultation_paper *papers,
		 size_t count, struct tally *out)
{
	must(consultation->option_count <= CONSULTATION_OPTIONS_MAX);
	*out = (struct tally){ .papers = count };
	if (consultation->method == CONSULTATION_APPROVAL)
		approval(consultation, papers, count, out);
	else
		runoff(consultation, papers, count, out);
}
