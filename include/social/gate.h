/*
 * How often somebody may try to get in (S-105, S-106): signing in, signing up, asking for e-mails. What
 * is counted is the address that it comes from, and the name or e-mail address that it is about,
 * whether there is such a one or not: nobody learns from a limit who is here (S-109). Any thread.
 */
#ifndef FF_SOCIAL_GATE_H
#define FF_SOCIAL_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "core/clock.h"
#include "core/str.h"

/* Rows of the section [sign_in]. */
struct gate_settings {
	uint64_t client, account; /* passwords: in five minutes, in an hour */
	uint64_t reset_client,
		reset_email; /* e-mails for a new password: in five minutes, in half an hour */
	uint64_t confirm_client, confirm_email; /* e-mails to confirm an address: the same */
	uint64_t password_changes; /* in ten minutes, with the password that is asked for */
};

extern const struct conf_row gate_conf_rows[];
extern const size_t gate_conf_row_count;

enum gate_act {
	GATE_SIGN_IN,
	GATE_RESET,
	GATE_CONFIRM,
	GATE_PASSWORD,	  /* whoever is signed in gives theirs once more; by account */
	GATE_SIGN_UP_TRY, /* names are asked for */
	GATE_SIGN_UP,	  /* an account is made; also counted for the whole node */
	GATE_ACTS,
};

struct gate;
struct sign_up_settings;
/* Both settings and the clock outlive it. NULL without memory. */
struct gate *gate_new(const struct clock *clock, const struct gate_settings *settings,
		      const struct sign_up_settings *sign_up);
void gate_free(struct gate **gate);

/* False when the address has tried too often. A gate that is NULL stands open, in tests. */
bool gate_client(struct gate *gate, enum gate_act act, struct str client);
/* The same of what it is about: a name to sign in with, an e-mail address, an account's id as text. */
bool gate_subject(struct gate *gate, enum gate_act act, struct str subject);

#endif
