/* Polls on the command line. Command's thread. */
#include "polls.h"

#include "acts.h"

/* --- asking --- */

#define LASTS_DEFAULT_MS MS_PER_DAY

static enum rc options_split(struct cli *cli, struct str text, struct poll_draft *out)
{
	struct str one;
	while (str_next(&text, ';', &one)) {
		if (out->option_count == POLL_OPTIONS_MAX)
			return usage_fail(cli, "--poll has too many options");
		out->options[out->option_count++] = one;
	}
	return RC_OK;
}

enum rc polls_options(struct cli *cli, struct poll_draft *out, bool *there)
{
	struct str options = command_option(cli, "poll"), ends = command_option(cli, "poll-ends");
	*out = (struct poll_draft){ .multiple = command_switch(cli, "poll-multiple"),
				    .lasts_ms = LASTS_DEFAULT_MS };
	*there = options.ptr != NULL;
	if (options.ptr == NULL && (ends.ptr != NULL || out->multiple))
		return usage_fail(cli, "--poll is missing: \"One;Another\"");
	if (options.ptr == NULL)
		return RC_OK;
	if (ends.ptr != NULL && !conf_parse_duration(ends, &out->lasts_ms))
		return usage_fail(cli, "--poll-ends is how long it lasts, such as \"3 d\"");
	return options_split(cli, options, out);
}

/* --- voting --- */

struct voting {
	uint64_t actor, status;
	const struct str *choices;
	unsigned count;
};

/* A name goes before a number: an option may be called "2". */
static struct str option_name(const struct poll *p, struct str word)
{
	uint64_t n;
	for (unsigned i = 0; i < p->option_count; i++) {
		if (str_eq(p->options[i].name, word))
			return word;
	}
	return str_to_u64(word, &n) && n >= 1 && n <= p->option_count ? p->options[n - 1].name
								      : word;
}

static enum rc vote_act(struct social *s, void *arg)
{
	const struct voting *v = arg;
	struct ballot ballots[POLL_OPTIONS_MAX];
	struct account actor;
	struct poll poll;
	if (!account_get(s->txn, s->ctx->arena, v->actor, &actor))
		return RC_NOT_FOUND;
	if (!poll_get(s->txn, s->ctx->arena, v->status, &poll))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "the post has no poll");
	for (unsigned i = 0; i < v->count; i++)
		ballots[i] = (struct ballot){ option_name(&poll, v->choices[i]), STR("") };
	return act_vote(s, &actor, v->status, ballots, v->count);
}

enum rc polls_vote(struct cli *cli, struct node *node, uint64_t actor, uint64_t status,
		   const struct str *choices, unsigned count)
{
	struct voting v = { actor, status, choices, count };
	if (count > POLL_OPTIONS_MAX)
		return ctx_fail(&cli->ctx, RC_INVALID, "a poll has not so many options");
	return node_act(cli, node, vote_act, &v);
}

/* --- showing --- */

void polls_present(struct cli *cli, const struct poll *poll)
{
	struct output *out = &cli->out;
	output_object(out, "poll");
	output_flag(out, "multiple", (poll->flags & POLL_MULTIPLE) != 0);
	output_flag(out, "over", poll_is_over(poll, clock_wall_ms(clock_system())));
	output_date(out, "ends", poll->ends_ms);
	output_date(out, "closed", poll->closed_ms);
	output_num(out, "voters", poll->voters);
	output_list(out, "options");
	for (unsigned i = 0; i < poll->option_count; i++) {
		output_object(out, NULL);
		output_str(out, "name", poll->options[i].name);
		output_num(out, "votes", poll->options[i].votes);
		output_end(out);
	}
	output_end(out);
	output_end(out);
}
