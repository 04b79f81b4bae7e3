/* The limits of getting in, on one table of counts. Any thread. */
#include "social/gate.h"

#include <stdlib.h>

#include "core/limit.h"
#include "core/must.h"
#include "social/sign_up.h"

#define ROW(row_name, member, value, text)                                                      \
	{                                                                                       \
		.name = row_name, .offset = offsetof(struct gate_settings, member),             \
		.type = CONF_U64, .fallback = value, .min = 1, .max = 1000000000, .help = text, \
	}

const struct conf_row gate_conf_rows[] = {
	ROW("per_client", client, "25", "Passwords in five minutes, of one address."),
	ROW("per_account", account, "25", "Passwords in an hour, for one name."),
	ROW("reset_per_client", reset_client, "25",
	    "E-mails for a new password in five minutes, of one address."),
	ROW("reset_per_email", reset_email, "5",
	    "The same in half an hour, to one e-mail address."),
	ROW("confirm_per_client", confirm_client, "25",
	    "E-mails to confirm an address in five minutes, of one address."),
	ROW("confirm_per_email", confirm_email, "5",
	    "The same in half an hour, to one e-mail address."),
	ROW("password_changes", password_changes, "10",
	    "How often in ten minutes somebody may change their password, or else what it guards."),
};
const size_t gate_conf_row_count = ARRAY_LEN(gate_conf_rows);

struct gate {
	struct limiter *limiter;
	struct {
		struct limit client, subject;
	} acts[GATE_ACTS];
};

/* There is none of that sort. */
#define UNLIMITED ((struct limit){ UINT64_MAX, MS_PER_MINUTE })

struct gate *gate_new(const struct clock *clock, const struct gate_settings *settings,
		      const struct sign_up_settings *sign_up)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	const uint64_t half_hour = 30 * MS_PER_MINUTE, five_minutes = 5 * MS_PER_MINUTE;
	if (gate == NULL)
		return NULL;
	for (size_t i = 0; i < GATE_ACTS; i++)
		gate->acts[i].client = gate->acts[i].subject = UNLIMITED;
	gate->acts[GATE_SIGN_IN].client = (struct limit){ settings->client, five_minutes };
	gate->acts[GATE_SIGN_IN].subject = (struct limit){ settings->account, MS_PER_HOUR };
	gate->acts[GATE_RESET].client = (struct limit){ settings->reset_client, five_minutes };
	gate->acts[GATE_RESET].subject = (struct limit){ settings->reset_email, half_hour };
	gate->acts[GATE_CONFIRM].client = (struct limit){ settings->confirm_client, five_minutes };
	gate->acts[GATE_CONFIRM].subject = (struct limit){ settings->confirm_email, half_hour };
	gate->acts[GATE_PASSWORD].subject =
		(struct limit){ settings->password_changes, 10 * MS_PER_MINUTE };
	gate->acts[GATE_SIGN_UP_TRY].client =
		(struct limit){ sign_up->tries_per_client, half_hour };
	gate->acts[GATE_SIGN_UP].client = (struct limit){ sign_up->per_client, half_hour };
	gate->acts[GATE_SIGN_UP].subject = (struct limit){ sign_up->per_day, MS_PER_DAY };
	gate->limiter = limiter_new(clock);
	if (gate->limiter == NULL)
		gate_free(&gate);
	return gate;
}

void gate_free(struct gate **at)
{
	if (*at == NULL)
		return;
	limiter_free(&(*at)->limiter);
	free(*at);
	*at = NULL;
}

bool gate_client(struct gate *gate, enum gate_act act, struct str client)
{
	return gate == NULL ||
	       limiter_take(gate->limiter, 2 * (unsigned)act, &gate->acts[act].client,
			    limit_subject_of_client(client), NULL);
}

bool gate_subject(struct gate *gate, enum gate_act act, struct str subject)
{
	return gate == NULL ||
	       limiter_take(gate->limiter, 2 * (unsigned)act + 1, &gate->acts[act].subject,
			    limit_subject_of_name(subject), NULL);
}
